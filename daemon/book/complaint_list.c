/* Lists and counts. The statement is put together for each filter, so that SQLite sees which conditions there
 * are; values are always bound.
 *
 * With words, the hits of the full text drive the list: message ids are complaint id * 65536 + n, so hits
 * come by complaint, newest first, and the list stops when it is full instead of reading all hits. Without
 * words the list runs down the primary key or down one index (schema/001_book.sql). */
#include "complaint_private.h"
#include "daemon/base/str.h"
#include "message.h"
#include "txn_private.h"
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 8192, LIMIT_MOST = 500, VISIT_ARENA = 1 << 20 };

struct condition_values {
    struct stmt *s;
    const struct complaint_filter *filter;
    const char *query; /* NULL = no words */
    int64_t now;
};

static unsigned open_states(void)
{
    unsigned set = 0;
    for (int i = 0; i < STATE_COUNT; i++)
        if (state_open((enum state)i))
            set |= 1u << i;
    return set;
}

static bool by_date(const struct complaint_filter *f)
{
    return f->overdue || f->soon_until;
}

/* Overdue, or soon: somebody has to act, and not the citizen. */
static unsigned wanted_states(const struct complaint_filter *f)
{
    unsigned set = f->states ? f->states : (1u << STATE_COUNT) - 1;
    if (by_date(f))
        set &= open_states() & ~(1u << STATE_PERLU_DILENGKAPI);
    return set;
}

static void add_set(struct str *sql, const char *before, unsigned set)
{
    const char *separator = before;
    for (int i = 0; i < STATE_COUNT; i++)
        if (set & 1u << i) {
            str_addf(sql, "%s'%s'", separator, state_key((enum state)i));
            separator = ", ";
        }
    str_adds(sql, ")");
}

/* By which index the book is run down. SQLite guesses from nothing (there is no ANALYZE) and would collect
 * and sort all complaints of several states; these yield their rows in order, and a list stops when it is
 * full. */
enum way {
    WAY_WORDS,   /* the hits of the full text */
    WAY_NAMED,   /* what outbox or notice names: few */
    WAY_OVERDUE, /* complaint_due: by date */
    WAY_DESK,    /* open states, by due date: complaint_desk holds all that is needed to sort */
    WAY_STATE,   /* one state: complaint_state, which SQLite finds by itself */
    WAY_OPEN, /* some open states: complaint_open, whose condition must stand in the statement word by word */
    WAY_ALL,  /* the primary key, or the index of another condition: closed states are most of the book */
};

static enum way way_of(const struct complaint_filter *f, bool words)
{
    unsigned set = wanted_states(f);
    if (words)
        return WAY_WORDS;
    if (f->undelivered || f->told || f->helps)
        return WAY_NAMED;
    if (by_date(f) && f->by_due)
        return WAY_OVERDUE;
    if (f->by_due && set && !(set & ~open_states()))
        return WAY_DESK;
    if (!(set & (set - 1)) && set != 1u << STATE_DITUTUP) /* most of the book */
        return WAY_STATE;
    return set & ~open_states() ? WAY_ALL : WAY_OPEN;
}

static void add_from(struct str *sql, const struct complaint_filter *f, bool words)
{
    static const char *const from[] = {
        [WAY_WORDS] = "FROM message_text t CROSS JOIN complaint c ON c.id = t.rowid >> 16 ",
        [WAY_NAMED] = "FROM complaint c ",
        [WAY_OVERDUE] = "FROM complaint c INDEXED BY complaint_due ",
        [WAY_DESK] = "FROM complaint c INDEXED BY complaint_desk ",
        [WAY_STATE] = "FROM complaint c ",
        [WAY_OPEN] = "FROM complaint c INDEXED BY complaint_open ",
        [WAY_ALL] = "FROM complaint c ",
    };
    _Static_assert(MESSAGES_A_COMPLAINT == 0xffff, "the shift above");
    str_adds(sql, from[way_of(f, words)]);
}

/* The plus sign hides a condition from the choice of an index. */
static void add_states(struct str *sql, const struct complaint_filter *f, bool words)
{
    unsigned set = wanted_states(f);
    enum way way = way_of(f, words);
    if (way == WAY_OPEN || way == WAY_DESK)
        add_set(sql, " AND c.state IN (", open_states());
    if (!set)
        str_adds(sql, " AND 0");
    else if (set != (1u << STATE_COUNT) - 1)
        add_set(sql, way == WAY_STATE || way == WAY_DESK ? " AND c.state IN (" : " AND +c.state IN (", set);
}

static bool is_family(const char *channel)
{
    size_t n = strlen(channel);
    return n && channel[n - 1] == ':';
}

/* Conditions and, in bind_conditions(), their values: the same order in both. */
static void add_conditions(struct str *sql, const struct complaint_filter *f, bool words)
{
    str_adds(sql, words ? "WHERE message_text MATCH ?" : "WHERE 1");
    if (f->before_id)
        str_adds(sql, words ? " AND t.rowid < ?" : " AND c.id < ?");
    add_states(sql, f, words);
    if (f->after_id)
        str_adds(sql, " AND c.id > ?");
    if (f->section_id)
        str_adds(sql, way_of(f, words) == WAY_ALL ? " AND c.section_id = ?" : " AND +c.section_id = ?");
    if (f->service_id)
        str_adds(sql, " AND c.service_id = ?");
    if (f->citizen_id)
        str_adds(sql, " AND c.citizen_id = ?");
    if (f->kind)
        str_adds(sql, " AND c.kind = ?");
    if (f->channel)
        str_adds(
            sql, is_family(f->channel) ? " AND substr(c.channel, 1, length(?)) = ?" : " AND c.channel = ?");
    if (f->from)
        str_adds(sql, " AND c.received_at >= ?");
    if (f->to)
        str_adds(sql, " AND c.received_at < ?");
    if (f->overdue)
        str_adds(sql, " AND c.closed_at IS NULL AND c.due_at < ?");
    if (f->soon_until)
        str_adds(sql, " AND c.closed_at IS NULL AND c.due_at >= ? AND c.due_at < ?");
    if (f->undelivered)
        /* the condition of outbox_open word by word, then what of it is asked */
        str_adds(sql, " AND c.id IN (SELECT complaint_id FROM outbox INDEXED BY outbox_open"
                      " WHERE state IN ('antre', 'mengirim', 'gagal', 'tidak_pasti')"
                      " AND state IN ('gagal', 'tidak_pasti') AND handled_at IS NULL"
                      " AND complaint_id IS NOT NULL)");
    if (f->told)
        str_adds(sql, " AND c.id IN (SELECT complaint_id FROM notice INDEXED BY notice_unread_kind"
                      " WHERE officer_id = ? AND kind = ? AND read_at IS NULL AND kind <> 'masuk')");
    if (f->helps)
        str_addf(sql,
            " AND c.id IN (SELECT complaint_id FROM assistance INDEXED BY assistance_helps"
            " WHERE section_id = ? AND ended_at IS NULL%s)",
            f->helps_open ? " AND reported_at IS NULL" : "");
    if (f->hide_rahasia)
        str_adds(sql, " AND c.confidentiality <> 'rahasia'");
}

static void bind_conditions(const struct condition_values *v)
{
    const struct complaint_filter *f = v->filter;
    if (v->query)
        stmt_text(v->s, v->query);
    if (f->before_id)
        stmt_int(v->s, v->query ? f->before_id * (MESSAGES_A_COMPLAINT + 1) : f->before_id);
    if (f->after_id)
        stmt_int(v->s, f->after_id);
    if (f->section_id)
        stmt_int(v->s, f->section_id);
    if (f->service_id)
        stmt_int(v->s, f->service_id);
    if (f->citizen_id)
        stmt_int(v->s, f->citizen_id);
    if (f->kind)
        stmt_text(v->s, f->kind);
    if (f->channel && is_family(f->channel))
        stmt_text(v->s, f->channel);
    if (f->channel)
        stmt_text(v->s, f->channel);
    if (f->from)
        stmt_int(v->s, f->from);
    if (f->to)
        stmt_int(v->s, f->to);
    if (f->overdue)
        stmt_int(v->s, v->now);
    if (f->soon_until) {
        stmt_int(v->s, v->now);
        stmt_int(v->s, f->soon_until);
    }
    if (f->told) {
        stmt_int(v->s, f->told);
        stmt_text(v->s, f->told_kind);
    }
    if (f->helps)
        stmt_int(v->s, f->helps);
}

static int limit_of(const struct complaint_filter *f)
{
    return f->limit < 1 ? 1 : f->limit > LIMIT_MOST ? LIMIT_MOST : f->limit;
}

#define BY_DUE " ORDER BY c.due_at IS NULL, c.due_at, c.id"

/* Sorts what the index holds and fetches only the rows that are shown. */
static void build_desk(struct str *sql, const struct complaint_filter *f)
{
    str_adds(sql, "SELECT " COMPLAINT_COLUMNS "FROM (SELECT c.id AS id ");
    add_from(sql, f, false);
    add_conditions(sql, f, false);
    str_adds(sql, BY_DUE " LIMIT ?");
    str_adds(sql, ") d CROSS JOIN complaint c ON c.id = d.id " COMPLAINT_NAMES BY_DUE);
}

static void build_list(struct str *sql, const struct complaint_filter *f, bool words)
{
    if (way_of(f, words) == WAY_DESK) {
        build_desk(sql, f);
        return;
    }
    str_adds(sql, "SELECT " COMPLAINT_COLUMNS);
    add_from(sql, f, words);
    str_adds(sql, COMPLAINT_NAMES);
    add_conditions(sql, f, words);
    if (f->by_due) /* what is overdue has a date: then the index on it is the order */
        str_adds(sql, by_date(f) ? " ORDER BY c.due_at, c.id" : BY_DUE);
    else if (words)
        str_adds(sql, " ORDER BY t.rowid DESC");
    else
        str_adds(sql, f->after_id ? " ORDER BY c.id" : " ORDER BY c.id DESC");
}

static void build_count(struct str *sql, const struct complaint_filter *f, bool words)
{
    str_adds(sql,
        words ? "SELECT count(*) FROM (SELECT DISTINCT t.rowid >> 16 " : "SELECT count(*) FROM (SELECT 1 ");
    add_from(sql, f, words);
    add_conditions(sql, f, words);
    str_adds(sql, " LIMIT ?)");
}

/* The words as a query. *ret_none: nothing can be found by them. */
static enum outcome read_words(
    const struct complaint_filter *f, char **ret_query, bool *ret_none, struct fault *fault)
{
    *ret_query = NULL;
    bool given = f->words && f->words[strspn(f->words, " \t\r\n")];
    enum outcome outcome = given ? search_query(f->words, ret_query, fault) : OUTCOME_DONE;
    *ret_none = !outcome && given && !*ret_query;
    return outcome;
}

typedef void build_fn(struct str *sql, const struct complaint_filter *f, bool words);

/* Builds, prepares and binds. *ret_query stays borrowed by the statement. */
static enum outcome open_filtered(struct book_txn *txn, const struct complaint_filter *f, build_fn *build,
    struct stmt *ret_s, const char *query, struct fault *fault)
{
    struct str sql;
    str_init(&sql, SQL_MAX);
    build(&sql, f, query);
    bool good = str_ok(&sql);
    if (good) {
        *ret_s = stmt_open_once(txn, sql.data);
        bind_conditions(&(struct condition_values){ret_s, f, query, txn_now(txn)});
    }
    str_release(&sql);
    return good ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a list's statement");
}

/* The arena lives for one row: a list of 500 needs no more memory than the longest of them. */
static enum outcome visit_row(const struct stmt *s, complaint_visit *visit, void *arg, struct fault *fault)
{
    struct complaint c;
    struct arena *arena = arena_new(VISIT_ARENA);
    if (!arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a row of a list");
    complaint_read(s, &c, arena);
    enum outcome outcome = stmt_arena(arena, fault);
    if (!outcome)
        outcome = visit(arg, &c, fault);
    arena_free(arena);
    return outcome;
}

/* By due date the hits of one complaint lie together too: same date, same id. */
static enum outcome visit_rows(
    struct stmt *s, int limit, complaint_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    int64_t last_id = 0;
    for (int n = 0; !outcome && n < limit && stmt_row(s);) {
        if (stmt_int_at(s, 0) == last_id)
            continue;
        last_id = stmt_int_at(s, 0);
        outcome = visit_row(s, visit, arg, fault);
        n++;
    }
    enum outcome closed = stmt_close(s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome complaint_list(struct book_txn *txn, const struct complaint_filter *filter,
    complaint_visit *visit, void *arg, struct fault *fault)
{
    char *query;
    bool none;
    struct stmt s;
    enum outcome outcome = read_words(filter, &query, &none, fault);
    if (!outcome && !none) {
        outcome = open_filtered(txn, filter, build_list, &s, query, fault);
        if (!outcome && way_of(filter, query) == WAY_DESK)
            stmt_int(&s, limit_of(filter));
        if (!outcome)
            outcome = visit_rows(&s, limit_of(filter), visit, arg, fault);
    }
    free(query);
    return outcome;
}

enum outcome complaint_count(
    struct book_txn *txn, const struct complaint_filter *filter, int64_t *ret_count, struct fault *fault)
{
    char *query;
    bool none;
    struct stmt s;
    int64_t count = 0;
    enum outcome outcome = read_words(filter, &query, &none, fault);
    if (!outcome && !none) {
        outcome = open_filtered(txn, filter, build_count, &s, query, fault);
        if (!outcome) {
            stmt_int(&s, filter->count_most ? filter->count_most : -1);
            count = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
            outcome = stmt_close(&s, fault);
        }
    }
    free(query);
    if (!outcome)
        *ret_count = count;
    return outcome;
}
