/* Answers that go on: in chunks (RFC 9112 7.1), so that the other side sees whether it has all of it. What is sent and not
 * read is bounded: who does not keep up is let go, as is who takes nothing at all for as long as any answer may wait. */
#include "http_private.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>

enum { UNREAD_MAX = 16 * 1024 };

void http_stream_send(struct http_stream *stream, const void *data, size_t n)
{
    struct http_connection *c = stream->connection;
    struct evbuffer *out = bufferevent_get_output(c->bev);
    bool keeps_up = evbuffer_get_length(out) <= UNREAD_MAX;
    if (!n)
        return; /* would be the end */
    if (keeps_up && !stream->plain)
        keeps_up = evbuffer_add_printf(out, "%zx\r\n", n) > 0;
    keeps_up = keeps_up && !evbuffer_add(out, data, n);
    if (keeps_up && !stream->plain)
        keeps_up = !evbuffer_add(out, "\r\n", 2);
    if (!keeps_up)
        http_connection_free(c);
}

void http_stream_on_drained(struct http_stream *stream, http_stream_gone *drained)
{
    stream->drained = drained;
}

void http_stream_end(struct http_stream *stream)
{
    struct http_connection *c = stream->connection;
    c->stream = NULL;
    free(stream);
    http_connection_free(c);
}

void http_stream_finish(struct http_stream *stream)
{
    struct evbuffer *out = bufferevent_get_output(stream->connection->bev);
    stream->gone = stream->drained = NULL;
    stream->finishing = true;
    if (stream->plain ? !evbuffer_get_length(out) : evbuffer_add(out, "0\r\n\r\n", 5))
        http_stream_end(stream);
}

void http_stream_drained(struct http_stream *stream)
{
    if (stream->finishing)
        http_stream_end(stream);
    else if (stream->drained)
        stream->drained(stream->arg);
}

void http_stream_lost(struct http_stream *stream)
{
    http_stream_gone *gone = stream->gone;
    void *arg = stream->arg;
    free(stream);
    if (gone)
        gone(arg);
}
