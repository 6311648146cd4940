#include "part.h"
#include "charset.h"
#include "content.h"
#include "header.h"
#include "html.h"
#include <string.h>

enum {
    DEPTH_MAX = 1100,       /* GMime itself stops at 1024 */
    STATUS_MAX = 256 << 10, /* bytes of delivery reports that are read */
};

static void attachment_clear(gpointer item)
{
    struct part_attachment *attachment = item;
    g_free(attachment->filename);
    g_free(attachment->type);
    g_byte_array_unref(attachment->bytes);
}

void parts_init(struct parts *parts, GMimeParserOptions *options)
{
    *parts = (struct parts){.options = options};
    /* one byte becomes at most three (U+FFFD), and the parts are set apart by line ends */
    str_init(&parts->plain, 4 * PART_TEXT_MAX);
    str_init(&parts->html, 4 * PART_TEXT_MAX);
    str_init(&parts->delivery_status, 2 * STATUS_MAX);
    parts->attachments = g_array_new(FALSE, TRUE, sizeof(struct part_attachment));
    g_array_set_clear_func(parts->attachments, attachment_clear);
}

void parts_release(struct parts *parts)
{
    str_release(&parts->plain);
    str_release(&parts->html);
    str_release(&parts->delivery_status);
    g_array_unref(parts->attachments);
}

static bool is_type(GMimeObject *part, const char *type, const char *subtype)
{
    GMimeContentType *content_type = g_mime_object_get_content_type(part);
    return content_type && g_mime_content_type_is_type(content_type, type, subtype);
}

static bool is_declared_attachment(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);
    return disposition && !g_ascii_strcasecmp(disposition, "attachment");
}

static void add_text(struct parts *parts, GMimeObject *part, bool html)
{
    struct str *into = html ? &parts->html : &parts->plain;
    size_t room = into->len < PART_TEXT_MAX ? PART_TEXT_MAX - into->len : 0;
    bool cut = false;
    GByteArray *bytes = content_of(part, room, &cut);
    const char *data = (const char *)bytes->data;
    const char *label = g_mime_object_get_content_type_parameter(part, "charset");
    char meta[64];
    if (html && !label && bytes->len && html_meta_charset(data, bytes->len, meta, sizeof meta))
        label = meta;
    if (into->len && into->data[into->len - 1] != '\n')
        str_addc(into, '\n');
    if (bytes->len)
        parts->bad_charset |= !charset_to_utf8(label, data, bytes->len, into);
    parts->has_html |= html;
    parts->text_cut |= cut;
    g_byte_array_unref(bytes);
}

static void add_attachment(struct parts *parts, GMimeObject *part, char *filename)
{
    size_t room = PART_BYTES_MAX - parts->bytes;
    if (parts->attachments->len >= PART_ATTACHMENTS || room == 0) {
        parts->too_much = true;
        g_free(filename);
        return;
    }
    bool cut = false;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    struct part_attachment attachment = {.filename = filename,
        .type = g_mime_content_type_get_mime_type(type),
        .is_inline = !is_declared_attachment(part) && g_mime_object_get_content_id(part),
        .bytes = content_of(part, room, &cut)};
    parts->too_much |= cut;
    parts->bytes += attachment.bytes->len;
    g_array_append_val(parts->attachments, attachment);
}

static void add_delivery_status(struct parts *parts, GMimeObject *part)
{
    bool cut = false;
    GByteArray *bytes = content_of(part, STATUS_MAX, &cut);
    parts->has_delivery_status = true;
    if (bytes->len && parts->delivery_status.len + bytes->len + 2 <= parts->delivery_status.max) {
        str_add(&parts->delivery_status, bytes->data, bytes->len);
        str_adds(&parts->delivery_status, "\n\n");
    }
    g_byte_array_unref(bytes);
}

static void collect_leaf(struct parts *parts, GMimeObject *part)
{
    char *filename = header_filename(part, parts->options);
    bool html = is_type(part, "text", "html");
    parts->leaves++;
    bool body = !is_declared_attachment(part) && !filename && (html || is_type(part, "text", "plain"));
    if (body && GMIME_IS_PART(part)) {
        add_text(parts, part, html);
        return;
    }
    if (is_type(part, "message", "delivery-status"))
        add_delivery_status(parts, part);
    if (is_type(part, "text", "calendar"))
        parts->has_calendar |= g_mime_object_get_content_type_parameter(part, "method") != NULL;
    add_attachment(parts, part, filename);
}

/* Recursion is bounded by DEPTH_MAX; its frames are small. */
static void collect(struct parts *parts, GMimeObject *object, int depth)
{
    if (!object || depth > DEPTH_MAX)
        return;
    if (!GMIME_IS_MULTIPART(object)) {
        collect_leaf(parts, object);
        return;
    }
    int n = g_mime_multipart_get_count((GMimeMultipart *)object);
    for (int i = 0; i < n; i++)
        collect(parts, g_mime_multipart_get_part((GMimeMultipart *)object, i), depth + 1);
}

void parts_collect(struct parts *parts, GMimeObject *root)
{
    collect(parts, root, 0);
}
