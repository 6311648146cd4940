/* A citizen's words in a template: filled in once, never looked at again. Input: a value on the first line, the
 * template behind it, read as text, as part of a URL and as JSON. */
#include "fuzz.h"
#include "channels/gateway/template.h"

enum { ARENA_MAX = 16 << 20 };

static size_t count_members(const json_t *json)
{
    const char *key;
    json_t *value;
    size_t i, count = 1;
    json_array_foreach(json, i, value) count += count_members(value);
    json_object_foreach((json_t *)(uintptr_t)json, key, value) count += count_members(value);
    return count;
}

/* A value can change the strings of a document and nothing else of it. */
static void check_json(
    const char *text, const struct template_names *names, const struct template_names *plain)
{
    json_t *source = json_loads(text, 0, NULL);
    if (!source)
        return;
    struct arena *arena = arena_new(ARENA_MAX);
    json_t *filled = template_json(source, names, arena), *usual = template_json(source, plain, arena);
    require(filled && usual && count_members(filled) == count_members(usual));
    require(count_members(filled) <= count_members(source));
    json_decref(filled);
    json_decref(usual);
    arena_free(arena);
    json_decref(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct template_name settings[] = {{"base", "https://gerbang.example"}, {"TOKEN", "t0ken"}};
    char *value = fuzz_line(&data, &size), *text = fuzz_text(data, size);
    struct template_name given[] = {{"text", value}, {"to", ""}}, usual[] = {{"text", "x"}, {"to", ""}};
    struct template_names names = {settings, 2, given, 2}, plain = {settings, 2, usual, 2};
    struct str out, url;
    str_init(&out, 1 << 24);
    template_text(&out, "<{text}>{text}", &names, TEMPLATE_PLAIN);
    size_t n = strlen(value);
    require(str_ok(&out) && out.len == 2 * n + 2 && !memcmp(out.data + 1, value, n) &&
            !memcmp(out.data + n + 2, value, n));
    str_init(&url, 1 << 24);
    template_text(&url, "{base}/{text}", &names, TEMPLATE_URL);
    const char *escaped = url.data + strlen(settings[0].value) + 1;
    require(str_ok(&url) && !strncmp(url.data, "https://gerbang.example/", 24));
    require(!escaped[strspn(escaped, "%-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")]);
    str_clear(&out);
    template_text(&out, text, &names, TEMPLATE_PLAIN);
    str_clear(&url);
    template_text(&url, text, &names, TEMPLATE_URL);
    if (fuzz_is_utf8_text(value) && *value)
        check_json(text, &names, &plain);
    str_release(&out);
    str_release(&url);
    free(text);
    free(value);
    return 0;
}
