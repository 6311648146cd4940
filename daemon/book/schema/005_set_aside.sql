-- What came in and opened nothing, so that a person can look at it: mass mail may be a citizen's, and a machine's answer
-- may be a person's after all. One row beside the ledger's.
CREATE TABLE set_aside (
    arrival_id    INTEGER PRIMARY KEY REFERENCES arrival (id),
    must_look     INTEGER NOT NULL, -- 1 = dikarantina: waits until somebody has looked
    name          TEXT,             -- of the sender, as he writes it
    email         TEXT,
    reply_to      TEXT,
    subject       TEXT,
    words         TEXT NOT NULL,    -- his own, cut; all of it is in the raw bytes
    cut           INTEGER NOT NULL, -- 1 = there is more than `words`: the rest of it, or files
    reference     TEXT,             -- Message-ID
    authenticity  TEXT,             -- as message.authenticity
    looked_at     INTEGER,
    officer_id    INTEGER REFERENCES officer (id)
) STRICT;
CREATE INDEX set_aside_waiting ON set_aside (arrival_id) WHERE must_look = 1 AND looked_at IS NULL;
-- What was set aside before: only its raw bytes tell more.
INSERT INTO set_aside (arrival_id, must_look, words, cut)
    SELECT id, outcome = 'dikarantina', '', 1 FROM arrival WHERE raw_sha256 IS NOT NULL AND complaint_id IS NULL
        AND (outcome = 'dikarantina' OR (outcome = 'diabaikan' AND channel GLOB 'email:*' AND reason IS NOT 'surat kami sendiri'));
