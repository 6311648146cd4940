#include "together.h"
#include "compose.h"
#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "rating.h"
#include "route.h"
#include "tell.h"
#include <string.h>
#include <strings.h>

enum { PLACES = 64 };

/* A channel and address that got the letter. */
struct place {
    struct route route;
    const char *number; /* of the complaint under which it got it */
    struct place *next;
};

/* One telling on its way through this file. */
struct telling {
    struct book_txn *txn;
    const struct office *office;
    const struct complaint *main_one;
    const struct together *what;
    struct place *places[PLACES];
    bool queued;
    struct arena *arena;
    struct fault *fault;
};

static enum outcome no_memory(const struct telling *t)
{
    return fault_set(t->fault, OUTCOME_LATER, NULL, "no memory to tell all of %s", t->main_one->number);
}

/* ---- who has it already ---- */

static bool reaches(struct route route)
{
    return route.channel && (*route.to || !strcmp(route.channel, "situs"));
}

static struct place **bucket_of(struct telling *t, struct route route)
{
    unsigned sum = 0;
    for (const char *p = route.to; *p; p++)
        sum = sum * 31 + ((unsigned char)*p | 32u);
    return &t->places[sum % PLACES];
}

/* NULL = nobody there had it yet; now he has. The tracking page is one for each complaint. */
static const char *had_already(struct telling *t, const struct complaint *c)
{
    struct route route = route_of(t->office, c);
    if (!reaches(route) || !*route.to)
        return NULL;
    struct place **bucket = bucket_of(t, route);
    for (const struct place *p = *bucket; p; p = p->next)
        if (!strcmp(p->route.channel, route.channel) && !strcasecmp(p->route.to, route.to))
            return p->number;
    struct place *place = arena_alloc(t->arena, sizeof *place);
    if (place)
        *place = (struct place){route, c->number, *bucket};
    *bucket = place ? place : *bucket;
    return NULL;
}

/* ---- one complaint ---- */

static enum outcome write_message(
    struct telling *t, const struct complaint *c, int64_t *ret_id, struct attachment **ret_files)
{
    struct message m = {.complaint_id = c->id,
        .purpose = t->what->message,
        .channel = c->channel,
        .officer_id = t->what->officer->id,
        .author = t->what->officer->name,
        .text = t->what->text};
    struct attachment **last = &m.attachments;
    for (const struct attachment *f = t->what->files; f; f = f->next) {
        struct attachment *copy = arena_memdup(t->arena, f, sizeof *f);
        if (!copy)
            return no_memory(t);
        copy->next = NULL;
        *last = copy;
        last = &copy->next;
    }
    enum outcome outcome = message_insert(t->txn, &m, t->fault);
    *ret_id = m.id;
    *ret_files = m.attachments;
    return outcome;
}

static enum outcome send_letter(struct telling *t, const struct complaint *c, int64_t message_id,
    const struct attachment *files, int64_t *ret_outbox)
{
    struct citizen citizen;
    bool mail = !strncmp(route_of(t->office, c).channel, "email", 5);
    struct letter letter = {.complaint = c,
        .message_id = message_id,
        .purpose = t->what->purpose,
        .text = t->what->text,
        .files = mail ? files : NULL,
        .generated = !t->what->text};
    enum outcome outcome = OUTCOME_DONE;
    if (c->citizen_id) {
        outcome = citizen_get(t->txn, c->citizen_id, &citizen, t->arena, t->fault);
        letter.citizen = &citizen;
    }
    if (!outcome)
        outcome = compose_letter(t->txn, t->office, &letter, ret_outbox, t->arena, t->fault);
    t->queued |= !outcome && *ret_outbox;
    return outcome;
}

static bool is_answer(const struct telling *t)
{
    return !strcmp(t->what->purpose, "jawaban");
}

static enum outcome note(const struct telling *t, const struct complaint *c, int64_t outbox, const char *had)
{
    const struct officer *o = t->what->officer;
    const char *actor = arena_printf(t->arena, "%s:%s", role_key(o->role), o->login);
    json_t *data =
        json_pack("{s:s, s:s, s:s*}", "main", t->main_one->number, "purpose", t->what->purpose, "with", had);
    if (data && outbox) /* verify.h holds the history to its letters */
        json_object_set_new(data, "outbox", json_integer(outbox));
    enum outcome outcome =
        actor && data ? event_append(t->txn, c->id, c->number,
                            is_answer(t) ? "dijawab_bersama" : "dikabari_bersama", actor, data, t->fault)
                      : no_memory(t);
    json_decref(data);
    return outcome;
}

/* The caller writes c. */
static enum outcome tell_one(struct telling *t, struct complaint *c)
{
    int64_t message_id = 0, outbox = 0;
    struct attachment *files = NULL;
    const char *had = had_already(t, c);
    enum outcome outcome = t->what->message ? write_message(t, c, &message_id, &files) : OUTCOME_DONE;
    c->referred_to = t->main_one->referred_to;
    c->referred_number = t->main_one->referred_number;
    if (!outcome && !had && reaches(route_of(t->office, c)))
        outcome = send_letter(t, c, message_id, files, &outbox);
    if (!outcome && outbox && is_answer(t))
        outcome = rating_ask(t->txn, t->office, c, t->arena, t->fault);
    if (is_answer(t))
        c->answered_at = txn_now(t->txn);
    if (!outcome)
        outcome = note(t, c, outbox, had);
    if (!outcome && !outbox && !had) /* by word of mouth, then */
        outcome = tell_petugas(t->txn, c, "sampaikan_langsung", t->fault);
    return outcome;
}

/* ---- all of them ---- */

static enum outcome joined_to(const struct telling *t, int64_t id, struct complaint_kin **ret_kin)
{
    return complaint_kin(t->txn, id, 2 * TOGETHER_MOST, ret_kin, t->arena, t->fault);
}

enum outcome together_tell(struct book_txn *txn, const struct office *office,
    const struct complaint *main_one, const struct together *what, bool *ret_queued, struct arena *arena,
    struct fault *fault)
{
    struct telling t = {
        .txn = txn, .office = office, .main_one = main_one, .what = what, .arena = arena, .fault = fault};
    struct complaint_kin *kin = NULL;
    struct complaint c;
    had_already(&t, main_one);
    enum outcome outcome = joined_to(&t, main_one->id, &kin);
    for (; kin && !outcome; kin = kin->next) {
        if (!kin->joined)
            continue;
        outcome = complaint_get(txn, kin->id, &c, arena, fault);
        if (outcome || c.state != STATE_DUPLIKAT)
            continue;
        outcome = tell_one(&t, &c);
        if (!outcome)
            outcome = complaint_update(txn, &c, fault);
    }
    *ret_queued |= t.queued;
    return outcome;
}

/* ---- joining ---- */

/* The newest answer in the main complaint; its text NULL = there is none. */
static enum outcome last_answer(const struct telling *t, struct together *ret)
{
    struct message *messages;
    size_t count = 0;
    enum outcome outcome = message_list(t->txn, t->main_one->id, &messages, &count, t->arena, t->fault);
    for (size_t i = count; i-- && !outcome && !ret->text;)
        if (!strcmp(messages[i].purpose, "jawaban") && !messages[i].withdrawn_at) {
            ret->text = messages[i].text;
            ret->files = messages[i].attachments;
        }
    return outcome;
}

static enum outcome come_along(struct telling *t, const struct complaint *joined)
{
    struct complaint_kin *kin = NULL;
    struct complaint c;
    enum outcome outcome = joined_to(t, joined->id, &kin);
    for (; kin && !outcome; kin = kin->next) {
        if (!kin->joined)
            continue;
        outcome = complaint_get(t->txn, kin->id, &c, t->arena, t->fault);
        if (outcome || c.state != STATE_DUPLIKAT)
            continue;
        c.main_id = t->main_one->id;
        if (t->what->text && !c.answered_at)
            outcome = tell_one(t, &c);
        if (!outcome)
            outcome = complaint_update(t->txn, &c, t->fault);
    }
    return outcome;
}

static enum outcome count_joined(const struct telling *t, int64_t id, size_t *ret_count)
{
    struct complaint_kin *kin = NULL;
    enum outcome outcome = joined_to(t, id, &kin);
    for (; kin && !outcome; kin = kin->next)
        *ret_count += kin->joined;
    return outcome;
}

static enum outcome check_room(const struct telling *t, const struct complaint *c)
{
    size_t count = 1;
    enum outcome outcome = count_joined(t, t->main_one->id, &count);
    if (!outcome)
        outcome = count_joined(t, c->id, &count);
    return outcome || count <= TOGETHER_MOST
               ? outcome
               : fault_set(t->fault, OUTCOME_NEVER,
                     "Aduan induk itu sudah memuat terlalu banyak aduan. Pilih induk lain.",
                     "%s has over %d joined", t->main_one->number, TOGETHER_MOST);
}

enum outcome together_join(struct book_txn *txn, const struct office *office, struct complaint *c,
    const struct complaint *main_one, const struct officer *officer, bool *ret_queued, struct arena *arena,
    struct fault *fault)
{
    struct together what = {.purpose = "jawaban", .message = "jawaban", .officer = officer};
    struct telling t = {
        .txn = txn, .office = office, .main_one = main_one, .what = &what, .arena = arena, .fault = fault};
    enum outcome outcome = check_room(&t, c);
    if (!outcome && (main_one->state == STATE_DIJAWAB || main_one->state == STATE_DITUTUP))
        outcome = last_answer(&t, &what);
    if (!outcome && what.text) {
        had_already(&t, main_one);
        outcome = tell_one(&t, c);
    }
    if (!outcome)
        outcome = come_along(&t, c);
    *ret_queued |= t.queued;
    return outcome;
}
