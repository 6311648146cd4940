#include "held_back.h"
#include "daemon/book/delivery.h"
#include "rules/automatic_limit.h"

static const int64_t HOUR_MS = 3600 * 1000;

enum outcome held_back(struct book_txn *txn, const char *channel, const struct inbound *in,
    const char **ret_why, struct fault *fault)
{
    *ret_why = in->stale ? "basi" : NULL;
    if (in->stale || !in->automatic_limits || !in->reply_to)
        return OUTCOME_DONE;
    const struct automatic_limits *most = in->automatic_limits;
    int more = most->in_all > most->to_recipient ? most->in_all : most->to_recipient;
    struct delivery_automatic sent = {0};
    enum outcome outcome =
        delivery_count_automatic(txn, channel, in->reply_to, txn_now(txn) - HOUR_MS, more + 1, &sent, fault);
    const struct automatic_counts now = {.to_recipient = sent.to_chat, .in_all = sent.in_all};
    *ret_why = outcome ? NULL : automatic_limit_broken(most, &now);
    return outcome;
}
