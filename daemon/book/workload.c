#include "workload.h"
#include "stmt.h"

/* The condition is that of the index complaint_desk, word by word. */
#define OPEN                                                                                                 \
    "state IN ('masuk', 'perlu_dilengkapi', 'diverifikasi', 'diteruskan', 'didisposisikan', "                \
    "'ditindaklanjuti', 'menunggu_persetujuan', 'disetujui', 'dibuka_kembali')"

enum outcome workload_list(struct book_txn *txn, int64_t soon_until, bool hide_rahasia, workload_visit *visit,
    void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn,
        "SELECT t.state, t.section_id, x.name, t.late, t.soon, t.fine FROM (SELECT state, section_id,"
        " sum(due_at < ?1) AS late, sum(due_at >= ?1 AND due_at < ?2) AS soon,"
        " sum(due_at IS NULL OR due_at >= ?2) AS fine FROM complaint INDEXED BY complaint_desk WHERE " OPEN
        " AND (?3 = 0 OR confidentiality <> 'rahasia') GROUP BY state, section_id) t"
        " LEFT JOIN section x ON x.id = t.section_id ORDER BY x.name IS NULL, x.name, t.state");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, soon_until);
    stmt_int(&s, hide_rahasia);
    while (!outcome && stmt_row(&s)) {
        struct workload load = {.section_id = stmt_int_at(&s, 1),
            .section = stmt_peek_text(&s, 2),
            .late = stmt_int_at(&s, 3),
            .soon = stmt_int_at(&s, 4),
            .fine = stmt_int_at(&s, 5)};
        if (!state_from_key(stmt_peek_text(&s, 0), &load.state))
            continue;
        if (load.state == STATE_PERLU_DILENGKAPI) {
            load.pause = load.late + load.soon + load.fine;
            load.late = load.soon = load.fine = 0;
        }
        outcome = visit(arg, &load, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome workload_day(
    struct book_txn *txn, int64_t from, int64_t to, struct workload_day *ret, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT (SELECT count(*) FROM complaint WHERE received_at >= ?1 AND received_at < ?2), a.*, r.* FROM"
        " (SELECT count(*), total(due_at < answered_at) FROM complaint WHERE answered_at >= ?1 AND "
        "answered_at < ?2) a,"
        " (SELECT count(*), total(value >= 3) FROM rating WHERE at >= ?1 AND at < ?2) r");
    stmt_int(&s, from);
    stmt_int(&s, to);
    struct workload_day day = {0};
    if (stmt_row(&s))
        day = (struct workload_day){.received = stmt_int_at(&s, 0),
            .answered = stmt_int_at(&s, 1),
            .answered_late = stmt_int_at(&s, 2),
            .rated = stmt_int_at(&s, 3),
            .satisfied = stmt_int_at(&s, 4)};
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        *ret = day;
    return outcome;
}

/* By arrival_at: SQLite would go through all arrivals there are, in the order of the groups. */
enum outcome workload_ledger(
    struct book_txn *txn, int64_t since, workload_ledger_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s =
        stmt_open(txn, "SELECT a.channel, a.outcome, a.reason, count(*),"
                       " sum(a.outcome IN ('dibuka', 'ditambahkan') AND c.id IS NULL)"
                       " FROM arrival a INDEXED BY arrival_at"
                       " LEFT JOIN complaint c ON c.id = a.complaint_id WHERE a.at >= ?1 GROUP BY a.channel, "
                       "a.outcome, a.reason"
                       " ORDER BY a.channel, count(*) DESC");
    stmt_int(&s, since);
    while (!outcome && stmt_row(&s))
        outcome = visit(arg, stmt_peek_text(&s, 0), stmt_peek_text(&s, 1), stmt_peek_text(&s, 2),
            stmt_int_at(&s, 3), stmt_int_at(&s, 4), fault);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
