/* From the number an office sets to a book that names nobody, with a held clock. */
#include "tests/support/scratch_desk.h"

#include "daemon/book/rights.h"
#include "daemon/book/verify.h"
#include "daemon/desk/retention.h"
#include "daemon/desk/rights.h"

static const int64_t year_ms = 366 * INT64_C(86400000);

struct people {
    const struct officer *petugas, *sekcam, *camat, *admin;
};

static struct people hire(struct book_txn *txn)
{
    return (struct people){scratch_officer(txn, "rina", ROLE_PETUGAS),
        scratch_officer(txn, "sekcam", ROLE_SEKCAM), scratch_officer(txn, "agus", ROLE_CAMAT),
        scratch_officer(txn, "adi", ROLE_ADMIN)};
}

static int64_t open_case(struct book_txn *txn, const char *external, const char *from)
{
    struct inbound in = scratch_mail(external, from);
    in.text = "Saya Siti Rohmah, rumah saya di Jalan Mawar 5. Lampu mati.";
    return scratch_take(txn, "email:kantor", &in).complaint_id;
}

static void archive(struct book_txn *txn, const struct people *p, int64_t id)
{
    bool queued;
    const struct act act = {
        .complaint_id = id, .action = ACTION_ARSIPKAN, .officer = p->petugas, .text = "Ditarik."};
    DONE(act_on(txn, &scratch_office, &act, &queued, scratch_arena, NULL));
}

/* All its letters have left. */
static void send_all(struct book_txn *txn)
{
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_claim(txn, "email:kantor", 100, &rows, &count, scratch_arena, NULL));
    for (size_t i = 0; i < count; i++)
        DONE(outbox_accepted(txn, rows[i].id, NULL, NULL, NULL));
    DONE(outbox_claim(txn, "email", 100, &rows, &count, scratch_arena, NULL));
    for (size_t i = 0; i < count; i++)
        DONE(outbox_accepted(txn, rows[i].id, NULL, NULL, NULL));
}

static void set_years(struct book_txn *txn, const struct people *p, int years)
{
    struct retention_term terms[RETENTION_KINDS] = {{0}};
    for (int i = 0; i < RETENTION_KINDS; i++)
        terms[i] = (struct retention_term){years, years ? "Perwali 12/2025" : ""};
    DONE(retention_set(txn, p->admin, terms, scratch_arena, NULL));
}

static size_t found(struct book_txn *txn)
{
    static struct retention_found f;
    DONE(retention_find(txn, &scratch_office, &f, NULL));
    return f.count;
}

static int64_t propose(struct book_txn *txn)
{
    static struct retention_found f;
    int64_t list;
    DONE(retention_find(txn, &scratch_office, &f, NULL));
    DONE(retention_propose(txn, &scratch_office, &f, &list, scratch_arena, NULL));
    return list;
}

static struct retention_step take_step(struct book_txn *txn)
{
    struct blob_ref refs[RETENTION_FILES];
    struct forget_contents contents = {.files = refs, .most = RETENTION_FILES};
    struct retention_step s;
    DONE(retention_step(txn, &scratch_office, &s, &contents, NULL));
    return s;
}

static bool names_her(struct book_txn *txn, int64_t id)
{
    struct message *m;
    struct complaint c;
    size_t count;
    bool named = false;
    DONE(message_list(txn, id, &m, &count, scratch_arena, NULL));
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    for (size_t i = 0; i < count; i++)
        named |= strstr(m[i].text, "Siti") || strstr(m[i].text, "Mawar") || strstr(m[i].author, "Siti") ||
                 m[i].has_raw;
    return named || c.citizen_id || c.reply_to;
}

static int64_t old_one, new_one, open_one, kept_one, list_id;
static struct people who;

static enum outcome make(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    (void)fault;
    who = hire(txn);
    set_years(txn, &who, 5);
    old_one = open_case(txn, "1/1", "siti@contoh.example");
    kept_one = open_case(txn, "1/2", "ani@contoh.example");
    open_one = open_case(txn, "1/3", "siti@contoh.example");
    archive(txn, &who, old_one);
    archive(txn, &who, kept_one);
    send_all(txn);
    return OUTCOME_DONE;
}

static enum outcome later(struct book_txn *txn, void *arg, struct fault *fault)
{
    bool month;
    (void)arg;
    (void)fault;
    new_one = open_case(txn, "1/4", "siti@contoh.example");
    archive(txn, &who, new_one);
    send_all(txn);
    DONE(retention_is_month(txn, &scratch_office, &month, NULL));
    assert_true(month);
    assert_int_equal(found(txn), 2);
    list_id = propose(txn);
    assert_true(list_id != 0);
    DONE(retention_is_month(txn, &scratch_office, &month, NULL));
    assert_false(month);               /* once a month */
    assert_int_equal(propose(txn), 0); /* and nothing twice */
    assert_int_equal(take_step(txn).list, 0);
    assert_true(names_her(txn, old_one));
    NEVER(retention_confirm(txn, who.sekcam, list_id, NULL, "", scratch_arena, NULL));
    const int64_t kept[] = {kept_one, 0};
    DONE(retention_confirm(txn, who.camat, list_id, kept, "", scratch_arena, NULL));
    NEVER(retention_refuse(txn, who.camat, list_id, "terlambat", scratch_arena, NULL));
    return OUTCOME_DONE;
}

static enum outcome nothing(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    (void)fault;
    assert_int_equal(found(txn), 0);
    set_years(txn, &who, 0);
    return OUTCOME_DONE;
}

static void nothing_is_proposed_before_its_time_or_without_a_number(void **state)
{
    (void)state;
    DONE(scratch_write(make, NULL));
    scratch_now += 4 * year_ms;
    DONE(scratch_write(nothing, NULL));
    scratch_now += 40 * year_ms;
    DONE(scratch_write(nothing, NULL));
}

static enum outcome carry_out(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct event told;
    (void)arg;
    (void)fault;
    struct retention_step s = take_step(txn);
    assert_true(s.list == list_id && s.forgotten == 1 && s.ended && !s.waits);
    assert_false(names_her(txn, old_one));
    assert_true(names_her(txn, kept_one) && names_her(txn, open_one) && names_her(txn, new_one));
    DONE(event_first(txn, old_one, "lupakan", &told, scratch_arena, NULL));
    assert_int_equal(take_step(txn).list, 0);
    return OUTCOME_DONE;
}

static enum outcome look_whole(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct verify_report report;
    struct fault f = {0};
    (void)arg;
    (void)fault;
    if (verify_book(txn, NULL, &report, &f))
        fail_msg("verify: %s / %s", f.public_text, f.internal);
    assert_true(report.sealed);
    return OUTCOME_DONE;
}

static enum outcome later_still(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    (void)fault;
    /* What the Camat left out is proposed again with another month; what is nameless is not. */
    assert_int_equal(found(txn), 1);
    return OUTCOME_DONE;
}

static void what_is_old_is_proposed_confirmed_and_named_no_more_and_the_book_stays_whole(void **state)
{
    (void)state;
    DONE(scratch_write(make, NULL));
    scratch_now += 5 * year_ms + 86400000;
    DONE(scratch_write(later, NULL));
    DONE(scratch_write(carry_out, NULL));
    DONE(scratch_read(look_whole, NULL));
    scratch_now += 31 * INT64_C(86400000);
    DONE(scratch_write(later_still, NULL));
}

/* txn_now() is that of the job: what happens later is a job of its own. */
static enum outcome wait_for_letter(struct book_txn *txn, void *arg, struct fault *fault)
{
    bool reopened = arg != NULL;
    int64_t list = propose(txn);
    struct message note = {.complaint_id = old_one,
        .purpose = "kabar",
        .channel = "email:kantor",
        .author = "rina",
        .text = "x"};
    int64_t row;
    (void)fault;
    DONE(retention_confirm(txn, who.camat, list, NULL, "", scratch_arena, NULL));
    DONE(message_insert(txn, &note, NULL));
    const struct outbox_new letter = {.complaint_id = old_one,
        .message_id = note.id,
        .channel = "email:kantor",
        .purpose = "sementara",
        .payload = "{}"};
    DONE(outbox_add(txn, &letter, &row, NULL));
    struct retention_step s = take_step(txn);
    assert_true(s.list == list && s.waits && !s.ended);
    assert_true(names_her(txn, old_one));
    send_all(txn);
    if (reopened) {
        struct complaint c;
        DONE(complaint_get(txn, old_one, &c, scratch_arena, NULL));
        const struct act again = {.complaint_id = c.id,
            .action = ACTION_BUKA_KEMBALI,
            .officer = who.petugas,
            .text = "Belum selesai."};
        bool queued;
        DONE(act_on(txn, &scratch_office, &again, &queued, scratch_arena, NULL));
    }
    s = take_step(txn);
    assert_true(s.ended && !s.waits);
    assert_int_equal(names_her(txn, old_one), reopened);
    return OUTCOME_DONE;
}

static void what_waits_for_a_letter_is_done_when_it_has_left(void **state)
{
    (void)state;
    DONE(scratch_write(make, NULL));
    scratch_now += 6 * year_ms;
    DONE(scratch_write(wait_for_letter, NULL));
}

static void what_is_opened_again_after_the_camats_word_is_left_alone(void **state)
{
    (void)state;
    DONE(scratch_write(make, NULL));
    scratch_now += 6 * year_ms;
    DONE(scratch_write(wait_for_letter, &who));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(nothing_is_proposed_before_its_time_or_without_a_number),
        BOOK_TEST(what_is_old_is_proposed_confirmed_and_named_no_more_and_the_book_stays_whole),
        BOOK_TEST(what_waits_for_a_letter_is_done_when_it_has_left),
        BOOK_TEST(what_is_opened_again_after_the_camats_word_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
