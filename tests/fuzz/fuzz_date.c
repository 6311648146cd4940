/* Dates as people type them, times as gateways tell them, and both written out again. */
#include "fuzz.h"
#include "rules/moment.h"
#include "rules/words_date.h"
#include "rules/workday.h"

static void check_day(const char *text)
{
    int32_t day = INT32_MIN;
    int year, month, of_month;
    if (!workday_parse(text, &day))
        return;
    workday_to_date(day, &year, &month, &of_month);
    require(year >= 0 && year <= 9999 && month >= 1 && month <= 12 && of_month >= 1 && of_month <= 31);
    require(workday_from_date(year, month, of_month) == day);
    char again[32];
    int32_t same;
    snprintf(again, sizeof again, "%04d-%02d-%02d", year, month, of_month);
    require(workday_parse(again, &same) && same == day);
    struct workday_calendar calendar = {.weekdays = 0x1f};
    int32_t next = workday_add(day, 5, &calendar);
    require(next >= day + 5 && next <= day + 9 && workday_is(next, &calendar));
    require(workday_between(day, next, &calendar) == 5);
}

static void check_words(int64_t ms)
{
    static void (*const all[])(char *, size_t, int64_t, int) = {words_date_long, words_date_full,
        words_date_day, words_date_moment, words_date_clock, words_date_table, words_date_iso};
    char out[WORDS_DATE_SIZE];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        memset(out, 'x', sizeof out);
        all[i](out, sizeof out, ms, 420);
        require(memchr(out, 0, sizeof out) && *out);
    }
    words_date_age(out, sizeof out, ms, 1795314600000, 420);
    require(memchr(out, 0, sizeof out));
}

static void check_time(const char *text)
{
    char printed[MOMENT_TEXT];
    int64_t ms = 0, again = 0;
    if (moment_from_rfc3339(text, &ms)) {
        memset(printed, 'x', sizeof printed);
        moment_print(ms, printed);
        require(memchr(printed, 0, sizeof printed));
        require(moment_from_rfc3339(printed, &again) && again / 1000 == ms / 1000);
        check_words(ms);
    }
    char *end;
    double number = strtod(text, &end);
    if (end != text && moment_from_unix(number, &ms)) {
        moment_print(ms, printed);
        require(memchr(printed, 0, sizeof printed));
        check_words(ms);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_day(text);
    check_time(text);
    free(text);
    return 0;
}
