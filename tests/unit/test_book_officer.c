#include "daemon/book/officer.h"
#include "daemon/book/totp.h"
#include "tests/support/scratch_book.h"

static const char good[] = "kata-sandi-rina";

static int64_t add(struct book_txn *txn, const char *login)
{
    struct officer o = {.login = login, .name = "Rina", .role = ROLE_PETUGAS, .must_change = true};
    char hash[PASSWORD_HASH_SIZE];
    DONE(password_hash(good, hash, NULL));
    DONE(officer_add(txn, &o, hash, NULL));
    return o.id;
}

struct attempt {
    const char *login, *password;
    char token[65];
    struct officer officer;
    bool refused;
    struct fault fault;
};

static void try(struct book_txn *txn, struct attempt *a)
{
    struct password_proof proof;
    a->token[0] = 0;
    DONE(password_prove(txn, a->login, a->password, &proof, NULL));
    DONE(session_open(txn, a->login, &proof, a->token, &a->officer, &a->refused, scratch_arena, &a->fault));
}

IN_BOOK(the_right_password_opens_a_session)
{
    int64_t id = add(txn, "rina");
    struct attempt a = {.login = "rina", .password = good};
    struct officer found;
    try(txn, &a);
    assert_false(a.refused);
    assert_int_equal(strlen(a.token), 64);
    assert_int_equal(a.officer.id, id);
    assert_int_equal(a.officer.role, ROLE_PETUGAS);
    assert_true(a.officer.must_change);
    DONE(session_find(txn, a.token, &found, NULL, scratch_arena, fault));
    assert_string_equal(found.login, "rina");
    DONE(session_close(txn, a.token, fault));
    NEVER(session_find(txn, a.token, &found, NULL, scratch_arena, NULL));
    NEVER(session_find(txn, "", &found, NULL, scratch_arena, NULL));
    return OUTCOME_DONE;
}

IN_BOOK(unknown_wrong_and_disabled_are_told_the_same)
{
    add(txn, "rina");
    DONE(officer_disable(txn, add(txn, "budi"), true, fault));
    struct attempt unknown = {.login = "tono", .password = good},
                   wrong = {.login = "rina", .password = "salah"},
                   disabled = {.login = "budi", .password = good};
    try(txn, &unknown);
    try(txn, &wrong);
    try(txn, &disabled);
    assert_true(unknown.refused && wrong.refused && disabled.refused);
    assert_true(*unknown.fault.public_text);
    assert_string_equal(unknown.fault.public_text, wrong.fault.public_text);
    assert_string_equal(unknown.fault.public_text, disabled.fault.public_text);
    assert_string_equal(unknown.token, "");
    return OUTCOME_DONE;
}

static enum outcome add_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    (void)fault;
    add(txn, "rina");
    return OUTCOME_DONE;
}

static enum outcome try_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)fault;
    try(txn, arg);
    return OUTCOME_DONE;
}

static bool refused(const char *password)
{
    struct attempt a = {.login = "rina", .password = password};
    DONE(scratch_write(try_work, &a));
    return a.refused;
}

static void five_wrong_passwords_lock_for_five_minutes(void **state)
{
    (void)state;
    DONE(scratch_write(add_work, NULL));
    for (int i = 0; i < OFFICER_LOCK_FAILURES - 1; i++)
        assert_true(refused("salah"));
    assert_false(refused(good)); /* a right one begins the count anew */
    for (int i = 0; i < OFFICER_LOCK_FAILURES; i++)
        assert_true(refused("salah"));
    assert_true(refused(good));
    scratch_now += OFFICER_LOCK_MINUTES * 60000 - 1;
    assert_true(refused(good));
    scratch_now += 1;
    assert_false(refused(good));
}

static enum outcome find_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct attempt *a = arg;
    return session_find(txn, a->token, &a->officer, NULL, scratch_arena, fault);
}

static enum outcome touch_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct attempt *a = arg;
    return session_touch(txn, a->token, "127.0.0.1", "Peramban", fault);
}

static void a_session_ends_after_twelve_hours(void **state)
{
    (void)state;
    struct attempt a = {.login = "rina", .password = good};
    DONE(scratch_write(add_work, NULL));
    DONE(scratch_write(try_work, &a));
    for (int hour = 0; hour < 11; hour++) {
        scratch_now += 3600000;
        DONE(scratch_write(touch_work, &a));
    }
    scratch_now += 3600000 - 1;
    DONE(scratch_read(find_work, &a));
    scratch_now += 1;
    NEVER(scratch_read(find_work, &a));
}

static void a_session_ends_when_nobody_is_there(void **state)
{
    (void)state;
    struct attempt a = {.login = "rina", .password = good};
    DONE(scratch_write(add_work, NULL));
    DONE(scratch_write(try_work, &a));
    scratch_now += SESSION_IDLE_MINUTES * 60000 - 1;
    DONE(scratch_read(find_work, &a));
    DONE(scratch_write(touch_work, &a));
    scratch_now += 1;
    DONE(scratch_read(find_work, &a));
    scratch_now += SESSION_IDLE_MINUTES * 60000 - 1;
    NEVER(scratch_read(find_work, &a));
}

/* RFC 6238, appendix B, for SHA-1: the last six digits of its eight. */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    const unsigned char *secret = (const unsigned char *)"12345678901234567890";
    const struct {
        int64_t seconds;
        int code;
    } known[] = {{59, 287082}, {1111111109, 81804}, {1111111111, 50471}, {1234567890, 5924},
        {2000000000, 279037}, {20000000000, 353130}};
    char text[TOTP_BASE32];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(totp_code(secret, known[i].seconds / 30), known[i].code);
    totp_base32(secret, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static const char *code_now(const unsigned char *secret, int step)
{
    static char text[16];
    snprintf(text, sizeof text, "%06d", totp_code(secret, scratch_now / TOTP_STEP_MS + step));
    return text;
}

struct second {
    unsigned char secret[TOTP_SECRET];
    char codes[TOTP_RECOVERY_CODES][PASSWORD_MADE_SIZE];
    struct attempt a;
    bool recovery;
};

static enum outcome enrol_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct second *s = arg;
    struct totp totp;
    bool fits;
    int64_t id = add(txn, "rina");
    DONE(totp_begin(txn, id, fault));
    DONE(totp_get(txn, id, &totp, fault));
    assert_true(totp.begun && !totp.confirmed);
    memcpy(s->secret, totp.secret, sizeof s->secret);
    DONE(totp_confirm(txn, id, "000000x", &fits, s->codes, fault));
    assert_false(fits);
    DONE(totp_confirm(txn, id, code_now(s->secret, 0), &fits, s->codes, fault));
    assert_true(fits);
    DONE(totp_get(txn, id, &totp, fault));
    assert_true(totp.confirmed && totp.recovery_left == TOTP_RECOVERY_CODES);
    NEVER(totp_begin(txn, id, NULL));
    return OUTCOME_DONE;
}

/* From the password's session to the whole one; false = refused. */
static bool second(struct book_txn *txn, struct second *s, const char *code)
{
    char token[65];
    DONE(session_second(txn, s->a.token, code, token, &s->a.officer, &s->a.refused, &s->recovery,
        scratch_arena, &s->a.fault));
    if (!s->a.refused)
        memcpy(s->a.token, token, sizeof token);
    return !s->a.refused;
}

static enum outcome second_step_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct second *s = arg;
    struct officer found;
    char used[PASSWORD_MADE_SIZE];
    try(txn, &s->a);
    assert_true(s->a.officer.two_steps && !s->a.refused);
    NEVER(session_find(txn, s->a.token, &found, NULL, scratch_arena, NULL));
    assert_false(second(txn, s, code_now(s->secret, -1))); /* was used when it was put on */
    assert_non_null(strstr(s->a.fault.public_text, "4 kali"));
    assert_true(second(txn, s, code_now(s->secret, 0)));
    DONE(session_find(txn, s->a.token, &found, NULL, scratch_arena, fault));
    try(txn, &s->a);
    assert_false(second(txn, s, code_now(s->secret, 0)));
    assert_true(second(txn, s, s->codes[0]));
    assert_true(s->recovery);
    snprintf(used, sizeof used, "%s", s->codes[0]);
    try(txn, &s->a);
    assert_false(second(txn, s, used));
    try(txn, &s->a); /* the right password again does not begin the count of codes anew */
    for (int left = OFFICER_LOCK_FAILURES - 2; left >= 0; left--)
        assert_false(second(txn, s, "x"));
    NEVER(session_pending(txn, s->a.token, &found, scratch_arena, NULL));
    return OUTCOME_DONE;
}

static void the_second_step_takes_each_code_once_and_locks(void **state)
{
    (void)state;
    struct second s = {.a = {.login = "rina", .password = good}};
    DONE(scratch_write(enrol_work, &s));
    scratch_now += TOTP_STEP_MS;
    DONE(scratch_write(second_step_work, &s));
}

IN_BOOK(disabling_and_a_new_password_end_sessions)
{
    int64_t id = add(txn, "rina");
    struct attempt a = {.login = "rina", .password = good};
    struct officer found;
    char hash[PASSWORD_HASH_SIZE];
    try(txn, &a);
    DONE(password_hash("kata-sandi-baru", hash, fault));
    DONE(officer_set_password(txn, id, hash, false, fault));
    NEVER(session_find(txn, a.token, &found, NULL, scratch_arena, NULL));
    a.password = "kata-sandi-baru";
    try(txn, &a);
    assert_false(a.refused || a.officer.must_change);
    DONE(officer_disable(txn, id, true, fault));
    NEVER(session_find(txn, a.token, &found, NULL, scratch_arena, NULL));
    DONE(officer_get(txn, id, &found, scratch_arena, fault));
    assert_true(found.disabled);
    DONE(officer_disable(txn, id, false, fault));
    try(txn, &a);
    assert_false(a.refused);
    return OUTCOME_DONE;
}

IN_BOOK(bad_logins_are_refused_with_a_text)
{
    static const struct {
        const char *login, *words;
    } rows[] = {
        {"r", "2 sampai 32"},
        {"Rina", "huruf kecil"},
        {"rina sari", "huruf kecil"},
        {"abcdefghijklmnopqrstuvwxyz0123456", "2 sampai 32"},
        {NULL, "2 sampai 32"},
        {"sudah.ada", "sudah dipakai"},
    };
    add(txn, "sudah.ada");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct officer o = {.login = rows[i].login, .name = "Rina"};
        struct fault told = {0};
        NEVER(officer_add(txn, &o, "$argon2id$", &told));
        assert_non_null(strstr(told.public_text, rows[i].words));
    }
    NEVER(officer_set_password(txn, 4711, "$argon2id$", false, NULL));
    NEVER(officer_disable(txn, 4711, true, NULL));
    return OUTCOME_DONE;
}

static void short_and_long_passwords_are_refused_with_a_text(void **state)
{
    static const char too_long[PASSWORD_MAX + 2] = {[0 ... PASSWORD_MAX] = 'a'};
    const struct {
        const char *password, *words;
    } rows[] = {
        {"123456789", "10 karakter"},
        {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "10 karakter"}, /* ten bytes, five characters */
        {NULL, "10 karakter"},
        {too_long, "terlalu panjang"},
    };
    char hash[PASSWORD_HASH_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault told = {0};
        NEVER(password_hash(rows[i].password, hash, &told));
        assert_non_null(strstr(told.public_text, rows[i].words));
    }
    DONE(password_hash(too_long + 1, hash, NULL));
}

/* The proof is made on a reader, the session on the writer: what changed between the two counts. */
IN_BOOK(a_proof_of_a_password_that_was_changed_since_opens_nothing)
{
    int64_t id = add(txn, "rina");
    struct attempt a = {.login = "rina", .password = good};
    struct password_proof proof, nobody;
    char hash[PASSWORD_HASH_SIZE];
    DONE(password_prove(txn, "rina", good, &proof, fault));
    assert_true(proof.fits);
    DONE(password_hash("kata-sandi-baru", hash, fault));
    DONE(officer_set_password(txn, id, hash, false, fault));
    DONE(session_open(txn, "rina", &proof, a.token, &a.officer, &a.refused, scratch_arena, &a.fault));
    assert_true(a.refused);
    assert_string_equal(a.token, "");
    DONE(password_prove(txn, "tono", good, &nobody, fault));
    assert_false(nobody.fits);
    return OUTCOME_DONE;
}

/* Many guesses proved at once, before the first is counted, find the same lock as one after the other. */
IN_BOOK(guesses_proved_at_once_are_locked_all_the_same)
{
    add(txn, "rina");
    struct password_proof wrong, right;
    struct attempt a = {.login = "rina"};
    DONE(password_prove(txn, "rina", "salah", &wrong, fault));
    DONE(password_prove(txn, "rina", good, &right, fault));
    for (int i = 0; i < OFFICER_LOCK_FAILURES; i++)
        DONE(session_open(txn, "rina", &wrong, a.token, &a.officer, &a.refused, scratch_arena, &a.fault));
    DONE(session_open(txn, "rina", &right, a.token, &a.officer, &a.refused, scratch_arena, &a.fault));
    assert_true(a.refused);
    return OUTCOME_DONE;
}

static enum outcome note_login(void *arg, const struct officer *o, struct fault *fault)
{
    (void)fault;
    strcat(arg, o->login);
    strcat(arg, o->disabled ? "- " : " ");
    return OUTCOME_DONE;
}

IN_BOOK(officers_are_listed_with_the_disabled_last)
{
    char text[64] = "";
    struct officer found;
    DONE(officer_disable(txn, add(txn, "adi"), true, fault));
    add(txn, "rina");
    add(txn, "budi");
    DONE(officer_list(txn, note_login, text, fault));
    assert_string_equal(text, "budi rina adi- ");
    DONE(officer_by_login(txn, "budi", &found, scratch_arena, fault));
    NEVER(officer_by_login(txn, "tono", &found, scratch_arena, NULL));
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_right_password_opens_a_session),
        BOOK_TEST(unknown_wrong_and_disabled_are_told_the_same),
        BOOK_TEST(five_wrong_passwords_lock_for_five_minutes),
        BOOK_TEST(a_session_ends_after_twelve_hours),
        BOOK_TEST(a_session_ends_when_nobody_is_there),
        BOOK_TEST(codes_are_those_of_the_standard),
        BOOK_TEST(the_second_step_takes_each_code_once_and_locks),
        BOOK_TEST(disabling_and_a_new_password_end_sessions),
        BOOK_TEST(bad_logins_are_refused_with_a_text),
        BOOK_TEST(short_and_long_passwords_are_refused_with_a_text),
        BOOK_TEST(a_proof_of_a_password_that_was_changed_since_opens_nothing),
        BOOK_TEST(guesses_proved_at_once_are_locked_all_the_same),
        BOOK_TEST(officers_are_listed_with_the_disabled_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
