#include "chat_say.h"
#include "daemon/base/json_read.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "held_back.h"
#include <jansson.h>
#include <stdlib.h>

static enum outcome keep(struct book_txn *txn, const struct office *office, const struct chat_words *words,
    const char *text, int64_t *ret_message, struct fault *fault)
{
    struct message m = {.complaint_id = words->complaint_id,
        .purpose = "obrolan",
        .channel = words->channel,
        .author = office->name,
        .text = text};
    enum outcome outcome = m.complaint_id ? message_insert(txn, &m, fault) : OUTCOME_DONE;
    *ret_message = m.id;
    return outcome;
}

static enum outcome queue(struct book_txn *txn, const struct office *office, const struct chat_words *words,
    const char *text, struct fault *fault)
{
    int64_t message = 0;
    json_t *payload =
        text ? json_pack("{s:s, s:s, s:b}", "to", words->address, "text", text, "automatic", 1) : NULL;
    char *dumped = payload ? json_text(payload, JSON_COMPACT) : NULL;
    enum outcome outcome = dumped ? keep(txn, office, words, text, &message, fault)
                                  : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a line of a chat");
    if (!outcome)
        outcome = outbox_add(txn,
            &(struct outbox_new){.complaint_id = words->complaint_id,
                .message_id = message,
                .channel = words->channel,
                .purpose = "obrolan",
                .chat = words->address,
                .automatic = true,
                .payload = dumped},
            NULL, fault);
    free(dumped);
    json_decref(payload);
    return outcome;
}

enum outcome chat_say(struct book_txn *txn, const struct office *office, const struct chat_words *words,
    const char *text, bool *ret_said, struct fault *fault)
{
    const char *why;
    *ret_said = false;
    enum outcome outcome =
        held_back(txn, office, words->channel, words->address, words->complaint_id, &why, fault);
    if (outcome || why)
        return outcome;
    outcome = queue(txn, office, words, text, fault);
    *ret_said = !outcome;
    return outcome;
}
