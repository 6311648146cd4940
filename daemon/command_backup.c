/* `pengaduand backup` and `pengaduand restore`. */
#include "command.h"

#include "daemon/base/log.h"
#include "daemon/book/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* ---- backup ---- */

/* To the terminal when the work is done here, to the log when the daemon does it. */
static void tell(void *arg, const char *what, int64_t done, int64_t all)
{
    FILE *to = arg;
    if (to == NULL)
        log_event(
            LOG_INFO, NULL, "backup.going_on", "what=\"%s\" done=%" PRId64 " all=%" PRId64, what, done, all);
    else if (all > 0)
        fprintf(to, "pengaduand: %s, %" PRId64 " dari %" PRId64 "\n", what, done, all);
    else
        fprintf(to, "pengaduand: %s\n", what);
}

enum outcome command_backup(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct backup_report report;
    struct backup_request request = {.folder = args->words[0],
        .key = config_text(args->config, "backup", NULL, "key"),
        .progress = {.tell = tell, .arg = args->progress}};
    str_clear(out);
    *ret_exit = EX_OK;
    enum outcome outcome = backup_make(txn, &request, &report, fault);
    if (outcome == OUTCOME_DONE)
        str_addf(out,
            "Cadangan dibuat dan diperiksa: %s/%s\n%" PRId64 " aduan, %" PRId64 " peristiwa, %" PRId64
            " berkas lampiran%s.\n",
            request.folder, report.name, report.counts.complaints, report.counts.events, report.counts.files,
            request.key != NULL ? "; terkunci" : "");
    if (outcome == OUTCOME_DONE && report.doubt.public_text[0] != '\0') {
        str_addf(out, "PERHATIAN: %s\nJalankan: pengaduand verify\n", report.doubt.public_text);
        *ret_exit = COMMAND_NEEDS_PERSON;
    }
    if (outcome == OUTCOME_DONE || txn_closing(txn))
        return outcome;
    /* The answer names the cause also where another process shows it. */
    str_addf(out, "pengaduand: %s\n            %s\n", command_reason(fault), fault->internal);
    *ret_exit = outcome == OUTCOME_LATER ? EX_CANTCREAT : command_exit(outcome);
    return OUTCOME_DONE;
}

/* ---- restore ---- */

int command_restore(struct command *cmd)
{
    const char *source = cmd->args.words[0];
    struct book_options options;
    struct backup_progress progress = {.tell = tell, .arg = cmd->err};
    struct manifest counts;
    struct fault fault = {0}, doubt = {0};
    struct stat st;
    command_book_options(cmd->config, &options);
    if (stat(source, &st) != 0) {
        fprintf(cmd->err, "pengaduand: cadangan %s tidak ditemukan\n", source);
        return EX_NOINPUT;
    }
    if (!command_may_work(cmd, options.folder))
        return EX_NOPERM;
    if (!backup_folder_is_empty(options.folder)) {
        fprintf(cmd->err,
            "pengaduand: Folder data %s tidak kosong; tidak ada yang diubah.\n"
            "            Pindahkan isinya dahulu, atau pilih folder data lain.\n",
            options.folder);
        return EX_CANTCREAT;
    }
    enum outcome outcome = backup_restore(source, config_text(cmd->config, "backup", NULL, "key"), &options,
        &progress, &counts, &doubt, &fault);
    if (outcome != OUTCOME_DONE) {
        fprintf(cmd->err, "pengaduand: %s\n            %s\n            Tidak ada yang dipulihkan.\n",
            command_reason(&fault), fault.internal);
        return outcome == OUTCOME_LATER ? EX_IOERR : command_exit(outcome);
    }
    fprintf(cmd->out,
        "Buku Pengaduan dipulihkan ke %s dan diperiksa.\n%" PRId64 " aduan, %" PRId64 " peristiwa, %" PRId64
        " berkas lampiran.\n"
        "Kiriman yang saat itu masih antre ditandai belum pasti terkirim; petugas perlu melihatnya.\n",
        options.folder, counts.complaints, counts.events, counts.files);
    if (doubt.public_text[0] != '\0')
        fprintf(cmd->out, "PERHATIAN: sudah demikian saat dicadangkan. %s\n", doubt.public_text);
    if (fflush(cmd->out) != 0)
        return EX_IOERR;
    return doubt.public_text[0] != '\0' ? COMMAND_NEEDS_PERSON : EX_OK;
}
