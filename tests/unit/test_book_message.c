#include "daemon/book/arrival.h"
#include "daemon/book/blob.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "tests/support/scratch_book.h"

static int64_t insert(struct book_txn *txn)
{
    struct complaint c = scratch_complaint();
    DONE(complaint_insert(txn, &c, scratch_arena, NULL));
    return c.id;
}

static char *letters(size_t size, char c)
{
    char *data = arena_alloc(scratch_arena, size + 1);
    assert_non_null(data);
    memset(data, c, size);
    return data;
}

static void file_of(const struct blob_ref *ref, char path[PATH_MAX])
{
    int n =
        snprintf(path, PATH_MAX, "%s/lampiran/%02x/%02x/", scratch_folder, ref->sha256[0], ref->sha256[1]);
    for (int i = 0; i < 32; i++)
        n += snprintf(path + n, PATH_MAX - (size_t)n, "%02x", ref->sha256[i]);
}

static void expect_blob(struct book_txn *txn, const struct blob_ref *ref, const void *data, size_t size)
{
    void *found = NULL;
    size_t found_size;
    DONE(blob_get(txn, ref, &found, &found_size, NULL));
    assert_int_equal(found_size, size);
    assert_memory_equal(found, data, size);
    free(found);
}

IN_BOOK(small_content_lies_in_the_book_large_in_a_file)
{
    struct blob_ref small, large, empty;
    char path[PATH_MAX], *big = letters(BLOB_INLINE, 'b');
    DONE(blob_put(txn, big, BLOB_INLINE - 1, &small, fault));
    DONE(blob_put(txn, big, BLOB_INLINE, &large, fault));
    DONE(blob_put(txn, NULL, 0, &empty, fault));
    file_of(&small, path);
    assert_int_not_equal(access(path, F_OK), 0);
    file_of(&large, path);
    assert_int_equal(access(path, F_OK), 0);
    expect_blob(txn, &small, big, BLOB_INLINE - 1);
    expect_blob(txn, &large, big, BLOB_INLINE);
    expect_blob(txn, &empty, "", 0);
    DONE(blob_put(txn, big, BLOB_INLINE, &large, fault)); /* the same again */
    return OUTCOME_DONE;
}

IN_BOOK(changed_missing_and_unknown_content_is_noticed)
{
    struct blob_ref large, unknown = {.sha256 = {1}};
    char path[PATH_MAX], *big = letters(BLOB_INLINE, 'b');
    void *data;
    size_t size;
    DONE(blob_put(txn, big, BLOB_INLINE, &large, fault));
    file_of(&large, path);
    FILE *f = fopen(path, "r+b");
    fputc('x', f);
    fclose(f);
    NEVER(blob_get(txn, &large, &data, &size, NULL));
    unlink(path);
    NEVER(blob_get(txn, &large, &data, &size, NULL));
    NEVER(blob_get(txn, &unknown, &data, &size, NULL));
    return OUTCOME_DONE;
}

IN_BOOK(messages_come_back_in_order_with_their_attachments)
{
    int64_t first = insert(txn), second = insert(txn), owner = 0;
    struct blob_ref raw, photo;
    DONE(blob_put(txn, "raw", 3, &raw, fault));
    DONE(blob_put(txn, "foto", 4, &photo, fault));
    struct attachment b = {.filename = "dua.jpg", .media_type = "image/jpeg", .size = 4, .blob = photo};
    struct attachment a = {
        .filename = "satu.jpg", .media_type = "image/jpeg", .size = 4, .blob = photo, .next = &b};
    struct message plain = {.complaint_id = first,
        .purpose = "aduan",
        .channel = "situs",
        .author = "Siti",
        .text = "Lampu mati"};
    struct message rich = {.complaint_id = first,
        .claimed_at = 77,
        .purpose = "tambahan",
        .channel = "email:kantor",
        .author = "Siti",
        .subject = "Re: Lampu",
        .text = "Masih mati\n> Lampu mati",
        .own_words = "Masih mati",
        .must_read = "lampiran tidak dapat dibaca",
        .has_raw = true,
        .raw = raw,
        .attachments = &a};
    struct message other = plain, *list;
    other.complaint_id = second;
    size_t count;
    DONE(message_insert(txn, &plain, fault));
    DONE(message_insert(txn, &other, fault));
    DONE(message_insert(txn, &rich, fault));
    assert_int_equal(plain.id, first * 65536 + 1);
    assert_int_equal(rich.id, first * 65536 + 2);
    DONE(message_list(txn, first, &list, &count, scratch_arena, fault));
    assert_int_equal(count, 2);
    assert_string_equal(list[0].text, "Lampu mati");
    assert_null(list[0].subject);
    assert_null(list[0].attachments);
    assert_false(list[0].has_raw);
    assert_int_equal(list[0].at, scratch_now);
    assert_int_equal(list[0].claimed_at, 0);
    assert_string_equal(list[1].own_words, "Masih mati");
    assert_string_equal(list[1].must_read, "lampiran tidak dapat dibaca");
    assert_int_equal(list[1].claimed_at, 77);
    assert_true(list[1].has_raw);
    assert_memory_equal(list[1].raw.sha256, raw.sha256, 32);
    assert_string_equal(list[1].attachments->filename, "satu.jpg");
    assert_string_equal(list[1].attachments->next->filename, "dua.jpg");
    assert_null(list[1].attachments->next->next);
    struct attachment found;
    DONE(attachment_get(txn, b.id, &found, &owner, scratch_arena, fault));
    assert_int_equal(owner, first);
    assert_memory_equal(found.blob.sha256, photo.sha256, 32);
    NEVER(attachment_get(txn, 4711, &found, &owner, scratch_arena, NULL));
    return OUTCOME_DONE;
}

IN_BOOK(a_reference_stays_with_its_first_complaint)
{
    int64_t first = insert(txn), second = insert(txn), found;
    DONE(reference_add(txn, "mail", "a@b", first, fault));
    DONE(reference_add(txn, "mail", "a@b", second, fault));
    DONE(reference_find(txn, "mail", "a@b", &found, fault));
    assert_int_equal(found, first);
    DONE(reference_find(txn, "gateway:wa", "a@b", &found, fault));
    assert_int_equal(found, 0);
    return OUTCOME_DONE;
}

IN_BOOK(the_second_delivery_changes_nothing)
{
    int64_t id = insert(txn), found = -1;
    bool known = true;
    struct arrival a = {.channel = "email:kantor",
        .external = "17/4",
        .digest = "m1@contoh",
        .outcome = "dibuka",
        .complaint_id = id};
    DONE(arrival_find(txn, "email:kantor", "17/4", "m1@contoh", &known, &found, fault));
    assert_false(known);
    DONE(arrival_insert(txn, &a, fault));
    a.outcome = "diabaikan";
    a.complaint_id = 0;
    DONE(arrival_insert(txn, &a, fault));
    DONE(arrival_find(txn, "email:kantor", "17/4", NULL, &known, &found, fault));
    assert_true(known);
    assert_int_equal(found, id);
    /* The same letter under another UID, and in another mailbox; another letter under the same UID there. */
    DONE(arrival_find(txn, "email:kantor", "18/9", "m1@contoh", &known, &found, fault));
    assert_true(known);
    assert_int_equal(found, id);
    DONE(arrival_find(txn, "email:camat", "17/4", "m1@contoh", &known, &found, fault));
    assert_true(known);
    assert_int_equal(found, id);
    DONE(arrival_find(txn, "email:camat", "17/4", "m2@contoh", &known, &found, fault));
    assert_false(known);
    DONE(arrival_find(txn, "web:lama", "17/4", "m1@contoh", &known, &found, fault));
    assert_false(known);
    return OUTCOME_DONE;
}

struct counts {
    char text[200];
};

static enum outcome note_count(
    void *arg, const char *channel, const char *outcome, int64_t count, int64_t at, struct fault *fault)
{
    struct counts *c = arg;
    size_t n = strlen(c->text);
    (void)fault;
    snprintf(c->text + n, sizeof c->text - n, "%s %s %d %d;", channel, outcome, (int)count,
        (int)(scratch_now - at));
    return OUTCOME_DONE;
}

static enum outcome arrive(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct arrival *a = arg;
    return arrival_insert(txn, a, fault);
}

static enum outcome count_since(struct book_txn *txn, void *arg, struct fault *fault)
{
    return arrival_counts(txn, scratch_now - 100, note_count, arg, fault);
}

static void the_ledger_is_counted_by_channel_and_outcome(void **state)
{
    (void)state;
    struct counts counts = {""};
    DONE(scratch_write(arrive, &(struct arrival){.channel = "situs", .external = "0", .outcome = "dibuka"}));
    scratch_now += 200;
    DONE(scratch_write(arrive, &(struct arrival){.channel = "situs", .external = "1", .outcome = "dibuka"}));
    scratch_now += 10;
    DONE(scratch_write(arrive, &(struct arrival){.channel = "situs", .external = "2", .outcome = "dibuka"}));
    DONE(scratch_write(arrive, &(struct arrival){.channel = "situs", .external = "3", .outcome = "ganda"}));
    DONE(scratch_read(count_since, &counts));
    assert_string_equal(counts.text, "situs dibuka 2 0;situs ganda 1 0;");
}

IN_BOOK(a_bookmark_is_remembered_per_channel)
{
    const char *value = "";
    DONE(bookmark_get(txn, "email:kantor", &value, scratch_arena, fault));
    assert_null(value);
    DONE(bookmark_set(txn, "email:kantor", "4000000000/17", fault));
    DONE(bookmark_set(txn, "email:kantor", "4000000000/18", fault));
    DONE(bookmark_set(txn, "email:lain", "1/1", fault));
    DONE(bookmark_get(txn, "email:kantor", &value, scratch_arena, fault));
    assert_string_equal(value, "4000000000/18");
    return OUTCOME_DONE;
}

IN_BOOK(references_come_oldest_first_and_only_the_newest)
{
    const char **values;
    size_t count;
    int64_t id = insert(txn);
    DONE(reference_add(txn, "mail", "a@x", id, fault));
    DONE(reference_add(txn, "gateway:wa", "WA1", id, fault));
    DONE(reference_add(txn, "mail", "b@x", id, fault));
    DONE(reference_list(txn, "mail", id, 20, &values, &count, scratch_arena, fault));
    assert_int_equal(count, 2);
    DONE(reference_list(txn, "mail", id, 1, &values, &count, scratch_arena, fault));
    assert_int_equal(count, 1);
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(small_content_lies_in_the_book_large_in_a_file),
        BOOK_TEST(changed_missing_and_unknown_content_is_noticed),
        BOOK_TEST(messages_come_back_in_order_with_their_attachments),
        BOOK_TEST(a_reference_stays_with_its_first_complaint),
        BOOK_TEST(the_second_delivery_changes_nothing),
        BOOK_TEST(the_ledger_is_counted_by_channel_and_outcome),
        BOOK_TEST(a_bookmark_is_remembered_per_channel),
        BOOK_TEST(references_come_oldest_first_and_only_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
