#include "set_aside.h"
#include "attachment_row.h"
#include "stmt.h"
#include <string.h>

/* Cut between two characters of UTF-8. */
static size_t words_cut(const char *words)
{
    size_t n = strnlen(words, SET_ASIDE_WORDS + 1);
    if (n <= SET_ASIDE_WORDS)
        return n;
    for (n = SET_ASIDE_WORDS; n && ((unsigned char)words[n] & 0xc0) == 0x80;)
        n--;
    return n;
}

static enum outcome insert_file(
    struct book_txn *txn, int64_t id, const struct attachment *a, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO set_aside_file (arrival_id, sha256, filename, media_type, size,"
                       " latitude, longitude) VALUES (?1, ?2, ?3, ?4, ?5, " ATTACHMENT_PLACE ")");
    attachment_bind(&s, id, a);
    return stmt_run(&s, fault);
}

enum outcome set_aside_insert(struct book_txn *txn, const char *channel, const char *external,
    const struct set_aside *s, struct fault *fault)
{
    char words[SET_ASIDE_WORDS + 1];
    size_t n = words_cut(s->words);
    memcpy(words, s->words, n);
    words[n] = 0;
    struct stmt insert = stmt_open(txn,
        "INSERT INTO set_aside (arrival_id, must_look, name, email, reply_to, subject, words, cut, reference,"
        " authenticity) SELECT id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM arrival"
        " WHERE channel = ?1 AND external = ?2");
    stmt_text(&insert, channel);
    stmt_text(&insert, external);
    stmt_int(&insert, s->must_look);
    stmt_text(&insert, s->name);
    stmt_text(&insert, s->email);
    stmt_text(&insert, s->reply_to);
    stmt_text(&insert, s->subject);
    stmt_text(&insert, words);
    stmt_int(&insert, s->cut || s->words[n]);
    stmt_text(&insert, s->reference);
    stmt_text(&insert, s->authenticity);
    enum outcome outcome = stmt_run(&insert, fault);
    int64_t id = stmt_last_id(txn);
    for (const struct attachment *a = s->files; a && !outcome; a = a->next)
        outcome = insert_file(txn, id, a, fault);
    return outcome;
}

#define COLUMNS                                                                                              \
    "SELECT a.id, a.channel, a.reason, a.at, s.must_look, s.name, s.email, s.reply_to, s.subject, s.words,"  \
    " s.cut, s.reference, s.authenticity, s.looked_at, a.complaint_id, a.raw_sha256"                         \
    " FROM set_aside s JOIN arrival a ON a.id = s.arrival_id "

static struct set_aside *read_row(const struct stmt *s, struct arena *arena)
{
    struct set_aside *row = arena_alloc(arena, sizeof *row);
    if (!row)
        return NULL;
    *row = (struct set_aside){.id = stmt_int_at(s, 0),
        .channel = stmt_text_at(s, 1, arena),
        .why = stmt_text_at(s, 2, arena),
        .at = stmt_int_at(s, 3),
        .must_look = stmt_int_at(s, 4) != 0,
        .name = stmt_text_at(s, 5, arena),
        .email = stmt_text_at(s, 6, arena),
        .reply_to = stmt_text_at(s, 7, arena),
        .subject = stmt_text_at(s, 8, arena),
        .words = stmt_text_at(s, 9, arena),
        .cut = stmt_int_at(s, 10) != 0,
        .reference = stmt_text_at(s, 11, arena),
        .authenticity = stmt_text_at(s, 12, arena),
        .looked_at = stmt_int_at(s, 13),
        .complaint_id = stmt_int_at(s, 14)};
    blob_read_ref(s, 15, &row->raw);
    return row;
}

enum outcome set_aside_get(
    struct book_txn *txn, int64_t id, struct set_aside *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COLUMNS "WHERE s.arrival_id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    const struct set_aside *row = found ? read_row(&s, arena) : NULL;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (outcome)
        return outcome;
    if (!row)
        return fault_set(fault, OUTCOME_NEVER, "Surat itu tidak ada.", "nothing set aside of that id");
    *ret = *row;
    return OUTCOME_DONE;
}

enum outcome set_aside_files(
    struct book_txn *txn, int64_t id, struct attachment **ret_first, struct arena *arena, struct fault *fault)
{
    struct attachment *first = NULL, **last = &first;
    struct stmt s = stmt_open(
        txn, "SELECT " ATTACHMENT_COLUMNS " FROM set_aside_file a WHERE a.arrival_id = ?1 ORDER BY a.id");
    stmt_int(&s, id);
    for (; stmt_row(&s) && (*last = arena_alloc(arena, sizeof **last)); last = &(*last)->next)
        attachment_read(&s, *last, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret_first = first;
    return outcome;
}

enum outcome set_aside_list(struct book_txn *txn, int64_t below, int most, struct set_aside **ret_first,
    struct arena *arena, struct fault *fault)
{
    struct set_aside *first = NULL, **last = &first;
    struct stmt s = stmt_open(txn, COLUMNS "WHERE s.arrival_id < ?1 ORDER BY s.arrival_id DESC LIMIT ?2");
    stmt_int(&s, below ? below : INT64_MAX);
    stmt_int(&s, most);
    while (stmt_row(&s) && (*last = read_row(&s, arena)))
        last = &(*last)->next;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret_first = first;
    return outcome;
}

enum outcome set_aside_waiting(struct book_txn *txn, int64_t *ret_count, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM set_aside WHERE must_look = 1 AND looked_at IS NULL");
    int64_t count = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        *ret_count = count;
    return outcome;
}

enum outcome set_aside_looked(struct book_txn *txn, int64_t id, int64_t officer_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "UPDATE set_aside SET looked_at = ?2, officer_id = ?3 WHERE arrival_id = ?1 AND looked_at IS NULL");
    stmt_int(&s, id);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}

enum outcome set_aside_opened(
    struct book_txn *txn, int64_t id, int64_t complaint_id, int64_t message_id, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE arrival SET outcome = 'dibuka', complaint_id = ?2, message_id = ?3 WHERE id = ?1");
    stmt_int(&s, id);
    stmt_int(&s, complaint_id);
    stmt_int(&s, message_id);
    return stmt_run(&s, fault);
}
