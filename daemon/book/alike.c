#include "alike.h"
#include "stmt.h"
#include <string.h>

/* The first complaint received since then. Ids grow as time does, and a range of them needs no other index. */
static enum outcome first_since(struct book_txn *txn, int64_t since, int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT id FROM complaint WHERE received_at >= ?1 ORDER BY received_at LIMIT 1");
    stmt_int(&s, since);
    return stmt_value(&s, ret_id, fault);
}

enum outcome alike_unseen(struct book_txn *txn, int64_t since, size_t most, int64_t *ret_ids,
    size_t *ret_count, struct fault *fault)
{
    int64_t first = 0, last = 0;
    enum outcome outcome = first_since(txn, since, &first, fault);
    struct stmt s = stmt_open(txn, "SELECT max(complaint_id) FROM alike_words");
    enum outcome closed = stmt_value(&s, &last, outcome ? NULL : fault);
    *ret_count = 0;
    if (outcome || closed || !first)
        return outcome ? outcome : closed;
    s = stmt_open(txn, "SELECT id FROM complaint WHERE id > ?1 ORDER BY id LIMIT ?2");
    stmt_int(&s, last >= first ? last : first - 1);
    stmt_int(&s, (int64_t)most);
    while (*ret_count < most && stmt_row(&s))
        ret_ids[(*ret_count)++] = stmt_int_at(&s, 0);
    return stmt_close(&s, fault);
}

static void read_subject(const struct stmt *s, struct alike_subject *subject, struct arena *arena)
{
    size_t size = 0;
    *subject = (struct alike_subject){.complaint_id = stmt_int_at(s, 0),
        .main_id = stmt_int_at(s, 1),
        .sketch.words = (size_t)stmt_int_at(s, 4),
        .facts = {.at = stmt_int_at(s, 2),
            .citizen_id = stmt_int_at(s, 3),
            .place = stmt_text_at(s, 6, arena),
            .service = stmt_text_at(s, 7, arena)}};
    const void *keys = stmt_peek_blob(s, 5, &size);
    if (keys && size <= sizeof subject->sketch.keys) {
        memcpy(subject->sketch.keys, keys, size);
        subject->sketch.count = size / sizeof subject->sketch.keys[0];
    }
    subject->facts.sketch = &subject->sketch;
}

enum outcome alike_window(struct book_txn *txn, int64_t since, size_t most, struct alike_subject **ret_list,
    size_t *ret_count, struct arena *arena, struct fault *fault)
{
    int64_t first = 0;
    struct alike_subject *list = arena_alloc(arena, (most + 1) * sizeof *list);
    enum outcome outcome = first_since(txn, since, &first, fault);
    *ret_list = list;
    *ret_count = 0;
    if (outcome || !first)
        return outcome;
    /* Whose identity is hidden is nobody's "same person". */
    struct stmt s = stmt_open(txn, "SELECT c.id, c.main_id, c.received_at,"
                                   " CASE WHEN c.confidentiality = 'rahasia' THEN 0 ELSE c.citizen_id END,"
                                   " w.words, w.sketch, w.place, w.service"
                                   " FROM alike_words w JOIN complaint c ON c.id = w.complaint_id"
                                   " WHERE w.complaint_id >= ?1 ORDER BY w.complaint_id DESC LIMIT ?2");
    stmt_int(&s, first);
    stmt_int(&s, (int64_t)most);
    while (list && *ret_count < most && stmt_row(&s))
        read_subject(&s, &list[(*ret_count)++], arena);
    outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome alike_put(struct book_txn *txn, const struct alike_subject *subject, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO alike_words (complaint_id, words, sketch, place, service)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (complaint_id) DO NOTHING");
    stmt_int(&s, subject->complaint_id);
    stmt_int(&s, (int64_t)subject->sketch.words);
    stmt_blob(&s, subject->sketch.keys, subject->sketch.count * sizeof subject->sketch.keys[0]);
    stmt_text(&s, subject->facts.place);
    stmt_text(&s, subject->facts.service);
    return stmt_run(&s, fault);
}

enum outcome alike_found(struct book_txn *txn, int64_t complaint_id, int64_t other_id, int points,
    const char *reasons, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO alike (complaint_id, other_id, points, reasons, at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (complaint_id, other_id) DO NOTHING");
    stmt_int(&s, complaint_id);
    stmt_int(&s, other_id);
    stmt_int(&s, points);
    stmt_text(&s, reasons);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

/* Two of a mass that were joined to one main complaint stand there once. */
static struct alike_pair **place_for(struct alike_pair **list, int64_t other_id, bool *ret_known)
{
    *ret_known = false;
    for (; *list && !*ret_known; list = &(*list)->next)
        *ret_known = (*list)->other_id == other_id;
    return list;
}

enum outcome alike_list(struct book_txn *txn, int64_t complaint_id, int most, struct alike_pair **ret_pairs,
    struct arena *arena, struct fault *fault)
{
    *ret_pairs = NULL;
    struct stmt s = stmt_open(txn,
        "SELECT coalesce(c.main_id, c.id), a.other_id = ?1, a.points, a.reasons FROM alike a"
        " JOIN complaint c ON c.id = CASE a.other_id WHEN ?1 THEN a.complaint_id ELSE a.other_id END"
        " WHERE (a.complaint_id = ?1 OR a.other_id = ?1) AND a.decided_at IS NULL"
        " AND coalesce(c.main_id, c.id) <> ?1 ORDER BY a.points DESC, c.id LIMIT ?2");
    stmt_int(&s, complaint_id);
    stmt_int(&s, most);
    while (stmt_row(&s)) {
        bool known;
        struct alike_pair **place = place_for(ret_pairs, stmt_int_at(&s, 0), &known);
        struct alike_pair *pair = known ? NULL : arena_alloc(arena, sizeof *pair);
        if (!pair)
            continue;
        *pair = (struct alike_pair){.other_id = stmt_int_at(&s, 0),
            .later = stmt_int_at(&s, 1) != 0,
            .points = (int)stmt_int_at(&s, 2),
            .reasons = stmt_text_at(&s, 3, arena)};
        *place = pair;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome alike_told_apart(
    struct book_txn *txn, int64_t one, int64_t other, int64_t officer_id, bool *ret_was, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE alike SET decided_at = ?3, officer_id = ?4 WHERE decided_at IS NULL AND"
                       " ((complaint_id = ?1 AND other_id IN (SELECT ?2 UNION ALL"
                       " SELECT id FROM complaint WHERE main_id = ?2))"
                       " OR (other_id = ?1 AND complaint_id IN (SELECT ?2 UNION ALL"
                       " SELECT id FROM complaint WHERE main_id = ?2)))");
    stmt_int(&s, one);
    stmt_int(&s, other);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_was = !outcome && stmt_changes(txn) > 0;
    return outcome;
}
