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

-- What a ledger says of households that is not on record: a person accepts or rejects it, the import never does it.
CREATE TABLE household_proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('moved', 'split', 'merged', 'head_change', 'died', 'left')),
    -- The household on record.
    household_id BIGINT NOT NULL REFERENCES households (id),
    -- Where the ledger has its people.
    other_household_id BIGINT REFERENCES households (id),
    -- Code of the household that would be new.
    new_code TEXT,
    happened_on DATE NOT NULL,
    batch_id BIGINT REFERENCES import_batches (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected')),
    -- Account; NULL = the command line.
    decided_by BIGINT,
    decided_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    CHECK ((decided_at IS NULL) = (state = 'open')),
    CHECK ((other_household_id IS NOT NULL) = (kind = 'moved' OR kind = 'merged')),
    CHECK (other_household_id IS NULL OR other_household_id <> household_id)
);
CREATE INDEX household_proposals_household ON household_proposals (household_id);
CREATE INDEX household_proposals_other ON household_proposals (other_household_id);
CREATE INDEX household_proposals_batch ON household_proposals (batch_id);

-- Whom it is about and what they would be in their household: of a split and a new head the head first.
CREATE TABLE household_proposal_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    proposal_id BIGINT NOT NULL REFERENCES household_proposals (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    relation TEXT NOT NULL CHECK (relation IN ('head', 'spouse', 'child', 'child_in_law', 'grandchild', 'parent', 'parent_in_law', 'grandparent', 'sibling', 'other')),
    UNIQUE (proposal_id, resident_id)
);
CREATE INDEX household_proposal_members_resident ON household_proposal_members (resident_id);
