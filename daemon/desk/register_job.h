/* The register as a job for the printer: what stands before and behind the rows of register_line(). */
#ifndef DESK_REGISTER_JOB_H
#define DESK_REGISTER_JOB_H

#include "print_job.h"
#include "register_line.h"

/* How the rows of paper are counted page by page: in the order of its tallies. */
enum { REGISTER_DONE, REGISTER_GOING, REGISTER_LATE };

/* Rows of one document. A spreadsheet takes what its program opens with ease; paper what somebody still leafs through. */
enum { REGISTER_SHEET_MOST = 100 * 1000, REGISTER_PAPER_MOST = 5000 };

struct register_job {
    enum register_format format;   /* SHEET or PAPER */
    const char *scope;             /* "dari 1-11-2026, semua saluran" */
    int64_t count;                 /* rows that will come */
    const struct officer *officer; /* who made it, and signs; NULL = a command */
};

enum outcome register_job_begin(struct str *job, struct book_txn *txn, const struct office *office,
    const struct register_job *what, struct arena *arena, struct fault *fault);
enum outcome register_job_end(struct str *job, struct book_txn *txn, const struct office *office,
    const struct register_job *what, struct arena *arena, struct fault *fault);

/* NEVER with a public text when there are more rows than a document of that format takes. */
enum outcome register_job_fits(enum register_format format, int64_t count, struct fault *fault);

#endif
