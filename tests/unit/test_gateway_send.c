#include "gateway_support.h"
#include "channels/gateway/form.h"
#include "channels/gateway/mapping_media.h"
#include "channels/gateway/mapping_send.h"

struct sending {
    struct gateway_mapping *mapping;
    struct arena *arena;
    struct gateway_request request;
    struct fault fault;
};

static enum outcome fill(
    struct sending *s, const char *gateway, const char *chat, const char *text, const char *reply_to)
{
    *s = (struct sending){.mapping = support_preset(gateway, NULL), .arena = arena_new(4 << 20)};
    struct gateway_text t = {.chat = chat, .text = text, .reply_to = reply_to};
    return mapping_send_fill(s->mapping, &t, s->arena, &s->request, &s->fault);
}

static void release(struct sending *s)
{
    arena_free(s->arena);
    mapping_free(s->mapping);
}

static const char *header_of(const struct gateway_request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (!strcmp(r->headers[i].name, name))
            return r->headers[i].value;
    return NULL;
}

/* Body of the request and of the sample as JSON; `more` are members we send beyond the sample. */
static void check_request(const char *gateway, const char *chat, const char *text, const char *reply_to,
    const char *sample, const char *more)
{
    struct sending s;
    assert_int_equal(fill(&s, gateway, chat, text, reply_to), OUTCOME_DONE);
    size_t size;
    char *wanted_text = support_sample(sample, &size);
    size = strcspn(wanted_text, "\n");
    bool is_form = strstr(sample, ".form") != NULL;
    json_t *wanted =
        is_form ? form_object(wanted_text, size, s.arena) : json_loadb(wanted_text, size, 0, NULL);
    json_t *got = is_form ? form_object(s.request.body, s.request.body_size, s.arena)
                          : json_loadb(s.request.body, s.request.body_size, 0, NULL);
    json_t *extra = json_loads(more, 0, NULL);
    assert_non_null(wanted);
    json_object_update(wanted, extra);
    if (!json_equal(got, wanted))
        fail_msg("%s: %s", sample, s.request.body);
    assert_string_equal(
        s.request.content_type, is_form ? "application/x-www-form-urlencoded" : "application/json");
    assert_string_equal(s.request.method, "POST");
    json_decref(extra);
    json_decref(wanted);
    json_decref(got);
    free(wanted_text);
    release(&s);
}

static void requests_equal_the_samples(void **state)
{
    (void)state;
    static const char received[] = "Laporan ADU-2026-0001 diterima.", thanks[] = "Terima kasih.";
    check_request("meta", "6281234567890", received, NULL, "meta/send_text.request.json", "{}");
    check_request("meta", "6281234567890", thanks, "wamid.IN0001", "meta/send_text_quote.request.json", "{}");
    check_request(
        "gowa", "6281234567890@s.whatsapp.net", received, NULL, "gowa/send_text.request.json", "{}");
    check_request("gowa", "6281234567890:7@s.whatsapp.net", thanks, "3EB0C127D7BACC83D6A1",
        "gowa/send_quote.request.json", "{}");
    check_request("fonnte", "6281234567890", received, NULL, "fonnte/send_text.form", "{}");
    check_request("fonnte", "6281234567890", thanks, "771234", "fonnte/send_quote.form", "{}");
    check_request("wablas", "6281234567890", received, NULL, "wablas/send_text.request.json", "{}");
    check_request("waha", "6281234567890@c.us", received, NULL, "waha/send_text.request.json", "{}");
    check_request("waha", "+6281234567890", thanks, "3EB0C127D7BACC83D6A1", "waha/send_quote.request.json",
        "{\"linkPreview\":false}");
    check_request("evolution", "6281234567890@s.whatsapp.net", received, NULL,
        "evolution/send_text.request.json", "{}");
    check_request("twilio", "whatsapp:+6281234567890", received, NULL, "twilio/send_text.form", "{}");
}

static void addresses_and_credentials_are_filled_in(void **state)
{
    (void)state;
    static const struct {
        const char *gateway, *url, *header, *value;
    } cases[] = {
        {"meta", "http://127.0.0.1:3000/v23.0/106540352242922/messages", "Authorization",
            "Bearer EAAB-token"},
        {"gowa", "http://127.0.0.1:3000/send/message", "X-Device-Id", "kec-sukamaju"},
        {"gowa", "http://127.0.0.1:3000/send/message", "Authorization", "Basic dXNlcjpzZWNyZXQ="},
        {"fonnte", "http://127.0.0.1:3000/send", "Authorization", "DEVICE_TOKEN"},
        {"wablas", "https://solo.wablas.com/api/v2/send-message", "Authorization", "TOKEN.SECRET_KEY"},
        {"waha", "http://127.0.0.1:3000/api/sendText", "X-Api-Key", "waha-api-key"},
        {"evolution", "http://127.0.0.1:3000/message/sendText/kec-sukamaju", "apikey", "INSTANCE_TOKEN"},
        {"twilio", "http://127.0.0.1:3000/2010-04-01/Accounts/AC0/Messages.json", "Authorization",
            "Basic QUMwOnRva2Vu"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sending s;
        assert_int_equal(fill(&s, cases[i].gateway, "6281234567890", "a", NULL), OUTCOME_DONE);
        assert_string_equal(s.request.url, cases[i].url);
        assert_string_equal(header_of(&s.request, cases[i].header), cases[i].value);
        release(&s);
    }
}

static void a_setting_that_is_missing_has_the_mappings_default(void **state)
{
    (void)state;
    static const struct support_setting no_base[] = {{"base", ""}, {NULL, NULL}};
    struct sending s = {.mapping = support_preset("meta", no_base), .arena = arena_new(1 << 20)};
    struct gateway_text t = {.chat = "6281234567890", .text = "a"};
    assert_int_equal(mapping_send_fill(s.mapping, &t, s.arena, &s.request, &s.fault), OUTCOME_DONE);
    assert_string_equal(s.request.url, "https://graph.facebook.com/v23.0/106540352242922/messages");
    release(&s);
}

static void a_header_whose_setting_is_empty_is_left_out(void **state)
{
    (void)state;
    static const struct support_setting one_device[] = {{"device", ""}, {NULL, NULL}};
    struct sending s = {.mapping = support_preset("gowa", one_device), .arena = arena_new(1 << 20)};
    struct gateway_text t = {.chat = "6281234567890", .text = "a"};
    assert_int_equal(mapping_send_fill(s.mapping, &t, s.arena, &s.request, &s.fault), OUTCOME_DONE);
    assert_int_equal(s.request.header_count, 1);
    assert_null(header_of(&s.request, "X-Device-Id"));
    release(&s);
}

static void hidden_ids_go_as_they_are_where_the_gateway_takes_them(void **state)
{
    (void)state;
    struct sending s;
    assert_int_equal(fill(&s, "gowa", "251556368777322@lid", "a", NULL), OUTCOME_DONE);
    assert_string_equal(s.request.body, "{\"phone\":\"251556368777322@lid\",\"message\":\"a\"}");
    release(&s);
    assert_int_equal(fill(&s, "meta", "ID.1349", "a", NULL), OUTCOME_DONE);
    assert_non_null(strstr(s.request.body, "\"recipient\":\"ID.1349\""));
    assert_null(strstr(s.request.body, "\"to\""));
    release(&s);
    static const char *const refused[][2] = {{"fonnte", "251556368777322@lid"},
        {"meta", "251556368777322@lid"}, {"gowa", "120363041234567890@g.us"}, {"waha", "status@broadcast"},
        {"meta", "HIAfZ2"}, {"gowa", ""}, {"gowa", NULL}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(fill(&s, refused[i][0], refused[i][1], "a", NULL), OUTCOME_NEVER);
        assert_true(s.fault.public_text[0] != '\0');
        release(&s);
    }
}

static void no_text_can_break_out_of_its_place(void **state)
{
    (void)state;
    static const char hostile[] =
        "\"},\"to\":\"628999\" {to} $META_TOKEN {phone_number_id}\n&a=b \xF0\x9F\x99\x8F";
    struct sending s;
    assert_int_equal(fill(&s, "meta", "6281234567890", hostile, NULL), OUTCOME_DONE);
    json_t *body = json_loads(s.request.body, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(json_string_value(json_object_get(json_object_get(body, "text"), "body")), hostile);
    assert_string_equal(json_string_value(json_object_get(body, "to")), "6281234567890");
    json_decref(body);
    release(&s);
    assert_int_equal(fill(&s, "twilio", "6281234567890", hostile, NULL), OUTCOME_DONE);
    json_t *form = form_object(s.request.body, s.request.body_size, s.arena);
    assert_string_equal(json_string_value(json_object_get(form, "Body")), hostile);
    assert_int_equal(json_object_size(form), 4);
    json_decref(form);
    release(&s);
    assert_int_equal(fill(&s, "fonnte", "6281234567890", "nama {name}", NULL), OUTCOME_DONE);
    form = form_object(s.request.body, s.request.body_size, s.arena);
    assert_string_equal(json_string_value(json_object_get(form, "message")), "nama {\xE2\x80\x8Bname}");
    json_decref(form);
    release(&s);
}

static void text_the_gateway_cannot_take_is_refused(void **state)
{
    (void)state;
    char text[1700];
    memset(text, 'a', sizeof text);
    text[1601] = '\0';
    struct sending s;
    assert_int_equal(fill(&s, "twilio", "6281234567890", text, NULL), OUTCOME_NEVER);
    release(&s);
    text[1600] = '\0';
    assert_int_equal(fill(&s, "twilio", "6281234567890", text, NULL), OUTCOME_DONE);
    release(&s);
    assert_int_equal(fill(&s, "twilio", "6281234567890", "", NULL), OUTCOME_NEVER);
    release(&s);
}

static void memory_at_its_end_means_later(void **state)
{
    (void)state;
    struct gateway_mapping *m = support_preset("meta", NULL);
    struct gateway_text t = {.chat = "6281234567890", .text = "a", .reply_to = "x"};
    for (size_t max = 0; max < 1200; max += 20) {
        struct arena *arena = arena_new(max);
        struct gateway_request request;
        enum outcome outcome = mapping_send_fill(m, &t, arena, &request, NULL);
        assert_true(outcome == OUTCOME_LATER || (outcome == OUTCOME_DONE && arena_ok(arena)));
        arena_free(arena);
    }
    mapping_free(m);
}

/* ---- answers ---- */

static const struct {
    const char *gateway, *sample; /* sample NULL: body stands in `code` */
    int status;
    enum gateway_verdict verdict;
    const char *code; /* message id when accepted */
} answers[] = {
    {"meta", "meta/send_ok.response.json", 200, GATEWAY_ACCEPTED, "wamid.OUT0001"},
    {"meta", "meta/send_err_130429.response.json", 400, GATEWAY_RETRY, "130429"},
    {"meta", "meta/send_err_131030.response.json", 400, GATEWAY_CONFIG, "131030"},
    {"meta", "meta/send_err_131047.response.json", 400, GATEWAY_WINDOW, "131047"},
    {"meta", "meta/send_err_131056.response.json", 400, GATEWAY_RETRY, "131056"},
    {"meta", "meta/send_err_190.response.json", 401, GATEWAY_CONFIG, "190"},
    {"gowa", "gowa/send_ok.response.json", 200, GATEWAY_ACCEPTED, "3EB0OUT1"},
    {"gowa", "gowa/send_err_not_registered.response.json", 400, GATEWAY_DEAD, "INVALID_JID"},
    {"gowa", "gowa/send_err_timelock_429.response.json", 429, GATEWAY_RETRY, "WA_REACHOUT_TIMELOCK"},
    {"gowa", "gowa/send_err_timeout_504.response.json", 504, GATEWAY_UNKNOWN, "GATEWAY_TIMEOUT"},
    {"fonnte", "fonnte/send_ok.response.json", 200, GATEWAY_ACCEPTED, "80367170"},
    {"fonnte", "fonnte/send_err_insufficient_quota.response.json", 200, GATEWAY_CONFIG, "insufficient quota"},
    {"fonnte", "fonnte/send_err_request_invalid_on_disconnected_device.response.json", 200, GATEWAY_CONFIG,
        "request invalid on disconnected device"},
    {"fonnte", "fonnte/send_err_status_string.response.json", 200, GATEWAY_CONFIG, "token invalid"},
    {"fonnte", "fonnte/send_err_target_invalid.response.json", 200, GATEWAY_DEAD, "target invalid"},
    {"fonnte", "fonnte/send_err_token_invalid.response.json", 200, GATEWAY_CONFIG, "token invalid"},
    {"wablas", "wablas/send_ok.response.json", 200, GATEWAY_ACCEPTED, "6d8a1f3e-0000"},
    {"wablas", "wablas/send_err_secret.response.json", 200, GATEWAY_CONFIG, "secret key invalid"},
    {"wablas", "wablas/send_err_token.response.json", 200, GATEWAY_CONFIG, "token invalid or device expired"},
    {"waha", "waha/send_ok_gows.response.json", 201, GATEWAY_ACCEPTED, "true_6281234567890@c.us_3EB0OUT1"},
    {"waha", "waha/send_ok_noweb.response.json", 201, GATEWAY_ACCEPTED, "3EB0OUT1"},
    {"waha", "waha/send_ok_webjs.response.json", 201, GATEWAY_ACCEPTED, "true_6281234567890@c.us_3EB0OUT1"},
    {"waha", "waha/send_err_401.response.json", 401, GATEWAY_CONFIG, "401"},
    {"waha", "waha/send_err_422.response.json", 422, GATEWAY_CONFIG, "422"},
    {"evolution", "evolution/send_ok_201.response.json", 201, GATEWAY_ACCEPTED, "3EB0OUT1"},
    {"evolution", "evolution/send_err_401.response.json", 401, GATEWAY_CONFIG, "Unauthorized"},
    {"evolution", "evolution/send_err_not_exists_400.response.json", 400, GATEWAY_DEAD, "false"},
    {"twilio", "twilio/send_ok_201.response.json", 201, GATEWAY_ACCEPTED, "SMOUT1"},
    {"twilio", "twilio/send_err_20003.response.json", 401, GATEWAY_CONFIG, "20003"},
    {"twilio", "twilio/send_err_20429.response.json", 429, GATEWAY_RETRY, "20429"},
    {"twilio", "twilio/send_err_21211.response.json", 400, GATEWAY_DEAD, "21211"},
    {"twilio", "twilio/send_err_21617.response.json", 400, GATEWAY_DEAD, "21617"},
    {"twilio", "twilio/send_err_63016.response.json", 400, GATEWAY_WINDOW, "63016"},
};

/* Of gateways as they are seen in the field, beside the samples. */
static const struct {
    const char *gateway;
    int status;
    const char *body;
    enum gateway_verdict verdict;
} heard[] = {
    /* Evolution says 400 when its own connection is away, and when its database failed after sending. */
    {"evolution", 400,
        "{\"status\":400,\"error\":\"Bad Request\",\"response\":{\"message\":[\"Error: Connection "
        "Closed\"]}}",
        GATEWAY_RETRY},
    {"evolution", 500,
        "{\"status\":500,\"error\":\"Internal Server Error\",\"response\":{\"message\":\"Connection "
        "Closed\"}}",
        GATEWAY_RETRY},
    {"evolution", 400,
        "{\"status\":400,\"error\":\"Bad "
        "Request\",\"response\":{\"message\":[\"PrismaClientKnownRequestError\"]}}",
        GATEWAY_UNKNOWN},
    {"evolution", 404,
        "{\"status\":404,\"error\":\"Not Found\",\"response\":{\"message\":[\"no instance\"]}}",
        GATEWAY_CONFIG},
};

/* A token that is over, a number that was banned, a session that is lost: the queue stops, no letter is given up. */
static void every_answer_for_an_account_that_cannot_send_stops_the_queue(void **state)
{
    (void)state;
    json_t *all = support_sample_json("sessions.json"), *of_gateway, *one;
    const char *gateway, *title;
    size_t count = 0;
    json_object_foreach(all, gateway, of_gateway)
    {
        struct gateway_mapping *m = support_preset(gateway, NULL);
        json_object_foreach(json_object_get(of_gateway, "refused"), title, one)
        {
            struct arena *arena = arena_new(1 << 20);
            char *body = json_dumps(json_object_get(one, "body"), JSON_COMPACT);
            struct gateway_answer a = mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED,
                (int)json_integer_value(json_object_get(one, "status")), body, strlen(body), arena);
            if (a.verdict != GATEWAY_CONFIG)
                fail_msg("%s: %s: %s", gateway, title, gateway_verdict_name(a.verdict));
            free(body);
            arena_free(arena);
            count++;
        }
        mapping_free(m);
    }
    json_decref(all);
    assert_true(count >= 20);
}

static void what_the_field_answers_is_classified(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
        struct gateway_mapping *m = support_preset(heard[i].gateway, NULL);
        struct arena *arena = arena_new(1 << 20);
        struct gateway_answer a = mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED, heard[i].status,
            heard[i].body, strlen(heard[i].body), arena);
        if (a.verdict != heard[i].verdict)
            fail_msg("%s: %s", heard[i].body, gateway_verdict_name(a.verdict));
        arena_free(arena);
        mapping_free(m);
    }
}

static void every_sample_answer_is_classified(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        size_t size;
        struct gateway_mapping *m = support_preset(answers[i].gateway, NULL);
        struct arena *arena = arena_new(1 << 20);
        char *body = support_sample(answers[i].sample, &size);
        struct gateway_answer a =
            mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED, answers[i].status, body, size, arena);
        const char *told = a.verdict == GATEWAY_ACCEPTED ? a.message_id : a.error_code;
        if (a.verdict != answers[i].verdict || !told || strcmp(told, answers[i].code))
            fail_msg("%s: %s %s", answers[i].sample, gateway_verdict_name(a.verdict), told ? told : "-");
        if (a.verdict == GATEWAY_ACCEPTED && !strcmp(answers[i].gateway, "waha"))
            assert_string_equal(a.message_key, "3EB0OUT1");
        free(body);
        arena_free(arena);
        mapping_free(m);
    }
}

static const struct {
    const char *gateway, *body;
    int status;
    enum gateway_verdict verdict;
} plain_answers[] = {
    {"gowa", "<html>Bad Gateway</html>", 502, GATEWAY_RETRY},
    {"gowa", "", 503, GATEWAY_RETRY},
    {"gowa", "", 504, GATEWAY_UNKNOWN},
    {"gowa", "", 429, GATEWAY_RETRY},
    {"gowa", "", 401, GATEWAY_CONFIG},
    {"gowa", "", 302, GATEWAY_CONFIG},
    {"gowa", "", 404, GATEWAY_DEAD},
    {"gowa", "<html>welcome</html>", 200, GATEWAY_UNKNOWN},
    {"gowa", "{\"code\":\"SOMETHING_NEW\"}", 200, GATEWAY_DEAD},
    {"gowa", "{\"code\":\"SOMETHING_NEW\"}", 500, GATEWAY_RETRY},
    {"meta", "{\"error\":{\"code\":250}}", 400, GATEWAY_CONFIG},
    {"meta", "{\"error\":{\"code\":300}}", 400, GATEWAY_DEAD},
    {"fonnte", "{\"status\":\"true\",\"id\":[]}", 200, GATEWAY_ACCEPTED},
};

static void other_answers_are_judged_by_their_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain_answers / sizeof *plain_answers; i++) {
        struct gateway_mapping *m = support_preset(plain_answers[i].gateway, NULL);
        struct arena *arena = arena_new(1 << 20);
        const char *body = plain_answers[i].body;
        struct gateway_answer a = mapping_send_classify(
            m, "6281234567890", GATEWAY_ANSWERED, plain_answers[i].status, body, strlen(body), arena);
        if (a.verdict != plain_answers[i].verdict)
            fail_msg("%d %s: %s", plain_answers[i].status, body, gateway_verdict_name(a.verdict));
        assert_true((a.error_code == NULL) == (a.verdict == GATEWAY_ACCEPTED));
        arena_free(arena);
        mapping_free(m);
    }
}

static void a_lost_answer_is_unknown_and_an_unsent_request_is_not(void **state)
{
    (void)state;
    struct gateway_mapping *m = support_preset("meta", NULL);
    struct arena *arena = arena_new(4096);
    assert_int_equal(mapping_send_classify(m, "6281234567890", GATEWAY_NOT_SENT, 0, NULL, 0, arena).verdict,
        GATEWAY_RETRY);
    assert_int_equal(
        mapping_send_classify(m, "6281234567890", GATEWAY_LOST, 0, NULL, 0, arena).verdict, GATEWAY_UNKNOWN);
    assert_int_equal(mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED, 500, NULL, 0, arena).verdict,
        GATEWAY_RETRY);
    struct gateway_answer a = mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED, 400,
        "{\"error\":{\"code\":131026,\"message\":\"a\\nb\"}}", 42, arena);
    assert_int_equal(a.verdict, GATEWAY_DEAD);
    assert_string_equal(a.error_text, "a b");
    arena_free(arena);
    mapping_free(m);
}

/* ---- files and LIDs ---- */

static void check_media(const char *gateway, struct gateway_event event, enum gateway_media step,
    const char *method_and_url, const char *header)
{
    struct gateway_mapping *m = support_preset(gateway, NULL);
    struct arena *arena = arena_new(1 << 20);
    struct gateway_request r = {0};
    char got[500];
    assert_int_equal(mapping_media_first(m, &event, arena, &r), step);
    snprintf(got, sizeof got, "%s %s", r.method ? r.method : "", r.url ? r.url : "");
    assert_string_equal(got, method_and_url);
    assert_true((header != NULL) == (r.header_count > 0));
    if (header)
        assert_non_null(header_of(&r, header));
    arena_free(arena);
    mapping_free(m);
}

#define EVENT(...) ((struct gateway_event){.id = "ID1", .chat = "6281234567890@c.us", __VA_ARGS__})

static void files_are_asked_for_the_gateways_way(void **state)
{
    (void)state;
    check_media("meta", EVENT(.media = "2754859441498128"), GATEWAY_MEDIA_ASK,
        "GET http://127.0.0.1:3000/v23.0/2754859441498128", "Authorization");
    check_media("meta", EVENT(.media = "../me?x="), GATEWAY_MEDIA_ASK,
        "GET http://127.0.0.1:3000/v23.0/..%2Fme%3Fx%3D", "Authorization");
    check_media("gowa", EVENT(.media = "statics/media/a.jpeg"), GATEWAY_MEDIA_DOWNLOAD,
        "GET http://127.0.0.1:3000/statics/media/a.jpeg", "Authorization");
    check_media("gowa", EVENT(.kind = GATEWAY_KIND_IMAGE), GATEWAY_MEDIA_ASK,
        "GET http://127.0.0.1:3000/message/ID1/download?phone=6281234567890%40c.us", "Authorization");
    check_media("gowa", EVENT(.kind = GATEWAY_KIND_UNKNOWN), GATEWAY_MEDIA_ASK,
        "GET http://127.0.0.1:3000/message/ID1/download?phone=6281234567890%40c.us", "Authorization");
    check_media("gowa", EVENT(.media = "https://jahat.example/a"), GATEWAY_MEDIA_DOWNLOAD,
        "GET http://127.0.0.1:3000/a", "Authorization"); /* the credentials stay at home */
    check_media("gowa", EVENT(.kind = GATEWAY_KIND_TEXT), GATEWAY_MEDIA_NONE, " ", NULL);
    check_media("gowa", EVENT(.media = "../../etc/passwd"), GATEWAY_MEDIA_NONE, " ", NULL);
    check_media("waha", EVENT(.media = "http://localhost:3000/api/files/x.jpg"), GATEWAY_MEDIA_DOWNLOAD,
        "GET http://127.0.0.1:3000/api/files/x.jpg", "X-Api-Key");
    check_media("waha", EVENT(.media = "http://169.254.169.254/latest"), GATEWAY_MEDIA_DOWNLOAD,
        "GET http://127.0.0.1:3000/latest", "X-Api-Key");
    check_media("waha", EVENT(.kind = GATEWAY_KIND_MEDIA), GATEWAY_MEDIA_ASK,
        "GET http://127.0.0.1:3000/api/default/chats/6281234567890%40c.us/messages/ID1?downloadMedia=true",
        "X-Api-Key");
    check_media("fonnte", EVENT(.media = "https://api.fonnte.com/files/x.jpg"), GATEWAY_MEDIA_DOWNLOAD,
        "GET https://api.fonnte.com/files/x.jpg", NULL);
    check_media(
        "fonnte", EVENT(.media = "https://fonnte.com.jahat.example/x"), GATEWAY_MEDIA_NONE, " ", NULL);
    check_media(
        "fonnte", EVENT(.media = "https://api.fonnte.com@jahat.example/x"), GATEWAY_MEDIA_NONE, " ", NULL);
    check_media("fonnte", EVENT(.media = "file:///etc/passwd"), GATEWAY_MEDIA_NONE, " ", NULL);
    check_media("evolution", EVENT(.kind = GATEWAY_KIND_IMAGE), GATEWAY_MEDIA_ASK,
        "POST http://127.0.0.1:3000/chat/getBase64FromMediaMessage/kec-sukamaju", "apikey");
    check_media("evolution", EVENT(.media_b64 = "/9j/"), GATEWAY_MEDIA_INLINE, " ", NULL);
}

/* SSRF: what a callback names may only be a public address, whatever the gateway's own is. */
static void an_address_that_a_callback_names_is_not_ours(void **state)
{
    static const struct {
        const char *gateway, *media;
        enum gateway_media way;
        bool ours;
    } rows[] = {
        {"gowa", "statics/media/a.jpeg", GATEWAY_MEDIA_DOWNLOAD, true},
        {"gowa", "https://jahat.example/a", GATEWAY_MEDIA_DOWNLOAD, true}, /* asked at our own base */
        {"waha", "http://169.254.169.254/latest", GATEWAY_MEDIA_DOWNLOAD, true},
        {"evolution", "https://jahat.example/a", GATEWAY_MEDIA_NONE, false},
        {"evolution", "http://169.254.169.254/latest", GATEWAY_MEDIA_NONE, false},
        {"fonnte", "https://api.fonnte.com/files/x.jpg", GATEWAY_MEDIA_DOWNLOAD, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gateway_mapping *m = support_preset(rows[i].gateway, NULL);
        struct arena *arena = arena_new(1 << 20);
        struct gateway_event event = EVENT(.media = rows[i].media);
        struct gateway_request r = {0};
        assert_int_equal(mapping_media_first(m, &event, arena, &r), rows[i].way);
        assert_int_equal(r.ours, rows[i].ours);
        arena_free(arena);
        mapping_free(m);
    }
}

static enum gateway_media next_of(const char *gateway, const char *sample, char got[500])
{
    size_t size;
    struct gateway_mapping *m = support_preset(gateway, NULL);
    struct arena *arena = arena_new(1 << 20);
    char *body = support_sample(sample, &size);
    struct gateway_request r = {0};
    const char *b64 = NULL;
    enum gateway_media step = mapping_media_next(m, body, size, arena, &r, &b64);
    snprintf(got, 500, "%s%s", r.url ? r.url : "", b64 ? b64 : "");
    free(body);
    arena_free(arena);
    mapping_free(m);
    return step;
}

static void the_answer_leads_to_the_file(void **state)
{
    (void)state;
    char got[500];
    assert_int_equal(next_of("meta", "meta/media_get.response.json", got), GATEWAY_MEDIA_DOWNLOAD);
    assert_memory_equal(got, "https://lookaside.fbsbx.com/", 28);
    assert_int_equal(next_of("evolution", "evolution/get_base64.response.json", got), GATEWAY_MEDIA_INLINE);
    assert_string_equal(got, "/9j/4AAQSkZJRgABAQ==");
    assert_int_equal(next_of("meta", "meta/send_ok.response.json", got), GATEWAY_MEDIA_NONE);
}

static void a_lid_is_resolved_where_the_gateway_can(void **state)
{
    (void)state;
    struct gateway_mapping *m = support_preset("waha", NULL);
    struct arena *arena = arena_new(1 << 20);
    struct gateway_request r;
    size_t size;
    assert_true(mapping_lid_ask(m, "251556368777322", arena, &r));
    assert_string_equal(r.url, "http://127.0.0.1:3000/api/default/lids/251556368777322");
    char *found = support_sample("waha/lid_found.response.json", &size);
    assert_string_equal(mapping_lid_answer(m, found, size, arena), "+6281234567890");
    free(found);
    char *unknown = support_sample("waha/lid_unknown.response.json", &size);
    assert_null(mapping_lid_answer(m, unknown, size, arena));
    free(unknown);
    mapping_free(m);
    m = support_preset("meta", NULL);
    assert_false(mapping_lid_ask(m, "251556368777322", arena, &r));
    mapping_free(m);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_equal_the_samples),
        cmocka_unit_test(addresses_and_credentials_are_filled_in),
        cmocka_unit_test(a_setting_that_is_missing_has_the_mappings_default),
        cmocka_unit_test(a_header_whose_setting_is_empty_is_left_out),
        cmocka_unit_test(hidden_ids_go_as_they_are_where_the_gateway_takes_them),
        cmocka_unit_test(no_text_can_break_out_of_its_place),
        cmocka_unit_test(text_the_gateway_cannot_take_is_refused),
        cmocka_unit_test(memory_at_its_end_means_later),
        cmocka_unit_test(every_sample_answer_is_classified),
        cmocka_unit_test(what_the_field_answers_is_classified),
        cmocka_unit_test(every_answer_for_an_account_that_cannot_send_stops_the_queue),
        cmocka_unit_test(other_answers_are_judged_by_their_status),
        cmocka_unit_test(a_lost_answer_is_unknown_and_an_unsent_request_is_not),
        cmocka_unit_test(files_are_asked_for_the_gateways_way),
        cmocka_unit_test(an_address_that_a_callback_names_is_not_ours),
        cmocka_unit_test(the_answer_leads_to_the_file),
        cmocka_unit_test(a_lid_is_resolved_where_the_gateway_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
