#include "live.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VIEWERS_MOST = 200,
    OFFICERS_MOST = 6, /* streams of one officer: open tabs and a telephone; a hidden tab closes its own */
    NAME_SIZE = 128,
    TELL_MS = 1000,
    BEAT_MS = 20 * 1000, /* below what proxies call idle */
    STAY_MS = 30 * 60 * 1000,
    NAMES_MAX = 2048,
};

struct viewer {
    struct live *live;
    struct http_stream *stream;
    int64_t officer_id, complaint_id, since_ms;
    char name[NAME_SIZE];
    struct viewer *next, **prev;
};

struct live {
    struct loop_timer *tell, *beat;
    struct viewer *first;
    int count;
    bool telling;
};

static void viewer_remove(struct viewer *v)
{
    *v->prev = v->next;
    if (v->next)
        v->next->prev = v->prev;
    v->live->count--;
}

/* Sending may end a stream: of the one it is sent to only. */
static void send_all(struct live *live, const char *text)
{
    for (struct viewer *v = live->first, *next; v; v = next) {
        next = v->next;
        http_stream_send(v->stream, text, strlen(text));
    }
}

static bool looks_too(const struct viewer *v, const struct viewer *other)
{
    return other->complaint_id == v->complaint_id && other->officer_id != v->officer_id;
}

/* Names have no line ends: they would be an event of their own. */
static void tell_company(struct viewer *v)
{
    struct str out;
    str_init(&out, NAMES_MAX);
    str_adds(&out, "event: melihat\ndata: ");
    const char *separator = "";
    for (const struct viewer *o = v->live->first; o; o = o->next)
        if (looks_too(v, o)) {
            str_addf(&out, "%s%s", separator, o->name);
            separator = ", ";
        }
    str_adds(&out, "\n\n");
    if (str_ok(&out))
        http_stream_send(v->stream, out.data, out.len);
    str_release(&out);
}

static void company_changed(struct live *live, int64_t complaint_id)
{
    for (struct viewer *v = complaint_id ? live->first : NULL, *next; v; v = next) {
        next = v->next;
        if (v->complaint_id == complaint_id)
            tell_company(v);
    }
}

/* Whom the others see no longer they are told at the next beat: not from inside of somebody's end. */
static void viewer_gone(void *arg)
{
    struct viewer *v = arg;
    viewer_remove(v);
    free(v);
}

static void beat(void *arg)
{
    struct live *live = arg;
    int64_t now = clock_mono_ms();
    for (struct viewer *v = live->first, *next; v; v = next) {
        next = v->next;
        if (now - v->since_ms < STAY_MS)
            continue;
        http_stream_end(v->stream);
        viewer_gone(v);
    }
    send_all(live, ": hidup\n\n");
    for (struct viewer *v = live->first, *next; v; v = next) {
        next = v->next;
        if (v->complaint_id)
            tell_company(v);
    }
    if (live->first)
        loop_timer_set(live->beat, BEAT_MS);
}

static void tell(void *arg)
{
    struct live *live = arg;
    live->telling = false;
    send_all(live, "event: berubah\ndata: 1\n\n");
}

void live_changed(void *arg)
{
    struct live *live = arg;
    if (live->telling || !live->first)
        return;
    live->telling = true;
    loop_timer_set(live->tell, TELL_MS);
}

static bool has_room(const struct live *live, int64_t officer_id)
{
    int his = 0;
    for (const struct viewer *v = live->first; v; v = v->next)
        his += v->officer_id == officer_id;
    return live->count < VIEWERS_MOST && his < OFFICERS_MOST;
}

static struct viewer *viewer_new(struct live *live, const struct live_viewer *viewer)
{
    struct viewer *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->live = live;
    v->officer_id = viewer->officer_id;
    v->complaint_id = viewer->complaint_id;
    v->since_ms = clock_mono_ms();
    snprintf(v->name, sizeof v->name, "%s", viewer->name);
    for (char *p = v->name; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return v;
}

void live_add(struct live *live, struct http_request *request, const struct http_header *headers,
    const struct live_viewer *viewer)
{
    struct viewer *v = has_room(live, viewer->officer_id) ? viewer_new(live, viewer) : NULL;
    if (!v) {
        http_reply(request, &(struct http_response){.status = 204, .headers = headers});
        return;
    }
    const struct http_response head = {
        .status = 200, .content_type = "text/event-stream", .headers = headers};
    v->stream = http_reply_stream(request, &head, viewer_gone, v);
    if (!v->stream) {
        free(v);
        return;
    }
    if (!live->first)
        loop_timer_set(live->beat, BEAT_MS);
    v->next = live->first;
    v->prev = &live->first;
    if (v->next)
        v->next->prev = &v->next;
    live->first = v;
    live->count++;
    static const char begin[] = "retry: 5000\nevent: tersambung\ndata: 1\n\n";
    http_stream_send(v->stream, begin, sizeof begin - 1);
    company_changed(live, viewer->complaint_id);
}

enum outcome live_new(struct live **ret_live, struct loop *loop, struct fault *fault)
{
    struct live *live = calloc(1, sizeof *live);
    if (live) {
        live->tell = loop_timer_new(loop, tell, live);
        live->beat = loop_timer_new(loop, beat, live);
    }
    if (live && live->tell && live->beat) {
        *ret_live = live;
        return OUTCOME_DONE;
    }
    live_free(live);
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for live pages");
}

void live_free(struct live *live)
{
    if (!live)
        return;
    loop_timer_free(live->tell);
    loop_timer_free(live->beat);
    free(live);
}
