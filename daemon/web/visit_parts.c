/* Answers in parts (page_parts): the page runs again for each part, once the one before has left. */
#include "visit.h"
#include "daemon/base/log.h"

static void file_end(struct visit *v)
{
    v->web->files--;
    visit_free(v);
}

static void file_gone(void *arg)
{
    struct visit *v = arg;
    v->stream = NULL;
    if (!v->running)
        file_end(v);
}

static void file_go_on(void *arg);

/* While `running` is set the visitor's going leaves the visit to whoever set it. */
static void file_part_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct visit *v = arg;
    bool cut = outcome != OUTCOME_DONE || !v->page.in_parts;
    v->running = true;
    if (outcome != OUTCOME_DONE)
        log_fault(LOG_WARN, NULL, "web.file_cut", outcome, fault);
    else if (!cut && v->stream)
        http_stream_send(v->stream, v->page.body.data, v->page.body.len);
    v->running = false;
    if (v->stream && !cut && v->part.more) {
        if (!v->page.body.len) /* nothing that could leave: nothing of it was his to see */
            file_go_on(v);
        return;
    }
    if (v->stream && cut)
        http_stream_end(v->stream);
    else if (v->stream)
        http_stream_finish(v->stream);
    file_end(v);
}

static void file_go_on(void *arg)
{
    struct visit *v = arg;
    if (v->running)
        return;
    v->running = true;
    v->job = (struct book_job){.work = visit_work, .done = file_part_done, .arg = v};
    book_read(v->web->options.book, &v->job);
}

bool visit_keep(struct visit *v)
{
    struct page *page = &v->page;
    char *path = arena_strdup(v->arena, page->path), *type = arena_strdup(v->arena, page->content_type);
    if (!path || !type)
        return false;
    page->path = path;
    page->rest = "";
    return true;
}

void visit_parts(struct visit *v, const struct http_header *headers)
{
    if (v->web->files == WEB_FILES_MAX || !visit_keep(v)) {
        visit_fail(v, 503, NULL);
        return;
    }
    v->web->files++;
    const struct http_response head = {
        .status = 200, .content_type = v->page.content_type, .headers = headers};
    v->stream = http_reply_stream(v->request, &head, file_gone, v);
    v->request = NULL;
    if (!v->stream) {
        file_end(v);
        return;
    }
    http_stream_on_drained(v->stream, file_go_on);
    file_part_done(v, OUTCOME_DONE, NULL);
}
