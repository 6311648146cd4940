/* A letter from whatever the outbox row says: header lines only of ours, line ends only CRLF, and the reader gets the
 * words that were written. Input: the payload as JSON. */
#include "fuzz.h"
#include "channels/email/letter.h"
#include "daemon/base/str.h"
#include "daemon/loop/smtp_private.h"

enum { LINE_MOST = 998 }; /* RFC 5322 2.1.1 */

static const char *const header_names[] = {"Date", "From", "To", "Reply-To", "Subject", "Message-ID",
    "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language",
    "MIME-Version", "Content-Type"};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_object_seed(1);
    return 0;
}

/* Is it one of ours, and for the first time? */
static void check_header(const char *line, size_t n, unsigned *seen)
{
    size_t name = 0, i = 0;
    while (name < n && line[name] != ':')
        name++;
    for (; i < sizeof header_names / sizeof *header_names; i++)
        if (strlen(header_names[i]) == name && !memcmp(header_names[i], line, name))
            break;
    require(i < sizeof header_names / sizeof *header_names && !(*seen & 1u << i));
    *seen |= 1u << i;
}

/* Returns where the body begins. */
static const char *check_head(const char *content)
{
    unsigned seen = 0;
    const char *line = content;
    for (const char *end; (end = strstr(line, "\r\n")) != line; line = end + 2) {
        require(end != NULL && end - line <= LINE_MOST);
        for (const char *p = line; p < end; p++)
            require(*p >= 0x20 && *p <= 0x7e);
        if (*line == ' ')
            require(seen && strspn(line, " ") <
                                (size_t)(end - line)); /* RFC 5322 3.2.2: no line of white space alone */
        else
            check_header(line, (size_t)(end - line), &seen);
    }
    return line + 2;
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void decode_quoted(const char *p, struct str *out)
{
    for (; *p; p++) {
        if (*p != '=') {
            str_addc(out, *p);
        } else if (p[1] == '\r' && p[2] == '\n') {
            p += 2;
        } else {
            require(hex(p[1]) >= 0 && hex(p[2]) >= 0);
            str_addc(out, (char)(hex(p[1]) << 4 | hex(p[2])));
            p += 2;
        }
    }
}

static void decode_base64(const char *p, struct str *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    int have = 0;
    for (; *p; p++) {
        const char *at = strchr(alphabet, *p);
        if (*p == '=' || *p == '\r' || *p == '\n')
            continue;
        require(at != NULL);
        bits = bits << 6 | (uint32_t)(at - alphabet);
        have += 6;
        if (have >= 8) {
            have -= 8;
            str_addc(out, (char)(bits >> have & 0xff));
        }
    }
}

/* The text as written begins the decoded body, line ends apart (a quote may follow). */
static void check_text(bool base64, const char *body, const char *text)
{
    struct str out;
    str_init(&out, 16 << 20);
    if (base64)
        decode_base64(body, &out);
    else
        decode_quoted(body, &out);
    require(str_ok(&out) && fuzz_is_utf8(out.data, out.len));
    const char *p = out.data;
    for (; text && *text; text++) {
        if (*text == '\r' && text[1] == '\n')
            continue;
        if (*text == '\r' || *text == '\n') {
            require(p[0] == '\r' && p[1] == '\n');
            p += 2;
        } else {
            require(*p++ == *text);
        }
    }
    str_release(&out);
}

/* The text's part of the multipart, cut out. */
static void check_body(const char *body, const char *text)
{
    const char *head = strstr(body, "Content-Type: text/plain; charset=utf-8\r\n");
    require(head != NULL);
    const char *begin = strstr(head, "\r\n\r\n");
    require(begin != NULL);
    const char *end = strstr(begin, "\r\n--=_a"), *base64 = strstr(head, "base64");
    require(end != NULL && strstr(end, "Content-Type: text/html; charset=utf-8\r\n"));
    char *part = fuzz_text(begin + 4, end > begin + 4 ? (size_t)(end - begin - 4) : 0);
    check_text(base64 && base64 < begin, part, text);
    free(part);
}

static void check_letter(const json_t *payload, bool automatic)
{
    static const struct letter_office office = {
        "Kecamatan \"Contoh\"", "kantor@kec.example", "aduan@kec.example"};
    struct letter letter = {0};
    struct fault fault = {0};
    enum outcome outcome = letter_build(&letter, payload, NULL, &office,
        automatic ? LETTER_RECEIPT : LETTER_PERSON, INT64_C(1795314600000), &fault);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.internal));
    if (outcome != OUTCOME_DONE)
        return;
    struct smtp_letter out = {
        .from = letter.envelope_from, .to = letter.to, .content = letter.content, .length = letter.length};
    require(smtp_letter_ok(&out, &fault));
    require(strlen(letter.content) == letter.length && !*letter.envelope_from == automatic);
    require(strstr(letter.content, automatic ? "\r\nAuto-Submitted: auto-" : "\r\nSubject:"));
    check_body(check_head(letter.content), json_string_value(json_object_get(payload, "text")));
    letter_release(&letter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *payload = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
    if (payload) {
        check_letter(payload, false);
        check_letter(payload, true);
    }
    json_decref(payload);
    return 0;
}
