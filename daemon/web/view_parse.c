/* From a view's text to its list of operations. Every fault of a view is found here, at start, with file and
 * line: unknown or unbalanced tags, values where escaping could not protect (view_scan.h). */
#include "view_private.h"
#include "view_scan.h"
#include <stdlib.h>
#include <string.h>

struct reading {
    struct view *view;
    const char *start, *at, *end;
    struct html_scan scan;
    size_t open[VIEW_SECTIONS]; /* index of the op */
    enum html_place place[VIEW_SECTIONS];
    int depth;
    struct fault *fault;
};

struct tag {
    char mark; /* one of # ^ / > < $ !, or 0 for a value */
    const char *name;
    size_t length;
    const char *begin, *after;
};

static int line_of(const struct reading *r, const char *at)
{
    int line = 1;
    for (const char *p = r->start; p < at; p++)
        line += *p == '\n';
    return line;
}

static enum outcome wrong(struct reading *r, const char *at, const char *what)
{
    return fault_set(r->fault, OUTCOME_NEVER, NULL, "%s:%d: %s", r->view->path, line_of(r, at), what);
}

static struct view_op *add_op(struct reading *r, enum view_op_kind kind, const char *text, size_t length)
{
    struct view *v = r->view;
    if (v->count == v->capacity) {
        size_t capacity = v->capacity ? v->capacity * 2 : 32;
        struct view_op *ops = realloc(v->ops, capacity * sizeof *ops);
        if (!ops)
            return NULL;
        v->ops = ops;
        v->capacity = capacity;
    }
    struct view_op *op = &v->ops[v->count++];
    *op = (struct view_op){.kind = kind, .text = text, .length = length, .line = line_of(r, text)};
    return op;
}

static enum outcome no_memory(struct reading *r)
{
    return fault_set(r->fault, OUTCOME_LATER, NULL, "%s: no memory", r->view->path);
}

static enum outcome add_text(struct reading *r, const char *text, const char *end)
{
    size_t n = (size_t)(end - text);
    html_scan_text(&r->scan, text, n);
    return !n || add_op(r, VIEW_TEXT, text, n) ? OUTCOME_DONE : no_memory(r);
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* Reads "{{...}}" at begin. */
static enum outcome read_tag(struct reading *r, const char *begin, struct tag *ret)
{
    const char *p = begin + 2;
    const char *close = memmem(p, (size_t)(r->end - p), "}}", 2);
    if (!close)
        return wrong(r, begin, "tag without }}");
    struct tag tag = {.begin = begin, .after = close + 2};
    if (p < close && strchr("#^/><$!", *p))
        tag.mark = *p++;
    tag.name = p;
    tag.length = (size_t)(close - p);
    for (; tag.mark != '!' && p < close; p++)
        if (!name_char(*p))
            return wrong(r, begin, "name may have only a-z 0-9 _ and dots");
    if (tag.mark != '!' && (!tag.length || tag.length > VIEW_NAME))
        return wrong(r, begin, "name is empty or too long");
    *ret = tag;
    return OUTCOME_DONE;
}

/* A tag that writes nothing and has its line for itself takes the line with it. */
static void take_line(
    const struct reading *r, const struct tag *tag, const char **text_end, const char **next)
{
    const char *left = tag->begin, *right = tag->after;
    while (left > r->start && (left[-1] == ' ' || left[-1] == '\t'))
        left--;
    while (right < r->end && (*right == ' ' || *right == '\t'))
        right++;
    bool first = left == r->start || left[-1] == '\n';
    bool last = right == r->end || *right == '\n';
    if (!tag->mark || !first || !last)
        return;
    *text_end = left;
    *next = right < r->end ? right + 1 : right;
}

static enum outcome add_value(struct reading *r, const struct tag *tag)
{
    enum html_place place = html_scan_place(&r->scan);
    if (place == HTML_PLACE_FORBIDDEN || place == HTML_PLACE_TAG)
        return wrong(
            r, tag->begin, "a value stands only in text or inside quotes, not in script, style, on*");
    html_scan_value(&r->scan);
    enum view_op_kind kind = place == HTML_PLACE_URL_START ? VIEW_URL : VIEW_VALUE;
    return add_op(r, kind, tag->name, tag->length) ? OUTCOME_DONE : no_memory(r);
}

static enum outcome open_range(struct reading *r, const struct tag *tag)
{
    enum html_place place = html_scan_place(&r->scan);
    bool layout = tag->mark == '<';
    if (place == HTML_PLACE_FORBIDDEN || place == HTML_PLACE_URL_START ||
        (layout && place != HTML_PLACE_TEXT))
        return wrong(r, tag->begin, "a section cannot begin here");
    if (r->depth == VIEW_SECTIONS)
        return wrong(r, tag->begin, "too many sections inside each other");
    r->place[r->depth] = place;
    r->open[r->depth++] = r->view->count;
    enum view_op_kind kind = layout ? VIEW_LAYOUT : tag->mark == '#' ? VIEW_EACH : VIEW_UNLESS;
    return add_op(r, kind, tag->name, tag->length) ? OUTCOME_DONE : no_memory(r);
}

static enum outcome close_range(struct reading *r, const struct tag *tag)
{
    if (!r->depth)
        return wrong(r, tag->begin, "nothing to close");
    size_t index = r->open[--r->depth];
    const struct view_op *op = &r->view->ops[index];
    if (op->length != tag->length || memcmp(op->text, tag->name, tag->length))
        return wrong(r, tag->begin, "closes another section than the one that is open");
    if (html_scan_place(&r->scan) != r->place[r->depth])
        return wrong(r, tag->begin, "a section ends at another place of the markup than it began");
    if (!add_op(r, VIEW_END, tag->name, tag->length))
        return no_memory(r);
    r->view->ops[index].end = r->view->count - 1;
    return OUTCOME_DONE;
}

static enum outcome add_reference(struct reading *r, const struct tag *tag)
{
    if (html_scan_place(&r->scan) != HTML_PLACE_TEXT)
        return wrong(r, tag->begin, "partials and $content stand only between elements");
    bool content = tag->mark == '$';
    if (content && (tag->length != 7 || memcmp(tag->name, "content", 7)))
        return wrong(r, tag->begin, "only $content is known");
    enum view_op_kind kind = content ? VIEW_CONTENT : VIEW_PARTIAL;
    return add_op(r, kind, tag->name, tag->length) ? OUTCOME_DONE : no_memory(r);
}

static enum outcome add_tag(struct reading *r, const struct tag *tag)
{
    switch (tag->mark) {
    case '!':
        return OUTCOME_DONE;
    case '#':
    case '^':
    case '<':
        return open_range(r, tag);
    case '/':
        return close_range(r, tag);
    case '>':
    case '$':
        return add_reference(r, tag);
    default:
        return add_value(r, tag);
    }
}

static enum outcome read_next(struct reading *r)
{
    const char *begin = memmem(r->at, (size_t)(r->end - r->at), "{{", 2);
    if (!begin) {
        const char *from = r->at;
        r->at = r->end;
        return add_text(r, from, r->end);
    }
    struct tag tag = {0};
    enum outcome o = read_tag(r, begin, &tag);
    if (o != OUTCOME_DONE)
        return o;
    const char *text_end = begin, *next = tag.after;
    take_line(r, &tag, &text_end, &next);
    o = add_text(r, r->at, text_end < r->at ? r->at : text_end);
    r->at = next;
    return o == OUTCOME_DONE ? add_tag(r, &tag) : o;
}

enum outcome view_parse(struct view *view, const struct embedded_file *file, struct fault *fault)
{
    struct reading r = {
        .view = view, .start = file->data, .at = file->data, .end = file->data + file->size, .fault = fault};
    view->path = file->path;
    while (r.at < r.end) {
        enum outcome o = read_next(&r);
        if (o != OUTCOME_DONE)
            return o;
    }
    if (r.depth)
        return wrong(&r, view->ops[r.open[r.depth - 1]].text, "section is never closed");
    if (r.scan.state != HTML_TEXT)
        return wrong(&r, r.end, "file ends inside a tag, comment, script or style");
    return OUTCOME_DONE;
}
