/* Finds the terms of a rule file in a text. */
#include "classify_private.h"
#include <string.h>

enum { GAP_MOST = 6, DENIAL_REACH = 3 };

struct text {
    const struct classify_words *words;
    struct lexicon_meaning *meanings; /* one a word */
    bool *present;                    /* by id of lexeme: somewhere in the text */
    bool *denies;                     /* by word */
};

static bool is_one_of(const struct lexicon_meaning *m, const struct classify_element *e)
{
    for (size_t i = 0; i < m->count; i++)
        for (size_t w = 0; w < e->count; w++)
            if (m->words[i] == e->words[w])
                return true;
    return false;
}

static bool may_occur(const struct text *t, const struct classify_term *term)
{
    for (const struct classify_element *e = term->elements; e; e = e->next) {
        bool some = false;
        for (size_t w = 0; w < e->count && !some; w++)
            some = t->present[e->words[w]->id];
        if (!some)
            return false;
    }
    return true;
}

/* Does the term begin with word `at`? All of it within one sentence. */
static bool stands(
    const struct text *t, const struct classify_term *term, size_t at, struct classify_hit *hit)
{
    unsigned sentence = t->words->list[at].sentence;
    *hit = (struct classify_hit){.term = term};
    for (const struct classify_element *e = term->elements; e; e = e->next, at++) {
        for (size_t skipped = 0;; at++, skipped++) {
            if (at >= t->words->count || t->words->list[at].sentence != sentence)
                return false;
            if (is_one_of(&t->meanings[at], e))
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
        if (t->words->list[at - back].sentence == sentence && t->denies[at - back])
            return true;
    return false;
}

static bool find_term(const struct text *t, const struct classify_group *g, const struct classify_term *term,
    struct classify_hit *hit)
{
    for (size_t at = 0; may_occur(t, term) && at < t->words->count; at++)
        if (is_one_of(&t->meanings[at], term->elements) && stands(t, term, at, hit) &&
            (!g->undenied || term->denies || !is_denied(t, at)))
            return true;
    return false;
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

static bool read_words(const struct classify_rules *rules, struct text *t, struct stemmer *stemmer,
    const struct classify_group *denial)
{
    for (size_t i = 0; i < t->words->count; i++) {
        const struct classify_word *w = &t->words->list[i];
        if (!lexicon_look_up(rules->lexicon, stemmer, w->text, w->number, &t->meanings[i]))
            return false;
        for (size_t m = 0; m < t->meanings[i].count; m++)
            t->present[t->meanings[i].words[m]->id] = true;
        for (const struct classify_term *term = denial ? denial->terms : NULL; term; term = term->next)
            t->denies[i] |= is_one_of(&t->meanings[i], term->elements);
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

bool classify_match(const struct classify_rules *rules, const struct classify_words *words,
    struct classify_find *finds, struct arena *arena)
{
    size_t n = words->count + 1;
    struct text t = {.words = words,
        .meanings = arena_alloc(arena, n * sizeof *t.meanings),
        .present = arena_alloc(arena, lexicon_size(rules->lexicon) + 1),
        .denies = arena_alloc(arena, n)};
    struct stemmer *stemmer = arena_ok(arena) ? stemmer_new() : NULL;
    bool good = stemmer && read_words(rules, &t, stemmer, denial_of(rules));
    stemmer_free(stemmer);
    if (!good)
        return false;
    for (const struct classify_group *g = rules->groups; g; g = g->next)
        for (const struct classify_term *term = g->terms; term; term = term->next) {
            struct classify_hit hit;
            if (find_term(&t, g, term, &hit))
                add_to_find(&finds[g->index], &hit);
        }
    return true;
}
