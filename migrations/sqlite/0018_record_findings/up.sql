-- Whose record a finding of an import is about, until somebody has looked at it.
CREATE TABLE record_findings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL UNIQUE REFERENCES import_findings (id),
    household_id BIGINT NOT NULL REFERENCES households (id),
    -- NULL: the household as a whole.
    resident_id BIGINT REFERENCES residents (id),
    -- Somebody looked at it and said that the record is right.
    settled_at TIMESTAMP,
    -- Account; NULL = the command line.
    settled_by BIGINT,
    CHECK (settled_by IS NULL OR settled_at IS NOT NULL)
);
CREATE INDEX record_findings_household ON record_findings (household_id);
CREATE INDEX record_findings_resident ON record_findings (resident_id);
