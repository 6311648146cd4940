/* The bytes of one IMAP connection as a libetpan stream, instead of libetpan's own socket stream, because
 * that one spins for ever when the line ends inside a literal (a read of 0 bytes is tried again at once),
 * aborts the process at fd 1024 (select), needs pipe2 and knows one timeout for all. Here the end of the line
 * is an error like any other. */
#ifndef MAILBOX_WIRE_H
#define MAILBOX_WIRE_H

#include <libetpan/libetpan.h>

/* fd is closed with the stream. NULL without memory. */
mailstream *wire_open(int fd);

/* No read or write waits longer than this; new streams: 600 s (the daemon's own deadline is shorter). */
void wire_limit(mailstream *stream, int seconds);

#endif
