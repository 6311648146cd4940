/* Full text: each message is in the index, and is found by its own words. */
#include "stmt.h"
#include "verify_private.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Leaves words of plain letters and digits: which of the other characters are letters to the tokenizer is its business
 * (U+FFFD is none, U+00FF is). A word that holds one goes whole. */
static void keep_plain_words(char *text)
{
    for (char *p = text; *p;) {
        char *begin = p;
        bool plain = true;
        for (; isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80; p++)
            plain = plain && (unsigned char)*p < 0x80;
        if (!plain)
            memset(begin, ' ', (size_t)(p - begin));
        if (*p)
            *p++ = ' ';
    }
}

/* As somebody would who remembers how the message begins; NULL in *ret_query: it has no words. */
static enum outcome query_of(const char *text, char **ret_query, struct fault *fault)
{
    enum { BEGINNING = 400 };
    char begin[BEGINNING + 1];
    size_t n = strlen(text);
    *ret_query = NULL;
    if (n > BEGINNING) { /* never half a word */
        for (n = BEGINNING; n && (unsigned char)text[n] > ' ';)
            n--;
    }
    memcpy(begin, text, n);
    begin[n] = 0;
    keep_plain_words(begin);
    return search_query(begin, ret_query, fault);
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
        char *query = NULL;
        const char *text = stmt_peek_text(row, column);
        bool found = true;
        outcome = text ? query_of(text, &query, fault) : OUTCOME_DONE;
        if (!outcome && query)
            outcome = is_found(txn, id, query, &found, fault);
        free(query);
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
    return outcome
               ? verify_damaged(fault, "indeks pencarian tidak cocok dengan isi pesan", "%s", inner.internal)
               : OUTCOME_DONE;
}
