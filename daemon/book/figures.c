#include "figures.h"
#include "stmt.h"
#include <string.h>

/* Who archived it, and from where: the last time. */
static enum evaluation_archived archived(const char *actor, const char *from)
{
    if (actor && !strcmp(actor, "pengadu"))
        return ARCHIVED_WITHDRAWN;
    return from && !strcmp(from, "perlu_dilengkapi") ? ARCHIVED_INCOMPLETE : ARCHIVED_OTHER;
}

static bool read_row(const struct stmt *s, struct figures_row *row)
{
    const char *kind = stmt_peek_text(s, 1), *state = stmt_peek_text(s, 2), *channel = stmt_peek_text(s, 6);
    *row = (struct figures_row){.fact = {.received_at = stmt_int_at(s, 0),
                                    .suggestion = kind && !strcmp(kind, "aspirasi"),
                                    .due_at = stmt_int_at(s, 3),
                                    .answered_at = stmt_int_at(s, 4),
                                    .rating = (int)stmt_int_at(s, 5),
                                    .judged_at = stmt_int_at(s, 9),
                                    .reopened = stmt_int_at(s, 10) != 0,
                                    .archived = archived(stmt_peek_text(s, 11), stmt_peek_text(s, 12))},
        .channel = channel,
        .service_id = stmt_int_at(s, 7),
        .section_id = stmt_int_at(s, 8)};
    return channel && state && state_from_key(state, &row->fact.state);
}

enum outcome figures_list(
    struct book_txn *txn, int64_t from, int64_t to, figures_visit *visit, void *arg, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT c.received_at, c.kind, c.state, c.due_at, c.answered_at, r.value, c.channel, c.service_id,"
        " c.section_id,"
        " (SELECT min(e.at) FROM event e WHERE e.complaint_id = c.id AND e.actor GLOB '*:*' AND e.kind IN"
        "  ('verifikasi', 'tanya', 'teruskan', 'rujuk', 'gabung', 'arsipkan')),"
        " EXISTS (SELECT 1 FROM event e WHERE e.complaint_id = c.id AND e.kind = 'buka_kembali'),"
        " (SELECT e.actor FROM event e WHERE e.complaint_id = c.id AND e.kind = 'arsipkan'"
        "  ORDER BY e.id DESC LIMIT 1),"
        " (SELECT json_extract(e.data, '$.from') FROM event e WHERE e.complaint_id = c.id"
        "  AND e.kind = 'arsipkan' ORDER BY e.id DESC LIMIT 1)"
        " FROM complaint c LEFT JOIN rating r ON r.complaint_id = c.id"
        " WHERE c.received_at >= ?1 AND c.received_at < ?2 ORDER BY c.received_at");
    enum outcome outcome = OUTCOME_DONE;
    stmt_int(&s, from);
    stmt_int(&s, to);
    while (!outcome && stmt_row(&s)) {
        struct figures_row row;
        outcome = read_row(&s, &row) ? visit(arg, &row, fault)
                                     : fault_set(fault, OUTCOME_STOP, NULL,
                                           "a complaint without a channel or with no known state");
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome figures_first(struct book_txn *txn, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT min(received_at) FROM complaint");
    return stmt_value(&s, ret_at, fault);
}
