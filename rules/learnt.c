/* What was learnt, asked. */
#include "learn_private.h"
#include <string.h>

/* ---- what was learnt ---- */

static uint32_t get(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static const unsigned char *label_row(const struct learnt *l, size_t label)
{
    return l->bytes + HEAD_SIZE + label * LABEL_ROW;
}

static const unsigned char *taken_row(const struct learnt *l, size_t label)
{
    return label_row(l, l->labels) + label * l->labels * 4;
}

static const unsigned char *band_row(const struct learnt *l, size_t band)
{
    return taken_row(l, l->labels) + band * BAND_ROW;
}

static size_t word_size(const struct learnt *l)
{
    return 4 + 2 * l->labels;
}

static const unsigned char *word_row(const struct learnt *l, size_t word)
{
    return band_row(l, LEARN_BANDS) + word * word_size(l);
}

static bool labels_end(const struct learnt *l)
{
    for (size_t i = 0; i < l->labels; i++)
        if (!memchr(label_row(l, i), 0, LEARN_LABEL_SIZE))
            return false;
    return true;
}

bool learnt_open(struct learnt *ret, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    *ret = (struct learnt){0};
    if (!bytes || size < HEAD_SIZE || memcmp(bytes, LEARN_MAGIC, 4))
        return false;
    *ret = (struct learnt){.labels = get(at + 4),
        .words = get(at + 8),
        .cases = get(at + 12),
        .right = get(at + 16),
        .proposed = get(at + 20),
        .proposed_right = get(at + 24),
        .bytes = bytes};
    return ret->labels >= 2 && ret->labels <= LEARN_LABELS_MOST && ret->words <= LEARN_VOCABULARY_MOST &&
           ret->cases && size == (size_t)(word_row(ret, ret->words) - at) && labels_end(ret);
}

const char *learnt_label(const struct learnt *learnt, size_t label)
{
    return (const char *)label_row(learnt, label);
}

size_t learnt_label_cases(const struct learnt *learnt, size_t label)
{
    return get(label_row(learnt, label) + LEARN_LABEL_SIZE);
}

size_t learnt_taken_for(const struct learnt *learnt, size_t label, size_t as)
{
    return get(taken_row(learnt, label) + 4 * as);
}

struct learnt_band learnt_band(const struct learnt *learnt, size_t band)
{
    const unsigned char *at = band_row(learnt, band);
    return (struct learnt_band){(int32_t)get(at), get(at + 4), get(at + 8)};
}

static int confidence_of(const struct learnt *learnt, int32_t lead)
{
    struct learnt_band band = {0};
    for (size_t b = 0; b < LEARN_BANDS; b++) {
        struct learnt_band next = learnt_band(learnt, b);
        if (!next.all)
            break;
        band = next;
        if (lead >= band.least)
            break;
    }
    return band.all && band.right <= band.all ? (int)(100 * band.right / band.all) : 0;
}

/* The counts of a word into row; false when it is not known. */
static bool find_word(const struct learnt *learnt, uint32_t key, uint32_t *row)
{
    size_t low = 0, high = learnt->words;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const unsigned char *at = word_row(learnt, middle);
        uint32_t found = get(at);
        if (found == key) {
            for (size_t l = 0; l < learnt->labels; l++)
                row[l] = at[4 + 2 * l] | (uint32_t)at[5 + 2 * l] << 8;
            return true;
        }
        if (found < key)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* What a word weighs for the label that is ahead, once it is known which one that is. */
static void tell_words(const struct counts *c, const struct learnt *learnt, const struct known_word *words,
    size_t count, size_t label, struct learnt_answer *ret)
{
    int32_t told[LEARN_WORDS_TOLD], weights[LEARN_LABELS_MOST];
    uint32_t row[LEARN_LABELS_MOST];
    for (size_t i = 0; i < count; i++) {
        if (!find_word(learnt, words[i].key, row) || !learn_weigh(c, row, weights) || weights[label] <= 0)
            continue;
        size_t at = ret->word_count < LEARN_WORDS_TOLD ? ret->word_count++ : LEARN_WORDS_TOLD - 1;
        if (at == LEARN_WORDS_TOLD - 1 && ret->words[at] && told[at] >= weights[label])
            continue;
        for (; at && told[at - 1] < weights[label]; at--) {
            told[at] = told[at - 1];
            ret->words[at] = ret->words[at - 1];
        }
        told[at] = weights[label];
        ret->words[at] = words[i].text;
    }
}

bool learnt_ask(const struct learnt *learnt, struct stemmer *stemmer, const char *text, size_t size,
    struct learnt_answer *ret, struct arena *arena)
{
    struct known_word *words;
    size_t count;
    uint32_t sums[LEARN_LABELS_MOST], row[LEARN_LABELS_MOST];
    int32_t weights[LEARN_LABELS_MOST];
    struct counts c = {.labels = learnt->labels, .words = learnt->words, .sums = sums};
    struct ranking r = {0};
    *ret = (struct learnt_answer){0};
    for (size_t l = 0; l < learnt->labels; l++)
        sums[l] = get(label_row(learnt, l) + LEARN_LABEL_SIZE + 4);
    learn_set_base(&c);
    if (!learn_words(stemmer, text, size, &words, &count, arena))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!find_word(learnt, words[i].key, row) || !learn_weigh(&c, row, weights))
            continue;
        r.known++;
        for (size_t l = 0; l < c.labels; l++)
            r.points[l] += weights[l];
    }
    learn_rank(&c, &r);
    if (!r.known || !r.count)
        return true;
    memcpy(ret->ranked, r.order, sizeof ret->ranked);
    ret->count = r.count;
    ret->confidence = confidence_of(learnt, learn_lead(&r));
    tell_words(&c, learnt, words, count, r.order[0], ret);
    return true;
}
