/* The facts of complaints that reports count (rules/evaluation.h). */
#ifndef BOOK_FIGURES_H
#define BOOK_FIGURES_H

#include "book.h"
#include "rules/evaluation.h"
#include <jansson.h>

struct figures_row {
    struct evaluation_fact fact;
    const char *channel;            /* until the visit returns */
    int64_t service_id, section_id; /* 0 = none */
};

/* Complaints received in [from, to), oldest first. */
typedef enum outcome figures_visit(void *arg, const struct figures_row *row, struct fault *fault);
enum outcome figures_list(
    struct book_txn *txn, int64_t from, int64_t to, figures_visit *visit, void *arg, struct fault *fault);

/* Keeps what reports ask of an event beside its complaint, in the transaction that writes the event: event.c calls it. */
enum outcome figures_note(struct book_txn *txn, int64_t complaint_id, const char *kind, const char *actor,
    const json_t *data, struct fault *fault);

/* When the first complaint was received; 0 = none yet. */
enum outcome figures_first(struct book_txn *txn, int64_t *ret_at, struct fault *fault);

#endif
