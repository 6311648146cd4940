#include "secret.h"
#include "daemon/base/random.h"
#include "stmt.h"
#include <string.h>

enum outcome secret_thread_key(struct book_txn *txn, struct thread_key *ret, struct fault *fault)
{
    size_t size = 0;
    struct stmt s = stmt_open(txn, "SELECT value FROM secret WHERE name = 'thread'");
    const void *value = stmt_row(&s) ? stmt_peek_blob(&s, 0, &size) : NULL;
    bool found = value && size == sizeof ret->bytes;
    if (found)
        memcpy(ret->bytes, value, size);
    enum outcome outcome = stmt_close(&s, fault);
    return outcome || found ? outcome : fault_set(fault, OUTCOME_STOP, NULL, "the book has no thread key");
}

enum outcome secret_make(struct book_txn *txn, struct fault *fault)
{
    unsigned char key[THREAD_KEY_SIZE];
    struct stmt s = stmt_open_once(txn, "SELECT 1 FROM secret WHERE name = 'thread'");
    bool there = stmt_row(&s);
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome || there)
        return outcome;
    random_bytes(key, sizeof key);
    s = stmt_open_once(txn, "INSERT INTO secret (name, value) VALUES ('thread', ?1)");
    stmt_blob(&s, key, sizeof key);
    return stmt_run(&s, fault);
}
