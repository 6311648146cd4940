#include "box.h"
#include "stmt.h"

enum outcome box_open(struct book_txn *txn, struct box_opening *opening, bool *ret_new, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "INSERT INTO box_opening (sent, day, place, witness, counted, officer_id, at, closed_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE ?5 WHEN 0 THEN ?7 END) ON CONFLICT (sent) DO NOTHING");
    stmt_text(&s, opening->sent);
    stmt_int(&s, opening->day);
    stmt_text(&s, opening->place);
    stmt_text(&s, opening->witness);
    stmt_int(&s, opening->counted);
    stmt_int(&s, opening->officer_id);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    *ret_new = !outcome && stmt_changes(txn) > 0;
    if (outcome)
        return outcome;
    s = stmt_open(txn, "SELECT id FROM box_opening WHERE sent = ?1");
    stmt_text(&s, opening->sent);
    return stmt_value(&s, &opening->id, fault);
}

#define OPENING                                                                                              \
    "SELECT b.id, b.sent, b.day, b.place, b.witness, b.counted, b.officer_id, o.name, b.at, b.closed_at,"    \
    " b.difference, (SELECT count(*) FROM box_slip WHERE opening_id = b.id)"                                 \
    " FROM box_opening b JOIN officer o ON o.id = b.officer_id "

static struct box_opening read_opening(const struct stmt *s, struct arena *arena)
{
    return (struct box_opening){.id = stmt_int_at(s, 0),
        .sent = stmt_text_at(s, 1, arena),
        .day = (int32_t)stmt_int_at(s, 2),
        .place = stmt_text_at(s, 3, arena),
        .witness = stmt_text_at(s, 4, arena),
        .counted = stmt_int_at(s, 5),
        .officer_id = stmt_int_at(s, 6),
        .officer = stmt_text_at(s, 7, arena),
        .at = stmt_int_at(s, 8),
        .closed_at = stmt_int_at(s, 9),
        .difference = stmt_text_at(s, 10, arena),
        .entered = stmt_int_at(s, 11)};
}

enum outcome box_get(
    struct book_txn *txn, int64_t id, struct box_opening *ret, struct arena *arena, struct fault *fault)
{
    bool found = false;
    struct stmt s = stmt_open(txn, OPENING "WHERE b.id = ?1");
    stmt_int(&s, id);
    if (stmt_row(&s)) {
        *ret = read_opening(&s, arena);
        found = true;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        return fault_set(fault, OUTCOME_NEVER, "Pembukaan kotak saran itu tidak ditemukan.",
            "no opening %lld of the box", (long long)id);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome box_list(struct book_txn *txn, int64_t below, int most, struct box_opening **ret,
    struct arena *arena, struct fault *fault)
{
    struct box_opening **last = ret;
    struct stmt s = stmt_open(txn, OPENING "WHERE b.id < ?1 ORDER BY b.id DESC LIMIT ?2");
    stmt_int(&s, below ? below : INT64_MAX);
    stmt_int(&s, most);
    *ret = NULL;
    while (stmt_row(&s)) {
        struct box_opening *b = arena_alloc(arena, sizeof *b);
        if (!b)
            break;
        *b = read_opening(&s, arena);
        *last = b;
        last = &b->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome box_close(struct book_txn *txn, int64_t id, const char *difference, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE box_opening SET closed_at = ?1, difference = ?2 WHERE id = ?3 AND closed_at IS NULL");
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, difference);
    stmt_int(&s, id);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome && !stmt_changes(txn))
        return fault_set(fault, OUTCOME_NEVER, "Pembukaan kotak saran ini sudah selesai.",
            "opening %lld of the box is closed", (long long)id);
    return outcome;
}

enum outcome box_slip_add(struct book_txn *txn, int64_t opening_id, int64_t complaint_id, struct fault *fault)
{
    int64_t last = 0;
    struct stmt s = stmt_open(txn, "SELECT max(nth) FROM box_slip WHERE opening_id = ?1");
    stmt_int(&s, opening_id);
    enum outcome outcome = stmt_value(&s, &last, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO box_slip (opening_id, nth, complaint_id) VALUES (?1, ?2, ?3)");
    stmt_int(&s, opening_id);
    stmt_int(&s, last + 1);
    stmt_int(&s, complaint_id);
    return stmt_run(&s, fault);
}

enum outcome box_slips(
    struct book_txn *txn, int64_t opening_id, struct box_slip **ret, struct arena *arena, struct fault *fault)
{
    struct box_slip **last = ret;
    struct stmt s = stmt_open(txn,
        "SELECT s.nth, s.complaint_id, c.number, c.kind, (SELECT count(*) FROM attachment a"
        " WHERE a.message_id = c.id * 65536 + 1)"
        " FROM box_slip s JOIN complaint c ON c.id = s.complaint_id WHERE s.opening_id = ?1 ORDER BY s.nth");
    stmt_int(&s, opening_id);
    *ret = NULL;
    while (stmt_row(&s)) {
        struct box_slip *slip = arena_alloc(arena, sizeof *slip);
        if (!slip)
            break;
        *slip = (struct box_slip){.nth = stmt_int_at(&s, 0),
            .complaint_id = stmt_int_at(&s, 1),
            .number = stmt_text_at(&s, 2, arena),
            .kind = stmt_text_at(&s, 3, arena),
            .files = stmt_int_at(&s, 4)};
        *last = slip;
        last = &slip->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
