#include "xml.h"
#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 64 };

/* XML 1.0, 2.2: of the control characters only tab and the line ends. U+FFFE and U+FFFF are EF BF BE and EF BF BF. */
static bool forbidden(const unsigned char *p)
{
    return (*p < 0x20 && *p != '\t' && *p != '\n' && *p != '\r') ||
           (p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe);
}

void xml_text(struct str *out, const char *text)
{
    static const struct {
        char c;
        const char *shown;
    } escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\r', "&#13;"}};
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        size_t i = 0;
        while (i < sizeof escapes / sizeof *escapes && escapes[i].c != (char)*p)
            i++;
        if (i < sizeof escapes / sizeof *escapes)
            str_adds(out, escapes[i].shown);
        else if (!forbidden(p))
            str_addc(out, (char)*p);
        else if (*p == 0xef)
            p += 2;
    }
}

void xml_element(struct str *out, const char *name, const char *text)
{
    if (!text) {
        str_addf(out, "<%s/>", name);
        return;
    }
    str_addf(out, "<%s>", name);
    xml_text(out, text);
    str_addf(out, "</%s>", name);
}

/* "attributes" -> "attribute" */
static void singular(const char *name, char out[NAME_MOST])
{
    size_t n = strlen(name);
    const char *word = !strcmp(name, "service_requests") ? "requests" : name;
    n = strlen(word);
    snprintf(out, NAME_MOST, "%.*s", (int)(n && word[n - 1] == 's' ? n - 1 : n), word);
}

static void add_members(struct str *out, const char *name, json_t *value)
{
    char one[NAME_MOST];
    singular(name, one);
    str_addf(out, "<%s>", name);
    for (size_t i = 0; i < json_array_size(value); i++)
        xml_json(out, one, json_array_get(value, i));
    for (void *i = json_object_iter(value); i; i = json_object_iter_next(value, i))
        xml_json(out, json_object_iter_key(i), json_object_iter_value(i));
    str_addf(out, "</%s>", name);
}

void xml_json(struct str *out, const char *name, json_t *value)
{
    char number[40];
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        add_members(out, name, value);
        break;
    case JSON_STRING:
        xml_element(out, name, json_string_value(value));
        break;
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        xml_element(out, name, number);
        break;
    case JSON_REAL:
        snprintf(number, sizeof number, "%.17g", json_real_value(value));
        xml_element(out, name, number);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        xml_element(out, name, json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
        xml_element(out, name, NULL);
        break;
    }
}
