#include "text_bounce.h"
#include "text_match.h"
#include <string.h>

enum {
    PROSE_BYTES = 16 << 10, /* the report stands at the top; below it the office's own mail is returned */
    PROSE_LINES = 400,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_address_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || (c & 0x80) ||
           (c && strchr("!#$%&'*+-/=?^_`{|}~.@", c) != NULL);
}

/* The first address in s at or after *at; sets *at behind it. Empty when there is none. */
static struct span next_address(struct span s, size_t *at)
{
    for (size_t i = *at; i < s.len; i++) {
        if (s.at[i] != '@')
            continue;
        size_t from = i, to = i + 1;
        while (from > *at && is_address_byte(s.at[from - 1]) && s.at[from - 1] != '@')
            from--;
        while (to < s.len && is_address_byte(s.at[to]) && s.at[to] != '@')
            to++;
        while (to > i + 1 && strchr(".-'/?!", s.at[to - 1]))
            to--;
        while (from < i && strchr("'/", s.at[from]))
            from++;
        *at = to;
        struct span found = {s.at + from, to - from};
        if (span_starts(found, "smtp=")) /* X.400 notation of old Exchange */
            found.at += 5, found.len -= 5;
        if (from < i && to > i + 1)
            return found;
    }
    *at = s.len;
    return (struct span){0};
}

static void keep(char *into, size_t size, struct span s)
{
    if (!s.len || s.len >= size)
        return;
    memcpy(into, s.at, s.len);
    into[s.len] = 0;
}

/* "5.1.1" of RFC 3463 2 at s.at[i]? Returns its length or 0. */
static size_t status_at(struct span s, size_t i)
{
    size_t k = i;
    if (k >= s.len || !strchr("245", s.at[k]) || !s.at[k] ||
        (i && (is_digit(s.at[i - 1]) || s.at[i - 1] == '.')))
        return 0;
    k++;
    for (int part = 0; part < 2; part++) {
        if (k >= s.len || s.at[k] != '.')
            return 0;
        size_t digits = 0;
        for (k++; k < s.len && is_digit(s.at[k]) && digits < 3; k++)
            digits++;
        if (!digits)
            return 0;
    }
    bool goes_on =
        k < s.len && (is_digit(s.at[k]) || (s.at[k] == '.' && k + 1 < s.len && is_digit(s.at[k + 1])));
    return goes_on ? 0 : k - i;
}

/* The value of a "Name: value" line, or an empty span. */
static struct span value_of(struct span line, const char *name)
{
    size_t n = strlen(name);
    if (!span_starts(line, name) || line.len <= n || line.at[n] != ':')
        return (struct span){0};
    return span_trim((struct span){line.at + n + 1, line.len - n - 1});
}

/* RFC 3464 2.3: groups of fields, one per recipient, after the group about the message. The first group that
 * failed counts; a group that only reports delay counts while none failed. */
struct report {
    struct span original, final, action, status;
};

static bool report_counts(const struct report *r)
{
    return r->action.len ? span_starts(r->action, "fail") || span_starts(r->action, "delay")
                         : r->original.len || r->final.len;
}

static void take_report(const struct report *r, struct text_bounce *ret, bool *taken)
{
    bool failed = !span_starts(r->action, "delay");
    if (!report_counts(r) || (*taken && (ret->permanent || !failed)))
        return;
    /* the address we wrote to, when the mail was forwarded further (2.3.1) */
    size_t at = 0;
    struct span address = next_address(r->original, &at), status = r->status;
    if (!address.len) {
        at = 0;
        address = next_address(r->final, &at);
    }
    for (at = 0; at < status.len && !status_at(status, at);)
        at++;
    ret->status[0] = ret->recipient[0] = 0;
    keep(ret->recipient, sizeof ret->recipient, address);
    if (at < status.len) /* a field that is absent has no place in memory to count from */
        keep(ret->status, sizeof ret->status, (struct span){status.at + at, status_at(status, at)});
    /* "failed" is final whatever the digits say: the system gave up (2.3.3) */
    ret->permanent = failed && (r->action.len || ret->status[0] != '4');
    *taken = true;
}

static bool read_report(struct span body, struct text_bounce *ret)
{
    struct report group = {0};
    bool taken = false;
    while (body.len) {
        struct span line = span_trim(span_next_line(&body));
        if (!line.len) {
            take_report(&group, ret, &taken);
            group = (struct report){0};
            continue;
        }
        struct {
            const char *name;
            struct span *into;
        } fields[] = {{"Original-Recipient", &group.original}, {"Final-Recipient", &group.final},
            {"Action", &group.action}, {"Status", &group.status}};
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            struct span value = value_of(line, fields[i].name);
            if (value.len)
                *fields[i].into = value;
        }
    }
    take_report(&group, ret, &taken);
    return taken;
}

static bool is_ours(struct span address, const struct text_bounce_signs *signs)
{
    if (signs->own_address && span_equals(address, signs->own_address))
        return true;
    if (signs->from_address && span_equals(address, signs->from_address))
        return true;
    return span_starts(address, "postmaster@") || span_starts(address, "mailer-daemon@") ||
           span_starts(address, "abuse@") || span_starts(address, "helpdesk@");
}

/* How plainly a line names the address that failed; 0 = not at all. */
static int line_weight(struct span line, bool after_announcement)
{
    static const char *const plain[] = {"could not be delivered", "not delivered", "undeliverable",
        "user unknown", "unknown user", "no such user", "does not exist", "doesn't exist",
        "mailbox unavailable", "rejected", "not found", "invalid", "over quota", "mailbox full",
        "quota exceeded", "tidak terkirim", "tidak dapat ditemukan", "tidak ditemukan", "failed",
        "unable to deliver", "couldn't be delivered", NULL};
    static const char *const strangers[] = {"from:", "message-id", "received:", "reply-to:", "return-path:",
        "cc:", "sender:", "references:", "in-reply-to:", "to:", "subject:", "x-", "date:", "contact",
        "if you", "please", "hubungi", NULL};
    if (span_starts_any(line, strangers))
        return 0;
    if (line.at[0] == '<' || span_has_any(line, plain))
        return 3;
    return after_announcement ? 2 : 1;
}

static bool announces(struct span line)
{
    static const char *const phrases[] = {"following address", "following recipient", "your message",
        "was not delivered", "delivery to", "could not be", "undeliverable", "did not reach", "unable to",
        "fatal errors", "failed", "pesan anda", "alamat", "not be delivered", "penerima berikut", "recipient",
        NULL};
    return span_has_any(line, phrases);
}

/* Does the report end here and the returned mail begin? */
static bool returned_mail(struct span line)
{
    static const char *const phrases[] = {"--- below this line", "copy of the message",
        "original message follows", "returned message", "message text follows", "unsent message below",
        "original message", "message header", "pesan asli", "return-path:", "received: from", NULL};
    return span_has_any(line, phrases);
}

static void read_prose(struct span text, const struct text_bounce_signs *signs, struct text_bounce *ret)
{
    int best = 0, since = 99;
    bool want_status = !ret->status[0], want_recipient = !ret->recipient[0];
    if (text.len > PROSE_BYTES)
        text.len = PROSE_BYTES;
    for (int n = 0; text.len && n < PROSE_LINES; n++) {
        struct span line = span_trim(span_next_line(&text));
        if (!line.len)
            continue;
        if (best && returned_mail(line))
            break;
        since = announces(line) ? 0 : since + 1;
        int weight = line_weight(line, since <= 4);
        for (size_t at = 0; want_recipient && weight > best && at < line.len;) {
            struct span address = next_address(line, &at);
            if (!address.len || is_ours(address, signs))
                continue;
            keep(ret->recipient, sizeof ret->recipient, address);
            best = weight;
        }
        for (size_t i = 0; want_status && !ret->status[0] && i < line.len; i++)
            keep(ret->status, sizeof ret->status, (struct span){line.at + i, status_at(line, i)});
    }
}

static bool says_temporary(const struct text_bounce_signs *signs)
{
    static const char *const subjects[] = {
        "delay", "warning", "could not send message for", "tertunda", "still trying", "ditunda", NULL};
    static const char *const texts[] = {"will be retried", "will keep trying", "still trying",
        "do not need to resend", "you do not need to resend", "has been delayed", "not been delivered yet",
        "warning message only", "a warning message", "tertunda", "akan terus mencoba", "terus mencoba",
        "will retry", "will continue to try", "attempts will be made", "mencoba mengirim", NULL};
    static const char *const final[] = {
        "giving up", "given up", "gave up", "permanent", "will not be retried", NULL};
    struct span text = span_of(signs->text);
    if (text.len > PROSE_BYTES)
        text.len = PROSE_BYTES;
    if (span_has_any(span_of(signs->subject), subjects) && !span_has_any(text, final))
        return true;
    return span_has_any(text, texts) && !span_has_any(text, final);
}

void text_bounce(const struct text_bounce_signs *signs, struct text_bounce *ret)
{
    *ret = (struct text_bounce){.permanent = true};
    bool reported = read_report(span_of(signs->status), ret);
    if (!ret->recipient[0] && signs->failed_recipients) {
        size_t at = 0;
        keep(ret->recipient, sizeof ret->recipient, next_address(span_of(signs->failed_recipients), &at));
    }
    if (!ret->recipient[0] || !ret->status[0])
        read_prose(span_of(signs->text), signs, ret);
    if (!reported)
        ret->permanent = !says_temporary(signs);
}
