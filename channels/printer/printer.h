/* The daemon's side of libexec/printer, which makes documents: a process for each, so that what goes wrong with one touches
 * no other; two at once, the next ones wait. Loop thread only. */
#ifndef CHANNELS_PRINTER_H
#define CHANNELS_PRINTER_H

#include "daemon/base/fault.h"
#include "daemon/loop/loop.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct printer;
struct print; /* one document */

enum print_format { PRINT_PDF, PRINT_XLSX };

enum print_state {
    PRINT_PART,   /* bytes; there are more: print_more() */
    PRINT_READY,  /* bytes, maybe none; print_lines() again */
    PRINT_LAST,   /* the last bytes; the print is dead memory after this call */
    PRINT_FAILED, /* fault says why; dead memory as well */
};

/* bytes are lent for the call. Never from inside print_lines() or print_more(), of which each has one answer. */
typedef void print_step(
    void *arg, enum print_state state, const void *bytes, size_t n, const struct fault *fault);

enum outcome printer_open(struct printer **ret_printer, struct loop *loop, struct fault *fault);
/* Kills what runs, and tells those that wait for an answer (PRINT_FAILED); whoever asks later is told at once. The prints
 * of the others stay until they are forgotten, or printer_free(). NULL is fine for both. */
void printer_close(struct printer *printer);
void printer_free(struct printer *printer);

/* NULL: no memory, closed, or too many wait already (LATER). */
struct print *print_begin(struct printer *printer, enum print_format format, print_step *step, void *arg);
/* Whole lines of the job (printer_protocol.h), the first with its head; copied. */
void print_lines(struct print *print, const char *lines, size_t n);
void print_more(struct print *print);
void print_forget(struct print *print); /* its owner goes away; NULL is fine */

/* The same where no loop is, for commands: lines written to *ret_job become a document on standard output. STOP when there
 * is no printer program. end: closes job and waits; returns the exit code of the command, what went wrong is on stderr. */
enum outcome printer_command_begin(
    enum print_format format, FILE **ret_job, pid_t *ret_pid, struct fault *fault);
int printer_command_end(FILE *job, pid_t pid);

#endif
