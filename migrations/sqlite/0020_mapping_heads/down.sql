ALTER TABLE column_mappings DROP COLUMN head;
