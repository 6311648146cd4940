#include "setting.h"
#include "stmt.h"

enum outcome setting_get(
    struct book_txn *txn, const char *name, const char **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT value FROM setting WHERE name = ?1");
    stmt_text(&s, name);
    const char *value = stmt_row(&s) ? stmt_text_at(&s, 0, arena) : NULL;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = value;
    return outcome;
}

enum outcome setting_set(
    struct book_txn *txn, const char *name, const char *value, int64_t officer_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM setting WHERE name = ?1");
    stmt_text(&s, name);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || !value || !*value)
        return outcome;
    s = stmt_open(txn, "INSERT INTO setting (name, value, changed_at, officer_id) VALUES (?1, ?2, ?3, ?4)");
    stmt_text(&s, name);
    stmt_text(&s, value);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}

enum outcome picture_get(
    struct book_txn *txn, const char *name, struct picture *ret, struct arena *arena, struct fault *fault)
{
    struct picture picture = {0};
    struct stmt s = stmt_open(txn, "SELECT media_type, data, changed_at FROM picture WHERE name = ?1");
    stmt_text(&s, name);
    if (stmt_row(&s)) {
        picture.media_type = stmt_text_at(&s, 0, arena);
        const void *data = stmt_peek_blob(&s, 1, &picture.size);
        picture.data = arena_memdup(arena, data, picture.size);
        picture.changed_at = stmt_int_at(&s, 2);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = picture;
    return outcome;
}

enum outcome picture_known(
    struct book_txn *txn, const char *name, int64_t *ret_changed_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT changed_at FROM picture WHERE name = ?1");
    stmt_text(&s, name);
    *ret_changed_at = 0;
    return stmt_value(&s, ret_changed_at, fault);
}

enum outcome picture_set(struct book_txn *txn, const char *name, const struct picture *picture,
    int64_t officer_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM picture WHERE name = ?1");
    stmt_text(&s, name);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || !picture->media_type)
        return outcome;
    s = stmt_open(txn, "INSERT INTO picture (name, media_type, data, changed_at, officer_id)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_text(&s, name);
    stmt_text(&s, picture->media_type);
    stmt_blob(&s, picture->data, picture->size);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}
