#include "http_head.h"
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* RFC 9110 5.5, RFC 9112 2.2: no control bytes but the tab; CR and LF only together. */
enum http_scan http_head_scan(const char *bytes, size_t n, size_t *scanned)
{
    for (size_t i = *scanned; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool after_cr = i && bytes[i - 1] == '\r';
        *scanned = i + 1;
        if (after_cr != (c == '\n') || (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            return HTTP_SCAN_BAD;
        if (c == '\n' && i >= 3 && bytes[i - 2] == '\n')
            return HTTP_SCAN_END;
        if (c == '\n' && i == 1)
            return HTTP_SCAN_BAD; /* an empty line: the caller skips the one that RFC 9112 2.2 forgives */
    }
    return HTTP_SCAN_MORE;
}

/* RFC 9110 5.6.2. The space of "Content-Length : 5" stands in the name: RFC 9112 5.1 refuses it. */
static bool is_token(const char *name)
{
    static const char tchar[] = "!#$%&'*+-.^_`|~0123456789"
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *name && !name[strspn(name, tchar)];
}

/* One item of a list such as "keep-alive, Close" (RFC 9110 5.6.1). */
static bool list_has(const char *list, const char *word)
{
    size_t n = strlen(word);
    while (*list) {
        list += strspn(list, ", \t");
        size_t length = strcspn(list, ", \t");
        if (length == n && !strncasecmp(list, word, n))
            return true;
        list += length;
    }
    return false;
}

/* The rest of an absolute target behind "http://"; its authority must be what Host says (RFC 9112 3.2.2 lets the target
 * win, but somebody in front may have looked at Host). */
static const char *target_path(const struct http_head *head, const char *host)
{
    const char *target = head->target;
    if (*target == '/')
        return target;
    if (!strncasecmp(target, "http://", 7))
        target += 7;
    else if (!strncasecmp(target, "https://", 8))
        target += 8;
    else
        return NULL;
    size_t length = strcspn(target, "/?");
    if (!length || memchr(target, '@', length) ||
        (host && (strlen(host) != length || strncasecmp(host, target, length) != 0)))
        return NULL;
    return target[length] == '/' ? target + length : target[length] ? NULL : "/";
}

/* "METHOD SP target SP HTTP/1.x" (RFC 9112 3), single spaces only. */
static int parse_first_line(struct http_head *head, char *line)
{
    char *target = strchr(line, ' '), *version = target ? strchr(target + 1, ' ') : NULL;
    if (!version || strchr(version + 1, ' ') || strchr(line, '\t'))
        return 400;
    *target++ = 0;
    *version++ = 0;
    head->method = line;
    head->target = target;
    if (!is_token(line) || !*target || strchr(target, '#'))
        return 400; /* RFC 9112 3.2: a fragment is never sent */
    if (strncmp(version, "HTTP/", 5) != 0 || version[5] < '0' || version[5] > '9' || version[6] != '.' ||
        version[7] < '0' || version[7] > '9' || version[8])
        return 400;
    if (version[5] != '1')
        return 505; /* RFC 9112 2.3: we speak no other, and others may read such a request in another way */
    head->old = version[7] == '0';
    return 0;
}

/* RFC 9110 8.6: digits only. RFC 9112 6.3 would allow equal repetitions. */
static int parse_length(struct http_head *head, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    if (head->has_length || !digits || value[digits])
        return 400;
    head->has_length = true;
    for (; *value; value++) {
        if (head->length > (SIZE_MAX - 9) / 10)
            head->length = SIZE_MAX / 10; /* beyond every limit, however many digits follow */
        else
            head->length = head->length * 10 + (size_t)(*value - '0');
    }
    return 0;
}

static int parse_coding(struct http_head *head, const char *value)
{
    if (head->chunked || strcasecmp(value, "chunked") != 0)
        return 400; /* RFC 9112 6.1: we know no other, and one that is not understood hides where the body ends */
    head->chunked = true;
    return 0;
}

static int parse_host(const char **host, const char *value)
{
    if (*host || value[strcspn(value, " \t,/?#@\\")])
        return 400; /* RFC 9112 3.2 */
    *host = value;
    return 0;
}

static int parse_meaning(struct http_head *head, const struct http_line *line, const char **host)
{
    if (!strcasecmp(line->name, "Content-Length"))
        return parse_length(head, line->value);
    if (!strcasecmp(line->name, "Transfer-Encoding"))
        return parse_coding(head, line->value);
    if (!strcasecmp(line->name, "Host"))
        return parse_host(host, line->value);
    if (!strcasecmp(line->name, "Connection"))
        head->close |= list_has(line->value, "close");
    if (!strcasecmp(line->name, "Expect")) {
        head->expects = !strcasecmp(line->value, "100-continue");
        return head->expects ? 0 : 417; /* RFC 9110 10.1.1 */
    }
    return 0;
}

/* RFC 9112 5: a folded line (5.2) begins with a blank, which no name does. */
static int parse_line(struct http_head *head, char *text, const char **host)
{
    char *colon = strchr(text, ':');
    if (!colon)
        return 400;
    if (head->count == HTTP_HEAD_LINES_MAX)
        return 431;
    *colon = 0;
    char *value = colon + 1 + strspn(colon + 1, " \t"), *end = value + strlen(value);
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = 0;
    struct http_line *line = &head->lines[head->count++];
    *line = (struct http_line){text, value};
    return is_token(text) ? parse_meaning(head, line, host) : 400;
}

/* What the lines say together. */
static int check_whole(struct http_head *head, const char *host)
{
    if (head->has_length && head->chunked)
        return 400; /* RFC 9112 6.3: an attack or a bug, never needed */
    if (head->old && head->chunked)
        return 400; /* RFC 9112 6.1 */
    if (!head->old && !host)
        return 400; /* RFC 9112 3.2 */
    if (!head->path)
        return !strcmp(head->method, "CONNECT") ? 501 : 400;
    return 0;
}

/* Cuts the query off the path: both lie in the text. */
static void split_query(struct http_head *head)
{
    char *mark = head->path ? strchr(head->path, '?') : NULL;
    head->query = "";
    if (mark) {
        *mark = 0;
        head->query = mark + 1;
    }
}

int http_head_parse(struct http_head *head, char *text, size_t n)
{
    const char *host = NULL;
    int status = 0;
    head->query = "";
    text[n - 2] = 0; /* the CRLF of the empty line */
    for (char *line = text; *line && !status;) {
        char *end = strstr(line, "\r\n");
        *end = 0;
        status = line == text ? parse_first_line(head, line) : parse_line(head, line, &host);
        line = end + 2;
    }
    if (head->target) /* a refused one too: its path says in which words */
        head->path = target_path(head, host);
    if (!status)
        status = check_whole(head, host);
    split_query(head);
    return status;
}
