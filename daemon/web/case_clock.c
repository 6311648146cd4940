/* A complaint's clock in words: until when what has to be done, by which calendar, and why a date moved. */
#include "case.h"
#include "daemon/book/clocks.h"
#include "daemon/book/timetable.h"
#include "daemon/desk/correspond.h"
#include "present.h"
#include "rules/words_date.h"
#include <stdio.h>
#include <string.h>

static void add_date(const struct page *page, json_t *json, const char *name, int64_t at)
{
    if (at)
        json_object_set_new(json, name, present_date(page, at));
}

static const char *stage_words(enum stage stage)
{
    return stage == STAGE_VERIFIKASI   ? "Verifikasi"
           : stage == STAGE_DILENGKAPI ? "Dilengkapi pengadu"
                                       : "Ditutup bila tidak ada tanggapan";
}

/* What may be done about the limit of a request for information: once a formal one, once longer. */
static enum outcome add_information(struct page *page, const struct complaint *c, const struct clocks *k,
    const struct case_view *view, json_t *data)
{
    const struct timetable *t;
    enum outcome outcome = timetable_get(page->txn, &t, page->fault);
    if (outcome || !correspond_may(page->officer) || !state_open(c->state) || strcmp(c->kind, "informasi"))
        return outcome;
    int days = k->formal_at ? t->terms[TERM_PPID_TAMBAHAN] : t->terms[TERM_PPID];
    if (k->formal_at &&
        (k->extended_at || !days || (k->limits.promise && k->limits.promise < txn_now(page->txn))))
        return OUTCOME_DONE;
    const char *act = k->formal_at ? "perpanjang" : "ppid";
    bool refused = view->refused && !strcmp(view->refused, act);
    json_object_set_new(data, "information",
        json_pack("{s:s, s:b, s:i, s:s, s:b}", "limit_act", act, "formal", k->formal_at != 0, "limit_days",
            days, "limit_text", refused ? page_field(page, "isi") : "", "open", refused));
    return OUTCOME_DONE;
}

enum outcome case_clock_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    struct clocks k;
    enum outcome outcome = clocks_get(page->txn, c->id, &k, page->fault);
    if (outcome || !k.complaint_id || !k.running)
        return outcome;
    json_t *json = json_object();
    if (state_open(c->state)) {
        add_date(page, json, "clock_due", c->due_at);
        add_date(page, json, "clock_promise", k.limits.promise);
        add_date(page, json, "clock_law", k.limits.law);
        add_date(page, json, "clock_given", k.given_at);
        add_date(page, json, "clock_paused", k.paused_at);
    }
    if (k.formal_at)
        json_object_set_new(json, "clock_formal", json_string(k.extended_at ? "Ya, diperpanjang" : "Ya"));
    if (k.stage_due) {
        json_object_set_new(json, "stage_words", json_string(stage_words(k.stage)));
        add_date(page, json, "stage_due", k.stage_due);
    }
    if (k.version)
        json_object_set_new(json, "calendar_version", json_integer((json_int_t)k.version));
    json_object_set_new(data, "clock", json);
    return add_information(page, c, &k, view, data);
}

json_t *case_clock_words(const struct page *page, const char *kind, const json_t *details)
{
    char from[WORDS_DATE_SIZE], to[WORDS_DATE_SIZE];
    int zone = present_office(page)->utc_offset_minutes;
    const char *what = json_string_value(json_object_get(details, "for")),
               *why = json_string_value(json_object_get(details, "why"));
    int64_t moved = json_integer_value(json_object_get(details, "menjadi")),
            due = json_integer_value(json_object_get(details, "due_at"));
    int late = (int)json_integer_value(json_object_get(details, "late"));
    if (!strcmp(kind, "tenggat") && moved) {
        words_date_day(from, sizeof from, json_integer_value(json_object_get(details, "dari")), zone);
        words_date_day(to, sizeof to, moved, zone);
        return json_sprintf("dari %s menjadi %s. %s", from, to, why ? why : "");
    }
    if (!strcmp(kind, "disposisi") && due) {
        words_date_day(to, sizeof to, due, zone);
        return json_sprintf("batas %s", to);
    }
    if (!strcmp(kind, "terlambat") && what)
        return json_sprintf("%d hari kerja untuk %s", late, what);
    if (!strcmp(kind, "pengingat") && what)
        return json_sprintf(
            "%d %% waktu untuk %s", (int)json_integer_value(json_object_get(details, "step")), what);
    return NULL;
}
