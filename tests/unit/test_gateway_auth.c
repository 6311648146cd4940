#include "gateway_support.h"
#include "channels/gateway/mapping_auth.h"
#include "channels/gateway/twilio_signature.h"

static enum gateway_authenticity verify(struct gateway_mapping *m, const struct gateway_callback *callback)
{
    struct arena *arena = arena_new(1 << 20);
    enum gateway_authenticity got = mapping_verify(m, callback, arena);
    assert_true(arena_ok(arena));
    arena_free(arena);
    return got;
}

static enum gateway_authenticity verify_bytes(
    struct gateway_mapping *m, const char *headers, const char *body, size_t size)
{
    struct gateway_callback callback = {.header = support_header,
        .header_context = (void *)(uintptr_t)headers,
        .body = body,
        .body_size = size,
        .now_ms = 1795314600000};
    return verify(m, &callback);
}

static enum gateway_authenticity verify_sample(
    struct gateway_mapping *m, const char *headers_path, const char *body_path)
{
    size_t size, ignored;
    char *headers = support_sample(headers_path, &ignored), *body = support_sample(body_path, &size);
    enum gateway_authenticity got = verify_bytes(m, headers, body, size);
    free(headers);
    free(body);
    return got;
}

/* Of expected.json those below `gateway/` that have headers. */
static size_t verify_all(const char *gateway)
{
    struct gateway_mapping *m = support_preset(gateway, NULL);
    json_t *all = support_sample_json("expected.json"), *ignored;
    const char *path;
    size_t count = 0;
    json_object_foreach(all, path, ignored)
    {
        char headers[256], full[300];
        snprintf(headers, sizeof headers, "%.*s.headers", (int)(strrchr(path, '.') - path), path);
        snprintf(full, sizeof full, "tests/data/gateways/%s", headers);
        FILE *f = strncmp(path, gateway, strlen(gateway)) ? NULL : fopen(full, "rb");
        if (!f)
            continue;
        fclose(f);
        if (verify_sample(m, headers, path) != GATEWAY_AUTHENTIC)
            fail_msg("%s is not authentic", path);
        count++;
    }
    json_decref(all);
    mapping_free(m);
    return count;
}

static void every_signed_sample_is_authentic(void **state)
{
    (void)state;
    assert_true(verify_all("meta") >= 14);
    assert_true(verify_all("gowa") >= 14);
    assert_true(verify_all("waha") >= 10);
    assert_true(verify_all("twilio") >= 7);
}

static void a_wrong_signature_is_refused(void **state)
{
    (void)state;
    struct gateway_mapping *m = support_preset("meta", NULL);
    assert_int_equal(
        verify_sample(m, "meta/in_text_badsig.headers", "meta/in_text.json"), GATEWAY_NOT_AUTHENTIC);
    assert_int_equal(verify_sample(m, "meta/in_text.headers", "meta/in_image.json"), GATEWAY_NOT_AUTHENTIC);
    static const char *const bad[] = {"", "X-Hub-Signature-256: \r\n", "X-Hub-Signature-256: sha256=\r\n",
        "X-Hub-Signature-256: sha1=5cee\r\n", "X-Hub-Signature-256: sha256=zz\r\n",
        "X-Hub-Signature-256: sha256=5ce\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(verify_bytes(m, bad[i], "{}", 2), GATEWAY_NOT_AUTHENTIC);
    mapping_free(m);
}

static void one_flipped_bit_in_body_or_signature_is_noticed(void **state)
{
    (void)state;
    size_t size, headers_size;
    char *body = support_sample("gowa/in_text.json", &size),
         *headers = support_sample("gowa/in_text.headers", &headers_size);
    struct gateway_mapping *m = support_preset("gowa", NULL);
    for (size_t i = 0; i < size; i += 5) {
        body[i] ^= 1;
        assert_int_equal(verify_bytes(m, headers, body, size), GATEWAY_NOT_AUTHENTIC);
        body[i] ^= 1;
    }
    assert_int_equal(verify_bytes(m, headers, body, size - 1), GATEWAY_NOT_AUTHENTIC);
    char *hex = strstr(headers, "sha256=") + 7;
    for (int i = 0; i < 64; i++) {
        char kept = hex[i];
        hex[i] = kept == '0' ? '1' : '0';
        assert_int_equal(verify_bytes(m, headers, body, size), GATEWAY_NOT_AUTHENTIC);
        hex[i] = kept;
    }
    for (int i = 0; i < 64; i++) /* upper case is the same number */
        hex[i] = hex[i] >= 'a' ? (char)(hex[i] - 32) : hex[i];
    assert_int_equal(verify_bytes(m, headers, body, size), GATEWAY_AUTHENTIC);
    mapping_free(m);
    free(body);
    free(headers);
}

static void the_published_vectors_hold(void **state)
{
    (void)state;
    static const struct support_setting key[] = {{"WAHA_HMAC_KEY", "my-secret-key"}, {NULL, NULL}};
    struct gateway_mapping *m = support_preset("waha", key);
    assert_int_equal(verify_sample(m, "waha/doc_vector.headers", "waha/doc_vector.json"), GATEWAY_AUTHENTIC);
    mapping_free(m);
    struct arena *arena = arena_new(65536);
    const char *form =
        "Digits=1234&To=%2B18005551212&From=%2B12349013030&Caller=%2B12349013030&CallSid=CA1234567890ABCDE";
    assert_string_equal(
        twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form, strlen(form), arena),
        "0/KCTR6DLpKmkAf8muzZqo1nDgQ=");
    arena_free(arena);
}

static void twilio_signs_the_query_too_and_a_repeated_pair_once(void **state)
{
    (void)state;
    struct arena *arena = arena_new(65536);
    const char *once = twilio_signature("t", "https://x/", "a=1", 3, arena);
    assert_string_equal(once, twilio_signature("t", "https://x/", "a=1&a=1", 7, arena));
    assert_string_not_equal(once, twilio_signature("t", "https://x/", "a=1&a=2", 7, arena));
    static const struct support_setting url[] = {
        {"public_url", "https://mycompany.com/myapp.php"}, {"TWILIO_TOKEN", "12345678"}, {NULL, NULL}};
    struct gateway_mapping *m = support_preset("twilio", url);
    char headers[100];
    snprintf(headers, sizeof headers, "X-Twilio-Signature: %s\n",
        twilio_signature("12345678", "https://mycompany.com/myapp.php?foo=1", "a=1", 3, arena));
    struct gateway_callback callback = {
        .header = support_header, .header_context = headers, .query = "foo=1", .body = "a=1", .body_size = 3};
    assert_int_equal(verify(m, &callback), GATEWAY_AUTHENTIC);
    callback.query = NULL;
    assert_int_equal(verify(m, &callback), GATEWAY_NOT_AUTHENTIC);
    mapping_free(m);
    arena_free(arena);
}

static void meta_handshake_echoes_the_challenge(void **state)
{
    (void)state;
    struct gateway_mapping *m = support_preset("meta", NULL);
    struct arena *arena = arena_new(65536);
    size_t n;
    char *query = support_sample("meta/verify.query", &n),
         *expected = support_sample("meta/verify.expected_response", &n);
    query[strcspn(query, "\n")] = expected[strcspn(expected, "\n")] = '\0';
    const char *echo = NULL;
    assert_int_equal(mapping_handshake(m, query, arena, &echo), GATEWAY_HANDSHAKE_GOOD);
    assert_string_equal(echo, expected);
    static const char *const bad[] = {NULL, "", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=salah",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=token-rahasia",
        "hub.mode=subscribe&hub.verify_token=token-rahasia",
        "hub.mode=subscribe&hub.challenge=a%0d%0ab&hub.verify_token=token-rahasia"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(mapping_handshake(m, bad[i], arena, &echo), GATEWAY_HANDSHAKE_BAD);
    mapping_free(m);
    m = support_preset("fonnte", NULL);
    assert_int_equal(mapping_handshake(m, query, arena, &echo), GATEWAY_HANDSHAKE_NONE);
    mapping_free(m);
    arena_free(arena);
    free(query);
    free(expected);
}

/* ---- the other schemes ---- */

static struct gateway_mapping *with_auth(const char *auth)
{
    char text[2000];
    snprintf(text, sizeof text,
        "{\"auth\":[%s],\"parse\":\"json_or_form\",\"streams\":[{\"as\":\"message\",\"fields\":{\"id\":[\"/"
        "id\"]}}]}",
        auth);
    return support_mapping(text);
}

static void check_auth(
    const char *auth, const struct gateway_callback *callback, enum gateway_authenticity expected)
{
    struct gateway_mapping *m = with_auth(auth);
    assert_int_equal(verify(m, callback), expected);
    mapping_free(m);
}

#define CALLBACK(...) (&(struct gateway_callback){.header = support_header, __VA_ARGS__})

static void tokens_in_header_query_and_path_are_compared_whole(void **state)
{
    (void)state;
    const char *header = "{\"type\":\"header\",\"header\":\"X-Hook-Token\",\"secret\":\"$EVO_HOOK_TOKEN\"}";
    check_auth(header, CALLBACK(.header_context = "x-hook-token: rahasia-evo\n"), GATEWAY_AUTHENTIC);
    check_auth(header, CALLBACK(.header_context = "X-Hook-Token: rahasia-ev\n"), GATEWAY_NOT_AUTHENTIC);
    check_auth(header, CALLBACK(.header_context = "X-Hook-Token: rahasia-evo2\n"), GATEWAY_NOT_AUTHENTIC);
    check_auth(header, CALLBACK(.header_context = ""), GATEWAY_NOT_AUTHENTIC);
    check_auth(header, &(struct gateway_callback){0}, GATEWAY_NOT_AUTHENTIC);
    const char *bearer = "{\"type\":\"header\",\"header\":\"Authorization\",\"prefix\":\"Bearer "
                         "\",\"secret\":\"$EVO_HOOK_TOKEN\"}";
    check_auth(bearer, CALLBACK(.header_context = "Authorization: Bearer rahasia-evo\n"), GATEWAY_AUTHENTIC);
    check_auth(bearer, CALLBACK(.header_context = "Authorization: rahasia-evo\n"), GATEWAY_NOT_AUTHENTIC);
    const char *query = "{\"type\":\"query\",\"name\":\"token\",\"secret\":\"$EVO_HOOK_TOKEN\"}";
    check_auth(query, CALLBACK(.query = "a=1&token=rahasia%2Devo"), GATEWAY_AUTHENTIC);
    check_auth(query, CALLBACK(.query = "token=rahasia"), GATEWAY_NOT_AUTHENTIC);
    check_auth(query, CALLBACK(.query = NULL), GATEWAY_NOT_AUTHENTIC);
    const char *path = "{\"type\":\"path_token\",\"secret\":\"$PATH_TOKEN\"}";
    check_auth(path, CALLBACK(.path_token = "0123456789abcdef0123456789abcdef"), GATEWAY_AUTHENTIC);
    check_auth(path, CALLBACK(.path_token = "0123456789abcdef0123456789abcdee"), GATEWAY_NOT_AUTHENTIC);
    check_auth(path, CALLBACK(.path_token = NULL), GATEWAY_NOT_AUTHENTIC);
    check_auth(path, CALLBACK(.path_token = NULL, .captured = true), GATEWAY_UNJUDGED);
}

static void basic_credentials_are_compared(void **state)
{
    (void)state;
    const char *basic = "{\"type\":\"basic\",\"user\":\"gowa\",\"secret\":\"$EVO_HOOK_TOKEN\"}";
    check_auth(basic, CALLBACK(.header_context = "Authorization: Basic Z293YTpyYWhhc2lhLWV2bw==\n"),
        GATEWAY_AUTHENTIC);
    check_auth(
        basic, CALLBACK(.header_context = "Authorization: Basic Z293YTpzYWxhaA==\n"), GATEWAY_NOT_AUTHENTIC);
    check_auth(basic, CALLBACK(.header_context = "Authorization: Bearer x\n"), GATEWAY_NOT_AUTHENTIC);
}

static void a_token_in_the_body_needs_a_readable_body(void **state)
{
    (void)state;
    const char *token = "{\"type\":\"body_token\",\"pointer\":\"/secret\",\"secret\":\"$EVO_HOOK_TOKEN\"}";
    check_auth(token, CALLBACK(.body = "{\"secret\":\"rahasia-evo\"}", .body_size = 24), GATEWAY_AUTHENTIC);
    check_auth(token, CALLBACK(.body = "secret=rahasia-evo", .body_size = 18), GATEWAY_AUTHENTIC);
    check_auth(token, CALLBACK(.body = "{\"secret\":1}", .body_size = 12), GATEWAY_NOT_AUTHENTIC);
    check_auth(token, CALLBACK(.body = "{}", .body_size = 2), GATEWAY_NOT_AUTHENTIC);
    check_auth(token, CALLBACK(.body = "{\"secret\":", .body_size = 10), GATEWAY_MALFORMED);
}

static void only_listed_networks_may_call(void **state)
{
    (void)state;
    const char *allow = "{\"type\":\"ip_allow\",\"allow\":[\"10.1.0.0/16\",\"192.0.2.7\",\"2001:db8::/33\"]}";
    static const struct {
        const char *peer;
        enum gateway_authenticity expected;
    } peers[] = {{"10.1.2.3", GATEWAY_AUTHENTIC}, {"10.2.0.1", GATEWAY_NOT_AUTHENTIC},
        {"192.0.2.7", GATEWAY_AUTHENTIC}, {"192.0.2.8", GATEWAY_NOT_AUTHENTIC},
        {"::ffff:10.1.9.9", GATEWAY_AUTHENTIC}, {"2001:db8::1", GATEWAY_AUTHENTIC},
        {"2001:db8:8000::1", GATEWAY_NOT_AUTHENTIC}, {"2001:db9::1", GATEWAY_NOT_AUTHENTIC},
        {NULL, GATEWAY_NOT_AUTHENTIC}, {"x", GATEWAY_NOT_AUTHENTIC}};
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        check_auth(allow, CALLBACK(.peer = peers[i].peer), peers[i].expected);
}

static void all_listed_proofs_must_hold(void **state)
{
    (void)state;
    const char *both = "{\"type\":\"path_token\",\"secret\":\"$PATH_TOKEN\"},"
                       "{\"type\":\"header\",\"header\":\"X\",\"secret\":\"$EVO_HOOK_TOKEN\"}";
    const char *path = "0123456789abcdef0123456789abcdef";
    check_auth(both, CALLBACK(.path_token = path, .header_context = "X: rahasia-evo\n"), GATEWAY_AUTHENTIC);
    check_auth(both, CALLBACK(.path_token = path, .header_context = ""), GATEWAY_NOT_AUTHENTIC);
    check_auth(
        both, CALLBACK(.path_token = NULL, .header_context = "X: rahasia-evo\n"), GATEWAY_NOT_AUTHENTIC);
}

static void an_optional_proof_counts_once_its_secret_is_set(void **state)
{
    (void)state;
    static const struct support_setting with[] = {{"FONNTE_SECRET", "rahasia-webhook"}, {NULL, NULL}};
    size_t size, secret_size;
    char *plain = support_sample("fonnte/in_text.json", &size),
         *secret = support_sample("fonnte/in_text_secret.json", &secret_size);
    const char *path = "0123456789abcdef0123456789abcdef";
    struct gateway_mapping *m = support_preset("fonnte", NULL);
    assert_int_equal(
        verify(m, CALLBACK(.path_token = path, .body = plain, .body_size = size)), GATEWAY_AUTHENTIC);
    mapping_free(m);
    m = support_preset("fonnte", with);
    assert_int_equal(
        verify(m, CALLBACK(.path_token = path, .body = plain, .body_size = size)), GATEWAY_NOT_AUTHENTIC);
    assert_int_equal(
        verify(m, CALLBACK(.path_token = path, .body = secret, .body_size = secret_size)), GATEWAY_AUTHENTIC);
    assert_int_equal(
        verify(m, CALLBACK(.captured = true, .body = secret, .body_size = secret_size)), GATEWAY_AUTHENTIC);
    mapping_free(m);
    free(plain);
    free(secret);
}

static void evolution_proves_itself_by_its_static_header_or_its_token(void **state)
{
    (void)state;
    static const struct support_setting header_alone[] = {{"EVO_JWT_KEY", ""}, {NULL, NULL}};
    struct gateway_mapping *m = support_preset("evolution", NULL);
    assert_int_equal(verify_sample(m, "evolution/in_text_static_header.headers", "evolution/in_text.json"),
        GATEWAY_AUTHENTIC);
    assert_int_equal(
        verify_sample(m, "evolution/in_text.headers", "evolution/in_text.json"), GATEWAY_AUTHENTIC);
    assert_int_equal(verify_bytes(m, "", "{}", 2), GATEWAY_NOT_AUTHENTIC);
    mapping_free(m);
    m = support_preset("evolution", header_alone);
    assert_int_equal(
        verify_sample(m, "evolution/in_text.headers", "evolution/in_text.json"), GATEWAY_NOT_AUTHENTIC);
    mapping_free(m);
}

static void one_proof_of_any_must_be_configured(void **state)
{
    (void)state;
    static const struct support_setting nothing[] = {
        {"EVO_JWT_KEY", ""}, {"EVO_HOOK_TOKEN", ""}, {NULL, NULL}};
    const struct embedded_file *file = embedded_find("config/gateways/evolution.json");
    struct gateway_lookup lookup = {support_find, (void *)(uintptr_t)nothing};
    struct gateway_mapping *m = NULL;
    struct fault fault = {0};
    assert_int_equal(
        mapping_load("evo", file->data, file->size, &lookup, MAPPING_FOR_ALL, &m, &fault), OUTCOME_NEVER);
    assert_string_equal(
        fault.public_text, "evo: /auth/0/of: isi paling sedikit satu rahasianya di konfigurasi");
}

#define TOKEN_TIME 1795314600
static const char token_good[] =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTUzMTQ2MDAsImV4cCI6MTc5NTMxNTIwMCwiYXBwI"
    "joiZXZvbHV0aW9uIiwiYWN0aW9uIjoid2ViaG9vayJ9.a7w9BceSPxIjB3n7c4H0uLFNrcRkJmk4dRyAflLz20s";
static const char token_of_another_key[] =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTUzMTQ2MDAsImV4cCI6MTc5NTMxNTIwMH0.5Dxoc"
    "Cqev3xZNJroxsLfi8RzLy2QTxakkBxu6gB948s";
static const char token_without_algorithm[] = "eyJhbGciOiJub25lIn0.eyJleHAiOiAxNzk1MzE1MjAwfQ.";
static const char token_of_hs384[] =
    "eyJhbGciOiJIUzM4NCJ9.eyJleHAiOjE3OTUzMTUyMDB9.uY3kdSJFOkwEQMnaSHOa431pcVXipL0zLvady_uUfSA";
static const char token_for_ever[] =
    "eyJhbGciOiJIUzI1NiJ9.eyJhcHAiOiJldm9sdXRpb24ifQ.qg1Rj26LYUEV8ScNjjNBVBHjC3ujkr0x_rGWnDCN58"
    "c";
static const char token_of_tomorrow[] =
    "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTUzMjA2MDAsIm5iZiI6MTc5NTMxNzYwMH0.b4OaQJnPg5siJTCp5r-XW"
    "AFqHEGS6bJ-GB9XJZoT_v8";

static void a_token_is_hs256_and_expires(void **state)
{
    (void)state;
    static const struct {
        const char *token;
        int64_t at_s; /* 0 = a capture: nothing expires */
        enum gateway_authenticity expected;
    } tokens[] = {
        {token_good, TOKEN_TIME, GATEWAY_AUTHENTIC},
        {token_good, TOKEN_TIME + 700, GATEWAY_NOT_AUTHENTIC},
        {token_good, 0, GATEWAY_AUTHENTIC},
        {token_of_another_key, TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {token_without_algorithm, TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {token_of_hs384, TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {token_for_ever, TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {token_of_tomorrow, TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {"a.b.c", TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {"..", TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
        {"", TOKEN_TIME, GATEWAY_NOT_AUTHENTIC},
    };
    const char *jwt = "{\"type\":\"jwt\",\"header\":\"Authorization\",\"prefix\":\"Bearer "
                      "\",\"secret\":\"$EVO_JWT_KEY\"}";
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        char header[600];
        snprintf(header, sizeof header, "Authorization: Bearer %s\n", tokens[i].token);
        check_auth(jwt,
            CALLBACK(.header_context = header, .now_ms = tokens[i].at_s * 1000, .captured = !tokens[i].at_s),
            tokens[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_signed_sample_is_authentic),
        cmocka_unit_test(a_wrong_signature_is_refused),
        cmocka_unit_test(one_flipped_bit_in_body_or_signature_is_noticed),
        cmocka_unit_test(the_published_vectors_hold),
        cmocka_unit_test(twilio_signs_the_query_too_and_a_repeated_pair_once),
        cmocka_unit_test(meta_handshake_echoes_the_challenge),
        cmocka_unit_test(tokens_in_header_query_and_path_are_compared_whole),
        cmocka_unit_test(basic_credentials_are_compared),
        cmocka_unit_test(a_token_in_the_body_needs_a_readable_body),
        cmocka_unit_test(only_listed_networks_may_call),
        cmocka_unit_test(all_listed_proofs_must_hold),
        cmocka_unit_test(an_optional_proof_counts_once_its_secret_is_set),
        cmocka_unit_test(evolution_proves_itself_by_its_static_header_or_its_token),
        cmocka_unit_test(one_proof_of_any_must_be_configured),
        cmocka_unit_test(a_token_is_hs256_and_expires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
