#include "clocks.h"
#include "act.h"
#include "alarm.h"
#include "daemon/base/embedded.h"
#include "daemon/book/calendar.h"
#include "daemon/book/event.h"
#include "daemon/book/timetable.h"
#include "oversight.h"
#include "rules/holidays.h"
#include "rules/words_date.h"
#include "tell.h"
#include <stdlib.h>
#include <string.h>

static const int64_t AGAIN_MS = 60 * 60 * 1000;

/* What is counted here, together. */
struct counting {
    struct book_txn *txn;
    const struct timetable *t;
    struct complaint *c;
    struct clocks k;
    struct deadline_pause pauses[CLOCK_PAUSES];
    size_t pause_count;
    struct fault *fault;
};

static enum outcome open_counting(
    struct counting *n, struct book_txn *txn, struct complaint *c, struct fault *fault)
{
    n->txn = txn;
    n->c = c;
    n->fault = fault;
    n->pause_count = 0;
    return timetable_get(txn, &n->t, fault);
}

static enum outcome read_pauses(struct counting *n)
{
    enum outcome outcome =
        clocks_pauses(n->txn, n->c->id, n->k.started_at, n->pauses, &n->pause_count, n->fault);
    for (size_t i = 0; i < n->pause_count; i++) {
        n->pauses[i].most_days = n->t->terms[TERM_DILENGKAPI_KALENDER];
        n->pauses[i].stops_law = true; /* it counts from the day the file is complete */
    }
    return outcome;
}

/* ---- limits ---- */

static int64_t stage_due(const struct counting *n)
{
    const int *terms = n->t->terms;
    int zone = n->t->hours.utc_offset_minutes;
    struct deadline_terms by = {0, 0}, first = {0, 0};
    switch (n->k.stage) {
    case STAGE_NONE:
        return 0;
    case STAGE_VERIFIKASI:
        by = (struct deadline_terms){terms[TERM_VERIFIKASI], terms[TERM_VERIFIKASI_KALENDER]};
        first = (struct deadline_terms){terms[TERM_TANGGAPAN], 0};
        break;
    case STAGE_DILENGKAPI:
        by = (struct deadline_terms){terms[TERM_DILENGKAPI], terms[TERM_DILENGKAPI_KALENDER]};
        break;
    case STAGE_PENUTUPAN:
        by = (struct deadline_terms){terms[TERM_PENUTUPAN], 0};
        break;
    }
    struct deadline d = deadline_from(n->k.stage_from, &by, &n->t->calendar, zone),
                    f = deadline_from(n->k.stage_from, &first, &n->t->calendar, zone);
    int64_t due = deadline_due(&d);
    return f.promise && (!due || f.promise < due) ? f.promise : due;
}

/* Open time in which the answer's clock stood still. */
static int64_t stood(const struct counting *n)
{
    int64_t all = 0;
    for (size_t i = 0; i < n->pause_count; i++)
        all += office_hours_between(&n->t->hours, n->pauses[i].from, n->pauses[i].to);
    return all;
}

static struct deadline_watch answer_watch(const struct counting *n)
{
    return (struct deadline_watch){n->k.started_at, clocks_due(&n->k), stood(n), n->k.told};
}

static struct deadline_watch stage_watch(const struct counting *n)
{
    return (struct deadline_watch){n->k.stage_from, n->k.stage_due, 0, n->k.stage_told};
}

static bool answer_runs(const struct counting *n)
{
    return n->k.running && !n->k.paused_at && n->k.stage != STAGE_PENUTUPAN;
}

static void earlier(int64_t *at, int64_t other)
{
    if (other > 0 && (!*at || other < *at))
        *at = other;
}

static void set_next(struct counting *n)
{
    struct deadline_watch answer = answer_watch(n), stage = stage_watch(n);
    n->k.next_at = 0;
    if (!n->k.running)
        return;
    if (answer_runs(n))
        earlier(&n->k.next_at, deadline_reminder_next(&answer, &n->t->hours));
    if (n->k.stage == STAGE_VERIFIKASI)
        earlier(&n->k.next_at, deadline_reminder_next(&stage, &n->t->hours));
    else if (n->k.stage_due)
        earlier(&n->k.next_at, office_hours_next(&n->t->hours, n->k.stage_due + 1));
}

/* Everything from what does not change: starts, pauses, the date given. */
static enum outcome count(struct counting *n)
{
    struct deadline_terms terms;
    enum outcome outcome = timetable_terms(n->txn, n->t, n->c->kind, n->c->service_id, &terms, n->fault);
    if (!outcome)
        outcome = read_pauses(n);
    if (outcome)
        return outcome;
    if (n->k.formal_at)
        terms = (struct deadline_terms){
            n->t->terms[TERM_PPID] + (n->k.extended_at ? n->t->terms[TERM_PPID_TAMBAHAN] : 0), 0};
    n->k.version = n->t->version;
    n->k.limits = deadline_of(
        n->k.started_at, &terms, n->pauses, n->pause_count, &n->t->calendar, n->t->hours.utc_offset_minutes);
    n->k.stage_due = stage_due(n);
    /* What was late and is not any more will have to be told again when it is. */
    if (n->k.told > 80 && clocks_due(&n->k) > txn_now(n->txn))
        n->k.told = 80;
    if (n->k.stage_told > 80 && n->k.stage_due > txn_now(n->txn))
        n->k.stage_told = 80;
    set_next(n);
    return OUTCOME_DONE;
}

/* ---- a new complaint ---- */

enum outcome clocks_prepare(
    struct book_txn *txn, struct complaint *c, struct clocks *ret, struct fault *fault)
{
    struct counting n;
    struct deadline_terms terms;
    enum outcome outcome = open_counting(&n, txn, c, fault);
    if (!outcome)
        outcome = timetable_terms(txn, n.t, c->kind, c->service_id, &terms, fault);
    if (outcome)
        return outcome;
    n.k = (struct clocks){.version = n.t->version,
        .started_at = c->received_at,
        .stage = STAGE_VERIFIKASI,
        .stage_from = c->received_at,
        .running = true};
    n.k.limits = deadline_from(n.k.started_at, &terms, &n.t->calendar, n.t->hours.utc_offset_minutes);
    n.k.stage_due = stage_due(&n);
    set_next(&n);
    c->due_at = clocks_due(&n.k);
    *ret = n.k;
    return OUTCOME_DONE;
}

enum outcome clocks_begin(
    struct book_txn *txn, const struct complaint *c, struct clocks *clocks, struct fault *fault)
{
    clocks->complaint_id = c->id;
    return clocks_insert(txn, clocks, fault);
}

enum outcome clocks_promise(
    struct book_txn *txn, const char *kind, int64_t service_id, int64_t *ret_due, struct fault *fault)
{
    struct complaint c = {.kind = kind, .service_id = service_id, .received_at = txn_now(txn)};
    struct clocks clocks;
    enum outcome outcome = clocks_prepare(txn, &c, &clocks, fault);
    if (!outcome)
        *ret_due = c.due_at;
    return outcome;
}

/* ---- a complaint that moves ---- */

static enum outcome note_due(
    struct counting *n, int64_t before, int64_t after, const char *why, struct fault *fault)
{
    json_t *data = json_pack("{s:I, s:I, s:s, s:I}", "dari", (json_int_t)before, "menjadi", (json_int_t)after,
        "why", why, "calendar", (json_int_t)n->k.version);
    enum outcome outcome =
        data ? event_append(n->txn, n->c->id, n->c->number, "tenggat", "sistem", data, fault)
             : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

static bool on_section(enum state state)
{
    return state == STATE_DIDISPOSISIKAN || state == STATE_DITINDAKLANJUTI ||
           state == STATE_MENUNGGU_PERSETUJUAN || state == STATE_DISETUJUI;
}

static void enter_stage(struct clocks *k, enum stage stage, int64_t now)
{
    k->stage = stage;
    k->stage_from = stage == STAGE_NONE ? 0 : now;
    k->stage_due = 0;
    k->stage_told = 0;
}

static enum outcome end_pause(struct counting *n)
{
    int64_t from = n->k.paused_at;
    n->k.paused_at = 0;
    return from ? clocks_add_pause(n->txn, n->c->id, from, txn_now(n->txn), n->fault) : OUTCOME_DONE;
}

/* The stage and the clock's running, by the state it comes to. *ret_why: why the due date may be another one. */
static enum outcome move(struct counting *n, enum state was, int64_t given, const char **ret_why)
{
    const int64_t now = txn_now(n->txn);
    struct clocks *k = &n->k;
    enum state is = n->c->state;
    enum outcome outcome = was == STATE_PERLU_DILENGKAPI ? end_pause(n) : OUTCOME_DONE;
    *ret_why = was == STATE_PERLU_DILENGKAPI ? "Selama menunggu pengadu, waktu tidak dihitung." : NULL;
    if (given)
        k->given_at = given;
    else if (k->given_at && !on_section(is) && state_open(is)) {
        k->given_at = 0;
        *ret_why = "Batas yang diberikan kepada seksi tidak berlaku lagi.";
    }
    k->running = state_open(is) || is == STATE_DIJAWAB;
    if (!state_open(was) && state_open(is)) {
        *ret_why = "Aduan dibuka kembali; waktu dihitung dari awal.";
        k->started_at = now;
        k->told = 0;
        k->extended_at = 0;
    }
    enter_stage(k,
        is == STATE_MASUK              ? STAGE_VERIFIKASI
        : is == STATE_PERLU_DILENGKAPI ? STAGE_DILENGKAPI
        : is == STATE_DIJAWAB          ? STAGE_PENUTUPAN
                                       : STAGE_NONE,
        now);
    if (is == STATE_PERLU_DILENGKAPI)
        k->paused_at = now;
    return outcome;
}

enum outcome clocks_follow(
    struct book_txn *txn, struct complaint *c, enum state was, int64_t given, struct fault *fault)
{
    struct counting n;
    const char *why = NULL;
    enum outcome outcome = open_counting(&n, txn, c, fault);
    if (!outcome)
        outcome = clocks_get(txn, c->id, &n.k, fault);
    if (outcome)
        return outcome;
    bool known = n.k.complaint_id != 0; /* what was over before there were clocks has none */
    if (!known)
        n.k = (struct clocks){.complaint_id = c->id, .started_at = c->received_at};
    outcome = move(&n, was, given, &why);
    if (!outcome)
        outcome = count(&n);
    if (!outcome)
        outcome = (known ? clocks_update : clocks_insert)(txn, &n.k, fault);
    int64_t due = clocks_due(&n.k), before = c->due_at;
    if (outcome || !state_open(c->state) || due == before)
        return outcome;
    c->due_at = due;
    return why ? note_due(&n, before, due, why, fault) : OUTCOME_DONE;
}

/* ---- formal requests for information ---- */

static enum outcome cannot_be(const struct counting *n, const char *public_text)
{
    return fault_set(n->fault, OUTCOME_NEVER, public_text, "no other limit for %s", n->c->number);
}

/* Counted anew with what was just set in n->k. */
static enum outcome count_formal(struct counting *n, const char *why)
{
    const int64_t before = n->c->due_at;
    enum outcome outcome = count(n);
    if (!outcome)
        outcome = clocks_update(n->txn, &n->k, n->fault);
    n->c->due_at = clocks_due(&n->k);
    return outcome || n->c->due_at == before ? outcome : note_due(n, before, n->c->due_at, why, n->fault);
}

static enum outcome open_formal(
    struct counting *n, struct book_txn *txn, struct complaint *c, struct fault *fault)
{
    enum outcome outcome = open_counting(n, txn, c, fault);
    if (!outcome)
        outcome = clocks_get(txn, c->id, &n->k, fault);
    if (outcome)
        return outcome;
    if (strcmp(c->kind, "informasi") || !n->k.complaint_id || !state_open(c->state))
        return cannot_be(
            n, "Hanya permintaan informasi yang belum dijawab yang dapat menjadi permohonan resmi.");
    return OUTCOME_DONE;
}

enum outcome clocks_make_formal(struct book_txn *txn, struct complaint *c, struct fault *fault)
{
    struct counting n;
    enum outcome outcome = open_formal(&n, txn, c, fault);
    if (!outcome && n.k.formal_at)
        outcome = cannot_be(&n, "Ini sudah permohonan resmi.");
    n.k.formal_at = txn_now(txn);
    return outcome ? outcome : count_formal(&n, "Permohonan informasi resmi (PPID), UU 14/2008.");
}

enum outcome clocks_extend(struct book_txn *txn, struct complaint *c, struct fault *fault)
{
    struct counting n;
    enum outcome outcome = open_formal(&n, txn, c, fault);
    if (outcome)
        return outcome;
    if (!n.k.formal_at || !n.t->terms[TERM_PPID_TAMBAHAN])
        return cannot_be(&n, "Hanya permohonan resmi (PPID) yang dapat diperpanjang.");
    if (n.k.extended_at)
        return cannot_be(&n, "Batas permohonan ini sudah pernah diperpanjang.");
    if (n.k.limits.promise && n.k.limits.promise < txn_now(txn))
        return cannot_be(&n, "Batasnya sudah lewat; perpanjangan harus diberitahukan sebelumnya.");
    n.k.extended_at = txn_now(txn);
    return count_formal(&n, "Batas permohonan informasi diperpanjang.");
}

/* ---- steps ---- */

/* By another version of the calendar. */
static enum outcome count_anew(struct counting *n, struct arena *arena)
{
    struct calendar_version version;
    const int64_t before = n->c->due_at;
    enum outcome outcome = count(n);
    if (!outcome)
        outcome = clocks_update(n->txn, &n->k, n->fault);
    if (outcome || clocks_due(&n->k) == before || !state_open(n->c->state))
        return outcome;
    outcome = calendar_version_get(n->txn, n->k.version, &version, arena, n->fault);
    if (!outcome)
        outcome = clocks_set_due(n->txn, n->c->id, clocks_due(&n->k), n->fault);
    return outcome ? outcome
                   : note_due(n, before, clocks_due(&n->k), version.reason ? version.reason : "", n->fault);
}

static int late_of(int step)
{
    return step < 100 ? 0 : step == 100 ? 1 : step - 100;
}

/* The Kasi hears of what is late every day, those above him once each. */
static unsigned heard_by(const struct timetable *t, int told, int step)
{
    unsigned roles = step < 100 ? 0 : 1u << ROLE_KASI | 1u << ROLE_PETUGAS;
    if (late_of(step) >= t->terms[TERM_SEKCAM] && late_of(told) < t->terms[TERM_SEKCAM])
        roles |= 1u << ROLE_SEKCAM;
    if (late_of(step) >= t->terms[TERM_CAMAT] && late_of(told) < t->terms[TERM_CAMAT])
        roles |= 1u << ROLE_CAMAT;
    return roles;
}

static enum outcome remind(struct counting *n, const struct office *office, const char *what, int64_t due,
    int told, int step, struct arena *arena)
{
    char date[WORDS_DATE_SIZE];
    const char *number = n->c->number;
    int late = late_of(step);
    words_date_long(date, sizeof date, due, office->utc_offset_minutes);
    const struct reminder r = {.kind = late ? "terlambat" : "pengingat",
        .roles = heard_by(n->t, told, step),
        .subject = late ? arena_printf(arena, "Terlambat %d hari kerja: aduan %s", late, number)
                        : arena_printf(arena, "Pengingat: aduan %s", number),
        .text = late ? arena_printf(arena,
                           "Aduan %s terlambat %d hari kerja untuk %s. Batasnya %s.\n\nBuka di meja: "
                           "%s/aduan/%lld",
                           number, late, what, date, office->public_url, (long long)n->c->id)
                     : arena_printf(arena,
                           "Aduan %s sudah memakai %d %% waktunya untuk %s. Batasnya %s.\n\nBuka di meja: "
                           "%s/aduan/%lld",
                           number, step, what, date, office->public_url, (long long)n->c->id)};
    json_t *data = json_pack("{s:s, s:i, s:i}", "for", what, "step", step, "late", late);
    enum outcome outcome = fault_set(n->fault, OUTCOME_LATER, NULL, "no memory for a reminder");
    if (data && r.subject && r.text)
        outcome = event_append(n->txn, n->c->id, number, r.kind, "sistem", data, n->fault);
    json_decref(data);
    return outcome ? outcome : tell_reminder(n->txn, office, n->c, &r, arena, n->fault);
}

static enum outcome end_by_itself(struct counting *n, const struct office *office, struct arena *arena)
{
    bool queued, archive = n->k.stage == STAGE_DILENGKAPI;
    const struct act act = {.complaint_id = n->c->id,
        .action = archive ? ACTION_ARSIPKAN : ACTION_TUTUP,
        .by_system = true,
        .text = archive ? "Pengadu tidak melengkapi aduannya sampai batas waktu." : NULL};
    enum outcome outcome = act_on(n->txn, office, &act, &queued, arena, n->fault);
    return outcome ? outcome : tell_petugas(n->txn, n->c, action_key(act.action), n->fault);
}

static enum outcome take_step(struct counting *n, const struct office *office, struct arena *arena)
{
    const int64_t now = txn_now(n->txn);
    enum outcome outcome = read_pauses(n);
    if (outcome)
        return outcome;
    bool open = office_hours_open(&n->t->hours, now);
    bool ends = n->k.stage == STAGE_DILENGKAPI || n->k.stage == STAGE_PENUTUPAN;
    if (ends && open && n->k.stage_due && now > n->k.stage_due)
        return end_by_itself(n, office, arena);
    struct deadline_watch answer = answer_watch(n), stage = stage_watch(n);
    int step = n->k.stage == STAGE_VERIFIKASI ? deadline_reminder(&stage, now, &n->t->hours) : 0;
    if (step) {
        outcome = remind(n, office, "diverifikasi", n->k.stage_due, n->k.stage_told, step, arena);
        n->k.stage_told = step;
    }
    step = answer_runs(n) ? deadline_reminder(&answer, now, &n->t->hours) : 0;
    if (!outcome && step) {
        outcome = remind(n, office, "dijawab", answer.due, n->k.told, step, arena);
        n->k.told = step;
    }
    set_next(n);
    if (n->k.next_at && n->k.next_at <= now) /* it must not stand first in the row for ever */
        n->k.next_at = now + AGAIN_MS;
    return outcome ? outcome : clocks_update(n->txn, &n->k, n->fault);
}

enum outcome clocks_look(struct book_txn *txn, int64_t *ret_id, int64_t *ret_next, struct fault *fault)
{
    const struct timetable *t;
    *ret_id = *ret_next = 0;
    enum outcome outcome = timetable_get(txn, &t, fault);
    if (!outcome)
        outcome = clocks_stale(txn, t->version, ret_id, fault);
    if (!outcome && !*ret_id)
        outcome = clocks_next(txn, txn_now(txn), ret_id, ret_next, fault);
    int year = 0;
    if (!outcome && !*ret_id)
        outcome = calendar_missing(txn, &year, fault);
    if (!outcome && year)
        *ret_id = CLOCKS_CALENDAR;
    bool due = false;
    if (!outcome && !*ret_id)
        outcome = oversight_look(txn, t, &due, fault);
    if (due)
        *ret_id = CLOCKS_OVERSIGHT;
    return outcome;
}

/* By e-mail, once; what stands at the admin's desk is read from the calendar. */
static enum outcome warn_of_calendar(struct book_txn *txn, const struct office *office,
    enum clocks_step *ret_step, struct arena *arena, struct fault *fault)
{
    int year = 0;
    enum outcome outcome = calendar_missing(txn, &year, fault);
    *ret_step = year ? CLOCKS_WARNED : CLOCKS_REST;
    if (outcome || !year)
        return outcome;
    outcome = calendar_told_missing(txn, year, fault);
    const char *
        subject = arena_printf(arena, "Hari libur %d belum ada di kalender", year),
       *text = arena_printf(arena,
           "Hari libur nasional dan cuti bersama %d belum ada di kalender. Masukkan begitu keputusan bersama "
           "tiga menteri terbit; tanpa itu tenggat dihitung terlalu "
           "cepat.\n\n%s/pengaturan/kalender?tahun=%d",
           year, office->public_url, year);
    if (!outcome && (!subject || !text))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a reminder");
    return outcome ? outcome : alarm_admins(txn, office, subject, text, fault);
}

enum outcome clocks_step(struct book_txn *txn, const struct office *office, enum clocks_step *ret_step,
    int64_t *ret_id, int64_t *ret_next, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    struct counting n;
    *ret_id = *ret_next = 0;
    *ret_step = CLOCKS_COUNTED;
    enum outcome outcome = open_counting(&n, txn, &c, fault);
    if (!outcome)
        outcome = clocks_stale(txn, n.t->version, ret_id, fault);
    if (!outcome && !*ret_id) {
        *ret_step = CLOCKS_TOLD;
        outcome = clocks_next(txn, txn_now(txn), ret_id, ret_next, fault);
    }
    if (outcome)
        return outcome;
    bool made = false;
    if (!*ret_id)
        outcome = oversight_make(txn, office, n.t, &made, arena, fault);
    if (made) {
        *ret_step = CLOCKS_SHEET;
        *ret_id = CLOCKS_OVERSIGHT;
    }
    if (outcome || made)
        return outcome;
    if (!*ret_id)
        return warn_of_calendar(txn, office, ret_step, arena, fault);
    outcome = complaint_get(txn, *ret_id, &c, arena, fault);
    if (!outcome)
        outcome = clocks_get(txn, *ret_id, &n.k, fault);
    if (outcome)
        return outcome;
    return *ret_step == CLOCKS_COUNTED ? count_anew(&n, arena) : take_step(&n, office, arena);
}

/* ---- at the start ---- */

static enum outcome settle_days(
    struct book_txn *txn, int64_t *version, const struct holiday *days, size_t count, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < count && !outcome; i++) {
        bool had = false, new;
        const struct calendar_day day = {
            .day = days[i].day, .name = days[i].name, .kind = days[i].kind, .source = "bawaan"};
        outcome = calendar_had(txn, day.day, day.source, &had, fault);
        if (!outcome && !had && !*version)
            outcome = timetable_new_version(
                txn, 0, "Libur nasional dan cuti bersama bawaan program.", version, fault);
        if (!outcome && !had)
            outcome = calendar_add(txn, &day, *version, &new, fault);
    }
    return outcome;
}

static enum outcome settle_zone(
    struct book_txn *txn, int64_t *version, struct arena *arena, struct fault *fault)
{
    struct calendar_version *newest = NULL;
    int offset = txn_options(txn)->utc_offset_minutes;
    enum outcome outcome = *version ? OUTCOME_DONE : calendar_versions(txn, 1, &newest, arena, fault);
    if (outcome || !newest || newest->utc_offset == offset)
        return outcome;
    const char *reason = arena_printf(arena, "Zona waktu kantor menjadi %s.", words_date_zone(offset));
    return reason ? timetable_new_version(txn, 0, reason, version, fault)
                  : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a version");
}

enum outcome clocks_settle(
    struct book_txn *txn, const struct office *office, struct arena *arena, struct fault *fault)
{
    enum clocks_step step;
    const struct embedded_file *file = embedded_find("config/libur-nasional.json");
    struct holiday *days = arena_alloc(arena, HOLIDAYS_MOST * sizeof *days);
    char problem[HOLIDAY_PROBLEM] = "";
    bool no_memory = !days;
    int64_t version = 0;
    size_t count = file && days ? holidays_read(file->data, file->size, days, problem, &no_memory) : 0;
    if (no_memory)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the shipped holidays");
    if (!count)
        return fault_set(fault, OUTCOME_STOP, NULL, "the shipped holidays cannot be read: %s", problem);
    enum outcome outcome = settle_days(txn, &version, days, count, fault);
    if (!outcome)
        outcome = settle_zone(txn, &version, arena, fault);
    return outcome ? outcome : warn_of_calendar(txn, office, &step, arena, fault);
}
