#include "frame.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        p += w;
        n -= (size_t)w;
    }
    return true;
}

static bool read_all(int fd, char *p, size_t n)
{
    while (n) {
        ssize_t r = read(fd, p, n);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

bool frame_write(int fd, uint32_t type, uint32_t id, const void *body, size_t length)
{
    struct frame head = {type, id, (uint32_t)length};
    char small[4096];
    if (length > FRAME_MAX)
        return false;
    if (length > sizeof small - sizeof head)
        return write_all(fd, (const char *)&head, sizeof head) && write_all(fd, body, length);
    memcpy(small, &head, sizeof head);
    if (length)
        memcpy(small + sizeof head, body, length);
    return write_all(fd, small, sizeof head + length);
}

bool frame_read(int fd, struct frame *ret_head, char **ret_body)
{
    struct frame head;
    if (!read_all(fd, (char *)&head, sizeof head) || head.length > FRAME_MAX)
        return false;
    char *body = malloc((size_t)head.length + 1);
    if (!body)
        return false;
    if (!read_all(fd, body, head.length)) {
        free(body);
        return false;
    }
    body[head.length] = 0;
    *ret_head = head;
    *ret_body = body;
    return true;
}
