#include "gateway_support.h"

static void every_preset_loads(void **state)
{
    (void)state;
    static const char *const names[] = {"meta", "gowa", "fonnte", "wablas", "waha", "evolution", "twilio"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        mapping_free(support_preset(names[i], NULL));
    mapping_free(NULL);
}

static void the_answer_to_a_callback_is_the_gateways(void **state)
{
    (void)state;
    struct gateway_mapping *m = support_preset("wablas", NULL);
    assert_int_equal(mapping_ack(m)->status, 200);
    assert_string_equal(mapping_ack(m)->body, ""); /* any word would be texted to the citizen */
    mapping_free(m);
    m = support_preset("twilio", NULL);
    assert_string_equal(mapping_ack(m)->type, "text/xml");
    assert_int_equal(mapping_limits(m, false).chars, 1600);
    mapping_free(m);
    m = support_preset("meta", NULL);
    assert_int_equal(mapping_recipient_gap_ms(m), 6000);
    mapping_free(m);
    m = support_mapping(
        "{\"auth\":[{\"type\":\"header\",\"header\":\"X\",\"secret\":\"$EVO_HOOK_TOKEN\"}],"
        "\"parse\":\"json\",\"streams\":[{\"as\":\"message\",\"fields\":{\"id\":[\"/id\"]}}]}");
    assert_int_equal(mapping_ack(m)->status, 200);
    assert_string_equal(mapping_ack(m)->body, "");
    mapping_free(m);
}

/* ---- mistakes ---- */

#define AUTH "\"auth\":[{\"type\":\"header\",\"header\":\"X-T\",\"secret\":\"$EVO_HOOK_TOKEN\"}]"
#define STREAMS "\"streams\":[{\"as\":\"message\",\"fields\":{\"id\":[\"/id\"]}}]"
#define WITH_AUTH(entry) "{\"auth\":[" entry "],\"parse\":\"json\"," STREAMS "}"
#define WITH_STREAM(stream) "{" AUTH ",\"parse\":\"json\",\"streams\":[" stream "]}"
#define WITH_FIELD(alternative) WITH_STREAM("{\"as\":\"message\",\"fields\":{\"id\":[" alternative "]}}")
#define WITH_SEND(members) "{" AUTH ",\"parse\":\"json\"," STREAMS ",\"send\":{" members "}}"
#define SEND "\"url\":\"https://x.example/\",\"to\":\"digits\",\"ok\":[\"/id\"]"
#define WITH_MEDIA(members) "{" AUTH ",\"parse\":\"json\"," STREAMS ",\"media\":{" members "}}"

static const struct {
    const char *text, *place, *word; /* the message begins with the place and contains the word */
} mistakes[] = {
    {"{", "uji.json: /: ", "bukan JSON yang sah"},
    {"[]", "uji.json: /: ", "harus objek"},
    {"{\"auth\":[],\"auth\":[]}", "uji.json: /: ", "bukan JSON yang sah"}, /* a key twice */
    {"{\"autth\":[]}", "uji.json: /autth: ", "kunci tidak dikenal"},
    {"{\"parse\":\"json\"," STREAMS "}", "uji.json: /auth: ", "wajib diisi"},
    {"{\"auth\":[],\"parse\":\"json\"," STREAMS "}", "uji.json: /auth: ", "wajib diisi"},
    {"{" AUTH "," STREAMS "}", "uji.json: /parse: ", "wajib diisi"},
    {"{" AUTH ",\"parse\":\"xml\"," STREAMS "}", "uji.json: /parse: ", "json | form | json_or_form"},
    {"{" AUTH ",\"parse\":\"json\"}", "uji.json: /streams: ", "wajib diisi"},
    {"{" AUTH ",\"parse\":\"json\"," STREAMS ",\"ack\":{\"status\":500}}",
        "uji.json: /ack/status: ", "antara"},
    {"{" AUTH ",\"parse\":\"json\"," STREAMS ",\"ack\":{\"status\":\"200\"}}",
        "uji.json: /ack/status: ", "bilangan"},
    {"{" AUTH ",\"parse\":\"json\"," STREAMS ",\"handshake\":{\"mode\":\"m\"}}", "uji.json: /handshake/",
        "wajib"},
    {WITH_AUTH("\"x\""), "uji.json: /auth/0: ", "harus objek"},
    {WITH_AUTH("{\"type\":\"magic\"}"), "uji.json: /auth/0/type: ", "hmac | header"},
    {WITH_AUTH("{\"type\":\"header\",\"header\":\"X\",\"secret\":\"rahasia123\"}"),
        "uji.json: /auth/0/secret: ", "tulis $NAMA"},
    {WITH_AUTH("{\"type\":\"header\",\"header\":\"X\",\"secret\":\"$TIDAK_ADA\"}"),
        "uji.json: /auth/0/secret: ", "$TIDAK_ADA belum diisi"},
    {WITH_AUTH("{\"type\":\"header\",\"secret\":\"$GOWA_SECRET\"}"), "uji.json: /auth/0/header: ", "wajib"},
    {WITH_AUTH("{\"type\":\"header\",\"header\":7,\"secret\":\"$GOWA_SECRET\"}"),
        "uji.json: /auth/0/header: ", "teks"},
    {WITH_AUTH("{\"type\":\"header\",\"alg\":\"md5\"}"), "uji.json: /auth/0/alg: ", "kunci tidak dikenal"},
    {WITH_AUTH("{\"type\":\"hmac\",\"alg\":\"md5\",\"header\":\"X\",\"secret\":\"$GOWA_SECRET\"}"),
        "uji.json: /auth/0/alg: ", "sha1 | sha256 | sha512"},
    {WITH_AUTH("{\"type\":\"path_token\",\"secret\":\"$GOWA_SECRET\"}"),
        "uji.json: /auth/0/secret: ", "128 bit"},
    {WITH_AUTH("{\"type\":\"ip_allow\",\"allow\":[\"10.0.0.0/33\"]}"),
        "uji.json: /auth/0/allow/0: ", "bukan alamat IP"},
    {WITH_AUTH("{\"type\":\"ip_allow\",\"allow\":[]}"), "uji.json: /auth/0/allow: ", "wajib"},
    {WITH_AUTH("{\"type\":\"header\",\"header\":\"X\",\"secret\":\"$TIDAK_ADA\",\"optional\":true}"),
        "uji.json: /auth: ", "tanpa \"optional\""},
    {WITH_STREAM("{\"as\":\"pesan\",\"fields\":{}}"), "uji.json: /streams/0/as: ", "message | status"},
    {WITH_STREAM("{\"as\":\"message\"}"), "uji.json: /streams/0/fields: ", "harus objek"},
    {WITH_STREAM("{\"as\":\"message\",\"fields\":{\"teks\":[\"/x\"]}}"),
        "uji.json: /streams/0/fields/teks: ", "kunci tidak dikenal"},
    {WITH_STREAM("{\"as\":\"message\",\"when\":[[\"/a\",\"ada\"]],\"fields\":{}}"),
        "uji.json: /streams/0/when/0: ", "present, absent, in atau not"},
    {WITH_STREAM("{\"as\":\"message\",\"when\":[[\"/a\",\"in\"]],\"fields\":{}}"),
        "uji.json: /streams/0/when/0: ", "paling sedikit satu kata"},
    {WITH_STREAM("{\"as\":\"message\",\"when\":[[\"/a\",\"not\"]],\"fields\":{}}"),
        "uji.json: /streams/0/when/0: ", "paling sedikit satu kata"},
    {WITH_STREAM("{\"as\":\"message\",\"when\":[[\"^1/a\",\"present\"]],\"fields\":{}}"),
        "uji.json: /streams/0/when/0: ", "each"},
    {WITH_STREAM("{\"as\":\"message\",\"where\":[],\"fields\":{}}"),
        "uji.json: /streams/0/where: ", "1 sampai 16"},
    {WITH_STREAM("{\"as\":\"message\",\"each\":[],\"fields\":{}}"),
        "uji.json: /streams/0/each: ", "tidak boleh kosong"},
    {WITH_STREAM("{\"as\":\"message\",\"each\":[\"/a/*\",\"b\"],\"fields\":{}}"),
        "uji.json: /streams/0/each/1: ", "diawali \"/\""},
    {WITH_STREAM("{\"as\":\"message\",\"within\":\"/a/*\",\"fields\":{}}"),
        "uji.json: /streams/0/within: ", "each"},
    {WITH_STREAM("{\"as\":\"session\",\"fields\":{},\"states\":{\"x\":\"putus\"}}"),
        "uji.json: /streams/0/states/x: ", "good | waiting | lost"},
    {WITH_STREAM("{\"as\":\"message\",\"fields\":{},\"details\":[\"x\"]}"),
        "uji.json: /streams/0/details/0: ", "diawali \"/\""},
    {WITH_FIELD("\"@/a\""), "uji.json: /streams/0/fields/id/0: ", "within"},
    {WITH_FIELD("\"/a|then:@/b\""), "uji.json: /streams/0/fields/id/0: ", "within"},
    {WITH_FIELD("\"/a|then:b\""), "uji.json: /streams/0/fields/id/0: ", "diawali \"/\""},
    {WITH_FIELD("\"/a|then:/a|then:/a|then:/a|then:/a|then:/a\""),
        "uji.json: /streams/0/fields/id/0: ", "paling banyak 4"},
    {WITH_FIELD("\"/a/?b\""), "uji.json: /streams/0/fields/id/0: ", "?a=b"},
    {"{" AUTH ",\"parse\":\"json\",\"identity\":\"PSID 1\"," STREAMS "}",
        "uji.json: /identity: ", "huruf kecil"},
    {"{" AUTH ",\"parse\":\"json\",\"ids\":\"x\"," STREAMS "}", "uji.json: /ids: ", "global | chat"},
    {WITH_AUTH("{\"type\":\"any\"}"), "uji.json: /auth/0/of: ", "wajib"},
    {WITH_AUTH("{\"type\":\"any\",\"of\":[{\"type\":\"any\",\"of\":[]}]}"),
        "uji.json: /auth/0/of/0: ", "di dalam any"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"outside\":{\"json\":{\"t\":\"{text}\"}}"),
        "uji.json: /send/outside/needs: ", "wajib"},
    {WITH_SEND(
         SEND ",\"json\":{\"t\":\"{text}\"},\"outside\":{\"needs\":\"session\",\"json\":{\"t\":\"{text}\"}}"),
        "uji.json: /send/outside: ", "window_hours"},
    {WITH_STREAM("{\"as\":\"message\",\"when\":[[\"a\",\"present\"]],\"fields\":{}}"),
        "uji.json: /streams/0/when/0: ", "diawali \"/\""},
    {WITH_STREAM("{\"as\":\"message\",\"each\":\"messages/*\",\"fields\":{}}"),
        "uji.json: /streams/0/each: ", "diawali \"/\""},
    {WITH_STREAM("{\"as\":\"message\",\"fields\":{},\"kinds\":{\"x\":\"gambar\"}}"),
        "uji.json: /streams/0/kinds/x: ", "text | image"},
    {WITH_STREAM("{\"as\":\"message\",\"fields\":{},\"dedupe\":[\"isi\"]}"),
        "uji.json: /streams/0/dedupe/0: ", "bukan nama field"},
    {WITH_FIELD("\"id\""), "uji.json: /streams/0/fields/id/0: ", "diawali \"/\""},
    {WITH_FIELD("\"/a~2b\""), "uji.json: /streams/0/fields/id/0: ", "~0"},
    {WITH_FIELD("\"/a/*\""), "uji.json: /streams/0/fields/id/0: ", "each"},
    {WITH_FIELD("\"/a|huruf_besar\""), "uji.json: /streams/0/fields/id/0: ", "pengubah tidak dikenal"},
    {WITH_FIELD("\"/a|eq\""), "uji.json: /streams/0/fields/id/0: ", "memerlukan nilai"},
    {WITH_FIELD("\"/a|wa:1\""), "uji.json: /streams/0/fields/id/0: ", "tidak memakai nilai"},
    {WITH_FIELD("\"/a|split:,\""), "uji.json: /streams/0/fields/id/0: ", "split:PEMISAH:NOMOR"},
    {WITH_FIELD("\"^x/a\""), "uji.json: /streams/0/fields/id/0: ", "angka 1-9"},
    {WITH_FIELD("\"^1/a\""), "uji.json: /streams/0/fields/id/0: ", "each"},
    {WITH_STREAM("{\"as\":\"message\",\"each\":\"/a/*/b/*\",\"fields\":{\"id\":[\"^3/x\"]}}"),
        "uji.json: /streams/0/fields/id/0: ", "hanya ada 2 objek"},
    {WITH_FIELD("\"=\""), "uji.json: /streams/0/fields/id/0: ", "tidak boleh kosong"},
    {WITH_FIELD("5"), "uji.json: /streams/0/fields/id/0: ", "harus teks"},
    {WITH_SEND(SEND), "uji.json: /send: ", "tepat satu"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"form\":{}"), "uji.json: /send: ", "tepat satu"},
    {WITH_SEND(SEND ",\"json\":{\"isi\":\"teks\"}"), "uji.json: /send/json: ", "tidak memuat {text}"},
    {WITH_SEND(SEND ",\"form\":{\"ke\":\"{to}\"}"), "uji.json: /send/form: ", "tidak memuat {text}"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"dead_codes\":[\"1\",\"1299-1200\"]"),
        "uji.json: /send/dead_codes/1: ", "rentang"},
    {WITH_SEND(SEND ",\"json\":{\"a\":{\"b\":\"{tidak_ada}\"}}"),
        "uji.json: /send/json/a/b: ", "{tidak_ada} belum diisi"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"headers\":{\"A\":\"Bearer $TIDAK_ADA\"}"),
        "uji.json: /send/headers/A: ", "$TIDAK_ADA belum diisi"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"headers\":{\"A: b\":\"c\"}"),
        "uji.json: /send/headers/A: b: ", "bukan nama header"},
    {WITH_SEND(SEND ",\"form\":{\"a\":1}"), "uji.json: /send/form/a: ", "harus teks"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"accepts\":[\"fax\"]"),
        "uji.json: /send/accepts/0: ", "phone, lid"},
    {WITH_SEND(SEND ",\"json\":{\"t\":\"{text}\"},\"max_chars\":5"), "uji.json: /send/max_chars: ", "antara"},
    {WITH_SEND("\"url\":\"{session}/x\",\"to\":\"digits\",\"ok\":[\"/id\"],\"json\":{\"t\":\"{text}\"}"),
        "uji.json: /send/url: ", "http"},
    {WITH_SEND(
         "\"url\":\"https://x.example/\",\"to\":\"nomor\",\"ok\":[\"/id\"],\"json\":{\"t\":\"{text}\"}"),
        "uji.json: /send/to: ", "digits@c.us"},
    {WITH_SEND("\"url\":\"https://x.example/\",\"to\":\"digits\",\"json\":{\"t\":\"{text}\"}"),
        "uji.json: /send/ok: ", "wajib"},
    {WITH_SEND("\"url\":\"https://x.example/\\r\\nHost: "
               "y\",\"to\":\"digits\",\"ok\":[\"/id\"],\"json\":{\"t\":\"{text}\"}"),
        "uji.json: /send/url: ", "baris baru"},
    {WITH_MEDIA("\"mode\":\"url\",\"auth_on_download\":true"),
        "uji.json: /media: ", "hosts atau rewrite_base"},
    {WITH_MEDIA("\"mode\":\"ftp\""), "uji.json: /media/mode: ", "two_step"},
    {WITH_MEDIA("\"mode\":\"two_step\",\"url\":\"https://x.example/{media}\""),
        "uji.json: /media/url_field: ", "wajib"},
    {WITH_MEDIA("\"mode\":\"url\",\"max_bytes\":1.5"), "uji.json: /media/max_bytes: ", "bilangan bulat"},
    {"{" AUTH ",\"parse\":\"json\"," STREAMS ",\"lid\":{\"url\":\"https://x.example/{user}\"}}",
        "uji.json: /lid/field: ", "wajib"},
};

static void every_mistake_is_named_by_its_place(void **state)
{
    (void)state;
    struct gateway_lookup lookup = {support_find, NULL};
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct gateway_mapping *m = NULL;
        struct fault fault = {0};
        const char *text = mistakes[i].text;
        enum outcome outcome =
            mapping_load("uji.json", text, strlen(text), &lookup, MAPPING_FOR_ALL, &m, &fault);
        if (outcome != OUTCOME_NEVER)
            fail_msg("accepted or wrong outcome %s: %s", outcome_name(outcome), text);
        if (strncmp(fault.public_text, mistakes[i].place, strlen(mistakes[i].place)) ||
            !strstr(fault.public_text, mistakes[i].word))
            fail_msg("%s\n  said: %s\n  expected: %s...%s", text, fault.public_text, mistakes[i].place,
                mistakes[i].word);
        assert_null(m);
    }
}

static enum outcome load_preset(
    const char *name, const struct support_setting *more, int purpose, struct fault *fault)
{
    char path[100];
    snprintf(path, sizeof path, "config/gateways/%s.json", name);
    const struct embedded_file *file = embedded_find(path);
    struct gateway_lookup lookup = {support_find, (void *)(uintptr_t)more};
    struct gateway_mapping *m = NULL;
    enum outcome outcome = mapping_load(path, file->data, file->size, &lookup, purpose, &m, fault);
    mapping_free(m);
    return outcome;
}

static void the_secret_everybody_knows_is_refused(void **state)
{
    (void)state;
    static const struct support_setting known[] = {{"GOWA_SECRET", "secret"}, {NULL, NULL}};
    static const struct support_setting brief[] = {{"GOWA_SECRET", "pendek"}, {NULL, NULL}};
    static const struct support_setting none[] = {{"GOWA_SECRET", ""}, {NULL, NULL}};
    struct fault fault = {0};
    assert_int_equal(load_preset("gowa", known, MAPPING_FOR_ALL, &fault), OUTCOME_NEVER);
    assert_non_null(strstr(fault.public_text, "bawaan gateway"));
    assert_int_equal(load_preset("gowa", brief, MAPPING_FOR_ALL, &fault), OUTCOME_NEVER);
    assert_non_null(strstr(fault.public_text, "terlalu pendek"));
    assert_int_equal(load_preset("gowa", none, MAPPING_FOR_ALL, &fault), OUTCOME_NEVER);
    assert_non_null(strstr(fault.public_text, "$GOWA_SECRET belum diisi"));
}

static void settings_of_parts_not_used_may_be_missing(void **state)
{
    (void)state;
    static const struct support_setting no_sending[] = {{"GOWA_BASIC", ""}, {"base", ""}, {NULL, NULL}};
    static const struct support_setting nothing[] = {
        {"GOWA_SECRET", ""}, {"GOWA_BASIC", ""}, {"base", ""}, {NULL, NULL}};
    struct fault fault = {0};
    assert_int_equal(load_preset("gowa", no_sending, MAPPING_FOR_ALL, &fault), OUTCOME_NEVER);
    assert_int_equal(load_preset("gowa", no_sending, MAPPING_FOR_AUTH, &fault), OUTCOME_DONE);
    assert_int_equal(load_preset("gowa", nothing, MAPPING_FOR_AUTH, &fault), OUTCOME_NEVER);
    assert_int_equal(load_preset("gowa", nothing, MAPPING_FOR_EVENTS, &fault), OUTCOME_DONE);
}

static void a_setting_with_a_line_break_is_refused(void **state)
{
    (void)state;
    static const struct support_setting broken[] = {{"META_TOKEN", "abc\r\nX-Evil: 1"}, {NULL, NULL}};
    struct fault fault = {0};
    assert_int_equal(load_preset("meta", broken, MAPPING_FOR_ALL, &fault), OUTCOME_NEVER);
    assert_non_null(strstr(fault.public_text, "META_TOKEN"));
    assert_null(strstr(fault.public_text, "X-Evil"));
}

static void a_file_cut_anywhere_is_refused_with_a_message(void **state)
{
    (void)state;
    const struct embedded_file *file = embedded_find("config/gateways/gowa.json");
    struct gateway_lookup lookup = {support_find, NULL};
    size_t end = file->size;
    while (file->data[end - 1] != '}')
        end--;
    for (size_t n = 0; n < end; n += 7) {
        struct gateway_mapping *m = NULL;
        struct fault fault = {0};
        assert_int_equal(
            mapping_load("x", file->data, n, &lookup, MAPPING_FOR_ALL, &m, &fault), OUTCOME_NEVER);
        assert_true(fault.public_text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_loads),
        cmocka_unit_test(the_answer_to_a_callback_is_the_gateways),
        cmocka_unit_test(every_mistake_is_named_by_its_place),
        cmocka_unit_test(the_secret_everybody_knows_is_refused),
        cmocka_unit_test(settings_of_parts_not_used_may_be_missing),
        cmocka_unit_test(a_setting_with_a_line_break_is_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_refused_with_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
