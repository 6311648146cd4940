#include "password.h"
#include "daemon/base/random.h"
#include "officer.h"
#include "stmt.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* OWASP's least for argon2id: 19 MiB, two passes. Fits an old PC; a session is opened a few times a day. */
enum { PASSWORD_PASSES = 2, PASSWORD_MEMORY = 19 * 1024 * 1024 };

static pthread_once_t nobody_once = PTHREAD_ONCE_INIT;
static char nobody_hash[PASSWORD_HASH_SIZE]; /* of a password that nobody has */

static void make_nobody(void)
{
    char random[32], secret[65];
    random_bytes(random, sizeof random);
    sodium_bin2hex(secret, sizeof secret, (unsigned char *)random, sizeof random);
    if (crypto_pwhash_str(nobody_hash, secret, strlen(secret), PASSWORD_PASSES, PASSWORD_MEMORY))
        nobody_hash[0] = 0; /* no memory: then nothing fits anyway */
}

static size_t characters(const char *utf8)
{
    size_t n = 0;
    for (; *utf8; utf8++)
        n += (*utf8 & 0xc0) != 0x80;
    return n;
}

enum outcome password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct fault *fault)
{
    memset(hash, 0, PASSWORD_HASH_SIZE);
    if (!password || characters(password) < OFFICER_PASSWORD_MIN)
        return fault_set(
            fault, OUTCOME_NEVER, "Kata sandi paling sedikit 10 karakter.", "password too short");
    if (strlen(password) > PASSWORD_MAX)
        return fault_set(
            fault, OUTCOME_NEVER, "Kata sandi terlalu panjang.", "password over %d bytes", PASSWORD_MAX);
    if (crypto_pwhash_str(hash, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for argon2id");
    return OUTCOME_DONE;
}

void password_make(char out[PASSWORD_MADE_SIZE])
{
    static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* no i l o 0 1 */
    for (int i = 0; i < PASSWORD_MADE_SIZE - 1; i++)
        out[i] = i % 5 == 4 ? '-' : alphabet[random_below(sizeof alphabet - 1)];
    out[PASSWORD_MADE_SIZE - 1] = '\0';
}

/* hash empty: nobody has that name; takes as long as the others and says false. */
static bool fits(const char *password, const char *hash)
{
    pthread_once(&nobody_once, make_nobody); /* for everybody, so that the first wrong name takes no longer */
    size_t length = strnlen(password, PASSWORD_MAX + 1);
    bool same = !crypto_pwhash_str_verify(*hash ? hash : nobody_hash, password, length);
    return same && *hash && length <= PASSWORD_MAX;
}

enum outcome password_prove(struct book_txn *txn, const char *login, const char *password,
    struct password_proof *ret, struct fault *fault)
{
    *ret = (struct password_proof){0};
    struct stmt s = stmt_open(txn, "SELECT password_hash FROM officer WHERE login = ?1");
    stmt_text(&s, login);
    if (stmt_row(&s))
        snprintf(ret->hash, sizeof ret->hash, "%s", stmt_peek_text(&s, 0));
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        ret->fits = fits(password, ret->hash);
    return outcome;
}
