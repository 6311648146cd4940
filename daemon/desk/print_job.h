/* Jobs for the printer: lines of JSON that say what stands on a document (channels/printer/printer_protocol.h). Whatever
 * goes wrong with a line (memory, length) shows at the end, in str_ok(job). */
#ifndef DESK_PRINT_JOB_H
#define DESK_PRINT_JOB_H

#include "daemon/base/str.h"
#include "letterhead.h"
#include <jansson.h>

struct print_look {
    const char *title;  /* of the file */
    const char *footer; /* on each page */
    const char *sheet;  /* name of a spreadsheet's first sheet */
    bool wide;          /* A4 landscape */
    bool serif;         /* a letter */
};

/* The first line: the office head with its logo. */
enum outcome print_job_begin(struct str *job, struct book_txn *txn, const struct office *office,
    const struct print_look *look, struct arena *arena, struct fault *fault);

void print_job_add(struct str *job, json_t *line); /* takes line; NULL = no memory */
void print_job_words(
    struct str *job, const char *block, const char *text, const char *sub, const char *style);
void print_job_end(struct str *job);

const char *print_job_capital(const char *text, struct arena *arena); /* "loket" -> "Loket"; never NULL */

/* The Camat as who signs: a row of a signature, with what stands above his name. */
enum outcome print_job_camat(struct book_txn *txn, const struct office *office, const char *above,
    json_t **ret_row, struct arena *arena, struct fault *fault);

/* "Kedopok, 23 November 2026" of an office called "Kecamatan Kedopok"; in the arena. */
const char *print_job_place(const struct office *office, int64_t at, struct arena *arena);

#endif
