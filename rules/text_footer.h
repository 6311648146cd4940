/* What mail programs and organisations put under a person's words. Lines are trimmed spans. */
#ifndef RULES_TEXT_FOOTER_H
#define RULES_TEXT_FOOTER_H

#include "text_match.h"

/* How many of lines[0..n) are the writer's own when they are one unbroken piece of his text; n when all are.
 * May be 0. */
size_t text_footer_start(const struct span *lines, size_t n);

/* "Dikirim dari iPhone saya", "Sent from my Galaxy", "Get Outlook for iOS". */
bool text_footer_client(struct span line);

#endif
