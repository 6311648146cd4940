/* Does the full text stay what the messages say, when the N-th call of one kind fails inside a batch of jobs?
 *
 *     index_story KIND [STRIDE [ROW]]     under LD_PRELOAD=fault.so PENGADUAND_FAULTS=FILE (tests/fault/test_book.py)
 *
 * One connection lives through all of it, as the writer's does in the daemon: what a failure leaves in FTS5's memory shows
 * only in a later transaction. Each batch has three jobs that write messages and one between them that writes one and is
 * undone, so that it is played bare, and again with a savepoint a job. It comes again until it is done. Then another
 * connection lets FTS5 compare its whole index with the messages. N = 1, 1 + STRIDE, ... until nothing fails; ROW calls in a
 * row fail (1). The last line is `N gangguan, N gagal`. */
#include "tests/support/scratch_book.h"

#include "daemon/base/log.h"
#include "daemon/book/stmt.h"
#include "daemon/book/txn_private.h"
#include "daemon/book/verify.h"
#include "tests/fault/page.h"

enum { COMPLAINTS = 3, TRIES_MOST = 200, SURVIVED_TO_END = 3, JOBS = 4 };

static struct book_txn *writer, *judge;
static struct book_options options;
static struct storage storage;
static int64_t complaints[COMPLAINTS];
static const char *words;
static char wrong[1024];

/* ---- the jobs ---- */

static enum outcome enter(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct message m = {
        .channel = "email:kantor", .author = "Siti", .subject = "Jalan", .text = "Jalan berlubang"};
    int64_t *ret_id = arg;
    enum outcome outcome = scratch_enter(txn, &c, &m, fault);
    *ret_id = c.id;
    return outcome;
}

/* Words that were not there before: pages of the index fill, and segments are merged. A long text now and then fills
 * several pages at once. */
static const char *new_words(void)
{
    enum { WORDS = 10, MANY_WORDS = 300, EVERY = 64 };
    static char text[MANY_WORDS * 24];
    static unsigned long number, texts;
    size_t n = (size_t)snprintf(text, sizeof text, "Perbaikan lampu penerangan belum dilaksanakan;");
    for (int i = 0, count = ++texts % EVERY ? WORDS : MANY_WORDS; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " pe%lx", 1000000007ul * ++number);
    return text;
}

static enum outcome say(struct book_txn *txn, int64_t complaint_id, int64_t *ret_id, struct fault *fault)
{
    struct message m = {.complaint_id = complaint_id,
        .purpose = "tambahan",
        .channel = "email:kantor",
        .author = "Siti Rohmah",
        .subject = "Lampu jalan mati",
        .text = words};
    enum outcome outcome = message_insert(txn, &m, fault);
    if (ret_id)
        *ret_id = m.id;
    return outcome;
}

static enum outcome add(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return say(txn, complaints[0], NULL, fault);
}

static enum outcome add_and_fail(struct book_txn *txn, void *arg, struct fault *fault)
{
    enum outcome outcome = add(txn, arg, fault);
    return outcome ? outcome : fault_set(fault, OUTCOME_NEVER, "Tidak bisa.", "wanted by the test");
}

static enum outcome add_to_second(struct book_txn *txn, void *arg, struct fault *fault)
{
    return say(txn, complaints[1], arg, fault);
}

static enum outcome move(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct message m;
    int64_t id = *(int64_t *)arg;
    if (!id)
        return OUTCOME_DONE;
    enum outcome outcome = message_get(txn, id, &m, scratch_arena, fault);
    return outcome ? outcome : message_move(txn, &m, complaints[2], "tambahan", &id, fault);
}

/* ---- batches ---- */

/* The test's own: its memory does not fail. */
static void renew_arena(void)
{
    unsigned kinds = atomic_load(&page->kinds);
    page_heal();
    arena_free(scratch_arena);
    scratch_arena = arena_new(1 << 20);
    atomic_store(&page->kinds, kinds);
}

static bool told_otherwise(const char *what, const struct book_job *job)
{
    snprintf(wrong, sizeof wrong, "%s: %s, \"%s\" (%s)", what, outcome_name(job->outcome),
        job->fault.public_text, job->fault.internal);
    return false;
}

static bool done_by(struct book_txn *txn, const char *what, book_work *work, void *arg)
{
    struct book_job job = {.work = work, .arg = arg, .at = scratch_now};
    batch_write(txn, &job);
    return !job.outcome || told_otherwise(what, &job);
}

/* The jobs of the list that are to come again, in their order. */
static struct book_job *take_later(struct book_job *list)
{
    struct book_job *first = NULL, **end = &first;
    for (struct book_job *job = list; job; job = job->next)
        if (job->outcome == OUTCOME_LATER) {
            *end = job;
            end = &job->next;
        }
    *end = NULL;
    return first;
}

static bool batch(void)
{
    static int64_t said_before;
    int64_t said = 0, to_be_moved = said_before;
    struct book_job jobs[JOBS] = {{.work = add}, {.work = add_and_fail},
        {.work = add_to_second, .arg = &said}, {.work = move, .arg = &to_be_moved}};
    for (int i = 0; i < JOBS; i++) {
        jobs[i].at = scratch_now;
        jobs[i].next = i + 1 < JOBS ? &jobs[i + 1] : NULL;
    }
    struct book_job *list = jobs;
    words = new_words();
    for (int tries = 0; list && tries < TRIES_MOST; tries++) {
        renew_arena();
        batch_write(writer, list);
        list = take_later(list);
    }
    for (int i = 0; i < JOBS; i++)
        if (jobs[i].outcome != (i == 1 ? OUTCOME_NEVER : OUTCOME_DONE))
            return told_otherwise("job", &jobs[i]);
    said_before = said;
    return true;
}

static enum outcome compare(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return verify_index(txn, fault);
}

static enum outcome make_anew(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return stmt_exec(txn, "INSERT INTO message_text (message_text) VALUES ('rebuild')", fault);
}

/* The second batch writes what the failure in the first one left in memory. */
static uint64_t play(unsigned kind_bit, uint64_t number, uint64_t row)
{
    uint64_t before = atomic_load(&page->failed);
    connection_rest(writer); /* else it has most in its cache */
    page_arm(kind_bit, number, row);
    bool good = batch();
    page_heal();
    if (good && batch() && !done_by(judge, "compare", compare, NULL))
        done_by(judge, "rebuild", make_anew, NULL); /* each fault by itself */
    return atomic_load(&page->failed) - before;
}

static void prepare(void)
{
    page_heal();
    clock_replace(scratch_clock);
    scratch_make_folder();
    renew_arena();
    options = scratch_options();
    DONE(connection_open(&writer, &options, true, NULL));
    DONE(connection_open(&judge, &options, true, NULL));
    writer->storage = judge->storage = &storage;
    for (int i = 0; i < COMPLAINTS; i++)
        assert_true(done_by(writer, "enter", enter, &complaints[i]));
}

int main(int argc, char **argv)
{
    int kind = argc > 1 ? page_kind(argv[1]) : -1, failed = 0;
    uint64_t stride = argc > 2 ? strtoull(argv[2], NULL, 10) : 1, faults = 0;
    uint64_t row = argc > 3 ? strtoull(argv[3], NULL, 10) : 1, number = 1;
    if (kind < 0 || !page_open())
        return 64;
    json_watch();
    prepare();
    for (int survived = 0; survived < SURVIVED_TO_END; number += stride) {
        uint64_t struck = play(1u << kind, number, row);
        survived = struck ? 0 : survived + 1;
        faults += struck;
        if (*wrong)
            printf("%s %llu: %s\n", argv[1], (unsigned long long)number, wrong);
        failed += *wrong != 0;
        *wrong = 0;
    }
    connection_close(judge);
    connection_close(writer);
    arena_free(scratch_arena);
    nftw(scratch_folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    printf("%llu gangguan, %d gagal\n", (unsigned long long)faults, failed);
    return failed || !faults;
}
