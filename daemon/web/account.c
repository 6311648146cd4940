/* /sesi: where an officer is logged in, and the second step of his login. What he ends here is over with the answer. */
#include "daemon/book/event.h"
#include "daemon/book/totp.h"
#include "login.h"
#include "present.h"
#include "qr.h"
#include "routes.h"
#include <ctype.h>
#include <string.h>

/* ---- sessions ---- */

/* "Firefox, Windows": what a person tells his machines apart by. */
static const char *machine_words(struct page *page, const char *agent)
{
    static const struct {
        const char *mark, *name;
    } browsers[] = {{"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"},
        {"Safari", "Safari"}},
      systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
          {"Mac OS", "macOS"}, {"Linux", "Linux"}};
    const char *browser = "Peramban lain", *system = NULL;
    for (size_t i = 0; agent && i < sizeof browsers / sizeof *browsers; i++)
        if (strstr(agent, browsers[i].mark)) {
            browser = browsers[i].name;
            break;
        }
    for (size_t i = 0; agent && i < sizeof systems / sizeof *systems; i++)
        if (strstr(agent, systems[i].mark)) {
            system = systems[i].name;
            break;
        }
    return system ? arena_printf(page->arena, "%s, %s", browser, system) : browser;
}

static enum outcome show_sessions(struct page *page)
{
    struct session *x = NULL;
    struct totp totp;
    enum outcome outcome =
        session_list(page->txn, page->officer->id, page->session_token, &x, page->arena, page->fault);
    if (!outcome)
        outcome = totp_get(page->txn, page->officer->id, &totp, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array();
    for (; x; x = x->next) {
        json_t *row = json_pack("{s:s, s:b, s:s, s:s}", "name", x->name, "own", x->own, "machine",
            machine_words(page, x->agent), "peer", x->peer ? x->peer : "");
        json_object_set_new(row, "since", present_moment(page, x->created_at));
        json_object_set_new(row, "seen", present_moment(page, x->seen_at));
        json_array_append_new(rows, row);
    }
    return page_view(page, "sessions",
        json_pack("{s:s, s:b, s:b, s:I, s:o}", "title", "Akun dan sesi", "others", json_array_size(rows) > 1,
            "two_steps", totp.confirmed, "left", (json_int_t)totp.recovery_left, "sessions", rows));
}

static enum outcome end_sessions(struct page *page)
{
    const char *name = page_field(page, "sesi");
    int64_t ended;
    bool all = !strcmp(page_field(page, "tindakan"), "semua");
    if (!all && strlen(name) != SESSION_NAME_SIZE - 1)
        return fault_set(page->fault, OUTCOME_NEVER, "Sesi itu sudah berakhir.", "no such session");
    enum outcome outcome = session_end(
        page->txn, page->officer->id, page->session_token, all ? NULL : name, &ended, page->fault);
    return outcome ? outcome : page_redirect(page, "/sesi?catatan=sesi");
}

/* ---- the second step ---- */

/* RFC 3986 unreserved as it is, the rest as %XX. */
static void add_escaped(struct str *out, const char *text)
{
    for (; *text; text++)
        if (isalnum((unsigned char)*text) || strchr("-._~", *text))
            str_addc(out, *text);
        else
            str_addf(out, "%%%02X", (unsigned char)*text);
}

/* Google's Key URI Format, which every authenticator reads. */
static json_t *key_qr(const struct page *page, const char *secret)
{
    struct str url;
    str_init(&url, 1024);
    str_adds(&url, "otpauth://totp/");
    add_escaped(&url, page->house->office->name);
    str_adds(&url, ":");
    add_escaped(&url, page->officer->login);
    str_addf(&url, "?secret=%s&issuer=", secret);
    add_escaped(&url, page->house->office->name);
    json_t *qr = str_ok(&url) ? qr_json(url.data) : NULL;
    str_release(&url);
    return qr;
}

static const char *in_groups(struct page *page, const char *secret)
{
    struct str out;
    str_init(&out, 64);
    for (size_t i = 0; secret[i]; i++)
        str_addf(&out, "%s%c", i && i % 4 == 0 ? " " : "", secret[i]);
    const char *text = arena_strdup(page->arena, out.data);
    str_release(&out);
    return text;
}

static enum outcome show_second(struct page *page, const char *alert)
{
    struct totp totp;
    char secret[TOTP_BASE32];
    enum outcome outcome = totp_get(page->txn, page->officer->id, &totp, page->fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:s, s:b, s:b, s:b, s:b, s:I}", "title", "Kode dua langkah", "wrong",
        alert != NULL, "begun", totp.begun, "on", totp.confirmed, "must", page->officer->must_enrol, "left",
        (json_int_t)totp.recovery_left);
    if (alert)
        json_object_set_new(data, "problem", json_string(alert));
    if (totp.begun) {
        totp_base32(totp.secret, secret);
        json_t *qr = key_qr(page, secret);
        if (qr)
            json_object_set_new(data, "qr", qr);
        json_object_set_new(data, "qr_label", json_string("Kode QR dengan kunci untuk aplikasi di ponsel"));
        json_object_set_new(data, "secret", json_string(in_groups(page, secret)));
    }
    return page_view_status(page, alert ? 422 : 200, "second_step", data);
}

static enum outcome get_second(struct page *page)
{
    return show_second(page, NULL);
}

static enum outcome told(struct page *page, const char *kind)
{
    json_t *data = json_pack("{s:s}", "login", page->officer->login);
    const char *actor = page_actor(page);
    enum outcome outcome = data && actor
                               ? event_append(page->txn, 0, NULL, kind, actor, data, page->fault)
                               : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

static enum outcome confirm(struct page *page)
{
    char codes[TOTP_RECOVERY_CODES][PASSWORD_MADE_SIZE];
    bool fits = false;
    enum outcome outcome =
        totp_confirm(page->txn, page->officer->id, page_field(page, "k"), &fits, codes, page->fault);
    if (!outcome && !fits)
        return show_second(
            page, "Kode tidak cocok. Periksa jam ponsel Anda, lalu tulis kode yang sedang tampil.");
    if (!outcome)
        outcome = told(page, "dua_langkah_dipasang");
    if (outcome)
        return outcome;
    json_t *list = json_array();
    for (int i = 0; i < TOTP_RECOVERY_CODES; i++)
        json_array_append_new(list, json_string(codes[i]));
    return page_view(
        page, "recovery_codes", json_pack("{s:s, s:o}", "title", "Kode cadangan", "codes", list));
}

/* With a code: whoever sits down at a desk that was left open cannot do it. Wrong ones count as at /masuk. */
static enum outcome take_off(struct page *page)
{
    bool fits = false, recovery;
    if (!limit_allows(page->logins, page->peer, txn_now(page->txn)))
        return show_second(page, "Terlalu banyak kode yang keliru. Tunggu beberapa menit, lalu coba lagi.");
    enum outcome outcome =
        totp_accept(page->txn, page->officer->id, page_field(page, "k"), &fits, &recovery, page->fault);
    if (!outcome && !fits) {
        limit_count(page->logins, page->peer, txn_now(page->txn));
        return show_second(page, "Kode tidak cocok. Tunggu kode berikutnya di ponsel, lalu coba lagi.");
    }
    if (!outcome)
        outcome = totp_remove(page->txn, page->officer->id, page->fault);
    if (!outcome)
        outcome = told(page, "dua_langkah_dilepas");
    return outcome ? outcome : page_redirect(page, "/sesi?catatan=tersimpan");
}

static enum outcome post_second(struct page *page)
{
    const char *act = page_field(page, "tindakan");
    if (!strcmp(act, "cocokkan"))
        return confirm(page);
    if (!strcmp(act, "lepas"))
        return take_off(page);
    enum outcome outcome = totp_begin(page->txn, page->officer->id, page->fault);
    return outcome ? outcome : page_redirect(page, "/sesi/dua-langkah");
}

const struct page_route account_routes[] = {
    {"/sesi", show_sessions, end_sessions, PAGE_EVERY_OFFICER, 1024},
    {"/sesi/dua-langkah", get_second, post_second, PAGE_EVERY_OFFICER, 1024},
    {NULL, NULL, NULL, 0, 0},
};
