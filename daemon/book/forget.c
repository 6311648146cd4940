#include "forget.h"
#include "stmt.h"
#include <string.h>

/* Arrivals of one callback are written within moments of each other. */
enum { CALLBACK_MS = 10 * 60 * 1000 };

enum outcome forget_begin(struct book_txn *txn, struct fault *fault)
{
    return stmt_exec(txn, "PRAGMA secure_delete = ON", fault);
}

enum outcome forget_finish(struct book_txn *txn, struct fault *fault)
{
    return stmt_exec(txn, "PRAGMA secure_delete = OFF", fault);
}

/* ---- ways and traces ---- */

static enum outcome run_for(struct stmt s, int64_t id, struct fault *fault)
{
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

static enum outcome run_chat(struct stmt s, const char *channel, const char *address, struct fault *fault)
{
    stmt_text(&s, channel);
    stmt_text(&s, address);
    return stmt_run(&s, fault);
}

/* What the desk remembers of the conversation. Where the chat goes on with another complaint, only this one is let go. */
static enum outcome forget_chat(struct book_txn *txn, const struct complaint *c, struct fault *fault)
{
    int64_t others = 0;
    if (!c->reply_to)
        return OUTCOME_DONE;
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM complaint o LEFT JOIN privacy p ON p.complaint_id = o.id"
                       " WHERE o.citizen_id = ?1 AND o.id <> ?2 AND p.forgotten_at IS NULL");
    stmt_id(&s, c->citizen_id);
    stmt_int(&s, c->id);
    enum outcome outcome = stmt_value(&s, &others, fault);
    if (outcome)
        return outcome;
    if (others) {
        s = stmt_open(txn,
            "UPDATE chat SET complaint_id = nullif(complaint_id, ?3), rating_id = nullif(rating_id, ?3)"
            " WHERE channel = ?1 AND address = ?2");
        stmt_text(&s, c->channel);
        stmt_text(&s, c->reply_to);
        stmt_int(&s, c->id);
        return stmt_run(&s, fault);
    }
    outcome = run_chat(stmt_open(txn, "DELETE FROM chat WHERE channel = ?1 AND address = ?2"), c->channel,
        c->reply_to, fault);
    return outcome ? outcome
                   : run_chat(stmt_open(txn, "DELETE FROM heard WHERE channel = ?1 AND address = ?2"),
                         c->channel, c->reply_to, fault);
}

/* Its lines in the ledger stand in the same transaction as its messages, and there is an index by time; a letter that was
 * set aside first has its line earlier. What a mail is known by stays: without it the mailbox, read anew some day, would
 * bring everything back. */
static enum outcome forget_arrivals(struct book_txn *txn, int64_t complaint_id, struct fault *fault)
{
    enum outcome outcome = run_for(
        stmt_open(txn, "UPDATE arrival SET external = 'dilupakan:' || id WHERE complaint_id = ?1 AND channel "
                       "GLOB 'gateway:*'"
                       " AND at IN (SELECT at FROM message WHERE id > ?1 * 65536 AND id < (?1 + 1) * 65536)"),
        complaint_id, fault);
    if (!outcome)
        outcome = run_for(
            stmt_open(txn, "DELETE FROM set_aside_file WHERE arrival_id IN"
                           " (SELECT s.arrival_id FROM set_aside s JOIN arrival a ON a.id = s.arrival_id"
                           " WHERE a.complaint_id = ?1)"),
            complaint_id, fault);
    return outcome
               ? outcome
               : run_for(
                     stmt_open(txn,
                         "UPDATE set_aside SET name = NULL, email = NULL, reply_to = NULL, subject = NULL,"
                         " words = '', reference = NULL WHERE arrival_id IN"
                         " (SELECT s.arrival_id FROM set_aside s JOIN arrival a ON a.id = s.arrival_id"
                         " WHERE a.complaint_id = ?1)"),
                     complaint_id, fault);
}

enum outcome forget_ways(struct book_txn *txn, const struct complaint *c, struct fault *fault)
{
    const struct stmt each[] = {
        stmt_open(txn, "DELETE FROM reference WHERE complaint_id = ?1"),
        stmt_open(
            txn, "DELETE FROM chat_sent WHERE outbox_id IN (SELECT id FROM outbox WHERE complaint_id = ?1)"),
        stmt_open(txn, "UPDATE outbox SET payload = '{}', recipient = NULL, reply = NULL, "
                       "external = NULL,"
                       " error = NULL, handled_at = iif(state IN ('gagal', 'tidak_pasti'), "
                       "coalesce(handled_at, state_at),"
                       " handled_at) WHERE complaint_id = ?1 AND purpose <> 'peristiwa'"),
        stmt_open(txn, "UPDATE media SET request = '{}', filename = '[berkas]', error = NULL,"
                       " state = iif(state = 'selesai', state, 'gagal') WHERE complaint_id = ?1"),
        stmt_open(
            txn, "UPDATE alike_words SET words = 0, sketch = x'', place = NULL WHERE complaint_id = ?1"),
        stmt_open(txn, "DELETE FROM undo WHERE complaint_id = ?1"),
        stmt_open(txn, "DELETE FROM alike WHERE complaint_id = ?1"),
        stmt_open(txn, "DELETE FROM alike WHERE other_id = ?1"),
    };
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct stmt s = each[i];
        if (outcome)
            stmt_close(&s, NULL);
        else
            outcome = run_for(s, c->id, fault);
    }
    if (!outcome)
        outcome = forget_arrivals(txn, c->id, fault);
    return outcome ? outcome : forget_chat(txn, c, fault);
}

enum outcome forget_remarks(struct book_txn *txn, int64_t complaint_id, struct fault *fault)
{
    enum outcome outcome = run_for(
        stmt_open(txn, "UPDATE rating SET comment = NULL WHERE complaint_id = ?1"), complaint_id, fault);
    return outcome
               ? outcome
               : run_for(stmt_open(txn,
                             "UPDATE rights_request SET words = NULL, answer = NULL WHERE complaint_id = ?1"),
                     complaint_id, fault);
}

enum outcome forget_citizen(
    struct book_txn *txn, int64_t citizen_id, int64_t complaint_id, struct fault *fault)
{
    int64_t others = 0;
    if (!citizen_id)
        return OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM complaint WHERE citizen_id = ?1 AND id <> ?2");
    stmt_int(&s, citizen_id);
    stmt_int(&s, complaint_id);
    enum outcome outcome = stmt_value(&s, &others, fault);
    if (outcome || others)
        return outcome;
    const struct stmt each[] = {
        stmt_open(txn,
            "UPDATE citizen SET nama = NULL, pekerjaan = NULL, alamat = NULL, email = NULL, phone = NULL"
            " WHERE id = ?1"),
        stmt_open(txn, "DELETE FROM heard WHERE (channel, address) IN"
                       " (SELECT channel, address FROM chat WHERE citizen_id = ?1)"),
        stmt_open(txn, "DELETE FROM chat WHERE citizen_id = ?1"),
        stmt_open(txn, "DELETE FROM identity WHERE citizen_id = ?1"),
        stmt_open(txn, "DELETE FROM same_person WHERE citizen_id = ?1"),
        stmt_open(txn, "DELETE FROM same_person WHERE other_id = ?1"),
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        s = each[i];
        if (outcome)
            stmt_close(&s, NULL);
        else
            outcome = run_for(s, citizen_id, fault);
    }
    return outcome;
}

/* ---- contents ---- */

static enum outcome is_shared(struct book_txn *txn, const struct message *m, const struct blob_ref *ref,
    bool *ret_shared, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT EXISTS (SELECT 1 FROM attachment a JOIN message o ON o.id = a.message_id LEFT JOIN privacy p"
        " ON p.complaint_id = o.complaint_id WHERE a.sha256 = ?1 AND o.complaint_id <> ?2"
        " AND (p.forgotten_at IS NULL OR p.forgotten_at < o.at))"
        " OR EXISTS (SELECT 1 FROM arrival r LEFT JOIN privacy p ON p.complaint_id = r.complaint_id"
        " WHERE r.at BETWEEN ?3 - ?4 AND ?3 + ?4 AND r.raw_sha256 = ?1 AND r.complaint_id <> ?2"
        " AND (p.forgotten_at IS NULL OR p.forgotten_at < r.at))"
        " OR EXISTS (SELECT 1 FROM set_aside_file f JOIN arrival r ON r.id = f.arrival_id WHERE f.sha256 = ?1"
        " AND r.complaint_id IS NOT ?2)");
    stmt_blob(&s, ref->sha256, sizeof ref->sha256);
    stmt_int(&s, m->complaint_id);
    stmt_int(&s, m->at);
    stmt_int(&s, CALLBACK_MS);
    int64_t shared = 0;
    enum outcome outcome = stmt_value(&s, &shared, fault);
    *ret_shared = shared != 0;
    return outcome;
}

enum outcome forget_content(struct book_txn *txn, const struct message *m, const struct blob_ref *ref,
    struct forget_contents *contents, struct fault *fault)
{
    bool shared, in_file = false;
    enum outcome outcome = is_shared(txn, m, ref, &shared, fault);
    if (outcome || shared)
        return outcome;
    outcome = blob_empty(txn, ref, &in_file, fault);
    contents->emptied += !outcome;
    if (!outcome && in_file && contents->count < contents->most)
        contents->files[contents->count++] = *ref;
    return outcome;
}

/* ---- the full text ---- */

static enum outcome total_changes(struct book_txn *txn, int64_t *ret, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT total_changes()");
    return stmt_value(&s, ret, fault);
}

/* A negative number makes one merge of all there is; a positive one goes on with it. Fewer than two rows written: done
 * (FTS5, 6.9). */
enum outcome forget_merge_words(struct book_txn *txn, bool begin, bool *ret_done, struct fault *fault)
{
    int64_t before = 0, after = 0;
    *ret_done = false;
    enum outcome outcome = total_changes(txn, &before, fault);
    if (!outcome)
        outcome = begin ? stmt_exec(txn,
                              "INSERT INTO message_text (message_text, rank) VALUES ('merge', -300)", fault)
                        : stmt_exec(txn,
                              "INSERT INTO message_text (message_text, rank) VALUES ('merge', 300)", fault);
    if (!outcome)
        outcome = total_changes(txn, &after, fault);
    *ret_done = !outcome && after - before < 2;
    return outcome;
}
