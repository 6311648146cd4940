/* A growing string with a maximum given at birth, so that no stranger can make it grow without end.
 *
 * Invariants: data is always NUL-terminated (an empty string literal before the first byte); len <= max.
 * A failed addition (too long, no memory) changes nothing but sets `failed`, which stays set: build freely,
 * test str_ok() once before use. Not thread-safe. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
    char *data; /* owned; NUL-terminated; may hold NUL bytes inside */
    size_t len; /* bytes, without the final NUL */
    size_t max; /* bytes, without the final NUL */
    size_t cap; /* allocated bytes; 0 = data is the static empty string */
    bool failed;
};

void str_init(struct str *s, size_t max); /* allocates nothing */
void str_release(struct str *s);          /* frees the content; s may be initialised again */
void str_clear(struct str *s);            /* len = 0, failed = false; keeps the memory */

void str_add(struct str *s, const void *bytes, size_t n);
void str_adds(struct str *s, const char *text); /* NULL adds nothing */
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *format, va_list ap);
void str_cut(struct str *s, size_t len); /* shortens to len; no-op when already shorter */

static inline bool str_ok(const struct str *s)
{
    return !s->failed;
}

/* Gives the memory away (caller frees with free()); NULL when failed. s is empty afterwards. */
char *str_detach(struct str *s, size_t *ret_len);

#endif
