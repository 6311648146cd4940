/* wake → find, on a reader: the next file and its bytes → ask clamd → note, on the writer: looked at, and what it found
 *      → again, until none is left. */
#include "scan_run.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/scan.h"
#include "tell.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_MS = 60 * 1000,  /* without being woken; and between two tries while clamd is away */
    AGAIN_MS = 10 * 1000, /* after clamd would not say */
    TRIES_MOST = 3,       /* of a file of which it does not say anything: too large for it, say */
    ARENA_MOST = 1 << 20
};

struct scan_run {
    struct loop_timer *timer;
    struct book *book;
    struct scanner *scanner;
    struct book_job job;
    bool running, again, stopped;
    bool away; /* clamd: it is in the log */
    int tries; /* of the same file */
    /* of the file */
    int64_t id; /* 0 = none is left */
    void *data; /* owned */
    size_t size;
    char found[SCANNER_NAME_MAX + 1]; /* "" = nothing */
};

static void rest(struct scan_run *run, int64_t ms)
{
    free(run->data);
    run->data = NULL;
    run->running = false;
    if (!run->stopped)
        loop_timer_set(run->timer, run->again ? 0 : ms);
    run->again = false;
}

/* ---- what was found ---- */

static enum outcome set_aside(
    struct book_txn *txn, const struct scan_run *run, struct arena *arena, struct fault *fault)
{
    struct attachment a;
    struct complaint c;
    int64_t complaint_id;
    enum outcome outcome = attachment_get(txn, run->id, &a, &complaint_id, arena, fault);
    if (!outcome)
        outcome = complaint_get(txn, complaint_id, &c, arena, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome; /* erased meanwhile */
    json_t *data = json_pack("{s:I, s:s}", "lampiran", (json_int_t)run->id, "ditemukan", run->found);
    outcome = data ? event_append(txn, c.id, c.number, "berkas_disisihkan", "sistem", data, fault)
                   : fault_set(fault, OUTCOME_LATER, NULL, "no memory for what a scanner found");
    json_decref(data);
    return outcome ? outcome : tell_petugas(txn, &c, "berkas_disisihkan", fault);
}

static enum outcome note_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct scan_run *run = arg;
    bool found = *run->found;
    struct arena *arena = arena_new(ARENA_MOST);
    enum outcome outcome = arena
                               ? scan_note(txn, run->id, found ? run->found : NULL, fault)
                               : fault_set(fault, OUTCOME_LATER, NULL, "no memory for what a scanner found");
    if (!outcome && found)
        outcome = set_aside(txn, run, arena, fault);
    arena_free(arena);
    return outcome;
}

static void noted(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct scan_run *run = arg;
    if (outcome)
        log_fault(book_failure_level(run->book, outcome), NULL, "scan.failed", outcome, fault);
    else if (*run->found)
        log_event(
            LOG_WARN, NULL, "scan.virus", "attachment=%lld found=\"%s\"", (long long)run->id, run->found);
    run->tries = 0;
    rest(run, outcome ? AGAIN_MS : 0);
}

/* ---- one file ---- */

static void note(struct scan_run *run, const char *found)
{
    step("scan.asked");
    snprintf(run->found, sizeof run->found, "%s", found);
    run->job = (struct book_job){.work = note_work, .done = noted, .arg = run};
    book_write(run->book, &run->job);
}

static void asked(void *arg, enum scan result, const char *why)
{
    struct scan_run *run = arg;
    bool away = result == SCAN_UNKNOWN;
    if (away != run->away && !run->stopped)
        log_event(away ? LOG_ERROR : LOG_INFO, NULL, "scan.clamd", "away=%s reason=\"%s\"",
            away ? "yes" : "no", why);
    run->away = away;
    if (result == SCAN_CLEAN || result == SCAN_FOUND) {
        note(run, why);
        return;
    }
    if (result == SCAN_REFUSED && ++run->tries >= TRIES_MOST) {
        log_event(LOG_ERROR, NULL, "scan.given_up", "attachment=%lld reason=\"%s\"", (long long)run->id, why);
        note(run, "");
        return;
    }
    run->again = false; /* what comes meanwhile does not make it better */
    rest(run, away ? LOOK_MS : AGAIN_MS);
}

static enum outcome find_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct scan_run *run = arg;
    struct attachment a;
    int64_t complaint_id;
    free(run->data);
    run->data = NULL;
    enum outcome outcome = scan_next(txn, &run->id, fault);
    struct arena *arena = outcome || !run->id ? NULL : arena_new(ARENA_MOST);
    if (outcome || !run->id)
        return outcome;
    outcome = arena ? attachment_get(txn, run->id, &a, &complaint_id, arena, fault)
                    : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a file");
    if (!outcome)
        outcome = blob_get(txn, &a.blob, &run->data, &run->size, fault);
    arena_free(arena);
    return outcome;
}

static void found(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct scan_run *run = arg;
    if (outcome && outcome != OUTCOME_NEVER)
        log_fault(book_failure_level(run->book, outcome), NULL, "scan.failed", outcome, fault);
    if (outcome == OUTCOME_NEVER && !run->stopped) /* its bytes were taken out of the book */
        note(run, "");
    else if (outcome || !run->id || run->stopped)
        rest(run, LOOK_MS);
    else
        scanner_ask(run->scanner, run->data, run->size, asked, run);
}

static void look(void *arg)
{
    struct scan_run *run = arg;
    run->running = true;
    run->job = (struct book_job){.work = find_work, .done = found, .arg = run};
    book_read(run->book, &run->job);
}

/* ---- life ---- */

enum outcome scan_run_new(struct scan_run **ret_run, struct loop *loop, struct book *book,
    struct scanner *scanner, struct fault *fault)
{
    struct scan_run *run = calloc(1, sizeof *run);
    if (!run || !(run->timer = loop_timer_new(loop, look, run))) {
        free(run);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to have files scanned");
    }
    run->book = book;
    run->scanner = scanner;
    *ret_run = run;
    return OUTCOME_DONE;
}

void scan_run_wake(struct scan_run *run)
{
    if (run && run->running)
        run->again = true;
    else if (run && !run->stopped && !run->away)
        loop_timer_set(run->timer, 0);
}

void scan_run_stop(struct scan_run *run)
{
    if (!run)
        return;
    run->stopped = true;
    loop_timer_cancel(run->timer);
}

void scan_run_free(struct scan_run *run)
{
    if (!run)
        return;
    loop_timer_free(run->timer);
    free(run->data);
    free(run);
}
