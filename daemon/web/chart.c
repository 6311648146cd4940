#include "chart.h"
#include <stdio.h>

enum {
    BAR_STEP = 54,  /* from one lying bar to the next */
    BAR_MOST = 290, /* width of a whole one */
    LEFT = 40,      /* of the standing columns: numbers of the axis */
    WIDTH = 520,
    TOP = 24,
    GROUND = 300, /* where columns stand */
    COLUMN_MOST = 54,
    LINES_MOST = 5,
};

json_t *chart_bars(const char *id, const char *title)
{
    return json_pack("{s:s, s:s, s:i, s:[]}", "chart_id", id, "chart_title", title, "height", 4, "bars");
}

void chart_bar_add(
    json_t *chart, const char *label, const char *words, int part, int most, const char *colour)
{
    json_t *bars = json_object_get(chart, "bars");
    int top = (int)json_array_size(bars) * BAR_STEP;
    int width = most > 0 && part > 0 ? (int)((long long)part * BAR_MOST / most) : 0;
    json_array_append_new(
        bars, json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:s}", "label", label, "words", words, "label_y",
                  top + 18, "bar_y", top + 25, "words_y", top + 41, "width", width, "colour", colour));
    json_object_set_new(chart, "height", json_integer(top + BAR_STEP));
}

/* 1, 2, 5, 10, 20, 50 ...: the least of which LINES_MOST reach over `most`. */
static int axis_step(int most)
{
    static const int factors[] = {2, 5, 10};
    int ten = 1, step = 1;
    for (int i = 0; step * LINES_MOST < most; i++) {
        step = ten * factors[i % 3];
        if (i % 3 == 2)
            ten = step;
    }
    return step;
}

static int height_of(int value, int top_value)
{
    return (int)((long long)value * (GROUND - TOP) / top_value);
}

static json_t *axis_lines(int step, int lines)
{
    json_t *list = json_array();
    for (int i = 0; i <= lines; i++) {
        int y = GROUND - height_of(i * step, lines * step);
        json_array_append_new(list, json_pack("{s:i, s:i, s:i}", "value", i * step, "y", y, "text_y", y + 5));
    }
    return list;
}

static json_t *column_of(const struct chart_column *column, int at, int room, int top_value)
{
    static const char *const colours[CHART_SERIES] = {"c1", "c2", "c3", "c4", "c5", "c6", "c-track"};
    int sum = 0, width = room * 6 / 10 < COLUMN_MOST ? room * 6 / 10 : COLUMN_MOST,
        x = at + (room - width) / 2;
    json_t *blocks = json_array();
    for (int i = 0; i < CHART_SERIES; i++) {
        int from = height_of(sum, top_value), to = height_of(sum + column->values[i], top_value);
        sum += column->values[i];
        if (to > from)
            json_array_append_new(blocks, json_pack("{s:s, s:i, s:i, s:i, s:i}", "colour", colours[i], "x", x,
                                              "y", GROUND - to, "width", width, "tall", to - from));
    }
    return json_pack("{s:o, s:s, s:i, s:i, s:i}", "blocks", blocks, "label", column->label, "sum", sum,
        "middle", at + room / 2, "sum_y", GROUND - height_of(sum, top_value) - 7);
}

json_t *chart_columns(const char *id, const char *title, const struct chart_column *columns, int count)
{
    int most = 1;
    for (int i = 0; i < count; i++) {
        int sum = 0;
        for (int k = 0; k < CHART_SERIES; k++)
            sum += columns[i].values[k];
        most = sum > most ? sum : most;
    }
    int step = axis_step(most), lines = (most + step - 1) / step, room = (WIDTH - LEFT) / (count ? count : 1);
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, column_of(&columns[i], LEFT + i * room, room, lines * step));
    return json_pack("{s:s, s:s, s:o, s:o}", "chart_id", id, "chart_title", title, "lines",
        axis_lines(step, lines), "columns", list);
}
