/* `pengaduand init`: everything a first start needs, and nothing twice. What exists is left as it is, so that
 * init may be run again after a half-done one. */
#include "command.h"

#include "daemon/base/file.h"
#include "daemon/book/event.h"
#include "daemon/book/officer.h"
#include "run_as.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

static const char first_login[] = "admin";

/* Writes the sample where -c points, if nothing is there. Never overwrites. */
static int write_sample(struct command *cmd)
{
    const char *path = cmd->args.options[ARG_CONFIG];
    struct stat st;
    struct str sample;
    struct fault fault = {0};
    if (path == NULL || stat(path, &st) == 0 || errno != ENOENT)
        return EX_OK; /* what cannot be read will be told by config_load() */
    str_init(&sample, 256 * 1024);
    config_sample(&sample);
    enum outcome outcome = OUTCOME_LATER;
    if (str_ok(&sample))
        outcome = file_write(path, sample.data, sample.len, 0600, &fault);
    str_release(&sample);
    if (outcome != OUTCOME_DONE) {
        fprintf(cmd->err, "pengaduand: konfigurasi %s tidak dapat ditulis\n            %s\n", path,
            fault.internal);
        return EX_CANTCREAT;
    }
    fprintf(cmd->out, "Contoh konfigurasi ditulis ke %s. Sunting sebelum dipakai sungguhan.\n", path);
    return EX_OK;
}

struct first_admin {
    struct command_password password;
    bool made;
};

static enum outcome see_officer(void *arg, const struct officer *o, struct fault *fault)
{
    (void)o;
    (void)fault;
    *(bool *)arg = true;
    return OUTCOME_DONE;
}

static enum outcome add_admin(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct first_admin *admin = arg;
    bool somebody = false;
    struct officer o = {.login = first_login, .name = "Admin", .role = ROLE_ADMIN, .must_change = true};
    admin->made = false;
    enum outcome outcome = officer_list(txn, see_officer, &somebody, fault);
    if (outcome != OUTCOME_DONE || somebody)
        return outcome;
    outcome = officer_add(txn, &o, admin->password.hash, fault);
    if (outcome == OUTCOME_DONE)
        outcome = event_append(txn, 0, NULL, "buku_dibuka", "sistem", NULL, fault);
    admin->made = outcome == OUTCOME_DONE;
    return outcome;
}

static int failed(struct command *cmd, enum outcome outcome, const struct fault *fault)
{
    fprintf(cmd->err, "pengaduand: %s\n            %s\n", command_reason(fault), fault->internal);
    return outcome == OUTCOME_LATER ? EX_CANTCREAT : command_exit(outcome);
}

static int make_book(struct command *cmd)
{
    struct book_options options;
    struct book *book;
    struct fault fault = {0};
    struct first_admin admin;
    command_book_options(cmd->config, &options);
    options.create = true;
    if (!command_may_work(cmd, options.folder))
        return EX_NOPERM;
    enum outcome outcome = book_open(&book, /* loop= */ NULL, &options, &fault);
    if (outcome != OUTCOME_DONE)
        return failed(cmd, outcome, &fault);
    outcome = command_password_take(&cmd->args, &admin.password, &fault);
    if (outcome == OUTCOME_DONE)
        outcome = book_run(book, /* write= */ true, add_admin, &admin, &fault);
    book_close(book);
    if (outcome != OUTCOME_DONE)
        return failed(cmd, outcome, &fault);
    if (admin.made)
        fprintf(cmd->out,
            "Buku Pengaduan siap di %s.\n"
            "Masuk pertama kali: nama %s, kata sandi sekali pakai %s\n"
            "Kata sandi ini hanya ditampilkan kali ini; harus diganti saat pertama kali masuk.\n"
            "Setelah layanan berjalan, buka %s/masuk\n",
            options.folder, first_login, admin.password.made,
            config_text(cmd->config, "server", NULL, "public_url"));
    else
        fprintf(cmd->out, "Buku Pengaduan di %s sudah ada dan sudah punya petugas; tidak ada yang diubah.\n",
            options.folder);
    if (run_as_root())
        fputs("Disiapkan oleh root, jadi pengaduand akan berjalan sebagai root. Untuk kantor sungguhan lebih "
              "aman\n"
              "pengguna tersendiri: sudo -u pengaduand pengaduand init ...\n",
            cmd->out);
    explicit_bzero(&admin, sizeof admin);
    return fflush(cmd->out) == 0 ? EX_OK : EX_IOERR;
}

int command_init(struct command *cmd)
{
    struct str problems;
    struct fault fault = {0};
    int exit_code = write_sample(cmd);
    if (exit_code != EX_OK)
        return exit_code;
    str_init(&problems, 64 * 1024);
    enum outcome outcome = config_load(&cmd->config, cmd->args.options[ARG_CONFIG], &problems, &fault);
    fputs(problems.data, cmd->err);
    str_release(&problems);
    return outcome == OUTCOME_DONE ? make_book(cmd) : EX_CONFIG;
}
