/* One line of the register as a file for other programs: CSV (RFC 4180, for spreadsheets) or JSON, one object a line; or as
 * a row of the printer's job (register_job.h): all columns for a spreadsheet, those of the paper book for paper. */
#ifndef DESK_REGISTER_LINE_H
#define DESK_REGISTER_LINE_H

#include "daemon/base/str.h"
#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"

enum register_format { REGISTER_CSV, REGISTER_JSON, REGISTER_SHEET, REGISTER_PAPER };

/* The line with the columns' names; nothing for the others. With the mark by which spreadsheets know UTF-8. */
void register_line_head(enum register_format format, struct str *out);

/* Appends the line of c as this officer may see it, or nothing when he may not; NULL = whoever keeps the machine: all
 * but the identities of anonim and rahasia. A cell of CSV that a spreadsheet would take for a formula begins with an apostrophe. */
enum outcome register_line(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, enum register_format format, struct str *out, struct fault *fault);

#endif
