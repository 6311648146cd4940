#include "returned.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/outbox.h"
#include "daemon/book/secret.h"
#include "tell.h"
#include <string.h>

enum { SEARCHED_MOST = 1 << 20, IDS_MOST = 50 }; /* bytes and our ids of a report that are looked at */

enum outcome returned_is_ours(
    struct book_txn *txn, const struct inbound *in, bool *ret_ours, struct fault *fault)
{
    struct thread_key key;
    bool mail = in->reference_scheme && !strcmp(in->reference_scheme, "mail");
    *ret_ours = false;
    if (!mail || !in->own_reference)
        return OUTCOME_DONE;
    enum outcome outcome = secret_thread_key(txn, &key, fault);
    if (!outcome)
        *ret_ours = thread_tag_is_ours(&key, in->own_reference);
    return outcome;
}

/* The first id in those bytes that stands in the outbox. */
static enum outcome find_in(struct book_txn *txn, const struct thread_key *key, const char *bytes,
    size_t size, int64_t *ret_id, struct fault *fault)
{
    char id[THREAD_ID_SIZE];
    size_t at = 0;
    enum outcome outcome = OUTCOME_DONE;
    if (size > SEARCHED_MOST)
        size = SEARCHED_MOST;
    for (int n = 0; !outcome && !*ret_id && n < IDS_MOST && thread_tag_find_ours(key, bytes, size, &at, id);
         n++)
        outcome = outbox_find_letter(txn, id, ret_id, fault);
    return outcome;
}

/* By the headers, the bytes as they came, and the text as it was understood (which may have been encoded). */
static enum outcome find_by_id(struct book_txn *txn, const struct thread_key *key, const struct inbound *in,
    int64_t *ret_id, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; in->references && in->references[i] && !outcome && !*ret_id; i++)
        outcome = find_in(txn, key, in->references[i], strlen(in->references[i]), ret_id, fault);
    if (!outcome && !*ret_id && in->raw)
        outcome = find_in(txn, key, in->raw, in->raw_size, ret_id, fault);
    if (!outcome && !*ret_id && in->text)
        outcome = find_in(txn, key, in->text, strlen(in->text), ret_id, fault);
    return outcome;
}

static enum outcome find_by_number(struct book_txn *txn, const struct thread_key *key,
    const struct inbound *in, int64_t *ret_id, struct arena *arena, struct fault *fault)
{
    struct complaint c;
    if (!in->number || !in->returned_to || !thread_tag_fits(key, in->number, in->tag))
        return OUTCOME_DONE;
    enum outcome outcome = complaint_by_number(txn, in->number, &c, arena, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
    return outbox_find_letter_to(txn, in->returned_to, c.id, ret_id, fault);
}

/* RFC 3463 2: class 2 is success, 5 permanent; 4 and what is not told is a delay: the server goes on trying. */
static const char *fate(const struct inbound *in)
{
    if (in->returned_status && in->returned_status[0] == '2')
        return "sampai";
    return in->returned_for_good ? "gagal" : NULL;
}

static enum outcome tell_failure(struct book_txn *txn, const struct outbox_row *row, const struct inbound *in,
    struct arena *arena, struct fault *fault)
{
    struct complaint c;
    if (!row->complaint_id || !strcmp(row->purpose, "pemberitahuan"))
        return OUTCOME_DONE; /* a notice to an officer: the ledger and `status` show it */
    enum outcome outcome = complaint_get(txn, row->complaint_id, &c, arena, fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:s, s:s?}", "purpose", row->purpose, "status", in->returned_status);
    outcome = event_append(txn, c.id, c.number, "kiriman_gagal", "sistem", data, fault);
    json_decref(data);
    return outcome ? outcome : tell_petugas(txn, &c, "kiriman_gagal", fault);
}

enum outcome returned_take(struct book_txn *txn, const struct inbound *in, struct returned *ret,
    struct arena *arena, struct fault *fault)
{
    struct thread_key key;
    struct outbox_row row;
    int64_t id = 0;
    *ret = (struct returned){0};
    enum outcome outcome = secret_thread_key(txn, &key, fault);
    if (!outcome)
        outcome = find_by_id(txn, &key, in, &id, fault);
    if (!outcome && !id)
        outcome = find_by_number(txn, &key, in, &id, arena, fault);
    if (outcome || !id)
        return outcome;
    outcome = outbox_get(txn, id, &row, arena, fault);
    const char *state = fate(in);
    if (!outcome)
        outcome = outbox_report(txn, id, state, state && !strcmp(state, "sampai") ? NULL : in->reason, fault);
    if (!outcome && state && !strcmp(state, "gagal") && strcmp(row.state, "gagal"))
        outcome = tell_failure(txn, &row, in, arena, fault);
    if (!outcome)
        *ret = (struct returned){.outbox_id = id, .complaint_id = row.complaint_id};
    return outcome;
}
