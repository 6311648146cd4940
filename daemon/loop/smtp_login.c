#include "smtp_login.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORDS_MOST = 16 << 10 }; /* bytes; tokens have been seen up to 4 KiB */

void smtp_offer_line(struct smtp_offer *offer, const char *line, size_t length)
{
    char words[256];
    if (length < 5)
        return;
    snprintf(words, sizeof words, "%.*s", (int)(length - 4 < 250 ? length - 4 : 250), line + 4);
    if (!strcasecmp(words, "STARTTLS"))
        offer->starttls = true;
    else if (!strcasecmp(words, "DSN"))
        offer->dsn = true;
    else if (!strncasecmp(words, "SIZE ", 5))
        offer->size_most = (size_t)strtoull(words + 5, NULL, 10);
    else if (!strncasecmp(words, "AUTH ", 5)) {
        char *rest = NULL;
        for (char *word = strtok_r(words + 5, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
            offer->plain |= !strcasecmp(word, "PLAIN");
            offer->login |= !strcasecmp(word, "LOGIN");
            offer->xoauth2 |= !strcasecmp(word, "XOAUTH2");
        }
    }
}

enum smtp_mechanism smtp_mechanism_of(const struct smtp_offer *offer, bool token)
{
    if (token)
        return offer->xoauth2 ? SMTP_XOAUTH2 : SMTP_NO_MECHANISM;
    return offer->plain ? SMTP_PLAIN : offer->login ? SMTP_LOGIN : SMTP_NO_MECHANISM;
}

static void add_base64(struct str *out, const struct str *bytes)
{
    size_t room = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *coded = malloc(room);
    out->failed |= !coded || !str_ok(bytes);
    if (coded) {
        sodium_bin2base64(
            coded, room, (const unsigned char *)bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
        str_adds(out, coded);
        explicit_bzero(coded, room);
    }
    free(coded);
}

void smtp_login_words(
    enum smtp_mechanism mechanism, int round, const char *user, const char *secret, struct str *out)
{
    struct str bytes;
    str_init(out, WORDS_MOST);
    str_init(&bytes, WORDS_MOST / 2);
    if (mechanism == SMTP_XOAUTH2 && !round) {
        str_adds(out, "AUTH XOAUTH2 ");
        str_addf(&bytes, "user=%s\001auth=Bearer %s\001\001", user, secret);
    } else if (mechanism == SMTP_XOAUTH2) {
        /* an empty answer to its complaint: then comes the refusal itself */
    } else if (!round) {
        str_adds(out, mechanism == SMTP_PLAIN ? "AUTH PLAIN" : "AUTH LOGIN");
    } else if (mechanism == SMTP_PLAIN) { /* RFC 4616 2 */
        str_addc(&bytes, 0);
        str_adds(&bytes, user);
        str_addc(&bytes, 0);
        str_adds(&bytes, secret);
    } else {
        str_adds(&bytes, round == 1 ? user : secret);
    }
    if (bytes.len)
        add_base64(out, &bytes);
    smtp_login_wipe(&bytes);
}

void smtp_login_wipe(struct str *words)
{
    if (words->cap)
        explicit_bzero(words->data, words->cap);
    str_release(words);
}
