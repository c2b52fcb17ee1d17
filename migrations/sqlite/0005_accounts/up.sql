-- People who may sign in. Nothing here says what they may do: that is in account_roles.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- As typed at sign-in: lower case, NFKC.
    login TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    -- PHC string with its parameters; NULL = no password yet, nobody can sign in.
    password_hash TEXT,
    password_set_at TIMESTAMP,
    -- The password was given by somebody else and must be replaced at the next sign-in.
    must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    totp_cipher BLOB,
    -- Set once a code of the secret was shown to work; only then is it asked for.
    totp_confirmed_at TIMESTAMP,
    -- The last time step a code was taken for: no code works twice.
    totp_last_step BIGINT,
    disabled_at TIMESTAMP,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- What a person may do and where. One row for each role and place; a counselor of two grids has two rows.
CREATE TABLE account_roles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('counselor', 'hr', 'official', 'administrator', 'auditor')),
    -- Counselors and officials: a community, grid or building; NULL = everywhere.
    area_id BIGINT REFERENCES areas (id),
    -- HR: the one employer.
    employer_id BIGINT REFERENCES employers (id),
    CHECK (area_id IS NULL OR role = 'counselor' OR role = 'official'),
    CHECK ((role = 'hr') = (employer_id IS NOT NULL))
);
CREATE INDEX account_roles_account ON account_roles (account_id);
CREATE INDEX account_roles_area ON account_roles (area_id);
CREATE INDEX account_roles_employer ON account_roles (employer_id);

-- Sign-ins (session) and tokens of programs (api_token). Only keyed hashes of the secrets are kept.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('session', 'api_token')),
    token_index BLOB NOT NULL UNIQUE,
    -- What the owner calls it; the browser's own words for a session.
    label TEXT NOT NULL,
    -- Whether the second factor was shown.
    second_factor BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX sessions_account ON sessions (account_id);

-- Secrets that work once: the first administrator's, and those that replace a lost password.
CREATE TABLE one_time_secrets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('first_administrator', 'reset')),
    account_id BIGINT REFERENCES accounts (id),
    secret_index BLOB NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    CHECK ((kind = 'reset') = (account_id IS NOT NULL))
);
CREATE INDEX one_time_secrets_account ON one_time_secrets (account_id);

-- Who did or read what, each entry bound to the one before it by a keyed hash (app::audit). Entries are only ever added;
-- `seq` has no holes.
CREATE TABLE audit_events (
    seq BIGINT PRIMARY KEY NOT NULL,
    at TIMESTAMP NOT NULL,
    -- account, operator (command line), system (jobs, the clock) or anonymous (before sign-in).
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'operator', 'system', 'anonymous')),
    account_id BIGINT,
    role TEXT,
    -- The areas or the employer the role was held for, as `area:3 area:4` or `employer:2`.
    scope TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BIGINT,
    -- Operation id of the API, or the command.
    operation TEXT NOT NULL,
    purpose TEXT NOT NULL,
    request_id TEXT NOT NULL,
    -- done, or refused with the code of the refusal.
    outcome TEXT NOT NULL,
    -- Keyed hashes of the object's rows before and after; NULL where there were none.
    before_hash BLOB,
    after_hash BLOB,
    -- Sealed JSON: typed reason, changed fields with their old and new values.
    detail_cipher BLOB,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX audit_events_account ON audit_events (account_id);
CREATE INDEX audit_events_object ON audit_events (object_kind, object_id);
CREATE INDEX audit_events_at ON audit_events (at);

-- The residents an entry is about; they are part of what its hash binds.
CREATE TABLE audit_subjects (
    seq BIGINT NOT NULL REFERENCES audit_events (seq),
    resident_id BIGINT NOT NULL,
    PRIMARY KEY (seq, resident_id)
);
CREATE INDEX audit_subjects_resident ON audit_subjects (resident_id);

-- Where the chain begins and ends: one row. Entries before `first_seq` were removed when their time was over.
CREATE TABLE audit_chain (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    first_seq BIGINT NOT NULL,
    first_previous_hash BLOB NOT NULL,
    last_seq BIGINT NOT NULL,
    last_hash BLOB NOT NULL,
    mac BLOB NOT NULL
);

-- Whose job it is; NULL = the command line's or the program's own.
ALTER TABLE jobs ADD COLUMN account_id BIGINT;
CREATE INDEX jobs_account ON jobs (account_id);
ALTER TABLE import_batches ADD COLUMN account_id BIGINT;
-- Who entered a resident: until the person belongs to a household, only that account can reach the record.
ALTER TABLE residents ADD COLUMN registered_by BIGINT;
