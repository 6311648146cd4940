#include "classify_words.h"
#include <string.h>

/* One character of the text as the comparison sees it. */
struct glyph {
    char c;      /* letter, digit, ' or punctuation; 0 = separates */
    size_t size; /* bytes in the text, at least 1 */
};

/* Latin letters with accents (U+00C0 to U+00FF): Madurese è and â, names. 0 = no letter. */
static char unaccented(unsigned code)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuy\0saaaaaaaceeeeiiiidnooooo\0ouuuuy\0y";
    return code >= 0xc0 && code <= 0xff ? plain[code - 0xc0] : 0;
}

static struct glyph glyph_wide(const unsigned char *p, size_t left)
{
    size_t size = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc2 ? 2 : 1;
    if (size > left)
        return (struct glyph){0, 1};
    for (size_t i = 1; i < size; i++)
        if ((p[i] & 0xc0) != 0x80)
            return (struct glyph){0, 1};
    if (size == 2)
        return (struct glyph){unaccented((*p & 0x1fu) << 6 | (p[1] & 0x3fu)), 2};
    bool apostrophe = size == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0x98 || p[2] == 0x99);
    return (struct glyph){apostrophe ? '\'' : 0, size};
}

static struct glyph glyph_at(const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    if (c >= 0x80)
        return glyph_wide((const unsigned char *)p, left);
    if (c >= 'A' && c <= 'Z')
        return (struct glyph){(char)(c | 0x20), 1};
    if (c == '`')
        return (struct glyph){'\'', 1};
    return (struct glyph){c < ' ' ? 0 : (char)c, 1};
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct cutter {
    const char *p;
    size_t left;
    size_t used; /* bytes of the word in the text, leading apostrophes too */
    char out[CLASSIFY_WORD_BYTES];
    size_t length;
};

static char peek(const struct cutter *c, size_t past)
{
    return c->left > past ? glyph_at(c->p + past, c->left - past).c : 0;
}

/* "rusaaaak" is rusaak: two of a kind are a spelling, more are a cry. */
static void put(struct cutter *c, char letter)
{
    size_t n = c->length;
    bool third = n >= 2 && c->out[n - 1] == letter && c->out[n - 2] == letter && is_letter(letter);
    if (!third && n + 1 < sizeof c->out)
        c->out[c->length++] = letter;
}

/* May this character stand in the word that has begun? "3.450", "1,5", "ta'", "nyo'on". */
static bool continues(const struct cutter *c, struct glyph g)
{
    if (is_letter(g.c) || is_digit(g.c))
        return true;
    if (g.c == '\'')
        return c->length > 0 && is_letter(c->out[c->length - 1]);
    return (g.c == '.' || g.c == ',') && c->length && is_digit(c->out[c->length - 1]) &&
           is_digit(peek(c, g.size));
}

/* Plain letters come first by far: they need no look at what stands around them. */
static void take_letters(struct cutter *c)
{
    while (c->left && is_letter((char)(*c->p | 0x20))) {
        put(c, (char)(*c->p | 0x20));
        c->p++;
        c->left--;
        c->used++;
    }
}

static void take_word(struct cutter *c)
{
    c->length = c->used = 0;
    for (;;) {
        take_letters(c);
        if (!c->left)
            break;
        struct glyph g = glyph_at(c->p, c->left);
        if (!continues(c, g))
            break;
        put(c, g.c);
        c->p += g.size;
        c->left -= g.size;
        c->used += g.size;
    }
    c->out[c->length] = 0;
}

/* "teriak2" and "ibu2nya" say the word twice: once is enough. */
static void undouble(struct cutter *c)
{
    char *two = c->length > 3 && is_letter(c->out[0]) ? strchr(c->out, '2') : NULL;
    if (!two || two - c->out < 3 || is_digit(two[1]))
        return;
    memmove(two, two + 1, strlen(two));
    c->length--;
}

static bool is_money(const char *word)
{
    return word[0] == 'r' && word[1] == 'p' && is_digit(word[2]);
}

static bool ends_sentence(char c)
{
    return c == '.' || c == '?' || c == '!' || c == '\n' || c == ';';
}

const char *classify_word_normal(const char *text, size_t size, struct arena *arena)
{
    struct cutter c = {.p = text, .left = size};
    if (size == 1 && (*text == '?' || *text == '!'))
        return arena_strndup(arena, text, 1);
    take_word(&c);
    undouble(&c);
    return arena_strdup(arena, c.length && !c.left ? c.out : "");
}

static size_t fewer(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The list with room for one word more; NULL without memory. Four bytes a word are rarely too few. */
static struct classify_word *with_room(
    struct classify_word *list, size_t count, size_t *room, size_t size, struct arena *arena)
{
    if (list && count < *room)
        return list;
    *room = list ? 2 * *room : fewer(size, CLASSIFY_WORDS_MOST) / 4 + 16;
    struct classify_word *larger = arena_alloc(arena, *room * sizeof *larger);
    if (larger && list)
        memcpy(larger, list, count * sizeof *list);
    return larger;
}

bool classify_words_split(
    const char *text, size_t size, struct classify_words *ret_words, struct arena *arena)
{
    struct cutter c = {.p = text, .left = size};
    size_t room, count = 0;
    struct classify_word *list = with_room(NULL, 0, &room, size, arena);
    unsigned sentence = 0;
    while (list && c.left && count < CLASSIFY_WORDS_MOST) {
        const char *at = c.p;
        take_word(&c);
        undouble(&c);
        struct classify_word *w = &list[count];
        *w = (struct classify_word){.at = at, .size = c.used, .sentence = sentence};
        if (c.used) {
            w->number = is_digit(c.out[0]) || is_money(c.out);
            w->text = arena_strdup(arena, c.out);
            count += c.length > 0;
            list = with_room(list, count, &room, size, arena);
            continue;
        }
        bool line = *c.p == '\n';
        struct glyph g = glyph_at(c.p, c.left);
        if (g.c == '?' || g.c == '!') {
            w->text = g.c == '?' ? "?" : "!";
            w->size = 1;
            count++;
            list = with_room(list, count, &room, size, arena);
        }
        sentence += line || ends_sentence(g.c);
        c.p += g.size;
        c.left -= g.size;
    }
    *ret_words = (struct classify_words){list, list ? count : 0};
    return arena_ok(arena);
}
