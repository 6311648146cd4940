/* Reply texts: the letters of the house as templates with {placeholders}. The shipped ones stand in config/replies/;
 * what the office changed stands in the book and is used instead. */
#ifndef DESK_REPLY_H
#define DESK_REPLY_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include <stdbool.h>
#include <stddef.h>

enum { REPLY_TEXT_MOST = 20000 }; /* bytes of a template */

struct reply_kind {
    const char *name;  /* tanda_terima: also of the file */
    const char *title; /* "Tanda terima" */
    const char *when;  /* when it is sent, for the one who edits it */
    const char *known; /* placeholders it may hold, separated by single spaces */
    const char *needs; /* those it must hold: without them the letter says too little */
};

const struct reply_kind *reply_kinds(size_t *ret_count);
const struct reply_kind *reply_find(const char *name); /* NULL = no such text */

/* What a placeholder stands for, for the one who edits; NULL = unknown. */
const char *reply_placeholder_meaning(const char *name);

const char *reply_shipped(const struct reply_kind *kind); /* never NULL */

/* The text in use; *ret_changed when the office wrote it. */
enum outcome reply_text(struct book_txn *txn, const struct reply_kind *kind, const char **ret_text,
    bool *ret_changed, struct arena *arena, struct fault *fault);

/* NEVER with a public text that names what is wrong: an unknown or broken placeholder, a missing one, too long,
 * nothing in it. */
enum outcome reply_check(const struct reply_kind *kind, const char *text, struct fault *fault);

struct reply_word {
    const char *name, *value; /* value NULL = "" */
};

/* {name} becomes its value; a line of which nothing remains disappears with the empty one behind it, so that what is
 * not always said leaves no hole. What is filled in is never read as a template again. words end with name NULL. Ends
 * with one line feed. NULL without memory. */
char *reply_fill(const char *text, const struct reply_word *words, struct arena *arena);

#endif
