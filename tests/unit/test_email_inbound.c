/* What the parser says of a mail becomes what the desk gets to see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "channels/email/inbound_mail.h"
#include <string.h>

static struct inbound *inbound(const char *raw)
{
    struct arena *arena = arena_new(1 << 20);
    struct inbound *in = arena_alloc(arena, sizeof *in);
    in->arena = arena;
    in->external = "7/1";
    in->raw_size = strlen(raw);
    in->raw = arena_strdup(arena, raw);
    return in;
}

/* Facts of an ordinary mail with some members replaced. */
static struct inbound *filled(const char *changes)
{
    static const char ordinary[] =
        "{\"message_id\":\"m3@warga.example\",\"in_reply_to\":[\"m2@warga.example\"],"
        "\"references\":[\"m1@warga.example\",\"m2@warga.example\"],\"date\":\"2026-11-22T03:00:00Z\","
        "\"from\":{\"name\":\"Siti "
        "Aminah\",\"address\":\"Siti@Warga.example\"},\"reply_to\":null,\"to\":[],\"cc\":[],"
        "\"subject\":\"Jalan rusak\",\"text\":\"Jalan rusak.\\n> lama\",\"reply\":\"Jalan "
        "rusak.\",\"html\":false,"
        "\"attachments\":[],\"automatic\":null,\"bounce\":null,\"defects\":[]}";
    static const struct parser_attachment files[] = {{"satu", 4}, {"", 0}};
    struct inbound *in = inbound("From: x\r\n\r\ny");
    json_t *facts = json_loads(ordinary, 0, NULL), *other = json_loads(changes, 0, NULL);
    assert_non_null(facts);
    assert_non_null(other);
    json_object_update(facts, other);
    struct parser_mail mail = {facts, files, json_array_size(json_object_get(facts, "attachments"))};
    inbound_mail_fill(in, &mail);
    json_decref(facts);
    json_decref(other);
    assert_true(arena_ok(in->arena));
    return in;
}

static void a_mail_becomes_a_message_of_its_sender(void **state)
{
    struct inbound *in = filled("{}");
    (void)state;
    assert_int_equal(in->kind, INBOUND_MESSAGE);
    assert_string_equal(in->identity_scheme, "email");
    assert_string_equal(in->identity_value, "siti@warga.example");
    assert_string_equal(in->email, "siti@warga.example");
    assert_string_equal(in->reply_to, "Siti@Warga.example");
    assert_string_equal(in->nama, "Siti Aminah");
    assert_string_equal(in->subject, "Jalan rusak");
    assert_string_equal(in->text, "Jalan rusak.\n> lama");
    assert_string_equal(in->own_words, "Jalan rusak.");
    assert_true(in->claimed_at == 1795316400000);
    assert_string_equal(in->reference_scheme, "mail");
    assert_string_equal(in->own_reference, "m3@warga.example");
    assert_string_equal(in->references[0], "m1@warga.example");
    assert_string_equal(in->references[1], "m2@warga.example");
    assert_null(in->references[2]);
    assert_null(in->automatic);
    assert_null(in->must_read);
    assert_null(in->number);
    arena_free(in->arena);
}

static void an_answer_goes_where_the_sender_wants_it(void **state)
{
    struct inbound *in = filled("{\"reply_to\":{\"name\":\"\",\"address\":\"ketua@rt.example\"}}");
    (void)state;
    assert_string_equal(in->reply_to, "ketua@rt.example");
    assert_string_equal(in->identity_value, "siti@warga.example");
    arena_free(in->arena);
    in = filled("{\"reply_to\":{\"name\":\"\",\"address\":\"bukan alamat\"}}");
    assert_string_equal(in->reply_to, "Siti@Warga.example");
    arena_free(in->arena);
}

static void a_sender_without_an_address_is_unknown(void **state)
{
    struct inbound *in = filled("{\"from\":{\"name\":\"Siti\",\"address\":\"\"}}");
    (void)state;
    assert_null(in->identity_value);
    assert_null(in->reply_to);
    assert_string_equal(in->nama, "Siti");
    arena_free(in->arena);
}

static void register_numbers_are_found_in_subjects(void **state)
{
    static const struct {
        const char *subject, *number;
    } cases[] = {
        {"Re: [014/PGD/XI/2026] Jalan rusak", "014/PGD/XI/2026"},
        {"Pengaduan 014/PGD/XI/2026.", "014/PGD/XI/2026"},
        {"22/11/2026 tentang 7/ADU-2/2026", "7/ADU-2/2026"},
        {"laporan 22/11/2026", "22/11/2026"},
        {"jalan dan/atau trotoar", NULL},
        {"lihat http://x.example", NULL},
        {"", NULL},
        {"///", NULL},
    };
    (void)state;
    struct arena *arena = arena_new(10000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *number = inbound_mail_number(arena, cases[i].subject);
        if (cases[i].number)
            assert_string_equal(number, cases[i].number);
        else
            assert_null(number);
    }
    assert_null(inbound_mail_number(arena, NULL));
    arena_free(arena);
}

static void the_same_mail_has_the_same_digest_and_another_one_another(void **state)
{
    struct inbound *a = filled("{}"), *b = filled("{\"to\":[]}"), *c = filled("{\"text\":\"Lampu mati.\"}");
    struct inbound *d = filled("{\"from\":{\"name\":\"\",\"address\":\"budi@warga.example\"}}");
    (void)state;
    assert_string_equal(a->digest, b->digest);
    assert_string_not_equal(a->digest, c->digest); /* form mailers with one Message-ID for all */
    assert_string_not_equal(a->digest, d->digest);
    assert_ptr_equal(strstr(a->digest, "m3@warga.example/"), a->digest);
    struct inbound *e = filled("{\"message_id\":null}");
    assert_ptr_equal(strstr(e->digest, "sha256:"), e->digest);
    struct inbound *all[] = {a, b, c, d, e};
    for (size_t i = 0; i < 5; i++)
        arena_free(all[i]->arena);
}

static void attachments_get_safe_names(void **state)
{
    struct inbound *in =
        filled("{\"attachments\":[{\"filename\":\"../../etc/pas\\u0001swd\"},{\"filename\":\"..\"}]}");
    (void)state;
    assert_string_equal(in->files->filename, "pas_swd");
    assert_int_equal(in->files->size, 4);
    assert_memory_equal(in->files->data, "satu", 4);
    assert_string_equal(in->files->media_type, "application/octet-stream");
    assert_string_equal(in->files->next->filename, "lampiran-2");
    assert_null(in->files->next->next);
    arena_free(in->arena);
    in = filled("{\"attachments\":[{\"filename\":\"C:\\\\foto\\\\jalan.jpg\"}]}");
    assert_string_equal(in->files->filename, "jalan.jpg");
    arena_free(in->arena);
}

static void automatic_mail_is_marked(void **state)
{
    struct inbound *in =
        filled("{\"automatic\":\"bounce\",\"bounce\":{\"recipient\":\"x@y.example\",\"status\":\"5.1.1\","
               "\"permanent\":true}}");
    (void)state;
    assert_string_equal(in->automatic, "bounce");
    assert_non_null(strstr(in->reason, "x@y.example"));
    assert_non_null(strstr(in->reason, "5.1.1"));
    arena_free(in->arena);
    in = filled("{\"automatic\":\"something-new\"}");
    assert_string_equal(in->automatic, "bulk");
    arena_free(in->arena);
}

static void a_cut_mail_must_be_read_by_a_person(void **state)
{
    struct inbound *in = filled("{\"defects\":[\"charset\",\"text-cut\"]}");
    (void)state;
    assert_non_null(in->must_read);
    arena_free(in->arena);
    in = filled("{\"attachments\":[{\"filename\":\"a\"}]}");
    inbound_mail_mark_large(in, 30 << 20, 25 << 20);
    assert_null(in->files);
    assert_non_null(strstr(in->must_read, "31 MB"));
    arena_free(in->arena);
}

static void an_unreadable_mail_keeps_what_can_be_seen(void **state)
{
    struct inbound *in =
        inbound("Received: x\r\nFROM: \"Budi\" <Budi@Warga.example>\r\nSubject: Banjir\r\n\r\n"
                "air masuk\x01 rumah\xff");
    (void)state;
    inbound_mail_fill_unreadable(in);
    assert_int_equal(in->kind, INBOUND_MESSAGE);
    assert_string_equal(in->identity_value, "budi@warga.example");
    assert_non_null(strstr(in->subject, "Banjir"));
    assert_non_null(strstr(in->text, "air masuk? rumah?"));
    assert_non_null(in->must_read);
    assert_non_null(in->digest);
    arena_free(in->arena);
    in = inbound("\xff\xfe");
    inbound_mail_fill_unreadable(in);
    assert_null(in->identity_value);
    assert_non_null(in->must_read);
    assert_true(arena_ok(in->arena));
    arena_free(in->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_becomes_a_message_of_its_sender),
        cmocka_unit_test(an_answer_goes_where_the_sender_wants_it),
        cmocka_unit_test(a_sender_without_an_address_is_unknown),
        cmocka_unit_test(register_numbers_are_found_in_subjects),
        cmocka_unit_test(the_same_mail_has_the_same_digest_and_another_one_another),
        cmocka_unit_test(attachments_get_safe_names),
        cmocka_unit_test(automatic_mail_is_marked),
        cmocka_unit_test(a_cut_mail_must_be_read_by_a_person),
        cmocka_unit_test(an_unreadable_mail_keeps_what_can_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
