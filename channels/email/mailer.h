/* The way out: one SMTP client for all e-mail channels of a configuration, made from [smtp]. Loop thread
 * only. */
#ifndef EMAIL_MAILER_H
#define EMAIL_MAILER_H

#include "letter.h"
#include "config/config.h"
#include "daemon/loop/http_client.h"
#include "daemon/loop/smtp_client.h"

struct mailer;

/* The one of this loop and configuration; made at the first call. Each hold needs its mailer_release(). */
enum outcome mailer_hold(struct mailer **ret_mailer, struct loop *loop, struct http_client *calls,
    const struct config *config, struct fault *fault);
void mailer_release(struct mailer *mailer); /* the last one waits for the letter on the wire; NULL is fine */

/* smtp_client_stop(): for all who hold it; may be called by each. */
void mailer_stop(struct mailer *mailer);

const char *mailer_from(const struct mailer *mailer); /* [smtp] from */

/* reply: the relay's last line, with its queue id. */
typedef void mailer_sent(void *arg, enum smtp_sent sent, const char *reply, const struct fault *fault);

/* Takes envelope, recipient and content of the letter. done runs exactly once, later; it may run inside the
 * last mailer_release(). false = no memory: done does not run. outbox_id: marked before the letter is ended. */
bool mailer_send(
    struct mailer *mailer, struct letter *letter, int64_t outbox_id, mailer_sent *done, void *arg);

/* wire.h: may this row have left when the daemon died? Before the first letter of this life. */
bool mailer_was_on_wire(const struct mailer *mailer, int64_t outbox_id);

#endif
