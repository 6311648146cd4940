/* Complaints as Open311 sees them: those that were published, and those that one application handed in itself, of which it
 * sees how they stand and nothing that was said. */
#ifndef BOOK_SERVICE_REQUEST_H
#define BOOK_SERVICE_REQUEST_H

#include "book.h"
#include "rules/state.h"

struct service_request {
    int64_t id;
    enum state state;
    bool published; /* problem, result, place are the public copy; else they are NULL */
    bool own;       /* handed in by the channel that asks */
    const char *problem, *result, *place;
    const char *service_key, *service, *section; /* NULL = none */
    int64_t received_at, changed_at, due_at; /* changed_at: of the copy, else of the state; due_at 0 = none */
};

struct service_request_filter {
    int64_t id;          /* 0 = all */
    const char *channel; /* "open311:NAME" of who asks; NULL = anybody */
    int64_t from, to;    /* received_at in [from, to) */
};

/* Newest first. r and its texts live until the visit returns, which sets *ret_enough to see no more. */
typedef enum outcome service_request_visit(
    void *arg, const struct service_request *r, bool *ret_enough, struct fault *fault);
enum outcome service_request_list(struct book_txn *txn, const struct service_request_filter *filter,
    service_request_visit *visit, void *arg, struct fault *fault);

#endif
