#include "date.h"
#include <glib.h>
#include <string.h>

enum {
    TEXT_BYTES = 200, /* of a field that are looked at */
    YEAR_FIRST = 1900,
    YEAR_LAST = 9999,
};

/* What was found so far; -1 = not yet. */
struct found {
    int year, month, day, hour, minute, second;
    int zone; /* minutes east of UTC */
    bool zoned, afternoon, forenoon;
};

/* One word, number or sign of the field. */
struct token {
    const char *at;
    size_t len;
    int number; /* -1 = no number */
};

static bool is_letter(char c)
{
    return g_ascii_isalpha(c) || (c & 0x80);
}

static bool next_token(const char **at, struct token *ret)
{
    const char *p = *at;
    int depth = 0;
    while (*p && (depth || g_ascii_isspace(*p) || *p == ',' || *p == '(' || *p == '"')) {
        depth += *p == '(';
        depth -= *p == ')' && depth > 0;
        p++;
    }
    if (!*p)
        return false;
    const char *first = p;
    ret->number = -1;
    if (g_ascii_isdigit(*p)) {
        ret->number = 0;
        for (; g_ascii_isdigit(*p); p++)
            if (ret->number < 100000000)
                ret->number = 10 * ret->number + (*p - '0');
    } else if (is_letter(*p)) {
        while (is_letter(*p))
            p++;
    } else {
        p++;
    }
    ret->at = first;
    ret->len = (size_t)(p - first);
    *at = p;
    return true;
}

static bool word_is(const struct token *t, const char *word)
{
    return t->len == strlen(word) && !g_ascii_strncasecmp(t->at, word, t->len);
}

/* The first letters decide: English, Indonesian, German, Dutch, French, Spanish, Portuguese, Italian. */
static int month_of(const struct token *t)
{
    static const struct {
        const char *start;
        int month;
    } months[] = {{"jan", 1}, {"gen", 1}, {"ene", 1}, {"peb", 2}, {"feb", 2}, {"fév", 2}, {"fev", 2},
        {"mar", 3}, {"mär", 3}, {"mrt", 3}, {"maa", 3}, {"apr", 4}, {"avr", 4}, {"abr", 4}, {"mei", 5},
        {"may", 5}, {"mai", 5}, {"maj", 5}, {"mag", 5}, {"jun", 6}, {"juin", 6}, {"giu", 6}, {"jul", 7},
        {"juil", 7}, {"lug", 7}, {"agu", 8}, {"ags", 8}, {"agt", 8}, {"aug", 8}, {"aoû", 8}, {"ago", 8},
        {"sep", 9}, {"set", 9}, {"okt", 10}, {"oct", 10}, {"out", 10}, {"ott", 10}, {"nov", 11}, {"nop", 11},
        {"des", 12}, {"dec", 12}, {"dez", 12}, {"dic", 12}, {"déc", 12}};
    for (size_t i = 0; i < G_N_ELEMENTS(months); i++)
        if (t->len >= strlen(months[i].start) &&
            !g_ascii_strncasecmp(t->at, months[i].start, strlen(months[i].start)))
            return months[i].month;
    return 0;
}

static bool zone_of(const struct token *t, int *ret_minutes)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {{"utc", 0}, {"gmt", 0}, {"ut", 0}, {"z", 0}, {"wet", 0}, {"wib", 420}, {"wita", 480},
        {"wit", 540}, {"jakarta", 420}, {"makassar", 480}, {"jayapura", 540}, {"pontianak", 420},
        {"ict", 420}, {"sgt", 480}, {"myt", 480}, {"hkt", 480}, {"jst", 540}, {"kst", 540}, {"cet", 60},
        {"met", 60}, {"mez", 60}, {"cest", 120}, {"mest", 120}, {"mesz", 120}, {"eet", 120}, {"eest", 180},
        {"msk", 180}, {"bst", 60}, {"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300}, {"mst", -420},
        {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"aest", 600}, {"aedt", 660}, {"awst", 480},
        {"nzst", 720}, {"nzdt", 780}};
    for (size_t i = 0; i < G_N_ELEMENTS(zones); i++)
        if (word_is(t, zones[i].name)) {
            *ret_minutes = zones[i].minutes;
            return true;
        }
    return false;
}

/* "+0700", "+07:00", "-5" behind a sign. */
static bool read_offset(const char **at, int sign, struct found *f)
{
    const char *p = *at;
    struct token hours, colon, minutes;
    if (!g_ascii_isdigit(*p) || !next_token(&p, &hours) || hours.len > 4)
        return false;
    int total = hours.len > 2 ? hours.number / 100 * 60 + hours.number % 100 : hours.number * 60;
    const char *after = p;
    bool more = hours.len <= 2 && *p == ':' && next_token(&p, &colon) && next_token(&p, &minutes);
    if (more && minutes.number >= 0 && minutes.number < 60)
        total += minutes.number;
    else
        p = after;
    if (total > 14 * 60)
        total = 0; /* no such zone on earth */
    f->zone = sign * total;
    f->zoned = true;
    *at = p;
    return true;
}

/* "08:30:00", "8.30", with the first number read already. */
static bool read_time(const char **at, int hour, struct found *f)
{
    const char *p = *at;
    char separator = *p;
    struct token t;
    if ((separator != ':' && separator != '.') || !g_ascii_isdigit(p[1]) || f->hour >= 0 || hour > 24)
        return false;
    p++;
    if (!next_token(&p, &t) || t.len != 2 || t.number > 59)
        return false;
    int minute = t.number, second = 0;
    if (*p == separator && g_ascii_isdigit(p[1])) {
        p++;
        (void)next_token(&p, &t);
        if (t.len > 2 || t.number > 60) /* "18.11.2026" is no time */
            return false;
        second = t.number;
    }
    if (*p == '.' && g_ascii_isdigit(p[1])) { /* fractions */
        p++;
        (void)next_token(&p, &t);
    }
    f->hour = hour;
    f->minute = minute;
    f->second = second < 60 ? second : 59;
    *at = p;
    return true;
}

static int full_year(const struct token *t)
{
    if (t->len == 2)
        return t->number < 70 ? 2000 + t->number
                              : 1900 + t->number;      /* RFC 5322 4.3 has 50; mail is younger */
    return t->len == 3 ? 1900 + t->number : t->number; /* 126: RFC 5322 4.3 */
}

/* "2026-11-18", "18/11/2026", "18-Nov-2026", with the first number read already. */
static bool read_numeric(const char **at, const struct token *first, struct found *f)
{
    const char *p = *at;
    char separator = *p;
    struct token second, third;
    if (!strchr("-/.", separator) || !separator || f->day >= 0)
        return false;
    p++;
    if (!next_token(&p, &second) || *p != separator)
        return false;
    p++;
    if (!next_token(&p, &third) || third.number < 0)
        return false;
    int month = second.number >= 0 ? second.number : month_of(&second);
    bool year_first = first->len == 4;
    const struct token *year = year_first ? first : &third, *day = year_first ? &third : first;
    int of_month = day->number;
    if (month > 12 && of_month <= 12 && !year_first) { /* American */
        int swap = month;
        month = of_month;
        of_month = swap;
    }
    *f = (struct found){full_year(year), month, of_month, f->hour, f->minute, f->second, f->zone, f->zoned,
        f->afternoon, f->forenoon};
    if (*p == 'T' || *p == 't')
        p++;
    *at = p;
    return true;
}

static void take_number(const char **at, const struct token *t, struct found *f)
{
    if (read_time(at, t->number, f) || read_numeric(at, t, f))
        return;
    if (t->len <= 2 && f->day < 0)
        f->day = t->number;
    else if (t->len >= 2 && t->len <= 4 && f->year < 0)
        f->year = full_year(t);
}

static void take_word(const struct token *t, struct found *f)
{
    int month = month_of(t), minutes;
    f->afternoon |= word_is(t, "pm");
    f->forenoon |= word_is(t, "am");
    /* the later word wins: what comes first may be a day of the week ("mar." is French Tuesday) */
    if (month && !f->zoned && (f->month < 0 || f->day < 0 || f->year < 0))
        f->month = month;
    if (!f->zoned && f->hour >= 0 && zone_of(t, &minutes)) {
        f->zone = minutes;
        f->zoned = true;
    }
}

static struct found read_all(const char *text)
{
    struct found f = {-1, -1, -1, -1, 0, 0, 0, false, false, false};
    struct token t;
    const char *at = text;
    while (next_token(&at, &t)) {
        bool sign = t.len == 1 && (*t.at == '+' || *t.at == '-');
        if (sign && f.hour >= 0 && read_offset(&at, *t.at == '+' ? 1 : -1, &f))
            continue;
        if (t.number >= 0)
            take_number(&at, &t, &f);
        else if (is_letter(*t.at))
            take_word(&t, &f);
    }
    return f;
}

bool date_to_utc(const char *text, char out[DATE_SIZE])
{
    char *head = g_strndup(text, TEXT_BYTES);
    struct found f = read_all(head);
    g_free(head);
    if (f.hour < 0)
        f.hour = 0;
    if (f.afternoon && f.hour < 12)
        f.hour += 12;
    if (f.forenoon && f.hour == 12)
        f.hour = 0;
    bool next_day = f.hour == 24;
    if (f.year < YEAR_FIRST || f.year > YEAR_LAST || f.month < 1 || f.month > 12 || f.day < 1 ||
        !g_date_valid_dmy((GDateDay)f.day, (GDateMonth)f.month, (GDateYear)f.year))
        return false;
    GDateTime *local = g_date_time_new_utc(f.year, f.month, f.day, next_day ? 0 : f.hour, f.minute, f.second);
    GDateTime *utc = local ? g_date_time_add_minutes(local, (next_day ? 24 * 60 : 0) - f.zone) : NULL;
    char *iso = utc ? g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    bool done = iso && strlen(iso) < DATE_SIZE;
    if (done)
        memcpy(out, iso, strlen(iso) + 1);
    g_free(iso);
    if (utc)
        g_date_time_unref(utc);
    if (local)
        g_date_time_unref(local);
    return done;
}
