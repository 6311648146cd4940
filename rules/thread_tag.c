#include "thread_tag.h"
#include <sodium.h>
#include <stdint.h>
#include <string.h>

enum { TAG_CHARACTERS = THREAD_TAG_SIZE - 1, NOISE_CHARACTERS = 2 * THREAD_NOISE_SIZE };

/* No i, l, o, u: people may have to type it. Lower case only; compared without case, since some programs change it. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* what: two kinds of tag must never stand for each other. */
static void tag_of(const struct thread_key *key, const char *what, const char *text, size_t length,
    char out[THREAD_TAG_SIZE])
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)what, strlen(what) + 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, length);
    crypto_auth_hmacsha256_final(&state, mac);
    uint64_t bits = 0;
    for (int i = 0; i < 5; i++)
        bits = bits << 8 | mac[i];
    for (int i = TAG_CHARACTERS; i-- > 0; bits >>= 5)
        out[i] = alphabet[bits & 31];
    out[TAG_CHARACTERS] = 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_tag(const char *tag, const char *given)
{
    unsigned different = 0;
    for (int i = 0; i < TAG_CHARACTERS; i++) {
        if (!given[i])
            return false;
        different |= (unsigned)(tag[i] ^ lower(given[i]));
    }
    return !different;
}

void thread_tag_id(
    const struct thread_key *key, const unsigned char noise[THREAD_NOISE_SIZE], char out[THREAD_ID_SIZE])
{
    sodium_bin2hex(out, NOISE_CHARACTERS + 1, noise, THREAD_NOISE_SIZE);
    out[NOISE_CHARACTERS] = '.';
    tag_of(key, "id", out, NOISE_CHARACTERS, out + NOISE_CHARACTERS + 1);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* p has THREAD_ID_SIZE - 1 readable bytes. */
static bool left_side_is_ours(const struct thread_key *key, const char *p)
{
    char noise[NOISE_CHARACTERS], tag[THREAD_TAG_SIZE];
    for (int i = 0; i < NOISE_CHARACTERS; i++) {
        noise[i] = lower(p[i]);
        if (!is_hex(noise[i]))
            return false;
    }
    if (p[NOISE_CHARACTERS] != '.')
        return false;
    tag_of(key, "id", noise, NOISE_CHARACTERS, tag);
    return same_tag(tag, p + NOISE_CHARACTERS + 1);
}

bool thread_tag_is_ours(const struct thread_key *key, const char *message_id)
{
    const char *at = message_id ? strchr(message_id, '@') : NULL;
    return at && at - message_id == THREAD_ID_SIZE - 1 && left_side_is_ours(key, message_id);
}

/* One look at each '.': the rest is only read where a hex digit stands before it, so the time stays linear. */
bool thread_tag_find_ours(
    const struct thread_key *key, const char *bytes, size_t size, size_t *at, char out[THREAD_ID_SIZE])
{
    size_t i = *at + NOISE_CHARACTERS;
    while (i + TAG_CHARACTERS < size) {
        const char *dot = memchr(bytes + i, '.', size - TAG_CHARACTERS - i);
        if (!dot)
            break;
        const char *p = dot - NOISE_CHARACTERS;
        i = (size_t)(dot - bytes) + 1;
        if (is_hex(lower(dot[-1])) && left_side_is_ours(key, p)) {
            for (int k = 0; k < THREAD_ID_SIZE - 1; k++)
                out[k] = lower(p[k]);
            out[THREAD_ID_SIZE - 1] = 0;
            *at = i + TAG_CHARACTERS;
            return true;
        }
    }
    *at = size;
    return false;
}

void thread_tag_of_number(const struct thread_key *key, const char *number, char out[THREAD_TAG_SIZE])
{
    tag_of(key, "number", number, strlen(number), out);
}

bool thread_tag_fits(const struct thread_key *key, const char *number, const char *tag)
{
    char right[THREAD_TAG_SIZE];
    if (!number || !tag || strlen(tag) != TAG_CHARACTERS)
        return false;
    thread_tag_of_number(key, number, right);
    return same_tag(right, tag);
}

size_t thread_tag_span(const char *p)
{
    size_t n = 0;
    while (p[n] && strchr(alphabet, lower(p[n])))
        n++;
    return n == TAG_CHARACTERS ? n : 0;
}
