#include "delivery.h"
#include "outbox.h"
#include "daemon/base/str.h"
#include "stmt.h"
#include <string.h>

enum {
    WATERMARK_MOST = 100, /* rows of one chat that one watermark moves */
    ECHO_MOST = 50,       /* rows that an echo is compared with */
    ECHO_LEAST = 4,       /* bytes: shorter texts are like each other by chance */
    TEXT_MAX = 256 << 10,
    MINUTE_MS = 60 * 1000,
    MINUTES_KEPT = 24 * 60,
};
static const int64_t EARLY_KEPT_MS = 24LL * 3600 * 1000;

/* No DO UPDATE: FTS5 would write out what it has gathered (complaint.c). */
static enum outcome note_automatic(struct book_txn *txn, const char *channel, struct fault *fault)
{
    int64_t minute = txn_now(txn) / MINUTE_MS;
    struct stmt s =
        stmt_open(txn, "UPDATE automatic_minute SET texts = texts + 1 WHERE channel = ?1 AND minute = ?2");
    stmt_text(&s, channel);
    stmt_int(&s, minute);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    s = stmt_open(txn, "DELETE FROM automatic_minute WHERE channel = ?1 AND minute < ?2");
    stmt_text(&s, channel);
    stmt_int(&s, minute - MINUTES_KEPT);
    outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO automatic_minute (channel, minute, texts) VALUES (?1, ?2, 1)");
    stmt_text(&s, channel);
    stmt_int(&s, minute);
    return stmt_run(&s, fault);
}

enum outcome delivery_queued(
    struct book_txn *txn, int64_t outbox_id, const struct outbox_new *row, struct fault *fault)
{
    if (!row->chat || strncmp(row->channel, "gateway:", 8))
        return OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "INSERT INTO chat_sent (outbox_id, channel, address, automatic, at)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_int(&s, outbox_id);
    stmt_text(&s, row->channel);
    stmt_text(&s, row->chat);
    stmt_int(&s, row->automatic);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    return outcome || !row->automatic ? outcome : note_automatic(txn, row->channel, fault);
}

static enum outcome find_row(struct book_txn *txn, const char *channel, const char *external, int64_t *ret_id,
    int64_t *ret_complaint_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT id, complaint_id FROM outbox WHERE channel = ?1 AND external = ?2"
                                   " ORDER BY id DESC LIMIT 1");
    stmt_text(&s, channel);
    stmt_text(&s, external);
    bool found = stmt_row(&s);
    *ret_id = found ? stmt_int_at(&s, 0) : 0;
    *ret_complaint_id = found ? stmt_int_at(&s, 1) : 0;
    return stmt_close(&s, fault);
}

/* external itself when it is nobody's alias; the text lives in the arena. */
static enum outcome resolve(struct book_txn *txn, const char *channel, const char *external,
    const char **ret_external, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT external FROM delivery_alias WHERE channel = ?1 AND alias = ?2");
    stmt_text(&s, channel);
    stmt_text(&s, external);
    *ret_external = stmt_row(&s) ? stmt_text_at(&s, 0, arena) : external;
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

static enum outcome park(
    struct book_txn *txn, const char *channel, const struct delivery *d, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM delivery_early WHERE at < ?1");
    stmt_int(&s, txn_now(txn) - EARLY_KEPT_MS);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO delivery_early (channel, external, state, error, at, closed)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING");
    stmt_text(&s, channel);
    stmt_text(&s, d->external);
    stmt_text(&s, d->state);
    stmt_text(&s, d->error);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, d->closed);
    return stmt_run(&s, fault);
}

static enum outcome learn_alias(
    struct book_txn *txn, const char *channel, const char *alias, const char *external, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO delivery_alias (channel, alias, external, at)"
                                   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
    stmt_text(&s, channel);
    stmt_text(&s, alias);
    stmt_text(&s, external);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

/* What was told under `name` goes to the row called `external`. The ladder sorts the states by itself. */
static enum outcome apply_early(struct book_txn *txn, const char *channel, const char *name,
    const char *external, bool *ret_closed, struct fault *fault)
{
    static const char *const states[] = {"gagal", "sampai", "dibaca"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        int64_t unused;
        struct stmt s = stmt_open(txn, "DELETE FROM delivery_early WHERE channel = ?1 AND external = ?2"
                                       " AND state = ?3 RETURNING error, closed");
        stmt_text(&s, channel);
        stmt_text(&s, name);
        stmt_text(&s, states[i]);
        struct arena *arena = arena_new(4096);
        bool told = stmt_row(&s);
        const char *error = told && arena ? stmt_text_at(&s, 0, arena) : NULL;
        *ret_closed |= told && stmt_int_at(&s, 1);
        enum outcome outcome = stmt_close(&s, fault);
        if (!outcome && told)
            outcome = outbox_delivery(txn, channel, external, states[i], error, &unused, fault);
        arena_free(arena);
        if (outcome)
            return outcome;
    }
    return OUTCOME_DONE;
}

enum outcome delivery_catch_up(
    struct book_txn *txn, const char *channel, const char *external, bool *ret_closed, struct fault *fault)
{
    *ret_closed = false;
    return apply_early(txn, channel, external, external, ret_closed, fault);
}

/* All that left for the chat before that moment: Messenger tells "read until then" and no ids. */
static enum outcome tell_until(struct book_txn *txn, const char *channel, const struct delivery *d,
    int64_t *ret_complaint_id, struct arena *arena, struct fault *fault)
{
    const char **names = arena_alloc(arena, WATERMARK_MOST * sizeof *names);
    size_t count = 0;
    struct stmt s =
        stmt_open(txn, "SELECT o.external FROM chat_sent c JOIN outbox o ON o.id = c.outbox_id"
                       " WHERE c.channel = ?1 AND c.address = ?2 AND c.at <= ?3 AND o.external IS NOT NULL"
                       " AND o.state IN ('diterima', 'sampai') ORDER BY c.at DESC LIMIT ?4");
    stmt_text(&s, channel);
    stmt_text(&s, d->chat);
    stmt_int(&s, d->until_ms);
    stmt_int(&s, WATERMARK_MOST);
    while (names && count < WATERMARK_MOST && stmt_row(&s))
        names[count++] = stmt_text_at(&s, 0, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = outbox_delivery(txn, channel, names[i], d->state, d->error, ret_complaint_id, fault);
    return outcome;
}

static enum outcome tell_one(struct book_txn *txn, const char *channel, const struct delivery *d,
    struct delivery_about *ret, struct arena *arena, struct fault *fault)
{
    const char *name;
    enum outcome outcome = resolve(txn, channel, d->external, &name, arena, fault);
    if (!outcome && d->alias)
        outcome = learn_alias(txn, channel, d->alias, name, fault);
    if (!outcome)
        outcome = find_row(txn, channel, name, &ret->outbox_id, &ret->complaint_id, fault);
    if (!outcome && ret->outbox_id && d->alias)
        outcome = apply_early(txn, channel, d->alias, name, &ret->closed, fault);
    if (outcome || !d->state)
        return outcome;
    if (!ret->outbox_id)
        return park(txn, channel, d, fault);
    ret->closed |= d->closed;
    return outbox_delivery(txn, channel, name, d->state, d->error, &ret->complaint_id, fault);
}

enum outcome delivery_told(struct book_txn *txn, const char *channel, const struct delivery *d,
    struct delivery_about *ret, struct fault *fault)
{
    struct arena *arena = arena_new(256 << 10);
    enum outcome outcome = OUTCOME_DONE;
    *ret = (struct delivery_about){0};
    if (!arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a delivery state");
    if (d->external)
        outcome = tell_one(txn, channel, d, ret, arena, fault);
    else if (d->chat && d->until_ms && d->state)
        outcome = tell_until(txn, channel, d, &ret->complaint_id, arena, fault);
    arena_free(arena);
    return outcome;
}

enum outcome delivery_is_ours(
    struct book_txn *txn, const char *channel, const char *external, bool *ret_ours, struct fault *fault)
{
    int64_t id, unused;
    enum outcome outcome = find_row(txn, channel, external, &id, &unused, fault);
    *ret_ours = id != 0;
    return outcome;
}

enum outcome delivery_complaint(struct book_txn *txn, const char *channel, const char *external,
    int64_t *ret_complaint_id, struct fault *fault)
{
    int64_t id;
    return find_row(txn, channel, external, &id, ret_complaint_id, fault);
}

/* Bytes of "(1/2) " at the beginning (rules/text_whatsapp.h); 0 = none. */
static size_t part_mark(const char *text)
{
    size_t part = *text == '(' ? strspn(text + 1, "0123456789") : 0;
    if (!part || text[1 + part] != '/')
        return 0;
    size_t parts = strspn(text + 2 + part, "0123456789");
    const char *end = text + 2 + part + parts;
    return parts && end[0] == ')' && end[1] == ' ' ? (size_t)(end + 2 - text) : 0;
}

/* As it can be compared: without "(1/2) " in front, without U+200B and without blanks at the ends. */
static void comparable(struct str *out, const char *text)
{
    text += part_mark(text);
    for (text += strspn(text, " \n\r"); *text; text++)
        if (!strncmp(text, "\xE2\x80\x8B", 3))
            text += 2;
        else if (*text != '\r')
            str_addc(out, *text);
    while (out->len && strchr(" \n", out->data[out->len - 1]))
        str_cut(out, out->len - 1);
}

static bool says(const char *row, const char *echo)
{
    struct str whole, part;
    str_init(&whole, TEXT_MAX);
    str_init(&part, TEXT_MAX);
    comparable(&whole, row);
    comparable(&part, echo);
    bool same = str_ok(&whole) && str_ok(&part) && part.len >= ECHO_LEAST && strstr(whole.data, part.data);
    str_release(&whole);
    str_release(&part);
    return same;
}

enum outcome delivery_recognise(struct book_txn *txn, const char *channel, const char *external,
    const char *text, int64_t since, bool *ret_ours, struct fault *fault)
{
    int64_t id = 0;
    struct stmt s =
        stmt_open(txn, "SELECT o.id, json_extract(o.payload, '$.text') FROM chat_sent c"
                       " JOIN outbox o ON o.id = c.outbox_id WHERE c.channel = ?1 AND o.state_at >= ?2"
                       " AND o.state IN ('mengirim', 'tidak_pasti', 'diterima') ORDER BY c.at DESC LIMIT ?3");
    stmt_text(&s, channel);
    stmt_int(&s, since);
    stmt_int(&s, ECHO_MOST);
    while (text && !id && stmt_row(&s)) {
        const char *row = stmt_peek_text(&s, 1);
        if (row && says(row, text))
            id = stmt_int_at(&s, 0);
    }
    enum outcome outcome = stmt_close(&s, fault);
    *ret_ours = id != 0;
    return outcome || !id ? outcome : outbox_accepted(txn, id, external, NULL, fault);
}

enum outcome heard_put(
    struct book_txn *txn, const char *channel, const char *address, int64_t at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO heard (channel, address, at) VALUES (?1, ?2, ?3)"
                                   " ON CONFLICT DO NOTHING");
    stmt_text(&s, channel);
    stmt_text(&s, address);
    stmt_int(&s, at);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    s = stmt_open(txn, "UPDATE heard SET at = ?3 WHERE channel = ?1 AND address = ?2 AND at < ?3");
    stmt_text(&s, channel);
    stmt_text(&s, address);
    stmt_int(&s, at);
    return stmt_run(&s, fault);
}

enum outcome heard_get(
    struct book_txn *txn, const char *channel, const char *address, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT at FROM heard WHERE channel = ?1 AND address = ?2");
    stmt_text(&s, channel);
    stmt_text(&s, address);
    return stmt_value(&s, ret_at, fault);
}

enum outcome delivery_count_automatic(struct book_txn *txn, const char *channel, const char *chat,
    int64_t since, int most, struct delivery_automatic *ret, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM (SELECT 1 FROM chat_sent WHERE channel = ?1"
                                   " AND address = ?2 AND at > ?3 AND automatic = 1 LIMIT ?4)");
    stmt_text(&s, channel);
    stmt_text(&s, chat);
    stmt_int(&s, since);
    stmt_int(&s, most);
    ret->to_chat = stmt_row(&s) ? (int)stmt_int_at(&s, 0) : 0;
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome)
        return outcome;
    /* Not those of a clock that was ahead for a while. */
    s = stmt_open(txn, "SELECT coalesce(sum(texts), 0) FROM automatic_minute WHERE channel = ?1"
                       " AND minute BETWEEN ?2 AND ?3");
    stmt_text(&s, channel);
    stmt_int(&s, since / MINUTE_MS);
    stmt_int(&s, txn_now(txn) / MINUTE_MS);
    ret->in_all = stmt_row(&s) ? (int)stmt_int_at(&s, 0) : 0;
    return stmt_close(&s, fault);
}
