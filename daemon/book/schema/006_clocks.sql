-- When the office works, and until when each complaint has to be answered.

-- Every change of what deadlines are counted with: days, hours, numbers, the zone. Deadlines keep the version they were
-- counted with; those of an older one are counted anew.
CREATE TABLE calendar_version (
    id          INTEGER PRIMARY KEY, -- 1, 2, ... as people read it
    at          INTEGER NOT NULL,
    officer_id  INTEGER REFERENCES officer (id), -- NULL = shipped with the program, or its configuration
    reason      TEXT NOT NULL,
    utc_offset  INTEGER NOT NULL -- minutes
) STRICT;

CREATE TABLE calendar_day (
    id       INTEGER PRIMARY KEY,
    day      INTEGER NOT NULL, -- since 1970-01-01 in the office's zone
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL,    -- libur_nasional | cuti_bersama | libur_daerah
    source   TEXT NOT NULL,    -- bawaan | petugas | impor
    added    INTEGER NOT NULL REFERENCES calendar_version (id),
    removed  INTEGER REFERENCES calendar_version (id) -- NULL = holds
) STRICT;
CREATE UNIQUE INDEX calendar_day_holds ON calendar_day (day) WHERE removed IS NULL;
CREATE INDEX calendar_day_source ON calendar_day (source, day);

-- What the office changed; without a row the shipped value is used (rules/terms.h).
CREATE TABLE term (
    key    TEXT PRIMARY KEY, -- a number's name, or of hours and services: timetable.h
    value  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a complaint.
CREATE TABLE clock (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    version       INTEGER NOT NULL, -- of the calendar it was counted with; 0 = not yet
    started_at    INTEGER NOT NULL, -- of the answer's limits
    promise_at    INTEGER,          -- by working days
    law_at        INTEGER,          -- by calendar days
    given_at      INTEGER,          -- to the section, by the Sekcam
    paused_at     INTEGER,          -- the citizen was asked; NULL = it runs
    told          INTEGER NOT NULL DEFAULT 0, -- rules/deadline.h: the highest reminder
    stage         TEXT,             -- verifikasi | dilengkapi | penutupan; NULL = none
    stage_from    INTEGER,
    stage_due     INTEGER,
    stage_told    INTEGER NOT NULL DEFAULT 0,
    running       INTEGER NOT NULL, -- 1 = something of it is awaited
    next_at       INTEGER           -- when the next step is due; NULL = none
) STRICT;
CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX clock_version ON clock (version) WHERE running = 1;

-- How often and how long a complaint waited for its citizen since its clock began.
CREATE TABLE clock_pause (
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    began_at      INTEGER NOT NULL,
    ended_at      INTEGER NOT NULL,
    PRIMARY KEY (complaint_id, began_at)
) STRICT, WITHOUT ROWID;

-- How an officer wants to be reminded.
ALTER TABLE officer ADD COLUMN remind_mail INTEGER NOT NULL DEFAULT 1; -- where he has an address
ALTER TABLE officer ADD COLUMN remind_phone TEXT;                      -- by WhatsApp, E.164; NULL = not that way

-- What is in the book already gets its limits from the first calendar on. What the Sekcam gave a section stays.
INSERT INTO clock (complaint_id, version, started_at, given_at, paused_at, stage, stage_from, running)
    SELECT id, 0, CASE state WHEN 'dibuka_kembali' THEN state_since ELSE received_at END,
        CASE WHEN section_id IS NOT NULL AND state <> 'dibuka_kembali' THEN due_at END,
        CASE state WHEN 'perlu_dilengkapi' THEN state_since END,
        CASE state WHEN 'masuk' THEN 'verifikasi' WHEN 'perlu_dilengkapi' THEN 'dilengkapi' WHEN 'dijawab' THEN 'penutupan' END,
        state_since, 1
    FROM complaint WHERE state NOT IN ('ditutup', 'bukan_kewenangan', 'duplikat', 'diarsipkan');
