/* tamper FOLDER: what `verify` says of a book that somebody changes with SQL, for many changes in one process.
 *
 * A line on standard input is one change, {"sql": "UPDATE ...", "values": [1, "x", {"hex": "00ff"}, null]}. It is made in a
 * transaction of a connection that seals nothing, looked at, and taken back; a line says what was found: {"changed": rows,
 * "outcome": "never", "said": "..."}. */
#include "daemon/base/fault.h"
#include "daemon/book/txn_private.h"
#include "daemon/book/verify.h"
#include <jansson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* How the schema should be is worked out once: it takes three quarters of the time of a look (-Wl,--wrap). */
enum outcome __real_migrate_blank(struct book_txn *txn, struct fault *fault);
enum outcome __wrap_migrate_blank(struct book_txn *txn, struct fault *fault);
enum outcome __wrap_migrate_blank(struct book_txn *txn, struct fault *fault)
{
    static unsigned char *made;
    static sqlite3_int64 size;
    if (made && !sqlite3_exec(txn->db, "COMMIT", NULL, NULL, NULL) &&
        !sqlite3_deserialize(txn->db, "main", made, size, size, SQLITE_DESERIALIZE_READONLY))
        return OUTCOME_DONE;
    enum outcome outcome = __real_migrate_blank(txn, fault);
    made = outcome ? NULL : sqlite3_serialize(txn->db, "main", &size, 0);
    return outcome;
}

static int bind_blob(sqlite3_stmt *statement, int place, const char *hex)
{
    size_t n = 0, room = strlen(hex) / 2;
    unsigned char *bytes = malloc(room + 1);
    int code = bytes && !sodium_hex2bin(bytes, room + 1, hex, strlen(hex), NULL, &n, NULL)
                   ? sqlite3_bind_blob(statement, place, bytes, (int)n, SQLITE_TRANSIENT)
                   : SQLITE_ERROR;
    free(bytes);
    return code;
}

static int bind(sqlite3_stmt *statement, int place, const json_t *value)
{
    const char *hex = json_string_value(json_object_get(value, "hex"));
    if (hex)
        return bind_blob(statement, place, hex);
    if (json_is_integer(value))
        return sqlite3_bind_int64(statement, place, json_integer_value(value));
    if (json_is_string(value))
        return sqlite3_bind_text(
            statement, place, json_string_value(value), (int)json_string_length(value), SQLITE_TRANSIENT);
    return json_is_null(value) ? sqlite3_bind_null(statement, place) : SQLITE_ERROR;
}

/* Rows that were changed; -1 = it cannot be done. */
static int change(sqlite3 *db, const json_t *wanted)
{
    const json_t *values = json_object_get(wanted, "values");
    sqlite3_stmt *statement = NULL;
    int code =
        sqlite3_prepare_v2(db, json_string_value(json_object_get(wanted, "sql")), -1, &statement, NULL);
    for (size_t i = 0; !code && i < json_array_size(values); i++)
        code = bind(statement, (int)i + 1, json_array_get(values, i));
    code = code ? code : sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? sqlite3_changes(db) : -1;
}

static void tell(struct book_txn *txn, const json_t *wanted)
{
    struct fault fault = {0};
    struct verify_report report = {0};
    bool begun = !sqlite3_exec(txn->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    int changed = begun ? change(txn->db, wanted) : -1;
    enum outcome outcome = changed > 0 ? verify_book(txn, NULL, &report, &fault) : OUTCOME_DONE;
    json_t *answer = json_pack("{s:i,s:s,s:s}", "changed", changed, "outcome", outcome_name(outcome), "said",
        changed < 0 ? sqlite3_errmsg(txn->db) : fault.public_text);
    json_dumpf(answer, stdout, JSON_COMPACT);
    puts("");
    fflush(stdout);
    json_decref(answer);
    sqlite3_exec(txn->db, "ROLLBACK", NULL, NULL, NULL);
}

int main(int argc, char **argv)
{
    struct fault fault = {0};
    struct book_options options = {.folder = argc > 1 ? argv[1] : ".", .readers = 1};
    struct book_txn *txn;
    char *line = NULL;
    size_t room = 0;
    if (sodium_init() < 0 || connection_open(&txn, &options, false, &fault)) {
        fprintf(stderr, "%s\n", fault.internal);
        return EX_NOINPUT;
    }
    sqlite3_exec(txn->db, "PRAGMA query_only = OFF; PRAGMA foreign_keys = OFF", NULL, NULL, NULL);
    while (getline(&line, &room, stdin) > 0) {
        json_t *wanted = json_loads(line, 0, NULL);
        tell(txn, wanted);
        json_decref(wanted);
    }
    free(line);
    connection_close(txn);
    return 0;
}
