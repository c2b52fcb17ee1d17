-- A course (domain::training): what it teaches, when, and how many can come.
CREATE TABLE courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    provider TEXT,
    place TEXT,
    status TEXT NOT NULL CHECK (status IN ('planned', 'open', 'closed', 'cancelled')),
    first_on DATE NOT NULL,
    -- Last day.
    last_on DATE NOT NULL,
    seats BIGINT NOT NULL,
    -- Enrolments that hold a seat. Whoever writes one moves it in the same transaction, guarded.
    taken BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (last_on >= first_on),
    CHECK (seats BETWEEN 1 AND 10000),
    CHECK (taken BETWEEN 0 AND seats)
);

CREATE TABLE course_skills (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses (id),
    skill_id BIGINT NOT NULL REFERENCES skills (id),
    -- Up to which it teaches.
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 5),
    UNIQUE (course_id, skill_id)
);
CREATE INDEX course_skills_skill ON course_skills (skill_id);

-- Hours of the week in which it is taught.
CREATE TABLE course_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute BIGINT NOT NULL,
    to_minute BIGINT NOT NULL,
    CHECK (from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)
);
CREATE INDEX course_hours_course ON course_hours (course_id);

-- A resident in a course.
CREATE TABLE enrolments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    state TEXT NOT NULL CHECK (state IN ('enrolled', 'attended', 'passed', 'failed', 'dropped_out', 'cancelled')),
    -- Day of the last move.
    moved_on DATE NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX enrolments_course ON enrolments (course_id);
CREATE INDEX enrolments_resident ON enrolments (resident_id);
CREATE UNIQUE INDEX enrolments_one_open ON enrolments (resident_id, course_id) WHERE state IN ('enrolled', 'attended');

-- What happened to it, step by step; nothing of it is ever changed.
CREATE TABLE enrolment_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
    step BIGINT NOT NULL CHECK (step >= 1),
    from_state TEXT CHECK (from_state IN ('enrolled', 'attended', 'passed', 'failed', 'dropped_out', 'cancelled')),
    to_state TEXT NOT NULL CHECK (to_state IN ('enrolled', 'attended', 'passed', 'failed', 'dropped_out', 'cancelled')),
    reason TEXT CHECK (reason IN ('found_work', 'child_care', 'elder_care', 'health', 'hours', 'distance', 'content', 'moved_away', 'not_reached', 'never_came', 'absent_too_often', 'test_not_passed', 'entered_by_mistake', 'data_restricted', 'course_cancelled', 'other')),
    note_cipher BLOB,
    happened_on DATE NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'operator', 'system', 'anonymous')),
    account_id BIGINT,
    role TEXT CHECK (role IN ('counselor', 'hr', 'official', 'administrator', 'auditor')),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (enrolment_id, step),
    CHECK ((step = 1) = (from_state IS NULL))
);

-- The days on which the person came, and for how long.
CREATE TABLE attendances (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
    day DATE NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    recorded_by BIGINT,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (enrolment_id, day)
);

-- What a course that was passed shows of the person's skills. Lists of skills are replaced as a whole; this stays.
CREATE TABLE skill_evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
    skill_id BIGINT NOT NULL REFERENCES skills (id),
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 5),
    shown_on DATE NOT NULL,
    UNIQUE (enrolment_id, skill_id)
);
CREATE INDEX skill_evidence_skill ON skill_evidence (skill_id);
