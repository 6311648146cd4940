/* /meja: what waits for this officer, by role. */
#include "daemon/book/alarm.h"
#include "daemon/book/calendar.h"
#include "daemon/book/complaint.h"
#include "daemon/book/inspection.h"
#include "daemon/book/notice.h"
#include "daemon/book/set_aside.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/route.h"
#include "daemon/desk/second_look.h"
#include "daemon/desk/sight.h"
#include "case.h"
#include "present.h"
#include "rights_page.h"
#include "routes.h"
#include "rules/words_date.h"
#include "waiting.h"
#include "watch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A list may be asked to be longer, up to what the book gives at once; beyond that there is the register. */
enum { LIST_MOST = 100, LIST_LONGEST = 500, NOTICES_MOST = 20, NOTICES_SHOWN = 5 };
#define BIT(state) (1u << (state))

/* What a list is of, beside the states. */
enum pile_of { OF_STATES, OF_LATE, OF_SOON, OF_UNDELIVERED, OF_FOLLOWED, OF_SUPERVISION, OF_HELP };

/* One tile of the desk: a list that waits for somebody. */
struct pile {
    const char *key, *label, *hint;
    unsigned states;
    enum pile_of of;
    bool quiet;     /* not shown while it is empty */
    unsigned roles; /* on whose desk it lies */
};

#define DESK_ALL (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_CAMAT)
static const struct pile piles[] = {
    {"baru", "Baru", "perlu diverifikasi", BIT(STATE_MASUK) | BIT(STATE_DIBUKA_KEMBALI), OF_STATES, false,
        1u << ROLE_PETUGAS | 1u << ROLE_KASI},
    {"terverifikasi", "Terverifikasi", "perlu diteruskan", BIT(STATE_DIVERIFIKASI), OF_STATES, false,
        1u << ROLE_PETUGAS | 1u << ROLE_KASI},
    {"disposisi", "Menunggu disposisi", "di meja Sekcam", BIT(STATE_DITERUSKAN), OF_STATES, false,
        1u << ROLE_SEKCAM | 1u << ROLE_KASI | 1u << ROLE_CAMAT},
    {"seksi", "Untuk seksi ini", "perlu dikerjakan", BIT(STATE_DIDISPOSISIKAN) | BIT(STATE_DITINDAKLANJUTI),
        OF_STATES, false, 1u << ROLE_SEKSI},
    {"membantu", "Diminta membantu", "belum dilaporkan",
        BIT(STATE_DIDISPOSISIKAN) | BIT(STATE_DITINDAKLANJUTI) | BIT(STATE_MENUNGGU_PERSETUJUAN), OF_HELP,
        true, 1u << ROLE_SEKSI},
    {"dikerjakan", "Dikerjakan seksi", "menunggu laporan",
        BIT(STATE_DIDISPOSISIKAN) | BIT(STATE_DITINDAKLANJUTI), OF_STATES, false,
        1u << ROLE_KASI | 1u << ROLE_CAMAT},
    {"persetujuan", "Menunggu persetujuan", "laporan seksi", BIT(STATE_MENUNGGU_PERSETUJUAN), OF_STATES,
        false, 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT},
    {"lengkapi", "Perlu dilengkapi", "menunggu pengadu", BIT(STATE_PERLU_DILENGKAPI), OF_STATES, false,
        1u << ROLE_PETUGAS},
    {"jawab", "Siap dijawab", "tulis jawabannya", BIT(STATE_DISETUJUI), OF_STATES, false, 1u << ROLE_PETUGAS},
    {"susulan", "Pesan susulan", "pengadu menulis lagi", 0, OF_FOLLOWED, true, 1u << ROLE_PETUGAS},
    {"gagal", "Gagal terkirim", "surat kepada pengadu", 0, OF_UNDELIVERED, true,
        1u << ROLE_PETUGAS | 1u << ROLE_KASI},
    {"pengawasan", "Perkara pengawasan", "menyangkut petugas", 0, OF_SUPERVISION, true,
        1u << ROLE_SEKCAM | 1u << ROLE_CAMAT},
    {"dibuka", "Dibuka kembali", "pengadu belum puas", BIT(STATE_DIBUKA_KEMBALI), OF_STATES, true,
        1u << ROLE_SEKCAM | 1u << ROLE_CAMAT},
    {"segera", "Segera", "tenggat 3 hari kerja", 0, OF_SOON, false,
        1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT},
    {"terlambat", "Lewat tenggat", "semua tahap", 0, OF_LATE, false, DESK_ALL | 1u << ROLE_SEKSI},
};

struct listing {
    struct page *page;
    json_t *rows;
    uint64_t mark; /* of what the list shows: another one means that it changed */
};

static uint64_t mark_more(uint64_t mark, int64_t value)
{
    return (mark ^ (uint64_t)value) * UINT64_C(0x100000001b3); /* FNV-1a, by whole numbers */
}

static enum outcome add_row(void *arg, const struct complaint *c, struct fault *fault)
{
    struct listing *l = arg;
    bool sees;
    enum outcome outcome = classify_sight(l->page->txn, l->page->officer, c, &sees, fault);
    if (outcome || !sees)
        return outcome;
    l->mark = mark_more(mark_more(l->mark, c->id), c->version);
    json_array_append_new(l->rows, present_complaint(l->page, c));
    return OUTCOME_DONE;
}

static unsigned open_states(void)
{
    unsigned set = 0;
    for (int s = 0; s < STATE_COUNT; s++)
        set |= state_open((enum state)s) ? BIT(s) : 0;
    return set;
}

static struct complaint_filter pile_filter(const struct page *page, const struct pile *pile)
{
    struct complaint_filter filter = {.states = pile->of == OF_SUPERVISION ? open_states() : pile->states,
        .overdue = pile->of == OF_LATE,
        .soon_until = pile->of == OF_SOON ? present_soon_until(page) : 0,
        .undelivered = pile->of == OF_UNDELIVERED,
        .told = pile->of == OF_FOLLOWED ? page->officer->id : 0,
        .told_kind = "tambahan",
        .kind = pile->of == OF_SUPERVISION ? "pengaduan_pengawasan" : NULL,
        .helps = pile->of == OF_HELP ? page->officer->section_id : 0,
        .helps_open = true,
        .by_due = true,
        .limit = LIST_MOST};
    sight_narrow(page->officer, &filter);
    return filter;
}

struct first {
    struct page *page;
    const struct pile *pile;
    const char *hint;
};

/* What presses most in it: the nearest deadline, or how long the first has been waiting. */
static enum outcome note_first(void *arg, const struct complaint *c, struct fault *fault)
{
    struct first *f = arg;
    (void)fault;
    const struct office *office = present_office(f->page);
    json_t *due = present_due(f->page, c);
    const char *class = json_string_value(json_object_get(due, "class"));
    bool presses = class && (!strcmp(class, "late") || !strcmp(class, "soon"));
    char age[WORDS_DATE_SIZE];
    words_date_age(age, sizeof age, c->received_at, txn_now(f->page->txn), office->utc_offset_minutes);
    if (presses)
        f->hint = arena_strdup(f->page->arena, json_string_value(json_object_get(due, "words")) +
                                                   (f->pile->of == OF_SOON ? strlen("Segera, ") : 0));
    else if (strcmp(age, "baru saja") != 0)
        f->hint = arena_printf(f->page->arena, "paling lama %s", age);
    json_decref(due);
    return OUTCOME_DONE;
}

static enum outcome add_pile(
    struct page *page, const struct pile *pile, bool chosen, json_t *tiles, unsigned *ret_states)
{
    struct complaint_filter filter = pile_filter(page, pile);
    struct first first = {page, pile, NULL};
    int64_t count;
    enum outcome outcome = complaint_count(page->txn, &filter, &count, page->fault);
    filter.limit = 1;
    if (!outcome && count)
        outcome = complaint_list(page->txn, &filter, note_first, &first, page->fault);
    if (outcome)
        return outcome;
    *ret_states |= pile->of == OF_HELP ? 0 : pile->states;
    if (!pile->quiet || count || chosen)
        json_array_append_new(
            tiles, json_pack("{s:s, s:s, s:s, s:I, s:b, s:b, s:b}", "key", pile->key, "label", pile->label,
                       "hint", first.hint ? first.hint : pile->hint, "count", (json_int_t)count, "chosen",
                       chosen, "late", pile->of == OF_LATE && count, "soon",
                       (pile->of == OF_SOON || pile->of == OF_UNDELIVERED) && count));
    return OUTCOME_DONE;
}

static enum outcome add_notices(struct page *page, json_t *data)
{
    struct notice *notices;
    int64_t total;
    enum outcome outcome =
        notice_unread(page->txn, page->officer->id, NOTICES_MOST, &notices, &total, page->arena, page->fault);
    json_t *list = json_array(), *further = json_array();
    for (struct notice *n = outcome ? NULL : notices; n; n = n->next) {
        json_t *row = json_pack("{s:s, s:s, s:s}", "number", n->number, "subject", n->subject, "url",
            arena_printf(page->arena, "/aduan/%lld", (long long)n->complaint_id));
        json_object_set_new(row, "at", present_moment(page, n->at));
        json_object_set_new(row, "what", json_string(present_event_label(n->kind)));
        json_array_append_new(json_array_size(list) < NOTICES_SHOWN ? list : further, row);
    }
    if (json_array_size(list))
        json_object_set_new(data, "news", json_pack("{s:O}", "notices", list));
    if (json_array_size(further))
        json_object_set_new(data, "more_news",
            json_pack("{s:O, s:I}", "notices", further, "further", (json_int_t)json_array_size(further)));
    json_decref(further);
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

/* What stands on the desk beside its lists. */
static enum outcome add_beside(struct page *page, json_t *data)
{
    static enum outcome (*const parts[])(struct page *, json_t *) = {
        waiting_add, add_notices, add_damage, add_alarms, add_calendar, add_aside, rights_inbox_add};
    enum outcome outcome = watch_add(page, present_soon_until(page), data);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !outcome; i++)
        outcome = parts[i](page, data);
    return outcome;
}

/* How long the list is, and where the rest of it is. */
static void add_extent(struct page *page, const char *key, int limit, int64_t total, json_t *data)
{
    json_object_set_new(data, "count", json_integer(total));
    if (total <= limit)
        return;
    const char *further = limit < LIST_LONGEST
                              ? arena_printf(page->arena, "/meja?%s%s%sbanyak=%d", key ? "daftar=" : "",
                                    key ? key : "", key ? "&" : "", LIST_LONGEST)
                              : "/buku?keadaan=terbuka";
    json_object_set_new(data, "rest",
        json_pack("{s:i, s:s, s:b}", "listed", limit, "rest_url", further, "in_book", limit == LIST_LONGEST));
}

static const struct pile *find_pile(const struct page *page)
{
    const char *wanted = page_query(page, "daftar");
    for (size_t i = 0; i < sizeof piles / sizeof *piles; i++)
        if (piles[i].roles & 1u << page->officer->role && !strcmp(wanted, piles[i].key))
            return &piles[i];
    return NULL;
}

static enum outcome add_list(struct page *page, const struct pile *chosen, unsigned states, json_t *data)
{
    const struct pile everything = {.states = states};
    struct complaint_filter filter = pile_filter(page, chosen ? chosen : &everything);
    struct listing listing = {.page = page, .rows = json_array()};
    int64_t total = 0;
    filter.limit = *page_query(page, "banyak") ? LIST_LONGEST : LIST_MOST;
    enum outcome outcome = OUTCOME_DONE;
    if (chosen || states)
        outcome = complaint_list(page->txn, &filter, add_row, &listing, page->fault);
    if (!outcome && (chosen || states))
        outcome = complaint_count(page->txn, &filter, &total, page->fault);
    if (json_array_size(listing.rows)) {
        json_object_set_new(data, "cases", json_pack("{s:O}", "rows", listing.rows));
        json_t *bulk = bulk_page_choices(page);
        if (bulk)
            json_object_set_new(data, "bulk", bulk);
    }
    if (total <= filter.limit) /* what is kept from this officer is not counted */
        total = (int64_t)json_array_size(listing.rows);
    json_decref(listing.rows);
    json_object_set_new(data, "mark",
        json_string(
            arena_printf(page->arena, "%016llx", (unsigned long long)mark_more(listing.mark, total))));
    add_extent(page, chosen ? chosen->key : NULL, filter.limit, total, data);
    return outcome;
}

/* Tiles and list: what changes by what others do. */
static enum outcome add_work(struct page *page, json_t *data)
{
    const struct pile *chosen = find_pile(page);
    unsigned states = 0;
    json_t *tiles = json_array();
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < sizeof piles / sizeof *piles && !outcome; i++)
        if (piles[i].roles & 1u << page->officer->role)
            outcome = add_pile(page, &piles[i], chosen == &piles[i], tiles, &states);
    json_object_set_new(data, "tiles", tiles);
    json_object_set_new(data, "heading", json_string(chosen ? chosen->label : "Perlu tindakan"));
    json_object_set_new(data, "all_link", json_boolean(chosen != NULL));
    json_object_set_new(data, "live",
        json_string(arena_printf(page->arena, "/meja/kabar%s%s%s", chosen ? "?daftar=" : "",
            chosen ? chosen->key : "",
            *page_query(page, "banyak") ? chosen ? "&banyak=1" : "?banyak=1" : "")));
    return outcome ? outcome : add_list(page, chosen, states, data);
}

static enum outcome show_inbox(struct page *page)
{
    json_t *data = json_pack("{s:s}", "title", "Meja");
    enum outcome outcome = add_work(page, data);
    if (!outcome)
        outcome = add_beside(page, data);
    if (!outcome)
        return page_view(page, "inbox", data);
    json_decref(data);
    return outcome;
}

/* What the page on the screen compares itself with: {"mark", "tiles": {key: count}}. As a stream: when to look. */
static enum outcome show_news(struct page *page)
{
    if (page->wants_stream)
        return page_stream(page, 0);
    json_t *data = json_object(), *counts = json_object();
    enum outcome outcome = add_work(page, data);
    const json_t *tiles = json_object_get(data, "tiles");
    for (size_t i = 0; i < json_array_size(tiles); i++) {
        const json_t *tile = json_array_get(tiles, i);
        json_object_set(
            counts, json_string_value(json_object_get(tile, "key")), json_object_get(tile, "count"));
    }
    json_t *news = json_pack("{s:O, s:o}", "mark", json_object_get(data, "mark"), "tiles", counts);
    if (!outcome)
        outcome = page_json(page, news);
    json_decref(news);
    json_decref(data);
    return outcome;
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
    {"/meja/kabar", show_news, NULL, DESK_ALL | 1u << ROLE_SEKSI, 0},
    {"/meja/dibaca", NULL, read_all, EVERYBODY, 0},
    {NULL, NULL, NULL, 0, 0},
};
