#include "receipt.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/print_job.h"
#include "daemon/desk/route.h"
#include "daemon/desk/sight.h"
#include "letterhead_page.h"
#include "present.h"
#include "qr.h"
#include "routes.h"
#include "rules/words_date.h"
#include "track.h"
#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 900 }; /* bytes of the complaint: what leaves room for the rest on one sheet of A4 */

const char *receipt_way(const struct page *page, const struct complaint *c)
{
    struct route route = route_of(page->house->office, c);
    if (!route.channel || !strcmp(route.channel, "situs"))
        return "di halaman lacak";
    return !strncmp(route.channel, "email", 5) ? "lewat e-mail" : "lewat WhatsApp";
}

/* What stands on a receipt. An officer hands it to the citizen: it names him. Whoever has the code gets the other one: it
 * names nobody (citizen NULL). */
struct receipt_facts {
    struct complaint c;
    struct citizen citizen;
    const char *words; /* of the complaint; NULL = not shown */
    char code[REGISTER_SHOWN_SIZE], received[WORDS_DATE_SIZE], due[WORDS_DATE_SIZE];
};

static void write_dates(const struct page *page, struct receipt_facts *facts)
{
    int offset = present_office(page)->utc_offset_minutes;
    words_date_full(facts->received, sizeof facts->received, facts->c.received_at, offset);
    if (facts->c.due_at)
        words_date_long(facts->due, sizeof facts->due, facts->c.due_at, offset);
}

/* By the number in the path, as this officer may see it. */
static enum outcome find(struct page *page, struct receipt_facts *facts)
{
    struct message *messages;
    size_t count, digits = strspn(page->rest, "0123456789");
    if (!digits || digits > 15 || page->rest[digits])
        return fault_set(
            page->fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "no such receipt: %s", page->path);
    struct complaint *c = &facts->c;
    enum outcome outcome =
        complaint_get(page->txn, strtoll(page->rest, NULL, 10), c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, c, "Aduan tidak ditemukan.", page->fault);
    if (!outcome && c->citizen_id && sight_identity(page->officer, c))
        outcome = citizen_get(page->txn, c->citizen_id, &facts->citizen, page->arena, page->fault);
    if (!outcome)
        outcome = message_list(page->txn, c->id, &messages, &count, page->arena, page->fault);
    if (outcome)
        return outcome;
    register_code_show(facts->code, c->code);
    facts->words = count ? messages[0].text : "";
    write_dates(page, facts);
    return OUTCOME_DONE;
}

static const char *track_url(const struct page *page, const char *code)
{
    const char *lead = code ? "?kode=" : "";
    return arena_printf(
        page->arena, "%s/lacak%s%s", present_office(page)->public_url, lead, code ? code : "");
}

/* ---- as a page, made for the browser's printing ---- */

static enum outcome show(struct page *page)
{
    struct receipt_facts facts = {0};
    enum outcome outcome = find(page, &facts);
    if (outcome)
        return outcome;
    const struct complaint *c = &facts.c;
    const struct citizen *citizen = &facts.citizen;
    json_t *data = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s, s:I, s:s, s:s}", "title",
        arena_printf(page->arena, "Tanda terima %s", c->number), "number", c->number, "code", facts.code,
        "due", facts.due, "received", facts.received, "nama", citizen->nama, "pekerjaan", citizen->pekerjaan,
        "alamat", citizen->alamat, "track_url", track_url(page, NULL), "id", (json_int_t)c->id, "channel",
        route_channel_label(c->channel), "main_class", "narrow");
    json_object_set_new(data, "words", present_excerpt(facts.words, WORDS_MOST));
    json_t *qr = qr_json(track_url(page, facts.code));
    if (qr)
        json_object_set_new(data, "qr", qr);
    outcome = letterhead_add(page, data);
    if (!outcome)
        return page_view(page, "receipt", data);
    json_decref(data);
    return outcome;
}

/* ---- on paper ---- */

static void add_fact(json_t *rows, const char *label, const char *value, bool bold)
{
    if (value && *value)
        json_array_append_new(rows, json_pack("[s, s, s]", label, value, bold ? "bold" : ""));
}

/* "paling lambat Jumat, 11 Desember 2026, lewat e-mail" */
static const char *deadline(const struct page *page, const struct receipt_facts *facts)
{
    return *facts->due
               ? arena_printf(page->arena, "paling lambat %s, %s", facts->due, receipt_way(page, &facts->c))
               : NULL;
}

static json_t *facts_rows(const struct page *page, const struct receipt_facts *facts)
{
    const struct complaint *c = &facts->c;
    json_t *rows = json_array();
    add_fact(rows, "Diterima", facts->received, false);
    add_fact(rows, "Lewat", print_job_capital(route_channel_label(c->channel), page->arena), false);
    add_fact(rows, "Nama", facts->citizen.nama, false);
    add_fact(rows, "Pekerjaan", facts->citizen.pekerjaan, false);
    add_fact(rows, "Alamat", facts->citizen.alamat, false);
    if (!facts->words && !strcmp(c->confidentiality, "biasa"))
        add_fact(rows, "Perihal", c->subject, false);
    add_fact(rows, "Dijawab", deadline(page, facts), true);
    return rows;
}

static void put_code(const struct page *page, struct str *job, const struct receipt_facts *facts)
{
    print_job_add(
        job, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "block", "code", "text", "Kode lacak", "code",
                 facts->code, "sub", track_url(page, NULL), "qr", track_url(page, facts->code), "small",
                 "Simpan kode ini. Siapa pun yang memilikinya dapat melihat perjalanan aduan."));
}

static void put_signatures(const struct page *page, struct str *job, const struct receipt_facts *facts)
{
    const char *place = print_job_place(present_office(page), facts->c.received_at, page->arena),
               *above = arena_printf(page->arena, "%s\nPetugas", place);
    print_job_add(job,
        json_pack("{s:s, s:[[s, s, s], [s, s, s]]}", "block", "signature", "rows", "\nPengadu",
            facts->citizen.nama ? facts->citizen.nama : "………………………", "", above, page->officer->name, ""));
}

static enum outcome print(struct page *page, const struct receipt_facts *facts)
{
    struct str *job = &page->body;
    const char *title = arena_printf(page->arena, "Tanda terima pengaduan %s", facts->c.number);
    const struct print_look look = {.title = title, .footer = title};
    enum outcome outcome =
        print_job_begin(job, page->txn, present_office(page), &look, page->arena, page->fault);
    if (outcome)
        return outcome;
    print_job_words(job, "title", "TANDA TERIMA PENGADUAN",
        arena_printf(page->arena, "Nomor %s", facts->c.number), "centre");
    print_job_add(job, json_pack("{s:s, s:o}", "block", "facts", "rows", facts_rows(page, facts)));
    if (facts->words && *facts->words) {
        json_t *words = present_excerpt(facts->words, WORDS_MOST);
        print_job_words(job, "text", "Isi aduan", NULL, "bold");
        print_job_words(job, "text", json_string_value(words), NULL, NULL);
        json_decref(words);
    }
    put_code(page, job, facts);
    print_job_words(job, "text",
        page->officer ? "Tanda terima ini dibuat sesuai UU 25/2009 tentang Pelayanan Publik."
                      : "Tanda terima ini dibuat oleh Buku Pengaduan sesuai UU 25/2009 tentang Pelayanan "
                        "Publik dan sah "
                        "tanpa tanda tangan basah.",
        NULL, "small");
    if (page->officer)
        put_signatures(page, job, facts);
    print_job_end(job);
    return page_print(page, PRINT_PDF, arena_printf(page->arena, "tanda-terima-%s.pdf", facts->code));
}

static enum outcome print_for_officer(struct page *page)
{
    struct receipt_facts facts = {0};
    enum outcome outcome = find(page, &facts);
    return outcome ? outcome : print(page, &facts);
}

static enum outcome print_for_citizen(struct page *page)
{
    struct receipt_facts facts = {0};
    page->secret = true;
    enum outcome outcome = track_find(page, page_query(page, "kode"), &facts.c, facts.code);
    if (outcome)
        return outcome;
    page->officer = NULL; /* the citizen's receipt, also when an officer fetches it by its code */
    write_dates(page, &facts);
    return print(page, &facts);
}

#define COUNTER (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM)
const struct page_route receipt_routes[] = {
    {"/tanda-terima/*", show, NULL, COUNTER, 0},
    {"/cetak/tanda-terima/*", print_for_officer, NULL, COUNTER, 0},
    {"/lacak/tanda-terima", print_for_citizen, NULL, 0, 0},
    {NULL, NULL, NULL, 0, 0},
};
