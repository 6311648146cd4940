/* The texts of letters: what may be saved, and how they are filled. */
#include "tests/support/scratch_book.h"

#include "daemon/desk/reply.h"

static void shipped_texts_pass_their_own_check(void **state)
{
    size_t count;
    struct fault fault;
    const struct reply_kind *kinds = reply_kinds(&count);
    (void)state;
    assert_int_equal(count, 13);
    for (size_t i = 0; i < count; i++) {
        if (reply_check(&kinds[i], reply_shipped(&kinds[i]), &fault))
            fail_msg("%s: %s", kinds[i].name, fault.public_text);
        assert_true(strlen(reply_shipped(&kinds[i])) > 20);
    }
}

static void wrong_placeholders_are_named(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"{nomor} {isi} {nama}", "{nama}"},
        {"{nomor} {isi} {kode", "{kode"},
        {"{nomor} {isi} }", "}"},
        {"{nomor} {isi} { kode }", "{ kode }"},
        {"{nomor} {isi} {Kode}", "{Kode}"},
        {"{nomor} {{isi}}", "{{isi}}"},
        {"{isi}", "{nomor}"},
        {"{nomor}", "{isi}"},
        {" \n", "Isi teksnya"},
        {"{nomor} {isi} {tautan_meja}", "{tautan_meja}"},
    };
    struct fault fault;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(reply_check(reply_find("jawaban"), rows[i].text, &fault), OUTCOME_NEVER);
        if (!strstr(fault.public_text, rows[i].said))
            fail_msg("%s: %s", rows[i].text, fault.public_text);
    }
    assert_null(reply_find("tidak_ada"));
    assert_int_equal(reply_check(reply_find("jawaban"), "{nomor}: {isi}", &fault), OUTCOME_DONE);
}

static void what_is_not_said_leaves_no_hole_and_what_is_filled_in_is_not_read_again(void **state)
{
    const struct reply_word words[] = {
        {"isi", "satu {nomor}\n\n\ndua"}, {"catatan", ""}, {"nomor", "7"}, {NULL, NULL}};
    struct arena *arena = arena_new(1 << 20);
    (void)state;
    assert_string_equal(reply_fill("a\n\n{catatan}\n\nb {nomor}\r\n{isi}\n\n{catatan}", words, arena),
        "a\n\nb 7\nsatu {nomor}\n\n\ndua\n");
    assert_string_equal(reply_fill("x {catatan} y {lain}", words, arena), "x  y {lain}\n");
    arena_free(arena);
}

IN_BOOK(what_the_office_wrote_is_used_until_it_is_taken_back)
{
    const struct reply_kind *kind = reply_find("penutup");
    const char *text;
    bool changed;
    DONE(reply_text(txn, kind, &text, &changed, scratch_arena, fault));
    assert_false(changed);
    assert_string_equal(text, reply_shipped(kind));
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_texts_pass_their_own_check),
        cmocka_unit_test(wrong_placeholders_are_named),
        cmocka_unit_test(what_is_not_said_leaves_no_hole_and_what_is_filled_in_is_not_read_again),
        BOOK_TEST(what_the_office_wrote_is_used_until_it_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
