#include "publication.h"
#include "publication_private.h"
#include "stmt.h"
#include <string.h>

enum { WORD_MAX = 64, VISIT_ARENA = 1 << 17 };

#define FROM                                                                                                 \
    " FROM publication p JOIN complaint c ON c.id = p.complaint_id LEFT JOIN service v ON v.id = "           \
    "c.service_id "
#define COLUMNS                                                                                              \
    "SELECT p.complaint_id, p.title, p.problem, p.result, p.place, p.working_days, p.published_at,"          \
    " p.changed_at, p.withdrawn_at, p.officer_id, " PUBLICATION_SHOWN ", v.name, v.key, c.received_at" FROM

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
    struct stmt s = stmt_open(txn, COLUMNS "WHERE p.complaint_id = ?1");
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

/* *ret_count words, lower case as far as ASCII goes, which is what SQLite's lower() does too. */
static void split_words(const char *text, struct word words[PUBLICATION_WORDS], int *ret_count)
{
    *ret_count = 0;
    for (const char *p = text ? text : ""; *p && *ret_count < PUBLICATION_WORDS;) {
        size_t blank = strspn(p, " \t\r\n"), n = strcspn(p + blank, " \t\r\n");
        p += blank;
        if (n && n < WORD_MAX) {
            struct word *w = &words[(*ret_count)++];
            for (size_t i = 0; i <= n; i++)
                w->text[i] = (char)(i == n ? 0 : p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]);
        }
        p += n;
    }
}

/* One statement for all filters; what is not asked for is NULL. */
#define HAY "lower(p.title || ' ' || p.problem || ' ' || p.result || ' ' || coalesce(p.place, ''))"
#define WORD(n) " AND (?" n " IS NULL OR instr(" HAY ", ?" n "))"
#define FILTERED                                                                                             \
    "WHERE " PUBLICATION_SHOWN " AND (?1 IS NULL OR v.key = ?1) AND (?2 IS NULL OR p.place = ?2)"            \
    " AND p.published_at >= ?3 AND p.published_at < ?4" WORD("5") WORD("6") WORD("7") WORD("8") WORD("9")    \
        WORD("10") WORD("11") WORD("12")

/* words are borrowed by the statement. */
static void bind_filter(
    struct stmt *s, const struct publication_filter *f, struct word words[PUBLICATION_WORDS])
{
    int count;
    split_words(f->words, words, &count);
    stmt_text(s, f->service);
    stmt_text(s, f->place);
    stmt_int(s, f->from);
    stmt_int(s, f->to ? f->to : INT64_MAX);
    for (int i = 0; i < PUBLICATION_WORDS; i++)
        stmt_text(s, i < count ? words[i].text : NULL);
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
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(
        txn, COLUMNS FILTERED " ORDER BY p.published_at DESC, p.complaint_id DESC LIMIT ?13 OFFSET ?14");
    bind_filter(&s, filter, words);
    stmt_int(&s, filter->limit < 1 ? 1 : filter->limit > PUBLICATION_MOST ? PUBLICATION_MOST : filter->limit);
    stmt_int(&s, filter->skip > 0 ? filter->skip : 0);
    while (!outcome && stmt_row(&s))
        outcome = visit_row(&s, visit, arg, fault);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome publication_count(
    struct book_txn *txn, const struct publication_filter *filter, int64_t *ret_count, struct fault *fault)
{
    struct word words[PUBLICATION_WORDS];
    struct stmt s = stmt_open(txn, "SELECT count(*)" FROM FILTERED);
    bind_filter(&s, filter, words);
    return stmt_value(&s, ret_count, fault);
}

enum outcome publication_places(struct book_txn *txn, int most, const char ***ret_places, size_t *ret_count,
    struct arena *arena, struct fault *fault)
{
    const char **places = arena_alloc(arena, (size_t)most * sizeof *places);
    size_t count = 0;
    struct stmt s = stmt_open(txn, "SELECT DISTINCT p.place" FROM
                                   "WHERE p.place IS NOT NULL AND " PUBLICATION_SHOWN " ORDER BY 1 LIMIT ?1");
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
    struct stmt s = stmt_open(txn, "SELECT min(p.published_at)" FROM "WHERE " PUBLICATION_SHOWN);
    return stmt_value(&s, ret_at, fault);
}
