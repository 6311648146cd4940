/* `pengaduand verify` */
#include "command.h"

#include "daemon/book/verify.h"

#include <inttypes.h>

enum outcome command_verify(struct book_txn *txn, const struct command_args *args, struct str *out,
    int *ret_exit, struct fault *fault)
{
    struct verify_report report = {0};
    (void)args;
    str_clear(out);
    *ret_exit = 0;
    enum outcome outcome = verify_book(txn, &report, fault);
    if (outcome == OUTCOME_NEVER) { /* the answer, not a failure of the command */
        str_addf(out,
            "Buku tidak utuh: %s\nJangan ubah apa pun; simpan salinan folder data, lalu hubungi admin.\n",
            command_reason(fault));
        *ret_exit = COMMAND_NEEDS_PERSON;
        return OUTCOME_DONE;
    }
    if (outcome == OUTCOME_DONE)
        str_addf(out, "Buku utuh: %" PRId64 " peristiwa dan %" PRId64 " lampiran diperiksa.\n", report.events,
            report.blobs);
    return outcome;
}
