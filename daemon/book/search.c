/* Full text for Indonesian: FTS5's unicode61 with the stem of each word beside it.
 *
 * Tokenizer: each word as it stands, then, at the same place (FTS5_TOKEN_COLOCATED), its Snowball stem and
 * the readings Snowball drops, so that "layan" finds pelayanan, dilayani and melayani, and exact words and
 * phrases are found as before. Not for prefix queries ("pelay*"), which are literal. The query goes through
 * the same tokenizer and FTS5 makes an OR of what lies at one place. Changing any of this, rules/stem.c
 * too, means a schema step with `INSERT INTO message_text (message_text) VALUES ('rebuild')`.
 *
 * Query: whatever people type becomes a list of quoted terms, so that no operator of FTS5 can be reached. */
#include "daemon/base/str.h"
#include "rules/stem.h"
#include "txn_private.h"
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { QUERY_TERMS = 16, QUERY_MAX = 4096, PREFIX_LEAST = 3 };

struct tokenizer { /* one per table and connection: a stemmer is not shared between threads */
    fts5_tokenizer unicode;
    Fts5Tokenizer *inner;
    struct stemmer *stemmer;
};

typedef int token_fn(void *context, int flags, const char *token, int size, int start, int end);

struct emission {
    struct tokenizer *tokenizer;
    void *context;
    token_fn *emit;
    bool stem;
};

static int emit_word(void *context, int flags, const char *word, int size, int start, int end)
{
    struct emission *e = context;
    struct stem_reading readings[STEM_READINGS];
    int code = e->emit(e->context, flags, word, size, start, end);
    if (code || !e->stem)
        return code;
    int count = stem_readings(e->tokenizer->stemmer, word, size, readings);
    for (int i = 0; !code && i < count; i++)
        code = e->emit(e->context, FTS5_TOKEN_COLOCATED, readings[i].text, readings[i].size, start, end);
    return count < 0 ? SQLITE_NOMEM : code;
}

static int tokenizer_run(
    Fts5Tokenizer *self, void *context, int flags, const char *text, int size, token_fn *emit)
{
    struct tokenizer *t = (struct tokenizer *)self;
    struct emission e = {t, context, emit, !(flags & FTS5_TOKENIZE_PREFIX)};
    return t->unicode.xTokenize(t->inner, &e, flags, text, size, emit_word);
}

static void tokenizer_free(Fts5Tokenizer *self)
{
    struct tokenizer *t = (struct tokenizer *)self;
    if (t->inner)
        t->unicode.xDelete(t->inner);
    stemmer_free(t->stemmer);
    free(t);
}

static int tokenizer_new(void *context, const char **arguments, int count, Fts5Tokenizer **ret_tokenizer)
{
    (void)arguments;
    (void)count;
    fts5_api *api = context;
    const char *options[] = {"remove_diacritics", "2"};
    void *unicode_context;
    struct tokenizer *t = calloc(1, sizeof *t);
    if (!t)
        return SQLITE_NOMEM;
    int code = api->xFindTokenizer(api, "unicode61", &unicode_context, &t->unicode);
    if (!code)
        code = t->unicode.xCreate(unicode_context, options, 2, &t->inner);
    if (!code && !(t->stemmer = stemmer_new()))
        code = SQLITE_NOMEM;
    if (code)
        tokenizer_free((Fts5Tokenizer *)t);
    else
        *ret_tokenizer = (Fts5Tokenizer *)t;
    return code;
}

/* mentions(word, text, ...): whether the word, or part of a word, stands in one of the texts; ASCII letters large or small. What
 * looks through thousands of texts: lower() and || would copy each of them first. */
static void mentions(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *word = (const char *)sqlite3_value_text(values[0]);
    bool found = false;
    for (int i = 1; word && i < count && !found; i++) {
        const char *text = (const char *)sqlite3_value_text(values[i]);
        found = text && strcasestr(text, word);
    }
    sqlite3_result_int(context, found);
}

int search_register(sqlite3 *db)
{
    static fts5_tokenizer functions = {tokenizer_new, tokenizer_free, tokenizer_run};
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL);
    if (!code)
        code = sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
    if (!code) {
        int stepped = sqlite3_step(s);
        code = stepped == SQLITE_ROW ? SQLITE_OK : stepped;
    }
    sqlite3_finalize(s);
    if (!code && !api)
        code = SQLITE_ERROR;
    if (!code)
        code = api->xCreateTokenizer(api, "indonesia", api, &functions, NULL);
    if (!code)
        code = sqlite3_create_function(db, "mentions", -1,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, mentions, NULL, NULL);
    return code;
}

/* ---- what people type ---- */

struct term {
    const char *text;
    size_t size;
    bool prefix;
};

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' && c;
}

/* Letters and digits in it; bytes of other alphabets count as letters. */
static size_t count_letters(const struct term *t)
{
    size_t letters = 0;
    for (size_t i = 0; i < t->size; i++) {
        unsigned char c = (unsigned char)t->text[i], lower = c | 32;
        letters += (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c >= 0x80;
    }
    return letters;
}

/* The next term at *p, which moves behind it. False at the end. */
static bool term_next(const char **p, struct term *ret_term)
{
    const char *at = *p;
    while (is_blank(*at))
        at++;
    if (!*at)
        return false;
    bool phrase = *at == '"';
    const char *begin = at += phrase;
    while (*at && *at != '"' && (phrase || !is_blank(*at)))
        at++;
    struct term t = {.text = begin, .size = (size_t)(at - begin)};
    at += phrase && *at;
    if (phrase && *at == '*') {
        t.prefix = true;
        at++;
    }
    for (; t.size && t.text[t.size - 1] == '*'; t.size--)
        t.prefix = true;
    *p = at;
    *ret_term = t;
    return true;
}

enum outcome search_query(const char *words, char **ret_query, struct fault *fault)
{
    struct str query;
    struct term t;
    int terms = 0;
    str_init(&query, QUERY_MAX);
    for (const char *p = words; terms < QUERY_TERMS && term_next(&p, &t);) {
        size_t letters = count_letters(&t);
        if (!letters)
            continue;
        str_adds(&query, terms++ ? " \"" : "\"");
        str_add(&query, t.text, t.size); /* holds no quote: a quote ends a term */
        str_adds(&query, t.prefix && letters >= PREFIX_LEAST ? "\"*" : "\"");
    }
    bool good = str_ok(&query);
    *ret_query = good && terms ? str_detach(&query, NULL) : NULL;
    str_release(&query);
    if (good)
        return OUTCOME_DONE;
    return fault_set(
        fault, OUTCOME_NEVER, "Kata yang dicari terlalu panjang.", "search query over %d bytes", QUERY_MAX);
}
