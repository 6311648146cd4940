/* /api/v1: what programs read and do, as one officer, by the same functions as his pages (desk/sight.h, classify_admit(),
 * act_on()). One table (api_routes.c) says what there is: the router matches by it, openapi.json is printed from it.
 *
 *   api.c         a request on its way: token, job on a book thread, answer
 *   api_read.c    lists, one complaint, figures
 *   api_act.c     what changes something: If-Match, Idempotency-Key; the acts of the state table
 *   api_file.c    a complaint with its files, and a file
 *   api_body.c    the JSON of a request
 *   api_spec.c    openapi.json; api_page.c: the same for people
 *
 * Answers are JSON; refusals are problem details (RFC 9457). Times are RFC 3339 in UTC. */
#ifndef WEB_API_H
#define WEB_API_H

#include "daemon/book/api_token.h"
#include "daemon/book/complaint.h"
#include "daemon/loop/http_form.h"
#include "daemon/loop/http_server.h"
#include <jansson.h>

struct web;
struct office;

struct api_call {
    /* lent: the request */
    const struct api_route *route;
    const char *path;
    int64_t id;       /* {id} of the path */
    const char *word; /* {tindakan} of the path, "" else */
    const struct http_form *query;
    const unsigned char *body;
    size_t body_size;
    const struct http_form *form; /* multipart, with the types of its files; NULL = the body is JSON */
    const char *if_match, *if_none_match, *key; /* headers; NULL = absent */
    /* of this run; new when a job is replayed */
    const struct office *office;
    struct book_txn *txn;
    struct arena *arena;
    struct fault *fault;
    struct api_token token;
    struct officer officer;
    /* the answer */
    int status;
    json_t *answer;   /* owned; NULL = without a body, or */
    const void *file; /* the bytes of a file, in the arena's care */
    size_t file_size;
    int64_t version; /* for the ETag; 0 = none */
};

/* DONE with status and answer; NEVER: status (0 = 422) and the fault's public text as problem; LATER = 503. */
typedef enum outcome api_handler(struct api_call *call);

struct api_parameter {
    const char *name, *description; /* name NULL ends a list */
};

struct api_route {
    const char *method, *path; /* "/api/v1/aduan/{id}" */
    unsigned scope;            /* API_READ, API_ACT; 0 = for everybody */
    api_handler *handler;      /* NULL = the document itself */
    const char *summary;
    const struct api_parameter *query, *fields; /* fields: of the JSON body */
    const char *schema;                         /* of the answer, in components/schemas */
};
extern const struct api_route api_routes[]; /* ends with method NULL */

api_handler api_list, api_one, api_figures, api_file, api_do, api_note, api_new;

enum outcome api_refuse(struct api_call *call, int status, const char *public_text);

/* One complaint with everything that this officer may see of it, as the answer. NEVER (404) when it is not his to see. */
enum outcome api_answer_one(struct api_call *call);

/* Opens a complaint; call->id is its id. */
enum outcome api_make(struct api_call *call, const json_t *body);

json_t *api_spec(const struct office *office); /* NULL without memory */

enum { API_BODY_MAX = 64 * 1024, API_FILES_MAX = 26 << 20 };
void api_begin(struct http_request *request, void *web);
void api_error(struct http_request *request, int status, void *web); /* http_error_handler */

#endif
