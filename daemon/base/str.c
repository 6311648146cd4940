#include "str.h"
#include "shortage.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char empty[1];

void str_init(struct str *s, size_t max)
{
    *s = (struct str){.data = empty, .max = max};
}

void str_release(struct str *s)
{
    if (s->cap)
        free(s->data);
    str_init(s, s->max);
}

void str_clear(struct str *s)
{
    s->len = 0;
    s->failed = false;
    if (s->cap)
        s->data[0] = 0;
}

static bool str_room(struct str *s, size_t n)
{
    if (s->failed || n > s->max - s->len) {
        s->failed = true;
        return false;
    }
    size_t need = s->len + n + 1;
    if (need <= s->cap)
        return true;
    size_t cap = s->cap ? s->cap : 64;
    while (cap < need)
        cap = cap > s->max / 2 ? s->max + 1 : cap * 2;
    char *data = realloc(s->cap ? s->data : NULL, cap);
    if (!data) {
        shortage_note();
        s->failed = true;
        return false;
    }
    s->data = data;
    s->cap = cap;
    return true;
}

void str_add(struct str *s, const void *bytes, size_t n)
{
    if (!n || !str_room(s, n))
        return;
    memcpy(s->data + s->len, bytes, n);
    s->len += n;
    s->data[s->len] = 0;
}

void str_adds(struct str *s, const char *text)
{
    if (text)
        str_add(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
    str_add(s, &c, 1);
}

void str_vaddf(struct str *s, const char *format, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    if (n < 0)
        s->failed = true;
    else if (n > 0 && str_room(s, (size_t)n)) {
        vsnprintf(s->data + s->len, (size_t)n + 1, format, again);
        s->len += (size_t)n;
    }
    va_end(again);
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    str_vaddf(s, format, ap);
    va_end(ap);
}

void str_cut(struct str *s, size_t len)
{
    if (len >= s->len)
        return;
    s->len = len;
    s->data[len] = 0;
}

char *str_detach(struct str *s, size_t *ret_len)
{
    char *data = NULL;
    if (!s->failed && s->cap)
        data = s->data;
    else if (!s->failed)
        data = calloc(1, 1);
    else if (s->cap)
        free(s->data);
    if (data && ret_len)
        *ret_len = s->len;
    str_init(s, s->max);
    return data;
}
