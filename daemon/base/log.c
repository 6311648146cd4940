#include "log.h"
#include "clock.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int sink = STDERR_FILENO;
static enum log_level limit = LOG_INFO;

void log_open(int fd, enum log_level most)
{
    sink = fd;
    limit = most;
}

static bool is_separator(char c)
{
    return c == '-' || c == ' ' || c == '.';
}

/* A run of digits, single separators allowed inside as people type telephone numbers. */
static size_t digit_run(const char *p, size_t n, size_t *ret_digits)
{
    size_t i = 0, digits = 0, end = 0;
    while (i < n) {
        if (isdigit((unsigned char)p[i])) {
            digits++;
            end = ++i;
        } else if (i && is_separator(p[i]) && !is_separator(p[i - 1]))
            i++;
        else
            break;
    }
    *ret_digits = digits;
    return end;
}

static void mask_digits(char *p, size_t n, size_t digits)
{
    size_t seen = 0;
    for (size_t i = 0; i < n; i++)
        if (isdigit((unsigned char)p[i])) {
            if (seen >= 4 && seen + 3 < digits)
                p[i] = '*';
            seen++;
        }
}

static bool is_local_part(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("._%+-", c)) || (unsigned char)c >= 0x80;
}

void log_mask(char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = '?';
    for (size_t i = 0; i < n;) {
        size_t digits, run = digit_run(text + i, n - i, &digits);
        if (digits >= 9)
            mask_digits(text + i, run, digits);
        i += run ? run : 1;
    }
    for (size_t i = 1; i + 1 < n; i++) {
        if (text[i] != '@' || !is_local_part(text[i - 1]) || !isalnum((unsigned char)text[i + 1]))
            continue;
        size_t b = i;
        while (b && is_local_part(text[b - 1]))
            b--;
        if (b + 1 < i)
            memset(text + b + 1, '*', i - b - 1);
    }
}

static int log_prefix(char *line, size_t size, enum log_level level, const char *subject, const char *event)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    int64_t now = clock_now_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    char stamp[32];
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
    return snprintf(line, size, "%s.%03dZ %s %s %s ", stamp, (int)(now % 1000), names[level],
        subject && *subject ? subject : "-", event);
}

void log_event(enum log_level level, const char *subject, const char *event, const char *fields, ...)
{
    if (level > limit)
        return;
    char line[1200];
    int prefix = log_prefix(line, sizeof line - 1, level, subject, event);
    if (prefix < 0 || (size_t)prefix >= sizeof line - 1)
        return;
    size_t at = (size_t)prefix, room = sizeof line - 1 - at;
    va_list ap;
    va_start(ap, fields);
    int n = vsnprintf(line + at, room, fields, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n >= room ? room - 1 : (size_t)n;
    log_mask(line + at, len);
    line[at + len] = '\n';
    ssize_t w;
    do
        w = write(sink, line, at + len + 1);
    while (w < 0 && errno == EINTR); /* a log that cannot be written is nobody's reason to stop */
}

void log_fault(enum log_level level, const char *subject, const char *event, enum outcome outcome,
    const struct fault *fault)
{
    log_event(level, subject, event, "outcome=%s reason=\"%s\"", outcome_name(outcome), fault->internal);
}
