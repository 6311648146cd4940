/* Prints the table of pages for tests/support/routes.py, one a line: pattern, methods, roles that may, bytes of a POST. */
#include "daemon/web/routes.h"
#include <stdio.h>

int main(void)
{
    const struct page_route *route;
    for (size_t i = 0; (route = routes_at(i)); i++) {
        printf("%s %s%s ", route->pattern, route->get ? "G" : "", route->post ? "P" : "");
        for (int role = 0; role < ROLE_COUNT; role++)
            if (route->roles & 1u << role)
                printf("%s,", role_key((enum role)role));
        printf(" %zu\n", route->max_body);
    }
    return 0;
}
