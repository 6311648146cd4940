#include "check.h"
#include <stdio.h>
#include <string.h>

enum { TEMPLATE_DEPTH_MAX = 12 };

/* ---- naming the place ---- */

static void add_place(struct str *out, const struct place *at)
{
    if (!at)
        return;
    add_place(out, at->parent);
    if (!at->key) {
        str_addf(out, "/%zu", at->index);
        return;
    }
    str_addc(out, '/');
    for (const char *k = at->key; *k; k++) /* RFC 6901 section 3 */
        if (*k == '~' || *k == '/')
            str_adds(out, *k == '~' ? "~0" : "~1");
        else
            str_addc(out, *k);
}

/* "%.40s" and the end of the line may cut a letter of several bytes in two: what is left of it goes. All else is UTF-8,
 * for jansson read it. */
static void drop_cut_letters(char *line)
{
    char *to = line;
    for (const char *p = line; *p;) {
        unsigned char lead = (unsigned char)*p;
        size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, there = 1;
        while (there < n && (p[there] & 0xC0) == 0x80)
            there++;
        if (there == n) {
            memmove(to, p, n);
            to += n;
        }
        p += there;
    }
    *to = 0;
}

void check_fail(struct check *c, const struct place *at, const char *message, ...)
{
    if (c->failed)
        return;
    c->failed = true;
    struct str place, text;
    str_init(&place, 200);
    str_init(&text, sizeof c->fault->public_text);
    add_place(&place, at);
    va_list ap;
    va_start(ap, message);
    str_vaddf(&text, message, ap);
    va_end(ap);
    char line[sizeof c->fault->public_text];
    snprintf(line, sizeof line, "%s: %s: %s", c->name, place.len ? place.data : "/",
        str_ok(&text) ? text.data : message);
    drop_cut_letters(line);
    fault_set(c->fault, OUTCOME_NEVER, line, "%s", line);
    str_release(&place);
    str_release(&text);
}

static const char *type_word(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "objek";
    case JSON_ARRAY:
        return "daftar";
    case JSON_STRING:
        return "teks";
    case JSON_INTEGER:
    case JSON_REAL:
        return "bilangan";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true/false";
    default:
        return "null";
    }
}

bool check_keys(struct check *c, const struct place *at, const json_t *object, const char *const *allowed)
{
    if (c->failed)
        return false;
    if (!json_is_object(object)) {
        check_fail(c, at, "harus objek {...}, yang ada %s", object ? type_word(object) : "tidak ada");
        return false;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        while (allowed[i] && strcmp(allowed[i], key))
            i++;
        if (allowed[i])
            continue;
        struct str list;
        str_init(&list, 160);
        for (i = 0; allowed[i]; i++)
            str_addf(&list, "%s%s", i ? " " : "", allowed[i]);
        struct place here = {.parent = at, .key = key};
        check_fail(c, &here, "kunci tidak dikenal; yang ada: %s", list.data);
        str_release(&list);
        return false;
    }
    return true;
}

/* ---- members ---- */

/* The member if it has the type; a complaint otherwise. */
static const json_t *member(struct check *c, const struct place *at, const json_t *object, const char *key,
    json_type type, const char *expected, bool required)
{
    const json_t *value = c->failed ? NULL : json_object_get(object, key);
    struct place here = {.parent = at, .key = key};
    if (!value && required)
        check_fail(c, &here, "wajib diisi: %s", expected);
    if (value && json_typeof(value) != type) {
        check_fail(c, &here, "harus %s, yang ada %s", expected, type_word(value));
        return NULL;
    }
    return value;
}

const char *check_text(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool required)
{
    const json_t *value = member(c, at, object, key, JSON_STRING, "teks", required);
    const char *text = json_string_value(value);
    struct place here = {.parent = at, .key = key};
    if (text && required && !*text)
        check_fail(c, &here, "tidak boleh kosong");
    if (text)
        for (const char *p = text; *p; p++)
            if ((unsigned char)*p < ' ')
                check_fail(c, &here, "tidak boleh berisi baris baru atau karakter kendali");
    return c->failed ? NULL : text;
}

long check_integer(struct check *c, const struct place *at, const json_t *object, const char *key, long min,
    long max, long fallback)
{
    const json_t *value = member(c, at, object, key, JSON_INTEGER, "bilangan bulat", false);
    if (!value)
        return fallback;
    struct place here = {.parent = at, .key = key};
    json_int_t n = json_integer_value(value);
    if (n < min || n > max)
        check_fail(c, &here, "harus antara %ld dan %ld", min, max);
    return c->failed ? fallback : (long)n;
}

bool check_bool(struct check *c, const struct place *at, const json_t *object, const char *key)
{
    const json_t *value = c->failed ? NULL : json_object_get(object, key);
    struct place here = {.parent = at, .key = key};
    if (value && !json_is_boolean(value))
        check_fail(c, &here, "harus true atau false, yang ada %s", type_word(value));
    return json_is_true(value);
}

int check_word(struct check *c, const struct place *at, const json_t *object, const char *key,
    const char *const *words, int fallback)
{
    const char *text = check_text(c, at, object, key, fallback < 0);
    if (!text)
        return fallback < 0 ? 0 : fallback;
    struct str list;
    str_init(&list, 160);
    for (int i = 0; words[i]; i++) {
        if (!strcmp(words[i], text)) {
            str_release(&list);
            return i;
        }
        str_addf(&list, "%s%s", i ? " | " : "", words[i]);
    }
    struct place here = {.parent = at, .key = key};
    check_fail(c, &here, "\"%.40s\" tidak dikenal; pilih %s", text, list.data);
    str_release(&list);
    return 0;
}

/* The list under key; *ret_count 0 when absent. */
static const json_t *list_of(struct check *c, const struct place *at, const json_t *object, const char *key,
    bool required, size_t *ret_count)
{
    const json_t *list = member(c, at, object, key, JSON_ARRAY, "daftar [...]", required);
    struct place here = {.parent = at, .key = key};
    *ret_count = 0;
    if (list && required && !json_array_size(list))
        check_fail(c, &here, "daftar tidak boleh kosong");
    if (list && json_array_size(list) > 200)
        check_fail(c, &here, "daftar terlalu panjang (paling banyak 200)");
    if (c->failed)
        return NULL;
    *ret_count = json_array_size(list);
    return list;
}

const char *const *check_texts(
    struct check *c, const struct place *at, const json_t *object, const char *key, size_t *ret_count)
{
    const json_t *list = list_of(c, at, object, key, false, ret_count);
    struct place here = {.parent = at, .key = key};
    const char **texts = arena_alloc(c->arena, (*ret_count + 1) * sizeof *texts);
    for (size_t i = 0; texts && i < *ret_count; i++) {
        struct place element = {.parent = &here, .index = i};
        texts[i] = json_string_value(json_array_get(list, i));
        if (!texts[i] || !*texts[i])
            check_fail(c, &element, "harus teks yang tidak kosong");
    }
    return texts;
}

struct pointer check_pointer(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool wildcards)
{
    struct pointer pointer = {0};
    struct place here = {.parent = at, .key = key};
    const char *text = check_text(c, at, object, key, true);
    const char *why = text ? pointer_compile(text, strlen(text), wildcards, c->arena, &pointer) : NULL;
    if (why)
        check_fail(c, &here, "\"%.60s\": %s", text, why);
    return pointer;
}

const struct pointer *check_pointers(struct check *c, const struct place *at, const json_t *object,
    const char *key, bool wildcards, size_t *ret_count)
{
    const json_t *value = json_object_get(object, key);
    struct pointer *pointers = arena_alloc(c->arena, (json_array_size(value) + 1) * sizeof *pointers);
    struct place here = {.parent = at, .key = key};
    size_t count = 0;
    *ret_count = 0;
    if (!value || !pointers)
        return NULL;
    if (!json_is_array(value)) {
        pointers[count++] = check_pointer(c, at, object, key, wildcards);
    } else {
        const char *const *texts = check_texts(c, at, object, key, &count);
        if (!count)
            check_fail(c, &here, "daftar tidak boleh kosong");
        for (size_t i = 0; texts && !c->failed && i < count; i++) {
            struct place element = {.parent = &here, .index = i};
            const char *why = pointer_compile(texts[i], strlen(texts[i]), wildcards, c->arena, &pointers[i]);
            if (why)
                check_fail(c, &element, "\"%.60s\": %s", texts[i], why);
        }
    }
    *ret_count = c->failed ? 0 : count;
    return pointers;
}

struct field check_field(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool required)
{
    size_t count;
    const json_t *list = list_of(c, at, object, key, required, &count);
    struct place here = {.parent = at, .key = key};
    struct alternative *alternatives = arena_alloc(c->arena, (count + 1) * sizeof *alternatives);
    for (size_t i = 0; alternatives && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        const char *text = json_string_value(json_array_get(list, i));
        const char *why = text ? alternative_compile(text, c->arena, &alternatives[i]) : "harus teks";
        if (why)
            check_fail(c, &element, "\"%.60s\": %s", text ? text : "", why);
    }
    return (struct field){.list = alternatives, .count = c->failed || !alternatives ? 0 : count};
}

/* ---- secrets and settings ---- */

static const char *look_up(struct check *c, const char *name)
{
    const char *value = c->lookup && c->lookup->find ? c->lookup->find(c->lookup->context, name) : NULL;
    return value && *value ? value : json_string_value(json_object_get(c->defaults, name));
}

const char *check_setting(struct check *c, const char *name)
{
    return name ? look_up(c, name) : NULL;
}

static bool is_secret_reference(const char *text)
{
    struct template_piece piece;
    return template_next(&text, &piece) && piece.is_secret && !*text;
}

const char *check_secret(
    struct check *c, const struct place *at, const json_t *object, const char *key, size_t least)
{
    struct place here = {.parent = at, .key = key};
    const char *text = check_text(c, at, object, key, true);
    if (!text)
        return "";
    if (!is_secret_reference(text)) {
        check_fail(c, &here,
            "rahasia tidak boleh ditulis di sini; tulis $NAMA (huruf besar) dan isi di konfigurasi");
        return "";
    }
    const char *value = look_up(c, text + 1);
    if (!value && c->needed)
        check_fail(c, &here, "rahasia %s belum diisi di konfigurasi", text);
    if (value && !strcmp(value, "secret")) /* GOWA's default: everybody knows it */
        check_fail(c, &here, "rahasia %s masih bawaan gateway (\"secret\"); ganti dengan kata acak", text);
    if (value && strlen(value) < least)
        check_fail(c, &here, "rahasia %s terlalu pendek, paling sedikit %zu karakter", text, least);
    const char *copy = value && !c->failed ? arena_strdup(c->arena, value) : "";
    return copy ? copy : "";
}

static bool is_listed(const char *const *list, const char *name)
{
    for (; list && *list; list++)
        if (!strcmp(*list, name))
            return true;
    return false;
}

/* Control bytes in a setting would break out of the header or the address it is filled into. */
static bool has_control(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7F)
            return true;
    return false;
}

static void remember(struct check *c, const struct place *at, const char *name, bool is_secret, bool optional)
{
    for (size_t i = 0; i < c->setting_count; i++)
        if (!strcmp(c->settings[i].name, name) && (c->settings[i].value || optional || !c->needed))
            return;
    const char *value = look_up(c, name);
    if (!value && c->needed && !optional)
        check_fail(c, at, "%s %s%s%s belum diisi di konfigurasi", is_secret ? "rahasia" : "setelan",
            is_secret ? "$" : "{", name, is_secret ? "" : "}");
    if (value && has_control(value))
        check_fail(c, at, "nilai %s berisi baris baru atau karakter kendali", name);
    if (c->setting_count == CHECK_SETTINGS_MAX)
        check_fail(c, at, "terlalu banyak setelan (paling banyak %d)", CHECK_SETTINGS_MAX);
    if (c->failed)
        return;
    c->settings[c->setting_count++] = (struct template_name){name, arena_strdup(c->arena, value)};
}

void check_template(
    struct check *c, const struct place *at, const char *text, const char *const *given, const char *optional)
{
    struct template_piece piece;
    while (!c->failed && template_next(&text, &piece)) {
        if (!piece.is_name)
            continue;
        const char *name = arena_strndup(c->arena, piece.text, piece.size);
        if (name && (piece.is_secret || !is_listed(given, name)))
            remember(c, at, name, piece.is_secret, optional && !strcmp(optional, name));
    }
}

const char *check_url(struct check *c, const struct place *at, const json_t *object, const char *key,
    const char *const *given, bool required)
{
    struct place here = {.parent = at, .key = key};
    const char *text = check_text(c, at, object, key, required);
    if (!text)
        return NULL;
    check_template(c, &here, text, given, NULL);
    struct str url;
    str_init(&url, 4096);
    struct template_names names = {.settings = c->settings, .setting_count = c->setting_count};
    template_text(&url, text, &names, TEMPLATE_URL);
    bool is_http = !strncmp(url.data, "http://", 7) || !strncmp(url.data, "https://", 8);
    if (c->needed && !is_http && !c->failed)
        check_fail(c, &here, "alamat harus diawali http:// atau https://");
    str_release(&url);
    return c->failed ? NULL : text;
}

static void check_json_value(struct check *c, const struct place *at, const json_t *value,
    const char *const *given, const char *optional, int depth)
{
    if (depth > TEMPLATE_DEPTH_MAX)
        check_fail(c, at, "terlalu dalam (paling banyak %d tingkat)", TEMPLATE_DEPTH_MAX);
    if (c->failed)
        return;
    if (json_is_string(value))
        check_template(c, at, json_string_value(value), given, optional);
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct place element = {.parent = at, .index = i};
        check_json_value(c, &element, json_array_get(value, i), given, optional, depth + 1);
    }
    const char *key;
    json_t *inner;
    json_object_foreach((json_t *)value, key, inner)
    {
        struct place here = {.parent = at, .key = key};
        const char *mark = strchr(key, '?');
        if (mark && !is_listed(given, mark + 1))
            remember(c, &here, mark + 1, false, true);
        check_json_value(c, &here, inner, given, mark ? mark + 1 : optional, depth + 1);
    }
}

bool check_mentions(const json_t *template, const char *const *names)
{
    const char *text = json_string_value(template), *key;
    json_t *inner;
    struct template_piece piece;
    while (text && template_next(&text, &piece))
        for (size_t i = 0; piece.is_name && !piece.is_secret && names[i]; i++)
            if (strlen(names[i]) == piece.size && !strncmp(names[i], piece.text, piece.size))
                return true;
    for (size_t i = 0; i < json_array_size(template); i++)
        if (check_mentions(json_array_get(template, i), names))
            return true;
    json_object_foreach((json_t *)template, key, inner) if (check_mentions(inner, names)) return true;
    return false;
}

void check_json(
    struct check *c, const struct place *at, const json_t *template, const char *const *given, bool flat)
{
    if (!c->failed && !json_is_object(template))
        check_fail(c, at, "harus objek {...}");
    const char *key;
    json_t *value;
    if (flat && !c->failed)
        json_object_foreach((json_t *)template, key, value)
        {
            struct place here = {.parent = at, .key = key};
            if (!json_is_string(value))
                check_fail(c, &here, "harus teks, yang ada %s", type_word(value));
        }
    check_json_value(c, at, template, given, NULL, 0);
}
