/* Mail out through one relay on one thread of its own: libcurl's SMTP blocks.
 * The connection is reused while letters follow one another. Implicit TLS (smtps) or clear text to loopback only. */
#ifndef LOOP_SMTP_CLIENT_H
#define LOOP_SMTP_CLIENT_H

#include "loop.h"
#include <stdbool.h>
#include <stddef.h>

struct smtp_client;

struct smtp_relay {
    const char *host;
    int port;
    bool tls;            /* implicit TLS, certificate and name verified; false only for loopback */
    const char *ca_file; /* NULL = the system's */
    const char *user;    /* NULL = no AUTH */
    const char *password;
    int timeout_seconds; /* for lack of an answer */
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
    void (*sent)(
        struct smtp_letter *letter, enum smtp_sent result, const char *reply, const struct fault *fault);
    /* Before the last bytes are handed over, on the mailer's thread; may wait for a disk. false = do not end the letter:
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
void smtp_client_free(struct smtp_client *client); /* stops first; letters come back before it returns */

/* No more waiting: letters whose turn has not come and a letter that is not yet handed over whole come back as
 * SMTP_LATER at once; one whose final dot is out has SMTP_STOP_MS for its answer, then it is SMTP_UNKNOWN. What is
 * sent afterwards comes back as SMTP_LATER. */
enum { SMTP_STOP_MS = 2000 };
void smtp_client_stop(struct smtp_client *client);

/* Takes the letter (malloc'd members); it comes back through letter->sent on the loop, exactly once. */
void smtp_client_send(struct smtp_client *client, struct smtp_letter *letter);

/* false for anything that could break out of the envelope: RFC 5321 4.1.2 subset, ASCII, <= 254 bytes. */
bool smtp_address_ok(const char *address);

#endif
