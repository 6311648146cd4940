#include "session.h"
#include "wire.h"
#include "../mailbox_protocol.h"
#include "daemon/base/frame.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SESSION_LEAVE_SECONDS = 1 };

bool session_tell(struct session *s, uint32_t type, uint32_t id, const void *body, size_t length)
{
    if (!s->leaving && !frame_write(s->frame_fd, type, id, body, length))
        s->leaving = true;
    return !s->leaving;
}

bool session_busy(struct session *s, uint32_t first_uid)
{
    return session_tell(s, MAILBOX_BUSY, first_uid, NULL, 0);
}

void session_failed(struct session *s, enum outcome outcome, const struct fault *fault)
{
    json_t *json = json_pack("{s:s, s:s, s:s}", "outcome", outcome_name(outcome), "public",
        fault->public_text, "internal", fault->internal);
    if (!json) /* the server's words are not UTF-8 */
        json = json_pack("{s:s, s:s, s:s}", "outcome", outcome_name(outcome), "public", fault->public_text,
            "internal", "the server's answer is not text");
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    if (text)
        session_tell(s, MAILBOX_FAILED, 0, text, strlen(text));
    free(text);
    json_decref(json);
}

bool session_refused(int r)
{
    switch (r) {
    case MAILIMAP_ERROR_LOGIN:
    case MAILIMAP_ERROR_SELECT:
    case MAILIMAP_ERROR_SEARCH:
    case MAILIMAP_ERROR_UID_SEARCH:
    case MAILIMAP_ERROR_FETCH:
    case MAILIMAP_ERROR_UID_FETCH:
    case MAILIMAP_ERROR_STORE:
    case MAILIMAP_ERROR_UID_STORE:
    case MAILIMAP_ERROR_CAPABILITY:
    case MAILIMAP_ERROR_NOOP:
    case MAILIMAP_ERROR_COPY:
    case MAILIMAP_ERROR_UID_COPY:
    case MAILIMAP_ERROR_MOVE:
    case MAILIMAP_ERROR_UID_MOVE:
    case MAILIMAP_ERROR_CREATE:
    case MAILIMAP_ERROR_EXPUNGE:
    case MAILIMAP_ERROR_EXTENSION:
        return true;
    default:
        return false;
    }
}

enum outcome session_fault(const struct session *s, int r, const char *what, struct fault *fault)
{
    const char *words = s->imap->imap_response;
    if (session_refused(r))
        return fault_set(fault, OUTCOME_LATER, "Server surat menolak permintaan; akan dicoba lagi.",
            "%s refused: %.200s", what, words ? words : "");
    if (r == MAILIMAP_ERROR_PARSE || r == MAILIMAP_ERROR_PROTOCOL)
        return fault_set(fault, OUTCOME_LATER, "Jawaban server surat tidak dapat dipahami; akan dicoba lagi.",
            "%s: answer cannot be parsed (%d)", what, r);
    if (r == MAILIMAP_ERROR_MEMORY)
        return fault_set(fault, OUTCOME_LATER, "Jawaban server surat terlalu besar.", "%s: no memory", what);
    return fault_set(fault, OUTCOME_LATER, "Sambungan ke server surat terputus; akan dicoba lagi.",
        "%s: connection lost (%d)", what, r);
}

enum outcome session_init(
    struct session *s, mailstream *stream, int net_fd, int frame_fd, struct order *order, struct fault *fault)
{
    *s = (struct session){
        .net_fd = net_fd, .frame_fd = frame_fd, .order = *order, .last_uid = order->last_uid};
    *order = (struct order){0};
    s->imap = mailimap_new(0, NULL);
    if (!s->imap || !stream) {
        if (stream)
            mailstream_close(stream);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the session");
    }
    s->imap->imap_stream = stream;
    return OUTCOME_DONE;
}

void session_release(struct session *s)
{
    if (s->imap)
        mailimap_free(s->imap);
    s->imap = NULL;
    order_release(&s->order);
}

/* RFC 5530: response codes that say "not now" rather than "not you". THROTTLED and OVERQUOTA are what large
 * providers send when a mailbox was read too often. */
static bool session_login_is_temporary(const struct session *s)
{
    static const char *const words[] = {
        "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED", "OVERQUOTA"};
    const struct mailimap_response_info *info = s->imap->imap_response_info;
    const char *code = info && info->rsp_atom ? info->rsp_atom : "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcasecmp(code, words[i]))
            return true;
    return false;
}

static enum outcome session_login_failed(struct session *s, int r, struct fault *fault)
{
    if (!session_refused(r) && r != MAILIMAP_ERROR_SASL)
        return session_fault(s, r, "login", fault);
    if (session_login_is_temporary(s))
        return fault_set(fault, OUTCOME_LATER, "Server surat sedang tidak menerima login; akan dicoba lagi.",
            "login refused for now: %.200s", s->imap->imap_response ? s->imap->imap_response : "");
    return fault_set(fault, OUTCOME_STOP,
        "Nama pengguna atau kata sandi kotak surat ditolak server. Periksa user dan password di "
        "pengaduand.conf "
        "(Gmail: pakai sandi aplikasi).",
        "login refused: %.200s", s->imap->imap_response ? s->imap->imap_response : "");
}

enum outcome session_login(struct session *s, struct fault *fault)
{
    session_busy(s, 0);
    mailstream *stream = s->imap->imap_stream;
    s->imap->imap_stream =
        NULL; /* mailimap_connect() takes it again, and closes it when the greeting fails */
    int r = mailimap_connect(s->imap, stream);
    if (r == MAILIMAP_NO_ERROR_NON_AUTHENTICATED) {
        session_busy(s, 0);
        r = s->order.token ? mailimap_oauth2_authenticate(s->imap, s->order.user, s->order.secret)
                           : mailimap_login(s->imap, s->order.user, s->order.secret);
        if (r != MAILIMAP_NO_ERROR)
            return session_login_failed(s, r, fault);
    } else if (r != MAILIMAP_NO_ERROR_AUTHENTICATED) {
        return session_fault(s, r, "greeting", fault);
    }
    order_forget_secret(&s->order);
    session_busy(s, 0);
    /* Capabilities may change at login and not every server repeats them (RFC 3501 6.2.3). */
    struct mailimap_capability_data *capabilities = NULL;
    r = mailimap_capability(s->imap, &capabilities);
    if (capabilities)
        mailimap_capability_data_free(capabilities);
    if (r != MAILIMAP_NO_ERROR && !session_refused(r))
        return session_fault(s, r, "capability", fault);
    s->can_idle = s->order.idle && mailimap_has_idle(s->imap);
    s->can_move = mailimap_has_extension(s->imap, "MOVE");
    s->can_uidplus = mailimap_has_extension(s->imap, "UIDPLUS");
    return OUTCOME_DONE;
}

enum outcome session_select(struct session *s, struct fault *fault)
{
    session_busy(s, 0);
    int r = mailimap_select(s->imap, s->order.folder);
    if (r == MAILIMAP_ERROR_SELECT && !session_login_is_temporary(s))
        return fault_set(fault, OUTCOME_STOP,
            "Folder kotak surat tidak ada atau tidak dapat dibuka. Periksa folder.", "select refused: %.200s",
            s->imap->imap_response ? s->imap->imap_response : "");
    if (r != MAILIMAP_NO_ERROR)
        return session_fault(s, r, "select", fault);
    const struct mailimap_selection_info *folder = s->imap->imap_selection_info;
    /* RFC 3501 2.3.1.1: without UIDVALIDITY nothing can be said about which mail was seen already. */
    if (!folder || !folder->sel_uidvalidity)
        return fault_set(fault, OUTCOME_STOP,
            "Server surat tidak memberi nomor tetap (UIDVALIDITY) untuk folder ini.", "no UIDVALIDITY");
    if (folder->sel_uidvalidity != s->order.uidvalidity)
        s->last_uid = 0;
    s->begun_uid = s->last_uid;
    char text[120];
    int length = snprintf(text, sizeof text, "{\"uidvalidity\":%u,\"uidnext\":%u,\"exists\":%u}",
        folder->sel_uidvalidity, folder->sel_uidnext, folder->sel_exists);
    session_tell(s, MAILBOX_FOLDER, 0, text, (size_t)length);
    return OUTCOME_DONE;
}

void session_hurry(struct session *s)
{
    if (s->imap->imap_stream)
        wire_limit(s->imap->imap_stream, SESSION_LEAVE_SECONDS);
}

void session_logout(struct session *s)
{
    if (!s->imap || !s->imap->imap_stream)
        return;
    session_hurry(s);
    mailimap_logout(s->imap);
}
