#include "mail.h"
#include "charset.h"
#include "header.h"
#include "html.h"
#include "part.h"
#include "rules/text_automatic.h"
#include "rules/text_bounce.h"
#include "rules/text_reply.h"
#include "utf8.h"
#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

enum {
    BOUNDARY_LINES = 50000, /* GMime takes 1.3 KB a part; a mail of a million would be out of memory */
    SUBJECT_MAX = 4096,     /* bytes */
    HEADERS_MAX = 1000,     /* fields that are looked at for automatic mail */
};

/* One mail on its way through. */
struct reading {
    GMimeParserOptions *options;
    GMimeMessage *message;
    json_t *json, *defects; /* defects is borrowed from json */
    struct parts parts;
    struct str text, reply;
    char *subject;
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
        "{s:n, s:[], s:[], s:n, s:{s:s, s:n}, s:n, s:[], s:[], s:s, s:s, s:s, s:b, s:[], s:n, s:n, s:[s]}",
        "message_id", "in_reply_to", "references", "date", "from", "name", "", "address", "reply_to", "to",
        "cc", "subject", "", "text", "", "reply", "", "html", 0, "attachments", "automatic", "bounce",
        "defects", defect);
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

static bool too_many_parts(const char *raw, size_t n)
{
    size_t lines = 0;
    for (const char *p = raw, *end = raw + n; (p = memmem(p, (size_t)(end - p), "\n--", 3)); p += 3)
        if (++lines > BOUNDARY_LINES)
            return true;
    return false;
}

static void set(struct reading *r, const char *key, json_t *value)
{
    json_object_set_new(r->json, key, value);
}

static json_t *message_id(GMimeMessage *message)
{
    const char *id = g_mime_message_get_message_id(message);
    return id ? utf8_json(id, strlen(id), SUBJECT_MAX) : json_null();
}

static json_t *date_json(GMimeMessage *message)
{
    GDateTime *date = g_mime_message_get_date(message);
    GDateTime *utc = date ? g_date_time_to_utc(date) : NULL;
    char *text = utc ? g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    json_t *json = text ? json_string(text) : json_null();
    g_free(text);
    if (utc)
        g_date_time_unref(utc);
    return json;
}

static void set_envelope(struct reading *r)
{
    GMimeObject *object = (GMimeObject *)r->message;
    bool odd_from = false;
    set(r, "message_id", message_id(r->message));
    set(r, "in_reply_to", header_ids(object, "In-Reply-To"));
    set(r, "references", header_ids(object, "References"));
    set(r, "date", date_json(r->message));
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

static bool is_blank(const struct str *s)
{
    for (size_t i = 0; i < s->len; i++)
        if ((unsigned char)s->data[i] > ' ')
            return false;
    return true;
}

/* Adds source with LF line ends, composed, capped. */
static void add_normalised(struct reading *r, const struct str *source)
{
    struct str lines;
    str_init(&lines, source->len);
    for (size_t i = 0; i < source->len; i++) {
        char c = source->data[i];
        if (c == '\r' && i + 1 < source->len && source->data[i + 1] == '\n')
            continue;
        str_addc(&lines, c == '\r' ? '\n' : c);
    }
    size_t n = utf8_cut(lines.data, lines.len, PART_TEXT_MAX);
    if (n < lines.len || r->parts.text_cut)
        add_defect(r, "text-cut");
    if (memchr(lines.data, 0, n))
        add_defect(r, "nul");
    utf8_add_clean(lines.data, n, &r->text);
    str_release(&lines);
}

/* The plain text of parts, or what their HTML says when there is none. */
static void add_text_of(struct reading *r, const struct parts *parts)
{
    struct str from_html;
    str_init(&from_html, 4 * HTML_MAX);
    bool use_html = is_blank(&parts->plain) && parts->html.len;
    if (use_html && !html_to_text(parts->html.data, parts->html.len, &from_html))
        add_defect(r, "html");
    add_normalised(r, use_html ? &from_html : &parts->plain);
    str_release(&from_html);
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

/* The bytes of the first mail inside this mail, NULL when there is none. */
static const GByteArray *nested_mail(const struct parts *parts)
{
    for (guint i = 0; i < parts->attachments->len; i++) {
        const struct part_attachment *a = &g_array_index(parts->attachments, struct part_attachment, i);
        if (!g_ascii_strcasecmp(a->type, "message/rfc822") && a->bytes->len)
            return a->bytes;
    }
    return NULL;
}

/* A mail forwarded as an attachment, without a word: what it says is the complaint. It is read anew from its
 * bytes, because the streams of GMime's own reading are lost when the nested mail came in base64. */
static void add_nested_text(struct reading *r)
{
    const GByteArray *bytes = nested_mail(&r->parts);
    GMimeMessage *message = bytes ? construct(r, (const char *)bytes->data, bytes->len) : NULL;
    if (!message)
        return;
    struct parts nested;
    parts_init(&nested, r->options);
    parts_collect(&nested, g_mime_message_get_mime_part(message));
    str_clear(&r->text);
    add_text_of(r, &nested);
    r->parts.has_html |= nested.has_html;
    r->parts.bad_charset |= nested.bad_charset;
    parts_release(&nested);
    g_object_unref(message);
}

/* Does the mail say that it answers another? */
static bool is_answer(const struct reading *r)
{
    static const char *const prefixes[] = {"re:", "bls:", "balas:", "aw:"};
    if (json_array_size(json_object_get(r->json, "in_reply_to")) > 0)
        return true;
    for (size_t i = 0; r->subject && i < sizeof prefixes / sizeof *prefixes; i++)
        if (!g_ascii_strncasecmp(r->subject, prefixes[i], strlen(prefixes[i])))
            return true;
    return false;
}

static void set_text(struct reading *r)
{
    struct parts *parts = &r->parts;
    add_text_of(r, parts);
    if (is_blank(&r->text))
        add_nested_text(r);
    text_reply(r->text.data, r->text.len, is_answer(r), &r->reply);
    set(r, "text", json_stringn(r->text.data, r->text.len));
    set(r, "reply", json_stringn(r->reply.data, r->reply.len));
    set(r, "html", json_boolean(parts->has_html));
    if (parts->bad_charset)
        add_defect(r, "charset");
    if (parts->too_much)
        add_defect(r, "attachments-cut");
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

static void set_bounce(struct reading *r)
{
    const char *own =
        json_string_value(json_object_get(json_array_get(json_object_get(r->json, "to"), 0), "address"));
    char *failed = header_value((GMimeObject *)r->message, "X-Failed-Recipients");
    struct text_bounce_signs signs = {
        .status = r->parts.has_delivery_status ? r->parts.delivery_status.data : NULL,
        .failed_recipients = failed,
        .subject = r->subject,
        .text = r->text.data,
        .own_address = own,
        .from_address = json_string_value(json_object_get(json_object_get(r->json, "from"), "address"))};
    struct text_bounce bounce;
    text_bounce(&signs, &bounce);
    json_t *recipient =
        *bounce.recipient ? utf8_json(bounce.recipient, strlen(bounce.recipient), SUBJECT_MAX) : json_null();
    json_t *status = *bounce.status ? json_string(bounce.status) : json_null();
    set(r, "bounce",
        json_pack(
            "{s:o, s:o, s:b}", "recipient", recipient, "status", status, "permanent", (int)bounce.permanent));
    g_free(failed);
}

static void set_automatic(struct reading *r)
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
    GMimeObject *root = g_mime_message_get_mime_part(r->message);
    GMimeContentType *type = root ? g_mime_object_get_content_type(root) : NULL;
    json_t *from = json_object_get(r->json, "from");
    struct text_mail_signs signs = {.headers = headers,
        .header_count = count,
        .from_address = json_string_value(json_object_get(from, "address")),
        .from_name = json_string_value(json_object_get(from, "name")),
        .subject = r->subject,
        .reply = r->reply.data,
        .report = type && g_mime_content_type_is_type(type, "multipart", "report"),
        .report_type = type ? g_mime_content_type_get_parameter(type, "report-type") : NULL,
        .delivery_status = r->parts.has_delivery_status,
        .calendar = r->parts.has_calendar};
    enum text_automatic kind = text_automatic(&signs);
    g_free(headers);
    if (kind == TEXT_BY_HAND)
        return;
    set(r, "automatic", json_string(text_automatic_name(kind)));
    if (kind == TEXT_BOUNCE)
        set_bounce(r);
}

/* Fills r->message; false when GMime found no message in it. */
static bool read_message(struct reading *r, const char *raw, size_t n)
{
    size_t junk = header_skip_junk(raw, n);
    if (junk)
        add_defect(r, "junk-before-header");
    g_mime_parser_options_set_warning_callback(r->options, warned, r);
    r->message = construct(r, raw + junk, n - junk);
    return r->message != NULL;
}

/* No mail, or none that can be taken apart: all of it is text. */
static void take_as_text(struct reading *r, const char *raw, size_t n, const char *defect)
{
    add_defect(r, defect);
    r->parts.text_cut = n > PART_TEXT_MAX;
    r->parts.bad_charset |=
        !charset_to_utf8(NULL, raw, n < PART_TEXT_MAX ? n : PART_TEXT_MAX, &r->parts.plain);
}

/* A multipart in which GMime found no part (a torn or misspelt boundary): its body as it stands. */
static void take_body_as_text(struct reading *r, const char *raw, size_t n)
{
    const char *crlf = memmem(raw, n, "\r\n\r\n", 4), *lf = memmem(raw, n, "\n\n", 2);
    const char *body = crlf && (!lf || crlf < lf) ? crlf + 4 : lf ? lf + 2 : raw + n;
    take_as_text(r, body, (size_t)(raw + n - body), "no-parts");
}

static void read_all(struct reading *r, char *raw, size_t n, GPtrArray *bytes)
{
    mend_line_ends(raw, n);
    if (too_many_parts(raw, n)) {
        take_as_text(r, raw, n, "too-many-parts");
        set_text(r);
        return;
    }
    if (!read_message(r, raw, n)) {
        take_as_text(r, raw, n, "no-header");
        set_text(r);
        return;
    }
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
    str_init(&r.text, 4 * PART_TEXT_MAX);
    str_init(&r.reply, 5 * PART_TEXT_MAX);
    if (r.json)
        read_all(&r, raw, n, bytes);
    bool done = r.json && str_ok(&r.text) && str_ok(&r.reply);
    *ret = done ? (struct mail){r.json, bytes} : (struct mail){NULL, NULL};
    if (!done) {
        json_decref(r.json);
        g_ptr_array_unref(bytes);
    }
    g_free(r.subject);
    str_release(&r.text);
    str_release(&r.reply);
    parts_release(&r.parts);
    if (r.message)
        g_object_unref(r.message);
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
