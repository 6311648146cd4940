#include "redact.h"
#include "identity.h"
#include "identity_names.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_PART_LEAST = 4, NAME_PART_MOST = 32 };

static const char *label_of(enum identity_type type)
{
    static const char *const labels[] = {[IDENTITY_NAME] = "[nama]",
        [IDENTITY_PHONE] = "[telepon]",
        [IDENTITY_NIK] = "[NIK]",
        [IDENTITY_EMAIL] = "[e-mail]",
        [IDENTITY_HOME] = "[alamat]",
        [IDENTITY_ACCOUNT] = "[rekening]",
        [IDENTITY_PLATE] = "[plat nomor]"};
    return labels[type];
}

static bool is_letter(char c)
{
    unsigned char u = (unsigned char)c, lower = u | 32;
    return (u >= '0' && u <= '9') || (lower >= 'a' && lower <= 'z') || u >= 0x80;
}

/* What is known that stands at this byte, the longest; NULL = nothing. */
static const struct redact_known *known_at(
    const char *text, size_t at, const struct redact_known *known, size_t *ret_size)
{
    const struct redact_known *best = NULL;
    *ret_size = 0;
    if (at && is_letter(text[at - 1]))
        return NULL;
    for (const struct redact_known *k = known; k && k->text; k++) {
        size_t n = strlen(k->text);
        if (n >= REDACT_LEAST && n > *ret_size && !strncasecmp(text + at, k->text, n) &&
            !is_letter(text[at + n])) {
            best = k;
            *ret_size = n;
        }
    }
    return best;
}

static int compare(const void *a, const void *b)
{
    const struct redact_span *x = a, *y = b;
    int by_start = (x->start > y->start) - (x->start < y->start);
    return by_start ? by_start : (x->end < y->end) - (x->end > y->end);
}

/* Spans that overlap become one, with the label of the first; of two that begin together that of the longer: a tracking code
 * may begin like the plate of a car. */
static size_t join_spans(struct redact_span *spans, size_t count)
{
    size_t kept = 0;
    qsort(spans, count, sizeof *spans, compare);
    for (size_t i = 0; i < count; i++) {
        if (kept && spans[i].start < spans[kept - 1].end) {
            if (spans[i].end > spans[kept - 1].end)
                spans[kept - 1].end = spans[i].end;
        } else
            spans[kept++] = spans[i];
    }
    return kept;
}

bool redact_find(
    const char *text, const struct redact_known *known, struct redact_found *ret_found, struct arena *arena)
{
    struct identity_found identity;
    size_t size = strlen(text), count = 0, n;
    *ret_found = (struct redact_found){0};
    if (!identity_find(text, size, &identity, arena))
        return false;
    struct redact_span *spans =
        arena_alloc(arena, (identity.count + size / REDACT_LEAST + 1) * sizeof *spans);
    if (!spans)
        return false;
    for (size_t i = 0; i < identity.count; i++)
        spans[count++] = (struct redact_span){
            identity.spans[i].byte_start, identity.spans[i].byte_end, label_of(identity.spans[i].type)};
    for (size_t at = 0; at < size; at += n ? n : 1) {
        const struct redact_known *k = known_at(text, at, known, &n);
        if (k)
            spans[count++] = (struct redact_span){at, at + n, k->label};
    }
    *ret_found = (struct redact_found){spans, count ? join_spans(spans, count) : 0};
    return true;
}

char *redact_strike(const char *text, const struct redact_found *found, struct arena *arena)
{
    size_t size = strlen(text), room = size + 1, from = 0, n = 0;
    for (size_t i = 0; i < found->count; i++)
        room += strlen(found->spans[i].label);
    char *out = arena_alloc(arena, room);
    for (size_t i = 0; out && i <= found->count; i++) {
        size_t to = i < found->count ? found->spans[i].start : size;
        memcpy(out + n, text + from, to - from);
        n += to - from;
        if (i == found->count)
            break;
        size_t label = strlen(found->spans[i].label);
        memcpy(out + n, found->spans[i].label, label);
        n += label;
        from = found->spans[i].end;
    }
    return out;
}

size_t redact_name(const char *name, struct redact_known *known, size_t most, struct arena *arena)
{
    size_t count = 0;
    char lower[NAME_PART_MOST];
    if (!name || !most)
        return 0;
    known[count++] = (struct redact_known){name, "[nama]"};
    for (const char *p = name; *p && count < most;) {
        size_t n = 0;
        while (is_letter(p[n]))
            n++;
        if (n >= NAME_PART_LEAST && n < sizeof lower) {
            for (size_t i = 0; i <= n; i++)
                lower[i] = (char)(i == n ? 0 : p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]);
            if (!identity_is_ordinary(lower) && !identity_is_public(lower))
                known[count++] = (struct redact_known){arena_strndup(arena, p, n), "[nama]"};
        }
        p += n ? n : 1;
    }
    return count;
}
