/* JSON text to values, with the one answer that jansson mixes up: a text it had no memory for it calls a wrong text.
 * Whoever refuses a stranger's JSON for good, or puts it aside as unreadable, reads it by this. Thread-safe. */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Has refusals to jansson counted (shortage.h); what it allocated is still freed by free(). Once, before any thread uses
 * jansson: in main() of a program that writes what it builds. */
void json_watch(void);

/* As json_loadb(); error may be NULL. NULL with *ret_no_memory: nothing is known about the text. */
json_t *json_read(const void *text, size_t n, size_t flags, json_error_t *error, bool *ret_no_memory);

#endif
