/* Cases, counted and tried on one another. */
#include "learn_private.h"
#include <stdlib.h>
#include <string.h>

enum { LESSON_MEMORY = 24 << 20, NO_LABEL = -1 };

struct lesson_case {
    struct lesson_case *next;
    int label, proposed;
    size_t count;
    uint32_t keys[]; /* ascending */
};

struct lesson {
    struct arena *arena;
    char labels[LEARN_LABELS_MOST][LEARN_LABEL_SIZE];
    size_t label_count;
    struct lesson_case *first, **last;
    size_t cases;
};

/* ---- cases ---- */

struct lesson *lesson_new(void)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    struct arena *arena = lesson ? arena_new(LESSON_MEMORY) : NULL;
    if (!arena) {
        free(lesson);
        return NULL;
    }
    lesson->arena = arena;
    lesson->last = &lesson->first;
    return lesson;
}

void lesson_free(struct lesson *lesson)
{
    if (!lesson)
        return;
    arena_free(lesson->arena);
    free(lesson);
}

size_t lesson_cases(const struct lesson *lesson)
{
    return lesson->cases;
}

static int label_of(struct lesson *lesson, const char *label)
{
    for (size_t i = 0; i < lesson->label_count; i++)
        if (!strcmp(lesson->labels[i], label))
            return (int)i;
    size_t n = strlen(label);
    if (!n || n >= LEARN_LABEL_SIZE || lesson->label_count == LEARN_LABELS_MOST)
        return NO_LABEL;
    memcpy(lesson->labels[lesson->label_count], label, n + 1);
    return (int)lesson->label_count++;
}

bool lesson_add(struct lesson *lesson, struct stemmer *stemmer, const char *text, size_t size,
    const char *label, const char *proposed, struct arena *scratch)
{
    struct known_word *words;
    size_t count;
    if (lesson->cases == LEARN_CASES_MOST)
        return true;
    if (!learn_words(stemmer, text, size, &words, &count, scratch))
        return false;
    int decided = count ? label_of(lesson, label) : NO_LABEL;
    if (decided == NO_LABEL)
        return true;
    struct lesson_case *one = arena_alloc(lesson->arena, sizeof *one + count * sizeof one->keys[0]);
    if (!one)
        return false;
    one->label = decided;
    one->proposed = proposed ? !strcmp(proposed, label) : NO_LABEL;
    one->count = count;
    for (size_t i = 0; i < count; i++)
        one->keys[i] = words[i].key;
    *lesson->last = one;
    lesson->last = &one->next;
    lesson->cases++;
    return true;
}

/* ---- learning ---- */

struct study {
    const struct lesson *lesson;
    uint32_t *keys;  /* ascending: the vocabulary */
    uint32_t *table; /* words x labels */
    uint32_t sums[LEARN_LABELS_MOST];
    uint32_t cases[LEARN_LABELS_MOST];
    uint32_t taken[LEARN_LABELS_MOST][LEARN_LABELS_MOST];
    uint32_t right, proposed, proposed_right;
    struct learnt_band bands[LEARN_BANDS];
    struct counts counts;
    struct arena *arena;
};

struct trial {
    int32_t lead;
    bool right;
};

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int surest_first(const void *a, const void *b)
{
    const struct trial *x = a, *y = b;
    return (x->lead < y->lead) - (x->lead > y->lead);
}

/* How many of the sorted keys stand at least `least` times; they are put to the front when `keep`. */
static size_t stands_often(uint32_t *keys, size_t count, size_t least, bool keep)
{
    size_t kept = 0;
    for (size_t i = 0, run; i < count; i += run) {
        for (run = 1; i + run < count && keys[i + run] == keys[i];)
            run++;
        if (run >= least && keep)
            keys[kept] = keys[i];
        kept += run >= least;
    }
    return kept;
}

static bool choose_words(struct study *s)
{
    size_t count = 0, least = 1;
    for (const struct lesson_case *c = s->lesson->first; c; c = c->next)
        count += c->count;
    uint32_t *keys = s->keys = arena_alloc(s->arena, (count + 1) * sizeof *keys);
    if (!keys)
        return false;
    count = 0;
    for (const struct lesson_case *c = s->lesson->first; c; c = c->next) {
        memcpy(keys + count, c->keys, c->count * sizeof *keys);
        count += c->count;
    }
    qsort(keys, count, sizeof *keys, by_number);
    while (stands_often(keys, count, least, false) > LEARN_VOCABULARY_MOST)
        least++;
    s->counts.words = stands_often(keys, count, least, true);
    s->table = arena_alloc(s->arena, (s->counts.words + 1) * s->counts.labels * sizeof *s->table);
    return s->table != NULL;
}

static uint32_t *row_of(const struct study *s, uint32_t key)
{
    const uint32_t *at = bsearch(&key, s->keys, s->counts.words, sizeof key, by_number);
    return at ? s->table + (size_t)(at - s->keys) * s->counts.labels : NULL;
}

/* by 1 or -1. */
static void count_case(struct study *s, const struct lesson_case *c, int by)
{
    for (size_t i = 0; i < c->count; i++) {
        uint32_t *row = row_of(s, c->keys[i]);
        if (row) {
            row[c->label] += (uint32_t)by;
            s->sums[c->label] += (uint32_t)by;
        }
    }
}

static void ask_case(const struct study *s, const struct lesson_case *c, struct ranking *r)
{
    int32_t weights[LEARN_LABELS_MOST];
    *r = (struct ranking){0};
    for (size_t i = 0; i < c->count; i++) {
        const uint32_t *row = row_of(s, c->keys[i]);
        if (!row || !learn_weigh(&s->counts, row, weights))
            continue;
        r->known++;
        for (size_t l = 0; l < s->counts.labels; l++)
            r->points[l] += weights[l];
    }
    learn_rank(&s->counts, r);
}

/* A case whose words nobody else had stands for no answer: it was taken for nothing. */
static void try_case(struct study *s, const struct lesson_case *c, struct trial *trials, size_t *count)
{
    struct ranking r;
    ask_case(s, c, &r);
    s->proposed += c->proposed != NO_LABEL;
    s->proposed_right += c->proposed == 1;
    if (!r.known || !r.count)
        return;
    struct trial *t = &trials[(*count)++];
    *t = (struct trial){learn_lead(&r), r.order[0] == (size_t)c->label};
    s->right += t->right;
    s->taken[c->label][r.order[0]]++;
}

static void count_fold(struct study *s, size_t fold, int by)
{
    size_t i = 0;
    for (const struct lesson_case *c = s->lesson->first; c; c = c->next)
        if (i++ % LEARN_FOLDS == fold)
            count_case(s, c, by);
}

static bool is_no_better(const struct learnt_band *a, const struct learnt_band *b)
{
    return a->right * b->all <= b->right * a->all;
}

/* Equal parts of the trials, those of one lead together; one that did no better than a less sure one is told together with it. */
static void set_bands(struct study *s, struct trial *trials, size_t count)
{
    qsort(trials, count, sizeof *trials, surest_first);
    size_t bands = 0, i = 0;
    for (size_t b = 1; b <= LEARN_BANDS; b++) {
        struct learnt_band band = {0};
        for (; i < b * count / LEARN_BANDS || (band.all && i < count && trials[i].lead == band.least); i++) {
            band.least = trials[i].lead;
            band.right += trials[i].right;
            band.all++;
        }
        if (!band.all)
            continue;
        while (bands && is_no_better(&s->bands[bands - 1], &band)) {
            bands--;
            band.right += s->bands[bands].right;
            band.all += s->bands[bands].all;
            s->bands[bands] = (struct learnt_band){0};
        }
        s->bands[bands++] = band;
    }
}

static bool cross_validate(struct study *s)
{
    size_t count = 0;
    struct trial *trials = arena_alloc(s->arena, s->lesson->cases * sizeof *trials);
    for (size_t fold = 0; trials && fold < LEARN_FOLDS; fold++) {
        size_t i = 0;
        count_fold(s, fold, -1);
        learn_set_base(&s->counts);
        for (const struct lesson_case *c = s->lesson->first; c; c = c->next)
            if (i++ % LEARN_FOLDS == fold)
                try_case(s, c, trials, &count);
        count_fold(s, fold, 1);
    }
    if (trials)
        set_bands(s, trials, count);
    return trials != NULL;
}

/* ---- bytes ---- */

static void put(struct str *out, uint32_t number)
{
    const unsigned char bytes[4] = {(unsigned char)number, (unsigned char)(number >> 8),
        (unsigned char)(number >> 16), (unsigned char)(number >> 24)};
    str_add(out, bytes, sizeof bytes);
}

static void put_short(struct str *out, uint32_t number)
{
    const uint32_t n = number < COUNT_MOST ? number : COUNT_MOST;
    const unsigned char bytes[2] = {(unsigned char)n, (unsigned char)(n >> 8)};
    str_add(out, bytes, sizeof bytes);
}

static void write_all(const struct study *s, struct str *out)
{
    const size_t labels = s->counts.labels;
    str_adds(out, LEARN_MAGIC);
    const uint32_t numbers[NUMBERS] = {(uint32_t)labels, (uint32_t)s->counts.words,
        (uint32_t)s->lesson->cases, s->right, s->proposed, s->proposed_right};
    for (size_t i = 0; i < NUMBERS; i++)
        put(out, numbers[i]);
    for (size_t l = 0; l < labels; l++) {
        str_add(out, s->lesson->labels[l], LEARN_LABEL_SIZE);
        put(out, s->cases[l]);
        put(out, s->sums[l]);
    }
    for (size_t l = 0; l < labels; l++)
        for (size_t as = 0; as < labels; as++)
            put(out, s->taken[l][as]);
    for (size_t b = 0; b < LEARN_BANDS; b++) {
        put(out, (uint32_t)s->bands[b].least);
        put(out, (uint32_t)s->bands[b].right);
        put(out, (uint32_t)s->bands[b].all);
    }
    for (size_t w = 0; w < s->counts.words; w++) {
        put(out, s->keys[w]);
        for (size_t l = 0; l < labels; l++)
            put_short(out, s->table[w * labels + l]);
    }
}

static enum outcome study(struct study *s, struct str *out, struct fault *fault)
{
    s->counts.labels = s->lesson->label_count;
    s->counts.sums = s->sums;
    bool good = s->arena && choose_words(s);
    for (const struct lesson_case *c = s->lesson->first; good && c; c = c->next) {
        count_case(s, c, 1);
        s->cases[c->label]++;
    }
    if (good && cross_validate(s))
        write_all(s, out);
    else
        good = false;
    return good && str_ok(out) ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory to learn");
}

enum outcome lesson_learn(const struct lesson *lesson, struct str *out, struct fault *fault)
{
    if (lesson->cases < LEARN_CASES_LEAST || lesson->label_count < 2)
        return fault_set(fault, OUTCOME_NEVER,
            "Belum cukup putusan untuk dipelajari: perlu sedikitnya 20 aduan yang didisposisikan, kepada "
            "lebih dari satu seksi.",
            "%zu cases of %zu labels", lesson->cases, lesson->label_count);
    struct study *s = calloc(1, sizeof *s);
    if (!s)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to learn");
    s->lesson = lesson;
    s->arena = arena_new(LESSON_MEMORY);
    enum outcome outcome = study(s, out, fault);
    arena_free(s->arena);
    free(s);
    return outcome;
}
