/* What people type into the search field: whatever it is, SQLite's full-text index understands the query. */
#include "fuzz.h"
#include "daemon/book/txn_private.h"
#include <sqlite3.h>

static sqlite3 *db;
static sqlite3_stmt *statement;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    require(!sqlite3_open(":memory:", &db) && !search_register(db));
    require(!sqlite3_exec(db,
        "CREATE VIRTUAL TABLE t USING fts5(a, tokenize='indonesia');"
        "INSERT INTO t VALUES ('Jalan di depan pasar rusak parah'), ('pelayanan KTP 014/PGD/XI/2026'), "
        "('sampah')",
        NULL, NULL, NULL));
    require(!sqlite3_prepare_v2(db, "SELECT count(*) FROM t WHERE t MATCH ?1", -1, &statement, NULL));
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *query = NULL;
    struct fault fault = {0};
    enum outcome outcome = search_query(text, &query, &fault);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && !query && *fault.public_text));
    if (query) {
        sqlite3_bind_text(statement, 1, query, -1, SQLITE_STATIC);
        require(sqlite3_step(statement) == SQLITE_ROW);
        sqlite3_reset(statement);
    }
    free(query);
    /* As a text of the book it is taken apart by the same tokenizer. */
    sqlite3_stmt *insert;
    require(!sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
    require(!sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?1)", -1, &insert, NULL));
    sqlite3_bind_text(insert, 1, text, (int)size, SQLITE_STATIC);
    require(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_finalize(insert);
    require(!sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL));
    free(text);
    return 0;
}
