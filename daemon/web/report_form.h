/* The public form as typed: what its fields are, what is wrong with them, and the form again with all that
 * was typed. report.c decides what becomes of it. */
#ifndef WEB_REPORT_FORM_H
#define WEB_REPORT_FORM_H

#include "page.h"
#include "rules/phone.h"

enum report_field {
    REPORT_ISI,
    REPORT_TANGGAL,
    REPORT_KELURAHAN,
    REPORT_TEMPAT,
    REPORT_NAMA,
    REPORT_PEKERJAAN,
    REPORT_ALAMAT,
    REPORT_SUREL,
    REPORT_WA,
    REPORT_FIELDS
};

struct report_form {
    const char *jenis, *sifat;        /* one of the choices */
    const char *jawab;                /* "surel", "wa", "lacak"; "" = not chosen */
    const char *via;                  /* the same once checked, never "": he may have left it to us */
    const char *layanan;              /* key of a service, "" = not known */
    const char *titik;                /* where the phone was: "-7.756000,113.211500"; "" = not told */
    const char *kiriman;              /* 32 hex digits: the same form sent twice is one complaint */
    const char *value[REPORT_FIELDS]; /* trimmed, never NULL */
    const char *error[REPORT_FIELDS]; /* NULL = fine */
    int errors;
    char phone[PHONE_MAX]; /* E.164 of REPORT_WA, "" = none */
    bool wait;             /* more work is wanted before it is taken (gate.h) */
    bool files;            /* some were chosen: the browser will have forgotten them */
};

enum outcome report_form_read(struct page *page, struct report_form *form); /* LATER without memory */
void report_form_check(const struct page *page, struct report_form *form);
enum outcome report_form_show(struct page *page, const struct report_form *form);

const char *report_form_key(struct page *page); /* a new `kiriman`; NULL without memory */
bool report_form_is_key(const char *text);

const char *report_form_name(enum report_field field);

const char *report_form_count(int n); /* "Tiga" */

/* value without blanks around it, line ends as "\n"; NULL without memory. */
const char *report_form_trim(struct page *page, const char *value);

#endif
