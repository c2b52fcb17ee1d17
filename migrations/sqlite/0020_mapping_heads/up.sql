-- The keys of all columns of the head, one a line: a head that is nearly the same is read the same way.
ALTER TABLE column_mappings ADD COLUMN head TEXT;
