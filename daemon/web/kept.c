#include "kept.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    char key[48];
    struct kept_state made;
    char *text; /* NULL = unused */
};

struct kept {
    pthread_mutex_t lock;
    struct slot slots[KEPT_MOST];
};

struct kept *kept_new(void)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (kept && pthread_mutex_init(&kept->lock, NULL)) {
        free(kept);
        return NULL;
    }
    return kept;
}

void kept_free(struct kept *kept)
{
    if (!kept)
        return;
    for (size_t i = 0; i < KEPT_MOST; i++)
        free(kept->slots[i].text);
    pthread_mutex_destroy(&kept->lock);
    free(kept);
}

/* The slot of key, else an unused one, else the oldest. */
static struct slot *find_slot(struct kept *kept, const char *key)
{
    struct slot *oldest = &kept->slots[0];
    for (size_t i = 0; i < KEPT_MOST; i++) {
        struct slot *slot = &kept->slots[i];
        if (slot->text && !strcmp(slot->key, key))
            return slot;
        if (oldest->text && (!slot->text || slot->made.at < oldest->made.at))
            oldest = slot;
    }
    return oldest;
}

/* A clock that was set back makes nothing younger. */
static bool holds(const struct kept_state *made, const struct kept_state *now)
{
    int64_t age = now->at - made->at;
    return age >= 0 && age < (made->event_id == now->event_id ? KEPT_AGE_MS : KEPT_BEHIND_MS);
}

const char *kept_get(struct kept *kept, const char *key, struct kept_state now, struct arena *arena)
{
    const char *text = NULL;
    pthread_mutex_lock(&kept->lock);
    const struct slot *slot = find_slot(kept, key);
    if (slot->text && !strcmp(slot->key, key) && holds(&slot->made, &now))
        text = arena_strdup(arena, slot->text);
    pthread_mutex_unlock(&kept->lock);
    return text;
}

void kept_put(struct kept *kept, const char *key, struct kept_state now, const char *text)
{
    size_t size = strlen(text);
    char *copy = size <= KEPT_TEXT_MOST && strlen(key) < sizeof kept->slots[0].key ? strdup(text) : NULL;
    if (!copy)
        return;
    pthread_mutex_lock(&kept->lock);
    struct slot *slot = find_slot(kept, key);
    char *old = slot->text;
    snprintf(slot->key, sizeof slot->key, "%s", key);
    slot->made = now;
    slot->text = copy;
    pthread_mutex_unlock(&kept->lock);
    free(old);
}
