/* From argv to the exit code: help, configuration, and where a body runs. */
#include "command.h"
#include "daemon/base/file.h"

#include "channels/printer/printer.h"
#include "config/config.h"
#include "control.h"
#include "daemon/base/log.h"
#include "run_as.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { ARGV_MOST = 32 /* as control.c takes */ };

/* ---- help ---- */

void command_help(FILE *out)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    int width = (int)strlen("help PERINTAH");
    for (size_t i = 0; i < count; i++)
        if ((int)strlen(rows[i].name) > width)
            width = (int)strlen(rows[i].name);
    fputs("pengaduand: Buku Pengaduan kecamatan\n\nPemakaian: pengaduand PERINTAH ...\n\n", out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %-*s  %s\n", width, rows[i].name, rows[i].help);
    fprintf(out, "\n  %-*s  menjelaskan satu perintah\n  %-*s  menampilkan versi\n\n", width, "help PERINTAH",
        width, "--version");
    fputs("Mulai dari: pengaduand init -c pengaduand.conf\n"
          "Tanpa -c, nilai bawaan dipakai dan data disimpan di ./var/data.\n"
          "Kode keluar: 0 baik, 1 ada yang perlu ditangani, 64 salah tulis, 66 tidak ditemukan, 69 tidak "
          "tersedia,\n"
          "73 dan 74 gagal menulis atau membaca, 75 coba lagi, 77 bukan untuk root, 78 konfigurasi salah.\n",
        out);
}

void command_help_row(const struct command_row *row, FILE *out)
{
    fprintf(out, "pengaduand %s %s\n\n%s.\n", row->name, row->usage, row->help);
    if (row->details != NULL)
        fprintf(out, "%s\n", row->details);
}

/* `help`, `help user`, `help user add`: every row whose name begins with these words. */
static int help_about(int argc, const char *const *argv, FILE *out, FILE *err)
{
    size_t count, shown = 0;
    const struct command_row *rows = command_rows(&count);
    struct str asked;
    if (argc == 0) {
        command_help(out);
        return EX_OK;
    }
    str_init(&asked, 256);
    for (int i = 0; i < argc; i++)
        str_addf(&asked, "%s%s", i > 0 ? " " : "", argv[i]);
    for (size_t i = 0; i < count && str_ok(&asked); i++) {
        char end = strncmp(rows[i].name, asked.data, asked.len) == 0 ? rows[i].name[asked.len] : '?';
        if (end == '\0' || end == ' ') {
            fputs(shown++ > 0 ? "\n" : "", out);
            command_help_row(&rows[i], out);
        }
    }
    if (shown == 0)
        fprintf(err, "pengaduand: perintah %.100s tidak dikenal\n", asked.data);
    str_release(&asked);
    return shown > 0 ? EX_OK : EX_USAGE;
}

static bool is_help(const char *text)
{
    return strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0;
}

/* True when argv asks for help or the version; the exit code is then in *ret_exit. */
static bool answer_help(int argc, const char *const *argv, FILE *out, FILE *err, int *ret_exit)
{
    *ret_exit = EX_OK;
    if (argc > 0 && (is_help(argv[0]) || strcmp(argv[0], "help") == 0)) {
        *ret_exit = help_about(argc - 1, argv + 1, out, err);
        return true;
    }
    if (argc > 0 && strcmp(argv[0], "--version") == 0) {
        fprintf(out, "pengaduand %s\n", VERSION);
        return true;
    }
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (is_help(argv[i])) {
            int words = i > 1 && argv[1][0] != '-' && strcmp(argv[0], "user") == 0 ? 2 : 1;
            *ret_exit = help_about(words, argv, out, err);
            return true;
        }
    }
    return false;
}

/* ---- running ---- */

int command_exit(enum outcome outcome)
{
    static const int codes[] = {
        [OUTCOME_DONE] = EX_OK,
        [OUTCOME_LATER] = EX_TEMPFAIL,
        [OUTCOME_NEVER] = EX_DATAERR,
        [OUTCOME_STOP] = EX_UNAVAILABLE,
    };
    return codes[outcome];
}

const char *command_reason(const struct fault *fault)
{
    return fault->public_text[0] != '\0' ? fault->public_text : "Terjadi gangguan pada sistem.";
}

void command_left_release(struct command_left *left)
{
    if (left->thing != NULL)
        left->release(left->thing);
    left->thing = NULL;
}

void command_book_options(const struct config *config, struct book_options *ret_options)
{
    static const struct {
        const char *zone;
        int minutes;
    } zones[] = {{"WIB", 7 * 60}, {"WITA", 8 * 60}, {"WIT", 9 * 60}};
    const char *zone = config_text(config, "office", NULL, "timezone");
    *ret_options = (struct book_options){
        .folder = config_text(config, "server", NULL, "data"),
        .readers = (int)config_number(config, "server", NULL, "readers"),
        .event_channel = config_has(config, "mqtt") ? "mqtt" : NULL,
        .number_format = config_text(config, "office", NULL, "number_format"),
        .office = config_text(config, "mqtt", NULL, "office"),
    };
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (strcmp(zones[i].zone, zone) == 0)
            ret_options->utc_offset_minutes = zones[i].minutes;
}

struct body_run {
    const struct command *cmd;
    struct str *out;
    int exit;
};

static enum outcome run_here(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct body_run *run = arg;
    return run->cmd->row->body(txn, &run->cmd->args, run->out, &run->exit, fault);
}

static enum outcome run_after(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct body_run *run = arg;
    return run->cmd->row->after(txn, &run->cmd->args, run->out, &run->exit, fault);
}

static enum outcome run_alone(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct body_run *run = arg;
    return run->cmd->row->alone(txn, &run->cmd->args, run->out, &run->exit, fault);
}

static bool wants_document(const struct command *cmd, enum print_format *ret_format)
{
    const char *format = cmd->row->prints ? cmd->args.options[ARG_FORMAT] : NULL;
    *ret_format = format != NULL && strcmp(format, "pdf") == 0 ? PRINT_PDF : PRINT_XLSX;
    return format != NULL && (strcmp(format, "pdf") == 0 || strcmp(format, "xlsx") == 0);
}

/* Where what the command says goes; NULL with the exit code when there is no printer. */
static FILE *document_file(struct command *cmd, enum print_format format, int *ret_exit)
{
    struct fault fault = {0};
    *ret_exit = EX_OK;
    if (cmd->job != NULL)
        return cmd->job;
    if (isatty(STDOUT_FILENO)) {
        fputs("pengaduand: alihkan keluaran ke sebuah berkas, misalnya: > buku.xlsx\n", cmd->err);
        *ret_exit = EX_USAGE;
        return NULL;
    }
    enum outcome outcome = printer_command_begin(format, &cmd->job, &cmd->printer, &fault);
    if (outcome == OUTCOME_DONE)
        return cmd->job;
    fprintf(cmd->err, "pengaduand: %s\n", command_reason(&fault));
    *ret_exit = EX_UNAVAILABLE;
    return NULL;
}

static int show(struct command *cmd, int exit_code, const struct str *out)
{
    enum print_format format;
    FILE *file = exit_code == EX_OK || exit_code == COMMAND_NEEDS_PERSON ? cmd->out : cmd->err;
    if (!str_ok(out)) {
        fputs("pengaduand: memori tidak cukup\n", cmd->err);
        return EX_SOFTWARE;
    }
    if (exit_code == EX_OK && wants_document(cmd, &format))
        file = document_file(cmd, format, &exit_code);
    if (file == NULL)
        return exit_code;
    if (fwrite(out->data, 1, out->len, file) != out->len || fflush(file) != 0)
        return EX_IOERR;
    return exit_code;
}

static int tell(struct command *cmd, int exit_code, const struct fault *fault)
{
    fprintf(cmd->err, "pengaduand: %s\n", command_reason(fault));
    if (fault->internal[0] != '\0')
        fprintf(cmd->err, "            %s\n", fault->internal);
    return exit_code;
}

bool command_may_work(struct command *cmd, const char *folder)
{
    struct fault fault = {0};
    if (cmd->args.options[ARG_AS_ROOT] != NULL || run_as_check(folder, &fault) == OUTCOME_DONE)
        return true;
    tell(cmd, EX_NOPERM, &fault);
    return false;
}

static bool book_exists(const struct book_options *options)
{
    char path[PATH_MAX];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/buku.db", options->folder);
    return n < (int)sizeof path && (stat(path, &st) == 0 || errno != ENOENT);
}

static int run_in_own_book(struct command *cmd, struct str *out)
{
    struct book_options options;
    struct book *book;
    struct fault fault = {0};
    struct body_run run = {.cmd = cmd, .out = out};
    command_book_options(cmd->config, &options);
    if (!book_exists(&options)) {
        fprintf(cmd->err, "pengaduand: Buku belum ada di %s. Jalankan: pengaduand init\n", options.folder);
        return EX_NOINPUT;
    }
    if (!command_may_work(cmd, options.folder))
        return EX_NOPERM;
    enum outcome outcome = book_open(&book, /* loop= */ NULL, &options, &fault);
    if (outcome == OUTCOME_STOP && cmd->row->looks_for_damage && book_is_damaged(&fault))
        return tell(cmd, COMMAND_NEEDS_PERSON, &fault);
    if (outcome != OUTCOME_DONE)
        return tell(cmd, command_exit(outcome), &fault);
    struct command_password password = {0};
    struct command_left left = {0};
    cmd->args.password = &password;
    cmd->args.left = &left;
    if (cmd->row->password)
        outcome = command_password_take(&cmd->args, &password, &fault);
    if (outcome == OUTCOME_DONE)
        outcome = cmd->row->aside ? book_run_aside(book, run_here, &run, &fault)
                                  : book_run(book, cmd->row->writes, run_here, &run, &fault);
    while (outcome == OUTCOME_DONE && run.exit == EX_OK && cmd->args.part->more) {
        run.exit = show(cmd, run.exit, out);
        if (run.exit == EX_OK)
            outcome = book_run(book, /* write= */ false, run_here, &run, &fault);
    }
    if (outcome == OUTCOME_DONE && run.exit == EX_OK && cmd->row->after != NULL)
        outcome = book_run(book, /* write= */ true, run_after, &run, &fault);
    if (outcome == OUTCOME_DONE && run.exit == EX_OK && cmd->row->alone != NULL)
        outcome = book_run(book, /* write= */ true, run_alone, &run, &fault);
    book_close(book);
    command_left_release(&left);
    explicit_bzero(&password, sizeof password);
    if (outcome != OUTCOME_DONE)
        return tell(cmd, command_exit(outcome), &fault);
    if (cmd->row->live)
        str_adds(out, "\npengaduand sedang tidak berjalan.\n");
    return show(cmd, run.exit, out);
}

/* The path of a row with one, absolute, in its place among the words; malloc'd. NULL: no memory, no folder. */
static char *absolute_path(struct command *cmd, int argc, const char *const *argv, const char **ret_argv)
{
    char *here = cmd->args.words[0][0] == '/' ? strdup("") : getcwd(NULL, 0), *path = NULL;
    if (here == NULL || asprintf(&path, "%s%s%s", here, here[0] != '\0' ? "/" : "", cmd->args.words[0]) < 0)
        path = NULL;
    free(here);
    for (int i = 0; i < argc && path != NULL; i++)
        ret_argv[i] = argv[i] == cmd->args.words[0] ? path : argv[i];
    cmd->args.words[0] = path;
    return path;
}

/* Part by part; one that has a single part is done after it. */
static int run_parts(struct command *cmd, int argc, const char *const *argv, struct str *out)
{
    struct fault fault = {0};
    int exit_code = EX_OK;
    bool begun = false;
    const char *folder = config_text(cmd->config, "server", NULL, "data");
    do {
        str_clear(out);
        enum outcome outcome =
            control_call(folder, argc, argv, cmd->args.input, cmd->args.part, out, &exit_code, &fault);
        if (outcome == OUTCOME_DONE)
            exit_code = show(cmd, exit_code, out);
        else if (outcome == OUTCOME_NEVER && !begun) /* no daemon is running */
            return run_in_own_book(cmd, out);
        else
            return tell(cmd, command_exit(outcome == OUTCOME_NEVER ? OUTCOME_LATER : outcome), &fault);
        begun = true;
    } while (exit_code == EX_OK && cmd->args.part->more);
    return exit_code;
}

static int run_body(struct command *cmd, int argc, const char *const *argv)
{
    struct str out;
    cmd->args.part = &cmd->part;
    str_init(&out, COMMAND_OUTPUT_MAX);
    int exit_code = run_parts(cmd, argc, argv, &out);
    explicit_bzero(out.data, out.len); /* it may show a one-time password */
    str_release(&out);
    if (cmd->job == NULL)
        return exit_code;
    int printed = printer_command_end(cmd->job, cmd->printer);
    return exit_code != EX_OK ? exit_code : printed;
}

static int run_with_file(struct command *cmd, int argc, const char *const *argv)
{
    char *content = NULL;
    size_t n;
    struct fault fault = {0};
    if (file_read(cmd->args.words[0], COMMAND_FILE_MAX, &content, &n, &fault) || strlen(content) != n) {
        fprintf(cmd->err, "pengaduand: %s tidak dapat dibaca, atau bukan teks sampai 256 KB\n",
            cmd->args.words[0]);
        free(content);
        return EX_NOINPUT;
    }
    cmd->args.input = content;
    int exit_code = run_body(cmd, argc, argv);
    free(content);
    return exit_code;
}

int command_run_body(struct command *cmd, int argc, const char *const *argv)
{
    const char *changed[ARGV_MOST];
    cmd->args.config = cmd->config;
    cmd->args.progress = cmd->err;
    if (cmd->row->file)
        return run_with_file(cmd, argc, argv);
    if (!cmd->row->path)
        return run_body(cmd, argc, argv);
    char *path = argc <= ARGV_MOST ? absolute_path(cmd, argc, argv, changed) : NULL;
    if (path == NULL) {
        fputs("pengaduand: folder ini tidak dapat dipakai\n", cmd->err);
        return EX_OSERR;
    }
    int exit_code = run_body(cmd, argc, changed);
    free(path);
    return exit_code;
}

/* ---- the whole ---- */

/* 0, or the exit status: 75 lets systemd try again, 78 does not (pengaduand.service). */
static int load_config(struct command *cmd)
{
    struct str problems;
    struct fault fault = {0};
    str_init(&problems, 64 * 1024);
    enum outcome outcome = config_load(&cmd->config, cmd->args.options[ARG_CONFIG], &problems, &fault);
    fputs(problems.data, cmd->err);
    if (outcome == OUTCOME_LATER)
        fprintf(cmd->err, "pengaduand: %s (%s)\n", fault.public_text, fault.internal);
    str_release(&problems);
    return outcome == OUTCOME_DONE ? 0 : outcome == OUTCOME_LATER ? EX_TEMPFAIL : EX_CONFIG;
}

/* The first line, without its end. False when there is none or it is too long. */
static bool read_line(FILE *in, char line[COMMAND_INPUT_MAX + 2])
{
    if (fgets(line, COMMAND_INPUT_MAX + 2, in) == NULL)
        return false;
    size_t n = strcspn(line, "\r\n");
    bool whole = n <= COMMAND_INPUT_MAX;
    line[n] = '\0';
    return whole && n > 0;
}

static int run_row(struct command *cmd, int argc, const char *const *argv)
{
    int exit_code = cmd->row->config ? load_config(cmd) : 0;
    if (exit_code)
        return exit_code;
    exit_code = cmd->row->body != NULL ? command_run_body(cmd, argc, argv) : cmd->row->run(cmd);
    config_free(cmd->config);
    return exit_code;
}

int command_main(int argc, char **argv, FILE *in, FILE *out, FILE *err)
{
    struct command cmd = {.out = out, .err = err};
    const struct command_row *meant;
    const char *const *words = (const char *const *)argv + 1;
    char line[COMMAND_INPUT_MAX + 2];
    int exit_code;
    struct str problem;
    if (answer_help(argc - 1, words, out, err, &exit_code))
        return exit_code;
    str_init(&problem, 1024);
    cmd.row = command_parse(argc - 1, words, &cmd.args, &meant, &problem);
    if (cmd.row == NULL) {
        fprintf(err, "pengaduand: %s\n", problem.data);
        if (meant != NULL)
            fprintf(err, "Pemakaian: pengaduand %s %s\n", meant->name, meant->usage);
        else
            fputs("Lihat: pengaduand --help\n", err);
        str_release(&problem);
        return EX_USAGE;
    }
    str_release(&problem);
    if (cmd.args.options[ARG_PASSWORD_STDIN] != NULL) {
        if (!read_line(in, line)) {
            fprintf(err, "pengaduand: masukan standar tidak berisi kata sandi (1 sampai %d bita)\n",
                COMMAND_INPUT_MAX);
            return EX_NOINPUT;
        }
        cmd.args.input = line;
    }
    if (cmd.row->run != serve_command)
        log_open(STDERR_FILENO, LOG_WARN); /* people read the output, not the log */
    exit_code = run_row(&cmd, argc - 1, words);
    explicit_bzero(line, sizeof line);
    return exit_code;
}

enum outcome command_password_take(
    const struct command_args *args, struct command_password *ret, struct fault *fault)
{
    ret->made[0] = '\0';
    if (args->input == NULL)
        password_make(ret->made);
    return password_hash(args->input != NULL ? args->input : ret->made, ret->hash, fault);
}
