/* What a relay offers (EHLO) and the words by which it lets us in (AUTH, RFC 4954). Pure. Private to daemon/loop. */
#ifndef LOOP_SMTP_LOGIN_H
#define LOOP_SMTP_LOGIN_H

#include "daemon/base/str.h"
#include <stdbool.h>

struct smtp_offer {
    bool starttls, plain, login, xoauth2, dsn;
    size_t size_most; /* RFC 1870; 0 = not told */
};

/* One line of the answer to EHLO, code included (RFC 5321 4.1.1.1). */
void smtp_offer_line(struct smtp_offer *offer, const char *line, size_t length);

enum smtp_mechanism { SMTP_NO_MECHANISM, SMTP_PLAIN, SMTP_LOGIN, SMTP_XOAUTH2 };

/* The one to use; a token wants XOAUTH2, a password never goes as one. */
enum smtp_mechanism smtp_mechanism_of(const struct smtp_offer *offer, bool token);

/* The words of round 0 (AUTH itself), 1, 2: what goes behind a 334. secret: password or token. The caller wipes out
 * with smtp_login_wipe(). */
void smtp_login_words(
    enum smtp_mechanism mechanism, int round, const char *user, const char *secret, struct str *out);
void smtp_login_wipe(struct str *words);

#endif
