/* The machine-readable part of a bounce (RFC 3464). Part of text_bounce.c. */
#ifndef RULES_TEXT_BOUNCE_REPORT_H
#define RULES_TEXT_BOUNCE_REPORT_H

#include "text_bounce.h"
#include "text_match.h"

/* Adds what the groups of body say about recipients. False when it says nothing of any. */
bool text_bounce_report(struct span body, struct text_bounce *ret);

#endif
