#include "job.h"
#include "text.h"
#include <glib.h>
#include <jansson.h>
#include <string.h>

enum { WIDTH_MOST = 200, OF_MOST = 1000000000, LOGO_MOST = 512 * 1024 };

static const char *const kinds[JOB_KINDS] = {"head", "title", "text", "facts", "code", "figures", "bars",
    "table", "rows", "signature", "sheet", "space", "end"};

struct reading {
    struct arena *arena;
    const char *wrong;
};

static void refuse(struct reading *r, const char *why)
{
    r->wrong = r->wrong ? r->wrong : why;
}

static const char *take_text(struct reading *r, const json_t *value)
{
    if (!value)
        return "";
    if (!json_is_string(value)) {
        refuse(r, "a text is no string");
        return "";
    }
    const char *text =
        text_clean(r->arena, json_string_value(value), json_string_length(value), JOB_TEXT_MOST);
    if (!text)
        refuse(r, "no memory, or too long");
    return text ? text : "";
}

/* The place of a word in a list that ends with NULL; absent and "" are the first. */
static int take_word(struct reading *r, const json_t *value, const char *const *words)
{
    const char *word = value ? json_string_value(value) : words[0];
    for (int i = 0; word && words[i]; i++)
        if (!strcmp(words[i], word))
            return i;
    refuse(r, "an unknown word");
    return 0;
}

static int64_t take_number(struct reading *r, const json_t *value, int64_t least, int64_t most)
{
    json_int_t number = json_integer_value(value);
    if (!value)
        return 0;
    if (json_is_integer(value) && number >= least && number <= most)
        return number;
    refuse(r, "a number is out of its bounds");
    return 0;
}

static void take_row(struct reading *r, const json_t *value, struct job_row *row)
{
    size_t count = json_array_size(value);
    row->tally = -1;
    if (count && json_is_integer(json_array_get(value, count - 1)))
        row->tally = (int)take_number(r, json_array_get(value, --count), -1, JOB_TALLIES - 1);
    if (!json_is_array(value) || count > PRINTER_CELLS_MOST) {
        refuse(r, "a row is no list of cells");
        count = 0;
    }
    for (size_t i = 0; i < PRINTER_CELLS_MOST; i++)
        row->cells[i] = i < count ? take_text(r, json_array_get(value, i)) : "";
    row->count = count;
}

static void take_rows(struct reading *r, const json_t *value, struct job_block *block)
{
    size_t count = json_array_size(value);
    if (value && !json_is_array(value))
        refuse(r, "rows are no list");
    block->rows = count ? arena_alloc(r->arena, count * sizeof *block->rows) : NULL;
    if (count && !block->rows)
        refuse(r, "no memory, or too many rows");
    for (size_t i = 0; !r->wrong && i < count; i++)
        take_row(r, json_array_get(value, i), &block->rows[i]);
    block->row_count = count;
}

static void take_columns(struct reading *r, const json_t *value, struct job_block *block)
{
    static const char *const aligns[] = {"left", "right", "centre", NULL}, *const types[] = {"text", "number",
                                                                               "moment", NULL};
    size_t count = json_array_size(value);
    if (count > PRINTER_CELLS_MOST || (block->kind == JOB_TABLE && !count)) {
        refuse(r, "a table needs columns, and not too many");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *c = json_array_get(value, i);
        int64_t width = take_number(r, json_object_get(c, "width"), 1, WIDTH_MOST);
        block->columns[i] = (struct job_column){take_text(r, json_object_get(c, "label")),
            width ? (int)width : 10, (enum job_align)take_word(r, json_object_get(c, "align"), aligns),
            (enum job_type)take_word(r, json_object_get(c, "type"), types)};
    }
    block->column_count = count;
}

static void take_tallies(struct reading *r, const json_t *value, struct job_block *block)
{
    size_t count = json_array_size(value);
    if (count > JOB_TALLIES) {
        refuse(r, "too many tallies");
        return;
    }
    for (size_t i = 0; i < count; i++)
        block->tallies[i] = take_text(r, json_array_get(value, i));
    block->tally_count = count;
}

static void take_logo(struct reading *r, const json_t *value, struct job_block *block)
{
    size_t n = json_string_length(value);
    if (!n)
        return;
    if (n > LOGO_MOST) {
        refuse(r, "the logo is too large");
        return;
    }
    unsigned char *copy = arena_memdup(r->arena, json_string_value(value), n);
    if (!copy) {
        refuse(r, "no memory");
        return;
    }
    (void)g_base64_decode_inplace((gchar *)copy, &block->logo_size);
    block->logo = copy;
}

static void take_block(struct reading *r, const json_t *line, struct job_block *block)
{
    static const char *const styles[] = {"", "bold", "small", "right", "justify", "heading", "centre", NULL};
    const struct {
        const char *name, **text;
    } texts[] = {{"text", &block->text}, {"sub", &block->sub}, {"code", &block->code}, {"qr", &block->qr},
        {"small", &block->small}, {"government", &block->government}, {"office", &block->office},
        {"address", &block->address}, {"title", &block->title}, {"footer", &block->footer}};
    int kind = 0;
    const char *word = json_string_value(json_object_get(line, "block"));
    while (word && kind < JOB_KINDS && strcmp(kinds[kind], word))
        kind++;
    if (!word || kind == JOB_KINDS) {
        refuse(r, "no such block");
        return;
    }
    block->kind = (enum job_kind)kind;
    block->style = (enum job_style)take_word(r, json_object_get(line, "style"), styles);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i].text = take_text(r, json_object_get(line, texts[i].name));
    block->wide = json_is_true(json_object_get(line, "wide"));
    block->serif = json_is_true(json_object_get(line, "serif"));
    block->of = take_number(r, json_object_get(line, "of"), 0, OF_MOST);
    take_logo(r, json_object_get(line, "logo"), block);
    take_columns(r, json_object_get(line, "columns"), block);
    take_tallies(r, json_object_get(line, "tallies"), block);
    take_rows(r, json_object_get(line, "rows"), block);
}

const char *job_read(const char *line, size_t n, struct arena *arena, struct job_block *ret)
{
    struct reading r = {arena, NULL};
    json_t *json = n <= PRINTER_LINE_MOST ? json_loadb(line, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    *ret = (struct job_block){0};
    if (json_is_object(json))
        take_block(&r, json, ret);
    else
        refuse(&r, "a line is no JSON object");
    json_decref(json);
    return r.wrong;
}
