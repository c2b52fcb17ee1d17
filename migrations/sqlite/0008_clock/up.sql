-- A household in which nobody works, recognised by a person: from that day its clock runs (domain::clock).
CREATE TABLE recognitions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    recognised_on DATE NOT NULL,
    -- Account; NULL = the command line.
    recognised_by BIGINT,
    -- A person's decision, or that somebody works, written when the household is recognised anew.
    ended_on DATE,
    end_reason TEXT CHECK (end_reason IN ('suitable_offers_refused', 'unreachable', 'moved_away', 'nobody_employable', 'by_mistake', 'covered')),
    ended_by BIGINT,
    end_note_cipher BLOB,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK ((ended_on IS NULL) = (end_reason IS NULL)),
    CHECK (ended_on IS NULL OR ended_on >= recognised_on)
);
CREATE INDEX recognitions_household ON recognitions (household_id);
CREATE UNIQUE INDEX recognitions_one_open ON recognitions (household_id) WHERE ended_on IS NULL;

-- What was done for a recognised household; job offers follow from the referrals.
CREATE TABLE household_services (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    recognition_id BIGINT NOT NULL REFERENCES recognitions (id),
    kind TEXT NOT NULL CHECK (kind IN ('contact', 'guidance', 'training_offer', 'not_reached', 'job_offer')),
    done_on DATE NOT NULL,
    done_by BIGINT,
    note_cipher BLOB,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX household_services_recognition ON household_services (recognition_id);

-- Days that are not what their weekday says: holidays, and weekends worked in their place.
CREATE TABLE calendar_days (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    day DATE NOT NULL UNIQUE,
    is_working BOOLEAN NOT NULL,
    name TEXT
);
