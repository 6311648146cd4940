/* What a gateway remembers of the time while we were away: which requests to make, and its answers -> the same events as
 * of callbacks, known by the same keys, so that what came in time is no second time. Pure, thread-safe.
 *
 *   "history": {headers{}, chats{url, each, chat, time}, messages{url, json}, streams[]}
 *     chats     GET url lists the chats; each element's chat and time of its last message (alternatives). Left out
 *               where one request gives the messages of all chats
 *     messages  GET url, or POST json to it, gives messages; {chat} is the chat
 *     streams   as of callbacks, on that answer
 *     In the templates: {chat} {since} (seconds since 1970) {since_date} (2026-11-22). */
#ifndef GATEWAY_MAPPING_HISTORY_H
#define GATEWAY_MAPPING_HISTORY_H

#include "mapping_event.h"
#include "mapping_send.h"

bool mapping_has_history(const struct gateway_mapping *m);

/* false: there is no list of chats, ask for the messages at once. */
bool mapping_history_chats(
    const struct gateway_mapping *m, int64_t since_ms, struct arena *arena, struct gateway_request *ret);

/* Chats with something newer than since_ms, or of which it is not said; at most `most`. Groups are left out. */
enum outcome mapping_history_read_chats(const struct gateway_mapping *m, const char *body, size_t size,
    int64_t since_ms, size_t most, struct arena *arena, const char ***ret_chats, size_t *ret_count,
    struct fault *fault);

/* chat NULL where the mapping has no list of chats. false: the request cannot be made. */
bool mapping_history_messages(const struct gateway_mapping *m, const char *chat, int64_t since_ms,
    struct arena *arena, struct gateway_request *ret);

/* As mapping_events(). */
enum outcome mapping_history_events(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, struct gateway_events *ret, struct fault *fault);

#endif
