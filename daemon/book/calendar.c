#include "calendar.h"
#include "stmt.h"
#include "timetable.h"

#define DAY_COLUMNS "SELECT id, day, name, kind, source FROM calendar_day "

static void read_day(const struct stmt *s, void *row, struct arena *arena)
{
    *(struct calendar_day *)row = (struct calendar_day){.id = stmt_int_at(s, 0),
        .day = (int32_t)stmt_int_at(s, 1),
        .name = stmt_text_at(s, 2, arena),
        .kind = stmt_text_at(s, 3, arena),
        .source = stmt_text_at(s, 4, arena)};
}

enum outcome calendar_days(struct book_txn *txn, int32_t first, int32_t last, struct calendar_day **ret,
    struct arena *arena, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, DAY_COLUMNS "WHERE removed IS NULL AND day BETWEEN ?1 AND ?2 ORDER BY day");
    stmt_int(&s, first);
    stmt_int(&s, last);
    return stmt_chain(&s, struct calendar_day, read_day, ret, arena, fault);
}

enum outcome calendar_add(
    struct book_txn *txn, const struct calendar_day *day, int64_t version, bool *ret_new, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO calendar_day (day, name, kind, source, added)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    stmt_int(&s, day->day);
    stmt_text(&s, day->name);
    stmt_text(&s, day->kind);
    stmt_text(&s, day->source);
    stmt_int(&s, version);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_new = stmt_changes(txn) > 0;
    timetable_forget(txn);
    return outcome;
}

enum outcome calendar_remove(
    struct book_txn *txn, int64_t id, int64_t version, bool *ret_was, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE calendar_day SET removed = ?2 WHERE id = ?1 AND removed IS NULL");
    stmt_int(&s, id);
    stmt_int(&s, version);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_was = stmt_changes(txn) > 0;
    timetable_forget(txn);
    return outcome;
}

enum outcome calendar_get(
    struct book_txn *txn, int64_t id, struct calendar_day *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, DAY_COLUMNS "WHERE id = ?1 AND removed IS NULL");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    struct calendar_day day = {0};
    if (found)
        read_day(&s, &day, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Hari itu tidak ada di kalender.", "no such day");
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = day;
    return outcome;
}

enum outcome calendar_had(
    struct book_txn *txn, int32_t day, const char *source, bool *ret_had, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT 1 FROM calendar_day WHERE source = ?1 AND day = ?2");
    stmt_text(&s, source);
    stmt_int(&s, day);
    *ret_had = stmt_row(&s);
    return stmt_close(&s, fault);
}

enum outcome calendar_lacks(struct book_txn *txn, int *ret_year, struct fault *fault)
{
    int year, month, day;
    workday_to_date(workday_of_ms(txn_now(txn), txn_options(txn)->utc_offset_minutes), &year, &month, &day);
    *ret_year = 0;
    if (month < 11)
        return OUTCOME_DONE;
    struct stmt s =
        stmt_open(txn, "SELECT 1 FROM calendar_day WHERE removed IS NULL AND kind = 'libur_nasional'"
                       " AND day BETWEEN ?1 AND ?2 LIMIT 1");
    stmt_int(&s, workday_from_date(year + 1, 1, 1));
    stmt_int(&s, workday_from_date(year + 1, 12, 31));
    *ret_year = stmt_row(&s) ? 0 : year + 1;
    return stmt_close(&s, fault);
}

enum outcome calendar_missing(struct book_txn *txn, int *ret_year, struct fault *fault)
{
    int64_t told = 0;
    enum outcome outcome = calendar_lacks(txn, ret_year, fault);
    if (outcome || !*ret_year)
        return outcome;
    struct stmt s = stmt_open(txn, "SELECT value FROM term WHERE key = 'diingatkan'");
    outcome = stmt_value(&s, &told, fault);
    if (told >= *ret_year)
        *ret_year = 0;
    return outcome;
}

enum outcome calendar_told_missing(struct book_txn *txn, int year, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE term SET value = ?1 WHERE key = 'diingatkan'");
    stmt_int(&s, year);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    s = stmt_open(txn, "INSERT INTO term (key, value) VALUES ('diingatkan', ?1)");
    stmt_int(&s, year);
    return stmt_run(&s, fault);
}

#define VERSION_COLUMNS                                                                                      \
    "SELECT v.id, v.at, o.name, v.reason, v.utc_offset FROM calendar_version v"                              \
    " LEFT JOIN officer o ON o.id = v.officer_id "

static void read_version(const struct stmt *s, void *row, struct arena *arena)
{
    *(struct calendar_version *)row = (struct calendar_version){.id = stmt_int_at(s, 0),
        .at = stmt_int_at(s, 1),
        .officer = stmt_text_at(s, 2, arena),
        .reason = stmt_text_at(s, 3, arena),
        .utc_offset = (int)stmt_int_at(s, 4)};
}

enum outcome calendar_versions(
    struct book_txn *txn, int most, struct calendar_version **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, VERSION_COLUMNS "ORDER BY v.id DESC LIMIT ?1");
    stmt_int(&s, most);
    return stmt_chain(&s, struct calendar_version, read_version, ret, arena, fault);
}

enum outcome calendar_version_get(
    struct book_txn *txn, int64_t id, struct calendar_version *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, VERSION_COLUMNS "WHERE v.id = ?1");
    stmt_int(&s, id);
    *ret = (struct calendar_version){0};
    if (stmt_row(&s))
        read_version(&s, ret, arena);
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
