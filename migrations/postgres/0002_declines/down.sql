ALTER TABLE declines DROP CONSTRAINT declines_reason_check;
ALTER TABLE declines DROP COLUMN note_cipher;
