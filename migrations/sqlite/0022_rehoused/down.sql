DELETE FROM household_proposal_members WHERE proposal_id IN (SELECT id FROM household_proposals WHERE kind = 'rehoused');
DELETE FROM household_proposals WHERE kind = 'rehoused';
CREATE TABLE household_proposals_new (
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
INSERT INTO household_proposals_new (id, kind, household_id, other_household_id, new_code, happened_on, batch_id, state, decided_by, decided_at, created_at)
    SELECT id, kind, household_id, other_household_id, new_code, happened_on, batch_id, state, decided_by, decided_at, created_at FROM household_proposals;
CREATE TABLE household_proposal_members_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    proposal_id BIGINT NOT NULL REFERENCES household_proposals_new (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    relation TEXT NOT NULL CHECK (relation IN ('head', 'spouse', 'child', 'child_in_law', 'grandchild', 'parent', 'parent_in_law', 'grandparent', 'sibling', 'other')),
    UNIQUE (proposal_id, resident_id)
);
INSERT INTO household_proposal_members_new SELECT * FROM household_proposal_members;
DROP TABLE household_proposal_members;
DROP TABLE household_proposals;
ALTER TABLE household_proposals_new RENAME TO household_proposals;
ALTER TABLE household_proposal_members_new RENAME TO household_proposal_members;
CREATE INDEX household_proposals_household ON household_proposals (household_id);
CREATE INDEX household_proposals_other ON household_proposals (other_household_id);
CREATE INDEX household_proposals_batch ON household_proposals (batch_id);
CREATE INDEX household_proposal_members_resident ON household_proposal_members (resident_id);
