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
