/* The front page: who the office is, when its counter is open, by which ways it is reached, what it promises. The words are
 * the office's own where it has written some (front.h). */
#include "daemon/book/timetable.h"
#include "front.h"
#include "present.h"
#include "rules/office_hours.h"
#include "rules/phone.h"
#include "rules/words_date.h"
#include <stdio.h>
#include <string.h>

enum { WEEK = 7, CLOCK_SIZE = 16 };

static const char *const day_names[WEEK] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};

static void write_clock(char out[CLOCK_SIZE], int minutes)
{
    snprintf(out, CLOCK_SIZE, "%02d.%02d", minutes / 60 % 24, minutes % 60);
}

static bool same(struct office_shift a, struct office_shift b)
{
    return a.start == b.start && a.end == b.end;
}

/* Monday to Sunday, days with the same hours in one row. */
static json_t *week_json(const struct office_hours *hours)
{
    json_t *rows = json_array();
    for (int day = 0, last; day < WEEK; day = last + 1) {
        struct office_shift shift = hours->week[day];
        char from[CLOCK_SIZE], to[CLOCK_SIZE];
        for (last = day; last + 1 < WEEK && same(hours->week[last + 1], shift);)
            last++;
        write_clock(from, shift.start);
        write_clock(to, shift.end);
        json_t *days = last == day       ? json_string(day_names[day])
                       : last == day + 1 ? json_sprintf("%s, %s", day_names[day], day_names[last])
                                         : json_sprintf("%s–%s", day_names[day], day_names[last]);
        json_array_append_new(rows, json_pack("{s:o, s:o}", "days", days, "hours",
                                        shift.end ? json_sprintf("%s–%s", from, to) : json_string("tutup")));
    }
    return rows;
}

/* "Buka sampai 15.30", "Tutup, buka lagi Senin, 30 November 2026, pukul 07.30" */
static const char *now_words(struct page *page, const struct office_hours *hours, int64_t now)
{
    char clock[CLOCK_SIZE], day[WORDS_DATE_SIZE];
    int offset = hours->utc_offset_minutes;
    if (office_hours_open(hours, now)) {
        write_clock(clock, office_hours_of(hours, workday_of_ms(now, offset)).end);
        return arena_printf(page->arena, "Buka sampai %s", clock);
    }
    int64_t next = office_hours_next(hours, now);
    if (next < 0)
        return "Tutup";
    int32_t on = workday_of_ms(next, offset);
    write_clock(clock, office_hours_of(hours, on).start);
    if (on == workday_of_ms(now, offset))
        return arena_printf(page->arena, "Tutup, buka pukul %s", clock);
    words_date_long(day, sizeof day, next, offset);
    return arena_printf(page->arena, "Tutup, buka lagi %s, pukul %s", day, clock);
}

static enum outcome add_texts(struct page *page, json_t *data)
{
    size_t count;
    const struct front_text *texts = front_texts(&count);
    for (size_t i = 0; i < count; i++) {
        const char *words;
        enum outcome o = front_get(page, texts[i].name, &words);
        if (o != OUTCOME_DONE)
            return o;
        bool lines = texts[i].form == FRONT_LINES && strcmp(texts[i].name, "saluran") == 0;
        json_object_set_new(data, texts[i].name, lines ? front_lines(words) : json_string(words));
        char phone[PHONE_MAX];
        if (texts[i].form == FRONT_PHONE && phone_from_human(words, phone))
            json_object_set_new(data, "whatsapp_url", json_sprintf("https://wa.me/%s", phone + 1));
    }
    return OUTCOME_DONE;
}

static enum outcome home_get(struct page *page)
{
    const struct timetable *timetable;
    int64_t now = txn_now(page->txn);
    enum outcome o = timetable_get(page->txn, &timetable, page->fault);
    if (o != OUTCOME_DONE)
        return o;
    const struct office_hours *hours = &timetable->hours;
    json_t *data = json_pack("{s:s, s:o, s:s, s:b, s:o*, s:i, s:i}", "title", "Sampaikan aduan", "week",
        week_json(hours), "now_open", now_words(page, hours, now), "opened", office_hours_open(hours, now),
        "judged_days", present_days(timetable->terms[TERM_VERIFIKASI]), "information_days",
        timetable->terms[TERM_INFORMASI], "answer_days", timetable->terms[TERM_PENGADUAN]);
    o = data ? add_texts(page, data) : OUTCOME_DONE;
    if (o == OUTCOME_DONE)
        return page_view(page, "home", data);
    json_decref(data);
    return o;
}

const struct page_route home_routes[] = {
    {"/", home_get, NULL, 0, 0},
    {0},
};
