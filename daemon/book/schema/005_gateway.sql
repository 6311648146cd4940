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
