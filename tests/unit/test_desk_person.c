#include "tests/support/scratch_desk.h"

#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "daemon/desk/person.h"

static int64_t open_case(struct book_txn *txn, const char *confidentiality)
{
    const struct inbound in = {.kind = INBOUND_MESSAGE,
        .external = confidentiality,
        .text = "Lampu jalan mati.",
        .confidentiality = confidentiality};
    return scratch_take(txn, "loket", &in).complaint_id;
}

static struct complaint read_case(struct book_txn *txn, int64_t id)
{
    struct complaint c;
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    return c;
}

static const struct event *last_event(struct book_txn *txn, int64_t id)
{
    struct event *e;
    DONE(event_list(txn, id, &e, scratch_arena, NULL));
    while (e->next)
        e = e->next;
    return e;
}

static enum outcome complete(struct book_txn *txn, const struct officer *o, int64_t id, int64_t version,
    struct person_typed typed, struct fault *fault)
{
    return person_complete(txn, o, id, version, &typed, scratch_arena, fault);
}

IN_BOOK(completing_makes_the_citizen_known_and_the_history_tells_fields_only)
{
    const struct officer *rina = scratch_officer(txn, "rina", ROLE_PETUGAS);
    int64_t id = open_case(txn, "biasa"), found;
    struct complaint before = read_case(txn, id);
    struct citizen citizen;
    assert_int_equal(before.citizen_id, 0);
    DONE(complete(txn, rina, id, before.version,
        (struct person_typed){.nama = "Siti", .alamat = "Gang Melati", .phone = "0812-3456-7890"}, fault));
    struct complaint after = read_case(txn, id);
    DONE(citizen_get(txn, after.citizen_id, &citizen, scratch_arena, fault));
    assert_string_equal(citizen.nama, "Siti");
    assert_string_equal(citizen.phone, "+6281234567890");
    assert_null(citizen.pekerjaan);
    assert_int_equal(after.version, before.version + 1);
    assert_string_equal(last_event(txn, id)->kind, "lengkapi_identitas");
    assert_string_equal(last_event(txn, id)->data, "{\"fields\":[\"nama\",\"alamat\",\"telepon\"]}");
    DONE(citizen_by_identity(txn, "phone", "+6281234567890", &found, fault));
    assert_int_equal(found, after.citizen_id);
    return OUTCOME_DONE;
}

IN_BOOK(blank_fields_leave_what_is_known)
{
    const struct officer *rina = scratch_officer(txn, "rina", ROLE_PETUGAS);
    int64_t id = open_case(txn, "biasa");
    struct citizen citizen;
    DONE(complete(txn, rina, id, 0, (struct person_typed){.nama = "Siti", .alamat = "Gang Melati"}, fault));
    DONE(complete(txn, rina, id, 0, (struct person_typed){.nama = "  ", .pekerjaan = "Guru"}, fault));
    DONE(citizen_get(txn, read_case(txn, id).citizen_id, &citizen, scratch_arena, fault));
    assert_string_equal(citizen.nama, "Siti");
    assert_string_equal(citizen.pekerjaan, "Guru");
    NEVER(complete(txn, rina, id, 0, (struct person_typed){.nama = "Siti", .pekerjaan = " "}, fault));
    assert_string_equal(last_event(txn, id)->data, "{\"fields\":[\"pekerjaan\"]}");
    return OUTCOME_DONE;
}

IN_BOOK(a_refused_completion_changes_nothing)
{
    const struct officer *rina = scratch_officer(txn, "rina", ROLE_PETUGAS);
    int64_t id = open_case(txn, "biasa"), anonymous = open_case(txn, "anonim");
    int64_t version = read_case(txn, id).version;
    NEVER(complete(txn, rina, id, version + 1, (struct person_typed){.nama = "Siti"}, fault));
    assert_string_equal(fault->public_text, ACT_CHANGED_MEANWHILE);
    NEVER(complete(txn, rina, id, version, (struct person_typed){.nama = "Siti", .phone = "110"}, fault));
    NEVER(complete(txn, rina, anonymous, 0, (struct person_typed){.nama = "Siti"}, fault));
    char *long_name = arena_alloc(scratch_arena, PERSON_FIELD_MAX + 2);
    memset(long_name, 'x', PERSON_FIELD_MAX + 1);
    NEVER(complete(txn, rina, id, version, (struct person_typed){.nama = long_name}, fault));
    assert_int_equal(read_case(txn, id).version, version);
    assert_int_equal(read_case(txn, id).citizen_id, 0);
    assert_string_equal(last_event(txn, id)->kind, "masuk");
    return OUTCOME_DONE;
}

IN_BOOK(looking_is_an_event_and_not_for_everybody)
{
    const struct officer *rina = scratch_officer(txn, "rina", ROLE_PETUGAS);
    const struct officer *kasi = scratch_officer(txn, "kasi", ROLE_KASI);
    const struct officer *agus = scratch_officer(txn, "agus", ROLE_SEKSI);
    int64_t open = open_case(txn, "biasa"), secret = open_case(txn, "rahasia");
    struct complaint c = read_case(txn, open);
    c.section_id = agus->section_id;
    DONE(complaint_update(txn, &c, fault));
    DONE(person_look(txn, kasi, open, PERSON_CONTACT, scratch_arena, fault));
    assert_string_equal(last_event(txn, open)->kind, "lihat_kontak");
    assert_string_equal(last_event(txn, open)->actor, "kasi:kasi");
    NEVER(person_look(txn, agus, open, PERSON_CONTACT, scratch_arena, fault));
    NEVER(person_look(txn, kasi, secret, PERSON_IDENTITY, scratch_arena, fault));
    DONE(person_look(txn, rina, secret, PERSON_CONTACT, scratch_arena, fault));
    assert_string_equal(last_event(txn, secret)->kind, "lihat_identitas");
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(completing_makes_the_citizen_known_and_the_history_tells_fields_only),
        BOOK_TEST(blank_fields_leave_what_is_known),
        BOOK_TEST(a_refused_completion_changes_nothing),
        BOOK_TEST(looking_is_an_event_and_not_for_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
