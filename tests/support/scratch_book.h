/* A book in a scratch folder with a clock that tests hold. Header only: each unit test is one program. */
#ifndef SUPPORT_SCRATCH_BOOK_H
#define SUPPORT_SCRATCH_BOOK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/json_read.h"
#include "daemon/book/arrival.h"
#include "daemon/book/book.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include <ftw.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic int64_t scratch_now = 1795316400000; /* 2026-11-22T03:00:00Z */
static char scratch_folder[PATH_MAX];
static struct book *scratch_book;
static struct arena *scratch_arena;

static inline int64_t scratch_clock(void)
{
    return scratch_now;
}

static inline int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline struct book_options scratch_options(void)
{
    return (struct book_options){.folder = scratch_folder,
        .readers = 2,
        .event_channel = "mqtt",
        .number_format = "%03n/PGD/%R/%Y",
        .utc_offset_minutes = 420,
        .office = "kedopok",
        .create = true};
}

static inline void scratch_make_folder(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%s/book.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(scratch_folder));
}

static inline void scratch_open(struct loop *loop)
{
    struct fault fault = {0};
    struct book_options options = scratch_options();
    if (book_open(&scratch_book, loop, &options, &fault))
        fail_msg("book_open: %s", fault.internal);
}

static inline void scratch_close(void)
{
    book_close(scratch_book);
    scratch_book = NULL;
}

/* The schema takes longer than most tests: it is made once, and each test begins with that file. */
static inline void scratch_open_new(void)
{
    static char *made;
    static long size;
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    if (!made) {
        scratch_open(NULL);
        scratch_close();
    }
    FILE *file = fopen(path, made ? "w" : "r");
    assert_non_null(file);
    if (!made) {
        assert_int_equal(fseek(file, 0, SEEK_END), 0);
        size = ftell(file);
        made = malloc((size_t)size);
        assert_non_null(made);
        rewind(file);
        assert_int_equal(fread(made, (size_t)size, 1, file), 1);
    } else
        assert_int_equal(fwrite(made, (size_t)size, 1, file), 1);
    assert_int_equal(fclose(file), 0);
    scratch_open(NULL);
}

static inline int scratch_setup(void **state)
{
    (void)state;
    json_watch();
    clock_replace(scratch_clock);
    scratch_now = 1795316400000;
    scratch_make_folder();
    scratch_open_new();
    scratch_arena = arena_new(64 << 20);
    return 0;
}

static inline int scratch_teardown(void **state)
{
    (void)state;
    scratch_close();
    arena_free(scratch_arena);
    scratch_arena = NULL;
    return nftw(scratch_folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline enum outcome scratch_write(book_work *work, void *arg)
{
    return book_run(scratch_book, true, work, arg, NULL);
}

static inline enum outcome scratch_read(book_work *work, void *arg)
{
    return book_run(scratch_book, false, work, arg, NULL);
}

/* A test whose body is one write transaction. */
#define IN_BOOK(name)                                                                                        \
    static enum outcome name##_work(struct book_txn *txn, void *arg, struct fault *fault);                   \
    static void name(void **state)                                                                           \
    {                                                                                                        \
        (void)state;                                                                                         \
        assert_int_equal(scratch_write(name##_work, NULL), OUTCOME_DONE);                                    \
    }                                                                                                        \
    static enum outcome name##_work(struct book_txn *txn, void *arg __attribute__((unused)),                 \
        struct fault *fault __attribute__((unused)))

#define DONE(call) assert_int_equal((call), OUTCOME_DONE)
#define NEVER(call) assert_int_equal((call), OUTCOME_NEVER)

#define BOOK_TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)

/* A complaint as channels bring it; texts are literals. */
static inline struct complaint scratch_complaint(void)
{
    return (struct complaint){.kind = "pengaduan",
        .confidentiality = "biasa",
        .channel = "email:kantor",
        .reply_to = "siti@contoh.example",
        .subject = "Lampu jalan mati",
        .received_at = scratch_now};
}

/* As the desk opens one: complaint, its first message, history and ledger, so that the book stays whole. */
static inline enum outcome scratch_enter(
    struct book_txn *txn, struct complaint *c, struct message *m, struct fault *fault)
{
    char external[32];
    json_t *data = json_pack("{s:s}", "state", "masuk");
    enum outcome outcome = complaint_insert(txn, c, scratch_arena, fault);
    m->complaint_id = c->id;
    m->purpose = "aduan";
    if (!outcome)
        outcome = message_insert(txn, m, fault);
    if (!outcome)
        outcome = event_append(txn, c->id, c->number, "masuk", "sistem", data, fault);
    json_decref(data);
    snprintf(external, sizeof external, "%lld", (long long)m->id);
    const struct arrival arrival = {.channel = m->channel,
        .external = external,
        .outcome = "dibuka",
        .complaint_id = c->id,
        .message_id = m->id,
        .has_raw = m->has_raw,
        .raw = m->raw};
    return outcome ? outcome : arrival_insert(txn, &arrival, fault);
}

#endif
