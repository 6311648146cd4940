-- The book. Times are milliseconds since 1970-01-01T00:00:00Z (UTC); texts are UTF-8 NFC.
-- Each numbered file is one step from user_version N-1 to N, run in one transaction and never changed after release.

-- What the office edits by itself -------------------------------------------------------------------------------

CREATE TABLE section (
    id      INTEGER PRIMARY KEY,
    key     TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL,
    active  INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE service (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    section_id  INTEGER NOT NULL REFERENCES section (id), -- who answers for it: the first proposal of a disposisi
    active      INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE officer (
    id             INTEGER PRIMARY KEY,
    login          TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    role           TEXT NOT NULL, -- rules/state.h role names
    section_id     INTEGER REFERENCES section (id),
    email          TEXT,
    password_hash  TEXT NOT NULL, -- argon2id, libsodium's string
    must_change    INTEGER NOT NULL DEFAULT 0,
    disabled_at    INTEGER,
    failures       INTEGER NOT NULL DEFAULT 0, -- wrong passwords since the last right one
    locked_until   INTEGER,
    created_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    token_hash  BLOB PRIMARY KEY, -- SHA-256 of the cookie: a stolen book opens no session
    officer_id  INTEGER NOT NULL REFERENCES officer (id),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- People and complaints -----------------------------------------------------------------------------------------

CREATE TABLE citizen (
    id          INTEGER PRIMARY KEY,
    nama        TEXT,
    pekerjaan   TEXT,
    alamat      TEXT,
    email       TEXT,
    phone       TEXT, -- E.164
    created_at  INTEGER NOT NULL
) STRICT;

-- By what a channel knows somebody: ("email", "siti@contoh.example"), ("wa", "6281...@s.whatsapp.net").
CREATE TABLE identity (
    scheme      TEXT NOT NULL,
    value       TEXT NOT NULL,
    citizen_id  INTEGER NOT NULL REFERENCES citizen (id),
    PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_citizen ON identity (citizen_id);

CREATE TABLE register_sequence (
    year  INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT;

CREATE TABLE complaint (
    id               INTEGER PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE, -- register number: 014/PGD/XI/2026
    code             TEXT NOT NULL UNIQUE, -- tracking code without dashes: 7KQMX2R94T
    kind             TEXT NOT NULL,        -- pengaduan | pengaduan_pengawasan | aspirasi | informasi | whistleblowing
    confidentiality  TEXT NOT NULL,        -- biasa | anonim | rahasia
    state            TEXT NOT NULL,        -- rules/state.h
    state_since      INTEGER NOT NULL,
    version          INTEGER NOT NULL DEFAULT 1, -- grows with every change: the optimistic check of forms
    channel          TEXT NOT NULL,        -- by which it came and by which it is answered: email:kantor, gateway:wa, situs, loket, telepon
    reply_to         TEXT,                 -- address on that channel: e-mail address, chat id; NULL = none (tracking page, by mouth)
    citizen_id       INTEGER REFERENCES citizen (id), -- NULL = anonymous without any trace
    service_id       INTEGER REFERENCES service (id),
    section_id       INTEGER REFERENCES section (id), -- since the disposisi
    instruction      TEXT,                 -- of the disposisi
    subject          TEXT NOT NULL,        -- first words, for lists
    place            TEXT,
    occurred         TEXT,                 -- when it happened, in the citizen's words
    received_at      INTEGER NOT NULL,
    due_at           INTEGER,
    answered_at      INTEGER,
    closed_at        INTEGER,
    main_id          INTEGER REFERENCES complaint (id), -- state duplikat: the one it was joined to
    referred_to      TEXT,                 -- state bukan_kewenangan: where, and
    referred_number  TEXT                  -- under which number there
) STRICT;
-- Lists run from the newest id down: an index on one column alone yields its rows in that order.
CREATE INDEX complaint_state ON complaint (state);
-- All that rules/state.c calls open, in its order: complaint_list.c names this very condition.
CREATE INDEX complaint_open ON complaint (id) WHERE state IN ('masuk', 'perlu_dilengkapi', 'diverifikasi', 'diteruskan',
    'didisposisikan', 'ditindaklanjuti', 'menunggu_persetujuan', 'disetujui', 'dibuka_kembali');
CREATE INDEX complaint_section ON complaint (section_id);
CREATE INDEX complaint_citizen ON complaint (citizen_id);
CREATE INDEX complaint_received ON complaint (received_at);
CREATE INDEX complaint_due ON complaint (due_at) WHERE closed_at IS NULL;

-- Every letter, form, chat line, report and note of a complaint, in both directions.
CREATE TABLE message (
    id            INTEGER PRIMARY KEY,    -- complaint_id * 65536 + 1, 2, ...: the full text yields its hits by complaint
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    at            INTEGER NOT NULL,       -- written into the book
    claimed_at    INTEGER,                -- what the sender's machine says
    purpose       TEXT NOT NULL,          -- aduan | tambahan | tanda_terima | pertanyaan | jawaban | laporan | catatan | pemberitahuan
    channel       TEXT NOT NULL,
    officer_id    INTEGER REFERENCES officer (id), -- NULL = the citizen, or the daemon itself for tanda_terima
    author        TEXT NOT NULL,          -- as shown: name of the citizen or officer
    subject       TEXT,
    text          TEXT NOT NULL,          -- whole text
    own_words     TEXT,                   -- without quotes and signature; NULL = same as text
    must_read     TEXT,                   -- "perlu dibaca manual": why the text may be incomplete
    raw_sha256    BLOB REFERENCES blob (sha256) -- the bytes as they came
) STRICT;

-- Content of raw messages and attachments. Small ones here, on the same commit; others in lampiran/ab/cd/.
CREATE TABLE blob (
    sha256  BLOB PRIMARY KEY,
    size    INTEGER NOT NULL,
    data    BLOB -- NULL = in the file
) STRICT;

CREATE TABLE attachment (
    id            INTEGER PRIMARY KEY,
    message_id    INTEGER NOT NULL REFERENCES message (id),
    sha256        BLOB NOT NULL REFERENCES blob (sha256),
    filename      TEXT NOT NULL,
    media_type    TEXT NOT NULL, -- by content
    size          INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_message ON attachment (message_id);
CREATE INDEX attachment_blob ON attachment (sha256);

-- Which complaint a reply belongs to: Message-IDs (e-mail) and message ids (gateways) seen or sent.
CREATE TABLE reference (
    scheme        TEXT NOT NULL, -- "mail", "gateway:NAME"
    value         TEXT NOT NULL,
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    at            INTEGER NOT NULL,
    PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_complaint ON reference (complaint_id, at);

-- What was reported to an officer: his inbox at the desk.
CREATE TABLE notice (
    id            INTEGER PRIMARY KEY,
    officer_id    INTEGER NOT NULL REFERENCES officer (id),
    complaint_id  INTEGER NOT NULL REFERENCES complaint (id),
    kind          TEXT NOT NULL, -- event kind
    at            INTEGER NOT NULL,
    read_at       INTEGER
) STRICT;
CREATE INDEX notice_unread ON notice (officer_id, complaint_id) WHERE read_at IS NULL;

-- Truth about what happened --------------------------------------------------------------------------------------

CREATE TABLE event (
    id            INTEGER PRIMARY KEY, -- without gaps
    complaint_id  INTEGER REFERENCES complaint (id), -- NULL = about the book itself
    at            INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    actor         TEXT NOT NULL, -- "petugas:rina", "pengadu", "sistem"
    data          TEXT NOT NULL, -- JSON object, compact, sorted keys
    prev          BLOB NOT NULL, -- hash of event id-1; 32 zero bytes for the first
    hash          BLOB NOT NULL  -- event.h says over what
) STRICT;
CREATE INDEX event_complaint ON event (complaint_id, id);

-- Every IMAP UID, callback and form has exactly one row here: the ledger.
CREATE TABLE arrival (
    id            INTEGER PRIMARY KEY,
    channel       TEXT NOT NULL,
    external      TEXT NOT NULL, -- unique within the channel: "uidvalidity/uid", message id, or digest
    digest        TEXT,          -- second key where the first can change (mail: Message-ID or SHA-256)
    at            INTEGER NOT NULL,
    outcome       TEXT NOT NULL, -- dibuka | ditambahkan | ganda | diabaikan | dikarantina | dicatat
    reason        TEXT,
    complaint_id  INTEGER REFERENCES complaint (id),
    message_id    INTEGER REFERENCES message (id),
    raw_sha256    BLOB REFERENCES blob (sha256),
    UNIQUE (channel, external)
) STRICT;
CREATE INDEX arrival_digest ON arrival (channel, digest) WHERE digest IS NOT NULL;
CREATE INDEX arrival_at ON arrival (at);

-- Where a channel resumes after a restart, in its own words ("uidvalidity/uid"): everything up to it is in the ledger.
CREATE TABLE bookmark (
    channel  TEXT PRIMARY KEY,
    value    TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY,
    complaint_id  INTEGER REFERENCES complaint (id),
    message_id    INTEGER REFERENCES message (id),
    channel       TEXT NOT NULL,
    purpose       TEXT NOT NULL, -- tanda_terima | pertanyaan | jawaban | pemberitahuan | peristiwa
    payload       TEXT NOT NULL, -- JSON: what the channel needs, complete; nothing is looked up at sending time
    state         TEXT NOT NULL, -- antre | mengirim | diterima | sampai | dibaca | gagal | tidak_pasti
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER NOT NULL, -- due when state = antre
    external      TEXT,             -- what the other side calls it: matches later delivery states
    error         TEXT,             -- last one, for people
    created_at    INTEGER NOT NULL,
    state_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (channel, next_at, id) WHERE state = 'antre';
CREATE INDEX outbox_open ON outbox (channel, state, created_at) WHERE state IN ('antre', 'mengirim', 'gagal', 'tidak_pasti');
CREATE INDEX outbox_complaint ON outbox (complaint_id, id);
CREATE INDEX outbox_external ON outbox (channel, external) WHERE external IS NOT NULL;

-- Full text of what was said, with Indonesian stems as colocated tokens (search.c registers the tokenizer). No triggers
-- keep it in step: with trusted_schema off SQLite refuses virtual tables in them. message.c writes both.
CREATE VIRTUAL TABLE message_text USING fts5 (
    subject, text, content = 'message', content_rowid = 'id', tokenize = 'indonesia'
);

-- First catalogue (after the standards of two offices; the office edits it) ----------------------------------

INSERT INTO section (key, name) VALUES
    ('seksi_pelayanan', 'Seksi Pelayanan'),
    ('seksi_trantib', 'Seksi Ketenteraman dan Ketertiban Umum'),
    ('seksi_pemerintahan', 'Seksi Pemerintahan'),
    ('seksi_kesejahteraan', 'Seksi Kesejahteraan Sosial'),
    ('seksi_pembangunan', 'Seksi Pembangunan dan Pemberdayaan Masyarakat'),
    ('seksi_perekonomian', 'Seksi Perekonomian'),
    ('subbag_umum', 'Subbagian Umum dan Kepegawaian'),
    ('subbag_keuangan', 'Subbagian Perencanaan dan Keuangan');
INSERT INTO service (key, name, section_id)
SELECT v.key, v.name, s.id FROM (
    SELECT 'izin_keramaian' AS key, 'Izin Keramaian' AS name, 'seksi_trantib' AS section
    UNION ALL SELECT 'ikd', 'Aktivasi Identitas Kependudukan Digital', 'subbag_umum'
    UNION ALL SELECT 'dispensasi_nikah', 'Dispensasi Nikah Non Muslim', 'subbag_umum'
    UNION ALL SELECT 'oss_umk', 'OSS-RBA usaha mikro dan kecil', 'seksi_perekonomian'
    UNION ALL SELECT 'pengaduan_masyarakat', 'Pengaduan Masyarakat', 'subbag_umum'
    UNION ALL SELECT 'lainnya', 'Lainnya', 'subbag_umum') v
JOIN section s ON s.key = v.section;
