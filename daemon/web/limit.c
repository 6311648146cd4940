#include "limit.h"
#include "daemon/loop/address.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    unsigned char key[16]; /* IPv6 network or mapped IPv4 address */
    int64_t full_at;       /* when all tokens will be back; in the past = unused */
};

struct limit {
    pthread_mutex_t lock;
    struct limit_rate rate;
    struct slot slots[LIMIT_SLOTS];
};

struct limit *limit_new(struct limit_rate rate)
{
    struct limit *limit = calloc(1, sizeof *limit);
    if (limit && pthread_mutex_init(&limit->lock, NULL)) {
        free(limit);
        return NULL;
    }
    if (limit)
        limit->rate = rate;
    return limit;
}

void limit_free(struct limit *limit)
{
    if (!limit)
        return;
    pthread_mutex_destroy(&limit->lock);
    free(limit);
}

/* The slot of key, else the one that has been quiet the longest. */
static struct slot *find_slot(struct limit *limit, const unsigned char key[16])
{
    struct slot *quiet = &limit->slots[0];
    for (size_t i = 0; i < LIMIT_SLOTS; i++) {
        struct slot *slot = &limit->slots[i];
        if (slot->full_at && !memcmp(slot->key, key, 16))
            return slot;
        if (slot->full_at < quiet->full_at)
            quiet = slot;
    }
    return quiet;
}

bool limit_allows(struct limit *limit, const char *peer, int64_t now_ms)
{
    unsigned char key[16];
    address_key(peer, key);
    pthread_mutex_lock(&limit->lock);
    const struct slot *slot = find_slot(limit, key);
    bool mine = slot->full_at && !memcmp(slot->key, key, 16);
    bool allowed = !mine || slot->full_at - now_ms <= (limit->rate.tokens - 1) * limit->rate.refill_ms;
    pthread_mutex_unlock(&limit->lock);
    return allowed;
}

void limit_count(struct limit *limit, const char *peer, int64_t now_ms)
{
    unsigned char key[16];
    address_key(peer, key);
    pthread_mutex_lock(&limit->lock);
    struct slot *slot = find_slot(limit, key);
    bool mine = slot->full_at && !memcmp(slot->key, key, 16);
    int64_t from = mine && slot->full_at > now_ms ? slot->full_at : now_ms;
    memcpy(slot->key, key, 16);
    slot->full_at = from + limit->rate.refill_ms;
    pthread_mutex_unlock(&limit->lock);
}
