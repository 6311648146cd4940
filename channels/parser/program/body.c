#include "body.h"
#include "rules/text_match.h"
#include "utf8.h"
#include <string.h>

void body_init(struct body *body, size_t max)
{
    *body = (struct body){0};
    str_init(&body->text, max);
    str_init(&body->marks, max + 1);
}

void body_release(struct body *body)
{
    str_release(&body->text);
    str_release(&body->marks);
}

static size_t lines_of(const struct str *text, size_t from)
{
    size_t lines = 0;
    for (size_t i = from; i < text->len; i++)
        lines += text->data[i] == '\n';
    return lines + (text->len > from && text->data[text->len - 1] != '\n');
}

/* Adds clean text with a mark for each of its lines; too much of it is cut. */
static void add_clean(
    struct body *body, const char *text, size_t n, const struct str *marks, enum text_line least)
{
    struct str *into = &body->text;
    if (into->len && into->data[into->len - 1] != '\n' && into->len < into->max)
        str_addc(into, '\n');
    size_t room = into->max - into->len, before = into->len, taken = utf8_cut(text, n, room);
    body->cut |= taken < n;
    str_add(into, text, taken);
    size_t lines = lines_of(into, before);
    for (size_t i = 0; i < lines; i++) {
        enum text_line mark = marks && i < marks->len ? (enum text_line)marks->data[i] : TEXT_LINE_OWN;
        str_addc(&body->marks, (char)(mark > least ? mark : least));
    }
}

void body_add(struct body *body, const char *text, size_t n, const struct str *marks, enum text_line mark)
{
    struct str lines, clean;
    str_init(&lines, n);
    str_init(&clean, 3 * n + 16); /* each bad byte becomes three */
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\r' && i + 1 < n && text[i + 1] == '\n')
            continue;
        str_addc(&lines, text[i] == '\r' ? '\n' : text[i]);
    }
    body->nul |= memchr(lines.data, 0, lines.len) != NULL;
    utf8_add_clean(lines.data, lines.len, &clean);
    if (str_ok(&lines) && str_ok(&clean))
        add_clean(body, clean.data, clean.len, marks, mark);
    else
        body->text.failed = true;
    str_release(&lines);
    str_release(&clean);
}

void body_join(struct body *body, const struct body *other, enum text_line least)
{
    if (other->text.len)
        add_clean(body, other->text.data, other->text.len, &other->marks, least);
    body->cut |= other->cut;
    body->nul |= other->nul;
    body->text.failed |= other->text.failed;
}

bool body_is_blank(const struct body *body)
{
    return span_is_blank((struct span){body->text.data, body->text.len});
}
