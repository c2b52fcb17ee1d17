-- What people said of the columns and words of imported files, so that they say it once. Titles and words of lists only.
CREATE TABLE column_mappings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- The head of the file, as it is known again.
    fingerprint TEXT NOT NULL,
    column_key TEXT NOT NULL,
    -- NULL: the column is kept in the note.
    field TEXT,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (fingerprint, column_key)
);

CREATE TABLE word_mappings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    field TEXT NOT NULL,
    word TEXT NOT NULL,
    -- A word of the field's list.
    meaning TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (field, word)
);
