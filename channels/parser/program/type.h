/* What a file is, by its bytes, whatever its name claims (libmagic). */
#ifndef PARSER_TYPE_H
#define PARSER_TYPE_H

#include <stdbool.h>
#include <stddef.h>

bool type_open(void); /* loads the table (10 MB): before confine_parser; false when there is none */
void type_close(void);

/* "image/jpeg"; "application/octet-stream" when unknown. Valid until the next call. */
const char *type_of(const void *bytes, size_t n);

#endif
