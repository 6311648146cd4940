#include "near_word.h"
#include <string.h>

enum { LETTERS = 26 };

bool near_word_may(const char *word)
{
    size_t n = strlen(word);
    return n >= NEAR_WORD_LEAST && n <= NEAR_WORD_MOST && strspn(word, "abcdefghijklmnopqrstuvwxyz") == n;
}

/* word with `cut` letters at `at` replaced by the first `put` of with. */
static void change(const char *word, size_t at, size_t cut, const char *with, size_t put, char *out)
{
    size_t n = strlen(word);
    memcpy(out, word, at);
    memcpy(out + at, with, put);
    memcpy(out + at + put, word + at + cut, n - at - cut + 1);
}

bool near_word(const char *word, size_t index, char out[NEAR_WORD_SIZE])
{
    size_t n = strlen(word);
    if (index < n - 1) {
        const char swapped[2] = {word[index + 1], word[index]};
        change(word, index, 2, swapped, 2, out);
        return true;
    }
    index -= n - 1;
    if (index < n) {
        change(word, index, 1, "", 0, out);
        return true;
    }
    index -= n;
    const char letter = (char)('a' + index % LETTERS);
    index /= LETTERS;
    if (index < n) {
        change(word, index, 1, &letter, 1, out);
        return true;
    }
    index -= n;
    if (index > n)
        return false;
    change(word, index, 0, &letter, 1, out);
    return true;
}

bool near_word_is(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    if (!*a && !*b)
        return false;
    if ((*a && !strcmp(a + 1, b)) || (*b && !strcmp(a, b + 1)))
        return true;
    if (!*a || !*b)
        return false;
    return !strcmp(a + 1, b + 1) || (a[1] && a[0] == b[1] && a[1] == b[0] && !strcmp(a + 2, b + 2));
}
