/* How a row of the book becomes a digest, and which tables are sealed: all but the journal itself and what SQLite and
 * FTS5 keep for themselves. A new table is sealed from its first row on, without a word here.
 *
 * digest = BLAKE2b, 16 bytes, over the table's name and every value that is not NULL: column number (1 byte), type (1),
 * length (4, big-endian), bytes; whole numbers as 8 bytes big-endian. NULL leaves no trace, so that a schema step may add
 * a column without a default. Half the usual length is enough: nobody profits from two contents of one digest, he would
 * need a second content for a digest that is given. The content of a blob is left out: its key is its SHA-256. */
#ifndef BOOK_SEALED_H
#define BOOK_SEALED_H

#include "book.h"

struct sqlite3_value;

enum { SEAL_SIZE = 16, SEALED_TABLES = 96, SEALED_COLUMNS = 64, SEALED_KEYS = 4, SEALED_NAME_SIZE = 64 };

struct sealed_table {
    char name[SEALED_NAME_SIZE];
    int column_count;
    int keys[SEALED_KEYS]; /* columns of the primary key */
    int key_count;
    char key_names[192]; /* "a", "b" */
    bool integer_key;    /* it is one whole number: the rowid */
    int place_column;    /* that tells the complaint a row belongs to; -1 = none */
    int64_t place_share; /* the complaint's id is the value divided by this */
    int left_out;        /* column; -1 = none */
    bool once; /* what was said and what came: never changed or removed without an event in the same COMMIT */
    /* to see what a schema step did to it */
    unsigned char columns[SEALED_COLUMNS][SEAL_SIZE];
    bool has_default[SEALED_COLUMNS];
};

struct sealed_tables {
    struct sealed_table list[SEALED_TABLES]; /* by name */
    int count;
};

/* Without what cannot be sealed (no primary key, too many columns): no schema step makes such a table (a test holds
 * that), and one that a stranger made is named by verify_schema(). */
enum outcome sealed_load(struct book_txn *txn, struct sealed_tables *ret, struct fault *fault);
const struct sealed_table *sealed_find(
    const struct sealed_tables *tables, const char *name); /* NULL = not sealed */

/* Whether the rows of before have the same digests in after. */
bool sealed_kept(const struct sealed_table *before, const struct sealed_table *after);

struct seal {
    unsigned char key[SEAL_SIZE];
    int key_size;  /* 8: the whole number, big-endian; 16: digest of the key's values */
    int64_t place; /* id of the complaint; 0 = of none */
    bool gone;
    bool anew;                       /* a schema step sealed it as it was found */
    unsigned char digest[SEAL_SIZE]; /* zeros when it is gone */
};

typedef struct sqlite3_value *sealed_value(void *arg, int column); /* NULL = no memory */

/* False when a value could not be had. */
bool seal_row(const struct sealed_table *table, sealed_value *value, void *arg, struct seal *ret);
bool seal_key(
    const struct sealed_table *table, sealed_value *value, void *arg, struct seal *ret); /* key, place */

/* "SELECT * FROM table [WHERE key > ...] ORDER BY key"; with from_key the parameters are the last row's key values. */
enum { SEALED_SQL_SIZE = 768 };
void sealed_select(const struct sealed_table *table, bool from_key, char out[SEALED_SQL_SIZE]);

#endif
