/* The bare side of the comparison: SQLite with the tables, indexes and number of inserts of one complaint in
 * daemon/book, and nothing of what the daemon does around them (no look-ups for whom it belongs to, no texts
 * composed, no hash chain, no stems). One writer, one thread. Ends the program when SQLite fails: a benchmark
 * has nobody to tell. */
#ifndef BENCH_BARE_BOOK_H
#define BENCH_BARE_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One complaint; all borrowed for the call. */
struct bare_item {
    const char *channel, *external, *sender, *name, *subject, *text;
    const void *raw;
    size_t raw_size;
    int64_t at; /* ms since 1970 */
    bool chat;  /* three more rows: who was heard, what he is asked next, whom the receipt is for */
};

/* Makes a new book at path; an old one there is removed. */
void bare_book_open(const char *path);
void bare_book_begin(void);
/* 13 rows in 12 tables, 16 in 15 of a chat. A known (channel, external) changes nothing. */
void bare_book_add(const struct bare_item *item);
/* synchronous = FULL: returns after the fsync. */
void bare_book_commit(void);
void bare_book_close(void);

#endif
