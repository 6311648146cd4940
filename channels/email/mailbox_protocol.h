/* Frames (base/frame.h) between the daemon and libexec/mailbox, one process per IMAP mailbox.
 *
 * The child is started with two sockets: fd 10 = the IMAP connection (bytes; TLS is done by the daemon, the
 * child has no network), fd 11 = these frames. All text is UTF-8 JSON or raw bytes as said.
 *
 * daemon to child:
 *
 *   OPEN     {"user","password"|"token","folder","uidvalidity":n,"last_uid":n,"idle_seconds":n,
 *            "poll_seconds":n,"batch":50,"max_bytes":n,"seen":bool,"keyword":"$..."|null,
 *            "move_to":"..."|null}
 *   SETTLED  id = highest UID such that everything up to it is in the book; body = uint32_t UIDs that shall
 *            be flagged, and moved if that is wanted, now. One for each BATCH, in order. At any other time (flags left over from a broken
 *            session): id as before, flags alone.
 *   STOP     log out and exit 0
 *
 * child to daemon:
 *
 *   BUSY     now waiting for the server: the daemon's progress deadline runs. id = lowest UID it asks for,
 *            0 = none: a mail that breaks every session is known by it
 *   IDLE     now waiting for the doorbell (IDLE or poll): no deadline but the idle limit
 *   FOLDER   {"uidvalidity":n,"uidnext":n,"exists":n}: after SELECT; UIDs restart when it changed
 *   MAIL     id = UID, body = the raw message. In ascending order of UID
 *   LARGE    id = UID, body = {"size":n} LF headers and the first 64 KiB: longer than max_bytes
 *   GONE     id = UID: announced by SEARCH but vanished before FETCH (no body), or the server refuses to give
 *            it at every attempt (body: its words)
 *   BATCH    id = highest UID of the batch: everything up to it was handed up. A batch ends at `batch` mails
 *            or 8 MiB: what the daemon must hold at once, twice
 *   FLAGGED  answer to each SETTLED: the first id of the UIDs it was told and did not confirm yet are flagged
 *   FAILED   {"outcome":"later"|"stop","public":"...","internal":"..."}: and exits
 *
 * The child is at most one batch ahead of the book: it fetches batch N+1 while N is being written, and asks
 * for N+2 when N is settled and its mails are flagged. No mail is flagged before it is SETTLED.
 *
 *   child    MAIL.. BATCH 1   MAIL.. BATCH 2  (waits)     FLAGGED 1   MAIL.. BATCH 3 (waits)    FLAGGED 2 ...
 *   daemon        writes 1 ...................SETTLED 1   writes 2 .................SETTLED 2
 */
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
    MAILBOX_FLAGGED = 109,
};

enum { MAILBOX_NET_FD = 10, MAILBOX_FRAME_FD = 11 };

enum { MAILBOX_BATCHES_MOST = 2 }; /* handed up and not settled */

#endif
