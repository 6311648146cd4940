/* The second step of a login (RFC 6238: SHA-1, 30 s, six digits, as every authenticator makes them) and the codes for when the
 * telephone is away. A code is taken once: a step that was used, and all before it, are refused. */
#ifndef BOOK_TOTP_H
#define BOOK_TOTP_H

#include "book.h"
#include "password.h"

enum {
    TOTP_SECRET = 20,         /* bytes: RFC 4226 4 */
    TOTP_BASE32 = 33,         /* characters and the NUL */
    TOTP_STEP_MS = 30 * 1000, /* of one code */
    TOTP_SKEW = 1,            /* steps that a telephone's clock may be off */
    TOTP_RECOVERY_CODES = 8,
};

/* The six digits of one step. Pure. */
int totp_code(const unsigned char secret[TOTP_SECRET], int64_t step);
void totp_base32(
    const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32]); /* RFC 4648, as people type it */

struct totp {
    bool begun, confirmed;             /* begun: there is a secret to confirm */
    unsigned char secret[TOTP_SECRET]; /* zeros once confirmed: nobody is shown it again */
    int64_t recovery_left;
};
enum outcome totp_get(struct book_txn *txn, int64_t officer_id, struct totp *ret, struct fault *fault);

/* A new secret; NEVER while one is confirmed. */
enum outcome totp_begin(struct book_txn *txn, int64_t officer_id, struct fault *fault);

/* The first code makes it count; codes are filled in, and known to nobody afterwards. *ret_fits false: nothing changed. */
enum outcome totp_confirm(struct book_txn *txn, int64_t officer_id, const char *code, bool *ret_fits,
    char codes[TOTP_RECOVERY_CODES][PASSWORD_MADE_SIZE], struct fault *fault);

/* Six digits, or one of the recovery codes, blanks aside. */
enum outcome totp_accept(struct book_txn *txn, int64_t officer_id, const char *code, bool *ret_fits,
    bool *ret_recovery, struct fault *fault);

enum outcome totp_remove(struct book_txn *txn, int64_t officer_id, struct fault *fault);

#endif
