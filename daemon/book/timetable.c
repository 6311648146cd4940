#include "timetable.h"
#include "stmt.h"
#include "txn_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 48, WEEK = 7 };

struct kept {
    struct timetable table;
    int32_t *days;
};

void timetable_forget(struct book_txn *txn)
{
    struct kept *kept = txn->timetable;
    txn->timetable = NULL;
    if (kept)
        free(kept->days);
    free(kept);
}

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the calendar");
}

/* ---- reading ---- */

static void shift_key(char key[KEY_SIZE], bool fasting, int weekday, bool end)
{
    snprintf(key, KEY_SIZE, "%s_%d_%s", fasting ? "puasa" : "jam", weekday, end ? "tutup" : "buka");
}

static void service_key(char key[KEY_SIZE], int64_t service_id, bool calendar)
{
    snprintf(key, KEY_SIZE, "layanan_%lld_%s", (long long)service_id, calendar ? "kalender" : "kerja");
}

static enum outcome put_term(struct book_txn *txn, const char *key, int64_t value, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE term SET value = ?2 WHERE key = ?1");
    stmt_text(&s, key);
    stmt_int(&s, value);
    enum outcome outcome = stmt_run(&s, fault);
    timetable_forget(txn);
    if (outcome || stmt_changes(txn))
        return outcome;
    s = stmt_open(txn, "INSERT INTO term (key, value) VALUES (?1, ?2)");
    stmt_text(&s, key);
    stmt_int(&s, value);
    return stmt_run(&s, fault);
}

/* false: no weekday's hours. */
static bool take_shift(struct kept *k, const char *key, int64_t value)
{
    char known[KEY_SIZE];
    for (int i = 0; i < 4 * WEEK; i++) {
        bool fasting = i / WEEK & 1, end = i / WEEK & 2;
        struct office_shift *shift =
            fasting ? &k->table.ramadan.week[i % WEEK] : &k->table.hours.week[i % WEEK];
        shift_key(known, fasting, i % WEEK, end);
        if (!strcmp(known, key)) {
            *(end ? &shift->end : &shift->start) = (int16_t)value;
            return true;
        }
    }
    return false;
}

static void take_term(struct kept *k, const char *key, int64_t value)
{
    enum term term;
    if (term_from_key(key, &term))
        k->table.terms[term] = (int)value;
    else if (!strcmp(key, "puasa_mulai"))
        k->table.ramadan.from = (int32_t)value;
    else if (!strcmp(key, "puasa_akhir"))
        k->table.ramadan.to = (int32_t)value;
    else
        take_shift(k, key, value);
}

static enum outcome read_terms(struct book_txn *txn, struct kept *k, struct fault *fault)
{
    for (int i = 0; i < TERM_COUNT; i++)
        k->table.terms[i] = term_setting((enum term)i)->shipped;
    memcpy(k->table.hours.week, office_hours_usual, sizeof k->table.hours.week);
    memcpy(k->table.ramadan.week, office_hours_ramadan, sizeof k->table.ramadan.week);
    k->table.ramadan.from = 1;
    struct stmt s = stmt_open(txn, "SELECT key, value FROM term");
    while (stmt_row(&s))
        take_term(k, stmt_peek_text(&s, 0), stmt_int_at(&s, 1));
    return stmt_close(&s, fault);
}

static enum outcome read_days(struct book_txn *txn, struct kept *k, struct fault *fault)
{
    int64_t count = 0;
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM calendar_day WHERE removed IS NULL");
    enum outcome outcome = stmt_value(&s, &count, fault);
    if (outcome)
        return outcome;
    k->days = calloc((size_t)count + 1, sizeof *k->days);
    if (!k->days)
        return no_memory(fault);
    size_t n = 0;
    s = stmt_open(txn, "SELECT day FROM calendar_day WHERE removed IS NULL ORDER BY day");
    while (n < (size_t)count && stmt_row(&s))
        k->days[n++] = (int32_t)stmt_int_at(&s, 0);
    k->table.calendar = (struct workday_calendar){.holidays = k->days, .holiday_count = n};
    return stmt_close(&s, fault);
}

/* A day without hours is no working day. */
static void join(struct kept *k, int utc_offset_minutes)
{
    struct timetable *t = &k->table;
    for (int i = 0; i < WEEK; i++)
        if (t->hours.week[i].end > t->hours.week[i].start)
            t->calendar.weekdays |= 1u << i;
    t->hours.calendar = &t->calendar;
    t->hours.utc_offset_minutes = utc_offset_minutes;
    t->hours.seasons = &t->ramadan;
    t->hours.season_count = t->ramadan.from <= t->ramadan.to;
}

enum outcome timetable_get(struct book_txn *txn, const struct timetable **ret, struct fault *fault)
{
    struct kept *kept = txn->timetable;
    int64_t version = 0;
    struct stmt s = stmt_open(txn, "SELECT max(id) FROM calendar_version");
    enum outcome outcome = stmt_value(&s, &version, fault);
    if (outcome)
        return outcome;
    if (!kept || kept->table.version != version) {
        timetable_forget(txn);
        txn->timetable = kept = calloc(1, sizeof *kept);
        outcome = kept ? read_terms(txn, kept, fault) : no_memory(fault);
        if (!outcome)
            outcome = read_days(txn, kept, fault);
        if (outcome) {
            timetable_forget(txn);
            return outcome;
        }
        kept->table.version = version;
        join(kept, txn_options(txn)->utc_offset_minutes);
    }
    *ret = &kept->table;
    return OUTCOME_DONE;
}

static enum outcome own_term(
    struct book_txn *txn, int64_t service_id, bool calendar, int *ret, struct fault *fault)
{
    char key[KEY_SIZE];
    int64_t value = 0;
    service_key(key, service_id, calendar);
    struct stmt s = stmt_open(txn, "SELECT value FROM term WHERE key = ?1");
    stmt_text(&s, key);
    enum outcome outcome = stmt_value(&s, &value, fault);
    if (!outcome && value > 0)
        *ret = (int)value;
    return outcome;
}

enum outcome timetable_own(
    struct book_txn *txn, int64_t service_id, struct deadline_terms *ret, struct fault *fault)
{
    *ret = (struct deadline_terms){0, 0};
    enum outcome outcome = own_term(txn, service_id, false, &ret->working_days, fault);
    return outcome ? outcome : own_term(txn, service_id, true, &ret->calendar_days, fault);
}

enum outcome timetable_terms(struct book_txn *txn, const struct timetable *t, const char *kind,
    int64_t service_id, struct deadline_terms *ret, struct fault *fault)
{
    struct deadline_terms terms = terms_of_kind(t->terms, kind), own = {0, 0};
    enum outcome outcome = service_id ? timetable_own(txn, service_id, &own, fault) : OUTCOME_DONE;
    *ret = (struct deadline_terms){own.working_days ? own.working_days : terms.working_days,
        own.calendar_days ? own.calendar_days : terms.calendar_days};
    return outcome;
}

/* ---- changes ---- */

enum outcome timetable_new_version(
    struct book_txn *txn, int64_t officer_id, const char *reason, int64_t *ret_version, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO calendar_version (id, at, officer_id, reason, utc_offset)"
                       " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM calendar_version), ?1, ?2, ?3, ?4)");
    stmt_int(&s, txn_now(txn));
    stmt_id(&s, officer_id);
    stmt_text(&s, reason);
    stmt_int(&s, txn_options(txn)->utc_offset_minutes);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_version = stmt_last_id(txn);
    /* What was kept may be of a version of the same number that was rolled back. */
    timetable_forget(txn);
    return outcome;
}

enum outcome timetable_set_term(struct book_txn *txn, enum term term, int value, struct fault *fault)
{
    return put_term(txn, term_setting(term)->key, value, fault);
}

enum outcome timetable_set_service(
    struct book_txn *txn, int64_t service_id, const struct deadline_terms *terms, struct fault *fault)
{
    char key[KEY_SIZE];
    service_key(key, service_id, false);
    enum outcome outcome = put_term(txn, key, terms->working_days, fault);
    service_key(key, service_id, true);
    return outcome ? outcome : put_term(txn, key, terms->calendar_days, fault);
}

enum outcome timetable_set_shift(
    struct book_txn *txn, bool fasting, int weekday, struct office_shift shift, struct fault *fault)
{
    char key[KEY_SIZE];
    shift_key(key, fasting, weekday, false);
    enum outcome outcome = put_term(txn, key, shift.start, fault);
    shift_key(key, fasting, weekday, true);
    return outcome ? outcome : put_term(txn, key, shift.end, fault);
}

enum outcome timetable_set_ramadan(struct book_txn *txn, int32_t from, int32_t to, struct fault *fault)
{
    enum outcome outcome = put_term(txn, "puasa_mulai", from, fault);
    return outcome ? outcome : put_term(txn, "puasa_akhir", to, fault);
}
