/* The text as tokens, and what was found in it so far. Shared by identity.c and its finders. */
#ifndef RULES_IDENTITY_PRIVATE_H
#define RULES_IDENTITY_PRIVATE_H

#include "identity.h"

enum { IDENTITY_WORD_BYTES = 32 };

enum identity_token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_MARK, TOKEN_LINE };

struct identity_token {
    enum identity_token_kind kind;
    size_t at, end;                  /* bytes */
    char lower[IDENTITY_WORD_BYTES]; /* of words, cut; of marks, the character (0 = none of ASCII) */
    bool capital;                    /* begins with a capital letter */
    bool upper;                      /* all of them are */
    bool glued;                      /* nothing stands between it and the token before */
};

struct identity_text {
    const char *text;
    size_t size;
    struct identity_token *tokens;
    size_t count;
    bool shouted;   /* mostly capitals: they say nothing */
    bool whispered; /* hardly any capitals: the same */
    struct identity_span *spans;
    size_t span_count, span_most;
    unsigned char *taken; /* by byte: 1 = in a span */
};

bool identity_tokens(struct identity_text *t, struct arena *arena);

/* The token that contains or follows this byte; t->count at the end. */
size_t identity_token_at(const struct identity_text *t, size_t byte);
bool identity_token_is(const struct identity_text *t, size_t i, const char *word); /* a word or a mark */
bool identity_token_in(
    const struct identity_text *t, size_t i, const char *const *words); /* ends with NULL */
/* One of the words stands in the `reach` words before token i, in the same sentence. */
bool identity_before(const struct identity_text *t, size_t i, size_t reach, const char *const *words);

bool identity_taken(const struct identity_text *t, size_t at, size_t end);
void identity_take(
    struct identity_text *t, enum identity_type type, size_t at, size_t end); /* no-op when taken */

/* The finders, in this order: what is taken is left alone by those behind. */
void identity_find_mails(struct identity_text *t);
void identity_find_numbers(struct identity_text *t);
void identity_find_plates(struct identity_text *t);
void identity_find_homes(struct identity_text *t);
void identity_find_names(struct identity_text *t);

#endif
