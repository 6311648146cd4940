#include "catalogue.h"
#include "stmt.h"

enum outcome section_list(
    struct book_txn *txn, struct section **ret, struct arena *arena, struct fault *fault)
{
    struct section *first = NULL, **end = &first;
    struct stmt s = stmt_open(txn, "SELECT id, key, name FROM section WHERE active = 1 ORDER BY id");
    while (stmt_row(&s)) {
        struct section *x = arena_alloc(arena, sizeof *x);
        if (!x)
            break;
        *x = (struct section){
            .id = stmt_int_at(&s, 0), .key = stmt_text_at(&s, 1, arena), .name = stmt_text_at(&s, 2, arena)};
        *end = x;
        end = &x->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = first;
    return outcome;
}

static struct service read_service(const struct stmt *s, struct arena *arena)
{
    return (struct service){.id = stmt_int_at(s, 0),
        .key = stmt_text_at(s, 1, arena),
        .name = stmt_text_at(s, 2, arena),
        .section_id = stmt_int_at(s, 3)};
}

enum outcome service_list(
    struct book_txn *txn, struct service **ret, struct arena *arena, struct fault *fault)
{
    struct service *first = NULL, **end = &first;
    struct stmt s =
        stmt_open(txn, "SELECT id, key, name, section_id FROM service WHERE active = 1 ORDER BY id");
    while (stmt_row(&s)) {
        struct service *v = arena_alloc(arena, sizeof *v);
        if (!v)
            break;
        *v = read_service(&s, arena);
        *end = v;
        end = &v->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = first;
    return outcome;
}

enum outcome section_by_key(
    struct book_txn *txn, const char *key, struct section *ret, struct arena *arena, struct fault *fault)
{
    struct section x = {0};
    struct stmt s = stmt_open(txn, "SELECT id, key, name FROM section WHERE key = ?1");
    stmt_text(&s, key);
    bool found = stmt_row(&s);
    if (found)
        x = (struct section){
            .id = stmt_int_at(&s, 0), .key = stmt_text_at(&s, 1, arena), .name = stmt_text_at(&s, 2, arena)};
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Seksi tidak ditemukan.", "no section with that key");
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = x;
    return outcome;
}

enum outcome service_by_key(
    struct book_txn *txn, const char *key, struct service *ret, struct arena *arena, struct fault *fault)
{
    struct service v = {0};
    struct stmt s = stmt_open(txn, "SELECT id, key, name, section_id FROM service WHERE key = ?1");
    stmt_text(&s, key);
    bool found = stmt_row(&s);
    if (found)
        v = read_service(&s, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Layanan tidak ditemukan.", "no service with that key");
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = v;
    return outcome;
}
