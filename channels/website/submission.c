#include "submission.h"
#include "daemon/base/json_read.h"
#include "daemon/loop/http_form.h"
#include "daemon/loop/smtp_client.h"
#include "rules/phone.h"
#include <sodium.h>
#include <string.h>
#include <strings.h>

enum { ARENA_MAX = 64 << 20 };

/* A flat JSON object as a form; numbers and true become text, nested values are no fields of a form. */
static enum outcome read_json(const struct submission_source *source, const char *body, struct arena *arena,
    struct http_form *form, struct fault *fault)
{
    const char *key;
    bool no_memory;
    json_t *value, *root = json_read(body, source->length, JSON_REJECT_DUPLICATES, NULL, &no_memory);
    struct http_field **last = &form->fields;
    if (no_memory)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to read a form of %zu bytes", source->length);
    if (!json_is_object(root)) {
        json_decref(root);
        return fault_set(fault, OUTCOME_NEVER, "Isi formulir bukan objek JSON.", "body is no JSON object");
    }
    json_object_foreach(root, key, value)
    {
        char *text = json_is_string(value) ? arena_strdup(arena, json_string_value(value))
                     : json_is_integer(value)
                         ? arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value))
                     : json_is_true(value) ? arena_strdup(arena, "1")
                                           : NULL;
        struct http_field *field = text ? arena_alloc(arena, sizeof *field) : NULL;
        if (!field)
            continue;
        *field = (struct http_field){.name = arena_strdup(arena, key), .value = text, .length = strlen(text)};
        *last = field;
        last = &field->next;
    }
    json_decref(root);
    return OUTCOME_DONE;
}

/* Names that Indonesian forms give these fields without being told to. */
static const struct {
    const char *ours, *usual;
} usual_names[] = {
    {"isi", "keluhan"}, {"isi", "pesan"}, {"email", "surel"}, {"telepon", "hp"}, {"telepon", "wa"}};

static const char *filled(const struct http_form *form, const char *name)
{
    const char *value = http_form_get(form, name);
    return value && value[strspn(value, " \t\r\n")] ? value : NULL;
}

/* By the name the configuration gives; else by ours; else by a usual one. */
static const char *field(
    const struct submission_source *source, const struct http_form *form, const char *ours)
{
    const char *theirs = source->their_name(source->context, ours);
    const char *value = filled(form, theirs ? theirs : ours);
    for (size_t i = 0; !value && !theirs && i < sizeof usual_names / sizeof *usual_names; i++)
        if (!strcmp(usual_names[i].ours, ours))
            value = filled(form, usual_names[i].usual);
    return value;
}

static const char *one_of(const char *value, const char *const *known)
{
    for (; value && *known; known++)
        if (!strcasecmp(value, *known))
            return *known;
    return NULL;
}

/* An address that a letter can be sent to; NULL when what was typed is none. */
static const char *usable_email(const char *typed, struct arena *arena)
{
    const char *begin = typed ? typed + strspn(typed, " \t\r\n") : "";
    const char *address = arena_strndup(arena, begin, strcspn(begin, " \t\r\n"));
    bool alone = !begin[strcspn(begin, " \t\r\n") + strspn(begin + strcspn(begin, " \t\r\n"), " \t\r\n")];
    return alone && address && smtp_address_ok(address) ? address : NULL;
}

static void fill_person(
    const struct submission_source *source, const struct http_form *form, struct inbound *in)
{
    static const char *const confidentialities[] = {"biasa", "anonim", "rahasia", NULL};
    char phone[PHONE_MAX];
    const char *typed = field(source, form, "telepon"), *email = field(source, form, "email");
    in->nama = field(source, form, "nama");
    in->pekerjaan = field(source, form, "pekerjaan");
    in->alamat = field(source, form, "alamat");
    in->email = usable_email(email, in->arena);
    if (email && !in->email)
        in->must_read = "alamat e-mail dalam kiriman situs tidak dapat dipakai";
    in->phone = typed && phone_from_human(typed, phone) ? arena_strdup(in->arena, phone) : NULL;
    in->confidentiality = one_of(field(source, form, "sifat"), confidentialities);
    if (in->email)
        in->reply_to = arena_printf(in->arena, "email:%s", in->email);
    else if (in->phone)
        in->reply_to = arena_printf(in->arena, "wa:%s", in->phone);
}

static void fill_matter(
    const struct submission_source *source, const struct http_form *form, struct inbound *in)
{
    static const char *const kinds[] = {"pengaduan", "aspirasi", "informasi", NULL};
    const char *kind = field(source, form, "jenis");
    in->kind_word = kind && !strcasecmp(kind, "saran") ? "aspirasi" : one_of(kind, kinds);
    in->text = field(source, form, "isi");
    in->service = field(source, form, "layanan");
    in->place = field(source, form, "tempat");
    in->occurred = field(source, form, "tanggal");
    if (!in->text) {
        in->text = "";
        in->must_read = "isian teks tidak ditemukan dalam kiriman situs";
    }
}

static void fill_files(const struct http_form *form, struct inbound *in)
{
    struct inbound_file **last = &in->files;
    for (const struct http_field *f = form->fields; f; f = f->next) {
        struct inbound_file *file =
            f->filename && *f->filename && f->length ? arena_alloc(in->arena, sizeof *file) : NULL;
        if (!file)
            continue;
        *file = (struct inbound_file){.filename = f->filename,
            .media_type = "application/octet-stream",
            .data = f->value,
            .size = f->length};
        *last = file;
        last = &file->next;
    }
}

static void fill_key(const struct submission_source *source, const struct http_form *form, struct inbound *in)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof digest + 1];
    const char *id = field(source, form, "id");
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)source->timestamp, strlen(source->timestamp));
    crypto_hash_sha256_update(&state, source->body, source->length);
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    in->external = id ? arena_printf(in->arena, "id:%s", id) : arena_printf(in->arena, "sha256:%s", hex);
}

enum outcome submission_read(
    const struct submission_source *source, struct inbound **ret, struct fault *fault)
{
    struct arena *arena = arena_new(ARENA_MAX);
    struct inbound *in = arena ? arena_alloc(arena, sizeof *in) : NULL;
    struct http_form form = {0};
    if (!in) {
        arena_free(arena);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a form");
    }
    *in = (struct inbound){.arena = arena, .kind = INBOUND_MESSAGE, .raw_size = source->length};
    char *copy = arena_strndup(arena, source->body, source->length); /* fields point into it */
    in->raw = copy;
    bool json = source->content_type && !strncasecmp(source->content_type, "application/json", 16);
    enum outcome outcome =
        !copy  ? OUTCOME_LATER
        : json ? read_json(source, copy, arena, &form, fault)
               : http_form_parse(&form, source->content_type, copy, source->length, arena, fault);
    if (!outcome) {
        fill_key(source, &form, in);
        fill_person(source, &form, in);
        fill_matter(source, &form, in);
        fill_files(&form, in);
        if (!arena_ok(arena))
            outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a form");
    }
    if (outcome)
        arena_free(arena);
    else
        *ret = in;
    return outcome;
}
