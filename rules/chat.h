/* What one line of a chat means while a complaint is being taken in: a greeting, a command, an answer to what was
 * asked, a correction, or a word about the matter itself. Reads Indonesian as people type it, with the Javanese and
 * Madurese of East Java.
 *
 * Losing a word about the matter is worse than keeping a greeting: what is not surely something else is CHAT_CONTENT.
 * Pure: no state, no clock, no allocation. Texts are UTF-8; values come out in the citizen's own spelling. */
#ifndef RULES_CHAT_H
#define RULES_CHAT_H

#include "register.h"
#include <stdbool.h>
#include <stddef.h>

/* What the standards want to know of who complains (Kedopok: nama, pekerjaan, alamat), in the order it is asked. */
enum chat_field { CHAT_NAMA, CHAT_PEKERJAAN, CHAT_ALAMAT, CHAT_FIELDS, CHAT_NOTHING_ASKED = CHAT_FIELDS };

enum { CHAT_VALUE_SIZE = 200 /* bytes of an answer with its NUL; longer ones are no answers */ };

enum chat_act {
    CHAT_CONTENT,  /* about the matter: opens a complaint or belongs to one; may tell who he is beside it */
    CHAT_GREETING, /* greeting, "mau lapor", and nothing else */
    CHAT_THANKS,   /* thanks, "baik", and nothing else */
    CHAT_NOISE,    /* nothing that can be read: emoji, dots */
    CHAT_ANSWER,   /* who he is, and nothing else: the values that are not "" */
    CHAT_ANONYM,   /* does not want to be named, and nothing else */
    CHAT_SKIP,     /* does not want to answer this question */
    CHAT_DONE,     /* "selesai": no more questions */
    CHAT_CANCEL,   /* "batal" */
    CHAT_STATUS,   /* how is it going; code or number may be "" */
    CHAT_PERSON,   /* wants to talk to a person */
    CHAT_NEW,      /* "aduan baru": what comes next is another matter */
    CHAT_RATING,   /* 1..4 for the answer he got */
    CHAT_HELP,
};

struct chat_context {
    enum chat_field asked;         /* the question that waits, or CHAT_NOTHING_ASKED */
    unsigned missing;              /* bit set of 1u << enum chat_field: not said yet */
    const char *said[CHAT_FIELDS]; /* what he said before, for corrections; NULL = nothing */
    bool rating_asked;
};

struct chat_reading {
    enum chat_act act;
    char value[CHAT_FIELDS][CHAT_VALUE_SIZE]; /* CHAT_ANSWER, and beside CHAT_CONTENT; "" = not said */
    bool anonym;                              /* wants not to be named, also beside CHAT_CONTENT */
    bool person;                              /* wants to talk to a person, beside CHAT_CONTENT */
    bool unsolved;                            /* says that it is not done, or not yet, or again */
    int rating;                               /* CHAT_RATING; 0 = a number that is none */
    char code[REGISTER_CODE_SIZE];            /* CHAT_STATUS */
    char number[REGISTER_NUMBER_SIZE];
    size_t rest; /* CHAT_NEW: where the new matter begins in the text; its length = nothing follows */
};

void chat_read(const char *text, const struct chat_context *context, struct chat_reading *ret);

#endif
