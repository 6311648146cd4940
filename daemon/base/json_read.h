/* JSON text to values, with the one answer that jansson mixes up: a text it had no memory for it calls a wrong text.
 * Whoever refuses a stranger's JSON for good, or puts it aside as unreadable, reads it by this. Thread-safe. */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Has refusals to jansson counted (shortage.h), and gives it from the reserve then: its reader (2.14) takes no notice of a
 * text that it could not store, and reads on behind the end of what it has. Once, before any thread uses jansson: in main()
 * of a program that writes what it builds. */
void json_watch(void);

/* As json_dumps(); freed with free(), which what json_dumps() gives may not be. NULL: no memory, or nothing to write. */
char *json_text(const json_t *root, size_t flags);

/* As json_loadb(); error may be NULL. NULL with *ret_no_memory: nothing is known about the text. */
json_t *json_read(const void *text, size_t n, size_t flags, json_error_t *error, bool *ret_no_memory);

#endif
