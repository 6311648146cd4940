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
