/* A rule file in memory. Shared by classify_rules.c (reads it), classify_match.c (finds its terms in a text) and
 * classify.c (decides). */
#ifndef RULES_CLASSIFY_PRIVATE_H
#define RULES_CLASSIFY_PRIVATE_H

#include "classify.h"
#include "classify_lexicon.h"
#include "classify_words.h"

/* One place of a term: any of these words. */
struct classify_element {
    const struct lexeme **words;
    size_t count;
    bool gap; /* "~": up to GAP_MOST words may stand before it */
    struct classify_element *next;
};

struct classify_term {
    struct classify_element *elements;
    int points;
    bool denies; /* has a word of denial itself: "tidak dipungut" */
    struct classify_term *next;
};

enum classify_group_kind { GROUP_WORDS, GROUP_SERVICE, GROUP_PLACE, GROUP_CLASS };

struct classify_group {
    enum classify_group_kind kind;
    const char *name;    /* key of the service, name of the place */
    const char *section; /* GROUP_SERVICE */
    bool undenied;       /* "tidak ada pungli" is no pungli */
    struct classify_term *terms;
    size_t index; /* 0, 1, 2 ... in the order of the file */
    struct classify_group *next;
};

enum classify_field {
    FIELD_KIND,
    FIELD_SERVICE,
    FIELD_SECTION,
    FIELD_URGENT,
    FIELD_PRIORITY,
    FIELD_CONFIDENTIALITY,
    FIELD_TAG,
    FIELD_AVOID,
    FIELD_CHANNEL, /* conditions only, from here on */
    FIELD_SENDER,
    FIELD_PLACE,
    FIELD_LENGTH,
    FIELD_GROUP,
    FIELD_COUNT,
};

struct classify_condition {
    enum classify_field field;
    bool negated;
    const struct classify_group *group; /* FIELD_GROUP */
    const struct classify_group *other; /* FIELD_GROUP: more points than this one; NULL = at least ... */
    int least;                          /* ... so many; FIELD_LENGTH: words at most */
    const char *values;                 /* others: "a|b|c"; NULL = any value */
    struct classify_condition *next;
};

struct classify_action {
    enum classify_field field;
    const char *value;
    struct classify_action *next;
};

struct classify_rule {
    struct classify_condition *conditions;
    struct classify_action *actions;
    const char *because; /* NULL = the words that were found */
    int line;
    struct classify_rule *next;
};

/* Every term of the file in its order, and by the id of a lexeme which of them may begin with it. */
struct classify_index {
    struct classify_entry {
        const struct classify_group *group;
        const struct classify_term *term;
    } * entries;
    size_t count;
    size_t *begin; /* a lexeme's entries are numbers[begin[id]] .. numbers[begin[id + 1] - 1] */
    size_t *numbers;
};

struct classify_rules {
    struct arena *arena;
    struct lexicon *lexicon;
    struct classify_group *groups;
    size_t group_count;
    struct classify_index index;
    struct classify_rule *rules;
    const char *fallback; /* the section that has the service of last resort, and that service */
    const char *fallback_section;
};

enum { CLASSIFY_TERM_WORDS = 6, CLASSIFY_TOP = 3 };

/* Where one term stands: the word for each of its elements. */
struct classify_hit {
    const struct classify_term *term;
    size_t words[CLASSIFY_TERM_WORDS];
    size_t count;
};

/* What was found of one group. */
struct classify_find {
    int points;
    size_t at;                             /* of the first word of all */
    struct classify_hit top[CLASSIFY_TOP]; /* with the most points; term NULL = no more */
};

/* Of all groups, once the file is read. False without memory. */
bool classify_index_make(struct classify_rules *rules);

/* One find for each group, by index. False without memory. */
bool classify_match(const struct classify_rules *rules, const struct classify_words *words,
    struct classify_find *finds, struct arena *arena);

#endif
