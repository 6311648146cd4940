#include "gateway_support.h"
#include "channels/gateway/gateway_private.h"
#include "channels/gateway/mapping_event.h"

struct parsed {
    struct gateway_mapping *mapping;
    struct arena *arena;
    struct gateway_events events;
};

static struct parsed parse_with(struct gateway_mapping *m, const char *body, size_t size)
{
    struct parsed p = {.mapping = m, .arena = arena_new(8 << 20)};
    struct fault fault = {0};
    if (mapping_events(m, body, size, p.arena, &p.events, &fault) != OUTCOME_DONE)
        fail_msg("%s", fault.internal);
    return p;
}

static void release(struct parsed *p)
{
    arena_free(p->arena);
    mapping_free(p->mapping);
}

static struct parsed parse_sample(const char *gateway, const char *path)
{
    size_t size;
    char *body = support_sample(path, &size);
    struct parsed p = parse_with(support_preset(gateway, NULL), body, size);
    free(body);
    return p;
}

static struct parsed parse_text(const char *gateway, const char *body)
{
    return parse_with(support_preset(gateway, NULL), body, strlen(body));
}

static void check_event(const char *path, size_t i, const struct gateway_event *e, const json_t *expected)
{
    json_t *wanted = json_deep_copy(expected);
    json_object_set_new(wanted, "authentic", json_null());
    char *line = gateway_event_json(e, GATEWAY_UNJUDGED);
    json_t *got = json_loads(line, 0, NULL);
    if (!json_equal(got, wanted)) {
        char *text = json_dumps(wanted, JSON_COMPACT);
        fail_msg("%s event %zu:\n  got      %s\n  expected %s", path, i, line, text);
    }
    assert_non_null(e->dedupe);
    json_decref(got);
    json_decref(wanted);
    free(line);
}

static void every_sample_gives_the_expected_events(void **state)
{
    (void)state;
    json_t *all = support_sample_json("expected.json"), *expected;
    const char *path;
    size_t samples = 0;
    json_object_foreach(all, path, expected)
    {
        char gateway[32];
        snprintf(gateway, sizeof gateway, "%.*s", (int)strcspn(path, "/"), path);
        struct parsed p = parse_sample(gateway, path);
        if (p.events.count != json_array_size(expected))
            fail_msg("%s: %zu events", path, p.events.count);
        for (size_t i = 0; i < p.events.count; i++)
            check_event(path, i, &p.events.list[i], json_array_get(expected, i));
        release(&p);
        samples++;
    }
    json_decref(all);
    assert_true(samples >= 80);
}

/* {gateway: {what it is: {"body": {...} or "form": "...", "events": [...]}}} */
static size_t check_cases(const char *file)
{
    json_t *all = support_sample_json(file), *of_gateway, *one;
    const char *gateway, *name;
    size_t cases = 0;
    json_object_foreach(all, gateway, of_gateway)
    {
        json_object_foreach(of_gateway, name, one)
        {
            const json_t *expected = json_object_get(one, "events");
            const char *form = json_string_value(json_object_get(one, "form"));
            char *body = form ? strdup(form) : json_dumps(json_object_get(one, "body"), JSON_COMPACT);
            char place[200];
            snprintf(place, sizeof place, "%s: %s", gateway, name);
            struct parsed p = parse_text(gateway, body);
            if (p.events.count != json_array_size(expected))
                fail_msg("%s: %zu events", place, p.events.count);
            for (size_t i = 0; i < p.events.count; i++)
                check_event(place, i, &p.events.list[i], json_array_get(expected, i));
            release(&p);
            free(body);
            cases++;
        }
    }
    json_decref(all);
    return cases;
}

static void every_kind_of_message_gives_the_expected_events(void **state)
{
    (void)state;
    assert_true(check_cases("classes.json") >= 240);
}

/* Other releases, members left out or empty, numbers as texts, wrappers, hidden ids. */
static void every_variation_of_a_gateway_gives_the_expected_events(void **state)
{
    (void)state;
    assert_true(check_cases("variations.json") >= 230);
}

/* ---- Meta's batches ---- */

#define CHANGE(contacts, messages, more)                                                                     \
    "{\"field\":\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\"1\"},\"contacts\":[" contacts    \
    "],\"messages\":[" messages "]" more "}}"
#define MESSAGE(from, id)                                                                                    \
    "{\"from\":\"" from "\",\"id\":\"" id                                                                    \
    "\",\"timestamp\":\"1795314600\",\"type\":\"text\",\"text\":{\"body\":\"a\"}}"
#define CONTACT(name, id) "{\"profile\":{\"name\":\"" name "\"},\"wa_id\":\"" id "\"}"

static void one_post_may_carry_several_people_and_statuses(void **state)
{
    (void)state;
    struct parsed p = parse_text("meta",
        "{\"entry\":[{\"changes\":[" CHANGE(CONTACT("Siti", "6281234567890"), MESSAGE("6281234567890", "A"),
            ",\"statuses\":[{\"id\":\"S\",\"status\":\"read\"}]") ",{\"field\":\"account_update\","
                                                                  "\"value\":{\"event\":\"X\"}}]},{"
                                                                  "\"changes\":[" CHANGE(
                                                                      CONTACT("Budi",
                                                                          "62819111122"
                                                                          "22") "," CONTACT("Tuti",
                                                                          "62856000011"
                                                                          "11"),
                                                                      MESSAGE("6281911112222",
                                                                          "B") "," MESSAGE("628560000111"
                                                                                           "1",
                                                                          "C"),
                                                                      "") "]}]}");
    assert_int_equal(p.events.count, 4);
    const struct gateway_event *e = p.events.list;
    assert_string_equal(e[0].id, "A");
    assert_string_equal(e[0].name, "Siti");
    assert_string_equal(e[1].id, "B");
    assert_string_equal(e[1].name, "Budi"); /* two contacts: each name goes to its own number */
    assert_string_equal(e[2].from, "+6285600001111");
    assert_string_equal(e[2].name, "Tuti");
    assert_int_equal(e[3].as, GATEWAY_STATUS);
    assert_int_equal(e[3].fate, GATEWAY_FATE_READ);
    release(&p);
}

static void a_hidden_number_leaves_the_business_scoped_id(void **state)
{
    (void)state;
    struct parsed p =
        parse_text("meta", "{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"from_user_id\":\"ID."
                           "13491208655302741918\",\"id\":\"A\","
                           "\"type\":\"text\",\"text\":{\"body\":\"a\"}},{\"from\":\"6281234567890\",\"from_"
                           "user_id\":\"ID.1349\",\"id\":\"B\"}]}}]}]}");
    const struct gateway_event *e = p.events.list;
    assert_int_equal(p.events.count, 2);
    assert_null(e[0].from);
    assert_string_equal(e[0].sender_scheme, "bsuid");
    assert_string_equal(e[0].sender_value, "ID.13491208655302741918");
    assert_string_equal(e[0].chat, "ID.13491208655302741918");
    assert_null(e[0].alias_scheme);
    assert_int_equal(e[0].time_ms, GATEWAY_NO_TIME);
    assert_string_equal(e[1].from, "+6281234567890");
    assert_string_equal(e[1].alias_scheme, "bsuid");
    assert_string_equal(e[1].alias_value, "ID.1349");
    assert_int_equal(e[1].kind, GATEWAY_KIND_UNKNOWN);
    release(&p);
}

static void a_reaction_taken_back_has_no_emoji(void **state)
{
    (void)state;
    struct parsed p = parse_text("meta",
        "{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"from\":\"6281234567890\",\"id\":\"R\","
        "\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.1\"}}]}}]}]}");
    assert_int_equal(p.events.list[0].kind, GATEWAY_KIND_REACTION);
    assert_string_equal(p.events.list[0].react_to, "wamid.1");
    assert_null(p.events.list[0].emoji);
    release(&p);
}

/* ---- identity and repetition ---- */

static void number_and_hidden_id_seen_together_are_aliases(void **state)
{
    (void)state;
    struct parsed p = parse_sample("gowa", "gowa/in_text.json");
    assert_string_equal(p.events.list[0].sender_scheme, "phone");
    assert_string_equal(p.events.list[0].alias_scheme, "lid");
    assert_string_equal(p.events.list[0].alias_value, "251556368777322");
    release(&p);
    p = parse_sample("gowa", "gowa/in_text_lid_unresolved.json");
    assert_string_equal(p.events.list[0].sender_scheme, "lid");
    assert_null(p.events.list[0].alias_scheme); /* the same again is no alias */
    release(&p);
    p = parse_sample("evolution", "evolution/in_text_lid_with_senderpn_v230.json");
    assert_string_equal(p.events.list[0].from, "+6281234567890");
    assert_string_equal(p.events.list[0].alias_value, "251556368777322");
    assert_string_equal(p.events.list[0].chat, "251556368777322@lid"); /* answered where it came from */
    release(&p);
}

static void copy_dedupe(const char *gateway, const char *body, char out[160])
{
    struct parsed p = parse_text(gateway, body);
    assert_int_equal(p.events.count, 1);
    snprintf(out, 160, "%s%s", p.events.list[0].dedupe, p.events.list[0].dedupe_windowed ? " windowed" : "");
    release(&p);
}

static void the_same_thing_told_twice_has_one_key(void **state)
{
    (void)state;
    char a[160], b[160];
    copy_dedupe("waha",
        "{\"event\":\"message\",\"payload\":{\"id\":\"false_62811@c.us_3EB0\",\"from\":\"6281234567890@c."
        "us\"}}",
        a);
    copy_dedupe("waha",
        "{\"event\":\"message.any\",\"payload\":{\"id\":\"3EB0\",\"from\":\"251556368777322@lid\"}}", b);
    assert_string_equal(a, b);
    assert_string_equal(a, "message:3EB0");
    copy_dedupe("fonnte",
        "{\"sender\":\"6281234567890\",\"message\":\"a\",\"timestamp\":1795314600,\"inboxid\":0}", a);
    copy_dedupe("fonnte",
        "{\"timestamp\":\"1795314600\",\"message\":\"a\",\"sender\":\"6281234567890\",\"name\":\"x\"}", b);
    assert_string_equal(a, b);
    assert_memory_equal(a, "message:sha256:", 15);
    assert_null(strstr(a, "windowed"));
    copy_dedupe("fonnte", "{\"sender\":\"6281234567890\",\"message\":\"b\",\"timestamp\":1795314600}", b);
    assert_string_not_equal(a, b);
    copy_dedupe("fonnte", "{\"sender\":\"6281234567890\",\"message\":\"a\",\"timestamp\":1795314601}", b);
    assert_string_not_equal(a, b);
    copy_dedupe("fonnte", "{\"sender\":\"6281234567890\",\"message\":\"a\"}", b);
    assert_non_null(strstr(b, "windowed"));
}

/* Fonnte repeats once a minute, fifteen times, and without its inbox gives no id. */
static void a_repetition_is_known_over_the_edge_of_its_window(void **state)
{
    (void)state;
    struct parsed p = parse_text("fonnte", "{\"sender\":\"6281234567890\",\"message\":\"a\"}");
    const struct gateway gateway = {.id = "wa", .mapping = p.mapping};
    enum { MINUTE = 60 * 1000 };
    for (int64_t at = 1795314600000; at < 1795314600000 + 80 * MINUTE; at += MINUTE) {
        struct inbound *first = event_inbound(&gateway, &p.events.list[0], "a", 1, at);
        struct inbound *again = event_inbound(&gateway, &p.events.list[0], "a", 1, at + 15 * MINUTE);
        struct inbound *later = event_inbound(&gateway, &p.events.list[0], "a", 1, at + 60 * MINUTE);
        assert_true(!strcmp(first->external, again->external) || !strcmp(first->digest, again->digest));
        assert_string_not_equal(first->external, later->external);
        assert_string_not_equal(first->digest, later->digest);
        assert_string_not_equal(first->digest, first->external);
        arena_free(first->arena);
        arena_free(again->arena);
        arena_free(later->arena);
    }
    release(&p);
}

static void status_steps_and_edits_of_one_message_differ(void **state)
{
    (void)state;
    char a[160], b[160];
    copy_dedupe("twilio", "MessageSid=SM1&MessageStatus=sent", a);
    copy_dedupe("twilio", "MessageSid=SM1&MessageStatus=delivered", b);
    assert_string_not_equal(a, b);
    copy_dedupe("gowa",
        "{\"event\":\"message.edited\",\"payload\":{\"original_message_id\":\"X\",\"body\":\"satu\"}}", a);
    copy_dedupe("gowa",
        "{\"event\":\"message.edited\",\"payload\":{\"original_message_id\":\"X\",\"body\":\"dua\"}}", b);
    assert_string_not_equal(a, b);
}

static void message_ids_are_compared_in_one_spelling(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct gateway_mapping *m = support_preset("waha", NULL);
    assert_string_equal(gateway_id_key(m, NULL, "true_6281234567890@c.us_3EB0OUT1", arena), "3EB0OUT1");
    assert_string_equal(gateway_id_key(m, NULL, "false_1203@g.us_3EB0A2_2515@lid", arena), "3EB0A2");
    assert_string_equal(gateway_id_key(m, NULL, "wamid.HBg_x", arena), "wamid.HBg_x");
    assert_string_equal(gateway_id_key(m, NULL, "true_x", arena), "true_x");
    assert_null(gateway_id_key(m, NULL, NULL, arena));
    mapping_free(m);
    m = support_preset("telegram", NULL); /* message 7 of one chat is not message 7 of another */
    assert_string_equal(gateway_id_key(m, "123", "7", arena), "123/7");
    mapping_free(m);
    arena_free(arena);
}

/* ---- strange bodies ---- */

static enum outcome outcome_of(const char *gateway, const char *body, size_t size)
{
    struct gateway_mapping *m = support_preset(gateway, NULL);
    struct arena *arena = arena_new(8 << 20);
    struct gateway_events events;
    struct fault fault = {0};
    enum outcome outcome = mapping_events(m, body, size, arena, &events, &fault);
    arena_free(arena);
    mapping_free(m);
    return outcome;
}

static void a_body_cut_anywhere_is_unreadable_and_harmless(void **state)
{
    (void)state;
    size_t size;
    char *body = support_sample("meta/in_image.json", &size);
    while (body[size - 1] != '}')
        size--;
    for (size_t n = 0; n < size; n += 3) {
        char *exact = malloc(n ? n : 1); /* so that ASan sees a read past the end */
        assert_non_null(exact);
        memcpy(exact, body, n);
        assert_int_equal(outcome_of("meta", exact, n), OUTCOME_NEVER);
        free(exact);
    }
    free(body);
}

static void a_form_cut_anywhere_is_harmless(void **state)
{
    (void)state;
    size_t size;
    char *body = support_sample("twilio/in_text.form", &size);
    for (size_t n = 0; n < size; n += 3) {
        char *exact = malloc(n ? n : 1);
        assert_non_null(exact);
        memcpy(exact, body, n);
        outcome_of("twilio", exact, n); /* half a UTF-8 character is unreadable, the rest is not */
        free(exact);
    }
    free(body);
}

static void what_is_not_for_us_gives_no_events(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{}", "[]", "{\"event\":\"call.offer\",\"payload\":{}}",
        "{\"event\":5}", "{\"event\":\"message.ack\",\"payload\":{\"ids\":\"X\"}}",
        "{\"entry\":{\"changes\":7}}"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct parsed p = parse_text("gowa", bodies[i]);
        assert_int_equal(p.events.count, 0);
        release(&p);
        p = parse_text("meta", bodies[i]);
        assert_int_equal(p.events.count, 0);
        release(&p);
    }
}

static void needlessly_strict_reading_is_avoided(void **state)
{
    (void)state;
    struct parsed p =
        parse_text("fonnte", "{\"sender\":\"1\",\"sender\":\"6281234567890\",\"message\":\"a\\u0000b\"}");
    assert_string_equal(p.events.list[0].from, "+6281234567890"); /* a key twice: the last one */
    assert_string_equal(p.events.list[0].text, "a\xEF\xBF\xBD"
                                               "b");
    release(&p);
    p = parse_text("fonnte", "sender=6281234567890&message=Rp+10.000+%2B+a%26b&x%");
    assert_string_equal(p.events.list[0].text, "Rp 10.000 + a&b");
    release(&p);
}

static void too_much_of_anything_is_refused_or_cut(void **state)
{
    (void)state;
    struct str body;
    str_init(&body, 1 << 20);
    for (int i = 0; i < 200; i++)
        str_addc(&body, '[');
    assert_int_equal(outcome_of("meta", body.data, body.len), OUTCOME_NEVER);
    str_clear(&body);
    str_adds(&body, "{\"event\":\"message.ack\",\"payload\":{\"receipt_type\":\"read\",\"ids\":[\"a\"");
    for (int i = 1; i < GATEWAY_EVENTS_MAX; i++)
        str_adds(&body, ",\"a\"");
    size_t most = body.len;
    str_adds(&body, "]}}");
    assert_int_equal(outcome_of("gowa", body.data, body.len), OUTCOME_DONE);
    str_cut(&body, most);
    str_adds(&body, ",\"a\"]}}");
    assert_int_equal(outcome_of("gowa", body.data, body.len), OUTCOME_NEVER);
    str_clear(&body);
    str_adds(&body, "{\"event\":\"message\",\"payload\":{\"from\":\"6281234567890@c.us\",\"id\":\"");
    for (int i = 0; i < 2000; i++)
        str_addc(&body, 'i');
    str_adds(&body, "\",\"body\":\"");
    for (int i = 0; i < 40000; i++)
        str_adds(&body, "\xC3\xA9");
    str_adds(&body, "\"}}");
    struct parsed p = parse_text("gowa", body.data);
    assert_null(p.events.list[0].id); /* an id cut short would be another id */
    assert_memory_equal(p.events.list[0].dedupe, "message:sha256:", 15);
    assert_int_equal(strlen(p.events.list[0].text), 65536);
    release(&p);
    str_release(&body);
    char *pairs = calloc(1, 4001);
    assert_non_null(pairs);
    for (int i = 0; i < 2000; i++)
        memcpy(pairs + 2 * i, "a&", 2);
    assert_int_equal(outcome_of("twilio", pairs, 4000), OUTCOME_NEVER);
    free(pairs);
}

static void memory_at_its_end_means_later(void **state)
{
    (void)state;
    size_t size;
    char *body = support_sample("gowa/in_text.json", &size);
    struct gateway_mapping *m = support_preset("gowa", NULL);
    struct gateway_events events;
    for (size_t max = 0; max < 2000; max += 50) {
        struct arena *arena = arena_new(max);
        enum outcome outcome = mapping_events(m, body, size, arena, &events, NULL);
        assert_true(outcome == OUTCOME_LATER || (outcome == OUTCOME_DONE && arena_ok(arena)));
        arena_free(arena);
    }
    mapping_free(m);
    free(body);
}

static void places_outside_the_globe_are_left_out(void **state)
{
    (void)state;
    struct parsed p = parse_text("fonnte", "{\"sender\":\"6281234567890\",\"location\":\"-6.5,500\"}");
    assert_true(p.events.list[0].lat == GATEWAY_NO_PLACE && p.events.list[0].lon == GATEWAY_NO_PLACE);
    release(&p);
    p = parse_text("fonnte", "{\"sender\":\"6281234567890\",\"location\":\"nan,inf\"}");
    assert_true(p.events.list[0].lat == GATEWAY_NO_PLACE);
    release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_gives_the_expected_events),
        cmocka_unit_test(every_kind_of_message_gives_the_expected_events),
        cmocka_unit_test(every_variation_of_a_gateway_gives_the_expected_events),
        cmocka_unit_test(one_post_may_carry_several_people_and_statuses),
        cmocka_unit_test(a_hidden_number_leaves_the_business_scoped_id),
        cmocka_unit_test(a_reaction_taken_back_has_no_emoji),
        cmocka_unit_test(number_and_hidden_id_seen_together_are_aliases),
        cmocka_unit_test(the_same_thing_told_twice_has_one_key),
        cmocka_unit_test(a_repetition_is_known_over_the_edge_of_its_window),
        cmocka_unit_test(status_steps_and_edits_of_one_message_differ),
        cmocka_unit_test(message_ids_are_compared_in_one_spelling),
        cmocka_unit_test(a_body_cut_anywhere_is_unreadable_and_harmless),
        cmocka_unit_test(a_form_cut_anywhere_is_harmless),
        cmocka_unit_test(what_is_not_for_us_gives_no_events),
        cmocka_unit_test(needlessly_strict_reading_is_avoided),
        cmocka_unit_test(too_much_of_anything_is_refused_or_cut),
        cmocka_unit_test(memory_at_its_end_means_later),
        cmocka_unit_test(places_outside_the_globe_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
