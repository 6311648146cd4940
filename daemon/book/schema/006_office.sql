-- What an office works with beside its complaints. Five parts that came with one version: clocks, settings, rules, what is
-- published, and the indexes of the desk.

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

-- What the rules learn of the book and how they are kept.

-- By what complaints are compared with one another (rules/alike.h); one row for each that was looked at, in order.
CREATE TABLE alike_words (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    words         INTEGER NOT NULL, -- of its text that carry meaning
    sketch        BLOB NOT NULL,    -- keys, 4 bytes each
    place         TEXT,
    service       TEXT              -- key; NULL = none that says something
) STRICT;

-- "mungkin sama": suggested to officers. That it was so is seen in the complaint, which is joined then.
CREATE TABLE alike (
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id), -- the later one
    other_id      INTEGER NOT NULL REFERENCES complaint (id),
    points        INTEGER NOT NULL,
    reasons       TEXT NOT NULL, -- one a line, for officers
    at            INTEGER NOT NULL,
    decided_at    INTEGER,       -- told apart by
    officer_id    INTEGER REFERENCES officer (id),
    PRIMARY KEY (complaint_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alike_other ON alike (other_id);

-- The rule file as the office edits it: the newest row is in force. Nothing is ever taken out.
CREATE TABLE rule_version (
    id          INTEGER PRIMARY KEY,
    text        TEXT,             -- NULL = the file of the configuration again
    note        TEXT NOT NULL,    -- what was changed, in the words of who did
    at          INTEGER NOT NULL,
    officer_id  INTEGER NOT NULL REFERENCES officer (id)
) STRICT;

-- Survei Kepuasan Masyarakat (Permenpan RB 14/2017): one row a form, without a name. The one question after a complaint is
-- another thing (rating).
CREATE TABLE skm_form (
    id          INTEGER PRIMARY KEY,
    sent        TEXT NOT NULL UNIQUE, -- by which a form that is sent again is known
    at          INTEGER NOT NULL,
    way         TEXT NOT NULL,        -- tautan | kertas
    service     TEXT,                 -- key
    gender      TEXT,                 -- L | P
    age         INTEGER,
    education   TEXT,                 -- keys of web/skm_page.c
    job         TEXT,
    u1          INTEGER CHECK (u1 BETWEEN 1 AND 4), -- NULL = left blank
    u2          INTEGER CHECK (u2 BETWEEN 1 AND 4),
    u3          INTEGER CHECK (u3 BETWEEN 1 AND 4),
    u4          INTEGER CHECK (u4 BETWEEN 1 AND 4),
    u5          INTEGER CHECK (u5 BETWEEN 1 AND 4),
    u6          INTEGER CHECK (u6 BETWEEN 1 AND 4),
    u7          INTEGER CHECK (u7 BETWEEN 1 AND 4),
    u8          INTEGER CHECK (u8 BETWEEN 1 AND 4),
    u9          INTEGER CHECK (u9 BETWEEN 1 AND 4),
    suggestion  TEXT,
    officer_id  INTEGER REFERENCES officer (id) -- who typed it in from paper
) STRICT;
CREATE INDEX skm_form_at ON skm_form (at);

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

-- What the officers' desk counts and lists at every look.

-- A new complaint has no section yet and needs no row here.
DROP INDEX complaint_section;
CREATE INDEX complaint_section ON complaint (section_id) WHERE section_id IS NOT NULL;

-- All that rules/state.c calls open, state by state in the order in which it is due: complaint_list.c and workload.c name
-- this very condition. Who only counts or sorts needs no row.
CREATE INDEX complaint_desk ON complaint (state, due_at, section_id, confidentiality) WHERE state IN ('masuk', 'perlu_dilengkapi',
    'diverifikasi', 'diteruskan', 'didisposisikan', 'ditindaklanjuti', 'menunggu_persetujuan', 'disetujui', 'dibuka_kembali');
-- Answered today, this month, and whether in time.
CREATE INDEX complaint_answered ON complaint (answered_at, due_at) WHERE answered_at IS NOT NULL;
-- What of one kind an officer was told and has not looked at; of new complaints the desk has lists of its own.
CREATE INDEX notice_unread_kind ON notice (officer_id, kind, complaint_id) WHERE read_at IS NULL AND kind <> 'masuk';
-- The same by age: the newest of many without sorting them all.
CREATE INDEX notice_unread_newest ON notice (officer_id) WHERE read_at IS NULL;

-- Files of mail that was set aside, for the day on which an officer makes a complaint of it. Columns as attachment's.
CREATE TABLE set_aside_file (
    id          INTEGER PRIMARY KEY,
    arrival_id  INTEGER NOT NULL REFERENCES set_aside (arrival_id),
    sha256      BLOB NOT NULL REFERENCES blob (sha256),
    filename    TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    size        INTEGER NOT NULL,
    latitude    INTEGER,
    longitude   INTEGER
) STRICT;
CREATE INDEX set_aside_file_arrival ON set_aside_file (arrival_id);
CREATE INDEX set_aside_file_blob ON set_aside_file (sha256);

-- Desk: what an officer did and may take back; several complaints at once; sections that help.

-- The last act with a complaint, for as long as it may be taken back (rules/undo.h). What it did stays in the history.
CREATE TABLE undo (
    complaint_id   INTEGER PRIMARY KEY REFERENCES complaint (id),
    officer_id     INTEGER NOT NULL REFERENCES officer (id),
    kind           TEXT NOT NULL,    -- of its event
    version        INTEGER NOT NULL, -- of the complaint right after it
    at             INTEGER NOT NULL,
    on_page        INTEGER NOT NULL, -- 1 = the citizen reads of it on the tracking page, and no letter goes
    earlier        TEXT NOT NULL,    -- JSON: what it changed in the complaint and its clock, as it was before
    message_after  INTEGER NOT NULL, -- rows that came with it: ids above this one up to
    message_last   INTEGER NOT NULL,
    outbox_after   INTEGER NOT NULL,
    outbox_last    INTEGER NOT NULL,
    notice_after   INTEGER NOT NULL,
    notice_last    INTEGER NOT NULL
) STRICT;
CREATE INDEX undo_at ON undo (at);

ALTER TABLE message ADD COLUMN withdrawn_at INTEGER; -- its letter never left: only the house still reads it

-- Sections that help the one that answers for a complaint (complaint.section_id). A row that ended stays.
CREATE TABLE assistance (
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    section_id    INTEGER NOT NULL REFERENCES section (id),
    given_at      INTEGER NOT NULL, -- the last time
    reported_at   INTEGER,          -- since then
    ended_at      INTEGER,          -- NULL = it helps
    PRIMARY KEY (complaint_id, section_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX assistance_helps ON assistance (section_id, complaint_id) WHERE ended_at IS NULL;

-- What an officer asks of the register again and again; his own, and nobody else's business.
CREATE TABLE saved_filter (
    id          INTEGER PRIMARY KEY,
    officer_id  INTEGER NOT NULL REFERENCES officer (id),
    name        TEXT NOT NULL,
    query       TEXT NOT NULL, -- of /buku, without "?"
    UNIQUE (officer_id, name)
) STRICT;

-- Rights over personal data (UU 27/2022), retention, compensation.

-- What a citizen asked of his data, by the complaint through which the book knows him.
CREATE TABLE rights_request (
    id            INTEGER PRIMARY KEY,
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    right         TEXT NOT NULL,    -- akses | koreksi | henti | hapus (rules/rights.h)
    way           TEXT NOT NULL,    -- how he asked: situs | loket | telepon | surat | pesan
    state         TEXT NOT NULL,    -- rules/rights.h
    words         TEXT,             -- his own; NULL = none, or taken out
    asked_at      INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    recorded_by   INTEGER REFERENCES officer (id), -- NULL = he himself, on his tracking page
    told          INTEGER NOT NULL DEFAULT 0,      -- 1 = the office was reminded that its time is nearly over
    decided_at    INTEGER,
    decided_by    INTEGER REFERENCES officer (id),
    reason        TEXT,             -- of a refusal: rules/rights.h
    answer        TEXT,             -- what he was told; NULL = nothing yet, or taken out
    ended_at      INTEGER
) STRICT;
CREATE INDEX rights_request_complaint ON rights_request (complaint_id, id);
CREATE INDEX rights_request_open ON rights_request (due_at) WHERE ended_at IS NULL;

-- A complaint whose data are used no further, or from which all that tells who complained was taken out.
CREATE TABLE privacy (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    halted_at     INTEGER,
    forgotten_at  INTEGER
) STRICT;

-- What is proposed to the Camat to be made nameless: once a month by age, or one complaint because its citizen asks for it.
CREATE TABLE forget_list (
    id           INTEGER PRIMARY KEY,
    basis        TEXT NOT NULL,    -- retensi | permintaan
    request_id   INTEGER REFERENCES rights_request (id),
    proposed_at  INTEGER NOT NULL,
    state        TEXT NOT NULL,    -- diajukan | disetujui | ditolak | selesai
    decided_at   INTEGER,
    officer_id   INTEGER REFERENCES officer (id), -- the Camat
    note         TEXT,             -- his
    ended_at     INTEGER,
    merged_at    INTEGER           -- since then the full text holds no rest of its words either
) STRICT;
CREATE INDEX forget_list_open ON forget_list (state) WHERE ended_at IS NULL;
CREATE INDEX forget_list_unmerged ON forget_list (id) WHERE ended_at IS NOT NULL AND merged_at IS NULL;
CREATE TABLE forget_item (
    list_id       INTEGER NOT NULL REFERENCES forget_list (id),
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    done_at       INTEGER,
    kept          TEXT,            -- why it was left alone after all; NULL = it was not
    PRIMARY KEY (list_id, complaint_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX forget_item_complaint ON forget_item (complaint_id);

-- Which acts took something out, and by whose word: few among millions, and all that was destroyed needs one.
CREATE INDEX event_forgotten ON event (at) WHERE kind IN ('lupakan', 'hapus_disetujui');

-- Content that was destroyed. Digest and size stay: they prove that it was there, and not what it was.
ALTER TABLE blob ADD COLUMN emptied_at INTEGER;

-- Who was told an answer by word of mouth: a name, which the history must not hold.
ALTER TABLE message ADD COLUMN told_to TEXT;

-- Kotak saran, letters and SP4N-LAPOR!: what did not come by a channel of the daemon's own.

-- Number and date it has elsewhere: of the letter, or of the case at SP4N-LAPOR!. One row a complaint that has it.
CREATE TABLE origin (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    number        TEXT,   -- NULL = only dated
    dated         INTEGER -- days since 1970; NULL = not told
) STRICT;

-- The box was opened, by an officer before a witness, also when it was empty. One row an opening.
CREATE TABLE box_opening (
    id          INTEGER PRIMARY KEY,
    sent        TEXT NOT NULL UNIQUE, -- by which a form that is sent again is known
    day         INTEGER NOT NULL,     -- since 1970 in the office's zone
    place       TEXT,                 -- which box; NULL = the only one
    witness     TEXT NOT NULL,
    counted     INTEGER NOT NULL,     -- slips in it, before one was read
    officer_id  INTEGER NOT NULL REFERENCES officer (id),
    at          INTEGER NOT NULL,
    closed_at   INTEGER,              -- all slips are in the book; NULL = not yet
    difference  TEXT                  -- why not as many were entered as counted; NULL = as many were
) STRICT;

CREATE TABLE box_slip (
    opening_id    INTEGER NOT NULL REFERENCES box_opening (id),
    nth           INTEGER NOT NULL, -- 1, 2, ...
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    PRIMARY KEY (opening_id, nth)
) STRICT, WITHOUT ROWID;

-- What was learnt from the dispositions: the suggestion beside the rules (rules/learn.h). The newest row is in use.
CREATE TABLE learnt (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    cases  INTEGER NOT NULL, -- it was learnt from
    sure   INTEGER NOT NULL, -- how many of them it would have told rightly
    bytes  BLOB              -- NULL = too few cases, or an older row
) STRICT;

-- Where events are sent to other systems (docs/webhook-keluar.md), and how the last tries went.
CREATE TABLE webhook (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL,
    url            TEXT NOT NULL,
    secret         TEXT NOT NULL,    -- what is sent is signed with it
    kinds          TEXT NOT NULL,    -- of events, between blanks: " masuk jawab "
    created_at     INTEGER NOT NULL,
    officer_id     INTEGER NOT NULL REFERENCES officer (id),
    failing_since  INTEGER,          -- the first try that failed since one went well; NULL = none
    paused_at      INTEGER,          -- nothing is sent; NULL = it works
    removed_at     INTEGER
) STRICT;

CREATE TABLE webhook_try (
    id          INTEGER PRIMARY KEY,
    webhook_id  INTEGER NOT NULL REFERENCES webhook (id),
    at          INTEGER NOT NULL,
    kind        TEXT NOT NULL,       -- of the event
    good        INTEGER NOT NULL,    -- 1 = it was taken
    text        TEXT NOT NULL        -- what was answered, or why not
) STRICT;
CREATE INDEX webhook_try_of ON webhook_try (webhook_id, id);

-- public: what everybody is shown.

-- Which places there are, and what was published of each: few rows, written when a person publishes one.
CREATE INDEX publication_place ON publication (place, published_at) WHERE withdrawn_at IS NULL AND place IS NOT NULL;
-- Judgements of a day or a month, for the Kasi and the Camat: a row when a citizen judges.
CREATE INDEX rating_at ON rating (at, value);

-- What those who watch were told at a set hour, as it was counted then: for the Kasi each working day, for the Sekcam each week.
CREATE TABLE sheet (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,    -- harian | mingguan
    day      INTEGER NOT NULL, -- for which it was due, since 1970-01-01 in the office's zone
    from_at  INTEGER NOT NULL, -- where the one before it ended
    at       INTEGER NOT NULL,
    data     TEXT NOT NULL,    -- desk/oversight.h
    UNIQUE (kind, day)
) STRICT;

-- What a citizen got because the office did him wrong.
CREATE TABLE compensation (
    complaint_id  INTEGER PRIMARY KEY REFERENCES complaint (id),
    what          TEXT NOT NULL,
    way           TEXT NOT NULL,    -- diantar | diambil
    day           INTEGER NOT NULL, -- since 1970-01-01 in the office's zone
    receiver      TEXT,
    message_id    INTEGER NOT NULL REFERENCES message (id), -- that has the proof
    officer_id    INTEGER NOT NULL REFERENCES officer (id),
    at            INTEGER NOT NULL
) STRICT;

-- Files in which a scanner found something: kept, and given to nobody. How far it is stands among the bookmarks.
CREATE TABLE attachment_found (
    attachment_id  INTEGER PRIMARY KEY REFERENCES attachment (id),
    found          TEXT NOT NULL, -- as the scanner calls it
    at             INTEGER NOT NULL
) STRICT;

-- A formal request for public information (UU 14/2008) has its own limit, which may be longer once, for a reason.
ALTER TABLE clock ADD COLUMN formal_at INTEGER;   -- it is one since then; NULL = it is none
ALTER TABLE clock ADD COLUMN extended_at INTEGER; -- NULL = not yet
ALTER TABLE officer ADD COLUMN remind_mqtt INTEGER NOT NULL DEFAULT 0;
