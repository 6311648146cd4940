/* A document that is being made: paper (paper.c) or a spreadsheet (sheet.c), block by block. */
#ifndef PRINTER_DOCUMENT_H
#define PRINTER_DOCUMENT_H

#include "job.h"
#include <glib.h>

/* What a kind of document can do. Each returns NULL, or why it went wrong (English, static). */
struct document_ops {
    const char *(*open)(void); /* before the cage shuts: fonts, files */
    const char *(*put)(const struct job_block *block);
    /* Appends the bytes that are ready, at most PRINTER_PART_MOST of them; more = there are others. */
    const char *(*take)(GByteArray *part, bool *ret_more);
};

extern const struct document_ops paper_ops, sheet_ops;

#endif
