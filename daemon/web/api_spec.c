/* openapi.json (OpenAPI 3.1), from the table that the router uses. */
#include "api.h"
#include "daemon/desk/office.h"
#include <string.h>

static json_t *text_schema(bool may_be_null)
{
    return may_be_null ? json_pack("{s:[s, s]}", "type", "string", "null")
                       : json_pack("{s:s}", "type", "string");
}

static json_t *list_schema(json_t *items)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *reference(const char *schema)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", schema));
}

/* names: separated by single blanks; '#' before one: a number, '?': may be null. All of them are required. */
static json_t *object_schema(const char *names)
{
    json_t *properties = json_object(), *required = json_array();
    char name[40];
    for (const char *p = names; *p;) {
        size_t n = strcspn(p, " ");
        bool number = *p == '#', maybe = *p == '?';
        snprintf(name, sizeof name, "%.*s", (int)(n - (number || maybe)), p + (number || maybe));
        json_object_set_new(
            properties, name, number ? json_pack("{s:s}", "type", "integer") : text_schema(maybe));
        json_array_append_new(required, json_string(name));
        p += n + (p[n] == ' ');
    }
    return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties, "required", required);
}

static void add_property(json_t *schema, const char *name, json_t *of)
{
    json_object_set_new(json_object_get(schema, "properties"), name, of);
    json_array_append_new(json_object_get(schema, "required"), json_string(name));
}

static json_t *key_schema(const char *(*key)(int), int count)
{
    json_t *keys = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(keys, json_string(key(i)));
    return json_pack("{s:s, s:o}", "type", "string", "enum", keys);
}

static const char *state_name(int i)
{
    return state_key((enum state)i);
}

static const char *action_name(int i)
{
    return action_key((enum action)i);
}

#define BRIEF                                                                                                \
    "#id nomor jenis sifat saluran perihal #versi ?nama ?layanan ?seksi ?tempat diterima ?batas ?dijawab "   \
    "?ditutup"

static json_t *schemas(void)
{
    json_t *brief = object_schema(BRIEF), *one = object_schema(BRIEF " kode ?instruksi ?dirujuk_ke");
    json_t *list = object_schema("?kursor"), *figures = object_schema("#semua #terbuka #terlambat");
    json_t *person = object_schema("?nama ?pekerjaan ?alamat");
    json_object_set_new(person, "type", json_pack("[s, s]", "object", "null"));
    add_property(brief, "keadaan", key_schema(state_name, STATE_COUNT));
    add_property(one, "keadaan", key_schema(state_name, STATE_COUNT));
    add_property(one, "tindakan", list_schema(key_schema(action_name, ACTION_COUNT)));
    add_property(one, "pengadu", person);
    json_t *message = object_schema("#id maksud saluran penulis teks waktu");
    add_property(message, "lampiran", list_schema(object_schema("#id nama jenis #ukuran")));
    add_property(one, "pesan", list_schema(message));
    add_property(one, "riwayat", list_schema(object_schema("#id jenis pelaku waktu")));
    add_property(list, "aduan", list_schema(reference("Ringkas")));
    add_property(figures, "keadaan",
        json_pack("{s:s, s:{s:s}}", "type", "object", "additionalProperties", "type", "integer"));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "Ringkas", brief, "Aduan", one, "Daftar", list, "Angka",
        figures, "Masalah", object_schema("type title #status"));
}

static void add_parameter(
    json_t *list, const char *in, const char *name, const char *text, bool required, json_t *schema)
{
    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", name, "in", in, "description",
                                    text, "required", required, "schema", schema));
}

static bool needs_version(const struct api_route *route)
{
    return route->scope & API_ACT && strstr(route->path, "{id}");
}

static json_t *parameters(const struct api_route *route)
{
    json_t *list = json_array();
    if (strstr(route->path, "{id}"))
        add_parameter(list, "path", "id", "Nomor dalam buku (id), bukan nomor register.", true,
            json_pack("{s:s}", "type", "integer"));
    if (strstr(route->path, "{tindakan}"))
        add_parameter(list, "path", "tindakan", "Salah satu isi tindakan dari aduan itu.", true,
            key_schema(action_name, ACTION_COUNT));
    for (const struct api_parameter *q = route->query; q && q->name; q++)
        add_parameter(list, "query", q->name, q->description, false, text_schema(false));
    if (route->scope && !(route->scope & API_ACT))
        add_parameter(
            list, "header", "If-None-Match", "ETag jawaban yang sudah dimiliki.", false, text_schema(false));
    if (needs_version(route))
        add_parameter(list, "header", "If-Match", "ETag aduan yang dibaca.", true, text_schema(false));
    if (route->scope & API_ACT)
        add_parameter(list, "header", "Idempotency-Key",
            "Permintaan yang sama dengan kunci yang sama hanya berlaku sekali, selama sehari.", false,
            text_schema(false));
    return list;
}

static json_t *problem(const char *text)
{
    return json_pack("{s:s, s:{s:{s:o}}}", "description", text, "content", "application/problem+json",
        "schema", reference("Masalah"));
}

static json_t *responses(const struct api_route *route)
{
    bool file = route->handler == api_file;
    json_t *list = json_pack("{s:{s:s, s:{s:{s:o}}}}", "200", "description", route->summary, "content",
        file ? "application/octet-stream" : "application/json", "schema",
        route->schema ? reference(route->schema) : json_pack("{s:s}", "type", file ? "string" : "object"));
    if (!route->scope)
        return list;
    if (!(route->scope & API_ACT))
        json_object_set_new(
            list, "304", json_pack("{s:s}", "description", "Masih sama dengan ETag yang dikirim."));
    json_object_set_new(list, "401", problem("Token tidak ada, tidak dikenal, kedaluwarsa, atau dicabut."));
    json_object_set_new(list, "403", problem("Token tidak punya izin itu."));
    json_object_set_new(list, "422", problem("Isian salah, atau tidak dapat dilakukan sekarang."));
    json_object_set_new(list, "429", problem("Terlalu banyak token yang keliru."));
    if (strstr(route->path, "{id}"))
        json_object_set_new(list, "404", problem("Tidak ada, atau bukan untuk akun token ini."));
    if (needs_version(route)) {
        json_object_set_new(list, "412", problem("Aduan berubah sejak dibaca."));
        json_object_set_new(list, "428", problem("If-Match tidak dikirim."));
    }
    return list;
}

static json_t *body_of(const struct api_route *route)
{
    json_t *properties = json_object();
    for (const struct api_parameter *f = route->fields; f->name; f++)
        json_object_set_new(
            properties, f->name, json_pack("{s:s, s:s}", "type", "string", "description", f->description));
    json_t *schema = json_pack(
        "{s:s, s:b, s:o}", "type", "object", "additionalProperties", false, "properties", properties);
    json_t *content = json_pack("{s:{s:o}}", "application/json", "schema", schema);
    if (route->handler == api_new) {
        json_t *with_files = json_deep_copy(schema);
        json_object_set_new(json_object_get(with_files, "properties"), "berkas",
            list_schema(json_pack("{s:s, s:s}", "type", "string", "format", "binary")));
        json_object_set_new(content, "multipart/form-data", json_pack("{s:o}", "schema", with_files));
    }
    return json_pack("{s:o}", "content", content);
}

static json_t *operation(const struct api_route *route)
{
    json_t *json = json_pack("{s:s, s:o, s:o}", "summary", route->summary, "parameters", parameters(route),
        "responses", responses(route));
    json_object_set_new(json, "security",
        route->scope ? json_pack("[{s:[s]}]", "token", route->scope & API_ACT ? "tulis" : "baca")
                     : json_array());
    if (route->fields)
        json_object_set_new(json, "requestBody", body_of(route));
    return json;
}

json_t *api_spec(const struct office *office)
{
    json_t *paths = json_object();
    for (const struct api_route *route = api_routes; route->method; route++) {
        json_t *path = json_object_get(paths, route->path);
        if (!path) {
            path = json_object();
            json_object_set_new(paths, route->path, path);
        }
        json_object_set_new(path, strcmp(route->method, "GET") ? "post" : "get", operation(route));
    }
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:s}], s:o, s:{s:o, s:{s:{s:s, s:s}}}}", "openapi",
        "3.1.0", "info", "title", "Buku Pengaduan", "version", "1", "description",
        "Token dibuat di Pengaturan, Token API. Program melihat dan melakukan hanya yang boleh bagi akun "
        "token itu.",
        "servers", "url", office->public_url, "paths", paths, "components", "schemas", schemas(),
        "securitySchemes", "token", "type", "http", "scheme", "bearer");
}
