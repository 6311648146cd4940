/* Live pages: streams of server-sent events to officers' browsers. A stream says that something happened, never what: the
 * page asks again, as the officer it is, and gets what he may see. And it says who else has the same complaint open, to
 * those who were let in to it.
 *
 * Comfort only: streams are few (in all and an officer's), end after half an hour so that the browser comes again with its
 * session, give way first when the server is full, and touch the book only when they begin. Loop thread only. */
#ifndef WEB_LIVE_H
#define WEB_LIVE_H

#include "daemon/loop/http_server.h"

struct live;

enum outcome live_new(struct live **ret_live, struct loop *loop, struct fault *fault);
void live_free(struct live *live); /* after the HTTP server; NULL is fine */

struct live_viewer {
    int64_t officer_id;
    const char *name;     /* of the officer; copied */
    int64_t complaint_id; /* that he has open; 0 = none */
};

/* Answers the request: with a stream, or with 204 ("do not come again") when there are too many. */
void live_add(struct live *live, struct http_request *request, const struct http_header *headers,
    const struct live_viewer *viewer);

/* Something happened in the book: told soon, once for all that happens until then. */
void live_changed(void *live);

#endif
