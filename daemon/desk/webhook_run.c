#include "webhook_run.h"
#include "alarm.h"
#include "daemon/book/event.h"
#include "daemon/book/outbox.h"
#include "daemon/book/webhook.h"
#include <stdio.h>

enum { TEXT_ARENA = 64 * 1024 };

enum outcome webhook_fill(struct book_txn *txn, json_t *payload, struct arena *arena, struct fault *fault)
{
    struct webhook w;
    enum outcome outcome =
        webhook_get(txn, json_integer_value(json_object_get(payload, "webhook")), &w, arena, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
    if (!w.paused_at && (json_object_set_new(payload, "url", json_string(w.url)) ||
                            json_object_set_new(payload, "secret", json_string(w.secret))))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a webhook");
    return OUTCOME_DONE;
}

static enum outcome tell_paused(
    struct book_txn *txn, const struct office *office, int64_t id, struct fault *fault)
{
    struct webhook w;
    char sentence[512];
    struct arena *arena = arena_new(TEXT_ARENA);
    enum outcome outcome = arena ? webhook_get(txn, id, &w, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an alarm");
    json_t *data = json_pack("{s:I}", "nomor", (json_int_t)id);
    if (!outcome)
        outcome = event_append(txn, 0, NULL, "webhook_dijeda", "sistem", data, fault);
    json_decref(data);
    if (!outcome) {
        snprintf(sentence, sizeof sentence,
            "Webhook “%.120s” gagal selama sehari dan dijeda. Peristiwa tidak lagi dikirim ke sana sampai "
            "diaktifkan lagi di Pengaturan, Webhook.",
            w.name);
        outcome = alarm_admins(txn, office, "Webhook dijeda", sentence, fault);
    }
    arena_free(arena);
    return outcome;
}

enum outcome webhook_tell(struct book_txn *txn, const struct office *office, const struct outbound *out,
    enum sent sent, const char *text, struct fault *fault)
{
    int64_t id = json_integer_value(json_object_get(out->payload, "webhook"));
    const char *kind = json_string_value(json_object_get(json_object_get(out->payload, "event"), "kind"));
    bool good = sent == SENT_ACCEPTED || sent == SENT_DELIVERED, paused = false, was;
    enum outcome outcome = OUTCOME_DONE;
    if (sent == SENT_REFUSED)
        outcome = outbox_handled(txn, out->id, &was, fault);
    if (!outcome && id && kind && json_object_get(out->payload, "url"))
        outcome = webhook_tried(txn, id, kind, good, text ? text : "", &paused, fault);
    return outcome || !paused ? outcome : tell_paused(txn, office, id, fault);
}
