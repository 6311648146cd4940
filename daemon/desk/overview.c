#include "overview.h"
#include "daemon/base/str.h"
#include "daemon/book/officer.h"
#include "daemon/book/workload.h"
#include <string.h>

enum { DESKS_MOST = 64, PEOPLE_MOST = 200, CHANNELS_MOST = 64 };

int64_t overview_soon_until(int64_t now, const struct workday_calendar *calendar, int utc_offset_minutes)
{
    int32_t today = workday_of_ms(now, utc_offset_minutes);
    return workday_end_ms(workday_add(today, OVERVIEW_SOON_WORKDAYS, calendar), utc_offset_minutes) + 1;
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
    struct arena *arena;
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
                    : load->section    ? arena_strdup(d->arena, load->section)
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

static json_t *desk_json(const struct desk_row *row)
{
    json_t *json = json_pack("{s:s?, s:I, s:I, s:I, s:I, s:I, s:b, s:b}", "desk", row->name, "section_id",
        (json_int_t)row->section_id, "late_count", (json_int_t)row->late, "soon_count", (json_int_t)row->soon,
        "fine_count", (json_int_t)row->fine, "pause_count", (json_int_t)row->pause, "is_late", row->late > 0,
        "is_soon", row->soon > 0);
    json_t *people = names(row->people);
    if (people)
        json_object_set_new(json, "people_names", people);
    return json;
}

enum outcome overview_loads(struct book_txn *txn, int64_t soon_until, bool hide_rahasia, json_t **ret_list,
    struct arena *arena, struct fault *fault)
{
    struct desks d = {.arena = arena};
    *ret_list = NULL;
    enum outcome outcome = workload_list(txn, soon_until, hide_rahasia, add_load, &d, fault);
    if (!outcome)
        outcome = officer_each(txn, add_person, &d, fault);
    json_t *list = json_array();
    for (size_t i = 0; i < d.count; i++) {
        json_array_append_new(list, desk_json(&d.rows[i]));
        json_decref(d.rows[i].people);
    }
    if (!outcome && json_array_size(list) != d.count)
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an overview");
    if (outcome)
        json_decref(list);
    else
        *ret_list = list;
    return outcome;
}

/* ---- the ledger ---- */

struct ledger_row {
    const char *channel;
    int64_t all, opened, added, noted, ignored, aside, lost;
    const char *reason; /* the most frequent one of what was ignored */
};

struct ledger {
    struct arena *arena;
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
        *row = (struct ledger_row){.channel = arena_strdup(l->arena, channel)};
    }
    ledger_add(row, outcome, count, lost);
    ledger_add(&l->total, outcome, count, lost);
    if (!strcmp(outcome, "diabaikan") && reason && !row->reason)
        row->reason = arena_strdup(l->arena, reason);
    return OUTCOME_DONE;
}

static json_t *ledger_json(const struct ledger_row *row)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s?, s:b}", "all", (json_int_t)row->all, "opened",
        (json_int_t)row->opened, "added", (json_int_t)row->added, "noted", (json_int_t)row->noted, "ignored",
        (json_int_t)row->ignored, "put_aside", (json_int_t)row->aside, "lost", (json_int_t)row->lost, "why",
        row->reason, "fits", row->lost == 0);
}

enum outcome overview_ledger(
    struct book_txn *txn, int64_t since, json_t **ret_ledger, struct arena *arena, struct fault *fault)
{
    struct ledger l = {.arena = arena};
    *ret_ledger = NULL;
    enum outcome outcome = workload_ledger(txn, since, add_entry, &l, fault);
    if (outcome)
        return outcome;
    json_t *list = json_array(), *ledger = ledger_json(&l.total);
    for (size_t i = 0; i < l.count; i++) {
        json_t *row = ledger_json(&l.rows[i]);
        json_object_set_new(row, "channel", json_string(l.rows[i].channel));
        json_array_append_new(list, row);
    }
    if (json_array_size(list))
        json_object_set(ledger, "entries", list);
    json_decref(list);
    *ret_ledger = ledger;
    return ledger ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an overview");
}
