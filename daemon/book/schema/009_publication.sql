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

-- What reports ask of the history, one row a complaint that has it (figures.c writes it with the event): looking it up for
-- each of a year's complaints took twenty seconds at 100,000.
CREATE TABLE handling (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    judged_at     INTEGER, -- an officer did the first thing with it
    reopened_at   INTEGER, -- the last time
    archived_as   TEXT     -- ditarik | tidak_lengkap | lain: the last time
) STRICT;
INSERT INTO handling (complaint_id, judged_at, reopened_at, archived_as)
    SELECT c.id, min(CASE WHEN e.kind <> 'buka_kembali' AND e.actor GLOB '*:*' THEN e.at END),
        max(CASE WHEN e.kind = 'buka_kembali' THEN e.at END),
        (SELECT CASE WHEN a.actor = 'pengadu' THEN 'ditarik'
                WHEN json_extract(a.data, '$.from') = 'perlu_dilengkapi' THEN 'tidak_lengkap' ELSE 'lain' END
            FROM event a WHERE a.complaint_id = c.id AND a.kind = 'arsipkan' ORDER BY a.id DESC LIMIT 1)
    FROM complaint c JOIN event e ON e.complaint_id = c.id
    WHERE e.kind IN ('verifikasi', 'tanya', 'teruskan', 'rujuk', 'gabung', 'arsipkan', 'buka_kembali') GROUP BY c.id;
