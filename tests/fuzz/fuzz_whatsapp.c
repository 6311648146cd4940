/* Text on its way out to WhatsApp: the parts put together are the text, and what was made harmless still says the
 * same. */
#include "fuzz.h"
#include "rules/text_whatsapp.h"

enum { UNITS_LEAST = 64 };

static void check_harmless(const char *text)
{
    static const char invisible[] = "\xe2\x80\x8b";
    struct str out;
    str_init(&out, 8 * strlen(text) + 64);
    text_whatsapp_neutralise(&out, text);
    require(str_ok(&out) && strlen(out.data) == out.len);
    for (const char *a = text, *b = out.data;; a++, b++) {
        while (!strncmp(a, invisible, 3))
            a += 3;
        while (!strncmp(b, invisible, 3))
            b += 3;
        require(*a == *b);
        if (!*a)
            break;
    }
    require(!fuzz_is_utf8_text(text) || fuzz_is_utf8_text(out.data));
    str_release(&out);
}

static bool is_space(char c)
{
    return c && strchr(" \t\r\n\v\f", c);
}

/* Takes what part says off *rest: equal but for white space at the cuts. */
static void check_part(const char *part, const char **rest)
{
    for (const char *p = part;; p++) {
        while (is_space(*p))
            p++;
        if (!*p)
            break;
        while (is_space(**rest))
            ++*rest;
        require(*p == **rest);
        ++*rest;
    }
}

static void check_parts(const char *text, size_t units)
{
    struct str parts;
    str_init(&parts, 2 * strlen(text) + 4096);
    unsigned count = text_whatsapp_split(&parts, text, (struct text_whatsapp_limits){.units = units});
    const char *part = parts.data, *rest = text;
    require(count <= 99);
    for (unsigned i = 1; i <= count; i++) {
        char label[16];
        require(part < parts.data + parts.len);
        require(text_whatsapp_units(part) <= units);
        require(!fuzz_is_utf8_text(text) || fuzz_is_utf8_text(part));
        snprintf(label, sizeof label, "(%u/%u) ", i, count);
        bool labelled = !strncmp(part, label, strlen(label));
        require(count == 1 || labelled);
        check_part(part + (count > 1 ? strlen(label) : 0), &rest);
        part += strlen(part) + 1;
    }
    if (count) {
        while (is_space(*rest))
            rest++;
        require(!*rest && part == parts.data + parts.len);
    }
    require(count || !*text || text[strspn(text, " \t\r\n\v\f")] == 0 || text_whatsapp_units(text) > units);
    str_release(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_harmless(text);
    check_parts(text, UNITS_LEAST);
    check_parts(text, 100 + size % 200);
    check_parts(text, 4096);
    free(text);
    return 0;
}
