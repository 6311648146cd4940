#include "complaint.h"
#include "complaint_private.h"
#include "daemon/base/random.h"
#include "rules/register.h"
#include "stmt.h"
#include "txn_private.h"

enum { CODE_ATTEMPTS = 8 };

/* No RETURNING and no DO UPDATE here or below: for them SQLite opens a statement savepoint, at which FTS5
 * writes out all it has gathered, and the full text of a batch would be written complaint by complaint. */
static enum outcome next_sequence(struct book_txn *txn, int year, int64_t *ret_sequence, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE register_sequence SET last = last + 1 WHERE year = ?1");
    stmt_int(&s, year);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome && !stmt_changes(txn)) {
        s = stmt_open(txn, "INSERT INTO register_sequence (year, last) VALUES (?1, 1)");
        stmt_int(&s, year);
        outcome = stmt_run(&s, fault);
    }
    if (outcome)
        return outcome;
    s = stmt_open(txn, "SELECT last FROM register_sequence WHERE year = ?1");
    stmt_int(&s, year);
    return stmt_value(&s, ret_sequence, fault);
}

static enum outcome next_number(struct book_txn *txn, char number[REGISTER_NUMBER_SIZE], struct fault *fault)
{
    const struct book_options *o = txn_options(txn);
    int year, month;
    int64_t sequence;
    register_period(txn_now(txn), o->utc_offset_minutes, &year, &month);
    enum outcome outcome = next_sequence(txn, year, &sequence, fault);
    if (!outcome && !register_number(number, o->number_format, sequence, year, month))
        outcome = fault_set(fault, OUTCOME_STOP, "Format nomor register tidak dapat dipakai.",
            "register number format %s", o->number_format);
    return outcome;
}

/* *ret_id 0: the code is taken. */
static enum outcome insert_row(struct book_txn *txn, const struct complaint *c, const char *number,
    const char *code, int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO complaint (number, code, kind, confidentiality, state, state_since, "
                       "channel, reply_to, citizen_id,"
                       " service_id, subject, place, occurred, received_at, due_at, related_id)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
                       " ON CONFLICT (code) DO NOTHING");
    stmt_text(&s, number);
    stmt_text(&s, code);
    stmt_text(&s, c->kind);
    stmt_text(&s, c->confidentiality);
    stmt_text(&s, state_key(STATE_MASUK));
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, c->channel);
    stmt_text(&s, c->reply_to);
    stmt_id(&s, c->citizen_id);
    stmt_id(&s, c->service_id);
    stmt_text(&s, c->subject);
    stmt_text(&s, c->place);
    stmt_text(&s, c->occurred);
    stmt_int(&s, c->received_at);
    stmt_id(&s, c->due_at);
    stmt_id(&s, c->related_id);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_id = !outcome && stmt_changes(txn) ? stmt_last_id(txn) : 0;
    return outcome;
}

static void draw_code(char code[REGISTER_CODE_SIZE])
{
    unsigned char random[REGISTER_CODE_RANDOM];
    random_bytes(random, sizeof random);
    register_code(code, random);
}

enum outcome complaint_insert(
    struct book_txn *txn, struct complaint *c, struct arena *arena, struct fault *fault)
{
    char number[REGISTER_NUMBER_SIZE], code[REGISTER_CODE_SIZE];
    int64_t id = 0;
    enum outcome outcome = next_number(txn, number, fault);
    for (int attempt = 0; !outcome && !id; attempt++) {
        if (attempt == CODE_ATTEMPTS)
            return fault_set(
                fault, OUTCOME_LATER, NULL, "%d tracking codes in a row are taken", CODE_ATTEMPTS);
        draw_code(code);
        outcome = insert_row(txn, c, number, code, &id, fault);
    }
    if (outcome)
        return outcome;
    c->id = id;
    c->number = arena_strdup(arena, number);
    c->code = arena_strdup(arena, code);
    c->state = STATE_MASUK;
    c->state_since = txn_now(txn);
    c->version = 1;
    txn->queued_outbox = true; /* the desk looks whether it is a double */
    return stmt_arena(arena, fault);
}

void complaint_read(const struct stmt *s, struct complaint *c, struct arena *arena)
{
    *c = (struct complaint){.id = stmt_int_at(s, 0),
        .number = stmt_text_at(s, 1, arena),
        .code = stmt_text_at(s, 2, arena),
        .kind = stmt_text_at(s, 3, arena),
        .confidentiality = stmt_text_at(s, 4, arena),
        .state_since = stmt_int_at(s, 6),
        .version = stmt_int_at(s, 7),
        .channel = stmt_text_at(s, 8, arena),
        .reply_to = stmt_text_at(s, 9, arena),
        .citizen_id = stmt_int_at(s, 10),
        .service_id = stmt_int_at(s, 11),
        .section_id = stmt_int_at(s, 12),
        .service = stmt_text_at(s, 13, arena),
        .section = stmt_text_at(s, 14, arena),
        .instruction = stmt_text_at(s, 15, arena),
        .subject = stmt_text_at(s, 16, arena),
        .place = stmt_text_at(s, 17, arena),
        .occurred = stmt_text_at(s, 18, arena),
        .received_at = stmt_int_at(s, 19),
        .due_at = stmt_int_at(s, 20),
        .answered_at = stmt_int_at(s, 21),
        .closed_at = stmt_int_at(s, 22),
        .referred_to = stmt_text_at(s, 23, arena),
        .referred_number = stmt_text_at(s, 24, arena),
        .main_id = stmt_int_at(s, 25),
        .nama = stmt_text_at(s, 26, arena),
        .related_id = stmt_int_at(s, 27)};
    state_from_key(stmt_peek_text(s, 5), &c->state);
}

/* Steps s, whose parameters are bound, to its one row; closes it. */
static enum outcome read_one(struct stmt *s, struct complaint *ret, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    bool found = stmt_row(s);
    if (found)
        complaint_read(s, &c, arena);
    enum outcome outcome = stmt_close(s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "no such complaint");
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = c;
    return outcome;
}

enum outcome complaint_get(
    struct book_txn *txn, int64_t id, struct complaint *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COMPLAINT_SELECT "WHERE c.id = ?1");
    stmt_int(&s, id);
    return read_one(&s, ret, arena, fault);
}

enum outcome complaint_by_code(
    struct book_txn *txn, const char *code, struct complaint *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COMPLAINT_SELECT "WHERE c.code = ?1");
    stmt_text(&s, code);
    return read_one(&s, ret, arena, fault);
}

enum outcome complaint_by_number(
    struct book_txn *txn, const char *number, struct complaint *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COMPLAINT_SELECT "WHERE c.number = ?1");
    stmt_text(&s, number);
    return read_one(&s, ret, arena, fault);
}

static void bind_changeable(struct stmt *s, const struct complaint *c)
{
    stmt_text(s, c->kind);
    stmt_text(s, c->confidentiality);
    stmt_text(s, state_key(c->state));
    stmt_int(s, c->state_since);
    stmt_text(s, c->channel);
    stmt_text(s, c->reply_to);
    stmt_id(s, c->citizen_id);
    stmt_id(s, c->service_id);
    stmt_id(s, c->section_id);
    stmt_text(s, c->instruction);
    stmt_text(s, c->subject);
    stmt_text(s, c->place);
    stmt_text(s, c->occurred);
    stmt_id(s, c->due_at);
    stmt_id(s, c->answered_at);
    stmt_id(s, c->closed_at);
    stmt_id(s, c->main_id);
    stmt_text(s, c->referred_to);
    stmt_text(s, c->referred_number);
    stmt_id(s, c->related_id);
}

enum outcome complaint_update(struct book_txn *txn, struct complaint *c, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "UPDATE complaint SET kind = ?1, confidentiality = ?2, state = ?3, state_since = ?4, channel = ?5,"
        " reply_to = ?6, citizen_id = ?7, service_id = ?8, section_id = ?9, instruction = ?10, subject = ?11,"
        " place = ?12, occurred = ?13, due_at = ?14, answered_at = ?15, closed_at = ?16, main_id = ?17,"
        " referred_to = ?18, referred_number = ?19, related_id = ?20, version = version + 1"
        " WHERE id = ?21 AND version = ?22");
    bind_changeable(&s, c);
    stmt_int(&s, c->id);
    stmt_int(&s, c->version);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    if (!stmt_changes(txn))
        return fault_set(fault, OUTCOME_NEVER,
            "Aduan ini baru saja diubah oleh orang lain. Muat ulang halaman, lalu coba lagi.",
            "complaint %lld is not at version %lld", (long long)c->id, (long long)c->version);
    c->version++;
    return OUTCOME_DONE;
}

enum outcome complaint_latest_open(struct book_txn *txn, int64_t citizen_id, const char *channel,
    int64_t reopen_ms, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT id FROM complaint WHERE citizen_id = ?1 AND channel = ?2"
                                   " AND (closed_at IS NULL OR closed_at > ?3) ORDER BY id DESC LIMIT 1");
    stmt_int(&s, citizen_id);
    stmt_text(&s, channel);
    stmt_int(&s, txn_now(txn) - reopen_ms);
    return stmt_value(&s, ret_id, fault);
}

enum outcome complaint_pose(
    struct book_txn *txn, int64_t id, const char *number, const char *code, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE complaint SET number = ?2, code = ?3 WHERE id = ?1");
    stmt_int(&s, id);
    stmt_text(&s, number);
    stmt_text(&s, code);
    return stmt_run(&s, fault);
}

enum outcome complaint_kin(struct book_txn *txn, int64_t id, int most, struct complaint_kin **ret_kin,
    struct arena *arena, struct fault *fault)
{
    struct complaint_kin *first = NULL, **last = &first;
    struct stmt s = stmt_open(txn, "SELECT id, number, 1 FROM complaint WHERE main_id = ?1"
                                   " UNION ALL SELECT id, number, 0 FROM complaint"
                                   " WHERE related_id = ?1 AND main_id IS NOT ?1 ORDER BY 1 LIMIT ?2");
    stmt_int(&s, id);
    stmt_int(&s, most);
    while (stmt_row(&s)) {
        struct complaint_kin *kin = arena_alloc(arena, sizeof *kin);
        if (!kin)
            break;
        *kin = (struct complaint_kin){
            .id = stmt_int_at(&s, 0), .number = stmt_text_at(&s, 1, arena), .joined = stmt_int_at(&s, 2)};
        *last = kin;
        last = &kin->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret_kin = first;
    return outcome;
}
