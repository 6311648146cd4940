#include "sealed.h"
#include "message.h"
#include "stmt.h"
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not of the book's own making: the journal cannot hold itself; FTS5's tables belong to it and are compared with the
 * messages (verify_search.c). */
static bool is_ours(const char *name)
{
    return strcmp(name, "journal") && strncmp(name, "message_text", strlen("message_text"));
}

/* What was said, what came, what happened. */
static bool is_once(const char *name)
{
    static const char *const once[] = {"arrival", "attachment", "blob", "event", "message", "reference"};
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (!strcmp(name, once[i]))
            return true;
    return false;
}

/* ---- tables ---- */

static void note_place(struct sealed_table *t, const char *column, int number)
{
    bool itself = !strcmp(t->name, "complaint") && !strcmp(column, "id");
    if (itself || !strcmp(column, "complaint_id")) {
        t->place_column = number;
        t->place_share = 1;
    } else if (!strcmp(column, "message_id") && t->place_column < 0) {
        t->place_column = number;
        t->place_share = MESSAGES_A_COMPLAINT + 1;
    }
}

static void note_key(struct sealed_table *t, const char *column, const char *type, int number)
{
    size_t used = strlen(t->key_names);
    if (t->key_count < SEALED_KEYS)
        t->keys[t->key_count] = number;
    snprintf(t->key_names + used, sizeof t->key_names - used, "%s\"%s\"", used ? ", " : "", column);
    t->integer_key = !t->key_count++ && !strcmp(type, "INTEGER");
}

/* Columns of s: name, type, has a default, is of the key. */
static void note_column(struct sealed_table *t, const struct stmt *s)
{
    const char *column = stmt_peek_text(s, 0), *type = stmt_peek_text(s, 1);
    int number = t->column_count++;
    if (number >= SEALED_COLUMNS)
        return;
    crypto_generichash(t->columns[number], SEAL_SIZE, (const unsigned char *)column, strlen(column), NULL, 0);
    t->has_default[number] = stmt_int_at(s, 2);
    note_place(t, column, number);
    if (stmt_int_at(s, 3))
        note_key(t, column, type, number);
    if (!strcmp(t->name, "blob") && !strcmp(column, "data"))
        t->left_out = number;
}

/* *ret_fits false: it cannot be sealed. */
static enum outcome load_columns(
    struct book_txn *txn, struct sealed_table *t, bool *ret_fits, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT name, type, dflt_value IS NOT NULL, pk > 0 FROM pragma_table_info(?1)"
                       " ORDER BY cid");
    stmt_text(&s, t->name);
    while (stmt_row(&s))
        note_column(t, &s);
    *ret_fits = t->column_count <= SEALED_COLUMNS && t->key_count > 0 && t->key_count <= SEALED_KEYS;
    return stmt_close(&s, fault);
}

enum outcome sealed_load(struct book_txn *txn, struct sealed_tables *ret, struct fault *fault)
{
    ret->count = 0;
    struct stmt s =
        stmt_open(txn, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                       " ORDER BY name");
    enum outcome outcome = OUTCOME_DONE;
    while (!outcome && stmt_row(&s)) {
        const char *name = stmt_peek_text(&s, 0);
        bool fits = false;
        if (!is_ours(name) || ret->count == SEALED_TABLES || strlen(name) >= SEALED_NAME_SIZE)
            continue;
        struct sealed_table *t = &ret->list[ret->count];
        *t = (struct sealed_table){
            .place_column = -1, .place_share = 1, .left_out = -1, .once = is_once(name)};
        snprintf(t->name, sizeof t->name, "%s", name);
        outcome = load_columns(txn, t, &fits, fault);
        ret->count += fits;
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

const struct sealed_table *sealed_find(const struct sealed_tables *tables, const char *name)
{
    for (int i = 0; i < tables->count; i++)
        if (!strcmp(tables->list[i].name, name))
            return &tables->list[i];
    return NULL;
}

bool sealed_kept(const struct sealed_table *before, const struct sealed_table *after)
{
    if (after->column_count < before->column_count || strcmp(before->key_names, after->key_names) ||
        memcmp(before->columns, after->columns, (size_t)before->column_count * SEAL_SIZE))
        return false;
    for (int i = before->column_count; i < after->column_count; i++)
        if (after->has_default[i])
            return false;
    return true;
}

void sealed_select(const struct sealed_table *t, bool from_key, char out[SEALED_SQL_SIZE])
{
    const char *marks[] = {"?1", "?1, ?2", "?1, ?2, ?3", "?1, ?2, ?3, ?4"};
    char where[SEALED_SQL_SIZE / 2] = "";
    if (from_key)
        snprintf(where, sizeof where, " WHERE (%s) > (%s)", t->key_names, marks[t->key_count - 1]);
    snprintf(out, SEALED_SQL_SIZE, "SELECT * FROM \"%s\"%s ORDER BY %s", t->name, where, t->key_names);
}

/* ---- rows ---- */

static void put_number(unsigned char *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

/* False without memory: a text that was bound as it lies is copied before SQLite shows it, and nobody else would tell. */
static bool add_value(crypto_generichash_state *h, int column, struct sqlite3_value *value)
{
    int type = sqlite3_value_type(value); /* without memory it is a NULL afterwards */
    unsigned char head[6] = {(unsigned char)column, (unsigned char)type}, number[8];
    const void *bytes = number;
    size_t size = sizeof number;
    switch (type) {
    case SQLITE_INTEGER:
        put_number(number, (uint64_t)sqlite3_value_int64(value), 8);
        break;
    case SQLITE_FLOAT: {
        double real = sqlite3_value_double(value);
        memcpy(number, &real, sizeof number);
        break;
    }
    case SQLITE_TEXT:
        bytes = sqlite3_value_text(value);
        size = (size_t)sqlite3_value_bytes(value);
        break;
    default:
        bytes = sqlite3_value_blob(value);
        size = (size_t)sqlite3_value_bytes(value);
    }
    if (!bytes && (size || type == SQLITE_TEXT))
        return false;
    put_number(head + 2, size, 4);
    crypto_generichash_update(h, head, sizeof head);
    if (size)
        crypto_generichash_update(h, bytes, size);
    return true;
}

/* False when there is no memory for a value. */
static bool add_column(
    crypto_generichash_state *h, const struct sealed_table *t, int column, sealed_value *value, void *arg)
{
    struct sqlite3_value *v = value(arg, column);
    if (!v)
        return false;
    int type = sqlite3_value_type(v);
    if (type == SQLITE_NULL)
        return true;
    if (column == t->left_out) {
        const unsigned char present = (unsigned char)column;
        crypto_generichash_update(h, &present, 1);
        return true;
    }
    return add_value(h, column, v);
}

bool seal_key(const struct sealed_table *t, sealed_value *value, void *arg, struct seal *ret)
{
    crypto_generichash_state h;
    struct sqlite3_value *place = t->place_column < 0 ? NULL : value(arg, t->place_column);
    ret->place = place ? sqlite3_value_int64(place) / t->place_share : 0;
    if (t->integer_key) {
        struct sqlite3_value *id = value(arg, t->keys[0]);
        ret->key_size = 8;
        put_number(ret->key, id ? (uint64_t)sqlite3_value_int64(id) : 0, 8);
        return id && (place || t->place_column < 0);
    }
    bool good = place || t->place_column < 0;
    ret->key_size = SEAL_SIZE;
    crypto_generichash_init(&h, NULL, 0, SEAL_SIZE);
    for (int i = 0; i < t->key_count; i++)
        good = add_column(&h, t, t->keys[i], value, arg) && good;
    crypto_generichash_final(&h, ret->key, SEAL_SIZE);
    return good;
}

bool seal_row(const struct sealed_table *t, sealed_value *value, void *arg, struct seal *ret)
{
    crypto_generichash_state h;
    *ret = (struct seal){0};
    bool good = seal_key(t, value, arg, ret);
    crypto_generichash_init(&h, NULL, 0, SEAL_SIZE);
    crypto_generichash_update(&h, (const unsigned char *)t->name, strlen(t->name) + 1);
    for (int i = 0; i < t->column_count; i++)
        good = add_column(&h, t, i, value, arg) && good;
    crypto_generichash_final(&h, ret->digest, SEAL_SIZE);
    return good;
}
