-- A name that somebody looked at and that means no skill; NULL = it waits to be mapped.
ALTER TABLE unmapped_names ADD COLUMN ignored_at TIMESTAMP;
