/* The bytes, little-endian numbers of 4 bytes unless said otherwise:
 *
 *   "PGL1"; labels, words, cases, right, proposed, proposed_right
 *   a label: LEARN_LABEL_SIZE bytes, its cases, the sum of its counts
 *   labels x labels: row = decided, column = answered
 *   LEARN_BANDS times: least, right, all
 *   a word, keys ascending: key, then for each label in how many of its texts it stands (2 bytes) */
#include "learn.h"
#include "stem_words.h"
#include <stdlib.h>
#include <string.h>

enum {
    NUMBERS = 6,
    HEAD_SIZE = 4 + 4 * NUMBERS,
    LABEL_ROW = LEARN_LABEL_SIZE + 8,
    BAND_ROW = 12,
    COUNT_MOST = 65535,
    LESSON_MEMORY = 24 << 20,
    ONE = 1024, /* a doubling */
    NO_LABEL = -1
};
static const char MAGIC[] = "PGL1";

struct known_word {
    uint32_t key;
    const char *text;
};

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

/* ---- words of a text ---- */

static int by_key(const void *a, const void *b)
{
    uint32_t x = ((const struct known_word *)a)->key, y = ((const struct known_word *)b)->key;
    return (x > y) - (x < y);
}

/* Its first different stems by key. */
static bool words_of(struct stemmer *stemmer, const char *text, size_t size, struct known_word **ret_words,
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
    if (!words_of(stemmer, text, size, &words, &count, scratch))
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

/* What is counted, either in a lesson or in the bytes of what was learnt. */
struct counts {
    size_t labels, words;
    const uint32_t *sums; /* a label: sum of its counts */
    uint32_t all;         /* of these */
    int32_t base[LEARN_LABELS_MOST];
};

/* Half a count for what was never seen, in doubled numbers. */
static void set_base(struct counts *c)
{
    c->all = 0;
    for (size_t l = 0; l < c->labels; l++)
        c->all += c->sums[l];
    for (size_t l = 0; l < c->labels; l++)
        c->base[l] = log_of(2 * (c->all - c->sums[l]) + (uint32_t)c->words) -
                     log_of(2 * c->sums[l] + (uint32_t)c->words);
}

/* How much a word speaks for each label; false when no text has it. */
static bool weigh(const struct counts *c, const uint32_t *row, int32_t *ret_weights)
{
    uint32_t all = 0;
    for (size_t l = 0; l < c->labels; l++)
        all += row[l];
    for (size_t l = 0; l < c->labels && all; l++)
        ret_weights[l] = c->base[l] + log_of(2 * row[l] + 1) - log_of(2 * (all - row[l]) + 1);
    return all != 0;
}

struct ranking {
    int32_t points[LEARN_LABELS_MOST];
    size_t order[LEARN_LABELS_MOST];
    size_t count, known; /* labels with cases; words it knew */
};

static void rank(const struct counts *c, struct ranking *r)
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

static int32_t lead_of(const struct ranking *r)
{
    return r->count > 1 ? r->points[r->order[0]] - r->points[r->order[1]] : 0;
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
        if (!row || !weigh(&s->counts, row, weights))
            continue;
        r->known++;
        for (size_t l = 0; l < s->counts.labels; l++)
            r->points[l] += weights[l];
    }
    rank(&s->counts, r);
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
    *t = (struct trial){lead_of(&r), r.order[0] == (size_t)c->label};
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
        set_base(&s->counts);
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
    str_adds(out, MAGIC);
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
    if (!bytes || size < HEAD_SIZE || memcmp(bytes, MAGIC, 4))
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
        if (!find_word(learnt, words[i].key, row) || !weigh(c, row, weights) || weights[label] <= 0)
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
    set_base(&c);
    if (!words_of(stemmer, text, size, &words, &count, arena))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!find_word(learnt, words[i].key, row) || !weigh(&c, row, weights))
            continue;
        r.known++;
        for (size_t l = 0; l < c.labels; l++)
            r.points[l] += weights[l];
    }
    rank(&c, &r);
    if (!r.known || !r.count)
        return true;
    memcpy(ret->ranked, r.order, sizeof ret->ranked);
    ret->count = r.count;
    ret->confidence = confidence_of(learnt, lead_of(&r));
    tell_words(&c, learnt, words, count, r.order[0], ret);
    return true;
}
