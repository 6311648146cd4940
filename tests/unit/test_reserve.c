/* When there is no memory: malloc() and its kin are refused here while `empty` is set (linked with --wrap). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/json_read.h"
#include "daemon/base/reserve.h"
#include "daemon/base/shortage.h"
#include "daemon/base/str.h"
#include "tests/support/no_memory.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int teardown(void **state)
{
    (void)state;
    empty = false;
    return reserve_blocks() != 0;
}

static void small_blocks_come_from_the_reserve(void **state)
{
    (void)state;
    empty = true;
    char *first = reserve_malloc(100), *second = reserve_calloc(10, 10), *third = reserve_strdup("Siti");
    assert_int_equal(reserve_blocks(), 3);
    memset(first, 'x', 100);
    assert_memory_equal(second, (char[100]){0}, 100);
    assert_string_equal(third, "Siti");
    assert_int_equal((uintptr_t)second % _Alignof(max_align_t), 0);
    reserve_free(first);
    reserve_free(second);
    reserve_free(third);
    assert_int_equal(reserve_blocks(), 0);
}

static void the_reserve_begins_anew_when_everything_came_back(void **state)
{
    (void)state;
    empty = true;
    for (int round = 0; round < 100; round++) {
        void *p = reserve_malloc(RESERVE_BLOCK_MAX);
        assert_non_null(p);
        reserve_free(p);
    }
}

static void large_blocks_and_a_used_up_reserve_are_refused(void **state)
{
    (void)state;
    void *blocks[RESERVE_SIZE / RESERVE_BLOCK_MAX + 1];
    size_t n = 0;
    empty = true;
    assert_null(reserve_malloc(RESERVE_BLOCK_MAX + 1));
    assert_null(reserve_calloc(SIZE_MAX / 2, 4));
    while (n < sizeof blocks / sizeof *blocks && (blocks[n] = reserve_malloc(RESERVE_BLOCK_MAX)))
        n++;
    assert_in_range(n, 1, RESERVE_SIZE / RESERVE_BLOCK_MAX);
    while (n)
        reserve_free(blocks[--n]);
}

static void a_block_grows_into_the_reserve_and_out_of_it(void **state)
{
    (void)state;
    char *p = reserve_malloc(16);
    strcpy(p, "Jalan rusak");
    empty = true;
    p = reserve_realloc(p, 4000);
    assert_string_equal(p, "Jalan rusak");
    assert_int_equal(reserve_blocks(), 1);
    p = reserve_realloc(p, 10); /* to shrink cannot fail */
    empty = false;
    p = reserve_realloc(p, 8000);
    assert_string_equal(p, "Jalan rusak");
    assert_int_equal(reserve_blocks(), 0);
    reserve_free(p);
}

static void a_json_text_without_memory_is_not_a_wrong_text(void **state)
{
    (void)state;
    static const char text[] = "{\"isi\": [1, 2, \"tiga\"]}";
    bool no_memory = false;
    empty = true;
    assert_null(json_read(text, strlen(text), 0, NULL, &no_memory));
    assert_true(no_memory);
    empty = false;
    json_t *root = json_read(text, strlen(text), 0, NULL, &no_memory);
    assert_non_null(root);
    assert_false(no_memory);
    json_decref(root);
    assert_null(json_read("{", 1, 0, NULL, &no_memory));
    assert_false(no_memory);
}

static void refusals_are_counted_where_something_would_be_missing(void **state)
{
    (void)state;
    unsigned long before = shortage_count();
    struct arena *arena = arena_new(1 << 20), *small = arena_new(10);
    struct str text, bounded;
    str_init(&text, 1 << 20);
    str_init(&bounded, 4);
    str_adds(&bounded, "terlalu panjang"); /* a maximum is no want of memory */
    assert_null(arena_alloc(small, 11));
    assert_int_equal(shortage_count(), before);
    empty = true;
    str_adds(&text, "hilang");
    assert_int_equal(shortage_count(), before + 1);
    assert_null(arena_strdup(arena, "hilang"));
    assert_int_equal(shortage_count(), before + 2);
    json_t *string = json_string("dari cadangan");
    assert_string_equal(json_string_value(string), "dari cadangan");
    assert_true(shortage_count() > before + 2);
    json_t *list = json_pack("[o]", string);
    assert_null(json_text(list, 0)); /* free() could not take it */
    json_decref(list);
    assert_int_equal(reserve_blocks(), 0);
    empty = false;
    str_release(&text);
    str_release(&bounded);
    arena_free(arena);
    arena_free(small);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(small_blocks_come_from_the_reserve),
        TEST(the_reserve_begins_anew_when_everything_came_back),
        TEST(large_blocks_and_a_used_up_reserve_are_refused),
        TEST(a_block_grows_into_the_reserve_and_out_of_it),
        TEST(a_json_text_without_memory_is_not_a_wrong_text),
        TEST(refusals_are_counted_where_something_would_be_missing),
    };
    json_watch();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
