/* /meja: what waits for this officer, by role. */
#include "daemon/book/alarm.h"
#include "daemon/book/calendar.h"
#include "daemon/book/complaint.h"
#include "daemon/book/inspection.h"
#include "daemon/book/notice.h"
#include "daemon/book/outbox.h"
#include "daemon/book/set_aside.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/route.h"
#include "daemon/desk/second_look.h"
#include "daemon/desk/sight.h"
#include "present.h"
#include "routes.h"
#include "waiting.h"
#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 100, NOTICES_MOST = 20 };
#define BIT(state) (1u << (state))

/* One tile of the desk: a list that waits for somebody. */
struct pile {
    const char *key, *label, *hint;
    unsigned states;
    bool overdue;
    unsigned roles; /* on whose desk it lies */
};

#define DESK_ALL (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_CAMAT)
static const struct pile piles[] = {
    {"baru", "Baru", "perlu diverifikasi", BIT(STATE_MASUK) | BIT(STATE_DIBUKA_KEMBALI), false,
        1u << ROLE_PETUGAS | 1u << ROLE_KASI},
    {"terverifikasi", "Terverifikasi", "perlu diteruskan", BIT(STATE_DIVERIFIKASI), false,
        1u << ROLE_PETUGAS | 1u << ROLE_KASI},
    {"disposisi", "Menunggu disposisi", "di meja Sekcam", BIT(STATE_DITERUSKAN), false,
        1u << ROLE_SEKCAM | 1u << ROLE_KASI | 1u << ROLE_CAMAT},
    {"seksi", "Untuk seksi ini", "perlu dikerjakan", BIT(STATE_DIDISPOSISIKAN) | BIT(STATE_DITINDAKLANJUTI),
        false, 1u << ROLE_SEKSI},
    {"dikerjakan", "Dikerjakan seksi", "menunggu laporan",
        BIT(STATE_DIDISPOSISIKAN) | BIT(STATE_DITINDAKLANJUTI), false, 1u << ROLE_KASI | 1u << ROLE_CAMAT},
    {"persetujuan", "Menunggu persetujuan", "laporan seksi", BIT(STATE_MENUNGGU_PERSETUJUAN), false,
        1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT},
    {"lengkapi", "Perlu dilengkapi", "menunggu pengadu", BIT(STATE_PERLU_DILENGKAPI), false,
        1u << ROLE_PETUGAS},
    {"jawab", "Siap dijawab", "tulis jawabannya", BIT(STATE_DISETUJUI), false, 1u << ROLE_PETUGAS},
    {"terlambat", "Lewat tenggat", "semua tahap", 0, true, DESK_ALL | 1u << ROLE_SEKSI},
};

struct listing {
    struct page *page;
    json_t *rows;
};

static enum outcome add_row(void *arg, const struct complaint *c, struct fault *fault)
{
    struct listing *l = arg;
    bool sees;
    enum outcome outcome = classify_sight(l->page->txn, l->page->officer, c, &sees, fault);
    if (!outcome && sees)
        json_array_append_new(l->rows, present_complaint(l->page, c));
    return outcome;
}

static struct complaint_filter pile_filter(const struct page *page, const struct pile *pile)
{
    const struct officer *o = page->officer;
    return (struct complaint_filter){.states = pile->states,
        .overdue = pile->overdue,
        .section_id = o->role != ROLE_SEKSI ? 0
                      : o->section_id       ? o->section_id
                                            : -1,
        .hide_rahasia = o->role == ROLE_KASI || o->role == ROLE_SEKSI,
        .by_due = true,
        .limit = LIST_MOST};
}

static enum outcome add_pile(
    struct page *page, const struct pile *pile, bool chosen, json_t *tiles, unsigned *ret_states)
{
    struct complaint_filter filter = pile_filter(page, pile);
    int64_t count;
    enum outcome outcome = complaint_count(page->txn, &filter, &count, page->fault);
    if (outcome)
        return outcome;
    *ret_states |= pile->states;
    json_array_append_new(
        tiles, json_pack("{s:s, s:s, s:s, s:I, s:b, s:b}", "key", pile->key, "label", pile->label, "hint",
                   pile->hint, "count", (json_int_t)count, "chosen", chosen, "late", pile->overdue && count));
    return OUTCOME_DONE;
}

static enum outcome add_notices(struct page *page, json_t *data)
{
    struct notice *notices;
    int64_t total;
    enum outcome outcome =
        notice_unread(page->txn, page->officer->id, NOTICES_MOST, &notices, &total, page->arena, page->fault);
    json_t *list = json_array();
    for (struct notice *n = outcome ? NULL : notices; n; n = n->next) {
        json_t *row = json_pack("{s:s, s:s, s:s}", "number", n->number, "subject", n->subject, "url",
            arena_printf(page->arena, "/aduan/%lld", (long long)n->complaint_id));
        json_object_set_new(row, "at", present_moment(page, n->at));
        json_object_set_new(row, "what", json_string(present_event_label(n->kind)));
        json_array_append_new(list, row);
    }
    if (json_array_size(list))
        json_object_set_new(data, "news", json_pack("{s:O}", "notices", list));
    if (json_array_size(list) > 1) /* what comes meanwhile stays unread */
        json_object_set_new(data, "newest", json_integer((json_int_t)notices->id));
    json_decref(list);
    if (total)
        json_object_set_new(data, "notice_total", json_integer(total));
    return outcome;
}

/* What the last nightly look through the book found: the admin is told what, the others whom to tell. */
static enum outcome add_damage(struct page *page, json_t *data)
{
    struct inspection last = {0};
    enum outcome outcome = inspection_newest(page->txn, &last, page->arena, page->fault);
    if (outcome || !last.fault)
        return outcome;
    json_t *damage = json_pack("{s:s, s:b}", "fault", last.fault, "admin", page->officer->role == ROLE_ADMIN);
    json_object_set_new(damage, "at", present_moment(page, last.ended_at));
    json_object_set_new(data, "damage", damage);
    return OUTCOME_DONE;
}

/* Channels that are away too long; the section's desk cannot do anything about it. */
static enum outcome add_alarms(struct page *page, json_t *data)
{
    struct alarm *alarms = NULL;
    json_t *list = json_array();
    enum outcome outcome = page->officer->role == ROLE_SEKSI
                               ? OUTCOME_DONE
                               : alarm_list(page->txn, &alarms, page->arena, page->fault);
    for (; alarms; alarms = alarms->next) {
        json_t *row = json_pack(
            "{s:s, s:s}", "alarm_channel", route_channel_label(alarms->key), "alarm_text", alarms->text);
        json_object_set_new(row, "alarm_since", present_moment(page, alarms->since));
        json_array_append_new(list, row);
    }
    json_object_set_new(data, "alarms", list);
    return outcome;
}

/* From November on, for whom it is to do: next year's holidays. */
static enum outcome add_calendar(struct page *page, json_t *data)
{
    int year = 0;
    enum outcome outcome =
        page->officer->role == ROLE_ADMIN ? calendar_lacks(page->txn, &year, page->fault) : OUTCOME_DONE;
    if (!outcome && year)
        json_object_set_new(data, "no_holidays", json_pack("{s:i}", "holidays_of", year));
    return outcome;
}

/* Mail that may be a person's and opened nothing. */
static enum outcome add_aside(struct page *page, json_t *data)
{
    int64_t count = 0;
    enum outcome outcome =
        second_look_may(page->officer) ? set_aside_waiting(page->txn, &count, page->fault) : OUTCOME_DONE;
    if (count)
        json_object_set_new(data, "aside", json_integer(count));
    return outcome;
}

struct troubles {
    int64_t failed, unknown;
};

static enum outcome count_trouble(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest_at, struct fault *fault)
{
    struct troubles *t = arg;
    (void)channel;
    (void)oldest_at;
    (void)fault;
    t->failed += strcmp(state, "gagal") ? 0 : count;
    t->unknown += strcmp(state, "tidak_pasti") ? 0 : count;
    return OUTCOME_DONE;
}

static enum outcome show_inbox(struct page *page)
{
    const char *wanted = http_form_get(page->query, "daftar");
    const struct pile *chosen = NULL;
    unsigned mine = 1u << page->officer->role, states = 0;
    json_t *tiles = json_array(), *rows = json_array();
    json_t *data = json_pack(
        "{s:s, s:o, s:o}", "title", "Meja", "tiles", tiles, "cases", json_pack("{s:o}", "rows", rows));
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < sizeof piles / sizeof *piles && !outcome; i++) {
        bool is = wanted && !strcmp(wanted, piles[i].key);
        if (!(piles[i].roles & mine))
            continue;
        chosen = is ? &piles[i] : chosen;
        outcome = add_pile(page, &piles[i], is, tiles, &states);
    }
    const struct pile everything = {.states = states};
    struct complaint_filter filter = pile_filter(page, chosen ? chosen : &everything);
    struct listing listing = {page, rows};
    struct troubles troubles = {0, 0};
    if (!outcome && (chosen || states))
        outcome = complaint_list(page->txn, &filter, add_row, &listing, page->fault);
    if (!outcome)
        outcome = outbox_counts(page->txn, count_trouble, &troubles, page->fault);
    if (!outcome)
        outcome = waiting_add(page, data);
    if (!outcome)
        outcome = add_notices(page, data);
    if (!outcome)
        outcome = add_damage(page, data);
    if (!outcome)
        outcome = add_alarms(page, data);
    if (!outcome)
        outcome = add_calendar(page, data);
    if (!outcome)
        outcome = add_aside(page, data);
    if (outcome) {
        json_decref(data);
        return outcome;
    }
    json_object_set_new(data, "heading", json_string(chosen ? chosen->label : "Perlu tindakan"));
    json_object_set_new(data, "count", json_integer((json_int_t)json_array_size(rows)));
    if (!json_array_size(rows))
        json_object_del(data, "cases");
    if (troubles.failed + troubles.unknown && page->officer->role != ROLE_SEKSI)
        json_object_set_new(data, "undelivered", json_integer(troubles.failed + troubles.unknown));
    json_object_set_new(data, "all_link", json_boolean(chosen != NULL));
    return page_view(page, "inbox", data);
}

static enum outcome read_all(struct page *page)
{
    enum outcome outcome = notice_read_until(
        page->txn, page->officer->id, strtoll(page_field(page, "sampai"), NULL, 10), page->fault);
    return outcome ? outcome : page_redirect(page, "/meja");
}

#define EVERYBODY (DESK_ALL | 1u << ROLE_SEKSI | 1u << ROLE_ADMIN)
const struct page_route inbox_routes[] = {
    {"/meja", show_inbox, NULL, EVERYBODY, 0},
    {"/meja/dibaca", NULL, read_all, EVERYBODY, 0},
    {NULL, NULL, NULL, 0, 0},
};
