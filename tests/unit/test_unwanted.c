#include "rules/unwanted.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct row {
    const char *text;
    bool trap;
    int64_t seconds;
    int points;
    const char *why;
};

static void what_citizens_write_passes_and_what_machines_write_is_looked_at(void **state)
{
    static const struct row rows[] = {
        {"Jalan Anggrek berlubang di depan SD.", false, 60, 0, ""},
        {"Jalan Anggrek berlubang di depan SD.", false, 1, 1, "terlalu cepat"},
        {"Jalan Anggrek berlubang di depan SD.", false, -1, 1, "tanpa halaman formulir"},
        {"Warung itu tempat judi online, anak saya ikut main slot.", false, 60, 0, ""},
        {"Fotonya di https://foto.example/a dan petanya www.peta.example", false, 60, 1, "banyak tautan"},
        {"Mohon info 🙏🙏🙏 – “syarat” KTP…", false, 60, 0, ""},
        {"", true, 60, 3, "isian jebakan terisi"},
        {"<a href=\"https://a.example\">x</a>", false, -1, 3, "kode tautan, tanpa halaman formulir"},
        {"Situs gacor MAXWIN https://a.b https://c.d https://e.f", false, 60, 4, "banyak tautan, kata iklan"},
        {"Купить дешево https://a.example", false, -1, 3, "aksara asing, tanpa halaman formulir"},
        {"我们提供最好的服务", false, 60, 2, "aksara asing"},
        {NULL, false, 3, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char why[UNWANTED_WHY];
        const struct unwanted_facts facts = {rows[i].text, rows[i].trap, rows[i].seconds};
        assert_int_equal(unwanted_points(&facts, why), rows[i].points);
        assert_string_equal(why, rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_citizens_write_passes_and_what_machines_write_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
