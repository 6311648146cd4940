/* The file of an event, and the number behind a LID: which requests to make. Pure, thread-safe; the caller
 * does the fetching, with its caps on size and time, and refuses private addresses for hosts that are not the
 * gateway's own.
 *
 *   "media": {mode, url, url_field, join_url, b64_field, json, headers{}, auth_on_download, rewrite_base,
 *             fallback{url, url_field}, hosts[], max_bytes}
 *     mode    url       the event's media IS the URL; rewrite_base puts the gateway's real address before its path
 *             join      url is the base, the event's media a path below it
 *             two_step  GET url, whose answer holds the URL at url_field, or a path
 *               below join_url (Telegram)
 *             post_b64  POST json to url, whose answer holds the file at b64_field
 *     fallback is asked when the event says there is a file but not where.
 *     In the templates: {media} {id} {chat}.
 *   "lid":   {url, field, headers{}}: {user} is the LID's digits
 *
 * Headers (credentials!) go to the gateway; on the download itself only with auth_on_download. */
#ifndef GATEWAY_MAPPING_MEDIA_H
#define GATEWAY_MAPPING_MEDIA_H

#include "mapping_event.h"
#include "mapping_send.h"

enum gateway_media {
    GATEWAY_MEDIA_NONE,     /* no file, or none that can be had */
    GATEWAY_MEDIA_INLINE,   /* it is here, said to be base64 (unchecked): event->media_b64 or *ret_b64 */
    GATEWAY_MEDIA_DOWNLOAD, /* make the request: its answer's body is the file */
    GATEWAY_MEDIA_ASK,      /* make the request, then mapping_media_next() with its answer */
};

/* Whether there is a file to be fetched for this event; what mapping_media_first() will say of it is another thing. */
bool mapping_media_wanted(const struct gateway_mapping *m, const struct gateway_event *e);
/* Whether the sender sent a file at all, as far as anybody can tell. */
bool mapping_media_may_have(const struct gateway_event *e);

/* First step. A URL outside the mapping's hosts is GATEWAY_MEDIA_NONE. */
enum gateway_media mapping_media_first(const struct gateway_mapping *m, const struct gateway_event *e,
    struct arena *arena, struct gateway_request *ret);

/* After ASK, with the body of a 2xx answer: DOWNLOAD, INLINE or NONE. */
enum gateway_media mapping_media_next(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, struct gateway_request *ret, const char **ret_b64);

/* The answer to the first step may hold the file itself. */
bool mapping_media_answers_file(const struct gateway_mapping *m);
size_t mapping_media_max_bytes(const struct gateway_mapping *m);

/* false: this gateway resolves nothing. lid: the digits, as event->sender_value. */
bool mapping_lid_ask(
    const struct gateway_mapping *m, const char *lid, struct arena *arena, struct gateway_request *ret);
/* "+62..." out of the answer's body; NULL: not known to the gateway either. */
const char *mapping_lid_answer(
    const struct gateway_mapping *m, const char *body, size_t size, struct arena *arena);

#endif
