/* Pages: plain functions that run on a book thread (GET: reader, POST: writer) inside one transaction, read
 * or write the book, and fill a response that leaves after the commit. This file is all a page sees.
 *
 * web.c turns requests into pages: session cookie -> officer, CSRF check of every POST by an officer, form
 * and query parsing, security headers, the error page in the visitor's language. Uploaded files' types are
 * found out by the parser child before the page runs. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "channels/printer/printer.h"
#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "daemon/book/officer.h"
#include "daemon/loop/http_form.h"
#include "gate.h"
#include "kept.h"
#include "limit.h"
#include "house.h"
#include "view.h"
#include <jansson.h>
#include <stdbool.h>

struct desk;   /* daemon/desk/desk.h */
struct config; /* config/config.h */
struct page;

/* NEVER = the error page with fault's public text, under page->status when that is set, else 404 (GET) or 422
 * (POST); LATER = 503; both roll back. DONE with a refusal on the page (page_view_status) commits. */
typedef enum outcome page_handler(struct page *page);

/* How far an answer in parts has come; of the visit, so that it outlives the runs of the page. */
struct page_part {
    int64_t next; /* the page's own word for where it goes on; 0 = at the beginning */
    bool more;
};

struct page {
    /* lent: the request */
    const char *path; /* decoded */
    const char *rest; /* behind the route's '*', "" else */
    bool post;
    bool wants_stream; /* the browser asks for server-sent events (Accept) */
    const struct http_form *query,
        *form;                     /* never NULL; a file's content_type is what the parser child found */
    const char *peer;              /* address of the visitor, also behind a proxy on this machine */
    const struct officer *officer; /* NULL = not logged in */
    const char *session_token;     /* NULL = none */
    const char *cookie_token;      /* what the browser sent, whether it opens anything or not; NULL = none */
    const char *agent;             /* what the browser calls itself; NULL = nothing */
    const char *csrf;              /* token for forms of this session */
    /* lent: the house */
    struct book_txn *txn;
    struct desk *desk;
    const struct config *config;
    const struct house *house;
    struct limit *guesses, *logins; /* wrong tracking codes and passwords, by visitor */
    struct gate *gate;              /* in front of the public form */
    struct limit *surveys;          /* forms of the survey, by visitor */
    struct kept *kept;              /* texts that are the same for everybody */
    struct arena *arena;            /* everything of this run of the page; new when a job is replayed */
    struct arena *request_arena;    /* of the whole request */
    struct fault *fault;
    const void *found;      /* of page_write(); NULL = none */
    page_handler *next;     /* private: of page_write() */
    struct page_part *part; /* of page_parts() */
    /* owned: the answer. A page that returns DONE has called one page_* function below */
    int status;
    const char *content_type;
    struct str body;
    const char *location;
    const char *set_cookie;  /* whole value of one Set-Cookie; NULL = none */
    const char *disposition; /* Content-Disposition; NULL = none */
    bool streams;            /* page_stream() */
    bool in_parts;           /* page_parts() */
    bool prints;             /* page_print() */
    enum print_format print_format;
    int64_t stream_of; /* complaint he has open; 0 = none */
    bool secret;       /* nobody may keep a copy; officers' pages are secret anyway */
    /* Anybody may keep a copy for so long, with an ETag by which it is asked for again; 0 = as usual. Not while an
     * officer is logged in, and only with status 200. */
    int public_seconds;
};

/* One row a page; rows stand in the page's own file and are listed once in routes.c. */
struct page_route {
    const char *pattern;      /* as in loop/http_server.h */
    page_handler *get, *post; /* NULL = 405 */
    unsigned roles;           /* bit set of 1u << enum role; 0 = public. Others are sent to /masuk, or 403 */
    size_t max_body;          /* bytes of a POST; 0 = 64 KiB */
};

enum { PAGE_EVERY_OFFICER = (1u << ROLE_COUNT) - 1 };

/* In roles: post() runs on a reader, because it takes longer than the writer has (the hash of a password). It
 * answers, or goes on with page_write(). One at a time in the whole house, so that a flood of them leaves the
 * other readers to the pages. */
#define PAGE_POST_READS (1u << 31)

/* In roles of a public page: sites that the office has named ([server] frame_origins) may hold it in a frame. */
#define PAGE_FRAMED (1u << 30)

/* In roles of a public page for machines: scripts of those sites may read it (Access-Control-Allow-Origin). */
#define PAGE_SHARED (1u << 29)

/* Renders view with data (reference is taken over; NULL = LATER) under the common fields, which data must not
 * use:
 *   office      {name, region, address, phone, phone_url, email, email_url, public_url, host}
 *   style_url   of the style sheet; script_url: of the script that only adds comfort
 *   officer     {name, login, role, role_label, section}; absent = nobody is logged in
 *   nav         [{url, label, icon, current}]: pages this officer may see (table in page_common.c)
 *   settings    below /pengaturan: [{url, label, what, current}], its sections (settings_menu.h)
 *   csrf        for <input type="hidden" name="csrf" value="{{csrf}}"> in every officers' form
 *   at          {first part of the path: true}: at.aduan, at.lacak; at.home for "/"
 *   frames      the sites that may hold public pages in a frame, separated by blanks; absent = none
 *   toast       the sentence for the query ?catatan=KEY (table in page_common.c)
 *   now_words   "Senin, 23 November 2026, pukul 08.52 WIB"
 *   opening     "Senin–Kamis 07.30–15.30, Jumat 07.30–14.30"; absent for officers
 * Of data itself the layouts read title, wrong (the title begins with "Salah:"), narrow, main_class. */
enum outcome page_view(struct page *page, const char *view, json_t *data);
enum outcome page_view_status(struct page *page, int status, const char *view, json_t *data);
enum outcome page_redirect(struct page *page, const char *location); /* 303; own paths only: else to "/" */
/* Answered under a policy that lets the bytes run and load nothing. */
enum outcome page_bytes(struct page *page, const char *content_type, const void *data, size_t size);

enum outcome page_json(struct page *page, const json_t *data);

/* Keeps the officer told of what happens (live.h) instead of an answer that ends; complaint_id: that he has open, and may
 * see; 0 = none. */
enum outcome page_stream(struct page *page, int64_t complaint_id);

/* GET only: the body is the first part of a file. While part->more, the same page runs again once that part has left, as a
 * visit of its own: session, role, snapshot. No connection of the book waits for the visitor. part is that of the run: a
 * run that fails ends the file, and the visitor sees that it was cut off. */
enum outcome page_parts(struct page *page, const char *content_type);

/* GET only: the body is lines of a job for the printer (desk/print_job.h), the answer the document. While part->more, the
 * same page runs again for further lines, as with page_parts(). A document up to some megabytes leaves whole, so that the
 * printer's death is a page that says so; a longer one is cut off. name: of the file, with its ending. */
enum outcome page_print(struct page *page, enum print_format format, const char *name);

/* Ends a post() of PAGE_POST_READS that has found out what it had to: next runs on the writer like any other
 * post() and sees found as page->found. found comes from page_keep(). */
enum outcome page_write(struct page *page, page_handler *next, const void *found);
void *page_keep(struct page *page, size_t n); /* n zeros that last until the answer; NULL without memory */

/* rest as number and word: "17/disposisi" -> 17, "disposisi"; "17" -> 17, "". */
bool page_rest(const struct page *page, int64_t *ret_id, const char **ret_word);

/* "sekcam:endang": who acts, for the history. NULL without memory. */
const char *page_actor(const struct page *page);

/* Fields of the form and the query: never NULL, "" when absent. */
const char *page_field(const struct page *page, const char *name);
const char *page_query(const struct page *page, const char *name);

bool page_own_path(const char *location); /* "/x" but not "//x": leads nowhere else */

#endif
