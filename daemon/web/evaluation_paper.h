/* The officers' evaluation as a job for the printer: paper and spreadsheet (evaluation_page.h has page and HTML). */
#ifndef WEB_EVALUATION_PAPER_H
#define WEB_EVALUATION_PAPER_H

#include "daemon/desk/print_job.h"

/* data: what the views of the report show (evaluation_page.c). */
enum outcome evaluation_paper(struct str *job, struct book_txn *txn, const struct office *office,
    const json_t *data, struct arena *arena, struct fault *fault);

#endif
