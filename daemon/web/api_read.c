/* What a program reads: only what its officer's pages would show. */
#include "api.h"
#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/office.h"
#include "daemon/desk/sight.h"
#include "rules/register.h"
#include "rules/workday.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS_USUAL = 50, ROWS_MOST = 100 };

static json_t *moment(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm = {0};
    char text[40];
    if (!ms || !gmtime_r(&seconds, &tm))
        return json_null();
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return json_string(text);
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

/* As shown_name() of the pages: a hidden identity is never told to a program, for no person asked for it. */
static bool named(const struct officer *officer, const struct complaint *c)
{
    return sight_identity(officer, c) && strcmp(c->confidentiality, "anonim");
}

static json_t *brief(const struct officer *officer, const struct complaint *c)
{
    json_t *json = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "id", (json_int_t)c->id, "nomor",
        c->number, "jenis", c->kind, "sifat", c->confidentiality, "keadaan", state_key(c->state), "saluran",
        c->channel, "perihal", c->subject, "versi", (json_int_t)c->version);
    json_object_set_new(json, "nama", text_or_null(named(officer, c) ? c->nama : NULL));
    json_object_set_new(json, "layanan", text_or_null(c->service));
    json_object_set_new(json, "seksi", text_or_null(c->section));
    json_object_set_new(json, "tempat", text_or_null(c->place));
    json_object_set_new(json, "diterima", moment(c->received_at));
    json_object_set_new(json, "batas", moment(c->due_at));
    json_object_set_new(json, "dijawab", moment(c->answered_at));
    json_object_set_new(json, "ditutup", moment(c->closed_at));
    return json;
}

/* ---- the list ---- */

struct listing {
    struct api_call *call;
    json_t *rows;
    int seen;
    int64_t last_id;
};

static enum outcome add_row(void *arg, const struct complaint *c, struct fault *fault)
{
    struct listing *l = arg;
    bool sees;
    l->seen++;
    l->last_id = c->id;
    enum outcome outcome = classify_sight(l->call->txn, &l->call->officer, c, &sees, fault);
    if (!outcome && sees)
        json_array_append_new(l->rows, brief(&l->call->officer, c));
    return outcome;
}

static const char *given(const struct api_call *call, const char *name)
{
    const char *value = http_form_get(call->query, name);
    return value && *value ? value : NULL;
}

/* false: not a number from 1 to most. */
static bool read_number(const char *text, int64_t most, int64_t *ret)
{
    size_t n = strspn(text, "0123456789");
    *ret = n && n <= 15 && !text[n] ? strtoll(text, NULL, 10) : 0;
    return *ret >= 1 && *ret <= most;
}

/* The beginning of that day, or of the one behind it. */
static bool read_day(const struct api_call *call, const char *text, int plus, int64_t *ret)
{
    int32_t day;
    if (!workday_parse(text, &day))
        return false;
    *ret = workday_end_ms(day + plus - 1, call->office->utc_offset_minutes) + 1;
    return true;
}

static enum outcome read_filter(struct api_call *call, struct complaint_filter *filter)
{
    const char *state = given(call, "keadaan"), *from = given(call, "dari"), *to = given(call, "sampai"),
               *most = given(call, "jumlah"), *cursor = given(call, "kursor"),
               *late = given(call, "terlambat");
    enum state wanted = STATE_MASUK;
    int64_t limit = ROWS_USUAL;
    if (state && !state_from_key(state, &wanted))
        return api_refuse(call, 422, "keadaan: tidak dikenal.");
    if ((from && !read_day(call, from, 0, &filter->from)) || (to && !read_day(call, to, 1, &filter->to)))
        return api_refuse(call, 422, "dari, sampai: tulis tanggal sebagai YYYY-MM-DD.");
    if (most && !read_number(most, ROWS_MOST, &limit))
        return api_refuse(call, 422, "jumlah: 1 sampai 100.");
    if (cursor && !read_number(cursor, INT64_MAX, &filter->before_id))
        return api_refuse(call, 422, "kursor: pakai isi kursor dari halaman sebelumnya.");
    if (late && strcmp(late, "ya"))
        return api_refuse(call, 422, "terlambat: ya, atau tidak ditulis.");
    filter->states = state ? 1u << wanted : 0;
    filter->overdue = late != NULL;
    filter->channel = given(call, "saluran");
    filter->words = given(call, "q");
    filter->limit = (int)limit;
    sight_narrow(&call->officer, filter);
    return OUTCOME_DONE;
}

enum outcome api_list(struct api_call *call)
{
    struct complaint_filter filter = {0};
    struct listing listing = {.call = call};
    enum outcome outcome = read_filter(call, &filter);
    if (outcome)
        return outcome;
    listing.rows = json_array();
    outcome = complaint_list(call->txn, &filter, add_row, &listing, call->fault);
    bool more = listing.seen == filter.limit;
    call->answer = json_pack("{s:o, s:o}", "aduan", listing.rows, "kursor",
        more ? json_sprintf("%lld", (long long)listing.last_id) : json_null());
    call->status = 200;
    return outcome;
}

/* ---- one ---- */

static enum outcome add_messages(struct api_call *call, const struct complaint *c)
{
    struct message *messages;
    size_t count = 0;
    bool identity = sight_identity(&call->officer, c);
    json_t *list = json_array();
    enum outcome outcome = message_list(call->txn, c->id, &messages, &count, call->arena, call->fault);
    for (size_t i = 0; i < count && !outcome; i++) {
        const struct message *m = &messages[i];
        if (m->withdrawn_at)
            continue;
        bool citizen = !m->officer_id && (!strcmp(m->purpose, "aduan") || !strcmp(m->purpose, "tambahan"));
        json_t *row = json_pack("{s:I, s:s, s:s, s:s, s:s}", "id", (json_int_t)m->id, "maksud", m->purpose,
            "saluran", m->channel, "penulis", citizen && !identity ? "Pengadu" : m->author, "teks", m->text);
        json_t *files = json_array();
        for (const struct attachment *a = m->attachments; a; a = a->next)
            json_array_append_new(
                files, json_pack("{s:I, s:s, s:s, s:I}", "id", (json_int_t)a->id, "nama", a->filename,
                           "jenis", a->media_type, "ukuran", (json_int_t)a->size));
        json_object_set_new(row, "lampiran", files);
        json_object_set_new(row, "waktu", moment(m->at));
        json_array_append_new(list, row);
    }
    json_object_set_new(call->answer, "pesan", list);
    return outcome;
}

static enum outcome add_history(struct api_call *call, const struct complaint *c)
{
    struct event *e = NULL;
    json_t *list = json_array();
    enum outcome outcome = event_list(call->txn, c->id, &e, call->arena, call->fault);
    for (; e && !outcome; e = e->next) {
        json_t *row =
            json_pack("{s:I, s:s, s:s}", "id", (json_int_t)e->id, "jenis", e->kind, "pelaku", e->actor);
        json_object_set_new(row, "waktu", moment(e->at));
        json_array_append_new(list, row);
    }
    json_object_set_new(call->answer, "riwayat", list);
    return outcome;
}

static enum outcome add_person(struct api_call *call, const struct complaint *c)
{
    struct citizen citizen = {0};
    if (!c->citizen_id || !named(&call->officer, c)) {
        json_object_set_new(call->answer, "pengadu", json_null());
        return OUTCOME_DONE;
    }
    enum outcome outcome = citizen_get(call->txn, c->citizen_id, &citizen, call->arena, call->fault);
    json_t *person = json_object();
    json_object_set_new(person, "nama", text_or_null(citizen.nama));
    json_object_set_new(person, "pekerjaan", text_or_null(citizen.pekerjaan));
    json_object_set_new(person, "alamat", text_or_null(citizen.alamat));
    json_object_set_new(call->answer, "pengadu", person);
    return outcome;
}

static json_t *acts_of(const struct api_call *call, const struct complaint *c)
{
    json_t *list = json_array();
    for (int a = 0; a < ACTION_COUNT; a++)
        if (state_find_move(c->state, (enum action)a, (int)call->officer.role))
            json_array_append_new(list, json_string(action_key((enum action)a)));
    return list;
}

enum outcome api_answer_one(struct api_call *call)
{
    struct complaint c;
    char code[REGISTER_SHOWN_SIZE];
    call->status = 404; /* what a refusal is */
    enum outcome outcome = complaint_get(call->txn, call->id, &c, call->arena, call->fault);
    if (!outcome)
        outcome = classify_admit(call->txn, &call->officer, &c, "Aduan tidak ditemukan.", call->fault);
    if (outcome)
        return outcome;
    call->answer = brief(&call->officer, &c);
    call->version = c.version;
    call->status = 200;
    register_code_show(code, c.code);
    json_object_set_new(call->answer, "kode", json_string(code));
    json_object_set_new(call->answer, "instruksi", text_or_null(c.instruction));
    json_object_set_new(call->answer, "dirujuk_ke", text_or_null(c.referred_to));
    json_object_set_new(call->answer, "tindakan", acts_of(call, &c));
    outcome = add_person(call, &c);
    if (!outcome)
        outcome = add_messages(call, &c);
    return outcome ? outcome : add_history(call, &c);
}

enum outcome api_one(struct api_call *call)
{
    return api_answer_one(call);
}

/* ---- figures ---- */

enum outcome api_figures(struct api_call *call)
{
    json_t *by_state = json_object();
    enum outcome outcome = OUTCOME_DONE;
    int64_t count = 0, open = 0, all = 0, late = 0;
    for (int s = 0; s < STATE_COUNT && !outcome; s++) {
        struct complaint_filter filter = {.states = 1u << s, .limit = 1};
        sight_narrow(&call->officer, &filter);
        outcome = complaint_count(call->txn, &filter, &count, call->fault);
        json_object_set_new(by_state, state_key((enum state)s), json_integer(count));
        all += count;
        open += state_open((enum state)s) ? count : 0;
    }
    struct complaint_filter overdue = {.overdue = true, .limit = 1};
    sight_narrow(&call->officer, &overdue);
    if (!outcome)
        outcome = complaint_count(call->txn, &overdue, &late, call->fault);
    call->answer = json_pack("{s:I, s:I, s:I, s:o}", "semua", (json_int_t)all, "terbuka", (json_int_t)open,
        "terlambat", (json_int_t)late, "keadaan", by_state);
    call->status = 200;
    return outcome;
}
