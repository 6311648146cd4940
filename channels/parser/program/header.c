#include "header.h"
#include "charset.h"
#include "utf8.h"
#include <string.h>

enum {
    VALUE_BYTES = 128 << 10, /* of one field; the rest is cut: no honest header is longer */
    ADDRESSES = 500,         /* of one field */
    IDS = 200,               /* of References */
    NAME_BYTES = 200,        /* of a file name: fits every file system with a suffix added */
    TEXT_BYTES = 4096,       /* of a decoded name, address or id */
    JUNK_LINES = 20,
};

GMimeParserOptions *header_options(void)
{
    static const char *charsets[] = {"utf-8", "windows-1252", NULL};
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    return options;
}

/* Does a line look like "Name: ..." (RFC 5322 2.2)? */
static bool is_field(const char *line, size_t n)
{
    size_t i = 0;
    while (i < n && line[i] > ' ' && line[i] < 127 && line[i] != ':')
        i++;
    return i > 0 && i < n && line[i] == ':';
}

size_t header_skip_junk(const char *raw, size_t n)
{
    size_t at = 0;
    bool words = false;
    for (int line = 0; line < JUNK_LINES && at < n; line++) {
        const char *end = memchr(raw + at, '\n', n - at);
        if (!end)
            return 0;
        size_t len = (size_t)(end - (raw + at));
        if (is_field(raw + at, len))
            return at;
        bool blank = len == 0 || (len == 1 && raw[at] == '\r');
        /* an empty line below words: this is a body without a header */
        if (blank && words)
            return 0;
        words = words || !blank;
        at += len + 1;
    }
    return 0;
}

/* Adds bytes as the text of a Q encoded word (RFC 2047 4.2). */
static void add_q(GString *out, const guchar *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isalnum(bytes[i]))
            g_string_append_c(out, (char)bytes[i]);
        else
            g_string_append_printf(out, "=%02X", bytes[i]);
    }
}

struct word {
    const char *charset, *text, *end; /* end: behind "?=" */
    gsize charset_len, text_len;
    char encoding;
};

/* An encoded word (RFC 2047 2) at p? */
static bool word_at(const char *p, const char *end, struct word *ret)
{
    if (end - p < 8 || p[0] != '=' || p[1] != '?')
        return false;
    const char *mark = memchr(p + 2, '?', (size_t)(end - p - 2));
    if (!mark || mark - p > 60 || mark == p + 2 || end - mark < 4 || mark[2] != '?' ||
        !strchr("bBqQ", mark[1]))
        return false;
    const char *text = mark + 3, *last = text;
    while (last + 1 < end && !(last[0] == '?' && last[1] == '=') && *last != '\r' && *last != '\n')
        last++;
    if (last + 1 >= end || last[0] != '?')
        return false;
    *ret = (struct word){p + 2, text, last + 2, (gsize)(mark - p - 2), (gsize)(last - text), mark[1]};
    return true;
}

/* Charset of a word without the language of RFC 2231 5, as its superset. Into a buffer of 64 bytes. */
static const char *word_charset(const struct word *word, char *buffer)
{
    gsize n = word->charset_len < 63 ? word->charset_len : 63;
    memcpy(buffer, word->charset, n);
    buffer[n] = 0;
    char *language = strchr(buffer, '*');
    if (language)
        *language = 0;
    return charset_superset(buffer);
}

/* GMime 3.2.13 loses everything behind a padded B word that is followed by another of the same charset
 * (issues #133, #150: a folded subject). A Q word cannot lose its neighbour, and GMime still joins characters
 * split between words. */
static char *without_b_words(const char *value, size_t n)
{
    GString *out = g_string_sized_new(n + 64);
    const char *end = value + n, *plain = value;
    for (const char *p = value; p < end;) {
        struct word word;
        if (*p != '=' || !word_at(p, end, &word)) {
            p++;
            continue;
        }
        char buffer[64];
        g_string_append_len(out, plain, p - plain);
        g_string_append_printf(out, "=?%s?Q?", word_charset(&word, buffer));
        if (word.encoding == 'b' || word.encoding == 'B') {
            char *text = g_strndup(word.text, word.text_len);
            gsize decoded = 0;
            guchar *bytes = g_base64_decode(text, &decoded);
            add_q(out, bytes, decoded);
            g_free(bytes);
            g_free(text);
        } else {
            g_string_append_len(out, word.text, (gssize)word.text_len);
        }
        g_string_append(out, "?=");
        p = plain = word.end;
    }
    g_string_append_len(out, plain, end - plain);
    return g_string_free(out, FALSE);
}

char *header_value(GMimeObject *object, const char *name)
{
    GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
    const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
    if (!raw)
        return NULL;
    size_t n = strnlen(raw, VALUE_BYTES);
    return strstr(raw, "=?") ? without_b_words(raw, n) : g_strndup(raw, n);
}

/* Encoded words can hold line breaks and other control bytes. Passed on, a line break in a name makes the letter
 * that answers it impossible. */
static void make_one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = ' ';
}

char *header_text(GMimeObject *object, const char *name, GMimeParserOptions *options)
{
    char *value = header_value(object, name);
    if (!value)
        return NULL;
    char *unfolded = g_mime_utils_header_unfold(value);
    char *text = g_mime_utils_header_decode_text(options, unfolded);
    g_free(unfolded);
    g_free(value);
    make_one_line(text);
    return g_strstrip(text);
}

static json_t *text_or_null(const char *text)
{
    char *line = text ? g_strdup(text) : NULL;
    if (line)
        make_one_line(line);
    json_t *json = line ? utf8_json(line, strlen(line), TEXT_BYTES) : json_null();
    g_free(line);
    return json;
}

/* A missing name is "", a missing address null. */
static json_t *address_json(const char *name, const char *address)
{
    return json_pack("{s:o, s:o}", "name", text_or_null(name ? name : ""), "address", text_or_null(address));
}

static void add_mailbox(InternetAddress *one, json_t *into)
{
    if (INTERNET_ADDRESS_IS_MAILBOX(one) && json_array_size(into) < ADDRESSES)
        json_array_append_new(into, address_json(internet_address_get_name(one),
                                        internet_address_mailbox_get_addr((InternetAddressMailbox *)one)));
}

/* Groups give their members; a group within a group is no address (RFC 5322 3.4). */
static void add_addresses(InternetAddressList *list, json_t *into)
{
    int n = list ? internet_address_list_length(list) : 0;
    for (int i = 0; i < n; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        InternetAddressList *members = INTERNET_ADDRESS_IS_GROUP(one)
                                           ? internet_address_group_get_members((InternetAddressGroup *)one)
                                           : NULL;
        int count = members ? internet_address_list_length(members) : 0;
        for (int k = 0; k < count; k++)
            add_mailbox(internet_address_list_get_address(members, k), into);
        if (!members)
            add_mailbox(one, into);
    }
}

json_t *header_addresses(GMimeObject *object, const char *name, GMimeParserOptions *options)
{
    json_t *all = json_array();
    char *value = header_value(object, name);
    InternetAddressList *list = value ? internet_address_list_parse(options, value) : NULL;
    add_addresses(list, all);
    if (list)
        g_object_unref(list);
    g_free(value);
    return all;
}

/* From without any address in it: the words are the name; what looks like an address is one. */
static json_t *from_words(char *value, GMimeParserOptions *options)
{
    static const char delimiters[] = " <>,;:\t\"\r\n()";
    char *words = g_strstrip(g_mime_utils_header_decode_phrase(options, value));
    json_t *from;
    char *at = strchr(words, '@');
    if (at) {
        char *first = at, *last = at;
        while (first > words && !strchr(delimiters, first[-1]))
            first--;
        while (last[1] && !strchr(delimiters, last[1]))
            last++;
        char *address = g_strndup(first, (gsize)(last - first + 1));
        from = address_json(NULL, address);
        g_free(address);
    } else {
        from = address_json(*words ? words : NULL, *words && !strpbrk(words, " \t,;") ? words : NULL);
    }
    g_free(words);
    return from;
}

json_t *header_from(GMimeObject *object, GMimeParserOptions *options, bool *ret_odd)
{
    char *value = header_value(object, "From");
    *ret_odd = true;
    if (!value)
        return address_json(NULL, NULL);
    json_t *all = header_addresses(object, "From", options);
    json_t *from = json_incref(json_array_get(all, 0));
    json_decref(all);
    if (!from) {
        from = from_words(value, options);
        g_free(value);
        return from;
    }
    g_free(value);
    const char *name = json_string_value(json_object_get(from, "name"));
    const char *address = json_string_value(json_object_get(from, "address"));
    /* "From: Budi" comes as an address without domain: it is both, as far as anybody knows */
    *ret_odd = !address || !strchr(address, '@');
    if (*ret_odd && address && !(name && *name))
        json_object_set(from, "name", json_object_get(from, "address"));
    return from;
}

json_t *header_ids(GMimeObject *object, const char *name)
{
    json_t *ids = json_array();
    char *value = header_value(object, name);
    if (!value)
        return ids;
    GMimeReferences *list = g_mime_references_parse(NULL, value);
    for (int i = 0; i < g_mime_references_length(list) && i < IDS; i++) {
        const char *id = g_mime_references_get_message_id(list, i);
        json_array_append_new(ids, text_or_null(id));
    }
    g_mime_references_free(list);
    g_free(value);
    return ids;
}

/* Control characters, and those that make "gpj.exe" look like "exe.jpg". */
static bool is_unsafe(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

char *header_safe_name(const char *name)
{
    char *valid = g_utf8_make_valid(name, (gssize)strnlen(name, VALUE_BYTES));
    const char *tail = valid;
    for (const char *p = valid; *p; p++)
        if ((*p == '/' || *p == '\\') && p[1])
            tail = p + 1;
    GString *safe = g_string_new(NULL);
    for (const char *p = tail; *p && safe->len < NAME_BYTES; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (is_unsafe(c) || (safe->len == 0 && (c == '.' || c == ' ')))
            continue;
        if (strchr("/\\:*?\"<>|", (int)(c < 0x80 ? c : 'a')))
            c = '_';
        g_string_append_unichar(safe, c);
    }
    g_free(valid);
    g_strchomp(safe->str);
    return g_string_free(safe, *safe->str == 0);
}

char *header_filename(GMimeObject *part, GMimeParserOptions *options)
{
    char *name = NULL;
    char *value = header_value(part, "Content-Disposition");
    if (value) {
        GMimeContentDisposition *disposition = g_mime_content_disposition_parse(options, value);
        name = g_strdup(g_mime_content_disposition_get_parameter(disposition, "filename"));
        g_object_unref(disposition);
        g_free(value);
    }
    value = name ? NULL : header_value(part, "Content-Type");
    if (value) {
        GMimeContentType *type = g_mime_content_type_parse(options, value);
        name = g_strdup(g_mime_content_type_get_parameter(type, "name"));
        g_object_unref(type);
        g_free(value);
    }
    char *safe = name ? header_safe_name(name) : NULL;
    g_free(name);
    return safe;
}
