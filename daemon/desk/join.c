#include "join.h"
#include "daemon/book/delivery.h"
#include "daemon/book/message.h"
#include "daemon/book/secret.h"
#include <string.h>
#include <strings.h>

static const int64_t REOPEN_MS = 30LL * 24 * 3600 * 1000; /* a chat line later than this is a new matter */

/* The address a form gave for its answer: who writes from there was told the number by us. */
static bool gave_address(const struct complaint *c, const struct inbound *in)
{
    const char *to = c->reply_to ? c->reply_to : "";
    if (!strncmp(to, "email:", 6))
        return in->email && !strcasecmp(to + 6, in->email);
    return !strncmp(to, "wa:", 3) && in->phone && !strcmp(to + 3, in->phone);
}

/* The sender may write into this complaint: he is its citizen, or the answer goes to where he writes from. Who is
 * proven not to be the one he says he is is nobody's party. */
static bool is_party(const struct complaint *c, const struct inbound *in, int64_t citizen_id)
{
    if (in->authenticity && !strcmp(in->authenticity, "palsu"))
        return false;
    return (citizen_id && c->citizen_id == citizen_id) || gave_address(c, in);
}

static enum outcome consider(struct book_txn *txn, int64_t candidate, const struct inbound *in,
    int64_t citizen_id, struct join *ret, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    enum outcome outcome = complaint_get(txn, candidate, &c, arena, fault);
    if (outcome == OUTCOME_NEVER)
        return OUTCOME_DONE; /* a reference to nothing proves nothing */
    if (outcome)
        return outcome;
    if (is_party(&c, in, citizen_id))
        ret->complaint_id = c.state == STATE_DUPLIKAT && c.main_id ? c.main_id : c.id;
    else if (!ret->related_id)
        ret->related_id = c.id;
    return OUTCOME_DONE;
}

static enum outcome by_code(struct book_txn *txn, const struct inbound *in, struct join *ret,
    struct arena *arena, struct fault *fault)
{
    struct complaint c;
    enum outcome outcome = complaint_by_code(txn, in->identity_value, &c, arena, fault);
    if (!outcome)
        ret->complaint_id = c.id;
    return outcome;
}

static enum outcome by_references(struct book_txn *txn, const char *channel_id, const struct inbound *in,
    int64_t citizen_id, struct join *ret, struct arena *arena, struct fault *fault)
{
    size_t n = 0;
    while (in->references && in->references[n])
        n++;
    while (n-- && !ret->complaint_id) { /* the newest reference is the nearest */
        int64_t candidate;
        enum outcome outcome =
            reference_find(txn, in->reference_scheme, in->references[n], &candidate, fault);
        if (!outcome && !candidate && in->conversation) /* he quotes what we wrote */
            outcome = delivery_complaint(txn, channel_id, in->references[n], &candidate, fault);
        if (!outcome && candidate)
            outcome = consider(txn, candidate, in, citizen_id, ret, arena, fault);
        if (outcome)
            return outcome;
    }
    return OUTCOME_DONE;
}

static enum outcome by_number(struct book_txn *txn, const struct inbound *in, int64_t citizen_id,
    struct join *ret, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    struct thread_key key;
    enum outcome outcome = complaint_by_number(txn, in->number, &c, arena, fault);
    if (outcome == OUTCOME_NEVER)
        return OUTCOME_DONE;
    if (!outcome)
        outcome = secret_thread_key(txn, &key, fault);
    if (outcome)
        return outcome;
    if (thread_tag_fits(&key, c.number, in->tag))
        return consider(txn, c.id, in, citizen_id, ret, arena, fault);
    if (!ret->related_id)
        ret->related_id = c.id;
    return OUTCOME_DONE;
}

enum outcome join_find(struct book_txn *txn, const char *channel_id, const struct inbound *in,
    int64_t citizen_id, struct join *ret, struct arena *arena, struct fault *fault)
{
    *ret = (struct join){0};
    if (in->identity_scheme && !strcmp(in->identity_scheme, "kode"))
        return by_code(txn, in, ret, arena, fault);
    enum outcome outcome = by_references(txn, channel_id, in, citizen_id, ret, arena, fault);
    if (!outcome && !ret->complaint_id && in->number)
        outcome = by_number(txn, in, citizen_id, ret, arena, fault);
    if (!outcome && !ret->complaint_id && in->conversation && citizen_id)
        outcome = complaint_latest_open(txn, citizen_id, channel_id, REOPEN_MS, &ret->complaint_id, fault);
    return outcome;
}
