/* The public form: /aduan, and the receipt /aduan/terkirim. */
#include "daemon/book/arrival.h"
#include "daemon/book/complaint.h"
#include "daemon/base/json_read.h"
#include "daemon/book/message.h"
#include "daemon/book/timetable.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/intake.h"
#include "daemon/desk/route.h"
#include "letterhead_page.h"
#include "daemon/desk/site_form.h"
#include "qr.h"
#include "receipt.h"
#include "report_form.h"
#include "present.h"
#include "rules/unwanted.h"
#include "rules/words_date.h"
#include "track.h"
#include "upload.h"
#include <stdlib.h>
#include <string.h>

enum { REPORT_BODY_MAX = 26 * 1024 * 1024 }; /* 25 MB of files, as the page says, and the form around them */

static enum outcome report_get(struct page *page)
{
    static const struct http_form none;
    page->form = &none;
    struct report_form form;
    enum outcome o = report_form_read(page, &form);
    if (o != OUTCOME_DONE)
        return o;
    if (!strcmp(page_query(page, "jenis"), "saran"))
        form.jenis = "saran";
    return report_form_show(page, &form);
}

/* ---- into the book ---- */

/* What is kept as the bytes that came: the fields as JSON, without what "Tanpa nama" promises not to know.
 * The files are kept as themselves. */
static enum outcome set_raw(struct page *page, const struct report_form *form, struct inbound *in)
{
    bool anonymous = !strcmp(form->sifat, "anonim");
    json_t *raw = json_pack("{s:s, s:s, s:s, s:s, s:s}", "jenis", form->jenis, "layanan", form->layanan,
        "sifat", form->sifat, "jawab", form->via, "titik", form->titik);
    for (int i = 0; i < REPORT_FIELDS; i++)
        if (!anonymous || i < REPORT_NAMA)
            json_object_set_new(raw, report_form_name(i), json_string(form->value[i]));
    char *text = json_text(raw, JSON_COMPACT);
    json_decref(raw);
    if (!text || !arena_defer(page->arena, free, text))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "report: no memory");
    in->raw = text;
    in->raw_size = strlen(text);
    return OUTCOME_DONE;
}

/* Machines that advertise send no photographs: what comes with a file is taken as it is. So is what is rahasia: more officers
 * look at what was set aside than may see that. */
static const char *suspicion(struct page *page, const struct report_form *form)
{
    char why[UNWANTED_WHY];
    int64_t age = gate_age(page->gate, page_field(page, "karcis"), form->kiriman, txn_now(page->txn));
    const struct unwanted_facts facts = {.text = form->value[REPORT_ISI],
        .trap = *page_field(page, "situs_web"),
        .seconds = age < 0 ? -1 : age / 1000};
    if (form->files || !strcmp(form->sifat, "rahasia") || unwanted_points(&facts, why) < UNWANTED_ENOUGH)
        return NULL;
    return arena_printf(page->arena, "perlu diperiksa: %s", why);
}

static enum outcome record(struct page *page, const struct report_form *form, struct intake_result *ret)
{
    struct inbound in = {.arena = page->arena,
        .kind = INBOUND_MESSAGE,
        .external = form->kiriman,
        .suspect = suspicion(page, form)};
    enum outcome o = set_raw(page, form, &in);
    if (o == OUTCOME_DONE)
        o = site_form_read(in.raw, in.raw_size, &in, page->arena, page->fault);
    if (o == OUTCOME_DONE)
        o = upload_files(page, "berkas", &in.files);
    if (o == OUTCOME_DONE && !arena_ok(page->arena))
        o = fault_set(page->fault, OUTCOME_LATER, NULL, "report: no memory");
    if (o == OUTCOME_DONE)
        o = intake_record(
            page->txn, desk_office(page->desk), "situs", &in, NULL, ret, page->arena, page->fault);
    return o;
}

static enum outcome report_post(struct page *page)
{
    struct report_form form;
    enum outcome o = report_form_read(page, &form);
    if (o != OUTCOME_DONE)
        return o;
    report_form_check(page, &form);
    if (form.errors)
        return report_form_show(page, &form);
    form.wait = !gate_lets(page->gate, page->peer, page_field(page, "karcis"), form.kiriman,
        page_field(page, "bukti"), txn_now(page->txn));
    if (form.wait)
        return report_form_show(page, &form);
    struct intake_result result;
    o = record(page, &form, &result);
    if (o != OUTCOME_DONE)
        return o;
    return page_redirect(page, result.code
                                   ? arena_printf(page->arena, "/aduan/terkirim?k=%s", result.code)
                                   : arena_printf(page->arena, "/aduan/diperiksa?k=%s", form.kiriman));
}

/* ---- an officer looks first ---- */

/* By the form's own key, which nobody else has: once it is a complaint, its receipt. */
static enum outcome looked_at_get(struct page *page)
{
    const char *key = page_query(page, "k");
    bool known = false;
    int64_t complaint_id = 0;
    struct complaint c;
    char shown[REGISTER_SHOWN_SIZE];
    page->secret = true;
    enum outcome o = report_form_is_key(key)
                         ? arrival_find(page->txn, "situs", key, NULL, &known, &complaint_id, page->fault)
                         : OUTCOME_DONE;
    if (o == OUTCOME_DONE && !known)
        o = fault_set(
            page->fault, OUTCOME_NEVER, "Formulir itu tidak ada. Periksa lagi alamatnya.", "no such form");
    if (o == OUTCOME_DONE && complaint_id)
        o = complaint_get(page->txn, complaint_id, &c, page->arena, page->fault);
    if (o != OUTCOME_DONE)
        return o;
    if (!complaint_id)
        return page_view(page, "report_looked_at",
            json_pack("{s:s, s:b, s:s}", "title", "Kiriman Anda sudah kami terima", "narrow", true,
                "form_script_url", page->house->form_script_url));
    register_code_show(shown, c.code);
    return page_redirect(page, arena_printf(page->arena, "/aduan/terkirim?k=%s", shown));
}

/* ---- the receipt ---- */

/* "" = none. */
static enum outcome count_files(struct page *page, int64_t complaint_id, const char **ret_count)
{
    struct message *messages;
    size_t n;
    enum outcome o = message_list(page->txn, complaint_id, &messages, &n, page->arena, page->fault);
    int count = 0;
    for (size_t i = 0; o == OUTCOME_DONE && i < n; i++)
        for (const struct attachment *a = messages[i].attachments; a; a = a->next)
            count++;
    *ret_count = count ? arena_printf(page->arena, "%d", count) : "";
    return o;
}

/* Whoever has the code sees this page, so it names nobody. */
static enum outcome receipt_get(struct page *page)
{
    struct complaint c;
    char shown[REGISTER_SHOWN_SIZE];
    const char *files = "";
    page->secret = true;
    enum outcome o = track_find(page, page_query(page, "k"), &c, shown);
    if (o == OUTCOME_DONE)
        o = count_files(page, c.id, &files);
    if (o != OUTCOME_DONE)
        return o;
    int offset = page->house->office->utc_offset_minutes;
    char received[WORDS_DATE_SIZE], due[WORDS_DATE_SIZE] = "", due_short[WORDS_DATE_SIZE] = "";
    words_date_full(received, sizeof received, c.received_at, offset);
    if (c.due_at) {
        words_date_long(due, sizeof due, c.due_at, offset);
        words_date_day(due_short, sizeof due_short, c.due_at, offset);
    }
    bool open = !strcmp(c.confidentiality, "biasa");
    json_t *data = json_pack("{s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "title",
        "Aduan sudah dicatat", "narrow", true, "code", shown, "number", c.number, "received", received,
        "subject", open ? c.subject : "", "files", files, "due", due, "due_short", due_short, "answer_words",
        receipt_way(page, &c), "form_script_url", page->house->form_script_url);
    json_t *qr =
        qr_json(arena_printf(page->arena, "%s/lacak?kode=%s", page->house->office->public_url, shown));
    if (data && qr)
        json_object_set(data, "qr", qr);
    json_decref(qr);
    const struct timetable *timetable;
    o = timetable_get(page->txn, &timetable, page->fault);
    if (o == OUTCOME_DONE) {
        json_t *days = present_days(timetable->terms[TERM_VERIFIKASI]);
        if (days)
            json_object_set_new(data, "judged_days", days);
        o = letterhead_add(page, data);
    }
    if (o == OUTCOME_DONE)
        return page_view(page, "report_receipt", data);
    json_decref(data);
    return o;
}

const struct page_route report_routes[] = {
    {"/aduan", report_get, report_post, PAGE_FRAMED, REPORT_BODY_MAX},
    {"/aduan/terkirim", receipt_get, NULL, PAGE_FRAMED, 0},
    {"/aduan/diperiksa", looked_at_get, NULL, PAGE_FRAMED, 0},
    {0},
};
