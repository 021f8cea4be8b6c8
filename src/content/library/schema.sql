-- content.db, forms 2 and 3. Written once, then only read. `data` is the JSON of the struct in content/model.rs;
-- the columns beside it repeat what lists show, so that opening a library parses no page.

-- Beside `pack` and `commune`, whole lists that are short: `topics`, `notices`, `recordings`.
CREATE TABLE pack (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sections (position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;

CREATE TABLE pages (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    title_en TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    steps INTEGER,              -- of a guide
    minutes INTEGER,            -- to read, of an article
    english INTEGER NOT NULL,   -- 1 where the whole page can be read in English, otherwise 0
    data TEXT NOT NULL,         -- last, so that reading the cards doesn't touch its overflow pages
    CHECK ((steps IS NULL) <> (minutes IS NULL))
) STRICT;

CREATE TABLE quizzes (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    count INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE programmes (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    month INTEGER NOT NULL,     -- first day, as days since 0000-12-31
    minutes INTEGER NOT NULL,
    audio TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE events (position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;

CREATE TABLE synonyms (position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;

CREATE TABLE media (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
