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

-- Chats through gateways: files that are still to be fetched, states that come before the answer they are about, when
-- somebody was last heard, and people who may be one and the same.

-- A file that a gateway keeps for us, for some minutes or days. Written with the message it belongs to, so that neither a
-- crash nor a gateway that is away loses it.
CREATE TABLE media (
    id             INTEGER PRIMARY KEY,
    message_id     INTEGER NOT NULL REFERENCES message (id),
    complaint_id   INTEGER NOT NULL REFERENCES complaint (id),
    channel        TEXT NOT NULL,
    request        TEXT NOT NULL, -- JSON: what the channel needs to find it again
    filename       TEXT NOT NULL, -- as the sender called it, or a word for its kind
    state          TEXT NOT NULL, -- antre | mengambil | selesai | gagal
    attempts       INTEGER NOT NULL DEFAULT 0,
    next_at        INTEGER NOT NULL, -- due when state = antre
    error          TEXT,             -- last one, for people
    created_at     INTEGER NOT NULL,
    state_at       INTEGER NOT NULL,
    attachment_id  INTEGER REFERENCES attachment (id) -- since selesai
) STRICT;
CREATE INDEX media_due ON media (channel, next_at, id) WHERE state = 'antre';
CREATE INDEX media_complaint ON media (complaint_id, id);
CREATE INDEX media_open ON media (channel, state, created_at) WHERE state <> 'selesai';

-- Where a photograph says it was taken (EXIF), in millionths of a degree. For officers; never in what is published.
ALTER TABLE attachment ADD COLUMN latitude INTEGER;
ALTER TABLE attachment ADD COLUMN longitude INTEGER;

-- A state told of something we do not know yet: the gateway's answer to the sending may come after it. Kept for a day.
CREATE TABLE delivery_early (
    channel   TEXT NOT NULL,
    external  TEXT NOT NULL,
    state     TEXT NOT NULL, -- sampai | dibaca | gagal
    error     TEXT,
    closed    INTEGER NOT NULL, -- 1 = gagal because free text is not allowed any more: another way may be open
    at        INTEGER NOT NULL,
    PRIMARY KEY (channel, external, state)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_early_at ON delivery_early (at);

-- A second name by which a gateway tells later states of the same thing (Fonnte's stateid).
CREATE TABLE delivery_alias (
    channel   TEXT NOT NULL,
    alias     TEXT NOT NULL,
    external  TEXT NOT NULL, -- outbox.external
    at        INTEGER NOT NULL,
    PRIMARY KEY (channel, alias)
) STRICT, WITHOUT ROWID;

-- When a chat's citizen was last heard: Meta lets an office write freely for 24 hours only.
CREATE TABLE heard (
    channel  TEXT NOT NULL,
    address  TEXT NOT NULL, -- chat id
    at       INTEGER NOT NULL,
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;

-- Two people of the book seen with one another's identity in one event. Nobody is joined by that: an officer decides.
CREATE TABLE same_person (
    citizen_id  INTEGER NOT NULL REFERENCES citizen (id), -- the smaller id
    other_id    INTEGER NOT NULL REFERENCES citizen (id),
    channel     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    decided_at  INTEGER, -- joined, or told apart, by
    officer_id  INTEGER REFERENCES officer (id),
    PRIMARY KEY (citizen_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX same_person_other ON same_person (other_id);

-- What was queued for a chat: for states without ids, and to count what no person wrote.
CREATE TABLE chat_sent (
    outbox_id  INTEGER PRIMARY KEY REFERENCES outbox (id),
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL, -- chat id
    automatic  INTEGER NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_sent_address ON chat_sent (channel, address, at);
CREATE INDEX chat_sent_at ON chat_sent (channel, at);
