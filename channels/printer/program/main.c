/* libexec/printer: makes one document in a cage (channels/confine/confine.h) and ends.
 *
 *   printer pdf|xlsx FD       requests of channels/printer/printer_protocol.h on the socket FD
 *   printer pdf|xlsx --once   the lines of a job from stdin, the document to stdout */
#include "channels/confine/confine.h"
#include "daemon/base/frame.h"
#include "daemon/base/step.h"
#include "document.h"
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK_MEMORY = 48 << 20 };

static int usage(void)
{
    fputs("usage: printer pdf|xlsx FD|--once\n", stderr);
    return EX_USAGE;
}

/* A library found its invariants broken or no memory: die at once by SIGABRT, with the reason on stderr. What pango and
 * fontconfig complain about beside that (a script without a font) is of no interest. */
static GLogWriterOutput library_speaks(
    GLogLevelFlags level, const GLogField *fields, gsize count, gpointer context)
{
    (void)context;
    if (!(level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR)))
        return G_LOG_WRITER_HANDLED;
    for (gsize i = 0; i < count; i++)
        if (!strcmp(fields[i].key, "MESSAGE"))
            fprintf(stderr, "printer: %s\n", (const char *)fields[i].value);
    abort();
}

/* NULL, or what is wrong. */
static const char *put_line(const struct document_ops *ops, const char *line, size_t n, bool *ret_end)
{
    static struct job_block block;
    struct arena *arena = arena_new(BLOCK_MEMORY);
    const char *wrong = arena ? job_read(line, n, arena, &block) : "no memory";
    if (!wrong)
        wrong = ops->put(&block);
    *ret_end = !wrong && block.kind == JOB_END;
    arena_free(arena);
    return wrong;
}

static const char *put_lines(const struct document_ops *ops, const char *lines, size_t n, bool *ret_end)
{
    const char *wrong = NULL;
    *ret_end = false;
    while (n && !wrong) {
        const char *end = memchr(lines, '\n', n);
        size_t size = end ? (size_t)(end - lines) : n;
        if (*ret_end)
            return "lines behind the end";
        wrong = put_line(ops, lines, size, ret_end);
        size += end ? 1 : 0;
        lines += size;
        n -= size;
    }
    return wrong;
}

/* ---- by frames ---- */

static bool answer(int fd, const struct document_ops *ops, const struct frame *head, const char *wrong,
    bool ended, bool *ret_last)
{
    bool more = false;
    GByteArray *part = g_byte_array_new();
    if (!wrong)
        wrong = ops->take(part, &more);
    *ret_last = !wrong && ended && !more;
    bool sent = wrong ? frame_write(fd, PRINTER_REFUSED, head->id, wrong, strlen(wrong))
                      : frame_write(fd,
                            more    ? PRINTER_PART
                            : ended ? PRINTER_LAST
                                    : PRINTER_READY,
                            head->id, part->data, part->len);
    g_byte_array_free(part, TRUE);
    return sent && !wrong;
}

static int serve(int fd, const struct document_ops *ops)
{
    struct frame head;
    char *body;
    bool ended = false, last = false;
    while (!last && frame_read(fd, &head, &body)) {
        bool lines = head.type == PRINTER_LINES, end = false;
        const char *wrong = !lines && head.type != PRINTER_MORE ? "no such request"
                            : lines && ended                    ? "lines behind the end"
                            : lines                             ? put_lines(ops, body, head.length, &end)
                                                                : NULL;
        free(body);
        ended = ended || end;
        if (!answer(fd, ops, &head, wrong, ended, &last))
            return EX_DATAERR;
    }
    return 0;
}

/* ---- by lines ---- */

static bool pour(const struct document_ops *ops, const char **ret_wrong)
{
    bool more = true;
    while (more && !*ret_wrong) {
        GByteArray *part = g_byte_array_new();
        *ret_wrong = ops->take(part, &more);
        bool written = !part->len || fwrite(part->data, 1, part->len, stdout) == part->len;
        g_byte_array_free(part, TRUE);
        if (!written)
            return false;
    }
    return true;
}

static int once(const struct document_ops *ops)
{
    static char line[PRINTER_LINE_MOST + 2];
    const char *wrong = NULL;
    bool ended = false, written = true;
    while (!wrong && !ended && written && fgets(line, sizeof line, stdin)) {
        wrong = put_line(ops, line, strcspn(line, "\n"), &ended);
        if (!wrong)
            written = pour(ops, &wrong);
    }
    if (!wrong && !ended)
        wrong = "the job has no end";
    if (wrong)
        fprintf(stderr, "printer: %s\n", wrong);
    return wrong ? EX_DATAERR : written && !fflush(stdout) ? 0 : EX_IOERR;
}

static const char *prepare(const struct document_ops *ops)
{
    (void)setlocale(LC_ALL, "C.UTF-8");
    tzset();
    json_object_seed(
        0x70656e67); /* any constant: unseeded, jansson would open /dev/urandom at the first object */
    g_log_set_writer_func(library_speaks, NULL, NULL);
    return ops->open();
}

int main(int argc, char **argv)
{
    struct fault fault;
    step_init("printer");
    if (argc != 3 || (strcmp(argv[1], "pdf") && strcmp(argv[1], "xlsx")))
        return usage();
    bool one = !strcmp(argv[2], "--once");
    char *end;
    long fd = strtol(argv[2], &end, 10);
    if (!one && (end == argv[2] || *end || fd < 3 || fd > 1 << 20))
        return usage();
    /* an orphan has nobody to answer */
    if (!one && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
        return EX_OSERR;
    const struct document_ops *ops = strcmp(argv[1], "pdf") ? &sheet_ops : &paper_ops;
    const char *wrong = prepare(ops);
    if (wrong) {
        fprintf(stderr, "printer: %s\n", wrong);
        return EX_UNAVAILABLE;
    }
    if (confine_printer(&fault) != OUTCOME_DONE) {
        fprintf(stderr, "printer: %s\n", fault.internal);
        return EX_OSERR;
    }
    int code = one ? once(ops) : serve((int)fd, ops);
    _exit(code); /* fonts and pages are not taken apart first: the process ends with its document */
}
