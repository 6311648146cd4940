#include "media.h"
#include "stmt.h"
#include "txn_private.h"

enum { LIST_MOST = 200 };

enum outcome media_add(struct book_txn *txn, int64_t complaint_id, int64_t message_id, const char *channel,
    const char *request, const char *filename, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "INSERT INTO media (message_id, complaint_id, channel, request, filename, state, next_at, created_at,"
        " state_at) VALUES (?1, ?2, ?3, ?4, ?5, 'antre', ?6, ?6, ?6)");
    stmt_int(&s, message_id);
    stmt_int(&s, complaint_id);
    stmt_text(&s, channel);
    stmt_text(&s, request);
    stmt_text(&s, filename);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    txn->queued_outbox |= !outcome; /* the desk looks for both */
    return outcome;
}

#define ROW_COLUMNS                                                                                          \
    "m.id, m.message_id, m.complaint_id, m.channel, m.request, m.filename, m.state, m.attempts, m.next_at,"  \
    " m.created_at, m.state_at, m.error, c.number FROM media m JOIN complaint c ON c.id = m.complaint_id "

static void read_row(const struct stmt *s, struct media_row *r, struct arena *arena)
{
    r->id = stmt_int_at(s, 0);
    r->message_id = stmt_int_at(s, 1);
    r->complaint_id = stmt_int_at(s, 2);
    r->channel = stmt_text_at(s, 3, arena);
    r->request = stmt_text_at(s, 4, arena);
    r->filename = stmt_text_at(s, 5, arena);
    r->state = stmt_text_at(s, 6, arena);
    r->attempts = (int)stmt_int_at(s, 7);
    r->next_at = stmt_int_at(s, 8);
    r->created_at = stmt_int_at(s, 9);
    r->state_at = stmt_int_at(s, 10);
    r->error = stmt_text_at(s, 11, arena);
    r->number = stmt_text_at(s, 12, arena);
}

static enum outcome read_rows(struct stmt *s, struct media_row **ret_rows, size_t most, size_t *ret_count,
    struct arena *arena, struct fault *fault)
{
    struct media_row *rows = arena_alloc(arena, (most + 1) * sizeof *rows);
    size_t count = 0;
    for (; rows && count < most && stmt_row(s); count++)
        read_row(s, &rows[count], arena);
    enum outcome outcome = stmt_close(s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (outcome)
        return outcome;
    *ret_rows = rows;
    *ret_count = count;
    return OUTCOME_DONE;
}

static enum outcome take(struct book_txn *txn, struct media_row *r, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE media SET state = 'mengambil', attempts = attempts + 1, state_at = ?1 WHERE id = ?2");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, r->id);
    r->attempts++;
    return stmt_run(&s, fault);
}

enum outcome media_claim(struct book_txn *txn, const char *channel, int limit, struct media_row **ret_rows,
    size_t *ret_count, int64_t *ret_next_due, struct arena *arena, struct fault *fault)
{
    /* Put back later than now: by a clock that was wrong then (outbox_claim()). */
    struct stmt s =
        stmt_open(txn, "SELECT " ROW_COLUMNS "WHERE m.state = 'antre' AND m.channel = ?1"
                       " AND (m.next_at <= ?2 OR m.state_at > ?2) ORDER BY m.next_at, m.id LIMIT ?3");
    stmt_text(&s, channel);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, limit > 0 ? limit : 0);
    enum outcome outcome = read_rows(&s, ret_rows, limit > 0 ? (size_t)limit : 0, ret_count, arena, fault);
    for (size_t i = 0; !outcome && i < *ret_count; i++)
        outcome = take(txn, &(*ret_rows)[i], fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "SELECT min(next_at) FROM media WHERE state = 'antre' AND channel = ?1");
    stmt_text(&s, channel);
    return stmt_value(&s, ret_next_due, fault);
}

enum outcome media_done(struct book_txn *txn, int64_t id, struct attachment *a, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT message_id FROM media WHERE id = ?1 AND attachment_id IS NULL");
    stmt_int(&s, id);
    int64_t message_id = 0;
    enum outcome outcome = stmt_value(&s, &message_id, fault);
    if (outcome || !message_id)
        return outcome;
    outcome = attachment_add(txn, message_id, a, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "UPDATE media SET state = 'selesai', error = NULL, state_at = ?1, attachment_id = ?2"
                       " WHERE id = ?3");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, a->id);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome media_retry(
    struct book_txn *txn, int64_t id, int64_t next_at, const char *error, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE media SET state = 'antre', next_at = ?1, state_at = ?2,"
                                   " error = coalesce(?3, error) WHERE id = ?4 AND state = 'mengambil'");
    stmt_int(&s, next_at);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, error);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome media_failed(struct book_txn *txn, int64_t id, const char *error, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE media SET state = 'gagal', state_at = ?1, error = ?2"
                                   " WHERE id = ?3 AND state = 'mengambil'");
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, error);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome media_again(
    struct book_txn *txn, int64_t id, int64_t complaint_id, bool *ret_queued, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE media SET state = 'antre', next_at = ?1, state_at = ?1, attempts = 0"
                       " WHERE id = ?2 AND complaint_id = ?3 AND state = 'gagal'");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, id);
    stmt_int(&s, complaint_id);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_queued = stmt_changes(txn) > 0;
    txn->queued_outbox |= !outcome && *ret_queued;
    return outcome;
}

enum outcome media_recover(struct book_txn *txn, const char *channel, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE media SET state = 'antre' WHERE channel = ?1 AND state = 'mengambil'");
    stmt_text(&s, channel);
    return stmt_run(&s, fault);
}

enum outcome media_list(struct book_txn *txn, int64_t complaint_id, struct media_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT " ROW_COLUMNS "WHERE m.complaint_id = ?1 AND m.state <> 'selesai'"
                                   " ORDER BY m.id LIMIT ?2");
    stmt_int(&s, complaint_id);
    stmt_int(&s, LIST_MOST);
    return read_rows(&s, ret_rows, LIST_MOST, ret_count, arena, fault);
}

enum outcome media_counts(
    struct book_txn *txn, int64_t *ret_waiting, int64_t *ret_failed, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT coalesce(sum(state <> 'gagal'), 0), coalesce(sum(state = 'gagal'), 0)"
                       " FROM media WHERE state <> 'selesai'");
    if (stmt_row(&s)) {
        *ret_waiting = stmt_int_at(&s, 0);
        *ret_failed = stmt_int_at(&s, 1);
    }
    return stmt_close(&s, fault);
}
