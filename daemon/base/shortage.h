/* Whether this thread was refused memory.
 *
 * Texts, arenas and JSON values are built freely and tested once (str.h, arena.h), and a library may leave out what it
 * had no memory for without a word: a letter without its references, an event without its data. Whoever is about to make
 * something lasting of what was built (commit it, send it) compares the count with the one before he began, and says
 * LATER when it has grown. Counted are refusals to arenas, strings, JSON values and SQLite (daemon/book/memory.h). */
#ifndef BASE_SHORTAGE_H
#define BASE_SHORTAGE_H

void shortage_note(void);
unsigned long shortage_count(void); /* of this thread, ever */

#endif
