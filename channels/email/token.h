/* Access tokens for mailboxes that take no password (XOAUTH2: Gmail, Exchange Online): [oauth NAME] of the
 * configuration. An access token lives in memory until it is nearly over; the refresh token it is bought with may be
 * replaced by the provider at any time, and the new one is on the disk (data folder, own file, 0600) before the access
 * token that came with it is used. It is no part of the book: a restored backup must not bring back a dead one. Loop
 * thread only. */
#ifndef EMAIL_TOKEN_H
#define EMAIL_TOKEN_H

#include "config/config.h"
#include "daemon/loop/http_client.h"

struct token;

/* The one of this loop, configuration and name; made at the first call. Each hold needs its token_release(). STOP: no
 * such section, or the stored token cannot be read. */
enum outcome token_hold(struct token **ret_token, struct loop *loop, struct http_client *calls,
    const struct config *config, const char *name, struct fault *fault);
void token_release(struct token *token); /* NULL is fine */

/* given runs exactly once, on the loop, never from inside token_ask(), unless token_cancel() came first: with the token
 * (valid during the call), or NULL. LATER: the provider is away; STOP: it refuses, and a person must consent anew. */
typedef void token_given(void *arg, const char *token, enum outcome outcome, const struct fault *fault);
bool token_ask(struct token *token, token_given *given, void *arg); /* false = no memory */
void token_cancel(struct token *token, void *arg);

/* The server did not take the last one: the next ask buys another. */
void token_refused(struct token *token);

#endif
