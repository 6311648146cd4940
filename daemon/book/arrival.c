#include "arrival.h"
#include "stmt.h"
#include <string.h>

/* The first arrival that s finds; closes it. *ret_id 0 = none. */
static enum outcome read_first(
    struct stmt *s, int64_t *ret_id, int64_t *ret_complaint_id, struct fault *fault)
{
    *ret_id = stmt_row(s) ? stmt_int_at(s, 0) : 0;
    *ret_complaint_id = *ret_id ? stmt_int_at(s, 1) : 0;
    return stmt_close(s, fault);
}

/* Two look-ups and not a UNION: its ORDER BY would need a table of its own each time. */
enum outcome arrival_find(struct book_txn *txn, const char *channel, const char *external, const char *digest,
    bool *ret_known, int64_t *ret_complaint_id, struct fault *fault)
{
    bool mail = !strncmp(channel, "email:", 6); /* ';' follows ':': every name behind "email:" */
    int64_t id, complaint_id, same_id = 0, same_complaint_id = 0;
    struct stmt s =
        stmt_open(txn, "SELECT id, complaint_id FROM arrival WHERE channel = ?1 AND external = ?2");
    stmt_text(&s, channel);
    stmt_text(&s, external);
    enum outcome outcome = read_first(&s, &id, &complaint_id, fault);
    if (!outcome && digest) {
        s = stmt_open(txn, "SELECT min(id), complaint_id FROM arrival"
                           " WHERE digest = ?1 AND channel BETWEEN ?2 AND ?3");
        stmt_text(&s, digest);
        stmt_text(&s, mail ? "email:" : channel);
        stmt_text(&s, mail ? "email;" : channel);
        outcome = read_first(&s, &same_id, &same_complaint_id, fault);
    }
    if (outcome)
        return outcome;
    bool first = id && (!same_id || id <= same_id);
    *ret_known = id || same_id;
    *ret_complaint_id = first ? complaint_id : same_complaint_id;
    return OUTCOME_DONE;
}

enum outcome arrival_insert(struct book_txn *txn, const struct arrival *a, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "INSERT INTO arrival (channel, external, digest, at, outcome, reason, complaint_id, message_id, "
        "raw_sha256)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (channel, external) DO NOTHING");
    stmt_text(&s, a->channel);
    stmt_text(&s, a->external);
    stmt_text(&s, a->digest);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, a->outcome);
    stmt_text(&s, a->reason);
    stmt_id(&s, a->complaint_id);
    stmt_id(&s, a->message_id);
    stmt_blob(&s, a->has_raw ? a->raw.sha256 : NULL, sizeof a->raw.sha256);
    return stmt_run(&s, fault);
}

enum outcome bookmark_get(
    struct book_txn *txn, const char *channel, const char **ret, struct arena *arena, struct fault *fault)
{
    const char *value = NULL;
    struct stmt s = stmt_open(txn, "SELECT value FROM bookmark WHERE channel = ?1");
    stmt_text(&s, channel);
    if (stmt_row(&s))
        value = stmt_text_at(&s, 0, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = value;
    return outcome;
}

static enum outcome bookmark_run(
    struct book_txn *txn, struct stmt s, const char *channel, const char *value, struct fault *fault)
{
    stmt_text(&s, channel);
    stmt_text(&s, value);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

/* No DO UPDATE: at its savepoint FTS5 would write out what it has gathered of the transaction's other mails. */
enum outcome bookmark_set(struct book_txn *txn, const char *channel, const char *value, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE bookmark SET value = ?2, at = ?3 WHERE channel = ?1");
    enum outcome outcome = bookmark_run(txn, s, channel, value, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    s = stmt_open(txn, "INSERT INTO bookmark (channel, value, at) VALUES (?1, ?2, ?3)");
    return bookmark_run(txn, s, channel, value, fault);
}

enum outcome arrival_counts(
    struct book_txn *txn, int64_t since, arrival_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "SELECT channel, outcome, count(*), max(at) FROM arrival WHERE at >= ?1"
                                   " GROUP BY channel, outcome ORDER BY channel, outcome");
    stmt_int(&s, since);
    while (!outcome && stmt_row(&s))
        outcome = visit(
            arg, stmt_peek_text(&s, 0), stmt_peek_text(&s, 1), stmt_int_at(&s, 2), stmt_int_at(&s, 3), fault);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
