/* One e-mail channel from the inside: what email.c (life, configuration, health), email_session.c (connection
 * and mailbox child), email_batch.c (mails on their way into the book) and email_send.c (letters) share.
 *
 *   RESTING ──timer──▶ DIALLING ──connected──▶ RUNNING ──child ended──▶ RESTING      (stop: from anywhere OFF)
 *                                             MAIL..BATCH│  ▲SETTLED
 *                                                        ▼  │
 *                       batches: read ─▶ arrived ─▶ settled, the last mail of each with the bookmark
 *
 * Batches outlive their session: when the child dies, what it had handed up is written all the same, and the
 * next session begins behind it. */
#ifndef EMAIL_PRIVATE_H
#define EMAIL_PRIVATE_H

#include "email.h"
#include "mailer.h"
#include "token.h"
#include "config/config.h"
#include "daemon/loop/child.h"
#include "daemon/loop/tls_dial.h"

enum email_state { EMAIL_OFF, EMAIL_RESTING, EMAIL_DIALLING, EMAIL_RUNNING };

enum {
    EMAIL_FLAGS_MOST =
        2048, /* UIDs whose flags are not known to be set yet; beyond it the oldest are let go */
    EMAIL_ID_SIZE = EMAIL_NAME_SIZE + 8,
    EMAIL_TEXT_SIZE = 400,
};

struct email_item;
struct email_sending;

struct email {
    struct channel base;
    char id[EMAIL_ID_SIZE];
    const char *name;   /* in id; "" = only sends */
    char *instance;     /* of the section; "" = only sends */
    const char *folder; /* behind it in the same memory */
    const struct config *config;
    const struct channel_host *host;
    struct loop *loop;
    struct parser *parser;
    struct token *token; /* [oauth]; NULL = password */
    char *access;        /* for the session that begins; wiped when it is told */
    enum email_state state;

    /* session */
    struct tls_dial *dial;
    struct bufferevent *server;
    struct tls_pump *pump;
    struct child *child;
    struct loop_timer *retry; /* RESTING: the next attempt */
    struct loop_timer *watch; /* RUNNING: deadlines */
    unsigned failures;        /* sessions in a row that came to nothing */
    bool
        token_doubted; /* the last session's token was refused: another one is tried before a person is asked */
    bool progress;     /* this session handed up something new */
    bool rested;       /* this session waited for the doorbell */
    int64_t session_since; /* clock_mono_ms */
    bool connect_when_drained;
    bool busy;            /* the child waits for the server; */
    int64_t patience;     /* ... so many ms more, bytes buy new ones; */
    int64_t watched_at;   /* ... counted at clock_mono_ms, */
    size_t watched_bytes; /* ... when so many had been received */
    uint32_t busy_uid;    /* ... for that mail; 0 = none */
    size_t unread;        /* what the child had not read yet when looked at last ... */
    int64_t unread_since; /* ... and since when it is the same */
    int64_t rest_until;   /* the child waits for the doorbell, at most until then; 0 = it does not */
    enum outcome ending;  /* why the session ends, as far as known: LATER or STOP */
    struct fault ending_fault;
    uint32_t stuck_uid; /* sessions keep breaking while this mail is asked for */
    unsigned stuck;     /* how many in a row */

    /* batches */
    uint32_t uidvalidity, last_uid; /* everything up to it is settled */
    struct email_item *first, **end, *last;
    unsigned batches;         /* closed and not settled yet */
    uint32_t highest;         /* UID handed up last in this session */
    unsigned owed;            /* batches of this session: SETTLED has to be told */
    struct loop_timer *again; /* items that were answered LATER */
    uint32_t flags[EMAIL_FLAGS_MOST];
    size_t flag_count, flags_sent; /* sent: the child has been told, has not confirmed */

    /* health */
    int64_t good_at; /* last time the mailbox was known to be fetched empty; 0 = never */
    enum channel_health health_kind;
    bool health_told;
    char health[EMAIL_TEXT_SIZE];

    /* letters */
    struct mailer *mailer; /* NULL = [smtp] is not configured */
    char *reply_to;        /* the watched address; NULL = as [smtp] from */
    struct email_sending *sending;
    struct loop_timer *give_up; /* after stop: letters that are still out */
};

/* email.c */
void email_health(struct email *e, enum channel_health health, const char *text);
void email_health_lost(
    struct email *e, enum outcome outcome, const struct fault *fault); /* "belum terambil sejak ..." */

/* email_session.c */
void email_session_begin(void *email); /* from RESTING; waits until all batches are written */
void email_session_watch(void *email); /* each second while it runs */
void email_session_stop(struct email *e);
void email_session_free(struct email *e);
void email_session_settled(struct email *e); /* everything up to last_uid is in the book */

/* email_batch.c */
bool email_batch_mail(struct email *e, uint32_t uid, const char *bytes, size_t length);
bool email_batch_large(struct email *e, uint32_t uid, const char *body, size_t length);
bool email_batch_gone(struct email *e, uint32_t uid, const char *words);
void email_batch_close(struct email *e);
bool email_batch_empty(const struct email *e);
bool email_batch_open(const struct email *e); /* mails were handed up behind the last BATCH */
void email_batch_settled(struct email *e, struct inbound *in, enum outcome outcome);
void email_batch_again(void *email);
void email_batch_free(struct email *e);

/* email_send.c */
void email_send(struct channel *channel, struct outbound *out);
void email_send_stop(struct email *e);
void email_send_give_up(void *email);
void email_send_free(struct email *e);

#endif
