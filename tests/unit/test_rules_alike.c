#include "rules/alike.h"
#include "rules/stem_words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct arena *arena;
static struct stemmer *stemmer;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(8 << 20);
    stemmer = stemmer_new();
    return arena && stemmer ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    stemmer_free(stemmer);
    arena_free(arena);
    return 0;
}

static const struct alike_sketch *sketch(const char *text)
{
    struct alike_sketch *made = arena_alloc(arena, sizeof *made);
    assert_true(alike_sketch_of(stemmer, text, strlen(text), made, arena));
    return made;
}

static uint32_t only_key(const char *word)
{
    struct stem_words words;
    assert_true(stem_words_of(stemmer, word, strlen(word), &words, arena));
    assert_int_equal(words.count, 1);
    return words.list[0].key;
}

static const char LAMP[] =
    "Lampu jalan di Gang Melati Kedopok mati sejak Senin, malam gelap sekali dan rawan.",
                  LAMP_TOO[] = "Penerangan jalan Gang Melati padam, lampu mati, gelap dan rawan kejahatan",
                  ROAD[] = "Jalan raya depan pasar berlubang dalam, kemarin ada pengendara motor terjatuh.",
                  CARD[] = "KTP saya belum jadi padahal sudah dua bulan menunggu blangko di loket.";

static void forms_of_one_word_have_one_key(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"menumpuk", "tumpukan"}, {"ditumpuk", "menumpuk"},
        {"mengirim", "kiriman"}, {"diambil", "mengambil"}, {"rusak", "kerusakan"}, {"laporan", "melaporkan"},
        {"menyapu", "sapu"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (only_key(same[i][0]) != only_key(same[i][1]))
            fail_msg("%s and %s are two words", same[i][0], same[i][1]);
    assert_int_not_equal(only_key("lampu"), only_key("jalan"));
}

static void what_says_nothing_is_left_out(void **state)
{
    (void)state;
    struct stem_words words;
    const char *text =
        "Assalamualaikum Bapak Camat yth, mohon lampu 2 buah 081234567890 di yg diperbaiki ya!";
    assert_true(stem_words_of(stemmer, text, strlen(text), &words, arena));
    assert_int_equal(words.count, 3);
    assert_string_equal(words.list[0].text, "lampu");
    assert_string_equal(words.list[1].text, "buah");
    assert_string_equal(words.list[2].text, "diperbaiki");
    assert_true(stem_words_of(stemmer, "", 0, &words, arena) && !words.count);
    assert_true(stem_words_of(stemmer, "\xff\xfe\x80", 3, &words, arena) && !words.count);
}

static void texts_share_all_something_or_nothing(void **state)
{
    (void)state;
    assert_int_equal(alike_share(sketch(LAMP), sketch(LAMP)), 100);
    assert_int_equal(
        alike_share(sketch(LAMP), sketch(LAMP_TOO)), alike_share(sketch(LAMP_TOO), sketch(LAMP)));
    assert_true(alike_share(sketch(LAMP), sketch(LAMP_TOO)) >= 25);
    assert_true(alike_share(sketch(LAMP), sketch(ROAD)) < 12);
    assert_int_equal(alike_share(sketch(LAMP), sketch(CARD)), 0);
    assert_int_equal(alike_share(sketch(""), sketch("")), 0);
}

/* Two long texts of which one half is the same: exact 33 of 100 for words alone; the estimate may be off by some. */
static void long_texts_are_compared_by_a_choice_of_their_keys(void **state)
{
    (void)state;
    char a[8000] = "", b[8000] = "";
    for (int i = 0; i < 400; i++) {
        char word[16];
        snprintf(word, sizeof word, "%c%c%coz ", 'b' + i % 7, 'a' + i % 5, 'b' + i / 20);
        strcat(i < 200 ? a : b, word);
        if (i >= 100 && i < 200)
            strcat(b, word);
    }
    int share = alike_share(sketch(a), sketch(b));
    assert_in_range(share, 15, 60);
    assert_int_equal(sketch(a)->count, ALIKE_SKETCH);
}

struct judged {
    const char *what, *a, *b;
    int days;
    int64_t citizen_a, citizen_b;
    const char *place_a, *place_b, *service_a, *service_b;
    bool suggested;
};

static void points_decide_what_is_suggested(void **state)
{
    (void)state;
    const struct judged table[] = {
        {"a chain letter", LAMP, LAMP, 10, 1, 2, NULL, NULL, NULL, NULL, true},
        {"a chain letter, too long ago", LAMP, LAMP, 15, 1, 2, NULL, NULL, NULL, NULL, false},
        {"sent twice by one person, a month apart", LAMP, LAMP, 30, 1, 1, NULL, NULL, NULL, NULL, true},
        {"in other words, same place and service", LAMP, LAMP_TOO, 1, 1, 2, "Kedopok", "kedopok",
            "penerangan_jalan", "penerangan_jalan", true},
        {"in other words, elsewhere", LAMP, LAMP_TOO, 1, 1, 2, "Kedopok", "Jrebeng", "penerangan_jalan",
            "penerangan_jalan", false},
        {"in other words by the same person", LAMP, LAMP_TOO, 6, 3, 3, NULL, NULL, "penerangan_jalan",
            "penerangan_jalan", true},
        {"another matter of the same person, place and service", LAMP, ROAD, 0, 3, 3, "Kedopok", "Kedopok",
            "jalan", "jalan", false},
        {"the same road trouble nobody knows where", "Jalan rusak", "Jalan rusak", 0, 1, 2, NULL, NULL,
            "jalan", "jalan", false},
        {"unknown people are not the same person", LAMP, LAMP_TOO, 6, 0, 0, NULL, NULL, "penerangan_jalan",
            "penerangan_jalan", false},
        {"empty", "", "", 0, 1, 1, "Kedopok", "Kedopok", "jalan", "jalan", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct judged *j = &table[i];
        struct alike_facts a = {.at = 86400000LL * 100,
                               .citizen_id = j->citizen_a,
                               .place = j->place_a,
                               .service = j->service_a,
                               .sketch = sketch(j->a)},
                           b = {.at = 86400000LL * (100 + j->days),
                               .citizen_id = j->citizen_b,
                               .place = j->place_b,
                               .service = j->service_b,
                               .sketch = sketch(j->b)};
        struct alike_verdict v, turned;
        if (alike_judge(&a, &b, &v) != j->suggested || alike_judge(&b, &a, &turned) != j->suggested)
            fail_msg("%s: %d points, %d %% of the text", j->what, v.points, v.share);
        assert_int_equal(v.points, turned.points);
    }
}

static void reasons_are_words_of_the_office(void **state)
{
    (void)state;
    const char *reasons[ALIKE_REASONS_MOST];
    const struct alike_verdict all = {
        .share = 83, .days = 2, .same_citizen = true, .same_place = true, .same_service = true};
    assert_int_equal(alike_reasons(&all, "Kedopok", "Penerangan jalan", reasons, arena), 5);
    assert_string_equal(reasons[0], "Pengadunya sama");
    assert_string_equal(reasons[1], "Isinya 83 % sama");
    assert_string_equal(reasons[2], "Tempatnya sama: Kedopok");
    assert_string_equal(reasons[3], "Layanannya sama: Penerangan jalan");
    assert_string_equal(reasons[4], "Selisih 2 hari");
    const struct alike_verdict text = {.share = 100};
    assert_int_equal(alike_reasons(&text, NULL, NULL, reasons, arena), 2);
    assert_string_equal(reasons[1], "Masuk dalam sehari");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_one_word_have_one_key),
        cmocka_unit_test(what_says_nothing_is_left_out),
        cmocka_unit_test(texts_share_all_something_or_nothing),
        cmocka_unit_test(long_texts_are_compared_by_a_choice_of_their_keys),
        cmocka_unit_test(points_decide_what_is_suggested),
        cmocka_unit_test(reasons_are_words_of_the_office),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
