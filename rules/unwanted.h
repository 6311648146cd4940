/* Whether a form was filled in by a machine that advertises, or by somebody with nothing to say to the office: points for
 * what citizens hardly ever do. Whoever has many is looked at by an officer first; nobody is turned away. Pure. */
#ifndef RULES_UNWANTED_H
#define RULES_UNWANTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNWANTED_ENOUGH = 3, UNWANTED_WHY = 160 };

struct unwanted_facts {
    const char *text; /* NULL = none */
    bool trap;        /* the field that nobody sees was filled in */
    int64_t seconds;  /* from the form's page to its coming back; -1 = it was not our page, or nobody knows */
};

/* Points; from UNWANTED_ENOUGH on a person should look first. why: what for, in Indonesian, cut at its size; "" = nothing. */
int unwanted_points(const struct unwanted_facts *facts, char why[UNWANTED_WHY]);

#endif
