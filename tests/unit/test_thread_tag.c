#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "rules/satisfaction.h"
#include "rules/thread_tag.h"
#include <stdio.h>
#include <string.h>

static const struct thread_key key = {{1, 2, 3}}, other_key = {{1, 2, 4}};
static const unsigned char noise[THREAD_NOISE_SIZE] = {0xab, 0xcd, 0xef};

static void an_id_is_ours_under_our_key_alone(void **state)
{
    char id[THREAD_ID_SIZE], whole[100];
    (void)state;
    thread_tag_id(&key, noise, id);
    assert_int_equal(strlen(id), THREAD_ID_SIZE - 1);
    snprintf(whole, sizeof whole, "%s@kedopok.example", id);
    assert_true(thread_tag_is_ours(&key, whole));
    assert_false(thread_tag_is_ours(&other_key, whole));
    for (char *p = whole; *p != '@'; p++) { /* any changed character spoils it */
        char was = *p;
        *p = was == '0' ? '1' : '0';
        assert_false(thread_tag_is_ours(&key, whole));
        *p = was;
    }
    assert_false(thread_tag_is_ours(&key, id));
    assert_false(thread_tag_is_ours(&key, NULL));
    assert_false(thread_tag_is_ours(&key, "@"));
}

static void ours_are_found_in_any_bytes(void **state)
{
    char id[THREAD_ID_SIZE], found[THREAD_ID_SIZE], bytes[600], foreign[THREAD_ID_SIZE];
    size_t at = 0;
    (void)state;
    thread_tag_id(&key, noise, id);
    thread_tag_id(&other_key, noise, foreign);
    int n = snprintf(bytes, sizeof bytes, "....\n...0.1.2.Message-Id: <%s@x>\nX: %s\nMESSAGE-ID=%s%c%s.",
        foreign, id, "AbCdEf.", 0, id);
    for (char *p = bytes + n - THREAD_ID_SIZE; p < bytes + n; p++) /* some systems write all in capitals */
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 32);
    for (int i = 0; i < 2; i++) {
        assert_true(thread_tag_find_ours(&key, bytes, (size_t)n, &at, found));
        assert_string_equal(found, id);
    }
    assert_false(thread_tag_find_ours(&key, bytes, (size_t)n, &at, found));
    for (size_t cut = 0; cut < (size_t)n; cut++) { /* never reads beyond */
        at = 0;
        char exact[600];
        memcpy(exact, bytes, cut);
        while (thread_tag_find_ours(&key, exact, cut, &at, found))
            assert_true(at <= cut);
    }
}

static void a_number_has_its_tag_and_no_other(void **state)
{
    char tag[THREAD_TAG_SIZE], upper[THREAD_TAG_SIZE];
    (void)state;
    thread_tag_of_number(&key, "014/PGD/XI/2026", tag);
    assert_true(thread_tag_fits(&key, "014/PGD/XI/2026", tag));
    for (size_t i = 0; i < sizeof upper; i++)
        upper[i] = tag[i] >= 'a' && tag[i] <= 'z' ? (char)(tag[i] - 32) : tag[i];
    assert_true(thread_tag_fits(&key, "014/PGD/XI/2026", upper));
    assert_false(thread_tag_fits(&key, "015/PGD/XI/2026", tag));
    assert_false(thread_tag_fits(&other_key, "014/PGD/XI/2026", tag));
    assert_false(thread_tag_fits(&key, "014/PGD/XI/2026", NULL));
    assert_false(thread_tag_fits(&key, "014/PGD/XI/2026", ""));
    assert_int_equal(thread_tag_span("k7qmx2r9]"), 8);
    assert_int_equal(thread_tag_span("k7qmx2r"), 0);
    assert_int_equal(thread_tag_span("k7qmx2r9a"), 0);
}

static void only_a_bare_word_is_a_rating(void **state)
{
    static const char *const good[] = {"PUAS", " Sangat puas.\n", "Terima kasih!"},
                             *const poor[] = {"kurang", "Tidak puas."},
                             *const none[] = {NULL, "", "Puas, tetapi lampunya mati lagi.", "puaskah?  tidak",
                                 "terima kasih 😀", "belum"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(satisfaction_of(good[i]), SATISFACTION_GOOD);
    for (size_t i = 0; i < sizeof poor / sizeof *poor; i++)
        assert_int_equal(satisfaction_of(poor[i]), SATISFACTION_POOR);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(satisfaction_of(none[i]), SATISFACTION_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_ours_under_our_key_alone),
        cmocka_unit_test(ours_are_found_in_any_bytes),
        cmocka_unit_test(a_number_has_its_tag_and_no_other),
        cmocka_unit_test(only_a_bare_word_is_a_rating),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
