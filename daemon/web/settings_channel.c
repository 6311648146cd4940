/* /pengaturan/saluran: every channel as it is now, what came and went by it, and a button that sends a few words to see
 * whether they arrive. Where a channel leads is written in the configuration, not here. */
#include "config/config.h"
#include "daemon/book/arrival.h"
#include "daemon/book/outbox.h"
#include "daemon/desk/compose.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/route.h"
#include "present.h"
#include "routes.h"
#include "rules/phone.h"
#include "rules/text_address.h"
#include "settings.h"
#include <stdlib.h>
#include <string.h>

#define CHANNELS "/pengaturan/saluran"
enum { CHANNELS_MAX = 64, PERIOD_DAYS = 7, DAY_MS = 24 * 3600 * 1000 };

/* What the book knows of one channel. */
struct tally {
    const char *id;
    int64_t arrived, arrived_at, sent_at, waiting, wrong;
};

struct overview {
    struct page *page;
    struct tally tallies[CHANNELS_MAX];
    size_t count;
};

static struct tally *tally_of(struct overview *o, const char *id)
{
    for (size_t i = 0; i < o->count; i++)
        if (!strcmp(o->tallies[i].id, id))
            return &o->tallies[i];
    if (o->count == CHANNELS_MAX)
        return NULL;
    const char *kept = arena_strdup(o->page->arena, id);
    if (!kept)
        return NULL;
    o->tallies[o->count] = (struct tally){.id = kept};
    return &o->tallies[o->count++];
}

static enum outcome add_arrived(void *arg, const char *channel, const char *outcome, int64_t count,
    int64_t newest_at, struct fault *fault)
{
    struct tally *t = tally_of(arg, channel);
    (void)outcome;
    (void)fault;
    if (t) {
        t->arrived += count;
        t->arrived_at = newest_at > t->arrived_at ? newest_at : t->arrived_at;
    }
    return OUTCOME_DONE;
}

static enum outcome add_waiting(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest_at, struct fault *fault)
{
    struct tally *t = tally_of(arg, channel);
    (void)oldest_at;
    (void)fault;
    if (t && (!strcmp(state, "antre") || !strcmp(state, "mengirim")))
        t->waiting += count;
    else if (t)
        t->wrong += count;
    return OUTCOME_DONE;
}

static enum outcome add_sent(
    void *arg, const char *channel, const char *state, int64_t count, int64_t newest_at, struct fault *fault)
{
    struct tally *t = tally_of(arg, channel);
    (void)state;
    (void)count;
    (void)fault;
    if (t)
        t->sent_at = newest_at;
    return OUTCOME_DONE;
}

static enum outcome gather(struct page *page, struct overview *o)
{
    *o = (struct overview){.page = page};
    enum outcome outcome = arrival_counts(
        page->txn, txn_now(page->txn) - PERIOD_DAYS * (int64_t)DAY_MS, add_arrived, o, page->fault);
    if (!outcome)
        outcome = outbox_counts(page->txn, add_waiting, o, page->fault);
    return outcome ? outcome : outbox_last_sent(page->txn, add_sent, o, page->fault);
}

/* ---- one channel ---- */

/* Where it leads, as the configuration says. */
static const char *place_of(struct page *page, const char *id)
{
    const struct config *config = page->config;
    const char *name = strchr(id, ':');
    if (!strncmp(id, "email:", 6))
        return config_text(config, "mailbox", name + 1, "user");
    if (!strcmp(id, "email"))
        return config_text(config, "smtp", NULL, "from");
    if (!strncmp(id, "gateway:", 8))
        return arena_printf(page->arena, "lewat gerbang %s (%s)", name + 1,
            config_text(config, "gateway", name + 1, "mapping"));
    if (!strcmp(id, "mqtt"))
        return config_text(config, "mqtt", NULL, "host");
    if (!strcmp(id, "webhook"))
        return "tujuannya di Pengaturan, Webhook";
    return name ? name + 1 : page->house->office->public_url;
}

static const char *title_of(const char *id)
{
    return !strncmp(id, "email:", 6) ? "Kotak surat"
           : !strcmp(id, "email")    ? "E-mail keluar"
           : !strcmp(id, "situs")    ? "Formulir situs ini"
           : !strcmp(id, "webhook")  ? "Kabar peristiwa (webhook)"
           : !strcmp(id, "mqtt")     ? "Kabar peristiwa (MQTT)"
                                     : NULL;
}

static json_t *state_of(const struct page *page, const struct desk_seen *seen)
{
    bool good = seen->health == CHANNEL_GOOD, held = seen->held_since;
    json_t *state =
        json_pack("{s:b, s:b, s:b, s:s}", "good", good && !held, "slow", good && held, "away", !good, "words",
            !good  ? seen->health == CHANNEL_NEEDS_PERSON ? "Terputus, perlu tindakan"
                                                          : "Terganggu, dicoba lagi sendiri"
            : held ? "Kiriman tertunda"
                   : "Tersambung");
    int64_t since = !good ? seen->bad_at : seen->held_since;
    if (since)
        json_object_set_new(state, "since", present_moment(page, since));
    json_object_set_new(state, "reason", json_string(good && held ? seen->held_text : seen->text));
    return state;
}

/* By which a test leaves: mailboxes are reached by a letter to them. "" = it cannot be tested from here. */
static const char *test_way(const struct page *page, const char *id)
{
    if (!strncmp(id, "email", 5))
        return page->house->office->email_out ? "email" : "";
    return !strncmp(id, "gateway:", 8) || !strcmp(id, "mqtt") ? id : "";
}

static json_t *channel_json(struct page *page, struct overview *o, const struct desk_seen *seen)
{
    const struct tally *t = tally_of(o, seen->id);
    const char *title = title_of(seen->id), *place = place_of(page, seen->id),
               *way = test_way(page, seen->id);
    const char *address = !strcmp(seen->id, "email") && page->officer->email ? page->officer->email : place;
    bool chat = !strncmp(seen->id, "gateway:", 8), mail = !strncmp(seen->id, "email", 5);
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:s}", "id", seen->id, "name",
        title ? title : route_channel_label(seen->id), "icon", present_channel_icon(seen->id), "place",
        place ? place : "", "may_test", *way != 0, "to_number", chat, "to_address", mail && *way, "address",
        mail && address && text_address_plausible(address) ? address : "");
    json_object_set_new(row, "now", state_of(page, seen));
    if (t && t->arrived_at)
        json_object_set_new(row, "arrived_at", present_moment(page, t->arrived_at));
    json_object_set_new(row, "arrived", json_integer(t ? t->arrived : 0));
    if (t && t->sent_at)
        json_object_set_new(row, "sent_at", present_moment(page, t->sent_at));
    json_object_set_new(row, "waiting", json_integer(t ? t->waiting : 0));
    if (t && t->wrong)
        json_object_set_new(row, "failed_words",
            json_string(arena_printf(page->arena, "%lld gagal atau belum pasti", (long long)t->wrong)));
    return row;
}

/* ---- the page ---- */

/* How far the test of ?uji=ID has come. */
static enum outcome add_test(struct page *page, json_t *data)
{
    const char *wanted = page_query(page, "uji");
    struct outbox_row row;
    if (!*wanted || wanted[strspn(wanted, "0123456789")] || strlen(wanted) > 15)
        return OUTCOME_DONE;
    enum outcome outcome = outbox_get(page->txn, strtoll(wanted, NULL, 10), &row, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER || (!outcome && row.complaint_id))
        return OUTCOME_DONE;
    if (outcome)
        return outcome;
    bool done =
        !strcmp(row.state, "diterima") || !strcmp(row.state, "sampai") || !strcmp(row.state, "dibaca");
    bool failed = !strcmp(row.state, "gagal") || !strcmp(row.state, "tidak_pasti");
    json_object_set_new(data, "test",
        json_pack("{s:s, s:b, s:b, s:b, s:s, s:s}", "channel", row.channel, "done", done, "failed", failed,
            "running", !done && !failed, "error", row.error ? row.error : "", "again", wanted));
    return OUTCOME_DONE;
}

static enum outcome show(struct page *page, const char *problem)
{
    struct overview *o = arena_alloc(page->arena, sizeof *o);
    struct desk_seen *seen = arena_alloc(page->arena, CHANNELS_MAX * sizeof *seen);
    if (!o || !seen)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for the channels");
    enum outcome outcome = gather(page, o);
    json_t *rows = json_array(), *data = json_pack("{s:s, s:b, s:o}", "title", "Saluran", "wrong",
                                     problem != NULL, "channels", rows);
    size_t count = desk_look(page->desk, seen, CHANNELS_MAX);
    for (size_t i = 0; !outcome && i < count; i++)
        json_array_append_new(rows, channel_json(page, o, &seen[i]));
    if (!outcome)
        outcome = add_test(page, data);
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    if (!outcome)
        return page_view_status(page, problem ? 422 : 200, "settings_channels", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_channels(struct page *page)
{
    return show(page, NULL);
}

static bool known(const struct page *page, const char *id)
{
    struct desk_seen *seen = arena_alloc(page->arena, CHANNELS_MAX * sizeof *seen);
    size_t count = seen ? desk_look(page->desk, seen, CHANNELS_MAX) : 0;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(seen[i].id, id))
            return true;
    return false;
}

/* For mqtt the event itself is the test: it leaves by that channel like any other. */
static enum outcome post_test(struct page *page)
{
    char phone[PHONE_MAX] = "";
    const char *id = page_field(page, "saluran"), *to = page_field(page, "ke");
    const char *way = known(page, id) ? test_way(page, id) : "";
    bool mail = !strcmp(way, "email"), chat = !strncmp(way, "gateway:", 8);
    int64_t sent = 0;
    if (!*way)
        return show(page, "Saluran ini tidak dapat diuji dari sini.");
    if (mail && !text_address_plausible(to))
        return show(page, "Alamat e-mail untuk ujinya belum lengkap, contoh nama@contoh.id.");
    if (chat && !phone_from_human(to, phone))
        return show(page, "Nomor telepon untuk ujinya belum benar, contoh 0812-3456-7890.");
    enum outcome outcome = settings_event(page, "saluran_diuji", json_pack("{s:s}", "channel", id));
    if (!outcome && (mail || chat))
        outcome = compose_test(
            page->txn, present_office(page), way, chat ? phone : to, &sent, page->arena, page->fault);
    if (outcome)
        return outcome;
    return page_redirect(page,
        sent ? arena_printf(page->arena, CHANNELS "?uji=%lld", (long long)sent) : CHANNELS "?catatan=diuji");
}

const struct page_route settings_channel_routes[] = {
    {CHANNELS, get_channels, post_test, SETTINGS_ROLES, 1024},
    {NULL, NULL, NULL, 0, 0},
};
