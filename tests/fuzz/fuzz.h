/* What the fuzzing harnesses share. One harness is one program: fuzz_NAME.c defines LLVMFuzzerTestOneInput() for one
 * parser of outside bytes and says with require() what must hold for ANY input, besides not crashing.
 *
 * Inputs are kept readable: where a parser takes more than one text, they are the lines or the JSON members of the
 * input, so that seeds can be written by hand. Texts are copied to memory of exactly their size, where
 * AddressSanitizer sees the first byte too far. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define require(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                   \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* size bytes and a NUL; the caller frees. */
static inline char *fuzz_text(const void *data, size_t size)
{
    char *text = malloc(size + 1);
    require(text != NULL);
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    return text;
}

/* Cuts the first line off the input, without its LF; the caller frees. All of it when there is no LF. */
static inline char *fuzz_line(const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
    size_t length = end ? (size_t)(end - *data) : *size, taken = length + (end != NULL);
    char *line = fuzz_text(*data, length);
    *data += taken;
    *size -= taken;
    return line;
}

/* Length of the UTF-8 character at p (RFC 3629), 0 = there is none. */
static inline size_t fuzz_utf8_length(const unsigned char *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = !n          ? 0
                    : *p < 0x80 ? 1
                    : *p < 0xc2 ? 0
                    : *p < 0xe0 ? 2
                    : *p < 0xf0 ? 3
                    : *p < 0xf5 ? 4
                                : 0;
    if (length < 2 || length > n)
        return length == 1;
    uint32_t c = *p & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    return c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : length;
}

static inline bool fuzz_is_utf8(const void *text, size_t n)
{
    const unsigned char *p = text;
    for (size_t step; n; p += step, n -= step)
        if (!(step = fuzz_utf8_length(p, n)))
            return false;
    return true;
}

/* NULL is fine: a text that is absent. */
static inline bool fuzz_is_utf8_text(const char *text)
{
    return !text || fuzz_is_utf8(text, strlen(text));
}

static inline bool fuzz_has_control(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* A table that a harness only reads names functions of the house behind it, which need not be built. */
#define NEVER_RUN(name)                                                                                      \
    void never_##name(void) __asm__(#name);                                                                  \
    void never_##name(void)                                                                                  \
    {                                                                                                        \
        __builtin_trap();                                                                                    \
    }                                                                                                        \
    struct never_##name

#endif
