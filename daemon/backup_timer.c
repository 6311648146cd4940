#include "backup_timer.h"
#include "command.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/book/backup.h"
#include "daemon/book/orphan.h"
#include <inttypes.h>
#include <stdlib.h>

enum { SWEEPS_MOST = 1024 }; /* a turn each: what is left goes the next day */

static const int64_t first_ms = 5 * 1000, look_ms = 60 * 60 * 1000, hour_ms = 60 * 60 * 1000;

struct backup_timer {
    struct loop_timer *timer;
    struct book *book;
    const char *folder; /* NULL = no [backup] */
    const char *key;
    int64_t every_ms;
    int keep;
    struct book_job job, sweep;
    /* of the job that runs */
    struct backup_report report;
    int64_t newest_at;
    bool made;
    int removed, sweeps;
    struct orphans orphans;
    int64_t swept, swept_all;
    /* what became of the last one */
    int64_t made_at, failed_at; /* 0 = never */
    struct fault failure;
    bool doubtful; /* the last one is of a book that is not whole */
};

/* ---- on the aside thread ---- */

static void log_progress(void *arg, const char *what, int64_t done, int64_t all)
{
    (void)arg;
    log_event(
        LOG_INFO, NULL, "backup.going_on", "what=\"%s\" done=%" PRId64 " all=%" PRId64, what, done, all);
}

static enum outcome work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct backup_timer *t = arg;
    struct backup_request request = {.folder = t->folder, .key = t->key, .progress = {.tell = log_progress}};
    unsigned char book[BACKUP_DIGEST];
    t->made = false;
    t->orphans.count = 0;
    enum outcome outcome = backup_book_id(txn, book, fault);
    if (!outcome)
        outcome = backup_newest(t->folder, book, &t->newest_at, fault);
    /* A name from the future (the clock was wrong once) must not end the backups. */
    if (outcome ||
        (t->newest_at && t->newest_at <= txn_now(txn) && t->newest_at + t->every_ms > txn_now(txn)))
        return outcome;
    outcome = backup_make(txn, &request, &t->report, fault);
    t->made = !outcome;
    /* Of a book that is no longer whole no copy from before may be thrown away. */
    if (!outcome && !t->report.doubt.public_text[0])
        outcome = backup_prune(t->folder, book, t->keep, &t->removed, fault);
    /* Nor a file that lost its row. */
    return outcome || t->report.doubt.public_text[0] ? outcome : orphan_find(txn, &t->orphans, fault);
}

static enum outcome find_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct backup_timer *t = arg;
    return orphan_find(txn, &t->orphans, fault);
}

static enum outcome sweep_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct backup_timer *t = arg;
    return orphan_sweep(txn, &t->orphans, &t->swept, fault);
}

/* ---- on the loop ---- */

static void rest(struct backup_timer *t)
{
    int64_t left = t->newest_at + t->every_ms - clock_now_ms();
    loop_timer_set(t->timer, left > 0 && left < look_ms ? left : look_ms);
}

static void swept(void *arg, enum outcome outcome, const struct fault *fault);

static void found(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct backup_timer *t = arg;
    (void)fault; /* what cannot be looked through now will be tomorrow */
    if (!outcome && t->orphans.count && t->sweeps++ < SWEEPS_MOST) {
        t->sweep = (struct book_job){.work = sweep_work, .done = swept, .arg = t};
        book_write(t->book, &t->sweep);
        return;
    }
    if (t->swept_all)
        log_event(LOG_INFO, NULL, "backup.orphans_swept", "files=%" PRId64, t->swept_all);
    rest(t);
}

static void find(struct backup_timer *t)
{
    t->job = (struct book_job){.work = find_work, .done = found, .arg = t};
    book_aside(t->book, &t->job);
}

static void swept(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct backup_timer *t = arg;
    if (outcome)
        log_fault(LOG_WARN, NULL, "backup.sweep_failed", outcome, fault);
    t->swept_all += outcome ? 0 : t->swept;
    bool more = !outcome && t->swept && t->orphans.count == ORPHANS_A_TURN;
    if (more)
        find(t);
    else {
        t->orphans.count = 0;
        found(t, OUTCOME_DONE, NULL);
    }
}

static void done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct backup_timer *t = arg;
    if (t->made) {
        t->newest_at = clock_now_ms();
        log_event(LOG_INFO, NULL, "backup.made",
            "name=%s complaints=%" PRId64 " events=%" PRId64 " removed=%d", t->report.name,
            t->report.counts.complaints, t->report.counts.events, t->removed);
        if (t->report.doubt.public_text[0])
            log_fault(LOG_ERROR, NULL, "backup.doubtful", OUTCOME_NEVER, &t->report.doubt);
        t->doubtful = t->report.doubt.public_text[0];
    }
    if (outcome) {
        t->failed_at = clock_now_ms();
        t->failure = *fault;
        log_fault(LOG_ERROR, NULL, "backup.failed", outcome, fault);
        loop_timer_set(t->timer, look_ms);
        return;
    }
    t->failed_at = 0;
    t->made_at = t->newest_at;
    t->sweeps = 0;
    t->swept_all = 0;
    found(t, OUTCOME_DONE, NULL);
}

static void look(void *arg)
{
    struct backup_timer *t = arg;
    t->job = (struct book_job){.work = work, .done = done, .arg = t};
    t->removed = 0;
    book_aside(t->book, &t->job);
}

enum outcome backup_timer_open(struct backup_timer **ret_timer, struct loop *loop, struct book *book,
    const struct config *config, struct fault *fault)
{
    struct backup_timer *t = calloc(1, sizeof *t);
    if (!t || !(t->timer = loop_timer_new(loop, look, t))) {
        free(t);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the backup timer");
    }
    t->book = book;
    *ret_timer = t;
    if (!config_has(config, "backup"))
        return OUTCOME_DONE;
    t->folder = config_text(config, "backup", NULL, "folder");
    t->key = config_text(config, "backup", NULL, "key");
    t->every_ms = config_number(config, "backup", NULL, "every") * hour_ms;
    t->keep = (int)config_number(config, "backup", NULL, "keep");
    loop_timer_set(t->timer, first_ms);
    return OUTCOME_DONE;
}

bool backup_timer_status(const struct backup_timer *t, struct str *out)
{
    int64_t now = clock_now_ms();
    str_adds(out, "Cadangan: ");
    if (!t->folder)
        str_adds(out, "tidak dijadwalkan; isi bagian [backup]\n");
    else if (t->failed_at) {
        str_addf(
            out, "GAGAL: %s Dicoba lagi tiap jam  <- perlu dilihat admin\n", command_reason(&t->failure));
    } else if (!t->made_at)
        str_adds(out, "sedang diperiksa\n");
    else {
        str_adds(out, "terakhir ");
        command_add_span(out, now - t->made_at);
        str_addf(out, " lalu, di %s%s\n", t->folder,
            t->doubtful ? "; bukunya TIDAK UTUH, yang lama tidak dihapus  <- perlu dilihat admin" : "");
    }
    return t->folder && (t->failed_at || t->doubtful);
}

void backup_timer_free(struct backup_timer *t)
{
    if (!t)
        return;
    loop_timer_free(t->timer);
    free(t);
}
