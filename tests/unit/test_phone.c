#include "gateway_support.h"
#include "rules/phone.h"

static void check_cases(const char *list, bool (*read)(const char *, char[PHONE_MAX]))
{
    json_t *root = support_sample_json("phone_cases.json"), *one;
    size_t i;
    assert_true(json_array_size(json_object_get(root, list)) > 10);
    json_array_foreach(json_object_get(root, list), i, one)
    {
        char out[PHONE_MAX] = "untouched";
        const char *in = json_string_value(json_object_get(one, "in"));
        const char *expected = json_string_value(json_object_get(one, "out"));
        bool known = read(in, out);
        if (known != (expected != NULL) || strcmp(out, expected ? expected : "untouched"))
            fail_msg("%s \"%s\" gave %s, expected %s", list, in, known ? out : "nothing",
                expected ? expected : "nothing");
    }
    json_decref(root);
}

static void typed_numbers_become_e164(void **state)
{
    (void)state;
    check_cases("human_input", phone_from_human);
    char out[PHONE_MAX];
    assert_true(phone_from_human("\xEF\xBC\x90\xEF\xBC\x98\xEF\xBC\x91\xEF\xBC\x92"
                                 "34567890",
        out)); /* full width */
    assert_string_equal(out, "+6281234567890");
    assert_true(phone_from_human("0812\xC2\xA0"
                                 "3456 7890",
        out)); /* no-break space */
    assert_false(phone_from_human("081\xFF"
                                  "234567890",
        out)); /* no UTF-8 */
    assert_false(phone_from_human("0812+34567890", out));
    assert_false(phone_from_human("0800 123 4567", out)); /* toll-free */
    assert_false(phone_from_human("0812345678900812345678900812345678", out));
    assert_false(phone_from_human(NULL, out));
}

static void gateway_ids_are_international_already(void **state)
{
    (void)state;
    check_cases("wa_id_input", phone_from_wa_id);
    char out[PHONE_MAX];
    assert_false(phone_from_wa_id("081234567890", out));
    assert_false(phone_from_wa_id("6281234567890:@s.whatsapp.net", out));
    assert_false(phone_from_wa_id("6281234567890@contoh.id", out));
    assert_false(phone_from_wa_id("", out));
    assert_false(phone_from_wa_id(NULL, out));
}

static void only_the_suffix_tells_the_kind_of_an_id(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum phone_id_kind kind;
    } kinds[] = {{"lid", PHONE_ID_LID}, {"bsuid", PHONE_ID_BSUID}, {"group", PHONE_ID_GROUP},
        {"channel", PHONE_ID_CHANNEL}, {"status", PHONE_ID_STATUS}};
    json_t *root = support_sample_json("phone_cases.json"), *one;
    size_t i, seen = 0;
    json_array_foreach(json_object_get(root, "wa_id_input"), i, one)
    {
        const char *kind = json_string_value(json_object_get(one, "kind"));
        enum phone_id_kind got = phone_id_kind(json_string_value(json_object_get(one, "in")));
        if (!kind)
            assert_int_equal(got, PHONE_ID_PHONE);
        for (size_t k = 0; kind && k < sizeof kinds / sizeof *kinds; k++)
            if (!strcmp(kinds[k].name, kind)) {
                assert_int_equal(got, kinds[k].kind);
                seen++;
            }
    }
    json_decref(root);
    assert_true(seen >= 5);
    assert_int_equal(phone_id_kind("120363041234567890"), PHONE_ID_OTHER);
    assert_int_equal(phone_id_kind("HIAfZ2"), PHONE_ID_OTHER);
    assert_int_equal(phone_id_kind("251556368777322"), PHONE_ID_OTHER); /* a LID that lost its suffix */
    assert_int_equal(phone_id_kind("62812345678901"), PHONE_ID_PHONE);
    assert_int_equal(phone_id_kind("4915123456789@c.us"), PHONE_ID_PHONE);
    assert_int_equal(phone_id_kind(NULL), PHONE_ID_OTHER);
    assert_int_equal(phone_id_kind("ID."), PHONE_ID_OTHER);
}

static void numbers_have_kinds(void **state)
{
    (void)state;
    assert_int_equal(phone_kind("+6281234567890"), PHONE_MOBILE);
    assert_int_equal(phone_kind("+62812345678"), PHONE_MOBILE);
    assert_int_equal(phone_kind("+6281234567"), PHONE_INVALID);
    assert_int_equal(phone_kind("+628012345678"), PHONE_INVALID);
    assert_int_equal(phone_kind("+628412345678"), PHONE_INVALID);
    assert_int_equal(phone_kind("+622157901234"), PHONE_LANDLINE);
    assert_int_equal(phone_kind("+621500046"), PHONE_INVALID);
    assert_int_equal(phone_kind("+60123456789"), PHONE_FOREIGN);
    assert_int_equal(phone_kind("+0123456789"), PHONE_INVALID);
    assert_int_equal(phone_kind("6281234567890"), PHONE_INVALID);
    assert_int_equal(phone_kind("+62812345678x0"), PHONE_INVALID);
    assert_int_equal(phone_kind(NULL), PHONE_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_numbers_become_e164),
        cmocka_unit_test(gateway_ids_are_international_already),
        cmocka_unit_test(only_the_suffix_tells_the_kind_of_an_id),
        cmocka_unit_test(numbers_have_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
