#include "daemon/web/gate.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>

static const int64_t now = 1795314600000;
static const char key[] = "0123456789abcdef0123456789abcdef",
                  other_key[] = "ffffffffffffffff0123456789abcdef";

enum { FREE = 8 }; /* forms of one address at once */

static void storm(struct gate *gate, const char *peer)
{
    char ticket[GATE_TICKET_SIZE];
    gate_ticket(gate, key, false, now, ticket);
    for (int i = 0; i < FREE; i++)
        assert_true(gate_lets(gate, peer, ticket, key, "", now));
    assert_false(gate_lets(gate, peer, ticket, key, "", now));
}

static void a_ticket_tells_its_age_for_its_form_alone(void **state)
{
    (void)state;
    struct gate *gate = gate_new(), *another = gate_new();
    char ticket[GATE_TICKET_SIZE];
    gate_ticket(gate, key, false, now, ticket);
    assert_int_equal(gate_age(gate, ticket, key, now + 1234), 1234);
    assert_int_equal(gate_age(gate, ticket, key, now - 5), 0); /* a clock that was set back */
    assert_int_equal(gate_age(gate, ticket, other_key, now), -1);
    assert_int_equal(gate_age(another, ticket, key, now), -1);
    assert_int_equal(gate_age(gate, ticket, key, now + 25 * 3600 * INT64_C(1000)), -1);
    assert_int_equal(gate_age(gate, "", key, now), -1);
    ticket[3] ^= 1;
    assert_int_equal(gate_age(gate, ticket, key, now), -1);
    gate_free(gate);
    gate_free(another);
}

static void a_storm_is_slowed_down_and_neighbours_are_not(void **state)
{
    (void)state;
    struct gate *gate = gate_new();
    storm(gate, "203.0.113.5");
    assert_true(gate_lets(gate, "198.51.100.5", "", key, "", now));
    assert_true(gate_lets(gate, "203.0.113.5", "", key, "", now + 60 * 1000)); /* one a minute goes on */
    for (int i = 0; i < 200; i++)
        assert_true(gate_lets(gate, "127.0.0.1", "", key, "", now));
    gate_free(gate);
}

static void waiting_opens_the_gate_for_the_form_that_was_asked_to(void **state)
{
    (void)state;
    struct gate *gate = gate_new();
    char asked[GATE_TICKET_SIZE], unasked[GATE_TICKET_SIZE];
    storm(gate, "203.0.113.5");
    gate_ticket(gate, key, true, now, asked);
    gate_ticket(gate, key, false, now, unasked);
    int64_t later = now + GATE_WAIT_MS;
    assert_false(gate_lets(gate, "203.0.113.5", asked, key, "", later - 1));
    assert_false(gate_lets(gate, "203.0.113.5", unasked, key, "", later));
    assert_false(gate_lets(gate, "203.0.113.5", asked, other_key, "", later));
    assert_true(gate_lets(gate, "203.0.113.5", asked, key, "", later));
    for (int i = 1; i < 10; i++)
        gate_lets(gate, "203.0.113.5", asked, key, "", later);
    assert_false(
        gate_lets(gate, "203.0.113.6", asked, key, "", later) &&
        gate_lets(gate, "203.0.113.5", asked, key, "", later)); /* many tickets at once are no shortcut */
    gate_free(gate);
}

static void work_opens_it_at_once(void **state)
{
    (void)state;
    struct gate *gate = gate_new();
    char asked[GATE_TICKET_SIZE], text[GATE_TICKET_SIZE + 16], proof[16];
    unsigned char sum[crypto_hash_sha256_BYTES];
    storm(gate, "203.0.113.5");
    gate_ticket(gate, key, true, now, asked);
    for (int n = 0;; n++) {
        snprintf(proof, sizeof proof, "%d", n);
        int length = snprintf(text, sizeof text, "%s:%s", asked, proof);
        crypto_hash_sha256(sum, (const unsigned char *)text, (unsigned long long)length);
        if (!sum[0] && sum[1] < 4)
            break;
        if (n < 20)
            assert_false(gate_lets(gate, "203.0.113.5", asked, key, proof, now));
    }
    assert_true(gate_lets(gate, "203.0.113.5", asked, key, proof, now));
    assert_false(gate_lets(gate, "203.0.113.5", asked, other_key, proof, now));
    assert_false(gate_lets(gate, "203.0.113.5", asked, key, "1x", now));
    assert_false(gate_lets(gate, "203.0.113.5", asked, key, "99999999999999999999999", now));
    gate_free(gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_tells_its_age_for_its_form_alone),
        cmocka_unit_test(a_storm_is_slowed_down_and_neighbours_are_not),
        cmocka_unit_test(waiting_opens_the_gate_for_the_form_that_was_asked_to),
        cmocka_unit_test(work_opens_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
