-- Facts about the database itself: key checks, the demo mark.
CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_from DATE NOT NULL,
    UNIQUE (key, valid_from)
);

CREATE TABLE areas (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    parent_id BIGINT REFERENCES areas (id),
    kind TEXT NOT NULL CHECK (kind IN ('community', 'grid', 'building')),
    name TEXT NOT NULL,
    -- Minutes on foot from a building to the micro-factory park.
    minutes_to_park BIGINT CHECK (minutes_to_park BETWEEN 0 AND 1440),
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((kind = 'community') = (parent_id IS NULL)),
    UNIQUE (parent_id, name)
);
CREATE UNIQUE INDEX areas_community_name ON areas (name) WHERE parent_id IS NULL;

CREATE TABLE import_batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    file_name TEXT NOT NULL,
    -- Keyed hash of the bytes: tells a file imported before without telling what is in it.
    file_index BLOB NOT NULL,
    as_of DATE NOT NULL,
    accept_clean_rows BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX import_batches_file ON import_batches (file_index);

CREATE TABLE import_findings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    batch_id BIGINT NOT NULL REFERENCES import_batches (id),
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    sheet TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    column_name TEXT,
    masked_value TEXT,
    message_zh TEXT NOT NULL,
    message_en TEXT NOT NULL
);
CREATE INDEX import_findings_batch ON import_findings (batch_id);

CREATE TABLE import_rejected_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    batch_id BIGINT NOT NULL REFERENCES import_batches (id),
    sheet TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    cells_cipher BLOB NOT NULL
);
CREATE INDEX import_rejected_rows_batch ON import_rejected_rows (batch_id);

CREATE TABLE households (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    code TEXT UNIQUE,
    building_id BIGINT NOT NULL REFERENCES areas (id),
    unit TEXT,
    -- Home township the family moved from.
    township TEXT,
    monitoring_class TEXT NOT NULL DEFAULT 'none'
        CHECK (monitoring_class IN ('none', 'unstable', 'marginal', 'sudden_hardship')),
    recognised_on DATE,
    helper_name TEXT,
    note_cipher BLOB,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX households_building ON households (building_id);

CREATE TABLE residents (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    id_number_cipher BLOB NOT NULL,
    id_number_index BLOB NOT NULL UNIQUE,
    phone_cipher BLOB,
    phone_index BLOB,
    sex TEXT NOT NULL CHECK (sex IN ('male', 'female')),
    birth_date DATE NOT NULL,
    ethnicity TEXT,
    education TEXT CHECK (education IN ('none', 'primary', 'junior_middle', 'senior_middle', 'vocational', 'college', 'bachelor', 'postgraduate')),
    health TEXT CHECK (health IN ('healthy', 'chronic_illness', 'serious_illness', 'disabled')),
    labour_class TEXT CHECK (labour_class IN ('skilled', 'ordinary', 'weak_or_half', 'lost', 'none')),
    labour_class_on DATE,
    school_status TEXT CHECK (school_status IN ('not_in_school', 'middle_school', 'vocational_school', 'technical_school', 'university', 'in_school')),
    absence TEXT CHECK (absence IN ('military_service', 'prison', 'long_term_care', 'missing')),
    died_on DATE,
    willing BOOLEAN,
    willing_to_train BOOLEAN,
    seeking_change BOOLEAN NOT NULL DEFAULT FALSE,
    retirement_group TEXT CHECK (retirement_group IN ('men', 'women_55', 'women_50')),
    -- Heaviest physical grade (1..4) and load the person can take on, as recorded by a person.
    max_physical_grade BIGINT CHECK (max_physical_grade BETWEEN 1 AND 4),
    max_load_kg BIGINT CHECK (max_load_kg BETWEEN 0 AND 500),
    no_forced_posture BOOLEAN,
    max_minutes BIGINT CHECK (max_minutes BETWEEN 0 AND 1440),
    -- Yuan a month.
    expected_pay BIGINT CHECK (expected_pay BETWEEN 0 AND 1000000),
    pay_floor BIGINT CHECK (pay_floor BETWEEN 0 AND 1000000),
    hazard_check_until DATE,
    public_welfare_months BIGINT CHECK (public_welfare_months BETWEEN 0 AND 1200),
    no_automated_recommendation BOOLEAN NOT NULL DEFAULT FALSE,
    restricted BOOLEAN NOT NULL DEFAULT FALSE,
    note_cipher BLOB,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX residents_phone ON residents (phone_index);

CREATE TABLE household_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    kind TEXT NOT NULL CHECK (kind IN ('created', 'split', 'merge', 'head_change', 'moved')),
    other_household_id BIGINT REFERENCES households (id),
    resident_id BIGINT REFERENCES residents (id),
    happened_on DATE NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX household_events_household ON household_events (household_id);
CREATE INDEX household_events_other ON household_events (other_household_id);
CREATE INDEX household_events_resident ON household_events (resident_id);

-- A household left out of the coverage rate by a decision, never by silence.
CREATE TABLE household_exemptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    CHECK (valid_until IS NULL OR valid_until > valid_from)
);
CREATE INDEX household_exemptions_household ON household_exemptions (household_id);

-- Who lived where and when; a split, a merge or a new head closes rows and opens others.
CREATE TABLE memberships (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    relation TEXT NOT NULL CHECK (relation IN ('head', 'spouse', 'child', 'child_in_law', 'grandchild', 'parent', 'parent_in_law', 'grandparent', 'sibling', 'other')),
    valid_from DATE,
    valid_until DATE,
    CHECK (valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from)
);
CREATE INDEX memberships_household ON memberships (household_id);
CREATE INDEX memberships_resident ON memberships (resident_id);
CREATE UNIQUE INDEX memberships_one_current ON memberships (resident_id) WHERE valid_until IS NULL;
CREATE UNIQUE INDEX memberships_one_head ON memberships (household_id) WHERE valid_until IS NULL AND relation = 'head';

CREATE TABLE skills (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    occupation_code TEXT,
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE skill_aliases (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    skill_id BIGINT NOT NULL REFERENCES skills (id),
    alias TEXT NOT NULL,
    -- The alias as the matcher compares it (engine::vocabulary::normalise).
    normalised TEXT NOT NULL UNIQUE
);
CREATE INDEX skill_aliases_skill ON skill_aliases (skill_id);

CREATE TABLE skill_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    from_skill_id BIGINT NOT NULL REFERENCES skills (id),
    to_skill_id BIGINT NOT NULL REFERENCES skills (id),
    kind TEXT NOT NULL CHECK (kind IN ('broader', 'narrower', 'related')),
    points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 10000),
    UNIQUE (from_skill_id, to_skill_id)
);
CREATE INDEX skill_links_to ON skill_links (to_skill_id);

-- Skill names no alias knows, for a counselor to map once.
CREATE TABLE unmapped_names (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    normalised TEXT NOT NULL UNIQUE,
    times_seen BIGINT NOT NULL,
    first_seen_at TIMESTAMP NOT NULL
);

CREATE TABLE resident_skills (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    -- NULL until the name is mapped.
    skill_id BIGINT REFERENCES skills (id),
    name TEXT NOT NULL,
    normalised TEXT NOT NULL,
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 5),
    months BIGINT CHECK (months BETWEEN 0 AND 1200),
    UNIQUE (resident_id, normalised)
);
CREATE INDEX resident_skills_skill ON resident_skills (skill_id);
CREATE INDEX resident_skills_normalised ON resident_skills (normalised);

CREATE TABLE resident_certificates (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    name TEXT NOT NULL,
    normalised TEXT NOT NULL,
    valid_until DATE,
    UNIQUE (resident_id, normalised)
);

CREATE TABLE resident_unavailable_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute BIGINT NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
    to_minute BIGINT NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
    CHECK (from_minute < to_minute)
);
CREATE INDEX resident_unavailable_hours_resident ON resident_unavailable_hours (resident_id);

CREATE TABLE resident_wishes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    kind TEXT NOT NULL CHECK (kind IN ('occupation', 'industry', 'employer', 'channel', 'region', 'province', 'shift')),
    value TEXT NOT NULL,
    UNIQUE (resident_id, kind, value)
);

-- Conditions a person ruled out; a wish, no reason is stored.
CREATE TABLE resident_ruled_out (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    kind TEXT NOT NULL CHECK (kind IN ('night', 'overtime', 'chemicals')),
    UNIQUE (resident_id, kind)
);

CREATE TABLE care_duties (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    kind TEXT NOT NULL CHECK (kind IN ('child', 'elder', 'patient')),
    carer_id BIGINT REFERENCES residents (id),
    valid_from DATE,
    valid_until DATE
);
CREATE INDEX care_duties_household ON care_duties (household_id);
CREATE INDEX care_duties_carer ON care_duties (carer_id);

CREATE TABLE care_duty_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    care_duty_id BIGINT NOT NULL REFERENCES care_duties (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute BIGINT NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
    to_minute BIGINT NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
    CHECK (from_minute < to_minute)
);
CREATE INDEX care_duty_hours_duty ON care_duty_hours (care_duty_id);

CREATE TABLE employers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    credit_code TEXT UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('tenant', 'outbound', 'local', 'public_welfare')),
    industry TEXT,
    address TEXT,
    tenant_until DATE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE postings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    code TEXT UNIQUE,
    employer_id BIGINT NOT NULL REFERENCES employers (id),
    title TEXT NOT NULL,
    -- What the title means in the vocabulary; NULL until mapped.
    skill_id BIGINT REFERENCES skills (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'closed')),
    channel TEXT NOT NULL CHECK (channel IN ('micro_factory', 'outbound', 'self_employed', 'local', 'public_welfare', 'flexible', 'farming')),
    description TEXT,
    headcount BIGINT NOT NULL CHECK (headcount BETWEEN 0 AND 100000),
    -- Linked spells that are active; moved only together with a spell, in the same transaction.
    filled BIGINT NOT NULL DEFAULT 0,
    pay_kind TEXT CHECK (pay_kind IN ('monthly', 'daily', 'hourly', 'piece')),
    -- Fen in the unit of pay_kind; the monthly equivalent in yuan is computed (domain::money).
    pay_min_fen BIGINT CHECK (pay_min_fen >= 0),
    pay_max_fen BIGINT CHECK (pay_max_fen >= 0),
    shift TEXT CHECK (shift IN ('day', 'two_shift', 'three_shift', 'night', 'flexible')),
    night_work BOOLEAN,
    overtime BOOLEAN,
    physical_grade BIGINT CHECK (physical_grade BETWEEN 1 AND 4),
    load_kg BIGINT CHECK (load_kg BETWEEN 0 AND 500),
    lifts_per_hour BIGINT CHECK (lifts_per_hour BETWEEN 0 AND 3600),
    -- Line work with forced posture and more than 50 movements a minute.
    forced_posture BOOLEAN,
    underground_mine BOOLEAN,
    -- TRUE when posting_hazards is complete, FALSE when nobody has said.
    hazards_known BOOLEAN NOT NULL DEFAULT FALSE,
    age_min BIGINT CHECK (age_min BETWEEN 0 AND 150),
    age_max BIGINT CHECK (age_max BETWEEN 0 AND 150),
    age_is_soft BOOLEAN NOT NULL DEFAULT FALSE,
    experience_months BIGINT CHECK (experience_months BETWEEN 0 AND 1200),
    training_days BIGINT CHECK (training_days BETWEEN 0 AND 1000),
    place TEXT,
    province TEXT,
    region TEXT CHECK (region IN ('town', 'county', 'city', 'province', 'other_province', 'abroad')),
    -- Minutes one way from the community, where the place is neither the park nor the home.
    commute_minutes BIGINT CHECK (commute_minutes BETWEEN 0 AND 1440),
    special_hours_approval TEXT,
    start_on DATE,
    valid_from DATE NOT NULL,
    valid_until DATE,
    note_cipher BLOB,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (filled >= 0 AND filled <= headcount),
    CHECK (pay_max_fen IS NULL OR pay_min_fen IS NULL OR pay_max_fen >= pay_min_fen),
    CHECK (age_max IS NULL OR age_min IS NULL OR age_max >= age_min)
);
CREATE INDEX postings_employer ON postings (employer_id);
CREATE INDEX postings_skill ON postings (skill_id);

CREATE TABLE posting_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute BIGINT NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
    to_minute BIGINT NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
    CHECK (from_minute < to_minute)
);
CREATE INDEX posting_hours_posting ON posting_hours (posting_id);

CREATE TABLE posting_skills (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    skill_id BIGINT REFERENCES skills (id),
    name TEXT NOT NULL,
    normalised TEXT NOT NULL,
    importance TEXT NOT NULL CHECK (importance IN ('must', 'nice')),
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 5),
    UNIQUE (posting_id, normalised)
);
CREATE INDEX posting_skills_skill ON posting_skills (skill_id);
CREATE INDEX posting_skills_normalised ON posting_skills (normalised);

CREATE TABLE posting_certificates (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    name TEXT NOT NULL,
    normalised TEXT NOT NULL,
    UNIQUE (posting_id, normalised)
);

CREATE TABLE posting_hazards (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    kind TEXT NOT NULL CHECK (kind IN ('dust', 'toxic', 'height', 'cold_water', 'heat', 'low_temperature', 'flammable', 'noise', 'radiation', 'other')),
    grade BIGINT CHECK (grade BETWEEN 1 AND 4),
    UNIQUE (posting_id, kind)
);

CREATE TABLE employment_spells (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    employer_id BIGINT REFERENCES employers (id),
    posting_id BIGINT REFERENCES postings (id),
    channel TEXT NOT NULL CHECK (channel IN ('micro_factory', 'outbound', 'self_employed', 'local', 'public_welfare', 'flexible', 'farming')),
    employer_name TEXT,
    job_title TEXT,
    skill_id BIGINT REFERENCES skills (id),
    region TEXT CHECK (region IN ('town', 'county', 'city', 'province', 'other_province', 'abroad')),
    place TEXT,
    -- NULL when the record has no start; it then counts from counted_from, the import's as-of date.
    start_on DATE,
    counted_from DATE NOT NULL,
    -- First day out of the job.
    end_on DATE,
    monthly_income BIGINT CHECK (monthly_income BETWEEN 0 AND 1000000),
    part_time BOOLEAN NOT NULL DEFAULT FALSE,
    contract_until DATE,
    evidence TEXT,
    verified_on DATE,
    note_cipher BLOB,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (start_on IS NULL OR start_on = counted_from)
);
CREATE INDEX employment_spells_resident ON employment_spells (resident_id);
CREATE INDEX employment_spells_employer ON employment_spells (employer_id);
CREATE INDEX employment_spells_posting ON employment_spells (posting_id);
CREATE INDEX employment_spells_skill ON employment_spells (skill_id);

CREATE TABLE declines (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    declined_on DATE NOT NULL,
    reason TEXT,
    -- Whether every gate passed on that day: only then does a refusal count against anybody.
    was_suitable BOOLEAN NOT NULL
);
CREATE INDEX declines_resident ON declines (resident_id);
CREATE INDEX declines_posting ON declines (posting_id);

CREATE TABLE training_records (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    kind TEXT NOT NULL,
    trade TEXT,
    provider TEXT,
    place TEXT,
    skill_id BIGINT REFERENCES skills (id),
    start_on DATE NOT NULL,
    end_on DATE,
    days BIGINT CHECK (days BETWEEN 0 AND 3660),
    subsidy_fen BIGINT CHECK (subsidy_fen >= 0),
    note_cipher BLOB,
    UNIQUE (resident_id, kind, start_on)
);
CREATE INDEX training_records_skill ON training_records (skill_id);

CREATE TABLE barriers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    household_id BIGINT REFERENCES households (id),
    resident_id BIGINT REFERENCES residents (id),
    kind TEXT NOT NULL CHECK (kind IN ('care', 'health', 'skill', 'age', 'willingness', 'distance', 'documents', 'legal', 'other')),
    opened_on DATE NOT NULL,
    closed_on DATE,
    note_cipher BLOB,
    CHECK ((household_id IS NULL) <> (resident_id IS NULL))
);
CREATE INDEX barriers_household ON barriers (household_id);
CREATE INDEX barriers_resident ON barriers (resident_id);

CREATE TABLE scoring_policies (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    version BIGINT NOT NULL UNIQUE,
    valid_from DATE NOT NULL,
    weight_skill BIGINT NOT NULL CHECK (weight_skill BETWEEN 0 AND 1000),
    weight_experience BIGINT NOT NULL CHECK (weight_experience BETWEEN 0 AND 1000),
    weight_schedule BIGINT NOT NULL CHECK (weight_schedule BETWEEN 0 AND 1000),
    weight_pay BIGINT NOT NULL CHECK (weight_pay BETWEEN 0 AND 1000),
    weight_distance BIGINT NOT NULL CHECK (weight_distance BETWEEN 0 AND 1000),
    weight_preference BIGINT NOT NULL CHECK (weight_preference BETWEEN 0 AND 1000),
    weight_comfort BIGINT NOT NULL CHECK (weight_comfort BETWEEN 0 AND 1000),
    decline_days BIGINT NOT NULL CHECK (decline_days BETWEEN 0 AND 3650),
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE recommendation_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    as_of DATE NOT NULL,
    policy_version BIGINT NOT NULL REFERENCES scoring_policies (version),
    engine_version TEXT NOT NULL,
    -- Keyed hash of everything the run read.
    input_hash TEXT NOT NULL,
    per_resident BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX recommendation_runs_policy ON recommendation_runs (policy_version);

CREATE TABLE recommendations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    run_id BIGINT NOT NULL REFERENCES recommendation_runs (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    rank BIGINT NOT NULL,
    suitability BIGINT NOT NULL CHECK (suitability BETWEEN 0 AND 10000),
    -- The explanation's factor parts and caveat codes, as JSON; points only, nothing personal.
    parts TEXT NOT NULL,
    UNIQUE (run_id, resident_id, posting_id)
);
CREATE INDEX recommendations_resident ON recommendations (resident_id);
CREATE INDEX recommendations_posting ON recommendations (posting_id);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    progress BIGINT NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    step_zh TEXT NOT NULL DEFAULT '',
    step_en TEXT NOT NULL DEFAULT '',
    cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
    input_cipher BLOB,
    result_cipher BLOB,
    -- Who works on it now; a job whose worker stopped renewing the lease is taken up again.
    lease_until TIMESTAMP,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_state ON jobs (state);

CREATE TABLE idempotency_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- Keyed hash of the caller's key: the key itself is not kept.
    key_index BLOB NOT NULL UNIQUE,
    -- Keyed hash of method, path and body.
    request_index BLOB NOT NULL,
    -- NULL while the first request is still running.
    status BIGINT,
    headers TEXT,
    answer_cipher BLOB,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
