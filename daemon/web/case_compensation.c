/* Compensation on a complaint's page: what was given, and for whom may the form. */
#include "case.h"
#include "daemon/desk/compensate.h"
#include "daemon/desk/desk.h"
#include "present.h"
#include "report_form.h"
#include "rules/workday.h"
#include "upload.h"
#include <string.h>

enum outcome case_compensation_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    struct compensation given;
    bool refused = view->refused && !strcmp(view->refused, "kompensasi"),
         may = compensate_may(page->officer, c);
    enum outcome outcome = compensation_get(page->txn, c->id, &given, page->arena, page->fault);
    if (outcome || (!given.complaint_id && !may))
        return outcome;
    json_t *json = json_object();
    if (given.complaint_id)
        json_object_set_new(json, "given_words", json_string(compensate_words(&given, false, page->arena)));
    if (may) {
        json_t *form = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "what", page_field(page, "apa"), "day",
            page_field(page, "tanggal"), "receiver", page_field(page, "penerima"), "fetched",
            !strcmp(page_field(page, "cara"), "diambil"), "open", refused, "again", given.complaint_id != 0);
        if (refused)
            json_object_set_new(form, "problem", json_string(view->problem));
        json_object_set_new(json, "give", form);
    }
    json_object_set_new(data, "compensation", json);
    return OUTCOME_DONE;
}

enum outcome case_compensation_post(struct page *page, int64_t id)
{
    struct inbound_file *files;
    int32_t day;
    struct compensating typed = {.complaint_id = id,
        .what = report_form_trim(page, page_field(page, "apa")),
        .way = page_field(page, "cara"),
        .receiver = report_form_trim(page, page_field(page, "penerima")),
        .day = workday_parse(page_field(page, "tanggal"), &day) ? day : INT32_MIN};
    enum outcome outcome = upload_files(page, "berkas", &files);
    typed.files = files;
    if (!outcome && (!typed.what || !typed.receiver))
        outcome = fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a form");
    return outcome ? outcome
                   : compensate(
                         page->txn, desk_office(page->desk), page->officer, &typed, page->arena, page->fault);
}
