/* A text to a chat -> the HTTP request that sends it; the gateway's answer -> what to do next. Pure,
 * thread-safe. */
#ifndef GATEWAY_MAPPING_SEND_H
#define GATEWAY_MAPPING_SEND_H

#include "mapping.h"
#include "daemon/base/arena.h"

struct gateway_header {
    const char *name, *value; /* values hold credentials: never log them */
};

/* All in the arena it was filled with. */
struct gateway_request {
    const char *method, *url;
    const struct gateway_header *headers;
    size_t header_count;
    const char *body; /* NULL = none (GET) */
    size_t body_size;
    const char *content_type; /* NULL = no body */
    bool ours; /* the address is the office's own configuration, not something that a callback named */
};

struct gateway_text {
    /* as an event gave it (an "@lid" or BSUID goes as it is where the gateway takes it), or "+62..." */
    const char *chat;
    const char *text; /* UTF-8, within mapping_limits(): rules/text_whatsapp.h splits */
    const char
        *reply_to; /* id_key of the message to quote; NULL = none. Gateways that cannot quote leave it out */
    bool outside;  /* mapping_way() said so */
};

/* DONE; NEVER: this gateway cannot reach that chat, or the text is empty or too long (public text says
 * which); LATER: no memory; STOP: the mapping has no "send". */
enum outcome mapping_send_fill(const struct gateway_mapping *m, const struct gateway_text *text,
    struct arena *arena, struct gateway_request *ret, struct fault *fault);

enum gateway_transport {
    GATEWAY_ANSWERED, /* a complete HTTP answer is there */
    GATEWAY_NOT_SENT, /* failed before the request was written whole: no connection, no name, TLS */
    GATEWAY_LOST,     /* the request was written, no complete answer came */
};

enum gateway_verdict {
    GATEWAY_ACCEPTED, /* the gateway has it: not yet delivered */
    GATEWAY_RETRY,    /* nothing was sent; later the same may succeed */
    GATEWAY_WINDOW,   /* 24 hours since the citizen's last message are over: a template or a telephone call */
    GATEWAY_DEAD,     /* never to this citizen, or not this text */
    GATEWAY_CONFIG,   /* nothing will be sent until a person acts: credentials, quota, session */
    GATEWAY_UNKNOWN,  /* it may have been sent: a person must look, no blind repetition */
};

struct gateway_answer {
    enum gateway_verdict verdict;
    const char *message_id;  /* as given, NULL = none */
    const char *message_key; /* comparable with an event's id_key */
    const char *error_code;  /* the gateway's, or "http-500"; NULL when accepted */
    int64_t retry_after_ms;  /* as the gateway asked; 0 = it did not */
    const char *error_text;  /* for the log and the officer; NULL = none. UTF-8, control bytes removed */
};

/* chat: whom the text was for. Order: the body's "ok" -> accepted; the body's error code in one of the mapping's lists; the HTTP status.
 * http_status and body count only when transport is GATEWAY_ANSWERED; body may be NULL or no JSON. */
struct gateway_answer mapping_send_classify(const struct gateway_mapping *m, const char *chat,
    enum gateway_transport transport, int http_status, const char *body, size_t size, struct arena *arena);

/* Whether an error that a status told means that the window is over. code may be NULL. */
bool mapping_code_is_window(const struct gateway_mapping *m, const char *code);

/* What an officer reads of that. */
#define GATEWAY_CLOSED_WORDS "Sudah lewat batas waktu membalas bebas sejak pesan terakhir pengadu."

const char *gateway_verdict_name(enum gateway_verdict verdict); /* "accepted" ... for log lines */

#endif
