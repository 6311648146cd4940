/* Callbacks as other releases and strangers may send them: every number of every sample as a text and every text of
 * digits as a number says the same; whatever stands in place of any member, what is read is whole, printable and
 * bounded. Batches and several states in one body: every event of them is there. */
#include "gateway_support.h"
#include "channels/gateway/mapping_event.h"

enum { KEYS_MOST = 128, HUGE = 70000, EVENTS_MOST = 64, OTHERWISE_EVERY = 3 };

struct story {
    struct gateway_mapping *mapping;
    const char *gateway, *title;
    json_t *body, *expected;
    size_t members, flips, hurts;
};

/* ---- one reading ---- */

static void visit_events(struct story *s, void (*visit)(struct story *, const struct gateway_events *))
{
    struct arena *arena = arena_new(16 << 20);
    struct gateway_events events;
    struct fault fault = {0};
    char *text = json_dumps(s->body, JSON_COMPACT | JSON_ENCODE_ANY);
    if (mapping_events(s->mapping, text, strlen(text), arena, &events, &fault) != OUTCOME_DONE)
        fail_msg("%s: %s: %s", s->gateway, s->title, fault.internal);
    visit(s, &events);
    arena_free(arena);
    free(text);
}

static void is_as_expected(struct story *s, const struct gateway_events *events)
{
    assert_int_equal(events->count, json_array_size(s->expected));
    for (size_t i = 0; i < events->count; i++) {
        json_t *wanted = json_deep_copy(json_array_get(s->expected, i));
        json_object_set_new(wanted, "authentic", json_null());
        char *line = gateway_event_json(&events->list[i], GATEWAY_UNJUDGED);
        json_t *got = json_loads(line, 0, NULL);
        if (!json_equal(got, wanted)) {
            char *body = json_dumps(s->body, JSON_COMPACT);
            fail_msg("%s: %s:\n  body %s\n  got  %s", s->gateway, s->title, body, line);
        }
        json_decref(got);
        json_decref(wanted);
        free(line);
    }
}

static void is_whole(struct story *s, const struct gateway_events *events)
{
    assert_true(events->count <= EVENTS_MOST);
    for (size_t i = 0; i < events->count; i++) {
        char *line = gateway_event_json(&events->list[i], GATEWAY_UNJUDGED);
        json_t *got = json_loads(line, 0, NULL);
        if (!got || !events->list[i].dedupe)
            fail_msg("%s: %s: %s", s->gateway, s->title, line);
        json_decref(got);
        free(line);
    }
}

/* ---- what is done to one member ---- */

/* NULL = it is neither a whole number nor its digits. */
static json_t *flipped(const json_t *value)
{
    char digits[24];
    if (json_is_integer(value)) {
        snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
        return json_string(digits);
    }
    const char *text = json_string_value(value);
    if (!text || !*text || strlen(text) > 15 || text[strspn(text, "0123456789")] || (*text == '0' && text[1]))
        return NULL;
    return json_integer(strtoll(text, NULL, 10));
}

static json_t *hurt(json_t *value, size_t way)
{
    static char huge[HUGE + 1];
    memset(huge, 'x', HUGE);
    switch (way % 10) {
    case 0:
        return json_null();
    case 1:
        return json_array();
    case 2:
        return json_object();
    case 3:
        return json_string("");
    case 4:
        return json_pack("[O]", value);
    case 5:
        return json_pack("[[[[O]]]]", value);
    case 6:
        return json_pack("{s:O}", "x", value);
    case 7:
        return json_true();
    case 8:
        return json_real(-1e300);
    default:
        return json_string(huge);
    }
}

static void put(json_t *parent, const char *key, size_t index, json_t *value)
{
    if (key)
        json_object_set_new(parent, key, value);
    else
        json_array_set_new(parent, index, value);
}

static void change(struct story *s, json_t *parent, const char *key, size_t index)
{
    json_t *value = json_incref(key ? json_object_get(parent, key) : json_array_get(parent, index));
    json_t *other = flipped(value);
    if (other) {
        put(parent, key, index, other);
        visit_events(s, is_as_expected);
        s->flips++;
    }
    if (s->members++ % OTHERWISE_EVERY == 0) { /* enough of them to meet every kind of member in every way */
        put(parent, key, index, hurt(value, s->hurts++));
        visit_events(s, is_whole);
    }
    put(parent, key, index, value);
}

static void change_all(struct story *s, json_t *at)
{
    const char *keys[KEYS_MOST], *key;
    json_t *value;
    size_t count = 0;
    json_object_foreach(at, key, value)
    {
        assert_true(count < KEYS_MOST);
        keys[count++] = key;
    }
    for (size_t i = 0; i < count; i++) {
        change(s, at, keys[i], 0);
        change_all(s, json_object_get(at, keys[i]));
    }
    for (size_t i = 0; i < json_array_size(at); i++) {
        change(s, at, NULL, i);
        change_all(s, json_array_get(at, i));
    }
}

/* ---- all samples ---- */

static void change_samples(const char *file, struct story *s)
{
    json_t *all = support_sample_json(file), *of_gateway, *one;
    json_object_foreach(all, s->gateway, of_gateway)
    {
        s->mapping = support_preset(s->gateway, NULL);
        json_object_foreach(of_gateway, s->title, one)
        {
            s->body = json_object_get(one, "body");
            s->expected = json_object_get(one, "events");
            change_all(s, s->body);
        }
        mapping_free(s->mapping);
    }
    json_decref(all);
}

static void numbers_are_texts_and_nothing_in_a_place_of_another_harms(void **state)
{
    (void)state;
    struct story s = {0};
    change_samples("classes.json", &s);
    assert_true(s.flips > 300);
    assert_true(s.hurts > 1000);
}

/* Several people, several states, and things that are not known, in one body: 7 and [] among the states are events of
 * nothing. */
static const struct {
    const char *gateway, *body;
    size_t events;
} batches[] = {
    {"meta",
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"value\":{"
        "\"metadata\":{},"
        "\"statuses\":[{\"id\":\"A\",\"status\":\"sent\"},{\"id\":\"A\",\"status\":\"read\"},{\"id\":\"B\","
        "\"status\":"
        "\"failed\",\"errors\":[{\"code\":\"131026\"}]},7,null,[]],\"messages\":[{\"id\":\"C\",\"from\":"
        "6281234567890,"
        "\"timestamp\":1795314600,\"type\":\"text\",\"text\":{\"body\":\"x\"}}]}}]},{\"id\":\"2\","
        "\"changes\":"
        "[{\"value\":{\"statuses\":[{\"id\":\"D\",\"status\":\"delivered\"}]}}]}]}",
        7},
    {"gowa",
        "{\"event\":\"message.ack\",\"payload\":{\"ids\":[\"A\",\"B\",7],\"chat_id\":\"6281234567890@s."
        "whatsapp.net\","
        "\"receipt_type\":\"read\"}}",
        3},
    {"messenger",
        "{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"messaging\":[{\"sender\":{\"id\":\"5\"},"
        "\"recipient\":{\"id\":"
        "\"1\"},\"timestamp\":1795314600000,\"message\":{\"mid\":\"m1\",\"text\":\"a\"}}]},{\"id\":1,"
        "\"messaging\":"
        "[{\"sender\":{\"id\":6},\"recipient\":{\"id\":1},\"timestamp\":\"1795314600000\",\"message\":{"
        "\"mid\":\"m2\","
        "\"text\":\"b\"}}]}]}",
        2},
    /* The same member twice: the last one counts, and the callback is taken. */
    {"fonnte",
        "{\"device\":\"628110000001\",\"sender\":\"6281234567890\",\"sender\":\"6281234567891\",\"message\":"
        "\"a\","
        "\"message\":\"b\"}",
        1},
};

static void every_event_of_a_batch_is_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        struct gateway_mapping *m = support_preset(batches[i].gateway, NULL);
        struct arena *arena = arena_new(1 << 20);
        struct gateway_events events;
        struct fault fault = {0};
        enum outcome outcome =
            mapping_events(m, batches[i].body, strlen(batches[i].body), arena, &events, &fault);
        if (outcome || events.count != batches[i].events)
            fail_msg("%s: %zu events, %s", batches[i].gateway, events.count, fault.internal);
        arena_free(arena);
        mapping_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_texts_and_nothing_in_a_place_of_another_harms),
        cmocka_unit_test(every_event_of_a_batch_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
