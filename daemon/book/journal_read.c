/* Reading what a row of the journal says. */
#include "journal.h"
#include <string.h>

struct cursor {
    const unsigned char *at, *end;
    bool bad;
};

static const unsigned char *take(struct cursor *c, size_t size)
{
    static const unsigned char nothing[256];
    if (c->bad || (size_t)(c->end - c->at) < size) {
        c->bad = true;
        return nothing;
    }
    c->at += size;
    return c->at - size;
}

/* Up to 8 bytes, as a number and, right-aligned, as such a key. */
static uint64_t take_number(struct cursor *c, size_t size, unsigned char key[8])
{
    const unsigned char *bytes = take(c, size);
    uint64_t number = 0;
    memset(key, 0, 8);
    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    memcpy(key + 8 - size, bytes, size);
    return number;
}

static void take_seal(struct cursor *c, struct seal *ret)
{
    unsigned char unused[8];
    size_t size = *take(c, 1);
    *ret = (struct seal){.key_size = size == SEAL_SIZE ? SEAL_SIZE : 8};
    if (size == SEAL_SIZE)
        memcpy(ret->key, take(c, size), size);
    else if (size <= 8)
        take_number(c, size, ret->key);
    else
        c->bad = true;
    size = *take(c, 1);
    if (size <= 8)
        ret->place = (int64_t)take_number(c, size, unused);
    else
        c->bad = true;
    unsigned char there = *take(c, 1);
    c->bad = c->bad || there > 2;
    ret->anew = there == 2;
    ret->gone = !there;
    if (there)
        memcpy(ret->digest, take(c, SEAL_SIZE), SEAL_SIZE);
}

static enum outcome read_table(struct cursor *c, journal_visit *see, void *arg, struct fault *fault)
{
    char name[SEALED_NAME_SIZE] = "";
    enum outcome outcome = OUTCOME_DONE;
    size_t length = *take(c, 1);
    if (!length || length >= sizeof name)
        c->bad = true;
    else
        memcpy(name, take(c, length), length);
    c->bad = c->bad || strlen(name) != length;
    const unsigned char *count_bytes = take(c, 4);
    uint32_t count = (uint32_t)count_bytes[0] << 24 | (uint32_t)count_bytes[1] << 16 |
                     (uint32_t)count_bytes[2] << 8 | count_bytes[3];
    for (uint32_t i = 0; i < count && !c->bad && !outcome; i++) {
        struct seal seal;
        take_seal(c, &seal);
        if (!c->bad)
            outcome = see(arg, name, &seal, fault);
    }
    return outcome;
}

enum outcome journal_read(const void *writes, size_t size, journal_visit *see, void *arg, struct fault *fault)
{
    struct cursor c = {writes, (const unsigned char *)writes + size, .bad = !writes && size};
    enum outcome outcome = OUTCOME_DONE;
    while (!outcome && !c.bad && c.at < c.end)
        outcome = read_table(&c, see, arg, fault);
    if (!outcome && c.bad)
        outcome = fault_set(fault, OUTCOME_NEVER, NULL, "writes of another form");
    return outcome;
}
