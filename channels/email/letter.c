#include "letter.h"
#include "letter_code.h"
#include "letter_html.h"
#include "daemon/base/shortage.h"
#include "daemon/loop/smtp_client.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    LETTER_MOST = 24 << 20, /* bytes of the finished message: answers carry up to 10 MB of files */
    LETTER_TEXT_MOST = 1 << 20,
    LETTER_ID_MOST = 250, /* bytes of a message id that goes into a header */
    LETTER_REFERENCES_MOST = 20,
};

/* msg-id of RFC 5322 3.6.4, taken widely: it came from a stranger's program and only has to be harmless
 * here. */
static bool message_id_ok(const char *id)
{
    size_t length = id ? strlen(id) : 0;
    if (!length || length > LETTER_ID_MOST)
        return false;
    for (const char *p = id; *p; p++)
        if (*p <= 0x20 || *p > 0x7e || *p == '<' || *p == '>')
            return false;
    return true;
}

/* Strings of the payload: UTF-8 by jansson, but a NUL inside would cut them silently. */
static enum outcome payload_text(
    const json_t *payload, const char *key, const char **ret_text, struct fault *fault)
{
    const json_t *value = json_object_get(payload, key);
    const char *text = json_string_value(value);
    if (text && strlen(text) != json_string_length(value))
        return fault_set(fault, OUTCOME_NEVER, "Surat ini memuat karakter yang tidak dapat dikirim.",
            "NUL in payload.%s", key);
    *ret_text = text && *text ? text : NULL;
    return OUTCOME_DONE;
}

static bool one_line(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

static void letter_date(struct str *out, int64_t now_ms)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    str_addf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
        months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* The oldest and the newest of a long chain: RFC 5322 3.6.4 lets the middle go. In-Reply-To belongs to
 * them. */
static void letter_references(struct str *out, const json_t *list, const char *parent)
{
    const char *ids[LETTER_REFERENCES_MOST + 1];
    size_t count = 0, i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        const char *id = json_string_value(value);
        if (!message_id_ok(id) || (parent && !strcmp(id, parent)))
            continue;
        if (count == LETTER_REFERENCES_MOST) {
            memmove(&ids[1], &ids[2], (count - 2) * sizeof *ids);
            count--;
        }
        ids[count++] = id;
    }
    if (parent)
        ids[count++] = parent;
    for (i = 0; i < count; i++)
        str_addf(out, "%s<%s>%s", i ? " " : "References: ", ids[i], "\r\n");
}

struct wording {
    const char *to, *name, *subject, *text, *quote, *message_id, *in_reply_to;
};

static enum outcome wording_read(struct wording *w, const json_t *payload, struct fault *fault)
{
    const struct {
        const char *key, **value;
    } members[] = {{"to", &w->to}, {"name", &w->name}, {"subject", &w->subject}, {"text", &w->text},
        {"quote", &w->quote}, {"message_id", &w->message_id}, {"in_reply_to", &w->in_reply_to}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        enum outcome outcome = payload_text(payload, members[i].key, members[i].value, fault);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    if (!w->to || !smtp_address_ok(w->to))
        return fault_set(
            fault, OUTCOME_NEVER, "Alamat e-mail penerima tidak benar.", "recipient cannot be written to");
    if (!message_id_ok(w->message_id))
        return fault_set(fault, OUTCOME_NEVER, NULL, "payload without a usable message_id");
    if (!one_line(w->subject) || !one_line(w->name))
        return fault_set(fault, OUTCOME_NEVER, "Judul surat atau nama penerima memuat ganti baris.",
            "line break in a header value");
    if (!message_id_ok(w->in_reply_to))
        w->in_reply_to = NULL; /* the citizen's program made it: the answer goes out without it */
    return OUTCOME_DONE;
}

static bool is_automatic(enum letter_author author)
{
    return author == LETTER_AUTOMATIC || author == LETTER_RECEIPT;
}

static void letter_header(struct str *out, const struct wording *w, const json_t *payload,
    const struct letter_office *office, enum letter_author author, int64_t now_ms)
{
    letter_date(out, now_ms);
    letter_code_mailbox(out, "From", office->name, office->from);
    letter_code_mailbox(out, "To", w->name, w->to);
    if (office->reply_to && strcmp(office->reply_to, office->from))
        letter_code_mailbox(out, "Reply-To", office->name, office->reply_to);
    letter_code_header(out, "Subject", w->subject ? w->subject : "(tanpa judul)");
    str_addf(out, "Message-ID: <%s>\r\n", w->message_id);
    if (w->in_reply_to)
        str_addf(out, "In-Reply-To: <%s>\r\n", w->in_reply_to);
    letter_references(out, json_object_get(payload, "references"), w->in_reply_to);
    if (author != LETTER_PERSON) /* RFC 3834 5 */
        str_addf(out, "Auto-Submitted: %s\r\n", author == LETTER_RECEIPT ? "auto-replied" : "auto-generated");
    if (author !=
        LETTER_PERSON) /* what Exchange and Outlook look at; a bounce is wanted where a person waits for it */
        str_addf(out, "X-Auto-Response-Suppress: %s\r\n", is_automatic(author) ? "All" : "OOF, AutoReply");
    str_adds(out, "Content-Language: id\r\nMIME-Version: 1.0\r\n");
}

static void add_quote(struct str *text, const char *quote)
{
    str_adds(text, "\n\n");
    while (*quote) {
        size_t length = strcspn(quote, "\n");
        str_adds(text, "> ");
        str_add(text, quote, length);
        str_addc(text, '\n');
        quote += length + (quote[length] == '\n');
    }
}

/* ---- body ---- */

/* Neither half can stand at the beginning of a line of quoted-printable or base64: '=' is always coded there. */
static void boundary_of(const struct wording *w, char which, char out[80])
{
    size_t n = 0;
    out[n++] = '=';
    out[n++] = '_';
    out[n++] = which;
    for (const char *p = w->message_id; *p && *p != '@' && n < 60; p++)
        if ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
            out[n++] = *p;
    out[n] = 0;
}

static void add_multipart(struct str *out, const char *kind, const char *boundary)
{
    str_addf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n", kind, boundary);
}

static void add_text_parts(
    struct str *out, const struct wording *w, const struct str *text, const struct str *html)
{
    char boundary[80];
    boundary_of(w, 'a', boundary);
    add_multipart(out, "alternative", boundary);
    str_addf(out, "--%s\r\nContent-Type: text/plain; charset=utf-8\r\n", boundary);
    letter_code_body(out, text->data, text->len);
    str_addf(out, "\r\n--%s\r\nContent-Type: text/html; charset=utf-8\r\n", boundary);
    letter_code_body(out, html->data, html->len);
    str_addf(out, "\r\n--%s--\r\n", boundary);
}

/* type/subtype of tokens (RFC 2045 5.1); composite ones would have to be parsed by the reader. */
static bool media_type_ok(const char *type)
{
    const char *slash = strchr(type, '/');
    for (const char *p = type; *p; p++)
        if (*p <= 0x20 || *p > 0x7e || strchr("()<>@,;:\\\"[]?=", *p))
            return false;
    return slash && slash > type && slash[1] && !strchr(slash + 1, '/') && strlen(type) < 100 &&
           strncasecmp(type, "multipart/", 10) && strncasecmp(type, "message/", 8);
}

static void add_file(struct str *out, const char *boundary, const struct inbound_file *file)
{
    str_addf(out, "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment", boundary,
        media_type_ok(file->media_type) ? file->media_type : "application/octet-stream");
    letter_code_parameter(out, "filename", file->filename);
    str_adds(out, "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    letter_code_bytes(out, file->data, file->size);
}

static void letter_body(struct str *out, const struct wording *w, const struct inbound_file *files)
{
    char boundary[80];
    struct str text, html;
    str_init(&text, LETTER_TEXT_MOST);
    str_init(&html, 8 * LETTER_TEXT_MOST);
    str_adds(&text, w->text);
    if (w->quote)
        add_quote(&text, w->quote);
    if (text.len && text.data[text.len - 1] != '\n')
        str_addc(&text, '\n');
    letter_html(&html, text.data);
    out->failed |= !str_ok(&text) || !str_ok(&html);
    boundary_of(w, 'm', boundary);
    if (files) {
        add_multipart(out, "mixed", boundary);
        str_addf(out, "--%s\r\n", boundary);
    }
    add_text_parts(out, w, &text, &html);
    for (const struct inbound_file *f = files; f; f = f->next)
        add_file(out, boundary, f);
    if (files)
        str_addf(out, "\r\n--%s--\r\n", boundary);
    str_release(&text);
    str_release(&html);
}

static bool office_ok(const struct letter_office *office)
{
    return one_line(office->name) && smtp_address_ok(office->from) &&
           (!office->reply_to || smtp_address_ok(office->reply_to));
}

enum outcome letter_build(struct letter *ret_letter, const json_t *payload, const struct inbound_file *files,
    const struct letter_office *office, enum letter_author author, int64_t now_ms, struct fault *fault)
{
    struct wording w = {0};
    struct str out;
    enum outcome outcome = wording_read(&w, payload, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (!office_ok(office))
        return fault_set(fault, OUTCOME_NEVER,
            "Nama atau alamat kantor di pengaduand.conf tidak dapat dipakai.",
            "office name or address cannot stand in a header");
    unsigned long shortages = shortage_count();
    str_init(&out, LETTER_MOST);
    letter_header(&out, &w, payload, office, author, now_ms);
    letter_body(&out, &w, files);
    bool ok = str_ok(&out);
    struct letter letter = {.envelope_from = strdup(is_automatic(author) ? "" : office->from),
        .to = strdup(w.to),
        .message_id = strdup(w.message_id)};
    letter.content = ok ? str_detach(&out, &letter.length) : NULL;
    if (!letter.envelope_from || !letter.to || !letter.message_id || !letter.content) {
        str_release(&out);
        letter_release(&letter);
        return ok || shortage_count() != shortages
                   ? fault_set(fault, OUTCOME_LATER, NULL, "no memory for a letter")
                   : fault_set(
                         fault, OUTCOME_NEVER, "Surat ini terlalu panjang untuk dikirim.", "letter too long");
    }
    *ret_letter = letter;
    return OUTCOME_DONE;
}

void letter_release(struct letter *letter)
{
    free(letter->envelope_from);
    free(letter->to);
    free(letter->content);
    free(letter->message_id);
    *letter = (struct letter){0};
}
