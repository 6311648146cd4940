#include "uuencode.h"

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* "begin 644 foto.jpg", mode of three or four digits. */
static bool begins(struct span line, struct span *ret_name)
{
    size_t i = 6;
    if (!span_starts(line, "begin ") || line.at[0] != 'b')
        return false;
    while (i < line.len && is_octal(line.at[i]))
        i++;
    if (i < 9 || i > 10 || i >= line.len || line.at[i] != ' ')
        return false;
    *ret_name = span_trim((struct span){line.at + i, line.len - i});
    return ret_name->len > 0;
}

static guint8 six_bits(struct span line, size_t i)
{
    return i < line.len ? (guint8)((line.at[i] - ' ') & 63) : 0; /* trailing blanks get lost on the way */
}

/* A line of data: its first byte tells how many bytes it holds. */
static bool decode_line(struct span line, GByteArray *bytes)
{
    if (!line.len || line.at[0] < ' ' || line.at[0] > '`')
        return false;
    size_t count = six_bits(line, 0), groups = (count + 2) / 3;
    if (line.len > 1 + 4 * groups + 2) /* some add a checksum */
        return false;
    for (size_t i = 1; i < line.len; i++)
        if (line.at[i] < ' ' || line.at[i] > '`')
            return false;
    for (size_t g = 0; g < groups; g++) {
        guint8 a = six_bits(line, 1 + 4 * g), b = six_bits(line, 2 + 4 * g), c = six_bits(line, 3 + 4 * g),
               d = six_bits(line, 4 + 4 * g);
        guint8 out[3] = {(guint8)(a << 2 | b >> 4), (guint8)(b << 4 | c >> 2), (guint8)(c << 6 | d)};
        g_byte_array_append(bytes, out, (guint)(count - 3 * g < 3 ? count - 3 * g : 3));
    }
    return true;
}

bool uuencode_take(struct span *rest, size_t max, size_t *limit, struct uuencode *ret, bool *ret_cut)
{
    struct span at = *rest, name;
    if (!begins(span_next_line(&at), &name))
        return false;
    GByteArray *bytes = g_byte_array_new();
    while (at.len && *limit) {
        struct span line = span_next_line(&at);
        --*limit;
        if (span_equals(span_trim(line), "end") && bytes->len) {
            *ret_cut |= bytes->len > max;
            g_byte_array_set_size(bytes, bytes->len > max ? (guint)max : bytes->len);
            *ret = (struct uuencode){name, bytes};
            *rest = at;
            return true;
        }
        if (span_trim(line).len && !decode_line(line, bytes))
            break;
    }
    g_byte_array_unref(bytes);
    return false;
}
