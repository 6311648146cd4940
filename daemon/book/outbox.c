/* Rows only move up this ladder; the one way down is outbox_retry():
 *
 *   antre < mengirim < tidak_pasti < diterima < gagal < sampai < dibaca
 *
 * tidak_pasti lies below diterima and gagal because a late answer may still settle it; gagal lies below
 * sampai because proof of arrival is stronger than a refusal, and above diterima because a bounce comes after
 * it. A withdrawn row (dibatalkan) stands on no step. */
#include "outbox.h"
#include "delivery.h"
#include "stmt.h"
#include "txn_private.h"
#include <string.h>

static const char *const ladder[] = {
    "antre", "mengirim", "tidak_pasti", "diterima", "gagal", "sampai", "dibaca"};
enum { STEP_ANTRE, STEP_MENGIRIM, STEP_TIDAK_PASTI, STEP_DITERIMA, STEP_GAGAL, STEP_COUNT = 7 };

static int step_of(const char *state)
{
    int step = 0;
    while (step < STEP_COUNT && strcmp(ladder[step], state))
        step++;
    return step;
}

enum outcome outbox_add(
    struct book_txn *txn, const struct outbox_new *row, int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO outbox (complaint_id, message_id, channel, purpose, payload, state,"
                       " next_at, created_at, state_at, external, recipient, automatic)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, 'antre', 0, ?6, ?6, ?7, ?8, ?9)");
    stmt_id(&s, row->complaint_id);
    stmt_id(&s, row->message_id);
    stmt_text(&s, row->channel);
    stmt_text(&s, row->purpose);
    stmt_text(&s, row->payload);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, row->external);
    stmt_text(&s, row->recipient);
    stmt_int(&s, row->automatic);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    int64_t id = stmt_last_id(txn);
    txn->queued_outbox = true;
    if (row->automatic && row->recipient && !strncmp(row->channel, "email", 5))
        outcome = outbox_note_automatic(txn, fault);
    if (outcome)
        return outcome;
    if (ret_id)
        *ret_id = id;
    return delivery_queued(txn, id, row, fault);
}

#define ROW_COLUMNS                                                                                          \
    "o.id, o.complaint_id, o.message_id, o.channel, o.purpose, o.payload, o.state, o.attempts, o.next_at,"   \
    " o.created_at, o.state_at, o.external, o.error, c.number, o.recipient, o.reply, o.handled_at"           \
    " FROM outbox o LEFT JOIN complaint c"                                                                   \
    " ON c.id = o.complaint_id "

static void read_row(const struct stmt *s, struct outbox_row *r, struct arena *arena)
{
    r->id = stmt_int_at(s, 0);
    r->complaint_id = stmt_int_at(s, 1);
    r->message_id = stmt_int_at(s, 2);
    r->channel = stmt_text_at(s, 3, arena);
    r->purpose = stmt_text_at(s, 4, arena);
    r->payload = stmt_text_at(s, 5, arena);
    r->state = stmt_text_at(s, 6, arena);
    r->attempts = (int)stmt_int_at(s, 7);
    r->next_at = stmt_int_at(s, 8);
    r->created_at = stmt_int_at(s, 9);
    r->state_at = stmt_int_at(s, 10);
    r->external = stmt_text_at(s, 11, arena);
    r->error = stmt_text_at(s, 12, arena);
    r->number = stmt_text_at(s, 13, arena);
    r->recipient = stmt_text_at(s, 14, arena);
    r->reply = stmt_text_at(s, 15, arena);
    r->handled_at = stmt_int_at(s, 16);
}

/* Steps s, whose parameters are bound, into rows; closes it. */
static enum outcome read_rows(struct stmt *s, struct outbox_row *rows, size_t most, size_t *ret_count,
    struct arena *arena, struct fault *fault)
{
    size_t count = 0;
    for (; rows && count < most && stmt_row(s); count++)
        read_row(s, &rows[count], arena);
    enum outcome outcome = stmt_close(s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret_count = count;
    return outcome;
}

static enum outcome claim_row(
    struct book_txn *txn, struct outbox_row *r, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE outbox SET state = 'mengirim', attempts = attempts + 1, state_at = ?1 WHERE id = ?2");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, r->id);
    r->state = arena_strdup(arena, ladder[STEP_MENGIRIM]);
    r->state_at = txn_now(txn);
    r->attempts++;
    return stmt_run(&s, fault);
}

enum outcome outbox_claim(struct book_txn *txn, const char *channel, int limit, struct outbox_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault)
{
    size_t count = 0, most = limit > 0 ? (size_t)limit : 0;
    struct outbox_row *rows = arena_alloc(arena, (most + 1) * sizeof *rows);
    /* A row that was put back later than now: the clock was wrong then and has been set right. Its next_at means
     * nothing any more. */
    struct stmt s = stmt_open(txn, "SELECT " ROW_COLUMNS "WHERE o.state = 'antre' AND o.channel = ?1"
                                   " AND (o.next_at <= ?2 OR o.state_at > ?2)"
                                   " ORDER BY o.next_at, o.id LIMIT ?3");
    stmt_text(&s, channel);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, (int64_t)most);
    enum outcome outcome = read_rows(&s, rows, most, &count, arena, fault);
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = claim_row(txn, &rows[i], arena, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (outcome)
        return outcome;
    *ret_rows = rows;
    *ret_count = count;
    return OUTCOME_DONE;
}

enum outcome outbox_next_due(struct book_txn *txn, const char *channel, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT min(next_at) FROM outbox WHERE state = 'antre' AND channel = ?1");
    stmt_text(&s, channel);
    return stmt_value(&s, ret_at, fault);
}

static enum outcome current_step(struct book_txn *txn, int64_t id, int *ret_step, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT state FROM outbox WHERE id = ?1");
    stmt_int(&s, id);
    *ret_step = stmt_row(&s) ? step_of(stmt_peek_text(&s, 0)) : STEP_COUNT;
    return stmt_close(&s, fault);
}

static enum outcome set_state(
    struct book_txn *txn, int64_t id, int step, const char *external, const char *error, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE outbox SET state = ?1, state_at = ?2, external = coalesce(?3, external),"
                       " error = coalesce(?4, error) WHERE id = ?5");
    stmt_text(&s, ladder[step]);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, external);
    stmt_text(&s, error);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

static enum outcome climb(
    struct book_txn *txn, int64_t id, int to, const char *external, const char *error, struct fault *fault)
{
    int now;
    enum outcome outcome = current_step(txn, id, &now, fault);
    return outcome || now >= to ? outcome : set_state(txn, id, to, external, error, fault);
}

enum outcome outbox_accepted(
    struct book_txn *txn, int64_t id, const char *external, const char *reply, struct fault *fault)
{
    enum outcome outcome = climb(txn, id, STEP_DITERIMA, external, NULL, fault);
    if (outcome || !reply)
        return outcome;
    struct stmt s = stmt_open(txn, "UPDATE outbox SET reply = ?1 WHERE id = ?2");
    stmt_text(&s, reply);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome outbox_failed(struct book_txn *txn, int64_t id, const char *error, struct fault *fault)
{
    return climb(txn, id, STEP_GAGAL, NULL, error, fault);
}

enum outcome outbox_unknown(struct book_txn *txn, int64_t id, const char *error, struct fault *fault)
{
    return climb(txn, id, STEP_TIDAK_PASTI, NULL, error, fault);
}

/* From mengirim by the channel; from gagal and tidak_pasti only because a person wants it. What was accepted
 * is never sent again. */
enum outcome outbox_retry(
    struct book_txn *txn, int64_t id, int64_t next_at, const char *error, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE outbox SET state = 'antre', next_at = ?1, state_at = ?2, handled_at = NULL,"
                       " error = coalesce(?3, error)"
                       " WHERE id = ?4 AND state IN ('mengirim', 'gagal', 'tidak_pasti')");
    stmt_int(&s, next_at);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, error);
    stmt_int(&s, id);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome && stmt_changes(txn))
        txn->queued_outbox = true;
    return outcome;
}

enum outcome outbox_delivery(struct book_txn *txn, const char *channel, const char *external,
    const char *state, const char *error, int64_t *ret_complaint_id, struct fault *fault)
{
    int to = step_of(state);
    if (to < STEP_GAGAL || to == STEP_COUNT)
        return fault_set(fault, OUTCOME_NEVER, NULL, "no delivery state: %s", state);
    struct stmt s = stmt_open(txn, "SELECT id, complaint_id FROM outbox WHERE external = ?2 AND channel = ?1"
                                   " ORDER BY id DESC LIMIT 1");
    stmt_text(&s, channel);
    stmt_text(&s, external);
    bool ours = stmt_row(&s);
    int64_t id = ours ? stmt_int_at(&s, 0) : 0, complaint_id = ours ? stmt_int_at(&s, 1) : 0;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && ours)
        outcome = climb(txn, id, to, NULL, error, fault);
    if (!outcome)
        *ret_complaint_id = complaint_id;
    return outcome;
}

/* The channel's first row in `mengirim`; 0 = there is none. */
static enum outcome next_claimed(
    struct book_txn *txn, const char *channel, int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT id FROM outbox WHERE channel = ?1 AND state = 'mengirim' ORDER BY id LIMIT 1");
    stmt_text(&s, channel);
    return stmt_value(&s, ret_id, fault);
}

enum outcome outbox_recover(struct book_txn *txn, const char *channel, outbox_left *may_have_left,
    const void *arg, int64_t *ret_rows, struct fault *fault)
{
    int64_t id;
    *ret_rows = 0;
    enum outcome outcome = next_claimed(txn, channel, &id, fault);
    while (!outcome && id) {
        bool left = !may_have_left || may_have_left(arg, id);
        const char *error = left ? "Layanan berhenti saat pesan ini dikirim." : NULL;
        outcome = set_state(txn, id, left ? STEP_TIDAK_PASTI : STEP_ANTRE, NULL, error, fault);
        txn->queued_outbox = txn->queued_outbox || !left;
        ++*ret_rows;
        if (!outcome)
            outcome = next_claimed(txn, channel, &id, fault);
    }
    return outcome;
}

enum outcome outbox_restored(struct book_txn *txn, int64_t *ret_rows, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE outbox SET state = 'tidak_pasti', state_at = ?1,"
                                   " error = 'Buku dipulihkan dari cadangan: mungkin sudah terkirim.'"
                                   " WHERE state IN ('antre', 'mengirim') AND purpose <> 'peristiwa'");
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_rows = stmt_changes(txn);
    return outcome;
}

enum outcome outbox_report(
    struct book_txn *txn, int64_t id, const char *state, const char *text, struct fault *fault)
{
    if (state)
        return climb(txn, id, step_of(state), NULL, text, fault);
    struct stmt s = stmt_open(txn, "UPDATE outbox SET error = ?1 WHERE id = ?2");
    stmt_text(&s, text);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome outbox_get(
    struct book_txn *txn, int64_t id, struct outbox_row *ret, struct arena *arena, struct fault *fault)
{
    size_t count = 0;
    struct stmt s = stmt_open(txn, "SELECT " ROW_COLUMNS "WHERE o.id = ?1");
    stmt_int(&s, id);
    enum outcome outcome = read_rows(&s, ret, 1, &count, arena, fault);
    return outcome || count ? outcome
                            : fault_set(fault, OUTCOME_NEVER, "Kiriman itu tidak ditemukan.",
                                  "no outbox row %lld", (long long)id);
}

enum outcome outbox_list(struct book_txn *txn, int64_t complaint_id, struct outbox_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault)
{
    struct stmt n = stmt_open(txn, "SELECT count(*) FROM outbox WHERE complaint_id = ?1");
    stmt_int(&n, complaint_id);
    size_t most = stmt_row(&n) ? (size_t)stmt_int_at(&n, 0) : 0;
    enum outcome outcome = stmt_close(&n, fault);
    if (outcome)
        return outcome;
    struct outbox_row *rows = arena_alloc(arena, (most + 1) * sizeof *rows);
    struct stmt s = stmt_open(txn, "SELECT " ROW_COLUMNS "WHERE o.complaint_id = ?1 ORDER BY o.id");
    stmt_int(&s, complaint_id);
    outcome = read_rows(&s, rows, most, ret_count, arena, fault);
    if (!outcome)
        *ret_rows = rows;
    return outcome;
}

/* What is accepted is over and may be a million rows: only what still waits or went wrong is counted. */
enum outcome outbox_last_sent(struct book_txn *txn, outbox_visit *visit, void *arg, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT channel, count(*), max(state_at) FROM"
                       " (SELECT channel, state, state_at FROM outbox ORDER BY id DESC LIMIT 3000)"
                       " WHERE state IN ('diterima', 'sampai', 'dibaca') GROUP BY channel");
    enum outcome outcome = OUTCOME_DONE;
    while (!outcome && stmt_row(&s))
        outcome = visit(arg, stmt_peek_text(&s, 0), "", stmt_int_at(&s, 1), stmt_int_at(&s, 2), fault);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome outbox_counts(struct book_txn *txn, outbox_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "SELECT channel, state, count(*), min(created_at) FROM outbox"
                                   " WHERE state IN ('antre', 'mengirim', 'gagal', 'tidak_pasti')"
                                   " AND handled_at IS NULL GROUP BY channel, state ORDER BY channel, state");
    while (!outcome && stmt_row(&s))
        outcome = visit(
            arg, stmt_peek_text(&s, 0), stmt_peek_text(&s, 1), stmt_int_at(&s, 2), stmt_int_at(&s, 3), fault);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
