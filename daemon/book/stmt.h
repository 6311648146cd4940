/* Statements without the noise: open, bind in order, step, read columns, close once.
 *
 *     struct stmt s = stmt_open(txn, "SELECT name FROM section WHERE id = ?1");
 *     stmt_int(&s, id);
 *     if (stmt_row(&s))
 *         *ret_name = stmt_text_at(&s, 0, arena);
 *     return stmt_close(&s, fault);
 *
 * The first error sticks: later calls do nothing and stmt_close() tells it. Statements opened from a literal stay
 * prepared on their connection, keyed by the literal's address. What is bound is borrowed until stmt_close().
 *
 * What becomes of SQLite's errors: full, I/O, busy, no memory = LATER (nothing was wrong with the request);
 * corrupt, not a database = STOP; everything else, constraints too, is a bug of ours and NEVER. */
#ifndef BOOK_STMT_H
#define BOOK_STMT_H

#include "book.h"
#include "daemon/base/arena.h"
#include <stddef.h>

struct sqlite3;

struct stmt {
    struct book_txn *txn;
    struct sqlite3_stmt *handle;
    int code;  /* SQLite's; sticky */
    int bound; /* parameters so far */
    bool cached;
};

struct stmt stmt_open(struct book_txn *txn, const char *literal);
struct stmt stmt_open_once(struct book_txn *txn, const char *sql); /* built at run time: not kept */

void stmt_int(struct stmt *s, int64_t value);
void stmt_id(struct stmt *s, int64_t value);       /* 0 = NULL */
void stmt_text(struct stmt *s, const char *value); /* NULL = NULL */
void stmt_blob(struct stmt *s, const void *data, size_t size);

bool stmt_row(struct stmt *s); /* false: no more, or an error */
int64_t stmt_int_at(const struct stmt *s, int column);
const char *stmt_text_at(const struct stmt *s, int column, struct arena *arena); /* NULL stays NULL */
const char *stmt_peek_text(const struct stmt *s, int column);                   /* until the next call on s */
const void *stmt_peek_blob(const struct stmt *s, int column, size_t *ret_size); /* the same */

enum outcome stmt_close(struct stmt *s, struct fault *fault); /* exactly once; s may be opened again */
enum outcome stmt_run(struct stmt *s, struct fault *fault);   /* steps to the end and closes */
/* The first column of the first row, 0 = no row or NULL, and closes; *ret_value is set only when DONE. */
enum outcome stmt_value(struct stmt *s, int64_t *ret_value, struct fault *fault);
/* Reads the rows into a chain of that type, which lives in the arena, first row first, and closes; *ret (a type **) is set only
 * when DONE. read() fills a row, whose `next` is the chain's. */
typedef void stmt_reader(const struct stmt *s, void *row, struct arena *arena);
#define stmt_chain(s, type, read, ret, arena, fault)                                                         \
    stmt_chain_of(s, read, sizeof(type), offsetof(type, next), 1 ? (ret) : (type **)NULL, arena, fault)
enum outcome stmt_chain_of(struct stmt *s, stmt_reader *read, size_t size, size_t next, void *ret,
    struct arena *arena, struct fault *fault);
/* without parameters */
enum outcome stmt_exec(struct book_txn *txn, const char *literal, struct fault *fault);

/* Several statements at once, outside of what is kept; an SQLite code. */
int stmt_script(struct sqlite3 *db, const char *sql);

int64_t stmt_last_id(const struct book_txn *txn);
int64_t stmt_changes(const struct book_txn *txn); /* rows of the last INSERT, UPDATE, DELETE */

/* LATER when the arena failed while rows were copied into it. */
enum outcome stmt_arena(const struct arena *arena, struct fault *fault);

/* For errors outside of statements (open, backup): the outcome of this code, told as doing `act`. */
enum outcome stmt_failed(int code, const char *text, const char *act, struct fault *fault);

void stmt_forget_all(struct book_txn *txn); /* finalizes what is kept: before the connection is closed */

#endif
