/* What each address holds of the server: connections and bytes of memory, so that none takes more than its share. An
 * address without connections and bytes is forgotten, so that the table is bounded by what is held. Loop thread only. */
#ifndef LOOP_HTTP_SHARE_H
#define LOOP_HTTP_SHARE_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_SHARE_BUCKETS = 256 };

struct http_share {
    unsigned char key[16]; /* address_key() */
    int connections;
    size_t bytes;
    int users; /* who keeps a pointer to it */
    struct http_share *next;
};

struct http_shares {
    unsigned seed; /* so that nobody can choose addresses that fall into one bucket */
    struct http_share *buckets[HTTP_SHARE_BUCKETS];
};

void http_shares_init(struct http_shares *shares);
/* The share of a numeric address, kept until it is given back. NULL without memory. */
struct http_share *http_share_take(struct http_shares *shares, const char *address);
void http_share_give(struct http_shares *shares, struct http_share *share); /* NULL is fine */

#endif
