#include "undo.h"
#include "message.h"
#include "notice.h"
#include "stmt.h"

enum { READERS_MOST = 64 }; /* officers told by one act that already looked */

/* ---- which rows ---- */

static enum outcome newest(
    struct book_txn *txn, int64_t complaint_id, int64_t ids[static 3], struct fault *fault)
{
    int64_t base = complaint_id * (MESSAGES_A_COMPLAINT + 1);
    struct stmt s = stmt_open(txn, "SELECT max(id) FROM message WHERE id BETWEEN ?1 AND ?2");
    stmt_int(&s, base);
    stmt_int(&s, base + MESSAGES_A_COMPLAINT);
    enum outcome outcome = stmt_value(&s, &ids[0], fault);
    if (!outcome) {
        s = stmt_open(txn, "SELECT max(id) FROM outbox");
        outcome = stmt_value(&s, &ids[1], fault);
    }
    if (!outcome) {
        s = stmt_open(txn, "SELECT max(id) FROM notice");
        outcome = stmt_value(&s, &ids[2], fault);
    }
    return outcome;
}

enum outcome undo_begin(struct book_txn *txn, int64_t complaint_id, struct undo *ret, struct fault *fault)
{
    int64_t ids[3] = {0};
    enum outcome outcome = newest(txn, complaint_id, ids, fault);
    *ret = (struct undo){.complaint_id = complaint_id,
        .messages.after = ids[0],
        .letters.after = ids[1],
        .notices.after = ids[2]};
    return outcome;
}

enum outcome undo_end(struct book_txn *txn, struct undo *undo, struct fault *fault)
{
    int64_t ids[3] = {0};
    enum outcome outcome = newest(txn, undo->complaint_id, ids, fault);
    undo->messages.last = ids[0];
    undo->letters.last = ids[1];
    undo->notices.last = ids[2];
    return outcome;
}

/* ---- the row ---- */

static void bind(struct stmt *s, const struct undo *u)
{
    stmt_int(s, u->complaint_id);
    stmt_int(s, u->officer_id);
    stmt_text(s, u->kind);
    stmt_int(s, u->version);
    stmt_int(s, u->at);
    stmt_int(s, u->on_page);
    stmt_text(s, u->earlier);
    stmt_int(s, u->messages.after);
    stmt_int(s, u->messages.last);
    stmt_int(s, u->letters.after);
    stmt_int(s, u->letters.last);
    stmt_int(s, u->notices.after);
    stmt_int(s, u->notices.last);
}

enum outcome undo_put(struct book_txn *txn, const struct undo *undo, int64_t forget, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM undo WHERE at < ?1");
    stmt_int(&s, forget);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        outcome = undo_remove(txn, undo->complaint_id, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO undo (complaint_id, officer_id, kind, version, at, on_page, earlier,"
                       " message_after, message_last, outbox_after, outbox_last, notice_after, notice_last)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    bind(&s, undo);
    return stmt_run(&s, fault);
}

enum outcome undo_get(
    struct book_txn *txn, int64_t complaint_id, struct undo *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT complaint_id, officer_id, kind, version, at, on_page, earlier,"
                                   " message_after, message_last, outbox_after, outbox_last, notice_after,"
                                   " notice_last FROM undo WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    *ret = (struct undo){0};
    if (stmt_row(&s))
        *ret = (struct undo){.complaint_id = stmt_int_at(&s, 0),
            .officer_id = stmt_int_at(&s, 1),
            .kind = stmt_text_at(&s, 2, arena),
            .version = stmt_int_at(&s, 3),
            .at = stmt_int_at(&s, 4),
            .on_page = stmt_int_at(&s, 5) != 0,
            .earlier = stmt_text_at(&s, 6, arena),
            .messages = {stmt_int_at(&s, 7), stmt_int_at(&s, 8)},
            .letters = {stmt_int_at(&s, 9), stmt_int_at(&s, 10)},
            .notices = {stmt_int_at(&s, 11), stmt_int_at(&s, 12)}};
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome undo_remove(struct book_txn *txn, int64_t complaint_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM undo WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    return stmt_run(&s, fault);
}

/* ---- its letters ---- */

static void bind_range(struct stmt *s, struct undo_range range)
{
    stmt_int(s, range.after);
    stmt_int(s, range.last);
}

/* What machines are told of events is no letter: the taking back is an event, too. */
enum outcome undo_letters(struct book_txn *txn, const struct undo *undo, int *ret_waiting, int *ret_gone,
    int64_t *ret_leaves_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT coalesce(sum(state = 'antre'), 0), coalesce(sum(state <> 'antre'), 0),"
        " min(CASE WHEN state = 'antre' THEN next_at END)"
        " FROM outbox WHERE id > ?1 AND id <= ?2 AND purpose <> 'peristiwa' AND state <> 'dibatalkan'");
    bind_range(&s, undo->letters);
    *ret_waiting = *ret_gone = 0;
    *ret_leaves_at = 0;
    if (stmt_row(&s)) {
        *ret_waiting = (int)stmt_int_at(&s, 0);
        *ret_gone = (int)stmt_int_at(&s, 1);
        *ret_leaves_at = stmt_int_at(&s, 2);
    }
    return stmt_close(&s, fault);
}

enum outcome undo_hold(struct book_txn *txn, const struct undo *undo, int64_t until, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE outbox SET next_at = ?3 WHERE id > ?1 AND id <= ?2"
                                   " AND state = 'antre' AND purpose <> 'peristiwa'");
    bind_range(&s, undo->letters);
    stmt_int(&s, until);
    return stmt_run(&s, fault);
}

/* ---- taken back ---- */

static enum outcome withdraw_letters(struct book_txn *txn, const struct undo *undo, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE outbox SET state = 'dibatalkan', state_at = ?3 WHERE id > ?1 AND id <= ?2"
                       " AND state = 'antre' AND purpose <> 'peristiwa'");
    bind_range(&s, undo->letters);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

static enum outcome withdraw_messages(struct book_txn *txn, const struct undo *undo, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE message SET withdrawn_at = ?3 WHERE id > ?1 AND id <= ?2");
    bind_range(&s, undo->messages);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

static enum outcome withdraw_notices(
    struct book_txn *txn, const struct undo *undo, const char *kind, struct fault *fault)
{
    int64_t readers[READERS_MOST];
    int count = 0;
    struct stmt s = stmt_open(txn, "SELECT DISTINCT officer_id FROM notice WHERE id > ?1 AND id <= ?2"
                                   " AND complaint_id = ?3 AND read_at IS NOT NULL");
    bind_range(&s, undo->notices);
    stmt_int(&s, undo->complaint_id);
    while (count < READERS_MOST && stmt_row(&s))
        readers[count++] = stmt_int_at(&s, 0);
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "UPDATE notice SET read_at = ?3 WHERE id > ?1 AND id <= ?2 AND complaint_id = ?4"
                       " AND read_at IS NULL");
    bind_range(&s, undo->notices);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, undo->complaint_id);
    outcome = stmt_run(&s, fault);
    for (int i = 0; i < count && !outcome; i++)
        outcome = notice_add(txn, readers[i], undo->complaint_id, kind, fault);
    return outcome;
}

enum outcome undo_withdraw(
    struct book_txn *txn, const struct undo *undo, const char *kind, struct fault *fault)
{
    enum outcome outcome = withdraw_letters(txn, undo, fault);
    if (!outcome)
        outcome = withdraw_messages(txn, undo, fault);
    return outcome ? outcome : withdraw_notices(txn, undo, kind, fault);
}
