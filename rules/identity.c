#include "identity.h"
#include "identity_private.h"
#include <stdlib.h>
#include <string.h>

const char *identity_type_key(enum identity_type type)
{
    static const char *const keys[] = {[IDENTITY_NAME] = "nama",
        [IDENTITY_PHONE] = "telepon",
        [IDENTITY_NIK] = "nik",
        [IDENTITY_EMAIL] = "email",
        [IDENTITY_HOME] = "alamat_rumah",
        [IDENTITY_ACCOUNT] = "rekening",
        [IDENTITY_PLATE] = "plat_nomor"};
    return keys[type];
}

bool identity_taken(const struct identity_text *t, size_t at, size_t end)
{
    return end > at && memchr(t->taken + at, 1, end - at) != NULL;
}

void identity_take(struct identity_text *t, enum identity_type type, size_t at, size_t end)
{
    if (end <= at || t->span_count == t->span_most || identity_taken(t, at, end))
        return;
    t->spans[t->span_count++] = (struct identity_span){.type = type, .byte_start = at, .byte_end = end};
    memset(t->taken + at, 1, end - at);
}

static int compare_span(const void *a, const void *b)
{
    const struct identity_span *x = a, *y = b;
    return (x->byte_start > y->byte_start) - (x->byte_start < y->byte_start);
}

/* A byte that does not continue a character begins one. */
static void count_code_points(struct identity_text *t)
{
    size_t points = 0, byte = 0;
    for (size_t i = 0; i < t->span_count; i++) {
        struct identity_span *s = &t->spans[i];
        for (; byte < s->byte_start; byte++)
            points += ((unsigned char)t->text[byte] & 0xc0) != 0x80;
        s->start = points;
        for (; byte < s->byte_end; byte++)
            points += ((unsigned char)t->text[byte] & 0xc0) != 0x80;
        s->end = points;
    }
}

bool identity_find(const char *text, size_t size, struct identity_found *ret_found, struct arena *arena)
{
    struct identity_text t = {.text = text, .size = size};
    *ret_found = (struct identity_found){0};
    if (!identity_tokens(&t, arena))
        return false;
    t.span_most = t.count + 1;
    t.spans = arena_alloc(arena, t.span_most * sizeof *t.spans);
    t.taken = arena_alloc(arena, size + 1);
    if (!t.spans || !t.taken)
        return false;
    identity_find_mails(&t);
    identity_find_numbers(&t);
    identity_find_plates(&t);
    identity_find_homes(&t);
    identity_find_names(&t);
    qsort(t.spans, t.span_count, sizeof *t.spans, compare_span);
    count_code_points(&t);
    *ret_found = (struct identity_found){t.spans, t.span_count};
    return true;
}
