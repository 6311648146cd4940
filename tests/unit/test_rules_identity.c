#include "rules/identity.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct identity_found find(struct arena *arena, const char *text)
{
    struct identity_found found;
    assert_true(identity_find(text, strlen(text), &found, arena));
    return found;
}

/* "nama=Sulastri;nik=3574..." of a text. */
static const char *shown(struct arena *arena, const char *text)
{
    struct identity_found found = find(arena, text);
    const char *out = "";
    for (size_t i = 0; i < found.count; i++) {
        const struct identity_span *s = &found.spans[i];
        out = arena_printf(arena, "%s%s%s=%.*s", out, i ? ";" : "", identity_type_key(s->type),
            (int)(s->byte_end - s->byte_start), text + s->byte_start);
    }
    return out;
}

struct sample {
    const char *text, *found;
};

static void check(const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new(1 << 20);
        const char *got = shown(arena, samples[i].text);
        if (strcmp(got, samples[i].found) != 0)
            fail_msg("\"%s\" gave \"%s\", expected \"%s\"", samples[i].text, got, samples[i].found);
        arena_free(arena);
    }
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof *(samples))

static void numbers_are_told_apart(void **state)
{
    static const struct sample samples[] = {
        {"NIK 3574026010859001", "nik=3574026010859001"},
        {"3574.0260.1085.9001", "nik=3574.0260.1085.9001"},
        {"kk 3515 0312 0411 0003 dan wa 0812 5550 0114", "nik=3515 0312 0411 0003;telepon=0812 5550 0114"},
        {"3574026010859001 081255500114", "nik=3574026010859001;telepon=081255500114"},
        {"WA +62 812-5550-0114.", "telepon=+62 812-5550-0114"},
        {"6281255500114", "telepon=6281255500114"},
        {"(031) 555-0105", "telepon=(031) 555-0105"},
        {"(0812-5550-0300)", "telepon=0812-5550-0300"},
        {"telepon kantor (031) 555-0105", ""},
        {"norek BRI 0355-01-000555-53-2", "rekening=0355-01-000555-53-2"},
        {"rekening dana 085755500204", "telepon=085755500204"},
        {"nopol n 4021 yz", "plat_nomor=n 4021 yz"},
        {"Truk N-2290-TW", "plat_nomor=N-2290-TW"},
        {"ratna.dewi+a@surel.example.", "email=ratna.dewi+a@surel.example"},
        {"@surel.example a@b", ""},
    };
    (void)state;
    CHECK(samples);
}

static void other_numbers_are_left(void **state)
{
    static const struct sample samples[] = {
        {"Nomor 014/PGD/XI/2026", ""},
        {"Surat nomor 470/1203/438.7.18/2026", ""},
        {"Tanggal 12-10-2026 pukul 08.30", ""},
        {"Rp3.450.000 dan Rp 1.500.000,00", ""},
        {"NIP 197001011995011001", ""},
        {"NOP 35.15.030.012.005-0123.0", ""},
        {"NPWP 09.254.294.3-407.000", ""},
        {"IMG-20261116-WA0003.jpg", ""},
        {"Tiang lampu nomor 1234567890", ""},
        {"antrean A 045, masker N 95, blok B 12 AB", ""},
        {"kode 7KQM-X2R9-4T", ""},
    };
    (void)state;
    CHECK(samples);
}

static void names_are_found_where_they_are_announced(void **state)
{
    static const struct sample samples[] = {
        {"nama saya Sulastri", "nama=Sulastri"},
        {"Nama: tukiyo, alamat tidak ada", "nama=tukiyo"},
        {"atas nama SITI AMINAH, NIK", "nama=SITI AMINAH"},
        {"a.n. Abdul Wahid", "nama=Abdul Wahid"},
        {"Bapak Suharto (tetangga)", "nama=Suharto"},
        {"Petugas mas Rizal sabar", "nama=mas Rizal"},
        {"Ny. Kasiati", "nama=Ny. Kasiati"},
        {"KTP Joko P. rusak", "nama=Joko P."},
        {"Korban bernama Bayu (7 th) dirawat", "nama=Bayu (7 th)"},
        {"Anak saya Muhammad Fajar Ramadhan tidak diterima", "nama=Muhammad Fajar Ramadhan"},
        {"Ahmad, Budi, dan Citra tidak datang", "nama=Ahmad;nama=Budi;nama=Citra"},
        {"Ketua RT Pak Slamet Riyadi", "nama=Pak Slamet Riyadi"},
        {"Hormat kami,\nRudi Hartawan", "nama=Rudi Hartawan"},
        {"eppak kaule anyama Sahrawi", "nama=Sahrawi"},
    };
    (void)state;
    CHECK(samples);
}

static void posts_places_and_days_are_no_names(void **state)
{
    static const struct sample samples[] = {
        {"Pak Camat dan Bu Lurah, Pak RT", ""},
        {"Jalan Panglima Sudirman, Jl. Ahmad Yani", ""},
        {"Masjid Nurul Huda, Toko Makmur Jaya, CV Karya Mandiri", ""},
        {"Hari Kartini bulan Agustus", ""},
        {"Bunga Melati dan Dahlia", ""},
        {"Gang Pak Kasan gelap", ""},
        {"penyuluhan dr BPN lagi", ""},
        {"nama saya rahasiakan", ""},
        {"saya kasih tau", ""},
    };
    (void)state;
    CHECK(samples);
}

static void homes_are_told_from_places(void **state)
{
    static const struct sample samples[] = {
        {"tinggal di Desa Pamotan RT 10/03 rumah cat hijau.",
            "alamat_rumah=Desa Pamotan RT 10/03 rumah cat hijau"},
        {"Perum Griya Asri Blok D-7", "alamat_rumah=Perum Griya Asri Blok D-7"},
        {"Alamat: Jl. Brantas Gg. 5 No. 17A", "alamat_rumah=Jl. Brantas Gg. 5 No. 17A"},
        {"RT 5 RW 2 Wunut gelap", ""},
        {"lampu Gang Mawar RT 3 mati", ""},
        {"SDN Jrebeng Lor 2 Jl. Raya Bromo No. 10", ""},
        {"Puskesmas, Jl. Kesehatan No. 1", ""},
        {"saya tinggal di Gedang", ""},
    };
    (void)state;
    CHECK(samples);
}

static void places_are_counted_in_code_points(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct identity_found found =
        find(arena, "\xf0\x9f\x98\x80 \xe2\x80\x9cNIK\xe2\x80\x9d 3574026010859001");
    assert_int_equal(found.count, 1);
    assert_int_equal(found.spans[0].start, 8);
    assert_int_equal(found.spans[0].end, 24);
    assert_int_equal(found.spans[0].byte_start, 15);
    arena_free(arena);
}

static void any_bytes_and_any_length_are_fine(void **state)
{
    (void)state;
    enum { LONG = 200000 };
    static const char *const pieces[] = {
        "0", "a@b.c ", "Pak ", "Jl. ", "RT 1 ", "\xff", "(", "N 1 A ", "saya, "};
    struct identity_found found;
    char *text = malloc(LONG);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        struct arena *arena = arena_new(256 << 20);
        for (size_t i = 0; i < LONG; i++)
            text[i] = pieces[p][i % strlen(pieces[p])];
        assert_true(identity_find(text, 20000, &found, arena));
        arena_free(arena);
    }
    struct arena *none = arena_new(64);
    assert_false(identity_find(text, 20000, &found, none));
    arena_free(none);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_told_apart),
        cmocka_unit_test(other_numbers_are_left),
        cmocka_unit_test(names_are_found_where_they_are_announced),
        cmocka_unit_test(posts_places_and_days_are_no_names),
        cmocka_unit_test(homes_are_told_from_places),
        cmocka_unit_test(places_are_counted_in_code_points),
        cmocka_unit_test(any_bytes_and_any_length_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
