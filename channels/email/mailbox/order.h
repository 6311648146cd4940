/* What the daemon wants of one mailbox: the MAILBOX_OPEN frame as a struct. */
#ifndef MAILBOX_ORDER_H
#define MAILBOX_ORDER_H

#include "daemon/base/fault.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order {
    char *user;                     /* owned, like every string here; never NULL */
    char *secret;                   /* password, or the OAuth token when token is set */
    char *folder;                   /* modified UTF-7 (RFC 3501 5.1.3), as it goes over the wire */
    char *move_to;                  /* where settled mail goes, modified UTF-7; NULL = it stays */
    char *keyword;                  /* flag set on settled mail besides \Seen; NULL = none */
    bool token;                     /* XOAUTH2 instead of LOGIN */
    bool seen;                      /* set \Seen on settled mail */
    bool idle;                      /* use IDLE when the server has it */
    uint32_t uidvalidity, last_uid; /* 0, 0 = never fetched */
    int idle_seconds;               /* IDLE is given again after that long */
    int poll_seconds;               /* without IDLE: pause between two looks */
    int batch;                      /* mails fetched and settled together */
    size_t max_bytes;               /* longer mail is handed up as MAILBOX_LARGE */
};

/* Reads one MAILBOX_OPEN frame. May load a character set converter: call it before the sandbox is closed.
 * STOP when the frame is not what the protocol says (the daemon is another version). */
enum outcome order_read(struct order *ret_order, int frame_fd, struct fault *fault);

/* Overwrites and frees the secret: it is not needed after login. */
void order_forget_secret(struct order *order);
void order_release(struct order *order);

#endif
