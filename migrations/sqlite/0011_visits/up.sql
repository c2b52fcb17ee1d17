-- A visit of a household, planned or done; what it found hangs on it.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    status TEXT NOT NULL CHECK (status IN ('planned', 'done', 'cancelled')),
    visit_on DATE NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('door', 'phone', 'message', 'office', 'other')),
    -- Account that goes or went; NULL = the command line.
    account_id BIGINT,
    found_note_cipher BLOB,
    next_step TEXT CHECK (next_step IN ('revisit', 'call', 'propose_job', 'guidance', 'training', 'solve_barrier', 'refer_service', 'update_records', 'other')),
    next_on DATE,
    next_note_cipher BLOB,
    -- Day on which the next step was done.
    next_done_on DATE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (status = 'done' OR (found_note_cipher IS NULL AND next_step IS NULL)),
    CHECK ((next_step IS NULL) = (next_on IS NULL)),
    CHECK (next_on IS NULL OR next_on >= visit_on),
    CHECK (next_step IS NOT NULL OR (next_note_cipher IS NULL AND next_done_on IS NULL)),
    CHECK (next_done_on IS NULL OR next_done_on >= visit_on)
);
CREATE INDEX visits_household ON visits (household_id, visit_on);
CREATE INDEX visits_day ON visits (visit_on);
CREATE INDEX visits_next ON visits (next_on) WHERE next_done_on IS NULL;

CREATE TABLE visit_findings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    visit_id BIGINT NOT NULL REFERENCES visits (id),
    finding TEXT NOT NULL CHECK (finding IN ('willing', 'unwilling', 'works_already', 'not_at_home', 'barrier_found', 'wants_training', 'job_in_danger', 'family_changed', 'moved_away', 'nothing_new', 'other')),
    UNIQUE (visit_id, finding)
);

-- What a resident complains of or objects to, until it is answered.
CREATE TABLE concerns (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    about TEXT NOT NULL CHECK (about IN ('job', 'pay', 'employer', 'recommendation', 'automated_decision', 'service', 'other')),
    employer_id BIGINT REFERENCES employers (id),
    posting_id BIGINT REFERENCES postings (id),
    text_cipher BLOB NOT NULL,
    -- The person will not be decided about by a program alone (PIPL 24).
    refuses_automation BOOLEAN NOT NULL DEFAULT FALSE,
    opened_on DATE NOT NULL,
    -- Account; NULL = the command line.
    opened_by BIGINT,
    -- Last day in time.
    due_on DATE NOT NULL,
    closed_on DATE,
    outcome TEXT CHECK (outcome IN ('settled', 'explained', 'not_upheld', 'withdrawn')),
    answer_cipher BLOB,
    closed_by BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (due_on >= opened_on),
    CHECK ((closed_on IS NULL) = (outcome IS NULL)),
    CHECK ((closed_on IS NULL) = (answer_cipher IS NULL)),
    CHECK (closed_on IS NULL OR closed_on >= opened_on)
);
CREATE INDEX concerns_resident ON concerns (resident_id);
CREATE INDEX concerns_employer ON concerns (employer_id);
CREATE INDEX concerns_posting ON concerns (posting_id);
CREATE INDEX concerns_open ON concerns (due_on) WHERE closed_on IS NULL;

-- Who said that a barrier holds, and that it holds no longer; NULL = the command line, or an import.
ALTER TABLE barriers ADD COLUMN opened_by BIGINT;
ALTER TABLE barriers ADD COLUMN closed_by BIGINT;
