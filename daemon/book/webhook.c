#include "webhook.h"
#include "daemon/base/json_read.h"
#include "daemon/base/random.h"
#include "outbox.h"
#include "stmt.h"
#include <sodium.h>
#include <stdlib.h>

enum { HOUR_MS = 3600 * 1000 };

enum outcome webhook_add(struct book_txn *txn, struct webhook *w, int64_t officer_id,
    char secret[WEBHOOK_SECRET_SIZE], struct fault *fault)
{
    unsigned char noise[(WEBHOOK_SECRET_SIZE - 1) / 2];
    int64_t count = 0;
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM webhook WHERE removed_at IS NULL");
    enum outcome outcome = stmt_value(&s, &count, fault);
    if (outcome)
        return outcome;
    if (count >= WEBHOOKS_MOST)
        return fault_set(fault, OUTCOME_NEVER, "Paling banyak 20 webhook. Hapus dahulu yang tidak dipakai.",
            "%lld webhooks", (long long)count);
    random_bytes(noise, sizeof noise);
    sodium_bin2hex(secret, WEBHOOK_SECRET_SIZE, noise, sizeof noise);
    s = stmt_open(txn, "INSERT INTO webhook (name, url, secret, kinds, created_at, officer_id)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_text(&s, w->name);
    stmt_text(&s, w->url);
    stmt_text(&s, secret);
    stmt_text(&s, w->kinds);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    outcome = stmt_run(&s, fault);
    w->id = stmt_last_id(txn);
    return outcome;
}

#define WEBHOOK_SELECT                                                                                       \
    "SELECT id, name, url, secret, kinds, created_at, failing_since, paused_at FROM webhook"                 \
    " WHERE removed_at IS NULL "

static struct webhook read_webhook(const struct stmt *s, struct arena *arena)
{
    return (struct webhook){.id = stmt_int_at(s, 0),
        .name = stmt_text_at(s, 1, arena),
        .url = stmt_text_at(s, 2, arena),
        .secret = stmt_text_at(s, 3, arena),
        .kinds = stmt_text_at(s, 4, arena),
        .created_at = stmt_int_at(s, 5),
        .failing_since = stmt_int_at(s, 6),
        .paused_at = stmt_int_at(s, 7)};
}

enum outcome webhook_get(
    struct book_txn *txn, int64_t id, struct webhook *ret, struct arena *arena, struct fault *fault)
{
    bool found = false;
    struct stmt s = stmt_open(txn, WEBHOOK_SELECT "AND id = ?1");
    stmt_int(&s, id);
    if (stmt_row(&s)) {
        *ret = read_webhook(&s, arena);
        found = true;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        return fault_set(fault, OUTCOME_NEVER, "Webhook tidak ditemukan.", "no webhook %lld", (long long)id);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome webhook_list(
    struct book_txn *txn, struct webhook **ret, struct arena *arena, struct fault *fault)
{
    struct webhook **last = ret;
    struct stmt s = stmt_open(txn, WEBHOOK_SELECT "ORDER BY id");
    *ret = NULL;
    while (stmt_row(&s)) {
        struct webhook *w = arena_alloc(arena, sizeof *w);
        if (!w)
            break;
        *w = read_webhook(&s, arena);
        *last = w;
        last = &w->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome webhook_pause(struct book_txn *txn, int64_t id, bool paused, struct fault *fault)
{
    struct stmt s =
        paused ? stmt_open(txn, "UPDATE webhook SET paused_at = ?2 WHERE id = ?1 AND paused_at IS NULL")
               : stmt_open(txn, "UPDATE webhook SET paused_at = NULL, failing_since = NULL"
                                " WHERE id = ?1");
    stmt_int(&s, id);
    if (paused)
        stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome webhook_remove(struct book_txn *txn, int64_t id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE webhook SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL");
    stmt_int(&s, id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

#define WANTING                                                                                              \
    "FROM webhook WHERE paused_at IS NULL AND removed_at IS NULL AND instr(kinds, ' ' || ?1 || ' ')"

enum outcome webhook_wanted(struct book_txn *txn, const char *kind, bool *ret_wanted, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT 1 " WANTING);
    stmt_text(&s, kind);
    *ret_wanted = stmt_row(&s);
    return stmt_close(&s, fault);
}

static enum outcome queue(struct book_txn *txn, int64_t id, int64_t complaint_id, const char *purpose,
    const json_t *event, struct fault *fault)
{
    json_t *payload = json_pack("{s:I, s:O}", "webhook", (json_int_t)id, "event", event);
    char *text = payload ? json_text(payload, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(payload);
    if (!text)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a webhook");
    enum outcome outcome = outbox_add(txn,
        &(struct outbox_new){
            .complaint_id = complaint_id, .channel = WEBHOOK_CHANNEL, .purpose = purpose, .payload = text},
        NULL, fault);
    free(text);
    return outcome;
}

enum outcome webhook_queue_test(struct book_txn *txn, int64_t id, const json_t *event, struct fault *fault)
{
    return queue(txn, id, 0, "uji", event, fault);
}

enum outcome webhook_queue(
    struct book_txn *txn, const char *kind, int64_t complaint_id, const json_t *event, struct fault *fault)
{
    int64_t ids[WEBHOOKS_MOST];
    size_t count = 0;
    struct stmt s = stmt_open(txn, "SELECT id " WANTING);
    stmt_text(&s, kind);
    while (count < WEBHOOKS_MOST && stmt_row(&s))
        ids[count++] = stmt_int_at(&s, 0);
    enum outcome outcome = stmt_close(&s, fault);
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = queue(txn, ids[i], complaint_id, "peristiwa", event, fault);
    return outcome;
}

static enum outcome note_try(
    struct book_txn *txn, int64_t id, const char *kind, bool good, const char *text, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "INSERT INTO webhook_try (webhook_id, at, kind, good, text) VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_int(&s, id);
    stmt_int(&s, txn_now(txn));
    stmt_text(&s, kind);
    stmt_int(&s, good);
    stmt_text(&s, text);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "DELETE FROM webhook_try WHERE webhook_id = ?1 AND id <= (SELECT id FROM webhook_try"
                       " WHERE webhook_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
    stmt_int(&s, id);
    stmt_int(&s, WEBHOOK_TRIES_KEPT);
    return stmt_run(&s, fault);
}

enum outcome webhook_tried(struct book_txn *txn, int64_t id, const char *kind, bool good, const char *text,
    bool *ret_paused, struct fault *fault)
{
    *ret_paused = false;
    enum outcome outcome = note_try(txn, id, kind, good, text, fault);
    if (outcome)
        return outcome;
    struct stmt s =
        good
            ? stmt_open(txn, "UPDATE webhook SET failing_since = NULL WHERE id = ?1 AND failing_since > 0")
            : stmt_open(txn, "UPDATE webhook SET failing_since = ?2 WHERE id = ?1 AND failing_since IS NULL");
    stmt_int(&s, id);
    if (!good)
        stmt_int(&s, txn_now(txn));
    outcome = stmt_run(&s, fault);
    if (outcome || good)
        return outcome;
    s = stmt_open(txn, "UPDATE webhook SET paused_at = ?2 WHERE id = ?1 AND paused_at IS NULL"
                       " AND removed_at IS NULL AND failing_since <= ?2 - ?3");
    stmt_int(&s, id);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, WEBHOOK_PATIENCE_HOURS * (int64_t)HOUR_MS);
    outcome = stmt_run(&s, fault);
    *ret_paused = !outcome && stmt_changes(txn) > 0;
    return outcome;
}

enum outcome webhook_tries(
    struct book_txn *txn, int64_t id, struct webhook_try **ret, struct arena *arena, struct fault *fault)
{
    struct webhook_try **last = ret;
    struct stmt s = stmt_open(txn, "SELECT at, kind, text, good FROM webhook_try WHERE webhook_id = ?1"
                                   " ORDER BY id DESC LIMIT ?2");
    stmt_int(&s, id);
    stmt_int(&s, WEBHOOK_TRIES_KEPT);
    *ret = NULL;
    while (stmt_row(&s)) {
        struct webhook_try *t = arena_alloc(arena, sizeof *t);
        if (!t)
            break;
        *t = (struct webhook_try){.at = stmt_int_at(&s, 0),
            .kind = stmt_text_at(&s, 1, arena),
            .text = stmt_text_at(&s, 2, arena),
            .good = stmt_int_at(&s, 3)};
        *last = t;
        last = &t->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
