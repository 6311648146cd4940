#include "service_request.h"
#include "publication_private.h"
#include "stmt.h"

static bool read_row(const struct stmt *s, struct service_request *r)
{
    const char *state = stmt_peek_text(s, 1);
    bool published = stmt_int_at(s, 2) != 0;
    *r = (struct service_request){.id = stmt_int_at(s, 0),
        .published = published,
        .own = stmt_int_at(s, 3) != 0,
        .problem = published ? stmt_peek_text(s, 4) : NULL,
        .result = published ? stmt_peek_text(s, 5) : NULL,
        .place = published ? stmt_peek_text(s, 6) : NULL,
        .service_key = stmt_peek_text(s, 7),
        .service = stmt_peek_text(s, 8),
        .section = stmt_peek_text(s, 9),
        .received_at = stmt_int_at(s, 10),
        .changed_at = stmt_int_at(s, published ? 12 : 11),
        .due_at = stmt_int_at(s, 13)};
    return state && state_from_key(state, &r->state);
}

enum outcome service_request_list(struct book_txn *txn, const struct service_request_filter *filter,
    service_request_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool enough = false;
    struct stmt s = stmt_open(txn,
        "SELECT c.id, c.state, p.complaint_id IS NOT NULL AND " PUBLICATION_SHOWN
        " AS shown, c.channel IS ?1 AS own,"
        " p.problem, p.result, p.place, v.key, v.name, x.name, c.received_at, c.state_since, p.changed_at, "
        "c.due_at"
        " FROM complaint c LEFT JOIN publication p ON p.complaint_id = c.id"
        " LEFT JOIN service v ON v.id = c.service_id LEFT JOIN section x ON x.id = c.section_id"
        " WHERE c.received_at >= ?2 AND c.received_at < ?3 AND (?4 = 0 OR c.id = ?4) AND (shown OR own)"
        " ORDER BY c.received_at DESC, c.id DESC");
    stmt_text(&s, filter->channel ? filter->channel : "");
    stmt_int(&s, filter->from);
    stmt_int(&s, filter->to);
    stmt_int(&s, filter->id);
    while (!outcome && !enough && stmt_row(&s)) {
        struct service_request r;
        outcome = read_row(&s, &r) ? visit(arg, &r, &enough, fault)
                                   : fault_set(fault, OUTCOME_STOP, NULL, "a complaint in no known state");
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
