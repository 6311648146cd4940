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

-- Letters that never join the wrong complaint, never loop, and whose fate is known.

-- Own keys, made when the book is: they go with it into backups, since old letters carry their tags.
CREATE TABLE secret (
    name   TEXT PRIMARY KEY, -- "thread": tags of Message-IDs and subjects
    value  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- "mungkin terkait": the complaint that the opening message pointed to without the right to join it.
ALTER TABLE complaint ADD COLUMN related_id INTEGER REFERENCES complaint (id);
CREATE INDEX complaint_main ON complaint (main_id) WHERE main_id IS NOT NULL;
CREATE INDEX complaint_related ON complaint (related_id) WHERE related_id IS NOT NULL;

ALTER TABLE message ADD COLUMN reference TEXT;    -- its own id in the scheme of its channel: moves with it
ALTER TABLE message ADD COLUMN authenticity TEXT; -- asli | tidak_pasti | palsu; NULL = nobody judges it here

ALTER TABLE outbox ADD COLUMN recipient TEXT;     -- address or chat id, for what goes to a citizen
ALTER TABLE outbox ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0; -- no person wrote it
ALTER TABLE outbox ADD COLUMN reply TEXT;         -- last words of the next hop: its queue id
ALTER TABLE outbox ADD COLUMN handled_at INTEGER; -- gagal or tidak_pasti: a person took care of it
CREATE INDEX outbox_automatic ON outbox (recipient, created_at) WHERE automatic = 1;
-- How many letters by e-mail no person wrote, hour by hour: counting them row by row would take longer the more there are.
CREATE TABLE automatic_hour (
    hour     INTEGER PRIMARY KEY, -- since 1970
    letters  INTEGER NOT NULL
) STRICT;
DROP INDEX outbox_external;
CREATE INDEX outbox_external ON outbox (external, channel) WHERE external IS NOT NULL;

-- The same mail may come through two folders or mailboxes.
DROP INDEX arrival_digest;
CREATE INDEX arrival_digest ON arrival (digest, channel) WHERE digest IS NOT NULL;

-- Texts of letters that the office changed; without a row the shipped one is used.
CREATE TABLE reply_text (
    name        TEXT PRIMARY KEY, -- config/replies/NAME.txt
    text        TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    officer_id  INTEGER NOT NULL REFERENCES officer (id)
) STRICT, WITHOUT ROWID;

-- What disturbs the house now: a channel that is away too long. Gone when it is over.
CREATE TABLE alarm (
    key    TEXT PRIMARY KEY, -- channel id
    text   TEXT NOT NULL,    -- for officers
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
