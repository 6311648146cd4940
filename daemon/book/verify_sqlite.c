/* What SQLite says about its file: pages, indexes, references. */
#include "stmt.h"
#include "verify_private.h"
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "unable to get the page. error code=266": the check reports what it could not read as if it were wrong. */
static bool tells_of_reading(const char *said)
{
    const char *at = strstr(said, "error code=");
    int code = at ? (int)strtol(at + strlen("error code="), NULL, 10) & 0xff : 0;
    return code == SQLITE_IOERR || code == SQLITE_NOMEM;
}

static enum outcome say(struct stmt *s, const char *table, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    const char *said = stmt_row(s) ? stmt_peek_text(s, 0) : "ok";
    if (!said || tells_of_reading(said)) {
        outcome = verify_unreadable(fault, said ? said : "no memory for the result of the check");
    } else if (strcmp(said, "ok")) {
        char what[160];
        snprintf(what, sizeof what, "susunan berkas buku.db%s%s", *table ? ", tabel " : "", table);
        outcome = verify_damaged(fault, what, "%s", said);
    }
    enum outcome closed = stmt_close(s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

/* The name of the n-th table that has pages of its own; "" = no more. */
static enum outcome table_name(struct book_txn *txn, int n, char out[SEALED_NAME_SIZE], struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
                                   " ORDER BY name LIMIT 1 OFFSET ?1");
    stmt_int(&s, n);
    out[0] = 0;
    if (stmt_row(&s))
        snprintf(out, SEALED_NAME_SIZE, "%s", stmt_peek_text(&s, 0));
    return stmt_close(&s, fault);
}

/* With the book in use one table at a time: a longer look would keep the WAL from being reset. */
enum outcome verify_database(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    char name[SEALED_NAME_SIZE];
    if (v->whole) {
        struct stmt whole = stmt_open(txn, "PRAGMA integrity_check(1)");
        *ret_through = true;
        return say(&whole, "", fault);
    }
    enum outcome outcome = table_name(txn, v->place.table++, name, fault);
    *ret_through = !name[0];
    if (outcome || !name[0])
        return outcome;
    struct stmt s = stmt_open(txn, "SELECT integrity_check FROM pragma_integrity_check(?1) LIMIT 1");
    stmt_text(&s, name);
    return say(&s, name, fault);
}

#define SCHEMA_LIST                                                                                          \
    "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER "  \
    "BY 1"

static enum outcome other_schema(const struct stmt *s, bool there, const char *how, struct fault *fault)
{
    char what[280];
    snprintf(what, sizeof what, "susunan tabel: %.80s %s", there ? stmt_peek_text(s, 0) : "sesuatu", how);
    return verify_damaged(fault, what, "sqlite_schema is not what the steps make");
}

/* -1, 0, 1: the mine comes before, with, after the theirs; no more comes last. */
static int order(const struct stmt *mine, bool have_mine, const struct stmt *theirs, bool have_theirs)
{
    if (!have_mine || !have_theirs)
        return (int)have_theirs - (int)have_mine;
    return strcmp(stmt_peek_text(mine, 0), stmt_peek_text(theirs, 0));
}

static enum outcome compare_schema(struct stmt *book, struct stmt *ours, struct fault *fault)
{
    for (;;) {
        bool have_book = stmt_row(book), have_ours = stmt_row(ours);
        if (!have_book && !have_ours)
            return OUTCOME_DONE;
        int which = order(book, have_book, ours, have_ours);
        if (which < 0)
            return other_schema(book, have_book, "ditambahkan di luar pengaduand", fault);
        if (which > 0)
            return other_schema(ours, have_ours, "hilang", fault);
        if (strcmp(stmt_peek_text(book, 1), stmt_peek_text(ours, 1)))
            return other_schema(book, have_book, "diubah di luar pengaduand", fault);
    }
}

/* A trigger somebody added would do what he wants in the daemon's name; an index he dropped makes it slow. */
enum outcome verify_schema(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct book_txn *blank;
    (void)v;
    *ret_through = true;
    enum outcome outcome = connection_open_scratch(&blank, txn->options, fault);
    if (outcome)
        return outcome;
    outcome = migrate_blank(blank, fault);
    if (!outcome) {
        struct stmt book = stmt_open(txn, SCHEMA_LIST), ours = stmt_open(blank, SCHEMA_LIST);
        struct fault unread;
        outcome = compare_schema(&book, &ours, fault);
        enum outcome of_book = stmt_close(&book, &unread);
        enum outcome of_ours = of_book ? stmt_close(&ours, NULL) : stmt_close(&ours, &unread);
        if (of_book || of_ours) { /* then a list ended too early, and the difference is none */
            outcome = of_book ? of_book : of_ours;
            *fault = unread;
        }
    }
    connection_close(blank);
    return outcome;
}

enum outcome verify_foreign_keys(
    struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    if (v->place.table == v->tables.count) {
        *ret_through = true;
        return OUTCOME_DONE;
    }
    const char *name = v->tables.list[v->place.table++].name;
    struct stmt s = stmt_open(txn, "SELECT rowid, parent FROM pragma_foreign_key_check(?1)");
    stmt_text(&s, name);
    if (stmt_row(&s)) {
        char what[160];
        snprintf(
            what, sizeof what, "tabel %s menunjuk catatan %s yang tidak ada", name, stmt_peek_text(&s, 1));
        outcome = verify_damaged(fault, what, "row %" PRId64, stmt_int_at(&s, 0));
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
