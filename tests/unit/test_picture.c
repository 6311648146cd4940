#include "rules/picture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct file {
    unsigned char at[2048];
    size_t n;
};

static void put(struct file *f, const void *bytes, size_t n)
{
    assert_true(f->n + n <= sizeof f->at);
    memcpy(f->at + f->n, bytes, n);
    f->n += n;
}

static void put_number(struct file *f, uint32_t value, int size, bool big)
{
    for (int i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)(value >> 8 * (big ? size - 1 - i : i));
        put(f, &byte, 1);
    }
}

static void put_angle(struct file *f, const uint32_t parts[6], bool big)
{
    for (int i = 0; i < 6; i++)
        put_number(f, parts[i], 4, big);
}

/* TIFF with a GPS directory: 7 33 21.96 south, 112 40 58.44 east, unless other parts are given. */
static struct file make_tiff(bool big, const uint32_t latitude[6], char north_south)
{
    static const uint32_t longitude[6] = {112, 1, 40, 1, 5844, 100};
    struct file f = {.n = 0};
    put(&f, big ? "MM" : "II", 2);
    put_number(&f, 42, 2, big);
    put_number(&f, 8, 4, big);
    put_number(&f, 1, 2, big);
    put_number(&f, 0x8825, 2, big), put_number(&f, 4, 2, big), put_number(&f, 1, 4, big),
        put_number(&f, 26, 4, big);
    put_number(&f, 0, 4, big);
    put_number(&f, 4, 2, big);
    put_number(&f, 1, 2, big), put_number(&f, 2, 2, big), put_number(&f, 2, 4, big), put(&f, &north_south, 1),
        put(&f, "\0\0\0", 3);
    put_number(&f, 2, 2, big), put_number(&f, 5, 2, big), put_number(&f, 3, 4, big),
        put_number(&f, 80, 4, big);
    put_number(&f, 3, 2, big), put_number(&f, 2, 2, big), put_number(&f, 2, 4, big), put(&f, "E\0\0\0", 4);
    put_number(&f, 4, 2, big), put_number(&f, 5, 2, big), put_number(&f, 3, 4, big),
        put_number(&f, 104, 4, big);
    put_number(&f, 0, 4, big);
    put_angle(&f, latitude, big);
    put_angle(&f, longitude, big);
    return f;
}

static const uint32_t porong[6] = {7, 1, 33, 1, 2196, 100};

static void put_segment(struct file *f, unsigned char marker, const void *bytes, size_t n)
{
    const unsigned char head[] = {0xFF, marker, (unsigned char)((n + 2) >> 8), (unsigned char)(n + 2)};
    put(f, head, sizeof head);
    put(f, bytes, n);
}

static struct file make_jpeg(const struct file *tiff)
{
    struct file f = {.n = 0}, exif = {.n = 0};
    put(&exif, "Exif\0\0", 6);
    put(&exif, tiff->at, tiff->n);
    put(&f, "\xFF\xD8", 2);
    put_segment(&f, 0xE0, "JFIF\0\1\1\0\0\1\0\1\0\0", 14);
    put_segment(&f, 0xE1, exif.at, exif.n);
    put_segment(&f, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>", 42);
    put_segment(&f, 0xFE, "difoto di rumah", 15);
    put_segment(&f, 0xDB, "tabel", 5);
    put_segment(&f, 0xDA, "awal", 4);
    put(&f, "gambar\xFF\x00gambar\xFF\xD0gambar", 22);
    put_segment(&f, 0xDA, "lagi", 4);
    put(&f, "lagi\xFF\xD9", 6);
    put(&f, "data kamera di belakang", 23);
    return f;
}

static void put_chunk(struct file *f, const char *name, const void *bytes, size_t n)
{
    put_number(f, (uint32_t)n, 4, true);
    put(f, name, 4);
    put(f, bytes, n);
    put(f, "crc!", 4);
}

static struct file make_png(const struct file *tiff)
{
    struct file f = {.n = 0};
    put(&f, "\x89PNG\r\n\x1A\n", 8);
    put_chunk(&f, "IHDR", "0123456789abc", 13);
    put_chunk(&f, "eXIf", tiff->at, tiff->n);
    put_chunk(&f, "tEXt", "Comment\0rumah", 13);
    put_chunk(&f, "IDAT", "gambar", 6);
    put_chunk(&f, "IEND", "", 0);
    return f;
}

static void put_riff(struct file *f, const char *name, const void *bytes, size_t n)
{
    put(f, name, 4);
    put_number(f, (uint32_t)n, 4, false);
    put(f, bytes, n);
    if (n & 1)
        put(f, "", 1);
}

static struct file make_webp(const struct file *tiff)
{
    struct file f = {.n = 0};
    put(&f, "RIFF\0\0\0\0WEBP", 12);
    put_riff(&f, "VP8X", "\x0C\0\0\0\0\0\0\0\0\0", 10);
    put_riff(&f, "VP8 ", "gambar!", 7);
    put_riff(&f, "EXIF", tiff->at, tiff->n);
    put_riff(&f, "XMP ", "<x/>", 4);
    return f;
}

static void a_photograph_says_where_it_was_taken(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct file tiff = make_tiff(big, porong, 'S');
        struct file files[] = {make_jpeg(&tiff), make_png(&tiff), make_webp(&tiff)};
        for (size_t i = 0; i < 3; i++) {
            int32_t latitude = 0, longitude = 0;
            assert_true(picture_place(files[i].at, files[i].n, &latitude, &longitude));
            assert_int_equal(latitude, -7556100);
            assert_int_equal(longitude, 112682900);
        }
    }
}

static void nonsense_is_no_place(void **state)
{
    (void)state;
    static const uint32_t beyond[6] = {91, 1, 0, 1, 0, 1}, without[6] = {7, 0, 33, 1, 0, 1};
    const uint32_t *const angles[] = {beyond, without};
    int32_t latitude = 1, longitude = 1;
    for (size_t i = 0; i < 2; i++) {
        struct file tiff = make_tiff(true, angles[i], 'S'), jpeg = make_jpeg(&tiff);
        assert_false(picture_place(jpeg.at, jpeg.n, &latitude, &longitude));
    }
    struct file tiff = make_tiff(true, porong, 'X'), jpeg = make_jpeg(&tiff);
    assert_false(picture_place(jpeg.at, jpeg.n, &latitude, &longitude));
    assert_false(picture_place("", 0, &latitude, &longitude));
    assert_int_equal(latitude, 1);
}

/* Every beginning of a file, with nothing behind it: ASan sees a read past the end. */
static void a_file_cut_anywhere_is_harmless(void **state)
{
    (void)state;
    struct file tiff = make_tiff(false, porong, 'S');
    struct file files[] = {make_jpeg(&tiff), make_png(&tiff), make_webp(&tiff)};
    for (size_t i = 0; i < 3; i++)
        for (size_t n = 0; n < files[i].n; n++) {
            int32_t latitude, longitude;
            unsigned char *exact = malloc(n ? n : 1);
            assert_non_null(exact);
            memcpy(exact, files[i].at, n);
            (void)picture_place(exact, n, &latitude, &longitude);
            free(exact);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photograph_says_where_it_was_taken),
        cmocka_unit_test(nonsense_is_no_place),
        cmocka_unit_test(a_file_cut_anywhere_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
