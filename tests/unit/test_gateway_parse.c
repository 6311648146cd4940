#include "gateway_support.h"
#include "channels/gateway/parse_command.h"
#include <sysexits.h>
#include <unistd.h>

struct run {
    char *out, *err;
    size_t out_size, err_size;
    int code;
};

static struct run run_with(
    const char *mapping, const char *body_path, const char *headers_path, struct gateway_lookup lookup)
{
    struct run r = {0};
    FILE *out = open_memstream(&r.out, &r.out_size), *err = open_memstream(&r.err, &r.err_size);
    struct gateway_parse_options options = {.mapping_name = "uji.json",
        .mapping_text = mapping,
        .body_path = body_path,
        .headers_path = headers_path,
        .lookup = lookup};
    r.code = gateway_parse_command(&options, out, err);
    fclose(out);
    fclose(err);
    return r;
}

static struct run run(const char *gateway, const char *body_path, const char *headers_path)
{
    char path[100];
    snprintf(path, sizeof path, "config/gateways/%s.json", gateway);
    return run_with(
        embedded_find(path)->data, body_path, headers_path, (struct gateway_lookup){support_find, NULL});
}

static void release(struct run *r)
{
    free(r->out);
    free(r->err);
}

static const char *nothing_set(void *context, const char *name)
{
    (void)context, (void)name;
    return NULL;
}

#define SAMPLES "tests/data/gateways/"

static void a_capture_becomes_json_lines(void **state)
{
    (void)state;
    struct run r = run("gowa", SAMPLES "gowa/ack_read.json", SAMPLES "gowa/ack_read.headers");
    assert_int_equal(r.code, EX_OK);
    const char *second = strchr(r.out, '\n') + 1;
    assert_int_equal(strcspn(second, "\n") + 1, strlen(second)); /* two lines */
    assert_non_null(strstr(r.out, "\"authentic\":true"));
    assert_non_null(strstr(second, "\"id\":\"3EB0OUT2\""));
    release(&r);
    r = run("meta", SAMPLES "meta/in_text.json", SAMPLES "meta/in_text_badsig.headers");
    assert_int_equal(r.code, EX_OK);
    assert_non_null(strstr(r.out, "\"authentic\":false"));
    release(&r);
    r = run("twilio", SAMPLES "twilio/in_text.form", SAMPLES "twilio/in_text.headers");
    assert_non_null(strstr(r.out, "\"authentic\":true"));
    release(&r);
}

static void no_secret_is_needed_without_headers(void **state)
{
    (void)state;
    const char *meta = embedded_find("config/gateways/meta.json")->data;
    struct gateway_lookup none = {nothing_set, NULL};
    struct run r = run_with(meta, SAMPLES "meta/in_text.json", NULL, none);
    assert_int_equal(r.code, EX_OK);
    assert_non_null(strstr(r.out, "\"authentic\":null"));
    release(&r);
    r = run_with(meta, SAMPLES "meta/in_text.json", SAMPLES "meta/in_text.headers", none);
    assert_int_equal(r.code, EX_CONFIG);
    assert_string_equal(
        r.err, "uji.json: /auth/0/secret: rahasia $META_APP_SECRET belum diisi di konfigurasi\n");
    assert_int_equal(r.out_size, 0);
    release(&r);
}

static void every_preset_can_be_tried_without_any_configuration(void **state)
{
    (void)state;
    static const char *const samples[][2] = {{"gowa", "gowa/in_text.json"}, {"fonnte", "fonnte/in_text.json"},
        {"wablas", "wablas/in_text.json"}, {"waha", "waha/in_text.json"},
        {"evolution", "evolution/in_text.json"}, {"twilio", "twilio/in_text.form"}};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char path[200];
        snprintf(path, sizeof path, "config/gateways/%s.json", samples[i][0]);
        const char *mapping = embedded_find(path)->data;
        snprintf(path, sizeof path, SAMPLES "%s", samples[i][1]);
        struct run r = run_with(mapping, path, NULL, (struct gateway_lookup){nothing_set, NULL});
        if (r.code != EX_OK)
            fail_msg("%s: %s", path, r.err);
        assert_non_null(strstr(r.out, "Lapor Pak"));
        release(&r);
    }
}

static void what_cannot_be_read_has_its_own_exit_code(void **state)
{
    (void)state;
    struct run r = run("meta", SAMPLES "meta/tidak-ada.json", NULL);
    assert_int_equal(r.code, EX_NOINPUT);
    assert_non_null(strstr(r.err, "tidak-ada.json"));
    release(&r);
    r = run("meta", SAMPLES "meta/in_text.json", SAMPLES "meta/tidak-ada.headers");
    assert_int_equal(r.code, EX_NOINPUT);
    assert_non_null(strstr(r.err, "tidak-ada.headers"));
    release(&r);
    r = run("meta", SAMPLES "twilio/in_text.form", NULL);
    assert_int_equal(r.code, EX_DATAERR);
    release(&r);
    r = run_with("{}", SAMPLES "meta/in_text.json", NULL, (struct gateway_lookup){support_find, NULL});
    assert_int_equal(r.code, EX_CONFIG);
    release(&r);
    r = run("gowa", SAMPLES "meta/in_text.json", NULL); /* readable, but nothing for us */
    assert_int_equal(r.code, EX_OK);
    assert_int_equal(r.out_size, 0);
    release(&r);
}

static void the_body_may_come_from_standard_input(void **state)
{
    (void)state;
    int kept = dup(STDIN_FILENO);
    assert_true(kept >= 0);
    assert_non_null(freopen(SAMPLES "gowa/in_text.json", "r", stdin));
    struct run r = run("gowa", "-", SAMPLES "gowa/in_text.headers");
    assert_int_equal(r.code, EX_OK);
    assert_non_null(strstr(r.out, "\"authentic\":true"));
    release(&r);
    dup2(kept, STDIN_FILENO);
    close(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_becomes_json_lines),
        cmocka_unit_test(no_secret_is_needed_without_headers),
        cmocka_unit_test(every_preset_can_be_tried_without_any_configuration),
        cmocka_unit_test(what_cannot_be_read_has_its_own_exit_code),
        cmocka_unit_test(the_body_may_come_from_standard_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
