#include "text_bounce_prose.h"
#include "text_address.h"
#include <stdio.h>
#include <string.h>

enum {
    PROSE_LINES = 400,
    NEAR_LINES = 4, /* below "the following address failed:" */
    LOCAL_BYTES = 64,
    RETURNED_LINES = 800, /* report, and header of the mail given back */
};

/* How plainly a line names the address that failed. */
enum weight { NOTHING, SEEN, ANNOUNCED, BLAMED, LABELLED };

static bool is_ours(struct span address, const struct text_bounce_signs *signs)
{
    static const char *const offices[] = {"postmaster@", "mailer-daemon@", "abuse@", "helpdesk@", "support@",
        "noc@", "hostmaster@", "admin@", NULL};
    if (signs->own_address && span_equals(address, signs->own_address))
        return true;
    if (signs->from_address && span_equals(address, signs->from_address))
        return true;
    return span_starts_any(address, offices);
}

static enum weight line_weight(struct span line, bool after_announcement)
{
    static const char *const labels[] = {
        "recipient address:", "rcpt to:", ">>> rcpt to:", "recipient:", "unknown user:", "undeliverable to",
        "user mailbox exceeds allowed size:", "invalid receiver address:", "failed recipient:",
        "final-recipient:", "penerima:", "intended recipient:", "delivery failed:", "unknown recipient:",
        "invalid recipient:", "user unknown:", "no such user:", "address:", NULL};
    static const char *const blames[] = {"could not be delivered", "not delivered", "undeliverable",
        "user unknown", "unknown user", "no such user", "does not exist", "doesn't exist",
        "mailbox unavailable", "rejected", "not found", "invalid", "over quota", "mailbox full", "quota",
        "exceeded", "tidak terkirim", "tidak dapat ditemukan", "tidak ditemukan", "failed",
        "unable to deliver", "couldn't be delivered", "could not deliver", "is full", "no longer",
        "not accepting", "unknown", "disabled", "inactive", "cannot be delivered", "not listed", "penuh",
        "unzustellbar", "konnte nicht", "n'a pas pu", "no se pudo", "não pôde", NULL};
    static const char *const strangers[] = {"from:", "message-id", "received:", "reply-to:", "return-path:",
        "cc:", "sender:", "references:", "in-reply-to:", "to:", "subject:", "x-", "date:", "contact",
        "if you", "please", "hubungi", "mail from:", ">>> mail from:", "reporting-mta", "for assistance",
        "for help", "for further", "sent by", "the message from", "message from", NULL};
    if (span_starts_any(line, strangers))
        return NOTHING;
    if (span_starts_any(line, labels))
        return LABELLED;
    if (line.at[0] == '<' || span_has_any(line, blames))
        return BLAMED;
    return after_announcement ? ANNOUNCED : SEEN;
}

static bool announces(struct span line)
{
    static const char *const phrases[] = {"following address", "following recipient", "your message",
        "was not delivered", "delivery to", "could not be", "undeliverable", "did not reach", "unable to",
        "fatal errors", "failed", "pesan anda", "alamat", "not be delivered", "penerima berikut", "recipient",
        "following user", "not delivered to", "your mail", "your email", "your e-mail", "surat anda",
        "email anda", "an die folgende", "destinataire", "destinatario", "destinatário", "pengiriman ke",
        NULL};
    return span_has_any(line, phrases);
}

bool text_bounce_returned(struct span line)
{
    static const char *const phrases[] = {"--- below this line", "copy of the message",
        "copy of your message", "original message follows", "returned message", "message text follows",
        "unsent message below", "original message", "message header", "pesan asli", "pesan terlampir",
        "return-path:", "received: from", "headers follow", "header of your message", "your message follows",
        "original headers", "the header of the original", NULL};
    return span_has_any(line, phrases) && !span_has(line, "details");
}

static bool is_known(const struct text_bounce *ret, size_t from, struct span address)
{
    for (size_t i = from; i < ret->count; i++)
        if (span_equals(address, ret->failures[i].recipient))
            return true;
    return false;
}

/* The best weight so far decides: what was taken for less is forgotten. */
struct finding {
    struct text_bounce *into;
    size_t first; /* of into->failures that came from prose */
    enum weight best;
};

static void found(struct finding *f, struct span address, enum weight weight)
{
    if (weight > f->best) {
        f->into->count = f->first;
        f->best = weight;
    }
    if (weight < f->best || is_known(f->into, f->first, address) || f->into->count == TEXT_BOUNCE_FAILURES)
        return;
    struct text_failure failure = {.permanent = true};
    text_address_keep(failure.recipient, sizeof failure.recipient, address);
    if (failure.recipient[0])
        f->into->failures[f->into->count++] = failure;
}

/* "@x.example" of what stands in From:, which a stranger may have written with anything in it. */
static struct span domain_of(struct span from)
{
    size_t at = 0;
    struct span address = text_address_next(from, &at);
    return span_from(address, span_find(address, "@"));
}

/* Systems that serve one domain name the local part alone, on a line of its own below the announcement:
 * AOL, GroupWise ("budi (mailbox full)"). */
static void local_name(struct finding *f, struct span line, const struct text_bounce_signs *signs)
{
    struct span domain = domain_of(span_of(signs->from_address));
    size_t n = 0;
    while (n < line.len && line.at[n] != ' ' && line.at[n] != '\t')
        n++;
    struct span name = {line.at, n}, rest = span_trim(span_from(line, n));
    bool alone = !rest.len || rest.at[0] == '(';
    if (!alone || n < 2 || n > LOCAL_BYTES || domain.len < 4)
        return;
    for (size_t i = 0; i < n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-+", name.at[i] | 0x20))
            return;
    char address[256];
    int length =
        snprintf(address, sizeof address, "%.*s%.*s", (int)name.len, name.at, (int)domain.len, domain.at);
    if (length > 0 && (size_t)length < sizeof address)
        found(f, span_of(address), SEEN);
}

/* "... they are not accepting mail from office@x": that is us. */
static bool is_sender(struct span line, struct span address)
{
    static const char *const before[] = {
        "from ", "from <", "from: ", "from:<", "sender ", "sender <", "oleh ", "dari ", "by ", NULL};
    return span_ends_any((struct span){line.at, (size_t)(address.at - line.at)}, before);
}

/* "(generated from a@x)", "(expanded from <a@x>)": the address as it was written, before aliases. */
static bool is_as_written(struct span line, struct span address)
{
    static const char *const before[] = {"generated from ", "generated from <", "expanded from ",
        "expanded from <", "expanded from: <", "expanded from: ", NULL};
    return span_ends_any((struct span){line.at, (size_t)(address.at - line.at)}, before);
}

static void read_line(struct finding *f, struct span line, int since, const struct text_bounce_signs *signs)
{
    enum weight weight = line_weight(line, since <= NEAR_LINES);
    bool any = false;
    for (size_t at = 0; weight != NOTHING && at < line.len;) {
        struct span address = text_address_next(line, &at);
        bool written = address.len && is_as_written(line, address);
        if (!address.len || is_ours(address, signs) || (!written && is_sender(line, address)))
            continue;
        any = true;
        found(f, address, written ? LABELLED : weight);
    }
    if (!any && since == 1 && f->best == NOTHING)
        local_name(f, line, signs);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A status code is surely one behind an SMTP reply code ("550 5.1.1") or a sharp ("(#5.1.1)"). */
static bool is_sure(struct span line, size_t i)
{
    if (i && line.at[i - 1] == '#')
        return true;
    if (i < 4 || (line.at[i - 1] != ' ' && line.at[i - 1] != '-'))
        return false;
    return line.at[i - 4] == line.at[i] && is_digit(line.at[i - 3]) && is_digit(line.at[i - 2]);
}

static void read_status(struct span line, char *status, size_t size, bool *sure)
{
    for (size_t i = 0; i < line.len && !*sure; i++) {
        size_t n = text_address_status(line, i);
        if (!n || line.at[i] == '2')
            continue;
        *sure = is_sure(line, i);
        if (*sure || !status[0])
            text_address_keep(status, size, (struct span){line.at + i, n});
    }
}

/* To whom the mail went that was given back: its To:, from the parts or within the text. */
static struct span returned_recipient(const struct text_bounce_signs *signs)
{
    struct span text = span_of(signs->text);
    size_t at = 0;
    struct span address = text_address_next(span_of(signs->returned_to), &at);
    bool given_back = false;
    for (int n = 0; !address.len && text.len && n < RETURNED_LINES; n++) {
        struct span line = span_trim(span_next_line(&text));
        given_back |= text_bounce_returned(line);
        at = 0;
        if (given_back && (span_starts(line, "to:") || span_starts(line, "kepada:")))
            address = text_address_next(line, &at);
    }
    return address.len && !is_ours(address, signs) ? address : (struct span){0};
}

void text_bounce_prose(
    const struct text_bounce_signs *signs, struct text_bounce *ret, char *ret_status, size_t status_size)
{
    struct finding f = {.into = ret, .first = ret->count};
    struct span text = span_of(signs->text);
    bool sure = false;
    int since = NEAR_LINES + 1;
    ret_status[0] = 0;
    if (text.len > TEXT_BOUNCE_PROSE)
        text.len = TEXT_BOUNCE_PROSE;
    for (int n = 0; text.len && n < PROSE_LINES; n++) {
        struct span line = span_trim(span_next_line(&text));
        if (!line.len)
            continue;
        if (f.best && text_bounce_returned(line))
            break;
        since = announces(line) ? 0 : since + 1;
        read_line(&f, line, since, signs);
        read_status(line, ret_status, status_size, &sure);
    }
    /* an address in passing is worth less than the one the mail went to */
    struct span went_to = f.best <= SEEN ? returned_recipient(signs) : (struct span){0};
    if (went_to.len)
        found(&f, went_to, ANNOUNCED);
}

bool text_bounce_temporary(const struct text_bounce_signs *signs)
{
    static const char *const subjects[] = {
        "delay", "warning", "could not send message for", "tertunda", "still trying", "ditunda", NULL};
    static const char *const texts[] = {"will be retried", "will keep trying", "still trying",
        "do not need to resend", "you do not need to resend", "has been delayed", "not been delivered yet",
        "not yet been delivered", "warning message only", "a warning message", "tertunda",
        "akan terus mencoba", "terus mencoba", "akan mencoba lagi", "will retry", "will continue to try",
        "attempts will be made", "attempts will continue", "mencoba mengirim", "will try again",
        "continue trying", "delivery is delayed", NULL};
    static const char *const final[] = {"giving up", "given up", "gave up", "permanent",
        "will not be retried", "user unknown", "unknown user", "no such user", "does not exist", "no longer",
        NULL};
    struct span text = span_of(signs->text);
    if (text.len > TEXT_BOUNCE_PROSE)
        text.len = TEXT_BOUNCE_PROSE;
    if (span_has_any(text, final))
        return false;
    return span_has_any(span_of(signs->subject), subjects) || span_has_any(text, texts);
}
