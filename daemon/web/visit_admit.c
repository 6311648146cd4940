/* Who comes: from our own pages? with which session, and may he see this page? */
#include "visit.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "page_common.h"
#include <sodium.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_LENGTH = 2 * SESSION_TOKEN_BYTES };

/* A form is ours when the browser says that it was on a page of ours (Origin, RFC 6454 7; Sec-Fetch-Site).
 * What sends neither is no browser of today and carries nobody's cookies against his will. */
bool visit_from_own_page(const struct visit *v)
{
    const char *origin = http_request_header(v->request, "Origin");
    const char *site = http_request_header(v->request, "Sec-Fetch-Site");
    if (!origin)
        return !site || !strcmp(site, "same-origin") || !strcmp(site, "none");
    const char *host = http_request_header(v->request, "Host"),
               *mine = house_without_scheme(v->web->house.office->public_url);
    const char *theirs = house_without_scheme(origin);
    return (host && !strcasecmp(theirs, host)) || (*mine && !strcasecmp(theirs, mine));
}

/* RFC 6265 5.4: pairs separated by "; ". */
const char *visit_session_token(struct visit *v)
{
    const char *at = http_request_header(v->request, "Cookie"), *name = v->web->house.cookie;
    size_t n = strlen(name);
    while (at && *at) {
        at += strspn(at, "; ");
        if (!strncmp(at, name, n) && at[n] == '=' && strspn(at + n + 1, "0123456789abcdef") == TOKEN_LENGTH)
            return arena_strndup(v->arena, at + n + 1, TOKEN_LENGTH);
        at = strchr(at, ';');
    }
    return NULL;
}

/* ---- on a book thread ---- */

static enum outcome refuse(struct page *page, int status, const char *public_text)
{
    page->status = status;
    return fault_set(page->fault, OUTCOME_NEVER, public_text, "%s: refused with %d", page->path, status);
}

enum outcome visit_find_officer(struct visit *v, struct officer *officer)
{
    struct page *page = &v->page;
    if (!v->token)
        return OUTCOME_DONE;
    enum outcome o = session_find(page->txn, v->token, officer, &v->seen_at, page->arena, page->fault);
    if (o == OUTCOME_NEVER)
        return OUTCOME_DONE;
    if (o != OUTCOME_DONE)
        return o;
    char *csrf = arena_alloc(page->arena, 65);
    if (!csrf)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "%s: no memory", page->path);
    page_csrf(v->token, csrf);
    page->officer = officer;
    page->session_token = v->token;
    page->csrf = csrf;
    return OUTCOME_DONE;
}

static bool csrf_fits(const struct page *page)
{
    const struct http_field *field = http_form_find(page->form, "csrf");
    return field && field->length == 64 && !sodium_memcmp(field->value, page->csrf, 64);
}

static enum outcome send_to_login(struct page *page)
{
    if (page->post)
        return refuse(page, 403,
            "Anda sudah keluar, jadi belum ada yang tersimpan. Salin isian Anda dari halaman sebelumnya, "
            "masuk lagi, lalu kirim.");
    bool plain = !page->path[strspn(page->path, "abcdefghijklmnopqrstuvwxyz0123456789/_-")];
    const char *login = plain ? arena_printf(page->arena, "/masuk?ke=%s", page->path) : "/masuk";
    return page_redirect(page, login ? login : "/masuk");
}

enum outcome visit_admitted(const struct visit *v, struct page *page, bool *ret_go)
{
    const struct page_route *route = v->route;
    *ret_go = false;
    if (!page->officer)
        return send_to_login(page);
    if (!(route->roles & 1u << page->officer->role))
        return refuse(page, 403, "Halaman ini bukan untuk akun Anda.");
    if (page->post && !csrf_fits(page))
        return refuse(page, 403,
            "Belum ada yang tersimpan karena halaman sebelumnya sudah kedaluwarsa. Kembali, muat ulang "
            "halaman itu, lalu kirim lagi.");
    /* A one-time password opens only the page on which it is changed; so does a second step that the house wants. */
    bool leaving = !strcmp(page->path, "/keluar");
    if (page->officer->must_change && strcmp(page->path, "/sandi") && !leaving)
        return page_redirect(page, "/sandi");
    if (page->officer->must_enrol && strcmp(page->path, "/sesi/dua-langkah") &&
        strcmp(page->path, "/sandi") && !leaving)
        return page_redirect(page, "/sesi/dua-langkah");
    *ret_go = true;
    return OUTCOME_DONE;
}

/* ---- that he was here ---- */

/* Lives until the writer is done with it; the visit does not wait for it. */
struct touch {
    struct book_job job;
    struct arena *arena; /* holds this and its texts */
    const char *token, *peer, *agent;
};

static enum outcome touch_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct touch *touch = arg;
    return session_touch(txn, touch->token, touch->peer, touch->agent, fault);
}

/* Not kept: the session is taken for idle some minutes earlier, and the next page tries again. */
static void touch_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct touch *touch = arg;
    if (outcome != OUTCOME_DONE)
        log_fault(LOG_DEBUG, NULL, "web.session_not_touched", outcome, fault);
    arena_free(touch->arena);
}

/* Pages are read by connections that cannot write, so it is told to the writer, a few times an hour. */
void visit_noted(const struct visit *v)
{
    bool due = clock_now_ms() - v->seen_at >= SESSION_TOUCH_MINUTES * INT64_C(60000);
    if (!v->page.officer || !v->page.session_token || v->page.set_cookie || !due)
        return;
    struct arena *arena = arena_new(VISIT_MEMORY);
    struct touch *touch = arena ? arena_alloc(arena, sizeof *touch) : NULL;
    if (touch)
        *touch = (struct touch){.arena = arena,
            .token = arena_strdup(arena, v->token),
            .peer = arena_strdup(arena, v->page.peer),
            .agent = arena_strdup(arena, v->page.agent)};
    if (!touch || !arena_ok(arena)) {
        arena_free(arena);
        return;
    }
    touch->job = (struct book_job){.work = touch_work, .done = touch_done, .arg = touch};
    book_write(v->web->options.book, &touch->job);
}
