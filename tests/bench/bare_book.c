#include "bare_book.h"
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As the steps of daemon/book/schema leave it, in what costs time: rows, keys, indexes. */
static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = "
    "MEMORY;"
    "PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;"
    "CREATE TABLE citizen (id INTEGER PRIMARY KEY, nama TEXT, email TEXT, phone TEXT, created_at INTEGER NOT "
    "NULL) STRICT;"
    "CREATE TABLE identity (scheme TEXT NOT NULL, value TEXT NOT NULL, citizen_id INTEGER NOT NULL "
    "REFERENCES citizen,"
    " PRIMARY KEY (scheme, value)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX identity_citizen ON identity (citizen_id);"
    "CREATE TABLE sequence (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;"
    "INSERT INTO sequence VALUES (2026, 0);"
    "CREATE TABLE complaint (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE,"
    " state TEXT NOT NULL, channel TEXT NOT NULL, reply_to TEXT, citizen_id INTEGER REFERENCES citizen,"
    " section_id INTEGER, subject TEXT NOT NULL, received_at INTEGER NOT NULL, due_at INTEGER, closed_at "
    "INTEGER) STRICT;"
    "CREATE INDEX complaint_state ON complaint (state);"
    "CREATE INDEX complaint_open ON complaint (id) WHERE state IN ('masuk', 'diverifikasi', 'diteruskan');"
    "CREATE INDEX complaint_section ON complaint (section_id) WHERE section_id IS NOT NULL;"
    "CREATE INDEX complaint_citizen ON complaint (citizen_id);"
    "CREATE INDEX complaint_received ON complaint (received_at);"
    "CREATE INDEX complaint_due ON complaint (due_at) WHERE closed_at IS NULL;"
    "CREATE INDEX complaint_desk ON complaint (state, due_at, section_id, channel) WHERE state IN ('masuk', "
    "'diverifikasi', 'diteruskan');"
    "CREATE TABLE clock (complaint_id INTEGER PRIMARY KEY REFERENCES complaint, version INTEGER NOT NULL,"
    " started_at INTEGER NOT NULL, promise_at INTEGER, law_at INTEGER, stage TEXT, stage_due INTEGER,"
    " running INTEGER NOT NULL, next_at INTEGER) STRICT;"
    "CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL;"
    "CREATE INDEX clock_version ON clock (version) WHERE running = 1;"
    "CREATE TABLE blob (sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, data BLOB) STRICT;"
    "CREATE TABLE message (id INTEGER PRIMARY KEY, complaint_id INTEGER NOT NULL REFERENCES complaint,"
    " at INTEGER NOT NULL, channel TEXT NOT NULL, author TEXT NOT NULL, subject TEXT, text TEXT NOT NULL,"
    " raw_sha256 BLOB REFERENCES blob) STRICT;"
    "CREATE VIRTUAL TABLE words USING fts5 (subject, text, content = 'message', content_rowid = 'id');"
    "CREATE TABLE reference (scheme TEXT NOT NULL, value TEXT NOT NULL, complaint_id INTEGER NOT NULL "
    "REFERENCES complaint,"
    " at INTEGER NOT NULL, PRIMARY KEY (scheme, value)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX reference_complaint ON reference (complaint_id, at);"
    "CREATE TABLE notice (id INTEGER PRIMARY KEY, officer_id INTEGER NOT NULL, complaint_id INTEGER NOT NULL"
    " REFERENCES complaint, at INTEGER NOT NULL, read_at INTEGER) STRICT;"
    "CREATE INDEX notice_unread ON notice (officer_id, complaint_id) WHERE read_at IS NULL;"
    "CREATE INDEX notice_unread_newest ON notice (officer_id) WHERE read_at IS NULL;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, complaint_id INTEGER REFERENCES complaint, at INTEGER NOT "
    "NULL,"
    " kind TEXT NOT NULL, data TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE INDEX event_complaint ON event (complaint_id, id);"
    "CREATE TABLE arrival (id INTEGER PRIMARY KEY, channel TEXT NOT NULL, external TEXT NOT NULL, digest "
    "TEXT,"
    " at INTEGER NOT NULL, outcome TEXT NOT NULL, complaint_id INTEGER REFERENCES complaint, message_id "
    "INTEGER REFERENCES "
    "message,"
    " raw_sha256 BLOB REFERENCES blob, UNIQUE (channel, external)) STRICT;"
    "CREATE INDEX arrival_at ON arrival (at);"
    "CREATE INDEX arrival_digest ON arrival (digest, channel) WHERE digest IS NOT NULL;"
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, complaint_id INTEGER REFERENCES complaint, channel TEXT "
    "NOT NULL,"
    " payload TEXT NOT NULL, state TEXT NOT NULL, next_at INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " external TEXT, recipient TEXT) STRICT;"
    "CREATE INDEX outbox_due ON outbox (channel, next_at, id) WHERE state = 'antre';"
    "CREATE INDEX outbox_open ON outbox (channel, state, created_at) WHERE state IN ('antre', 'mengirim');"
    "CREATE INDEX outbox_complaint ON outbox (complaint_id, id);"
    "CREATE INDEX outbox_automatic ON outbox (recipient, created_at);"
    "CREATE INDEX outbox_external ON outbox (external, channel) WHERE external IS NOT NULL;"
    "CREATE TABLE chat (channel TEXT NOT NULL, address TEXT NOT NULL, citizen_id INTEGER REFERENCES citizen,"
    " complaint_id INTEGER REFERENCES complaint, asked TEXT, nama TEXT, heard_at INTEGER NOT NULL, wake_at "
    "INTEGER,"
    " PRIMARY KEY (channel, address)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX chat_wake ON chat (wake_at) WHERE wake_at IS NOT NULL;"
    "CREATE TABLE heard (channel TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (channel, address)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE chat_sent (outbox_id INTEGER PRIMARY KEY REFERENCES outbox, channel TEXT NOT NULL, address "
    "TEXT NOT NULL,"
    " automatic INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX chat_sent_address ON chat_sent (channel, address, at);"
    "CREATE INDEX chat_sent_at ON chat_sent (channel, at);";

enum statement {
    BEGIN,
    COMMIT,
    KNOWN,
    BLOB,
    CITIZEN,
    IDENTITY,
    SEQUENCE,
    NUMBER,
    COMPLAINT,
    CLOCK,
    MESSAGE,
    WORDS,
    REFERENCE,
    EVENT,
    OUTBOX,
    NOTICE,
    ARRIVAL,
    CHAT,
    HEARD,
    CHAT_SENT,
    STATEMENTS
};

/* The same names in all statements: one function binds them all. None has RETURNING or DO UPDATE, and none
 * updates a foreign key: for those SQLite opens a statement savepoint, at which FTS5 writes out all that it
 * has gathered, and the full text of a batch is no longer written as one. */
static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [KNOWN] = "SELECT 1 FROM arrival WHERE channel = $channel AND external = $external",
    [BLOB] = "INSERT INTO blob VALUES ($digest, $size, $raw) ON CONFLICT DO NOTHING",
    [CITIZEN] = "INSERT INTO citizen (nama, phone, created_at) VALUES ($name, $sender, $at)",
    [IDENTITY] = "INSERT INTO identity VALUES ($channel, $sender, $citizen) ON CONFLICT DO NOTHING",
    [SEQUENCE] = "UPDATE sequence SET last = last + 1 WHERE year = 2026",
    [NUMBER] = "SELECT last FROM sequence",
    [COMPLAINT] =
        "INSERT INTO complaint (number, code, state, channel, reply_to, citizen_id, subject, received_at, "
        "due_at)"
        " VALUES ($number, $code, 'masuk', $channel, $sender, $citizen, $subject, $at, $at + 1209600000)",
    [CLOCK] =
        "INSERT INTO clock VALUES ($complaint, 1, $at, $at + 1209600000, $at + 5184000000, 'verifikasi',"
        " $at + 259200000, 1, $at + 129600000)",
    [MESSAGE] = "INSERT INTO message VALUES ($complaint * 65536 + 1, $complaint, $at, $channel, $name, "
                "$subject, $text,"
                " $digest)",
    [WORDS] = "INSERT INTO words (rowid, subject, text) VALUES ($complaint * 65536 + 1, $subject, $text)",
    [REFERENCE] =
        "INSERT INTO reference VALUES ($channel, $external, $complaint, $at) ON CONFLICT DO NOTHING",
    [EVENT] = "INSERT INTO event (complaint_id, at, kind, data, prev, hash) VALUES ($complaint, $at, 'masuk',"
              " '{\"channel\":\"x\",\"kind\":\"pengaduan\",\"state\":\"masuk\"}', $digest, $digest)",
    [OUTBOX] = "INSERT INTO outbox (complaint_id, channel, payload, state, next_at, created_at, external, "
               "recipient)"
               " VALUES ($complaint, $channel, $receipt, 'antre', $at, $at, $letter, $sender)",
    [NOTICE] = "INSERT INTO notice (officer_id, complaint_id, at) VALUES ($officer, $complaint, $at)",
    [ARRIVAL] =
        "INSERT INTO arrival (channel, external, digest, at, outcome, complaint_id, message_id, raw_sha256)"
        " VALUES ($channel, $external, $hex, $at, 'dibuka', $complaint, $complaint * 65536 + 1, $digest)",
    [CHAT] = "INSERT INTO chat VALUES ($channel, $sender, $citizen, $complaint, 'nama', $name, $at, $at)"
             " ON CONFLICT DO NOTHING",
    [HEARD] = "INSERT INTO heard VALUES ($channel, $sender, $at) ON CONFLICT DO NOTHING",
    [CHAT_SENT] = "INSERT INTO chat_sent VALUES ($outbox, $channel, $sender, 1, $at)",
};

enum parameter {
    P_CHANNEL,
    P_EXTERNAL,
    P_SENDER,
    P_NAME,
    P_SUBJECT,
    P_TEXT,
    P_NUMBER,
    P_CODE,
    P_RECEIPT,
    P_RAW,
    P_DIGEST,
    P_SIZE,
    P_AT,
    P_CITIZEN,
    P_COMPLAINT,
    P_OFFICER,
    P_OUTBOX,
    P_LETTER,
    P_HEX,
    PARAMETERS
};

static const char *const parameters[PARAMETERS] = {"$channel", "$external", "$sender", "$name", "$subject",
    "$text", "$number", "$code", "$receipt", "$raw", "$digest", "$size", "$at", "$citizen", "$complaint",
    "$officer", "$outbox", "$letter", "$hex"};

static sqlite3 *db;
static sqlite3_stmt *statements[STATEMENTS];
static int places[STATEMENTS][PARAMETERS]; /* 0 = that statement has no such parameter */
static char receipt[801]; /* as long as a filled config/replies/tanda_terima.txt with its addressing */

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "bare book: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static void remove_old(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[4096];
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

void bare_book_open(const char *path)
{
    remove_old(path);
    if (sodium_init() < 0)
        fail("libsodium");
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL))
        fail("open");
    if (sqlite3_exec(db, schema, NULL, NULL, NULL))
        fail("schema");
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL))
            fail(sql[i]);
    for (int i = 0; i < STATEMENTS; i++)
        for (int p = 0; p < PARAMETERS; p++)
            places[i][p] = sqlite3_bind_parameter_index(statements[i], parameters[p]);
    memset(receipt, 't', sizeof receipt - 1);
}

/* What the statements of one complaint know of each other. */
struct row {
    const struct bare_item *item;
    int64_t citizen, complaint, officer, outbox;
    char number[40], code[16], hex[2 * crypto_hash_sha256_BYTES + 1];
    unsigned char digest[crypto_hash_sha256_BYTES];
};

static void bind_text(sqlite3_stmt *s, int at, const char *value)
{
    if (at)
        sqlite3_bind_text(s, at, value, -1, SQLITE_STATIC); /* NULL when there is none */
}

static void bind_int(sqlite3_stmt *s, int at, int64_t value)
{
    if (at)
        sqlite3_bind_int64(s, at, value);
}

static void bind_blob(sqlite3_stmt *s, int at, const void *value, size_t size)
{
    if (at)
        sqlite3_bind_blob64(s, at, value, size, SQLITE_STATIC);
}

static void bind_row(enum statement which, const struct row *r)
{
    sqlite3_stmt *s = statements[which];
    const int *at = places[which];
    const struct bare_item *item = r->item;
    bind_text(s, at[P_CHANNEL], item->channel);
    bind_text(s, at[P_EXTERNAL], item->external);
    bind_text(s, at[P_SENDER], item->sender);
    bind_text(s, at[P_NAME], item->name);
    bind_text(s, at[P_SUBJECT], item->subject);
    bind_text(s, at[P_TEXT], item->text);
    bind_text(s, at[P_NUMBER], r->number);
    bind_text(s, at[P_CODE], r->code);
    bind_text(s, at[P_RECEIPT], receipt);
    bind_blob(s, at[P_RAW], item->raw, item->raw_size);
    bind_blob(s, at[P_DIGEST], r->digest, sizeof r->digest);
    bind_int(s, at[P_SIZE], (int64_t)item->raw_size);
    bind_int(s, at[P_AT], item->at);
    bind_int(s, at[P_CITIZEN], r->citizen);
    bind_int(s, at[P_COMPLAINT], r->complaint);
    bind_int(s, at[P_OFFICER], r->officer);
    bind_int(s, at[P_OUTBOX], r->outbox);
    bind_text(s, at[P_LETTER], item->chat ? NULL : r->hex); /* as long as a Message-ID */
    bind_text(s, at[P_HEX], item->chat ? NULL : r->hex);
}

/* Returns the first column of the first row; 0 = no row. */
static int64_t run(enum statement which, const struct row *r)
{
    sqlite3_stmt *s = statements[which];
    if (r)
        bind_row(which, r);
    int code = sqlite3_step(s);
    int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        fail(sql[which]);
    sqlite3_reset(s);
    return value;
}

void bare_book_begin(void)
{
    run(BEGIN, NULL);
}

void bare_book_add(const struct bare_item *item)
{
    struct row r = {.item = item};
    crypto_hash_sha256(r.digest, item->raw, item->raw_size);
    sodium_bin2hex(r.hex, sizeof r.hex, r.digest, sizeof r.digest);
    if (run(KNOWN, &r))
        return;
    run(BLOB, &r);
    run(CITIZEN, &r);
    r.citizen = sqlite3_last_insert_rowid(db);
    run(IDENTITY, &r);
    run(SEQUENCE, &r);
    int64_t number = run(NUMBER, &r);
    snprintf(r.number, sizeof r.number, "%03lld/PGD/XI/2026", (long long)number);
    snprintf(r.code, sizeof r.code, "%08X%02X", randombytes_random(), (unsigned)(number & 0xff));
    run(COMPLAINT, &r);
    r.complaint = sqlite3_last_insert_rowid(db);
    run(CLOCK, &r);
    run(MESSAGE, &r);
    run(WORDS, &r);
    run(REFERENCE, &r);
    run(EVENT, &r);
    run(OUTBOX, &r);
    r.outbox = sqlite3_last_insert_rowid(db);
    for (r.officer = 1; r.officer <= 2; r.officer++)
        run(NOTICE, &r);
    run(ARRIVAL, &r);
    if (item->chat) {
        run(CHAT, &r);
        run(HEARD, &r);
        run(CHAT_SENT, &r);
    }
}

void bare_book_commit(void)
{
    run(COMMIT, NULL);
}

void bare_book_close(void)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(db);
}
