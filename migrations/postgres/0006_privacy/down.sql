ALTER TABLE residents DROP COLUMN erased_on;
ALTER TABLE residents DROP COLUMN restricted_on;
DROP TABLE approvals;
DROP TABLE introductions;
DROP TABLE consent_kinds;
DROP TABLE consents;
DROP TABLE legal_bases;
