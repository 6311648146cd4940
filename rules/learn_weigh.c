/* Words of a text, what they weigh, and which label is ahead. */
#include "learn_private.h"
#include "stem_words.h"
#include <stdlib.h>
#include <string.h>

enum { ONE = 1024 /* a doubling */ };

/* ---- words of a text ---- */

static int by_key(const void *a, const void *b)
{
    uint32_t x = ((const struct known_word *)a)->key, y = ((const struct known_word *)b)->key;
    return (x > y) - (x < y);
}

bool learn_words(struct stemmer *stemmer, const char *text, size_t size, struct known_word **ret_words,
    size_t *ret_count, struct arena *arena)
{
    struct stem_words stems;
    struct known_word *words = arena_alloc(arena, LEARN_WORDS_MOST * sizeof *words);
    size_t count = 0;
    if (!words || !stem_words_of(stemmer, text, size, &stems, arena))
        return false;
    for (size_t i = 0; i < stems.count && count < LEARN_WORDS_MOST; i++) {
        size_t at = 0;
        while (at < count && words[at].key != stems.list[i].key)
            at++;
        if (at == count)
            words[count++] = (struct known_word){stems.list[i].key, stems.list[i].text};
    }
    qsort(words, count, sizeof *words, by_key);
    *ret_words = words;
    *ret_count = count;
    return true;
}

/* ---- weights ---- */

/* log2 of a number, of 1 for 0, in 1/1024: squaring a number between 1 and 2 tells the next digit of its logarithm. */
static int32_t log_of(uint32_t number)
{
    number |= !number;
    int whole = 31 - __builtin_clz(number);
    uint64_t part = (uint64_t)number << (31 - whole);
    int32_t log = whole * ONE;
    for (int32_t digit = ONE / 2; digit; digit /= 2) {
        part = part * part >> 31;
        if (part >> 32) {
            part >>= 1;
            log += digit;
        }
    }
    return log;
}

/* Half a count for what was never seen, in doubled numbers. */
void learn_set_base(struct counts *c)
{
    c->all = 0;
    for (size_t l = 0; l < c->labels; l++)
        c->all += c->sums[l];
    for (size_t l = 0; l < c->labels; l++)
        c->base[l] = log_of(2 * (c->all - c->sums[l]) + (uint32_t)c->words) -
                     log_of(2 * c->sums[l] + (uint32_t)c->words);
}

bool learn_weigh(const struct counts *c, const uint32_t *row, int32_t *ret_weights)
{
    uint32_t all = 0;
    for (size_t l = 0; l < c->labels; l++)
        all += row[l];
    for (size_t l = 0; l < c->labels && all; l++)
        ret_weights[l] = c->base[l] + log_of(2 * row[l] + 1) - log_of(2 * (all - row[l]) + 1);
    return all != 0;
}

void learn_rank(const struct counts *c, struct ranking *r)
{
    r->count = 0;
    for (size_t l = 0; l < c->labels; l++) {
        size_t at = r->count;
        if (!c->sums[l])
            continue;
        for (; at && r->points[l] > r->points[r->order[at - 1]]; at--)
            r->order[at] = r->order[at - 1];
        r->order[at] = l;
        r->count++;
    }
}

int32_t learn_lead(const struct ranking *r)
{
    return r->count > 1 ? r->points[r->order[0]] - r->points[r->order[1]] : 0;
}
