/* CSV as spreadsheets and other offices' systems write it: RFC 4180 and its relatives. UTF-8 and UTF-16 with or without a
 * BOM, else Windows-1252; separated by comma, semicolon, tab or bar (whichever the first line has most of, or says in "sep=;");
 * quotes around fields, doubled inside, with line ends in them. Strict and bounded: what cannot be read is refused with its
 * line. Pure. */
#ifndef RULES_CSV_H
#define RULES_CSV_H

#include "daemon/base/arena.h"

enum {
    CSV_BYTES = 512 * 1024,
    CSV_ROWS = 201 /* the headings and 200 */,
    CSV_COLUMNS = 64,
    CSV_FIELD = 20000,
    CSV_PROBLEM = 200
};

struct csv_row {
    int line;           /* of the file, 1 = first: where the row begins */
    const char *source; /* its bytes in UTF-8, quotes and all, without the line end */
    size_t source_size;
    const char *const
        *fields; /* csv->columns of them, "" where the row is shorter; UTF-8 without control characters but
                                  LF and TAB, blanks around it cut off */
};

struct csv {
    char separator;
    size_t columns, count;      /* of rows, blank ones left out */
    const struct csv_row *rows; /* the first holds the headings */
    const char *text;           /* all of it in UTF-8, without NUL bytes */
    size_t size;
};

/* False: refused, and problem says why (Indonesian); "" when memory ran out. All of ret lives in arena. */
bool csv_read(
    const void *bytes, size_t size, struct csv *ret, char problem[CSV_PROBLEM], struct arena *arena);

#endif
