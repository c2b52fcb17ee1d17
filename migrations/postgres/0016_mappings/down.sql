DROP TABLE household_proposal_members;
DROP TABLE household_proposals;
DROP TABLE word_mappings;
DROP TABLE column_mappings;
