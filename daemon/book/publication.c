#include "publication.h"
#include "publication_private.h"
#include "daemon/base/str.h"
#include "stmt.h"
#include <string.h>

enum { WORD_MAX = 64, VISIT_ARENA = 1 << 17, SQL_MAX = 4096 };

/* CROSS JOIN: publications are few among complaints, and SQLite, which guesses from nothing, would begin with all that are
 * closed. */
#define FROM                                                                                                 \
    " FROM publication p CROSS JOIN complaint c ON c.id = p.complaint_id LEFT JOIN service v ON v.id = "     \
    "c.service_id "
#define COLUMNS                                                                                              \
    "SELECT p.complaint_id, p.title, p.problem, p.result, p.place, p.working_days, p.published_at,"          \
    " p.changed_at, p.withdrawn_at, p.officer_id, " PUBLICATION_SHOWN ", v.name, v.key, c.received_at"

static struct publication read_row(const struct stmt *s, struct arena *arena)
{
    return (struct publication){.complaint_id = stmt_int_at(s, 0),
        .title = stmt_text_at(s, 1, arena),
        .problem = stmt_text_at(s, 2, arena),
        .result = stmt_text_at(s, 3, arena),
        .place = stmt_text_at(s, 4, arena),
        .working_days = (int)stmt_int_at(s, 5),
        .published_at = stmt_int_at(s, 6),
        .changed_at = stmt_int_at(s, 7),
        .withdrawn_at = stmt_int_at(s, 8),
        .officer_id = stmt_int_at(s, 9),
        .shown = stmt_int_at(s, 10) != 0,
        .service = stmt_text_at(s, 11, arena),
        .service_key = stmt_text_at(s, 12, arena),
        .received_at = stmt_int_at(s, 13)};
}

enum outcome publication_get(struct book_txn *txn, int64_t complaint_id, struct publication *ret,
    struct arena *arena, struct fault *fault)
{
    struct publication p = {0};
    struct stmt s = stmt_open(txn, COLUMNS FROM "WHERE p.complaint_id = ?1");
    stmt_int(&s, complaint_id);
    if (stmt_row(&s))
        p = read_row(&s, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = p;
    return outcome;
}

static enum outcome write_row(struct stmt s, const struct publication *p, int64_t now, struct fault *fault)
{
    stmt_int(&s, p->complaint_id);
    stmt_text(&s, p->title);
    stmt_text(&s, p->problem);
    stmt_text(&s, p->result);
    stmt_text(&s, p->place);
    stmt_int(&s, p->working_days);
    stmt_int(&s, now);
    stmt_int(&s, p->officer_id);
    return stmt_run(&s, fault);
}

enum outcome publication_put(struct book_txn *txn, const struct publication *p, struct fault *fault)
{
    enum outcome outcome =
        write_row(stmt_open(txn, "UPDATE publication SET title = ?2, problem = ?3, result = ?4, place = ?5,"
                                 " working_days = ?6, changed_at = ?7, officer_id = ?8, withdrawn_at = NULL"
                                 " WHERE complaint_id = ?1"),
            p, txn_now(txn), fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    return write_row(
        stmt_open(txn, "INSERT INTO publication (complaint_id, title, problem, result, place, working_days,"
                       " changed_at, officer_id, published_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7)"),
        p, txn_now(txn), fault);
}

enum outcome publication_withdraw(
    struct book_txn *txn, int64_t complaint_id, int64_t officer_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE publication SET withdrawn_at = ?2, changed_at = ?2, officer_id = ?3"
                       " WHERE complaint_id = ?1 AND withdrawn_at IS NULL");
    stmt_int(&s, complaint_id);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}

/* ---- lists ---- */

struct word {
    char text[WORD_MAX];
};

static void split_words(const char *text, struct word words[PUBLICATION_WORDS], int *ret_count)
{
    *ret_count = 0;
    for (const char *p = text ? text : ""; *p && *ret_count < PUBLICATION_WORDS;) {
        size_t blank = strspn(p, " \t\r\n"), n = strcspn(p + blank, " \t\r\n");
        p += blank;
        if (n && n < WORD_MAX) {
            struct word *w = &words[(*ret_count)++];
            memcpy(w->text, p, n);
            w->text[n] = 0;
        }
        p += n;
    }
}

/* Put together for each filter, so that SQLite sees which conditions there are; values are always bound, in the order of
 * bind_filter(). */
static void build_filter(struct str *sql, const struct publication_filter *f, int words)
{
    str_adds(sql, FROM "WHERE " PUBLICATION_SHOWN);
    if (f->service)
        str_adds(sql, " AND v.key = ?");
    if (f->place)
        str_adds(sql, " AND p.place = ?");
    if (f->from)
        str_adds(sql, " AND p.published_at >= ?");
    if (f->to)
        str_adds(sql, " AND p.published_at < ?");
    for (int i = 0; i < words; i++)
        str_adds(sql, " AND mentions(?, p.title, p.problem, p.result, p.place)" /* search.c */);
}

static void bind_filter(
    struct stmt *s, const struct publication_filter *f, const struct word *words, int word_count)
{
    if (f->service)
        stmt_text(s, f->service);
    if (f->place)
        stmt_text(s, f->place);
    if (f->from)
        stmt_int(s, f->from);
    if (f->to)
        stmt_int(s, f->to);
    for (int i = 0; i < word_count; i++)
        stmt_text(s, words[i].text);
}

static void build_list(struct str *sql, const struct publication_filter *f, int words)
{
    str_adds(sql, COLUMNS);
    build_filter(sql, f, words);
    str_adds(sql, " ORDER BY p.published_at DESC, p.complaint_id DESC LIMIT ? OFFSET ?");
}

static void build_count(struct str *sql, const struct publication_filter *f, int words)
{
    str_adds(sql, "SELECT count(*) FROM (SELECT 1");
    build_filter(sql, f, words);
    str_adds(sql, " LIMIT ?)");
}

/* The filter's values are bound; words are borrowed by the statement. */
static enum outcome open_filtered(struct book_txn *txn, const struct publication_filter *f,
    void (*build)(struct str *sql, const struct publication_filter *f, int words),
    struct word words[PUBLICATION_WORDS], struct stmt *ret, struct fault *fault)
{
    int count;
    struct str sql;
    split_words(f->words, words, &count);
    str_init(&sql, SQL_MAX);
    build(&sql, f, count);
    bool good = str_ok(&sql);
    if (good) {
        *ret = stmt_open_once(txn, sql.data);
        bind_filter(ret, f, words, count);
    }
    str_release(&sql);
    return good ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a list's statement");
}

static enum outcome visit_row(const struct stmt *s, publication_visit *visit, void *arg, struct fault *fault)
{
    struct arena *arena = arena_new(VISIT_ARENA);
    if (!arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a row of a list");
    struct publication p = read_row(s, arena);
    enum outcome outcome = stmt_arena(arena, fault);
    if (!outcome)
        outcome = visit(arg, &p, fault);
    arena_free(arena);
    return outcome;
}

enum outcome publication_list(struct book_txn *txn, const struct publication_filter *filter,
    publication_visit *visit, void *arg, struct fault *fault)
{
    struct word words[PUBLICATION_WORDS];
    struct stmt s;
    enum outcome outcome = open_filtered(txn, filter, build_list, words, &s, fault);
    if (outcome)
        return outcome;
    stmt_int(&s, filter->limit < 1 ? 1 : filter->limit > PUBLICATION_MOST ? PUBLICATION_MOST : filter->limit);
    stmt_int(&s, filter->skip > 0 ? filter->skip : 0);
    while (!outcome && stmt_row(&s))
        outcome = visit_row(&s, visit, arg, fault);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome publication_count(struct book_txn *txn, const struct publication_filter *filter, int64_t most,
    int64_t *ret_count, struct fault *fault)
{
    struct word words[PUBLICATION_WORDS];
    struct stmt s;
    enum outcome outcome = open_filtered(txn, filter, build_count, words, &s, fault);
    if (outcome)
        return outcome;
    stmt_int(&s, most);
    return stmt_value(&s, ret_count, fault);
}

/* From one place to the next one by the index, then whether one of it is shown: reading all of many to find the few
 * places they are of took as long as the rest of the page. */
enum outcome publication_places(struct book_txn *txn, int most, const char ***ret_places, size_t *ret_count,
    struct arena *arena, struct fault *fault)
{
    const char **places = arena_alloc(arena, (size_t)most * sizeof *places);
    size_t count = 0;
    struct stmt s = stmt_open(txn,
        "WITH RECURSIVE every (place) AS (SELECT min(place) FROM publication WHERE withdrawn_at IS NULL"
        " AND place IS NOT NULL UNION ALL SELECT (SELECT min(n.place) FROM publication n"
        " WHERE n.withdrawn_at IS NULL AND n.place IS NOT NULL AND n.place > e.place) FROM every e"
        " WHERE e.place IS NOT NULL)"
        " SELECT e.place FROM every e WHERE e.place IS NOT NULL AND EXISTS (SELECT 1 FROM publication p"
        " CROSS JOIN complaint c ON c.id = p.complaint_id WHERE p.place = e.place AND " PUBLICATION_SHOWN
        ") LIMIT ?1");
    stmt_int(&s, most);
    while (places && count < (size_t)most && stmt_row(&s))
        places[count++] = stmt_text_at(&s, 0, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    *ret_places = places;
    *ret_count = outcome ? 0 : count;
    return outcome;
}

enum outcome publication_first(struct book_txn *txn, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT p.published_at FROM publication p CROSS JOIN complaint c"
        " ON c.id = p.complaint_id WHERE " PUBLICATION_SHOWN " ORDER BY p.published_at LIMIT 1");
    return stmt_value(&s, ret_at, fault);
}
