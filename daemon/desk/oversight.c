#include "oversight.h"
#include "classify_proposal.h"
#include "compose.h"
#include "daemon/book/event.h"
#include "daemon/book/workload.h"
#include "overview.h"
#include "rules/words_date.h"
#include <stdlib.h>

enum { ROWS_MOST = 100 };

static const struct {
    enum term hour;
    enum role role;
    int days; /* that the first one looks back */
    const char *name, *event;
} kinds[SHEET_KINDS] = {[SHEET_HARIAN] = {TERM_LEMBAR_HARIAN, ROLE_KASI, 1, "Lembar harian", "lembar_harian"},
    [SHEET_MINGGUAN] = {TERM_LEMBAR_MINGGUAN, ROLE_SEKCAM, 7, "Lembar mingguan", "lembar_mingguan"}};

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a sheet");
}

/* ---- is one due? ---- */

/* *ret_due false = it was made, or nothing happened before that hour. */
static enum outcome find_due(struct book_txn *txn, const struct timetable *t, enum sheet_kind kind,
    struct sheet *ret, bool *ret_due, struct fault *fault)
{
    struct sheet last;
    struct sheet_due due;
    int64_t begun = 0;
    *ret_due = false;
    enum outcome outcome = sheet_newest(txn, kind, &last, fault);
    if (outcome || !sheet_due(&t->hours, kind, t->terms[kinds[kind].hour], txn_now(txn), &due))
        return outcome;
    if (!last.id)
        outcome = sheet_book_begun(txn, &begun, fault);
    if (outcome || (last.id ? due.day <= last.day : !begun || due.at < begun))
        return outcome;
    int64_t from =
        last.id ? last.at : workday_end_ms(due.day - kinds[kind].days - 1, t->hours.utc_offset_minutes) + 1;
    *ret = (struct sheet){.kind = kind, .day = due.day, .from_at = from};
    *ret_due = true;
    return OUTCOME_DONE;
}

static enum outcome find_first(
    struct book_txn *txn, const struct timetable *t, struct sheet *ret, bool *ret_due, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    *ret_due = false;
    for (int kind = 0; kind < SHEET_KINDS && !outcome && !*ret_due; kind++)
        outcome = find_due(txn, t, (enum sheet_kind)kind, ret, ret_due, fault);
    return outcome;
}

enum outcome oversight_look(
    struct book_txn *txn, const struct timetable *t, bool *ret_due, struct fault *fault)
{
    struct sheet sheet;
    return find_first(txn, t, &sheet, ret_due, fault);
}

/* ---- what it says ---- */

struct making {
    struct book_txn *txn;
    const struct office *office;
    const struct timetable *t;
    struct sheet sheet;
    json_t *rows;
    int64_t late, soon, more; /* more: that are not listed */
    struct arena *arena;
};

/* Nobody in person: what the role may see. */
static enum outcome add_row(void *arg, const struct complaint *c, struct fault *fault)
{
    struct making *m = arg;
    bool sees, late = c->due_at < txn_now(m->txn);
    const struct officer reader = {.role = kinds[m->sheet.kind].role};
    enum outcome outcome = classify_sight(m->txn, &reader, c, &sees, fault);
    if (!outcome && sees &&
        json_array_append_new(m->rows, json_pack("{s:I, s:b}", "id", (json_int_t)c->id, "late", late)))
        outcome = no_memory(fault);
    return outcome;
}

/* Late ones first, the longest first; then what soon will be. */
static enum outcome add_rows(struct making *m, int64_t soon_until, struct fault *fault)
{
    const bool hide = kinds[m->sheet.kind].role == ROLE_KASI;
    struct complaint_filter filter = {
        .overdue = true, .by_due = true, .hide_rahasia = hide, .limit = ROWS_MOST};
    enum outcome outcome = complaint_list(m->txn, &filter, add_row, m, fault);
    filter.overdue = false;
    filter.soon_until = soon_until;
    filter.limit = ROWS_MOST - (int)json_array_size(m->rows);
    if (!outcome && filter.limit > 0)
        outcome = complaint_list(m->txn, &filter, add_row, m, fault);
    return outcome;
}

static void add_counts(struct making *m, const json_t *loads)
{
    const json_t *load;
    size_t i;
    json_array_foreach(loads, i, load)
    {
        m->late += json_integer_value(json_object_get(load, "late_count"));
        m->soon += json_integer_value(json_object_get(load, "soon_count"));
    }
    int64_t left = m->late + m->soon - (int64_t)json_array_size(m->rows);
    m->more = left > 0 ? left : 0;
}

static enum outcome count(struct making *m, json_t **ret_data, struct fault *fault)
{
    struct workload_day day = {0};
    json_t *loads = NULL, *ledger = NULL;
    const bool hide = kinds[m->sheet.kind].role == ROLE_KASI;
    int64_t now = txn_now(m->txn),
            soon = overview_soon_until(now, &m->t->calendar, m->t->hours.utc_offset_minutes);
    enum outcome outcome = workload_day(m->txn, m->sheet.from_at, now, &day, fault);
    if (!outcome)
        outcome = overview_loads(m->txn, soon, hide, &loads, m->arena, fault);
    if (!outcome)
        outcome = overview_ledger(m->txn, m->sheet.from_at, &ledger, m->arena, fault);
    if (!outcome)
        outcome = add_rows(m, soon, fault);
    if (outcome) {
        json_decref(loads);
        json_decref(ledger);
        return outcome;
    }
    add_counts(m, loads);
    *ret_data = json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:O, s:I}", "received",
        (json_int_t)day.received, "answered", (json_int_t)day.answered, "answered_late",
        (json_int_t)day.answered_late, "late", (json_int_t)m->late, "soon", (json_int_t)m->soon, "loads",
        loads, "ledger", ledger, "rows", m->rows, "more", (json_int_t)m->more);
    return *ret_data ? OUTCOME_DONE : no_memory(fault);
}

/* ---- who is told ---- */

struct telling {
    struct making *m;
    const char *subject, *text;
};

static enum outcome tell_one(void *arg, const struct officer *o, struct fault *fault)
{
    const struct telling *t = arg;
    const struct making *m = t->m;
    enum outcome outcome = OUTCOME_DONE;
    if (o->role != kinds[m->sheet.kind].role)
        return OUTCOME_DONE;
    if (o->email && o->remind_mail && m->office->email_out)
        outcome = compose_alarm(m->txn, m->office, o->email, t->subject, t->text, m->arena, fault);
    if (!outcome && o->remind_phone && m->office->wa_channel)
        outcome = compose_reminder_chat(m->txn, m->office, 0, o->remind_phone, t->text, m->arena, fault);
    if (!outcome && o->remind_mqtt)
        outcome = compose_reminder_mqtt(m->txn, o->login, NULL, t->text, m->arena, fault);
    return outcome;
}

static enum outcome tell(struct making *m, const json_t *data, struct fault *fault)
{
    char date[WORDS_DATE_SIZE];
    const char *name = kinds[m->sheet.kind].name;
    words_date_long(date, sizeof date, m->sheet.at, m->office->utc_offset_minutes);
    const struct telling telling = {.m = m,
        .subject = arena_printf(m->arena, "%s, %s: %lld terlambat", name, date, (long long)m->late),
        .text = arena_printf(m->arena,
            "%s, %s\n\nTerlambat: %lld\nSegera: %lld\nMasuk sejak lembar sebelumnya: %lld\nDijawab: %lld, "
            "%lld di antaranya sesudah tenggat\n\nLembar lengkap: %s/lembar/%lld",
            name, date, (long long)m->late, (long long)m->soon,
            (long long)json_integer_value(json_object_get(data, "received")),
            (long long)json_integer_value(json_object_get(data, "answered")),
            (long long)json_integer_value(json_object_get(data, "answered_late")), m->office->public_url,
            (long long)m->sheet.id)};
    if (!telling.subject || !telling.text)
        return no_memory(fault);
    return officer_each(m->txn, tell_one, (void *)&telling, fault);
}

static enum outcome keep(struct making *m, const json_t *data, struct fault *fault)
{
    char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
    m->sheet.data = text;
    enum outcome outcome = text ? sheet_add(m->txn, &m->sheet, fault) : no_memory(fault);
    free(text);
    m->sheet.data = NULL;
    if (outcome)
        return outcome;
    json_t *event = json_pack("{s:I, s:I, s:I, s:I}", "sheet", (json_int_t)m->sheet.id, "day",
        (json_int_t)m->sheet.day, "late", (json_int_t)m->late, "soon", (json_int_t)m->soon);
    outcome = event ? event_append(m->txn, 0, NULL, kinds[m->sheet.kind].event, "sistem", event, fault)
                    : no_memory(fault);
    json_decref(event);
    return outcome;
}

enum outcome oversight_make(struct book_txn *txn, const struct office *office, const struct timetable *t,
    bool *ret_made, struct arena *arena, struct fault *fault)
{
    struct making m = {.txn = txn, .office = office, .t = t, .arena = arena};
    bool due;
    json_t *data = NULL;
    *ret_made = false;
    enum outcome outcome = find_first(txn, t, &m.sheet, &due, fault);
    if (outcome || !due)
        return outcome;
    m.rows = json_array();
    outcome = m.rows ? count(&m, &data, fault) : no_memory(fault);
    if (!outcome)
        outcome = keep(&m, data, fault);
    if (!outcome)
        outcome = tell(&m, data, fault);
    json_decref(data);
    json_decref(m.rows);
    *ret_made = !outcome;
    return outcome;
}
