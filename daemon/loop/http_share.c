#include "http_share.h"
#include "address.h"
#include "daemon/base/random.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void http_shares_init(struct http_shares *shares)
{
    *shares = (struct http_shares){.seed = random_below(UINT_MAX)};
}

/* FNV-1a */
static struct http_share **bucket_of(struct http_shares *shares, const unsigned char key[16])
{
    unsigned hash = 2166136261u ^ shares->seed;
    for (int i = 0; i < 16; i++)
        hash = (hash ^ key[i]) * 16777619u;
    return &shares->buckets[(hash ^ hash >> 16) % HTTP_SHARE_BUCKETS];
}

struct http_share *http_share_take(struct http_shares *shares, const char *address)
{
    unsigned char key[16];
    address_key(address, key);
    struct http_share **bucket = bucket_of(shares, key), *share = *bucket;
    while (share && memcmp(share->key, key, sizeof key) != 0)
        share = share->next;
    if (!share) {
        share = calloc(1, sizeof *share);
        if (!share)
            return NULL;
        memcpy(share->key, key, sizeof key);
        share->next = *bucket;
        *bucket = share;
    }
    share->users++;
    return share;
}

void http_share_give(struct http_shares *shares, struct http_share *share)
{
    if (!share || --share->users)
        return;
    struct http_share **at = bucket_of(shares, share->key);
    while (*at != share)
        at = &(*at)->next;
    *at = share->next;
    free(share);
}
