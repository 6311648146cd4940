/* The compiled mapping, shared by the files mapping*.c of this folder. Everything lives in its arena. */
#ifndef GATEWAY_MAPPING_PRIVATE_H
#define GATEWAY_MAPPING_PRIVATE_H

#include "check.h"
#include "field.h"
#include "mapping.h"
#include "template.h"
#include "rules/phone.h"

enum auth_type {
    AUTH_HMAC,
    AUTH_HEADER,
    AUTH_QUERY,
    AUTH_BASIC,
    AUTH_BODY_TOKEN,
    AUTH_PATH_TOKEN,
    AUTH_IP,
    AUTH_TWILIO,
    AUTH_JWT,
    AUTH_ANY
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
    const struct auth *any; /* AUTH_ANY: one of these is enough */
    size_t any_count;
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
    FIELD_EVENT,
    FIELD_ALIAS,
    FIELD_WATERMARK,
    FIELD_COUNT,
};

struct condition {
    struct alternative value;
    enum { WHEN_PRESENT, WHEN_ABSENT, WHEN_IN, WHEN_NOT } test;
    const char *const *words; /* WHEN_IN, WHEN_NOT */
    size_t word_count;
};

struct conditions {
    const struct condition *list; /* all must hold */
    size_t count;
};

struct word_pair {
    const char *raw, *canonical;
};

struct stream {
    enum stream_as as;
    bool has_when;
    struct conditions when, where; /* of the body, of the item */
    const struct pointer *each;    /* one after the other; none = the body itself is the item */
    size_t each_count;
    const struct pointer *within; /* the first that is there is "@" */
    size_t within_count;
    struct field fields[FIELD_COUNT];
    struct field details, more_media; /* not alternatives: all that yield a text count */
    const struct word_pair *kinds, *statuses, *states;
    size_t kind_count, status_count, state_count;
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

struct send_body {
    const json_t *json, *form; /* one of them */
    size_t max_chars;
};

enum { ACCEPTS_COMMENT = 1u << 16 };

struct send {
    bool present;
    const char *method, *url;
    struct headers headers;
    enum to_form to;
    unsigned accepts; /* bits 1 << enum phone_id_kind, and ACCEPTS_COMMENT */
    struct send_body body;
    struct field ok, message_id, error, error_text, retry_after;
    struct code_list retry, window, dead, config, unknown;
    const char *neutralise; /* characters this gateway would act upon */
    size_t max_bytes;       /* 0 = only max_chars counts */
    long gap_ms;
    long window_hours; /* since the citizen's last message; 0 = no window */
    struct outside {
        const char *needs; /* the setting without which there is no such way; NULL = no such way */
        long hours;        /* until then; 0 = for ever */
        struct send_body body;
    } outside;
};

enum media_mode {
    MEDIA_MODE_NONE,
    MEDIA_MODE_URL,
    MEDIA_MODE_JOIN,
    MEDIA_MODE_TWO_STEP,
    MEDIA_MODE_POST_B64
};

struct media_host {
    const char *name;
    bool ours; /* named by the office's configuration: may lie in the house */
};

struct media {
    enum media_mode mode;
    const char *url, *rewrite_base, *join_url; /* NULL = not set */
    struct headers headers;
    bool auth_on_download;
    struct field answer;      /* the URL or the base64 text in the answer */
    const json_t *json;       /* post_b64 */
    const char *fallback_url; /* asked when the callback carries no reference; NULL = none */
    struct field fallback_answer;
    size_t max_bytes;
    const struct media_host *hosts; /* a download may go to these and their subdomains, and nowhere else */
    size_t host_count;
};

struct lid {
    const char *url; /* NULL = this gateway resolves nothing */
    struct headers headers;
    struct field answer;
};

struct history_part {
    const char *url; /* of messages; NULL = this gateway remembers nothing */
    const json_t *json;
    struct headers headers;
    const char *chats_url; /* NULL = one request gives the messages of all chats */
    const struct pointer *each;
    size_t each_count;
    struct field chat, time;
    const struct stream *streams;
    size_t stream_count;
};

struct gateway_mapping {
    struct arena *arena;
    const struct auth *auth;
    size_t auth_count;
    struct handshake handshake;
    struct gateway_ack ack;
    enum body_format format;
    const char *identity; /* scheme of its people: "psid"; NULL = WhatsApp's ids, told apart by their form */
    bool ids_of_chat;     /* a message id is unique within its chat only */
    const struct stream *streams;
    size_t stream_count;
    struct send send;
    struct media media;
    struct lid lid;
    struct history_part history;
    const struct template_name *settings;
    size_t setting_count;
};

/* The loaders of the parts; each reports by check_fail() and may leave its part half filled. */
void mapping_load_auth(struct check *c, const json_t *root, struct gateway_mapping *m);
void mapping_load_streams(struct check *c, const json_t *root, struct gateway_mapping *m);
void mapping_load_send(struct check *c, const json_t *root, struct gateway_mapping *m);
void mapping_load_media(struct check *c, const json_t *root, struct gateway_mapping *m);

void mapping_load_history(struct check *c, const json_t *root, struct gateway_mapping *m);
/* The "streams" of an object. */
const struct stream *mapping_load_stream_list(
    struct check *c, const struct place *at, const json_t *object, size_t *ret_count);
struct headers mapping_load_headers(
    struct check *c, const struct place *at, const json_t *object, const char *const *names);

/* What an id of this gateway names: of other networks than WhatsApp nothing but an id. */
enum phone_id_kind mapping_id_kind(const struct gateway_mapping *m, const char *id);

/* The body as the mapping reads it. DONE: *ret is the caller's; NEVER: it cannot be read; LATER: no
 * memory. */
enum outcome mapping_parse_body(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, json_t **ret, struct fault *fault);

#endif
