#include "json_read.h"
#include "shortage.h"
#include <stdlib.h>

static void *noted_malloc(size_t n)
{
    void *p = malloc(n);
    if (!p)
        shortage_note();
    return p;
}

void json_watch(void)
{
    json_set_alloc_funcs(noted_malloc, free);
}

json_t *json_read(const void *text, size_t n, size_t flags, json_error_t *error, bool *ret_no_memory)
{
    unsigned long before = shortage_count();
    json_t *root = json_loadb(text, n, flags, error);
    *ret_no_memory = !root && shortage_count() != before;
    return root;
}
