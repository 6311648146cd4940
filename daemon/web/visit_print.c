/* Documents (page_print): what the page gives is lines of a job, what the printer makes of them is the answer.
 *
 *   page run ──lines──▶ printer ──PRINT_READY──▶ next run of the page (while part.more)
 *                          └─────PRINT_PART───▶ print_more(), once the visitor has taken what there was
 *
 * The head of the answer waits for the whole document, or for so much of it that it has to begin to leave. */
#include "visit.h"
#include "daemon/base/log.h"

enum { WHOLE_MOST = 4 * 1024 * 1024 };

static void go_on(struct visit *v);
static void drained(void *arg);

static void end(struct visit *v)
{
    print_forget(v->print);
    v->web->files -= v->request ? 0 : 1;
    visit_free(v);
}

static void gone(void *arg)
{
    struct visit *v = arg;
    v->stream = NULL;
    if (!v->running)
        end(v);
}

static void fail(struct visit *v, const struct fault *fault)
{
    log_fault(LOG_WARN, NULL, v->request ? "web.not_printed" : "web.file_cut", OUTCOME_LATER, fault);
    print_forget(v->print);
    v->print = NULL;
    if (v->request) {
        visit_fail(v, 503, fault->public_text);
        return;
    }
    if (v->stream)
        http_stream_end(v->stream);
    end(v);
}

/* ---- towards the visitor ---- */

static void reply_whole(struct visit *v)
{
    struct http_header headers[WEB_HEADERS_MAX];
    char policy[WEB_POLICY_MAX];
    visit_headers(v, headers, policy);
    http_reply(v->request, &(struct http_response){
                               .status = 200,
                               .content_type = v->page.content_type,
                               .headers = headers,
                               .body = v->printed.data,
                               .length = v->printed.len,
                           });
    visit_free(v);
}

/* false: the visit has ended. */
static bool begin_stream(struct visit *v)
{
    struct http_header headers[WEB_HEADERS_MAX];
    char policy[WEB_POLICY_MAX];
    struct fault fault;
    visit_headers(v, headers, policy);
    if (v->web->files == WEB_FILES_MAX || !visit_keep(v)) {
        fault_set(&fault, OUTCOME_LATER, NULL, "no memory, or too many files on their way");
        fail(v, &fault);
        return false;
    }
    v->web->files++;
    const struct http_response head = {
        .status = 200, .content_type = v->page.content_type, .headers = headers};
    v->stream = http_reply_stream(v->request, &head, gone, v);
    v->request = NULL;
    if (!v->stream) {
        end(v);
        return false;
    }
    http_stream_on_drained(v->stream, drained);
    return true;
}

/* Bytes of a document that has begun to leave. */
static void send(struct visit *v, const void *bytes, size_t n)
{
    v->running = true; /* his going leaves the visit to us */
    http_stream_send(v->stream, bytes, n);
    v->running = false;
    if (!v->stream) {
        end(v);
        return;
    }
    if (v->printing == PRINT_LAST) {
        http_stream_finish(v->stream);
        end(v);
    } else if (!n) {
        go_on(v);
    }
}

static void drained(void *arg)
{
    struct visit *v = arg;
    if (!v->running)
        go_on(v);
}

/* ---- between page and printer ---- */

static void stepped(void *arg, enum print_state state, const void *bytes, size_t n, const struct fault *fault)
{
    struct visit *v = arg;
    struct fault full;
    v->printing = state;
    v->running = false;
    if (state == PRINT_LAST || state == PRINT_FAILED)
        v->print = NULL;
    if (!v->request && !v->stream) { /* the visitor has gone meanwhile */
        end(v);
        return;
    }
    if (state == PRINT_FAILED) {
        fail(v, fault);
        return;
    }
    if (!v->request) {
        send(v, bytes, n);
        return;
    }
    str_add(&v->printed, bytes, n);
    if (!str_ok(&v->printed)) {
        fault_set(&full, OUTCOME_LATER, NULL, "no memory for a document");
        fail(v, &full);
    } else if (state == PRINT_LAST) {
        reply_whole(v);
    } else if (v->printed.len <= WHOLE_MOST) {
        go_on(v);
    } else if (begin_stream(v)) {
        send(v, v->printed.data, v->printed.len);
    }
}

static void page_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct visit *v = arg;
    struct fault stopped;
    v->running = false;
    if (!v->request && !v->stream) {
        end(v);
        return;
    }
    if (outcome != OUTCOME_DONE ||
        !v->page.prints) { /* he may not see it any more, or the book could not be read */
        if (!outcome)
            fault_set(&stopped, OUTCOME_LATER, NULL, "%s: nothing to print any more", v->page.path);
        fail(v, outcome ? fault : &stopped);
        return;
    }
    v->running = true; /* until the printer answers */
    print_lines(v->print, v->page.body.data, v->page.body.len);
}

static void go_on(struct visit *v)
{
    struct fault fault;
    if (v->printing == PRINT_READY && !v->part.more) {
        fault_set(&fault, OUTCOME_LATER, NULL, "%s: a job without its end", v->page.path);
        fail(v, &fault);
        return;
    }
    v->running = true;
    if (v->printing == PRINT_PART) {
        print_more(v->print);
        return;
    }
    v->job = (struct book_job){.work = visit_work, .done = page_done, .arg = v};
    book_read(v->web->options.book, &v->job);
}

void visit_print(struct visit *v)
{
    v->print = print_begin(v->web->options.printer, v->page.print_format, stepped, v);
    if (!v->print) {
        log_event(LOG_WARN, NULL, "web.not_printed", "reason=\"no memory, or too many documents at once\"");
        visit_fail(v, 503, "Terlalu banyak dokumen yang sedang dibuat. Coba lagi sebentar lagi.");
        return;
    }
    v->running = true;
    print_lines(v->print, v->page.body.data, v->page.body.len);
}
