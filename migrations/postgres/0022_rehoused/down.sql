DELETE FROM household_proposal_members WHERE proposal_id IN (SELECT id FROM household_proposals WHERE kind = 'rehoused');
DELETE FROM household_proposals WHERE kind = 'rehoused';
ALTER TABLE household_proposals DROP COLUMN new_unit;
ALTER TABLE household_proposals DROP COLUMN new_building_id;
ALTER TABLE household_proposals DROP CONSTRAINT household_proposals_kind_check;
ALTER TABLE household_proposals ADD CONSTRAINT household_proposals_kind_check CHECK (kind IN ('moved', 'split', 'merged', 'head_change', 'died', 'left'));
