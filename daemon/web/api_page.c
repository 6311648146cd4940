/* /api: the document of /api/v1 for people, from the same table. */
#include "api.h"
#include "page.h"
#include "routes.h"
#include <string.h>

static json_t *parameters_json(const struct api_parameter *list)
{
    json_t *rows = json_array();
    for (; list && list->name; list++)
        json_array_append_new(
            rows, json_pack("{s:s, s:s}", "parameter", list->name, "means", list->description));
    return rows;
}

static void add_parameters(json_t *row, const char *name, const struct api_parameter *list)
{
    if (list)
        json_object_set_new(row, name, json_pack("{s:o}", "list", parameters_json(list)));
}

static enum outcome show(struct page *page)
{
    json_t *rows = json_array();
    for (const struct api_route *r = api_routes; r->method; r++) {
        bool acts = r->scope & API_ACT;
        json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "method", r->method, "path", r->path,
            "summary", r->summary, "scope",
            acts       ? "tulis"
            : r->scope ? "baca"
                       : "tanpa token",
            "acts", acts, "versioned", acts && strstr(r->path, "{id}"));
        add_parameters(row, "query", r->query);
        add_parameters(row, "fields", r->fields);
        json_array_append_new(rows, row);
    }
    return page_view(page, "api", json_pack("{s:s, s:o}", "title", "API", "operations", rows));
}

const struct page_route api_page_routes[] = {
    {"/api", show, NULL, 0, 0},
    {NULL, NULL, NULL, 0, 0},
};
