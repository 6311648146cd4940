#include "alike.h"
#include "stem_words.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    WORDS_LEAST = 4, /* "jalan rusak" alone is like a hundred others */
    SHARE_LEAST = 12,
    POINTS_CITIZEN = 25,
    POINTS_PLACE = 20,
    POINTS_SERVICE = 15
};

static int compare_keys(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool alike_sketch_of(
    struct stemmer *stemmer, const char *text, size_t size, struct alike_sketch *ret, struct arena *arena)
{
    struct stem_words words;
    *ret = (struct alike_sketch){0};
    if (!stem_words_of(stemmer, text, size, &words, arena))
        return false;
    uint32_t *keys = arena_alloc(arena, (2 * words.count + 1) * sizeof *keys);
    size_t count = 0;
    for (size_t i = 0; keys && i < words.count; i++) {
        keys[count++] = words.list[i].key;
        if (i)
            keys[count++] = stem_words_pair(words.list[i - 1].key, words.list[i].key);
    }
    if (!keys)
        return false;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count && ret->count < ALIKE_SKETCH; i++)
        if (!i || keys[i] != keys[i - 1])
            ret->keys[ret->count++] = keys[i];
    ret->words = words.count;
    return true;
}

/* The smallest keys of both together are a fair choice of all; how many of these stand on both sides? */
int alike_share(const struct alike_sketch *a, const struct alike_sketch *b)
{
    size_t i = 0, j = 0, seen = 0, both = 0;
    while (seen < ALIKE_SKETCH && (i < a->count || j < b->count)) {
        bool left = j == b->count || (i < a->count && a->keys[i] <= b->keys[j]),
             right = i == a->count || (j < b->count && b->keys[j] <= a->keys[i]);
        both += left && right;
        i += left;
        j += right;
        seen++;
    }
    return seen ? (int)(100 * both / seen) : 0;
}

static int points_of_share(int share)
{
    return share >= 70 ? 60 : share >= 45 ? 45 : share >= 25 ? 25 : share >= SHARE_LEAST ? 15 : 0;
}

static int points_of_days(int days)
{
    return days <= 3 ? 10 : days <= 7 ? 5 : 0;
}

static bool same_text(const char *a, const char *b)
{
    return a && b && *a && !strcasecmp(a, b);
}

bool alike_judge(const struct alike_facts *a, const struct alike_facts *b, struct alike_verdict *ret)
{
    int64_t apart = a->at > b->at ? a->at - b->at : b->at - a->at;
    bool worded = a->sketch->words >= WORDS_LEAST && b->sketch->words >= WORDS_LEAST;
    *ret = (struct alike_verdict){.days = (int)(apart / DAY_MS),
        .share = worded ? alike_share(a->sketch, b->sketch) : 0,
        .same_citizen = a->citizen_id && a->citizen_id == b->citizen_id,
        .same_place = same_text(a->place, b->place),
        .same_service = same_text(a->service, b->service)};
    if (ret->days > (ret->same_citizen ? ALIKE_DAYS_SAME_PERSON : ALIKE_DAYS))
        return false;
    int text = points_of_share(ret->share);
    ret->points = text + points_of_days(ret->days) + (ret->same_citizen ? POINTS_CITIZEN : 0) +
                  (ret->same_place ? POINTS_PLACE : 0) + (ret->same_service ? POINTS_SERVICE : 0);
    return ret->points >= ALIKE_POINTS && text;
}

static void add(const char *reasons[ALIKE_REASONS_MOST], size_t *count, const char *text)
{
    if (text)
        reasons[(*count)++] = text;
}

size_t alike_reasons(const struct alike_verdict *v, const char *place, const char *service,
    const char *ret_reasons[ALIKE_REASONS_MOST], struct arena *arena)
{
    size_t count = 0;
    if (v->same_citizen)
        add(ret_reasons, &count, "Pengadunya sama");
    add(ret_reasons, &count, arena_printf(arena, "Isinya %d %% sama", v->share));
    if (v->same_place)
        add(ret_reasons, &count, place ? arena_printf(arena, "Tempatnya sama: %s", place) : "Tempatnya sama");
    if (v->same_service)
        add(ret_reasons, &count,
            service ? arena_printf(arena, "Layanannya sama: %s", service) : "Layanannya sama");
    add(ret_reasons, &count,
        v->days ? arena_printf(arena, "Selisih %d hari", v->days) : "Masuk dalam sehari");
    return count;
}
