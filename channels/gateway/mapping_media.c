#include "mapping_media.h"
#include "mapping_private.h"
#include "mapping_request.h"
#include "rules/phone.h"
#include <string.h>

/* ---- where a download may go ---- */

static bool is_http(const char *url)
{
    return !strncmp(url, "https://", 8) || !strncmp(url, "http://", 7);
}

/* RFC 3986 2: no blanks and no control bytes, which could end the request line that the URL stands in. */
static bool fits_request_line(const char *url)
{
    for (; *url; url++)
        if ((unsigned char)*url <= ' ' || *url == 0x7f)
            return false;
    return true;
}

/* The host within the URL: "https://host:port/path". User names in it ("https://good@bad/") are not
 * accepted. */
static const char *host_of(const char *url, size_t *ret_size)
{
    const char *host = strstr(url, "://") + 3;
    *ret_size = strcspn(host, "/?#:\\");
    return strcspn(host, "@") < strcspn(host, "/?#\\") ? NULL : host;
}

static bool is_below(const char *host, size_t n, const char *domain)
{
    size_t d = strlen(domain);
    if (n < d || strncasecmp(host + n - d, domain, d))
        return false;
    return n == d || host[n - d - 1] == '.';
}

static bool may_fetch(const struct media *media, const char *url, bool *ret_ours)
{
    size_t n;
    const char *host = is_http(url) ? host_of(url, &n) : NULL;
    if (!host || !n)
        return false;
    for (size_t i = 0; i < media->host_count; i++)
        if (is_below(host, n, media->hosts[i].name)) {
            *ret_ours = media->hosts[i].ours;
            return true;
        }
    return false;
}

/* ---- requests ---- */

static enum gateway_media download(const struct gateway_mapping *m, const char *url,
    const struct template_names *names, struct arena *arena, struct gateway_request *ret)
{
    const struct media *media = &m->media;
    if (!url)
        return GATEWAY_MEDIA_NONE;
    const char *base = NULL;
    bool ours = false;
    if (media->rewrite_base && is_http(url)) { /* WAHA names itself "localhost:3000" */
        const char *path = strchr(strstr(url, "://") + 3, '/');
        if (!mapping_request_url(media->rewrite_base, names, arena, &base))
            return GATEWAY_MEDIA_NONE;
        url = arena_printf(arena, "%s%s", base, path ? path : "/");
    }
    /* Our own base is trusted by configuration; what a callback named is not. */
    if (!url || !fits_request_line(url) || (!base && !may_fetch(media, url, &ours)))
        return GATEWAY_MEDIA_NONE;
    struct gateway_request request = {.method = "GET", .url = url, .ours = base != NULL || ours};
    if (media->auth_on_download && !mapping_request_headers(&media->headers, names, arena, &request))
        return GATEWAY_MEDIA_NONE;
    *ret = request;
    return GATEWAY_MEDIA_DOWNLOAD;
}

static enum gateway_media ask(const struct media *media, const char *url, const json_t *json,
    const struct template_names *names, struct arena *arena, struct gateway_request *ret)
{
    struct gateway_request request = {.method = json ? "POST" : "GET", .ours = true};
    bool ok = mapping_request_url(url, names, arena, &request.url) &&
              mapping_request_headers(&media->headers, names, arena, &request) &&
              (!json || mapping_request_json(json, names, arena, &request));
    if (!ok)
        return GATEWAY_MEDIA_NONE;
    *ret = request;
    return GATEWAY_MEDIA_ASK;
}

/* A path below the base: segments escaped, never upwards. */
static const char *joined(
    const char *template, const char *path, const struct template_names *names, struct arena *arena)
{
    const char *base;
    if (is_http(path) || strstr(path, "..") || strpbrk(path, "?#\\") || !fits_request_line(path) ||
        !mapping_request_url(template, names, arena, &base))
        return NULL;
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    return arena_printf(arena, "%.*s/%s", (int)n, base, path + strspn(path, "/"));
}

/* GOWA tells of a file it could not download as a message of nothing at all. */
static bool may_have_file(const struct gateway_event *e)
{
    switch (e->kind) {
    case GATEWAY_KIND_IMAGE:
    case GATEWAY_KIND_DOCUMENT:
    case GATEWAY_KIND_AUDIO:
    case GATEWAY_KIND_VIDEO:
    case GATEWAY_KIND_STICKER:
    case GATEWAY_KIND_MEDIA:
        return true;
    case GATEWAY_KIND_UNKNOWN:
        return !e->text && !e->choice;
    default:
        return false;
    }
}

bool mapping_media_wanted(const struct gateway_mapping *m, const struct gateway_event *e)
{
    if (m->media.mode == MEDIA_MODE_NONE || e->media_b64)
        return false;
    if (e->media)
        return true;
    return may_have_file(e) && e->id && (m->media.mode == MEDIA_MODE_POST_B64 || m->media.fallback_url);
}

bool mapping_media_may_have(const struct gateway_event *e)
{
    return e->media || e->media_b64 || may_have_file(e);
}

enum gateway_media mapping_media_first(const struct gateway_mapping *m, const struct gateway_event *e,
    struct arena *arena, struct gateway_request *ret)
{
    const struct media *media = &m->media;
    const struct template_name given[] = {{"media", e->media}, {"id", e->id}, {"chat", e->chat}};
    struct template_names names = {m->settings, m->setting_count, given, sizeof given / sizeof *given};
    if (e->media_b64)
        return GATEWAY_MEDIA_INLINE;
    if (e->media && (media->mode == MEDIA_MODE_URL || is_http(e->media)))
        return media->mode == MEDIA_MODE_NONE ? GATEWAY_MEDIA_NONE
                                              : download(m, e->media, &names, arena, ret);
    if (e->media && media->mode == MEDIA_MODE_TWO_STEP)
        return ask(media, media->url, NULL, &names, arena, ret);
    if (e->media && media->mode == MEDIA_MODE_JOIN) {
        const char *url = joined(media->url, e->media, &names, arena);
        struct gateway_request request = {.method = "GET", .url = url, .ours = true};
        if (!url ||
            (media->auth_on_download && !mapping_request_headers(&media->headers, &names, arena, &request)))
            return GATEWAY_MEDIA_NONE;
        *ret = request;
        return GATEWAY_MEDIA_DOWNLOAD;
    }
    if (!may_have_file(e) || !e->id)
        return GATEWAY_MEDIA_NONE;
    if (media->mode == MEDIA_MODE_POST_B64)
        return ask(media, media->url, media->json, &names, arena, ret);
    return media->fallback_url ? ask(media, media->fallback_url, NULL, &names, arena, ret)
                               : GATEWAY_MEDIA_NONE;
}

static void release_json(void *json)
{
    json_decref(json);
}

static const json_t *read_answer(const char *body, size_t size, struct arena *arena)
{
    json_t *root = json_loadb(body, size, 0, NULL);
    return root && arena_defer(arena, release_json, root) ? root : NULL;
}

enum gateway_media mapping_media_next(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, struct gateway_request *ret, const char **ret_b64)
{
    const struct media *media = &m->media;
    struct template_names names = {.settings = m->settings, .setting_count = m->setting_count};
    const json_t *root = read_answer(body, size, arena);
    const char *found = root ? field_text_of(&media->answer, root, arena) : NULL;
    if (found && media->mode == MEDIA_MODE_POST_B64) {
        *ret_b64 = found;
        return GATEWAY_MEDIA_INLINE;
    }
    if (!found && root)
        found = field_text_of(&media->fallback_answer, root, arena);
    const char *below = media->mode == MEDIA_MODE_JOIN ? media->url : media->join_url;
    if (found && !is_http(found) && below) {
        const char *url = joined(below, found, &names, arena);
        *ret = (struct gateway_request){.method = "GET", .url = url, .ours = true};
        return url ? GATEWAY_MEDIA_DOWNLOAD : GATEWAY_MEDIA_NONE;
    }
    return download(m, found, &names, arena, ret);
}

bool mapping_media_answers_file(const struct gateway_mapping *m)
{
    return m->media.mode == MEDIA_MODE_POST_B64;
}

size_t mapping_media_max_bytes(const struct gateway_mapping *m)
{
    return m->media.max_bytes;
}

/* ---- LID ---- */

bool mapping_lid_ask(
    const struct gateway_mapping *m, const char *lid, struct arena *arena, struct gateway_request *ret)
{
    const struct template_name given[] = {{"user", lid}};
    struct template_names names = {m->settings, m->setting_count, given, 1};
    struct gateway_request request = {.method = "GET", .ours = true};
    if (!m->lid.url || !mapping_request_url(m->lid.url, &names, arena, &request.url) ||
        !mapping_request_headers(&m->lid.headers, &names, arena, &request))
        return false;
    *ret = request;
    return true;
}

const char *mapping_lid_answer(
    const struct gateway_mapping *m, const char *body, size_t size, struct arena *arena)
{
    char phone[PHONE_MAX];
    const json_t *root = read_answer(body, size, arena);
    const char *id = root ? field_text_of(&m->lid.answer, root, arena) : NULL;
    return phone_from_wa_id(id, phone) ? arena_strdup(arena, phone) : NULL;
}
