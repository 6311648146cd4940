#include "type.h"
#include "memory.h"
#include <errno.h>
#include <magic.h>

static magic_t table;

bool type_open(void)
{
    /* never MAGIC_COMPRESS: it forks a decompressor */
    table = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
    return table && magic_load(table, NULL) == 0;
}

void type_close(void)
{
    if (table)
        magic_close(table);
    table = NULL;
}

const char *type_of(const void *bytes, size_t n)
{
    const char *type = table ? magic_buffer(table, bytes, n) : NULL;
    if (table && !type && magic_errno(table) == ENOMEM)
        memory_gone();
    return type ? type : "application/octet-stream";
}
