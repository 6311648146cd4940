/* What leaves, by a channel that takes several at once and demands their order. */
#include "tests/support/scratch_book.h"

#include "daemon/book/outbox.h"
#include "daemon/desk/desk_private.h"

enum { EVENTS = 6, WINDOW = 4, PATIENCE_MS = 20 * 1000 };

static struct {
    struct loop *loop;
    struct desk desk;
    int64_t taken[EVENTS]; /* ids, as the other side got them */
    int taken_count, tries;
    int fails_at; /* that try of all, the first is 1; its neighbours in the window follow at once */
} world;

static void try_to_take(struct channel *channel, struct outbound *out)
{
    struct fault fault = {0};
    struct sent_result result = {.sent = SENT_ACCEPTED, .fault = &fault};
    if (++world.tries == world.fails_at) {
        fault_set(&fault, OUTCOME_LATER, NULL, "no memory for this one");
        result = (struct sent_result){.sent = SENT_LATER, .fault = &fault, .after_ms = 1};
    } else
        world.taken[world.taken_count++] = out->id;
    if (world.taken_count == EVENTS)
        loop_stop(world.loop);
    outbox_run_sent(&world.desk, channel, out, &result);
}

static const struct channel_ops ops = {
    .family = "urut", .can_repeat = true, .window = WINDOW, .strict_order = true, .send = try_to_take};
static struct channel channel = {&ops, "urut"};

static enum outcome add_events(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    for (int i = 0; i < EVENTS; i++)
        DONE(outbox_add(txn,
            &(struct outbox_new){.channel = channel.id, .purpose = "peristiwa", .payload = "{}"}, NULL,
            fault));
    return OUTCOME_DONE;
}

static void wake(void *arg)
{
    outbox_run_wake(arg);
}

static void nothing_came(void *arg)
{
    (void)arg;
    fail_msg("%d of %d were taken in %d ms", world.taken_count, EVENTS, PATIENCE_MS);
}

static void nothing_overtakes_a_row_that_has_to_be_tried_again(void **state)
{
    (void)state;
    for (int fails_at = 1; fails_at <= EVENTS; fails_at++) {
        memset(&world, 0, sizeof world);
        world.fails_at = fails_at;
        DONE(scratch_write(add_events, NULL));
        scratch_close();
        DONE(loop_new(&world.loop, NULL));
        scratch_open(world.loop);
        world.desk = (struct desk){.loop = world.loop, .book = scratch_book, .count = 1};
        struct desk_channel *dc = &world.desk.channels[0];
        *dc = (struct desk_channel){.desk = &world.desk, .channel = &channel, .started = true};
        dc->due = loop_timer_new(world.loop, wake, dc);
        dc->rewrite = loop_timer_new(world.loop, outbox_run_rewrite, dc);
        struct loop_timer *patience = loop_timer_new(world.loop, nothing_came, NULL);
        loop_timer_set(patience, PATIENCE_MS);
        outbox_run_wake(dc);
        loop_run(world.loop);
        world.desk.stopping = true; /* the fates that are still with the writer */
        scratch_close();
        loop_timer_free(patience);
        loop_timer_free(dc->rewrite);
        loop_timer_free(dc->due);
        loop_free(world.loop);
        scratch_open(NULL);
        for (int i = 1; i < EVENTS; i++)
            assert_true(world.taken[i - 1] < world.taken[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(nothing_overtakes_a_row_that_has_to_be_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
