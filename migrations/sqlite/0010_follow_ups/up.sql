-- Whether somebody is still in a job one, three and six months after it began, as somebody asked.
CREATE TABLE follow_ups (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    spell_id BIGINT NOT NULL REFERENCES employment_spells (id),
    months BIGINT NOT NULL CHECK (months BETWEEN 1 AND 6),
    outcome TEXT NOT NULL CHECK (outcome IN ('in_job', 'left', 'not_reached')),
    done_on DATE NOT NULL,
    -- Account; NULL = the command line.
    done_by BIGINT,
    note_cipher BLOB,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX follow_ups_spell ON follow_ups (spell_id);
-- What was answered is not asked again; who was not reached is.
CREATE UNIQUE INDEX follow_ups_answered ON follow_ups (spell_id, months) WHERE outcome <> 'not_reached';
