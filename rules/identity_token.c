#include "identity_private.h"
#include <string.h>

/* Bytes of the character at p, and whether it is a letter beyond ASCII. Signs like “ – … and emoji are marks. */
static size_t wide(const unsigned char *p, size_t left, bool *ret_letter)
{
    size_t size = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc2 ? 2 : 1;
    *ret_letter = *p >= 0xc3 && *p < 0xe2;
    return size <= left ? size : left;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of the letter at p; 0 = there is none. An apostrophe between letters is one of them. */
static size_t letter_at(const char *p, size_t left, bool inside)
{
    bool letter;
    if (!left)
        return 0;
    if (is_letter(*p))
        return 1;
    if (inside && *p == '\'' && left > 1 && is_letter(p[1]))
        return 1;
    if (!((unsigned char)*p & 0x80))
        return 0;
    size_t n = wide((const unsigned char *)p, left, &letter);
    return letter ? n : 0;
}

static void fill_lower(struct identity_token *token, const char *text)
{
    size_t n = token->end - token->at;
    for (size_t i = 0; i < n && i + 1 < sizeof token->lower; i++) {
        char c = text[token->at + i];
        token->lower[i] = is_upper(c) ? (char)(c | 0x20) : c;
    }
}

static void finish_word(struct identity_token *token, const char *text)
{
    token->kind = TOKEN_WORD;
    token->capital = is_upper(text[token->at]);
    token->upper = token->capital && token->end - token->at > 1;
    for (size_t i = token->at; i < token->end; i++)
        token->upper &= !is_letter(text[i]) || is_upper(text[i]);
    fill_lower(token, text);
}

/* The token at *at, which moves behind it; false for white space. */
static bool next_token(const struct identity_text *t, size_t *at, struct identity_token *token)
{
    const char *text = t->text;
    size_t n, begin = *at;
    bool letter;
    *token = (struct identity_token){.at = begin};
    while ((n = letter_at(text + *at, t->size - *at, *at > begin)) > 0)
        *at += n;
    if (*at > begin) {
        token->end = *at;
        finish_word(token, text);
        return true;
    }
    while (*at < t->size && is_digit(text[*at]))
        ++*at;
    token->end = *at;
    token->kind = TOKEN_NUMBER;
    if (*at > begin) {
        fill_lower(token, text);
        return true;
    }
    char c = text[begin];
    *at += (unsigned char)c & 0x80 ? wide((const unsigned char *)text + begin, t->size - begin, &letter) : 1;
    token->end = *at;
    token->kind = c == '\n' ? TOKEN_LINE : TOKEN_MARK;
    token->lower[0] = (unsigned char)c & 0x80 ? 0 : c;
    return c == '\n' || (unsigned char)c > ' ';
}

static void judge_capitals(struct identity_text *t)
{
    size_t words = 0, upper = 0, capital = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct identity_token *k = &t->tokens[i];
        if (k->kind != TOKEN_WORD || k->end - k->at < 3)
            continue;
        words++;
        upper += k->upper;
        capital += k->capital;
    }
    t->shouted = words >= 3 && upper * 10 >= words * 7;
    t->whispered = !t->shouted && capital * 12 <= words;
}

bool identity_tokens(struct identity_text *t, struct arena *arena)
{
    struct identity_token token;
    size_t count = 0;
    for (size_t at = 0; at < t->size;)
        count += next_token(t, &at, &token);
    t->tokens = arena_alloc(arena, (count + 1) * sizeof *t->tokens);
    if (!t->tokens)
        return false;
    for (size_t at = 0; at < t->size;)
        if (next_token(t, &at, &token)) {
            token.glued = t->count && t->tokens[t->count - 1].end == token.at;
            t->tokens[t->count++] = token;
        }
    judge_capitals(t);
    return true;
}

size_t identity_token_at(const struct identity_text *t, size_t byte)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->tokens[middle].end <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool identity_token_is(const struct identity_text *t, size_t i, const char *word)
{
    return i < t->count && !strcmp(t->tokens[i].lower, word) && word[0];
}

bool identity_token_in(const struct identity_text *t, size_t i, const char *const *words)
{
    for (; *words; words++)
        if (identity_token_is(t, i, *words))
            return true;
    return false;
}

/* "No." and "a.n." end no sentence: a dot does when a capital letter or nothing follows behind a blank. */
static bool ends_sentence(const struct identity_text *t, size_t i)
{
    const struct identity_token *k = &t->tokens[i];
    if (k->kind == TOKEN_LINE)
        return true;
    if (k->kind != TOKEN_MARK || !strchr(".?!;", k->lower[0]) || !k->lower[0])
        return false;
    bool abbreviation =
        i && t->tokens[i - 1].kind == TOKEN_WORD && t->tokens[i - 1].end - t->tokens[i - 1].at <= 4;
    return k->lower[0] != '.' || !abbreviation;
}

bool identity_before(const struct identity_text *t, size_t i, size_t reach, const char *const *words)
{
    for (size_t seen = 0; i-- > 0 && seen < reach;) {
        if (ends_sentence(t, i))
            return false;
        if (identity_token_in(t, i, words))
            return true;
        seen += t->tokens[i].kind == TOKEN_WORD;
    }
    return false;
}
