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
