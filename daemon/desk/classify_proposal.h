/* What the rules propose for a new complaint. It is part of its first event ("masuk", member "proposal"), so that the
 * history tells later what officers were told; it changes nothing in the complaint itself. Two things follow by themselves:
 * a danger to life is reported to everybody concerned at once, and a complaint about the conduct of officers is kept from
 * the head of the section that would have got it, until the Sekcam himself gives it to that section.
 *
 *   {"kind", "service", "section", "urgent": true, "place", "confidence": per cent, "reasons": [],
 *    "avoid": section that must not see it} */
#ifndef DESK_CLASSIFY_PROPOSAL_H
#define DESK_CLASSIFY_PROPOSAL_H

#include "channels/channel.h"
#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"
#include <jansson.h>

enum { CLASSIFY_TEXT_MOST = 8192 }; /* bytes of a text that are looked at */

/* The channel as rule files call it: "gateway:wa" -> "whatsapp". */
const char *classify_channel_word(const char *id);

/* What the rules say of it; the caller owns it. NULL when the office has no rules. Any thread. */
enum outcome classify_propose(const struct office *office, const char *channel, const struct inbound *in,
    json_t **ret_proposal, struct fault *fault);

/* Notices of a danger to life, for a complaint that has such a proposal (NULL = has none). */
enum outcome classify_raise(
    struct book_txn *txn, const struct complaint *c, const json_t *proposal, struct fault *fault);

/* The proposal of a complaint; the caller owns it. NULL = it has none. */
enum outcome classify_proposal(struct book_txn *txn, int64_t complaint_id, json_t **ret_proposal,
    struct arena *arena, struct fault *fault);

/* *ret_sees: sight_complaint(), or his section helps with it; and not kept from this officer. */
enum outcome classify_sight(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    bool *ret_sees, struct fault *fault);

/* The same of a complaint whose proposal is at hand; NULL = it has none. */
enum outcome classify_sight_of(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    const json_t *proposal, bool *ret_sees, struct fault *fault);

/* NEVER with that public text for whom may not see it. */
enum outcome classify_admit(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    const char *refusal, struct fault *fault);

#endif
