#include "by_hand.h"
#include "present.h"
#include "report_form.h"
#include "rules/lapor.h"
#include "rules/workday.h"
#include "upload.h"
#include <string.h>

enum { FIELD_MAX = 500, TEXT_MAX = 20000, NUMBER_MAX = 100 };

static bool is(const char *channel, const char *one)
{
    return !strcmp(channel, one);
}

const char *by_hand_filled(const struct page *page, const char *name)
{
    const char *value = page_field(page, name);
    return value[strspn(value, " \t\r\n")] ? value : NULL;
}

static void wrong(json_t *problems, const char *field, const char *text)
{
    json_object_set_new(problems, field, json_string(text));
}

static void check_origin(struct page *page, struct by_hand *by, json_t *problems)
{
    const char *number = by_hand_filled(page, "nomor_asal"), *date = by_hand_filled(page, "tanggal_asal");
    char lapor[LAPOR_NUMBER_SIZE];
    if (is(by->channel, "lapor")) {
        if (lapor_number(number ? number : "", lapor))
            by->origin.number = arena_strdup(page->arena, lapor);
        else
            wrong(problems, "nomor_asal", "Isi nomor laporan SP4N-LAPOR!, angka saja, contoh 1234567.");
    } else if (is(by->channel, "surat") || is(by->channel, "faks")) {
        by->origin.number = number ? report_form_trim(page, number) : NULL;
        if (number && strlen(number) > NUMBER_MAX)
            wrong(problems, "nomor_asal", "Nomor surat terlalu panjang.");
    } else {
        return;
    }
    if (date && !workday_parse(date, &by->origin.dated))
        wrong(problems, "tanggal_asal", "Tanggal itu tidak ada.");
    else if (date &&
             by->origin.dated > workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes))
        wrong(problems, "tanggal_asal", "Tanggal itu belum tiba.");
}

json_t *by_hand_check(struct page *page, struct by_hand *by)
{
    json_t *problems = json_object();
    const char *text = by_hand_filled(page, "isi"), *number = by_hand_filled(page, "telepon");
    bool box = is(by->channel, "kotak");
    if (!text && !(box && upload_chosen(page, "berkas")))
        wrong(problems, "isi",
            box ? "Tulis isi surat itu, atau pilih fotonya." : "Tulis isi aduan dengan kata-kata pengadu.");
    else if (text && strlen(text) > TEXT_MAX)
        wrong(problems, "isi", "Isi terlalu panjang, paling banyak 20.000 huruf.");
    if (!box && !by_hand_filled(page, "anonim") && !by_hand_filled(page, "nama"))
        wrong(problems, "nama", "Isi nama pengadu, atau pilih Anonim.");
    if (number && !phone_from_human(number, by->phone))
        wrong(problems, "telepon", "Nomor telepon belum benar, contoh 0812-3456-7890.");
    for (const char *const *f = (const char *const[]){"nama", "pekerjaan", "alamat", "tempat", NULL}; *f; f++)
        if (strlen(page_field(page, *f)) > FIELD_MAX)
            wrong(problems, *f, "Terlalu panjang, ringkaslah.");
    check_origin(page, by, problems);
    return problems;
}

/* Whoever left no name on a slip wanted to leave none. */
static const char *confidentiality(const struct page *page)
{
    if (by_hand_filled(page, "rahasia"))
        return "rahasia";
    return by_hand_filled(page, "anonim") || !by_hand_filled(page, "nama") ? "anonim" : "biasa";
}

/* A case of SP4N-LAPOR! is one case however often it is written down. */
static const char *external(struct page *page, const struct by_hand *by)
{
    const char *form_id = by_hand_filled(page, "formulir");
    if (is(by->channel, "lapor"))
        return by->origin.number;
    return form_id ? form_id : report_form_key(page);
}

enum outcome by_hand_record(struct page *page, const struct by_hand *by, struct intake_result *result)
{
    const char *kind = page_field(page, "jenis"), *phone = *by->phone ? by->phone : NULL;
    bool known_kind = !strcmp(kind, "aspirasi") || !strcmp(kind, "informasi");
    struct inbound in = {.kind = INBOUND_MESSAGE,
        .external = external(page, by),
        .identity_scheme = phone ? "phone" : NULL,
        .identity_value = phone,
        .nama = by_hand_filled(page, "nama"),
        .pekerjaan = by_hand_filled(page, "pekerjaan"),
        .alamat = by_hand_filled(page, "alamat"),
        .phone = phone,
        .text = by_hand_filled(page, "isi"),
        .must_read = by->must_read,
        .kind_word = known_kind ? kind : "pengaduan",
        .service = by_hand_filled(page, "layanan"),
        .place = by_hand_filled(page, "tempat"),
        .confidentiality = confidentiality(page)};
    if (phone && by_hand_filled(page, "balas_wa"))
        in.reply_to = arena_printf(page->arena, "wa:%s", phone);
    enum outcome outcome = upload_files(page, "berkas", &in.files);
    const struct intake_way way = {.actor = page_actor(page)};
    if (!outcome && (!in.external || !way.actor))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for what was written down");
    if (!outcome)
        outcome = intake_record(
            page->txn, present_office(page), by->channel, &in, &way, result, page->arena, page->fault);
    if (!outcome && !strcmp(result->outcome, "dibuka"))
        outcome = origin_put(page->txn, result->complaint_id, &by->origin, page->fault);
    return outcome;
}
