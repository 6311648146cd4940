/* The text of an HTML mail, through the tree and through the tags alone; the charset in its head. */
#include "fuzz.h"
#include "channels/parser/program/html.h"
#include "channels/parser/program/utf8.h"

static bool is_letters(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!((text[i] | 32) >= 'a' && (text[i] | 32) <= 'z') && text[i] != ' ' && text[i] != '\n')
            return false;
    return true;
}

/* Do both hold the same letters, whatever white space lies between them? */
static bool same_letters(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == ' ' || *a == '\n')
            a++;
        while (*b == ' ' || *b == '\n')
            b++;
        if (*a != *b || !*a)
            return *a == *b;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str html, text, marks;
    char charset[64];
    char *raw = fuzz_text(data, size);
    if (html_meta_charset(raw, size, charset, sizeof charset))
        require(memchr(charset, 0, sizeof charset) && *charset);
    str_init(&html, 4 * size + 16);
    str_init(&text, 4 * HTML_MAX);
    utf8_add_clean(raw, size, &html);
    require(str_ok(&html) && fuzz_is_utf8(html.data, html.len));
    str_init(&marks, 4 * HTML_MAX);
    bool tree = html_to_text(html.data, html.len, &text, &marks);
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    require(marks.len == lines);
    str_release(&marks);
    require(str_ok(&text) && (tree || fuzz_is_utf8(text.data, text.len)));
    str_clear(&html);
    html.max = 4 * text.len + 16;
    utf8_add_clean(text.data, text.len, &html);
    require(str_ok(&html) && fuzz_is_utf8(html.data, html.len));
    if (size < HTML_MAX && is_letters(raw, size))
        require(tree && same_letters(raw, text.data));
    str_release(&text);
    str_release(&html);
    free(raw);
    return 0;
}
