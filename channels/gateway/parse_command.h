/* `pengaduand parse-gateway NAME FILE [HEADERS]`: a captured callback through a mapping, so that office IT
 * can try a mapping without a gateway and without a programmer. */
#ifndef GATEWAY_PARSE_COMMAND_H
#define GATEWAY_PARSE_COMMAND_H

#include "mapping.h"
#include <stdio.h>

struct gateway_parse_options {
    const char *mapping_name; /* of the mapping's file, for messages */
    const char *mapping_text; /* NUL-terminated */
    const char *body_path;    /* the captured body; "-" = standard input */
    /* "Name: value" lines; NULL = authenticity is not judged (and no secret is needed) */
    const char *headers_path;
    struct gateway_lookup lookup;
};

/* Prints one JSON object a line (pengaduand(1)) on out, complaints in Indonesian on err. Exit code of
 * sysexits.h: EX_OK, EX_CONFIG (mapping), EX_NOINPUT, EX_DATAERR (the body cannot be read), EX_SOFTWARE
 * (memory, output). */
int gateway_parse_command(const struct gateway_parse_options *options, FILE *out, FILE *err);

#endif
