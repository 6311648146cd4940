#include "chat.h"
#include "stmt.h"

#define STATE                                                                                                \
    "citizen_id, complaint_id, asked, asked_at, asked_times, skipped, nama, pekerjaan, alamat, anonym,"      \
    " finished, anew, heard_at, wake_at, person_at, rating_id, rated_at"
#define COLUMNS "channel, address, " STATE

static void fill(const struct stmt *s, struct chat *c, struct arena *arena)
{
    *c = (struct chat){.channel = stmt_text_at(s, 0, arena),
        .address = stmt_text_at(s, 1, arena),
        .citizen_id = stmt_int_at(s, 2),
        .complaint_id = stmt_int_at(s, 3),
        .asked = stmt_text_at(s, 4, arena),
        .asked_at = stmt_int_at(s, 5),
        .asked_times = (int)stmt_int_at(s, 6),
        .skipped = (unsigned)stmt_int_at(s, 7),
        .said = {stmt_text_at(s, 8, arena), stmt_text_at(s, 9, arena), stmt_text_at(s, 10, arena)},
        .anonym = stmt_int_at(s, 11) != 0,
        .finished = stmt_int_at(s, 12) != 0,
        .anew = stmt_int_at(s, 13) != 0,
        .heard_at = stmt_int_at(s, 14),
        .wake_at = stmt_int_at(s, 15),
        .person_at = stmt_int_at(s, 16),
        .rating_id = stmt_int_at(s, 17),
        .rated_at = stmt_int_at(s, 18)};
}

enum outcome chat_get(struct book_txn *txn, const char *channel, const char *address, struct chat *ret,
    struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT " COLUMNS " FROM chat WHERE channel = ?1 AND address = ?2");
    stmt_text(&s, channel);
    stmt_text(&s, address);
    *ret = (struct chat){.channel = channel, .address = address, .finished = true};
    if (stmt_row(&s))
        fill(&s, ret, arena);
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

static enum outcome write_chat(struct stmt s, const struct chat *c, struct fault *fault)
{
    stmt_text(&s, c->channel);
    stmt_text(&s, c->address);
    stmt_id(&s, c->citizen_id);
    stmt_id(&s, c->complaint_id);
    stmt_text(&s, c->asked);
    stmt_id(&s, c->asked_at);
    stmt_int(&s, c->asked_times);
    stmt_int(&s, c->skipped);
    for (int field = 0; field < CHAT_FIELDS; field++)
        stmt_text(&s, c->said[field]);
    stmt_int(&s, c->anonym);
    stmt_int(&s, c->finished);
    stmt_int(&s, c->anew);
    stmt_int(&s, c->heard_at);
    stmt_id(&s, c->wake_at);
    stmt_id(&s, c->person_at);
    stmt_id(&s, c->rating_id);
    stmt_id(&s, c->rated_at);
    return stmt_run(&s, fault);
}

/* No REPLACE and no DO UPDATE: FTS5 would write out what it has gathered (complaint.c). The UPDATE does, because it
 * sets foreign keys; a new chat is the more frequent one. */
enum outcome chat_put(struct book_txn *txn, const struct chat *c, struct fault *fault)
{
    enum outcome outcome = write_chat(
        stmt_open(txn, "INSERT INTO chat (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
                       " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT DO NOTHING"),
        c, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    return write_chat(
        stmt_open(txn, "UPDATE chat SET (" STATE ") = (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
                       " ?13, ?14, ?15, ?16, ?17, ?18, ?19) WHERE channel = ?1 AND address = ?2"),
        c, fault);
}

static enum outcome next_wake(struct book_txn *txn, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT min(wake_at) FROM chat WHERE wake_at IS NOT NULL");
    return stmt_value(&s, ret_at, fault);
}

enum outcome chat_due(struct book_txn *txn, int64_t now, struct chat *ret, bool *ret_found, int64_t *ret_next,
    struct arena *arena, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT " COLUMNS " FROM chat WHERE wake_at <= ?1 ORDER BY wake_at LIMIT 1");
    stmt_int(&s, now);
    *ret_found = stmt_row(&s);
    if (*ret_found)
        fill(&s, ret, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    return outcome ? outcome : next_wake(txn, ret_next, fault);
}

enum outcome chat_waiting(
    struct book_txn *txn, int limit, chat_visit *visit, void *arg, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(
        txn, "SELECT " COLUMNS " FROM chat WHERE person_at IS NOT NULL ORDER BY person_at LIMIT ?1");
    stmt_int(&s, limit);
    while (!outcome && stmt_row(&s)) {
        struct chat c;
        fill(&s, &c, arena);
        outcome = stmt_arena(arena, fault);
        if (!outcome)
            outcome = visit(arg, &c, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome rating_put(struct book_txn *txn, int64_t complaint_id, int value, const char *comment,
    const char *channel, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO rating (complaint_id, value, comment, channel, at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (complaint_id) DO UPDATE SET value = ?2,"
                       " comment = coalesce(?3, comment), channel = ?4, at = ?5");
    stmt_int(&s, complaint_id);
    stmt_int(&s, value);
    stmt_text(&s, comment);
    stmt_text(&s, channel);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome rating_comment(
    struct book_txn *txn, int64_t complaint_id, const char *comment, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE rating SET comment = CASE WHEN comment IS NULL THEN ?2"
                                   " ELSE comment || char(10) || ?2 END WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    stmt_text(&s, comment);
    return stmt_run(&s, fault);
}

enum outcome rating_get(struct book_txn *txn, int64_t complaint_id, int *ret_value, const char **ret_comment,
    struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT value, comment FROM rating WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    bool found = stmt_row(&s);
    *ret_value = found ? (int)stmt_int_at(&s, 0) : 0;
    *ret_comment = found ? stmt_text_at(&s, 1, arena) : NULL;
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
