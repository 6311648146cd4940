#include "rules/state.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void a_complaint_goes_the_whole_way(void **state)
{
    (void)state;
    static const struct {
        enum action action;
        int actor;
        enum state to;
    } way[] = {
        {ACTION_VERIFIKASI, ROLE_PETUGAS, STATE_DIVERIFIKASI},
        {ACTION_TERUSKAN, ROLE_PETUGAS, STATE_DITERUSKAN},
        {ACTION_DISPOSISI, ROLE_SEKCAM, STATE_DIDISPOSISIKAN},
        {ACTION_MULAI, ROLE_SEKSI, STATE_DITINDAKLANJUTI},
        {ACTION_LAPOR, ROLE_SEKSI, STATE_MENUNGGU_PERSETUJUAN},
        {ACTION_SETUJUI, ROLE_SEKCAM, STATE_DISETUJUI},
        {ACTION_JAWAB, ROLE_PETUGAS, STATE_DIJAWAB},
        {ACTION_TUTUP, ACTOR_SISTEM, STATE_DITUTUP},
        {ACTION_BUKA_KEMBALI, ACTOR_PENGADU, STATE_DIBUKA_KEMBALI},
        {ACTION_TERUSKAN, ROLE_KASI, STATE_DITERUSKAN},
    };
    enum state now = STATE_MASUK;
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        const struct state_move *move = state_find_move(now, way[i].action, way[i].actor);
        assert_non_null(move);
        assert_int_equal(move->to, way[i].to);
        now = move->to;
    }
}

static void the_wrong_hand_or_moment_finds_no_move(void **state)
{
    (void)state;
    static const struct {
        enum state from;
        enum action action;
        int actor;
    } rows[] = {
        {STATE_MASUK, ACTION_DISPOSISI, ROLE_SEKCAM},
        {STATE_DITERUSKAN, ACTION_DISPOSISI, ROLE_PETUGAS},
        {STATE_MENUNGGU_PERSETUJUAN, ACTION_SETUJUI, ROLE_SEKSI},
        {STATE_MENUNGGU_PERSETUJUAN, ACTION_JAWAB, ROLE_PETUGAS},
        {STATE_MASUK, ACTION_ARSIPKAN, ACTOR_SISTEM},
        {STATE_DITUTUP, ACTION_TUTUP, ROLE_PETUGAS},
        {STATE_DIDISPOSISIKAN, ACTION_VERIFIKASI, ROLE_PETUGAS},
        {STATE_MASUK, ACTION_VERIFIKASI, ROLE_ADMIN},
        {STATE_MASUK, ACTION_VERIFIKASI, ACTOR_PENGADU},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_null(state_find_move(rows[i].from, rows[i].action, rows[i].actor));
}

static void no_two_moves_fit_at_once(void **state)
{
    (void)state;
    size_t count;
    const struct state_move *moves = state_moves(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            assert_false(moves[i].action == moves[k].action && moves[i].from & moves[k].from &&
                         moves[i].by & moves[k].by);
}

static void every_state_is_reached_and_can_be_left(void **state)
{
    (void)state;
    size_t count;
    const struct state_move *moves = state_moves(&count);
    unsigned reached = 1u << STATE_MASUK, left = 0, used = 0;
    for (size_t i = 0; i < count; i++) {
        reached |= 1u << moves[i].to;
        left |= moves[i].from;
        used |= 1u << moves[i].action;
    }
    assert_int_equal(reached, (1u << STATE_COUNT) - 1);
    assert_int_equal(left, (1u << STATE_COUNT) - 1);
    assert_int_equal(used, (1u << ACTION_COUNT) - 1);
}

static void keys_are_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++) {
        enum state s;
        assert_true(state_from_key(state_key((enum state)i), &s));
        assert_int_equal(s, i);
        assert_true(*state_label(s) && *state_public(s));
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum role r;
        assert_true(role_from_key(role_key((enum role)i), &r));
        assert_int_equal(r, i);
        assert_true(*role_label(r));
    }
    for (int i = 0; i < ACTION_COUNT; i++) {
        enum action a;
        assert_true(action_from_key(action_key((enum action)i), &a));
        assert_int_equal(a, i);
        assert_true(*action_label(a));
    }
    enum state s;
    assert_false(state_from_key("Masuk", &s));
    assert_false(state_from_key(NULL, &s));
}

static void what_is_over_is_not_open(void **state)
{
    (void)state;
    static const enum state over[] = {
        STATE_DIJAWAB, STATE_DITUTUP, STATE_BUKAN_KEWENANGAN, STATE_DUPLIKAT, STATE_DIARSIPKAN};
    unsigned closed = 0;
    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        closed |= 1u << over[i];
    for (int i = 0; i < STATE_COUNT; i++)
        assert_int_equal(state_open((enum state)i), !(closed & 1u << i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complaint_goes_the_whole_way),
        cmocka_unit_test(the_wrong_hand_or_moment_finds_no_move),
        cmocka_unit_test(no_two_moves_fit_at_once),
        cmocka_unit_test(every_state_is_reached_and_can_be_left),
        cmocka_unit_test(keys_are_read_back),
        cmocka_unit_test(what_is_over_is_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
