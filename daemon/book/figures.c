#include "figures.h"
#include "stmt.h"
#include <string.h>

static const char *const archived_words[ARCHIVED_WAYS] = {
    [ARCHIVED_WITHDRAWN] = "ditarik", [ARCHIVED_INCOMPLETE] = "tidak_lengkap", [ARCHIVED_OTHER] = "lain"};

static enum evaluation_archived archived(const char *word)
{
    int i = 0;
    while (i + 1 < ARCHIVED_WAYS && (!word || strcmp(word, archived_words[i])))
        i++;
    return (enum evaluation_archived)i;
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
                                    .compensated = stmt_int_at(s, 12) != 0,
                                    .archived = archived(stmt_peek_text(s, 11))},
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
        " c.section_id, h.judged_at, h.reopened_at, h.archived_as, k.complaint_id"
        " FROM complaint c LEFT JOIN rating r ON r.complaint_id = c.id"
        " LEFT JOIN handling h ON h.complaint_id = c.id"
        " LEFT JOIN compensation k ON k.complaint_id = c.id"
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

/* ---- with each event ---- */

/* What an officer may do first with a complaint. */
static bool judges(const char *kind, const char *actor)
{
    static const char *const kinds[] = {"verifikasi", "tanya", "teruskan", "rujuk", "gabung", "arsipkan"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && strchr(actor, ':'); i++)
        if (!strcmp(kind, kinds[i]))
            return true;
    return false;
}

static const char *archived_word(const char *actor, const json_t *data)
{
    const char *from = json_string_value(json_object_get(data, "from"));
    return archived_words[!strcmp(actor, "pengadu")                   ? ARCHIVED_WITHDRAWN
                          : from && !strcmp(from, "perlu_dilengkapi") ? ARCHIVED_INCOMPLETE
                                                                      : ARCHIVED_OTHER];
}

/* What is NULL or 0 leaves what is there. */
static enum outcome write_row(struct stmt s, int64_t complaint_id, int64_t judged_at, int64_t reopened_at,
    const char *archived_as, struct fault *fault)
{
    stmt_int(&s, complaint_id);
    stmt_id(&s, judged_at);
    stmt_id(&s, reopened_at);
    stmt_text(&s, archived_as);
    return stmt_run(&s, fault);
}

/* A reopening that was taken back was none. */
static enum outcome note_undone(
    struct book_txn *txn, int64_t complaint_id, const json_t *data, struct fault *fault)
{
    const char *act = json_string_value(json_object_get(data, "act"));
    if (!act || strcmp(act, "buka_kembali"))
        return OUTCOME_DONE;
    struct stmt s =
        stmt_open(txn, "UPDATE handling SET reopened_at = (SELECT max(at) FROM event WHERE complaint_id = ?1"
                       " AND kind = 'buka_kembali' AND at < ?2) WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    stmt_int(&s, json_integer_value(json_object_get(data, "done_at")));
    return stmt_run(&s, fault);
}

enum outcome figures_note(struct book_txn *txn, int64_t complaint_id, const char *kind, const char *actor,
    const json_t *data, struct fault *fault)
{
    if (!strcmp(kind, "dibatalkan"))
        return note_undone(txn, complaint_id, data, fault);
    int64_t judged_at = judges(kind, actor) ? txn_now(txn) : 0;
    int64_t reopened_at = strcmp(kind, "buka_kembali") ? 0 : txn_now(txn);
    const char *archived_as = strcmp(kind, "arsipkan") ? NULL : archived_word(actor, data);
    if (!judged_at && !reopened_at && !archived_as)
        return OUTCOME_DONE;
    enum outcome outcome = write_row(
        stmt_open(txn, "UPDATE handling SET judged_at = coalesce(judged_at, ?2),"
                       " reopened_at = coalesce(?3, reopened_at), archived_as = coalesce(?4, archived_as)"
                       " WHERE complaint_id = ?1"),
        complaint_id, judged_at, reopened_at, archived_as, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    return write_row(stmt_open(txn, "INSERT INTO handling (complaint_id, judged_at, reopened_at, archived_as)"
                                    " VALUES (?1, ?2, ?3, ?4)"),
        complaint_id, judged_at, reopened_at, archived_as, fault);
}
