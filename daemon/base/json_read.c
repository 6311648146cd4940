#include "json_read.h"
#include "reserve.h"
#include "shortage.h"
#include <stdlib.h>

/* Its buffers double: the last one, its copy, and what came before. */
#define ROOM_FOR_READING(n) (4 * (n) + 4096)

static void *noted_malloc(size_t n)
{
    void *p = malloc(n);
    if (!p) {
        shortage_note();
        p = reserve_malloc(n);
    }
    return p;
}

void json_watch(void)
{
    json_set_alloc_funcs(noted_malloc, reserve_free);
}

json_t *json_read(const void *text, size_t n, size_t flags, json_error_t *error, bool *ret_no_memory)
{
    unsigned long before = shortage_count();
    /* The reserve has small blocks only. Whether there is room for a text this long is found out before. */
    void *room = malloc(ROOM_FOR_READING(n));
    free(room);
    *ret_no_memory = !room;
    if (!room)
        return NULL;
    json_t *root = json_loadb(text, n, flags, error);
    *ret_no_memory = !root && shortage_count() != before;
    return root;
}

char *json_text(const json_t *root, size_t flags)
{
    char *text = json_dumps(root, flags);
    if (!reserve_gave(text))
        return text;
    reserve_free(text);
    return NULL;
}
