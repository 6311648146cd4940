#include "mail.h"
#include "boundary.h"
#include "date.h"
#include "header.h"
#include "html.h"
#include "part.h"
#include "rules/text_automatic.h"
#include "rules/text_bounce.h"
#include "rules/text_reply.h"
#include "rules/text_subject.h"
#include "utf8.h"
#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

enum {
    BOUNDARY_LINES =
        10000,          /* GMime takes 1.3 KB and some dozen microseconds a part; an honest mail has ten */
    SUBJECT_MAX = 4096, /* bytes */
    ID_MAX = 1024,      /* bytes */
    HEADERS_MAX = 1000, /* fields that are looked at for automatic mail */
};

/* One mail on its way through. */
struct reading {
    GMimeParserOptions *options;
    GMimeMessage *message;
    json_t *json, *defects; /* defects is borrowed from json */
    struct parts parts;
    struct str reply;
    char *subject;
    GString *mended; /* what GMime reads when the bytes had to be changed; NULL = as they came */
};

static void add_defect(struct reading *r, const char *name)
{
    size_t i;
    json_t *known;
    json_array_foreach(r->defects, i, known) if (!strcmp(json_string_value(known), name)) return;
    json_array_append_new(r->defects, json_string(name));
}

static void warned(gint64 offset, GMimeParserWarning warning, const gchar *item, gpointer context)
{
    (void)offset;
    (void)item;
    static const char *const names[] = {[GMIME_WARN_DUPLICATED_HEADER] = "duplicated-header",
        [GMIME_WARN_DUPLICATED_PARAMETER] = "duplicated-parameter",
        [GMIME_WARN_UNENCODED_8BIT_HEADER] = "8bit-header",
        [GMIME_WARN_INVALID_CONTENT_TYPE] = "content-type",
        [GMIME_WARN_INVALID_RFC2047_HEADER_VALUE] = "encoded-word",
        [GMIME_WARN_MALFORMED_MULTIPART] = "multipart",
        [GMIME_WARN_TRUNCATED_MESSAGE] = "truncated",
        [GMIME_WARN_MALFORMED_MESSAGE] = "malformed",
        [GMIME_CRIT_INVALID_HEADER_NAME] = "header-name",
        [GMIME_CRIT_CONFLICTING_HEADER] = "conflicting-header",
        [GMIME_CRIT_CONFLICTING_PARAMETER] = "conflicting-parameter",
        [GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY] = "no-boundary",
        [GMIME_WARN_INVALID_PARAMETER] = "parameter",
        [GMIME_WARN_INVALID_ADDRESS_LIST] = "address-list",
        [GMIME_CRIT_NESTING_OVERFLOW] = "too-deep",
        [GMIME_WARN_PART_WITHOUT_CONTENT] = "empty-part"};
    bool known = (size_t)warning < sizeof names / sizeof *names && names[warning];
    add_defect(context, known ? names[warning] : "other");
}

json_t *mail_unreadable(const char *defect)
{
    return json_pack(
        "{s:n, s:[], s:[], s:n, s:{s:s, s:n}, s:n, s:[], s:[], s:s, s:s, s:s, s:b, s:[], s:n, s:n, s:n, "
        "s:[s]}",
        "message_id", "in_reply_to", "references", "date", "from", "name", "", "address", "reply_to", "to",
        "cc", "subject", "", "text", "", "reply", "", "html", 0, "attachments", "automatic", "bounce",
        "report", "defects", defect);
}

/* Line ends of old Macs: GMime sees one endless header line. */
static void mend_line_ends(char *raw, size_t n)
{
    if (memchr(raw, '\n', n))
        return;
    for (size_t i = 0; i < n; i++)
        if (raw[i] == '\r')
            raw[i] = '\n';
}

static void set(struct reading *r, const char *key, json_t *value)
{
    json_object_set_new(r->json, key, value);
}

static json_t *message_id(GMimeMessage *message)
{
    const char *id = g_mime_message_get_message_id(message);
    return id && *id ? utf8_json(id, strlen(id), SUBJECT_MAX) : json_null();
}

static json_t *date_json(GMimeMessage *message, GMimeParserOptions *options)
{
    char utc[DATE_SIZE];
    char *value = header_text((GMimeObject *)message, "Date", options);
    json_t *json = value && date_to_utc(value, utc) ? json_string(utc) : json_null();
    g_free(value);
    return json;
}

static void set_envelope(struct reading *r)
{
    GMimeObject *object = (GMimeObject *)r->message;
    bool odd_from = false;
    set(r, "message_id", message_id(r->message));
    set(r, "in_reply_to", header_ids(object, "In-Reply-To"));
    set(r, "references", header_ids(object, "References"));
    set(r, "date", date_json(r->message, r->options));
    set(r, "from", header_from(object, r->options, &odd_from));
    json_t *reply_to = header_addresses(object, "Reply-To", r->options);
    json_t *first = json_array_get(reply_to, 0);
    set(r, "reply_to", first ? json_incref(first) : json_null());
    json_decref(reply_to);
    set(r, "to", header_addresses(object, "To", r->options));
    set(r, "cc", header_addresses(object, "Cc", r->options));
    r->subject = header_text(object, "Subject", r->options);
    if (r->subject)
        set(r, "subject", utf8_json(r->subject, strlen(r->subject), SUBJECT_MAX));
    if (odd_from)
        add_defect(r, "from");
}

/* Does the mail say that it answers another? */
static bool is_answer(const struct reading *r)
{
    return json_array_size(json_object_get(r->json, "in_reply_to")) > 0 ||
           json_array_size(json_object_get(r->json, "references")) > 0 ||
           text_subject_answers(span_of(r->subject));
}

/* The reply from the plain text; from the HTML when only that knows where somebody else's words begin (a
 * language that the rules do not speak). */
static void make_reply(struct reading *r)
{
    const struct body *plain = &r->parts.body, *html = &r->parts.html;
    struct text_reply_hints hints = {is_answer(r), plain->marks.data, plain->marks.len};
    bool found = text_reply(plain->text.data, plain->text.len, &hints, &r->reply);
    bool html_knows = memchr(html->marks.data, TEXT_LINE_ANNOUNCES, html->marks.len) ||
                      memchr(html->marks.data, TEXT_LINE_FOREIGN, html->marks.len);
    if (found || !html_knows || body_is_blank(html))
        return;
    hints = (struct text_reply_hints){is_answer(r), html->marks.data, html->marks.len};
    str_clear(&r->reply);
    (void)text_reply(html->text.data, html->text.len, &hints, &r->reply);
}

static void set_text(struct reading *r)
{
    const struct parts *parts = &r->parts;
    make_reply(r);
    set(r, "text", json_stringn(parts->body.text.data, parts->body.text.len));
    set(r, "reply", json_stringn(r->reply.data, r->reply.len));
    set(r, "html", json_boolean(parts->has_html));
    if (parts->bad_charset)
        add_defect(r, "charset");
    if (parts->too_much)
        add_defect(r, "attachments-cut");
    if (parts->body.cut)
        add_defect(r, "text-cut");
    if (parts->body.nul)
        add_defect(r, "nul");
    if (parts->html_stripped)
        add_defect(r, "html");
}

static void set_attachments(struct reading *r, GPtrArray *bytes)
{
    json_t *all = json_array();
    for (guint i = 0; i < r->parts.attachments->len; i++) {
        struct part_attachment *a = &g_array_index(r->parts.attachments, struct part_attachment, i);
        char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, a->bytes->data, a->bytes->len);
        json_t *name = a->filename ? utf8_json(a->filename, strlen(a->filename), SUBJECT_MAX) : json_null();
        json_t *type = utf8_json(a->type, strlen(a->type), SUBJECT_MAX);
        json_array_append_new(
            all, json_pack("{s:o, s:o, s:i, s:s, s:b}", "filename", name, "content_type", type, "size",
                     (int)a->bytes->len, "sha256", sum, "inline", (int)a->is_inline));
        g_ptr_array_add(bytes, g_byte_array_ref(a->bytes));
        g_free(sum);
    }
    set(r, "attachments", all);
}

static json_t *failure_json(const struct text_failure *failure)
{
    json_t *recipient = *failure->recipient
                            ? utf8_json(failure->recipient, strlen(failure->recipient), SUBJECT_MAX)
                            : json_null();
    json_t *status = *failure->status ? json_string(failure->status) : json_null();
    return json_pack(
        "{s:o, s:o, s:b}", "recipient", recipient, "status", status, "permanent", (int)failure->permanent);
}

/* The Message-ID of the mail of ours that a report is about: from that mail given back (RFC 3464 2, RFC 6522),
 * from its header within the text, else from what the report answers. */
static json_t *reported_id(const struct reading *r)
{
    char id[ID_MAX];
    if (r->parts.returned && *r->parts.returned)
        return utf8_json(r->parts.returned, strlen(r->parts.returned), ID_MAX);
    if (text_bounce_returned_id(r->parts.body.text.data, id, sizeof id))
        return utf8_json(id, strlen(id), ID_MAX);
    json_t *answered = json_array_get(json_object_get(r->json, "in_reply_to"), 0);
    if (!answered)
        answered = json_array_get(json_object_get(r->json, "references"), 0);
    return answered ? json_incref(answered) : json_null();
}

/* False when the report tells of success. */
static bool set_bounce(struct reading *r)
{
    const struct parts *parts = &r->parts;
    const json_t *to = json_array_get(json_object_get(r->json, "to"), 0);
    const struct str *status = parts->has_delivery_status ? &parts->delivery_status : &parts->inner_status;
    char *failed = header_value((GMimeObject *)r->message, "X-Failed-Recipients");
    struct text_bounce_signs signs = {.status = status->len ? status->data : NULL,
        .failed_recipients = failed,
        .subject = r->subject,
        .text = parts->body.text.data,
        .own_address = json_string_value(json_object_get(to, "address")),
        .from_address = json_string_value(json_object_get(json_object_get(r->json, "from"), "address")),
        .returned_to = parts->returned_to};
    struct text_bounce bounce;
    text_bounce(&signs, &bounce);
    g_free(failed);
    if (bounce.arrived)
        return false;
    json_t *failures = json_array();
    for (size_t i = 0; i < bounce.count; i++)
        json_array_append_new(failures, failure_json(&bounce.failures[i]));
    set(r, "bounce", failure_json(&bounce.failures[0]));
    set(r, "report", json_pack("{s:o, s:o}", "message_id", reported_id(r), "failures", failures));
    return true;
}

static struct text_header *raw_headers(const struct reading *r, size_t *ret_count)
{
    GMimeHeaderList *list = g_mime_object_get_header_list((GMimeObject *)r->message);
    int n = g_mime_header_list_get_count(list);
    size_t count = (size_t)(n < HEADERS_MAX ? n : HEADERS_MAX);
    struct text_header *headers = g_new0(struct text_header, count + 1);
    for (size_t i = 0; i < count; i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(list, (int)i);
        const char *raw = g_mime_header_get_raw_value(header);
        headers[i] = (struct text_header){g_mime_header_get_name(header), raw ? raw : ""};
    }
    *ret_count = count;
    return headers;
}

static void set_automatic(struct reading *r)
{
    size_t count;
    struct text_header *headers = raw_headers(r, &count);
    GMimeObject *root = g_mime_message_get_mime_part(r->message);
    GMimeContentType *type = root ? g_mime_object_get_content_type(root) : NULL;
    const char *report_type = type ? g_mime_content_type_get_parameter(type, "report-type") : NULL;
    json_t *from = json_object_get(r->json, "from");
    struct text_mail_signs signs = {.headers = headers,
        .header_count = count,
        .from_address = json_string_value(json_object_get(from, "address")),
        .from_name = json_string_value(json_object_get(from, "name")),
        .subject = r->subject,
        .reply = r->reply.data,
        .text = r->parts.body.text.data,
        /* relays rewrite the type to multipart/mixed and leave the parameter */
        .report = report_type || (type && g_mime_content_type_is_type(type, "multipart", "report")),
        .report_type = report_type,
        .delivery_status = r->parts.has_delivery_status,
        .calendar = r->parts.has_calendar};
    enum text_automatic kind = text_automatic(&signs);
    g_free(headers);
    if (kind == TEXT_BOUNCE && !set_bounce(r))
        kind = TEXT_AUTO_REPLY;
    if (kind != TEXT_BY_HAND)
        set(r, "automatic", json_string(text_automatic_name(kind)));
}

/* GMime's reading of n bytes, g_object_unref; NULL when there is no message in them. */
static GMimeMessage *construct(struct reading *r, const char *raw, size_t n)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw, n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, r->options);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

/* Fills r->message; false when GMime found no message in it. */
static bool read_message(struct reading *r, char *raw, size_t n)
{
    size_t junk = header_skip_junk(raw, n);
    if (junk)
        add_defect(r, "junk-before-header");
    raw += junk, n -= junk;
    bool header_end = false;
    r->mended = header_mend(raw, n, &header_end);
    if (header_end)
        add_defect(r, "header-end");
    if (r->mended)
        raw = r->mended->str, n = r->mended->len;
    GString *ends = boundary_mend(raw, n);
    if (ends) {
        if (r->mended)
            g_string_free(r->mended, TRUE);
        r->mended = ends;
        raw = ends->str, n = ends->len;
    }
    header_tame(raw, n);
    g_mime_parser_options_set_warning_callback(r->options, warned, r);
    r->message = construct(r, raw, n);
    return r->message != NULL;
}

/* A multipart in which GMime found no part (a torn or misspelt boundary): its body as it stands. */
static void take_body_as_text(struct reading *r, const char *raw, size_t n)
{
    const char *crlf = memmem(raw, n, "\r\n\r\n", 4), *lf = memmem(raw, n, "\n\n", 2);
    const char *body = crlf && (!lf || crlf < lf) ? crlf + 4 : lf ? lf + 2 : raw + n;
    add_defect(r, "no-parts");
    parts_take_text(&r->parts, body, (size_t)(raw + n - body));
}

static void read_all(struct reading *r, char *raw, size_t n, GPtrArray *bytes)
{
    mend_line_ends(raw, n);
    if (parts_too_many(raw, n)) {
        add_defect(r, "too-many-parts");
        parts_take_text(&r->parts, raw, n);
        set_text(r);
        return;
    }
    if (!read_message(r, raw, n)) {
        add_defect(r, "no-header");
        parts_take_text(&r->parts, raw, n);
        set_text(r);
        return;
    }
    header_learn_charset(r->options, g_mime_message_get_mime_part(r->message));
    parts_collect(&r->parts, g_mime_message_get_mime_part(r->message));
    if (r->parts.leaves == 0)
        take_body_as_text(r, raw, n);
    set_envelope(r);
    set_text(r);
    set_attachments(r, bytes);
    set_automatic(r);
}

bool mail_parse(char *raw, size_t n, struct mail *ret)
{
    struct reading r = {.options = header_options(), .json = mail_unreadable("")};
    GPtrArray *bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    r.defects = json_object_get(r.json, "defects");
    json_array_clear(r.defects);
    parts_init(&r.parts, r.options);
    str_init(&r.reply, 5 * PART_TEXT_MAX);
    if (r.json)
        read_all(&r, raw, n, bytes);
    bool done = r.json && str_ok(&r.parts.body.text) && str_ok(&r.reply);
    *ret = done ? (struct mail){r.json, bytes} : (struct mail){NULL, NULL};
    if (!done) {
        json_decref(r.json);
        g_ptr_array_unref(bytes);
    }
    if (r.message)
        g_object_unref(r.message);
    g_free(r.subject);
    if (r.mended)
        g_string_free(r.mended, TRUE);
    str_release(&r.reply);
    parts_release(&r.parts);
    g_mime_parser_options_free(r.options);
    return done;
}

void mail_release(struct mail *mail)
{
    json_decref(mail->json);
    if (mail->bytes)
        g_ptr_array_unref(mail->bytes);
    *mail = (struct mail){NULL, NULL};
}
