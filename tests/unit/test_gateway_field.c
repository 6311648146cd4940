#include "gateway_support.h"
#include "channels/gateway/field.h"
#include "rules/moment.h"

static const char document[] =
    "{\"a\":{\"b\":[10,{\"c\":\"x\"}],\"\":\"empty "
    "key\",\"s/t\":\"slash\",\"m~n\":\"tilde\"},\"t\":true,\"f\":false,\"n\":null,"
    "\"zero\":0,\"one\":[\"only\"],\"two\":[1,2],\"real\":1710481111.853,\"text\":\"abc\",\"nul\":"
    "\"a\\u0000\",\"none\":\"\","
    "\"place\":\"-6.5,106.8\",\"mime\":\"image/"
    "jpeg\",\"jid\":\"6281234567890:12@s.whatsapp.net\",\"lid\":\"2515@lid\","
    "\"iso\":\"2026-11-22T09:30:00+07:00\",\"unix\":\"1795314600\",\"ms\":1795314600123,\"mine\":\"2\","
    "\"list\":[\"a\",\"b\",\"c\"],\"empty\":[],\"people\":[{\"no\":\"1\",\"name\":\"Siti\"},{\"no\":\"2\","
    "\"name\":\"Tuti\"}]}";

static const struct {
    const char *field, *expected; /* NULL = nothing */
} cases[] = {
    {"/a/b/0", "10"},
    {"/a/b/1/c", "x"},
    {"/a/b/01", NULL},
    {"/a/b/-", NULL},
    {"/a/b/9", NULL},
    {"/a/", "empty key"},
    {"/a/s~1t", "slash"},
    {"/a/m~0n", "tilde"},
    {"/a", NULL}, /* an object is no text */
    {"/n", NULL},
    {"/none", NULL},
    {"/t", "true"},
    {"/f", "false"},
    {"/real", "1710481111.853"},
    {"/nul", "a\xEF\xBF\xBD"},
    {"/one/!", "only"},
    {"/two/!", NULL},
    {"/a/!", NULL},
    {"=tetap", "tetap"},
    {"=x|const:y", "y"},
    {"/a|present|const:ada", "ada"},
    {"/n|present|const:ada", NULL},
    {"/t|true", "true"},
    {"/f|true", NULL},
    {"/zero|nonzero", NULL},
    {"/ms|nonzero", "1795314600123"},
    {"/none|nonempty", NULL},
    {"/text|nonempty", "abc"},
    {"/zero|string", NULL},
    {"/text|string", "abc"},
    {"/text|not:abc", NULL},
    {"/text|not:ab", "abc"},
    {"/text|eq:abc", "abc"},
    {"/text|eq:ab", NULL},
    {"/lid|suffix:@lid", "2515@lid"},
    {"/lid|suffix:@c.us", NULL},
    {"/text|suffix:xxabc", NULL},
    {"/mime|before:/", "image"},
    {"/text|before:/", "abc"},
    {"/place|split:,:0", "-6.5"},
    {"/place|split:,:1", "106.8"},
    {"/place|split:,:2", NULL},
    {"/iso|unix", NULL},
    {"/unix|unix", "1795314600000"},
    {"/ms|unix", "1795314600123"},
    {"/real|unix", "1710481111853"},
    {"/iso|time", "1795314600000"},
    {"/unix|time", "1795314600000"},
    {"/text|time", NULL},
    {"/jid|wa", "+6281234567890"},
    {"/lid|wa", NULL},
    {"/jid|jid", "6281234567890@s.whatsapp.net"},
    {"/text|jid", "abc"},
    {"/jid|digits", "628123456789012"},
    {"/text|digits", NULL},
    {"/a|digits", NULL},
    {"/a|time", NULL},
    {"/mime|before:/|eq:image|const:foto", "foto"},
    {"/mime|before:/|prepend:jenis/", "jenis/image"},
    {"/mime|before:/|eq:image|then:/jid|wa", "+6281234567890"},
    {"/mime|before:/|eq:video|then:/jid|wa", NULL},
    {"/mime|then:/tidak_ada", NULL},
    {"/mime|then:=tetap", "tetap"},
    {"/unix|same:/unix", "1795314600"},
    {"/unix|same:/ms", NULL},
    {"/unix|same:/tidak_ada", NULL},
    {"/text|with:/text", "abc abc"},
    {"/text|with:/tidak_ada", "abc"},
    {"/text|with:/mime|before:/", "abc image"},
    {"/list/-1", "c"},
    {"/empty/-1", NULL},
    {"/people/?no=mine/name", "Tuti"},
    {"/people/?no=unix/name", NULL},
    {"/people/?no=tidak_ada/name", NULL},
};

static void alternatives_yield_what_the_table_says(void **state)
{
    (void)state;
    json_t *root = json_loads(document, JSON_ALLOW_NUL, NULL);
    assert_non_null(root);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(65536);
        struct alternative alternative;
        const char *why = alternative_compile(cases[i].field, arena, &alternative);
        if (why)
            fail_msg("%s: %s", cases[i].field, why);
        struct field field = {.list = &alternative, .count = 1};
        const char *got = field_text_of(&field, root, arena);
        if (!got != !cases[i].expected || (got && strcmp(got, cases[i].expected)))
            fail_msg("%s gave %s", cases[i].field, got ? got : "nothing");
        arena_free(arena);
    }
    json_decref(root);
}

static bool collect(void *context, const struct pointer_item *item)
{
    struct str *out = context;
    str_addf(out, "%s@%zu ", json_string_value(item->value), item->depth);
    return strcmp(json_string_value(item->value), "stop") != 0;
}

static void a_star_visits_every_element_and_counts_only_objects(void **state)
{
    (void)state;
    json_t *root = json_loads(
        "{\"a\":[{\"b\":[[\"1\"],[\"2\",\"3\"]]},{\"b\":7},{},{\"b\":[[\"stop\",\"4\"]]}]}", 0, NULL);
    struct arena *arena = arena_new(65536);
    struct pointer pointer;
    struct str out;
    str_init(&out, 200);
    assert_null(pointer_compile("/a/*/b/*/*", 10, true, arena, &pointer));
    assert_false(pointer_each(&pointer, root, collect, &out));
    assert_string_equal(out.data, "1@2 2@2 3@2 stop@2 ");
    str_release(&out);
    arena_free(arena);
    json_decref(root);
}

static void times_are_read_as_gateways_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; /* -1 = none */
    } times[] = {
        {"2026-11-22T02:30:00Z", 1795314600000},
        {"2026-11-22t09:30:00.25+07:00", 1795314600250},
        {"2026-11-21 21:30:00-05:00", 1795314600000},
        {"2026-11-22T09:30:00.123456789+0700", 1795314600123},
        {"2026-11-22T02:30:00", 1795314600000},
        {"1970-01-01T00:00:00Z", 0},
        {"2024-02-29T00:00:00Z", 1709164800000},
        {"2000-03-01T00:00:00Z", 951868800000},
        {"2023-02-29T00:00:00Z", -1},
        {"2026-13-01T00:00:00Z", -1},
        {"2026-11-22T25:00:00Z", -1},
        {"2026-11-22T02:30:00+7", -1},
        {"2026-11-22", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t ms = -1;
        bool known = moment_from_rfc3339(times[i].text, &ms);
        if (known != (times[i].ms >= 0) || (known && ms != times[i].ms))
            fail_msg("%s gave %lld", times[i].text, (long long)ms);
    }
    int64_t ms;
    assert_false(moment_from_unix(0, &ms));
    assert_false(moment_from_unix(-5, &ms));
    assert_false(moment_from_unix(1e300, &ms));
    char text[MOMENT_TEXT];
    moment_print(1795314600999, text);
    assert_string_equal(text, "2026-11-22T02:30:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alternatives_yield_what_the_table_says),
        cmocka_unit_test(a_star_visits_every_element_and_counts_only_objects),
        cmocka_unit_test(times_are_read_as_gateways_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
