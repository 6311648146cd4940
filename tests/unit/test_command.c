#include "daemon/base/clock.h"
#include "daemon/base/embedded.h"
#include "daemon/base/file.h"
#include "daemon/base/log.h"
#include "daemon/base/random.h"
#include "daemon/book/arrival.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "daemon/command.h"
#include "daemon/control.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/pengaduand-command-XXXXXX";
static char conf[64], data[64];

/* ---- what a person sees ---- */

struct seen {
    int exit;
    char *out, *err;
};

/* words ends with NULL; in is standard input. */
static struct seen run(const char *in, ...)
{
    char *argv[24] = {"pengaduand"};
    int argc = 1;
    struct seen seen = {0};
    size_t n;
    va_list ap;
    va_start(ap, in);
    while (argc < 23 && (argv[argc] = va_arg(ap, char *)) != NULL)
        argc++;
    va_end(ap);
    FILE *input = fmemopen((void *)in, strlen(in) + 1, "r");
    FILE *out = open_memstream(&seen.out, &n), *err = open_memstream(&seen.err, &n);
    assert_true(input != NULL && out != NULL && err != NULL);
    seen.exit = command_main(argc, argv, input, out, err);
    fclose(input);
    fclose(out);
    fclose(err);
    return seen;
}

static void forget(struct seen *seen)
{
    free(seen->out);
    free(seen->err);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

#define EXPECT(code, where, part, ...)                                                                       \
    do {                                                                                                     \
        struct seen seen_ = run(__VA_ARGS__, NULL);                                                          \
        if (seen_.exit != (code))                                                                            \
            fail_msg("exit %d, expected %d\n%s%s", seen_.exit, (code), seen_.out, seen_.err);                \
        assert_has(seen_.where, part);                                                                       \
        forget(&seen_);                                                                                      \
    } while (0)

/* ---- arguments ---- */

static void words_and_options_stand_in_any_order(void **state)
{
    (void)state;
    static const char *const orders[][9] = {
        {"user", "add", "rina", "--role", "petugas", "-c", "x.conf", "--password-stdin", "--name=Rina S"},
        {"user", "add", "-c", "x.conf", "--name", "Rina S", "--role=petugas", "rina", "--password-stdin"},
        {"user", "add", "--config=x.conf", "--role=petugas", "--password-stdin", "--name", "Rina S", "--",
            "rina"},
    };
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct command_args args;
        struct str problem;
        str_init(&problem, 256);
        const struct command_row *row = command_parse(9, orders[i], &args, NULL, &problem);
        assert_string_equal(problem.data, "");
        assert_string_equal(row->name, "user add");
        assert_int_equal(args.word_count, 1);
        assert_string_equal(args.words[0], "rina");
        assert_string_equal(args.options[ARG_ROLE], "petugas");
        assert_string_equal(args.options[ARG_NAME], "Rina S");
        assert_string_equal(args.options[ARG_CONFIG], "x.conf");
        assert_non_null(args.options[ARG_PASSWORD_STDIN]);
        assert_null(args.options[ARG_MAIL]);
    }
}

static void wrong_arguments_are_told_with_the_usage(void **state)
{
    (void)state;
    EXPECT(EX_USAGE, err, "perintah belum disebut", "", NULL);
    EXPECT(EX_USAGE, err, "perintah terbang tidak dikenal", "", "terbang");
    EXPECT(EX_USAGE, err, "user perlu salah satu dari: add, list, passwd, disable, enable", "", "user");
    EXPECT(EX_USAGE, err, "user add: kurang lengkap", "", "user", "add");
    EXPECT(EX_USAGE, err, "Pemakaian: pengaduand user add LOGIN", "", "user", "add");
    EXPECT(EX_USAGE, err, "\"budi\" berlebih", "", "user", "add", "rina", "budi");
    EXPECT(EX_USAGE, err, "pilihan --peran tidak dikenal oleh user add", "", "user", "add", "--peran=x");
    EXPECT(EX_USAGE, err, "pilihan --role tidak dikenal oleh status", "", "status", "--role", "x");
    EXPECT(EX_USAGE, err, "pilihan --role perlu nilai", "", "user", "add", "rina", "--role");
    EXPECT(EX_USAGE, err, "pilihan --config disebut dua kali", "", "status", "-c", "a", "-c", "b");
    EXPECT(EX_USAGE, err, "pilihan --password-stdin tidak memakai nilai", "", "user", "passwd",
        "--password-stdin=x");
    EXPECT(EX_NOINPUT, err, "tidak berisi kata sandi", "\n", "user", "passwd", "rina", "--password-stdin");
}

static void help_answers_for_every_command(void **state)
{
    (void)state;
    size_t count;
    const struct command_row *rows = command_rows(&count);
    struct fault fault;
    char *page;
    assert_int_equal(file_read("config/pengaduand.1", 1 << 20, &page, NULL, &fault), OUTCOME_DONE);
    EXPECT(EX_OK, out, "Mulai dari: pengaduand init", "", "--help");
    EXPECT(EX_OK, out, "pengaduand ", "", "--version");
    EXPECT(EX_OK, out, "pengaduand user passwd LOGIN", "", "help", "user");
    EXPECT(EX_OK, out, "pengaduand user add LOGIN", "", "user", "add", "--help");
    EXPECT(EX_USAGE, err, "tidak dikenal", "", "help", "terbang");
    for (size_t i = 0; i < count; i++) {
        char name[32], *space;
        snprintf(name, sizeof name, "%s", rows[i].name);
        EXPECT(EX_OK, out, rows[i].name, "", "--help");
        if ((space = strchr(name, ' ')) != NULL)
            *space++ = '\0';
        EXPECT(EX_OK, out, rows[i].help, "", "help", name, space);
        char heading[64]; /* in the manual a '-' is written "\-" */
        snprintf(heading, sizeof heading, "\n.SS \"%s%s%s", name, space != NULL ? " " : "",
            space != NULL ? space : "");
        char *dash = strchr(heading, '-');
        if (dash != NULL) {
            memmove(dash + 1, dash, strlen(dash) + 1);
            *dash = '\\';
        }
        assert_has(page, heading);
    }
    free(page);
}

static void one_time_passwords_are_readable_and_differ(void **state)
{
    (void)state;
    char a[PASSWORD_MADE_SIZE], b[PASSWORD_MADE_SIZE];
    password_make(a);
    password_make(b);
    assert_int_equal(strlen(a), 19);
    assert_int_equal(strspn(a, "abcdefghjkmnpqrstuvwxyz23456789-"), 19);
    assert_true(a[4] == '-' && a[9] == '-' && a[14] == '-');
    assert_string_not_equal(a, b);
}

/* ---- without a daemon ---- */

static void write_text(const char *path, const char *text)
{
    struct fault fault;
    assert_int_equal(file_write(path, text, strlen(text), 0600, &fault), OUTCOME_DONE);
}

static void check_names_file_line_and_exits_78(void **state)
{
    (void)state;
    char expected[128];
    EXPECT(EX_CONFIG, err, "tidak ada atau tidak dapat dibaca", "", "check", "-c", conf);
    write_text(conf, "[office]\nname = X\n[server]\nreaders = 90\n");
    snprintf(expected, sizeof expected, "%s:4: [server] readers", conf);
    EXPECT(EX_CONFIG, err, expected, "", "check", "-c", conf);
    EXPECT(EX_CONFIG, err, expected, "", "status", "-c", conf);
    write_text(conf, "[office]\nname = X\n[gateway wa]\nmapping = gowa\n");
    snprintf(expected, sizeof expected, "%s:4: [gateway wa] mapping: ", conf);
    EXPECT(EX_CONFIG, err, expected, "", "check", "-c", conf);
    write_text(conf, "[office]\nname = X\n");
    EXPECT(EX_OK, out, "konfigurasi baik", "", "check", "-c", conf);
    unlink(conf);
}

static void sample_with_everything_switched_on_passes_the_check(void **state)
{
    (void)state;
    static const char *const names[] = {"MAILBOX_PASSWORD", "SMTP_PASSWORD", "GATEWAY_TOKEN", "FONNTE_TOKEN",
        "WEBSITE_SECRET", "MQTT_PASSWORD", "BACKUP_KEY", "OAUTH_CLIENT_SECRET", "OAUTH_REFRESH_TOKEN",
        "OPEN311_KEY"};
    struct str sample;
    str_init(&sample, 65536);
    config_sample(&sample);
    for (char *line = sample.data; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (*line == ';')
            *line = ' ';
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        setenv(names[i], "0123456789abcdef0123456789abcdef", 1);
    write_text(conf, sample.data);
    char rules[sizeof conf + 16];
    snprintf(rules, sizeof rules, "%.*s/rules.conf", (int)(strrchr(conf, '/') - conf), conf);
    write_text(rules, embedded_find("config/rules.conf")->data);
    EXPECT(EX_OK, out, "konfigurasi baik", "", "check", "-c", conf);
    unlink(rules);
    unlink(conf);
    str_release(&sample);
}

static void init_makes_everything_once(void **state)
{
    (void)state;
    struct stat st;
    EXPECT(EX_OK, out, "kata sandi sekali pakai ", "", "init", "-c", conf);
    assert_int_equal(stat(conf, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(data, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    write_text(conf, "[office]\nname = Kecamatan Uji\n");
    struct seen again = run("", "init", "-c", conf, NULL);
    assert_int_equal(again.exit, EX_OK);
    assert_has(again.out, "tidak ada yang diubah");
    assert_null(strstr(again.out, "kata sandi"));
    assert_null(strstr(again.out, "Contoh konfigurasi"));
    forget(&again);
    assert_int_equal(stat(conf, &st), 0);
    assert_int_equal(st.st_size, (off_t)strlen("[office]\nname = Kecamatan Uji\n"));
}

/* The same dialogue without and with a daemon; logins differ so that it can be held twice on one book. */
static void keep_officers(const char *login)
{
    EXPECT(EX_OK, out, "sekali pakai", "", "user", "add", login, "--role", "petugas", "--name", "Rina", "-c",
        conf);
    EXPECT(EX_DATAERR, err, "sudah dipakai", "", "user", "add", login, "--role", "petugas", "-c", conf);
    EXPECT(EX_USAGE, err, "petugas, kasi, sekcam, seksi, camat, admin", "", "user", "add", "x1", "-c", conf);
    EXPECT(EX_USAGE, err, "seksi_trantib", "", "user", "add", "x1", "--role", "seksi", "-c", conf);
    EXPECT(EX_USAGE, err, "seksi_trantib", "", "user", "add", "x1", "--role", "seksi", "--section", "y", "-c",
        conf);
    EXPECT(EX_DATAERR, err, "", "pendek\n", "user", "passwd", login, "--password-stdin", "-c", conf);
    EXPECT(EX_OK, out, "diganti", "kata sandi yang panjang\n", "user", "passwd", login, "--password-stdin",
        "-c", conf);
    EXPECT(EX_NOUSER, err, "tidak ada", "", "user", "passwd", "siapa", "-c", conf);
    EXPECT(EX_OK, out, "ditutup", "", "user", "disable", login, "-c", conf);
    EXPECT(EX_OK, out, "(ditutup)", "", "user", "list", "-c", conf);
    EXPECT(EX_OK, out, "dibuka kembali", "", "user", "enable", login, "-c", conf);
    EXPECT(EX_USAGE, err, "admin terakhir", "", "user", "disable", "admin", "-c", conf);
    EXPECT(EX_OK, out, "Buku utuh: ", "", "verify", "-c", conf);
}

static void officers_are_kept_without_a_daemon(void **state)
{
    (void)state;
    keep_officers("rina");
    struct seen typed = run("kata sandi diketik\n", "user", "add", "tono", "--role=seksi",
        "--section=seksi_trantib", "--password-stdin", "-c", conf, NULL);
    assert_int_equal(typed.exit, EX_OK);
    assert_null(strstr(typed.out, "andi"));
    assert_has(typed.out, "Seksi Ketenteraman dan Ketertiban Umum");
    forget(&typed);
}

static void a_missing_book_is_no_input(void **state)
{
    (void)state;
    char other[96];
    snprintf(other, sizeof other, "%s/lain.conf", folder);
    write_text(other, "[office]\nname = X\n[server]\ndata = ./tidak-ada\n");
    EXPECT(EX_NOINPUT, err, "Jalankan: pengaduand init", "", "status", "-c", other);
    unlink(other);
}

/* ---- status ---- */

static int64_t held_now = 1795316400000; /* 2026-11-22 10:00 WIB */

static int64_t held_clock(void)
{
    return held_now;
}

static enum outcome add_some(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct arena *arena = arg;
    struct complaint c = {.kind = "pengaduan",
        .confidentiality = "biasa",
        .channel = "email:kantor",
        .subject = "Lampu",
        .received_at = held_now,
        .due_at = held_now + 3600 * 1000};
    struct arrival a = {.channel = "email:kantor", .external = "1/1", .outcome = "dibuka"};
    struct arrival b = {
        .channel = "email:kantor", .external = "1/2", .outcome = "diabaikan", .reason = "bulk"};
    int64_t id;
    enum outcome outcome = complaint_insert(txn, &c, arena, fault);
    a.complaint_id = c.id;
    struct message m = {.complaint_id = c.id,
        .purpose = "aduan",
        .channel = "email:kantor",
        .author = "Siti",
        .text = "Lampu mati"};
    json_t *entered = json_pack("{s:s}", "state", "masuk");
    if (outcome == OUTCOME_DONE)
        outcome = message_insert(txn, &m, fault);
    if (outcome == OUTCOME_DONE)
        outcome = event_append(txn, c.id, c.number, "masuk", "pengadu", entered, fault);
    json_decref(entered);
    a.message_id = m.id;
    if (outcome == OUTCOME_DONE)
        outcome = arrival_insert(txn, &a, fault);
    if (outcome == OUTCOME_DONE)
        outcome = arrival_insert(txn, &b, fault);
    if (outcome == OUTCOME_DONE)
        outcome = outbox_add(txn,
            &(struct outbox_new){
                .complaint_id = c.id, .channel = "email:kantor", .purpose = "tanda_terima", .payload = "{}"},
            &id, fault);
    return outcome;
}

static enum outcome fail_row(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    size_t count;
    enum outcome outcome = outbox_claim(txn, "email:kantor", 1, &rows, &count, arg, fault);
    return outcome ? outcome : outbox_failed(txn, 1, "kotak surat penuh", fault);
}

static void work_in_book(book_work *work)
{
    struct config *config;
    struct book_options options;
    struct book *book;
    struct str problems;
    struct fault fault = {0};
    struct arena *arena = arena_new(1 << 16);
    str_init(&problems, 1024);
    assert_int_equal(config_load(&config, conf, &problems, &fault), OUTCOME_DONE);
    command_book_options(config, &options);
    assert_int_equal(options.utc_offset_minutes, 420);
    assert_int_equal(book_open(&book, NULL, &options, &fault), OUTCOME_DONE);
    if (book_run(book, true, work, arena, &fault) != OUTCOME_DONE)
        fail_msg("%s", fault.internal);
    book_close(book);
    config_free(config);
    arena_free(arena);
    str_release(&problems);
}

static void status_tells_numbers_and_what_needs_a_person(void **state)
{
    (void)state;
    clock_replace(held_clock);
    EXPECT(EX_OK, out, "Aduan: 0 tercatat, 0 belum dijawab, 0 terlambat.", "", "status", "-c", conf);
    work_in_book(add_some);
    held_now += 5 * 60 * 1000;
    struct seen seen = run("", "status", "-c", conf, NULL);
    assert_int_equal(seen.exit, EX_OK);
    assert_has(seen.out,
        "Aduan: 1 tercatat, 1 belum dijawab, 0 terlambat.\n"
        "Paling mendesak: 001/PGD/XI/2026, Masuk, masuk 5 menit lalu, batas waktu 55 menit lagi\n");
    assert_has(seen.out, "  email:kantor       1 diabaikan, 1 dibuka; terakhir 5 menit lalu\n");
    assert_has(seen.out, "  email:kantor       1 antre, tertua 5 menit\n");
    assert_has(seen.out, "buku.db, ");
    assert_has(seen.out, "pengaduand sedang tidak berjalan.\n");
    forget(&seen);
    work_in_book(fail_row);
    EXPECT(COMMAND_NEEDS_PERSON, out, "1 gagal, tertua 5 menit  <- perlu dilihat petugas", "", "status", "-c",
        conf);
    held_now += 26 * 3600 * 1000LL;
    EXPECT(COMMAND_NEEDS_PERSON, out, "1 terlambat.", "", "status", "-c", conf);
    EXPECT(COMMAND_NEEDS_PERSON, out, ", terlambat 1 hari", "", "status", "-c", conf);
    clock_replace(NULL);
}

/* ---- through a daemon ---- */

struct daemon_here {
    struct loop *loop;
    struct book *book;
    struct control *control;
    struct config *config;
    struct loop_task stop;
    pthread_t thread;
};

static bool fill_live(void *arg, struct str *out)
{
    (void)arg;
    str_adds(out, "Saluran email:kantor: tersambung\n");
    return false;
}

static void *run_loop(void *arg)
{
    loop_run(arg);
    return NULL;
}

static void stop_loop(void *arg)
{
    loop_stop(arg);
}

static void start_daemon(struct daemon_here *d)
{
    struct book_options options;
    struct str problems;
    struct fault fault = {0};
    str_init(&problems, 1024);
    assert_int_equal(config_load(&d->config, conf, &problems, &fault), OUTCOME_DONE);
    command_book_options(d->config, &options);
    assert_int_equal(loop_new(&d->loop, &fault), OUTCOME_DONE);
    assert_int_equal(book_open(&d->book, d->loop, &options, &fault), OUTCOME_DONE);
    if (control_open(&d->control, d->loop, d->book, d->config, &fault) != OUTCOME_DONE)
        fail_msg("%s", fault.internal);
    control_set_live(d->control, fill_live, NULL);
    assert_int_equal(pthread_create(&d->thread, NULL, run_loop, d->loop), 0);
    str_release(&problems);
}

static void stop_daemon(struct daemon_here *d)
{
    d->stop = (struct loop_task){.run = stop_loop, .arg = d->loop};
    loop_post(d->loop, &d->stop);
    pthread_join(d->thread, NULL);
    control_close(d->control);
    book_close(d->book);
    control_free(d->control);
    loop_free(d->loop);
    config_free(d->config);
}

static void commands_reach_the_book_through_the_daemon(void **state)
{
    (void)state;
    struct daemon_here d;
    struct stat st;
    char path[CONTROL_PATH_SIZE];
    start_daemon(&d);
    assert_true(control_path(path, data));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    keep_officers("sari");
    EXPECT(COMMAND_NEEDS_PERSON, out, "Saluran email:kantor: tersambung", "", "status", "-c", conf);
    EXPECT(EX_UNAVAILABLE, err, "sedang dipakai", "", "init", "-c", conf);
    stop_daemon(&d);
    assert_int_equal(stat(path, &st), -1);
    EXPECT(EX_OK, out, "sari", "", "user", "list", "-c", conf);
}

static void control_refuses_what_is_no_command_of_the_book(void **state)
{
    (void)state;
    struct daemon_here d;
    struct str out;
    struct command_part part = {0};
    struct fault fault;
    int exit_code = 0;
    static const char *const serve[] = {"serve"}, *const none[] = {"x"};
    str_init(&out, 4096);
    start_daemon(&d);
    assert_int_equal(control_call(data, 1, serve, NULL, &part, &out, &exit_code, &fault), OUTCOME_DONE);
    assert_int_equal(exit_code, EX_USAGE);
    assert_has(out.data, "tidak dapat dijalankan di sini");
    str_clear(&out);
    assert_int_equal(control_call(data, 1, none, NULL, &part, &out, &exit_code, &fault), OUTCOME_DONE);
    assert_int_equal(exit_code, EX_USAGE);
    assert_has(out.data, "perintah x tidak dikenal");
    static const char *const broken[] = {"user", "disable", "\xff"};
    assert_int_equal(control_call(data, 3, broken, NULL, &part, &out, &exit_code, &fault), OUTCOME_STOP);
    stop_daemon(&d);
    assert_int_equal(control_call(data, 1, serve, NULL, &part, &out, &exit_code, &fault), OUTCOME_NEVER);
    str_release(&out);
}

static void a_socket_left_by_a_crash_does_not_stop_commands(void **state)
{
    (void)state;
    char path[CONTROL_PATH_SIZE];
    struct daemon_here d;
    assert_true(control_path(path, data));
    write_text(path, "");
    unlink(path);
    start_daemon(&d);
    char kept[CONTROL_PATH_SIZE + 8];
    snprintf(kept, sizeof kept, "%s.lama", path);
    assert_int_equal(link(path, kept), 0);
    stop_daemon(&d);
    assert_int_equal(rename(kept, path), 0); /* nobody listens behind it */
    EXPECT(EX_OK, out, "admin", "", "user", "list", "-c", conf);
    start_daemon(&d);
    EXPECT(EX_OK, out, "admin", "", "user", "list", "-c", conf);
    stop_daemon(&d);
}

static int open_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(conf, sizeof conf, "%s/pengaduand.conf", folder);
    snprintf(data, sizeof data, "%s/data", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options_stand_in_any_order),
        cmocka_unit_test(wrong_arguments_are_told_with_the_usage),
        cmocka_unit_test(help_answers_for_every_command),
        cmocka_unit_test(one_time_passwords_are_readable_and_differ),
        cmocka_unit_test(check_names_file_line_and_exits_78),
        cmocka_unit_test(sample_with_everything_switched_on_passes_the_check),
        cmocka_unit_test(init_makes_everything_once),
        cmocka_unit_test(officers_are_kept_without_a_daemon),
        cmocka_unit_test(a_missing_book_is_no_input),
        cmocka_unit_test(status_tells_numbers_and_what_needs_a_person),
        cmocka_unit_test(commands_reach_the_book_through_the_daemon),
        cmocka_unit_test(control_refuses_what_is_no_command_of_the_book),
        cmocka_unit_test(a_socket_left_by_a_crash_does_not_stop_commands),
    };
    return cmocka_run_group_tests(tests, open_folder, remove_folder);
}
