/* The front page: who the office is, when its counter is open, by which ways it is reached, what it promises. The words are
 * the office's own where it has written some (front.h). */
#include "daemon/book/timetable.h"
#include "front.h"
#include "opening.h"
#include "present.h"
#include "rules/phone.h"
#include <string.h>

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
        opening_week(hours), "now_open", opening_now(hours, now, page->arena), "opened",
        office_hours_open(hours, now), "judged_days", present_days(timetable->terms[TERM_VERIFIKASI]),
        "information_days", timetable->terms[TERM_INFORMASI], "answer_days",
        timetable->terms[TERM_PENGADUAN]);
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
