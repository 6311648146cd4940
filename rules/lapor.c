#include "lapor.h"
#include "words_date.h"
#include "workday.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DIGITS_LEAST = 4 };

static const char *behind_words(const char *p)
{
    static const char *const words[] = {"nomor", "no", "tracking", "id"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        p += strspn(p, " \t#.:-");
        if (!strncasecmp(p, words[i], strlen(words[i])))
            p += strlen(words[i]);
    }
    return p + strspn(p, " \t#.:-");
}

bool lapor_number(const char *typed, char out[LAPOR_NUMBER_SIZE])
{
    size_t n = 0;
    for (const char *p = behind_words(typed); *p; p++) {
        if (*p >= '0' && *p <= '9') {
            if (n == LAPOR_NUMBER_SIZE - 1)
                return false;
            out[n++] = *p;
        } else if (!strchr(" \t.-", *p)) {
            return false;
        }
    }
    out[n] = '\0';
    return n >= DIGITS_LEAST;
}

/* Of the words of a heading, in order; the first that fits is it. */
static const struct {
    enum lapor_column column;
    const char *words[2]; /* all of them stand in it, as beginnings of words */
} headings[] = {{LAPOR_NUMBER, {"tracking"}}, {LAPOR_NUMBER, {"nomor", "lapor"}},
    {LAPOR_NUMBER, {"no", "lapor"}}, {LAPOR_NUMBER, {"id", "lapor"}}, {LAPOR_TITLE, {"judul"}},
    {LAPOR_DATE, {"tanggal"}}, {LAPOR_DATE, {"tgl"}}, {LAPOR_TEXT, {"isi"}}, {LAPOR_TEXT, {"uraian"}},
    {LAPOR_TEXT, {"detail"}}, {LAPOR_ADDRESS, {"alamat"}}, {LAPOR_NAME, {"nama"}}, {LAPOR_NAME, {"pelapor"}},
    {LAPOR_PHONE, {"hp"}}, {LAPOR_PHONE, {"telepon"}}, {LAPOR_PHONE, {"telp"}}, {LAPOR_EMAIL, {"email"}},
    {LAPOR_EMAIL, {"e-mail"}}, {LAPOR_PLACE, {"lokasi"}}, {LAPOR_PLACE, {"tempat"}}};

const char *lapor_column_label(enum lapor_column column)
{
    static const char *const labels[LAPOR_COLUMNS] = {"Nomor laporan", "Isi laporan", "Judul", "Tanggal",
        "Nama pelapor", "Alamat pelapor", "Telepon", "E-mail", "Lokasi kejadian"};
    return labels[column];
}

static bool has_word(const char *text, const char *word)
{
    static const char between[] = " _.:-/()\t";
    size_t n = strlen(word);
    for (const char *p = text; *p;) {
        p += strspn(p, between);
        if (!strncasecmp(p, word, n) && (n > 2 || !p[n] || strchr(between, p[n])))
            return true;
        p += strcspn(p, between);
    }
    return false;
}

int lapor_column(const char *heading)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (has_word(heading, headings[i].words[0]) &&
            (!headings[i].words[1] || has_word(heading, headings[i].words[1])))
            return (int)headings[i].column;
    return -1;
}

/* "20 November 2026", "20 Nov 2026" */
static bool date_in_words(const char *typed, int32_t *ret_day)
{
    char *end;
    long day = strtol(typed, &end, 10);
    const char *name = end + strspn(end, " ");
    size_t letters = strcspn(name, " ");
    long year = strtol(name + letters, NULL, 10);
    for (int month = 1; month <= 12 && letters >= 3; month++) {
        char plain[32];
        if (strncasecmp(name, words_date_month_name(month), letters))
            continue;
        snprintf(plain, sizeof plain, "%04ld-%02d-%02ld", year, month, day);
        return day > 0 && day <= 31 && year >= 1900 && year <= 2200 && workday_parse(plain, ret_day);
    }
    return false;
}

bool lapor_date(const char *typed, int32_t *ret_day)
{
    char first[16];
    size_t n = strcspn(typed, " T,");
    if (n && n < sizeof first) {
        memcpy(first, typed, n);
        first[n] = '\0';
        if (workday_parse(first, ret_day))
            return true;
    }
    return date_in_words(typed, ret_day);
}
