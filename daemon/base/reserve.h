/* Memory for libraries that do not bear to be refused it: libevent dies of a failed malloc() in accept and tells a
 * client "400" for one in a header, libcurl forgets a transfer.
 *
 * These functions are malloc() and its kin as long as there is memory. When there is none they give small blocks out of
 * a reserve of this module, which is there from the start, so that what is being done can be brought to its end and the
 * next thing can be refused in order (our own code uses malloc() and says LATER). Large blocks are refused: the
 * libraries expect that of them. The log says when the reserve is touched. Thread-safe. */
#ifndef BASE_RESERVE_H
#define BASE_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

enum { RESERVE_SIZE = 512 * 1024, RESERVE_BLOCK_MAX = 64 * 1024 };

void *reserve_malloc(size_t n);
void *reserve_calloc(size_t count, size_t n);
void *reserve_realloc(void *p, size_t n);
char *reserve_strdup(const char *s);
void reserve_free(void *p);

bool reserve_gave(const void *p); /* out of the reserve; false for NULL */
size_t reserve_blocks(void);      /* given out now */

#endif
