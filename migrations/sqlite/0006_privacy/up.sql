-- On what legal ground personal data is used for a purpose, from which day.
CREATE TABLE legal_bases (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('employment_service', 'sensitive_data', 'introduction')),
    basis TEXT NOT NULL CHECK (basis IN ('consent', 'statutory_duty')),
    -- The article or document the basis rests on.
    reference TEXT NOT NULL,
    valid_from DATE NOT NULL,
    UNIQUE (purpose, valid_from)
);

-- What a resident agreed to, or refused. An introduction names its recipient as it was told to the person.
CREATE TABLE consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('employment_service', 'sensitive_data', 'introduction')),
    decision TEXT NOT NULL CHECK (decision IN ('given', 'refused')),
    employer_id BIGINT REFERENCES employers (id),
    recipient_name TEXT,
    recipient_contact TEXT,
    -- How it was given: in writing, by voice with a witness, by a guardian.
    form TEXT NOT NULL CHECK (form IN ('written', 'spoken', 'guardian')),
    evidence TEXT,
    given_on DATE NOT NULL,
    valid_until DATE,
    withdrawn_at TIMESTAMP,
    recorded_by BIGINT,
    withdrawal_recorded_by BIGINT,
    created_at TIMESTAMP NOT NULL,
    CHECK ((purpose = 'introduction') = (employer_id IS NOT NULL)),
    CHECK ((purpose = 'introduction') = (recipient_name IS NOT NULL)),
    CHECK (valid_until IS NULL OR valid_until >= given_on)
);
CREATE INDEX consents_resident ON consents (resident_id);
CREATE INDEX consents_employer ON consents (employer_id);

-- The kinds of data a consent covers.
CREATE TABLE consent_kinds (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    consent_id BIGINT NOT NULL REFERENCES consents (id),
    kind TEXT NOT NULL CHECK (kind IN ('name', 'phone', 'skills', 'experience', 'health', 'work_capacity', 'household')),
    UNIQUE (consent_id, kind)
);

-- An employer asks to be introduced to a candidate it has seen on a card.
CREATE TABLE introductions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    employer_id BIGINT NOT NULL REFERENCES employers (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    status TEXT NOT NULL CHECK (status IN ('requested', 'consented', 'refused', 'closed')),
    consent_id BIGINT REFERENCES consents (id),
    -- What the person was told of the recipient, kept as long as the provision must be provable.
    recipient_name TEXT NOT NULL,
    recipient_contact TEXT,
    requested_by BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (status <> 'consented' OR consent_id IS NOT NULL)
);
CREATE INDEX introductions_employer ON introductions (employer_id);
CREATE INDEX introductions_posting ON introductions (posting_id);
CREATE INDEX introductions_resident ON introductions (resident_id);
CREATE INDEX introductions_consent ON introductions (consent_id);
CREATE UNIQUE INDEX introductions_one_open ON introductions (employer_id, posting_id, resident_id)
    WHERE status IN ('requested', 'consented');

-- What needs two people: one asks with a reason, another decides.
CREATE TABLE approvals (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('delete_resident')),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    reason_cipher BLOB NOT NULL,
    requested_by BIGINT,
    status TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'refused')),
    decided_by BIGINT,
    decision_cipher BLOB,
    created_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    CHECK ((status = 'requested') = (decided_at IS NULL)),
    CHECK (decided_by IS NULL OR requested_by IS NULL OR decided_by <> requested_by)
);
CREATE INDEX approvals_resident ON approvals (resident_id);
CREATE UNIQUE INDEX approvals_one_open ON approvals (resident_id, action) WHERE status = 'requested';

-- Since when a resident's data is only stored, and why; with residents.restricted.
ALTER TABLE residents ADD COLUMN restricted_on DATE;
-- The row stays as the number old plans and approvals name; everything personal is gone from it.
ALTER TABLE residents ADD COLUMN erased_on DATE;
