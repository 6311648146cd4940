/* The writer thread: what shares a transaction, what becomes of the others when one fails, in which order
 * they are told. A gate job holds the writer until a whole batch waits behind it, so nothing here depends on
 * timing. */
#include "daemon/base/step.h"
#include "daemon/book/outbox.h"
#include "daemon/loop/loop.h"
#include "tests/support/scratch_book.h"
#include <semaphore.h>
#include <stdatomic.h>

enum { JOBS = 64 };

struct task {
    struct book_job job;
    struct complaint complaint;
    struct arena *arena;
    enum outcome wanted; /* what its work returns after having written */
    bool rubbish;        /* breaks the constraint of a table instead */
    atomic_int runs;
    enum outcome told;
    int order;
};

static struct loop *loop;
static sem_t gate_reached, gate_open;
static struct task gate, tasks[JOBS];
static int told, expected, wakes;

static enum outcome gate_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)txn;
    (void)arg;
    (void)fault;
    sem_post(&gate_reached);
    while (sem_wait(&gate_open))
        continue;
    return OUTCOME_DONE;
}

static enum outcome task_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct task *t = arg;
    atomic_fetch_add(&t->runs, 1);
    t->complaint = scratch_complaint();
    if (t->rubbish)
        t->complaint.citizen_id = 4711; /* nobody has this number */
    enum outcome outcome = complaint_insert(txn, &t->complaint, t->arena, fault);
    if (!outcome)
        outcome = outbox_add(txn,
            &(struct outbox_new){.complaint_id = t->complaint.id,
                .channel = "email:kantor",
                .purpose = "tanda_terima",
                .payload = "{}"},
            NULL, fault);
    if (outcome)
        return outcome;
    return t->wanted ? fault_set(fault, t->wanted, "Tidak bisa.", "wanted by the test") : OUTCOME_DONE;
}

static void task_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct task *t = arg;
    (void)fault;
    t->told = outcome;
    t->order = told++;
    if (told == expected)
        loop_stop(loop);
}

static void woken(void *arg)
{
    (void)arg;
    wakes++;
}

static int threads_setup(void **state)
{
    (void)state;
    clock_replace(scratch_clock);
    scratch_make_folder();
    assert_int_equal(loop_new(&loop, NULL), OUTCOME_DONE);
    scratch_open(loop);
    book_on_outbox(scratch_book, woken, NULL);
    sem_init(&gate_reached, 0, 0);
    sem_init(&gate_open, 0, 0);
    told = wakes = 0;
    for (int i = 0; i < JOBS; i++) {
        tasks[i] = (struct task){.arena = arena_new(1 << 16)};
        tasks[i].job = (struct book_job){.work = task_work, .done = task_done, .arg = &tasks[i]};
    }
    gate = (struct task){0};
    gate.job = (struct book_job){.work = gate_work, .done = task_done, .arg = &gate};
    return 0;
}

static int threads_teardown(void **state)
{
    scratch_teardown(state);
    for (int i = 0; i < JOBS; i++)
        arena_free(tasks[i].arena);
    loop_free(loop);
    loop = NULL;
    return 0;
}

/* Submits gate and n tasks; they are one batch. Returns when all were told. */
static void run_one_batch(int n)
{
    expected = n + 1;
    book_write(scratch_book, &gate.job);
    while (sem_wait(&gate_reached))
        continue;
    for (int i = 0; i < n; i++)
        book_write(scratch_book, &tasks[i].job);
    assert_int_equal(book_queue_length(scratch_book), n);
    sem_post(&gate_open);
    loop_run(loop);
}

static enum outcome count_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return complaint_count(txn, &(struct complaint_filter){0}, arg, fault);
}

static int64_t count_after_closing(void)
{
    int64_t count = -1;
    scratch_close();
    scratch_open(NULL);
    assert_int_equal(scratch_read(count_work, &count), OUTCOME_DONE);
    return count;
}

static void waiting_jobs_share_one_commit(void **state)
{
    (void)state;
    long before = step_count();
    run_one_batch(JOBS);
    /* Two steps around the gate's COMMIT, two around the COMMIT of all the others. */
    assert_int_equal(step_count() - before, 4);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(tasks[i].told, OUTCOME_DONE);
        assert_int_equal(tasks[i].runs, 1);
    }
    assert_int_equal(count_after_closing(), JOBS);
}

static void jobs_are_told_in_the_order_of_submission(void **state)
{
    (void)state;
    run_one_batch(JOBS);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(tasks[i].order, i + 1);
}

static void a_failing_job_fails_alone(void **state)
{
    (void)state;
    tasks[5].wanted = OUTCOME_NEVER;
    tasks[9].wanted = OUTCOME_LATER;
    tasks[20].rubbish = true;
    run_one_batch(JOBS);
    char number[32];
    int next = 1;
    for (int i = 0; i < JOBS; i++) {
        if (i == 5 || i == 20)
            assert_int_equal(tasks[i].told, OUTCOME_NEVER);
        else if (i == 9)
            assert_int_equal(tasks[i].told, OUTCOME_LATER);
        else {
            assert_int_equal(tasks[i].told, OUTCOME_DONE);
            /* The failed ones leave no gap in the register. */
            snprintf(number, sizeof number, "%03d/PGD/XI/2026", next++);
            assert_string_equal(tasks[i].complaint.number, number);
        }
        assert_int_equal(tasks[i].order, i + 1);
    }
    assert_string_equal(tasks[5].job.fault.public_text, "Tidak bisa.");
    assert_int_equal(count_after_closing(), JOBS - 3);
}

static void a_replay_runs_the_job_again(void **state)
{
    (void)state;
    tasks[1].wanted = OUTCOME_NEVER;
    run_one_batch(3);
    assert_int_equal(tasks[0].runs, 2);
    assert_int_equal(tasks[1].runs, 2);
    assert_int_equal(tasks[2].runs, 1); /* the bare run had stopped before it */
}

static void a_lone_failing_job_is_not_replayed(void **state)
{
    (void)state;
    tasks[0].wanted = OUTCOME_NEVER;
    run_one_batch(1);
    assert_int_equal(tasks[0].runs, 1);
    assert_int_equal(tasks[0].told, OUTCOME_NEVER);
    assert_int_equal(count_after_closing(), 0);
}

static void senders_are_woken_by_rows_of_the_outbox_only(void **state)
{
    (void)state;
    run_one_batch(0);
    assert_int_equal(wakes, 0);
    told = 0;
    tasks[0].wanted = OUTCOME_NEVER;
    run_one_batch(1);
    assert_int_equal(wakes, 0);
    told = 0;
    tasks[0].wanted = OUTCOME_DONE;
    run_one_batch(2);
    assert_int_equal(wakes, 1);
    told = 0;
    tasks[1].wanted = OUTCOME_LATER; /* each by itself, and the last one writes none */
    run_one_batch(2);
    assert_int_equal(wakes, 2);
}

static void closing_finishes_what_waits_and_tells_it(void **state)
{
    (void)state;
    expected = -1;
    for (int i = 0; i < JOBS; i++)
        book_write(scratch_book, &tasks[i].job);
    assert_int_equal(count_after_closing(), JOBS);
    assert_int_equal(told, JOBS);
}

static struct task late;

static void submits_again(void *arg, enum outcome outcome, const struct fault *fault)
{
    task_done(arg, outcome, fault);
    if (arg == &tasks[0])
        book_write(scratch_book, &late.job);
}

static void what_is_submitted_while_closing_is_told_later(void **state)
{
    (void)state;
    expected = -1;
    late = (struct task){.told = OUTCOME_DONE};
    late.job = (struct book_job){.work = task_work, .done = task_done, .arg = &late};
    tasks[0].job.done = submits_again;
    book_write(scratch_book, &tasks[0].job);
    assert_int_equal(count_after_closing(), 1);
    assert_int_equal(told, 2);
    assert_int_equal(late.told, OUTCOME_LATER);
    assert_int_equal(late.runs, 0);
}

/* ---- readers beside the writer ---- */

struct look {
    struct book_job job;
    int64_t first, second;
    bool gated;
    enum outcome told;
};

static enum outcome look_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct look *l = arg;
    enum outcome outcome = count_work(txn, &l->first, fault);
    if (!outcome && l->gated)
        outcome = gate_work(txn, NULL, fault);
    return outcome ? outcome : count_work(txn, &l->second, fault);
}

static void look_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct look *l = arg;
    (void)fault;
    l->told = outcome;
    if (++told == expected)
        loop_stop(loop);
}

static void a_reader_keeps_its_snapshot_while_others_write(void **state)
{
    (void)state;
    struct look look = {.gated = true};
    look.job = (struct book_job){.work = look_work, .done = look_done, .arg = &look};
    book_read(scratch_book, &look.job);
    while (sem_wait(&gate_reached))
        continue;
    expected = 1;
    book_write(scratch_book, &tasks[0].job);
    loop_run(loop); /* the write is told although the reader stands in the middle */
    assert_int_equal(tasks[0].told, OUTCOME_DONE);
    expected = 2;
    sem_post(&gate_open);
    loop_run(loop);
    assert_int_equal(look.told, OUTCOME_DONE);
    assert_int_equal(look.first, 0);
    assert_int_equal(look.second, 0);
    struct look after = {0};
    after.job = (struct book_job){.work = look_work, .done = look_done, .arg = &after};
    expected = 3;
    book_read(scratch_book, &after.job);
    loop_run(loop);
    assert_int_equal(after.first, 1);
}

static void readers_and_writer_work_side_by_side(void **state)
{
    (void)state;
    static struct look looks[JOBS];
    expected = 2 * JOBS;
    for (int i = 0; i < JOBS; i++) {
        looks[i] = (struct look){.told = OUTCOME_STOP};
        looks[i].job = (struct book_job){.work = look_work, .done = look_done, .arg = &looks[i]};
        book_write(scratch_book, &tasks[i].job);
        book_read(scratch_book, &looks[i].job);
    }
    loop_run(loop);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(looks[i].told, OUTCOME_DONE);
        assert_int_equal(looks[i].first, looks[i].second);
        assert_int_equal(tasks[i].told, OUTCOME_DONE);
    }
}

#define THREADS_TEST(name) cmocka_unit_test_setup_teardown(name, threads_setup, threads_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(waiting_jobs_share_one_commit),
        THREADS_TEST(jobs_are_told_in_the_order_of_submission),
        THREADS_TEST(a_failing_job_fails_alone),
        THREADS_TEST(a_replay_runs_the_job_again),
        THREADS_TEST(a_lone_failing_job_is_not_replayed),
        THREADS_TEST(senders_are_woken_by_rows_of_the_outbox_only),
        THREADS_TEST(closing_finishes_what_waits_and_tells_it),
        THREADS_TEST(what_is_submitted_while_closing_is_told_later),
        THREADS_TEST(a_reader_keeps_its_snapshot_while_others_write),
        THREADS_TEST(readers_and_writer_work_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
