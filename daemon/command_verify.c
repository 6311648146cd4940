/* `pengaduand verify`, and `reindex`, which mends the one part that can be made anew from the rest. */
#include "command.h"

#include "daemon/book/message.h"
#include "daemon/book/verify.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include <sysexits.h>

/* False when it is none. */
static bool read_head(const char *text, unsigned char ret_head[CHAIN_DIGEST])
{
    size_t n = 0;
    const char *end = NULL;
    return strlen(text) == 2 * CHAIN_DIGEST &&
           sodium_hex2bin(ret_head, CHAIN_DIGEST, text, strlen(text), NULL, &n, &end) == 0 &&
           n == CHAIN_DIGEST && *end == '\0';
}

static const char TOUCH_NOTHING[] = "Jangan ubah apa pun; simpan salinan folder data, lalu hubungi admin.",
                  MAKE_ANEW[] = "Isi buku utuh. Susun ulang indeksnya: pengaduand reindex";

static enum outcome not_whole(struct str *out, int *ret_exit, const char *why, const char *advice)
{
    str_clear(out);
    str_addf(out, "%s\n%s\n", why, advice);
    *ret_exit = COMMAND_NEEDS_PERSON;
    return OUTCOME_DONE; /* the answer, not a failure of the command */
}

static void tell_whole(const struct verify_report *report, struct str *out)
{
    char hex[2 * CHAIN_DIGEST + 1];
    sodium_bin2hex(hex, sizeof hex, report->head, sizeof report->head);
    str_addf(out,
        "Buku utuh: %" PRId64 " aduan, %" PRId64 " pesan, %" PRId64 " peristiwa, %" PRId64
        " lampiran, %" PRId64 " baris diperiksa.\nSidik buku: %s\n",
        report->complaints, report->messages, report->events, report->blobs, report->rows, hex);
    if (report->strays > 0)
        str_addf(out, "%" PRId64 " berkas lampiran tidak dipakai; akan dihapus sendiri.\n", report->strays);
}

enum outcome command_verify(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct verify_report report = {0};
    unsigned char head[CHAIN_DIGEST];
    const char *wanted = args->options[ARG_HEAD];
    struct verify_options options = {.head = wanted != NULL ? head : NULL};
    str_clear(out);
    *ret_exit = EX_OK;
    if (wanted != NULL && !read_head(wanted, head)) {
        str_adds(out, "pengaduand: --head harus sidik dari verify: 64 angka heksadesimal\n");
        *ret_exit = EX_USAGE;
        return OUTCOME_DONE;
    }
    enum outcome outcome = verify_in_pieces(txn, &options, &report, fault);
    if (outcome == OUTCOME_NEVER)
        return not_whole(out, ret_exit, command_reason(fault), TOUCH_NOTHING);
    if (outcome == OUTCOME_DONE && wanted != NULL && !report.head_found)
        return not_whole(out, ret_exit,
            "Sidik itu tidak ada dalam buku ini: buku ini bukan kelanjutannya, atau jurnalnya ditulis "
            "ulang.",
            TOUCH_NOTHING);
    if (outcome == OUTCOME_DONE)
        tell_whole(&report, out);
    if (outcome == OUTCOME_DONE && wanted != NULL)
        str_adds(
            out, "Sidik yang ditanyakan ada di dalamnya: yang tertulis sampai saat itu tidak berubah.\n");
    return outcome;
}

/* What needs the book for itself. */
enum outcome command_verify_alone(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    (void)args;
    enum outcome outcome = verify_index(txn, fault);
    return outcome == OUTCOME_NEVER ? not_whole(out, ret_exit, command_reason(fault), MAKE_ANEW) : outcome;
}

enum outcome command_reindex(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    int64_t messages = 0;
    (void)args;
    str_clear(out);
    *ret_exit = EX_OK;
    enum outcome outcome = message_index_anew(txn, &messages, fault);
    if (!outcome)
        outcome = verify_index(txn, fault);
    if (!outcome)
        str_addf(out, "Indeks pencarian disusun ulang dari %" PRId64 " pesan.\n", messages);
    return outcome;
}
