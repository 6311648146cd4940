#include "reroute.h"
#include "daemon/base/json_read.h"
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "tell.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static enum outcome queue_again(struct book_txn *txn, const struct outbox_row *row, const char *channel,
    const json_t *payload, struct fault *fault)
{
    bool mail = !strcmp(channel, "email");
    const char *message_id = json_string_value(json_object_get(payload, "message_id")),
               *to = json_string_value(json_object_get(payload, "to"));
    char *text = json_text(payload, JSON_COMPACT);
    enum outcome outcome = text ? outbox_add(txn,
                                      &(struct outbox_new){.complaint_id = row->complaint_id,
                                          .message_id = row->message_id,
                                          .channel = channel,
                                          .purpose = row->purpose,
                                          .payload = text,
                                          .external = mail ? message_id : NULL,
                                          .recipient = to,
                                          .chat = mail ? NULL : to,
                                          .automatic = json_is_true(json_object_get(payload, "automatic"))},
                                      NULL, fault)
                                : fault_set(fault, OUTCOME_LATER, NULL, "no memory to reroute");
    free(text);
    return outcome;
}

static enum outcome note(
    struct book_txn *txn, const struct complaint *c, const char *channel, struct fault *fault)
{
    json_t *data = json_pack("{s:s?}", "channel", channel);
    enum outcome outcome = event_append(
        txn, c->id, c->number, channel ? "jalur_diganti" : "jalur_tertutup", "sistem", data, fault);
    json_decref(data);
    return outcome;
}

/* By e-mail, when he gave an address and the office writes letters. */
static enum outcome by_mail(struct book_txn *txn, const struct office *office, const struct outbox_row *row,
    const struct complaint *c, json_t *payload, bool *ret_queued, struct arena *arena, struct fault *fault)
{
    struct citizen citizen = {0};
    enum outcome outcome =
        c->citizen_id ? citizen_get(txn, c->citizen_id, &citizen, arena, fault) : OUTCOME_DONE;
    if (outcome || !citizen.email || !office->email_out)
        return outcome;
    json_object_set_new(payload, "to", json_string(citizen.email));
    json_object_del(payload, "in_reply_to");
    json_object_del(payload, "references");
    const char *message_id = json_string_value(json_object_get(payload, "message_id"));
    outcome = queue_again(txn, row, "email", payload, fault);
    if (!outcome && message_id)
        outcome = reference_add(txn, "mail", message_id, c->id, fault);
    if (!outcome)
        outcome = note(txn, c, "email", fault);
    *ret_queued = !outcome;
    return outcome;
}

static enum outcome find_way(struct book_txn *txn, const struct office *office, const struct outbox_row *row,
    const struct complaint *c, enum reroute_why why, json_t *payload, bool *ret_queued, struct arena *arena,
    struct fault *fault)
{
    enum outcome outcome;
    bool tried = json_is_true(json_object_get(payload, "outside"));
    json_object_set_new(payload, "rerouted", json_true());
    if (why == REROUTE_TOLD && !tried) { /* our clock said that the window was open: now the template */
        json_object_set_new(payload, "outside", json_true());
        json_object_del(payload, "rerouted"); /* there may be no template: then by mail */
        outcome = queue_again(txn, row, row->channel, payload, fault);
        *ret_queued = !outcome;
        return outcome ? outcome : note(txn, c, row->channel, fault);
    }
    outcome = by_mail(txn, office, row, c, payload, ret_queued, arena, fault);
    if (!outcome && !*ret_queued)
        outcome = note(txn, c, NULL, fault);
    return outcome || *ret_queued ? outcome : tell_petugas(txn, c, "kiriman_tertutup", fault);
}

enum outcome reroute_closed(struct book_txn *txn, const struct office *office, int64_t outbox_id,
    enum reroute_why why, bool *ret_queued, struct arena *arena, struct fault *fault)
{
    struct outbox_row row;
    struct complaint c;
    bool was;
    *ret_queued = false;
    enum outcome outcome = outbox_get(txn, outbox_id, &row, arena, fault);
    /* nobody waits that long for a receipt or a question of the desk */
    if (outcome || !row.complaint_id || !strcmp(row.purpose, "tanda_terima") ||
        !strcmp(row.purpose, "tidak_utuh") || !strcmp(row.purpose, "kode") || !strcmp(row.purpose, "obrolan"))
        return outcome;
    outcome = complaint_get(txn, row.complaint_id, &c, arena, fault);
    if (outcome)
        return outcome;
    json_t *payload = json_loads(row.payload, 0, NULL);
    if (!payload)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to reroute");
    if (!json_is_true(json_object_get(payload, "rerouted")))
        outcome = find_way(txn, office, &row, &c, why, payload, ret_queued, arena, fault);
    if (!outcome && *ret_queued) /* the new letter is the one to look after now */
        outcome = outbox_handled(txn, outbox_id, &was, fault);
    json_decref(payload);
    return outcome;
}
