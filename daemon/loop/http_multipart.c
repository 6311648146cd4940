/* multipart/form-data (RFC 7578) in memory. Stricter than RFC 2046 where two readers could differ and no
 * browser writes it: lines end with CRLF, there is no text before the first or after the last boundary (but
 * empty lines), no folded header, no base64 or quoted-printable part. A line that only begins like the
 * boundary is content. */
#include "http_form_private.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HEADER_MAX = 2048, BOUNDARY_MAX = 70 }; /* bytes of one line; RFC 2046 5.1.1 */

struct part {
    char disposition[HEADER_MAX];
    char type[HEADER_MAX];
    bool has_disposition, has_type;
};

struct cursor {
    const char *at, *end;
    char delimiter[BOUNDARY_MAX + 5]; /* CRLF "--" boundary */
    size_t delimiter_length;
};

static size_t skip_blanks(const char *text)
{
    return strspn(text, " \t");
}

/* One `name=value`; *ret_next stands behind it. Of the escapes only \" is undone: browsers send the backslash
 * of a Windows path as it is (WHATWG HTML 4.10.21.8), and what follows a backslash is cut off as a folder
 * anyway. */
static bool parameter_value(const char *text, char *out, size_t size, const char **ret_next)
{
    size_t n = 0;
    bool quoted = *text == '"';
    const char *p = text + quoted;
    for (; *p && (quoted ? *p != '"' : !strchr("; \t", *p)); p++) {
        if (quoted && p[0] == '\\' && p[1] == '"')
            p++;
        if (n + 1 >= size)
            return false;
        out[n++] = *p;
    }
    if (quoted && *p++ != '"')
        return false;
    out[n] = 0;
    *ret_next = p + skip_blanks(p);
    return !**ret_next || **ret_next == ';';
}

int form_parameter(const char *value, const char *name, char *out, size_t size)
{
    char ignored[HEADER_MAX];
    size_t length = strlen(name);
    const char *p = strchr(value, ';');
    int found = 0;
    if (!p)
        return 0;
    while (*p == ';') {
        p += 1 + skip_blanks(p + 1);
        if (!*p)
            break; /* a last semicolon with nothing behind it */
        size_t n = strcspn(p, "=; \t");
        if (!n || p[n] != '=')
            return -1;
        bool wanted = n == length && !strncasecmp(p, name, n);
        if (wanted && found)
            return -1; /* two names: which one counts would be a matter of taste */
        found |= wanted;
        if (!parameter_value(p + n + 1, wanted ? out : ignored, wanted ? size : sizeof ignored, &p))
            return -1;
    }
    return found;
}

/* WHATWG HTML: browsers write %0D, %0A and %22 in names and no other escape. */
static void undo_browser_escapes(char *text)
{
    char *out = text;
    for (const char *p = text; *p; p++) {
        int high = *p == '%' ? form_hex(p[1]) : -1, low = high < 0 ? -1 : form_hex(p[2]);
        int c = low < 0 ? -1 : high << 4 | low;
        bool escape = c == '\r' || c == '\n' || c == '"';
        *out++ = (char)(escape ? c : *p);
        p += escape ? 2 : 0;
    }
    *out = 0;
}

/* RFC 8187 3.2.1, UTF-8 only. RFC 7578 4.2 forbids it, some client libraries send it nevertheless. */
static bool decode_extended(char *text)
{
    char *out = text;
    if (strncasecmp(text, "utf-8'", 6))
        return false;
    const char *p = strchr(text + 6, '\'');
    if (!p)
        return false;
    while (*++p) {
        int high = *p == '%' ? form_hex(p[1]) : -1, low = high < 0 ? -1 : form_hex(p[2]);
        if (*p == '%' && low < 0)
            return false;
        *out++ = (char)(low < 0 ? *p : high << 4 | low);
        p += low < 0 ? 0 : 2;
    }
    *out = 0;
    return true;
}

/* The last path component without control bytes, in place. */
static char *clean_filename(char *name)
{
    char *last = name, *out;
    for (char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            last = p + 1;
    out = last;
    for (const char *p = last; *p; p++)
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            *out++ = *p;
    *out = 0;
    return last;
}

static bool header_keep(char *out, bool *has, const char *value, size_t length)
{
    if (*has)
        return false;
    *has = true;
    memcpy(out, value, length);
    out[length] = 0;
    return true;
}

static bool header_line(struct part *part, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (length >= HEADER_MAX || !colon || colon == line)
        return false;
    for (const char *p = line; p < line + length; p++)
        if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f ||
            (p < colon && (*p == ' ' || *p == '\t')))
            return false;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1;
    while (value < line + length && (*value == ' ' || *value == '\t'))
        value++;
    size_t value_length = (size_t)(line + length - value);
    if (name == 19 && !strncasecmp(line, "Content-Disposition", name))
        return header_keep(part->disposition, &part->has_disposition, value, value_length);
    if (name == 12 && !strncasecmp(line, "Content-Type", name))
        return header_keep(part->type, &part->has_type, value, value_length);
    if (name == 25 && !strncasecmp(line, "Content-Transfer-Encoding", name)) /* RFC 7578 4.7 */
        return (value_length == 6 && !strncasecmp(value, "binary", 6)) ||
               (value_length == 4 && (!strncasecmp(value, "8bit", 4) || !strncasecmp(value, "7bit", 4)));
    return true;
}

static bool read_headers(struct cursor *cursor, struct part *part)
{
    for (;;) {
        const char *end = memmem(cursor->at, (size_t)(cursor->end - cursor->at), "\r\n", 2);
        if (!end)
            return false;
        size_t length = (size_t)(end - cursor->at);
        const char *line = cursor->at;
        cursor->at = end + 2;
        if (!length)
            return true;
        if (!header_line(part, line, length))
            return false;
    }
}

/* Where the delimiter at `at` (after its boundary) leads: past "--" or CRLF. NULL = it is content. */
static const char *delimiter_end(const char *at, const char *end, bool *ret_last)
{
    *ret_last = end - at >= 2 && at[0] == '-' && at[1] == '-';
    at += *ret_last ? 2 : 0;
    while (at < end && (*at == ' ' || *at == '\t')) /* RFC 2046 5.1.1 transport padding */
        at++;
    if (*ret_last)
        return at == end || *at == '\r' || *at == '\n' ? at : NULL;
    return end - at >= 2 && at[0] == '\r' && at[1] == '\n' ? at + 2 : NULL;
}

/* The content up to the next delimiter; false when there is none. */
static bool read_content(struct cursor *cursor, size_t *ret_length, bool *ret_last)
{
    const char *start = cursor->at, *from = start;
    for (;;) {
        const char *found =
            memmem(from, (size_t)(cursor->end - from), cursor->delimiter, cursor->delimiter_length);
        if (!found)
            return false;
        const char *next = delimiter_end(found + cursor->delimiter_length, cursor->end, ret_last);
        if (next) {
            *ret_length = (size_t)(found - start);
            cursor->at = next;
            return true;
        }
        from = found + 2;
    }
}

static bool only_blank(const char *at, const char *end)
{
    while (at < end && strchr("\r\n \t", *at) && *at)
        at++;
    return at == end;
}

/* 1 = a file, 0 = a field, -1 = malformed */
static int part_filename(const struct part *part, char *filename, size_t size)
{
    int found = form_parameter(part->disposition, "filename", filename, size);
    if (found > 0)
        undo_browser_escapes(filename);
    if (found)
        return found;
    found = form_parameter(part->disposition, "filename*", filename, size);
    return found > 0 && !decode_extended(filename) ? -1 : found;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static enum outcome add_part(struct form_builder *builder, const struct part *part, const char *content,
    size_t length, struct fault *fault)
{
    char name[HEADER_MAX], filename[HEADER_MAX];
    struct http_field field = {.value = content, .length = length};
    if (!part->has_disposition || form_parameter(part->disposition, "name", name, sizeof name) != 1)
        return form_malformed(fault, "part without a name");
    undo_browser_escapes(name);
    int file = part_filename(part, filename, sizeof filename);
    if (file < 0 || has_control(name) || !form_utf8(name, strlen(name)) ||
        (part->has_type && has_control(part->type)))
        return form_malformed(fault, "part header");
    if (file) {
        const char *last = clean_filename(filename);
        if (!*last && !length)
            return OUTCOME_DONE; /* a file input that was left empty */
        if (!form_utf8(last, strlen(last)))
            return form_malformed(fault, "file name is not UTF-8");
        field.filename = arena_strdup(builder->arena, last);
    } else if (!form_utf8(content, length)) {
        return form_malformed(fault, "field is not UTF-8, or a NUL");
    } else {
        field.value = arena_strndup(builder->arena, content, length);
    }
    field.name = arena_strdup(builder->arena, name);
    bool sayable =
        part->has_type && form_utf8(part->type, strlen(part->type)); /* else as if it had not said */
    field.content_type = sayable ? arena_strdup(builder->arena, part->type) : NULL;
    if (!field.name || !field.value || (file && !field.filename))
        return fault_set(fault, OUTCOME_LATER, NULL, "form: no memory");
    return form_add(builder, &field) ? OUTCOME_DONE : form_malformed(fault, "too many fields or files");
}

static bool cursor_begin(struct cursor *cursor, const char *content_type, const char *body, size_t length)
{
    char boundary[BOUNDARY_MAX + 1];
    if (form_parameter(content_type, "boundary", boundary, sizeof boundary) != 1 || !boundary[0])
        return false;
    size_t n = strlen(boundary);
    memcpy(cursor->delimiter, "\r\n--", 4);
    memcpy(cursor->delimiter + 4, boundary, n + 1);
    cursor->delimiter_length = n + 4;
    cursor->at = body;
    cursor->end = body + length;
    while (cursor->end - cursor->at >= 2 && cursor->at[0] == '\r' && cursor->at[1] == '\n')
        cursor->at += 2;
    if ((size_t)(cursor->end - cursor->at) < n + 2 || memcmp(cursor->at, cursor->delimiter + 2, n + 2) != 0)
        return false;
    cursor->at += n + 2;
    return true;
}

enum outcome form_multipart(struct form_builder *builder, const char *content_type, const char *body,
    size_t length, struct fault *fault)
{
    struct cursor cursor;
    bool last = false;
    if (!cursor_begin(&cursor, content_type, length ? body : "", length))
        return form_malformed(fault, "no boundary");
    cursor.at = delimiter_end(cursor.at, cursor.end, &last);
    if (!cursor.at)
        return form_malformed(fault, "first boundary");
    while (!last) {
        struct part part;
        size_t content_length = 0;
        part.has_disposition = part.has_type = false;
        if (!read_headers(&cursor, &part))
            return form_malformed(fault, "header of a part");
        const char *content = cursor.at;
        /* An empty part: its delimiter's CRLF is the one that ended the header block. */
        if (content - body >= 2)
            cursor.at -= 2;
        const char *start = cursor.at;
        if (!read_content(&cursor, &content_length, &last))
            return form_malformed(fault, "no closing boundary");
        content_length = start + content_length > content ? (size_t)(start + content_length - content) : 0;
        enum outcome outcome = add_part(builder, &part, content, content_length, fault);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return only_blank(cursor.at, cursor.end) ? OUTCOME_DONE
                                             : form_malformed(fault, "text after the last boundary");
}
