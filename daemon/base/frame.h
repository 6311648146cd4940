/* The language between the daemon and its children over a SOCK_STREAM socketpair: frames of a 12-byte head
 * (three uint32_t in host order: it never leaves the machine) and a body.
 *
 * These are the CHILD's blocking calls; the daemon's side is loop/child.h. Frame types are defined by each child's
 * protocol header (channels/email/mailbox_protocol.h, channels/parser/parser_protocol.h). */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
    uint32_t type;
    uint32_t id;     /* UID, request number ... whatever the protocol says */
    uint32_t length; /* bytes of body */
};

enum { FRAME_MAX = 64u << 20 }; /* bytes; a longer one is a protocol error on either side */

bool frame_write(int fd, uint32_t type, uint32_t id, const void *body, size_t length);
bool frame_read(int fd, struct frame *ret_head,
    char **ret_body); /* body malloc'd, NUL added, caller frees; false on EOF or error */

#endif
