/* Full text: each message is in the index, and is found by its own words. */
#include "daemon/base/str.h"
#include "stmt.h"
#include "verify_private.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUERY_MAX = 4096 };

static enum outcome index_fault(
    struct book_txn *txn, int64_t message_id, const char *how, struct fault *fault)
{
    char whose[96], what[280];
    verify_whose(txn, message_id / 65536, whose);
    snprintf(what, sizeof what, "indeks pencarian: pesan %" PRId64 "%s%s %s", message_id,
        whose[0] ? " milik " : "", whose, how);
    return verify_damaged(fault, what, "message %" PRId64 " and the full text", message_id);
}

/* In the index, and no longer a message. */
enum outcome verify_index_rows(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool more = true;
    struct stmt s =
        stmt_open(txn, "SELECT d.id, m.id FROM message_text_docsize d LEFT JOIN message m ON m.id = d.id"
                       " WHERE d.id > ?1 ORDER BY d.id");
    stmt_int(&s, v->place.id);
    while (!outcome && !verify_pause(v) && (more = stmt_row(&s))) {
        v->place.id = stmt_int_at(&s, 0);
        outcome = stmt_int_at(&s, 1) ? verify_ended(txn, fault)
                                     : index_fault(txn, v->place.id, "tidak ada di buku", fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    *ret_through = !more;
    return outcome ? outcome : closed;
}

static bool is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* As somebody would who remembers how the message begins: its first words of plain letters and digits, which the
 * tokenizer takes as they stand. What touches other letters or signs is left out: not all of those are words. */
static void add_words(struct str *query, const char *text)
{
    enum { BEGINNING = 400, WORDS = 16 };
    const char *p = text;
    for (int words = 0; *p && p - text < BEGINNING && words < WORDS;) {
        const char *begin = p;
        while (is_plain((unsigned char)*p) || (unsigned char)*p >= 0x80)
            p++;
        size_t n = (size_t)(p - begin), plain = 0;
        while (plain < n && is_plain((unsigned char)begin[plain]))
            plain++;
        if (n && plain == n) {
            str_addf(query, "%s\"%.*s\"", words++ ? " " : "", (int)n, begin);
        }
        p += *p && !n;
    }
}

static enum outcome is_found(
    struct book_txn *txn, int64_t id, const char *query, bool *ret_found, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT 1 FROM message_text WHERE message_text MATCH ?1 AND rowid = ?2");
    stmt_text(&s, query);
    stmt_int(&s, id);
    *ret_found = stmt_row(&s);
    return stmt_close(&s, fault);
}

/* Columns: id, is in the index, subject, text. */
static enum outcome see_message(struct book_txn *txn, const struct stmt *row, struct fault *fault)
{
    int64_t id = stmt_int_at(row, 0);
    enum outcome outcome = OUTCOME_DONE;
    if (!stmt_int_at(row, 1))
        return index_fault(txn, id, "tidak ada di dalamnya", fault);
    for (int column = 2; column <= 3 && !outcome; column++) {
        struct str query;
        const char *text = stmt_peek_text(row, column);
        bool found = true;
        str_init(&query, QUERY_MAX);
        add_words(&query, text ? text : "");
        if (str_ok(&query) && query.len) /* one endless word says nothing */
            outcome = is_found(txn, id, query.data, &found, fault);
        str_release(&query);
        if (!outcome && !found)
            outcome = index_fault(txn, id, "tidak ditemukan dengan kata-katanya sendiri", fault);
    }
    return outcome;
}

enum outcome verify_words(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool more = true;
    if (txn->writable) { /* a copy, or a book of our own: exactly, and at once */
        *ret_through = true;
        return verify_index(txn, fault);
    }
    struct stmt s =
        stmt_open(txn, "SELECT m.id, d.id, m.subject, m.text FROM message m"
                       " LEFT JOIN message_text_docsize d ON d.id = m.id WHERE m.id > ?1 ORDER BY m.id");
    stmt_int(&s, v->place.id);
    while (!outcome && !verify_pause(v) && (more = stmt_row(&s))) {
        v->place.id = stmt_int_at(&s, 0);
        outcome = see_message(txn, &s, fault);
        if (!outcome)
            outcome = verify_ended(txn, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    *ret_through = !more;
    return outcome ? outcome : closed;
}

/* FTS5's own check is an INSERT, which a reader may not do. */
enum outcome verify_index(struct book_txn *txn, struct fault *fault)
{
    struct fault inner = {0};
    enum outcome outcome =
        stmt_exec(txn, "INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 1)", &inner);
    if (outcome == OUTCOME_LATER && txn_closing(txn))
        return verify_ended(txn, fault);
    if (outcome == OUTCOME_LATER)
        return verify_unreadable(fault, inner.internal);
    return outcome
               ? verify_damaged(fault, "indeks pencarian tidak cocok dengan isi pesan", "%s", inner.internal)
               : OUTCOME_DONE;
}
