/* The public form: /aduan, and the receipt /aduan/terkirim. */
#include "daemon/book/complaint.h"
#include "daemon/base/json_read.h"
#include "daemon/book/message.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/intake.h"
#include "daemon/desk/route.h"
#include "letterhead_page.h"
#include "qr.h"
#include "report_form.h"
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

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static const char *reply_address(struct page *page, const struct report_form *form)
{
    if (!strcmp(form->via, "surel"))
        return arena_printf(page->arena, "email:%s", form->value[REPORT_SUREL]);
    if (!strcmp(form->via, "wa"))
        return arena_printf(page->arena, "wa:%s", form->phone);
    return NULL;
}

static const char *place(struct page *page, const struct report_form *form)
{
    const char *parts[] = {form->value[REPORT_TEMPAT], form->value[REPORT_KELURAHAN], form->titik}, *all = "";
    for (size_t i = 0; all && i < sizeof parts / sizeof *parts; i++)
        if (*parts[i])
            all = arena_printf(page->arena, "%s%s%s", all, *all ? ", " : "", parts[i]);
    return all && *all ? all : NULL;
}

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

static void set_identity(struct page *page, const struct report_form *form, struct inbound *in)
{
    if (!strcmp(form->sifat, "anonim"))
        return;
    in->nama = or_null(form->value[REPORT_NAMA]);
    in->pekerjaan = or_null(form->value[REPORT_PEKERJAAN]);
    in->alamat = or_null(form->value[REPORT_ALAMAT]);
    in->email = or_null(form->value[REPORT_SUREL]);
    in->phone = or_null(form->phone);
    in->reply_to = reply_address(page, form);
}

static enum outcome record(struct page *page, const struct report_form *form, struct intake_result *ret)
{
    struct inbound in = {
        .arena = page->arena,
        .kind = INBOUND_MESSAGE,
        .external = form->kiriman,
        .text = form->value[REPORT_ISI],
        .kind_word = !strcmp(form->jenis, "saran") ? "aspirasi" : form->jenis,
        .service = or_null(form->layanan),
        .place = place(page, form),
        .occurred = or_null(form->value[REPORT_TANGGAL]),
        .confidentiality = form->sifat,
    };
    set_identity(page, form, &in);
    enum outcome o = set_raw(page, form, &in);
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
    struct intake_result result;
    o = record(page, &form, &result);
    if (o == OUTCOME_DONE && !result.code)
        o = fault_set(page->fault, OUTCOME_STOP, NULL, "report: the book gave no code (%s)", result.outcome);
    return o == OUTCOME_DONE
               ? page_redirect(page, arena_printf(page->arena, "/aduan/terkirim?k=%s", result.code))
               : o;
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

static const char *answer_words(const struct page *page, const struct complaint *c)
{
    struct route route = route_of(page->house->office, c);
    if (!route.channel || !strcmp(route.channel, "situs"))
        return "di halaman lacak";
    return !strncmp(route.channel, "email", 5) ? "lewat e-mail" : "lewat WhatsApp";
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
        answer_words(page, &c), "form_script_url", page->house->form_script_url);
    json_t *qr =
        qr_json(arena_printf(page->arena, "%s/lacak?kode=%s", page->house->office->public_url, shown));
    if (data && qr)
        json_object_set(data, "qr", qr);
    json_decref(qr);
    o = letterhead_add(page, data);
    if (o == OUTCOME_DONE)
        return page_view(page, "report_receipt", data);
    json_decref(data);
    return o;
}

const struct page_route report_routes[] = {
    {"/aduan", report_get, report_post, PAGE_FRAMED, REPORT_BODY_MAX},
    {"/aduan/terkirim", receipt_get, NULL, PAGE_FRAMED, 0},
    {0},
};
