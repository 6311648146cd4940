-- What the office sets by itself beside officers, sections and services: its letterhead, and how its people log in.
CREATE TABLE setting (
    name        TEXT PRIMARY KEY, -- setting.h
    value       TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    officer_id  INTEGER NOT NULL REFERENCES officer (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE picture (
    name        TEXT PRIMARY KEY, -- "logo"
    media_type  TEXT NOT NULL,    -- by content
    data        BLOB NOT NULL,
    changed_at  INTEGER NOT NULL,
    officer_id  INTEGER NOT NULL REFERENCES officer (id)
) STRICT;

-- Within how many working days the office promises the service itself (standar pelayanan); NULL = not told.
ALTER TABLE service ADD COLUMN promised_days INTEGER;

-- The second step of a login: six digits that a telephone makes of a secret and the time (RFC 6238).
CREATE TABLE totp (
    officer_id    INTEGER PRIMARY KEY REFERENCES officer (id),
    secret        BLOB NOT NULL,
    confirmed_at  INTEGER,         -- NULL = shown, but no code of it was seen yet
    last_step     INTEGER NOT NULL -- the newest one whose code was taken: none is taken twice
) STRICT;

-- For the day on which the telephone is away. Each opens once.
CREATE TABLE recovery_code (
    officer_id  INTEGER NOT NULL REFERENCES officer (id),
    hash        BLOB NOT NULL, -- SHA-256: the codes have 79 random bits
    used_at     INTEGER,
    PRIMARY KEY (officer_id, hash)
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN pending INTEGER; -- 1 = the password was right, the second step is awaited
ALTER TABLE session ADD COLUMN seen_at INTEGER; -- to within some minutes
ALTER TABLE session ADD COLUMN peer TEXT;       -- address and browser, for the one who looks at his own list
ALTER TABLE session ADD COLUMN agent TEXT;

-- Who looked at whose name: few among millions, and asked for by themselves.
CREATE INDEX event_looked ON event (id) WHERE kind IN ('lihat_identitas', 'lihat_kontak');

-- Programs that may use /api/v1 as one officer.
CREATE TABLE api_token (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,        -- what the program is for
    hash        BLOB NOT NULL,        -- SHA-256 of the token: a stolen book opens nothing
    officer_id  INTEGER NOT NULL REFERENCES officer (id),
    scopes      INTEGER NOT NULL,     -- api_token.h
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL REFERENCES officer (id),
    expires_at  INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT;
CREATE INDEX api_token_hash ON api_token (hash);

-- What was answered to an Idempotency-Key, for a day: the same request again has no second effect.
CREATE TABLE api_request (
    token_id  INTEGER NOT NULL REFERENCES api_token (id),
    key       TEXT NOT NULL,
    digest    BLOB NOT NULL, -- SHA-256 of path and body
    answer    TEXT NOT NULL, -- JSON
    version   INTEGER NOT NULL, -- for its ETag
    at        INTEGER NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_request_at ON api_request (at);
