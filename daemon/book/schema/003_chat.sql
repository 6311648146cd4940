-- Chats: what the desk remembers of a conversation by WhatsApp and its like, and how the citizen judged the answer.

CREATE TABLE chat (
    channel       TEXT NOT NULL,
    address       TEXT NOT NULL, -- the chat's id on that channel: where answers go
    citizen_id    INTEGER REFERENCES citizen (id),
    complaint_id  INTEGER REFERENCES complaint (id), -- the one that is being completed; NULL = none
    asked         TEXT,          -- isi | nama | pekerjaan | alamat | salam: what waits for an answer
    asked_at      INTEGER,
    asked_times   INTEGER NOT NULL DEFAULT 0, -- how often that was asked
    skipped       INTEGER NOT NULL DEFAULT 0, -- bit set of the fields he does not want to tell
    nama          TEXT,          -- as told in this chat: what the profile of a telephone says is not it
    pekerjaan     TEXT,
    alamat        TEXT,
    anonym        INTEGER NOT NULL DEFAULT 0, -- 1 = does not want to be named, in what he reports next too
    finished      INTEGER NOT NULL DEFAULT 1, -- 1 = nothing more is asked about complaint_id
    anew          INTEGER NOT NULL DEFAULT 0, -- 1 = "aduan baru": the next word opens another complaint
    heard_at      INTEGER NOT NULL,
    wake_at       INTEGER,       -- when the desk goes on by itself; NULL = when he writes
    person_at     INTEGER,       -- asked for a person, and nobody has taken it up yet
    rating_id     INTEGER REFERENCES complaint (id), -- the answered complaint whose judgement is awaited
    rated_at      INTEGER,
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_wake ON chat (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX chat_person ON chat (person_at) WHERE person_at IS NOT NULL;

-- One question after an answer (1 not satisfied ... 4 very satisfied): not a Survei Kepuasan Masyarakat.
CREATE TABLE rating (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    value         INTEGER NOT NULL CHECK (value BETWEEN 1 AND 4),
    comment       TEXT,
    channel       TEXT NOT NULL,
    at            INTEGER NOT NULL
) STRICT;
