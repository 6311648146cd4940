#include "printer.h"
#include "printer_protocol.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/loop/child.h"
#include <stdlib.h>
#include <string.h>

enum {
    AT_ONCE = 2,
    WAITING_MOST = 32,
    STEP_MS =
        15000, /* from a request to its answer, on a slow and busy machine; a hundred rows take some 50 ms */
};

struct print {
    struct printer *printer;
    struct child *child; /* NULL = it waits, or has ended */
    enum print_format format;
    print_step *step;
    void *arg;
    struct str held; /* lines of one that waits for its turn */
    bool asked;      /* has an answer to come */
    bool started, over;
    struct print *next;
};

/* In the order in which they came. */
struct printer {
    struct loop *loop;
    struct print *first;
    struct loop_timer *turn;
};

static const char sorry[] =
    "Pencetak dokumen sedang bermasalah, dokumen ini belum dapat dibuat. Coba lagi sebentar lagi; "
    "bila tetap gagal, beri tahu pengelola.";

static void print_free(struct print *print)
{
    struct print **at = &print->printer->first;
    while (*at != print)
        at = &(*at)->next;
    *at = print->next;
    str_release(&print->held);
    if (print->printer->turn)
        loop_timer_set(print->printer->turn, 0);
    free(print);
}

static void print_fail(struct print *print, const struct fault *fault)
{
    print->step(print->arg, PRINT_FAILED, NULL, 0, fault);
    print_free(print);
}

/* ---- the process ---- */

/* What is told may forget the print, but for the last word. */
static void said(void *arg, const struct frame *head, const char *body)
{
    struct print *print = arg;
    struct fault fault;
    child_deadline(print->child, 0, "");
    print->asked = false;
    switch (head->type) {
    case PRINTER_PART:
        print->step(print->arg, PRINT_PART, body, head->length, NULL);
        return;
    case PRINTER_READY:
        print->step(print->arg, PRINT_READY, body, head->length, NULL);
        return;
    case PRINTER_LAST:
        print->over = true;
        print->step(print->arg, PRINT_LAST, body, head->length, NULL);
        break;
    default:
        print->over = true;
        fault_set(&fault, OUTCOME_NEVER,
            "Dokumen ini tidak dapat dibuat, mungkin terlalu panjang. Persempit saringannya.",
            "printer: %.200s", head->type == PRINTER_REFUSED ? body : "an answer out of order");
        print->step(print->arg, PRINT_FAILED, NULL, 0, &fault);
    }
    child_stop(print->child); /* ended() frees the print */
}

static void ended(void *arg, bool clean, const char *how)
{
    struct print *print = arg;
    struct fault fault;
    (void)clean;
    print->child = NULL;
    if (print->over) {
        print_free(print);
        return;
    }
    fault_set(&fault, OUTCOME_LATER, sorry, "the printer died: %s", how);
    print_fail(print, &fault);
}

static enum outcome print_start(struct print *print, struct fault *fault)
{
    static const char *const formats[] = {[PRINT_PDF] = "pdf", [PRINT_XLSX] = "xlsx"};
    static const struct child_calls calls = {said, ended};
    const char *const argv[] = {"printer", formats[print->format], "3", NULL};
    char path[4096];
    enum outcome outcome = child_find("printer", path, sizeof path, fault);
    const struct child_program program = {.path = path,
        .argv = argv,
        .frame_fd = PRINTER_FD,
        .net_fd = -1,
        .max_frame = PRINTER_PART_MOST + 4096};
    if (outcome == OUTCOME_DONE)
        outcome = child_start(&print->child, print->printer->loop, &program, &calls, print, fault);
    if (outcome != OUTCOME_DONE)
        snprintf(fault->public_text, sizeof fault->public_text, "%s", sorry);
    return outcome;
}

static void print_ask(struct print *print, uint32_t type, const char *body, size_t n)
{
    if (!child_send(print->child, type, 1, body, n))
        child_kill(print->child, "a request could not be queued");
    else
        child_deadline(print->child, STEP_MS, "a step took too long");
    print->asked = true;
}

/* Starts those whose turn it is. */
static void turn(void *arg)
{
    struct printer *printer = arg;
    struct fault fault;
    struct print *print = printer->first;
    for (int place = 0; print && place < AT_ONCE; print = print->next, place++) {
        if (print->started || !print->asked)
            continue;
        print->started = true;
        enum outcome outcome = str_ok(&print->held)
                                   ? print_start(print, &fault)
                                   : fault_set(&fault, OUTCOME_LATER, sorry, "a job too long");
        if (outcome != OUTCOME_DONE) {
            print_fail(print, &fault); /* sets the timer for those behind it */
            return;
        }
        print_ask(print, PRINTER_LINES, print->held.data, print->held.len);
        str_release(&print->held);
    }
}

/* ---- for the pages ---- */

enum outcome printer_open(struct printer **ret_printer, struct loop *loop, struct fault *fault)
{
    struct printer *printer = calloc(1, sizeof *printer);
    if (printer)
        printer->turn = loop_timer_new(loop, turn, printer);
    if (!printer || !printer->turn) {
        free(printer);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the printer");
    }
    printer->loop = loop;
    *ret_printer = printer;
    return OUTCOME_DONE;
}

static void print_closed(struct print *print)
{
    struct fault fault;
    fault_set(&fault, OUTCOME_LATER, sorry, "the printer is closed");
    print_fail(print, &fault);
}

void printer_close(struct printer *printer)
{
    if (!printer || !printer->turn)
        return;
    loop_timer_free(printer->turn);
    printer->turn = NULL;
    struct print *print = printer->first, *next;
    for (; print; print = next) {
        next = print->next;
        child_forget(print->child);
        print->child = NULL;
        if (print->over)
            print_free(print);
        else if (print->asked)
            print_closed(print);
    }
}

void printer_free(struct printer *printer)
{
    printer_close(printer);
    while (printer && printer->first)
        print_free(printer->first);
    free(printer);
}

struct print *print_begin(struct printer *printer, enum print_format format, print_step *step, void *arg)
{
    int waiting = 0;
    struct print **at = printer ? &printer->first : NULL;
    if (!printer || !printer->turn)
        return NULL;
    for (; *at; at = &(*at)->next)
        waiting++;
    struct print *print = waiting < WAITING_MOST ? calloc(1, sizeof *print) : NULL;
    if (!print)
        return NULL;
    print->printer = printer;
    print->format = format;
    print->step = step;
    print->arg = arg;
    str_init(&print->held, PRINTER_LINES_MOST);
    *at = print;
    return print;
}

void print_lines(struct print *print, const char *lines, size_t n)
{
    if (!print->printer->turn) {
        print_closed(print);
        return;
    }
    if (print->child) {
        print_ask(print, PRINTER_LINES, lines, n);
        return;
    }
    str_add(&print->held, lines, n);
    print->asked = true;
    loop_timer_set(print->printer->turn, 0);
}

void print_more(struct print *print)
{
    if (!print->printer->turn) {
        print_closed(print);
        return;
    }
    print_ask(print, PRINTER_MORE, NULL, 0);
}

void print_forget(struct print *print)
{
    if (!print)
        return;
    child_forget(print->child);
    print_free(print);
}
