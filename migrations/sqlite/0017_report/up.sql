-- A month of a community as it was reported. Nothing of it is ever changed or removed: a correction is another version.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES areas (id),
    -- First day of the month.
    month DATE NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    -- The version it corrects, and why.
    corrects_id BIGINT REFERENCES reports (id),
    reason TEXT,
    -- The report of the month before that it is compared with; NULL where none was frozen.
    compared_id BIGINT REFERENCES reports (id),
    as_of DATE NOT NULL,
    frozen_on DATE NOT NULL,
    frozen_at TIMESTAMP NOT NULL,
    -- Account; NULL = the command line.
    frozen_by BIGINT,
    policy_version BIGINT NOT NULL,
    engine_version TEXT NOT NULL,
    -- Position of the last event that was known.
    known_to BIGINT NOT NULL,
    -- Keyed hash of the facts the figures were counted from.
    data_hash TEXT NOT NULL,
    -- Hash of the figures, their lists and the changes.
    content_hash TEXT NOT NULL,
    UNIQUE (community_id, month, version),
    CHECK ((version = 1) = (corrects_id IS NULL)),
    CHECK ((corrects_id IS NULL) = (reason IS NULL))
);
CREATE INDEX reports_corrects ON reports (corrects_id);
CREATE INDEX reports_compared ON reports (compared_id);

-- What it says, in the words of that day.
CREATE TABLE report_figures (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    report_id BIGINT NOT NULL REFERENCES reports (id),
    -- Order on the page.
    place BIGINT NOT NULL,
    part TEXT NOT NULL,
    code TEXT NOT NULL,
    -- The channel or grid; empty for a figure of all.
    group_key TEXT NOT NULL,
    group_zh TEXT NOT NULL,
    group_en TEXT NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('household', 'person', 'job', 'visit', 'referral', 'enrolment')),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    definition_zh TEXT NOT NULL,
    definition_en TEXT NOT NULL,
    value BIGINT NOT NULL CHECK (value >= 0),
    -- The same a month before; NULL where it is not known.
    value_before BIGINT,
    -- Ids of what is counted, ascending, with a space between: as many as the value says.
    subjects TEXT NOT NULL,
    UNIQUE (report_id, code, group_key)
);

-- Households whose state is another one than a month before, and why.
CREATE TABLE report_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    report_id BIGINT NOT NULL REFERENCES reports (id),
    from_state TEXT CHECK (from_state IN ('covered', 'uncovered', 'exempt')),
    to_state TEXT CHECK (to_state IN ('covered', 'uncovered', 'exempt')),
    reason TEXT NOT NULL CHECK (reason IN ('found_job', 'earner_joined', 'job_ended', 'earner_left', 'exempted', 'exemption_ended', 'nobody_employable', 'employable_again', 'new', 'moved_in', 'gone', 'corrected', 'rules_changed')),
    households BIGINT NOT NULL CHECK (households >= 1),
    subjects TEXT NOT NULL,
    CHECK (from_state IS NOT NULL OR to_state IS NOT NULL)
);
CREATE INDEX report_changes_report ON report_changes (report_id);

-- Who answers for it.
CREATE TABLE report_signatures (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    report_id BIGINT NOT NULL UNIQUE REFERENCES reports (id),
    account_id BIGINT NOT NULL,
    -- As the account was called.
    name TEXT NOT NULL,
    signed_on DATE NOT NULL,
    signed_at TIMESTAMP NOT NULL,
    -- What was signed.
    content_hash TEXT NOT NULL
);

-- Columns of a list and their order, as somebody wants them.
CREATE TABLE saved_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Codes, with a space between.
    fields TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, list, name)
);

CREATE TRIGGER reports_not_changed BEFORE UPDATE ON reports BEGIN SELECT RAISE(ABORT, 'a report is never changed'); END;
CREATE TRIGGER reports_not_removed BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'a report is never removed'); END;

CREATE TRIGGER report_figures_not_changed BEFORE UPDATE ON report_figures BEGIN SELECT RAISE(ABORT, 'a report is never changed'); END;
CREATE TRIGGER report_figures_not_removed BEFORE DELETE ON report_figures BEGIN SELECT RAISE(ABORT, 'a report is never removed'); END;

CREATE TRIGGER report_changes_not_changed BEFORE UPDATE ON report_changes BEGIN SELECT RAISE(ABORT, 'a report is never changed'); END;
CREATE TRIGGER report_changes_not_removed BEFORE DELETE ON report_changes BEGIN SELECT RAISE(ABORT, 'a report is never removed'); END;

CREATE TRIGGER report_signatures_not_changed BEFORE UPDATE ON report_signatures BEGIN SELECT RAISE(ABORT, 'a report is never changed'); END;
CREATE TRIGGER report_signatures_not_removed BEFORE DELETE ON report_signatures BEGIN SELECT RAISE(ABORT, 'a report is never removed'); END;
