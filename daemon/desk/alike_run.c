/* wake → (REST_MS) → find, on a reader: up to SUBJECTS_A_TURN complaints against those of the last weeks
 *      → write, on the writer: they were looked at, and what was found → again, until none is left. */
#include "alike_run.h"
#include "classify_proposal.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/book/alike.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include <stdlib.h>
#include <string.h>

enum {
    SUBJECTS_A_TURN = 20,
    WINDOW_MOST = 2000, /* newest complaints that one is compared with */
    FOUND_MOST = 5,     /* suggestions for one */
    REASONS_SIZE = 600,
    ARENA_MOST = 16 << 20,
    REST_MS =
        300, /* between two turns, so that a flood of complaints leaves the machine to those who enter them */
    RETRY_MS = 10 * 1000
};

static const int64_t day_ms = 24 * 60 * 60 * 1000;

struct found {
    int64_t other_id, at;
    struct alike_verdict verdict;
    const char *reasons;
};

struct looked_at {
    struct alike_subject subject;
    struct found found[FOUND_MOST]; /* best first */
    size_t count;
};

struct alike_run {
    struct loop_timer *timer;
    struct book *book;
    struct book_job job;
    bool due, running, again, stopped;
    /* of the turn */
    struct arena *arena; /* owned */
    struct looked_at *list;
    size_t count;
};

/* One turn while it is found out. */
struct turn {
    struct book_txn *txn;
    struct stemmer *stemmer;
    struct alike_subject *window;
    size_t window_count;
    struct arena *arena;
    struct fault *fault;
};

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory to compare complaints");
}

/* ---- one complaint ---- */

/* "Lainnya" and the complaint desk itself are no service that two complaints have in common. */
static const char *telling_service(const char *key)
{
    return key && strcmp(key, "lainnya") && strcmp(key, "pengaduan_masyarakat") ? key : NULL;
}

/* Subject and own words of the message that opened it; "" when they are too much for the arena. */
static enum outcome read_text(const struct turn *t, int64_t id, const char **ret_text, struct arena *scratch)
{
    struct message m;
    enum outcome outcome = message_get(t->txn, id * (MESSAGES_A_COMPLAINT + 1) + 1, &m, scratch, t->fault);
    *ret_text = "";
    if (outcome)
        return outcome == OUTCOME_NEVER || arena_full(scratch) ? OUTCOME_DONE : outcome;
    const char *words = m.own_words ? m.own_words : m.text;
    const char *text = m.subject ? arena_printf(scratch, "%s\n%s", m.subject, words) : words;
    *ret_text = text ? text : words;
    return OUTCOME_DONE;
}

static enum outcome read_facts(struct turn *t, int64_t id, struct alike_subject *ret, struct arena *scratch)
{
    struct complaint c;
    json_t *proposal = NULL;
    enum outcome outcome = complaint_get(t->txn, id, &c, scratch, t->fault);
    if (!outcome)
        outcome = classify_proposal(t->txn, id, &proposal, scratch, t->fault);
    if (outcome)
        return outcome;
    const char *place = json_string_value(json_object_get(proposal, "place")),
               *service = json_string_value(json_object_get(proposal, "service"));
    bool hidden = !strcmp(c.confidentiality, "rahasia"); /* a reason must not tell who he is */
    *ret = (struct alike_subject){.complaint_id = id,
        .main_id = c.main_id,
        .facts = {.at = c.received_at,
            .citizen_id = hidden ? 0 : c.citizen_id,
            .place = arena_strdup(t->arena, place ? place : c.place),
            .service = arena_strdup(t->arena, telling_service(service))}};
    json_decref(proposal);
    return OUTCOME_DONE;
}

static enum outcome read_subject(struct turn *t, int64_t id, struct alike_subject *ret)
{
    const char *text = NULL;
    struct arena *facts = arena_new(ARENA_MOST), *words = arena_new(ARENA_MOST);
    enum outcome outcome = facts && words ? read_facts(t, id, ret, facts) : no_memory(t->fault);
    if (!outcome)
        outcome = read_text(t, id, &text, words);
    if (!outcome &&
        !alike_sketch_of(t->stemmer, text, strnlen(text, CLASSIFY_TEXT_MOST), &ret->sketch, facts))
        outcome = no_memory(t->fault);
    arena_free(words);
    arena_free(facts);
    return outcome;
}

/* Best first; of equal ones the older, which is likelier to be the main one. */
static bool is_better(const struct found *a, const struct found *b)
{
    return a->verdict.points != b->verdict.points ? a->verdict.points > b->verdict.points
                                                  : a->other_id < b->other_id;
}

static void keep(struct looked_at *l, const struct found *f)
{
    size_t at = l->count;
    for (size_t i = 0; i < l->count; i++)
        if (l->found[i].other_id == f->other_id) {
            if (!is_better(f, &l->found[i]))
                return;
            at = i;
            break;
        }
    if (at == l->count && l->count < FOUND_MOST)
        l->count++;
    else if (at == l->count && !is_better(f, &l->found[--at]))
        return;
    for (; at && is_better(f, &l->found[at - 1]); at--)
        l->found[at] = l->found[at - 1];
    l->found[at] = *f;
}

static void compare(const struct alike_subject *other, struct looked_at *l)
{
    struct found f = {.other_id = other->main_id ? other->main_id : other->complaint_id};
    if (f.other_id != l->subject.complaint_id && alike_judge(&l->subject.facts, &other->facts, &f.verdict))
        keep(l, &f);
}

static enum outcome write_reasons(struct turn *t, struct looked_at *l)
{
    struct service service = {0};
    enum outcome outcome =
        l->count && l->subject.facts.service
            ? service_by_key(t->txn, l->subject.facts.service, &service, t->arena, t->fault)
            : OUTCOME_NEVER;
    if (outcome && outcome != OUTCOME_NEVER)
        return outcome;
    for (size_t i = 0; i < l->count; i++) {
        const char *reasons[ALIKE_REASONS_MOST];
        struct str out;
        str_init(&out, REASONS_SIZE);
        size_t count =
            alike_reasons(&l->found[i].verdict, l->subject.facts.place, service.name, reasons, t->arena);
        for (size_t r = 0; r < count; r++)
            str_addf(&out, "%s%s", r ? "\n" : "", reasons[r]);
        l->found[i].reasons = arena_strdup(t->arena, out.data);
        str_release(&out);
    }
    return OUTCOME_DONE;
}

static enum outcome look_at(
    struct turn *t, int64_t id, const struct looked_at *before, size_t before_count, struct looked_at *l)
{
    enum outcome outcome = read_subject(t, id, &l->subject);
    l->subject.facts.sketch = &l->subject.sketch;
    for (size_t i = 0; i < before_count && !outcome; i++)
        compare(&before[i].subject, l);
    for (size_t i = 0; i < t->window_count && !outcome; i++)
        compare(&t->window[i], l);
    return outcome ? outcome : write_reasons(t, l);
}

/* ---- a turn ---- */

static enum outcome find_all(struct alike_run *run, struct turn *t)
{
    int64_t ids[SUBJECTS_A_TURN], since = txn_now(t->txn) - ALIKE_DAYS_SAME_PERSON * day_ms;
    size_t count = 0;
    enum outcome outcome = alike_unseen(t->txn, since, SUBJECTS_A_TURN, ids, &count, t->fault);
    if (!outcome && count)
        outcome = alike_window(t->txn, since, WINDOW_MOST, &t->window, &t->window_count, t->arena, t->fault);
    run->list = arena_alloc(t->arena, (count + 1) * sizeof *run->list);
    if (!run->list)
        return no_memory(t->fault);
    for (size_t i = 0; i < count && !outcome; i++) {
        outcome = look_at(t, ids[i], run->list, i, &run->list[i]);
        run->count = i + 1;
    }
    if (!outcome && !arena_ok(t->arena))
        outcome = no_memory(t->fault);
    return outcome;
}

static enum outcome find_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct alike_run *run = arg;
    arena_free(run->arena);
    run->arena = arena_new(ARENA_MOST);
    run->count = 0;
    struct turn turn = {.txn = txn, .stemmer = stemmer_new(), .arena = run->arena, .fault = fault};
    enum outcome outcome = run->arena && turn.stemmer ? find_all(run, &turn) : no_memory(fault);
    stemmer_free(turn.stemmer);
    return outcome;
}

static enum outcome write_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct alike_run *run = arg;
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < run->count && !outcome; i++) {
        const struct looked_at *l = &run->list[i];
        outcome = alike_put(txn, &l->subject, fault);
        for (size_t f = 0; f < l->count && !outcome; f++)
            outcome = alike_found(txn, l->subject.complaint_id, l->found[f].other_id,
                l->found[f].verdict.points, l->found[f].reasons, fault);
    }
    return outcome;
}

static void rest(struct alike_run *run, int64_t ms)
{
    if (run->stopped || run->due)
        return;
    run->due = true;
    loop_timer_set(run->timer, ms);
}

static void end(struct alike_run *run, enum outcome outcome, const struct fault *fault)
{
    if (outcome)
        log_fault(book_failure_level(run->book, outcome), NULL, "alike.failed", outcome, fault);
    bool more = run->again || run->count == SUBJECTS_A_TURN;
    arena_free(run->arena);
    run->arena = NULL;
    run->running = run->again = false;
    if (outcome || more)
        rest(run, outcome ? RETRY_MS : REST_MS);
}

static void written(void *arg, enum outcome outcome, const struct fault *fault)
{
    end(arg, outcome, fault);
}

static void found(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct alike_run *run = arg;
    if (outcome || !run->count || run->stopped) {
        end(run, outcome, fault);
        return;
    }
    run->job = (struct book_job){.work = write_work, .done = written, .arg = run};
    book_write(run->book, &run->job);
}

static void look(void *arg)
{
    struct alike_run *run = arg;
    run->due = false;
    run->running = true;
    run->job = (struct book_job){.work = find_work, .done = found, .arg = run};
    book_read(run->book, &run->job);
}

/* ---- life ---- */

enum outcome alike_run_new(
    struct alike_run **ret_run, struct loop *loop, struct book *book, struct fault *fault)
{
    struct alike_run *run = calloc(1, sizeof *run);
    if (!run || !(run->timer = loop_timer_new(loop, look, run))) {
        free(run);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to compare complaints");
    }
    run->book = book;
    *ret_run = run;
    return OUTCOME_DONE;
}

void alike_run_wake(struct alike_run *run)
{
    if (run->running)
        run->again = true;
    else
        rest(run, REST_MS);
}

void alike_run_stop(struct alike_run *run)
{
    run->stopped = true;
    loop_timer_cancel(run->timer);
}

void alike_run_free(struct alike_run *run)
{
    if (!run)
        return;
    loop_timer_free(run->timer);
    arena_free(run->arena);
    free(run);
}
