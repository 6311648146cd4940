#include "attachment_row.h"
#include <string.h>

bool blob_read_ref(const struct stmt *s, int column, struct blob_ref *ret)
{
    size_t size;
    const void *data = stmt_peek_blob(s, column, &size);
    if (size != sizeof ret->sha256)
        return false;
    memcpy(ret->sha256, data, size);
    return true;
}

void attachment_bind(struct stmt *s, int64_t owner, const struct attachment *a)
{
    stmt_int(s, owner);
    stmt_blob(s, a->blob.sha256, sizeof a->blob.sha256);
    stmt_text(s, a->filename);
    stmt_text(s, a->media_type);
    stmt_int(s, (int64_t)a->size);
    stmt_int(s, a->has_place);
    stmt_int(s, a->latitude);
    stmt_int(s, a->longitude);
}

void attachment_read(const struct stmt *s, struct attachment *a, struct arena *arena)
{
    a->id = stmt_int_at(s, 0);
    a->filename = stmt_text_at(s, 1, arena);
    a->media_type = stmt_text_at(s, 2, arena);
    a->size = (size_t)stmt_int_at(s, 3);
    blob_read_ref(s, 4, &a->blob);
    a->has_place = stmt_int_at(s, 5);
    a->latitude = (int32_t)stmt_int_at(s, 6);
    a->longitude = (int32_t)stmt_int_at(s, 7);
}

enum outcome attachment_add(
    struct book_txn *txn, int64_t message_id, struct attachment *a, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO attachment (message_id, sha256, filename, media_type, size,"
                                   " latitude, longitude) VALUES (?1, ?2, ?3, ?4, ?5, " ATTACHMENT_PLACE ")");
    attachment_bind(&s, message_id, a);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        a->id = stmt_last_id(txn);
    return outcome;
}

enum outcome attachment_get(struct book_txn *txn, int64_t id, struct attachment *ret,
    int64_t *ret_complaint_id, struct arena *arena, struct fault *fault)
{
    struct attachment a = {0};
    int64_t complaint_id = 0;
    struct stmt s = stmt_open(txn, "SELECT " ATTACHMENT_COLUMNS ", m.complaint_id, f.found FROM attachment a"
                                   " JOIN message m ON m.id = a.message_id"
                                   " LEFT JOIN attachment_found f ON f.attachment_id = a.id WHERE a.id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    if (found) {
        attachment_read(&s, &a, arena);
        complaint_id = stmt_int_at(&s, 8);
        a.found = stmt_text_at(&s, 9, arena);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome =
            fault_set(fault, OUTCOME_NEVER, "Lampiran tidak ditemukan.", "no attachment %lld", (long long)id);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (outcome)
        return outcome;
    *ret = a;
    *ret_complaint_id = complaint_id;
    return OUTCOME_DONE;
}

enum outcome attachment_reword(struct book_txn *txn, int64_t id, const char *filename, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE attachment SET filename = ?2, latitude = NULL, longitude = NULL WHERE id = ?1");
    stmt_int(&s, id);
    stmt_text(&s, filename);
    return stmt_run(&s, fault);
}
