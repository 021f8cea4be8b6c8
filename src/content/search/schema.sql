-- The search tables of content.db. Text is folded (lower case, no marks, d for đ) unless it is shown.

-- What can be found, in the order in which equal hits are shown.
CREATE TABLE search_entries (
    id INTEGER PRIMARY KEY,     -- from 1, without gaps
    kind TEXT NOT NULL,         -- page, quiz, programme
    target TEXT NOT NULL,       -- its id
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    folded_title TEXT NOT NULL,
    folded_body TEXT NOT NULL,  -- line by line as the body: reading it is what finds the line to show
    body TEXT NOT NULL          -- one line a paragraph; last, so that reading a title doesn't touch its overflow pages
) STRICT;

CREATE INDEX search_titles ON search_entries (folded_title);

-- The keywords of pages, as typed whole. form: folded; slip (as mistyped). And how they are written, for marks that were typed: 'marked 7' has all of
-- entry 7, one a line, 'phrase' a phrase of the synonym group in the place of the entry, and 'marked', with nothing, says that these are there: earlier packs
-- have none, and are searched without.
CREATE TABLE search_keywords (
    form TEXT NOT NULL,
    keyword TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (form, keyword, entry)
) STRICT, WITHOUT ROWID;

-- Which entries a word stands in, and where. form: folded; toned (title words with their tones); slip (as mistyped).
-- Words of the first one or two letters followed by a star stand for all words that begin so.
CREATE TABLE search_words (
    form TEXT NOT NULL,
    word TEXT NOT NULL,
    places BLOB NOT NULL,       -- see places.rs
    PRIMARY KEY (form, word)
) STRICT, WITHOUT ROWID;

-- The phrases of each synonym group, and where any of them stands.
CREATE TABLE search_phrases (phrase TEXT NOT NULL, synonyms INTEGER NOT NULL) STRICT;

CREATE TABLE search_synonyms (id INTEGER PRIMARY KEY, places BLOB NOT NULL) STRICT;

-- For people with sqlite3, and to test against; the kiosk itself doesn't ask it (see search.rs):
-- SELECT e.title FROM search_text t JOIN search_entries e ON e.id = t.rowid WHERE search_text MATCH 'bang lai';
CREATE VIRTUAL TABLE search_text USING fts5 (title, summary, body, content = '', tokenize = 'unicode61 remove_diacritics 0');
