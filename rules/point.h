/* A point on the map as a phone says it: "-7.756000,113.211500", degrees north and east, in millionths. Pure. */
#ifndef RULES_POINT_H
#define RULES_POINT_H

#include <stdbool.h>
#include <stdint.h>

enum { POINT_SIZE = 24 }; /* bytes of the written form and the NUL */

struct point {
    int32_t latitude, longitude; /* millionths of a degree */
};

/* False when text (NULL is fine) is not exactly two such numbers of the earth; at most six decimals each. */
bool point_parse(const char *text, struct point *ret);

/* Always six decimals: -7.756000,113.211500 */
void point_write(char out[POINT_SIZE], struct point point);

#endif
