/* Which letters may go, and what became of one that went. Pure.
 *
 *   all bytes handed over?  what ended it                verdict
 *   yes                     2yz                           ACCEPTED
 *   yes                     4yz / 5yz                     LATER / REFUSED
 *   yes                     no reply                      UNKNOWN: the dot may have been read
 *   no                      certificate, login refused    STOPPED
 *   no                      5yz to MAIL, RCPT, DATA       REFUSED
 *   no                      5yz before MAIL               STOPPED: the relay does not want us at all
 *   no                      anything else                 LATER */
#include "smtp_private.h"
#include <stdio.h>
#include <string.h>

static bool address_atom(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5321 4.1.2: a dot-string, so no quoted local part (none of our citizens' providers gives those out) */
static bool local_ok(const char *local, size_t length)
{
    if (!length || length > 64 || local[0] == '.' || local[length - 1] == '.')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!address_atom(local[i]) && !strchr("!#$%&'*+-/=?^_`{|}~", local[i]) &&
            (local[i] != '.' || local[i - 1] == '.'))
            return false;
    return true;
}

static bool domain_ok(const char *domain)
{
    size_t label = 0;
    for (const char *p = domain; *p; p++) {
        if (*p == '.' ? !label || p[-1] == '-' : !address_atom(*p) && (*p != '-' || !label))
            return false;
        label = *p == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    return label && domain[strlen(domain) - 1] != '-';
}

bool smtp_address_ok(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    /* NUL-terminated, so strchr() of the sets above never meets a 0 */
    return at && strlen(address) <= 254 && local_ok(address, (size_t)(at - address)) && domain_ok(at + 1);
}

/* Every line end is CRLF and there is no other CR or LF: a bare one is how a second letter is smuggled. */
static bool content_ok(const char *content, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (content[i] == '\r' && (i + 1 == length || content[i + 1] != '\n'))
            return false;
        if (content[i] == '\n' && (!i || content[i - 1] != '\r'))
            return false;
        if (!content[i])
            return false;
    }
    return length >= 2 && content[length - 1] == '\n';
}

bool smtp_letter_ok(const struct smtp_letter *letter, struct fault *fault)
{
    if (!smtp_address_ok(letter->to) || (letter->from[0] && !smtp_address_ok(letter->from))) {
        fault_set(fault, OUTCOME_NEVER, "Alamat email tidak benar.", "smtp: address refused before sending");
        return false;
    }
    if (!content_ok(letter->content, letter->length)) {
        fault_set(fault, OUTCOME_NEVER, NULL, "smtp: content without canonical line ends");
        return false;
    }
    return true;
}

bool smtp_talk_line(struct smtp_talk *talk, const char *line, size_t length)
{
    for (size_t i = 0; i < 3; i++)
        if (length < 3 || line[i] < '0' || line[i] > '9')
            return false;
    if (line[0] < '2' || line[0] > '5')
        return false; /* RFC 5321 4.2.1: no such reply; taken for one, 150 would mean that the letter was accepted */
    if (length > 3 && line[3] == '-')
        return false; /* RFC 5321 4.2.1: more lines follow */
    talk->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    size_t n = length < sizeof talk->reply - 1 ? length : sizeof talk->reply - 1;
    for (size_t i = 0; i < n; i++)
        talk->reply[i] = (unsigned char)line[i] < 0x20 || (unsigned char)line[i] > 0x7e ? '?' : line[i];
    talk->reply[n] = 0;
    return true;
}

static enum smtp_sent verdict_early(const struct smtp_talk *talk, const char *why)
{
    bool for_good = talk->code >= 500 && !why;
    if (why && talk->stage != SMTP_STAGE_LOGIN)
        return SMTP_LATER;
    switch (talk->stage) {
    case SMTP_STAGE_DIAL:
        return SMTP_LATER;
    case SMTP_STAGE_HELLO:
        return for_good ? SMTP_STOPPED : SMTP_LATER;
    case SMTP_STAGE_LOGIN: /* 4yz: RFC 4954 4.7.0 temporary */
        return for_good ? SMTP_STOPPED : SMTP_LATER;
    case SMTP_STAGE_LETTER:
        break;
    }
    if (talk->code == 530 || talk->code == 534 || talk->code == 535 || talk->code == 538)
        return SMTP_STOPPED; /* RFC 4954 6: about the login, whatever command got it */
    return for_good ? SMTP_REFUSED : SMTP_LATER;
}

static enum smtp_sent verdict(const struct smtp_talk *talk, const char *why, enum outcome dial)
{
    if (dial != OUTCOME_DONE)
        return dial == OUTCOME_STOP ? SMTP_STOPPED : dial == OUTCOME_NEVER ? SMTP_REFUSED : SMTP_LATER;
    if (!talk->all_handed)
        return verdict_early(talk, why);
    if (!talk->code)
        return SMTP_UNKNOWN;
    return talk->code < 300 ? SMTP_ACCEPTED : talk->code < 500 ? SMTP_LATER : SMTP_REFUSED;
}

static const char *verdict_text(enum smtp_sent sent, enum smtp_stage stage)
{
    switch (sent) {
    case SMTP_ACCEPTED:
        return "Surat diterima oleh server email.";
    case SMTP_LATER:
        return "Server email belum dapat menerima surat. Akan dicoba lagi.";
    case SMTP_REFUSED:
        return "Surat ditolak oleh server email.";
    case SMTP_UNKNOWN:
        return "Tidak diketahui apakah surat sudah diterima server email.";
    case SMTP_STOPPED:
        break;
    }
    return stage == SMTP_STAGE_HELLO
               ? "Server email menolak komputer ini. Periksa pengaturan email keluar."
               : "Server email menolak nama pengguna atau kata sandi. Periksa pengaturan email keluar.";
}

enum smtp_sent smtp_verdict(
    const struct smtp_talk *talk, const char *why, enum outcome dial, struct fault *fault)
{
    static const enum outcome outcomes[] = {[SMTP_ACCEPTED] = OUTCOME_DONE,
        [SMTP_LATER] = OUTCOME_LATER,
        [SMTP_REFUSED] = OUTCOME_NEVER,
        [SMTP_STOPPED] = OUTCOME_STOP,
        [SMTP_UNKNOWN] = OUTCOME_STOP};
    enum smtp_sent sent = verdict(talk, why, dial);
    if (dial == OUTCOME_DONE)
        fault_set(fault, outcomes[sent], verdict_text(sent, talk->stage), "smtp: %s: reply \"%s\"",
            why ? why : "answered", talk->reply);
    return sent;
}
