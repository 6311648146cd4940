#include "held_back.h"
#include "daemon/book/delivery.h"
#include "daemon/book/outbox.h"
#include <string.h>

static const int64_t HOUR_MS = 3600 * 1000, DAY_MS = 24LL * 3600 * 1000;

static enum outcome letter_held_back(struct book_txn *txn, const struct automatic_limits *most,
    const char *to, int64_t complaint_id, const char **ret_why, struct fault *fault)
{
    struct outbox_automatic sent = {0};
    enum outcome outcome = outbox_count_automatic(
        txn, to, complaint_id, txn_now(txn) - DAY_MS, most->to_recipient, &sent, fault);
    const struct automatic_counts now = {
        .to_recipient = sent.to_recipient, .about_complaint = sent.about_complaint, .in_all = sent.in_all};
    *ret_why = outcome ? NULL : automatic_limit_broken(most, &now);
    return outcome;
}

static enum outcome chat_held_back(struct book_txn *txn, const struct automatic_limits *most,
    const char *channel, const char *to, const char **ret_why, struct fault *fault)
{
    struct delivery_automatic sent = {0};
    enum outcome outcome =
        delivery_count_automatic(txn, channel, to, txn_now(txn) - HOUR_MS, most->to_recipient, &sent, fault);
    const struct automatic_counts now = {.to_recipient = sent.to_chat, .in_all = sent.in_all};
    *ret_why = outcome ? NULL : automatic_limit_broken(most, &now);
    return outcome;
}

enum outcome held_back(struct book_txn *txn, const struct office *office, const char *channel, const char *to,
    int64_t complaint_id, const char **ret_why, struct fault *fault)
{
    *ret_why = NULL;
    if (!strncmp(channel, "email", 5))
        return letter_held_back(txn, &office->mail_most, to, complaint_id, ret_why, fault);
    for (size_t i = 0; i < office->chat_most_count; i++)
        if (!strcmp(office->chat_most[i].channel, channel))
            return chat_held_back(txn, &office->chat_most[i].most, channel, to, ret_why, fault);
    return OUTCOME_DONE;
}

enum outcome held_back_typed(struct book_txn *txn, const struct office *office, const char *channel,
    const char *to, int64_t complaint_id, const char **ret_why, struct fault *fault)
{
    struct automatic_limits most = office->mail_most;
    most.in_all = 0; /* that one counts e-mail */
    enum outcome outcome = held_back(txn, office, channel, to, complaint_id, ret_why, fault);
    return outcome || *ret_why ? outcome : letter_held_back(txn, &most, to, complaint_id, ret_why, fault);
}
