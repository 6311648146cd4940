/* Coming in and going out: /masuk with its second step, /keluar, and /sandi, where a one-time password becomes the
 * officer's own. */
#include "daemon/book/event.h"
#include "daemon/book/password.h"
#include "login.h"
#include "page.h"
#include <string.h>

enum outcome login_cookie(struct page *page, const char *token)
{
    /* Without Max-Age it ends with the browser: the desk's computer is shared. */
    page->set_cookie =
        arena_printf(page->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", page->house->cookie,
            token ? token : "", page->house->secure ? "; Secure" : "", token ? "" : "; Max-Age=0");
    return page->set_cookie ? OUTCOME_DONE : fault_set(page->fault, OUTCOME_LATER, NULL, "login: no memory");
}

/* Where he wanted to go; else his desk. */
static const char *destination(const char *wanted)
{
    return page_own_path(wanted) ? wanted : "/meja";
}

static enum outcome login_show(
    struct page *page, int status, const char *login, const char *wanted, const char *alert)
{
    return page_view_status(page, status, "login",
        json_pack("{s:s, s:b, s:s, s:s, s:s}", "title", "Masuk", "wrong", alert != NULL, "u", login, "ke",
            wanted, "alert", alert ? alert : ""));
}

static enum outcome login_get(struct page *page)
{
    const char *wanted = page_query(page, "ke");
    if (page->officer)
        return page_redirect(page, destination(wanted));
    return login_show(page, 200, "", wanted, NULL);
}

static enum outcome no_memory(struct page *page)
{
    return fault_set(page->fault, OUTCOME_LATER, NULL, "login: no memory");
}

static enum outcome too_many(struct page *page)
{
    page->status = 429;
    return fault_set(page->fault, OUTCOME_NEVER,
        "Terlalu banyak kata sandi atau kode yang keliru. Tunggu beberapa menit, lalu coba lagi.",
        "logins guessed from %s", page->peer);
}

static const char *post_or_query(const struct page *page, const char *name)
{
    return page->post ? page_field(page, name) : page_query(page, name);
}

/* Of the second step, on the way to `wanted`. */
static const char *code_url(struct page *page, const char *wanted, bool recovery)
{
    bool plain = page_own_path(wanted) && !wanted[strspn(wanted, "abcdefghijklmnopqrstuvwxyz0123456789/_-")];
    return arena_printf(
        page->arena, "/masuk/kode?ke=%s%s", plain ? wanted : "", recovery ? "&cadangan=ya" : "");
}

/* What a visitor typed, against the book. Wrong ones are counted by address before the next is hashed. */
static enum outcome prove(
    struct page *page, const char *login, const char *password, struct password_proof *ret)
{
    if (!limit_allows(page->logins, page->peer, txn_now(page->txn)))
        return too_many(page);
    enum outcome o = password_prove(page->txn, login, password, ret, page->fault);
    if (o == OUTCOME_DONE && !ret->fits)
        limit_count(page->logins, page->peer, txn_now(page->txn));
    return o;
}

static enum outcome login_write(struct page *page)
{
    const char *login = page_field(page, "u"), *wanted = page_field(page, "ke");
    char token[65];
    struct officer officer = {0};
    bool refused = false;
    enum outcome o =
        session_open(page->txn, login, page->found, token, &officer, &refused, page->arena, page->fault);
    if (o == OUTCOME_DONE && refused) /* committed: the failure is counted */
        return login_show(page, 403, login, wanted, page->fault->public_text);
    /* A session that was there before this login, whoever planted it, ends with it. */
    if (o == OUTCOME_DONE && page->session_token)
        o = session_close(page->txn, page->session_token, page->fault);
    if (o == OUTCOME_DONE && !officer.two_steps)
        o = session_touch(page->txn, token, page->peer, page->agent, page->fault);
    if (o == OUTCOME_DONE)
        o = login_cookie(page, token);
    if (o != OUTCOME_DONE)
        return o;
    if (officer.two_steps)
        return page_redirect(page, code_url(page, wanted, false));
    return page_redirect(page, officer.must_change ? "/sandi" : destination(wanted));
}

/* ---- /masuk/kode ---- */

static enum outcome code_show(struct page *page, int status, const char *login, const char *alert)
{
    const char *wanted = post_or_query(page, "ke");
    bool recovery = *post_or_query(page, "cadangan");
    return page_view_status(page, status, "login_code",
        json_pack("{s:s, s:b, s:s, s:s, s:s, s:b, s:s}", "title", "Kode keamanan", "wrong", alert != NULL,
            "u", login, "ke", wanted, "alert", alert ? alert : "", "recovery", recovery, "other_way",
            code_url(page, wanted, !recovery)));
}

static enum outcome code_get(struct page *page)
{
    struct officer officer;
    if (page->officer)
        return page_redirect(page, destination(page_query(page, "ke")));
    enum outcome o = page->cookie_token
                         ? session_pending(page->txn, page->cookie_token, &officer, page->arena, page->fault)
                         : OUTCOME_NEVER;
    if (o == OUTCOME_NEVER)
        return page_redirect(page, "/masuk");
    return o == OUTCOME_DONE ? code_show(page, 200, officer.login, NULL) : o;
}

static enum outcome used_recovery(struct page *page, const struct officer *officer)
{
    const char *actor = arena_printf(page->arena, "%s:%s", role_key(officer->role), officer->login);
    return actor ? event_append(page->txn, 0, NULL, "kode_cadangan_dipakai", actor, NULL, page->fault)
                 : no_memory(page);
}

/* Wrong codes are counted by account (session.c) and by address, like passwords. */
static enum outcome code_post(struct page *page)
{
    char token[65];
    struct officer officer = {0};
    bool refused = false, recovery = false;
    if (!page->cookie_token)
        return page_redirect(page, "/masuk");
    if (!limit_allows(page->logins, page->peer, txn_now(page->txn)))
        return too_many(page);
    enum outcome o = session_second(page->txn, page->cookie_token, page_field(page, "k"), token, &officer,
        &refused, &recovery, page->arena, page->fault);
    if (o == OUTCOME_NEVER)
        return login_show(page, 403, "", page_field(page, "ke"), page->fault->public_text);
    if (o == OUTCOME_DONE && refused) {
        limit_count(page->logins, page->peer, txn_now(page->txn));
        return code_show(page, 403, officer.login, page->fault->public_text);
    }
    if (o == OUTCOME_DONE && recovery)
        o = used_recovery(page, &officer);
    if (o == OUTCOME_DONE)
        o = session_touch(page->txn, token, page->peer, page->agent, page->fault);
    if (o == OUTCOME_DONE)
        o = login_cookie(page, token);
    if (o != OUTCOME_DONE)
        return o;
    return page_redirect(page, officer.must_change ? "/sandi" : destination(page_field(page, "ke")));
}

/* ---- /masuk, as it is sent ---- */

static enum outcome login_post(struct page *page)
{
    const char *login = page_field(page, "u"), *password = page_field(page, "p");
    if (!*login || !*password)
        return login_show(page, 422, login, page_field(page, "ke"), "Isi nama pengguna dan kata sandi.");
    struct password_proof *proof = page_keep(page, sizeof *proof);
    enum outcome o = proof ? prove(page, login, password, proof) : no_memory(page);
    return o == OUTCOME_DONE ? page_write(page, login_write, proof) : o;
}

static enum outcome logout_post(struct page *page)
{
    enum outcome o = session_close(page->txn, page->session_token, page->fault);
    if (o == OUTCOME_DONE)
        o = login_cookie(page, NULL);
    return o == OUTCOME_DONE ? page_redirect(page, "/masuk?catatan=keluar") : o;
}

static enum outcome password_show(struct page *page, const char *alert)
{
    return page_view_status(page, alert ? 422 : 200, "password",
        json_pack("{s:s, s:b, s:s, s:b, s:i}", "title", "Ganti kata sandi", "wrong", alert != NULL, "alert",
            alert ? alert : "", "must_change", page->officer->must_change, "least", OFFICER_PASSWORD_MIN));
}

static enum outcome password_get(struct page *page)
{
    return password_show(page, NULL);
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

_Static_assert(OFFICER_PASSWORD_MIN == 10, "the text below names it");

/* NULL = nothing is wrong with it. */
static const char *password_fault(const char *old, const char *new, const char *again)
{
    if (!*old)
        return "Isi kata sandi yang sekarang.";
    if (characters(new) < OFFICER_PASSWORD_MIN)
        return "Kata sandi baru terlalu pendek, paling sedikit 10 karakter.";
    if (strlen(new) > PASSWORD_MAX || strlen(old) > PASSWORD_MAX)
        return "Kata sandi terlalu panjang.";
    if (strcmp(new, again))
        return "Kedua isian kata sandi baru belum sama.";
    if (!strcmp(new, old))
        return "Kata sandi baru masih sama dengan yang sekarang.";
    return NULL;
}

/* Both passwords of /sandi. */
struct change {
    struct password_proof old;
    struct password_proof new; /* only its hash */
};

/* Opening a session with the old password counts a wrong one, and locks, as at /masuk. All sessions of this
 * officer end; this browser's begins anew. */
static enum outcome password_write(struct page *page)
{
    const struct change *change = page->found;
    char token[65];
    struct officer officer;
    bool refused = false;
    const struct officer *me = page->officer;
    enum outcome o =
        session_open(page->txn, me->login, &change->old, token, &officer, &refused, page->arena, page->fault);
    if (o == OUTCOME_DONE && refused)
        return password_show(page, page->fault->public_text);
    json_t *data = json_pack("{s:s}", "login", me->login);
    if (o == OUTCOME_DONE)
        o = officer_set_password(page->txn, me->id, change->new.hash, false, page->fault);
    if (o == OUTCOME_DONE)
        o = event_append(page->txn, 0, NULL, "kata_sandi_diganti", page_actor(page), data, page->fault);
    json_decref(data);
    if (o == OUTCOME_DONE) /* he is proved: the second step is not asked for again */
        o = session_begin(page->txn, me->id, token, page->fault);
    if (o == OUTCOME_DONE)
        o = session_touch(page->txn, token, page->peer, page->agent, page->fault);
    if (o == OUTCOME_DONE)
        o = login_cookie(page, token);
    return o == OUTCOME_DONE ? page_redirect(page, "/meja?catatan=sandi") : o;
}

/* The old password is proved as at /masuk, so that guessing here is counted as there. */
static enum outcome password_post(struct page *page)
{
    const char *old = page_field(page, "lama"), *new = page_field(page, "baru");
    const char *alert = password_fault(old, new, page_field(page, "ulang"));
    if (alert)
        return password_show(page, alert);
    struct change *change = page_keep(page, sizeof *change);
    enum outcome o = change ? prove(page, page->officer->login, old, &change->old) : no_memory(page);
    if (o == OUTCOME_DONE && change->old.fits) {
        o = password_hash(new, change->new.hash, page->fault);
    }
    return o == OUTCOME_DONE ? page_write(page, password_write, change) : o;
}

const struct page_route login_routes[] = {
    {"/masuk", login_get, login_post, PAGE_POST_READS, 4096},
    {"/masuk/kode", code_get, code_post, 0, 1024},
    {"/keluar", NULL, logout_post, PAGE_EVERY_OFFICER, 1024},
    {"/sandi", password_get, password_post, PAGE_EVERY_OFFICER | PAGE_POST_READS, 4096},
    {0},
};
