#include "html.h"
#include "flow.h"
#include "html_quote.h"
#include "html_strip.h"
#include "memory.h"
#include "utf8.h"
#include <glib.h>
#include <gumbo.h>
#include <stdio.h>
#include <string.h>

enum {
    COUNTED_NODES = 200, /* of a numbered list */
    EMOJI_BYTES = 32,    /* the longest are built of seven code points */
};

/* How an element stands in the flow. */
enum role { INLINE, HIDDEN, LINE_BREAK, BLOCK, PARAGRAPH, CELL, ITEM, QUOTE, VERBATIM, RULE };

static enum role role_of(GumboTag tag)
{
    static const struct {
        GumboTag tag;
        enum role role;
    } roles[] = {{GUMBO_TAG_HEAD, HIDDEN}, {GUMBO_TAG_STYLE, HIDDEN}, {GUMBO_TAG_SCRIPT, HIDDEN},
        {GUMBO_TAG_TITLE, HIDDEN}, {GUMBO_TAG_TEMPLATE, HIDDEN}, {GUMBO_TAG_NOSCRIPT, HIDDEN},
        {GUMBO_TAG_BR, LINE_BREAK}, {GUMBO_TAG_P, PARAGRAPH}, {GUMBO_TAG_H1, PARAGRAPH},
        {GUMBO_TAG_H2, PARAGRAPH}, {GUMBO_TAG_H3, PARAGRAPH}, {GUMBO_TAG_H4, PARAGRAPH},
        {GUMBO_TAG_H5, PARAGRAPH}, {GUMBO_TAG_H6, PARAGRAPH}, {GUMBO_TAG_BODY, BLOCK}, {GUMBO_TAG_DIV, BLOCK},
        {GUMBO_TAG_TABLE, BLOCK}, {GUMBO_TAG_CAPTION, BLOCK}, {GUMBO_TAG_TR, BLOCK}, {GUMBO_TAG_UL, BLOCK},
        {GUMBO_TAG_OL, BLOCK}, {GUMBO_TAG_DL, BLOCK}, {GUMBO_TAG_DT, BLOCK}, {GUMBO_TAG_DD, BLOCK},
        {GUMBO_TAG_SECTION, BLOCK}, {GUMBO_TAG_ARTICLE, BLOCK}, {GUMBO_TAG_HEADER, BLOCK},
        {GUMBO_TAG_FOOTER, BLOCK}, {GUMBO_TAG_FORM, BLOCK}, {GUMBO_TAG_FIELDSET, BLOCK},
        {GUMBO_TAG_CENTER, BLOCK}, {GUMBO_TAG_ADDRESS, BLOCK}, {GUMBO_TAG_TD, CELL}, {GUMBO_TAG_TH, CELL},
        {GUMBO_TAG_LI, ITEM}, {GUMBO_TAG_BLOCKQUOTE, QUOTE}, {GUMBO_TAG_PRE, VERBATIM}, {GUMBO_TAG_HR, RULE}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (roles[i].tag == tag)
            return roles[i].role;
    return INLINE;
}

/* Text a sender hides from the reader (preview lines of newsletters). */
static bool is_invisible(const GumboNode *node)
{
    const GumboAttribute *style = gumbo_get_attribute(&node->v.element.attributes, "style");
    const char *display = style ? strcasestr(style->value, "display") : NULL;
    if (!display)
        return false;
    display += strlen("display");
    while (*display == ' ' || *display == ':')
        display++;
    return !g_ascii_strncasecmp(display, "none", 4);
}

/* Gmail writes <blockquote style="margin:0 0 0 40px"> for mere indentation: that is nobody else's text. */
static bool is_indentation(const GumboNode *node)
{
    const GumboAttribute *style = gumbo_get_attribute(&node->v.element.attributes, "style");
    return style && strcasestr(style->value, "40px") &&
           !gumbo_get_attribute(&node->v.element.attributes, "class") &&
           !gumbo_get_attribute(&node->v.element.attributes, "type");
}

/* A mail program's own mark around somebody else's words begins (step 1) or ends (-1). */
static void step_quote(const GumboNode *node, struct flow *flow, int step)
{
    switch (html_quote_of(node)) {
    case HTML_QUOTE_ANNOUNCES:
        flow_break(flow, 1);
        flow->announcing += step;
        break;
    case HTML_QUOTE_FOREIGN:
        flow_break(flow, 1);
        flow->foreign += step;
        break;
    case HTML_QUOTE_HERALDS:
        flow_break(flow, 1);
        flow->heralded |= step > 0;
        break;
    case HTML_QUOTE_NONE:
        break;
    }
}

/* "- ", or the number that a numbered list shows. Only the first items are counted: looking back over all of a
 * long list for each of its items would be quadratic. */
static void add_bullet(const GumboNode *node, struct flow *flow)
{
    const GumboNode *list = node->parent;
    bool numbered = list && list->type == GUMBO_NODE_ELEMENT && list->v.element.tag == GUMBO_TAG_OL &&
                    node->index_within_parent < COUNTED_NODES;
    if (!numbered) {
        flow_text(flow, "- ", 2);
        return;
    }
    int number = 0;
    for (size_t i = 0; i <= node->index_within_parent; i++) {
        const GumboNode *item = list->v.element.children.data[i];
        number += item->type == GUMBO_NODE_ELEMENT && item->v.element.tag == GUMBO_TAG_LI;
    }
    char bullet[24];
    snprintf(bullet, sizeof bullet, "%d. ", number);
    flow_text(flow, bullet, strlen(bullet));
}

/* Gmail sends an emoji as a picture whose alternative text is the emoji: a word of the writer. Other
 * alternative texts describe logos. */
static void add_picture(const GumboNode *node, struct flow *flow)
{
    if (node->v.element.tag != GUMBO_TAG_IMG)
        return;
    const GumboAttribute *alt = gumbo_get_attribute(&node->v.element.attributes, "alt");
    size_t n = alt ? strlen(alt->value) : 0;
    if (n == 0 || n > EMOJI_BYTES)
        return;
    for (size_t i = 0; i < n; i++)
        if (!(alt->value[i] & 0x80))
            return;
    flow_text(flow, alt->value, n);
}

/* Steps into an element; false when its children are not to be read. */
static bool enter(const GumboNode *node, struct flow *flow)
{
    enum role role = role_of(node->v.element.tag);
    if (role == HIDDEN || is_invisible(node))
        return false;
    step_quote(node, flow, 1);
    switch (role) {
    case LINE_BREAK:
        flow_line(flow);
        break;
    case PARAGRAPH:
        flow_break(flow, 2);
        break;
    case CELL:
        flow_cell(flow);
        break;
    case RULE:
    case BLOCK:
        flow_break(flow, 1);
        break;
    case ITEM:
        flow_break(flow, 1);
        add_bullet(node, flow);
        break;
    case QUOTE:
        flow_break(flow, 1);
        flow->quotes += !is_indentation(node);
        break;
    case VERBATIM:
        flow_break(flow, 1);
        flow->verbatim++;
        break;
    case HIDDEN:
    case INLINE:
        add_picture(node, flow);
        break;
    }
    return true;
}

/* A link whose words do not show where it leads: evidence is often "foto di sini". */
static void add_link(const GumboNode *node, struct flow *flow)
{
    const GumboAttribute *href = gumbo_get_attribute(&node->v.element.attributes, "href");
    if (!href || g_ascii_strncasecmp(href->value, "http", 4) || strlen(href->value) > 2000)
        return;
    const GumboVector *children = &node->v.element.children;
    const GumboNode *only = children->length == 1 ? children->data[0] : NULL;
    if (!children->length ||
        (only && only->type == GUMBO_NODE_ELEMENT && only->v.element.tag == GUMBO_TAG_IMG))
        return;
    const char *words = only && only->type == GUMBO_NODE_TEXT ? only->v.text.text : "";
    if (strstr(words, "://") || (*words && strstr(href->value, words)))
        return;
    flow_text(flow, " <", 2);
    flow_text(flow, href->value, strlen(href->value));
    flow_text(flow, ">", 1);
}

static void leave(const GumboNode *node, struct flow *flow)
{
    step_quote(node, flow, -1);
    switch (role_of(node->v.element.tag)) {
    case PARAGRAPH:
        flow_break(flow, 2);
        break;
    case BLOCK:
    case ITEM:
        flow_break(flow, 1);
        break;
    case QUOTE:
        flow_break(flow, 1);
        flow->quotes -= !is_indentation(node);
        break;
    case VERBATIM:
        flow_break(flow, 1);
        flow->verbatim--;
        break;
    default:
        if (node->v.element.tag == GUMBO_TAG_A)
            add_link(node, flow);
        break;
    }
}

static const GumboVector *children_of(const GumboNode *node)
{
    if (node->type == GUMBO_NODE_DOCUMENT)
        return &node->v.document.children;
    return node->type == GUMBO_NODE_ELEMENT ? &node->v.element.children : NULL;
}

/* The first child to read, or NULL. */
static const GumboNode *descend(const GumboNode *node, struct flow *flow)
{
    const GumboVector *children = children_of(node);
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA ||
        node->type == GUMBO_NODE_WHITESPACE)
        flow_text(flow, node->v.text.text, strlen(node->v.text.text));
    if (!children || (node->type == GUMBO_NODE_ELEMENT && !enter(node, flow)))
        return NULL;
    if (children->length)
        return children->data[0];
    if (node->type == GUMBO_NODE_ELEMENT)
        leave(node, flow);
    return NULL;
}

/* Depth first without recursion: the depth is the sender's to choose. */
static void walk(const GumboNode *root, struct flow *flow)
{
    const GumboNode *node = root;
    while (node) {
        const GumboNode *child = descend(node, flow);
        if (child) {
            node = child;
            continue;
        }
        while (node != root) {
            const GumboNode *parent = node->parent;
            const GumboVector *siblings = children_of(parent);
            if (node->index_within_parent + 1 < siblings->length) {
                node = siblings->data[node->index_within_parent + 1];
                break;
            }
            node = parent;
            if (node->type == GUMBO_NODE_ELEMENT)
                leave(node, flow);
        }
        if (node == root)
            return;
    }
}

static void *get_memory(void *unused, size_t n)
{
    (void)unused;
    return memory_get(n);
}

bool html_to_text(const char *html, size_t n, struct str *out, struct str *marks)
{
    struct flow flow;
    flow_init(&flow, out, marks);
    n = utf8_cut(html, n, HTML_MAX);
    if (!html_is_affordable(html, n)) {
        html_strip(html, n, &flow);
        flow_end(&flow);
        return false;
    }
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = get_memory;
    options.max_errors = 0; /* each error would store the whole stack of tags: 700 MB for a mail of 30 KB */
    GumboOutput *page = gumbo_parse_with_options(&options, html, n);
    if (page)
        walk(page->document, &flow);
    gumbo_destroy_output(&options, page);
    flow_end(&flow);
    return true;
}

bool html_meta_charset(const char *html, size_t n, char *buffer, size_t size)
{
    static const char word[] = "charset=";
    size_t limit = n < 2048 ? n : 2048;
    for (size_t i = 0; i + sizeof word < limit; i++) {
        if (g_ascii_strncasecmp(html + i, word, sizeof word - 1))
            continue;
        size_t k = 0;
        for (i += sizeof word - 1; i < limit && (html[i] == '"' || html[i] == '\''); i++)
            ;
        for (; i < limit && k + 1 < size && (g_ascii_isalnum(html[i]) || strchr("-_:.", html[i])) && html[i];
             i++)
            buffer[k++] = html[i];
        buffer[k] = 0;
        return k > 0;
    }
    return false;
}
