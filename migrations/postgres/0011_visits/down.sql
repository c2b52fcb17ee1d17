ALTER TABLE barriers DROP COLUMN closed_by;
ALTER TABLE barriers DROP COLUMN opened_by;
DROP TABLE concerns;
DROP TABLE visit_findings;
DROP TABLE visits;
