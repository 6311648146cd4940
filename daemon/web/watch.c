#include "watch.h"
#include "daemon/book/workload.h"
#include "daemon/book/sheet.h"
#include "daemon/desk/overview.h"
#include "daemon/desk/route.h"
#include "present.h"
#include "rules/workday.h"
#include <stdio.h>
#include <string.h>

enum { WEEK = 7 };

/* ---- figures of the day ---- */

static int64_t day_begins(const struct page *page, int32_t day)
{
    return workday_end_ms(day - 1, present_office(page)->utc_offset_minutes) + 1;
}

static void add_figure(json_t *list, int64_t count, const char *label, const char *hint, bool late)
{
    json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:b}", "count", (json_int_t)count, "label", label,
                                    "hint", hint, "late", late));
}

static enum outcome day_figures(struct page *page, json_t *list)
{
    int32_t today = workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    struct workload_day now, before;
    enum outcome outcome =
        workload_day(page->txn, day_begins(page, today), day_begins(page, today + 1), &now, page->fault);
    if (!outcome)
        outcome = workload_day(page->txn, day_begins(page, today - WEEK), day_begins(page, today - WEEK + 1),
            &before, page->fault);
    if (outcome)
        return outcome;
    char hint[80];
    snprintf(hint, sizeof hint, "pekan lalu %lld", (long long)before.received);
    add_figure(list, now.received, "Masuk hari ini", hint, false);
    if (now.answered_late)
        snprintf(hint, sizeof hint, "%lld sesudah tenggat", (long long)now.answered_late);
    else
        snprintf(hint, sizeof hint, "%s", now.answered ? "semua tepat waktu" : "belum ada");
    add_figure(list, now.answered, "Dijawab hari ini", hint, now.answered_late > 0);
    return OUTCOME_DONE;
}

static enum outcome month_figures(struct page *page, json_t *list)
{
    int32_t today = workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    int year, month, day;
    workday_to_date(today, &year, &month, &day);
    struct workload_day now;
    enum outcome outcome = workload_day(page->txn, day_begins(page, workday_from_date(year, month, 1)),
        day_begins(page, today + 1), &now, page->fault);
    if (outcome)
        return outcome;
    char hint[80];
    add_figure(list, now.received, "Masuk bulan ini", "semua saluran", false);
    if (now.answered)
        snprintf(hint, sizeof hint, "%lld %% tepat waktu",
            (long long)((now.answered - now.answered_late) * 100 / now.answered));
    else
        snprintf(hint, sizeof hint, "belum ada");
    add_figure(list, now.answered, "Dijawab bulan ini", hint, now.answered_late * 5 > now.answered);
    if (now.rated) {
        snprintf(hint, sizeof hint, "dari %lld penilaian", (long long)now.rated);
        add_figure(list, now.satisfied, "Puas bulan ini", hint, false);
    }
    return OUTCOME_DONE;
}

/* ---- who has how much to do, and what arrived ---- */

json_t *watch_loads(struct page *page, json_t *desks)
{
    json_t *row;
    size_t i;
    json_array_foreach(desks, i, row)
    {
        json_int_t section = json_integer_value(json_object_get(row, "section_id"));
        if (section)
            json_object_set_new(row, "desk_url",
                json_string(arena_printf(page->arena, "/buku?seksi=%lld&keadaan=terbuka", section)));
    }
    return json_array_size(desks) ? json_pack("{s:O}", "desks", desks) : NULL;
}

json_t *watch_ledger(struct page *page, json_t *ledger)
{
    json_t *row;
    size_t i;
    json_array_foreach(json_object_get(ledger, "entries"), i, row)
    {
        const char *channel = json_string_value(json_object_get(row, "channel"));
        const char *own = channel ? strchr(channel, ':') : NULL; /* several mailboxes are several channels */
        if (!channel)
            continue;
        json_object_set_new(row, "by",
            json_string(arena_printf(
                page->arena, "%s%s%s", route_channel_label(channel), own ? " " : "", own ? own + 1 : "")));
        json_object_set_new(row, "icon", json_string(present_channel_icon(channel)));
    }
    return json_incref(ledger);
}

static enum outcome add_loads(struct page *page, int64_t soon_until, json_t *data)
{
    json_t *list = NULL;
    enum outcome outcome = overview_loads(
        page->txn, soon_until, page->officer->role == ROLE_KASI, &list, page->arena, page->fault);
    json_t *loads = watch_loads(page, list);
    if (loads)
        json_object_set_new(data, "loads", loads);
    json_decref(list);
    return outcome;
}

static enum outcome add_ledger(struct page *page, json_t *data)
{
    json_t *ledger = NULL;
    int32_t today = workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    enum outcome outcome =
        overview_ledger(page->txn, day_begins(page, today), &ledger, page->arena, page->fault);
    if (!outcome)
        json_object_set_new(data, "ledger", watch_ledger(page, ledger));
    json_decref(ledger);
    return outcome;
}

/* The newest sheet that was made for his role. */
static enum outcome add_sheet(struct page *page, json_t *data)
{
    struct sheet sheet;
    bool weekly = page->officer->role == ROLE_SEKCAM;
    enum outcome outcome =
        sheet_newest(page->txn, weekly ? SHEET_MINGGUAN : SHEET_HARIAN, &sheet, page->fault);
    if (!outcome && sheet.id)
        json_object_set_new(data, "sheet",
            json_pack("{s:I, s:s, s:o}", "sheet_id", (json_int_t)sheet.id, "sheet_name",
                weekly ? "Lembar mingguan" : "Lembar harian", "sheet_at", present_moment(page, sheet.at)));
    return outcome;
}

enum outcome watch_add(struct page *page, int64_t soon_until, json_t *data)
{
    enum role role = page->officer->role;
    if (role == ROLE_SEKCAM)
        return add_sheet(page, data);
    if (role != ROLE_KASI && role != ROLE_CAMAT)
        return OUTCOME_DONE;
    json_t *figures = json_array();
    enum outcome outcome = day_figures(page, figures);
    if (!outcome && role == ROLE_CAMAT)
        outcome = month_figures(page, figures);
    json_object_set_new(data, "watch", json_pack("{s:o}", "figures", figures));
    if (!outcome)
        outcome = add_loads(page, soon_until, data);
    if (!outcome && role == ROLE_KASI)
        outcome = add_ledger(page, data);
    if (!outcome)
        outcome = add_sheet(page, data);
    return outcome;
}
