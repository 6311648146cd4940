#include "curl_memory.h"
#include "daemon/base/reserve.h"

CURLcode curl_memory_init(void)
{
    return curl_global_init_mem(
        CURL_GLOBAL_DEFAULT, reserve_malloc, reserve_free, reserve_realloc, reserve_strdup, reserve_calloc);
}
