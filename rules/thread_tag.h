/* Keyed tags: proof that a Message-ID or a number in a subject was written by this book, so that nobody gets into
 * somebody else's complaint by guessing its number. They are no secret from those who got the letter: that the
 * sender is a party of the complaint has to be true as well. Pure. */
#ifndef RULES_THREAD_TAG_H
#define RULES_THREAD_TAG_H

#include <stdbool.h>
#include <stddef.h>

enum {
    THREAD_KEY_SIZE = 32,
    THREAD_NOISE_SIZE = 16,
    THREAD_TAG_SIZE = 9, /* 8 characters (40 bits) and a NUL: a guess in 10^12 tries, each of them a mail */
    THREAD_ID_SIZE = 2 * THREAD_NOISE_SIZE + 1 + THREAD_TAG_SIZE, /* left side of a Message-ID, with NUL */
};

struct thread_key {
    unsigned char bytes[THREAD_KEY_SIZE];
};

/* "0f3a...e1.k7qmx2r9": left side of a Message-ID of ours. */
void thread_tag_id(
    const struct thread_key *key, const unsigned char noise[THREAD_NOISE_SIZE], char out[THREAD_ID_SIZE]);

/* A Message-ID (without angle brackets) that we made, whatever stands behind its '@'. */
bool thread_tag_is_ours(const struct thread_key *key, const char *message_id);

/* The next one of ours in any bytes, from *at on, which moves behind it; out gets its left side. For returned
 * letters: bounces hold them in every form there is. */
bool thread_tag_find_ours(
    const struct thread_key *key, const char *bytes, size_t size, size_t *at, char out[THREAD_ID_SIZE]);

/* Tag of a register number, as it stands behind it in subjects: "014/PGD/XI/2026#k7qmx2r9". */
void thread_tag_of_number(const struct thread_key *key, const char *number, char out[THREAD_TAG_SIZE]);
bool thread_tag_fits(const struct thread_key *key, const char *number, const char *tag);

/* Length of the tag at p ("k7qmx2r9" behind its '#'), 0 = none. */
size_t thread_tag_span(const char *p);

#endif
