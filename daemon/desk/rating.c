#include "rating.h"
#include "chat_say.h"
#include "daemon/book/chat.h"
#include "daemon/book/event.h"
#include <string.h>

enum outcome rating_ask(struct book_txn *txn, const struct office *office, const struct complaint *c,
    struct arena *arena, struct fault *fault)
{
    struct chat chat;
    const struct chat_words words = {.channel = c->channel, .address = c->reply_to, .complaint_id = c->id};
    bool said;
    if (!office->chat.ask || strncmp(c->channel, "gateway:", 8) || !c->reply_to)
        return OUTCOME_DONE;
    enum outcome outcome = chat_get(txn, c->channel, c->reply_to, &chat, arena, fault);
    if (outcome)
        return outcome;
    chat.asked = NULL; /* what was asked while it was being completed is over */
    chat.asked_times = 0;
    chat.finished = true;
    chat.wake_at = 0;
    chat.citizen_id = c->citizen_id;
    chat.heard_at = chat.heard_at ? chat.heard_at : txn_now(txn);
    chat.rated_at = 0;
    outcome = chat_say(txn, office, &words,
        "Seberapa puas Anda dengan penanganan aduan ini? Balas dengan angka: *4* sangat puas, *3* puas, *2* "
        "kurang puas, "
        "*1* tidak puas. Bila masalahnya belum selesai, balas *belum selesai*.",
        &said, fault);
    chat.rating_id = said ? c->id : 0; /* where nothing was asked a number is no judgement */
    return outcome ? outcome : chat_put(txn, &chat, fault);
}

enum outcome rating_take(struct book_txn *txn, int64_t complaint_id, const char *number, int value,
    const char *comment, const char *channel, struct arena *arena, struct fault *fault)
{
    int before;
    const char *said;
    enum outcome outcome = rating_get(txn, complaint_id, &before, &said, arena, fault);
    if (!outcome && before == value && (!comment || (said && !strcmp(comment, said))))
        return OUTCOME_DONE;
    if (!outcome)
        outcome = rating_put(txn, complaint_id, value, comment, channel, fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:i}", "nilai", value);
    outcome = event_append(txn, complaint_id, number, "nilai", "pengadu", data, fault);
    json_decref(data);
    return outcome;
}
