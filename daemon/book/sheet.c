#include "sheet.h"
#include "stmt.h"

#define COLUMNS "SELECT id, kind, day, from_at, at"

static void read_row(const struct stmt *s, struct sheet *sheet)
{
    *sheet = (struct sheet){.id = stmt_int_at(s, 0),
        .day = (int32_t)stmt_int_at(s, 2),
        .from_at = stmt_int_at(s, 3),
        .at = stmt_int_at(s, 4)};
    sheet_from_key(stmt_peek_text(s, 1), &sheet->kind);
}

enum outcome sheet_newest(struct book_txn *txn, enum sheet_kind kind, struct sheet *ret, struct fault *fault)
{
    *ret = (struct sheet){0};
    struct stmt s = stmt_open(txn, COLUMNS " FROM sheet WHERE kind = ?1 ORDER BY day DESC LIMIT 1");
    stmt_text(&s, sheet_key(kind));
    if (stmt_row(&s))
        read_row(&s, ret);
    return stmt_close(&s, fault);
}

enum outcome sheet_get(
    struct book_txn *txn, int64_t id, struct sheet *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COLUMNS ", data FROM sheet WHERE id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    if (found) {
        read_row(&s, ret);
        ret->data = stmt_text_at(&s, 5, arena);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Lembar itu tidak ada.", "no sheet %lld", (long long)id);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome sheet_list(struct book_txn *txn, unsigned kinds, int64_t below, int most,
    struct sheet **ret_list, struct arena *arena, struct fault *fault)
{
    struct sheet **last = ret_list;
    *ret_list = NULL;
    struct stmt s = stmt_open(txn, COLUMNS " FROM sheet WHERE id < ?1 AND kind IN (?2, ?3)"
                                           " ORDER BY id DESC LIMIT ?4");
    stmt_int(&s, below ? below : INT64_MAX);
    for (int kind = 0; kind < SHEET_KINDS; kind++)
        stmt_text(&s, kinds & 1u << kind ? sheet_key((enum sheet_kind)kind) : NULL);
    stmt_int(&s, most);
    while (stmt_row(&s)) {
        struct sheet *sheet = arena_alloc(arena, sizeof *sheet);
        if (!sheet)
            break;
        read_row(&s, sheet);
        *last = sheet;
        last = &sheet->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome sheet_add(struct book_txn *txn, struct sheet *sheet, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO sheet (kind, day, from_at, at, data) VALUES (?1, ?2, ?3, ?4, ?5)");
    sheet->at = txn_now(txn);
    stmt_text(&s, sheet_key(sheet->kind));
    stmt_int(&s, sheet->day);
    stmt_int(&s, sheet->from_at);
    stmt_int(&s, sheet->at);
    stmt_text(&s, sheet->data);
    enum outcome outcome = stmt_run(&s, fault);
    sheet->id = outcome ? 0 : stmt_last_id(txn);
    return outcome;
}

enum outcome sheet_book_begun(struct book_txn *txn, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT at FROM event ORDER BY id LIMIT 1");
    return stmt_value(&s, ret_at, fault);
}
