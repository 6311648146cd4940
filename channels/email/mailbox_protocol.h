/* Frames (base/frame.h) between the daemon and libexec/mailbox, one process per IMAP mailbox.
 *
 * The child is started with two sockets: fd 10 = the IMAP connection (bytes; TLS is done by the daemon, the
 * child has no network), fd 11 = these frames. All text is UTF-8 JSON or raw bytes as said.
 *
 *   daemon  MAILBOX_OPEN   {"user","password"|"token","folder","uidvalidity":n,"last_uid":n,"idle_seconds":n,
 *                           "poll_seconds":n,"batch":50,"max_bytes":n,"seen":bool,"keyword":"$..."|null}
 *   child   MAILBOX_BUSY   now waiting for the server: the daemon's progress deadline runs. id = lowest UID
 *                           it asks for, 0 = none: a mail that breaks every session is known by it
 *   child   MAILBOX_IDLE   now waiting for the doorbell (IDLE or poll): no deadline but the idle limit
 *   child   MAILBOX_FOLDER {"uidvalidity":n,"uidnext":n,"exists":n}: after SELECT; UIDs restart with another
 *                           uidvalidity
 *   child   MAILBOX_MAIL   id = UID, body = the raw message. In ascending order of UID.
 *   child   MAILBOX_LARGE  id = UID, body = {"size":n} LF headers and the first 64 KiB: longer than max_bytes
 *   child   MAILBOX_GONE   id = UID: announced by SEARCH but vanished before FETCH (no body), or the server
 *                           refuses to give it at every attempt (body: its words)
 *   child   MAILBOX_BATCH  id = highest UID of the batch: everything up to it was handed up; waits for
 *                           SETTLED. A batch ends at `batch` mails or 8 MiB: the daemon holds all of it
 *   daemon  MAILBOX_SETTLED id = highest UID that is in the book; body = uint32_t UIDs that shall be flagged
 *                           now. Only then the child flags them and fetches the next batch. At any other time
 *                           (flags left over from a broken session): id below the batch, flags alone.
 *   child   MAILBOX_FAILED {"outcome":"later"|"stop","public":"...","internal":"..."}: and exits
 *   daemon  MAILBOX_STOP   log out and exit 0 */
#ifndef MAILBOX_PROTOCOL_H
#define MAILBOX_PROTOCOL_H

enum mailbox_frame {
    MAILBOX_OPEN = 1,
    MAILBOX_SETTLED = 2,
    MAILBOX_STOP = 3,
    MAILBOX_BUSY = 101,
    MAILBOX_IDLE = 102,
    MAILBOX_FOLDER = 103,
    MAILBOX_MAIL = 104,
    MAILBOX_LARGE = 105,
    MAILBOX_GONE = 106,
    MAILBOX_BATCH = 107,
    MAILBOX_FAILED = 108,
};

enum { MAILBOX_NET_FD = 10, MAILBOX_FRAME_FD = 11 };

#endif
