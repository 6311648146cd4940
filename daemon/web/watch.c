#include "watch.h"
#include "daemon/book/workload.h"
#include "daemon/desk/route.h"
#include "present.h"
#include "rules/workday.h"
#include <stdio.h>
#include <string.h>

enum { DESKS_MOST = 64, PEOPLE_MOST = 200, CHANNELS_MOST = 64, WEEK = 7 };

/* ---- figures of the day ---- */

static int64_t day_begins(const struct page *page, int32_t day)
{
    return workday_end_ms(day - 1, present_office(page)->utc_offset_minutes) + 1;
}

static void add_figure(json_t *list, int64_t count, const char *label, const char *hint, bool late)
{
    json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:b}", "count", (json_int_t)count, "label", label,
                                    "hint", hint, "late", late));
}

static enum outcome day_figures(struct page *page, json_t *list)
{
    int32_t today = workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    struct workload_day now, before;
    enum outcome outcome =
        workload_day(page->txn, day_begins(page, today), day_begins(page, today + 1), &now, page->fault);
    if (!outcome)
        outcome = workload_day(page->txn, day_begins(page, today - WEEK), day_begins(page, today - WEEK + 1),
            &before, page->fault);
    if (outcome)
        return outcome;
    char hint[80];
    snprintf(hint, sizeof hint, "pekan lalu %lld", (long long)before.received);
    add_figure(list, now.received, "Masuk hari ini", hint, false);
    if (now.answered_late)
        snprintf(hint, sizeof hint, "%lld sesudah tenggat", (long long)now.answered_late);
    else
        snprintf(hint, sizeof hint, "%s", now.answered ? "semua tepat waktu" : "belum ada");
    add_figure(list, now.answered, "Dijawab hari ini", hint, now.answered_late > 0);
    return OUTCOME_DONE;
}

static enum outcome month_figures(struct page *page, json_t *list)
{
    int32_t today = workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    int year, month, day;
    workday_to_date(today, &year, &month, &day);
    struct workload_day now;
    enum outcome outcome = workload_day(page->txn, day_begins(page, workday_from_date(year, month, 1)),
        day_begins(page, today + 1), &now, page->fault);
    if (outcome)
        return outcome;
    char hint[80];
    add_figure(list, now.received, "Masuk bulan ini", "semua saluran", false);
    if (now.answered)
        snprintf(hint, sizeof hint, "%lld %% tepat waktu",
            (long long)((now.answered - now.answered_late) * 100 / now.answered));
    else
        snprintf(hint, sizeof hint, "belum ada");
    add_figure(list, now.answered, "Dijawab bulan ini", hint, now.answered_late * 5 > now.answered);
    if (now.rated) {
        snprintf(hint, sizeof hint, "dari %lld penilaian", (long long)now.rated);
        add_figure(list, now.satisfied, "Puas bulan ini", hint, false);
    }
    return OUTCOME_DONE;
}

/* ---- who has how much to do ---- */

/* A section's, or of one role (section_id 0). */
struct desk_row {
    enum role role;
    int64_t section_id;
    const char *name;
    int64_t late, soon, fine, pause;
    json_t *people;
};

struct desks {
    struct page *page;
    struct desk_row rows[DESKS_MOST];
    size_t count;
};

static enum role desk_of(enum state state)
{
    switch (state) {
    case STATE_DITERUSKAN:
    case STATE_MENUNGGU_PERSETUJUAN:
        return ROLE_SEKCAM;
    case STATE_DIDISPOSISIKAN:
    case STATE_DITINDAKLANJUTI:
        return ROLE_SEKSI;
    default:
        return ROLE_PETUGAS;
    }
}

static struct desk_row *find_desk(struct desks *d, enum role role, int64_t section_id)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->rows[i].role == role && d->rows[i].section_id == section_id)
            return &d->rows[i];
    return NULL;
}

static enum outcome add_load(void *arg, const struct workload *load, struct fault *fault)
{
    struct desks *d = arg;
    (void)fault;
    enum role role = desk_of(load->state);
    int64_t section_id = role == ROLE_SEKSI ? load->section_id : 0;
    struct desk_row *row = find_desk(d, role, section_id);
    if (!row && d->count < DESKS_MOST) {
        row = &d->rows[d->count++];
        *row = (struct desk_row){.role = role,
            .section_id = section_id,
            .name = role != ROLE_SEKSI ? role_label(role)
                    : load->section    ? arena_strdup(d->page->arena, load->section)
                                       : "Tanpa seksi",
            .people = json_array()};
    }
    if (row) {
        row->late += load->late;
        row->soon += load->soon;
        row->fine += load->fine;
        row->pause += load->pause;
    }
    return OUTCOME_DONE;
}

static enum outcome add_person(void *arg, const struct officer *o, struct fault *fault)
{
    struct desks *d = arg;
    (void)fault;
    struct desk_row *row = find_desk(d, o->role, o->role == ROLE_SEKSI ? o->section_id : 0);
    if (row && json_array_size(row->people) < PEOPLE_MOST)
        json_array_append_new(row->people, json_string(o->name));
    return OUTCOME_DONE;
}

static json_t *names(const json_t *people)
{
    struct str out;
    str_init(&out, 16 * 1024);
    for (size_t i = 0; i < json_array_size(people); i++)
        str_addf(&out, "%s%s", i ? ", " : "", json_string_value(json_array_get(people, i)));
    json_t *text = str_ok(&out) && out.len ? json_string(out.data) : NULL;
    str_release(&out);
    return text;
}

static json_t *desk_json(struct page *page, const struct desk_row *row)
{
    json_t *json = json_pack("{s:s?, s:I, s:I, s:I, s:I, s:b, s:b}", "desk", row->name, "late_count",
        (json_int_t)row->late, "soon_count", (json_int_t)row->soon, "fine_count", (json_int_t)row->fine,
        "pause_count", (json_int_t)row->pause, "is_late", row->late > 0, "is_soon", row->soon > 0);
    json_t *people = names(row->people);
    if (people)
        json_object_set_new(json, "people_names", people);
    if (row->section_id)
        json_object_set_new(json, "desk_url",
            json_string(
                arena_printf(page->arena, "/buku?seksi=%lld&keadaan=terbuka", (long long)row->section_id)));
    return json;
}

static enum outcome add_loads(struct page *page, int64_t soon_until, json_t *data)
{
    struct desks d = {.page = page};
    json_t *list = json_array();
    enum outcome outcome =
        workload_list(page->txn, soon_until, page->officer->role == ROLE_KASI, add_load, &d, page->fault);
    if (!outcome)
        outcome = officer_each(page->txn, add_person, &d, page->fault);
    for (size_t i = 0; i < d.count; i++) {
        json_array_append_new(list, desk_json(page, &d.rows[i]));
        json_decref(d.rows[i].people);
    }
    if (json_array_size(list))
        json_object_set_new(data, "loads", json_pack("{s:O}", "desks", list));
    json_decref(list);
    return outcome;
}

/* ---- the ledger ---- */

struct ledger_row {
    const char *channel;
    int64_t all, opened, added, noted, ignored, aside, lost;
    const char *reason; /* the most frequent one of what was ignored */
};

struct ledger {
    struct page *page;
    struct ledger_row rows[CHANNELS_MOST], total;
    size_t count;
};

static void ledger_add(struct ledger_row *row, const char *outcome, int64_t count, int64_t lost)
{
    int64_t *at = !strcmp(outcome, "dibuka")        ? &row->opened
                  : !strcmp(outcome, "ditambahkan") ? &row->added
                  : !strcmp(outcome, "diabaikan")   ? &row->ignored
                  : !strcmp(outcome, "dikarantina") ? &row->aside
                                                    : &row->noted;
    *at += count;
    row->all += count;
    row->lost += lost;
}

static enum outcome add_entry(void *arg, const char *channel, const char *outcome, const char *reason,
    int64_t count, int64_t lost, struct fault *fault)
{
    struct ledger *l = arg;
    (void)fault;
    struct ledger_row *row = l->count ? &l->rows[l->count - 1] : NULL;
    if ((!row || strcmp(row->channel, channel) != 0) && l->count < CHANNELS_MOST) {
        row = &l->rows[l->count++];
        *row = (struct ledger_row){.channel = arena_strdup(l->page->arena, channel)};
    }
    ledger_add(row, outcome, count, lost);
    ledger_add(&l->total, outcome, count, lost);
    if (!strcmp(outcome, "diabaikan") && reason && !row->reason)
        row->reason = arena_strdup(l->page->arena, reason);
    return OUTCOME_DONE;
}

static json_t *ledger_json(const struct ledger_row *row)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s?, s:b}", "all", (json_int_t)row->all, "opened",
        (json_int_t)row->opened, "added", (json_int_t)row->added, "noted", (json_int_t)row->noted, "ignored",
        (json_int_t)row->ignored, "put_aside", (json_int_t)row->aside, "lost", (json_int_t)row->lost, "why",
        row->reason, "fits", row->lost == 0);
}

static enum outcome add_ledger(struct page *page, json_t *data)
{
    struct ledger l = {.page = page};
    int32_t today = workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    json_t *list = json_array();
    enum outcome outcome = workload_ledger(page->txn, day_begins(page, today), add_entry, &l, page->fault);
    for (size_t i = 0; i < l.count; i++) {
        json_t *row = ledger_json(&l.rows[i]);
        const char *own = strchr(l.rows[i].channel, ':'); /* several mailboxes are several channels */
        json_object_set_new(row, "by",
            json_string(arena_printf(page->arena, "%s%s%s", route_channel_label(l.rows[i].channel),
                own ? " " : "", own ? own + 1 : "")));
        json_object_set_new(row, "icon", json_string(present_channel_icon(l.rows[i].channel)));
        json_array_append_new(list, row);
    }
    json_t *ledger = ledger_json(&l.total);
    if (json_array_size(list))
        json_object_set(ledger, "entries", list);
    json_decref(list);
    json_object_set_new(data, "ledger", ledger);
    return outcome;
}

enum outcome watch_add(struct page *page, int64_t soon_until, json_t *data)
{
    enum role role = page->officer->role;
    if (role != ROLE_KASI && role != ROLE_CAMAT)
        return OUTCOME_DONE;
    json_t *figures = json_array();
    enum outcome outcome = day_figures(page, figures);
    if (!outcome && role == ROLE_CAMAT)
        outcome = month_figures(page, figures);
    json_object_set_new(data, "watch", json_pack("{s:o}", "figures", figures));
    if (!outcome)
        outcome = add_loads(page, soon_until, data);
    if (!outcome && role == ROLE_KASI)
        outcome = add_ledger(page, data);
    return outcome;
}
