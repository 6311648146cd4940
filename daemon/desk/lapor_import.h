/* A list of cases of SP4N-LAPOR! becomes complaints of channel "lapor". Each case is one complaint however often it is
 * imported or typed: its number is its external key in the ledger. */
#ifndef DESK_LAPOR_IMPORT_H
#define DESK_LAPOR_IMPORT_H

#include "channels/channel.h"
#include "daemon/book/book.h"
#include "office.h"
#include "rules/csv.h"
#include "rules/lapor.h"

struct lapor_line {
    int line;             /* of the file */
    const char *number;   /* at SP4N-LAPOR!; NULL = not readable */
    const char *problem;  /* why it cannot be entered; NULL = it can, or is known */
    const char *known;    /* register number that it has already; NULL = new */
    int64_t complaint_id; /* of lapor_import_record(), and of known */
    int32_t dated;
    struct inbound in;
};

struct lapor_list {
    struct lapor_line *lines;
    size_t count, ready, known, wrong;
};

/* Reads and writes nothing but what the book knows of these numbers. columns: index into the rows of csv for each enum
 * lapor_column, -1 = none; number and text must be there. Lives in arena. */
enum outcome lapor_import_check(struct book_txn *txn, const struct office *office, const struct csv *csv,
    const int columns[LAPOR_COLUMNS], struct lapor_list *ret, struct arena *arena, struct fault *fault);

/* On the writer: what is ready becomes complaints, `known` of each is its register number afterwards. */
enum outcome lapor_import_record(struct book_txn *txn, const struct office *office, const char *actor,
    struct lapor_list *list, struct arena *arena, struct fault *fault);

#endif
