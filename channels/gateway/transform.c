#include "transform.h"
#include "rules/moment.h"
#include "daemon/base/str.h"
#include "rules/phone.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct transform_rule {
    const char *name;
    enum { NO_ARGUMENT, ONE_ARGUMENT, SEPARATOR_AND_INDEX } takes;
    bool (*apply)(const struct transform *t, struct value *v, struct arena *arena);
};

/* ---- reading values ---- */

static const char *json_text(const json_t *s, struct arena *arena)
{
    const char *text = json_string_value(s);
    size_t n = json_string_length(s);
    if (strlen(text) == n)
        return text;
    struct str clean; /* NUL ends a C text: shown as what it is, an unreadable character */
    str_init(&clean, n * 3);
    for (size_t i = 0; i < n; i++)
        if (text[i])
            str_addc(&clean, text[i]);
        else
            str_adds(&clean, "\xEF\xBF\xBD");
    const char *copy = str_ok(&clean) ? arena_strdup(arena, clean.data) : NULL;
    str_release(&clean);
    return copy;
}

const char *value_text(const struct value *v, struct arena *arena)
{
    if (v->type == VALUE_TEXT)
        return v->text;
    if (v->type == VALUE_TIME)
        return arena_printf(arena, "%lld", (long long)v->time_ms);
    switch (json_typeof(v->json)) {
    case JSON_STRING:
        return json_text(v->json, arena);
    case JSON_INTEGER:
        return arena_printf(arena, "%lld", (long long)json_integer_value(v->json));
    case JSON_REAL:
        return arena_printf(arena, "%.15g", json_real_value(v->json));
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    default:
        return NULL;
    }
}

bool value_truth(const struct value *v)
{
    const char *s = v->type == VALUE_TEXT ? v->text : NULL;
    if (v->type == VALUE_JSON && json_is_string(v->json))
        s = json_string_value(v->json);
    if (s)
        return *s && strcmp(s, "0") && strcasecmp(s, "false");
    if (v->type == VALUE_TIME)
        return true;
    return !json_is_false(v->json) &&
           !(json_is_number(v->json) && fpclassify(json_number_value(v->json)) == FP_ZERO);
}

bool value_number(const struct value *v, struct arena *arena, double *ret)
{
    if (v->type == VALUE_JSON && json_is_number(v->json)) {
        *ret = json_number_value(v->json);
        return true;
    }
    const char *s = value_text(v, arena);
    if (!s)
        return false;
    s += strspn(s, " ");
    if (!*s || strspn(s, "+-.0123456789") != strlen(s)) /* strtod knows "inf" and "0x1p3"; gateways do not */
        return false;
    char *end;
    double number = strtod(s, &end);
    if (*end || !isfinite(number))
        return false;
    *ret = number;
    return true;
}

bool value_time(const struct value *v, struct arena *arena, int64_t *ret_ms)
{
    double number;
    if (v->type == VALUE_TIME) {
        *ret_ms = v->time_ms;
        return true;
    }
    if (value_number(v, arena, &number))
        return moment_from_unix(number, ret_ms);
    const char *s = value_text(v, arena);
    return s && (moment_from_rfc3339(s, ret_ms) || moment_from_rfc5322(s, ret_ms));
}

/* ---- the transforms ---- */

static bool become_text(struct value *v, const char *text)
{
    *v = (struct value){.type = VALUE_TEXT, .text = text};
    return text != NULL;
}

static bool become_time(struct value *v, bool known, int64_t ms)
{
    *v = (struct value){.type = VALUE_TIME, .time_ms = ms};
    return known;
}

static bool apply_present(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t, (void)arena;
    if (v->type != VALUE_JSON)
        return true;
    bool is_nothing = json_is_false(v->json) || (json_is_string(v->json) && !json_string_length(v->json)) ||
                      (json_is_array(v->json) && !json_array_size(v->json));
    return !is_nothing;
}

static bool apply_true(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    const char *s = value_text(v, arena);
    return s && (!strcasecmp(s, "true") || !strcmp(s, "1"));
}

static bool apply_nonempty(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    bool is_word = v->type == VALUE_JSON && json_is_boolean(v->json);
    const char *s = is_word ? NULL : value_text(v, arena);
    return s && *s;
}

static bool apply_nonzero(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    const char *s = value_text(v, arena);
    return s && *s && strcmp(s, "0");
}

static bool apply_string(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t, (void)arena;
    return v->type == VALUE_TEXT || json_is_string(v->json);
}

static bool apply_not(const struct transform *t, struct value *v, struct arena *arena)
{
    const char *s = value_text(v, arena);
    return s && strcmp(s, t->argument);
}

static bool apply_eq(const struct transform *t, struct value *v, struct arena *arena)
{
    const char *s = value_text(v, arena);
    return s && !strcmp(s, t->argument);
}

static bool apply_const(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)arena;
    return become_text(v, t->argument);
}

static bool apply_prepend(const struct transform *t, struct value *v, struct arena *arena)
{
    const char *s = value_text(v, arena);
    return s && become_text(v, arena_printf(arena, "%s%s", t->argument, s));
}

static bool apply_suffix(const struct transform *t, struct value *v, struct arena *arena)
{
    const char *s = value_text(v, arena);
    size_t n = s ? strlen(s) : 0, suffix = strlen(t->argument);
    return n >= suffix && s && !strcmp(s + n - suffix, t->argument);
}

static bool apply_before(const struct transform *t, struct value *v, struct arena *arena)
{
    const char *s = value_text(v, arena);
    const char *found = s ? strstr(s, t->argument) : NULL;
    return become_text(v, found ? arena_strndup(arena, s, (size_t)(found - s)) : s);
}

static bool apply_split(const struct transform *t, struct value *v, struct arena *arena)
{
    const char *s = value_text(v, arena);
    for (unsigned i = 0; s && i < t->index; i++) {
        s = strstr(s, t->argument);
        if (s)
            s += strlen(t->argument);
    }
    const char *end = s ? strstr(s, t->argument) : NULL;
    return become_text(v, end ? arena_strndup(arena, s, (size_t)(end - s)) : s);
}

static bool apply_unix(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    double number;
    int64_t ms = 0;
    bool known = value_number(v, arena, &number) && moment_from_unix(number, &ms);
    return become_time(v, known, ms);
}

static bool apply_time(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    int64_t ms = 0;
    bool known = value_time(v, arena, &ms);
    return become_time(v, known, ms);
}

static bool apply_wa(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    char phone[PHONE_MAX];
    const char *s = value_text(v, arena);
    return s && phone_from_wa_id(s, phone) && become_text(v, arena_strdup(arena, phone));
}

static bool apply_jid(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    const char *s = value_text(v, arena);
    const char *at = s ? strchr(s, '@') : NULL;
    const char *colon = at ? memchr(s, ':', (size_t)(at - s)) : NULL;
    return become_text(v, colon ? arena_printf(arena, "%.*s%s", (int)(colon - s), s, at) : s);
}

static bool apply_digits(const struct transform *t, struct value *v, struct arena *arena)
{
    (void)t;
    const char *s = value_text(v, arena);
    char *digits = arena_strdup(arena, s);
    size_t n = 0;
    for (; digits && *s; s++)
        if (*s >= '0' && *s <= '9')
            digits[n++] = *s;
    if (digits)
        digits[n] = '\0';
    return n && become_text(v, digits);
}

static const struct transform_rule rules[] = {
    {"present", NO_ARGUMENT, apply_present},
    {"true", NO_ARGUMENT, apply_true},
    {"nonempty", NO_ARGUMENT, apply_nonempty},
    {"nonzero", NO_ARGUMENT, apply_nonzero},
    {"string", NO_ARGUMENT, apply_string},
    {"not", ONE_ARGUMENT, apply_not},
    {"eq", ONE_ARGUMENT, apply_eq},
    {"const", ONE_ARGUMENT, apply_const},
    {"prepend", ONE_ARGUMENT, apply_prepend},
    {"suffix", ONE_ARGUMENT, apply_suffix},
    {"before", ONE_ARGUMENT, apply_before},
    {"split", SEPARATOR_AND_INDEX, apply_split},
    {"unix", NO_ARGUMENT, apply_unix},
    {"time", NO_ARGUMENT, apply_time},
    {"wa", NO_ARGUMENT, apply_wa},
    {"jid", NO_ARGUMENT, apply_jid},
    {"digits", NO_ARGUMENT, apply_digits},
};

bool transform_apply(const struct transform *t, struct value *v, struct arena *arena)
{
    return t->rule->apply(t, v, arena);
}

/* ---- compiling ---- */

static const struct transform_rule *find_rule(const char *name)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!strcmp(rules[i].name, name))
            return &rules[i];
    return NULL;
}

/* "S:I" in place: S may itself hold colons, I is one or two digits. */
static bool split_argument(char *argument, unsigned *ret_index)
{
    char *colon = strrchr(argument, ':');
    if (!colon || colon == argument)
        return false;
    size_t n = strspn(colon + 1, "0123456789");
    if (!n || n > 2 || colon[1 + n])
        return false;
    *ret_index = (unsigned)strtoul(colon + 1, NULL, 10);
    *colon = '\0';
    return true;
}

const char *transform_compile(const char *text, size_t n, struct arena *arena, struct transform *ret)
{
    char *name = arena_strndup(arena, text, n);
    if (!name)
        return "memori tidak cukup";
    char *argument = strchr(name, ':');
    if (argument)
        *argument++ = '\0';
    *ret = (struct transform){.rule = find_rule(name), .argument = argument};
    if (!ret->rule)
        return "pengubah tidak dikenal; yang ada: present true nonempty nonzero string not:X eq:X const:X "
               "prepend:X suffix:X before:X split:S:I unix time wa jid digits then:B same:B with:B";
    if (ret->rule->takes == NO_ARGUMENT)
        return argument ? "pengubah ini tidak memakai nilai sesudah \":\"" : NULL;
    if (!argument || !*argument)
        return "pengubah ini memerlukan nilai sesudah \":\"";
    if (ret->rule->takes == SEPARATOR_AND_INDEX && !split_argument(argument, &ret->index))
        return "harus ditulis split:PEMISAH:NOMOR, misalnya split:,:0";
    return NULL;
}
