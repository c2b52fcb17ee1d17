-- A ledger that has a whole household in another building proposes that, too.
ALTER TABLE household_proposals DROP CONSTRAINT household_proposals_kind_check;
ALTER TABLE household_proposals ADD CONSTRAINT household_proposals_kind_check CHECK (kind IN ('moved', 'split', 'merged', 'head_change', 'died', 'left', 'rehoused'));
-- Where the ledger has the whole household.
ALTER TABLE household_proposals ADD COLUMN new_building_id BIGINT REFERENCES areas (id);
ALTER TABLE household_proposals ADD COLUMN new_unit TEXT;
ALTER TABLE household_proposals ADD CONSTRAINT household_proposals_building_check CHECK ((new_building_id IS NOT NULL) = (kind = 'rehoused'));
ALTER TABLE household_proposals ADD CONSTRAINT household_proposals_unit_check CHECK (new_unit IS NULL OR kind = 'rehoused');
CREATE INDEX household_proposals_building ON household_proposals (new_building_id);
