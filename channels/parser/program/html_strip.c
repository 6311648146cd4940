#include "html_strip.h"
#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEPTH_MAX = 500,          /* open elements; honest mail stays below 100 */
    ATTRIBUTES_MAX = 300,     /* of one tag */
    FORMATTING_COST = 400000, /* elements that reopening unclosed <b>, <font> ... may add */
    NAME_BYTES = 16,
};

/* One tag, comment or declaration. */
struct tag {
    char name[NAME_BYTES]; /* lower case, cut; empty for comments and declarations */
    bool closes;
    size_t attributes;
    size_t end; /* index behind '>' */
};

/* The tag at html[at] == '<'; false when it is a mere '<' in text. */
static bool read_tag(const char *html, size_t n, size_t at, struct tag *ret)
{
    *ret = (struct tag){.end = n};
    size_t i = at + 1;
    if (n - i >= 3 && !memcmp(html + i, "!--", 3)) {
        const char *end = memmem(html + i + 3, n - i - 3, "-->", 3);
        ret->end = end ? (size_t)(end - html) + 3 : n;
        return true;
    }
    ret->closes = i < n && html[i] == '/';
    i += ret->closes;
    if (i >= n || !(g_ascii_isalpha(html[i]) || html[i] == '!' || html[i] == '?'))
        return false;
    for (size_t k = 0; i < n && g_ascii_isalnum(html[i]); i++)
        if (k < NAME_BYTES - 1)
            ret->name[k++] = g_ascii_tolower(html[i]);
    char quote = 0;
    for (bool gap = false; i < n; i++) {
        char c = html[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            ret->end = i + 1;
            return true;
        } else {
            bool blank = g_ascii_isspace(c) || c == '/';
            ret->attributes += gap && !blank;
            gap = blank;
        }
    }
    return true;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(name, *names))
            return true;
    return false;
}

/* Elements whose end tag is left out lawfully or that have none: they do not deepen the tree. */
static const char *const shallow[] = {"p", "br", "hr", "img", "input", "meta", "link", "col", "wbr", "area",
    "base", "td", "th", "tr", "tbody", "thead", "tfoot", "li", "dt", "dd", "option", "html", "head", "body",
    "param", "source", NULL};

/* HTML 12.2.4.3: left open they are opened again in every block that follows. */
static const char *const formatting[] = {
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", NULL};

bool html_is_affordable(const char *html, size_t n)
{
    long depth = 0, open_formatting = 0, cost = 0;
    for (size_t i = 0; i < n;) {
        const char *next = memchr(html + i, '<', n - i);
        struct tag tag;
        if (!next)
            return true;
        i = (size_t)(next - html);
        if (!read_tag(html, n, i, &tag)) {
            i++;
            continue;
        }
        i = tag.end;
        if (tag.attributes > ATTRIBUTES_MAX)
            return false;
        bool formats = is_one_of(tag.name, formatting);
        long step = tag.closes ? -1 : 1;
        if (formats && open_formatting + step >= 0)
            open_formatting += step;
        if (tag.name[0] && !is_one_of(tag.name, shallow) && depth + step >= 0)
            depth += step;
        cost += open_formatting;
        if (depth > DEPTH_MAX || cost > FORMATTING_COST)
            return false;
    }
    return true;
}

/* A character reference at p ("&amp;", "&#233;"): adds its character, returns the bytes used; 0 when it is
 * none. */
static size_t add_reference(const char *p, size_t n, struct flow *flow)
{
    static const struct {
        const char *name, *text;
    } names[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i].name);
        if (n >= len && !memcmp(p, names[i].name, len)) {
            flow_text(flow, names[i].text, strlen(names[i].text));
            return len;
        }
    }
    if (n < 4 || p[1] != '#')
        return 0;
    bool hex = p[2] == 'x' || p[2] == 'X';
    size_t i = hex ? 3 : 2, digits = 0;
    gunichar c = 0;
    for (; i < n && digits < 7 && (hex ? g_ascii_isxdigit(p[i]) : g_ascii_isdigit(p[i])); i++, digits++)
        c = c * (hex ? 16 : 10) + (gunichar)g_ascii_xdigit_value(p[i]);
    if (!digits || i >= n || p[i] != ';' || !c || !g_unichar_validate(c))
        return 0;
    char utf8[6];
    flow_text(flow, utf8, (size_t)g_unichar_to_utf8(c, utf8));
    return i + 1;
}

static void strip_text(const char *text, size_t n, struct flow *flow)
{
    for (size_t i = 0; i < n;) {
        const char *mark = memchr(text + i, '&', n - i);
        size_t plain = mark ? (size_t)(mark - (text + i)) : n - i;
        flow_text(flow, text + i, plain);
        i += plain;
        if (i == n)
            return;
        size_t used = add_reference(text + i, n - i, flow);
        if (!used)
            flow_text(flow, "&", 1);
        i += used ? used : 1;
    }
}

/* Behind the end tag of an element whose content is no text. */
static size_t skip_hidden(const char *html, size_t n, size_t at, const char *name)
{
    size_t len = strlen(name);
    struct tag tag;
    while (at < n) {
        const char *next = memmem(html + at, n - at, "</", 2);
        if (!next)
            return n;
        at = (size_t)(next - html) + 2;
        /* the name first: reading every tag to its end would be quadratic on unclosed ones */
        if (n - at >= len && !g_ascii_strncasecmp(html + at, name, len) && read_tag(html, n, at - 2, &tag))
            return tag.end;
    }
    return n;
}

void html_strip(const char *html, size_t n, struct flow *flow)
{
    static const char *const hidden[] = {"script", "style", "title", NULL};
    static const char *const inside[] = {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "big",
        "img", "code", "tt", "s", "sub", "sup", "abbr", "label", NULL};
    struct tag tag;
    for (size_t i = 0; i < n;) {
        const char *next = memchr(html + i, '<', n - i);
        size_t plain = next ? (size_t)(next - (html + i)) : n - i;
        strip_text(html + i, plain, flow);
        i += plain;
        if (i == n)
            return;
        if (!read_tag(html, n, i, &tag)) {
            flow_text(flow, "<", 1);
            i++;
            continue;
        }
        i = tag.end;
        if (!tag.closes && is_one_of(tag.name, hidden))
            i = skip_hidden(html, n, i, tag.name);
        else if (!strcmp(tag.name, "td") || !strcmp(tag.name, "th"))
            flow_cell(flow);
        else if (tag.name[0] && !is_one_of(tag.name, inside))
            flow_break(flow, 1);
    }
}
