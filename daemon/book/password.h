/* argon2id, for officer.c and session.c. Takes tens of milliseconds and PASSWORD_MEMORY of memory: book threads. */
#ifndef BOOK_PASSWORD_H
#define BOOK_PASSWORD_H

#include "daemon/base/fault.h"
#include <sodium.h>
#include <stdbool.h>

enum { PASSWORD_HASH_SIZE = crypto_pwhash_STRBYTES, PASSWORD_MAX = 256 /* bytes */ };

/* NEVER with a public text when it is shorter than OFFICER_PASSWORD_MIN characters or longer than PASSWORD_MAX. */
enum outcome password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct fault *fault);

/* hash NULL: nobody has that name; takes as long as the others and says false. */
bool password_fits(const char *password, const char *hash);

#endif
