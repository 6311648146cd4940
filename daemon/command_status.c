/* `pengaduand status`: what the book knows. What only the running daemon knows (connections, queues) is added
 * behind it by the control socket. Numbers and register numbers only, nobody's name. */
#include "command.h"

#include "daemon/book/alarm.h"
#include "daemon/book/arrival.h"
#include "daemon/book/complaint.h"
#include "daemon/book/outbox.h"
#include "daemon/book/set_aside.h"
#include "daemon/book/storage.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sysexits.h>

enum { LEDGER_DAYS = 7, CHANNEL_NAME_SIZE = 48 };

static const int64_t minute_ms = 60 * 1000, hour_ms = 60 * 60 * 1000, day_ms = 24 * 60 * 60 * 1000;

struct report {
    struct str *out;
    int64_t now;
    bool person; /* somebody has to act */
    int64_t lines;
    char channel[CHANNEL_NAME_SIZE]; /* of the line before */
    int64_t newest_at;               /* of that channel */
};

void command_add_span(struct str *out, int64_t ms)
{
    if (ms < minute_ms)
        str_adds(out, "kurang dari 1 menit");
    else if (ms < hour_ms)
        str_addf(out, "%" PRId64 " menit", ms / minute_ms);
    else if (ms < day_ms)
        str_addf(out, "%" PRId64 " jam", ms / hour_ms);
    else
        str_addf(out, "%" PRId64 " hari", ms / day_ms);
}

/* "1.284" */
static void add_count(struct str *out, int64_t n)
{
    if (n >= 1000) {
        add_count(out, n / 1000);
        str_addf(out, ".%03d", (int)(n % 1000));
    } else {
        str_addf(out, "%d", (int)n);
    }
}

/* ---- complaints ---- */

static enum outcome add_urgent(void *arg, const struct complaint *c, struct fault *fault)
{
    struct report *report = arg;
    (void)fault;
    str_addf(report->out, "Paling mendesak: %s, %s, masuk ", c->number, state_label(c->state));
    command_add_span(report->out, report->now - c->received_at);
    str_adds(report->out, " lalu");
    if (c->due_at != 0) {
        bool late = c->due_at < report->now;
        str_adds(report->out, late ? ", terlambat " : ", batas waktu ");
        command_add_span(report->out, late ? report->now - c->due_at : c->due_at - report->now);
        str_adds(report->out, late ? "" : " lagi");
    }
    str_adds(report->out, "\n");
    return OUTCOME_DONE;
}

static enum outcome add_complaints(struct book_txn *txn, struct report *report, struct fault *fault)
{
    struct complaint_filter open = {.by_due = true, .limit = 1}, late = {.overdue = true, .limit = 1};
    struct complaint_filter all = {.limit = 1};
    int64_t open_count = 0, late_count = 0, count = 0;
    for (int s = 0; s < STATE_COUNT; s++)
        open.states |= state_open((enum state)s) ? 1u << s : 0;
    enum outcome outcome = complaint_count(txn, &all, &count, fault);
    if (outcome == OUTCOME_DONE)
        outcome = complaint_count(txn, &open, &open_count, fault);
    if (outcome == OUTCOME_DONE)
        outcome = complaint_count(txn, &late, &late_count, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    str_adds(report->out, "Aduan: ");
    add_count(report->out, count);
    str_adds(report->out, " tercatat, ");
    add_count(report->out, open_count);
    str_adds(report->out, " belum dijawab, ");
    add_count(report->out, late_count);
    str_adds(report->out, " terlambat.\n");
    report->person = report->person || late_count > 0;
    return open_count > 0 ? complaint_list(txn, &open, add_urgent, report, fault) : OUTCOME_DONE;
}

/* ---- the ledger ---- */

static void end_channel(struct report *report)
{
    if (report->lines == 0)
        return;
    str_adds(report->out, "; terakhir ");
    command_add_span(report->out, report->now - report->newest_at);
    str_adds(report->out, " lalu\n");
}

/* Rows of one channel follow each other: they share a line. */
static enum outcome add_arrivals(void *arg, const char *channel, const char *outcome, int64_t count,
    int64_t newest_at, struct fault *fault)
{
    struct report *report = arg;
    (void)fault;
    if (report->lines == 0 || strcmp(report->channel, channel) != 0) {
        end_channel(report);
        str_addf(report->out, "  %-18s ", channel);
        snprintf(report->channel, sizeof report->channel, "%s", channel);
        report->newest_at = newest_at;
        report->lines++;
    } else {
        str_adds(report->out, ", ");
    }
    add_count(report->out, count);
    str_addf(report->out, " %s", outcome);
    report->newest_at = newest_at > report->newest_at ? newest_at : report->newest_at;
    return OUTCOME_DONE;
}

/* What opened nothing and may be a citizen's. */
static enum outcome add_waiting(struct book_txn *txn, struct report *report, struct fault *fault)
{
    int64_t waiting = 0;
    enum outcome outcome = set_aside_waiting(txn, &waiting, fault);
    if (outcome == OUTCOME_DONE && waiting > 0) {
        str_adds(report->out, "  ");
        add_count(report->out, waiting);
        str_adds(report->out, " dikarantina dan belum dilihat  <- buka halaman Surat\n");
        report->person = true;
    }
    return outcome;
}

static enum outcome add_ledger(struct book_txn *txn, struct report *report, struct fault *fault)
{
    str_addf(report->out, "\nYang masuk %d hari terakhir:\n", LEDGER_DAYS);
    report->lines = 0;
    enum outcome outcome =
        arrival_counts(txn, report->now - LEDGER_DAYS * day_ms, add_arrivals, report, fault);
    end_channel(report);
    str_adds(report->out, report->lines > 0 ? "" : "  belum ada\n");
    return outcome ? outcome : add_waiting(txn, report, fault);
}

/* ---- the outbox ---- */

static enum outcome add_outbox_row(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest_at, struct fault *fault)
{
    struct report *report = arg;
    bool failed = strcmp(state, "gagal") == 0, unknown = strcmp(state, "tidak_pasti") == 0;
    (void)fault;
    report->lines++;
    str_addf(report->out, "  %-18s ", channel);
    add_count(report->out, count);
    str_addf(report->out, " %s", unknown ? "belum pasti terkirim" : state);
    if (failed || unknown || strcmp(state, "antre") == 0 || strcmp(state, "mengirim") == 0) {
        str_adds(report->out, ", tertua ");
        command_add_span(report->out, report->now - oldest_at);
    }
    str_adds(report->out, failed || unknown ? "  <- perlu dilihat petugas\n" : "\n");
    report->person = report->person || failed || unknown;
    return OUTCOME_DONE;
}

static enum outcome add_outbox(struct book_txn *txn, struct report *report, struct fault *fault)
{
    str_adds(report->out, "\nYang dikirim:\n");
    report->lines = 0;
    enum outcome outcome = outbox_counts(txn, add_outbox_row, report, fault);
    str_adds(report->out, report->lines > 0 ? "" : "  belum ada\n");
    return outcome;
}

/* ---- what disturbs ---- */

static enum outcome add_alarms(struct book_txn *txn, struct report *report, struct fault *fault)
{
    struct alarm *alarms = NULL;
    struct arena *arena = arena_new(1 << 20);
    enum outcome outcome = arena ? alarm_list(txn, &alarms, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for the alarms");
    for (; alarms != NULL; alarms = alarms->next) {
        str_addf(report->out, "\nSALURAN TERGANGGU: %s, sejak ", alarms->key);
        command_add_span(report->out, report->now - alarms->since);
        str_addf(report->out, " lalu: %s\n", alarms->text);
        report->person = true;
    }
    arena_free(arena);
    return outcome;
}

/* ---- the file ---- */

static void add_megabytes(struct str *out, uint64_t bytes)
{
    uint64_t tenths = bytes * 10 / (1024 * 1024);
    add_count(out, (int64_t)(tenths / 10));
    str_addf(out, ",%d MB", (int)(tenths % 10));
}

static void add_size(struct book_txn *txn, struct str *out)
{
    char path[PATH_MAX];
    struct stat st;
    struct statvfs fs;
    const char *folder = txn_options(txn)->folder;
    if (snprintf(path, sizeof path, "%s/buku.db", folder) >= (int)sizeof path || stat(path, &st) != 0)
        return;
    str_addf(out, "\nBuku: %s, ", path);
    add_megabytes(out, (uint64_t)st.st_size);
    if (statvfs(folder, &fs) == 0) {
        str_adds(out, "; sisa penyimpanan ");
        add_megabytes(out, (uint64_t)fs.f_bavail * fs.f_frsize);
    }
    str_adds(out, "\n");
}

static void add_storage(struct book_txn *txn, struct report *report)
{
    int64_t since = txn_cannot_write_since(txn);
    if (since == 0)
        return;
    report->person = true;
    str_adds(report->out, "Buku: TIDAK DAPAT DITULIS sejak ");
    command_add_span(report->out, report->now - since);
    str_addf(report->out, " lalu: %s  <- perlu dilihat admin\n", storage_trouble(txn_options(txn)->folder));
    str_adds(report->out, "  Yang datang diminta mencoba lagi; dicoba sendiri tiap beberapa detik.\n");
}

enum outcome command_status(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct report report = {.out = out, .now = txn_now(txn)};
    (void)args;
    str_clear(out);
    enum outcome outcome = add_complaints(txn, &report, fault);
    if (outcome == OUTCOME_DONE)
        outcome = add_ledger(txn, &report, fault);
    if (outcome == OUTCOME_DONE)
        outcome = add_outbox(txn, &report, fault);
    if (outcome == OUTCOME_DONE)
        outcome = add_alarms(txn, &report, fault);
    add_size(txn, out);
    add_storage(txn, &report);
    *ret_exit = report.person ? COMMAND_NEEDS_PERSON : EX_OK;
    return outcome;
}
