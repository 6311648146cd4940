/* Carries the files that wait at a gateway into the book: claim (a write), fetch, result (a write), again. At most
 * FETCH_WINDOW of a channel at once. A file that cannot be had after all tries stands on the complaint's page as what it
 * is, with its reason, and a person may ask for it again. */
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include "daemon/book/event.h"
#include "daemon/book/media.h"
#include "desk_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLAIM_ARENA_MAX = 4 << 20, ATTEMPTS_MOST = 8 };
/* WAHA forgets its files after 180 s, Meta's after 7 days: soon at first, then patient. Eight tries are two hours. */
static const int64_t RETRY_FIRST_MS = 5 * 1000, RETRY_MOST_MS = 3600 * 1000;
static const char NO_WORDS[] = "Terjadi gangguan pada sistem.";

/* One claimed row until its fate is in the book. */
struct errand {
    struct fetch fetch;
    struct book_job job;
    struct desk_channel *dc;
    int64_t complaint_id;
    char *number, *filename; /* owned */
    enum outcome outcome;
    void *data; /* owned; DONE */
    struct attachment attachment;
    char media_type[128];
    int64_t next_at;
    struct fault fault;
};

struct claim {
    struct book_job job;
    struct desk_channel *dc;
    struct arena *arena;
    struct media_row *rows;
    size_t count;
    int64_t next_due;
    bool recover; /* none is being fetched: whatever the book says is, is not */
};

static void errand_free(struct errand *e)
{
    json_decref(e->fetch.request);
    free(e->number);
    free(e->filename);
    free(e->data);
    free(e);
}

/* ---- the fate of a row ---- */

static enum outcome attach(struct book_txn *txn, struct errand *e, struct fault *fault)
{
    enum outcome outcome = blob_put(txn, e->data, e->attachment.size, &e->attachment.blob, fault);
    if (!outcome)
        outcome = media_done(txn, e->fetch.id, &e->attachment, fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:s}", "channel", e->dc->channel->id);
    outcome = event_append(txn, e->complaint_id, e->number, "berkas_diambil", "sistem", data, fault);
    json_decref(data);
    return outcome;
}

static enum outcome write_fate(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct errand *e = arg;
    const char *text = *e->fault.public_text ? e->fault.public_text : NO_WORDS;
    if (e->outcome == OUTCOME_DONE)
        return attach(txn, e, fault);
    if (e->outcome == OUTCOME_LATER)
        return media_retry(txn, e->fetch.id, e->next_at, text, fault);
    return media_failed(txn, e->fetch.id, text, fault);
}

static void fate_written(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct errand *e = arg;
    struct desk_channel *dc = e->dc;
    step("media.fate_written");
    if (outcome == OUTCOME_LATER && !dc->desk->stopping) {
        log_fault(LOG_ERROR, e->number, "media.fate_unwritten", outcome, fault);
        book_write(dc->desk->book, &e->job);
        return;
    }
    if (outcome) /* stays `mengambil`: the next start asks again */
        log_fault(LOG_ERROR, e->number, "media.fate_lost", outcome, fault);
    errand_free(e);
    dc->fetching--;
    media_run_wake(dc);
    scan_run_wake(dc->desk->scans);
    desk_check_stopped(dc->desk);
}

static void set_next(struct errand *e, int64_t after_ms)
{
    if (e->outcome != OUTCOME_LATER)
        return;
    if (e->fetch.attempts >= ATTEMPTS_MOST && !e->dc->desk->stopping) {
        e->outcome = OUTCOME_NEVER;
        return;
    }
    e->next_at =
        clock_now_ms() +
        (after_ms ? after_ms : loop_backoff_ms((unsigned)e->fetch.attempts, RETRY_FIRST_MS, RETRY_MOST_MS));
}

static void take_file(struct errand *e, const struct fetch_result *result)
{
    e->data = malloc(result->size ? result->size : 1);
    if (!e->data) {
        e->outcome = OUTCOME_LATER;
        return;
    }
    if (result->size)
        memcpy(e->data, result->data, result->size);
    snprintf(e->media_type, sizeof e->media_type, "%s", result->media_type);
    e->attachment = (struct attachment){.filename = e->filename,
        .media_type = e->media_type,
        .size = result->size,
        .has_place = result->has_place,
        .latitude = result->latitude,
        .longitude = result->longitude};
}

void media_run_fetched(
    void *desk, struct channel *channel, struct fetch *fetch, const struct fetch_result *result)
{
    struct errand *e = (struct errand *)((char *)fetch - offsetof(struct errand, fetch));
    (void)desk;
    step("media.fetched");
    e->outcome = result->outcome;
    if (result->fault)
        e->fault = *result->fault;
    if (e->outcome == OUTCOME_DONE)
        take_file(e, result);
    set_next(e, result->after_ms);
    log_event(e->outcome == OUTCOME_DONE ? LOG_INFO : LOG_WARN, e->number, "media.fetched",
        "media=%lld channel=%s attempt=%d result=%s bytes=%zu%s%s%s", (long long)fetch->id, channel->id,
        fetch->attempts, outcome_name(e->outcome), e->outcome == OUTCOME_DONE ? result->size : 0,
        e->outcome == OUTCOME_DONE ? "" : " reason=\"", e->outcome == OUTCOME_DONE ? "" : e->fault.internal,
        e->outcome == OUTCOME_DONE ? "" : "\"");
    e->job = (struct book_job){.work = write_fate, .done = fate_written, .arg = e};
    book_write(e->dc->desk->book, &e->job);
}

/* ---- claiming ---- */

static enum outcome claim_rows(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct claim *c = arg;
    arena_free(c->arena);
    c->count = 0;
    c->next_due = 0;
    c->arena = arena_new(CLAIM_ARENA_MAX);
    if (!c->arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to claim files");
    enum outcome outcome = c->recover ? media_recover(txn, c->dc->channel->id, fault) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    return media_claim(txn, c->dc->channel->id, FETCH_WINDOW - c->dc->fetching, &c->rows, &c->count,
        &c->next_due, c->arena, fault);
}

static struct errand *errand_new(struct desk_channel *dc, const struct media_row *row)
{
    struct errand *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->dc = dc;
    e->complaint_id = row->complaint_id;
    e->number = strdup(row->number);
    e->filename = strdup(row->filename);
    e->fetch = (struct fetch){.id = row->id,
        .number = e->number,
        .attempts = row->attempts,
        .request = json_loads(row->request, 0, NULL)};
    if (e->number && e->filename && e->fetch.request)
        return e;
    errand_free(e);
    return NULL;
}

static void hold_back(struct errand *e)
{
    e->outcome = OUTCOME_LATER;
    e->next_at = clock_now_ms();
    fault_set(&e->fault, OUTCOME_LATER, "Menunggu layanan dimulai lagi.", "stopped before it was fetched");
    e->job = (struct book_job){.work = write_fate, .done = fate_written, .arg = e};
    book_write(e->dc->desk->book, &e->job);
}

/* What there is no memory for stays `mengambil` until nothing is being fetched. false: there was such a one. */
static bool fetch_rows(struct claim *c)
{
    struct desk_channel *dc = c->dc;
    bool all = true;
    for (size_t i = 0; i < c->count; i++) {
        struct errand *e = errand_new(dc, &c->rows[i]);
        if (!e) {
            log_event(
                LOG_ERROR, c->rows[i].number, "media.unreadable", "media=%lld", (long long)c->rows[i].id);
            all = false;
            continue;
        }
        dc->fetching++;
        if (dc->desk->stopping) {
            hold_back(e);
            continue;
        }
        step("media.fetch");
        dc->channel->ops->fetch(dc->channel, &e->fetch);
    }
    return all;
}

static void claimed(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct claim *c = arg;
    struct desk_channel *dc = c->dc;
    bool again = dc->media_more || c->count > 0;
    dc->media_claiming = false;
    dc->media_more = false;
    if (outcome) {
        log_fault(LOG_ERROR, NULL, "media.claim_failed", outcome, fault);
        loop_timer_set(dc->media_due, RETRY_FIRST_MS);
    } else {
        bool all = fetch_rows(c);
        again = again && all;
        if (all)
            desk_look_at(dc->media_due, c->next_due);
        else
            loop_timer_set(dc->media_due, RETRY_FIRST_MS);
    }
    arena_free(c->arena);
    free(c);
    if (again && !outcome)
        media_run_wake(dc);
    desk_check_stopped(dc->desk);
}

void media_run_wake(struct desk_channel *dc)
{
    if (dc->desk->stopping || !dc->started || !dc->channel->ops->fetch || dc->fetching >= FETCH_WINDOW)
        return;
    if (dc->media_claiming) {
        dc->media_more = true;
        return;
    }
    struct claim *c = calloc(1, sizeof *c);
    if (!c) {
        loop_timer_set(dc->media_due, RETRY_FIRST_MS);
        return;
    }
    c->dc = dc;
    c->recover = !dc->fetching;
    c->job = (struct book_job){.work = claim_rows, .done = claimed, .arg = c};
    dc->media_claiming = true;
    book_write(dc->desk->book, &c->job);
}
