/* Where in HTML a template stands: the part of escaping that can be decided once, when views are parsed.
 *
 * The five escaped characters are enough in text and inside quotes, and nowhere else. So a value anywhere
 * else (script, style, on*, an unquoted attribute, a tag's or attribute's name, a comment) is refused at
 * start, and a value that begins a URL is marked: view.c writes it only when its scheme is harmless. Knows
 * just as much of HTML as our own views need; what it does not understand it refuses. */
#ifndef WEB_VIEW_SCAN_H
#define WEB_VIEW_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum html_state {
    HTML_TEXT,
    HTML_LESS_THAN,
    HTML_TAG,
    HTML_NAME,
    HTML_EQUALS,
    HTML_QUOTED,
    HTML_BARE,
    HTML_COMMENT,
    HTML_RAW
};

struct html_scan {
    enum html_state state;
    char quote;
    bool started;       /* the quoted value has a first character already */
    char tag[12];       /* lower case, cut: "script", "/script" */
    char attribute[16]; /* lower case, cut */
    size_t tail;        /* how much of the closing --> or </script has been seen */
};

enum html_place {
    HTML_PLACE_TEXT,
    HTML_PLACE_TAG,       /* between attributes: sections of fixed text only */
    HTML_PLACE_VALUE,     /* inside quotes */
    HTML_PLACE_URL_START, /* first thing in a URL attribute */
    HTML_PLACE_FORBIDDEN,
};

void html_scan_text(struct html_scan *scan, const char *text, size_t n); /* from all zero on */
void html_scan_value(struct html_scan *scan);                            /* a value was written here */
enum html_place html_scan_place(const struct html_scan *scan);

#endif
