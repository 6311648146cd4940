/* May two complaints be about one and the same thing? Points for what they have in common, each with its reason in the
 * words of the office. A suggestion: people decide.
 *
 * A text becomes the set of its stems and of their pairs; of that set the smallest keys are kept (a bottom-k sketch), by
 * which the share that two texts have in common is seen without the texts. Pure, integers only. */
#ifndef RULES_ALIKE_H
#define RULES_ALIKE_H

#include "daemon/base/arena.h"
#include "stem.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ALIKE_SKETCH = 64,           /* keys kept of a text: shares are true to about 6 in 100 */
    ALIKE_DAYS = 14,             /* complaints further apart are not compared ... */
    ALIKE_DAYS_SAME_PERSON = 30, /* ... unless one and the same person wrote both */
    ALIKE_POINTS = 60,           /* so many make a suggestion */
    ALIKE_REASONS_MOST = 5
};

struct alike_sketch {
    uint32_t keys[ALIKE_SKETCH]; /* ascending, each once */
    size_t count;
    size_t words; /* that carry meaning, in the whole text */
};

/* False without memory. */
bool alike_sketch_of(
    struct stemmer *stemmer, const char *text, size_t size, struct alike_sketch *ret, struct arena *arena);

/* Of what two texts say together, how much both say: per cent. */
int alike_share(const struct alike_sketch *a, const struct alike_sketch *b);

/* One of the two complaints. */
struct alike_facts {
    int64_t at;         /* ms */
    int64_t citizen_id; /* 0 = not known, or not to be told: a reason must not give away who somebody is */
    const char *place, *service; /* keys that can be compared; NULL = none, or one that says nothing */
    const struct alike_sketch *sketch;
};

struct alike_verdict {
    int points;
    int share; /* of the texts, per cent */
    int days;  /* apart */
    bool same_citizen, same_place, same_service;
};

/* False: they are not suggested to be the same. */
bool alike_judge(const struct alike_facts *a, const struct alike_facts *b, struct alike_verdict *ret);

/* Indonesian, for officers; place and service by their names, NULL = by no name. Texts in the arena; returns how many. */
size_t alike_reasons(const struct alike_verdict *v, const char *place, const char *service,
    const char *ret_reasons[ALIKE_REASONS_MOST], struct arena *arena);

#endif
