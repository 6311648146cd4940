/* JPEG: ITU T.81 annex B (segments). EXIF: CIPA DC-008 4.5 to 4.6.6 (TIFF directories, GPS tags). PNG: third edition,
 * sections 5 and 11. WebP: the RIFF container of RFC 9649. */
#include "picture.h"
#include <string.h>

enum {
    MARKER_SOI = 0xD8,
    MARKER_SOS = 0xDA,
    MARKER_APP1 = 0xE1,
    TAG_GPS = 0x8825,
    TAG_LATITUDE_REF = 1,
    TAG_LATITUDE = 2,
    TAG_LONGITUDE_REF = 3,
    TAG_LONGITUDE = 4,
    TYPE_ASCII = 2,
    TYPE_LONG = 4,
    TYPE_RATIONAL = 5,
    ENTRIES_MOST = 512,
};

struct bytes {
    const unsigned char *at;
    size_t n;
};

/* ---- TIFF inside EXIF ---- */

struct tiff {
    struct bytes all;
    bool big_endian;
};

static bool get16(const struct tiff *t, size_t at, uint32_t *ret)
{
    if (at > t->all.n || t->all.n - at < 2)
        return false;
    const unsigned char *p = t->all.at + at;
    *ret = t->big_endian ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
    return true;
}

static bool get32(const struct tiff *t, size_t at, uint32_t *ret)
{
    uint32_t first, second;
    if (!get16(t, at, &first) || !get16(t, at + 2, &second))
        return false;
    *ret = t->big_endian ? first << 16 | second : second << 16 | first;
    return true;
}

/* Where the entry of that tag begins in the directory at `at`. */
static bool find_tag(const struct tiff *t, size_t at, uint32_t tag, size_t *ret_entry)
{
    uint32_t count, found;
    if (!get16(t, at, &count) || count > ENTRIES_MOST)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        size_t entry = at + 2 + (size_t)i * 12;
        if (!get16(t, entry, &found))
            return false;
        if (found == tag) {
            *ret_entry = entry;
            return true;
        }
    }
    return false;
}

static bool entry_is(const struct tiff *t, size_t entry, uint32_t type, uint32_t count)
{
    uint32_t has_type, has_count;
    return get16(t, entry + 2, &has_type) && get32(t, entry + 4, &has_count) && has_type == type &&
           has_count == count;
}

/* A rational in millionths; a denominator of 0 stands for "not known", which some cameras write for seconds. */
static bool get_micro(const struct tiff *t, size_t at, int64_t *ret)
{
    uint32_t over, under;
    if (!get32(t, at, &over) || !get32(t, at + 4, &under))
        return false;
    *ret = under ? (int64_t)((uint64_t)over * 1000000 / under) : 0;
    return under || !over;
}

/* Degrees, minutes, seconds, and the letter of the half of the globe. */
static bool get_angle(const struct tiff *t, size_t gps, uint32_t tag, uint32_t tag_ref, const char *letters,
    int64_t most, int32_t *ret)
{
    size_t entry, ref;
    uint32_t at;
    int64_t degrees, minutes, seconds;
    if (!find_tag(t, gps, tag, &entry) || !entry_is(t, entry, TYPE_RATIONAL, 3) ||
        !find_tag(t, gps, tag_ref, &ref) || !entry_is(t, ref, TYPE_ASCII, 2) || !get32(t, entry + 8, &at) ||
        !get_micro(t, at, &degrees) || !get_micro(t, at + 8, &minutes) || !get_micro(t, at + 16, &seconds))
        return false;
    char letter = (char)t->all.at[ref + 8]; /* read above: the entry is whole */
    if (degrees > most || minutes > 60000000 || seconds > 60000000 ||
        (letter != letters[0] && letter != letters[1]))
        return false;
    int64_t angle = (degrees * 3600 + minutes * 60 + seconds + 1800) / 3600; /* rounded */
    if (angle > most)
        return false;
    *ret = (int32_t)(letter == letters[1] ? -angle : angle);
    return true;
}

static bool tiff_place(struct bytes all, int32_t *ret_latitude, int32_t *ret_longitude)
{
    uint32_t magic, first, gps;
    size_t entry;
    struct tiff t = {.all = all};
    if (all.n < 8 || (memcmp(all.at, "II", 2) && memcmp(all.at, "MM", 2)))
        return false;
    t.big_endian = all.at[0] == 'M';
    if (!get16(&t, 2, &magic) || magic != 42 || !get32(&t, 4, &first) ||
        !find_tag(&t, first, TAG_GPS, &entry) || !entry_is(&t, entry, TYPE_LONG, 1) ||
        !get32(&t, entry + 8, &gps))
        return false;
    int32_t latitude, longitude;
    if (!get_angle(&t, gps, TAG_LATITUDE, TAG_LATITUDE_REF, "NS", 90000000, &latitude) ||
        !get_angle(&t, gps, TAG_LONGITUDE, TAG_LONGITUDE_REF, "EW", 180000000, &longitude) ||
        (!latitude && !longitude))
        return false;
    *ret_latitude = latitude;
    *ret_longitude = longitude;
    return true;
}

/* "Exif\0\0" stands before the TIFF header in JPEG, and in some WebP files too. */
static struct bytes without_exif_mark(struct bytes b)
{
    return b.n > 6 && !memcmp(b.at, "Exif\0\0", 6) ? (struct bytes){b.at + 6, b.n - 6} : b;
}

/* ---- pieces of the containers ---- */

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little32(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* The next piece of a file: its name and what it holds. */
struct piece {
    uint32_t name; /* marker, or four letters */
    struct bytes content;
};

/* Takes one segment before the picture data off *rest. A marker may be filled up with 0xFF before it. */
static bool next_segment(struct bytes *rest, struct piece *ret)
{
    struct bytes b = *rest;
    size_t fill = 0;
    while (fill + 1 < b.n && b.at[fill] == 0xFF && b.at[fill + 1] == 0xFF)
        fill++;
    if (b.n - fill < 4 || b.at[fill] != 0xFF)
        return false;
    size_t size = (size_t)b.at[fill + 2] << 8 | b.at[fill + 3];
    if (size < 2 || b.n - fill - 2 < size)
        return false;
    *ret = (struct piece){.name = b.at[fill + 1], .content = {b.at + fill + 4, size - 2}};
    *rest = (struct bytes){b.at + fill + 2 + size, b.n - fill - 2 - size};
    return true;
}

static bool next_png_chunk(struct bytes *rest, struct piece *ret)
{
    uint32_t size = rest->n >= 12 ? big32(rest->at) : 0;
    if (rest->n < 12 || size > rest->n - 12)
        return false;
    *ret = (struct piece){.name = big32(rest->at + 4), .content = {rest->at + 8, size}};
    *rest = (struct bytes){rest->at + size + 12, rest->n - size - 12};
    return true;
}

static bool next_riff_chunk(struct bytes *rest, struct piece *ret)
{
    uint32_t size = rest->n >= 8 ? little32(rest->at + 4) : 0;
    size_t whole = (size_t)size + (size & 1) + 8;
    if (rest->n < 8 || whole > rest->n)
        return false;
    *ret = (struct piece){.name = big32(rest->at), .content = {rest->at + 8, size}};
    *rest = (struct bytes){rest->at + whole, rest->n - whole};
    return true;
}

#define LETTERS(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static const unsigned char png_magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

enum container { CONTAINER_NONE, CONTAINER_JPEG, CONTAINER_PNG, CONTAINER_WEBP };

/* What it is, and what stands behind its signature. */
static enum container open_container(struct bytes b, struct bytes *ret_rest)
{
    if (b.n > 4 && b.at[0] == 0xFF && b.at[1] == MARKER_SOI && b.at[2] == 0xFF) {
        *ret_rest = (struct bytes){b.at + 2, b.n - 2};
        return CONTAINER_JPEG;
    }
    if (b.n > 8 && !memcmp(b.at, png_magic, 8)) {
        *ret_rest = (struct bytes){b.at + 8, b.n - 8};
        return CONTAINER_PNG;
    }
    if (b.n > 12 && !memcmp(b.at, "RIFF", 4) && !memcmp(b.at + 8, "WEBP", 4)) {
        *ret_rest = (struct bytes){b.at + 12, b.n - 12};
        return CONTAINER_WEBP;
    }
    return CONTAINER_NONE;
}

typedef bool next_piece(struct bytes *rest, struct piece *ret);

bool picture_place(const void *bytes, size_t n, int32_t *ret_latitude, int32_t *ret_longitude)
{
    static next_piece *const next[] = {NULL, next_segment, next_png_chunk, next_riff_chunk};
    static const uint32_t names[] = {
        0, MARKER_APP1, LETTERS('e', 'X', 'I', 'f'), LETTERS('E', 'X', 'I', 'F')};
    struct bytes rest = {NULL, 0};
    struct piece piece;
    enum container container = open_container((struct bytes){bytes, n}, &rest);
    while (container && next[container](&rest, &piece)) {
        if (container == CONTAINER_JPEG && piece.name == MARKER_SOS)
            return false;
        if (piece.name == names[container] &&
            tiff_place(without_exif_mark(piece.content), ret_latitude, ret_longitude))
            return true;
    }
    return false;
}
