#include "authenticity.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    HEADER_MOST = 64 << 10, /* bytes of the header block that are looked at */
    VALUE_MOST = 4 << 10,   /* of one Authentication-Results */
    WORD_MOST = 256,
};

/* ---- finding it ---- */

/* Copies one header's value without comments, quotes and folding: what is left is words, '=', ';'. RFC 5322 3.2.2:
 * comments nest. */
static void plain_value(const char *p, const char *end, char out[VALUE_MOST])
{
    size_t n = 0;
    int depth = 0;
    bool quoted = false;
    for (; p < end && n + 1 < VALUE_MOST; p++) {
        char c = *p;
        if (c == '\\' && (quoted || depth) && p + 1 < end) {
            p++;
            if (!depth)
                out[n++] = (unsigned char)*p > ' ' ? *p : '_';
        } else if (c == '"' && !depth) {
            quoted = !quoted;
        } else if (!quoted && c == '(') {
            depth++;
        } else if (!quoted && c == ')' && depth) {
            depth--;
        } else if (!depth) {
            /* inside quotes nothing separates */
            bool blank = (unsigned char)c <= ' ';
            out[n++] = quoted && (blank || c == ';' || c == '=') ? '_' : blank ? ' ' : c;
        }
    }
    out[n] = 0;
}

/* End of the header that begins at p: the line end that no blank follows. */
static const char *header_end(const char *p, const char *end)
{
    for (;;) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        if (!line)
            return end;
        if (line + 1 >= end || (line[1] != ' ' && line[1] != '\t'))
            return line + 1;
        p = line + 1;
    }
}

/* ---- reading it ---- */

struct results {
    char dmarc[32], dkim[32], spf[32];
    bool dkim_aligned, spf_aligned;
};

/* The next word up to one of the stops; *at moves behind it and the blanks after it. */
static void next_word(const char **at, const char *stops, char out[WORD_MOST])
{
    size_t n = 0;
    const char *p = *at + strspn(*at, " ");
    for (; *p && *p != ' ' && !strchr(stops, *p); p++)
        if (n + 1 < WORD_MOST)
            out[n++] = (char)tolower((unsigned char)*p);
    out[n] = 0;
    *at = p + strspn(p, " ");
}

static bool ends_with_domain(const char *name, const char *domain)
{
    size_t a = strlen(name), b = strlen(domain);
    return a >= b && !strcasecmp(name + a - b, domain) && (a == b || name[a - b - 1] == '.');
}

/* RFC 7489 3.1, relaxed, without a list of public suffixes: one name contains the other, and it has a dot. */
static bool aligned(const char *domain, const char *from)
{
    const char *at = strrchr(domain, '@');
    const char *host = from ? strrchr(from, '@') : NULL;
    domain = at ? at + 1 : domain;
    if (!host || !strchr(domain, '.'))
        return false;
    return ends_with_domain(host + 1, domain) ||
           (strchr(host + 1, '.') && ends_with_domain(domain, host + 1));
}

/* "dkim=pass header.d=x header.i=@x": one resinfo of RFC 8601 2.2. The first of a method counts, but a second
 * signature may be the aligned one. */
static void take_result(struct results *r, const char *p, const char *from)
{
    char method[WORD_MOST], verdict[WORD_MOST], name[WORD_MOST], value[WORD_MOST];
    bool match = false;
    next_word(&p, "=", method);
    if (*p != '=')
        return;
    p++;
    next_word(&p, ";", verdict);
    method[strcspn(method, "/")] = 0; /* "dkim/1" */
    bool dkim = !strcmp(method, "dkim"), spf = !strcmp(method, "spf");
    while (*p) {
        next_word(&p, "=", name);
        if (*p != '=')
            break;
        p++;
        next_word(&p, ";", value);
        match |= dkim && (!strcmp(name, "header.d") || !strcmp(name, "header.i")) && aligned(value, from);
        match |= spf && !strcmp(name, "smtp.mailfrom") && aligned(value, from);
    }
    bool pass = !strcmp(verdict, "pass");
    if (dkim && (!*r->dkim || (pass && match))) {
        snprintf(r->dkim, sizeof r->dkim, "%.31s", verdict);
        r->dkim_aligned = pass && match;
    }
    if (spf && !*r->spf) {
        snprintf(r->spf, sizeof r->spf, "%.31s", verdict);
        r->spf_aligned = match;
    }
    if (!strcmp(method, "dmarc") && !*r->dmarc)
        snprintf(r->dmarc, sizeof r->dmarc, "%.31s", verdict);
}

static const char *judge(const struct results *r)
{
    if (!strcmp(r->dmarc, "pass") || r->dkim_aligned || (r->spf_aligned && !strcmp(r->spf, "pass")))
        return "asli";
    /* RFC 7489 6.6.2; without DMARC only the domain's own clear word that this server may not send for it. */
    if (!strcmp(r->dmarc, "fail") || (!*r->dmarc && r->spf_aligned && !strcmp(r->spf, "fail")))
        return "palsu";
    return "tidak_pasti";
}

static const char *judge_value(char *value, const char *from)
{
    struct results r = {0};
    char *rest = NULL;
    strtok_r(value, ";", &rest); /* authserv-id and its version */
    for (char *part = strtok_r(NULL, ";", &rest); part; part = strtok_r(NULL, ";", &rest))
        take_result(&r, part, from);
    return judge(&r);
}

const char *authenticity_of(const void *raw, size_t size, const char *authserv_id, const char *from)
{
    static const char name[] = "authentication-results:";
    const char *p = raw, *end = p + (size < HEADER_MOST ? size : HEADER_MOST);
    char value[VALUE_MOST], id[WORD_MOST];
    while (p < end && *p != '\n' && *p != '\r') {
        const char *stop = header_end(p, end);
        if ((size_t)(stop - p) >= sizeof name && !strncasecmp(p, name, sizeof name - 1)) {
            plain_value(p + sizeof name - 1, stop, value);
            const char *at = value;
            next_word(&at, ";", id);
            if (!strcasecmp(id, authserv_id))
                return judge_value(value, from);
        }
        p = stop;
    }
    return "tidak_pasti";
}
