/* Carries the outbox to the channels: claim (a write), send, result (a write), again. Never more in flight than the
 * channel's window. A row's fate is written before the next one of a strictly ordered channel is claimed. */
#include "daemon/base/clock.h"
#include "daemon/base/json_read.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include "daemon/book/blob.h"
#include "daemon/book/delivery.h"
#include "daemon/book/outbox.h"
#include "desk_private.h"
#include "reroute.h"
#include "webhook_run.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLAIM_ARENA_MAX = 16 << 20, CLAIM_MOST = 100 };
/* RFC 5321 4.5.4.1: the first tries soon, then hours apart, given up after four to five days. */
static const int64_t RETRY_FIRST_MS = 10 * 1000, RETRY_MOST_MS = 4 * 3600 * 1000;
static const int64_t GIVE_UP_MS = 5LL * 24 * 3600 * 1000;
static const int64_t REWRITE_MS = 1000;           /* a disk that was full is not less so at once */
static const int64_t STOPPED_MS = 15 * 60 * 1000; /* a person must act; look again this often */
static const char NO_WORDS[] = "Terjadi gangguan pada sistem.";

/* One claimed row until its fate is in the book. */
struct parcel {
    struct outbound out;
    struct book_job job;
    struct desk_channel *dc;
    char *purpose, *number; /* owned */
    enum sent sent;
    char *external, *reply;
    int64_t created_at, next_at;
    bool tried;   /* the channel had it: not held back before */
    bool missing; /* a file cannot be read now: the letter must not go without it */
    struct fault fault;
    struct parcel *next; /* of a claim, then of those whose fate is not in the book */
};

struct claim {
    struct book_job job;
    struct desk_channel *dc;
    struct arena *arena;
    struct parcel *parcels, **end;
    size_t count;
    int64_t next_due;
};

static void parcel_free(struct parcel *p)
{
    json_decref(p->out.payload);
    free(p->purpose);
    free(p->number);
    free(p->external);
    free(p->reply);
    free(p);
}

static void parcels_free(struct parcel *p)
{
    while (p) {
        struct parcel *next = p->next;
        parcel_free(p);
        p = next;
    }
}

/* ---- the fate of a row -------------------------------------------------------------------------------------------- */

static enum outcome find_other_way(
    struct book_txn *txn, const struct parcel *p, enum reroute_why why, struct fault *fault)
{
    bool queued;
    struct arena *arena = arena_new(CLAIM_ARENA_MAX);
    if (!arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a fate");
    enum outcome outcome = reroute_closed(txn, p->dc->desk->office, p->out.id, why, &queued, arena, fault);
    arena_free(arena);
    return outcome;
}

/* Accepted under that name: what was told of it before this answer counts now. */
static enum outcome write_accepted(struct book_txn *txn, const struct parcel *p, struct fault *fault)
{
    bool closed = false;
    enum outcome outcome = outbox_accepted(txn, p->out.id, p->external, p->reply, fault);
    if (!outcome && p->external)
        outcome = delivery_catch_up(txn, p->dc->channel->id, p->external, &closed, fault);
    return outcome || !closed ? outcome : find_other_way(txn, p, REROUTE_TOLD, fault);
}

/* Nothing overtakes a row that has to be tried again: neither those claimed with it nor later ones. */
static bool blocked(const struct desk_channel *dc)
{
    return dc->channel->ops->strict_order && dc->returning > 0;
}

static bool returns(const struct parcel *p)
{
    return p->sent == SENT_LATER || p->sent == SENT_STOPPED || p->sent == SENT_UNKNOWN;
}

static enum outcome write_closed(
    struct book_txn *txn, const struct parcel *p, const char *text, struct fault *fault)
{
    enum outcome outcome = outbox_failed(txn, p->out.id, text, fault);
    return outcome ? outcome : find_other_way(txn, p, REROUTE_REFUSED, fault);
}

static bool is_webhook(const struct desk_channel *dc)
{
    return !strcmp(dc->channel->ops->family, "webhook");
}

static enum outcome write_state(struct book_txn *txn, struct parcel *p, struct fault *fault)
{
    const char *text = *p->fault.public_text ? p->fault.public_text : NO_WORDS;
    int64_t unused;
    switch (p->sent) {
    case SENT_ACCEPTED:
        return write_accepted(txn, p, fault);
    case SENT_DELIVERED: {
        enum outcome outcome = outbox_accepted(txn, p->out.id, p->external, p->reply, fault);
        return outcome || !p->external
                   ? outcome
                   : outbox_delivery(txn, p->dc->channel->id, p->external, "sampai", NULL, &unused, fault);
    }
    case SENT_LATER:
    case SENT_STOPPED:
        return outbox_retry(txn, p->out.id, p->next_at, text, fault);
    case SENT_REFUSED:
        return outbox_failed(txn, p->out.id, text, fault);
    case SENT_CLOSED:
        return write_closed(txn, p, text, fault);
    case SENT_UNKNOWN:
        if (p->dc->channel->ops->can_repeat)
            return outbox_retry(txn, p->out.id, p->next_at, text, fault);
        return outbox_unknown(txn, p->out.id, text, fault);
    }
    return fault_set(fault, OUTCOME_STOP, NULL, "unknown fate %d", (int)p->sent);
}

static enum outcome write_fate(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct parcel *p = arg;
    enum outcome outcome = write_state(txn, p, fault);
    if (outcome || !p->tried || !is_webhook(p->dc))
        return outcome;
    return webhook_tell(txn, p->dc->desk->office, &p->out, p->sent,
        p->reply && !returns(p) && p->sent != SENT_REFUSED ? p->reply : p->fault.public_text, fault);
}

static void fate_written(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct parcel *p = arg;
    struct desk_channel *dc = p->dc;
    step("outbox.fate_written");
    if (outcome == OUTCOME_LATER &&
        !dc->desk->stopping) { /* the book must know it: nothing else will remember */
        log_fault(
            book_failure_level(dc->desk->book, outcome), p->number, "outbox.fate_unwritten", outcome, fault);
        p->next = dc->unwritten;
        dc->unwritten = p;
        loop_timer_set(dc->rewrite, REWRITE_MS);
        return;
    }
    if (outcome)
        log_fault(LOG_ERROR, p->number, "outbox.fate_lost", outcome, fault);
    bool returned = returns(p);
    parcel_free(p);
    dc->in_flight--;
    dc->returning -= returned;
    outbox_run_wake(dc);
    desk_check_stopped(dc->desk);
}

void outbox_run_rewrite(void *desk_channel)
{
    struct desk_channel *dc = desk_channel;
    struct parcel *p = dc->unwritten;
    dc->unwritten = NULL;
    while (p) {
        struct parcel *next = p->next;
        book_write(dc->desk->book, &p->job);
        p = next;
    }
}

static void log_fate(const struct parcel *p)
{
    static const char *const words[] = {
        "accepted", "delivered", "later", "refused", "closed", "stopped", "unknown"};
    bool good = p->sent == SENT_ACCEPTED || p->sent == SENT_DELIVERED;
    log_event(good ? LOG_INFO : LOG_WARN, p->number, "outbox.sent",
        "outbox=%lld channel=%s purpose=%s result=%s%s%s%s", (long long)p->out.id, p->dc->channel->id,
        p->purpose, words[p->sent], good ? "" : " reason=\"", good ? "" : p->fault.internal,
        good ? "" : "\"");
}

static void set_pause(struct parcel *p, int64_t after_ms)
{
    struct desk_channel *dc = p->dc;
    int64_t delay =
        after_ms ? after_ms : loop_backoff_ms((unsigned)p->out.attempts, RETRY_FIRST_MS, RETRY_MOST_MS);
    if (p->sent == SENT_STOPPED)
        delay = STOPPED_MS;
    p->next_at = clock_now_ms() + delay;
    if (p->sent == SENT_STOPPED) /* the channel waits, not the row: it goes as soon as the channel is well */
        p->next_at = clock_now_ms();
    if (p->sent == SENT_STOPPED || dc->channel->ops->strict_order) {
        dc->paused_until = clock_mono_ms() + delay;
        p->next_at =
            dc->channel->ops->strict_order ? 0 : p->next_at; /* order is by id: only the channel waits */
        loop_timer_set(dc->due, delay);
    }
}

/* A person has to find another way; what the last try heard stays in the log. */
static void give_up(struct parcel *p)
{
    char text[sizeof p->fault.public_text];
    snprintf(text, sizeof text, "Tidak terkirim selama lima hari. %.150s", p->fault.public_text);
    memcpy(p->fault.public_text, text, sizeof text);
    p->sent = SENT_REFUSED;
}

/* For `status`: letters that wait are the sign of a server that is away, whatever the channel itself believes. */
static void note_way(const struct parcel *p)
{
    struct desk_channel *dc = p->dc;
    if (p->sent != SENT_LATER && p->sent != SENT_STOPPED) {
        bool was = dc->held_since;
        dc->held_since = 0;
        if (was)
            desk_show(dc);
        return;
    }
    dc->held_since = dc->held_since ? dc->held_since : clock_now_ms();
    snprintf(
        dc->held_text, sizeof dc->held_text, "%s", *p->fault.public_text ? p->fault.public_text : NO_WORDS);
    desk_show(dc);
}

void outbox_run_sent(
    void *desk, struct channel *channel, struct outbound *out, const struct sent_result *result)
{
    struct parcel *p = (struct parcel *)((char *)out - offsetof(struct parcel, out));
    (void)desk;
    (void)channel;
    step("outbox.sent");
    p->tried = true;
    p->sent = result->sent;
    p->external = result->external ? strdup(result->external) : NULL;
    p->reply = result->reply && *result->reply ? strdup(result->reply) : NULL;
    if (result->fault)
        p->fault = *result->fault;
    if (p->sent == SENT_LATER && !channel->ops->strict_order && clock_now_ms() - p->created_at > GIVE_UP_MS)
        give_up(p);
    if (returns(p)) {
        p->dc->returning++;
        set_pause(p, result->after_ms);
    }
    log_fate(p);
    note_way(p);
    p->job = (struct book_job){.work = write_fate, .done = fate_written, .arg = p};
    book_write(p->dc->desk->book, &p->job);
}

/* ---- claiming ----------------------------------------------------------------------------------------------------- */

/* The bytes that the payload names: {"files":[{"sha256","filename","media_type"}]}, into the claim's arena. */
static enum outcome load_file(struct book_txn *txn, const json_t *about, struct inbound_file **ret_file,
    struct arena *arena, struct fault *fault)
{
    struct blob_ref ref;
    size_t length = 0, size = 0;
    void *data = NULL;
    const char *hex = json_string_value(json_object_get(about, "sha256"));
    const char *name = json_string_value(json_object_get(about, "filename"));
    const char *type = json_string_value(json_object_get(about, "media_type"));
    if (!hex || !name || !type ||
        sodium_hex2bin(ref.sha256, sizeof ref.sha256, hex, strlen(hex), NULL, &length, NULL) ||
        length != sizeof ref.sha256)
        return fault_set(fault, OUTCOME_STOP, NULL, "a letter names a file that is none");
    enum outcome outcome = blob_get(txn, &ref, &data, &size, fault);
    if (outcome)
        return outcome;
    struct inbound_file *file = arena_alloc(arena, sizeof *file);
    if (!arena_defer(arena, free, data) || !file)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a file");
    *file = (struct inbound_file){.filename = arena_strdup(arena, name),
        .media_type = arena_strdup(arena, type),
        .data = data,
        .size = size};
    *ret_file = file;
    return OUTCOME_DONE;
}

/* A file that cannot be read now holds back its own letter only. */
static void add_files(struct book_txn *txn, struct parcel *p, struct arena *arena)
{
    struct fault fault;
    struct inbound_file *first = NULL, **end = &first;
    const json_t *about;
    size_t i;
    json_array_foreach(json_object_get(p->out.payload, "files"), i, about)
    {
        if (load_file(txn, about, end, arena, &fault)) {
            p->missing = true;
            return;
        }
        end = &(*end)->next;
    }
    p->out.files = first;
}

/* NULL: no memory. A payload that is no JSON is left NULL. */
static struct parcel *parcel_new(struct desk_channel *dc, const struct outbox_row *row)
{
    bool no_memory = false;
    struct parcel *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->dc = dc;
    p->created_at = row->created_at;
    p->purpose = strdup(row->purpose);
    p->number = row->number ? strdup(row->number) : NULL;
    p->out = (struct outbound){.id = row->id,
        .purpose = p->purpose,
        .number = p->number,
        .attempts = row->attempts,
        .payload = json_read(row->payload, strlen(row->payload), 0, NULL, &no_memory)};
    if (!p->purpose || no_memory || (row->number && !p->number)) {
        parcel_free(p);
        return NULL;
    }
    return p;
}

/* Made in the transaction that claims: what cannot be handed over for want of memory is not claimed either. */
static enum outcome add_parcel(
    struct book_txn *txn, struct claim *c, const struct outbox_row *row, struct fault *fault)
{
    struct desk_channel *dc = c->dc;
    struct parcel *p = parcel_new(dc, row);
    if (!p)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a row of the outbox");
    *c->end = p;
    c->end = &p->next;
    c->count++;
    add_files(txn, p, c->arena);
    if (is_webhook(dc) && p->out.payload) {
        enum outcome outcome = webhook_fill(txn, p->out.payload, c->arena, fault);
        if (outcome)
            return outcome;
    }
    /* Only chats have a window. */
    const char *to = json_string_value(json_object_get(p->out.payload, "to"));
    return to && !strcmp(dc->channel->ops->family, "gateway")
               ? heard_get(txn, dc->channel->id, to, &p->out.heard_at, fault)
               : OUTCOME_DONE;
}

static void claim_clear(struct claim *c)
{
    parcels_free(c->parcels);
    c->parcels = NULL;
    c->end = &c->parcels;
    c->count = 0;
    arena_free(c->arena);
    c->arena = NULL;
}

static enum outcome claim_rows(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct claim *c = arg;
    struct desk_channel *dc = c->dc;
    struct outbox_row *rows;
    size_t count = 0;
    claim_clear(c);
    c->next_due = 0;
    c->arena = arena_new(CLAIM_ARENA_MAX);
    if (!c->arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to claim");
    int room = dc->channel->ops->window - dc->in_flight;
    enum outcome outcome = outbox_claim(
        txn, dc->channel->id, room < CLAIM_MOST ? room : CLAIM_MOST, &rows, &count, c->arena, fault);
    if (!outcome && !count)
        outcome = outbox_next_due(txn, dc->channel->id, &c->next_due, fault);
    for (size_t i = 0; !outcome && i < count; i++)
        outcome = add_parcel(txn, c, &rows[i], fault);
    return outcome;
}

/* Claimed, but it cannot be sent now: it goes back as it was. */
static void hold_back(struct parcel *p, int64_t after_ms, const char *why, const char *detail)
{
    p->sent = SENT_LATER;
    p->dc->returning++;
    p->next_at = p->dc->channel->ops->strict_order ? 0 : clock_now_ms() + after_ms;
    fault_set(&p->fault, OUTCOME_LATER, why, "%s", detail);
    p->job = (struct book_job){.work = write_fate, .done = fate_written, .arg = p};
    book_write(p->dc->desk->book, &p->job);
}

static void send_parcel(struct parcel *p)
{
    struct desk_channel *dc = p->dc;
    struct fault fault;
    dc->in_flight++;
    if (dc->desk->stopping) {
        /* Sent to a stopped channel it would hold up the stop, and one that cannot repeat would leave it as "not known
         * whether sent". */
        hold_back(p, 0, "Menunggu layanan dimulai lagi.", "stopped before it was sent");
    } else if (blocked(dc)) {
        hold_back(p, 0, "Menunggu kiriman sebelumnya.", "the one before it has to be sent first");
    } else if (p->missing) {
        hold_back(p, RETRY_FIRST_MS * p->out.attempts, "Lampirannya belum dapat dibaca. Akan dicoba lagi.",
            "a file cannot be read");
    } else if (!p->out.payload) {
        fault_set(&fault, OUTCOME_NEVER, "Isi kiriman di buku tidak dapat dibaca.", "payload is no JSON");
        outbox_run_sent(
            dc->desk, dc->channel, &p->out, &(struct sent_result){.sent = SENT_REFUSED, .fault = &fault});
    } else {
        step("outbox.send");
        dc->channel->ops->send(dc->channel, &p->out);
    }
}

static void send_rows(struct claim *c)
{
    struct parcel *p = c->parcels;
    c->parcels = NULL;
    while (p) {
        struct parcel *next = p->next; /* it may be gone when send() comes back */
        p->next = NULL;
        send_parcel(p);
        p = next;
    }
}

static void claimed(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct claim *c = arg;
    struct desk_channel *dc = c->dc;
    bool again = dc->more;
    dc->claiming = false;
    dc->more = false;
    if (outcome) {
        log_fault(book_failure_level(dc->desk->book, outcome), NULL, "outbox.claim_failed", outcome, fault);
        loop_timer_set(dc->due, loop_backoff_ms(++dc->setbacks, 1000, RETRY_MOST_MS));
    } else {
        dc->setbacks = 0;
        send_rows(c);
        desk_look_at(dc->due, c->next_due);
        again |= c->count > 0;
    }
    claim_clear(c);
    free(c);
    if (again && !outcome)
        outbox_run_wake(dc);
    desk_check_stopped(dc->desk);
}

void outbox_run_wake(struct desk_channel *dc)
{
    if (dc->desk->stopping || !dc->started || !dc->channel->ops->send ||
        dc->in_flight >= dc->channel->ops->window || blocked(dc))
        return; /* fate_written() comes back */
    if (dc->paused_until && clock_mono_ms() < dc->paused_until)
        return;
    dc->paused_until = 0;
    if (dc->claiming) {
        dc->more = true;
        return;
    }
    struct claim *c = calloc(1, sizeof *c);
    if (!c) {
        loop_timer_set(dc->due, 1000);
        return;
    }
    c->dc = dc;
    c->job = (struct book_job){.work = claim_rows, .done = claimed, .arg = c};
    dc->claiming = true;
    book_write(dc->desk->book, &c->job);
}
