/* /pengaturan/waktu: the numbers that clocks run by, each with where it comes from; and /pengingat: how an officer wants to be
 * reminded. */
#include "daemon/book/catalogue.h"
#include "daemon/book/timetable.h"
#include "daemon/desk/calendar_change.h"
#include "daemon/desk/compose.h"
#include "page.h"
#include "rules/phone.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVICE_MOST = 366, REASON_MAX = 500 };

/* Digits only, within; -1 = not. */
static int read_number(const char *text, int least, int most)
{
    size_t n = strspn(text, "0123456789");
    int value = !text[n] && n >= 1 && n <= 4 ? (int)strtol(text, NULL, 10) : -1;
    return value >= least && value <= most ? value : -1;
}

static const char *service_field(struct page *page, int64_t id, bool calendar)
{
    return arena_printf(page->arena, "layanan_%lld_%s", (long long)id, calendar ? "kalender" : "kerja");
}

/* ---- showing ---- */

static json_t *term_row(struct page *page, const struct timetable *t, enum term term, bool typed)
{
    const struct term_setting *s = term_setting(term);
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i}", "key", s->key, "label", s->label, "unit",
        s->unit, "source", s->source, "least", s->least, "most", s->most);
    json_object_set_new(
        row, "value", typed ? json_string(page_field(page, s->key)) : json_sprintf("%d", t->terms[term]));
    if (t->terms[term] != s->shipped)
        json_object_set_new(row, "changed", json_pack("{s:i}", "shipped", s->shipped));
    return row;
}

/* Numbers of a service of its own; "" = as its kind. */
static enum outcome add_services(struct page *page, bool typed, json_t *data)
{
    struct service *v = NULL;
    json_t *list = json_array();
    enum outcome outcome = service_list(page->txn, &v, page->arena, page->fault);
    for (; v && !outcome; v = v->next) {
        struct deadline_terms own;
        const char *working = service_field(page, v->id, false), *calendar = service_field(page, v->id, true);
        outcome = timetable_own(page->txn, v->id, &own, page->fault);
        json_t *row =
            json_pack("{s:s, s:s?, s:s?}", "name", v->name, "working", working, "calendar", calendar);
        json_object_set_new(row, "working_days",
            typed              ? json_string(page_field(page, working ? working : ""))
            : own.working_days ? json_sprintf("%d", own.working_days)
                               : json_string(""));
        json_object_set_new(row, "calendar_days",
            typed               ? json_string(page_field(page, calendar ? calendar : ""))
            : own.calendar_days ? json_sprintf("%d", own.calendar_days)
                                : json_string(""));
        json_array_append_new(list, row);
    }
    json_object_set_new(data, "services", list);
    return outcome;
}

static enum outcome show(struct page *page, const char *problem)
{
    const struct timetable *t;
    enum outcome outcome = timetable_get(page->txn, &t, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array();
    for (int i = 0; i < TERM_COUNT; i++)
        json_array_append_new(rows, term_row(page, t, (enum term)i, problem != NULL));
    json_t *data = json_pack("{s:s, s:I, s:o, s:b}", "title", "Batas waktu", "current",
        (json_int_t)t->version, "terms", rows, "wrong", problem != NULL);
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    outcome = add_services(page, problem != NULL, data);
    if (!outcome)
        return page_view_status(page, problem ? 422 : 200, "terms", data);
    json_decref(data);
    return outcome;
}

static enum outcome show_terms(struct page *page)
{
    return show(page, NULL);
}

/* ---- saving ---- */

/* What is typed, and in words what of it is new. */
struct typed {
    int terms[TERM_COUNT];
    struct str reason;
};

static const char *read_terms(struct page *page, const struct timetable *t, struct typed *typed)
{
    for (int i = 0; i < TERM_COUNT; i++) {
        const struct term_setting *s = term_setting((enum term)i);
        typed->terms[i] = read_number(page_field(page, s->key), s->least, s->most);
        if (typed->terms[i] < 0)
            return arena_printf(page->arena, "%s: isi angka %d sampai %d.", s->label, s->least, s->most);
        if (typed->terms[i] != t->terms[i])
            str_addf(&typed->reason, "%s%s %d menjadi %d %s", typed->reason.len ? "; " : "", s->label,
                t->terms[i], typed->terms[i], s->unit);
    }
    return NULL;
}

/* What differs is written, or else only told in words. */
static enum outcome each_service(struct page *page, struct typed *typed, bool write, const char **ret_problem)
{
    struct service *v = NULL;
    enum outcome outcome = service_list(page->txn, &v, page->arena, page->fault);
    for (; v && !outcome; v = v->next) {
        struct deadline_terms own, wanted;
        const char *working = page_field(page, service_field(page, v->id, false)),
                   *calendar = page_field(page, service_field(page, v->id, true));
        wanted.working_days = *working ? read_number(working, 0, SERVICE_MOST) : 0;
        wanted.calendar_days = *calendar ? read_number(calendar, 0, SERVICE_MOST) : 0;
        if (wanted.working_days < 0 || wanted.calendar_days < 0) {
            *ret_problem = arena_printf(page->arena, "%s: isi angka sampai 366, atau kosongkan.", v->name);
            return OUTCOME_DONE;
        }
        outcome = timetable_own(page->txn, v->id, &own, page->fault);
        if (outcome || (own.working_days == wanted.working_days && own.calendar_days == wanted.calendar_days))
            continue;
        if (write)
            outcome = timetable_set_service(page->txn, v->id, &wanted, page->fault);
        else
            str_addf(&typed->reason, "%slayanan %s", typed->reason.len ? "; " : "", v->name);
    }
    return outcome;
}

static enum outcome write_all(struct page *page, struct typed *typed, const int before[TERM_COUNT])
{
    int64_t version = 0;
    const char *none = NULL, *reason = arena_printf(page->arena, "Batas waktu diubah: %.*s%s.", REASON_MAX,
                                 typed->reason.data, typed->reason.len > REASON_MAX ? " …" : "");
    enum outcome outcome =
        calendar_change_begin(page->txn, page->officer, reason, &version, page->arena, page->fault);
    for (int i = 0; i < TERM_COUNT && !outcome; i++)
        if (typed->terms[i] != before[i])
            outcome = timetable_set_term(page->txn, (enum term)i, typed->terms[i], page->fault);
    if (!outcome)
        outcome = each_service(page, typed, true, &none);
    return outcome ? outcome : page_redirect(page, "/pengaturan/waktu?catatan=kalender");
}

static enum outcome post_terms(struct page *page)
{
    const struct timetable *t;
    struct typed typed;
    int before[TERM_COUNT];
    enum outcome outcome = timetable_get(page->txn, &t, page->fault);
    if (outcome)
        return outcome;
    memcpy(before, t->terms, sizeof before); /* t goes with the first change */
    str_init(&typed.reason, 64 * 1024);
    const char *problem = read_terms(page, t, &typed);
    if (!problem)
        outcome = each_service(page, &typed, false, &problem);
    if (!outcome)
        outcome = problem            ? show(page, problem)
                  : typed.reason.len ? write_all(page, &typed, before)
                                     : page_redirect(page, "/pengaturan/waktu?catatan=tersimpan");
    str_release(&typed.reason);
    return outcome;
}

/* ---- an officer's own reminders ---- */

struct own {
    bool by_mail, by_mqtt;
    const char *phone; /* as typed */
};

static enum outcome show_own(struct page *page, const struct own *own, const char *problem)
{
    json_t *data = json_pack("{s:s, s:b, s:s, s:s?, s:b, s:b}", "title", "Pengingat saya", "by_mail",
        own->by_mail, "phone", own->phone ? own->phone : "", "email", page->officer->email, "wrong",
        problem != NULL, "narrow", 1);
    const struct book_options *book = txn_options(page->txn);
    const char *topic = compose_reminder_topic(page->txn, page->officer->login, page->arena);
    if (book->event_channel)
        json_object_set_new(data, "mqtt", json_pack("{s:b, s:s?}", "by_mqtt", own->by_mqtt, "topic", topic));
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    return page_view_status(page, problem ? 422 : 200, "reminders", data);
}

static enum outcome show_reminders(struct page *page)
{
    const struct officer *o = page->officer;
    return show_own(page, &(struct own){o->remind_mail, o->remind_mqtt, o->remind_phone}, NULL);
}

static enum outcome post_reminders(struct page *page)
{
    const struct own own = {.by_mail = *page_field(page, "surel") != 0,
        .by_mqtt = *page_field(page, "mqtt") != 0,
        .phone = page_field(page, "telepon")};
    char phone[PHONE_MAX] = "";
    if (*own.phone && !phone_from_human(own.phone, phone))
        return show_own(page, &own, "Nomor WhatsApp belum benar, contoh 0812-3456-7890.");
    enum outcome outcome = officer_set_reminders(
        page->txn, page->officer->id, own.by_mail, own.by_mqtt, *phone ? phone : NULL, page->fault);
    return outcome ? outcome : page_redirect(page, "/pengingat?catatan=tersimpan");
}

const struct page_route terms_routes[] = {
    {"/pengaturan/waktu", show_terms, post_terms, 1u << ROLE_ADMIN, 0},
    {"/pengingat", show_reminders, post_reminders, PAGE_EVERY_OFFICER, 0},
    {NULL, NULL, NULL, 0, 0},
};
