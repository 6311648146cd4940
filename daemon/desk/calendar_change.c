#include "calendar_change.h"
#include "daemon/book/calendar.h"
#include "daemon/book/event.h"
#include "daemon/book/timetable.h"
#include "rules/words_date.h"
#include "rules/workday.h"

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a version of the calendar");
}

enum outcome calendar_change_begin(struct book_txn *txn, const struct officer *officer, const char *reason,
    int64_t *ret_version, struct arena *arena, struct fault *fault)
{
    const char *actor =
        officer ? arena_printf(arena, "%s:%s", role_key(officer->role), officer->login) : "sistem";
    enum outcome outcome =
        actor && reason ? timetable_new_version(txn, officer ? officer->id : 0, reason, ret_version, fault)
                        : no_memory(fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:I, s:s}", "version", (json_int_t)*ret_version, "reason", reason);
    outcome = data ? event_append(txn, 0, NULL, "kalender", actor, data, fault) : no_memory(fault);
    json_decref(data);
    return outcome;
}

static enum outcome count_news(struct book_txn *txn, const struct holiday *days, size_t count, int *ret_news,
    int32_t *ret_first, int32_t *ret_last, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    *ret_news = 0;
    for (size_t i = 0; i < count && !outcome; i++) {
        struct calendar_day *there = NULL;
        outcome = calendar_days(txn, days[i].day, days[i].day, &there, arena, fault);
        if (outcome || there)
            continue;
        *ret_first = *ret_news ? *ret_first : days[i].day;
        *ret_last = days[i].day;
        ++*ret_news;
    }
    return outcome;
}

enum outcome calendar_change_import(struct book_txn *txn, const struct officer *officer,
    const struct holiday *days, size_t count, int *ret_added, int32_t *ret_first, struct arena *arena,
    struct fault *fault)
{
    char first[WORDS_DATE_SIZE], last_words[WORDS_DATE_SIZE];
    int32_t last = 0;
    int64_t version = 0;
    enum outcome outcome = count_news(txn, days, count, ret_added, ret_first, &last, arena, fault);
    if (outcome || !*ret_added)
        return outcome;
    words_date_day(first, sizeof first, workday_end_ms(*ret_first, 0), 0);
    words_date_day(last_words, sizeof last_words, workday_end_ms(last, 0), 0);
    outcome = calendar_change_begin(txn, officer,
        arena_printf(arena, "Impor %d hari libur, %s sampai %s.", *ret_added, first, last_words), &version,
        arena, fault);
    for (size_t i = 0; i < count && !outcome; i++) {
        bool new;
        const struct calendar_day day = {
            .day = days[i].day, .name = days[i].name, .kind = days[i].kind, .source = "impor"};
        outcome = calendar_add(txn, &day, version, &new, fault);
    }
    return outcome;
}
