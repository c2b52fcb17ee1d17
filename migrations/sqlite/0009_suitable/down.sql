UPDATE referral_moves SET reason = 'consent_withdrawn' WHERE reason = 'consent_expired';
UPDATE recognitions SET end_reason = 'by_mistake' WHERE end_reason = 'merged';
CREATE TABLE referral_moves_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    referral_id BIGINT NOT NULL REFERENCES referrals (id),
    step BIGINT NOT NULL CHECK (step >= 1),
    from_state TEXT CHECK (from_state IN ('proposed', 'consented', 'referred', 'interview', 'offered', 'hired', 'ended', 'refused_by_resident', 'refused_by_employer', 'withdrawn', 'expired', 'obsolete')),
    to_state TEXT NOT NULL CHECK (to_state IN ('proposed', 'consented', 'referred', 'interview', 'offered', 'hired', 'ended', 'refused_by_resident', 'refused_by_employer', 'withdrawn', 'expired', 'obsolete')),
    reason TEXT CHECK (reason IN ('pay', 'hours', 'distance', 'work_content', 'work_environment', 'physical_load', 'skill_too_low', 'child_care', 'elder_care', 'health', 'contract', 'lodging', 'employer_reputation', 'wants_training', 'other_job', 'not_looking', 'place_filled', 'skill_not_met', 'certificate_missing', 'experience_short', 'hours_not_possible', 'interview_not_passed', 'trial_not_passed', 'health_check_not_passed', 'did_not_appear', 'not_reached', 'documents_missing', 'pay_wish_too_high', 'orders_fell', 'posting_changed', 'contract_ended', 'resigned', 'dismissed', 'laid_off', 'employer_closed', 'moved_away', 'retired', 'entered_by_mistake', 'consent_withdrawn', 'data_restricted', 'no_answer', 'hired_elsewhere', 'other')),
    note_cipher BLOB,
    happened_on DATE NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'operator', 'system', 'anonymous')),
    account_id BIGINT,
    role TEXT CHECK (role IN ('counselor', 'hr', 'official', 'administrator', 'auditor')),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (referral_id, step),
    CHECK ((step = 1) = (from_state IS NULL))
);
INSERT INTO referral_moves_new SELECT * FROM referral_moves;
DROP TABLE referral_moves;
ALTER TABLE referral_moves_new RENAME TO referral_moves;

CREATE TABLE recognitions_new (
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
INSERT INTO recognitions_new SELECT * FROM recognitions;
CREATE TABLE household_services_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    recognition_id BIGINT NOT NULL REFERENCES recognitions_new (id),
    kind TEXT NOT NULL CHECK (kind IN ('contact', 'guidance', 'training_offer', 'not_reached', 'job_offer')),
    done_on DATE NOT NULL,
    done_by BIGINT,
    note_cipher BLOB,
    created_at TIMESTAMP NOT NULL
);
INSERT INTO household_services_new SELECT * FROM household_services;
DROP TABLE household_services;
DROP TABLE recognitions;
ALTER TABLE recognitions_new RENAME TO recognitions;
ALTER TABLE household_services_new RENAME TO household_services;
CREATE INDEX recognitions_household ON recognitions (household_id);
CREATE UNIQUE INDEX recognitions_one_open ON recognitions (household_id) WHERE ended_on IS NULL;
CREATE INDEX household_services_recognition ON household_services (recognition_id);
ALTER TABLE referral_overrides DROP COLUMN step;
ALTER TABLE referrals DROP COLUMN suitable;
