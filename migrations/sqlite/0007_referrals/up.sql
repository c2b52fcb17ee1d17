-- A posting proposed to a resident, on its way to a job: see domain::referral for what may follow what.
CREATE TABLE referrals (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    -- The posting's, kept beside it for the index below.
    employer_id BIGINT NOT NULL REFERENCES employers (id),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'consented', 'referred', 'interview', 'offered', 'hired', 'ended', 'refused_by_resident', 'refused_by_employer', 'withdrawn', 'expired', 'obsolete')),
    -- What the person agreed to.
    consent_id BIGINT REFERENCES consents (id),
    -- The job that came of it.
    spell_id BIGINT REFERENCES employment_spells (id),
    -- Day of the last move: silence is counted from it.
    moved_on DATE NOT NULL,
    -- Day on which the employer was told.
    referred_on DATE,
    -- Day on which the employer said something first.
    answered_on DATE,
    -- Day on which it was last reminded; a move begins anew.
    reminded_on DATE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (state NOT IN ('consented', 'referred', 'interview', 'offered') OR consent_id IS NOT NULL),
    CHECK (state NOT IN ('hired', 'ended') OR spell_id IS NOT NULL)
);
CREATE INDEX referrals_resident ON referrals (resident_id);
CREATE INDEX referrals_posting ON referrals (posting_id);
CREATE INDEX referrals_employer ON referrals (employer_id);
CREATE INDEX referrals_consent ON referrals (consent_id);
CREATE UNIQUE INDEX referrals_spell ON referrals (spell_id);
CREATE UNIQUE INDEX referrals_one_open ON referrals (resident_id, employer_id)
    WHERE state IN ('proposed', 'consented', 'referred', 'interview', 'offered');

-- What happened to it, step by step; nothing of it is ever changed. Who it was is an account, or nobody's: the command line or a
-- rule of the service.
CREATE TABLE referral_moves (
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

-- A gate that did not pass and that a counselor answers for.
CREATE TABLE referral_overrides (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    referral_id BIGINT NOT NULL REFERENCES referrals (id),
    gate TEXT NOT NULL,
    reason_cipher BLOB NOT NULL,
    UNIQUE (referral_id, gate)
);

-- What an employer is told. It names no person.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    employer_id BIGINT NOT NULL REFERENCES employers (id),
    kind TEXT NOT NULL CHECK (kind IN ('referral_received', 'referral_reminder', 'referral_expired', 'referral_obsolete', 'referral_withdrawn', 'referral_refused', 'posting_unpublished')),
    referral_id BIGINT REFERENCES referrals (id),
    posting_id BIGINT REFERENCES postings (id),
    created_on DATE NOT NULL,
    read_at TIMESTAMP,
    read_by BIGINT,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX notices_employer ON notices (employer_id);
CREATE INDEX notices_referral ON notices (referral_id);
CREATE INDEX notices_posting ON notices (posting_id);

-- Day on which the employer last said that the posting stands; NULL counts from the day of the last change.
ALTER TABLE postings ADD COLUMN confirmed_on DATE;
