/* A year of an office in a scratch book with a held clock: citizens complain, officers act (seeded: the same seed is the same
 * year), the clockwork takes its steps. At the end every reminder and every ending is recounted from the history another way.
 *
 *     year [COMPLAINTS [SEED]]      last line: "N passed, 0 failed"; exit 1 when something does not add up */
#include "tests/support/scratch_desk.h"

#include "daemon/book/sheet.h"
#include "daemon/book/timetable.h"
#include "daemon/book/verify.h"
#include "daemon/desk/clocks.h"

enum { WIB = 420, HOUR = 3600000, LOOKS = 4, TAIL_DAYS = 60 };

struct running {
    int64_t id, act_at;
    enum state state;
    bool silent; /* the citizen will not answer, or is content */
};

static struct year {
    int complaints, arrived, acts, steps;
    uint64_t seed;
    struct running *all;
    const struct officer *petugas, *kasi, *sekcam, *camat;
    int passed, failed, late;
    int32_t first, last; /* days */
} year;

static void check(bool right, const char *what, int64_t id)
{
    year.passed += right;
    year.failed += !right;
    if (!right && year.failed < 20)
        printf("aduan %lld: %s\n", (long long)id, what);
}

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t z = (year.seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int below(int n)
{
    return (int)(draw() % (unsigned)n);
}

static int64_t hours_from_now(int least, int most)
{
    return scratch_now + (least + below(most - least + 1)) * (int64_t)HOUR;
}

/* ---- the people ---- */

/* Mostly within days, now and then far too late. */
static int64_t when_officers_come_to_it(void)
{
    return below(20) ? hours_from_now(1, 72) : hours_from_now(200, 900);
}

static enum action what_next(struct running *r)
{
    int dice = below(100);
    switch (r->state) {
    case STATE_MASUK:
        return dice < 85   ? ACTION_VERIFIKASI
               : dice < 95 ? ACTION_TANYA
               : dice < 98 ? ACTION_RUJUK
                           : ACTION_ARSIPKAN;
    case STATE_PERLU_DILENGKAPI:
        return ACTION_LENGKAP;
    case STATE_DIVERIFIKASI:
    case STATE_DIBUKA_KEMBALI:
        return ACTION_TERUSKAN;
    case STATE_DITERUSKAN:
        return dice < 20 ? ACTION_SETUJUI : ACTION_DISPOSISI;
    case STATE_DIDISPOSISIKAN:
        return ACTION_MULAI;
    case STATE_DITINDAKLANJUTI:
        return ACTION_LAPOR;
    case STATE_MENUNGGU_PERSETUJUAN:
        return ACTION_SETUJUI;
    case STATE_DISETUJUI:
        return ACTION_JAWAB;
    default:
        return ACTION_BUKA_KEMBALI;
    }
}

static const struct officer *who(enum action action)
{
    return action == ACTION_DISPOSISI || action == ACTION_SETUJUI ? year.sekcam
           : action == ACTION_MULAI || action == ACTION_LAPOR     ? year.kasi
                                                                  : year.petugas;
}

static void refresh(struct book_txn *txn, struct running *r)
{
    struct complaint c;
    DONE(complaint_get(txn, r->id, &c, scratch_arena, NULL));
    r->state = c.state;
    r->silent = (c.state == STATE_PERLU_DILENGKAPI && !below(3)) ||
                (!state_open(c.state) && (c.state != STATE_DIJAWAB || below(8)));
    r->act_at = c.state == STATE_DIJAWAB || c.state == STATE_PERLU_DILENGKAPI ? hours_from_now(5, 150)
                                                                              : when_officers_come_to_it();
}

static void act_of(struct book_txn *txn, struct running *r)
{
    struct fault fault;
    bool queued;
    const enum action action = what_next(r);
    const struct act act = {.complaint_id = r->id,
        .action = action,
        .officer = who(action),
        .text = "Keterangan.",
        .section_id = action == ACTION_DISPOSISI ? scratch_section(txn, "seksi_pelayanan") : 0,
        .due_at = scratch_now + (3 + below(10)) * 24 * (int64_t)HOUR,
        .told_how = "lisan",
        .told_to = "Pengadu",
        .referred_to = "Dinas Perhubungan"};
    if (act_on(txn, &scratch_office, &act, &queued, scratch_arena, &fault))
        fail_msg("%s: %s", action_key(action), fault.public_text);
    year.acts++;
    refresh(txn, r);
}

static void complain(struct book_txn *txn)
{
    static const char *const kinds[] = {
        "pengaduan", "pengaduan", "pengaduan", "informasi", "aspirasi", "pengaduan_pengawasan"};
    static const char *const channels[] = {"email:kantor", "situs", "loket", "telepon", "gateway:wa"};
    char external[32], from[48];
    snprintf(external, sizeof external, "1/%d", year.arrived);
    snprintf(from, sizeof from, "warga%d@contoh.example", year.arrived);
    struct inbound in = scratch_mail(external, from);
    in.kind_word = kinds[below(6)];
    in.reference_scheme = NULL;
    const char *channel = channels[below(5)];
    if (strcmp(channel, "email:kantor") != 0)
        in.reply_to = NULL;
    struct intake_result result = scratch_take(txn, channel, &in);
    struct running *r = &year.all[year.arrived++];
    *r = (struct running){.id = result.complaint_id};
    refresh(txn, r);
}

/* ---- time ---- */

static int64_t moment(int32_t day, int hour, int minute)
{
    return workday_end_ms(day - 1, WIB) + 1 + hour * (int64_t)HOUR + minute * 60000;
}

static void after_step(struct book_txn *txn, int64_t id)
{
    struct complaint c;
    struct running *r = &year.all[id - 1]; /* ids are given in the order of arrival */
    assert_int_equal(r->id, id);
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    if (c.state != r->state) /* archived, closed */
        refresh(txn, r);
}

/* What happens at one moment, in one transaction: citizens, officers, then the clockwork until it rests. */
static enum outcome one_look(struct book_txn *txn, void *arg, struct fault *fault)
{
    enum clocks_step step = CLOCKS_TOLD;
    int64_t id, next;
    for (int coming = *(const int *)arg; coming; coming--)
        complain(txn);
    for (int i = 0; i < year.arrived; i++)
        if (!year.all[i].silent && year.all[i].act_at <= scratch_now)
            act_of(txn, &year.all[i]);
    while (step != CLOCKS_REST) {
        DONE(clocks_step(txn, &scratch_office, &step, &id, &next, scratch_arena, fault));
        year.steps += step == CLOCKS_TOLD;
        if (step == CLOCKS_TOLD)
            after_step(txn, id);
    }
    return OUTCOME_DONE;
}

static void fresh_arena(void)
{
    arena_free(scratch_arena);
    scratch_arena = arena_new(256 << 20);
    assert_non_null(scratch_arena);
}

static void live(void)
{
    static const int hours[LOOKS] = {7, 10, 13, 16};
    int looks = (year.last - year.first) * LOOKS, look = 0;
    for (int32_t day = year.first; day < year.last + TAIL_DAYS; day++)
        for (int i = 0; i < LOOKS; i++) {
            int until = day < year.last ? (int)((int64_t)year.complaints * ++look / looks) : year.complaints;
            int coming = until - year.arrived;
            scratch_now = moment(day, hours[i], 45);
            fresh_arena();
            DONE(scratch_write(one_look, &coming));
        }
}

/* ---- the same, recounted ---- */

static bool is_free[800];

static bool working(int32_t day)
{
    return day - year.first < 800 && workday_weekday(day) < 5 && !is_free[day - year.first];
}

static int32_t nth_working(int32_t day, int n)
{
    while (n)
        n -= working(++day);
    return day;
}

static int32_t promised(const struct complaint *c)
{
    static const struct {
        const char *kind;
        int working, calendar;
    } rows[] = {
        {"informasi", 5, 0}, {"aspirasi", 14, 0}, {"pengaduan_pengawasan", 60, 60}, {"pengaduan", 14, 60}};
    int32_t day = workday_of_ms(c->received_at, WIB);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].kind, c->kind)) {
            int32_t promise = nth_working(day, rows[i].working), law = day + rows[i].calendar;
            return rows[i].calendar && law < promise ? law : promise;
        }
    fail_msg("kind %s", c->kind);
    return 0;
}

/* What the history of one complaint says. */
struct told {
    int late;                       /* reminders that the answer is late */
    int32_t late_day;               /* of the last one */
    int64_t given_at, given, ended; /* 0 = never */
    bool plain;                     /* never asked, never opened again: can be recounted by hand */
    bool once_a_day, in_hours, rising;
    int step;
};

static void hear(struct told *t, const struct event *e)
{
    json_t *data = json_loads(e->data, 0, NULL);
    const char *what = json_string_value(json_object_get(data, "for"));
    int step = (int)json_integer_value(json_object_get(data, "step"));
    int32_t day = workday_of_ms(e->at, WIB);
    if (!strcmp(e->kind, "tanya") || !strcmp(e->kind, "buka_kembali"))
        t->plain = false;
    if (!strcmp(e->kind, "disposisi") && !t->given) {
        t->given_at = e->at;
        t->given = json_integer_value(json_object_get(data, "due_at"));
    }
    if (!t->ended && (!strcmp(e->kind, "jawab") || !strcmp(e->kind, "rujuk") || !strcmp(e->kind, "arsipkan")))
        t->ended = e->at;
    if (what && !strcmp(what, "dijawab")) {
        bool late = !strcmp(e->kind, "terlambat");
        t->in_hours = t->in_hours && working(day) && e->at < moment(day, 15, 30);
        t->rising = t->rising && (step > t->step || !t->plain);
        t->once_a_day = t->once_a_day && !(late && t->late_day == day);
        t->late += late;
        t->late_day = late ? day : t->late_day;
        t->step = step;
    }
    json_decref(data);
}

/* One reminder on each working day on which it was late and nobody had answered by the morning's look. */
static int expected_late(const struct complaint *c, const struct told *t)
{
    int32_t due = promised(c), last = year.last + TAIL_DAYS - 1;
    int n = 0;
    for (int32_t day = workday_of_ms(c->received_at, WIB); day <= last; day++) {
        int64_t morning = moment(day, 7, 45);
        bool given = t->given && t->given_at <= morning;
        int32_t limit = given && workday_of_ms(t->given, WIB) < due ? workday_of_ms(t->given, WIB) : due;
        n += working(day) && day > limit && (!t->ended || t->ended > morning);
    }
    return n;
}

static void recount(struct book_txn *txn, int64_t id)
{
    struct complaint c;
    struct clocks k;
    struct event *e = NULL;
    struct told t = {.plain = true, .once_a_day = true, .in_hours = true, .rising = true};
    int32_t today = workday_of_ms(scratch_now, WIB);
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    DONE(clocks_get(txn, id, &k, NULL));
    DONE(event_list(txn, id, &e, scratch_arena, NULL));
    for (; e; e = e->next)
        hear(&t, e);
    check(t.in_hours, "pengingat di luar jam kerja", id);
    check(t.once_a_day, "dua pengingat terlambat pada satu hari", id);
    check(t.rising, "pengingat diulang", id);
    if (t.plain) {
        year.late += t.late;
        check(t.late == expected_late(&c, &t), "jumlah pengingat terlambat lain dari hitungan tangan", id);
        check(workday_of_ms(deadline_due(&k.limits), WIB) == promised(&c),
            "tenggat lain dari hitungan tangan", id);
    }
    if (c.state == STATE_DIJAWAB || c.state == STATE_PERLU_DILENGKAPI)
        check(today <= nth_working(workday_of_ms(c.state_since, WIB), 11), "tidak berakhir sendiri", id);
    check(k.running == (state_open(c.state) || c.state == STATE_DIJAWAB), "jam lain dari keadaan", id);
}

static enum outcome recount_all(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)fault;
    for (int i = *(const int *)arg; i < year.arrived && i < *(const int *)arg + 500; i++)
        recount(txn, year.all[i].id);
    return OUTCOME_DONE;
}

/* A sheet for each working day, made at the first look behind its hour, and one for each week; each begins where the one before
 * it ended. */
static enum outcome recount_sheets(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint first;
    (void)arg;
    DONE(complaint_get(txn, year.all[0].id, &first, scratch_arena, fault));
    for (int kind = 0; kind < SHEET_KINDS; kind++) {
        struct sheet *s;
        DONE(sheet_list(txn, 1u << kind, 0, 1000, &s, scratch_arena, fault));
        for (int32_t day = year.last + TAIL_DAYS - 1; day >= year.first; day--) {
            bool due = working(day) && moment(day, 8, 0) >= first.received_at;
            for (int32_t earlier = day - workday_weekday(day); kind == SHEET_MINGGUAN && earlier < day;
                 earlier++)
                due = due && earlier >= year.first && !working(earlier);
            if (!due)
                continue;
            check(s && s->day == day && s->at == moment(day, 10, 45), "lembar pengawasan tidak ada", day);
            check(!s || !s->next || s->from_at == s->next->at, "lembar tidak bersambung", day);
            s = s ? s->next : NULL;
        }
        check(!s, "lembar lebih dari hari kerja", kind);
    }
    return OUTCOME_DONE;
}

static enum outcome verify_all(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct verify_report report;
    (void)arg;
    return verify_in_pieces(txn, NULL, &report, fault);
}

/* ---- the whole ---- */

static enum outcome hire(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    year.petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    year.kasi = scratch_officer(txn, "hadi", ROLE_KASI);
    year.sekcam = scratch_officer(txn, "endang", ROLE_SEKCAM);
    year.camat = scratch_officer(txn, "agus", ROLE_CAMAT);
    DONE(clocks_settle(txn, &scratch_office, scratch_arena, fault));
    const struct timetable *t;
    DONE(timetable_get(txn, &t, fault));
    for (size_t i = 0; i < t->calendar.holiday_count; i++)
        if (t->calendar.holidays[i] >= year.first && t->calendar.holidays[i] - year.first < 800)
            is_free[t->calendar.holidays[i] - year.first] = true;
    return OUTCOME_DONE;
}

static void one_year(void **state)
{
    (void)state;
    struct fault fault;
    year.first = workday_from_date(2026, 1, 1);
    year.last = workday_from_date(2027, 1, 1);
    year.all = calloc((size_t)year.complaints + 1, sizeof *year.all);
    assert_non_null(year.all);
    scratch_now = moment(year.first, 7, 0);
    DONE(scratch_write(hire, NULL));
    struct arena *people = scratch_arena;
    scratch_arena = NULL;
    live();
    for (int i = 0; i < year.arrived; i += 500) {
        fresh_arena();
        DONE(scratch_read(recount_all, &i));
    }
    fresh_arena();
    DONE(scratch_read(recount_sheets, NULL));
    check(!book_run_aside(scratch_book, verify_all, NULL, &fault), "buku tidak utuh", 0);
    check(year.arrived == year.complaints, "aduan hilang", 0);
    check(year.late > 0, "tidak ada yang terlambat: tidak ada yang dihitung", 0);
    free(year.all);
    arena_free(people);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_year, scratch_setup, scratch_teardown)};
    year.complaints = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 20000;
    year.seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 2026;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    printf("%d aduan, %d tindakan petugas, %d langkah jam\n%d passed, %d failed\n", year.arrived, year.acts,
        year.steps, year.passed, year.failed);
    return failed || year.failed || !year.passed;
}
