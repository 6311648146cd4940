#include "message.h"
#include "attachment_row.h"
#include "stmt.h"
#include <string.h>

enum { NEXT_COMPLAINT = MESSAGES_A_COMPLAINT + 1 };

/* Ids grow within the complaint, so that hits of the full text lie together by complaint
 * (schema/001_book.sql). */
static enum outcome next_id(struct book_txn *txn, int64_t complaint_id, int64_t *ret_id, struct fault *fault)
{
    int64_t base = complaint_id * NEXT_COMPLAINT;
    struct stmt s = stmt_open(txn, "SELECT max(id) FROM message WHERE id BETWEEN ?1 AND ?2");
    stmt_int(&s, base);
    stmt_int(&s, base + MESSAGES_A_COMPLAINT);
    int64_t last = 0;
    enum outcome outcome = stmt_value(&s, &last, fault);
    if (outcome)
        return outcome;
    if (last == base + MESSAGES_A_COMPLAINT)
        return fault_set(fault, OUTCOME_NEVER, "Aduan ini sudah memuat terlalu banyak pesan.",
            "complaint %lld has %d messages", (long long)complaint_id, MESSAGES_A_COMPLAINT);
    *ret_id = last ? last + 1 : base + 1;
    return OUTCOME_DONE;
}

static enum outcome insert_row(
    struct book_txn *txn, const struct message *m, int64_t id, int64_t at, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "INSERT INTO message (id, complaint_id, at, claimed_at, purpose, channel, officer_id, author, "
        "subject, text, own_words, must_read, raw_sha256, reference, authenticity, told_to)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    stmt_int(&s, id);
    stmt_int(&s, m->complaint_id);
    stmt_int(&s, at);
    stmt_id(&s, m->claimed_at);
    stmt_text(&s, m->purpose);
    stmt_text(&s, m->channel);
    stmt_id(&s, m->officer_id);
    stmt_text(&s, m->author);
    stmt_text(&s, m->subject);
    stmt_text(&s, m->text);
    stmt_text(&s, m->own_words);
    stmt_text(&s, m->must_read);
    stmt_blob(&s, m->has_raw ? m->raw.sha256 : NULL, sizeof m->raw.sha256);
    stmt_text(&s, m->reference);
    stmt_text(&s, m->authenticity);
    stmt_text(&s, m->told_to);
    return stmt_run(&s, fault);
}

/* External content: the index holds no text of its own, but what it is given must be what the row says. */
static enum outcome insert_words(
    struct book_txn *txn, const struct message *m, int64_t id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO message_text (rowid, subject, text) VALUES (?1, ?2, ?3)");
    stmt_int(&s, id);
    stmt_text(&s, m->subject);
    stmt_text(&s, m->text);
    return stmt_run(&s, fault);
}

enum outcome message_insert(struct book_txn *txn, struct message *m, struct fault *fault)
{
    int64_t id = 0, at = m->at ? m->at : txn_now(txn);
    enum outcome outcome = next_id(txn, m->complaint_id, &id, fault);
    if (!outcome)
        outcome = insert_row(txn, m, id, at, fault);
    if (!outcome)
        outcome = insert_words(txn, m, id, fault);
    for (struct attachment *a = m->attachments; a && !outcome; a = a->next)
        outcome = attachment_add(txn, id, a, fault);
    if (outcome)
        return outcome;
    m->id = id;
    m->at = at;
    return OUTCOME_DONE;
}

#define MESSAGE_SELECT                                                                                       \
    "SELECT id, at, claimed_at, purpose, channel, officer_id, author, subject, text, own_words, must_read,"  \
    " raw_sha256, complaint_id, reference, authenticity, withdrawn_at, told_to FROM message "

static void read_message(const struct stmt *s, struct message *m, struct arena *arena)
{
    m->id = stmt_int_at(s, 0);
    m->at = stmt_int_at(s, 1);
    m->claimed_at = stmt_int_at(s, 2);
    m->purpose = stmt_text_at(s, 3, arena);
    m->channel = stmt_text_at(s, 4, arena);
    m->officer_id = stmt_int_at(s, 5);
    m->author = stmt_text_at(s, 6, arena);
    m->subject = stmt_text_at(s, 7, arena);
    m->text = stmt_text_at(s, 8, arena);
    m->own_words = stmt_text_at(s, 9, arena);
    m->must_read = stmt_text_at(s, 10, arena);
    m->has_raw = blob_read_ref(s, 11, &m->raw);
    m->complaint_id = stmt_int_at(s, 12);
    m->reference = stmt_text_at(s, 13, arena);
    m->authenticity = stmt_text_at(s, 14, arena);
    m->withdrawn_at = stmt_int_at(s, 15);
    m->told_to = stmt_text_at(s, 16, arena);
}

static enum outcome count_messages(
    struct book_txn *txn, int64_t complaint_id, size_t *ret_count, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM message WHERE id BETWEEN ?1 AND ?2");
    stmt_int(&s, complaint_id * NEXT_COMPLAINT);
    stmt_int(&s, complaint_id * NEXT_COMPLAINT + MESSAGES_A_COMPLAINT);
    *ret_count = stmt_row(&s) ? (size_t)stmt_int_at(&s, 0) : 0;
    return stmt_close(&s, fault);
}

static enum outcome list_messages(struct book_txn *txn, int64_t complaint_id, struct message *messages,
    size_t count, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, MESSAGE_SELECT "WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
    stmt_int(&s, complaint_id * NEXT_COMPLAINT);
    stmt_int(&s, complaint_id * NEXT_COMPLAINT + MESSAGES_A_COMPLAINT);
    for (size_t i = 0; i < count && stmt_row(&s); i++)
        read_message(&s, &messages[i], arena);
    return stmt_close(&s, fault);
}

/* Both lists are in the order of message ids: one walk brings them together. */
static enum outcome list_attachments(struct book_txn *txn, int64_t complaint_id, struct message *messages,
    size_t count, struct arena *arena, struct fault *fault)
{
    size_t at = 0;
    struct attachment **end = count ? &messages[0].attachments : NULL;
    struct stmt s = stmt_open(txn, "SELECT " ATTACHMENT_COLUMNS ", a.message_id, f.found FROM attachment a"
                                   " LEFT JOIN attachment_found f ON f.attachment_id = a.id"
                                   " WHERE a.message_id BETWEEN ?1 AND ?2 ORDER BY a.message_id, a.id");
    stmt_int(&s, complaint_id * NEXT_COMPLAINT);
    stmt_int(&s, complaint_id * NEXT_COMPLAINT + MESSAGES_A_COMPLAINT);
    while (stmt_row(&s)) {
        while (at < count && messages[at].id < stmt_int_at(&s, 8))
            if (++at < count)
                end = &messages[at].attachments;
        struct attachment *a = at < count ? arena_alloc(arena, sizeof *a) : NULL;
        if (!a)
            break;
        attachment_read(&s, a, arena);
        a->found = stmt_text_at(&s, 9, arena);
        *end = a;
        end = &a->next;
    }
    return stmt_close(&s, fault);
}

/* One that was moved here has a new id and its old time. Nearly sorted: an insertion sort has little to do. */
static void order_by_time(struct message *messages, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct message moved = messages[i];
        size_t k = i;
        for (; k && messages[k - 1].at > moved.at; k--)
            messages[k] = messages[k - 1];
        messages[k] = moved;
    }
}

enum outcome message_list(struct book_txn *txn, int64_t complaint_id, struct message **ret_messages,
    size_t *ret_count, struct arena *arena, struct fault *fault)
{
    size_t count = 0;
    struct message *messages = NULL;
    enum outcome outcome = count_messages(txn, complaint_id, &count, fault);
    if (!outcome)
        messages = arena_alloc(arena, (count + 1) * sizeof *messages);
    if (!outcome && messages)
        outcome = list_messages(txn, complaint_id, messages, count, arena, fault);
    if (!outcome && messages)
        outcome = list_attachments(txn, complaint_id, messages, count, arena, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (outcome)
        return outcome;
    order_by_time(messages, count);
    *ret_messages = messages;
    *ret_count = count;
    return OUTCOME_DONE;
}

enum outcome message_by_external(
    struct book_txn *txn, const char *channel, const char *gateway_id, int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT message_id FROM arrival WHERE channel = ?1 AND external = 'message:' || ?2");
    stmt_text(&s, channel);
    stmt_text(&s, gateway_id);
    return stmt_value(&s, ret_id, fault);
}

enum outcome message_get(
    struct book_txn *txn, int64_t id, struct message *ret, struct arena *arena, struct fault *fault)
{
    struct message m = {0};
    struct stmt s = stmt_open(txn, MESSAGE_SELECT "WHERE id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    if (found)
        read_message(&s, &m, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Pesan tidak ditemukan.", "no message %lld", (long long)id);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = m;
    return outcome;
}

/* ---- the full text ---- */

enum outcome message_index_anew(struct book_txn *txn, int64_t *ret_count, struct fault *fault)
{
    enum outcome outcome =
        stmt_exec(txn, "INSERT INTO message_text (message_text) VALUES ('rebuild')", fault);
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM message");
    enum outcome counted = stmt_value(&s, ret_count, outcome ? NULL : fault);
    return outcome ? outcome : counted;
}

/* ---- to another complaint ---- */

static enum outcome remove_words(struct book_txn *txn, const struct message *m, struct fault *fault)
{
    /* FTS5, external content tables: what is deleted must be told as it was indexed. */
    struct stmt s = stmt_open(txn, "INSERT INTO message_text (message_text, rowid, subject, text)"
                                   " VALUES ('delete', ?1, ?2, ?3)");
    stmt_int(&s, m->id);
    stmt_text(&s, m->subject);
    stmt_text(&s, m->text);
    return stmt_run(&s, fault);
}

enum outcome message_reword(
    struct book_txn *txn, const struct message *before, const struct message *now, struct fault *fault)
{
    enum outcome outcome = remove_words(txn, before, fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(txn, "UPDATE message SET subject = ?2, text = ?3, own_words = ?4, author = ?5, "
                                   "must_read = ?6, told_to = ?7,"
                                   " reference = NULL, raw_sha256 = NULL WHERE id = ?1");
    stmt_int(&s, before->id);
    stmt_text(&s, now->subject);
    stmt_text(&s, now->text);
    stmt_text(&s, now->own_words);
    stmt_text(&s, now->author);
    stmt_text(&s, now->must_read);
    stmt_text(&s, now->told_to);
    outcome = stmt_run(&s, fault);
    return outcome ? outcome : insert_words(txn, now, before->id, fault);
}

static enum outcome follow(struct stmt s, int64_t from, int64_t to, int64_t complaint_id, struct fault *fault)
{
    stmt_int(&s, from);
    stmt_int(&s, to);
    if (complaint_id)
        stmt_int(&s, complaint_id);
    return stmt_run(&s, fault);
}

static enum outcome reference_follow(
    struct book_txn *txn, const struct message *m, int64_t complaint_id, struct fault *fault)
{
    if (!m->reference)
        return OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "UPDATE reference SET complaint_id = ?3 WHERE scheme = ?1 AND value = ?2");
    stmt_text(&s, strncmp(m->channel, "email", 5) ? m->channel : "mail");
    stmt_text(&s, m->reference);
    stmt_int(&s, complaint_id);
    return stmt_run(&s, fault);
}

enum outcome message_move(struct book_txn *txn, const struct message *m, int64_t to_complaint,
    const char *purpose, int64_t *ret_id, struct fault *fault)
{
    struct message moved = *m;
    int64_t id = 0;
    moved.complaint_id = to_complaint;
    moved.purpose = purpose;
    enum outcome outcome = next_id(txn, to_complaint, &id, fault);
    if (!outcome)
        outcome = insert_row(txn, &moved, id, m->at, fault);
    if (!outcome)
        outcome = insert_words(txn, &moved, id, fault);
    if (!outcome)
        outcome = follow(stmt_open(txn, "UPDATE attachment SET message_id = ?2 WHERE message_id = ?1"), m->id,
            id, 0, fault);
    if (!outcome)
        outcome = follow(
            stmt_open(txn, "UPDATE arrival SET message_id = ?2, complaint_id = ?3 WHERE message_id = ?1"),
            m->id, id, to_complaint, fault);
    if (!outcome)
        outcome = follow(
            stmt_open(txn, "UPDATE outbox SET message_id = ?2, complaint_id = ?3 WHERE message_id = ?1"),
            m->id, id, to_complaint, fault);
    if (!outcome)
        outcome = reference_follow(txn, m, to_complaint, fault);
    if (!outcome)
        outcome = remove_words(txn, m, fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(txn, "DELETE FROM message WHERE id = ?1");
    stmt_int(&s, m->id);
    outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_id = id;
    return outcome;
}

enum outcome message_newest_text(struct book_txn *txn, int64_t complaint_id, const char *purpose,
    const char **ret, struct arena *arena, struct fault *fault)
{
    const char *text = NULL;
    struct stmt s = stmt_open(txn, "SELECT text FROM message WHERE id > ?1 AND id <= ?2 AND purpose = ?3"
                                   " AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 1");
    stmt_int(&s, complaint_id * (MESSAGES_A_COMPLAINT + 1));
    stmt_int(&s, complaint_id * (MESSAGES_A_COMPLAINT + 1) + MESSAGES_A_COMPLAINT);
    stmt_text(&s, purpose);
    if (stmt_row(&s))
        text = stmt_text_at(&s, 0, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        *ret = text;
    return outcome;
}

enum outcome message_withdrawn_text(struct book_txn *txn, int64_t complaint_id, const char *purpose,
    int64_t officer_id, const char **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT text, withdrawn_at IS NOT NULL FROM message WHERE id > ?1 AND id <= ?2"
                       " AND purpose = ?3 AND officer_id = ?4 ORDER BY id DESC LIMIT 1");
    stmt_int(&s, complaint_id * NEXT_COMPLAINT);
    stmt_int(&s, complaint_id * NEXT_COMPLAINT + MESSAGES_A_COMPLAINT);
    stmt_text(&s, purpose);
    stmt_int(&s, officer_id);
    *ret = NULL;
    if (stmt_row(&s) && stmt_int_at(&s, 1))
        *ret = stmt_text_at(&s, 0, arena);
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
