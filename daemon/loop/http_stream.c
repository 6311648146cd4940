/* Answers that go on. What is sent and not read is bounded: who does not keep up is let go, as is who takes nothing at all
 * for as long as any answer may wait. */
#include "http_private.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>

enum { UNREAD_MAX = 16 * 1024 };

void http_stream_send(struct http_stream *stream, const void *data, size_t n)
{
    struct http_connection *c = stream->connection;
    struct evbuffer *out = bufferevent_get_output(c->bev);
    if (evbuffer_get_length(out) + n > UNREAD_MAX || evbuffer_add(out, data, n))
        http_connection_free(c);
}

void http_stream_end(struct http_stream *stream)
{
    struct http_connection *c = stream->connection;
    c->stream = NULL;
    free(stream);
    http_connection_free(c);
}

void http_stream_lost(struct http_stream *stream)
{
    http_stream_gone *gone = stream->gone;
    void *arg = stream->arg;
    free(stream);
    gone(arg);
}
