/* Text whose paragraphs were broken for transport: format=flowed (RFC 3676). */
#ifndef PARSER_FLOWED_H
#define PARSER_FLOWED_H

#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

/* Adds text with the writer's own paragraphs on one line each. deletes_space: the blank at a soft line end was
 * added by the program (DelSp=yes). Quoted lines are joined only then: otherwise they lose nothing by staying
 * as they came. */
void flowed_join(const char *text, size_t n, bool deletes_space, struct str *out);

#endif
