#include "classify_lexicon.h"
#include "classify_words.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 2048, FUZZY_LEAST = 7, VOWELLESS_LEAST = 3, AFFIX_ROOT_LEAST = 4, PARTICLE_ROOT_LEAST = 3 };

struct abbreviation {
    const char *shorter, *longer;
    struct abbreviation *next;
};

struct entry {
    const char *text;
    const struct lexeme *lexeme;
    unsigned consonants; /* which there are, one bit a letter */
};

struct lexicon {
    struct arena *arena;
    struct lexeme *buckets[BUCKETS];
    const struct lexeme **prefixes;
    size_t prefix_count;
    struct abbreviation *abbreviations[BUCKETS];
    struct entry *entries; /* sorted by text */
    size_t entry_count;
    size_t begin[UCHAR_MAX + 2]; /* entries [begin[c], begin[c + 1]) have the first letter c */
    size_t *first;               /* by slot: number + 1 of the first entry with that text; 0 = none */
    size_t slots;                /* a power of two, more than twice the entries */
    size_t count;
};

static size_t hash_of(const char *text)
{
    size_t hash = 5381;
    for (; *text; text++)
        hash = hash * 33 ^ (unsigned char)*text;
    return hash;
}

static size_t bucket_of(const char *text)
{
    return hash_of(text) % BUCKETS;
}

struct lexicon *lexicon_new(struct arena *arena)
{
    struct lexicon *l = arena_alloc(arena, sizeof *l);
    if (l)
        l->arena = arena;
    return l;
}

size_t lexicon_size(const struct lexicon *lexicon)
{
    return lexicon->count;
}

static const char *spelled_out(const struct lexicon *lexicon, const char *word)
{
    for (const struct abbreviation *a = lexicon->abbreviations[bucket_of(word)]; a; a = a->next)
        if (!strcmp(a->shorter, word))
            return a->longer;
    return word;
}

const struct lexeme *lexicon_add(struct lexicon *lexicon, const char *word, size_t size)
{
    struct lexeme want = {.number = size == 1 && *word == '#'};
    if (size > 1 && *word == '=') {
        want.exact = true;
        word++;
        size--;
    }
    if (size > 1 && word[size - 1] == '*') {
        want.prefix = true;
        size--;
    }
    want.text = want.number ? "#" : classify_word_normal(word, size, lexicon->arena);
    if (!want.text || !*want.text)
        return NULL;
    want.text = want.prefix ? want.text : spelled_out(lexicon, want.text);
    want.length = strlen(want.text);
    size_t b = bucket_of(want.text);
    for (const struct lexeme *l = lexicon->buckets[b]; l; l = l->next)
        if (!strcmp(l->text, want.text) && l->exact == want.exact && l->prefix == want.prefix)
            return l;
    struct lexeme *l = arena_alloc(lexicon->arena, sizeof *l);
    if (!l)
        return NULL;
    *l = want;
    l->id = (unsigned)lexicon->count++;
    l->next = lexicon->buckets[b];
    lexicon->buckets[b] = l;
    return l;
}

bool lexicon_abbreviate(
    struct lexicon *lexicon, const char *shorter, size_t size, const char *longer, size_t longer_size)
{
    struct abbreviation *a = arena_alloc(lexicon->arena, sizeof *a);
    if (!a)
        return false;
    a->shorter = classify_word_normal(shorter, size, lexicon->arena);
    a->longer = classify_word_normal(longer, longer_size, lexicon->arena);
    if (!a->shorter || !a->longer || !*a->shorter || !*a->longer)
        return false;
    size_t b = bucket_of(a->shorter);
    a->next = lexicon->abbreviations[b];
    lexicon->abbreviations[b] = a;
    return true;
}

/* ---- index ---- */

static bool is_vowel(char c)
{
    return c == 'a' || c == 'i' || c == 'u' || c == 'e' || c == 'o';
}

static unsigned consonants_of(const char *word)
{
    unsigned set = 0;
    for (; *word; word++)
        set |= is_vowel(*word) ? 0 : 1u << ((unsigned char)*word & 31);
    return set;
}

static int compare_entry(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->lexeme->id > y->lexeme->id) - (x->lexeme->id < y->lexeme->id);
}

/* The slot that has the text, or the empty one where it belongs. */
static size_t slot_of(const struct lexicon *lexicon, const char *text)
{
    size_t slot = hash_of(text) & (lexicon->slots - 1);
    while (lexicon->first[slot] && strcmp(lexicon->entries[lexicon->first[slot] - 1].text, text) != 0)
        slot = (slot + 1) & (lexicon->slots - 1);
    return slot;
}

static bool fill_slots(struct lexicon *lexicon)
{
    for (lexicon->slots = 16; lexicon->slots <= 2 * lexicon->entry_count; lexicon->slots *= 2)
        continue;
    lexicon->first = arena_alloc(lexicon->arena, lexicon->slots * sizeof *lexicon->first);
    for (size_t i = lexicon->entry_count; lexicon->first && i > 0; i--)
        lexicon->first[slot_of(lexicon, lexicon->entries[i - 1].text)] = i;
    return lexicon->first != NULL;
}

bool lexicon_close(struct lexicon *lexicon)
{
    lexicon->entries = arena_alloc(lexicon->arena, (lexicon->count + 1) * sizeof *lexicon->entries);
    lexicon->prefixes = arena_alloc(lexicon->arena, (lexicon->count + 1) * sizeof(void *));
    if (!lexicon->entries || !lexicon->prefixes)
        return false;
    for (size_t b = 0; b < BUCKETS; b++)
        for (const struct lexeme *l = lexicon->buckets[b]; l; l = l->next)
            if (l->prefix)
                lexicon->prefixes[lexicon->prefix_count++] = l;
            else if (!l->number)
                lexicon->entries[lexicon->entry_count++] = (struct entry){l->text, l, consonants_of(l->text)};
    qsort(lexicon->entries, lexicon->entry_count, sizeof *lexicon->entries, compare_entry);
    for (size_t c = 0, i = 0; c <= UCHAR_MAX + 1; c++) {
        while (i < lexicon->entry_count && (unsigned char)lexicon->entries[i].text[0] < c)
            i++;
        lexicon->begin[c] = i;
    }
    return fill_slots(lexicon);
}

/* ---- what a word may be ---- */

static void mean(struct lexicon_meaning *m, const struct lexeme *l)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->words[i] == l)
            return;
    if (m->count < LEXICON_MEANINGS)
        m->words[m->count++] = l;
}

/* Lexemes with this spelling or stem; exact ones only for the word as it was written. */
static void find(const struct lexicon *lexicon, const char *text, bool as_written, struct lexicon_meaning *m)
{
    size_t first = lexicon->first[slot_of(lexicon, text)];
    for (size_t i = first - 1; first && i < lexicon->entry_count && !strcmp(lexicon->entries[i].text, text);
         i++)
        if (as_written || !lexicon->entries[i].lexeme->exact)
            mean(m, lexicon->entries[i].lexeme);
}

/* "diadakannya" is "diadakan": what may hang on any word. */
static void find_without_particle(const struct lexicon *lexicon, const char *word, struct lexicon_meaning *m)
{
    static const char *const particles[] = {"nya", "lah", "kah", "pun", "ku", "mu"};
    size_t n = strlen(word);
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
        size_t s = strlen(particles[i]);
        char root[CLASSIFY_WORD_BYTES];
        if (n < s + PARTICLE_ROOT_LEAST || strcmp(word + n - s, particles[i]) != 0)
            continue;
        memcpy(root, word, n - s);
        root[n - s] = 0;
        find(lexicon, root, false, m);
    }
}

static bool find_stems(const struct lexicon *lexicon, struct stemmer *stemmer, const char *word,
    bool as_written, struct lexicon_meaning *m)
{
    struct stem_reading readings[STEM_READINGS];
    find(lexicon, word, as_written, m);
    find_without_particle(lexicon, word, m);
    int count = stem_readings(stemmer, word, (int)strlen(word), readings);
    for (int i = 0; i < count; i++)
        find(lexicon, readings[i].text, false, m);
    return count >= 0;
}

/* Colloquial, Javanese and Madurese affixes that Snowball does not know. */
static bool find_without_affixes(
    const struct lexicon *lexicon, struct stemmer *stemmer, const char *word, struct lexicon_meaning *m)
{
    static const char *const prefixes[] = {
        "nge", "ng", "ny", "n", "m", "tak", "di", "ke", "e", "a", "pa", "se"};
    static const char *const suffixes[] = {"nya", "x", "ne", "e", "ku", "mu", "na", "en", "an", "in", "i",
        "a", "eng", "aghi", "ake", "no", "lah", "kah", "ipun"};
    char root[CLASSIFY_WORD_BYTES];
    size_t n = strlen(word);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t s = strlen(suffixes[i]);
        if (n < s + AFFIX_ROOT_LEAST || strcmp(word + n - s, suffixes[i]) != 0)
            continue;
        memcpy(root, word, n - s);
        root[n - s] = 0;
        if (!find_stems(lexicon, stemmer, root, false, m))
            return false;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t p = strlen(prefixes[i]);
        if (n < p + AFFIX_ROOT_LEAST || strncmp(word, prefixes[i], p) != 0)
            continue;
        if (!find_stems(lexicon, stemmer, word + p, false, m))
            return false;
    }
    return true;
}

/* One letter more, less or other, or two neighbours swapped. */
static bool one_error(const char *a, size_t n, const char *b, size_t m)
{
    if (n > m + 1 || m > n + 1)
        return false;
    while (n && m && *a == *b) {
        a++;
        b++;
        n--;
        m--;
    }
    while (n && m && a[n - 1] == b[m - 1]) {
        n--;
        m--;
    }
    return (n <= 1 && m <= 1) || (n == 2 && m == 2 && a[0] == b[1] && a[1] == b[0]);
}

/* "smph" and "tndakn": the word with vowels left out, at least three consonants of it there. */
static bool vowels_left_out(const char *shorter, size_t n, const char *longer, size_t m)
{
    size_t consonants = 0;
    if (n >= m)
        return false;
    while (*longer) {
        if (*shorter == *longer) {
            consonants += !is_vowel(*shorter);
            shorter++;
        } else if (!is_vowel(*longer)) {
            return false;
        }
        longer++;
    }
    return !*shorter && consonants >= VOWELLESS_LEAST;
}

/* Both only among words with the same first letter. */
static void find_with_error(const struct lexicon *lexicon, const char *word, struct lexicon_meaning *m)
{
    size_t n = strlen(word), first = (unsigned char)*word;
    for (size_t i = lexicon->begin[first]; i < lexicon->begin[first + 1]; i++) {
        const struct lexeme *l = lexicon->entries[i].lexeme;
        if (l->length >= FUZZY_LEAST && n >= FUZZY_LEAST - 1 && !l->exact &&
            one_error(word, n, l->text, l->length))
            mean(m, l);
    }
}

static void find_without_vowels(const struct lexicon *lexicon, const char *word, struct lexicon_meaning *m)
{
    size_t n = strlen(word), first = (unsigned char)*word;
    unsigned consonants = consonants_of(word);
    for (size_t i = lexicon->begin[first]; i < lexicon->begin[first + 1]; i++) {
        const struct entry *e = &lexicon->entries[i];
        if (e->consonants == consonants && !e->lexeme->exact &&
            vowels_left_out(word, n, e->text, e->lexeme->length))
            mean(m, e->lexeme);
    }
}

static void find_prefixes(const struct lexicon *lexicon, const char *word, struct lexicon_meaning *m)
{
    for (size_t i = 0; i < lexicon->prefix_count; i++)
        if (!strncmp(word, lexicon->prefixes[i]->text, lexicon->prefixes[i]->length))
            mean(m, lexicon->prefixes[i]);
}

bool lexicon_look_up(const struct lexicon *lexicon, struct stemmer *stemmer, const char *word, bool number,
    struct lexicon_meaning *ret_meaning)
{
    struct lexicon_meaning *m = ret_meaning;
    m->count = 0;
    word = spelled_out(lexicon, word);
    if (number) {
        static const char any[] = "#";
        for (const struct lexeme *l = lexicon->buckets[bucket_of(any)]; l; l = l->next)
            if (l->number)
                mean(m, l);
    }
    find_prefixes(lexicon, word, m);
    if (!find_stems(lexicon, stemmer, word, true, m))
        return false;
    if (m->count)
        return true;
    if (!find_without_affixes(lexicon, stemmer, word, m))
        return false;
    if (!m->count)
        find_with_error(lexicon, word, m);
    if (!m->count)
        find_without_vowels(lexicon, word, m);
    return true;
}
