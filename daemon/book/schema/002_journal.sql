-- What was written, one row a COMMIT, chained by hash, so that no row of any table can be changed, removed or added
-- quietly (journal.h). Rows that stood here before this step are sealed by it as they are.
CREATE TABLE journal (
    id      INTEGER PRIMARY KEY, -- without gaps
    at      INTEGER NOT NULL,
    writes  BLOB NOT NULL, -- table, key and digest of each row that was written
    hash    BLOB NOT NULL  -- over the hash of id-1 (32 zero bytes for the first), id, at, SHA-256 of writes
) STRICT;

-- What looking through the whole book found: nightly, and by command while the daemon runs. The newest ones are kept.
CREATE TABLE inspection (
    id        INTEGER PRIMARY KEY,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    head      BLOB,            -- hash of the newest row of the journal that was compared
    fault     TEXT             -- the first one, for people; NULL = the book is whole
) STRICT;
