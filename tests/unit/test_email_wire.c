/* Marks of letters that may have left: on the disk before they are needed, and believed only when they are whole. */
#include "channels/email/wire.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];
static struct wire wire;

static int setup(void **state)
{
    const char *tmp = getenv("TMPDIR");
    (void)state;
    snprintf(folder, sizeof folder, "%.40s/wire.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    assert_true(wire_init(&wire, folder));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wire_release(&wire);
    unlink(wire.path);
    return rmdir(folder);
}

static void without_a_file_any_letter_may_have_left(void **state)
{
    (void)state;
    assert_true(wire_has(&wire, 1));
}

static void what_was_marked_in_the_last_life_is_known_and_nothing_else(void **state)
{
    (void)state;
    assert_true(wire_mark(&wire, 17));
    assert_true(wire_mark(&wire, 19));
    wire_release(&wire);
    struct wire next;
    assert_true(wire_init(&next, folder));
    assert_true(wire_has(&next, 17));
    assert_true(wire_has(&next, 19));
    assert_false(wire_has(&next, 18));
    assert_true(wire_mark(&next, 20)); /* this life begins with an empty ring */
    assert_false(wire_has(&next, 17));
    wire_release(&next);
}

static void a_mark_outlives_as_many_others_as_can_be_on_their_way(void **state)
{
    (void)state;
    for (int64_t id = 1; id <= 600; id++)
        assert_true(wire_mark(&wire, id));
    assert_true(wire_has(&wire, 1));
    for (int64_t id = 601; id <= 1100; id++)
        assert_true(wire_mark(&wire, id));
    assert_false(wire_has(&wire, 1));
    assert_true(wire_has(&wire, 600));
}

static void half_a_mark_is_none_and_half_a_file_tells_nothing(void **state)
{
    (void)state;
    int64_t half = 18;
    assert_true(wire_mark(&wire, 17));
    int fd = open(wire.path, O_WRONLY);
    assert_int_equal(pwrite(fd, &half, sizeof half, 16), sizeof half);
    assert_false(wire_has(&wire, 18));
    assert_true(wire_has(&wire, 17));
    assert_int_equal(ftruncate(fd, 100), 0);
    close(fd);
    assert_true(wire_has(&wire, 18));
}

static void where_nothing_can_be_written_nothing_is_marked(void **state)
{
    (void)state;
    struct wire nowhere;
    assert_true(wire_init(&nowhere, "/proc/tidak-ada"));
    assert_false(wire_mark(&nowhere, 1));
}

#define WIRE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRE_TEST(without_a_file_any_letter_may_have_left),
        WIRE_TEST(what_was_marked_in_the_last_life_is_known_and_nothing_else),
        WIRE_TEST(a_mark_outlives_as_many_others_as_can_be_on_their_way),
        WIRE_TEST(half_a_mark_is_none_and_half_a_file_tells_nothing),
        WIRE_TEST(where_nothing_can_be_written_nothing_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
