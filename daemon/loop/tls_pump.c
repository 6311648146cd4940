/* Bytes both ways between a mail server and the child that talks to it. A side whose peer is slow is not read
 * any more until the peer's queue has shrunk; no watermark is set on the reading of a TLS bufferevent
 * (libevent #854). */
#include "tls_dial.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

enum { HIGH = 256 * 1024, LOW = HIGH / 4 }; /* bytes queued towards one side */

struct tls_pump {
    struct bufferevent *server, *child;
    size_t received, max;
    void (*cut)(void *, const char *);
    void *arg;
    const char *ending; /* one side has ended: cut when the other has got the rest */
    struct bufferevent *draining;
    bool done;
};

static size_t queued(struct bufferevent *bev)
{
    return evbuffer_get_length(bufferevent_get_output(bev));
}

static void pump_cut(struct tls_pump *pump, const char *why)
{
    if (pump->done)
        return;
    pump->done = true;
    bufferevent_disable(pump->server, EV_READ);
    bufferevent_disable(pump->child, EV_READ);
    pump->cut(pump->arg, why); /* may free the pump */
}

static struct bufferevent *pump_other(const struct tls_pump *pump, const struct bufferevent *bev)
{
    return bev == pump->server ? pump->child : pump->server;
}

static void pump_read(struct bufferevent *from, void *arg)
{
    struct tls_pump *pump = arg;
    struct bufferevent *to = pump_other(pump, from);
    struct evbuffer *input = bufferevent_get_input(from);
    size_t length = evbuffer_get_length(input);
    if (pump->done || !length)
        return;
    if (pump->ending && from == pump->draining) {
        evbuffer_drain(input, length); /* for a side that has ended already */
        return;
    }
    if (from == pump->server) {
        pump->received += length;
        if (pump->received > pump->max) {
            pump_cut(pump, "more bytes than allowed");
            return;
        }
    }
    if (evbuffer_add_buffer(bufferevent_get_output(to), input)) {
        pump_cut(pump, "no memory");
        return;
    }
    if (queued(to) > HIGH)
        bufferevent_disable(from, EV_READ);
}

static void pump_written(struct bufferevent *to, void *arg)
{
    struct tls_pump *pump = arg;
    if (pump->done)
        return;
    if (pump->ending) {
        if (to == pump->draining && !queued(to))
            pump_cut(pump, pump->ending);
    } else if (queued(to) <= LOW) {
        bufferevent_enable(pump_other(pump, to), EV_READ);
    }
}

static void pump_event(struct bufferevent *bev, short what, void *arg)
{
    struct tls_pump *pump = arg;
    bool server = bev == pump->server;
    if (pump->done || !(what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)))
        return;
    const char *why = what & BEV_EVENT_EOF
                          ? (server ? "server closed" : "child closed")
                          : (server ? "server connection broken" : "child connection broken");
    pump_read(bev, pump); /* the last bytes */
    if (pump->done)
        return;
    struct bufferevent *other = pump_other(pump, bev);
    if (pump->ending || !queued(other)) {
        pump_cut(pump, pump->ending ? pump->ending : why);
        return;
    }
    pump->ending = why;
    pump->draining = other;
    bufferevent_setwatermark(other, EV_WRITE, 0, 0); /* told when all is written */
}

struct tls_pump *tls_pump_new(struct bufferevent *server, struct bufferevent *child, size_t max_bytes,
    void (*cut)(void *arg, const char *why), void *arg)
{
    struct tls_pump *pump = calloc(1, sizeof *pump);
    if (!pump)
        return NULL;
    *pump = (struct tls_pump){.server = server, .child = child, .max = max_bytes, .cut = cut, .arg = arg};
    struct bufferevent *const sides[] = {server, child};
    for (int i = 0; i < 2; i++) {
        bufferevent_setwatermark(sides[i], EV_WRITE, LOW, 0);
        bufferevent_setcb(sides[i], pump_read, pump_written, pump_event, pump);
        bufferevent_enable(sides[i], EV_READ | EV_WRITE);
        /* The greeting may have come with the end of the handshake: asked for on the next turn, never from
         * here. */
        bufferevent_trigger(sides[i], EV_READ, BEV_TRIG_DEFER_CALLBACKS | BEV_TRIG_IGNORE_WATERMARKS);
    }
    return pump;
}

size_t tls_pump_received(const struct tls_pump *pump)
{
    return pump->received;
}

void tls_pump_free(struct tls_pump *pump)
{
    if (!pump)
        return;
    bufferevent_setcb(pump->server, NULL, NULL, NULL, NULL);
    bufferevent_setcb(pump->child, NULL, NULL, NULL, NULL);
    free(pump);
}
