#include "flow.h"

enum { QUOTE_DEPTH = 6, EMPTY_LINES = 3 };

void flow_init(struct flow *flow, struct str *out)
{
    *flow = (struct flow){.out = out};
}

/* Pays what is owed before a word. */
static void settle(struct flow *flow)
{
    /* an empty line between two depths belongs to the outer one */
    int between = flow->quotes < flow->written ? flow->quotes : flow->written;
    for (int i = 0; flow->started && i < flow->breaks; i++) {
        str_addc(flow->out, '\n');
        for (int depth = 0; i + 1 < flow->breaks && depth < between && depth < QUOTE_DEPTH; depth++)
            str_addc(flow->out, '>');
    }
    flow->written = flow->quotes;
    bool at_start = flow->breaks || !flow->started;
    for (int depth = 0; at_start && depth < flow->quotes && depth < QUOTE_DEPTH; depth++)
        str_adds(flow->out, "> ");
    if (flow->space && !at_start)
        str_addc(flow->out, ' ');
    flow->breaks = 0;
    flow->space = false;
    flow->started = true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Bytes of white space at p: HTML's own, and U+00A0, which programs write for indentation. */
static size_t space_at(const char *p, size_t n)
{
    if (is_space(*p))
        return 1;
    return n >= 2 && p[0] == '\xC2' && p[1] == '\xA0' ? 2 : 0;
}

void flow_text(struct flow *flow, const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t blank = space_at(text + i, n - i);
        if (blank && flow->verbatim && text[i] == '\n')
            flow_line(flow);
        else if (blank && flow->verbatim && flow->started && !flow->breaks)
            str_addc(flow->out, ' ');
        else if (blank)
            flow->space = true;
        if (blank) {
            i += blank;
            continue;
        }
        size_t end = i;
        while (end < n && !space_at(text + end, n - end))
            end++;
        settle(flow);
        str_add(flow->out, text + i, end - i);
        i = end;
    }
}

void flow_break(struct flow *flow, int lines)
{
    if (flow->breaks < lines)
        flow->breaks = lines;
}

void flow_line(struct flow *flow)
{
    if (flow->breaks < EMPTY_LINES)
        flow->breaks++;
}

void flow_space(struct flow *flow)
{
    flow->space = true;
}
