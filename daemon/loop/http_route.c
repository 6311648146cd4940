/* The table of routes and the path that is looked up in it. Pure. */
#include "http_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool route_before(const struct http_route *a, const struct http_route *b)
{
    return a->length != b->length ? a->length > b->length : !a->below && b->below;
}

static bool route_same(const struct http_route *a, const struct http_route *b)
{
    return a->below == b->below && !strcmp(a->pattern, b->pattern);
}

enum outcome http_routes_add(struct http_routes *routes, const struct http_route *route, struct fault *fault)
{
    size_t length = strlen(route->pattern);
    struct http_route added = *route;
    added.below = length && route->pattern[length - 1] == '*';
    added.length = length - added.below;
    if (route->pattern[0] != '/' || memchr(route->pattern, '*', added.length))
        return fault_set(fault, OUTCOME_NEVER, NULL, "route %s: not a pattern", route->pattern);
    added.pattern = strndup(route->pattern, added.length);
    struct http_route *table = realloc(routes->table, (routes->count + 1) * sizeof *table);
    if (table)
        routes->table = table;
    if (!table || !added.pattern) {
        free(added.pattern);
        return fault_set(fault, OUTCOME_LATER, NULL, "route %s: no memory", route->pattern);
    }
    size_t at = routes->count;
    for (size_t i = 0; i < routes->count; i++) {
        if (route_same(&table[i], &added) && table[i].methods & added.methods) {
            free(added.pattern);
            return fault_set(fault, OUTCOME_NEVER, NULL, "route %s: there are two", route->pattern);
        }
        if (at == routes->count && route_before(&added, &table[i]))
            at = i;
    }
    memmove(table + at + 1, table + at, (routes->count - at) * sizeof *table);
    table[at] = added;
    routes->count++;
    return OUTCOME_DONE;
}

void http_routes_release(struct http_routes *routes)
{
    for (size_t i = 0; i < routes->count; i++)
        free(routes->table[i].pattern);
    free(routes->table);
    *routes = (struct http_routes){0};
}

int http_routes_find(const struct http_routes *routes, unsigned method, const char *path,
    const struct http_route **ret_route, unsigned *ret_allow)
{
    size_t length = strlen(path);
    const struct http_route *first = NULL;
    unsigned allow = 0;
    for (size_t i = 0; i < routes->count; i++) {
        const struct http_route *r = &routes->table[i];
        if (first ? !route_same(first, r)
                  : length < r->length || (!r->below && length > r->length) ||
                        memcmp(path, r->pattern, r->length))
            continue;
        first = first ? first : r;
        allow |= r->methods;
        if (r->methods & method || (method == HTTP_HEAD && r->methods & HTTP_GET)) {
            *ret_route = r;
            return 0;
        }
    }
    if (!first)
        return 404;
    *ret_allow = allow;
    return 405;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool path_has_parent(const char *path)
{
    for (const char *p = path; (p = strstr(p, "..")); p++)
        if ((p == path || p[-1] == '/' || p[-1] == '\\') && (!p[2] || p[2] == '/' || p[2] == '\\'))
            return true;
    return false;
}

bool http_path_decode(const char *raw, char *out)
{
    const char *start = out;
    if (*raw != '/')
        return false;
    for (; *raw; raw++) {
        int c = (unsigned char)*raw;
        if (c == '%') {
            int high = hex_digit(raw[1]), low = high < 0 ? -1 : hex_digit(raw[2]);
            if (low < 0)
                return false; /* RFC 3986 2.1 */
            c = high << 4 | low;
            raw += 2;
        }
        if (c < 0x20 || c == 0x7f)
            return false;
        *out++ = (char)c;
    }
    *out = 0;
    return !path_has_parent(start);
}

void http_allow_text(unsigned methods, char *out, size_t size)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    size_t used = 0;
    out[0] = 0;
    if (methods & HTTP_GET)
        methods |= HTTP_HEAD;
    for (size_t i = 0; i < sizeof names / sizeof *names && used < size; i++)
        if (methods & 1u << i)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", names[i]);
}
