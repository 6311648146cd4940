#include "report_form.h"
#include "daemon/base/random.h"
#include "daemon/book/catalogue.h"
#include "front.h"
#include "rules/point.h"
#include "rules/text_address.h"
#include "upload.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { KEY_BYTES = 16, SENTENCE_LEAST = 10 };

/* Said by us and, before anything is sent, by static/formulir.js. */
static const char sentence_needed[] = "Ceritakan kejadiannya, sedikitnya satu kalimat.";
static const char name_needed[] = "Tulis nama Anda, atau pilih Tanpa nama.";

static const struct {
    const char *name, *anchor;
    size_t max; /* bytes */
} fields[REPORT_FIELDS] = {
    [REPORT_ISI] = {"isi", "#isi-aduan", 20000},
    [REPORT_TANGGAL] = {"tanggal", "#tanggal", 100},
    [REPORT_KELURAHAN] = {"kelurahan", "#kelurahan", 100},
    [REPORT_TEMPAT] = {"tempat", "#tempat", 300},
    [REPORT_NAMA] = {"nama", "#nama", 200},
    [REPORT_PEKERJAAN] = {"pekerjaan", "#pekerjaan", 200},
    [REPORT_ALAMAT] = {"alamat", "#alamat", 300},
    [REPORT_SUREL] = {"surel", "#surel", 254},
    [REPORT_WA] = {"wa", "#wa", 40},
};

struct choice {
    const char *value, *label, *hint, *icon;
};

static const struct choice kinds[] = {
    {"pengaduan", "Pengaduan", "Ada yang tidak beres atau merugikan", ""},
    {"saran", "Saran", "Supaya pelayanan lebih baik", ""},
    {"informasi", "Permintaan informasi", "Syarat, biaya, atau waktu suatu layanan", ""},
    {0},
};

static const struct choice secrecies[] = {
    {"biasa", "Ya, pakai nama saya", "Petugas dan seksi yang menangani melihat nama dan isinya. Umum tidak",
        ""},
    {"rahasia", "Rahasiakan",
        "Hanya Camat, Sekretaris Kecamatan, dan satu petugas yang melihat nama dan isinya. Seksi yang "
        "diadukan "
        "tidak",
        ""},
    {"anonim", "Tanpa nama",
        "Kami pun tidak tahu siapa Anda, jadi tidak dapat menghubungi Anda. Pertanyaan dan jawaban kami "
        "dilihat "
        "dengan kode lacak",
        ""},
    {0},
};

static const struct choice answers[] = {
    {"surel", "E-mail", "", "#i-surat"},
    {"wa", "WhatsApp", "", "#i-pesan"},
    {"lacak", "Saya lacak sendiri", "", "#i-cari"},
    {0},
};

const char *report_form_name(enum report_field field)
{
    return fields[field].name;
}

/* ---- reading ---- */

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *report_form_trim(struct page *page, const char *value)
{
    while (blank(*value))
        value++;
    size_t n = strlen(value);
    while (n && blank(value[n - 1]))
        n--;
    char *copy = arena_strndup(page->arena, value, n);
    char *to = copy;
    for (const char *from = copy; from && *from; from++)
        if (from[0] != '\r' || from[1] != '\n') /* browsers send line ends as CRLF */
            *to++ = *from;
    if (to)
        *to = '\0';
    return copy;
}

const char *report_form_key(struct page *page)
{
    unsigned char noise[KEY_BYTES];
    char *key = arena_alloc(page->arena, 2 * KEY_BYTES + 1);
    if (!key)
        return NULL;
    random_bytes(noise, sizeof noise);
    return sodium_bin2hex(key, 2 * KEY_BYTES + 1, noise, sizeof noise);
}

bool report_form_is_key(const char *text)
{
    return strlen(text) == 2 * KEY_BYTES && strspn(text, "0123456789abcdef") == 2 * KEY_BYTES;
}

/* As formulir.js writes it; anything else is no place. */
static const char *place_point(struct page *page)
{
    struct point point;
    char written[POINT_SIZE];
    if (!point_parse(page_field(page, "titik"), &point))
        return "";
    point_write(written, point);
    return arena_strdup(page->arena, written);
}

/* A value that is none of the choices counts as not chosen. */
static const char *chosen(
    const struct page *page, const char *name, const struct choice *choices, const char *preset)
{
    const char *value = page_field(page, name);
    for (; choices->value; choices++)
        if (!strcmp(value, choices->value))
            return choices->value;
    return preset;
}

enum outcome report_form_read(struct page *page, struct report_form *form)
{
    const char *key = page_field(page, "kiriman");
    *form = (struct report_form){
        .jenis = chosen(page, "jenis", kinds, "pengaduan"),
        .sifat = chosen(page, "sifat", secrecies, "biasa"),
        .jawab = chosen(page, "jawab", answers, ""),
        .layanan = page_field(page, "layanan"),
        .titik = place_point(page),
        .kiriman = report_form_is_key(key) ? key : report_form_key(page),
    };
    for (int i = 0; i < REPORT_FIELDS; i++)
        form->value[i] = report_form_trim(page, page_field(page, fields[i].name));
    struct inbound_file *files;
    enum outcome o = upload_files(page, "berkas", &files);
    form->files = o == OUTCOME_DONE && files;
    return arena_ok(page->arena) ? o : fault_set(page->fault, OUTCOME_LATER, NULL, "report: no memory");
}

/* ---- checking ---- */

static void wrong(struct report_form *form, enum report_field field, const char *text)
{
    if (form->error[field])
        return;
    form->error[field] = text;
    form->errors++;
}

/* Where the answer goes: when he did not choose, to the address he gave. */
static const char *answer_way(const struct report_form *form)
{
    if (!strcmp(form->sifat, "anonim"))
        return "lacak";
    if (*form->jawab)
        return form->jawab;
    return *form->value[REPORT_SUREL] ? "surel" : *form->value[REPORT_WA] ? "wa" : "lacak";
}

static void check_contact(const struct page *page, struct report_form *form)
{
    const struct office *office = page->house->office;
    const char *email = form->value[REPORT_SUREL], *wa = form->value[REPORT_WA];
    bool by_email = !strcmp(form->via, "surel"), by_wa = !strcmp(form->via, "wa");
    if (!strcmp(form->sifat, "anonim"))
        return;
    if ((*email || by_email) && !text_address_plausible(email))
        wrong(form, REPORT_SUREL, "Alamat e-mail belum lengkap, contoh nama@contoh.id.");
    else if (by_email && !office->email_out)
        wrong(form, REPORT_SUREL, "Kantor kami belum dapat mengirim e-mail. Pilih cara lain.");
    if ((*wa || by_wa) && !phone_from_human(wa, form->phone))
        wrong(form, REPORT_WA, "Nomor WhatsApp belum benar, contoh 0812-3456-7890.");
    else if (by_wa && !office->wa_channel)
        wrong(form, REPORT_WA, "Kantor kami belum dapat menjawab lewat WhatsApp. Pilih cara lain.");
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

void report_form_check(const struct page *page, struct report_form *form)
{
    form->via = answer_way(form);
    for (int i = 0; i < REPORT_FIELDS; i++)
        if (strlen(form->value[i]) > fields[i].max)
            wrong(form, i, "Isian ini terlalu panjang, mohon diringkas.");
    if (characters(form->value[REPORT_ISI]) < SENTENCE_LEAST)
        wrong(form, REPORT_ISI, sentence_needed);
    if (!*form->value[REPORT_NAMA] && strcmp(form->sifat, "anonim"))
        wrong(form, REPORT_NAMA, name_needed);
    check_contact(page, form);
}

/* ---- showing ---- */

static json_t *choices_json(const struct choice *choices, const char *value)
{
    json_t *list = json_array();
    for (; list && choices->value; choices++)
        json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:s, s:b}", "value", choices->value, "label", choices->label, "hint",
                choices->hint, "icon", choices->icon, "checked", !strcmp(value, choices->value)));
    return list;
}

/* Only ways by which the office can really answer. */
static json_t *answers_json(const struct page *page, const char *value)
{
    const struct office *office = page->house->office;
    struct choice offered[sizeof answers / sizeof *answers] = {0};
    size_t n = 0;
    for (const struct choice *a = answers; a->value; a++)
        if ((strcmp(a->value, "surel") || office->email_out) &&
            (strcmp(a->value, "wa") || office->wa_channel))
            offered[n++] = *a;
    return choices_json(offered, value);
}

static enum outcome services_json(struct page *page, const char *value, json_t **ret_list)
{
    struct service *services;
    enum outcome o = service_list(page->txn, &services, page->arena, page->fault);
    if (o != OUTCOME_DONE)
        return o;
    *ret_list = json_array();
    for (const struct service *s = services; *ret_list && s; s = s->next)
        if (strcmp(s->key, "lainnya")) /* stands first in the view, as the preset */
            json_array_append_new(*ret_list, json_pack("{s:s, s:s, s:b}", "key", s->key, "name", s->name,
                                                 "selected", !strcmp(s->key, value)));
    return OUTCOME_DONE;
}

/* Those of the office's own list (front.h); NULL in *ret = it has none, the village is typed. What stood in the field and is
 * in no list any more stays a choice: nothing typed is lost. */
static enum outcome villages_json(struct page *page, const char *value, json_t **ret)
{
    const char *lines;
    enum outcome o = front_get(page, "wilayah", &lines);
    if (o != OUTCOME_DONE)
        return o;
    json_t *names = front_lines(lines), *list = json_array(), *name;
    size_t i;
    bool known = !*value;
    *ret = NULL;
    json_array_foreach(names, i, name)
    {
        bool selected = !strcmp(json_string_value(name), value);
        known |= selected;
        json_array_append_new(list, json_pack("{s:O, s:b}", "name", name, "selected", selected));
    }
    if (json_array_size(list) && !known)
        json_array_append_new(list, json_pack("{s:s, s:b}", "name", value, "selected", true));
    if (json_array_size(list))
        *ret = json_pack("{s:O}", "list", list);
    json_decref(list);
    json_decref(names);
    return OUTCOME_DONE;
}

static void add_fields(json_t *data, const struct report_form *form)
{
    json_t *problems = json_array();
    for (int i = 0; i < REPORT_FIELDS; i++) {
        json_object_set_new(data, fields[i].name, json_string(form->value[i]));
        if (!form->error[i])
            continue;
        char name[32];
        snprintf(name, sizeof name, "%s_error", fields[i].name);
        json_object_set_new(data, name, json_string(form->error[i]));
        json_array_append_new(
            problems, json_pack("{s:s, s:s}", "anchor", fields[i].anchor, "text", form->error[i]));
    }
    json_object_set_new(data, "problems", problems);
}

const char *report_form_count(int n)
{
    static const char *const words[] = {
        "Tidak ada", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan"};
    return n < (int)(sizeof words / sizeof *words) ? words[n] : "Beberapa";
}

enum outcome report_form_show(struct page *page, const struct report_form *form)
{
    json_t *services = NULL, *villages = NULL;
    enum outcome o = villages_json(page, form->value[REPORT_KELURAHAN], &villages);
    if (o == OUTCOME_DONE)
        o = services_json(page, form->layanan, &services);
    if (o != OUTCOME_DONE) {
        json_decref(villages);
        return o;
    }
    const struct office *office = page->house->office;
    char ticket[GATE_TICKET_SIZE];
    gate_ticket(page->gate, form->kiriman ? form->kiriman : "", form->wait, txn_now(page->txn), ticket);
    json_t *data = json_pack("{s:s, s:b, s:b, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:s, s:s, s:s, "
                             "s:s, s:o*, s:s, s:b, s:i}",
        "title", "Sampaikan aduan", "narrow", true, "wrong", form->errors > 0, "count_words",
        report_form_count(form->errors), "kiriman", form->kiriman, "jenis", choices_json(kinds, form->jenis),
        "sifat", choices_json(secrecies, form->sifat), "jawab", answers_json(page, form->jawab), "layanan",
        services, "mail", office->email_out, "chat", office->wa_channel != NULL, "files_lost",
        (form->errors > 0 || form->wait) && form->files, "titik", form->titik, "isi_need", sentence_needed,
        "nama_need", name_needed, "form_script_url", page->house->form_script_url, "villages", villages,
        "karcis", ticket, "wait", form->wait, "bits", (int)GATE_BITS);
    if (data)
        add_fields(data, form);
    return page_view_status(page, form->errors || form->wait ? 422 : 200, "report", data);
}
