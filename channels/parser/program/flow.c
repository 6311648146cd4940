#include "flow.h"

enum { QUOTE_DEPTH = 6, EMPTY_LINES = 3 };

void flow_init(struct flow *flow, struct str *out, struct str *marks)
{
    *flow = (struct flow){.out = out, .marks = marks, .line = TEXT_LINE_OWN};
}

static void end_line(struct flow *flow)
{
    if (flow->marks)
        str_addc(flow->marks, (char)flow->line);
    flow->line = TEXT_LINE_OWN;
}

void flow_end(struct flow *flow)
{
    end_line(flow);
}

/* The stronger sign wins: a line is as foreign as its most foreign word. */
static void mark_line(struct flow *flow)
{
    enum text_line mark = flow->foreign                        ? TEXT_LINE_FOREIGN
                          : flow->announcing || flow->heralded ? TEXT_LINE_ANNOUNCES
                                                               : TEXT_LINE_OWN;
    flow->heralded = false;
    if (mark > flow->line)
        flow->line = mark;
}

/* Pays what is owed before a word. */
static void settle(struct flow *flow)
{
    /* an empty line between two depths belongs to the outer one */
    int between = flow->quotes < flow->written ? flow->quotes : flow->written;
    for (int i = 0; flow->started && i < flow->breaks; i++) {
        str_addc(flow->out, '\n');
        end_line(flow);
        for (int depth = 0; i + 1 < flow->breaks && depth < between && depth < QUOTE_DEPTH; depth++)
            str_addc(flow->out, '>');
    }
    flow->written = flow->quotes;
    bool at_start = flow->breaks || !flow->started;
    for (int depth = 0; at_start && depth < flow->quotes && depth < QUOTE_DEPTH; depth++)
        str_adds(flow->out, "> ");
    if ((flow->space || flow->tab) && !at_start)
        str_addc(flow->out, flow->tab ? '\t' : ' ');
    flow->breaks = 0;
    flow->space = flow->tab = false;
    flow->started = true;
    mark_line(flow);
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

void flow_cell(struct flow *flow)
{
    flow->tab = true;
}
