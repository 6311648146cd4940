#include "period.h"
#include "words_date.h"
#include "workday.h"
#include <stdio.h>
#include <string.h>

static bool digits(const char *text, int count, int *ret)
{
    *ret = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + text[i] - '0';
    }
    return true;
}

bool period_parse(const char *text, struct period *ret)
{
    struct period p = {0};
    size_t n = text ? strlen(text) : 0;
    if ((n != 4 && n != 7) || !digits(text, 4, &p.year) || p.year < PERIOD_YEAR_LEAST ||
        p.year > PERIOD_YEAR_MOST)
        return false;
    if (n == 7 && (text[4] != '-' || !digits(text + 5, 2, &p.month) || p.month < 1 || p.month > 12))
        return false;
    *ret = p;
    return true;
}

struct period period_month_of(int64_t ms, int utc_offset_minutes)
{
    struct period p;
    int day;
    workday_to_date(workday_of_ms(ms, utc_offset_minutes), &p.year, &p.month, &day);
    return p;
}

int32_t period_first(const struct period *p)
{
    return workday_from_date(p->year, p->month ? p->month : 1, 1);
}

int32_t period_last(const struct period *p)
{
    struct period next = period_step(p, 1);
    return period_first(&next) - 1;
}

int64_t period_from_ms(const struct period *p, int utc_offset_minutes)
{
    return workday_end_ms(period_first(p) - 1, utc_offset_minutes) + 1;
}

int64_t period_to_ms(const struct period *p, int utc_offset_minutes)
{
    return workday_end_ms(period_last(p), utc_offset_minutes) + 1;
}

struct period period_step(const struct period *p, int step)
{
    if (!p->month)
        return (struct period){p->year + step, 0};
    int months = p->year * 12 + p->month - 1 + step;
    return (struct period){months / 12, months % 12 + 1};
}

void period_key(const struct period *p, char out[PERIOD_SIZE])
{
    if (p->month)
        snprintf(out, PERIOD_SIZE, "%04d-%02d", p->year, p->month);
    else
        snprintf(out, PERIOD_SIZE, "%04d", p->year);
}

void period_words(const struct period *p, char out[PERIOD_SIZE])
{
    if (p->month)
        snprintf(out, PERIOD_SIZE, "%s %d", words_date_month_name(p->month), p->year);
    else
        snprintf(out, PERIOD_SIZE, "%d", p->year);
}
