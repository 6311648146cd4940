/* Finds the terms of a rule file in a text. */
#include "classify_private.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GAP_MOST = 6, DENIAL_REACH = 3 };

/* What is known of a term of which a first word was met. */
enum chance { CHANCE_UNKNOWN, CHANCE_NONE, CHANCE_SOME };

/* One spelling of the text, however often it is there. */
struct sense {
    const char *word;
    struct lexicon_meaning meaning;
    bool denies;
};

struct text {
    const struct classify_words *words;
    struct sense **senses;   /* a table by hash of the spelling, NULL = an empty slot */
    size_t slots;            /* a power of two, at least twice the words */
    const struct sense **of; /* one a word */
    bool *present;           /* by id of lexeme: somewhere in the text */
    uint8_t *chances;        /* by number of term: enum chance */
    uint32_t *stands_at;     /* by number of term: word + 1 where it stands first, 0 = nowhere */
    uint32_t *found;         /* the numbers of those that stand somewhere: few of some thousands */
    size_t found_count;
};

/* ---- the index ---- */

static size_t count_terms(const struct classify_rules *rules)
{
    size_t count = 0;
    for (const struct classify_group *g = rules->groups; g; g = g->next)
        for (const struct classify_term *term = g->terms; term; term = term->next)
            count++;
    return count;
}

/* Counted at begin[id + 2]; summed up, begin[id + 1] is where the lexeme's first goes, and moves on with each that is put:
 * in the end behind its last, which is where the next lexeme begins. */
static bool sort_by_first_word(struct classify_index *index, size_t lexemes, struct arena *arena)
{
    size_t total = 0;
    index->begin = arena_alloc(arena, (lexemes + 2) * sizeof *index->begin);
    for (size_t i = 0; index->begin && i < index->count; i++)
        for (size_t w = 0; w < index->entries[i].term->elements->count; w++, total++)
            index->begin[index->entries[i].term->elements->words[w]->id + 2]++;
    index->numbers = arena_alloc(arena, (total + 1) * sizeof *index->numbers);
    if (!index->begin || !index->numbers)
        return false;
    for (size_t id = 2; id <= lexemes + 1; id++)
        index->begin[id] += index->begin[id - 1];
    for (size_t i = 0; i < index->count; i++)
        for (size_t w = 0; w < index->entries[i].term->elements->count; w++)
            index->numbers[index->begin[index->entries[i].term->elements->words[w]->id + 1]++] = i;
    return true;
}

bool classify_index_make(struct classify_rules *rules)
{
    struct classify_index *index = &rules->index;
    index->entries = arena_alloc(rules->arena, (count_terms(rules) + 1) * sizeof *index->entries);
    if (!index->entries)
        return false;
    for (const struct classify_group *g = rules->groups; g; g = g->next)
        for (const struct classify_term *term = g->terms; term; term = term->next)
            index->entries[index->count++] = (struct classify_entry){g, term};
    return sort_by_first_word(index, lexicon_size(rules->lexicon), rules->arena);
}

/* ---- a text ---- */

static bool is_one_of(const struct sense *s, const struct classify_element *e)
{
    const struct lexicon_meaning *m = &s->meaning;
    for (size_t i = 0; i < m->count; i++)
        for (size_t w = 0; w < e->count; w++)
            if (m->words[i] == e->words[w])
                return true;
    return false;
}

static enum chance chance_of(const struct text *t, const struct classify_term *term)
{
    for (const struct classify_element *e = term->elements; e; e = e->next) {
        bool some = false;
        for (size_t w = 0; w < e->count && !some; w++)
            some = t->present[e->words[w]->id];
        if (!some)
            return CHANCE_NONE;
    }
    return CHANCE_SOME;
}

/* Does the term begin with word `at`? All of it within one sentence. */
static bool stands(
    const struct text *t, const struct classify_term *term, size_t at, struct classify_hit *hit)
{
    unsigned sentence = t->words->list[at].sentence;
    hit->term = term;
    hit->count = 0;
    for (const struct classify_element *e = term->elements; e; e = e->next, at++) {
        for (size_t skipped = 0;; at++, skipped++) {
            if (at >= t->words->count || t->words->list[at].sentence != sentence)
                return false;
            if (is_one_of(t->of[at], e))
                break;
            if (!e->gap || skipped >= GAP_MOST)
                return false;
        }
        hit->words[hit->count++] = at;
    }
    return true;
}

static bool is_denied(const struct text *t, size_t at)
{
    unsigned sentence = t->words->list[at].sentence;
    for (size_t back = 1; back <= DENIAL_REACH && back <= at; back++)
        if (t->words->list[at - back].sentence == sentence && t->of[at - back]->denies)
            return true;
    return false;
}

/* Terms that begin with word `at` and were not found before it. */
static void find_terms(const struct classify_index *index, struct text *t, size_t at)
{
    const struct lexicon_meaning *m = &t->of[at]->meaning;
    for (size_t i = 0; i < m->count; i++) {
        unsigned id = m->words[i]->id;
        for (size_t e = index->begin[id]; e < index->begin[id + 1]; e++) {
            size_t n = index->numbers[e];
            const struct classify_entry *entry = &index->entries[n];
            struct classify_hit hit;
            if (t->chances[n] == CHANCE_UNKNOWN)
                t->chances[n] = (uint8_t)chance_of(t, entry->term);
            if (t->chances[n] == CHANCE_SOME && !t->stands_at[n] && stands(t, entry->term, at, &hit) &&
                (!entry->group->undenied || entry->term->denies || !is_denied(t, at))) {
                t->stands_at[n] = (uint32_t)at + 1;
                t->found[t->found_count++] = (uint32_t)n;
            }
        }
    }
}

static void add_to_find(struct classify_find *find, const struct classify_hit *hit)
{
    if (!find->top[0].term || hit->words[0] < find->at)
        find->at = hit->words[0];
    find->points += hit->term->points;
    size_t i = CLASSIFY_TOP;
    while (i > 0 && (!find->top[i - 1].term || hit->term->points > find->top[i - 1].term->points))
        i--;
    if (i == CLASSIFY_TOP)
        return;
    memmove(&find->top[i + 1], &find->top[i], (CLASSIFY_TOP - 1 - i) * sizeof *find->top);
    find->top[i] = *hit;
}

static struct sense **slot_of(const struct text *t, const char *word)
{
    size_t hash = 5381;
    for (const char *p = word; *p; p++)
        hash = hash * 33 ^ (unsigned char)*p;
    size_t slot = hash & (t->slots - 1);
    while (t->senses[slot] && strcmp(t->senses[slot]->word, word) != 0)
        slot = (slot + 1) & (t->slots - 1);
    return &t->senses[slot];
}

/* What a spelling that was not met before may be; NULL without memory. */
static struct sense *read_sense(const struct classify_rules *rules, const struct text *t,
    struct stemmer *stemmer, const struct classify_group *denial, const struct classify_word *w,
    struct arena *arena)
{
    struct sense *s = arena_alloc(arena, sizeof *s);
    if (!s || !lexicon_look_up(rules->lexicon, stemmer, w->text, w->number, &s->meaning))
        return NULL;
    s->word = w->text;
    for (size_t m = 0; m < s->meaning.count; m++)
        t->present[s->meaning.words[m]->id] = true;
    for (const struct classify_term *term = denial ? denial->terms : NULL; term; term = term->next)
        s->denies |= is_one_of(s, term->elements);
    return s;
}

static bool read_words(const struct classify_rules *rules, const struct text *t, struct stemmer *stemmer,
    const struct classify_group *denial, struct arena *arena)
{
    for (size_t i = 0; i < t->words->count; i++) {
        struct sense **s = slot_of(t, t->words->list[i].text);
        if (!*s)
            *s = read_sense(rules, t, stemmer, denial, &t->words->list[i], arena);
        if (!*s)
            return false;
        t->of[i] = *s;
    }
    return true;
}

static const struct classify_group *denial_of(const struct classify_rules *rules)
{
    for (const struct classify_group *g = rules->groups; g; g = g->next)
        if (!strcmp(g->name, "sangkalan"))
            return g;
    return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool classify_match(const struct classify_rules *rules, const struct classify_words *words,
    struct classify_find *finds, struct arena *arena)
{
    struct text t = {.words = words, .slots = 16};
    while (t.slots < 2 * words->count)
        t.slots *= 2;
    t.senses = arena_alloc(arena, t.slots * sizeof *t.senses);
    t.of = arena_alloc(arena, (words->count + 1) * sizeof *t.of);
    t.present = arena_alloc(arena, lexicon_size(rules->lexicon) + 1);
    t.chances = arena_alloc(arena, rules->index.count + 1);
    t.stands_at = arena_alloc(arena, (rules->index.count + 1) * sizeof *t.stands_at);
    t.found = arena_alloc(arena, (rules->index.count + 1) * sizeof *t.found);
    struct stemmer *stemmer = arena_ok(arena) ? stemmer_new() : NULL;
    bool good = stemmer && read_words(rules, &t, stemmer, denial_of(rules), arena);
    stemmer_free(stemmer);
    if (!good)
        return false;
    for (size_t at = 0; at < words->count; at++)
        find_terms(&rules->index, &t, at);
    qsort(
        t.found, t.found_count, sizeof *t.found, compare_numbers); /* as the file has them: it decides ties */
    for (size_t i = 0; i < t.found_count; i++) {
        const struct classify_entry *e = &rules->index.entries[t.found[i]];
        struct classify_hit hit;
        if (stands(&t, e->term, t.stands_at[t.found[i]] - 1, &hit))
            add_to_find(&finds[e->group->index], &hit);
    }
    return true;
}
