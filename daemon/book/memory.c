#include "memory.h"
#include "daemon/base/shortage.h"
#include <pthread.h>
#include <sqlite3.h>

static sqlite3_mem_methods plain;

static void *noted_malloc(int size)
{
    void *memory = plain.xMalloc(size);
    if (!memory)
        shortage_note();
    return memory;
}

static void *noted_realloc(void *memory, int size)
{
    void *more = plain.xRealloc(memory, size);
    if (!more)
        shortage_note();
    return more;
}

static void watch(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain))
        return; /* somebody has opened a database already: a test, with sqlite3_open() of its own */
    sqlite3_mem_methods noted = plain;
    noted.xMalloc = noted_malloc;
    noted.xRealloc = noted_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &noted);
}

void memory_watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch);
}
