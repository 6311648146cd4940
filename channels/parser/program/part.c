#include "part.h"
#include "charset.h"
#include "content.h"
#include "flowed.h"
#include "header.h"
#include "html.h"
#include "uuencode.h"
#include <string.h>

enum {
    DEPTH_MAX = 1100,      /* GMime itself stops at 1024 */
    ALTERNATIVES_MAX = 16, /* within one another: each level copies the text once more */
    MAILS_MAX = 8,         /* within one another whose text is shown */
    MAILS_SHOWN = 100,     /* in all */
    BOUNDARY_LINES =
        10000,        /* GMime takes 1.3 KB and some dozen microseconds a part; an honest mail has ten */
    TEXTS_MAX = 2000, /* parts: each costs some dozen microseconds */
    RAW_TEXT_MAX = 2 << 20,      /* bytes of all text parts that are read; more would cost too much time */
    UU_LINES_MAX = 600000,       /* looked at for uuencoded files in one mail */
    STATUS_MAX = 256 << 10,      /* bytes of delivery reports that are read */
    STUB_WORDS = 25,             /* "Your program cannot show HTML" is no longer */
    RETURNED_HEADERS = 64 << 10, /* bytes of text/rfc822-headers that are read */
};

/* Where the walk through the tree is. */
struct place {
    struct body *into;
    int depth, alternatives;
    int mails; /* how many mails this part is inside of, beyond the first */
    bool root; /* it is all there is */
};

static void collect(struct parts *parts, GMimeObject *object, struct place place);

static void attachment_clear(gpointer item)
{
    struct part_attachment *attachment = item;
    g_free(attachment->filename);
    g_free(attachment->type);
    g_byte_array_unref(attachment->bytes);
}

void parts_init(struct parts *parts, GMimeParserOptions *options)
{
    *parts = (struct parts){.options = options, .raw_left = RAW_TEXT_MAX, .uu_left = UU_LINES_MAX};
    body_init(&parts->body, PART_TEXT_MAX);
    body_init(&parts->html, PART_TEXT_MAX);
    body_init(&parts->spare, PART_TEXT_MAX);
    str_init(&parts->delivery_status, 2 * STATUS_MAX);
    str_init(&parts->inner_status, 2 * STATUS_MAX);
    parts->attachments = g_array_new(FALSE, TRUE, sizeof(struct part_attachment));
    g_array_set_clear_func(parts->attachments, attachment_clear);
}

void parts_release(struct parts *parts)
{
    body_release(&parts->body);
    body_release(&parts->html);
    body_release(&parts->spare);
    str_release(&parts->delivery_status);
    str_release(&parts->inner_status);
    g_array_unref(parts->attachments);
    g_free(parts->returned);
    g_free(parts->returned_to);
}

static bool is_type(GMimeObject *part, const char *type, const char *subtype)
{
    GMimeContentType *content_type = g_mime_object_get_content_type(part);
    return content_type && g_mime_content_type_is_type(content_type, type, subtype);
}

/* RFC 2045 5.2: what has a Content-Type that says nothing ("text", "plain", "'text/plain'") is read as if it had none.
 * GMime makes a file of it. */
static bool is_untyped(GMimeObject *part)
{
    static const char *const families[] = {
        "application", "image", "audio", "video", "font", "model", "message", "multipart"};
    GMimeContentType *type = g_mime_object_get_content_type(part);
    const char *raw = g_mime_object_get_header(part, "Content-Type");
    const char *family = type ? g_mime_content_type_get_media_type(type) : "";
    if (raw && is_type(part, "application", "octet-stream"))
        return !strcasestr(raw, "octet-stream");
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        if (!g_ascii_strcasecmp(family, families[i]))
            return false;
    return true;
}

static bool is_declared_attachment(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);
    return disposition && !g_ascii_strcasecmp(disposition, "attachment");
}

/* ---- attachments ---- */

/* Takes filename, type and bytes. */
static void keep_attachment(struct parts *parts, struct part_attachment attachment)
{
    parts->bytes += attachment.bytes->len;
    g_array_append_val(parts->attachments, attachment);
}

/* Bytes that may still be kept; 0 and a note when there is no room. */
static size_t attachment_room(struct parts *parts)
{
    size_t room = parts->attachments->len < PART_ATTACHMENTS ? PART_BYTES_MAX - parts->bytes : 0;
    parts->too_much |= room == 0;
    return room;
}

static void add_attachment(struct parts *parts, GMimeObject *part)
{
    size_t room = attachment_room(parts);
    if (room == 0)
        return;
    bool cut = false;
    keep_attachment(
        parts, (struct part_attachment){.filename = header_any_filename(part, parts->options),
                   .type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part)),
                   .is_inline = !is_declared_attachment(part) && g_mime_object_get_content_id(part),
                   .bytes = content_of(part, room, &cut)});
    parts->too_much |= cut;
}

/* ---- text ---- */

/* Takes uuencoded files out of text as attachments; marks gets the marks of its lines. The text stays whole. */
static void take_uuencoded(struct parts *parts, struct span text, struct str *marks)
{
    while (text.len) {
        struct span rest = text;
        struct uuencode file;
        size_t room = parts->uu_left && span_starts(text, "begin ") ? attachment_room(parts) : 0;
        bool found = room && uuencode_take(&rest, room, &parts->uu_left, &file, &parts->too_much);
        if (found) {
            char *name = g_strndup(file.name.at, file.name.len);
            keep_attachment(parts, (struct part_attachment){.filename = header_safe_name(name),
                                       .type = g_strdup("application/octet-stream"),
                                       .bytes = file.bytes});
            g_free(name);
        } else {
            (void)span_next_line(&rest);
        }
        for (const char *p = text.at; p < rest.at; p++)
            if (*p == '\n')
                str_addc(marks, (char)(found ? TEXT_LINE_FOREIGN : TEXT_LINE_OWN));
        text = rest;
    }
}

static void add_plain(struct parts *parts, const struct str *utf8, struct body *into)
{
    struct str marks;
    str_init(&marks, utf8->len + 1);
    struct span text = {utf8->data, utf8->len};
    if (span_starts(text, "begin ") || (utf8->len && memmem(utf8->data, utf8->len, "\nbegin ", 7)))
        take_uuencoded(parts, text, &marks);
    body_add(into, utf8->data, utf8->len, &marks, TEXT_LINE_OWN);
    str_release(&marks);
}

static void add_html(struct parts *parts, const struct str *utf8, struct body *into)
{
    struct str text, marks;
    str_init(&text, 4 * HTML_MAX);
    str_init(&marks, 4 * HTML_MAX);
    parts->has_html = true;
    parts->html_stripped |= !html_to_text(utf8->data, utf8->len, &text, &marks);
    body_add(into, text.data, text.len, &marks, TEXT_LINE_OWN);
    into->html |= !span_is_blank((struct span){text.data, text.len});
    str_release(&text);
    str_release(&marks);
}

static bool has_parameter(GMimeObject *part, const char *name, const char *value)
{
    const char *given = g_mime_object_get_content_type_parameter(part, name);
    return given && !g_ascii_strcasecmp(given, value);
}

/* UTF-8 of the part with soft line ends undone. */
static void read_text(struct parts *parts, GMimeObject *part, bool html, struct str *out, bool *ret_cut)
{
    size_t room = parts->raw_left < PART_TEXT_MAX ? parts->raw_left : PART_TEXT_MAX;
    GByteArray *bytes = content_of(part, room, ret_cut);
    parts->raw_left -= bytes->len;
    const char *data = (const char *)bytes->data;
    const char *label = g_mime_object_get_content_type_parameter(part, "charset");
    char meta[64];
    if (html && !label && bytes->len && html_meta_charset(data, bytes->len, meta, sizeof meta))
        label = meta;
    struct str utf8;
    str_init(&utf8, 4 * (size_t)bytes->len + 16);
    if (bytes->len)
        parts->bad_charset |= !charset_to_utf8(label, data, bytes->len, &utf8);
    if (!html && has_parameter(part, "format", "flowed"))
        flowed_join(utf8.data, utf8.len, has_parameter(part, "delsp", "yes"), out);
    else
        str_add(out, utf8.data, utf8.len);
    out->failed |= utf8.failed;
    str_release(&utf8);
    g_byte_array_unref(bytes);
}

static void add_text(struct parts *parts, GMimeObject *part, struct body *into)
{
    bool html = is_type(part, "text", "html") || is_type(part, "text", "enriched") ||
                is_type(part, "text", "richtext");
    struct str text;
    str_init(&text, 5 * PART_TEXT_MAX);
    bool cut = false;
    read_text(parts, part, html, &text, &cut);
    if (html)
        add_html(parts, &text, into);
    else
        add_plain(parts, &text, into);
    into->cut |= cut;
    str_release(&text);
}

void parts_take_text(struct parts *parts, const char *bytes, size_t n)
{
    struct str utf8;
    str_init(&utf8, 4 * PART_TEXT_MAX);
    parts->body.cut |= n > PART_TEXT_MAX;
    parts->bad_charset |= !charset_to_utf8(NULL, bytes, n < PART_TEXT_MAX ? n : PART_TEXT_MAX, &utf8);
    add_plain(parts, &utf8, &parts->body);
    str_release(&utf8);
}

/* ---- reports ---- */

static void add_delivery_status(GMimeObject *part, struct str *into)
{
    bool cut = false;
    GByteArray *bytes = content_of(part, STATUS_MAX, &cut);
    if (bytes->len && into->len + bytes->len + 2 <= into->max) {
        str_add(into, bytes->data, bytes->len);
        str_adds(into, "\n\n");
    }
    g_byte_array_unref(bytes);
}

static void note_returned(struct parts *parts, GMimeMessage *mail)
{
    const char *id = mail ? g_mime_message_get_message_id(mail) : NULL;
    if (id && !parts->returned)
        parts->returned = g_strdup(id);
    if (mail && !parts->returned_to)
        parts->returned_to = header_text((GMimeObject *)mail, "To", parts->options);
}

/* GMime's reading of n bytes, g_object_unref; NULL when there is no message in them. */
static GMimeMessage *read_mail(struct parts *parts, const void *bytes, size_t n)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, parts->options);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

/* text/rfc822-headers (RFC 6522 4): the header of our own mail alone. */
static void note_returned_header(struct parts *parts, GMimeObject *part)
{
    bool cut = false;
    GByteArray *bytes = content_of(part, RETURNED_HEADERS, &cut);
    GMimeMessage *mail = bytes->len ? read_mail(parts, bytes->data, bytes->len) : NULL;
    note_returned(parts, mail);
    if (mail)
        g_object_unref(mail);
    g_byte_array_unref(bytes);
}

/* ---- mails within the mail ---- */

bool parts_too_many(const char *raw, size_t n)
{
    size_t lines = 0;
    for (const char *p = raw, *end = raw + n; (p = memmem(p, (size_t)(end - p), "\n--", 3)); p += 3)
        if (++lines > BOUNDARY_LINES)
            return true;
    return false;
}

/* The mail in a message/rfc822, g_object_unref; NULL when there is none. One that came encoded (RFC 2046 5.2.1
 * forbids it, programs do it) GMime takes for a file: it is read here. */
static GMimeMessage *mail_within(struct parts *parts, GMimeObject *part)
{
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *mail = g_mime_message_part_get_message((GMimeMessagePart *)part);
        return mail ? g_object_ref(mail) : NULL;
    }
    bool cut = false;
    GByteArray *bytes = content_of(part, PART_BYTES_MAX, &cut);
    header_tame((char *)bytes->data, bytes->len);
    bool readable = bytes->len && !parts_too_many((const char *)bytes->data, bytes->len);
    GMimeMessage *mail = readable ? read_mail(parts, bytes->data, bytes->len) : NULL;
    if (mail) /* it reads from these bytes as long as it lives */
        g_object_set_data_full((GObject *)mail, "bytes", bytes, (GDestroyNotify)g_byte_array_unref);
    else
        g_byte_array_unref(bytes);
    return mail;
}

/* What a mail program shows above a mail that it was sent as a file. */
static void add_mail_head(struct parts *parts, GMimeMessage *mail, struct body *into)
{
    static const char *const fields[][2] = {
        {"From", "Dari"}, {"Date", "Tanggal"}, {"To", "Kepada"}, {"Subject", "Subjek"}};
    struct str head;
    str_init(&head, 1 << 20);
    str_adds(&head, into->text.len ? "\n" : "");
    str_adds(&head, "-------- Pesan terlampir --------\n");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char *value = header_text((GMimeObject *)mail, fields[i][0], parts->options);
        if (value && *value)
            str_addf(&head, "%s: %s\n", fields[i][1], value);
        g_free(value);
    }
    str_addc(&head, '\n');
    body_add(into, head.data, head.len, NULL, TEXT_LINE_FOREIGN);
    str_release(&head);
}

static void collect_mail(struct parts *parts, GMimeObject *part, struct place place)
{
    GMimeMessage *mail = mail_within(parts, part);
    add_attachment(parts, part);
    if (place.mails == 0)
        note_returned(parts, mail);
    if (mail && place.mails < MAILS_MAX && parts->mails_shown < MAILS_SHOWN) {
        parts->mails_shown++;
        struct body inner;
        body_init(&inner, PART_TEXT_MAX);
        collect(parts, g_mime_message_get_mime_part(mail),
            (struct place){.into = &inner, .depth = place.depth + 1, .mails = place.mails + 1, .root = true});
        add_mail_head(parts, mail, place.into);
        body_join(place.into, &inner, TEXT_LINE_FOREIGN);
        body_release(&inner);
    }
    if (mail)
        g_object_unref(mail);
}

/* ---- the tree ---- */

static bool has_name(struct parts *parts, GMimeObject *part)
{
    char *name = header_filename(part, parts->options);
    bool has = name != NULL;
    g_free(name);
    return has;
}

static void collect_status(struct parts *parts, GMimeObject *part, struct place place)
{
    struct str *into = place.mails == 0 ? &parts->delivery_status : &parts->inner_status;
    size_t before = into->len;
    parts->has_delivery_status |= place.mails == 0;
    add_delivery_status(part, into);
    struct span added = {into->data + before, into->len - before};
    /* some put the words for people under this type */
    if (GMIME_IS_PART(part) && !span_has(added, "recipient:") && !span_has(added, "reporting-mta:"))
        add_text(parts, part, place.into);
}

/* Of our own mail: RFC 6522 4, and RFC 6533 6.3 where addresses are not ASCII. */
static bool is_returned_header(GMimeObject *part)
{
    return is_type(part, "text", "rfc822-headers") || is_type(part, "message", "global-headers");
}

static void collect_leaf(struct parts *parts, GMimeObject *part, struct place place)
{
    bool words = is_type(part, "text", "html") || is_type(part, "text", "plain");
    parts->leaves++;
    if (words && GMIME_IS_PART(part) && !is_declared_attachment(part) && !has_name(parts, part)) {
        bool room = parts->texts++ < TEXTS_MAX;
        if (room)
            add_text(parts, part, place.into);
        place.into->cut |= !room;
        return;
    }
    if (is_type(part, "message", "delivery-status") || is_type(part, "message", "global-delivery-status"))
        collect_status(parts, part, place);
    if (place.mails == 0 && is_returned_header(part))
        note_returned_header(parts, part);
    if (place.mails == 0 && is_type(part, "text", "calendar"))
        parts->has_calendar |= g_mime_object_get_content_type_parameter(part, "method") != NULL;
    add_attachment(parts, part);
    /* a text of another kind, or under a file's name, is better than no word */
    bool words_perhaps = is_type(part, "text", "*") || is_untyped(part);
    bool may_speak = words_perhaps && (place.root || !is_declared_attachment(part));
    if (may_speak && GMIME_IS_PART(part) && !is_returned_header(part) && body_is_blank(place.into))
        add_text(parts, part, &parts->spare);
}

static bool is_stub(const struct body *plain, const struct body *rich)
{
    size_t words = span_count_words((struct span){plain->text.data, plain->text.len});
    return words <= STUB_WORDS &&
           span_count_words((struct span){rich->text.data, rich->text.len}) > 3 * words + STUB_WORDS;
}

/* RFC 2046 5.1.4: the same thing several times. The plain version is what the other rules are made for; it is
 * passed over when it says nothing. */
static void choose(struct parts *parts, const struct body *plain, const struct body *rich, struct place place)
{
    bool both = !body_is_blank(plain) && !body_is_blank(rich);
    bool takes_rich = body_is_blank(plain) || (both && is_stub(plain, rich));
    body_join(place.into, takes_rich ? rich : plain, TEXT_LINE_OWN);
    place.into->html |= takes_rich && rich->html;
    if (both && !takes_rich && place.mails == 0 && body_is_blank(&parts->html))
        body_join(&parts->html, rich, TEXT_LINE_OWN);
}

static bool same_text(const struct body *a, const struct body *b)
{
    struct span x = span_trim((struct span){a->text.data, a->text.len});
    struct span y = span_trim((struct span){b->text.data, b->text.len});
    return x.len == y.len && !memcmp(x.at, y.at, x.len);
}

static void collect_alternatives(struct parts *parts, GMimeMultipart *multipart, struct place place)
{
    struct body plain, rich;
    body_init(&plain, PART_TEXT_MAX);
    body_init(&rich, PART_TEXT_MAX);
    int n = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < n; i++) {
        struct body one;
        body_init(&one, PART_TEXT_MAX);
        struct place inside = place;
        inside.into = &one;
        inside.depth++;
        inside.alternatives++;
        collect(parts, g_mime_multipart_get_part(multipart, i), inside);
        /* two plain versions that differ are no versions of the same: nothing may be lost */
        if (!one.html && !same_text(&one, &plain))
            body_join(&plain, &one, TEXT_LINE_OWN);
        if (one.html)
            str_clear(&rich.text), str_clear(&rich.marks), body_join(&rich, &one, TEXT_LINE_OWN);
        rich.html |= one.html;
        body_release(&one);
    }
    choose(parts, &plain, &rich, place);
    body_release(&plain);
    body_release(&rich);
}

/* Recursion is bounded by DEPTH_MAX; its frames are small. */
static void collect(struct parts *parts, GMimeObject *object, struct place place)
{
    if (!object || place.depth > DEPTH_MAX)
        return;
    bool holds_mail = GMIME_IS_MESSAGE_PART(object) || is_type(object, "message", "rfc822") ||
                      is_type(object, "message", "global");
    if (holds_mail) {
        parts->leaves++;
        collect_mail(parts, object, place);
        return;
    }
    if (!GMIME_IS_MULTIPART(object)) {
        collect_leaf(parts, object, place);
        return;
    }
    place.root = false;
    if (is_type(object, "multipart", "alternative") && place.alternatives < ALTERNATIVES_MAX) {
        collect_alternatives(parts, (GMimeMultipart *)object, place);
        return;
    }
    int n = g_mime_multipart_get_count((GMimeMultipart *)object);
    place.depth++;
    for (int i = 0; i < n; i++)
        collect(parts, g_mime_multipart_get_part((GMimeMultipart *)object, i), place);
}

void parts_collect(struct parts *parts, GMimeObject *root)
{
    collect(parts, root, (struct place){.into = &parts->body, .root = true});
    if (body_is_blank(&parts->body))
        body_join(&parts->body, &parts->spare, TEXT_LINE_OWN);
}
