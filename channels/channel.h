/* The channel contract: how messages come into the house and leave it, whatever carries them.
 *
 * A channel is one configured instance ("email:kantor", "gateway:wa", "web:lama", "mqtt"). All calls in both
 * directions happen on the loop thread. The desk knows channels only through this file; channels know the desk
 * only through struct channel_host.
 *
 *   channel ──host->arrived(inbound)──▶ desk writes it into the book ──ops->settled(inbound, outcome)──▶ channel
 *   desk claims an outbox row ──ops->send(outbound)──▶ channel ──host->sent(outbound, result)──▶ book
 *
 * tests/support has a channel in memory that can force every answer to be late. */
#ifndef CHANNELS_CHANNEL_H
#define CHANNELS_CHANNEL_H

#include "daemon/base/arena.h"
#include "daemon/base/fault.h"
#include "daemon/loop/loop.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel;     /* each implementation embeds or extends it as it likes */
struct config;      /* config/config.h */
struct http_server; /* daemon/loop/http_server.h */
struct http_client; /* daemon/loop/http_client.h */

/* ---- what comes in ---------------------------------------------------------------------------------------- */

struct inbound_file {
    const char *filename;   /* safe: no path, no control bytes; never empty */
    const char *media_type; /* by content (parser child); "application/octet-stream" when unknown */
    const void *data;
    size_t size;
    struct inbound_file *next;
    bool has_place;              /* a photograph that says where it was taken: for officers only */
    int32_t latitude, longitude; /* millionths of a degree */
};

/* A file that the channel can fetch: the desk keeps `request` with the message and asks for it through ops->fetch. */
struct inbound_media {
    const char *request;  /* JSON of the channel's own, complete: nothing else will be known then */
    const char *filename; /* as inbound_file's */
    struct inbound_media *next;
};

enum inbound_kind {
    INBOUND_MESSAGE,  /* somebody said something: opens or joins a complaint */
    INBOUND_DELIVERY, /* the fate of something we sent: own_reference names it, delivery_state says what */
    INBOUND_OWN,      /* an officer answered by hand, past us: text to reply_to; own_reference is its id */
    INBOUND_EDITED,   /* the sender changed what references[0] names: text is the new one */
    INBOUND_REVOKED,  /* the sender took back what references[0] names: the book keeps it */
    INBOUND_OTHER, /* kept in the ledger with `reason`, opens nothing (own message, group, session event ...) */
    INBOUND_UNREADABLE, /* kept with its raw bytes for a person to look at: dikarantina, `reason` says why */
};

/* One arrival. Lives in `arena` (which holds everything it points to, itself included). The channel fills it and
 * gives it to host->arrived(); the desk gives the same pointer back through settled(), after which the CHANNEL
 * frees it with arena_free(in->arena). NULL = absent for every string. */
struct inbound {
    struct arena *arena;
    enum inbound_kind kind;
    /* unique within the channel: "uidvalidity/uid", gateway message id, digest. Required */
    const char *external;
    const char
        *digest;     /* second key, where external may change for the same message: Message-ID or SHA-256 */
    const void *raw; /* the bytes as they came: kept in the book. Required for what strangers send */
    size_t raw_size;
    const char *bookmark; /* written in the same transaction: where the channel resumes after a restart */

    /* who: scheme and value are how this channel knows the sender ("email", "siti@contoh.example") */
    const char *identity_scheme, *identity_value;
    const char *alias_scheme, *alias_value; /* a second identity of the same person seen in the same event */
    const char *nama, *pekerjaan, *alamat, *email, *phone; /* phone: E.164 */
    /* where an answer goes: address or chat id on this channel; of forms and the counter "email:ADDRESS" or
     * "wa:+62...", NULL = tracking page or by word of mouth */
    const char *reply_to;

    /* what */
    const char *subject, *text, *own_words; /* own_words: without quotes and signature; NULL = text */
    const char *told;                       /* a sentence for the sender, in his receipt; NULL = none */
    const char *must_read; /* why a person must look at the raw bytes, NULL = text is complete */
    const char *kind_word; /* pengaduan | aspirasi | informasi; NULL = pengaduan */
    const char *service, *place, *occurred; /* service: key of the catalogue */
    const char *confidentiality;            /* biasa | anonim | rahasia; NULL = biasa */
    int64_t claimed_at;                     /* ms, 0 = unknown */
    bool stale; /* so old that an automatic answer would be out of place: a flood after a reconnect */
    struct inbound_file *files;
    struct inbound_media *media; /* MESSAGE and OWN: files that are still to be fetched */

    /* by which it may join a complaint: references of that scheme ("mail", "gateway:wa"), newest last */
    const char *reference_scheme;
    bool conversation; /* a chat: without a reference it belongs to the sender's newest open complaint */
    const char *own_reference;     /* this message's own id in that scheme */
    const char *const *references; /* ends with NULL; may be NULL */
    const char *number;            /* register number seen in the subject, */
    const char *tag;               /* and the keyed tag behind it (rules/thread_tag.h); NULL = none */
    const char *authenticity;      /* asli | tidak_pasti | palsu: the sender; NULL = not judged */

    const char *suspect;   /* a person should look before it opens a complaint, and why; NULL = not */
    const char *automatic; /* auto-reply | out-of-office | bounce | bulk; NULL = written by a person */
    /* automatic "bounce": what the report says of the letter that came back */
    const char *returned_to;     /* its recipient; NULL = not told */
    const char *returned_status; /* RFC 3463 code: 5.1.1; NULL = not told */
    bool returned_for_good;
    const char *delivery_state; /* INBOUND_DELIVERY: "sampai" | "dibaca" | "gagal"; NULL = only the alias */
    const char *delivery_alias; /* another name that later states will use; NULL = none */
    int64_t delivery_until;     /* without own_reference: of all that went to reply_to until then, ms */
    bool delivery_closed; /* "gagal" because free text is not allowed any more: another way may be open */
    const char *reason;   /* INBOUND_OTHER, INBOUND_DELIVERY: why, for the ledger or the error text */
    void *token;          /* the channel's own */
};

/* What the book made of it; valid during settled(). */
struct inbound_result {
    const char *outcome; /* dibuka | ditambahkan | ganda | diabaikan | dikarantina | dicatat */
    const char *number;  /* register number, NULL = none */
    const char *code;    /* tracking code as people read it: 7KQM-X2R9-4T; NULL = none */
};

/* ---- what goes out ---------------------------------------------------------------------------------------- */

/* One claimed outbox row. The desk owns it; valid until host->sent(). payload: {"to","subject","text","name",
 * "message_id","in_reply_to","references":[...],"quote","automatic":bool} for people, {"topic","event"} for mqtt;
 * everything is in it, nothing is looked up; only files are kept beside it. */
struct outbound {
    int64_t id;
    const char *purpose; /* tanda_terima | pertanyaan | jawaban | pemberitahuan | peristiwa */
    const char *number;  /* register number for the log; NULL = none */
    int attempts;        /* 1 = first */
    json_t *payload;
    const struct inbound_file *files; /* valid during send() only; NULL = none */
    int64_t heard_at;                 /* last message of payload's "to" on this channel, ms; 0 = never */
    void *token;                      /* the channel's own, NULL at first */
};

enum sent {
    SENT_ACCEPTED,  /* the next hop took it; external = its name for it, if any */
    SENT_DELIVERED, /* it is where the citizen sees it (tracking page, PUBACK) */
    SENT_LATER,     /* not sent; after_ms (0 = the desk's back-off) */
    SENT_REFUSED,   /* never: an officer must look */
    SENT_CLOSED,    /* not by this channel now (Meta's 24 hours are over): the desk looks for another way */
    SENT_STOPPED,   /* nothing of this channel will go until a person acts (login, session): queue pauses */
    SENT_UNKNOWN,   /* written to the wire, no answer: not repeated blindly unless can_repeat */
};

struct sent_result {
    enum sent sent;
    const char *external;      /* NULL = none */
    const char *reply;         /* last words of the next hop, with its queue id; NULL = none */
    int64_t after_ms;          /* SENT_LATER */
    const struct fault *fault; /* NULL when accepted */
};

/* One file to be fetched. The desk owns it; valid until host->fetched(). */
struct fetch {
    int64_t id;
    const char *number; /* register number for the log */
    int attempts;       /* 1 = first */
    json_t *request;    /* what inbound_media said */
    void *token;        /* the channel's own, NULL at first */
};

struct fetch_result {
    enum outcome outcome; /* DONE: data and media_type are there; LATER; NEVER: it will not be had */
    const void *data;     /* lent for the call */
    size_t size;
    const char *media_type;      /* by content (parser child) */
    bool has_place;              /* a photograph that says where it was taken */
    int32_t latitude, longitude; /* millionths of a degree */
    int64_t after_ms;            /* LATER; 0 = the desk's back-off */
    const struct fault *fault;   /* NULL when DONE */
};

/* ---- both sides ------------------------------------------------------------------------------------------- */

enum channel_health {
    CHANNEL_GOOD,         /* connected and fetching */
    CHANNEL_AWAY,         /* disturbed, tries again by itself: officers are told when it lasts */
    CHANNEL_NEEDS_PERSON, /* nothing will go until a person acts (login, certificate): they are told at once */
};

struct channel_host {
    void *desk;
    /* Takes the inbound until settled(), which comes in a later turn (from inside only when memory is out: LATER). */
    void (*arrived)(void *desk, struct channel *channel, struct inbound *in);
    /* Exactly once for each send(), now or later; out is gone afterwards. */
    void (*sent)(void *desk, struct channel *channel, struct outbound *out, const struct sent_result *result);
    /* Exactly once for each fetch(), now or later; fetch is gone afterwards. */
    void (*fetched)(
        void *desk, struct channel *channel, struct fetch *fetch, const struct fetch_result *result);
    /* The channel's health changed: text for `status`, officers and the log. */
    void (*health)(void *desk, struct channel *channel, enum channel_health health, const char *text);
    /* What stopped the queue (SENT_STOPPED) may be over: what waits is tried now. Says nothing about health. */
    void (*try_again)(void *desk, struct channel *channel);
};

struct channel_context {
    const char *name; /* of the instance: "kantor" */
    const struct config *config;
    struct loop *loop;
    struct http_server *http; /* routes are added in open() */
    struct http_client *calls;
    struct parser *parser; /* channels/parser/parser.h */
    const struct channel_host *host;
};

enum { FETCH_WINDOW = 3 };

struct channel_ops {
    const char *family; /* "email": section kind in the configuration is the channel's own business */
    bool can_repeat;    /* a send of unknown fate may be repeated: the other side deduplicates */
    int window;         /* sends in flight at once; 1 = strictly in order, waiting for each */
    bool strict_order;  /* a failed row blocks the ones behind it (mqtt): nothing is skipped */

    /* MUST. Reads its configuration, allocates, adds its routes; does no I/O. STOP with a public text otherwise. */
    enum outcome (*open)(
        struct channel **ret_channel, const struct channel_context *context, struct fault *fault);
    /* MUST. The book is ready: connect, fetch. bookmark: the last one written, NULL = never. */
    void (*start)(struct channel *channel, const char *bookmark);
    /* MUST if it calls arrived(). outcome DONE: it is in the book (now or already before); LATER: it is not, ask
     * again; NEVER cannot happen for bytes of strangers (they are quarantined and DONE). Frees in->arena. */
    void (*settled)(struct channel *channel, struct inbound *in, enum outcome outcome,
        const struct inbound_result *result);
    /* MAY, before start(), on a thread of the book: may this claimed row have left when the daemon died? NULL = yes, any. */
    bool (*was_on_wire)(const struct channel *channel, int64_t outbox_id);
    /* MAY (NULL = nothing leaves by it). At most `window` at once. */
    void (*send)(struct channel *channel, struct outbound *out);
    /* MUST if its inbounds carry media. At most FETCH_WINDOW at once; may be repeated at any time. */
    void (*fetch)(struct channel *channel, struct fetch *fetch);
    /* MUST. No new arrivals; sends in flight end with SENT_LATER or SENT_UNKNOWN within 3 s, fetches with LATER. May be followed by
     * settled() and answers already on their way until free(). */
    void (*stop)(struct channel *channel);
    /* MUST. After the book is closed. */
    void (*free)(struct channel *channel);
};

/* Every implementation's struct starts with this. */
struct channel {
    const struct channel_ops *ops;
    const char *id; /* "email:kantor": book, log, status. Owned by the implementation */
};

#endif
