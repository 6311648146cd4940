-- What everybody may read of a finished complaint: a copy that an officer made and looked at, never the original words.
-- A row that is withdrawn stays, so that it can be published again.
CREATE TABLE publication (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    title         TEXT NOT NULL,
    problem       TEXT NOT NULL,
    result        TEXT NOT NULL,
    place         TEXT,             -- kelurahan or the like, never an address
    working_days  INTEGER NOT NULL, -- from receipt to answer
    published_at  INTEGER NOT NULL, -- the first time
    changed_at    INTEGER NOT NULL,
    withdrawn_at  INTEGER,          -- NULL = public
    officer_id    INTEGER NOT NULL REFERENCES officer (id) -- who did the last of it
) STRICT;
CREATE INDEX publication_public ON publication (published_at) WHERE withdrawn_at IS NULL;
