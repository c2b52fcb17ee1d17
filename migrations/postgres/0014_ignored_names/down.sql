ALTER TABLE unmapped_names DROP COLUMN ignored_at;
