/* SQLite's memory, with its refusals counted (daemon/base/shortage.h). Some of its functions answer want of memory with a
 * value: json_valid() says that a text is no JSON (3.40.1). Who takes such an answer for the truth would call a sound book
 * damaged. */
#ifndef BOOK_MEMORY_H
#define BOOK_MEMORY_H

void memory_watch(void); /* before the first connection; more calls do nothing; any thread */

#endif
