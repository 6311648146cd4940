#include "header.h"
#include "encoded_word.h"
#include "charset.h"
#include "content.h"
#include "utf8.h"
#include <string.h>

enum {
    VALUE_BYTES = 128 << 10, /* of one field; the rest is cut: no honest header is longer */
    ADDRESSES = 500,         /* of one field */
    IDS = 200,               /* of References */
    NAME_BYTES = 200,        /* of a file name: fits every file system with a suffix added */
    TEXT_BYTES = 4096,       /* of a decoded name, address or id */
    JUNK_LINES = 20,
    CHARSET_PARTS = 20, /* of one multipart that are asked for their charset */
    CHARSET_DEPTH = 5,
    HEADER_BYTES = 512 << 10, /* of a whole header: GMime needs half a second for a megabyte of fields */
    CONTENT_FREE = 128,       /* of a Content- field */
    CONTENT_MOST = 4 << 10,   /* of one with a long file name */
    CONTENT_BUDGET =
        1
        << 20, /* of what goes beyond CONTENT_FREE in all of one mail: 5 million parameters took all memory */
};

GMimeParserOptions *header_options(void)
{
    static const char *charsets[] = {"utf-8", "windows-1252", NULL};
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    return options;
}

/* The charset of the first text part below object; NULL when none is named. */
static const char *first_charset(GMimeObject *object, int depth)
{
    const char *charset = object ? g_mime_object_get_content_type_parameter(object, "charset") : NULL;
    int n = object && GMIME_IS_MULTIPART(object) ? g_mime_multipart_get_count((GMimeMultipart *)object) : 0;
    for (int i = 0; !charset && i < n && i < CHARSET_PARTS && depth < CHARSET_DEPTH; i++)
        charset = first_charset(g_mime_multipart_get_part((GMimeMultipart *)object, i), depth + 1);
    return charset;
}

void header_learn_charset(GMimeParserOptions *options, GMimeObject *root)
{
    const char *charset = first_charset(root, 0);
    if (!charset || !charset_is_known(charset))
        return;
    const char *charsets[] = {"utf-8", charset_superset(charset), "windows-1252", NULL};
    g_mime_parser_options_set_fallback_charsets(options, charsets);
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

/* Fields that show that a header goes on. */
static bool is_mail_field(const char *line, size_t n)
{
    static const char *const names[] = {"from:", "to:", "cc:", "subject:", "date:", "message-id:",
        "mime-version:", "content-", "received:", "return-path:", "reply-to:", "in-reply-to:", "references:",
        "sender:", "delivered-to:", "x-", "dkim-signature:", "arc-", "authentication-results:"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (n >= strlen(names[i]) && !g_ascii_strncasecmp(line, names[i], strlen(names[i])))
            return true;
    return false;
}

/* Where the body begins in the midst of the header that begins at `at` and is not ended by an empty line: at a
 * line that is no field, with no field of mail behind it, or where it is longer than any header. 0 when the header
 * is in order. */
static size_t missing_end(const char *raw, size_t n, size_t at)
{
    size_t stray = 0, most = at + HEADER_BYTES;
    bool fields = false;
    while (at < n) {
        const char *line = raw + at, *end = memchr(line, '\n', n - at);
        size_t len = end ? (size_t)(end - line) : n - at;
        if (len == 0 || (len == 1 && line[0] == '\r') || (len > 2 && !strncmp(line, "--", 2)))
            break;
        if (at > most)
            return stray ? stray : at;
        bool folded = line[0] == ' ' || line[0] == '\t';
        bool mbox = !strncmp(line, "From ", len < 5 ? len : 5) || !strncmp(line, ">From ", len < 6 ? len : 6);
        if (stray && is_mail_field(line, len))
            return 0;
        if (!folded && !mbox && !is_field(line, len) && fields && !stray)
            stray = at;
        fields = fields || is_field(line, len);
        at += len + 1;
    }
    return stray;
}

/* The next line at or after `from` that begins a MIME part: behind "--", a Content- field. n when there is none. */
static size_t next_part(const char *raw, size_t n, size_t from)
{
    static const char field[] = "content-";
    while (from < n) {
        const char *mark = memmem(raw + from, n - from, "\n--", 3);
        const char *end = mark ? memchr(mark + 1, '\n', (size_t)(raw + n - mark) - 1) : NULL;
        if (!end)
            return n;
        from = (size_t)(end - raw) + 1;
        if (n - from > sizeof field && !g_ascii_strncasecmp(raw + from, field, sizeof field - 1))
            return from;
        from--;
    }
    return n;
}

GString *header_mend(const char *raw, size_t n, bool *ret_header)
{
    GString *mended = NULL;
    size_t copied = 0;
    for (size_t at = 0; at < n; at = next_part(raw, n, at)) {
        size_t end = missing_end(raw, n, at);
        if (!end)
            continue;
        mended = mended ? mended : g_string_sized_new(n + 64);
        g_string_append_len(mended, raw + copied, (gssize)(end - copied));
        g_string_append_c(mended, '\n');
        copied = end;
    }
    *ret_header = mended != NULL;
    return mended ? g_string_append_len(mended, raw + copied, (gssize)(n - copied)) : NULL;
}

void header_tame(char *raw, size_t n)
{
    static const char start[] = "content-";
    size_t budget = CONTENT_BUDGET;
    for (size_t at = 0; at < n;) {
        bool content = n - at > sizeof start && !g_ascii_strncasecmp(raw + at, start, sizeof start - 1);
        size_t first = at;
        bool more = true;
        while (at < n && more) {
            const char *end = memchr(raw + at, '\n', n - at);
            at = end ? (size_t)(end - raw) + 1 : n;
            more = content && at < n && (raw[at] == ' ' || raw[at] == '\t');
        }
        if (!content || at - first <= CONTENT_FREE)
            continue;
        size_t kept = at - first < CONTENT_MOST ? at - first : CONTENT_MOST;
        kept = kept < CONTENT_FREE + budget ? kept : CONTENT_FREE + budget;
        budget -= kept - CONTENT_FREE;
        for (size_t i = first + kept; i + 2 < at; i++) /* the last line end stays */
            raw[i] = ' ';
    }
}

/* Japanese as it stands, without encoded words (RFC 1468): seven bits, so no program takes it for a charset. */
static char *without_escapes(const char *value, size_t n)
{
    struct str utf8;
    str_init(&utf8, 8 * n + 64);
    (void)charset_to_utf8("iso-2022-jp", value, n, &utf8);
    char *text = str_ok(&utf8) ? g_strndup(utf8.data, utf8.len) : g_strndup(value, n);
    str_release(&utf8);
    return text;
}

char *header_value(GMimeObject *object, const char *name)
{
    GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
    const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
    if (!raw)
        return NULL;
    size_t n = strnlen(raw, VALUE_BYTES);
    if (strstr(raw, "\x1b$") || strstr(raw, "\x1b("))
        return without_escapes(raw, n);
    return strstr(raw, "=?") ? encoded_words_safe(raw, n) : g_strndup(raw, n);
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
    if (address && !g_ascii_strncasecmp(address, "mailto:", 7)) /* a link pasted into the field */
        address += 7;
    return json_pack("{s:o, s:o}", "name", text_or_null(name ? name : ""), "address", text_or_null(address));
}

/* A domain in ASCII (RFC 5890) is kept as it came, since it is to be written to; GMime would show it in Unicode. */
static void add_mailbox(InternetAddress *one, bool ascii_domains, json_t *into)
{
    if (!INTERNET_ADDRESS_IS_MAILBOX(one) || json_array_size(into) >= ADDRESSES)
        return;
    InternetAddressMailbox *mailbox = (InternetAddressMailbox *)one;
    const char *address = ascii_domains ? internet_address_mailbox_get_idn_addr(mailbox)
                                        : internet_address_mailbox_get_addr(mailbox);
    json_array_append_new(into, address_json(internet_address_get_name(one), address));
}

/* Groups give their members; a group within a group is no address (RFC 5322 3.4). */
static void add_addresses(InternetAddressList *list, bool ascii_domains, json_t *into)
{
    int n = list ? internet_address_list_length(list) : 0;
    for (int i = 0; i < n; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        InternetAddressList *members = INTERNET_ADDRESS_IS_GROUP(one)
                                           ? internet_address_group_get_members((InternetAddressGroup *)one)
                                           : NULL;
        int count = members ? internet_address_list_length(members) : 0;
        for (int k = 0; k < count; k++)
            add_mailbox(internet_address_list_get_address(members, k), ascii_domains, into);
        if (!members)
            add_mailbox(one, ascii_domains, into);
    }
}

/* "Budi [mailto:b@x.example]", as Outlook quotes senders: in angle brackets it is an address. */
static void mend_mailto(char *value)
{
    char *open = strcasestr(value, "[mailto:"), *close = open ? strchr(open, ']') : NULL;
    if (!close || strchr(value, '<'))
        return;
    *open = '<';
    *close = '>';
}

json_t *header_addresses(GMimeObject *object, const char *name, GMimeParserOptions *options)
{
    json_t *all = json_array();
    char *value = header_value(object, name);
    if (value)
        mend_mailto(value);
    InternetAddressList *list = value ? internet_address_list_parse(options, value) : NULL;
    add_addresses(list, value && strcasestr(value, "xn--"), all);
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
    if (g_str_has_suffix(words, "<>")) /* "MAILER DAEMON <>" */
        words[strlen(words) - 2] = 0;
    g_strchomp(words);
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

/* The address in the only angle brackets of value, with what stands before it as the name: "Budi @ RT 5 <b@x>",
 * where a parser takes the first "@" for the address. NULL when there is none, or several. */
static json_t *from_brackets(const char *value, GMimeParserOptions *options)
{
    const char *open = strchr(value, '<'), *close = open ? strchr(open, '>') : NULL;
    if (!close || strchr(open + 1, '<') || !memchr(open, '@', (size_t)(close - open)) ||
        memchr(open, ' ', (size_t)(close - open)) || memchr(open, ',', (size_t)(close - open)))
        return NULL;
    char *before = g_strndup(value, (gsize)(open - value));
    char *address = g_strndup(open + 1, (gsize)(close - open - 1));
    char *name = g_strstrip(g_mime_utils_header_decode_phrase(options, before));
    json_t *from = address_json(name, address);
    g_free(name);
    g_free(address);
    g_free(before);
    return from;
}

static bool has_full_address(const json_t *from)
{
    const char *address = json_string_value(json_object_get(from, "address"));
    const char *at = address ? strrchr(address, '@') : NULL;
    return at && at > address && at[1] && (strchr(at, '.') || at[1] == '[');
}

/* The sender in one field; NULL when it names nobody at all. */
static json_t *sender_in(GMimeObject *object, const char *name, GMimeParserOptions *options)
{
    char *value = header_value(object, name);
    if (!value)
        return NULL;
    mend_mailto(value);
    json_t *all = header_addresses(object, name, options);
    json_t *from = json_incref(json_array_get(all, 0));
    json_decref(all);
    json_t *bracketed = !from || !has_full_address(from) ? from_brackets(value, options) : NULL;
    if (bracketed) {
        json_decref(from);
        from = bracketed;
    }
    if (!from)
        from = from_words(value, options);
    g_free(value);
    return from;
}

json_t *header_from(GMimeObject *object, GMimeParserOptions *options, bool *ret_odd)
{
    json_t *from = sender_in(object, "From", options);
    const char *address = json_string_value(json_object_get(from, "address"));
    *ret_odd = !address || !strchr(address, '@');
    if (!address) { /* somebody who can be answered is better than nobody (RFC 5322 3.6.2) */
        json_t *sender = sender_in(object, "Sender", options);
        const char *other = json_string_value(json_object_get(sender, "address"));
        if (other && strchr(other, '@')) {
            json_decref(from);
            return sender;
        }
        json_decref(sender);
    }
    if (!from)
        return address_json(NULL, NULL);
    /* "From: Budi" comes as an address without domain: it is both, as far as anybody knows */
    const char *name = json_string_value(json_object_get(from, "name"));
    if (*ret_odd && address && !(name && *name))
        json_object_set(from, "name", json_object_get(from, "address"));
    return from;
}

/* Ids that came without their brackets: every word with an "@". */
static void add_bare_ids(const char *value, json_t *ids)
{
    char **words = g_strsplit_set(value, " \t\r\n,;\"'<>()", -1);
    for (char **word = words; *word && json_array_size(ids) < IDS; word++)
        if (strchr(*word, '@'))
            json_array_append_new(ids, text_or_null(*word));
    g_strfreev(words);
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
        if (id && *id)
            json_array_append_new(ids, text_or_null(id));
    }
    g_mime_references_free(list);
    if (!strchr(value, '<'))
        json_array_clear(ids), add_bare_ids(value, ids);
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
        if (is_unsafe(c) || (safe->len == 0 && (c == '.' || c == ' ' || c == '"')) || (c == '"' && !p[1]))
            continue;
        if (strchr("/\\:*?\"<>|", (int)(c < 0x80 ? c : 'a')))
            c = '_';
        g_string_append_unichar(safe, c);
    }
    g_free(valid);
    g_strchomp(safe->str);
    return g_string_free(safe, *safe->str == 0);
}

/* A field's parameter, decoded by GMime (RFC 2231, and RFC 2047 where it does not belong); g_free. */
static char *disposition_name(GMimeObject *part, GMimeParserOptions *options)
{
    char *value = header_value(part, "Content-Disposition");
    if (!value)
        return NULL;
    /* "Content-Disposition: filename=foto.jpg": the word in front was forgotten */
    size_t word = strcspn(value, "=;");
    char *whole = value[word] == '=' ? g_strconcat("attachment; ", value, NULL) : g_strdup(value);
    GMimeContentDisposition *disposition = g_mime_content_disposition_parse(options, whole);
    char *name = g_strdup(g_mime_content_disposition_get_parameter(disposition, "filename"));
    if (!name)
        name = g_strdup(g_mime_content_disposition_get_parameter(disposition, "name"));
    g_object_unref(disposition);
    g_free(whole);
    g_free(value);
    return name;
}

static char *type_name(GMimeObject *part, GMimeParserOptions *options)
{
    char *value = header_value(part, "Content-Type");
    if (!value)
        return NULL;
    GMimeContentType *type = g_mime_content_type_parse(options, value);
    char *name = g_strdup(g_mime_content_type_get_parameter(type, "name"));
    if (!name)
        name = g_strdup(g_mime_content_type_get_parameter(type, "filename"));
    g_object_unref(type);
    g_free(value);
    return name;
}

/* Takes name: g_free. */
/* filename=utf-8''caf%C3%A9.pdf: the value of RFC 8187 without the star at the name. g_free; takes name. */
static char *without_percents(char *name)
{
    static const char start[] = "utf-8''";
    char *plain = name && !g_ascii_strncasecmp(name, start, sizeof start - 1)
                      ? g_uri_unescape_string(name + sizeof start - 1, NULL)
                      : NULL;
    if (!plain)
        return name;
    g_free(name);
    return plain;
}

static char *safe_or_null(char *name)
{
    name = without_percents(name);
    char *safe = name ? header_safe_name(name) : NULL;
    g_free(name);
    return safe;
}

char *header_filename(GMimeObject *part, GMimeParserOptions *options)
{
    char *name = safe_or_null(disposition_name(part, options));
    return name ? name : safe_or_null(type_name(part, options));
}

/* Does it end like a file's name: a dot and two to five letters or digits? */
static bool has_suffix(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t n = dot && dot > name ? strlen(dot + 1) : 0;
    if (n < 2 || n > 5 || strlen(name) > NAME_BYTES)
        return false;
    for (const char *p = dot + 1; *p; p++)
        if (!g_ascii_isalnum(*p))
            return false;
    return true;
}

char *header_any_filename(GMimeObject *part, GMimeParserOptions *options)
{
    static const char *const fields[] = {"Content-Description", "Content-Location"};
    char *name = header_filename(part, options);
    for (size_t i = 0; !name && i < sizeof fields / sizeof *fields; i++) {
        char *text = header_text(part, fields[i], options);
        if (text && has_suffix(text))
            name = header_safe_name(text);
        g_free(text);
    }
    return name;
}
