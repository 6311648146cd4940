/* A complaint's clocks through its life, step by step with a held clock; WIB. */
#include "tests/support/scratch_desk.h"

#include "daemon/base/str.h"
#include "daemon/book/calendar.h"
#include "daemon/book/notice.h"
#include "daemon/book/sheet.h"
#include "daemon/book/timetable.h"
#include "daemon/book/verify.h"
#include "daemon/desk/clocks.h"
#include "daemon/desk/correspond.h"

enum { WIB = 420, HOUR = 3600000 };

static int64_t at(const char *date, int hour, int minute)
{
    int32_t day;
    assert_true(workday_parse(date, &day));
    return workday_end_ms(day - 1, WIB) + 1 + hour * (int64_t)HOUR + minute * 60000;
}

static int64_t end_of(const char *date)
{
    int32_t day;
    assert_true(workday_parse(date, &day));
    return workday_end_ms(day, WIB);
}

struct office_people {
    const struct officer *petugas, *kasi, *sekcam, *camat;
} people;

static enum outcome make_people(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    people.petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    people.kasi = scratch_officer(txn, "darmawan", ROLE_KASI);
    people.sekcam = scratch_officer(txn, "endang", ROLE_SEKCAM);
    people.camat = scratch_officer(txn, "hartono", ROLE_CAMAT);
    return clocks_settle(txn, &scratch_office, scratch_arena, fault);
}

static struct intake_result taken;

static enum outcome take(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct inbound in = scratch_mail(arg, "siti@contoh.example");
    (void)fault;
    taken = scratch_take(txn, "email:kantor", &in);
    return OUTCOME_DONE;
}

static int64_t take_at(int64_t now)
{
    static int n;
    char external[24];
    snprintf(external, sizeof external, "1/%d", ++n);
    scratch_now = now;
    assert_int_equal(scratch_write(take, external), OUTCOME_DONE);
    assert_string_equal(taken.outcome, "dibuka");
    return taken.complaint_id;
}

struct doing_act {
    int64_t id;
    enum action action;
    const struct officer *officer;
    const char *text;
    int64_t due_at;
};

static enum outcome do_act(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct doing_act *d = arg;
    bool queued;
    const struct act act = {.complaint_id = d->id,
        .action = d->action,
        .officer = d->officer,
        .text = d->text,
        .section_id = d->action == ACTION_DISPOSISI ? scratch_section(txn, "seksi_trantib") : 0,
        .due_at = d->due_at};
    return act_on(txn, &scratch_office, &act, &queued, scratch_arena, fault);
}

static void act_at(int64_t now, int64_t id, enum action action, const struct officer *officer)
{
    struct doing_act d = {id, action, officer, "Keterangan.", end_of("2026-11-27")};
    scratch_now = now;
    struct fault fault = {0};
    if (book_run(scratch_book, true, do_act, &d, &fault))
        fail_msg("%s: %s", action_key(action), fault.public_text);
}

struct step_taken {
    enum clocks_step step;
    int64_t id, next;
};

static enum outcome one_step(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct step_taken *s = arg;
    return clocks_step(txn, &scratch_office, &s->step, &s->id, &s->next, scratch_arena, fault);
}

/* All that is due at that time; how many reminders, closings. */
static int run_at(int64_t now)
{
    int told = 0;
    scratch_now = now;
    for (struct step_taken s = {.step = CLOCKS_TOLD}; s.step != CLOCKS_REST; told += s.step == CLOCKS_TOLD)
        assert_int_equal(scratch_write(one_step, &s), OUTCOME_DONE);
    return told;
}

struct seen {
    int64_t id;
    struct complaint c;
    struct clocks k;
    struct event *events;
};

static enum outcome look(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct seen *s = arg;
    enum outcome outcome = complaint_get(txn, s->id, &s->c, scratch_arena, fault);
    if (!outcome)
        outcome = clocks_get(txn, s->id, &s->k, fault);
    return outcome ? outcome : event_list(txn, s->id, &s->events, scratch_arena, fault);
}

static struct seen see(int64_t id)
{
    struct seen s = {.id = id};
    assert_int_equal(scratch_read(look, &s), OUTCOME_DONE);
    assert_int_equal(s.c.due_at && state_open(s.c.state) ? clocks_due(&s.k) : 0,
        state_open(s.c.state) ? s.c.due_at : 0); /* what lists show is what the clock says */
    return s;
}

/* The data of the newest event of that kind; fails when there is none. */
static json_t *newest(int64_t id, const char *kind)
{
    struct seen s = see(id);
    json_t *data = NULL;
    for (const struct event *e = s.events; e; e = e->next)
        if (!strcmp(e->kind, kind)) {
            json_decref(data);
            data = json_loads(e->data, 0, NULL);
        }
    if (!data)
        fail_msg("no %s in the history", kind);
    return data;
}

static int count_events(int64_t id, const char *kind)
{
    int n = 0;
    for (const struct event *e = see(id).events; e; e = e->next)
        n += !strcmp(e->kind, kind);
    return n;
}

struct unread {
    int64_t officer_id;
    const char *kind;
    int count;
};

static enum outcome count_unread(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct unread *u = arg;
    struct notice *n = NULL;
    int64_t total;
    enum outcome outcome = notice_unread(txn, u->officer_id, 500, &n, &total, scratch_arena, fault);
    for (u->count = 0; n; n = n->next)
        u->count += !strcmp(n->kind, u->kind);
    return outcome;
}

static int unread(const struct officer *o, const char *kind)
{
    struct unread u = {o->id, kind, 0};
    assert_int_equal(scratch_read(count_unread, &u), OUTCOME_DONE);
    return u.count;
}

struct change {
    const char *day;
};

static enum outcome add_day(struct book_txn *txn, void *arg, struct fault *fault)
{
    int64_t version = 0;
    bool new;
    struct calendar_day day = {.name = "Libur daerah", .kind = "libur_daerah", .source = "petugas"};
    assert_true(workday_parse(((struct change *)arg)->day, &day.day));
    enum outcome outcome = timetable_new_version(txn, 0, "Hari jadi kota ditambahkan.", &version, fault);
    return outcome ? outcome : calendar_add(txn, &day, version, &new, fault);
}

/* ---- tests ---- */

static void a_complaint_has_its_limits_from_the_first_moment(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-11-20", 10, 0));
    struct seen s = see(id);
    assert_int_equal(s.c.due_at, end_of("2026-12-10"));     /* 14 working days */
    assert_int_equal(s.k.limits.law, end_of("2027-01-19")); /* 60 days */
    assert_int_equal(s.k.stage, STAGE_VERIFIKASI);
    assert_int_equal(s.k.stage_due, end_of("2026-11-25"));
    assert_int_equal(s.k.version, 1);
    assert_true(s.k.next_at > scratch_now);
}

static void a_complaint_over_the_joint_leave_gets_those_days(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-12-17", 10, 0));
    assert_int_equal(see(id).c.due_at, end_of("2027-01-08")); /* 24 and 25 December are free */
}

static void waiting_for_the_citizen_is_not_counted(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-11-20", 10, 0));
    act_at(at("2026-11-23", 9, 0), id, ACTION_TANYA, people.petugas);
    struct seen s = see(id);
    assert_int_equal(s.k.stage, STAGE_DILENGKAPI);
    assert_int_equal(s.k.stage_due, end_of("2026-12-07"));
    assert_int_equal(run_at(at("2026-12-04", 9, 0)), 0); /* nobody is reminded meanwhile */
    act_at(at("2026-12-04", 10, 0), id, ACTION_LENGKAP, people.petugas);
    s = see(id);
    assert_int_equal(s.c.due_at, end_of("2026-12-23")); /* nine working days later */
    assert_int_equal(s.k.limits.law, end_of("2027-01-30"));
    json_t *data = newest(id, "tenggat");
    assert_int_equal(json_integer_value(json_object_get(data, "menjadi")), end_of("2026-12-23"));
    assert_int_equal(json_integer_value(json_object_get(data, "dari")), end_of("2026-12-10"));
    assert_non_null(strstr(json_string_value(json_object_get(data, "why")), "menunggu pengadu"));
    json_decref(data);
}

static enum outcome find_word(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)fault;
    assert_non_null(strstr(scratch_row(txn, *(int64_t *)arg, "diarsipkan")->payload, "belum kami terima"));
    return OUTCOME_DONE;
}

static void a_question_that_is_never_answered_is_archived_by_itself(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-11-20", 10, 0));
    act_at(at("2026-11-23", 9, 0), id, ACTION_TANYA, people.petugas);
    assert_int_equal(run_at(end_of("2026-12-07")), 0);
    assert_int_equal(run_at(end_of("2026-12-07") + 1), 0); /* not at midnight */
    assert_int_equal(see(id).c.state, STATE_PERLU_DILENGKAPI);
    assert_int_equal(run_at(at("2026-12-08", 7, 30)), 1);
    struct seen s = see(id);
    assert_int_equal(s.c.state, STATE_DIARSIPKAN);
    assert_false(s.k.running);
    assert_int_equal(run_at(at("2027-02-08", 9, 0)), 0);
    assert_int_equal(unread(people.petugas, "arsipkan"), 1);
    assert_int_equal(scratch_read(find_word, &id), OUTCOME_DONE); /* and the citizen hears of it */
}

static int64_t answered(void)
{
    int64_t id = take_at(at("2026-11-20", 10, 0));
    act_at(at("2026-11-20", 11, 0), id, ACTION_VERIFIKASI, people.petugas);
    act_at(at("2026-11-20", 11, 0), id, ACTION_TERUSKAN, people.petugas);
    act_at(at("2026-11-20", 11, 0), id, ACTION_SETUJUI, people.sekcam);
    act_at(at("2026-11-20", 12, 0), id, ACTION_JAWAB, people.petugas);
    return id;
}

static void an_answer_without_an_echo_is_closed_by_itself(void **state)
{
    (void)state;
    int64_t id = answered();
    assert_int_equal(see(id).k.stage_due, end_of("2026-12-04"));
    assert_int_equal(run_at(at("2026-12-04", 15, 0)), 0);
    assert_int_equal(run_at(at("2026-12-07", 8, 0)), 1);
    assert_int_equal(see(id).c.state, STATE_DITUTUP);
    assert_int_equal(count_events(id, "tutup"), 1);
}

static void one_that_is_opened_again_begins_anew(void **state)
{
    (void)state;
    int64_t id = answered();
    act_at(at("2026-12-01", 9, 0), id, ACTION_BUKA_KEMBALI, people.petugas);
    struct seen s = see(id);
    assert_int_equal(s.c.due_at, end_of("2026-12-21"));
    assert_int_equal(s.k.told, 0);
    json_t *data = newest(id, "tenggat");
    assert_non_null(strstr(json_string_value(json_object_get(data, "why")), "dibuka kembali"));
    json_decref(data);
}

static void the_date_given_to_a_section_rules_while_it_has_it(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-11-20", 10, 0));
    act_at(at("2026-11-20", 11, 0), id, ACTION_VERIFIKASI, people.petugas);
    act_at(at("2026-11-20", 11, 0), id, ACTION_DISPOSISI, people.sekcam);
    assert_int_equal(see(id).c.due_at, end_of("2026-11-27"));
    /* A date behind the law's and the promise's moves neither. */
    struct doing_act late = {id, ACTION_DISPOSISI, people.sekcam, "Lagi.", end_of("2027-06-30")};
    assert_int_equal(scratch_write(do_act, &late), OUTCOME_DONE);
    assert_int_equal(see(id).c.due_at, end_of("2026-12-10"));
}

static void a_changed_calendar_moves_open_deadlines_and_says_why(void **state)
{
    (void)state;
    struct change change = {"2026-12-02"}, past = {"2026-11-03"};
    int64_t id = take_at(at("2026-11-20", 10, 0)), done = answered();
    int64_t version = see(id).c.version, before = see(done).c.due_at;
    assert_int_equal(scratch_write(add_day, &change), OUTCOME_DONE);
    assert_int_equal(run_at(at("2026-11-21", 10, 0)), 0);
    struct seen s = see(id);
    assert_int_equal(s.c.due_at, end_of("2026-12-11"));
    assert_int_equal(s.k.version, 2);
    assert_int_equal(s.c.version, version); /* who has the page open has not been overtaken */
    json_t *data = newest(id, "tenggat");
    assert_string_equal(json_string_value(json_object_get(data, "why")), "Hari jadi kota ditambahkan.");
    assert_int_equal(json_integer_value(json_object_get(data, "calendar")), 2);
    json_decref(data);
    assert_int_equal(see(done).c.due_at, before); /* what is answered keeps the date it was answered by */
    assert_int_equal(see(done).k.stage_due, end_of("2026-12-07"));
    /* A day that no deadline runs over moves none, and no event says so. */
    assert_int_equal(scratch_write(add_day, &past), OUTCOME_DONE);
    run_at(at("2026-11-21", 11, 0));
    assert_int_equal(see(id).k.version, 3);
    assert_int_equal(count_events(id, "tenggat"), 1);
}

static void who_is_late_is_told_upwards_step_by_step(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-11-20", 10, 0));
    act_at(at("2026-11-20", 11, 0), id, ACTION_VERIFIKASI, people.petugas);
    for (int64_t now = scratch_now; now < at("2026-12-10", 23, 0); now += HOUR)
        run_at(now);
    assert_int_equal(unread(people.petugas, "pengingat"), 2); /* 50 and 80 per cent */
    assert_int_equal(unread(people.kasi, "terlambat"), 0);
    static const struct {
        const char *day;
        int kasi, sekcam, camat;
    } days[] = {{"2026-12-11", 1, 0, 0}, {"2026-12-12", 1, 0, 0}, {"2026-12-14", 2, 0, 0},
        {"2026-12-15", 3, 1, 0}, {"2026-12-16", 4, 1, 0}, {"2026-12-17", 5, 1, 0}, {"2026-12-18", 6, 1, 0},
        {"2026-12-21", 7, 1, 1}, {"2026-12-22", 8, 1, 1}, {"2026-12-25", 9, 1, 1}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (!strcmp(days[i].day, "2026-12-25"))
            run_at(at("2026-12-23", 9, 0));
        run_at(at(days[i].day, 9, 0));
        assert_int_equal(run_at(at(days[i].day, 14, 0)), 0); /* once a day */
        assert_int_equal(unread(people.kasi, "terlambat"), days[i].kasi);
        assert_int_equal(unread(people.sekcam, "terlambat"), days[i].sekcam);
        assert_int_equal(unread(people.camat, "terlambat"), days[i].camat);
    }
    json_t *data = newest(id, "terlambat");
    assert_int_equal(json_integer_value(json_object_get(data, "late")), 9);
    json_decref(data);
}

static void a_clock_that_jumps_neither_skips_nor_repeats(void **state)
{
    (void)state;
    int64_t id = take_at(at("2026-11-20", 10, 0));
    act_at(at("2026-11-20", 11, 0), id, ACTION_VERIFIKASI, people.petugas);
    assert_int_equal(run_at(at("2026-12-14", 9, 0)), 1); /* months of being off: the highest alone */
    assert_int_equal(see(id).k.told, 102);
    assert_int_equal(unread(people.petugas, "pengingat"), 0);
    assert_int_equal(run_at(at("2026-11-24", 9, 0)), 0); /* and back */
    assert_int_equal(run_at(at("2026-12-14", 10, 0)), 0);
    assert_int_equal(run_at(at("2026-12-15", 8, 0)), 1);
    assert_int_equal(count_events(id, "terlambat"), 2);
}

static void a_reminder_that_was_not_committed_is_told_again_whole(void **state)
{
    (void)state;
    struct step_taken s = {0};
    int64_t id = take_at(at("2026-11-20", 10, 0));
    scratch_now = at("2026-11-24", 9, 0);
    struct fault fault;
    /* A reader cannot write: the transaction that tells it is rolled back, and nothing of it is left. */
    assert_int_not_equal(book_run(scratch_book, false, one_step, &s, &fault), OUTCOME_DONE);
    assert_int_equal(count_events(id, "pengingat"), 0);
    scratch_close();
    scratch_open(NULL);
    assert_int_equal(run_at(at("2026-11-24", 9, 0)), 1);
    assert_int_equal(count_events(id, "pengingat"), 1);
}

/* What waits on that channel (NULL = e-mail) and has these words. */
struct letters {
    const char *channel;
    const char *words;
    int count;
};

static enum outcome count_waiting(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    size_t n;
    struct letters *l = arg;
    l->count = 0;
    DONE(outbox_claim(txn, l->channel ? l->channel : "email", 1000, &rows, &n, scratch_arena, fault));
    for (size_t i = 0; i < n; i++)
        l->count += strstr(rows[i].payload, l->words) != NULL;
    return OUTCOME_DONE;
}

static enum outcome choose(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    enum outcome outcome =
        officer_set_reminders(txn, people.sekcam->id, false, true, "+6281234567890", fault);
    return outcome;
}

struct rows {
    int64_t id;
    int mails, chats;
};

static enum outcome count_rows(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct rows *r = arg;
    struct outbox_row *rows;
    size_t n;
    enum outcome outcome = outbox_list(txn, r->id, &rows, &n, scratch_arena, fault);
    r->mails = r->chats = 0;
    for (size_t i = 0; !outcome && i < n; i++)
        if (strstr(rows[i].payload, "Terlambat") || strstr(rows[i].payload, "terlambat 3 hari kerja")) {
            r->mails += !strcmp(rows[i].channel, "email");
            r->chats += !strcmp(rows[i].channel, "gateway:wa");
        }
    return outcome;
}

static void each_is_reminded_as_he_chose(void **state)
{
    (void)state;
    struct rows r = {.id = take_at(at("2026-11-20", 10, 0))};
    act_at(at("2026-11-20", 11, 0), r.id, ACTION_VERIFIKASI, people.petugas);
    run_at(at("2026-12-15", 9, 0)); /* three working days late: the Sekcam hears of it, who has an address */
    assert_int_equal(scratch_read(count_rows, &r), OUTCOME_DONE);
    assert_int_equal(r.mails, 1);
    assert_int_equal(r.chats, 0);
    assert_int_equal(scratch_write(choose, NULL), OUTCOME_DONE);
    struct rows other = {.id = take_at(at("2026-11-20", 10, 0))};
    act_at(at("2026-11-20", 11, 0), other.id, ACTION_VERIFIKASI, people.petugas);
    run_at(at("2026-12-15", 9, 0));
    assert_int_equal(scratch_read(count_rows, &other), OUTCOME_DONE);
    assert_int_equal(other.mails, 0);
    assert_int_equal(other.chats, 1);
    struct letters messages = {.channel = "mqtt", .words = "/pengingat/endang\""};
    DONE(scratch_write(count_waiting, &messages));
    assert_int_equal(messages.count, 1);
}

/* ---- formal requests for information ---- */

static enum outcome take_question(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct inbound in = scratch_mail(arg, "siti@contoh.example");
    (void)fault;
    in.kind_word = "informasi";
    taken = scratch_take(txn, "email:kantor", &in);
    return OUTCOME_DONE;
}

struct limiting {
    int64_t id;
    const char *reason;
    bool longer;
    struct fault fault;
};

static enum outcome set_limit(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct limiting *l = arg;
    return l->longer ? correspond_extend(
                           txn, &scratch_office, people.petugas, l->id, 0, l->reason, scratch_arena, fault)
                     : correspond_formal(txn, people.petugas, l->id, 0, l->reason, scratch_arena, fault);
}

/* "" = it was done, else why not. */
static const char *limit_at(int64_t now, int64_t id, bool longer, const char *reason)
{
    static struct fault fault;
    struct limiting l = {.id = id, .reason = reason, .longer = longer};
    fault = (struct fault){0};
    scratch_now = now;
    enum outcome outcome = book_run(scratch_book, true, set_limit, &l, &fault);
    return outcome ? fault.public_text : "";
}

static enum outcome read_letter(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct limiting *l = arg;
    (void)fault;
    l->reason = scratch_row(txn, l->id, "perpanjangan")->payload;
    return OUTCOME_DONE;
}

static void a_formal_request_has_its_own_limit_and_a_longer_one_once_for_a_reason(void **state)
{
    (void)state;
    scratch_now = at("2026-11-20", 10, 0);
    DONE(scratch_write(take_question, "2/1"));
    int64_t id = taken.complaint_id;
    assert_int_equal(see(id).c.due_at, end_of("2026-11-27"));
    assert_string_equal(limit_at(at("2026-11-23", 9, 0), id, true, "Dokumen lama."),
        "Hanya permohonan resmi (PPID) yang dapat diperpanjang.");
    assert_string_equal(
        limit_at(at("2026-11-23", 9, 0), id, false, " "), "Isi dahulu mengapa ini permohonan resmi.");
    assert_string_equal(limit_at(at("2026-11-23", 9, 0), id, false, "Diajukan dengan formulir PPID."), "");
    assert_int_equal(see(id).c.due_at, end_of("2026-12-04"));
    json_t *moved = newest(id, "tenggat");
    assert_string_equal(
        json_string_value(json_object_get(moved, "why")), "Permohonan informasi resmi (PPID), UU 14/2008.");
    json_decref(moved);
    assert_string_equal(limit_at(at("2026-11-23", 9, 0), id, false, "Lagi."), "Ini sudah permohonan resmi.");

    assert_string_equal(
        limit_at(at("2026-12-03", 9, 0), id, true, ""), "Isi dahulu alasannya; pemohon akan membacanya.");
    assert_string_equal(limit_at(at("2026-12-03", 9, 0), id, true, "Dokumennya di gudang arsip."), "");
    struct seen s = see(id);
    assert_int_equal(s.c.due_at, end_of("2026-12-15"));
    assert_int_equal(s.k.limits.law, 0);
    assert_int_equal(count_events(id, "ppid"), 1);
    assert_int_equal(count_events(id, "perpanjang"), 1);
    assert_int_equal(count_events(id, "tenggat"), 2);
    struct limiting letter = {.id = id};
    DONE(scratch_read(read_letter, &letter));
    assert_non_null(strstr(letter.reason, "Dokumennya di gudang arsip."));
    assert_non_null(strstr(letter.reason, "15 Desember 2026"));
    assert_string_equal(limit_at(at("2026-12-03", 9, 0), id, true, "Lagi."),
        "Batas permohonan ini sudah pernah diperpanjang.");
}

static void what_is_late_or_no_request_gets_no_longer_limit(void **state)
{
    (void)state;
    scratch_now = at("2026-11-20", 10, 0);
    DONE(scratch_write(take_question, "2/2"));
    int64_t id = taken.complaint_id;
    assert_string_equal(limit_at(at("2026-11-20", 11, 0), id, false, "Formulir PPID."), "");
    assert_string_equal(limit_at(at("2026-12-05", 9, 0), id, true, "Terlambat."),
        "Batasnya sudah lewat; perpanjangan harus diberitahukan sebelumnya.");
    int64_t complaint = take_at(at("2026-11-20", 10, 0));
    assert_string_equal(limit_at(at("2026-11-20", 11, 0), complaint, false, "Formulir."),
        "Hanya permintaan informasi yang belum dijawab yang dapat menjadi permohonan resmi.");
    assert_int_equal(see(complaint).k.formal_at, 0);
}

/* ---- sheets of oversight ---- */

struct sheets {
    struct sheet *list; /* newest first */
};

static enum outcome read_sheets(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct sheets *s = arg;
    return sheet_list(txn, 1u << SHEET_HARIAN | 1u << SHEET_MINGGUAN, 0, 100, &s->list, scratch_arena, fault);
}

/* "h24 m24 h25": kinds and days of the month, oldest first. */
static const char *made_sheets(void)
{
    struct sheets s;
    struct str out;
    static char text[400];
    DONE(scratch_read(read_sheets, &s));
    str_init(&out, sizeof text - 1);
    const struct sheet *list[100];
    size_t n = 0;
    for (; s.list; s.list = s.list->next)
        list[n++] = s.list;
    while (n--) {
        int year, month, day;
        workday_to_date(list[n]->day, &year, &month, &day);
        str_addf(&out, "%s%c%d", out.len ? " " : "", sheet_key(list[n]->kind)[0], day);
    }
    snprintf(text, sizeof text, "%s", out.data);
    str_release(&out);
    return text;
}

static void a_sheet_is_made_each_working_day_and_each_week_and_none_twice(void **state)
{
    (void)state;
    run_at(at("2026-11-20", 9, 30)); /* nothing to watch yet */
    take_at(at("2026-11-20", 10, 0));
    run_at(at("2026-11-20", 15, 0)); /* the book was begun after the hour */
    assert_string_equal(made_sheets(), "");
    run_at(at("2026-11-22", 12, 0)); /* Sunday */
    run_at(at("2026-11-23", 7, 59));
    assert_string_equal(made_sheets(), "");
    run_at(at("2026-11-23", 8, 0));
    assert_string_equal(made_sheets(), "h23 m23");
    run_at(at("2026-11-23", 8, 1));
    scratch_close(); /* a restart */
    scratch_open(NULL);
    run_at(at("2026-11-23", 14, 0));
    run_at(at("2026-11-22", 9, 0)); /* a clock that goes back */
    assert_string_equal(made_sheets(), "h23 m23");
    run_at(at("2026-11-24", 8, 0));
    assert_string_equal(made_sheets(), "h23 m23 h24");
    run_at(at("2026-12-01", 11, 0)); /* off for a week: one that begins where the last ended */
    assert_string_equal(made_sheets(), "h23 m23 h24 h1 m30");
    struct sheets s;
    DONE(scratch_read(read_sheets, &s));
    assert_int_equal(s.list->from_at, at("2026-11-23", 8, 0));       /* the week */
    assert_int_equal(s.list->next->from_at, at("2026-11-24", 8, 0)); /* the day */
    assert_int_equal(s.list->at, at("2026-12-01", 11, 0));
    struct letters letters = {.words = "Lembar mingguan, "};
    DONE(scratch_write(count_waiting, &letters)); /* to the Sekcam, who has an address */
    assert_int_equal(letters.count, 2);
}

static enum outcome read_data(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct sheet *sheet = arg;
    return sheet_get(txn, sheet->id, sheet, scratch_arena, fault);
}

static enum outcome make_secret(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c;
    DONE(complaint_get(txn, *(int64_t *)arg, &c, scratch_arena, fault));
    c.confidentiality = "rahasia";
    return complaint_update(txn, &c, fault);
}

static void a_sheet_counts_what_its_reader_may_see(void **state)
{
    (void)state;
    int64_t open = take_at(at("2026-11-20", 10, 0)), secret = take_at(at("2026-11-20", 11, 0));
    DONE(scratch_write(make_secret, &secret));
    run_at(at("2026-11-23", 9, 0));
    run_at(at("2026-12-21", 9, 0)); /* both are late by then */
    struct sheets s;
    DONE(scratch_read(read_sheets, &s));
    for (; s.list->at == at("2026-12-21", 9, 0); s.list = s.list->next) {
        struct sheet whole = *s.list;
        DONE(scratch_read(read_data, &whole));
        json_t *data = json_loads(whole.data, 0, NULL);
        bool weekly = s.list->kind == SHEET_MINGGUAN;
        const json_t *rows = json_object_get(data, "rows");
        assert_int_equal(json_array_size(rows), weekly ? 2 : 1);
        assert_int_equal(json_integer_value(json_object_get(data, "late")), weekly ? 2 : 1);
        assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "id")), open);
        assert_int_equal(json_integer_value(json_object_get(data, "more")), 0);
        json_decref(data);
    }
}

static void a_sheet_that_was_not_committed_is_made_whole_later(void **state)
{
    (void)state;
    struct step_taken s = {0};
    take_at(at("2026-11-20", 15, 20));
    scratch_now = at("2026-11-23", 8, 0);
    assert_int_not_equal(book_run(scratch_book, false, one_step, &s, NULL), OUTCOME_DONE);
    assert_string_equal(made_sheets(), "");
    run_at(at("2026-11-23", 8, 0));
    assert_string_equal(made_sheets(), "h23 m23");
}

static enum outcome settle_again(struct book_txn *txn, void *arg, struct fault *fault)
{
    int64_t version = 0;
    bool was;
    struct calendar_day *days = NULL;
    struct calendar_version *versions = NULL;
    int32_t christmas;
    (void)arg;
    assert_true(workday_parse("2026-12-24", &christmas));
    DONE(calendar_days(txn, christmas, christmas, &days, scratch_arena, fault));
    DONE(timetable_new_version(txn, 0, "Dibuka.", &version, fault));
    DONE(calendar_remove(txn, days->id, version, &was, fault));
    DONE(clocks_settle(txn, &scratch_office, scratch_arena, fault));
    DONE(calendar_versions(txn, 10, &versions, scratch_arena, fault));
    assert_int_equal(versions->id, version); /* nothing was added by the next start */
    const struct timetable *t;
    DONE(timetable_get(txn, &t, fault));
    assert_true(workday_is(christmas, &t->calendar));
    return OUTCOME_DONE;
}

static void a_shipped_day_that_was_taken_out_stays_out(void **state)
{
    (void)state;
    assert_int_equal(scratch_write(settle_again, NULL), OUTCOME_DONE);
}

static enum outcome hire_admin(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct officer admin = {
        .login = "adi", .name = "Adi", .role = ROLE_ADMIN, .email = "adi@kedopok.example"};
    (void)arg;
    return officer_add(txn, &admin, "$argon2id$", fault);
}

static void in_november_the_admins_hear_once_that_next_years_holidays_are_missing(void **state)
{
    (void)state;
    struct letters told = {.words = "Hari libur 2028"};
    assert_int_equal(scratch_write(hire_admin, NULL), OUTCOME_DONE);
    run_at(at("2027-10-31", 23, 0));
    assert_int_equal(scratch_write(count_waiting, &told), OUTCOME_DONE);
    assert_int_equal(told.count, 0);
    run_at(at("2027-11-01", 1, 0));
    run_at(at("2027-12-01", 9, 0));
    assert_int_equal(scratch_write(count_waiting, &told), OUTCOME_DONE);
    assert_int_equal(told.count, 1);
}

static enum outcome own_numbers(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct timetable *t;
    struct deadline_terms terms;
    const struct deadline_terms own = {3, 0};
    int64_t version = 0, due = 0;
    (void)arg;
    DONE(timetable_new_version(txn, 0, "Angka kantor.", &version, fault));
    DONE(timetable_set_term(txn, TERM_INFORMASI, 2, fault));
    DONE(timetable_set_service(txn, 1, &own, fault));
    DONE(timetable_set_shift(txn, false, 5, (struct office_shift){450, 720}, fault)); /* Saturdays */
    DONE(timetable_get(txn, &t, fault));
    assert_int_equal(t->terms[TERM_INFORMASI], 2);
    assert_int_equal(t->calendar.weekdays, 0x3f);
    DONE(timetable_terms(txn, t, "pengaduan", 1, &terms, fault));
    assert_int_equal(terms.working_days, 3);
    assert_int_equal(terms.calendar_days, 60); /* the law's stays */
    DONE(clocks_promise(txn, "pengaduan", 1, &due, fault));
    assert_int_equal(due, end_of("2026-11-24")); /* a Friday: Saturday, Monday, Tuesday */
    return OUTCOME_DONE;
}

static void an_office_has_its_own_numbers_and_hours(void **state)
{
    (void)state;
    scratch_now = at("2026-11-20", 10, 0);
    assert_int_equal(scratch_write(own_numbers, NULL), OUTCOME_DONE);
}

static enum outcome verify_all(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct verify_report report;
    (void)arg;
    return verify_in_pieces(txn, NULL, &report, fault);
}

/* After every test the book is whole. */
static int teardown(void **state)
{
    struct fault fault;
    if (book_run_aside(scratch_book, verify_all, NULL, &fault))
        fail_msg("%s", fault.public_text);
    return scratch_teardown(state);
}

static int setup(void **state)
{
    int failed = scratch_setup(state);
    scratch_now = at("2026-11-20", 9, 0);
    return failed || scratch_write(make_people, NULL) != OUTCOME_DONE;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_complaint_has_its_limits_from_the_first_moment),
        CASE(a_complaint_over_the_joint_leave_gets_those_days),
        CASE(waiting_for_the_citizen_is_not_counted),
        CASE(a_question_that_is_never_answered_is_archived_by_itself),
        CASE(an_answer_without_an_echo_is_closed_by_itself),
        CASE(one_that_is_opened_again_begins_anew),
        CASE(the_date_given_to_a_section_rules_while_it_has_it),
        CASE(a_changed_calendar_moves_open_deadlines_and_says_why),
        CASE(who_is_late_is_told_upwards_step_by_step),
        CASE(a_clock_that_jumps_neither_skips_nor_repeats),
        CASE(a_reminder_that_was_not_committed_is_told_again_whole),
        CASE(each_is_reminded_as_he_chose),
        CASE(a_formal_request_has_its_own_limit_and_a_longer_one_once_for_a_reason),
        CASE(what_is_late_or_no_request_gets_no_longer_limit),
        CASE(a_sheet_is_made_each_working_day_and_each_week_and_none_twice),
        CASE(a_sheet_counts_what_its_reader_may_see),
        CASE(a_sheet_that_was_not_committed_is_made_whole_later),
        CASE(a_shipped_day_that_was_taken_out_stays_out),
        CASE(in_november_the_admins_hear_once_that_next_years_holidays_are_missing),
        CASE(an_office_has_its_own_numbers_and_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
