/* One arena per message in flight: everything that belongs to it is allocated here and dies at once.
 *
 * An arena has a maximum. When memory or the maximum runs out the call returns NULL and the arena remembers
 * it: build an object freely, then test arena_ok() ONCE before the object is acted upon (before it is written
 * into the book). All arena_* functions accept NULL strings and return NULL for them without failing.
 * Not thread-safe, but may be handed whole from one thread to another. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(size_t max); /* NULL without memory */
void arena_free(struct arena *a);    /* runs the deferred calls, last first; NULL is fine */
bool arena_ok(const struct arena *a);
bool arena_full(
    const struct arena *a); /* not ok, and more memory would not have helped: the maximum ran out */

void *arena_alloc(struct arena *a, size_t n); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n); /* n bytes and a NUL */
void *arena_memdup(struct arena *a, const void *p, size_t n);  /* a NUL stands behind it too */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Calls release(object) in arena_free: for objects that libraries allocated. If the note itself cannot be
 * kept, release is called at once and false returned. */
bool arena_defer(struct arena *a, void (*release)(void *object), void *object);

#endif
