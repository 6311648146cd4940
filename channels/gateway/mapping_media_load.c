/* Loading of "media" and "lid". */
#include "mapping_private.h"
#include "mapping_send_load.h"
#include <string.h>

static const char *const given[] = {"media", "id", "chat", NULL};

/* "url_field" and its like: one alternative, written as a text. */
static struct field load_answer(
    struct check *c, const struct place *at, const json_t *object, const char *key, bool required)
{
    const char *text = check_text(c, at, object, key, required);
    struct place here = {.parent = at, .key = key};
    struct alternative *one = arena_alloc(c->arena, sizeof *one);
    if (!text || !one)
        return (struct field){0};
    const char *why = alternative_compile(text, c->arena, one);
    if (why)
        check_fail(c, &here, "\"%.60s\": %s", text, why);
    return (struct field){.list = one, .count = why ? 0 : 1};
}

static void load_fallback(struct check *c, const struct place *at, const json_t *media, struct media *ret)
{
    static const char *const keys[] = {"url", "url_field", NULL};
    struct place here = {.parent = at, .key = "fallback"};
    const json_t *fallback = json_object_get(media, "fallback");
    if (!fallback || !check_keys(c, &here, fallback, keys))
        return;
    ret->fallback_url = check_url(c, &here, fallback, "url", given, true);
    ret->fallback_answer = load_answer(c, &here, fallback, "url_field", true);
}

/* "example.com", or "{name}": a setting that the office need not have. */
static void load_hosts(struct check *c, const struct place *at, const json_t *media, struct media *ret)
{
    size_t count, kept = 0;
    const char *const *texts = check_texts(c, at, media, "hosts", &count);
    struct media_host *hosts = arena_alloc(c->arena, (count + 1) * sizeof *hosts);
    struct place here = {.parent = at, .key = "hosts"};
    for (size_t i = 0; hosts && texts && !c->failed && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        struct template_piece piece;
        const char *rest = texts[i], *name = texts[i];
        bool ours = template_next(&rest, &piece) && piece.is_name && !piece.is_secret && !*rest;
        if (ours)
            name = check_setting(c, arena_strndup(c->arena, piece.text, piece.size));
        else if (strpbrk(name, "/:{}$ "))
            check_fail(c, &element, "harus nama server saja, atau {setelan}");
        if (name)
            hosts[kept++] = (struct media_host){.name = arena_strdup(c->arena, name), .ours = ours};
    }
    ret->hosts = hosts;
    ret->host_count = c->failed ? 0 : kept;
}

static void load_media(struct check *c, const json_t *root, struct media *ret)
{
    static const char *const keys[] = {"mode", "url", "url_field", "join_url", "b64_field", "json", "headers",
        "auth_on_download", "rewrite_base", "fallback", "hosts", "max_bytes", NULL};
    static const char *const modes[] = {"url", "join", "two_step", "post_b64", NULL};
    const json_t *media = json_object_get(root, "media");
    struct place here = {.key = "media"}, json = {.parent = &here, .key = "json"};
    if (!media || !check_keys(c, &here, media, keys))
        return;
    ret->mode = (enum media_mode)(check_word(c, &here, media, "mode", modes, -1) + 1);
    ret->url = check_url(c, &here, media, "url", given, ret->mode != MEDIA_MODE_URL);
    ret->join_url = check_url(c, &here, media, "join_url", NULL, false);
    ret->rewrite_base = check_url(c, &here, media, "rewrite_base", NULL, false);
    ret->headers = mapping_load_headers(c, &here, media, given);
    ret->auth_on_download = check_bool(c, &here, media, "auth_on_download");
    bool is_post = ret->mode == MEDIA_MODE_POST_B64;
    if (is_post || ret->mode == MEDIA_MODE_TWO_STEP)
        ret->answer = load_answer(c, &here, media, is_post ? "b64_field" : "url_field", true);
    ret->json = json_object_get(media, "json");
    if (is_post)
        check_json(c, &json, ret->json, given, false);
    load_fallback(c, &here, media, ret);
    ret->max_bytes = (size_t)check_integer(c, &here, media, "max_bytes", 1024, 104857600, 16777216);
    load_hosts(c, &here, media, ret);
    if (ret->auth_on_download && !json_array_size(json_object_get(media, "hosts")) &&
        !ret->rewrite_base) /* a callback's URL must not collect our token */
        check_fail(c, &here, "auth_on_download memerlukan hosts atau rewrite_base");
}

static void load_lid(struct check *c, const json_t *root, struct lid *ret)
{
    static const char *const keys[] = {"url", "field", "headers", NULL};
    static const char *const names[] = {"user", NULL};
    const json_t *lid = json_object_get(root, "lid");
    struct place here = {.key = "lid"};
    if (!lid || !check_keys(c, &here, lid, keys))
        return;
    ret->url = check_url(c, &here, lid, "url", names, true);
    ret->answer = load_answer(c, &here, lid, "field", true);
    ret->headers = mapping_load_headers(c, &here, lid, names);
}

void mapping_load_media(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    load_media(c, root, &m->media);
    load_lid(c, root, &m->lid);
}
