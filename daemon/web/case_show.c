/* /aduan/ID: one complaint with everything said and done. */
#include "case.h"
#include "daemon/book/chat.h"
#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "daemon/book/media.h"
#include "daemon/book/message.h"
#include "daemon/book/origin.h"
#include "daemon/book/officer.h"
#include "daemon/book/outbox.h"
#include "daemon/desk/correspond.h"
#include "daemon/desk/route.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/sight.h"
#include "present.h"
#include "publish_page.h"
#include "rights_page.h"
#include "rules/register.h"
#include "rules/words_date.h"
#include "rules/workday.h"
#include "upload.h"
#include <stdlib.h>
#include <string.h>

/* ---- what was said and done ---- */

static const char *letter_label(const char *purpose)
{
    static const struct {
        const char *purpose, *label;
    } labels[] = {{"tanda_terima", "Tanda terima otomatis"}, {"tidak_utuh", "Pemberitahuan surat tidak utuh"},
        {"kode", "Kode lacak atas permintaan"}, {"jawaban", "Jawaban"}, {"pertanyaan", "Pertanyaan"},
        {"sementara", "Kabar sementara"}, {"hak", "Jawaban tentang data pribadi"},
        {"perpanjangan", "Pemberitahuan perpanjangan"}, {"rujukan", "Pemberitahuan rujukan"},
        {"penutup", "Surat penutup"}, {"diarsipkan", "Pemberitahuan pengarsipan"},
        {"obrolan", "Pesan dalam percakapan"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (!strcmp(purpose, labels[i].purpose))
            return labels[i].label;
    return NULL; /* to officers or machines */
}

static bool went_wrong(const struct outbox_row *row)
{
    return !strcmp(row->state, "gagal") || !strcmp(row->state, "tidak_pasti");
}

static void add_delivery(const struct page *page, json_t *thread, const struct outbox_row *row)
{
    static const struct {
        const char *state, *words, *icon;
    } states[] = {{"antre", "menunggu dikirim", "jam"}, {"mengirim", "sedang dikirim", "jam"},
        {"diterima", "terkirim", "beres"}, {"sampai", "sampai", "beres"}, {"dibaca", "dibaca", "beres"},
        {"gagal", "gagal terkirim", "terlambat"}, {"dibatalkan", "dibatalkan sebelum dikirim", "jeda"},
        {"tidak_pasti", "belum pasti terkirim", "segera"}};
    size_t i = 0;
    while (i + 1 < sizeof states / sizeof *states && strcmp(states[i].state, row->state))
        i++;
    bool failed = went_wrong(row);
    bool trouble = failed && !row->handled_at, waits = !strcmp(row->state, "antre") && row->attempts;
    json_t *line = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:b, s:b}", "what", letter_label(row->purpose),
        "words", states[i].words, "icon", states[i].icon, "channel", route_channel_label(row->channel),
        "error", failed || waits ? row->error : NULL, "reply", failed ? NULL : row->reply, "trouble", trouble,
        "handled", failed && row->handled_at != 0);
    if (trouble && correspond_may(page->officer))
        json_object_set_new(line, "again", json_pack("{s:I}", "outbox", (json_int_t)row->id));
    json_object_set_new(line, "at", present_moment(page, row->state_at));
    json_array_append_new(thread, json_pack("{s:o}", "delivery", line));
}

/* Of the desk's own lines in a chat, which are many and short, only those that went wrong. */
static bool is_shown(const struct outbox_row *row)
{
    return letter_label(row->purpose) && (strcmp(row->purpose, "obrolan") || went_wrong(row));
}

/* Files of messages that are still at a gateway, or could not be had from it. */
static enum outcome add_fetching(const struct page *page, const struct complaint *c, json_t *thread)
{
    struct media_row *rows;
    size_t count = 0;
    enum outcome outcome = media_list(page->txn, c->id, &rows, &count, page->arena, page->fault);
    for (size_t i = 0; i < count && !outcome; i++) {
        bool failed = !strcmp(rows[i].state, "gagal");
        json_t *line = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:b, s:I}", "name", rows[i].filename, "words",
            failed ? "tidak dapat diambil" : "sedang diambil", "icon", failed ? "terlambat" : "jam",
            "channel", route_channel_label(rows[i].channel), "error", rows[i].error, "trouble", failed,
            "media", (json_int_t)rows[i].id);
        json_array_append_new(thread, json_pack("{s:o}", "fetching", line));
    }
    return outcome;
}

static enum outcome add_thread(struct page *page, const struct complaint *c, json_t *data)
{
    struct message *messages;
    struct outbox_row *rows;
    size_t count, row_count, r = 0;
    bool identity = sight_identity(page->officer, c);
    enum outcome outcome = message_list(page->txn, c->id, &messages, &count, page->arena, page->fault);
    if (!outcome)
        outcome = outbox_list(page->txn, c->id, &rows, &row_count, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *thread = json_array();
    for (size_t i = 0; i < count; i++) {
        for (; r < row_count && rows[r].created_at < messages[i].at; r++)
            if (is_shown(&rows[r]))
                add_delivery(page, thread, &rows[r]);
        json_array_append_new(
            thread, json_pack("{s:o}", "letter", present_message(page, &messages[i], identity)));
    }
    for (; r < row_count; r++)
        if (is_shown(&rows[r]))
            add_delivery(page, thread, &rows[r]);
    json_object_set_new(data, "thread", thread);
    return add_fetching(page, c, thread);
}

/* ["nama", "alamat"] -> "nama, alamat" */
static json_t *joined(const json_t *words)
{
    struct str out;
    str_init(&out, 1024);
    for (size_t i = 0; i < json_array_size(words); i++)
        str_addf(&out, "%s%s", i ? ", " : "", json_string_value(json_array_get(words, i)));
    json_t *text = json_string(str_ok(&out) ? out.data : "");
    str_release(&out);
    return text;
}

/* "petugas:rina" -> "Rina Wulandari"; the login when the account is gone, "pengadu" and "sistem" as they are. */
static enum outcome actor_name(struct page *page, const char *actor, const char **ret_name)
{
    struct officer o;
    const char *colon = strchr(actor, ':');
    *ret_name = colon ? colon + 1 : actor;
    if (!colon)
        return OUTCOME_DONE;
    enum outcome outcome = officer_by_login(page->txn, colon + 1, &o, page->arena, page->fault);
    if (!outcome)
        *ret_name = o.name;
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
}

static json_t *history_row(const struct page *page, const struct event *e, const char *who)
{
    json_t *details = json_loads(e->data, 0, NULL);
    const json_t *fields = json_object_get(details, "fields");
    json_t *row = json_pack("{s:s, s:s, s:s?}", "what", present_event_label(e->kind), "who", who, "section",
        json_string_value(json_object_get(details, "section")));
    json_object_set_new(row, "at", present_moment(page, e->at));
    static const char *const others[] = {"to", "from", "joined", "main"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *number = json_string_value(json_object_get(details, others[i]));
        if (number && strchr(number, '/')) /* "from" of a move is a state */
            json_object_set_new(row, "other", json_string(number));
    }
    if (json_array_size(fields))
        json_object_set_new(row, "fields", joined(fields));
    const char *undone = json_string_value(json_object_get(details, "act"));
    if (undone)
        json_object_set_new(row, "undone", json_string(present_event_label(undone)));
    const json_t *helpers = json_object_get(details, "helpers");
    if (json_array_size(helpers))
        json_object_set_new(row, "helped_by", joined(helpers));
    const char *way = json_string_value(json_object_get(details, "way"));
    if (way && !strcmp(way, "lapor")) {
        json_object_set_new(row, "what", json_string("Dijawab di SP4N-LAPOR!"));
        json_object_set(row, "other", json_object_get(details, "lapor_number"));
    }
    json_t *clock = case_clock_words(page, e->kind, details);
    if (clock)
        json_object_set_new(row, "clock_words", clock);
    json_decref(details);
    return row;
}

static enum outcome add_history(struct page *page, const struct complaint *c, json_t *data)
{
    struct event *events;
    enum outcome outcome = event_list(page->txn, c->id, &events, page->arena, page->fault);
    json_t *list = json_array();
    for (const struct event *e = outcome ? NULL : events; e && !outcome; e = e->next) {
        const char *who;
        outcome = actor_name(page, e->actor, &who);
        json_array_insert_new(list, 0, history_row(page, e, who));
        if (!e->next)
            json_object_set_new(
                data, "mark", json_string(arena_printf(page->arena, "%lld", (long long)e->id)));
    }
    if (json_array_size(list))
        json_object_set(data, "newest", json_array_get(list, 0));
    json_object_set_new(data, "history", list);
    return outcome;
}

/* "Diubah oleh Endang Lestari sejak Anda membuka: Didisposisikan, Jum, 27 Nov, 10.55." */
static const char *newest_words(struct page *page, const json_t *newest)
{
    return arena_printf(page->arena, "Diubah oleh %s sejak Anda membuka: %s, %s.",
        json_string_value(json_object_get(newest, "who")), json_string_value(json_object_get(newest, "what")),
        json_string_value(json_object_get(newest, "at")));
}

enum outcome case_news(struct page *page, int64_t id)
{
    struct complaint c;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &c, "Aduan tidak ditemukan.", page->fault);
    if (outcome) {
        page->status = outcome == OUTCOME_NEVER ? 404 : 0;
        return outcome;
    }
    if (page->wants_stream)
        return page_stream(page, id);
    json_t *data = json_object();
    outcome = add_history(page, &c, data);
    const json_t *newest = json_object_get(data, "newest");
    json_t *news = json_pack("{s:O?, s:s?}", "mark", json_object_get(data, "mark"), "words",
        newest ? newest_words(page, newest) : NULL);
    if (!outcome)
        outcome = page_json(page, news);
    json_decref(news);
    json_decref(data);
    return outcome;
}

/* The form in which an officer writes down what the citizen had not said; with what he typed when that was
 * refused. */
static json_t *completion_form(
    const struct page *page, const struct citizen *citizen, const struct case_view *view)
{
    bool refused = view->refused && !strcmp(view->refused, "lengkapi");
    json_t *values = refused ? case_form_typed(page)
                             : json_pack("{s:s?, s:s?, s:s?}", "nama", citizen->nama, "pekerjaan",
                                   citizen->pekerjaan, "alamat", citizen->alamat);
    json_t *form = json_pack("{s:o, s:b}", "values", values, "open", refused);
    if (refused)
        json_object_set_new(form, "problem", json_string(view->problem));
    return form;
}

static json_t *contact(const char *value, bool opened)
{
    return opened ? json_string(value) : present_masked(value);
}

/* Another citizen whose identity came in one event with this one's: an officer decides. */
static enum outcome add_maybe_same(struct page *page, const struct complaint *c, json_t *citizen)
{
    int64_t other = 0;
    const char *number = NULL;
    enum outcome outcome = c->citizen_id ? citizen_maybe_same(page->txn, c->citizen_id, &other, &number,
                                               page->arena, page->fault)
                                         : OUTCOME_DONE;
    if (!outcome && other && page->officer->role == ROLE_PETUGAS)
        json_object_set_new(
            citizen, "maybe_same", json_pack("{s:I, s:s?}", "other", (json_int_t)other, "number", number));
    return outcome;
}

static enum outcome add_citizen(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    struct citizen citizen = {0};
    bool section = page->officer->role == ROLE_SEKSI, opened = view->identity || view->contact;
    if (!opened && !sight_identity(page->officer, c)) {
        json_object_set_new(data, "hidden_identity",
            json_pack("{s:b}", "may_open", !strcmp(c->confidentiality, "rahasia") && !section));
        return OUTCOME_DONE;
    }
    enum outcome outcome = c->citizen_id
                               ? citizen_get(page->txn, c->citizen_id, &citizen, page->arena, page->fault)
                               : OUTCOME_DONE;
    if (outcome)
        return outcome;
    int complete = !!citizen.nama + !!citizen.pekerjaan + !!citizen.alamat;
    bool anonymous = !strcmp(c->confidentiality, "anonim");
    json_t *json = json_pack("{s:s?, s:s?, s:s?, s:i, s:b}", "nama", citizen.nama, "pekerjaan",
        citizen.pekerjaan, "alamat", citizen.alamat, "complete", complete, "anonymous", anonymous);
    if (citizen.email)
        json_object_set_new(json, "email", contact(citizen.email, opened));
    if (citizen.phone)
        json_object_set_new(json, "phone", contact(citizen.phone, opened));
    json_object_set_new(
        json, "may_reveal", json_boolean((citizen.email || citizen.phone) && !opened && !section));
    if (!anonymous && !section)
        json_object_set_new(json, "completion", completion_form(page, &citizen, view));
    json_object_set_new(data, "citizen", json);
    return add_maybe_same(page, c, json);
}

/* The step that is being taken now is the current one; an answered complaint has only its closing before
 * it. */
static void add_steps(const struct complaint *c, json_t *data)
{
    static const struct {
        const char *label;
        unsigned states; /* in which this step is the current one */
    } steps[] = {
        {"Masuk", 1u << STATE_MASUK | 1u << STATE_PERLU_DILENGKAPI | 1u << STATE_DIBUKA_KEMBALI},
        {"Verifikasi", 1u << STATE_DIVERIFIKASI},
        {"Disposisi", 1u << STATE_DITERUSKAN},
        {"Tindak lanjut", 1u << STATE_DIDISPOSISIKAN | 1u << STATE_DITINDAKLANJUTI},
        {"Persetujuan", 1u << STATE_MENUNGGU_PERSETUJUAN},
        {"Jawaban", 1u << STATE_DISETUJUI | 1u << STATE_DIJAWAB},
        {"Ditutup", 1u << STATE_DITUTUP},
    };
    size_t count = sizeof steps / sizeof *steps, now = 0;
    while (now < count && !(steps[now].states & 1u << c->state))
        now++;
    bool over = c->state == STATE_DIJAWAB || c->state == STATE_DITUTUP;
    json_t *list = json_array();
    for (size_t i = 0; i < count && now < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:b, s:b}", "label", steps[i].label, "done",
                                        i < now || (i == now && over), "current", i == now));
    if (json_array_size(list))
        json_object_set_new(data, "progress", json_pack("{s:O}", "steps", list));
    json_decref(list);
}

static json_t *details_of(struct page *page, const struct complaint *c)
{
    char code[REGISTER_SHOWN_SIZE];
    register_code_show(code, c->code);
    json_t *json = json_pack("{s:s, s:s?, s:s, s:s?, s:s?, s:s, s:s}", "kind", present_kind(c->kind),
        "service", c->service, "confidentiality", present_confidentiality(c->confidentiality), "place",
        c->place, "occurred", c->occurred, "code", code, "channel", route_channel_label(c->channel));
    json_object_set_new(json, "icon", json_string(present_channel_icon(c->channel)));
    json_object_set_new(json, "received", present_moment(page, c->received_at));
    return json;
}

/* The number and date that it has elsewhere. */
static enum outcome add_origin(struct page *page, const struct complaint *c, json_t *details)
{
    struct origin origin;
    enum outcome outcome = origin_get(page->txn, c->id, &origin, page->arena, page->fault);
    if (outcome || (!origin.number && !origin.dated))
        return outcome;
    json_t *json = json_pack("{s:s, s:s?}", "what", !strcmp(c->channel, "lapor") ? "SP4N-LAPOR!" : "Surat",
        "number", origin.number);
    if (origin.dated)
        json_object_set_new(json, "dated",
            present_date(page, workday_end_ms(origin.dated, present_office(page)->utc_offset_minutes)));
    json_object_set_new(details, "origin", json);
    return OUTCOME_DONE;
}

/* How the citizen judged the answer, as the question words it. */
static enum outcome add_rating(struct page *page, const struct complaint *c, json_t *data)
{
    static const char *const words[] = {"", "Tidak puas", "Kurang puas", "Puas", "Sangat puas"};
    const char *comment;
    int value;
    enum outcome outcome = rating_get(page->txn, c->id, &value, &comment, page->arena, page->fault);
    if (!outcome && value)
        json_object_set_new(data, "rating",
            json_pack("{s:i, s:s, s:s?}", "value", value, "words", words[value], "comment", comment));
    return outcome;
}

/* How it ended elsewhere: referred, or joined to another. */
static enum outcome add_end(struct page *page, const struct complaint *c, json_t *data)
{
    struct complaint main_one;
    if (c->state == STATE_BUKAN_KEWENANGAN && c->referred_to)
        json_object_set_new(data, "referred",
            json_pack("{s:s, s:s?}", "to", c->referred_to, "their_number", c->referred_number));
    if (c->state != STATE_DUPLIKAT || !c->main_id)
        return OUTCOME_DONE;
    enum outcome outcome = complaint_get(page->txn, c->main_id, &main_one, page->arena, page->fault);
    if (!outcome)
        json_object_set_new(data, "joined",
            json_pack("{s:s, s:s}", "main_url",
                arena_printf(page->arena, "/aduan/%lld", (long long)main_one.id), "main_number",
                main_one.number));
    return outcome;
}

static void add_interim(
    const struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    bool refused = view->refused && !strcmp(view->refused, "kabari");
    struct route route = route_of(present_office(page), c);
    if (correspond_may(page->officer) && state_open(c->state) && route.channel)
        json_object_set_new(data, "interim",
            json_pack("{s:s, s:s, s:b}", "interim_text", refused ? page_field(page, "isi") : "",
                "interim_channel", route_channel_label(route.channel), "open", refused));
}

static const char *done_sentence(const char *key)
{
    static const struct {
        const char *key, *sentence;
    } sentences[] = {{"verifikasi", "Aduan sudah diverifikasi."},
        {"tanya", "Pertanyaan untuk pengadu sudah dicatat."}, {"lengkap", "Aduan ditandai lengkap."},
        {"teruskan", "Aduan sudah diteruskan kepada Sekcam."},
        {"disposisi", "Disposisi sudah dicatat, seksi diberi kabar."},
        {"mulai", "Tindak lanjut sudah dimulai."}, {"lapor", "Laporan sudah disampaikan kepada Sekcam."},
        {"bantu", "Laporan sudah disampaikan kepada seksi penanggung jawab."},
        {"kembalikan", "Aduan sudah dikembalikan."},
        {"setujui", "Aduan sudah disetujui, petugas diberi kabar."}, {"jawab", "Jawaban sudah dicatat."},
        {"tutup", "Aduan sudah ditutup."}, {"buka_kembali", "Aduan sudah dibuka kembali."},
        {"rujuk", "Rujukan sudah dicatat."}, {"gabung", "Aduan sudah digabungkan."},
        {"arsipkan", "Aduan sudah diarsipkan."}, {"catatan", "Catatan sudah disimpan."},
        {"lengkapi", "Identitas pengadu sudah dilengkapi."}, {"pindah", "Pesan sudah dipindahkan."},
        {"pisah", "Pesan itu sudah menjadi aduan sendiri."},
        {"bagi", "Hal kedua sudah menjadi aduan sendiri."}, {"kabari", "Kabar sudah dicatat untuk dikirim."},
        {"ppid", "Dicatat sebagai permohonan resmi; batasnya dihitung ulang."},
        {"perpanjang", "Batas sudah diperpanjang, pemohon diberi tahu."},
        {"kirim-ulang", "Surat akan dikirim ulang."}, {"kiriman-beres", "Sudah dicatat."},
        {"ambil", "Berkas diminta lagi dari gerbang."}, {"bukan-sama", "Dicatat: bukan aduan yang sama."},
        {"kompensasi", "Kompensasi sudah dicatat dan akan disebut dalam jawaban."},
        {"himpun", "Aduan yang dipilih sudah digabungkan ke sini."},
        {"orang", "Keputusan tentang pengadu sudah dicatat."}, {"batalkan", "Tindakan itu sudah dibatalkan."},
        {"publikasi", "Hasilnya sudah dipublikasikan."}, {"publikasi_ditarik", "Publikasi sudah ditarik."}};
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strcmp(key, sentences[i].key))
            return sentences[i].sentence;
    return NULL;
}

/* Somebody was quicker than the form that was sent. */
static bool case_changed(const struct page *page, int64_t version)
{
    const char *seen = page_field(page, "versi");
    return *seen && strtoll(seen, NULL, 10) != version;
}

/* Does the page show a form for that act beside the one of the next step? Most of them only while there is cause. */
static bool has_own_form(const char *act, const json_t *data)
{
    static const struct {
        const char *act, *shown; /* NULL = always */
    } forms[] = {{"catatan", NULL}, {"kompensasi", NULL}, {"lengkapi", NULL}, {"bagi", "divide"},
        {"bantu", "assist"}, {"kabari", "interim"}, {"ppid", "information"}, {"perpanjang", "information"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!strcmp(act, forms[i].act))
            return !forms[i].shown || json_object_get(data, forms[i].shown);
    return false;
}

/* What was typed for a refused act must not be lost, even when the act is no longer possible. */
static void add_refusal(
    struct page *page, const struct case_view *view, int64_t version, bool form_shown, json_t *data)
{
    if (!view->refused)
        return;
    const char *text = *page_field(page, "isi") ? page_field(page, "isi") : page_field(page, "instruksi");
    bool own_form = has_own_form(view->refused, data);
    json_t *refusal =
        json_pack("{s:s, s:b}", "problem", view->problem, "files", upload_chosen(page, "berkas"));
    if (form_shown || own_form)
        json_object_set_new(refusal, "form", json_string(view->refused));
    if (!form_shown && !own_form && *text)
        json_object_set_new(refusal, "lost", json_pack("{s:s}", "lost_text", text));
    if (!strcmp(view->refused, "catatan"))
        json_object_set_new(data, "note_text", json_string(text));
    if (case_changed(page, version))
        json_object_set_new(
            refusal, "meanwhile", json_string(newest_words(page, json_object_get(data, "newest"))));
    json_object_set_new(data, "refusal", refusal);
    json_object_set_new(data, "wrong", json_true());
}

static enum outcome fill(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    bool form_shown = false;
    add_steps(c, data);
    enum outcome outcome = case_form_add(page, c, view, data, &form_shown);
    if (!outcome)
        outcome = case_proposal_add(page, c, data);
    if (!outcome)
        outcome = case_alike_add(page, c, data);
    if (!outcome)
        outcome = add_thread(page, c, data);
    if (!outcome)
        outcome = add_history(page, c, data);
    if (!outcome)
        outcome = add_citizen(page, c, view, data);
    if (!outcome)
        outcome = add_end(page, c, data);
    if (!outcome)
        outcome = add_rating(page, c, data);
    if (!outcome)
        outcome = add_origin(page, c, json_object_get(data, "details"));
    if (!outcome)
        outcome = case_kin_add(page, c, data);
    if (!outcome)
        outcome = publish_page_add(page, c, data);
    if (!outcome)
        outcome = case_compensation_add(page, c, view, data);
    if (!outcome)
        outcome = rights_page_add(page, c, data);
    if (!outcome)
        outcome = case_clock_add(page, c, view, data);
    if (!outcome)
        outcome = case_helpers_add(page, c, view, data);
    if (!outcome)
        outcome = case_divide_add(page, c, view, data);
    add_interim(page, c, view, data);
    add_refusal(page, view, c->version, form_shown, data);
    return outcome ? outcome : case_undo_add(page, c, done_sentence(page_query(page, "selesai")), data);
}

static int status_of(const struct page *page, const struct complaint *c, const struct case_view *view)
{
    return !view->refused ? 200 : case_changed(page, c->version) ? 409 : 422;
}

enum outcome case_show(struct page *page, int64_t id, const struct case_view *view)
{
    struct complaint c;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &c, "Aduan tidak ditemukan.", page->fault);
    if (outcome) {
        page->status = outcome == OUTCOME_NEVER ? 404 : 0;
        return outcome;
    }
    json_t *data = json_pack("{s:s, s:o, s:o, s:I, s:I, s:s?, s:b}", "title", c.number, "case",
        present_complaint(page, &c), "details", details_of(page, &c), "id", (json_int_t)c.id, "version",
        (json_int_t)c.version, "instruction", c.instruction, "may_print_receipt",
        page->officer->role != ROLE_SEKSI && page->officer->role != ROLE_CAMAT);
    outcome = fill(page, &c, view, data);
    if (outcome) {
        json_decref(data);
        return outcome;
    }
    return page_view_status(page, status_of(page, &c, view), "case", data);
}
