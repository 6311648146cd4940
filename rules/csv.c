#include "csv.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool refuse(char problem[CSV_PROBLEM], int line, const char *why)
{
    if (line)
        snprintf(problem, CSV_PROBLEM, "Baris %d: %s", line, why);
    else
        snprintf(problem, CSV_PROBLEM, "%s", why);
    return false;
}

/* ---- bytes to UTF-8 ---- */

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    size_t n = c < 0x10000 ? 3 : 4;
    out[0] = (char)(n == 3 ? 0xe0 | c >> 12 : 0xf0 | c >> 18);
    for (size_t i = 1; i < n; i++)
        out[i] = (char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3f));
    return n;
}

/* Length of the character at p (RFC 3629); 0 = none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;
    if (n < 2 || n > left)
        return n == 1;
    uint32_t c = *p & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : n;
}

static bool is_utf8(const unsigned char *p, size_t size)
{
    for (size_t n; size; p += n, size -= n)
        if (!(n = utf8_length(p, size)))
            return false;
    return true;
}

static uint32_t unit(const unsigned char *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

/* An odd byte at the end and halves of pairs are U+FFFD. */
static size_t from_utf16(const unsigned char *p, size_t size, bool big, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t c = unit(p + i, big);
        if (c >= 0xd800 && c <= 0xdbff && i + 3 < size) {
            uint32_t low = unit(p + i + 2, big);
            if (low >= 0xdc00 && low <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        n += put_utf8(out + n, c >= 0xd800 && c <= 0xdfff ? 0xfffd : c);
    }
    if (size % 2)
        n += put_utf8(out + n, 0xfffd);
    return n;
}

static size_t from_windows(const unsigned char *p, size_t size, char *out)
{
    static const uint16_t upper[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6,
        0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d,
        0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += put_utf8(out + n, p[i] >= 0x80 && p[i] < 0xa0 ? upper[p[i] - 0x80] : p[i]);
    return n;
}

/* Without a BOM: text in Latin letters has a NUL in every unit. */
static bool looks_utf16(const unsigned char *p, size_t size, bool big)
{
    size_t seen = size < 64 ? size : 64, nuls = 0;
    for (size_t i = 0; i + 1 < seen; i += 2) {
        nuls += p[i + !big] == 0;
        if (p[i + big] == 0)
            return false;
    }
    return seen >= 4 && nuls * 2 > seen / 2;
}

/* UTF-8 in the arena, without a BOM. */
static char *decode(const unsigned char *p, size_t size, size_t *ret_size, struct arena *arena)
{
    char *out = arena_alloc(arena, 3 * size + 8);
    if (!out)
        return NULL;
    if (size >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
        *ret_size = from_utf16(p + 2, size - 2, p[0] == 0xfe, out);
    } else if (looks_utf16(p, size, false) || looks_utf16(p, size, true)) {
        *ret_size = from_utf16(p, size, looks_utf16(p, size, true), out);
    } else {
        size_t bom = size >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3) ? 3 : 0;
        if (is_utf8(p + bom, size - bom)) {
            memcpy(out, p + bom, size - bom);
            *ret_size = size - bom;
        } else {
            *ret_size = from_windows(p + bom, size - bom, out);
        }
    }
    return out;
}

/* ---- UTF-8 to rows ---- */

struct reader {
    const char *p, *end;
    int line; /* of p */
    char separator;
    char *field; /* being built: CSV_FIELD + 1 bytes */
    size_t length;
    const char *fields[CSV_COLUMNS];
    size_t count;
    char *problem;
    struct arena *arena;
};

static bool at_line_end(const struct reader *r)
{
    return r->p == r->end || *r->p == '\n' || *r->p == '\r';
}

static void skip_line_end(struct reader *r)
{
    if (r->p < r->end && *r->p == '\r')
        r->p++;
    if (r->p < r->end && *r->p == '\n')
        r->p++;
    r->line++;
}

static bool add(struct reader *r, char c)
{
    if (r->length == CSV_FIELD)
        return refuse(r->problem, r->line, "isian terlalu panjang, paling banyak 20.000 huruf.");
    bool control = ((unsigned char)c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    r->field[r->length++] = control ? ' ' : c;
    return true;
}

/* Behind the opening quote; leaves p behind the closing one. */
static bool read_quoted(struct reader *r)
{
    int began = r->line;
    while (r->p < r->end) {
        if (*r->p == '"') {
            if (r->p + 1 == r->end || r->p[1] != '"') {
                r->p++;
                return true;
            }
            r->p++;
        } else if (*r->p == '\r' || *r->p == '\n') {
            if (!add(r, '\n'))
                return false;
            skip_line_end(r);
            continue;
        }
        if (!add(r, *r->p++))
            return false;
    }
    return refuse(r->problem, began, "tanda kutip dibuka tetapi tidak ditutup.");
}

static bool keep_field(struct reader *r)
{
    const char *from = r->field, *to = from + r->length;
    while (from < to && strchr(" \t\n", *from))
        from++;
    while (to > from && strchr(" \t\n", to[-1]))
        to--;
    if (r->count == CSV_COLUMNS)
        return refuse(r->problem, r->line, "kolomnya lebih dari 64.");
    const char *kept = arena_strndup(r->arena, from, (size_t)(to - from));
    r->fields[r->count++] = kept;
    return kept != NULL;
}

static bool read_field(struct reader *r)
{
    r->length = 0;
    if (r->p < r->end && *r->p == '"') {
        r->p++;
        if (!read_quoted(r))
            return false;
    }
    while (!at_line_end(r) && *r->p != r->separator)
        if (!add(r, *r->p++))
            return false;
    return keep_field(r);
}

static bool is_blank(const struct reader *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (*r->fields[i])
            return false;
    return true;
}

/* fields of the reader until the next call; *ret_source: where the row began. */
static bool read_row(struct reader *r, struct csv_row *row)
{
    *row = (struct csv_row){.line = r->line, .source = r->p};
    r->count = 0;
    for (;;) {
        if (!read_field(r))
            return false;
        if (at_line_end(r))
            break;
        r->p++; /* the separator */
    }
    row->source_size = (size_t)(r->p - row->source);
    if (r->p < r->end)
        skip_line_end(r);
    return true;
}

static const char separators[] = ",;\t|";

static char find_separator(const char *p, const char *end)
{
    size_t seen[sizeof separators] = {0}, best = 0;
    bool quoted = false;
    while (p < end && strchr(" \r\n", *p))
        p++;
    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        const char *known = strchr(separators, *p);
        quoted ^= *p == '"';
        if (!quoted && known && *known)
            seen[known - separators]++;
    }
    for (size_t i = 1; separators[i]; i++)
        if (seen[i] > seen[best])
            best = i;
    return separators[best];
}

/* Excel's first line. */
static void read_hint(struct reader *r)
{
    static const char hint[] = "sep=";
    size_t n = sizeof hint - 1;
    if ((size_t)(r->end - r->p) <= n || memcmp(r->p, hint, n) || !strchr(separators, r->p[n]) || !r->p[n])
        return;
    const char *behind = r->p + n + 1;
    if (behind < r->end && *behind != '\r' && *behind != '\n')
        return;
    r->separator = r->p[n];
    r->p = behind;
    skip_line_end(r);
}

static bool keep_row(struct reader *r, const struct csv *csv, struct csv_row *row)
{
    if (r->count > csv->columns)
        return refuse(r->problem, row->line, "isinya lebih banyak daripada judul kolomnya.");
    const char **fields = arena_alloc(r->arena, csv->columns * sizeof *fields);
    for (size_t i = 0; fields && i < csv->columns; i++)
        fields[i] = i < r->count ? r->fields[i] : "";
    row->fields = fields;
    return fields != NULL;
}

static bool read_rows(struct reader *r, struct csv *csv)
{
    struct csv_row *rows = arena_alloc(r->arena, CSV_ROWS * sizeof *rows);
    csv->rows = rows;
    while (rows && r->p < r->end) {
        struct csv_row row;
        if (!read_row(r, &row))
            return false;
        while (csv->count == 0 && r->count && !*r->fields[r->count - 1])
            r->count--; /* headings end with the last that says something */
        if (is_blank(r))
            continue;
        if (csv->count == CSV_ROWS)
            return refuse(r->problem, row.line, "paling banyak 200 baris sekali impor; bagilah berkasnya.");
        if (!csv->count)
            csv->columns = r->count;
        while (r->count > csv->columns && !*r->fields[r->count - 1])
            r->count--;
        if (!keep_row(r, csv, &row))
            return false;
        rows[csv->count++] = row;
    }
    return rows != NULL;
}

bool csv_read(const void *bytes, size_t size, struct csv *ret, char problem[CSV_PROBLEM], struct arena *arena)
{
    size_t length = 0;
    *ret = (struct csv){0};
    *problem = '\0';
    if (size > CSV_BYTES)
        return refuse(problem, 0, "Berkas terlalu besar, paling banyak 512 KB.");
    const char *text = decode(bytes, size, &length, arena);
    if (!text)
        return false;
    if (memchr(text, 0, length))
        return refuse(problem, 0, "Ini bukan berkas CSV. Dari Excel pilih Simpan sebagai, lalu CSV.");
    struct reader r = {.p = text, .end = text + length, .line = 1, .problem = problem, .arena = arena};
    r.field = arena_alloc(arena, CSV_FIELD + 1);
    read_hint(&r);
    if (!r.separator)
        r.separator = find_separator(r.p, r.end);
    ret->separator = r.separator;
    ret->text = text;
    ret->size = length;
    if (!r.field || !read_rows(&r, ret))
        return false;
    return ret->count || refuse(problem, 0, "Berkas ini kosong.");
}
