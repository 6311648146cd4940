#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/signature.h"
#include "channels/website/submission.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const int64_t NOW = 1795314600000;

static void sign(const char *secret, const char *timestamp, const char *body, char out[72])
{
    unsigned char mac[32];
    char text[400];
    crypto_auth_hmacsha256_state state;
    snprintf(text, sizeof text, "%s.%s", timestamp, body);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    snprintf(out, 8, "sha256=");
    sodium_bin2hex(out + 7, 65, mac, sizeof mac);
}

static enum signature check(const char *timestamp, const char *signature, const char *body)
{
    return signature_check("kunci-situs-kantor", timestamp, signature, body, strlen(body), NOW, 300);
}

static void only_the_right_signature_in_time_is_good(void **state)
{
    char signature[72], other[72];
    (void)state;
    sign("kunci-situs-kantor", "1795314600", "isi=x", signature);
    sign("kunci lain", "1795314600", "isi=x", other);
    assert_int_equal(check("1795314600", signature, "isi=x"), SIGNATURE_GOOD);
    assert_int_equal(check("1795314600", signature, "isi=y"), SIGNATURE_WRONG);
    assert_int_equal(check("1795314601", signature, "isi=x"), SIGNATURE_WRONG);
    assert_int_equal(check("1795314600", other, "isi=x"), SIGNATURE_WRONG);
    sign("kunci-situs-kantor", "1795314299", "isi=x", signature);
    assert_int_equal(check("1795314299", signature, "isi=x"), SIGNATURE_OLD);
    sign("kunci-situs-kantor", "1795314901", "isi=x", signature);
    assert_int_equal(check("1795314901", signature, "isi=x"), SIGNATURE_OLD);
}

static void what_is_no_signature_is_told_apart(void **state)
{
    char signature[72];
    (void)state;
    sign("kunci-situs-kantor", "1795314600", "isi=x", signature);
    assert_int_equal(check(NULL, signature, "isi=x"), SIGNATURE_MISSING);
    assert_int_equal(check("", signature, "isi=x"), SIGNATURE_MISSING);
    assert_int_equal(check("-5", signature, "isi=x"), SIGNATURE_MISSING);
    assert_int_equal(check("1795314600", NULL, "isi=x"), SIGNATURE_MISSING);
    assert_int_equal(check("1795314600", signature + 7, "isi=x"), SIGNATURE_MISSING);
    assert_int_equal(check("1795314600", "sha256=00", "isi=x"), SIGNATURE_MISSING);
    signature[10] = 'g';
    assert_int_equal(check("1795314600", signature, "isi=x"), SIGNATURE_MISSING);
}

static const char *renamed(void *context, const char *ours)
{
    (void)context;
    return strcmp(ours, "isi") ? NULL : "your-message";
}

static enum outcome read_form(const char *type, const char *body, struct inbound **ret)
{
    struct fault fault;
    const struct submission_source source = {.content_type = type,
        .body = body,
        .length = strlen(body),
        .timestamp = "1795314600",
        .their_name = renamed};
    return submission_read(&source, ret, &fault);
}

static void the_same_form_is_read_in_three_encodings(void **state)
{
    static const struct {
        const char *type, *body;
    } forms[] = {
        {"application/json; charset=utf-8", "{\"nama\":\"Siti\",\"telepon\":\"0812-3456-7890\",\"email\":"
                                            "\"siti@contoh.example\",\"your-message\":\"Jalan "
                                            "rusak\",\"jenis\":\"saran\",\"lain\":{\"x\":1}}"},
        {"application/x-www-form-urlencoded", "nama=Siti&telepon=0812+3456+7890&email=siti%40contoh.example&"
                                              "your-message=Jalan+rusak&jenis=saran"},
        {"multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"nama\"\r\n\r\nSiti\r\n--b\r\nContent-Disposition: "
            "form-data; "
            "name=\"telepon\"\r\n\r\n0812 3456 7890\r\n--b\r\nContent-Disposition: form-data; "
            "name=\"email\"\r\n\r\nsiti@contoh.example\r\n--b\r\nContent-Disposition: form-data; "
            "name=\"your-message\"\r\n\r\nJalan rusak\r\n--b\r\nContent-Disposition: form-data; "
            "name=\"jenis\"\r\n\r\nsaran\r\n--b--\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct inbound *in = NULL;
        assert_int_equal(read_form(forms[i].type, forms[i].body, &in), OUTCOME_DONE);
        assert_string_equal(in->nama, "Siti");
        assert_string_equal(in->phone, "+6281234567890");
        assert_string_equal(in->reply_to, "email:siti@contoh.example");
        assert_string_equal(in->text, "Jalan rusak");
        assert_string_equal(in->kind_word, "aspirasi");
        assert_null(in->must_read);
        assert_int_equal(in->raw_size, strlen(forms[i].body));
        arena_free(in->arena);
    }
}

static void a_form_without_its_text_still_comes_in_and_says_so(void **state)
{
    struct inbound *in = NULL;
    (void)state;
    assert_int_equal(
        read_form("application/x-www-form-urlencoded", "nama=Siti&isi=salah+nama+isian", &in), OUTCOME_DONE);
    assert_string_equal(in->text, "");
    assert_non_null(in->must_read);
    arena_free(in->arena);
}

static void a_form_with_an_id_keeps_it_as_its_key(void **state)
{
    struct inbound *a = NULL, *b = NULL;
    (void)state;
    assert_int_equal(
        read_form("application/x-www-form-urlencoded", "id=77&your-message=x", &a), OUTCOME_DONE);
    assert_int_equal(
        read_form("application/x-www-form-urlencoded", "id=77&your-message=y", &b), OUTCOME_DONE);
    assert_string_equal(a->external, "id:77");
    assert_string_equal(b->external, a->external);
    arena_free(a->arena);
    arena_free(b->arena);
}

static void malformed_bodies_are_refused(void **state)
{
    struct inbound *in = NULL;
    (void)state;
    assert_int_equal(read_form("application/json", "[1,2]", &in), OUTCOME_NEVER);
    assert_int_equal(read_form("application/json", "{\"a\":1,\"a\":2}", &in), OUTCOME_NEVER);
    assert_int_equal(read_form("multipart/form-data", "--b\r\n", &in), OUTCOME_NEVER);
    assert_int_equal(read_form("application/x-www-form-urlencoded", "nama=%ff%fe", &in), OUTCOME_NEVER);
    assert_int_equal(read_form("text/plain", "halo", &in), OUTCOME_NEVER);
    assert_int_equal(read_form(NULL, "halo", &in), OUTCOME_NEVER);
}

static void a_file_of_the_form_is_an_attachment(void **state)
{
    struct inbound *in = NULL;
    (void)state;
    assert_int_equal(read_form("multipart/form-data; boundary=b",
                         "--b\r\nContent-Disposition: form-data; name=\"foto\"; "
                         "filename=\"../x/lampu.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nJPEG\r\n--b--\r\n",
                         &in),
        OUTCOME_DONE);
    assert_string_equal(in->files->filename, "lampu.jpg");
    assert_int_equal(in->files->size, 4);
    assert_null(in->files->next);
    arena_free(in->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_right_signature_in_time_is_good),
        cmocka_unit_test(what_is_no_signature_is_told_apart),
        cmocka_unit_test(the_same_form_is_read_in_three_encodings),
        cmocka_unit_test(a_form_without_its_text_still_comes_in_and_says_so),
        cmocka_unit_test(a_form_with_an_id_keeps_it_as_its_key),
        cmocka_unit_test(malformed_bodies_are_refused),
        cmocka_unit_test(a_file_of_the_form_is_an_attachment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
