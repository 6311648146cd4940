#include "view_scan.h"
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void add(char *name, size_t size, char c)
{
    size_t n = strlen(name);
    if (n + 1 < size) {
        name[n] = lower(c);
        name[n + 1] = '\0';
    }
}

static void end_tag(struct html_scan *s)
{
    bool raw = !strcmp(s->tag, "script") || !strcmp(s->tag, "style");
    s->state = raw ? HTML_RAW : HTML_TEXT;
    s->tail = 0;
}

/* Between attributes and in their names; '>' ends the tag. */
static void in_tag(struct html_scan *s, char c)
{
    if (c == '>') {
        end_tag(s);
    } else if (c == '=') {
        s->state = HTML_EQUALS;
    } else if (blank(c) || c == '/') {
        s->state = HTML_TAG;
    } else {
        if (s->state == HTML_TAG)
            s->attribute[0] = '\0';
        s->state = HTML_NAME;
        add(s->attribute, sizeof s->attribute, c);
    }
}

static void after_equals(struct html_scan *s, char c)
{
    if (blank(c))
        return;
    s->started = false;
    s->quote = c;
    s->state = c == '"' || c == '\'' ? HTML_QUOTED : HTML_BARE;
}

static void less_than(struct html_scan *s, char c)
{
    if (c == '>') {
        s->attribute[0] = '\0';
        end_tag(s);
    } else if (blank(c)) {
        s->state = s->tag[0] ? HTML_TAG : HTML_TEXT; /* "a < b" is text */
    } else {
        add(s->tag, sizeof s->tag, c);
        if (!strcmp(s->tag, "!--"))
            s->state = HTML_COMMENT;
    }
}

/* Looks for word, byte by byte over any cut; true when it is complete. */
static bool seen(struct html_scan *s, const char *word, char c)
{
    if (lower(c) == word[s->tail])
        s->tail++;
    else
        s->tail = lower(c) == word[0] ? 1 : word[0] == '-' && c == '-' && s->tail == 2 ? 2 : 0;
    if (word[s->tail])
        return false;
    s->tail = 0;
    return true;
}

static void step_char(struct html_scan *s, char c)
{
    switch (s->state) {
    case HTML_TEXT:
        if (c == '<') {
            s->state = HTML_LESS_THAN;
            s->tag[0] = '\0';
        }
        break;
    case HTML_LESS_THAN:
        less_than(s, c);
        break;
    case HTML_TAG:
    case HTML_NAME:
        in_tag(s, c);
        break;
    case HTML_EQUALS:
        after_equals(s, c);
        break;
    case HTML_QUOTED:
        if (c == s->quote)
            s->state = HTML_TAG;
        s->started = true;
        break;
    case HTML_BARE:
        if (c == '>')
            end_tag(s);
        else if (blank(c))
            s->state = HTML_TAG;
        break;
    case HTML_COMMENT:
        if (seen(s, "-->", c))
            s->state = HTML_TEXT;
        break;
    case HTML_RAW:
        if (seen(s, s->tag[1] == 'c' ? "</script>" : "</style>", c))
            s->state = HTML_TEXT;
        break;
    }
}

void html_scan_text(struct html_scan *scan, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        step_char(scan, text[i]);
}

void html_scan_value(struct html_scan *scan)
{
    scan->started = true;
}

static bool attribute_in(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(name, *list))
            return true;
    return false;
}

static enum html_place quoted_place(const struct html_scan *s)
{
    static const char *const code[] = {"style", "srcdoc", NULL};
    static const char *const urls[] = {
        "href", "src", "action", "formaction", "poster", "data", "xlink:href", "cite", NULL};
    if (!strncmp(s->attribute, "on", 2) || attribute_in(s->attribute, code))
        return HTML_PLACE_FORBIDDEN;
    if (!s->started && attribute_in(s->attribute, urls))
        return HTML_PLACE_URL_START;
    return HTML_PLACE_VALUE;
}

enum html_place html_scan_place(const struct html_scan *scan)
{
    switch (scan->state) {
    case HTML_TEXT:
        return HTML_PLACE_TEXT;
    case HTML_LESS_THAN:
        return scan->tag[0] ? HTML_PLACE_TAG : HTML_PLACE_FORBIDDEN;
    case HTML_TAG:
    case HTML_NAME:
        return HTML_PLACE_TAG;
    case HTML_QUOTED:
        return quoted_place(scan);
    default:
        return HTML_PLACE_FORBIDDEN;
    }
}
