#include "view.h"
#include "view_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VIEWS_MAX = 128 };

/* Written by views_open() before threads start, only read afterwards. */
static struct view views[VIEWS_MAX];
static size_t view_count;

static const struct view *find_view(const char *name, size_t length)
{
    for (size_t i = 0; i < view_count; i++)
        if (views[i].name_length == length && !memcmp(views[i].name, name, length))
            return &views[i];
    return NULL;
}

/* ---- opening ---- */

/* "daemon/web/views/login.html" -> "login"; false for files of other folders. */
static bool name_view(struct view *view, const char *path)
{
    static const char folder[] = "daemon/web/views/", ending[] = ".html";
    size_t n = strlen(path), f = sizeof folder - 1, e = sizeof ending - 1;
    if (n <= f + e || strncmp(path, folder, f) || strcmp(path + n - e, ending))
        return false;
    *view = (struct view){.path = path, .name = path + f, .name_length = n - f - e};
    return true;
}

static enum outcome link_view(struct view *view, struct fault *fault)
{
    for (size_t i = 0; i < view->count; i++) {
        struct view_op *op = &view->ops[i];
        if (op->kind != VIEW_PARTIAL && op->kind != VIEW_LAYOUT)
            continue;
        op->view = find_view(op->text, op->length);
        if (!op->view)
            return fault_set(fault, OUTCOME_NEVER, NULL, "%s:%d: no view \"%.*s\"", view->path, op->line,
                (int)op->length, op->text);
    }
    return OUTCOME_DONE;
}

/* Refuses circles: what includes deeper than VIEW_FILES. */
static enum outcome check_depth(const struct view *view, int left, struct fault *fault)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct view_op *op = &view->ops[i];
        if (!op->view)
            continue;
        if (!left)
            return fault_set(fault, OUTCOME_NEVER, NULL, "%s:%d: views include each other too deeply",
                view->path, op->line);
        enum outcome o = check_depth(op->view, left - 1, fault);
        if (o != OUTCOME_DONE)
            return o;
    }
    return OUTCOME_DONE;
}

static enum outcome parse_all(const struct embedded_file *files, struct fault *fault)
{
    for (const struct embedded_file *f = files; f->path; f++) {
        struct view *view = &views[view_count];
        if (view_count == VIEWS_MAX)
            return fault_set(fault, OUTCOME_NEVER, NULL, "more than %d views", VIEWS_MAX);
        if (!name_view(view, f->path))
            continue;
        view_count++;
        enum outcome o = view_parse(view, f, fault);
        if (o != OUTCOME_DONE)
            return o;
    }
    return OUTCOME_DONE;
}

enum outcome views_open_files(const struct embedded_file *files, struct fault *fault)
{
    enum outcome o = parse_all(files, fault);
    for (size_t i = 0; o == OUTCOME_DONE && i < view_count; i++)
        o = link_view(&views[i], fault);
    for (size_t i = 0; o == OUTCOME_DONE && i < view_count; i++)
        o = check_depth(&views[i], VIEW_FILES, fault);
    if (o != OUTCOME_DONE)
        views_close();
    return o;
}

enum outcome views_open(struct fault *fault)
{
    return views_open_files(embedded_files, fault);
}

bool views_are_open(void)
{
    return view_count != 0;
}

void views_close(void)
{
    for (size_t i = 0; i < view_count; i++)
        free(views[i].ops);
    view_count = 0;
}

/* ---- filling ---- */

struct scope {
    const json_t *value;
    const struct scope *outer;
};

/* What a layout's $content stands for. */
struct content {
    const struct view *view;
    size_t from, to;
    const struct scope *scope;
    const struct content *outer;
};

static void render_range(struct str *out, const struct view *view, size_t from, size_t to,
    const struct scope *scope, const struct content *content);

static const json_t *look_up(const struct scope *scope, const char *name, size_t length)
{
    if (length == 1 && *name == '.')
        return scope->value;
    const char *dot = memchr(name, '.', length);
    size_t first = dot ? (size_t)(dot - name) : length;
    const json_t *value = NULL;
    for (; scope && !value; scope = scope->outer)
        value = json_object_getn(scope->value, name, first);
    for (const char *end = name + length; value && dot;) {
        const char *key = dot + 1;
        dot = memchr(key, '.', (size_t)(end - key));
        value = json_object_getn(value, key, (size_t)((dot ? dot : end) - key));
    }
    return value;
}

static bool counts_as_true(const json_t *value)
{
    if (!value || json_is_null(value) || json_is_false(value))
        return false;
    if (json_is_string(value))
        return json_string_length(value) > 0;
    return !json_is_array(value) || json_array_size(value) > 0;
}

static const char *escape_for(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default: /* control bytes have no meaning in HTML: shown as unknown character */
        return c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL;
    }
}

static void add_escaped(struct str *out, const char *text, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *escape = escape_for((unsigned char)text[i]);
        if (!escape)
            continue;
        str_add(out, text + from, i - from);
        str_adds(out, escape);
        from = i + 1;
    }
    str_add(out, text + from, n - from);
}

static void add_value(struct str *out, const json_t *value)
{
    if (json_is_string(value))
        add_escaped(out, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        str_addf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        str_addf(out, "%.10g", json_real_value(value));
}

/* A path of our own, or a scheme that runs nothing. "//host" and "/\host" lead elsewhere. */
static bool harmless_url(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    if (*url == '/')
        return url[1] != '/' && url[1] != '\\';
    if (*url == '#' || *url == '?')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (!strncasecmp(url, schemes[i], strlen(schemes[i])))
            return true;
    return false;
}

static void add_url(struct str *out, const json_t *value)
{
    const char *url = json_string_value(value);
    if (url && harmless_url(url))
        add_escaped(out, url, json_string_length(value));
    else if (url)
        str_adds(out, "#");
}

static void render_each(struct str *out, const struct view *view, size_t from, const struct scope *scope,
    const struct content *content)
{
    const struct view_op *op = &view->ops[from];
    const json_t *value = look_up(scope, op->text, op->length);
    if (!counts_as_true(value))
        return;
    if (!json_is_array(value)) {
        struct scope inner = {json_is_true(value) ? scope->value : value, scope};
        render_range(out, view, from + 1, op->end, &inner, content);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct scope inner = {json_array_get(value, i), scope};
        render_range(out, view, from + 1, op->end, &inner, content);
    }
}

/* Sections and files nest to a depth that views_open() has bounded. Returns the index to go on from. */
static size_t render_op(struct str *out, const struct view *view, size_t i, const struct scope *scope,
    const struct content *content)
{
    const struct view_op *op = &view->ops[i];
    switch (op->kind) {
    case VIEW_TEXT:
        str_add(out, op->text, op->length);
        return i + 1;
    case VIEW_VALUE:
        add_value(out, look_up(scope, op->text, op->length));
        return i + 1;
    case VIEW_URL:
        add_url(out, look_up(scope, op->text, op->length));
        return i + 1;
    case VIEW_EACH:
        render_each(out, view, i, scope, content);
        return op->end + 1;
    case VIEW_UNLESS:
        if (!counts_as_true(look_up(scope, op->text, op->length)))
            render_range(out, view, i + 1, op->end, scope, content);
        return op->end + 1;
    case VIEW_PARTIAL:
        render_range(out, op->view, 0, op->view->count, scope, content);
        return i + 1;
    case VIEW_LAYOUT: {
        struct content inner = {view, i + 1, op->end, scope, content};
        render_range(out, op->view, 0, op->view->count, scope, &inner);
        return op->end + 1;
    }
    case VIEW_CONTENT:
        if (content)
            render_range(out, content->view, content->from, content->to, content->scope, content->outer);
        return i + 1;
    case VIEW_END:
        break;
    }
    return i + 1;
}

static void render_range(struct str *out, const struct view *view, size_t from, size_t to,
    const struct scope *scope, const struct content *content)
{
    for (size_t i = from; i < to && str_ok(out);)
        i = render_op(out, view, i, scope, content);
}

void view_render(struct str *out, const char *name, const json_t *data)
{
    const struct view *view = find_view(name, strlen(name));
    if (!view) {
        fprintf(stderr, "view_render: no view \"%s\"\n", name);
        abort();
    }
    struct scope scope = {data, NULL};
    render_range(out, view, 0, view->count, &scope, NULL);
}
