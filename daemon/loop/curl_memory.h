/* libcurl with memory that does not fail for small blocks (daemon/base/reserve.h): after a failed one it may divide by
 * the size of a table it does not have. Before any other call of libcurl; may be called again. */
#ifndef LOOP_CURL_MEMORY_H
#define LOOP_CURL_MEMORY_H

#include <curl/curl.h>

CURLcode curl_memory_init(void);

#endif
