/* What a complaint is about, by an office's rule file (config/rules.conf is the shipped one and explains the language):
 * kind, service, section, urgency and place, each with its reasons in words. A proposal: people decide.
 *
 * Text becomes words (classify_words.h); words meet the file's words by stem, abbreviation, one typing error or missing
 * vowels (classify_lexicon.h); groups of terms get points; the service with the most points wins; then the rules are
 * read from the top, and for each thing to decide the first rule that fits decides.
 *
 * Pure. Rules are immutable after parsing: every thread may use them at once. */
#ifndef RULES_CLASSIFY_H
#define RULES_CLASSIFY_H

#include "daemon/base/arena.h"
#include "daemon/base/fault.h"
#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

struct classify_rules;

/* text is borrowed for the call. NEVER: each mistake is a line "NAME:LINE: what is wrong" in problems. */
enum outcome classify_rules_parse(struct classify_rules **ret_rules, const char *name, const char *text,
    size_t size, struct str *problems, struct fault *fault);
void classify_rules_free(struct classify_rules *rules); /* NULL is fine */

struct classify_facts {
    const char *channel; /* "whatsapp", "email", ...; NULL = not known */
    const char *sender;  /* address or number; NULL = not known */
    const char *
        service; /* chosen by the citizen: beats what the words say, unless it is the service of last resort or
                            none of the file's; NULL = none */
    const char *kind; /* chosen by him: stands; NULL = none */
    const char *text; /* UTF-8 */
    size_t size;      /* bytes */
};

enum { CLASSIFY_REASONS_MOST = 12, CLASSIFY_TAGS_MOST = 8 };

/* Keys are those of the rule file; texts live in the arena or as long as the rules. */
struct classify_verdict {
    const char *kind, *service, *section; /* never NULL */
    const char *home;                     /* the section that has the service; NULL = none has */
    const char *avoid;                    /* the section that must not see it; NULL = none */
    const char *place;                    /* NULL = none named */
    const char *confidentiality;          /* NULL = nothing said about it */
    const char *priority;                 /* NULL = ordinary */
    bool urgent;
    int confidence; /* per cent */
    const char *tags[CLASSIFY_TAGS_MOST];
    size_t tag_count;
    const char *reasons[CLASSIFY_REASONS_MOST]; /* Indonesian, for officers */
    size_t reason_count;
};

/* LATER without memory. */
enum outcome classify(const struct classify_rules *rules, const struct classify_facts *facts,
    struct classify_verdict *ret_verdict, struct arena *arena, struct fault *fault);

#endif
