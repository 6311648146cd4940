#include "holidays.h"
#include "daemon/base/json_read.h"
#include "workday.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EVENT_DAYS_MOST = 31, LINE_MOST = 4096, YEAR_FIRST = 2000, YEAR_LAST = 2100 };

static const struct {
    const char *key, *label;
} kinds[] = {
    {"libur_nasional", "Libur nasional"}, {"cuti_bersama", "Cuti bersama"}, {"libur_daerah", "Libur daerah"}};

const char *holiday_kind_label(const char *key)
{
    for (size_t i = 0; key && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].key, key))
            return kinds[i].label;
    return NULL;
}

struct reading {
    struct holiday *out;
    size_t count;
    char *problem;
    bool failed;
};

static void refuse(struct reading *r, int where, const char *unit, const char *why)
{
    if (!r->failed)
        snprintf(r->problem, HOLIDAY_PROBLEM, "%s %d: %s", unit, where, why);
    r->failed = true;
}

/* The kind by what the list says, else by the name as decrees word it. */
static const char *kind_of(const char *said, const char *name)
{
    for (size_t i = 0; said && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcasecmp(kinds[i].key, said) || !strcasecmp(kinds[i].label, said))
            return kinds[i].key;
    return strcasestr(name, "cuti bersama") ? kinds[1].key : kinds[0].key;
}

/* Control characters would break lines, and a cut must not break a character. */
static void put_name(char out[HOLIDAY_NAME], const char *name)
{
    size_t n = 0;
    for (const unsigned char *p = (const unsigned char *)name; *p && n + 1 < HOLIDAY_NAME; p++)
        if (*p > ' ' && *p != 0x7f)
            out[n++] = (char)*p;
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    if (n + 1 == HOLIDAY_NAME) { /* cut: no half character may stay */
        while (n && ((unsigned char)out[n - 1] & 0xc0) == 0x80)
            n--;
        n -= n && (unsigned char)out[n - 1] >= 0xc0;
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = 0;
}

static void add(
    struct reading *r, int where, const char *unit, int32_t day, const char *name, const char *kind)
{
    int year, month, of_month;
    struct holiday h = {.day = day, .kind = kind_of(kind, name)};
    workday_to_date(day, &year, &month, &of_month);
    put_name(h.name, name);
    if (year < YEAR_FIRST || year > YEAR_LAST)
        refuse(r, where, unit, "tahunnya tidak masuk akal.");
    else if (!h.name[0])
        refuse(r, where, unit, "nama harinya tidak ada.");
    else if (r->count == HOLIDAYS_MOST)
        refuse(r, where, unit, "terlalu banyak hari, paling banyak 400.");
    else
        r->out[r->count++] = h;
}

/* ---- JSON ---- */

static const char *text_of(const json_t *row, const char *const names[])
{
    for (int i = 0; names[i]; i++) {
        const char *text = json_string_value(json_object_get(row, names[i]));
        if (text)
            return text;
    }
    return NULL;
}

/* {"holidays": [...]} as shipped, or a list alone as public services have it. */
static void read_json(struct reading *r, const char *text, size_t n, bool *ret_no_memory)
{
    static const char *const dates[] = {"date", "tanggal", "holiday_date", NULL},
                             *const names[] = {"name", "nama", "keterangan", "holiday_name", NULL},
                             *const types[] = {"type", "jenis", NULL};
    json_error_t error;
    json_t *root = json_read(text, n, JSON_REJECT_DUPLICATES, &error, ret_no_memory);
    const json_t *list = json_is_object(root) ? json_object_get(root, "holidays") : root, *row;
    size_t i;
    if (!root && !*ret_no_memory)
        refuse(r, error.line, "Baris", "bukan JSON yang benar.");
    else if (root && !json_is_array(list))
        refuse(r, 1, "Baris", "tidak ada daftar hari di dalamnya.");
    json_array_foreach(list, i, row)
    {
        const char *date = text_of(row, dates), *name = text_of(row, names);
        int32_t day;
        if (r->failed)
            break;
        if (!workday_parse(date, &day))
            refuse(r, (int)i + 1, "Hari ke", "tanggalnya tidak terbaca.");
        else
            add(r, (int)i + 1, "Hari ke", day, name ? name : "", text_of(row, types));
    }
    json_decref(root);
}

/* ---- iCalendar ---- */

/* One content line without its folds (RFC 5545 3.1), as a NUL-terminated text; *line counts the lines of the file. */
static bool next_line(const char **p, const char *end, int *line, char out[LINE_MOST], bool *ret_long)
{
    size_t n = 0;
    if (*p >= end)
        return false;
    *ret_long = false;
    for (bool more = true; more;) {
        const char *lf = memchr(*p, '\n', (size_t)(end - *p)), *stop = lf ? lf : end;
        size_t length = (size_t)(stop - *p);
        length -= length && (*p)[length - 1] == '\r';
        if (n + length >= LINE_MOST)
            *ret_long = true;
        else {
            memcpy(out + n, *p, length);
            n += length;
        }
        *p = lf ? lf + 1 : end;
        ++*line;
        more = *p < end && (**p == ' ' || **p == '\t');
        *p += more;
    }
    out[n] = 0;
    return true;
}

/* NAME;PARAMETERS:value in place; the value begins behind the first ':' outside of quotes. */
struct property {
    const char *name, *parameters, *value;
};

static bool take_apart(char *line, struct property *ret)
{
    bool quoted = false;
    char *p = line;
    *ret = (struct property){line, "", NULL};
    for (; *p && (quoted || *p != ':'); p++) {
        quoted ^= *p == '"';
        if (*p == ';' && !*ret->parameters && !quoted) {
            *p = 0;
            ret->parameters = p + 1;
        }
    }
    if (!*p)
        return false;
    *p = 0;
    ret->value = p + 1;
    return true;
}

/* 20261225, or that day's midnight with a time. */
static bool read_date(const char *value, int32_t *ret_day)
{
    char dashed[11];
    size_t digits = strspn(value, "0123456789");
    if (digits != 8 || (value[8] && strncmp(value + 8, "T000000", 7) != 0) ||
        (value[8] && value[15] && strcmp(value + 15, "Z") != 0))
        return false;
    snprintf(dashed, sizeof dashed, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    return workday_parse(dashed, ret_day);
}

/* TEXT: backslash escapes (RFC 5545 3.3.11). */
static void unescape(char *text)
{
    char *out = text;
    for (const char *p = text; *p; p++)
        if (*p == '\\' && p[1])
            *out++ = *++p == 'n' || *p == 'N' ? ' ' : *p;
        else
            *out++ = *p;
    *out = 0;
}

struct event {
    bool inside, has_start, has_end, repeats;
    int below; /* components inside it: alarms */
    int32_t start, end;
    char name[HOLIDAY_NAME];
    const char *kind;
    bool cancelled;
};

static void end_event(struct reading *r, struct event *e, int line)
{
    int32_t end = e->has_end && e->end > e->start ? e->end : e->start + 1;
    if (!e->has_start)
        refuse(r, line, "Baris", "acara tanpa tanggal mulai (DTSTART).");
    else if (e->repeats)
        refuse(r, line, "Baris", "acara berulang (RRULE) tidak dapat dibaca; tulis setiap harinya.");
    else if (end - e->start > EVENT_DAYS_MOST)
        refuse(r, line, "Baris", "satu acara lebih dari 31 hari.");
    for (int32_t day = e->start; day < end && !r->failed && !e->cancelled; day++)
        add(r, line, "Baris", day, e->name, e->kind);
    *e = (struct event){0};
}

static void take_property(struct reading *r, struct event *e, int line, const struct property *p, char *value)
{
    if (!strcasecmp(p->name, "DTSTART") || !strcasecmp(p->name, "DTEND")) {
        int32_t day;
        bool start = !strcasecmp(p->name, "DTSTART");
        if (!read_date(value, &day)) {
            refuse(r, line, "Baris", "bukan acara sepanjang hari, atau tanggalnya salah.");
            return;
        }
        *(start ? &e->start : &e->end) = day;
        *(start ? &e->has_start : &e->has_end) = true;
    } else if (!strcasecmp(p->name, "SUMMARY")) {
        unescape(value);
        put_name(e->name, value);
    } else if (!strcasecmp(p->name, "CATEGORIES"))
        e->kind = kind_of(value, "") == kinds[0].key && strcasecmp(value, kinds[0].label) != 0
                      ? NULL
                      : kind_of(value, "");
    else if (!strcasecmp(p->name, "RRULE") || !strcasecmp(p->name, "RDATE"))
        e->repeats = true;
    else if (!strcasecmp(p->name, "STATUS"))
        e->cancelled = !strcasecmp(value, "CANCELLED");
}

static void take_line(struct reading *r, struct event *e, int line, char *text)
{
    struct property p;
    if (!text[strspn(text, " \t")])
        return;
    if (!take_apart(text, &p)) {
        refuse(r, line, "Baris", "bukan baris iCalendar.");
        return;
    }
    bool begin = !strcasecmp(p.name, "BEGIN"), end = !strcasecmp(p.name, "END"),
         event = (begin || end) && !strcasecmp(p.value, "VEVENT");
    if (begin && event && e->inside)
        refuse(r, line, "Baris", "acara di dalam acara.");
    else if (begin && event)
        e->inside = true;
    else if (end && event && (!e->inside || e->below))
        refuse(r, line, "Baris", "akhir acara tanpa awalnya.");
    else if (end && event)
        end_event(r, e, line);
    else if (e->inside && (begin || end)) {
        e->below += begin ? 1 : -1;
        if (e->below < 0)
            refuse(r, line, "Baris", "akhir bagian tanpa awalnya.");
    } else if (e->inside && !e->below)
        take_property(r, e, line, &p, text + (p.value - text));
}

static void read_ics(struct reading *r, const char *text, size_t n)
{
    const char *p = text, *end = text + n;
    char line_text[LINE_MOST];
    struct event e = {0};
    int line = 0;
    bool too_long;
    while (!r->failed && next_line(&p, end, &line, line_text, &too_long))
        if (too_long || strlen(line_text) == LINE_MOST)
            refuse(r, line, "Baris", "terlalu panjang.");
        else
            take_line(r, &e, line, line_text);
    if (!r->failed && e.inside)
        refuse(r, line, "Baris", "berkas terpotong di tengah acara.");
}

/* ---- both ---- */

static int by_day(const void *a, const void *b)
{
    const struct holiday *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

/* Of two names for one day the first one stays. */
static size_t once_each(struct holiday *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) /* insertion: keeps the order of equal days */
        for (size_t j = i; j && by_day(&list[j - 1], &list[j]) > 0; j--) {
            struct holiday swap = list[j];
            list[j] = list[j - 1];
            list[j - 1] = swap;
        }
    for (size_t i = 0; i < count; i++)
        if (!kept || list[kept - 1].day != list[i].day)
            list[kept++] = list[i];
    return kept;
}

size_t holidays_read(
    const char *text, size_t n, struct holiday *out, char problem[HOLIDAY_PROBLEM], bool *ret_no_memory)
{
    struct reading r = {.out = out, .problem = problem};
    *ret_no_memory = false;
    problem[0] = 0;
    if (n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        text += 3;
        n -= 3;
    }
    while (n && strchr(" \t\r\n", *text) && *text) {
        text++;
        n--;
    }
    if (n > HOLIDAYS_BYTES)
        refuse(&r, 1, "Baris", "berkas terlalu besar, paling banyak 256 KB.");
    else if (memchr(text, 0, n))
        refuse(&r, 1, "Baris", "bukan berkas teks.");
    else if (n >= 15 && !strncasecmp(text, "BEGIN:VCALENDAR", 15))
        read_ics(&r, text, n);
    else if (n && (*text == '{' || *text == '['))
        read_json(&r, text, n, ret_no_memory);
    else
        refuse(&r, 1, "Baris", "bukan kalender ICS dan bukan JSON.");
    if (!r.failed && !r.count && !*ret_no_memory)
        refuse(&r, 1, "Baris", "tidak ada hari libur di dalamnya.");
    return r.failed || *ret_no_memory ? 0 : once_each(out, r.count);
}
