/* The citizen's answer to "apakah memuaskan?": one or two words and nothing else. Whoever says more has something to
 * say, and that is never taken for a mere rating. Pure. */
#ifndef RULES_SATISFACTION_H
#define RULES_SATISFACTION_H

enum satisfaction { SATISFACTION_NONE, SATISFACTION_GOOD, SATISFACTION_POOR };

enum satisfaction satisfaction_of(const char *words); /* NULL is fine */

#endif
