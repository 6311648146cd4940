/* Charts for views (chart_bars.html, chart_columns.html): whole numbers of pixels in the SVG's own units, worked out here.
 * Every number of a chart stands in words beside it too. New json_t, NULL without memory. */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include <jansson.h>

/* Lying bars, each with its name above and its value in words behind it. */
json_t *chart_bars(const char *id, const char *title);
/* colour: class of pengaduan.css, "c1" to "c6" or "c-late". part of most is how long it is. */
void chart_bar_add(
    json_t *chart, const char *label, const char *words, int part, int most, const char *colour);

enum { CHART_SERIES = 7 };

struct chart_column {
    const char *label;
    int values[CHART_SERIES]; /* from below upwards */
};

/* Standing columns of up to seven series in the colours c1 to c6 (the last in none), with the sum above. */
json_t *chart_columns(const char *id, const char *title, const struct chart_column *columns, int count);

#endif
