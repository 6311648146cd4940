#include "skm_form.h"
#include "stmt.h"

enum outcome skm_form_add(
    struct book_txn *txn, const struct skm_form *form, bool *ret_new, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "INSERT INTO skm_form (sent, at, way, service, gender, age, education, job, suggestion, officer_id,"
        " u1, u2, u3, u4, u5, u6, u7, u8, u9) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT (sent) DO NOTHING");
    stmt_text(&s, form->sent);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, form->way);
    stmt_text(&s, form->service);
    stmt_text(&s, form->gender);
    stmt_id(&s, form->age);
    stmt_text(&s, form->education);
    stmt_text(&s, form->job);
    stmt_text(&s, form->suggestion);
    stmt_id(&s, form->officer_id);
    for (int u = 0; u < SKM_UNSUR; u++)
        stmt_id(&s, form->scores[u]);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_new = !outcome && stmt_changes(txn) > 0;
    return outcome;
}

enum outcome skm_form_sum(
    struct book_txn *txn, int64_t from, int64_t to, struct skm *ret, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT count(*), sum(u1), count(u1), sum(u2), count(u2), sum(u3), count(u3), sum(u4), count(u4),"
        " sum(u5), count(u5), sum(u6), count(u6), sum(u7), count(u7), sum(u8), count(u8), sum(u9), count(u9)"
        " FROM skm_form WHERE at >= ?1 AND at < ?2");
    stmt_int(&s, from);
    stmt_int(&s, to);
    *ret = (struct skm){0};
    if (stmt_row(&s)) {
        ret->forms = stmt_int_at(&s, 0);
        for (int u = 0; u < SKM_UNSUR; u++) {
            ret->sum[u] = stmt_int_at(&s, 1 + 2 * u);
            ret->count[u] = stmt_int_at(&s, 2 + 2 * u);
        }
    }
    return stmt_close(&s, fault);
}

#define COUNTED ", count(*) FROM skm_form WHERE at >= ?1 AND at < ?2 GROUP BY 1 ORDER BY 2 DESC, 1"

static struct stmt open_counts(struct book_txn *txn, enum skm_trait trait)
{
    switch (trait) {
    case SKM_SERVICE:
        return stmt_open(txn, "SELECT service" COUNTED);
    case SKM_GENDER:
        return stmt_open(txn, "SELECT gender" COUNTED);
    case SKM_AGE:
        return stmt_open(txn, "SELECT CASE WHEN age <= 25 THEN 'sampai 25' WHEN age <= 40 THEN '26–40'"
                              " WHEN age <= 60 THEN '41–60' WHEN age > 60 THEN 'di atas 60' END" COUNTED);
    case SKM_EDUCATION:
        return stmt_open(txn, "SELECT education" COUNTED);
    case SKM_JOB:
        return stmt_open(txn, "SELECT job" COUNTED);
    case SKM_WAY:
    case SKM_TRAITS:
        break;
    }
    return stmt_open(txn, "SELECT way" COUNTED);
}

enum outcome skm_form_counts(struct book_txn *txn, enum skm_trait trait, int64_t from, int64_t to,
    struct skm_count **ret_counts, struct arena *arena, struct fault *fault)
{
    struct skm_count **last = ret_counts;
    struct stmt s = open_counts(txn, trait);
    stmt_int(&s, from);
    stmt_int(&s, to);
    *ret_counts = NULL;
    while (stmt_row(&s)) {
        struct skm_count *c = arena_alloc(arena, sizeof *c);
        if (!c)
            break;
        *c = (struct skm_count){.value = stmt_text_at(&s, 0, arena), .count = stmt_int_at(&s, 1)};
        *last = c;
        last = &c->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome skm_form_suggestions(struct book_txn *txn, int64_t from, int64_t to, int most,
    struct skm_suggestion **ret_list, struct arena *arena, struct fault *fault)
{
    struct skm_suggestion **last = ret_list;
    struct stmt s = stmt_open(txn, "SELECT suggestion FROM skm_form WHERE at >= ?1 AND at < ?2"
                                   " AND suggestion IS NOT NULL ORDER BY id DESC LIMIT ?3");
    stmt_int(&s, from);
    stmt_int(&s, to);
    stmt_int(&s, most);
    *ret_list = NULL;
    while (stmt_row(&s)) {
        struct skm_suggestion *row = arena_alloc(arena, sizeof *row);
        if (!row)
            break;
        row->text = stmt_text_at(&s, 0, arena);
        *last = row;
        last = &row->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
