#include "event.h"
#include "daemon/base/json_read.h"
#include "chain.h"
#include "figures.h"
#include "outbox.h"
#include "stmt.h"
#include "txn_private.h"
#include "webhook.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DIGEST = CHAIN_DIGEST, LINKS_A_WALK = 1000 };

struct link { /* what the hash covers */
    unsigned char prev[DIGEST];
    int64_t id, complaint_id, at;
    const char *kind, *actor, *data;
};

static void link_hash(const struct link *l, unsigned char out[DIGEST])
{
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    chain_part(&h, l->prev, sizeof l->prev);
    chain_number(&h, l->id);
    chain_number(&h, l->complaint_id);
    chain_number(&h, l->at);
    chain_part(&h, l->kind, strlen(l->kind));
    chain_part(&h, l->actor, strlen(l->actor));
    chain_part(&h, l->data, strlen(l->data));
    crypto_hash_sha256_final(&h, out);
}

/* Fills id and prev: the end of the chain. */
static enum outcome chain_end(struct book_txn *txn, struct link *l, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT id, hash FROM event ORDER BY id DESC LIMIT 1");
    size_t size = 0;
    if (stmt_row(&s)) {
        l->id = stmt_int_at(&s, 0);
        const void *hash = stmt_peek_blob(&s, 1, &size);
        if (size == DIGEST)
            memcpy(l->prev, hash, DIGEST);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && l->id && size != DIGEST)
        outcome = fault_set(fault, OUTCOME_STOP, "Riwayat Buku Pengaduan rusak. Jalankan: pengaduand verify",
            "event %" PRId64 " has no hash", l->id);
    l->id++;
    return outcome;
}

static enum outcome link_insert(struct book_txn *txn, const struct link *l, struct fault *fault)
{
    unsigned char hash[DIGEST];
    link_hash(l, hash);
    struct stmt s = stmt_open(txn, "INSERT INTO event (id, complaint_id, at, kind, actor, data, prev, hash)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    stmt_int(&s, l->id);
    stmt_id(&s, l->complaint_id);
    stmt_int(&s, l->at);
    stmt_text(&s, l->kind);
    stmt_text(&s, l->actor);
    stmt_text(&s, l->data);
    stmt_blob(&s, l->prev, sizeof l->prev);
    stmt_blob(&s, hash, sizeof hash);
    return stmt_run(&s, fault);
}

/* ---- the feed ---- */

static void stamp(char out[40], int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm = {0};
    char date[32];
    gmtime_r(&seconds, &tm);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, 40, "%s.%03dZ", date, (int)(ms % 1000));
}

/* What may leave the house: these and nothing else of data, so that a careless caller leaks nothing. */
static int add_public(json_t *event, const json_t *data)
{
    static const char *const keys[] = {"state", "section", "channel", "sidik"};
    int failed = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(data, keys[i]);
        if (json_is_string(value))
            failed |= json_object_set(event, keys[i], value);
    }
    return failed;
}

/* New reference; NULL without memory. */
static json_t *feed_event(const struct link *l, const char *number, const json_t *data)
{
    char at[40];
    stamp(at, l->at);
    json_t *event = json_pack(
        "{s:I, s:s, s:s, s:s*}", "id", (json_int_t)l->id, "kind", l->kind, "at", at, "number", number);
    if (event && add_public(event, data)) {
        json_decref(event);
        return NULL;
    }
    return event;
}

static enum outcome feed_topic(struct book_txn *txn, const struct link *l, json_t *event, struct fault *fault)
{
    const struct book_options *o = txn_options(txn);
    json_t *payload = json_pack(
        "{s:o, s:O}", "topic", json_sprintf("pengaduan/%s/event/%s", o->office, l->kind), "event", event);
    char *text = payload ? json_text(payload, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(payload);
    if (!text)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the feed of event %" PRId64, l->id);
    enum outcome outcome = outbox_add(txn,
        &(struct outbox_new){.complaint_id = l->complaint_id,
            .channel = o->event_channel,
            .purpose = "peristiwa",
            .payload = text},
        NULL, fault);
    free(text);
    return outcome;
}

static enum outcome feed(
    struct book_txn *txn, const struct link *l, const char *number, const json_t *data, struct fault *fault)
{
    const char *topics = txn_options(txn)->event_channel;
    bool hooks = false;
    enum outcome outcome = webhook_wanted(txn, l->kind, &hooks, fault);
    if (outcome || (!topics && !hooks))
        return outcome;
    json_t *event = feed_event(l, number, data);
    if (!event)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the feed of event %" PRId64, l->id);
    if (topics)
        outcome = feed_topic(txn, l, event, fault);
    if (!outcome && hooks)
        outcome = webhook_queue(txn, l->kind, l->complaint_id, event, fault);
    json_decref(event);
    return outcome;
}

enum outcome event_append(struct book_txn *txn, int64_t complaint_id, const char *number, const char *kind,
    const char *actor, const json_t *data, struct fault *fault)
{
    char *text = data ? json_text(data, JSON_COMPACT | JSON_SORT_KEYS) : strdup("{}");
    if (!text)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the data of an event");
    struct link l = {
        .complaint_id = complaint_id, .at = txn_now(txn), .kind = kind, .actor = actor, .data = text};
    enum outcome outcome = chain_end(txn, &l, fault);
    if (!outcome)
        outcome = link_insert(txn, &l, fault);
    if (!outcome)
        outcome = feed(txn, &l, number, data, fault);
    if (!outcome && complaint_id)
        outcome = figures_note(txn, complaint_id, kind, actor, data, fault);
    txn->happened |= !outcome;
    free(text);
    return outcome;
}

/* ---- reading ---- */

static void read_event(const struct stmt *s, void *row, struct arena *arena)
{
    *(struct event *)row = (struct event){.id = stmt_int_at(s, 0),
        .at = stmt_int_at(s, 1),
        .kind = stmt_text_at(s, 2, arena),
        .actor = stmt_text_at(s, 3, arena),
        .data = stmt_text_at(s, 4, arena)};
}

enum outcome event_list(struct book_txn *txn, int64_t complaint_id, struct event **ret_events,
    struct arena *arena, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT id, at, kind, actor, data FROM event WHERE complaint_id = ?1 ORDER BY id");
    stmt_int(&s, complaint_id);
    return stmt_chain(&s, struct event, read_event, ret_events, arena, fault);
}

enum outcome event_first(struct book_txn *txn, int64_t complaint_id, const char *kind,
    struct event *ret_event, struct arena *arena, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT id, at, kind, actor, data FROM event WHERE complaint_id = ?1 AND kind = ?2"
                       " ORDER BY id LIMIT 1");
    stmt_int(&s, complaint_id);
    stmt_text(&s, kind);
    bool found = stmt_row(&s);
    if (found)
        read_event(&s, ret_event, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome && !found)
        outcome = fault_set(
            fault, OUTCOME_NEVER, NULL, "complaint %" PRId64 " has no event %s", complaint_id, kind);
    return outcome;
}

enum outcome event_newest(struct book_txn *txn, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT max(id) FROM event");
    return stmt_value(&s, ret_id, fault);
}

static void read_audited(const struct stmt *s, void *row, struct arena *arena)
{
    struct event_audited *audited = row;
    read_event(s, &audited->event, arena);
    audited->number = stmt_text_at(s, 5, arena);
}

enum outcome event_audit(struct book_txn *txn, enum event_audit which, int64_t below, int most,
    struct event_audited **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s =
        which == EVENT_LOOKED
            ? stmt_open(txn, "SELECT e.id, e.at, e.kind, e.actor, e.data, c.number FROM event e"
                             " LEFT JOIN complaint c ON c.id = e.complaint_id"
                             " WHERE e.kind IN ('lihat_identitas', 'lihat_kontak') AND e.id < ?1"
                             " ORDER BY e.id DESC LIMIT ?2")
            : stmt_open(txn, "SELECT id, at, kind, actor, data, NULL FROM event WHERE complaint_id IS NULL"
                             " AND id < ?1 ORDER BY id DESC LIMIT ?2");
    stmt_int(&s, below > 0 ? below : INT64_MAX);
    stmt_int(&s, most);
    return stmt_chain(&s, struct event_audited, read_audited, ret, arena, fault);
}

static enum outcome broken(int64_t id, const char *public_reason, const char *reason, struct fault *fault)
{
    char text[sizeof fault->public_text];
    snprintf(text, sizeof text, "Riwayat terputus pada peristiwa nomor %" PRId64 ": %s.", id, public_reason);
    return fault_set(fault, OUTCOME_NEVER, text, "event %" PRId64 ": %s", id, reason);
}

/* One row against the one before; hash becomes this row's. */
static enum outcome check_link(
    const struct stmt *s, int64_t expected_id, unsigned char hash[DIGEST], struct fault *fault)
{
    size_t prev_size, hash_size;
    const void *prev = stmt_peek_blob(s, 6, &prev_size), *stored = stmt_peek_blob(s, 7, &hash_size);
    struct link l = {.id = stmt_int_at(s, 0),
        .complaint_id = stmt_int_at(s, 1),
        .at = stmt_int_at(s, 2),
        .kind = stmt_peek_text(s, 3),
        .actor = stmt_peek_text(s, 4),
        .data = stmt_peek_text(s, 5)};
    if (l.id != expected_id)
        return broken(expected_id, "peristiwa ini hilang", "missing", fault);
    if (prev_size != DIGEST || memcmp(prev, hash, DIGEST))
        return broken(
            l.id, "tidak menyambung pada peristiwa sebelumnya", "prev is not the hash before", fault);
    memcpy(l.prev, hash, DIGEST);
    link_hash(&l, hash);
    if (hash_size != DIGEST || memcmp(stored, hash, DIGEST))
        return broken(l.id, "isinya telah diubah", "content does not have the stored hash", fault);
    return OUTCOME_DONE;
}

enum outcome event_verify(struct book_txn *txn, struct event_walk *walk, struct fault *fault)
{
    int seen = 0;
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "SELECT id, complaint_id, at, kind, actor, data, prev, hash FROM event"
                                   " WHERE id > ?1 ORDER BY id LIMIT ?2");
    stmt_int(&s, walk->id);
    stmt_int(&s, LINKS_A_WALK);
    for (; !outcome && stmt_row(&s); seen++) {
        outcome = check_link(&s, walk->id + 1, walk->hash, fault);
        walk->id += !outcome;
        walk->met = walk->met || (walk->wanted && !memcmp(walk->wanted, walk->hash, DIGEST));
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    walk->through = seen < LINKS_A_WALK;
    return outcome ? outcome : closed;
}
