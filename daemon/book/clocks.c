#include "clocks.h"
#include "stmt.h"
#include <string.h>

static const char *const stages[] = {NULL, "verifikasi", "dilengkapi", "penutupan"};

const char *stage_key(enum stage stage)
{
    return stages[stage];
}

static enum stage stage_of(const char *key)
{
    for (int i = STAGE_VERIFIKASI; key && i <= STAGE_PENUTUPAN; i++)
        if (!strcmp(stages[i], key))
            return (enum stage)i;
    return STAGE_NONE;
}

int64_t clocks_due(const struct clocks *c)
{
    int64_t due = deadline_due(&c->limits);
    return c->given_at && (!due || c->given_at < due) ? c->given_at : due;
}

static void bind(struct stmt *s, const struct clocks *c)
{
    stmt_int(s, c->complaint_id);
    stmt_int(s, c->version);
    stmt_int(s, c->started_at);
    stmt_id(s, c->limits.promise);
    stmt_id(s, c->limits.law);
    stmt_id(s, c->given_at);
    stmt_id(s, c->paused_at);
    stmt_int(s, c->told);
    stmt_text(s, stages[c->stage]);
    stmt_id(s, c->stage_from);
    stmt_id(s, c->stage_due);
    stmt_int(s, c->stage_told);
    stmt_int(s, c->running);
    stmt_id(s, c->next_at);
    stmt_id(s, c->formal_at);
    stmt_id(s, c->extended_at);
}

enum outcome clocks_insert(struct book_txn *txn, const struct clocks *c, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "INSERT INTO clock (complaint_id, version, started_at, promise_at, law_at, given_at, paused_at,"
        " told, stage, stage_from, stage_due, stage_told, running, next_at, formal_at, extended_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    bind(&s, c);
    return stmt_run(&s, fault);
}

enum outcome clocks_update(struct book_txn *txn, const struct clocks *c, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "UPDATE clock SET version = ?2, started_at = ?3, promise_at = ?4, law_at = ?5, given_at = ?6,"
        " paused_at = ?7, told = ?8, stage = ?9, stage_from = ?10, stage_due = ?11, stage_told = ?12,"
        " running = ?13, next_at = ?14, formal_at = ?15, extended_at = ?16 WHERE complaint_id = ?1");
    bind(&s, c);
    return stmt_run(&s, fault);
}

enum outcome clocks_get(struct book_txn *txn, int64_t complaint_id, struct clocks *ret, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT complaint_id, version, started_at, promise_at, law_at, given_at, paused_at, told, stage,"
        " stage_from, stage_due, stage_told, running, next_at, formal_at, extended_at FROM clock"
        " WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    *ret = (struct clocks){0};
    if (stmt_row(&s))
        *ret = (struct clocks){.complaint_id = stmt_int_at(&s, 0),
            .version = stmt_int_at(&s, 1),
            .started_at = stmt_int_at(&s, 2),
            .limits = {stmt_int_at(&s, 3), stmt_int_at(&s, 4)},
            .given_at = stmt_int_at(&s, 5),
            .paused_at = stmt_int_at(&s, 6),
            .told = (int)stmt_int_at(&s, 7),
            .stage = stage_of(stmt_peek_text(&s, 8)),
            .stage_from = stmt_int_at(&s, 9),
            .stage_due = stmt_int_at(&s, 10),
            .stage_told = (int)stmt_int_at(&s, 11),
            .running = stmt_int_at(&s, 12) != 0,
            .next_at = stmt_int_at(&s, 13),
            .formal_at = stmt_int_at(&s, 14),
            .extended_at = stmt_int_at(&s, 15)};
    return stmt_close(&s, fault);
}

enum outcome clocks_set_due(struct book_txn *txn, int64_t complaint_id, int64_t due_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE complaint SET due_at = ?2 WHERE id = ?1");
    stmt_int(&s, complaint_id);
    stmt_id(&s, due_at);
    return stmt_run(&s, fault);
}

enum outcome clocks_add_pause(
    struct book_txn *txn, int64_t complaint_id, int64_t began_at, int64_t ended_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO clock_pause (complaint_id, began_at, ended_at)"
                                   " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    stmt_int(&s, complaint_id);
    stmt_int(&s, began_at);
    stmt_int(&s, ended_at);
    return stmt_run(&s, fault);
}

enum outcome clocks_drop_pause(
    struct book_txn *txn, int64_t complaint_id, int64_t began_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM clock_pause WHERE complaint_id = ?1 AND began_at = ?2");
    stmt_int(&s, complaint_id);
    stmt_int(&s, began_at);
    return stmt_run(&s, fault);
}

enum outcome clocks_pauses(struct book_txn *txn, int64_t complaint_id, int64_t since,
    struct deadline_pause pauses[CLOCK_PAUSES], size_t *ret_count, struct fault *fault)
{
    size_t n = 0;
    struct stmt s = stmt_open(txn, "SELECT began_at, ended_at FROM clock_pause WHERE complaint_id = ?1"
                                   " AND began_at >= ?2 ORDER BY began_at");
    stmt_int(&s, complaint_id);
    stmt_int(&s, since);
    while (n < CLOCK_PAUSES && stmt_row(&s))
        pauses[n++] = (struct deadline_pause){.from = stmt_int_at(&s, 0), .to = stmt_int_at(&s, 1)};
    *ret_count = n;
    return stmt_close(&s, fault);
}

enum outcome clocks_next(
    struct book_txn *txn, int64_t now, int64_t *ret_complaint_id, int64_t *ret_next, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT complaint_id, next_at FROM clock WHERE next_at IS NOT NULL"
                                   " ORDER BY next_at LIMIT 1");
    *ret_complaint_id = *ret_next = 0;
    if (stmt_row(&s)) {
        int64_t at = stmt_int_at(&s, 1);
        *(at <= now ? ret_complaint_id : ret_next) = at <= now ? stmt_int_at(&s, 0) : at;
    }
    return stmt_close(&s, fault);
}

enum outcome clocks_stale(
    struct book_txn *txn, int64_t version, int64_t *ret_complaint_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT complaint_id FROM clock WHERE running = 1 AND version < ?1 LIMIT 1");
    stmt_int(&s, version);
    return stmt_value(&s, ret_complaint_id, fault);
}

enum outcome clocks_postpone(struct book_txn *txn, int64_t complaint_id, int64_t until, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE clock SET next_at = ?2 WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    stmt_int(&s, until);
    return stmt_run(&s, fault);
}
