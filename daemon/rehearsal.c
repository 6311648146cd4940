#include "rehearsal.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "daemon/desk/dialog.h"
#include "daemon/desk/intake.h"
#include "daemon/desk/rating.h"
#include "office_make.h"
#include "rules/register.h"
#include <inttypes.h>
#include <string.h>

enum { ARENA_MAX = 32 << 20, TEXTS_MAX = 1 << 20, SETTLE_S = 600, WAIT_MOST_S = 1800 };

static const char channel[] = "gateway:wa", scheme[] = "gateway:wa/phone",
                  citizen_id_value[] = "6281200000001@s.whatsapp.net";
static const int64_t begin_ms = 1795586400000; /* Wednesday, 25 November 2026, 09.00 WIB: office hours */

struct rehearsal {
    struct arena *arena;
    struct office office;
    struct book *book;
    FILE *out;
    struct fault *fault;
    size_t given;   /* complaints that were there before */
    size_t counter; /* of the lines sent: their message ids */
    const char *asked;
    bool located;
};

/* ---- time ---- */

static int64_t held_ms;

static int64_t held_now(void)
{
    return held_ms;
}

static int64_t seconds(void)
{
    return (held_ms - begin_ms) / 1000;
}

/* ---- what is said ---- */

static enum outcome say_all(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct rehearsal *r = arg;
    struct outbox_row *rows;
    size_t count;
    enum outcome outcome = outbox_claim(txn, channel, 100, &rows, &count, r->arena, fault);
    for (size_t i = 0; !outcome && i < count; i++) {
        json_t *payload = json_loads(rows[i].payload, 0, NULL);
        const char *text = json_string_value(json_object_get(payload, "text"));
        if (r->out)
            fprintf(r->out, "%6" PRId64 " s  kantor  %s\n", seconds(), text ? text : "");
        json_decref(payload);
        outcome = outbox_accepted(txn, rows[i].id, NULL, NULL, fault);
    }
    return outcome;
}

static enum outcome look_at_chat(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct rehearsal *r = arg;
    struct chat chat;
    enum outcome outcome = chat_get(txn, channel, citizen_id_value, &chat, r->arena, fault);
    if (!outcome)
        r->asked = chat.asked;
    return outcome;
}

static enum outcome settle(struct rehearsal *r)
{
    enum outcome outcome = book_run(r->book, true, say_all, r, r->fault);
    return outcome ? outcome : book_run(r->book, false, look_at_chat, r, r->fault);
}

struct waking {
    struct rehearsal *r;
    int64_t next;
};

static enum outcome wake(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct waking *w = arg;
    return dialog_wake(txn, &w->r->office, &w->next, w->r->arena, fault);
}

/* Lets the clock run to `until`, but no further than the first question for `field` (NULL = all the way). */
static enum outcome pass_time(struct rehearsal *r, int64_t until, const char *field)
{
    struct waking w = {.r = r, .next = 1};
    enum outcome outcome = settle(r);
    while (!outcome && !(field && r->asked && !strcmp(r->asked, field))) {
        outcome = book_run(r->book, true, wake, &w, r->fault);
        if (!outcome)
            outcome = settle(r);
        if (outcome || !w.next || w.next > until)
            break;
        held_ms = w.next > held_ms ? w.next : held_ms;
    }
    if (!field && held_ms < until)
        held_ms = until;
    return outcome;
}

/* ---- what was there before ---- */

static enum outcome pose(struct rehearsal *r, struct book_txn *txn, const json_t *given, int64_t citizen)
{
    const char *number = json_string_value(json_object_get(given, "register")),
               *tracking = json_string_value(json_object_get(given, "tracking")),
               *text = json_string_value(json_object_get(given, "text"));
    char code[REGISTER_CODE_SIZE];
    struct complaint c = {.kind = "pengaduan",
        .confidentiality = "biasa",
        .state = STATE_MASUK,
        .channel = channel,
        .reply_to = citizen_id_value,
        .citizen_id = citizen,
        .subject = text ? text : "",
        .received_at = txn_now(txn)};
    enum outcome outcome = complaint_insert(txn, &c, r->arena, r->fault);
    struct message m = {
        .complaint_id = c.id, .purpose = "aduan", .channel = channel, .author = "Pengadu", .text = c.subject};
    if (!outcome)
        outcome = message_insert(txn, &m, r->fault);
    if (!outcome && number && tracking && register_code_parse(code, tracking))
        outcome = complaint_pose(txn, c.id, number, code, r->fault);
    if (!state_from_key(json_string_value(json_object_get(given, "state")), &c.state))
        c.state = STATE_MASUK;
    c.closed_at = state_open(c.state) ? 0 : txn_now(txn);
    if (!outcome)
        outcome = complaint_update(txn, &c, r->fault);
    if (!outcome && json_is_true(json_object_get(given, "asked_rating")))
        outcome = rating_ask(txn, &r->office, &c, r->arena, r->fault);
    return outcome;
}

struct posing {
    struct rehearsal *r;
    const json_t *list;
};

static enum outcome pose_all(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct posing *p = arg;
    struct citizen citizen = {0};
    size_t i;
    json_t *given;
    if (!json_array_size(p->list))
        return OUTCOME_DONE;
    enum outcome outcome = citizen_insert(txn, &citizen, fault);
    if (!outcome)
        outcome = citizen_add_identity(txn, citizen.id, scheme, citizen_id_value, fault);
    json_array_foreach(p->list, i, given)
    {
        if (!outcome)
            outcome = pose(p->r, txn, given, citizen.id);
    }
    p->r->given = json_array_size(p->list);
    return outcome;
}

/* ---- lines ---- */

/* As the gateways' inbound events have it: a mark for what is not text, the caption below it. */
static const char *line_text(struct rehearsal *r, const json_t *line, const char *kind)
{
    static const struct {
        const char *kind, *mark;
    } marks[] = {{"image", "[gambar]"}, {"photo", "[gambar]"}, {"video", "[video]"},
        {"document", "[dokumen]"}, {"audio", "[pesan suara]"}, {"voice", "[pesan suara]"},
        {"sticker", "[stiker]"}, {"contact", "[kontak]"}, {"location", "[lokasi]"}};
    const char *text = json_string_value(json_object_get(line, "text"));
    if (!text)
        text = json_string_value(json_object_get(line, "caption"));
    if (!strcmp(kind, "location"))
        return arena_printf(r->arena, "[lokasi] %.5f, %.5f%s%s",
            json_number_value(json_object_get(line, "lat")), json_number_value(json_object_get(line, "lon")),
            text ? "\n" : "", text ? text : "");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (!strcmp(kind, marks[i].kind))
            return arena_printf(r->arena, "%s%s%s", marks[i].mark, text ? "\n" : "", text ? text : "");
    return text ? text : "";
}

struct sending {
    struct rehearsal *r;
    struct inbound in;
};

static enum outcome receive(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct sending *s = arg;
    struct intake_result result;
    return intake_record(txn, &s->r->office, channel, &s->in, NULL, &result, s->r->arena, fault);
}

static enum outcome send_line(struct rehearsal *r, const json_t *line)
{
    const char *kind = json_string_value(json_object_get(line, "kind"));
    kind = kind ? kind : "text";
    bool other = !strcmp(kind, "revoke") || !strcmp(kind, "reaction");
    struct sending s = {.r = r};
    const char *text = line_text(r, line, kind), *id = arena_printf(r->arena, "baris-%zu", ++r->counter);
    s.in = (struct inbound){.arena = r->arena,
        .kind = other ? INBOUND_OTHER : INBOUND_MESSAGE,
        .external = id,
        .raw = text,
        .raw_size = strlen(text),
        .identity_scheme = scheme,
        .identity_value = citizen_id_value,
        .reply_to = citizen_id_value,
        .text = text,
        .conversation = true,
        .reference_scheme = channel,
        .own_reference = id,
        .reason = other ? "pesan ditarik atau tanggapan" : NULL};
    r->located |= !strcmp(kind, "location");
    if (r->out)
        fprintf(r->out, "%6" PRId64 " s  warga   %s\n", seconds(), *text ? text : kind);
    enum outcome outcome = book_run(r->book, true, receive, &s, r->fault);
    return outcome ? outcome : settle(r);
}

static const char *waits_for(const json_t *line)
{
    return json_string_value(json_object_get(line, "answer_to"));
}

/* When something else is asked than the next line answers, the line that answers it comes first. */
static size_t choose(const json_t *lines, const bool *sent, size_t next, const char *asked)
{
    const char *wanted = waits_for(json_array_get(lines, next));
    if (!wanted || !asked || !strcmp(wanted, asked))
        return next;
    for (size_t i = next + 1; i < json_array_size(lines); i++) {
        const char *other = waits_for(json_array_get(lines, i));
        if (!sent[i] && other && !strcmp(other, asked))
            return i;
    }
    return next;
}

static enum outcome play(struct rehearsal *r, const json_t *lines)
{
    size_t count = json_array_size(lines);
    bool *sent = arena_alloc(r->arena, count + 1);
    enum outcome outcome =
        sent ? OUTCOME_DONE : fault_set(r->fault, OUTCOME_LATER, NULL, "no memory for a rehearsal");
    for (size_t next = 0; !outcome && next < count;) {
        if (sent[next]) {
            next++;
            continue;
        }
        const json_t *line = json_array_get(lines, next);
        int64_t at = begin_ms + (int64_t)(json_number_value(json_object_get(line, "t")) * 1000);
        outcome = pass_time(r, at, NULL);
        if (!outcome && waits_for(line))
            outcome = pass_time(r, held_ms + WAIT_MOST_S * 1000, waits_for(line));
        size_t chosen = choose(lines, sent, next, r->asked);
        sent[chosen] = true;
        if (!outcome)
            outcome = send_line(r, json_array_get(lines, chosen));
    }
    return outcome ? outcome : pass_time(r, held_ms + SETTLE_S * 1000, NULL);
}

/* ---- the end ---- */

static json_t *or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

/* All that the citizen wrote into that complaint; *ret_joined: more than it had before. */
static enum outcome add_texts(
    struct rehearsal *r, struct book_txn *txn, int64_t id, json_t *texts, bool given, bool *ret_joined)
{
    struct message *messages;
    struct str text;
    size_t count, own = 0;
    str_init(&text, TEXTS_MAX);
    enum outcome outcome = message_list(txn, id, &messages, &count, r->arena, r->fault);
    for (size_t i = 0; !outcome && i < count; i++)
        if (!messages[i].officer_id && strcmp(messages[i].purpose, "obrolan"))
            str_addf(&text, "%s%s", own++ ? "\n" : "", messages[i].text);
    if (!outcome && (!given || own > 1))
        json_array_append_new(texts, json_string(text.data));
    *ret_joined |= given && own > 1;
    str_release(&text);
    return outcome;
}

struct ending {
    struct rehearsal *r;
    json_t *end;
};

static enum outcome describe(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct ending *e = arg;
    struct rehearsal *r = e->r;
    struct chat chat;
    struct complaint c;
    int rating = 0, opened = 0;
    const char *comment;
    bool anonym = false, joined = false;
    json_t *texts = json_array();
    enum outcome outcome = chat_get(txn, channel, citizen_id_value, &chat, r->arena, fault);
    int64_t id = 1;
    for (; !outcome && !complaint_get(txn, id, &c, r->arena, NULL); id++) {
        bool given = (size_t)id <= r->given;
        opened += !given;
        anonym |= !given && !strcmp(c.confidentiality, "anonim");
        outcome = add_texts(r, txn, id, texts, given, &joined);
        if (!outcome && !rating)
            outcome = rating_get(txn, id, &rating, &comment, r->arena, fault);
    }
    e->end = json_pack("{s:i, s:o, s:{s:o, s:o, s:o, s:o}, s:b, s:b, s:b}", "complaints", opened, "texts",
        texts, "identity", "nama", or_null(chat.said[CHAT_NAMA]), "pekerjaan",
        or_null(chat.said[CHAT_PEKERJAAN]), "alamat", or_null(chat.said[CHAT_ALAMAT]), "anonim",
        anonym ? json_true() : json_null(), "joined_to_existing", joined, "human_requested",
        chat.person_at != 0, "has_location", r->located);
    if (e->end && rating)
        json_object_set_new(e->end, "rating", json_integer(rating));
    return outcome || e->end ? outcome
                             : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the end of a rehearsal");
}

static enum outcome open_stage(struct rehearsal *r, const struct config *config, const char *folder)
{
    enum outcome outcome = r->arena ? office_make(config, &r->office, r->arena, r->fault)
                                    : fault_set(r->fault, OUTCOME_LATER, NULL, "no memory for a rehearsal");
    if (outcome)
        return outcome;
    r->office.chat.ask = true;
    const struct book_options options = {
        .folder = folder, .readers = 1, .utc_offset_minutes = r->office.utc_offset_minutes, .create = true};
    return book_open(&r->book, /* loop= */ NULL, &options, r->fault);
}

enum outcome rehearse(const struct config *config, const char *folder, const json_t *story, FILE *out,
    json_t **ret_end, struct fault *fault)
{
    struct rehearsal r = {.arena = arena_new(ARENA_MAX), .out = NULL, .fault = fault};
    const json_t *lines = json_object_get(story, "lines");
    struct posing given = {&r, json_object_get(json_object_get(story, "given"), "complaints")};
    struct ending ending = {.r = &r};
    if (!json_is_array(lines)) {
        arena_free(r.arena);
        return fault_set(
            fault, OUTCOME_NEVER, "Berkas gladi tidak memuat daftar \"lines\".", "no lines in the story");
    }
    held_ms = begin_ms;
    clock_replace(held_now);
    enum outcome outcome = open_stage(&r, config, folder);
    if (!outcome)
        outcome = book_run(r.book, true, pose_all, &given, fault);
    if (!outcome)
        outcome = settle(&r); /* what was said before the story is not part of it */
    r.out = out;
    if (!outcome)
        outcome = play(&r, lines);
    if (!outcome)
        outcome = book_run(r.book, false, describe, &ending, fault);
    book_close(r.book);
    clock_replace(NULL);
    arena_free(r.arena);
    if (!outcome)
        *ret_end = ending.end;
    return outcome;
}
