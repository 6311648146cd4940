#include "evaluate.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/figures.h"
#include "daemon/book/timetable.h"
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MOST = EVALUATE_GROUPS - 1 };

static const struct {
    const char *key, *name;
    const char *prefixes[3];
} families[EVALUATE_CHANNELS] = {
    {"whatsapp", "WhatsApp", {"gateway:"}},
    {"situs", "Situs web", {"situs", "web:"}},
    {"email", "E-mail", {"email"}},
    {"loket", "Loket", {"loket"}},
    {"telepon", "Telepon", {"telepon"}},
    {"kotak", "Kotak saran", {"kotak"}},
    {"lain", "Lainnya", {NULL}},
};

static int family_of(const char *channel)
{
    for (int i = 0; i < EVALUATE_CHANNELS; i++)
        for (int k = 0; k < 3 && families[i].prefixes[k]; k++)
            if (!strncmp(channel, families[i].prefixes[k], strlen(families[i].prefixes[k])))
                return i;
    return EVALUATE_CHANNELS - 1;
}

struct gathering {
    struct evaluate *v;
    struct evaluation_terms terms;
};

static struct evaluate_group *group_of(struct evaluate_group *groups, int count, int64_t id)
{
    for (int i = 0; i < count; i++)
        if (groups[i].id == id)
            return &groups[i];
    return &groups[count - 1]; /* no longer in the catalogue */
}

static enum outcome take(void *arg, const struct figures_row *row, struct fault *fault)
{
    struct gathering *g = arg;
    struct evaluate *v = g->v;
    int family = family_of(row->channel);
    int32_t day = workday_of_ms(row->fact.received_at, g->terms.utc_offset_minutes);
    (void)fault;
    evaluation_add(&v->all, &row->fact, &g->terms);
    evaluation_add(&v->channels[family].e, &row->fact, &g->terms);
    evaluation_add(&group_of(v->services, v->service_count, row->service_id)->e, &row->fact, &g->terms);
    evaluation_add(&group_of(v->sections, v->section_count, row->section_id)->e, &row->fact, &g->terms);
    for (int i = 0; i < v->slice_count; i++)
        if (day >= v->slices[i].first && day <= v->slices[i].last) {
            evaluation_add(&v->slices[i].e, &row->fact, &g->terms);
            v->slices[i].by_channel[family]++;
        }
    return OUTCOME_DONE;
}

/* ---- the empty groups ---- */

static void make_slices(struct evaluate *v)
{
    int32_t last = period_last(&v->period), day = period_first(&v->period);
    while (day <= last && v->slice_count < EVALUATE_SLICES) {
        struct evaluate_slice *s = &v->slices[v->slice_count++];
        struct period month = {v->period.year, v->slice_count};
        int32_t end = v->period.month ? day + 6 - workday_weekday(day) : period_last(&month);
        *s = (struct evaluate_slice){.first = day, .last = end > last ? last : end};
        day = s->last + 1;
    }
}

static enum outcome make_services(
    struct book_txn *txn, struct evaluate *v, struct arena *arena, struct fault *fault)
{
    struct service *services;
    v->services = arena_alloc(arena, EVALUATE_GROUPS * sizeof *v->services);
    enum outcome outcome = service_list(txn, &services, arena, fault);
    for (; !outcome && v->services && services && v->service_count < GROUPS_MOST; services = services->next)
        v->services[v->service_count++] =
            (struct evaluate_group){.id = services->id, .name = services->name, .key = services->key};
    if (!outcome && v->services)
        v->services[v->service_count++] = (struct evaluate_group){.name = "Belum ditentukan", .key = ""};
    return outcome;
}

static enum outcome make_sections(
    struct book_txn *txn, struct evaluate *v, struct arena *arena, struct fault *fault)
{
    struct section *sections;
    v->sections = arena_alloc(arena, EVALUATE_GROUPS * sizeof *v->sections);
    enum outcome outcome = section_list(txn, &sections, arena, fault);
    for (; !outcome && v->sections && sections && v->section_count < GROUPS_MOST; sections = sections->next)
        v->sections[v->section_count++] =
            (struct evaluate_group){.id = sections->id, .name = sections->name, .key = sections->key};
    if (!outcome && v->sections)
        v->sections[v->section_count++] = (struct evaluate_group){.name = "Tanpa disposisi", .key = ""};
    return outcome;
}

enum outcome evaluate(struct book_txn *txn, const struct office *office, const struct period *period,
    struct evaluate **ret, struct arena *arena, struct fault *fault)
{
    struct evaluate *v = arena_alloc(arena, sizeof *v);
    if (!v)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for an evaluation");
    const struct timetable *timetable;
    struct gathering g = {.v = v};
    v->period = *period;
    v->now = txn_now(txn);
    for (int i = 0; i < EVALUATE_CHANNELS; i++)
        v->channels[i] = (struct evaluate_group){.id = i, .name = families[i].name, .key = families[i].key};
    make_slices(v);
    enum outcome outcome = timetable_get(txn, &timetable, fault);
    if (!outcome)
        g.terms = (struct evaluation_terms){&timetable->calendar, office->utc_offset_minutes, txn_now(txn)};
    if (!outcome)
        outcome = make_services(txn, v, arena, fault);
    if (!outcome)
        outcome = make_sections(txn, v, arena, fault);
    if (!outcome && !arena_ok(arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an evaluation");
    if (!outcome)
        outcome = figures_list(txn, period_from_ms(period, office->utc_offset_minutes),
            period_to_ms(period, office->utc_offset_minutes), take, &g, fault);
    *ret = v;
    return outcome;
}

/* ---- for machines ---- */

static json_t *or_null(int value)
{
    return value < 0 ? json_null() : json_integer(value);
}

json_t *evaluate_json_counts(const struct evaluation *e)
{
    int tenths = evaluation_rating_tenths(e);
    return json_pack(
        "{s:i, s:i, s:i, s:i, s:i, s:i, s:o, s:i, s:i, s:{s:i, s:i, s:i}, s:i, s:i, s:[i, i, i, i],"
        " s:i, s:i, s:o, s:o, s:i, s:o}",
        "received", e->received, "suggestions", e->suggestions, "verified_in_time", e->judged_in_time,
        "verified_late", e->judged_late, "answered", e->answered, "answered_in_time", e->in_time,
        "answered_in_time_percent", or_null(evaluation_percent(e->in_time, e->answered)), "referred",
        e->referred, "joined", e->joined, "archived", "withdrawn", e->archived[ARCHIVED_WITHDRAWN],
        "incomplete", e->archived[ARCHIVED_INCOMPLETE], "other", e->archived[ARCHIVED_OTHER], "open", e->open,
        "overdue", e->overdue, "open_by_age", e->open_age[0], e->open_age[1], e->open_age[2], e->open_age[3],
        "reopened", e->reopened, "compensated", e->compensated, "working_days_median",
        or_null(evaluation_days_within(e, 50)), "working_days_p90", or_null(evaluation_days_within(e, 90)),
        "ratings", e->ratings, "rating_tenths", or_null(tenths));
}

static json_t *groups_json(const struct evaluate_group *groups, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        json_t *one = evaluate_json_counts(&groups[i].e);
        json_object_set_new(one, "key", json_string(groups[i].key));
        json_object_set_new(one, "name", json_string(groups[i].name));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *evaluate_json(const struct evaluate *v, const struct office *office)
{
    char key[PERIOD_SIZE];
    json_t *slices = json_array();
    period_key(&v->period, key);
    for (int i = 0; i < v->slice_count; i++) {
        int year, month, day;
        json_t *one = evaluate_json_counts(&v->slices[i].e);
        workday_to_date(v->slices[i].first, &year, &month, &day);
        json_object_set_new(one, "from", json_sprintf("%04d-%02d-%02d", year, month, day));
        workday_to_date(v->slices[i].last, &year, &month, &day);
        json_object_set_new(one, "to", json_sprintf("%04d-%02d-%02d", year, month, day));
        json_array_append_new(slices, one);
    }
    return json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "office", office->name, "period", key,
        "counted_at", (json_int_t)v->now, "all", evaluate_json_counts(&v->all), "channels",
        groups_json(v->channels, EVALUATE_CHANNELS), "services", groups_json(v->services, v->service_count),
        "sections", groups_json(v->sections, v->section_count), "slices", slices);
}
