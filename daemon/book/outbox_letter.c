/* Letters in the outbox as the rest of the world sees them: how many no person wrote, which one a report is about,
 * who took care of what did not arrive. */
#include "outbox.h"
#include "stmt.h"
#include <string.h>

enum { HOUR_MS = 3600 * 1000, HOURS_KEPT = 24 * 7 };

/* No DO UPDATE: FTS5 would write out what it has gathered (complaint.c). */
enum outcome outbox_note_automatic(struct book_txn *txn, struct fault *fault)
{
    int64_t hour = txn_now(txn) / HOUR_MS;
    struct stmt s = stmt_open(txn, "UPDATE automatic_hour SET letters = letters + 1 WHERE hour = ?1");
    stmt_int(&s, hour);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    s = stmt_open(txn, "DELETE FROM automatic_hour WHERE hour < ?1");
    stmt_int(&s, hour - HOURS_KEPT);
    outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO automatic_hour (hour, letters) VALUES (?1, 1)");
    stmt_int(&s, hour);
    return stmt_run(&s, fault);
}

static enum outcome count(struct stmt *s, int *ret_count, struct fault *fault)
{
    *ret_count = stmt_row(s) ? (int)stmt_int_at(s, 0) : 0;
    return stmt_close(s, fault);
}

/* Counted are answers to citizens: what is told to officers and to machines has no recipient. */
enum outcome outbox_count_automatic(struct book_txn *txn, const char *recipient, int64_t complaint_id,
    int64_t since, int most, struct outbox_automatic *ret, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE automatic = 1 AND recipient = ?1"
                       " AND created_at > ?2 LIMIT ?3)");
    stmt_text(&s, recipient);
    stmt_int(&s, since);
    stmt_int(&s, most);
    enum outcome outcome = count(&s, &ret->to_recipient, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "SELECT count(*) FROM outbox WHERE complaint_id = ?1 AND automatic = 1"
                       " AND recipient IS NOT NULL AND created_at > ?2");
    stmt_int(&s, complaint_id);
    stmt_int(&s, since);
    outcome = count(&s, &ret->about_complaint, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "SELECT coalesce(sum(letters), 0) FROM automatic_hour WHERE hour >= ?1");
    stmt_int(&s, since / HOUR_MS);
    return count(&s, &ret->in_all, fault);
}

enum outcome outbox_find_letter(
    struct book_txn *txn, const char *left_side, int64_t *ret_id, struct fault *fault)
{
    /* What stands behind the '@' changes with the office's address. */
    struct stmt s = stmt_open(txn, "SELECT id FROM outbox WHERE external BETWEEN ?1 || '@' AND ?1 || 'A'"
                                   " AND channel BETWEEN 'email' AND 'email;' ORDER BY id DESC LIMIT 1");
    stmt_text(&s, left_side);
    return stmt_value(&s, ret_id, fault);
}

enum outcome outbox_find_letter_to(
    struct book_txn *txn, const char *recipient, int64_t complaint_id, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT id FROM outbox WHERE complaint_id = ?2 AND recipient = ?1"
                                   " AND channel BETWEEN 'email' AND 'email;' ORDER BY id DESC LIMIT 1");
    stmt_text(&s, recipient);
    stmt_int(&s, complaint_id);
    return stmt_value(&s, ret_id, fault);
}

enum outcome outbox_handled(struct book_txn *txn, int64_t id, bool *ret_was, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE outbox SET handled_at = ?1 WHERE id = ?2 AND handled_at IS NULL"
                                   " AND state IN ('gagal', 'tidak_pasti')");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, id);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_was = stmt_changes(txn) > 0;
    return outcome;
}
