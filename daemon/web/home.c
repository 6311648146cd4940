/* The front page: what the office promises and where to begin. */
#include "page.h"

static enum outcome home_get(struct page *page)
{
    return page_view(page, "home", json_pack("{s:s}", "title", "Sampaikan aduan"));
}

const struct page_route home_routes[] = {
    {"/", home_get, NULL, 0, 0},
    {0},
};
