/* argon2id. Takes tens of milliseconds and 19 MiB of memory: on a reader, never on the writer, which has to take
 * in what citizens send meanwhile. Officers and sessions (officer.h) are given what was found out here. */
#ifndef BOOK_PASSWORD_H
#define BOOK_PASSWORD_H

#include "book.h"
#include <sodium.h>
#include <stdbool.h>

enum { PASSWORD_HASH_SIZE = crypto_pwhash_STRBYTES, PASSWORD_MAX = 256 /* bytes */ };

/* NEVER with a public text when it is shorter than OFFICER_PASSWORD_MIN characters or longer than PASSWORD_MAX. */
enum outcome password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct fault *fault);

/* A password made for one login: lower-case letters and digits without look-alikes, in groups; 79 bits. */
enum { PASSWORD_MADE_SIZE = 20 };
void password_make(char out[PASSWORD_MADE_SIZE]);

/* What one typed password is worth for one login. Holds good as long as the book still has that hash. */
struct password_proof {
    bool fits;
    char hash[PASSWORD_HASH_SIZE]; /* zeros behind its end; all zeros = nobody has that login */
};

/* Takes as long for an unknown login as for a known one. Changes nothing. */
enum outcome password_prove(struct book_txn *txn, const char *login, const char *password,
    struct password_proof *ret, struct fault *fault);

#endif
