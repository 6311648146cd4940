#include "content.h"
#include <stdlib.h>

/* How many of n bytes may still be added. */
static gsize room_for(const GByteArray *bytes, gsize n, size_t max, bool *ret_cut)
{
    gsize room = max > bytes->len ? max - bytes->len : 0;
    if (n <= room)
        return n;
    *ret_cut = true;
    return room;
}

/* A decoder that goes on behind padding and does without it. */
struct base64 {
    gint state;
    guint save;
};

static gsize decode(struct base64 *b, const char *in, gsize n, guchar *out)
{
    return g_base64_decode_step(in, n, out, &b->state, &b->save);
}

/* The bytes of a last group whose padding was cut off. */
static gsize decode_end(struct base64 *b, guchar *out)
{
    int rest = abs(b->state);
    return rest >= 2 ? decode(b, "==", (gsize)(4 - rest), out) : 0;
}

/* GMime 3.2.13 stops decoding at the first '=' (its issues #133 and #150), but a body may be made of several
 * padded blocks: read the stream raw and decode here. */
static void add_base64(GMimeStream *raw, bool whole_end, GByteArray *bytes, size_t max, bool *ret_cut)
{
    char in[8192];
    guchar out[sizeof in + 3];
    struct base64 b = {0, 0};
    ssize_t n;
    while (!*ret_cut && (n = g_mime_stream_read(raw, in, sizeof in)) > 0) {
        gsize decoded = decode(&b, in, (gsize)n, out);
        g_byte_array_append(bytes, out, (guint)room_for(bytes, decoded, max, ret_cut));
    }
    /* a file without its padding was torn, a text only came from a careless program: no word may be lost */
    if (!*ret_cut && whole_end) {
        gsize decoded = decode_end(&b, out);
        g_byte_array_append(bytes, out, (guint)room_for(bytes, decoded, max, ret_cut));
    }
}

void content_add_base64(GByteArray *bytes, const char *text, gsize n)
{
    guchar *out = g_malloc(n + 3);
    struct base64 b = {0, 0};
    g_byte_array_append(bytes, out, (guint)decode(&b, text, n, out));
    g_byte_array_append(bytes, out, (guint)decode_end(&b, out));
    g_free(out);
}

static void add_part(GMimePart *part, GByteArray *bytes, size_t max, bool *ret_cut)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return;
    GMimeStream *raw = g_mime_data_wrapper_get_stream(content);
    g_mime_stream_reset(raw);
    GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
    if (encoding == GMIME_CONTENT_ENCODING_BASE64) {
        GMimeContentType *type = g_mime_object_get_content_type((GMimeObject *)part);
        add_base64(raw, g_mime_content_type_is_type(type, "text", "*"), bytes, max, ret_cut);
        return;
    }
    GMimeStream *decoded = g_mime_stream_filter_new(raw);
    GMimeFilter *filter = g_mime_filter_basic_new(encoding, FALSE);
    g_mime_stream_filter_add((GMimeStreamFilter *)decoded, filter);
    g_object_unref(filter);
    char piece[8192];
    ssize_t n;
    while (!*ret_cut && (n = g_mime_stream_read(decoded, piece, sizeof piece)) > 0)
        g_byte_array_append(bytes, (guint8 *)piece, (guint)room_for(bytes, (gsize)n, max, ret_cut));
    g_object_unref(decoded);
}

GByteArray *content_of(GMimeObject *part, size_t max, bool *ret_cut)
{
    GByteArray *bytes = g_byte_array_new();
    *ret_cut = false;
    if (GMIME_IS_PART(part)) {
        add_part((GMimePart *)part, bytes, max, ret_cut);
        return bytes;
    }
    GMimeMessage *nested =
        GMIME_IS_MESSAGE_PART(part) ? g_mime_message_part_get_message((GMimeMessagePart *)part) : NULL;
    if (!nested)
        return bytes;
    /* GMime keeps the header fields raw, so this is what was sent */
    GMimeStream *memory = g_mime_stream_mem_new();
    g_mime_object_write_to_stream((GMimeObject *)nested, NULL, memory);
    GByteArray *written = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)memory);
    g_byte_array_append(bytes, written->data, (guint)room_for(bytes, written->len, max, ret_cut));
    g_object_unref(memory);
    return bytes;
}
