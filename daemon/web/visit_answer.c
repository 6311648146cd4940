/* How an answer leaves: whole, lasting with an ETag, or as a stream of events. */
#include "visit.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LASTING_TAG = 16 /* bytes of a digest */ };

/* What is shown to everybody may be kept by everybody (RFC 9111): its headers, written into out. */
struct lasting {
    char tag[2 * LASTING_TAG + 3], cache[48];
    bool same; /* the visitor has it already: RFC 9110 13.1.2 */
};

static void make_lasting(const struct visit *v, struct lasting *out)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * LASTING_TAG + 1];
    const char *known = http_request_header(v->request, "If-None-Match");
    crypto_hash_sha256(sum, (const unsigned char *)v->page.body.data, v->page.body.len);
    snprintf(out->tag, sizeof out->tag, "\"%s\"", sodium_bin2hex(hex, sizeof hex, sum, LASTING_TAG));
    snprintf(out->cache, sizeof out->cache, "public, max-age=%d", v->page.public_seconds);
    out->same = known && strstr(known, out->tag);
}

/* The site whose script asks, when it is one that the office has named; NULL = none, or not for others (Fetch 3.2). */
static const char *sharing_site(const struct visit *v)
{
    const char *origin = http_request_header(v->request, "Origin"), *named = v->web->house.frame_origins;
    size_t n = origin ? strlen(origin) : 0;
    if (!(v->route->roles & PAGE_SHARED) || v->page.officer)
        return NULL;
    for (; n && named && *named; named += strcspn(named, " "), named += strspn(named, " "))
        if (strcspn(named, " ") == n && !strncasecmp(named, origin, n))
            return origin;
    return NULL;
}

size_t visit_headers(
    const struct visit *v, struct http_header headers[WEB_HEADERS_MAX], char policy[WEB_POLICY_MAX])
{
    const struct page *page = &v->page;
    const char *framed = framed_policy(v->web, v->route, policy);
    size_t n = headers_fill(headers, page->content_type, page->secret || page->officer, framed);
    const struct http_header further[] = {
        {"Location", page->location},
        {"Set-Cookie", page->set_cookie},
        {"Content-Disposition", page->disposition},
        {"Access-Control-Allow-Origin", sharing_site(v)},
    };
    for (size_t i = 0; i < sizeof further / sizeof *further; i++)
        if (further[i].value)
            headers[n++] = further[i];
    if (page->streams)
        headers[n++] = (struct http_header){"X-Accel-Buffering", "no"}; /* nginx: each event at once */
    headers[n] = (struct http_header){NULL, NULL};
    return n;
}

void visit_answer(struct visit *v)
{
    const struct page *page = &v->page;
    struct http_header headers[WEB_HEADERS_MAX];
    char policy[WEB_POLICY_MAX];
    struct lasting lasting = {.same = false};
    size_t n = visit_headers(v, headers, policy);
    if (page->public_seconds && page->status == 200 && !page->officer) {
        make_lasting(v, &lasting);
        for (size_t i = 0; i < n; i++)
            if (!strcmp(headers[i].name, "Cache-Control"))
                headers[i].value = lasting.cache;
        headers[n++] = (struct http_header){"ETag", lasting.tag};
        headers[n++] =
            (struct http_header){"Vary", v->route->roles & PAGE_SHARED ? "Cookie, Origin" : "Cookie"};
        headers[n] = (struct http_header){NULL, NULL};
    }
    if (page->streams) {
        const struct live_viewer viewer = {page->officer->id, page->officer->name, page->stream_of};
        live_add(v->web->live, v->request, headers, &viewer);
        visit_free(v);
        return;
    }
    if (page->in_parts) {
        visit_parts(v, headers);
        return;
    }
    http_reply(v->request, &(struct http_response){
                               .status = lasting.same ? 304 : page->status,
                               .content_type = page->content_type,
                               .headers = headers,
                               .body = page->body.data,
                               .length = page->body.len,
                           });
    visit_free(v);
}
