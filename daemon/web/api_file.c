/* What a program brings into the book: a complaint with its files; and a file that it takes out. */
#include "api.h"
#include "daemon/base/random.h"
#include "daemon/book/blob.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/message.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/intake.h"
#include "rules/phone.h"
#include "rules/text_address.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 20000, FIELD_MOST = 500 };
static const char channel[] = "api";

static const char *field(const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));
    return text && text[strspn(text, " \t\r\n")] ? text : NULL;
}

static bool one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(text, *list))
            return true;
    return false;
}

static enum outcome check(
    struct api_call *call, const json_t *body, struct inbound *in, char phone[PHONE_MAX])
{
    static const char *const kinds[] = {"pengaduan", "aspirasi", "informasi", NULL};
    static const char *const secrecies[] = {"biasa", "anonim", "rahasia", NULL};
    struct service service;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)body, key, value)
    {
        if (json_string_length(value) > (strcmp(key, "isi") ? FIELD_MOST : TEXT_MOST))
            return api_refuse(call, 422, arena_printf(call->arena, "%s: terlalu panjang.", key));
    }
    if (!in->text && !in->files)
        return api_refuse(call, 422, "isi: tulis kata-kata pengadu, atau lampirkan berkasnya.");
    if (!one_of(in->kind_word, kinds))
        return api_refuse(call, 422, "jenis: pengaduan, aspirasi, atau informasi.");
    if (!one_of(in->confidentiality, secrecies))
        return api_refuse(call, 422, "sifat: biasa, anonim, atau rahasia.");
    if (!in->nama && strcmp(in->confidentiality, "anonim") != 0)
        return api_refuse(call, 422, "nama: perlu, kecuali sifatnya anonim.");
    if (field(body, "telepon") && !phone_from_human(field(body, "telepon"), phone))
        return api_refuse(call, 422, "telepon: contoh 0812-3456-7890.");
    if (in->email && !text_address_plausible(in->email))
        return api_refuse(call, 422, "email: contoh nama@contoh.id.");
    if (in->service && service_by_key(call->txn, in->service, &service, call->arena, call->fault))
        return api_refuse(call, 422, "layanan: tidak dikenal.");
    return OUTCOME_DONE;
}

static enum outcome add_files(struct api_call *call, struct inbound_file **end)
{
    for (const struct http_field *f = call->form ? call->form->fields : NULL; f; f = f->next) {
        if (!f->filename || !f->length)
            continue;
        struct inbound_file *file = arena_alloc(call->arena, sizeof *file);
        if (!file)
            return fault_set(call->fault, OUTCOME_LATER, NULL, "api: no memory for a file");
        *file = (struct inbound_file){.filename = *f->filename ? f->filename : "berkas",
            .media_type = f->content_type ? f->content_type : "application/octet-stream",
            .data = f->value,
            .size = f->length};
        *end = file;
        end = &file->next;
    }
    return OUTCOME_DONE;
}

/* One token's key names one complaint in the ledger too, for longer than the day for which the answer is kept. */
static const char *external(struct api_call *call)
{
    unsigned char noise[16];
    char hex[2 * sizeof noise + 1];
    if (call->key)
        return arena_printf(call->arena, "%lld/%s", (long long)call->token.id, call->key);
    random_bytes(noise, sizeof noise);
    sodium_bin2hex(hex, sizeof hex, noise, sizeof noise);
    return arena_strdup(call->arena, hex);
}

enum outcome api_make(struct api_call *call, const json_t *body)
{
    char phone[PHONE_MAX] = "";
    struct intake_result result;
    const struct intake_way way = {
        .actor = arena_printf(call->arena, "%s:%s", role_key(call->officer.role), call->officer.login)};
    struct inbound in = {.kind = INBOUND_MESSAGE,
        .external = external(call),
        .nama = field(body, "nama"),
        .pekerjaan = field(body, "pekerjaan"),
        .alamat = field(body, "alamat"),
        .email = field(body, "email"),
        .text = field(body, "isi"),
        .kind_word = field(body, "jenis") ? field(body, "jenis") : "pengaduan",
        .service = field(body, "layanan"),
        .place = field(body, "tempat"),
        .confidentiality = field(body, "sifat") ? field(body, "sifat") : "biasa"};
    if (call->officer.role != ROLE_PETUGAS && call->officer.role != ROLE_KASI)
        return api_refuse(call, 403, "Hanya akun petugas dan Kasi yang mencatat aduan.");
    enum outcome outcome = add_files(call, &in.files);
    if (!outcome)
        outcome = check(call, body, &in, phone);
    if (outcome)
        return outcome;
    if (*phone) {
        in.identity_scheme = "phone";
        in.identity_value = in.phone = phone;
    } else if (in.email) {
        in.identity_scheme = "email";
        in.identity_value = in.email;
    }
    if (in.email)
        in.reply_to = arena_printf(call->arena, "email:%s", in.email);
    outcome = arena_ok(call->arena) ? intake_record(call->txn, call->office, channel, &in, &way, &result,
                                          call->arena, call->fault)
                                    : fault_set(call->fault, OUTCOME_LATER, NULL, "api: no memory");
    call->id = outcome ? 0 : result.complaint_id;
    return outcome;
}

/* Only what the page /lampiran/ID would give to that officer. */
enum outcome api_file(struct api_call *call)
{
    struct attachment a;
    struct complaint c;
    int64_t complaint_id;
    size_t size = 0;
    void *data = NULL;
    call->status = 404;
    enum outcome outcome = attachment_get(call->txn, call->id, &a, &complaint_id, call->arena, call->fault);
    if (!outcome)
        outcome = complaint_get(call->txn, complaint_id, &c, call->arena, call->fault);
    if (!outcome)
        outcome = classify_admit(call->txn, &call->officer, &c, "Lampiran tidak ditemukan.", call->fault);
    if (!outcome)
        outcome = blob_get(call->txn, &a.blob, &data, &size, call->fault);
    if (outcome)
        return outcome;
    call->status = 200;
    call->file = data;
    call->file_size = size;
    return arena_defer(call->arena, free, data)
               ? OUTCOME_DONE
               : fault_set(call->fault, OUTCOME_LATER, NULL, "api: no memory for a file");
}
