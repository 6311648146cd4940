#include "inspection_timer.h"
#include "command.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/book/event.h"
#include "daemon/book/inspection.h"
#include "daemon/desk/alarm.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FAULT_SIZE = sizeof((struct fault *)0)->public_text };

static const int64_t first_ms = 5 * 1000, look_ms = 60 * 60 * 1000, hour_ms = 60 * 60 * 1000,
                     day_ms = 24 * 60 * 60 * 1000;

struct inspection_timer {
    struct loop_timer *timer;
    struct book *book;
    const struct office *office;
    bool wanted;
    int64_t hour;
    struct book_job job;
    /* of the job that runs */
    struct verify_report report;
    struct inspection now; /* its fault lies in found */
    struct inspection recalled;
    char recalled_fault[FAULT_SIZE];
    /* the last one; the loop's */
    struct inspection last; /* its fault lies in last_fault */
    char last_fault[FAULT_SIZE];
    struct fault found;
    bool running;
    struct fault failure; /* it could not be done or written down; "" = it could */
};

/* When the newest inspection that should have been is due: today's hour, or yesterday's. */
static int64_t newest_due(const struct inspection_timer *t, int64_t now)
{
    int64_t shift = (int64_t)t->office->utc_offset_minutes * 60 * 1000;
    int64_t due = (now + shift) / day_ms * day_ms + t->hour * hour_ms - shift;
    return due > now ? due - day_ms : due;
}

static void rest(struct inspection_timer *t)
{
    int64_t left = newest_due(t, clock_now_ms()) + day_ms - clock_now_ms();
    loop_timer_set(t->timer, left < look_ms ? left : look_ms);
}

static void keep(struct inspection *to, char fault[FAULT_SIZE], const struct inspection *from)
{
    *to = *from;
    snprintf(fault, FAULT_SIZE, "%s", from->fault ? from->fault : "");
    to->fault = from->fault ? fault : NULL;
}

/* ---- on the book's threads ---- */

static enum outcome recall_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct inspection_timer *t = arg;
    struct inspection last = {0};
    struct arena *arena = arena_new(1 << 16);
    enum outcome outcome = arena ? inspection_newest(txn, &last, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an inspection");
    if (!outcome)
        keep(&t->recalled, t->recalled_fault, &last);
    arena_free(arena);
    return outcome;
}

static enum outcome inspect_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct inspection_timer *t = arg;
    t->now = (struct inspection){.began_at = txn_now(txn)};
    t->found = (struct fault){0};
    enum outcome outcome = verify_in_pieces(txn, /* options= */ NULL, &t->report, fault);
    if (outcome == OUTCOME_NEVER) { /* that is what it was to find out */
        t->found = *fault;
        t->now.fault = command_reason(&t->found);
        outcome = OUTCOME_DONE;
    }
    t->now.ended_at = clock_now_ms();
    t->now.rows = t->report.rows;
    memcpy(t->now.head, t->report.head, sizeof t->now.head);
    return outcome;
}

static enum outcome write_event(struct book_txn *txn, const struct inspection *i, struct fault *fault)
{
    char hex[2 * CHAIN_DIGEST + 1];
    sodium_bin2hex(hex, sizeof hex, i->head, sizeof i->head);
    json_t *data = i->fault ? json_pack("{s:s}", "fault", i->fault) : json_pack("{s:s}", "sidik", hex);
    enum outcome outcome = data ? event_append(txn, 0, NULL, i->fault ? "buku_tidak_utuh" : "buku_diperiksa",
                                      "sistem", data, fault)
                                : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

static enum outcome record_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct inspection_timer *t = arg;
    enum outcome outcome = inspection_add(txn, &t->now, fault);
    if (!outcome)
        outcome = write_event(txn, &t->now, fault);
    if (!outcome && t->now.fault)
        outcome = alarm_admins(txn, t->office, "Buku Pengaduan tidak utuh", t->now.fault, fault);
    return outcome;
}

/* ---- on the loop ---- */

static void end(struct inspection_timer *t, enum outcome outcome, const struct fault *fault, const char *act)
{
    t->running = false;
    t->failure = outcome ? *fault : (struct fault){0};
    if (outcome) {
        log_fault(book_failure_level(t->book, outcome), NULL, act, outcome, fault);
        loop_timer_set(t->timer, look_ms);
    } else
        rest(t);
}

static void recorded(void *arg, enum outcome outcome, const struct fault *fault)
{
    end(arg, outcome, fault, "inspection.unrecorded");
}

static void inspected(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct inspection_timer *t = arg;
    if (outcome) {
        end(t, outcome, fault, "inspection.failed");
        return;
    }
    log_event(t->now.fault ? LOG_ERROR : LOG_INFO, NULL, "inspection.done",
        "whole=%s rows=%" PRId64 " ms=%" PRId64 "%s%s%s", t->now.fault ? "no" : "yes", t->now.rows,
        t->now.ended_at - t->now.began_at, t->now.fault ? " fault=\"" : "",
        t->now.fault ? t->found.internal : "", t->now.fault ? "\"" : "");
    keep(&t->last, t->last_fault, &t->now);
    t->job = (struct book_job){.work = record_work, .done = recorded, .arg = t};
    book_write(t->book, &t->job);
}

static void look(void *arg)
{
    struct inspection_timer *t = arg;
    if (t->running)
        return;
    if (!t->wanted || t->last.began_at >= newest_due(t, clock_now_ms())) {
        rest(t);
        return;
    }
    t->running = true;
    t->job = (struct book_job){.work = inspect_work, .done = inspected, .arg = t};
    book_aside(t->book, &t->job);
}

static void recalled(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct inspection_timer *t = arg;
    if (outcome)
        log_fault(LOG_WARN, NULL, "inspection.not_recalled", outcome, fault);
    else
        keep(&t->last, t->last_fault, &t->recalled);
    loop_timer_set(t->timer, first_ms);
}

void inspection_timer_start(struct inspection_timer *t)
{
    t->job = (struct book_job){.work = recall_work, .done = recalled, .arg = t};
    book_read(t->book, &t->job);
}

enum outcome inspection_timer_open(struct inspection_timer **ret_timer, struct loop *loop, struct book *book,
    const struct config *config, const struct office *office, struct fault *fault)
{
    struct inspection_timer *t = calloc(1, sizeof *t);
    if (!t || !(t->timer = loop_timer_new(loop, look, t))) {
        free(t);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the inspection timer");
    }
    t->book = book;
    t->office = office;
    t->wanted = config_flag(config, "server", NULL, "verify");
    t->hour = config_number(config, "server", NULL, "verify_hour");
    *ret_timer = t;
    return OUTCOME_DONE;
}

bool inspection_timer_status(const struct inspection_timer *t, struct str *out)
{
    int64_t now = clock_now_ms(), took = t->last.ended_at - t->last.began_at;
    str_adds(out, "Pemeriksaan buku: ");
    if (t->running)
        str_adds(out, "sedang berjalan; ");
    if (!t->last.began_at)
        str_adds(out, t->wanted ? "belum pernah\n" : "tidak dijadwalkan; isi verify pada bagian [server]\n");
    else {
        str_adds(out, "terakhir ");
        command_add_span(out, now - t->last.ended_at);
        str_addf(out, " lalu, selama %" PRId64 ",%d detik: %s%s\n", took / 1000, (int)(took % 1000 / 100),
            t->last.fault ? t->last.fault : "utuh", t->last.fault ? "  <- perlu dilihat admin" : "");
    }
    if (t->failure.internal[0])
        str_addf(out, "Pemeriksaan buku GAGAL: %s  <- perlu dilihat admin\n", command_reason(&t->failure));
    return t->last.fault || t->failure.internal[0];
}

void inspection_timer_free(struct inspection_timer *t)
{
    if (!t)
        return;
    loop_timer_free(t->timer);
    free(t);
}
