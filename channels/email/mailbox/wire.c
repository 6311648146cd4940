#include "wire.h"
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { WIRE_SECONDS = 600, WIRE_BUFFER = 64 << 10 };

static int wire_fd(mailstream_low *low)
{
    return (int)(intptr_t)low->data;
}

static int wire_wait(mailstream_low *low, short events)
{
    struct pollfd p = {wire_fd(low), events, 0};
    int n;
    do
        n = poll(&p, 1, (int)low->timeout * 1000);
    while (n < 0 && errno == EINTR);
    return n;
}

static ssize_t wire_read(mailstream_low *low, void *bytes, size_t count)
{
    ssize_t n;
    if (wire_wait(low, POLLIN) != 1)
        return -1;
    do
        n = read(wire_fd(low), bytes, count);
    while (n < 0 && errno == EINTR);
    return n > 0 ? n : -1;
}

static ssize_t wire_write(mailstream_low *low, const void *bytes, size_t count)
{
    ssize_t n;
    if (wire_wait(low, POLLOUT) != 1)
        return -1;
    do
        n = write(wire_fd(low), bytes, count);
    while (n < 0 && errno == EINTR);
    return n;
}

static int wire_close(mailstream_low *low)
{
    return close(wire_fd(low));
}

static void wire_free(mailstream_low *low)
{
    free(low);
}

/* What this program never asks for: cancelling from another thread, certificates, libetpan's own idle
 * wait. */
static void wire_cancel(mailstream_low *low)
{
    (void)low;
}
static struct mailstream_cancel *wire_get_cancel(mailstream_low *low)
{
    (void)low;
    return NULL;
}
static carray *wire_certificates(mailstream_low *low)
{
    (void)low;
    return NULL;
}
static int wire_no_idle(mailstream_low *low)
{
    (void)low;
    return -1;
}

static mailstream_low_driver wire_driver = {
    .mailstream_read = wire_read,
    .mailstream_write = wire_write,
    .mailstream_close = wire_close,
    .mailstream_get_fd = wire_fd,
    .mailstream_free = wire_free,
    .mailstream_cancel = wire_cancel,
    .mailstream_get_cancel = wire_get_cancel,
    .mailstream_get_certificate_chain = wire_certificates,
    .mailstream_setup_idle = wire_no_idle,
    .mailstream_unsetup_idle = wire_no_idle,
    .mailstream_interrupt_idle = wire_no_idle,
};

mailstream *wire_open(int fd)
{
    mailstream_low *low = mailstream_low_new((void *)(intptr_t)fd, &wire_driver);
    if (!low)
        return NULL;
    low->timeout = WIRE_SECONDS;
    mailstream *stream = mailstream_new(low, WIRE_BUFFER);
    if (!stream)
        mailstream_low_free(low);
    return stream;
}

void wire_limit(mailstream *stream, int seconds)
{
    mailstream_get_low(stream)->timeout = (unsigned long)seconds;
}
