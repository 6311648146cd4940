/* Asks clamd about the bytes of a file (its INSTREAM command), over a unix socket or a TCP port of this machine: one
 * connection a question, some questions at once, the rest wait. Loop thread. */
#ifndef LOOP_SCANNER_H
#define LOOP_SCANNER_H

#include "loop.h"
#include <stddef.h>

enum { SCANNER_ADDRESS_MAX = 128, SCANNER_NAME_MAX = 80, SCANNER_AT_ONCE = 4, SCANNER_SECONDS = 60 };

enum scan {
    SCAN_CLEAN,
    SCAN_FOUND,
    SCAN_REFUSED, /* clamd says something else, about this file maybe: why tells */
    SCAN_UNKNOWN, /* clamd is away or too slow: why tells */
};

struct scanner;

/* why: the name of what was found, or why nobody knows; "" when clean. Lives during the call. */
typedef void scanner_done(void *arg, enum scan result, const char *why);

/* address: "unix:/run/clamav/clamd.ctl" or "127.0.0.1:3310"; NEVER when it is neither, or not of this machine. */
enum outcome scanner_new(
    struct scanner **ret_scanner, struct loop *loop, const char *address, struct fault *fault);

/* data lives until done, which is called exactly once, maybe at once. */
void scanner_ask(struct scanner *scanner, const void *data, size_t n, scanner_done *done, void *arg);

/* Answers what is under way or asked from now on with SCAN_UNKNOWN; NULL is fine. */
void scanner_close(struct scanner *scanner);
void scanner_free(struct scanner *scanner); /* closes; NULL is fine */

#endif
