/* Mail addresses and RFC 3463 status codes inside running text. */
#ifndef RULES_TEXT_ADDRESS_H
#define RULES_TEXT_ADDRESS_H

#include "text_match.h"

/* The first address in s at or after *at; sets *at behind it. Empty when there is none. */
struct span text_address_next(struct span s, size_t *at);

/* Could a person have meant this as his mail address? Not RFC 5321 to the letter: what he can have mistyped. */
bool text_address_plausible(const char *text);

/* How many bytes a status code like "5.1.1" takes at s.at[i]; 0 when there is none. Part of an IP address is
 * none. */
size_t text_address_status(struct span s, size_t i);

/* Copies s when it fits with its NUL, else leaves `into` alone. */
void text_address_keep(char *into, size_t size, struct span s);

#endif
