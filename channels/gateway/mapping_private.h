/* The compiled mapping, shared by the files mapping*.c of this folder. Everything lives in its arena. */
#ifndef GATEWAY_MAPPING_PRIVATE_H
#define GATEWAY_MAPPING_PRIVATE_H

#include "check.h"
#include "field.h"
#include "mapping.h"
#include "template.h"

enum auth_type {
    AUTH_HMAC,
    AUTH_HEADER,
    AUTH_QUERY,
    AUTH_BASIC,
    AUTH_BODY_TOKEN,
    AUTH_PATH_TOKEN,
    AUTH_IP,
    AUTH_TWILIO
};
enum auth_hash { AUTH_SHA1, AUTH_SHA256, AUTH_SHA512 };

struct auth_network {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    unsigned bits;             /* of 128 */
};

struct auth {
    enum auth_type type;
    enum auth_hash hash;
    bool base64;            /* of an HMAC; else hexadecimal */
    const char *name;       /* of the header or query parameter */
    const char *prefix;     /* before the value; "" = none */
    const char *user;       /* basic */
    const char *secret;     /* resolved; "" when the mapping was not loaded for authentication */
    const char *public_url; /* twilio */
    struct pointer pointer; /* body_token */
    const struct auth_network *networks;
    size_t network_count;
};

struct handshake {
    const char *mode, *expect_mode, *token, *secret, *echo; /* mode NULL = not asked */
};

enum body_format { BODY_JSON, BODY_FORM, BODY_EITHER };

enum stream_as { AS_MESSAGE, AS_STATUS, AS_EDIT, AS_REVOKE, AS_SESSION };

/* The order is that of field_names in mapping_streams.c. */
enum field_id {
    FIELD_ID,
    FIELD_CHAT,
    FIELD_FROM,
    FIELD_LID,
    FIELD_NAME,
    FIELD_TIME,
    FIELD_GROUP,
    FIELD_FROM_ME,
    FIELD_KIND,
    FIELD_TEXT,
    FIELD_CHOICE,
    FIELD_REPLY_TO,
    FIELD_MEDIA,
    FIELD_MEDIA_B64,
    FIELD_MIME,
    FIELD_FILENAME,
    FIELD_LAT,
    FIELD_LON,
    FIELD_EMOJI,
    FIELD_REACT_TO,
    FIELD_DEVICE,
    FIELD_STATUS,
    FIELD_ERROR,
    FIELD_SOURCE,
    FIELD_COUNT,
};

struct condition {
    struct pointer pointer;
    enum { WHEN_PRESENT, WHEN_ABSENT, WHEN_IN } test;
    const char *const *words; /* WHEN_IN */
    size_t word_count;
};

struct word_pair {
    const char *raw, *canonical;
};

struct stream {
    enum stream_as as;
    const struct condition *conditions;
    size_t condition_count;
    struct pointer each;
    bool has_when, has_each;
    struct field fields[FIELD_COUNT];
    const struct word_pair *kinds, *statuses;
    size_t kind_count, status_count;
    const enum field_id *dedupe;
    size_t dedupe_count;
};

struct code_list {
    const char *const *codes; /* "131047" or "200-299" */
    size_t count;
};

struct headers {
    const char *const *keys; /* may end in "?name" */
    const char *const *values;
    size_t count;
};

enum to_form { TO_DIGITS, TO_CUS, TO_WHATSAPP_NET, TO_TWILIO, TO_CHAT };

struct send {
    bool present;
    const char *method, *url;
    struct headers headers;
    enum to_form to;
    unsigned accepts;          /* bits 1 << enum phone_id_kind */
    const json_t *json, *form; /* one of them */
    struct field ok, message_id, error, error_text;
    struct code_list retry, window, dead, config, unknown;
    const char *neutralise; /* characters this gateway would act upon */
    size_t max_chars;
    long gap_ms;
};

enum media_mode {
    MEDIA_MODE_NONE,
    MEDIA_MODE_URL,
    MEDIA_MODE_JOIN,
    MEDIA_MODE_TWO_STEP,
    MEDIA_MODE_POST_B64
};

struct media {
    enum media_mode mode;
    const char *url, *rewrite_base; /* NULL = not set */
    struct headers headers;
    bool auth_on_download;
    struct field answer;      /* the URL or the base64 text in the answer */
    const json_t *json;       /* post_b64 */
    const char *fallback_url; /* asked when the callback carries no reference; NULL = none */
    struct field fallback_answer;
    size_t max_bytes;
    const char *const *hosts; /* a download may go to these and their subdomains */
    size_t host_count;
};

struct lid {
    const char *url; /* NULL = this gateway resolves nothing */
    struct headers headers;
    struct field answer;
};

struct gateway_mapping {
    struct arena *arena;
    const struct auth *auth;
    size_t auth_count;
    struct handshake handshake;
    struct gateway_ack ack;
    enum body_format format;
    const struct stream *streams;
    size_t stream_count;
    struct send send;
    struct media media;
    struct lid lid;
    const struct template_name *settings;
    size_t setting_count;
};

/* The loaders of the parts; each reports by check_fail() and may leave its part half filled. */
void mapping_load_auth(struct check *c, const json_t *root, struct gateway_mapping *m);
void mapping_load_streams(struct check *c, const json_t *root, struct gateway_mapping *m);
void mapping_load_send(struct check *c, const json_t *root, struct gateway_mapping *m);
void mapping_load_media(struct check *c, const json_t *root, struct gateway_mapping *m);

/* The body as the mapping reads it. DONE: *ret is the caller's; NEVER: it cannot be read; LATER: no
 * memory. */
enum outcome mapping_parse_body(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, json_t **ret, struct fault *fault);

#endif
