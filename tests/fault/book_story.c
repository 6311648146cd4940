/* The book and the desk inside one process, with the N-th call of one kind failing: N = 1, 2, 3 ... until none fails.
 *
 *     book_story KIND [STRIDE [ROW]]     under LD_PRELOAD=fault.so PENGADUAND_FAULTS=FILE (tests/fault/test_book.py)
 *
 * STRIDE 0: not by number, but one call of each way to it (its twelve nearest callers) that the story takes.
 *
 * One story: open the book, take in a mail with a small and a large attachment, walk it through the house, claim the
 * letters and write their fates; talk with somebody by WhatsApp, fetch his photograph, hear what became of the answer;
 * search, read, verify; close the first one and make it nameless by the Camat's word; verify, close. Every act may be told LATER, never anything else, and is
 * done again until it is done, with the same book open; ROW calls in a row fail (1). In the end the book must be the one
 * of the story without a fault. The last line is `N gangguan, N gagal`. */
#include "tests/support/scratch_desk.h"

#include "daemon/book/blob.h"
#include "daemon/book/delivery.h"
#include "daemon/book/event.h"
#include "daemon/book/media.h"
#include "daemon/book/message.h"
#include "daemon/book/verify.h"
#include "daemon/desk/dialog.h"
#include "daemon/desk/retention.h"
#include "tests/fault/page.h"
#include <stdatomic.h>
#include <sys/stat.h>

enum { LARGE = 100 * 1000, TRIES_MOST = 200, SURVIVED_TO_END = 3, ROLES = 4, ORDER_SLACK = 200 };

static char template_folder[PATH_MAX + 8];
static struct officer officers[ROLES]; /* petugas, sekcam, seksi, camat */
static int64_t section_id;
static char large[LARGE];
static struct arena *officer_names; /* for the whole program */
static char wrong[1024];
static uint64_t first_call = 1, stride = 1, row = 1;
static unsigned kind_bit;

/* ---- one act, until it is done ---- */

static bool told_otherwise(const char *what, enum outcome outcome, const struct fault *fault)
{
    snprintf(wrong, sizeof wrong, "%s: %s, \"%s\" (%s)", what, outcome_name(outcome), fault->public_text,
        fault->internal);
    return false;
}

static bool until_done(const char *what, bool write, book_work *work, void *arg)
{
    struct fault fault = {0};
    enum outcome outcome = OUTCOME_LATER;
    for (int i = 0; i < TRIES_MOST && outcome == OUTCOME_LATER; i++) {
        arena_free(scratch_arena);
        atomic_store(&page->kinds, atomic_load(&page->kinds) & ~(1u << FAULT_ALLOC));
        scratch_arena = arena_new(64 << 20); /* the test's own */
        atomic_store(&page->kinds, kind_bit);
        outcome = scratch_arena ? book_run(scratch_book, write, work, arg, &fault) : OUTCOME_LATER;
    }
    return !outcome || told_otherwise(what, outcome, &fault);
}

/* ---- the story ---- */

static enum outcome take(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    struct inbound_file second = {
        .filename = "surat.pdf", .media_type = "application/pdf", .data = large, .size = sizeof large};
    struct inbound_file first = {
        .filename = "foto.png", .media_type = "image/png", .data = "kecil", .size = 5, .next = &second};
    struct intake_result result;
    (void)arg;
    in.files = &first;
    return intake_record(txn, &scratch_office, "email:kantor", &in, NULL, &result, scratch_arena, fault);
}

static enum outcome walk(struct book_txn *txn, void *arg, struct fault *fault)
{
    bool queued;
    struct act act = *(struct act *)arg;
    struct complaint c;
    enum outcome outcome = complaint_get(txn, 1, &c, scratch_arena, fault);
    act.complaint_id = 1;
    act.section_id = section_id;
    act.due_at = scratch_now + 3 * 86400000LL;
    return outcome ? outcome : act_on(txn, &scratch_office, &act, &queued, scratch_arena, fault);
}

static enum outcome send_all(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    size_t count;
    const char *channel = arg ? arg : "email";
    enum outcome outcome = outbox_claim(txn, channel, 10, &rows, &count, scratch_arena, fault);
    for (size_t i = 0; !outcome && i < count; i++)
        outcome = i ? outbox_unknown(txn, rows[i].id, "Belum pasti", fault)
                    : outbox_accepted(txn, rows[i].id, "2.0.0", NULL, fault);
    return outcome;
}

/* ---- the chat ---- */

enum { QUIET_MS = 60 * 1000 };
static const char CHAT[] = "gateway:wa", CITIZEN[] = "+6281234567890";
static struct office talking; /* the scratch office, with a dialog */

static enum outcome say(struct book_txn *txn, void *arg, struct fault *fault)
{
    const char *const *line = arg; /* id and text */
    struct inbound_media photograph = {.request = "{\"path\":\"got.jpg\"}", .filename = "got.jpg"};
    struct inbound in = {.kind = INBOUND_MESSAGE,
        .external = line[0],
        .raw = "{}",
        .raw_size = 2,
        .identity_scheme = "phone",
        .identity_value = CITIZEN,
        .phone = CITIZEN,
        .reply_to = "6281234567890@s.whatsapp.net",
        .text = line[1],
        .reference_scheme = CHAT,
        .own_reference = line[0],
        .conversation = true,
        .media = line[2] ? &photograph : NULL};
    struct intake_result result;
    return intake_record(txn, &talking, CHAT, &in, NULL, &result, scratch_arena, fault);
}

static enum outcome wake(struct book_txn *txn, void *arg, struct fault *fault)
{
    int64_t next;
    (void)arg;
    return dialog_wake(txn, &talking, &next, scratch_arena, fault);
}

static enum outcome fetch(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct media_row *rows;
    size_t count;
    int64_t next_due;
    (void)arg;
    enum outcome outcome = media_claim(txn, CHAT, 1, &rows, &count, &next_due, scratch_arena, fault);
    struct attachment a = {.filename = "got.jpg", .media_type = "image/jpeg", .size = sizeof large - 1};
    if (!outcome && count)
        outcome = blob_put(txn, large, sizeof large - 1, &a.blob, fault);
    return outcome || !count ? outcome : media_done(txn, rows[0].id, &a, fault);
}

static enum outcome hear_fate(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    size_t count;
    struct delivery_about about;
    (void)arg;
    enum outcome outcome = outbox_claim(txn, CHAT, 1, &rows, &count, scratch_arena, fault);
    if (!outcome && count)
        outcome = outbox_accepted(txn, rows[0].id, "3EB0", NULL, fault);
    const struct delivery read = {.external = "3EB0", .state = "dibaca"};
    return outcome ? outcome : delivery_told(txn, CHAT, &read, &about, fault);
}

static bool talk(void)
{
    static const char *const lines[][3] = {
        {"L1", "Got mampet di belakang pasar", "foto"}, {"L2", "Ahmad Fauzi"}};
    int64_t began = scratch_now;
    bool good = until_done("chat", true, say, (void *)lines[0]);
    scratch_now += QUIET_MS;
    good = good && until_done("question", true, wake, NULL) &&
           until_done("answer", true, say, (void *)lines[1]) && until_done("photograph", true, fetch, NULL) &&
           until_done("fate", true, hear_fate, NULL);
    scratch_now = began;
    return good;
}

/* ---- to be forgotten ---- */

static struct blob_ref gone[RETENTION_FILES];
static struct forget_contents contents;

static enum outcome wish(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return retention_propose_wish(txn, &scratch_office, 1, 0, scratch_arena, fault);
}

static enum outcome agree(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return retention_confirm(txn, &officers[3], 1, NULL, "", scratch_arena, fault);
}

static enum outcome carry_out(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct retention_step step;
    (void)arg;
    contents = (struct forget_contents){.files = gone, .most = RETENTION_FILES};
    enum outcome outcome = retention_step(txn, &scratch_office, &step, &contents, fault);
    if (!outcome && (step.forgotten != 1 || !step.ended || contents.count != 1))
        outcome = fault_set(fault, OUTCOME_NEVER, NULL, "forgotten %d, files %zu, waits %d, list %d",
            (int)step.forgotten, contents.count, step.waits, (int)step.list);
    return outcome;
}

static enum outcome remove_file(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return blob_remove_file(txn, &gone[0], fault);
}

static enum outcome merge(struct book_txn *txn, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool done = false;
    (void)arg;
    for (bool begin = true; !outcome && !done; begin = false)
        outcome = forget_merge_words(txn, begin, &done, fault);
    return outcome ? outcome : forget_list_merged(txn, fault);
}

static bool forget(void)
{
    const struct act end = {.action = ACTION_TUTUP, .officer = &officers[0]};
    return until_done("close", true, walk, (void *)&end) &&
           until_done("letters", true, send_all, "email:kantor") && until_done("wish", true, wish, NULL) &&
           until_done("agree", true, agree, NULL) && until_done("forget", true, carry_out, NULL) &&
           until_done("file", true, remove_file, NULL) && until_done("merge", true, merge, NULL);
}

/* ---- reading ---- */

static enum outcome see(void *arg, const struct complaint *c, struct fault *fault)
{
    (void)fault;
    *(int64_t *)arg = c->id;
    return OUTCOME_DONE;
}

static enum outcome look(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c;
    struct outbox_row *rows;
    size_t count;
    int64_t found = 0;
    (void)arg;
    enum outcome outcome = complaint_list(
        txn, &(struct complaint_filter){.words = "lampu melati", .limit = 10}, see, &found, fault);
    if (!outcome)
        outcome = complaint_get(txn, 1, &c, scratch_arena, fault);
    if (!outcome)
        outcome = outbox_list(txn, 1, &rows, &count, scratch_arena, fault);
    if (!outcome && (found != 1 || !c.subject || strcmp(c.subject, "Lampu jalan mati")))
        outcome = fault_set(fault, OUTCOME_NEVER, NULL, "found %lld, read \"%s\"", (long long)found,
            c.subject ? c.subject : "");
    return outcome;
}

static enum outcome check(struct book_txn *txn, void *arg, struct fault *fault)
{
    return verify_book(txn, NULL, arg, fault);
}

static bool open_book(bool create)
{
    struct fault fault = {0};
    struct book_options options = scratch_options();
    options.create = create;
    enum outcome outcome = OUTCOME_LATER;
    for (int i = 0; i < TRIES_MOST && outcome == OUTCOME_LATER; i++)
        outcome = book_open(&scratch_book, NULL, &options, &fault);
    return !outcome || told_otherwise("book_open", outcome, &fault);
}

static bool play(void)
{
    const struct act acts[] = {
        {.action = ACTION_VERIFIKASI, .officer = &officers[0]},
        {.action = ACTION_TERUSKAN, .officer = &officers[0]},
        {.action = ACTION_DISPOSISI, .officer = &officers[1], .text = "Cek lapangan"},
        {.action = ACTION_MULAI, .officer = &officers[2]},
        {.action = ACTION_LAPOR, .officer = &officers[2], .text = "Lampu diganti"},
        {.action = ACTION_SETUJUI, .officer = &officers[1]},
        {.action = ACTION_JAWAB, .officer = &officers[0], .text = "Lampu sudah menyala."},
    };
    struct verify_report report;
    bool good = open_book(false) && until_done("intake", true, take, NULL);
    for (size_t i = 0; good && i < sizeof acts / sizeof *acts; i++)
        good = until_done("act", true, walk, (void *)&acts[i]);
    return good && until_done("intake again", true, take, NULL) &&
           until_done("outbox", true, send_all, NULL) && talk() && until_done("look", false, look, NULL) &&
           until_done("verify", false, check, &report) && forget();
}

/* ---- what it left ---- */

struct left {
    int64_t complaints, events, blobs, letters, files;
    enum state state;
};

static struct left now_left;

static int count_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    const char *name = strrchr(path, '/');
    now_left.files += type == FTW_F && strstr(path, "/lampiran/") && strcmp(name, "/.ditulis");
    return 0;
}

static enum outcome take_stock(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct verify_report report = {0};
    struct complaint c = {0};
    struct outbox_row *rows;
    size_t count = 0;
    (void)arg;
    enum outcome outcome = verify_book(txn, NULL, &report, fault);
    if (!outcome)
        outcome = complaint_count(txn, &(struct complaint_filter){0}, &now_left.complaints, fault);
    if (!outcome)
        outcome = complaint_get(txn, 1, &c, scratch_arena, fault);
    if (!outcome)
        outcome = outbox_list(txn, 1, &rows, &count, scratch_arena, fault);
    now_left.events = report.events;
    now_left.blobs = report.blobs;
    now_left.state = c.state;
    now_left.letters = (int64_t)count;
    return outcome;
}

static bool stock(struct left *ret)
{
    now_left = (struct left){0};
    if (!open_book(false) || !until_done("stock", true, take_stock, NULL))
        return false;
    scratch_close();
    nftw(scratch_folder, count_file, 16, FTW_PHYS);
    *ret = now_left;
    return true;
}

/* ---- the loop ---- */

static void copy_template(void)
{
    char command[2 * PATH_MAX + 64];
    nftw(scratch_folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    snprintf(command, sizeof command, "LD_PRELOAD= cp -r '%s' '%s'", template_folder, scratch_folder);
    assert_int_equal(system(command), 0);
}

/* Returns how many calls failed. */
static uint64_t play_with(uint64_t number, struct left *ret, bool *ret_good)
{
    uint64_t before = atomic_load(&page->failed);
    copy_template();
    if (stride)
        page_arm(kind_bit, number, row);
    else
        page_arm_new_place(kind_bit, number);
    bool good = play();
    scratch_close(); /* with the fault still to come, perhaps: what is lost in closing is in the WAL */
    page_heal();
    *ret_good = good && stock(ret);
    if (scratch_book)
        scratch_close();
    return atomic_load(&page->failed) - before;
}

/* Which call is next; false: enough plays were untouched. */
static bool go_on(uint64_t struck)
{
    static int survived;
    survived = struck ? 0 : survived + 1;
    if (stride)
        first_call += stride;
    else if (!struck)
        first_call = 1; /* is there none left? */
    else                /* Threads meet in another order next time: a little back. All before it was seen. */
        first_call = page_struck() > ORDER_SLACK ? page_struck() - ORDER_SLACK : 1;
    return survived < SURVIVED_TO_END;
}

static enum outcome hire(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    (void)fault;
    officers[0] = *scratch_officer(txn, "rina", ROLE_PETUGAS);
    officers[1] = *scratch_officer(txn, "endang", ROLE_SEKCAM);
    officers[2] = *scratch_officer(txn, "agus", ROLE_SEKSI);
    officers[3] = *scratch_officer(txn, "hartono", ROLE_CAMAT);
    section_id = scratch_section(txn, "seksi_trantib");
    return OUTCOME_DONE;
}

static void prepare(void)
{
    page_heal();
    clock_replace(scratch_clock);
    talking = scratch_office;
    talking.chat.ask = true;
    talking.chat.quiet_ms = QUIET_MS;
    scratch_make_folder();
    scratch_arena = officer_names = arena_new(1 << 20);
    assert_true(open_book(true));
    DONE(scratch_write(hire, NULL));
    scratch_close();
    scratch_arena = NULL;
    snprintf(template_folder, sizeof template_folder, "%s.awal", scratch_folder);
    assert_int_equal(rename(scratch_folder, template_folder), 0);
}

int main(int argc, char **argv)
{
    int kind = argc > 1 ? page_kind(argv[1]) : -1;
    uint64_t faults = 0, struck;
    struct left calm, left;
    int failed = 0;
    bool good;
    stride = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    row = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    if (kind < 0 || !page_open())
        return 64;
    kind_bit = 1u << kind;
    json_watch();
    prepare();
    play_with(UINT64_MAX / 2, &calm, &good);
    if (!good || calm.complaints != 2 || calm.letters < 3) {
        printf("tanpa gangguan: %s\n", wrong);
        return 1;
    }
    do {
        struck = play_with(first_call, &left, &good);
        faults += struck;
        if (good && memcmp(&left, &calm, sizeof left))
            snprintf(wrong, sizeof wrong, "aduan %d peristiwa %d lampiran %d kiriman %d berkas %d keadaan %d",
                (int)left.complaints, (int)left.events, (int)left.blobs, (int)left.letters, (int)left.files,
                (int)left.state);
        if (*wrong)
            printf("%s %llu: %s\n", argv[1], (unsigned long long)first_call, wrong);
        failed += *wrong != 0;
        *wrong = 0;
    } while (go_on(struck));
    nftw(scratch_folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    nftw(template_folder, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(scratch_arena);
    arena_free(officer_names);
    printf("%llu gangguan, %d gagal\n", (unsigned long long)faults, failed);
    return failed || !faults;
}
