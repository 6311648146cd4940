#include "letter_html.h"
#include <string.h>

static void escaped(struct str *out, const char *p, size_t n)
{
    for (; n; p++, n--) {
        switch (*p) {
        case '&':
            str_adds(out, "&amp;");
            break;
        case '<':
            str_adds(out, "&lt;");
            break;
        case '>':
            str_adds(out, "&gt;");
            break;
        case '"':
            str_adds(out, "&quot;");
            break;
        default:
            str_addc(out, *p);
        }
    }
}

/* Length of the address that begins at p: up to a blank, without the sentence's own marks behind it. 0 = none. */
static size_t link_length(const char *p)
{
    if (strncmp(p, "https://", 8) && strncmp(p, "http://", 7))
        return 0;
    size_t n = 0;
    while ((unsigned char)p[n] > ' ' && !strchr("<>\"", p[n]))
        n++;
    while (n && strchr(".,;:!?)'", p[n - 1]))
        n--;
    return n > 8 ? n : 0;
}

static void add_line(struct str *out, const char *p, size_t n)
{
    const char *end = p + n;
    while (p < end) {
        size_t link = link_length(p);
        if (link > (size_t)(end - p))
            link = (size_t)(end - p);
        if (link) {
            str_adds(out, "<a href=\"");
            escaped(out, p, link);
            str_adds(out, "\">");
            escaped(out, p, link);
            str_adds(out, "</a>");
            p += link;
        } else {
            escaped(out, p++, 1);
        }
    }
}

void letter_html(struct str *out, const char *text)
{
    bool open = false;
    str_adds(
        out, "<!DOCTYPE html>\n<html lang=\"id\"><body style=\"font-family:sans-serif;line-height:1.5\">\n");
    while (*text) {
        size_t n = strcspn(text, "\n"), shown = n;
        while (shown && (unsigned char)text[shown - 1] <= ' ')
            shown--;
        if (!shown && open)
            str_adds(out, "</p>\n");
        else if (shown)
            str_adds(out, open ? "<br>\n" : "<p>");
        open = shown != 0;
        add_line(out, text, shown);
        text += n + (text[n] == '\n');
    }
    str_adds(out, open ? "</p>\n</body></html>\n" : "</body></html>\n");
}
