/* One IMAP session in straight-line blocking code: greeting, login, folder; and what it tells the daemon.
 *
 * Every wait for the server is announced with session_busy(), because the deadline is the daemon's: it sees
 * the bytes of the connection and can tell slow from dead, this side only sees a read that does not
 * return. */
#ifndef MAILBOX_SESSION_H
#define MAILBOX_SESSION_H

#include "order.h"
#include <libetpan/libetpan.h>

struct session {
    mailimap *imap;     /* owned */
    struct order order; /* owned */
    int net_fd, frame_fd;
    uint32_t last_uid;   /* highest UID that was handed up and settled */
    uint32_t handed_uid; /* highest UID of the batch handed up last */
    bool can_idle, can_move, can_uidplus;
    uint32_t begun_uid; /* the bookmark this session began behind */
    bool move_made;     /* the folder that settled mail goes to was asked for */
    bool leaving;       /* the daemon said stop, or is gone: log out, say nothing more */
};

/* Takes stream and order, also when it fails. */
enum outcome session_init(struct session *s, mailstream *stream, int net_fd, int frame_fd,
    struct order *order, struct fault *fault);
void session_release(struct session *s);

enum outcome session_login(struct session *s, struct fault *fault); /* greeting, login, capabilities */
/* opens the folder, compares UIDVALIDITY */
enum outcome session_select(struct session *s, struct fault *fault);

/* The daemon gives a leaving child two seconds: no read waits long from now on. */
void session_hurry(struct session *s);
void session_logout(struct session *s);

/* Frames upwards. false = the daemon is gone; `leaving` is set then. */
bool session_tell(struct session *s, uint32_t type, uint32_t id, const void *body, size_t length);
/* first_uid: of the mail that is asked for, 0 = none */
bool session_busy(struct session *s, uint32_t first_uid);
void session_failed(struct session *s, enum outcome outcome, const struct fault *fault);

/* Result r of a libetpan call as an outcome: a broken line is LATER whatever was asked. */
enum outcome session_fault(const struct session *s, int r, const char *what, struct fault *fault);

/* The server said NO or BAD to a command, but the line is sound: another command may follow. */
bool session_refused(int r);

#endif
