/* look, every hour → study, aside: the cases in pieces → keep, on the writer: one row and its event. */
#include "learn_run.h"
#include "classify_proposal.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/book/event.h"
#include "daemon/book/learnt.h"
#include "daemon/book/message.h"
#include "daemon/book/setting.h"
#include <stdlib.h>
#include <string.h>

enum { CASES_A_PIECE = 200, TEXT_ARENA = 4 << 20, NEWEST_ARENA = 2 << 20 };

static const int64_t FIRST_MS = 60 * 1000, LOOK_MS = 60 * 60 * 1000, HOUR_MS = 60 * 60 * 1000,
                     DAY_MS = 24 * 60 * 60 * 1000;

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory to learn");
}

/* ---- the suggestion ---- */

/* Subject and own words of the message that opened it; NULL when they are too much for the arena. */
static enum outcome read_text(
    struct book_txn *txn, int64_t id, const char **ret_text, struct arena *arena, struct fault *fault)
{
    struct message m;
    *ret_text = NULL;
    enum outcome outcome = message_get(txn, id * (MESSAGES_A_COMPLAINT + 1) + 1, &m, arena, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER || arena_full(arena) ? OUTCOME_DONE : outcome;
    const char *words = m.own_words ? m.own_words : m.text;
    *ret_text = m.subject ? arena_printf(arena, "%s\n%s", m.subject, words) : words;
    return OUTCOME_DONE;
}

static enum outcome ask(struct book_txn *txn, int64_t id, const struct learnt *learnt,
    struct learnt_answer *ret, struct arena *arena, struct fault *fault)
{
    const char *text;
    enum outcome outcome = read_text(txn, id, &text, arena, fault);
    if (outcome || !text)
        return outcome;
    struct stemmer *stemmer = stemmer_new();
    bool good = stemmer && learnt_ask(learnt, stemmer, text, strnlen(text, CLASSIFY_TEXT_MOST), ret, arena);
    stemmer_free(stemmer);
    return good ? OUTCOME_DONE : no_memory(fault);
}

/* Whom a complaint about officers must pass by is no question of its words. */
static enum outcome is_told(
    struct book_txn *txn, const struct complaint *c, bool *ret_told, struct arena *arena, struct fault *fault)
{
    json_t *proposal = NULL;
    *ret_told = false;
    if (!strcmp(c->kind, "pengaduan_pengawasan") || !strcmp(c->kind, "whistleblowing"))
        return OUTCOME_DONE;
    enum outcome outcome = classify_proposal(txn, c->id, &proposal, arena, fault);
    *ret_told = !outcome && !json_object_get(proposal, "avoid");
    json_decref(proposal);
    return outcome;
}

enum outcome learn_suggest(struct book_txn *txn, const struct complaint *c, struct learnt *ret_learnt,
    struct learnt_answer *ret, struct arena *arena, struct fault *fault)
{
    struct learnt_row row = {0};
    bool told;
    *ret = (struct learnt_answer){0};
    enum outcome outcome = is_told(txn, c, &told, arena, fault);
    if (!outcome && told)
        outcome = learnt_newest(txn, &row, arena, fault);
    if (outcome || !row.bytes || !learnt_open(ret_learnt, row.bytes, row.size))
        return outcome;
    return ask(txn, c->id, ret_learnt, ret, arena, fault);
}

enum outcome learn_fill(struct book_txn *txn, const struct complaint *c, const char **ret_section,
    struct arena *arena, struct fault *fault)
{
    const char *least = NULL;
    struct learnt learnt;
    struct learnt_answer answer = {0};
    *ret_section = NULL;
    enum outcome outcome = setting_get(txn, LEARN_FILL_SETTING, &least, arena, fault);
    if (!outcome && least)
        outcome = learn_suggest(txn, c, &learnt, &answer, arena, fault);
    if (!outcome && answer.count && answer.confidence >= strtol(least, NULL, 10))
        *ret_section = learnt_label(&learnt, answer.ranked[0]);
    return outcome;
}

/* ---- learning ---- */

void learn_result_init(struct learn_result *result)
{
    str_init(&result->bytes, LEARN_SIZE_MOST);
    result->cases = 0;
}

void learn_result_release(struct learn_result *result)
{
    str_release(&result->bytes);
}

struct reading {
    struct lesson *lesson;
    struct stemmer *stemmer;
};

static bool add_case(struct reading *r, const struct learnt_case *one, struct arena *arena)
{
    const char *text =
        one->subject ? arena_printf(arena, "%s\n%s", one->subject, one->text ? one->text : "") : one->text;
    if (!text)
        return !one->text || arena_full(arena); /* a text that is too long teaches nothing */
    return lesson_add(
        r->lesson, r->stemmer, text, strnlen(text, CLASSIFY_TEXT_MOST), one->section, one->proposed, arena);
}

static enum outcome visit(void *arg, const struct learnt_case *one, struct fault *fault)
{
    struct arena *arena = arena_new(TEXT_ARENA);
    bool good = arena && add_case(arg, one, arena);
    arena_free(arena);
    return good ? OUTCOME_DONE : no_memory(fault);
}

static enum outcome read_cases(struct book_txn *txn, struct reading *r, struct fault *fault)
{
    int64_t last = 0;
    enum outcome outcome;
    do {
        if (txn_closing(txn))
            return fault_set(fault, OUTCOME_LATER, NULL, "the book closes");
        outcome = learnt_cases(txn, last, CASES_A_PIECE, visit, r, &last, fault);
    } while (!outcome && last && lesson_cases(r->lesson) < LEARN_CASES_MOST);
    return outcome;
}

enum outcome learn_study(struct book_txn *txn, struct learn_result *ret, struct fault *fault)
{
    struct reading r = {.lesson = lesson_new(), .stemmer = stemmer_new()};
    str_clear(&ret->bytes);
    ret->cases = 0;
    enum outcome outcome = r.lesson && r.stemmer ? read_cases(txn, &r, fault) : no_memory(fault);
    if (!outcome) {
        ret->cases = lesson_cases(r.lesson);
        outcome = lesson_learn(r.lesson, &ret->bytes, fault);
    }
    stemmer_free(r.stemmer);
    lesson_free(r.lesson);
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome; /* too few: that is told as well */
}

static bool is_known(const struct learnt_row *newest, const struct learn_result *result)
{
    size_t size = newest->bytes ? newest->size : 0;
    if (!newest->id) /* nothing was learnt of nothing */
        return !result->cases;
    return newest->cases == (int64_t)result->cases && size == result->bytes.len &&
           !memcmp(newest->bytes ? newest->bytes : "", result->bytes.data, size);
}

static enum outcome write_result(struct book_txn *txn, const struct learn_result *result, struct fault *fault)
{
    struct learnt learnt = {0};
    bool enough = result->bytes.len && learnt_open(&learnt, result->bytes.data, result->bytes.len);
    const struct learnt_row row = {.cases = (int64_t)result->cases,
        .right = (int64_t)learnt.right,
        .bytes = enough ? result->bytes.data : NULL,
        .size = enough ? result->bytes.len : 0};
    enum outcome outcome = learnt_add(txn, &row, fault);
    json_t *data = json_pack(
        "{s:I, s:I, s:b}", "cases", (json_int_t)row.cases, "right", (json_int_t)row.right, "enough", enough);
    if (!outcome)
        outcome =
            data ? event_append(txn, 0, NULL, "saran_dipelajari", "sistem", data, fault) : no_memory(fault);
    json_decref(data);
    return outcome;
}

enum outcome learn_keep(
    struct book_txn *txn, const struct learn_result *result, bool *ret_new, struct fault *fault)
{
    struct learnt_row newest;
    struct arena *arena = arena_new(NEWEST_ARENA);
    enum outcome outcome = arena ? learnt_newest(txn, &newest, arena, fault) : no_memory(fault);
    *ret_new = !outcome && !is_known(&newest, result);
    if (*ret_new)
        outcome = write_result(txn, result, fault);
    arena_free(arena);
    return outcome;
}

/* ---- every night ---- */

struct learn_run {
    struct loop_timer *timer;
    struct book *book;
    const struct office *office;
    struct book_job job;
    struct learn_result result;
    int64_t newest_at; /* of the row in the book, then of the last time it was tried */
    int64_t began_at;
    bool running, stopped, new;
};

/* When it last should have been done: today's hour, or yesterday's. */
static int64_t newest_due(const struct learn_run *run, int64_t now)
{
    int64_t shift = (int64_t)run->office->utc_offset_minutes * 60 * 1000;
    int64_t due = (now + shift) / DAY_MS * DAY_MS + LEARN_HOUR * HOUR_MS - shift;
    return due > now ? due - DAY_MS : due;
}

static void rest(struct learn_run *run)
{
    int64_t now = clock_now_ms(), left = newest_due(run, now) + DAY_MS - now;
    if (!run->stopped)
        loop_timer_set(run->timer, left < LOOK_MS ? left : LOOK_MS);
}

static enum outcome study_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct learn_run *run = arg;
    return learn_study(txn, &run->result, fault);
}

static enum outcome keep_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct learn_run *run = arg;
    return learn_keep(txn, &run->result, &run->new, fault);
}

static void end(struct learn_run *run, enum outcome outcome, const struct fault *fault)
{
    run->running = false;
    if (outcome && !run->stopped)
        log_fault(book_failure_level(run->book, outcome), NULL, "learn.failed", outcome, fault);
    else if (!outcome)
        log_event(LOG_INFO, NULL, "learn.done", "cases=%zu new=%s ms=%lld", run->result.cases,
            run->new ? "yes" : "no", (long long)(clock_now_ms() - run->began_at));
    if (!outcome)
        run->newest_at = clock_now_ms();
    learn_result_release(&run->result);
    rest(run);
}

static void kept(void *arg, enum outcome outcome, const struct fault *fault)
{
    end(arg, outcome, fault);
}

static void studied(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct learn_run *run = arg;
    if (outcome || run->stopped) {
        end(run, outcome ? outcome : OUTCOME_LATER, fault);
        return;
    }
    run->job = (struct book_job){.work = keep_work, .done = kept, .arg = run};
    book_write(run->book, &run->job);
}

static void look(void *arg)
{
    struct learn_run *run = arg;
    int64_t now = clock_now_ms();
    if (run->running || run->stopped)
        return;
    if (run->newest_at >= newest_due(run, now)) {
        rest(run);
        return;
    }
    run->running = true;
    run->began_at = now;
    learn_result_init(&run->result);
    run->job = (struct book_job){.work = study_work, .done = studied, .arg = run};
    book_aside(run->book, &run->job);
}

static enum outcome recall_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct learn_run *run = arg;
    struct learnt_row *newest = NULL;
    struct arena *arena = arena_new(1 << 16);
    enum outcome outcome = arena ? learnt_list(txn, 1, &newest, arena, fault) : no_memory(fault);
    run->newest_at = newest ? newest->at : 0;
    arena_free(arena);
    return outcome;
}

static void recalled(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct learn_run *run = arg;
    run->running = false;
    if (outcome)
        log_fault(book_failure_level(run->book, outcome), NULL, "learn.not_recalled", outcome, fault);
    if (!run->stopped)
        loop_timer_set(run->timer, FIRST_MS);
}

enum outcome learn_run_new(struct learn_run **ret, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault)
{
    struct learn_run *run = calloc(1, sizeof *run);
    if (!run || !(run->timer = loop_timer_new(loop, look, run))) {
        free(run);
        return no_memory(fault);
    }
    run->book = book;
    run->office = office;
    *ret = run;
    return OUTCOME_DONE;
}

void learn_run_start(struct learn_run *run)
{
    run->running = true;
    run->job = (struct book_job){.work = recall_work, .done = recalled, .arg = run};
    book_read(run->book, &run->job);
}

void learn_run_stop(struct learn_run *run)
{
    run->stopped = true;
    loop_timer_cancel(run->timer);
}

void learn_run_free(struct learn_run *run)
{
    if (!run)
        return;
    loop_timer_free(run->timer);
    free(run);
}
