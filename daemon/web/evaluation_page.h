/* The officers' evaluation of a month or a year: evaluation_page.c has the page /laporan; the command line prints the same
 * as a document of its own. */
#ifndef WEB_EVALUATION_PAGE_H
#define WEB_EVALUATION_PAGE_H

#include "daemon/base/str.h"
#include "daemon/desk/evaluate.h"

/* A whole HTML file that needs nothing else: the style sheet is in it. Opens the views for itself when nobody has. */
enum outcome evaluation_document(struct book_txn *txn, struct str *out, const struct evaluate *v,
    const struct office *office, struct arena *arena, struct fault *fault);

/* The same as a job for the printer. */
enum outcome evaluation_job(struct book_txn *txn, struct str *out, const struct evaluate *v,
    const struct office *office, struct arena *arena, struct fault *fault);

#endif
