/* POST requests: an application hands in a complaint for somebody. It goes the one way into the book (desk/intake.h), by
 * the channel "open311:NAME" of the key that was sent, with a receipt. */
#include "open311.h"
#include "daemon/base/json_read.h"
#include "daemon/book/catalogue.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/intake.h"
#include "present.h"
#include "report_form.h"
#include "rules/phone.h"
#include "rules/text_address.h"
#include "rules/workday.h"
#include "rules/words_date.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 20000, LINE_MOST = 300, EXTERNAL_SIZE = 80 };

struct posting {
    struct page *page;
    const char *channel;
    const char *service, *text, *address, *lat, *lng, *email, *phone_typed, *nama, *kind, *occurred, *media;
    char phone[PHONE_MAX];
};

static const char *field(struct posting *p, const char *name)
{
    const char *value = report_form_trim(p->page, page_field(p->page, name));
    return value ? value : "";
}

static const char *or_null(const char *text)
{
    return text && *text ? text : NULL;
}

static void read_fields(struct posting *p)
{
    const char *first = field(p, "first_name"), *last = field(p, "last_name");
    p->service = field(p, "service_code");
    p->text = field(p, "description");
    p->address = field(p, "address_string");
    p->lat = field(p, "lat");
    p->lng = field(p, "long");
    p->email = field(p, "email");
    p->phone_typed = field(p, "phone");
    p->media = field(p, "media_url");
    p->kind = field(p, "attribute[jenis]");
    p->occurred = field(p, "attribute[kejadian]");
    p->nama = arena_printf(p->page->arena, "%s%s%s", first, *first && *last ? " " : "", last);
}

/* "-7.7543": a decimal number within most degrees. */
static bool is_degrees(const char *text, long most)
{
    const char *p = text + (*text == '-' || *text == '+');
    size_t whole = strspn(p, "0123456789"), rest = 0;
    if (p[whole] == '.')
        rest = 1 + strspn(p + whole + 1, "0123456789");
    return whole && whole <= 3 && !p[whole + rest] && rest < 20 && strtol(p, NULL, 10) <= most;
}

static bool is_email(const char *text)
{
    size_t at = 0, n = strlen(text);
    struct span found = text_address_next(span_of(text), &at);
    return n < LINE_MOST && found.len == n;
}

static bool too_long(const struct posting *p)
{
    const char *const lines[] = {p->address, p->nama, p->occurred, p->media, p->phone_typed};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i] && strlen(lines[i]) > LINE_MOST)
            return true;
    return strlen(p->text) > TEXT_MOST;
}

/* NULL = fine. */
static const char *wrong(struct posting *p)
{
    bool point = is_degrees(p->lat, 90) && is_degrees(p->lng, 180);
    if (!*p->text)
        return "description belum diisi.";
    if (too_long(p))
        return "Salah satu isian terlalu panjang.";
    if ((*p->lat || *p->lng) && !point)
        return "lat dan long harus bilangan derajat WGS84.";
    if (!point && !*p->address && !*field(p, "address_id"))
        return "Tempat belum disebut: lat dan long, address_string, atau address_id.";
    if (*p->email && !is_email(p->email))
        return "email bukan alamat e-mail.";
    if (*p->phone_typed && !phone_from_human(p->phone_typed, p->phone))
        return "phone bukan nomor telepon.";
    if (*p->kind && strcmp(p->kind, "pengaduan") && strcmp(p->kind, "aspirasi") &&
        strcmp(p->kind, "informasi"))
        return "attribute[jenis] hanya pengaduan, aspirasi, atau informasi.";
    return NULL;
}

/* All that was sent but the key: kept as the bytes that came. */
static enum outcome set_raw(struct posting *p, struct inbound *in)
{
    struct page *page = p->page;
    json_t *raw = json_object();
    for (const struct http_field *f = page->form->fields; f; f = f->next)
        if (strcmp(f->name, "api_key") && !f->filename)
            json_object_set_new(raw, f->name, json_string(f->value));
    char *text = json_text(raw, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(raw);
    if (!text || !arena_defer(page->arena, free, text))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "open311: no memory");
    in->raw = text;
    in->raw_size = strlen(text);
    return OUTCOME_DONE;
}

/* The standard knows no key by which a repetition is told: the same words on the same day are one request. */
static const char *external_of(const struct posting *p, const struct inbound *in)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * 16 + 1];
    int32_t day = workday_of_ms(txn_now(p->page->txn), present_office(p->page)->utc_offset_minutes);
    crypto_hash_sha256(sum, in->raw, in->raw_size);
    return arena_printf(p->page->arena, "%d:%s", (int)day, sodium_bin2hex(hex, sizeof hex, sum, 16));
}

static const char *place_of(const struct posting *p)
{
    struct arena *arena = p->page->arena;
    if (!*p->lat)
        return or_null(*p->address ? p->address : page_field(p->page, "address_id"));
    return *p->address ? arena_printf(arena, "%s (%s, %s)", p->address, p->lat, p->lng)
                       : arena_printf(arena, "%s, %s", p->lat, p->lng);
}

static enum outcome record(struct posting *p, struct intake_result *ret)
{
    struct page *page = p->page;
    struct inbound in = {.arena = page->arena,
        .kind = INBOUND_MESSAGE,
        .text = *p->media ? arena_printf(page->arena, "%s\n\nFoto: %s", p->text, p->media) : p->text,
        .kind_word = *p->kind ? p->kind : "pengaduan",
        .service = p->service,
        .place = place_of(p),
        .occurred = or_null(p->occurred),
        .nama = or_null(p->nama),
        .email = or_null(p->email),
        .phone = or_null(p->phone),
        .reply_to = *p->email ? arena_printf(page->arena, "email:%s", p->email) : NULL};
    enum outcome o = set_raw(p, &in);
    if (o)
        return o;
    in.external = external_of(p, &in);
    if (!arena_ok(page->arena))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "open311: no memory");
    o = intake_record(
        page->txn, desk_office(page->desk), p->channel, &in, NULL, ret, page->arena, page->fault);
    if (!o && !ret->code)
        o = fault_set(page->fault, OUTCOME_STOP, NULL, "open311: the book gave no code (%s)", ret->outcome);
    return o;
}

static enum outcome tell(struct posting *p, enum open311_format format, const struct intake_result *result)
{
    struct page *page = p->page;
    char due[WORDS_DATE_SIZE] = "";
    words_date_long(due, sizeof due, result->due_at, present_office(page)->utc_offset_minutes);
    json_t *notice = json_sprintf(
        "Aduan dicatat dengan nomor %s, dijawab paling lambat %s. Kode lacak %s: %s/lacak?kode=%s",
        result->number, due, result->code, present_office(page)->public_url, result->code);
    page->secret = true;
    return open311_answer(page, format, 201, "service_requests",
        json_pack("[{s:o, s:o, s:n}]", "service_request_id",
            json_sprintf("%lld", (long long)result->complaint_id), "service_notice", notice, "account_id"));
}

enum outcome open311_post_request(struct page *page, enum open311_format format)
{
    struct posting p = {.page = page};
    struct service service;
    struct intake_result result;
    bool unknown;
    p.channel = open311_channel(page, &unknown);
    if (!p.channel)
        return open311_error(
            page, format, 403, unknown ? "api_key tidak dikenal." : "api_key belum disertakan.");
    read_fields(&p);
    if (!arena_ok(page->arena))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "open311: no memory");
    if (!*p.service)
        return open311_error(page, format, 400, "service_code belum diisi.");
    enum outcome o = service_by_key(page->txn, p.service, &service, page->arena, page->fault);
    if (o == OUTCOME_NEVER)
        return open311_error(page, format, 404, "service_code tidak ditemukan.");
    const char *problem = o ? NULL : wrong(&p);
    if (problem)
        return open311_error(page, format, 400, problem);
    if (!o)
        o = record(&p, &result);
    return o ? o : tell(&p, format, &result);
}
