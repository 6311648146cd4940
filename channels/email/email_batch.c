/* Mails between the mailbox child and the book: copied, parsed, given to the desk in order, settled.
 *
 * The oldest batch is written as one group when all its mails are read: one commit serves many of them. The
 * next one is only read meanwhile.
 *
 * The bookmark may only say what IS in the book, also when one mail's transaction fails and the next one's
 * does not. Therefore all mails of a batch but the last go without one; the last is held back until every
 * other is settled and carries the bookmark for all. It goes alone, so that the child is told soon and fetches
 * while the next batch is written. A crash before that fetches the batch again, and the unique key makes it a
 * no-op. */
#include "email_private.h"
#include "inbound_mail.h"
#include "mailbox_protocol.h"
#include "daemon/base/log.h"
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_ARENA_EXTRA = 8 << 20, /* beyond raw and attachments: text, own words, names, list of references */
    BATCH_AGAIN_FIRST_MS = 1000,
    BATCH_AGAIN_MOST_MS = 60000,
};

enum item_state {
    ITEM_READING, /* the parser has it */
    ITEM_READY,
    ITEM_ARRIVED, /* the desk has it */
    ITEM_WAITING, /* was answered LATER: `again` when the timer rings */
    ITEM_SETTLED,
};

struct email_item {
    struct email *email;
    uint32_t uid;
    enum item_state state;
    bool closes;       /* last of its batch: carries the bookmark */
    bool flag;         /* there is a mail to flag, once it is in the book */
    size_t large_size; /* of the whole mail when raw is its beginning; 0 = raw is all */
    struct inbound *in;
    struct inbound_file *typing; /* whose type is being asked for */
    void (*again)(struct email_item *item);
    unsigned attempts;
    struct email_item *next;
};

static void batch_advance(struct email *e);

bool email_batch_empty(const struct email *e)
{
    return !e->first;
}

bool email_batch_open(const struct email *e)
{
    return e->last && !e->last->closes;
}

/* ---- one mail ---- */

static void item_free(struct email_item *item)
{
    if (item->in)
        arena_free(item->in->arena);
    free(item);
}

static void item_wait(struct email_item *item, void (*again)(struct email_item *item))
{
    item->state = ITEM_WAITING;
    item->again = again;
    item->attempts++;
    loop_timer_set(
        item->email->again, loop_backoff_ms(item->attempts, BATCH_AGAIN_FIRST_MS, BATCH_AGAIN_MOST_MS));
}

static struct inbound *inbound_new(struct email *e, uint32_t uid, const void *raw, size_t size)
{
    struct arena *arena = arena_new(3 * size + BATCH_ARENA_EXTRA);
    struct inbound *in = arena ? arena_alloc(arena, sizeof *in) : NULL;
    if (in) {
        in->arena = arena;
        in->external = arena_printf(arena, "%u/%u", e->uidvalidity, uid);
        in->raw = size ? arena_memdup(arena, raw, size) : NULL;
        in->raw_size = size;
    }
    if (in && arena_ok(arena))
        return in;
    arena_free(arena);
    return NULL;
}

/* Meaning did not fit beside the bytes, or there is none: the bytes alone. false without memory. */
static bool item_bytes_alone(struct email_item *item)
{
    struct inbound *in = inbound_new(item->email, item->uid, item->in->raw, item->in->raw_size);
    if (!in)
        return false;
    inbound_mail_fill_unreadable(in);
    if (!arena_ok(in->arena)) {
        arena_free(in->arena);
        return false;
    }
    arena_free(item->in->arena);
    item->in = in;
    return true;
}

static void item_ask(struct email_item *item);

/* There was no memory for what the mail means: it is asked for again. */
static void item_anew(struct email_item *item)
{
    struct inbound *in = inbound_new(item->email, item->uid, item->in->raw, item->in->raw_size);
    if (!in) {
        item_wait(item, item_anew);
        return;
    }
    arena_free(item->in->arena);
    item->in = in;
    item_ask(item);
}

static void item_understood(struct email_item *item)
{
    if (item->large_size)
        inbound_mail_mark_large(item->in, item->large_size,
            (size_t)config_number(item->email->config, "mailbox", item->email->instance, "max_bytes"));
    if (!arena_ok(item->in->arena) && !arena_full(item->in->arena) && item->in->raw) {
        item_wait(item, item_anew);
        return;
    }
    if (!arena_ok(item->in->arena) && !item_bytes_alone(item)) {
        item_wait(item, item_understood);
        return;
    }
    item->in->token = item;
    item->state = ITEM_READY;
    batch_advance(item->email);
}

static void item_ask_type(struct email_item *item);

static void item_typed(void *arg, enum outcome outcome, const char *media_type, const struct fault *fault)
{
    struct email_item *item = arg;
    (void)fault;
    if (outcome == OUTCOME_LATER) {
        item_wait(item, item_ask_type);
        return;
    }
    if (outcome == OUTCOME_DONE)
        item->typing->media_type = arena_strdup(item->in->arena, media_type);
    item->typing = item->typing->next;
    item_ask_type(item);
}

/* One after the other: they are few, and each answer must find its file. */
static void item_ask_type(struct email_item *item)
{
    item->state = ITEM_READING;
    if (item->typing && !item->large_size)
        parser_file_type(item->email->parser, item->typing->data, item->typing->size, item_typed, item);
    else
        item_understood(item);
}

static void item_read(
    void *arg, enum outcome outcome, const struct parser_mail *mail, const struct fault *fault)
{
    struct email_item *item = arg;
    switch (outcome) {
    case OUTCOME_DONE:
        inbound_mail_fill(item->in, mail);
        inbound_mail_judge(
            item->in, config_text(item->email->config, "mailbox", item->email->instance, "authserv_id"));
        item->typing = item->in->files;
        item_ask_type(item);
        break;
    case OUTCOME_LATER:
        item_wait(item, item_ask);
        break;
    default:
        log_fault(LOG_WARN, NULL, "mail.unreadable", outcome, fault);
        inbound_mail_fill_unreadable(item->in);
        item_understood(item);
    }
}

static void item_ask(struct email_item *item)
{
    item->state = ITEM_READING;
    parser_read_mail(item->email->parser, item->in->raw, item->in->raw_size, item_read, item);
}

/* Appends a mail to the open batch; NULL without memory or when the child breaks the order. */
static struct email_item *item_new(struct email *e, uint32_t uid, const void *raw, size_t size)
{
    if (e->batches >= MAILBOX_BATCHES_MOST || uid <= e->highest)
        return NULL;
    struct email_item *item = calloc(1, sizeof *item);
    struct inbound *in = item ? inbound_new(e, uid, raw, size) : NULL;
    if (!in) {
        free(item);
        return NULL;
    }
    *item = (struct email_item){.email = e, .uid = uid, .in = in};
    *e->end = e->last = item;
    e->end = &item->next;
    e->highest = uid;
    e->progress = true; /* whatever becomes of the session, this one will be settled */
    return item;
}

bool email_batch_mail(struct email *e, uint32_t uid, const char *bytes, size_t length)
{
    struct email_item *item = item_new(e, uid, length ? bytes : "\n", length ? length : 1);
    if (!item)
        return false;
    item->flag = true;
    item_ask(item);
    return true;
}

/* body: {"size":n} LF and the beginning of the mail. */
bool email_batch_large(struct email *e, uint32_t uid, const char *body, size_t length)
{
    const char *line = memchr(body, '\n', length);
    json_t *json = line ? json_loadb(body, (size_t)(line - body), 0, NULL) : NULL;
    json_int_t size = json_integer_value(json_object_get(json, "size"));
    json_decref(json);
    if (!line || size <= 0)
        return false;
    struct email_item *item = item_new(e, uid, line + 1, length - (size_t)(line + 1 - body));
    if (!item)
        return false;
    /* It stays as it is, unread: a person has to read it there. */
    item->large_size = (size_t)size;
    item_ask(item);
    return true;
}

bool email_batch_gone(struct email *e, uint32_t uid, const char *words)
{
    struct email_item *item = item_new(e, uid, NULL, 0);
    if (!item)
        return false;
    if (words)
        inbound_mail_fill_refused(item->in, uid, words);
    else
        inbound_mail_fill_gone(item->in);
    item_understood(item);
    return true;
}

/* ---- the batches ---- */

/* The oldest batch is in the book: its mails leave the list. */
static void batch_finish(struct email *e)
{
    unsigned count = 0;
    for (bool closed = false; !closed; count++) {
        struct email_item *item = e->first;
        closed = item->closes;
        e->last_uid = item->uid;
        if (item->flag && e->flag_count < EMAIL_FLAGS_MOST)
            e->flags[e->flag_count++] = item->uid;
        e->first = item->next;
        item_free(item);
    }
    if (!e->first) {
        e->end = &e->first;
        e->last = NULL;
    }
    e->batches--;
    log_event(
        LOG_INFO, NULL, "mailbox.settled", "channel=%s mails=%u last_uid=%u", e->id, count, e->last_uid);
    email_session_settled(e);
}

static void item_arrive(struct email_item *item)
{
    struct email *e = item->email;
    struct inbound *in = item->in;
    in->bookmark = item->closes ? in->external : NULL; /* "uidvalidity/uid" is both */
    item->state = ITEM_ARRIVED;
    e->host->arrived(e->host->desk, &e->base, in);
}

/* A mail that waits after LATER holds up the ones behind it, not the ones before. */
static bool batch_is_busy(const struct email_item *item)
{
    while (!item->closes && item->state != ITEM_READING && item->state != ITEM_ARRIVED)
        item = item->next;
    return item->state == ITEM_READING || item->state == ITEM_ARRIVED;
}

/* In order, so that an answer in the same batch finds the mail it answers. true = all of it is settled. */
static bool batch_offer(struct email_item *item)
{
    for (bool settled = true;; item = item->next) {
        if (item->state != ITEM_SETTLED) {
            if (item->state != ITEM_READY || (item->closes && !settled))
                return false;
            item_arrive(item);
            settled = false;
        }
        if (item->closes)
            return settled;
    }
}

static void batch_advance(struct email *e)
{
    while (e->state != EMAIL_OFF && e->batches && !batch_is_busy(e->first) && batch_offer(e->first))
        batch_finish(e);
}

void email_batch_close(struct email *e)
{
    if (email_batch_open(e)) {
        e->last->closes = true;
        e->batches++;
    }
    batch_advance(e);
}

static void item_again(struct email_item *item)
{
    item->state = ITEM_READY;
    batch_advance(item->email);
}

void email_batch_settled(struct email *e, struct inbound *in, enum outcome outcome)
{
    struct email_item *item = in->token;
    if (outcome != OUTCOME_DONE) {
        log_event(LOG_WARN, NULL, "mailbox.not_settled", "channel=%s uid=%u outcome=%s attempts=%u", e->id,
            item->uid, outcome_name(outcome), item->attempts + 1);
        if (e->state != EMAIL_OFF)
            item_wait(item, item_again);
        return;
    }
    item->state = ITEM_SETTLED;
    item->in = NULL;
    arena_free(in->arena);
    batch_advance(e);
}

void email_batch_again(void *email)
{
    struct email *e = email;
    for (struct email_item *item = e->first, *next; item && e->state != EMAIL_OFF; item = next) {
        next = item->next; /* only the last one's end frees the list */
        if (item->state == ITEM_WAITING)
            item->again(item);
    }
}

void email_batch_free(struct email *e)
{
    for (struct email_item *item = e->first, *next; item; item = next) {
        next = item->next;
        parser_forget(e->parser, item);
        item_free(item);
    }
    e->first = NULL;
    loop_timer_free(e->again);
}
