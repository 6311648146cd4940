/* Backups: made while the book is written, taken back whole, refused when anything in them is not as it was. */
#include "daemon/base/str.h"
#include "daemon/book/backup.h"
#include "daemon/book/blob.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/orphan.h"
#include "daemon/book/outbox.h"
#include "daemon/book/verify.h"
#include "tests/support/scratch_book.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <utime.h>

enum { BIG = 3 * BLOB_INLINE, PATH_ROOM = PATH_MAX + 300 };

static const char key[] = "kunci cadangan kecamatan uji";
static const char first_name[] = "buku-2026-11-22T030000Z";
static char copies[PATH_MAX], fresh[PATH_MAX]; /* where backups lie; a data folder to restore into */
static struct rlimit before;
static struct fault restore_doubt;

/* ---- a book with something of everything ---- */

static enum outcome add_complaint(struct book_txn *txn, struct fault *fault)
{
    static int turn;
    struct complaint c = scratch_complaint();
    struct message m = {.channel = "situs", .author = "Siti", .has_raw = true};
    static char big[BIG]; /* on the writer thread alone; the writes beside a backup are as many as it lasts */
    char text[4096];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    turn++;
    memcpy(big, &turn, sizeof turn);
    m.text = text;
    DONE(blob_put(txn, big, turn % 8 == 1 ? BIG : 100, &m.raw, fault));
    DONE(scratch_enter(txn, &c, &m, fault));
    return outbox_add(txn,
        &(struct outbox_new){
            .complaint_id = c.id, .channel = "email:kantor", .purpose = "tanda_terima", .payload = "{}"},
        NULL, fault);
}

static enum outcome fill(struct book_txn *txn, void *arg, struct fault *fault)
{
    for (int i = *(int *)arg; i--;)
        DONE(add_complaint(txn, fault));
    return OUTCOME_DONE;
}

static int backup_setup(void **state)
{
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    scratch_setup(state);
    snprintf(copies, sizeof copies, "%.1000s.cadangan", scratch_folder);
    snprintf(fresh, sizeof fresh, "%.1000s.pulih", scratch_folder);
    assert_int_equal(mkdir(copies, 0700), 0);
    DONE(scratch_write(fill, &(int){10}));
    return 0;
}

static int backup_teardown(void **state)
{
    setrlimit(RLIMIT_FSIZE, &before);
    nftw(copies, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    nftw(fresh, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    return scratch_teardown(state);
}

static enum outcome make_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct backup_request request = {.folder = copies, .key = arg};
    struct backup_report report;
    return backup_make(txn, &request, &report, fault);
}

static enum outcome make(const char *with_key, struct fault *fault)
{
    return book_run_aside(scratch_book, make_work, (void *)with_key, fault);
}

static enum outcome restore(const char *name, const char *with_key, struct fault *fault)
{
    char source[PATH_ROOM];
    struct book_options options = scratch_options();
    struct backup_progress progress = {0};
    struct manifest counts;
    options.folder = fresh;
    snprintf(source, sizeof source, "%s/%s", copies, name);
    return backup_restore(source, with_key, &options, &progress, &counts, &restore_doubt, fault);
}

static int entries(const char *folder)
{
    int n = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return -1;
    for (struct dirent *entry; (entry = readdir(dir));)
        n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(dir);
    return n;
}

static bool exists(const char *folder, const char *name)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return !access(path, F_OK);
}

static void expect_refused(const char *name, const char *with_key, const char *words)
{
    struct fault fault = {0};
    NEVER(restore(name, with_key, &fault));
    if (!strstr(fault.public_text, words))
        fail_msg("\"%s\" not in \"%s\" (%s)", words, fault.public_text, fault.internal);
    assert_int_equal(entries(fresh), 0);
}

/* ---- what is in a book ---- */

static enum outcome add_number(void *arg, const struct complaint *c, struct fault *fault)
{
    (void)fault;
    str_addf(arg, "%s %s %s\n", c->number, c->code, c->subject);
    return OUTCOME_DONE;
}

static enum outcome read_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct verify_report report;
    DONE(verify_book(txn, NULL, &report, fault));
    return complaint_list(txn, &(struct complaint_filter){.limit = 500}, add_number, arg, fault);
}

static void read_all(struct book *book, struct str *out)
{
    str_init(out, 1 << 20);
    assert_int_equal(book_run(book, true, read_work, out, NULL), OUTCOME_DONE);
    assert_true(str_ok(out) && out->len > 0);
}

static struct book *open_fresh(void)
{
    struct book *book;
    struct fault fault = {0};
    struct book_options options = scratch_options();
    options.folder = fresh;
    options.create = false;
    if (book_open(&book, NULL, &options, &fault))
        fail_msg("%s", fault.internal);
    return book;
}

static void expect_same(const char *name, const char *with_key)
{
    struct fault fault = {0};
    struct str was, is;
    if (restore(name, with_key, &fault))
        fail_msg("%s %s", fault.public_text, fault.internal);
    read_all(scratch_book, &was);
    struct book *book = open_fresh();
    read_all(book, &is);
    assert_string_equal(is.data, was.data);
    book_close(book);
    str_release(&was);
    str_release(&is);
}

static void a_restored_book_is_the_one_that_was_backed_up(void **state)
{
    (void)state;
    struct fault fault = {0};
    if (make(NULL, &fault))
        fail_msg("%s", fault.internal);
    assert_int_equal(entries(copies), 1);
    expect_same(first_name, NULL);
    assert_int_equal(entries(fresh), 3); /* buku.db, book.lock of this test, lampiran */
}

static void a_sealed_one_too_and_nothing_readable_lies_beside_it(void **state)
{
    (void)state;
    struct fault fault = {0};
    int had = entries(scratch_folder);
    if (make(key, &fault))
        fail_msg("%s", fault.internal);
    assert_int_equal(entries(copies), 1);
    assert_int_equal(entries(scratch_folder), had);
    expect_same("buku-2026-11-22T030000Z.sandi", key);
}

static void the_shell_can_check_a_backup(void **state)
{
    (void)state;
    char command[PATH_ROOM];
    DONE(make(NULL, NULL));
    snprintf(command, sizeof command, "cd %s/%s && sha256sum --quiet -c MANIFES", copies, first_name);
    assert_int_equal(system(command), 0);
}

/* ---- beside a writer ---- */

static struct loop *loop;
static struct book_job backup_job, write_job;
static int written;
static bool backed_up;

static enum outcome write_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return add_complaint(txn, fault);
}

static void write_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    (void)arg;
    (void)fault;
    assert_int_equal(outcome, OUTCOME_DONE);
    written++;
    if (backed_up)
        loop_stop(loop);
    else
        book_write(scratch_book, &write_job);
}

static void backup_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    (void)arg;
    if (outcome)
        fail_msg("%s", fault->internal);
    backed_up = true;
}

static void writes_go_on_during_a_backup(void **state)
{
    (void)state;
    DONE(scratch_write(fill, &(int){200}));
    scratch_close();
    DONE(loop_new(&loop, NULL));
    scratch_open(loop);
    written = 0;
    backed_up = false;
    backup_job = (struct book_job){.work = make_work, .done = backup_done};
    write_job = (struct book_job){.work = write_work, .done = write_done};
    book_aside(scratch_book, &backup_job);
    book_write(scratch_book, &write_job);
    loop_run(loop);
    scratch_close();
    loop_free(loop);
    scratch_open(NULL);
    assert_true(written > 1);

    struct str was, is;
    struct fault fault = {0};
    if (restore(first_name, NULL, &fault))
        fail_msg("%s", fault.internal);
    read_all(scratch_book, &was);
    struct book *book = open_fresh();
    read_all(book, &is);
    book_close(book);
    assert_true(is.len < was.len); /* newest first: the copy is the end of the list */
    assert_string_equal(was.data + was.len - is.len, is.data);
    str_release(&was);
    str_release(&is);
}

static void told_later(void *arg, enum outcome outcome, const struct fault *fault)
{
    (void)fault;
    assert_int_equal(outcome, OUTCOME_LATER);
    *(bool *)arg = true;
}

static enum outcome make_when_closing(struct book_txn *txn, void *arg, struct fault *fault)
{
    while (!txn_closing(txn)) /* set by the other thread, which is about to wait for this one */
        continue;
    return make_work(txn, arg, fault);
}

static enum outcome make_without_key(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    return make_when_closing(txn, NULL, fault);
}

static void closing_the_book_ends_a_backup(void **state)
{
    (void)state;
    bool told = false;
    scratch_close();
    DONE(loop_new(&loop, NULL));
    scratch_open(loop);
    backup_job = (struct book_job){.work = make_without_key, .done = told_later, .arg = &told};
    book_aside(scratch_book, &backup_job);
    scratch_close();
    loop_free(loop);
    assert_true(told);
    assert_int_equal(entries(copies), 0);
}

struct patience {
    const char *key;
    int left; /* questions that are answered with no */
};

static bool asked(void *arg)
{
    struct patience *p = arg;
    return p->left-- <= 0;
}

static enum outcome impatient_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct patience *p = arg;
    const struct backup_stop stop = {asked, p};
    struct backup_request request = {.folder = copies, .key = p->key, .stop = &stop};
    struct backup_report report;
    return backup_make(txn, &request, &report, fault);
}

/* Also while the copy is digested, sealed and read back, each minutes long when the book is large. */
static void it_can_be_ended_at_every_piece_and_leaves_nothing(void **state)
{
    (void)state;
    const char *const keys[] = {NULL, key};
    for (int i = 0; i < 2; i++) {
        int questions = 0, had = entries(scratch_folder);
        for (enum outcome outcome = OUTCOME_LATER; outcome; questions++) {
            struct patience patience = {keys[i], questions};
            struct fault fault = {0};
            outcome = book_run_aside(scratch_book, impatient_work, &patience, &fault);
            if (!outcome)
                break;
            assert_int_equal(outcome, OUTCOME_LATER);
            assert_non_null(strstr(fault.public_text, "berhenti"));
            assert_int_equal(entries(copies), i);
            assert_int_equal(entries(scratch_folder), had);
        }
        assert_true(questions >= (keys[i] ? 16 : 6));
    }
}

/* ---- what cannot be made ---- */

static void an_existing_target_is_refused(void **state)
{
    (void)state;
    struct fault fault = {0};
    DONE(make(NULL, NULL));
    NEVER(make(NULL, &fault));
    assert_non_null(strstr(fault.public_text, "sudah ada"));
    assert_int_equal(entries(copies), 1);
}

static void a_missing_folder_is_not_made(void **state)
{
    (void)state;
    struct fault fault = {0};
    rmdir(copies);
    assert_int_equal(make(NULL, &fault), OUTCOME_LATER);
    assert_non_null(strstr(fault.public_text, "belum ada"));
    assert_int_equal(entries(copies), -1);
}

static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    static const rlim_t sizes[] = {1000, 70000, 150000};
    const char *const keys[] = {NULL, key};
    int had = entries(scratch_folder);
    for (int i = 0; i < 6; i++) {
        struct fault fault = {0};
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){sizes[i / 2], before.rlim_max});
        enum outcome outcome = make(keys[i % 2], &fault);
        setrlimit(RLIMIT_FSIZE, &before);
        assert_int_equal(outcome, OUTCOME_LATER);
        assert_non_null(strstr(fault.public_text, "sisa tempat"));
        assert_int_equal(entries(copies), 0);
        assert_int_equal(entries(scratch_folder), had);
    }
    DONE(make(NULL, NULL));
}

static void a_full_disk_leaves_the_data_folder_empty(void **state)
{
    (void)state;
    DONE(make(NULL, NULL));
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){150000, before.rlim_max});
    assert_int_equal(restore(first_name, NULL, NULL), OUTCOME_LATER);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(entries(fresh), 0);
    expect_same(first_name, NULL);
}

static void tamper_with_the_book(const char *sql)
{
    char path[PATH_ROOM];
    sqlite3 *db;
    scratch_close();
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    scratch_open(NULL);
}

static void a_book_whose_content_cannot_be_read_is_not_backed_up(void **state)
{
    (void)state;
    struct fault fault = {0};
    tamper_with_the_book("UPDATE blob SET data = x'776172' WHERE data IS NOT NULL");
    NEVER(make(NULL, &fault));
    assert_non_null(strstr(fault.public_text, "hilang atau berubah"));
    assert_int_equal(entries(copies), 0);
}

static enum outcome doubt_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct backup_request request = {.folder = copies};
    return backup_make(txn, &request, arg, fault);
}

/* Else one changed row would be the end of all backups. */
static void a_book_that_was_tampered_with_is_backed_up_and_the_doubt_is_told(void **state)
{
    (void)state;
    struct backup_report report;
    tamper_with_the_book("UPDATE event SET actor = 'petugas:budi' WHERE id = 3");
    DONE(book_run_aside(scratch_book, doubt_work, &report, NULL));
    assert_non_null(strstr(report.doubt.public_text, "peristiwa nomor 3"));
    assert_int_equal(entries(copies), 1);
    DONE(restore(first_name, NULL, NULL));
    assert_non_null(strstr(restore_doubt.public_text, "peristiwa nomor 3"));
}

static void what_a_crash_left_is_replaced(void **state)
{
    (void)state;
    char name[PATH_ROOM];
    DONE(make(NULL, NULL));
    /* as if it had been killed right before the rename */
    char path[PATH_ROOM], hex[BACKUP_HEX];
    struct manifest counts;
    snprintf(path, sizeof path, "%s/%s", copies, first_name);
    DONE(manifest_read(path, &counts, NULL, NULL, NULL));
    sodium_bin2hex(hex, sizeof hex, counts.book, sizeof counts.book);
    snprintf(name, sizeof name, "%s/.buku-%.16s.sementara", copies, hex);
    assert_int_equal(rename(path, name), 0);
    DONE(make(NULL, NULL));
    assert_int_equal(entries(copies), 1);
    assert_true(exists(copies, first_name));
}

/* ---- what is not taken back ---- */

static void flip(const char *name, long at)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s", copies, name);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, -1, SEEK_CUR), 0);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void cut(const char *name, off_t by)
{
    char path[PATH_ROOM];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", copies, name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - by), 0);
}

static char file_found[250];

static enum outcome note_file(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault)
{
    (void)arg;
    (void)digest;
    (void)fault;
    if (strcmp(name, "buku.db"))
        snprintf(file_found, sizeof file_found, "%.60s/%.180s", first_name, name);
    return OUTCOME_DONE;
}

static void find_file(void)
{
    char path[PATH_ROOM];
    struct manifest counts;
    snprintf(path, sizeof path, "%s/%s", copies, first_name);
    DONE(manifest_read(path, &counts, note_file, NULL, NULL));
    assert_true(counts.files > 0);
}

static void a_changed_file_is_refused(void **state)
{
    (void)state;
    DONE(make(NULL, NULL));
    find_file();
    flip("buku-2026-11-22T030000Z/buku.db", 5000);
    expect_refused(first_name, NULL, "isinya tidak cocok");
    flip("buku-2026-11-22T030000Z/buku.db", 5000);
    flip(file_found, -1);
    expect_refused(first_name, NULL, "isinya tidak cocok");
    flip(file_found, -1);
    cut(file_found, 1);
    expect_refused(first_name, NULL, "isinya tidak cocok");
}

static void a_missing_file_is_refused(void **state)
{
    (void)state;
    char path[PATH_ROOM];
    DONE(make(NULL, NULL));
    find_file();
    snprintf(path, sizeof path, "%s/%s", copies, file_found);
    unlink(path);
    expect_refused(first_name, NULL, "hilang");
    snprintf(path, sizeof path, "%s/%s/MANIFES", copies, first_name);
    unlink(path);
    expect_refused(first_name, NULL, "MANIFES tidak ada");
}

static void a_changed_manifest_is_refused(void **state)
{
    (void)state;
    static const char manifest[] = "buku-2026-11-22T030000Z/MANIFES";
    struct stat st;
    char path[PATH_ROOM];
    DONE(make(NULL, NULL));
    snprintf(path, sizeof path, "%s/%s", copies, manifest);
    assert_int_equal(stat(path, &st), 0);
    for (long at = 24; at < (long)st.st_size; at += 7) {
        flip(manifest, at);
        struct fault fault = {0};
        NEVER(restore(first_name, NULL, &fault));
        assert_int_equal(entries(fresh), 0);
        flip(manifest, at);
    }
    cut(manifest, 1);
    expect_refused(first_name, NULL, "MANIFES");
    cut(manifest, 71); /* the whole last line */
    expect_refused(first_name, NULL, "MANIFES");
    expect_refused(".", NULL, "MANIFES tidak ada");
}

static enum outcome write_again(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault)
{
    unsigned char now[BACKUP_DIGEST];
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s/%s", copies, first_name, name);
    (void)digest;
    DONE(backup_digest(path, now, NULL, fault));
    manifest_line(arg, now, name);
    return OUTCOME_DONE;
}

/* As somebody would who knows how a manifest is made. */
static void rewrite_manifest(int64_t events_more)
{
    char folder[PATH_ROOM], old[PATH_ROOM], elsewhere[PATH_ROOM];
    struct manifest counts, read;
    struct manifest_writer *writer;
    snprintf(folder, sizeof folder, "%s/%s", copies, first_name);
    DONE(manifest_read(folder, &counts, NULL, NULL, NULL));
    counts.events += events_more;
    snprintf(elsewhere, sizeof elsewhere, "%s.baru", scratch_folder);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    DONE(manifest_begin(&writer, elsewhere, &counts, NULL));
    DONE(manifest_read(folder, &read, write_again, writer, NULL));
    DONE(manifest_end(writer, NULL));
    snprintf(old, sizeof old, "%.4000s/MANIFES", folder);
    strncat(elsewhere, "/MANIFES", sizeof elsewhere - strlen(elsewhere) - 1);
    assert_int_equal(rename(elsewhere, old), 0);
    *strrchr(elsewhere, '/') = 0;
    rmdir(elsewhere);
}

static void a_rewritten_history_is_refused_even_with_a_fitting_manifest(void **state)
{
    (void)state;
    char path[PATH_ROOM];
    sqlite3 *db;
    DONE(make(NULL, NULL));
    rewrite_manifest(0);
    rewrite_manifest(5);
    expect_refused(first_name, NULL, "tidak cocok dengan daftar isinya");
    rewrite_manifest(-5);
    snprintf(path, sizeof path, "%s/%s/buku.db", copies, first_name);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE event SET actor = 'petugas:budi' WHERE id = 3", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    rewrite_manifest(0);
    expect_refused(first_name, NULL, "peristiwa nomor 3");
}

static void a_manifest_cannot_name_files_elsewhere(void **state)
{
    (void)state;
    static const char *const names[] = {"../buku.db", "/etc/passwd", "buku.db/..", "lampiran/../../x",
        "lampiran/ab/cd/", "",
        "lampiran/ab/cd/zzcd0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab",
        "lampiran/aa/cd/abcd0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab",
        "lampiran/ab/cd/abcd0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab/"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_false(backup_name_fits(names[i]));
    assert_true(backup_name_fits("buku.db"));
    assert_true(
        backup_name_fits("lampiran/ab/cd/abcd0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"));
}

static void only_its_key_opens_a_sealed_backup(void **state)
{
    (void)state;
    static const char name[] = "buku-2026-11-22T030000Z.sandi";
    DONE(make(key, NULL));
    expect_refused(name, "kunci yang lain sama sekali", "Kunci tidak cocok");
    expect_refused(name, NULL, "terkunci");
    expect_refused(name, "", "terkunci");
}

static void a_changed_or_cut_sealed_backup_is_refused(void **state)
{
    (void)state;
    static const char name[] = "buku-2026-11-22T030000Z.sandi";
    struct stat st;
    char path[PATH_ROOM];
    DONE(make(key, NULL));
    snprintf(path, sizeof path, "%s/%s", copies, name);
    assert_int_equal(stat(path, &st), 0);
    flip(name, 0);
    expect_refused(name, key, "bukan cadangan");
    flip(name, 0);
    flip(name, 20); /* whose book: anybody may read it, nobody may change it */
    expect_refused(name, key, "Kunci tidak cocok");
    flip(name, 20);
    for (int i = 1; i < 5; i++) {
        flip(name, (long)st.st_size * i / 5);
        expect_refused(name, key, "rusak atau diubah");
        flip(name, (long)st.st_size * i / 5);
    }
    flip(name, -1);
    expect_refused(name, key, "rusak atau diubah");
    flip(name, -1);
    expect_same(name, key); /* so all of it was the change */
    nftw(fresh, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
    cut(name, 1);
    expect_refused(name, key, "rusak atau diubah");
    cut(name, (st.st_size - 105) % (64 * 1024 + 17) - 1); /* exactly the last chunk */
    expect_refused(name, key, "rusak atau diubah");
}

static void a_data_folder_in_use_is_left_alone(void **state)
{
    (void)state;
    struct fault fault = {0};
    char path[PATH_ROOM];
    DONE(make(NULL, NULL));
    assert_int_equal(mkdir(fresh, 0700), 0);
    snprintf(path, sizeof path, "%s/catatan.txt", fresh);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    NEVER(restore(first_name, NULL, &fault));
    assert_non_null(strstr(fault.public_text, "tidak kosong"));
    assert_int_equal(entries(fresh), 1);
}

/* ---- after a restore ---- */

static enum outcome count_outbox(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest_at, struct fault *fault)
{
    (void)channel;
    (void)oldest_at;
    (void)fault;
    if (strcmp(state, "tidak_pasti") == 0)
        ((int64_t *)arg)[0] += count;
    else if (strcmp(channel, "mqtt") != 0)
        ((int64_t *)arg)[1] += count;
    return OUTCOME_DONE;
}

static enum outcome outbox_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return outbox_counts(txn, count_outbox, arg, fault);
}

static void letters_that_may_have_left_are_not_sent_again(void **state)
{
    (void)state;
    int64_t counts[2] = {0};
    DONE(make(NULL, NULL));
    DONE(restore(first_name, NULL, NULL));
    struct book *book = open_fresh();
    assert_int_equal(book_run(book, false, outbox_work, counts, NULL), OUTCOME_DONE);
    book_close(book);
    assert_int_equal(counts[0], 10);
    assert_int_equal(counts[1], 0);
}

/* ---- which are kept ---- */

static enum outcome id_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return backup_book_id(txn, arg, fault);
}

static void the_oldest_go_and_only_ours(void **state)
{
    (void)state;
    static const char *const others[] = {
        "buku-2020-01-01T000000Z", "buku-2020-13-01T000000Z", "foto", "buku-lama"};
    unsigned char book[BACKUP_DIGEST];
    char path[PATH_ROOM];
    int removed;
    int64_t newest;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(path, sizeof path, "%s/%s", copies, others[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    DONE(scratch_read(id_work, book));
    DONE(backup_newest(copies, book, &newest, NULL));
    assert_int_equal(newest, 0);
    for (int day = 0; day < 5; day++) {
        DONE(make(day % 2 ? key : NULL, NULL));
        scratch_now += 24 * 60 * 60 * 1000;
    }
    DONE(backup_newest(copies, book, &newest, NULL));
    assert_int_equal(newest, 1795316400000 + 4 * 24 * 60 * 60 * 1000ll);
    DONE(backup_prune(copies, book, 2, &removed, NULL));
    assert_int_equal(removed, 3);
    assert_true(exists(copies, "buku-2026-11-26T030000Z") && exists(copies, "buku-2026-11-25T030000Z.sandi"));
    assert_int_equal(entries(copies), 2 + sizeof others / sizeof *others);
    book[0] ^= 1; /* another office keeps its own in the same folder */
    DONE(backup_prune(copies, book, 1, &removed, NULL));
    assert_int_equal(removed, 0);
}

/* ---- files without a row ---- */

static enum outcome find_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return orphan_find(txn, arg, fault);
}

static enum outcome sweep_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    int64_t removed;
    DONE(orphan_sweep(txn, arg, &removed, fault));
    return removed == (int64_t)((struct orphans *)arg)->count ? OUTCOME_DONE : OUTCOME_NEVER;
}

static int make_old(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    time_t then = scratch_now / 1000 - 2 * 24 * 60 * 60;
    return type == FTW_F ? utime(path, &(struct utimbuf){then, then}) : 0;
}

static void orphans_older_than_a_day_are_swept(void **state)
{
    (void)state;
    static const char name[] = "abcd0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab";
    static struct orphans orphans;
    char path[PATH_ROOM], half[PATH_ROOM + 8];
    snprintf(path, sizeof path, "%s/lampiran/ab", scratch_folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/lampiran/ab/cd", scratch_folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/lampiran/ab/cd/%s", scratch_folder, name);
    snprintf(half, sizeof half, "%s.a1B2c3", path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    close(open(half, O_CREAT | O_WRONLY, 0600));
    struct utimbuf now = {scratch_now / 1000, scratch_now / 1000};
    utime(path, &now);
    utime(half, &now);
    DONE(book_run_aside(scratch_book, find_work, &orphans, NULL));
    assert_int_equal(orphans.count, 0); /* they may still be on their way */
    nftw(scratch_folder, make_old, 16, FTW_PHYS);
    DONE(book_run_aside(scratch_book, find_work, &orphans, NULL));
    assert_int_equal(orphans.count, 2);
    DONE(scratch_write(sweep_work, &orphans));
    assert_true(access(path, F_OK) && access(half, F_OK));
    DONE(make(NULL, NULL)); /* what has a row is still there */
}

#define BACKUP_TEST(name) cmocka_unit_test_setup_teardown(name, backup_setup, backup_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BACKUP_TEST(a_restored_book_is_the_one_that_was_backed_up),
        BACKUP_TEST(a_sealed_one_too_and_nothing_readable_lies_beside_it),
        BACKUP_TEST(the_shell_can_check_a_backup),
        BACKUP_TEST(writes_go_on_during_a_backup),
        BACKUP_TEST(closing_the_book_ends_a_backup),
        BACKUP_TEST(it_can_be_ended_at_every_piece_and_leaves_nothing),
        BACKUP_TEST(an_existing_target_is_refused),
        BACKUP_TEST(a_missing_folder_is_not_made),
        BACKUP_TEST(a_full_disk_leaves_nothing),
        BACKUP_TEST(a_full_disk_leaves_the_data_folder_empty),
        BACKUP_TEST(a_book_whose_content_cannot_be_read_is_not_backed_up),
        BACKUP_TEST(a_book_that_was_tampered_with_is_backed_up_and_the_doubt_is_told),
        BACKUP_TEST(what_a_crash_left_is_replaced),
        BACKUP_TEST(a_changed_file_is_refused),
        BACKUP_TEST(a_missing_file_is_refused),
        BACKUP_TEST(a_changed_manifest_is_refused),
        BACKUP_TEST(a_rewritten_history_is_refused_even_with_a_fitting_manifest),
        BACKUP_TEST(a_manifest_cannot_name_files_elsewhere),
        BACKUP_TEST(only_its_key_opens_a_sealed_backup),
        BACKUP_TEST(a_changed_or_cut_sealed_backup_is_refused),
        BACKUP_TEST(a_data_folder_in_use_is_left_alone),
        BACKUP_TEST(letters_that_may_have_left_are_not_sent_again),
        BACKUP_TEST(the_oldest_go_and_only_ours),
        BACKUP_TEST(orphans_older_than_a_day_are_swept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
