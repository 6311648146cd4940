#include "evaluation.h"
#include <string.h>

static int age_band(int days)
{
    return days <= 3 ? 0 : days <= 7 ? 1 : days <= 14 ? 2 : 3;
}

static void add_judged(
    struct evaluation *sum, const struct evaluation_fact *f, const struct evaluation_terms *t)
{
    int offset = t->utc_offset_minutes;
    int32_t last = workday_add(workday_of_ms(f->received_at, offset), EVALUATION_JUDGE_DAYS, t->calendar);
    /* What the citizen took back before anybody looked needs no judgement any more. */
    if (!f->judged_at && !state_open(f->state))
        return;
    bool late = workday_of_ms(f->judged_at ? f->judged_at : t->now, offset) > last;
    if (late)
        sum->judged_late++;
    else if (f->judged_at)
        sum->judged_in_time++;
}

static void add_answered(
    struct evaluation *sum, const struct evaluation_fact *f, const struct evaluation_terms *t)
{
    int offset = t->utc_offset_minutes;
    int days = workday_between(
        workday_of_ms(f->received_at, offset), workday_of_ms(f->answered_at, offset), t->calendar);
    sum->answered++;
    sum->in_time += !f->due_at || f->answered_at <= f->due_at;
    sum->days[days < 0 ? 0 : days >= EVALUATION_DAYS ? EVALUATION_DAYS - 1 : days]++;
}

static void add_open(
    struct evaluation *sum, const struct evaluation_fact *f, const struct evaluation_terms *t)
{
    int offset = t->utc_offset_minutes;
    int days =
        workday_between(workday_of_ms(f->received_at, offset), workday_of_ms(t->now, offset), t->calendar);
    sum->open++;
    sum->open_age[age_band(days)]++;
    /* While the citizen is asked nobody of the office is late. */
    sum->overdue += f->due_at && f->due_at < t->now && f->state != STATE_PERLU_DILENGKAPI;
}

void evaluation_add(
    struct evaluation *sum, const struct evaluation_fact *fact, const struct evaluation_terms *terms)
{
    sum->received++;
    sum->suggestions += fact->suggestion;
    sum->reopened += fact->reopened;
    sum->compensated += fact->compensated;
    sum->ratings += fact->rating != 0;
    sum->rating_sum += fact->rating;
    add_judged(sum, fact, terms);
    if (fact->state == STATE_DIJAWAB || fact->state == STATE_DITUTUP)
        add_answered(sum, fact, terms);
    else if (fact->state == STATE_BUKAN_KEWENANGAN)
        sum->referred++;
    else if (fact->state == STATE_DUPLIKAT)
        sum->joined++;
    else if (fact->state == STATE_DIARSIPKAN)
        sum->archived[fact->archived]++;
    else
        add_open(sum, fact, terms);
}

void evaluation_merge(struct evaluation *sum, const struct evaluation *other)
{
    /* A struct of counts and nothing else. */
    int *to = (int *)sum;
    const int *from = (const int *)other;
    _Static_assert(sizeof *sum % sizeof(int) == 0, "counts only");
    for (size_t i = 0; i < sizeof *sum / sizeof(int); i++)
        to[i] += from[i];
}

int evaluation_days_within(const struct evaluation *e, int percent)
{
    int64_t rank = ((int64_t)e->answered * percent + 99) / 100, seen = 0;
    for (int day = 0; e->answered && day < EVALUATION_DAYS; day++)
        if ((seen += e->days[day]) >= rank)
            return day;
    return -1;
}

int evaluation_percent(int part, int whole)
{
    return whole ? (int)(((int64_t)part * 200 + whole) / (2 * (int64_t)whole)) : -1;
}

int evaluation_archived_sum(const struct evaluation *e)
{
    int sum = 0;
    for (int i = 0; i < ARCHIVED_WAYS; i++)
        sum += e->archived[i];
    return sum;
}

int evaluation_rating_tenths(const struct evaluation *e)
{
    return e->ratings ? (int)(((int64_t)e->rating_sum * 20 + e->ratings) / (2 * (int64_t)e->ratings)) : -1;
}

/* The smallest row that is shown and not empty; -1 = none. */
static int smallest(struct evaluation *const *rows, int count, int rest, const bool *small)
{
    int best = -1;
    for (int i = 0; i < count; i++)
        if (i != rest && !small[i] && rows[i]->received &&
            (best < 0 || rows[i]->received < rows[best]->received))
            best = i;
    return best;
}

void evaluation_hide_small(struct evaluation *const *rows, int count, int rest, int least, bool *small)
{
    memset(small, 0, (size_t)count * sizeof *small);
    for (int i; (i = smallest(rows, count, rest, small)) >= 0;) {
        int in_rest = rows[rest]->received;
        if (rows[i]->received >= least && (!in_rest || in_rest >= least))
            return;
        evaluation_merge(rows[rest], rows[i]);
        small[i] = true;
    }
}
