/* Mail out through one relay (RFC 5321), on the loop: no thread, no blocking. Letters go one after the other over
 * one connection, which is kept while they follow one another. Our own client, because libcurl 7.88 can neither ask
 * for delivery reports (RFC 3461) nor leave the loop alone at the end of a letter, and reuses connections across TLS
 * settings (CVE-2026-4873, CVE-2026-8286). */
#ifndef LOOP_SMTP_CLIENT_H
#define LOOP_SMTP_CLIENT_H

#include "loop.h"
#include <stdbool.h>
#include <stddef.h>

struct smtp_client;

/* Asks for the word that logs in now: calls given(call_arg, token, ...) exactly once, later or from inside; token NULL
 * with outcome and fault. refused(): the relay did not take the last one. */
struct smtp_tokens {
    void (*ask)(void *tokens,
        void (*given)(void *call_arg, const char *token, enum outcome outcome, const struct fault *fault),
        void *call_arg);
    void (*cancel)(void *tokens, void *call_arg); /* given() will not run any more */
    void (*refused)(void *tokens);
    void *tokens;
};

struct smtp_relay {
    const char *host;
    int port;
    bool tls;      /* certificate and name verified; false only for loopback */
    bool starttls; /* with tls: begins in clear and must change to TLS (RFC 3207) before anything is said */
    const char *ca_file; /* NULL = the system's */
    const char *pin;     /* loop/tls_dial.h; NULL = none */
    const char *user;    /* NULL = no AUTH */
    const char *password;
    const struct smtp_tokens *tokens; /* instead of the password: XOAUTH2; outlives the client. NULL = none */
    const char *helo;                 /* what we call ourselves; NULL = "localhost" */
    int per_minute;                   /* letters in a minute at most, as many at once; 0 = no limit */
    int timeout_seconds;              /* for lack of an answer, or of progress while a letter is written */
    int dot_seconds; /* for the answer to the final dot: RFC 5321 4.5.3.2.6 wants ten minutes; 0 = as above */
};

enum smtp_sent {
    SMTP_ACCEPTED, /* 250 after the final dot */
    SMTP_LATER,    /* 4yz, or no connection: not sent */
    SMTP_REFUSED,  /* 5yz about this letter or recipient: never */
    SMTP_STOPPED,  /* login or TLS refused: nothing will go until a person acts */
    SMTP_UNKNOWN,  /* the final dot was written, no answer came */
};

struct smtp_letter {
    char *from;    /* envelope sender; "" = the null path (RFC 5321 4.5.5). Owned */
    char *to;      /* one recipient; checked before a byte is sent. Owned */
    char *content; /* the whole message with CRLF line ends. Owned */
    size_t length;
    char *envelope_id; /* RFC 3461 4.4: comes back in reports; NULL = none. Owned */
    bool report; /* wants reports about its delivery, where the relay offers them; never for the null path */
    void (*sent)(
        struct smtp_letter *letter, enum smtp_sent result, const char *reply, const struct fault *fault);
    /* Before the last bytes are handed over; may write a mark to a disk, and no more. false = do not end the letter:
     * SMTP_LATER. NULL = nobody asks. */
    bool (*about_to_end)(struct smtp_letter *letter);
    void *arg;
    struct smtp_letter *next; /* private */
    enum smtp_sent result;    /* private */
    char reply[200];          /* the relay's last line, holds its queue id */
    struct fault fault;
};

enum outcome smtp_client_new(
    struct smtp_client **ret_client, struct loop *loop, const struct smtp_relay *relay, struct fault *fault);
void smtp_client_free(struct smtp_client *client); /* letters come back before it returns; NULL is fine */

/* No more waiting: letters whose turn has not come and a letter that is not yet handed over whole come back as
 * SMTP_LATER at once; one whose final dot is out has SMTP_STOP_MS for its answer, then it is SMTP_UNKNOWN. What is
 * sent afterwards comes back as SMTP_LATER. */
enum { SMTP_STOP_MS = 2000 };
void smtp_client_stop(struct smtp_client *client);

/* Takes the letter (malloc'd members); it comes back through letter->sent on the loop, exactly once, never from inside
 * this function. */
void smtp_client_send(struct smtp_client *client, struct smtp_letter *letter);

/* false for anything that could break out of the envelope: RFC 5321 4.1.2 subset, ASCII, <= 254 bytes. */
bool smtp_address_ok(const char *address);

#endif
