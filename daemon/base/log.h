/* The log: one line an event on one file descriptor, made to be followed with grep.
 *
 *   2026-11-22T03:00:00.123Z info 014/PGD/XI/2026 reply.sent channel=email outbox=17
 *
 * Fields: time (UTC), level, the complaint's register number (or "-"), event (module.past-tense), key=value.
 * Whatever the caller writes, the sink masks: runs of 9 and more digits (telephone numbers, NIK, accounts)
 * keep the first 4 and last 3; the local part of an e-mail address keeps its first letter; control bytes
 * become '?'. Message text never belongs in a log line. Thread-safe (one write(2) a line). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "fault.h"
#include <stddef.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_open(int fd, enum log_level most); /* before threads start; default: stderr, LOG_INFO */

/* subject: register number, or NULL. event: "module.happened". fields: printf format of key=value pairs. */
void log_event(enum log_level level, const char *subject, const char *event, const char *fields, ...)
    __attribute__((format(printf, 4, 5)));

/* The one line of a failure, written by the layer that decides: event, outcome= and reason= of the fault. */
void log_fault(enum log_level level, const char *subject, const char *event, enum outcome outcome,
    const struct fault *fault);

/* Masks text in place as described above; n = bytes without the NUL. Exposed for status pages and tests. */
void log_mask(char *text, size_t n);

#endif
