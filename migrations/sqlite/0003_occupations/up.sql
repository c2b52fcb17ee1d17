-- A classification of occupations, as its user loaded it: names are compared by the texts they resemble.
CREATE TABLE occupations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Empty for the heading of a group.
    definition TEXT NOT NULL
);
