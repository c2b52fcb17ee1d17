-- Immutable: a plan is never changed, only followed by another. Which one holds is said by plan_adoptions alone.
CREATE TABLE plans (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- The plan in force when this one was made: whose promises it keeps.
    parent_id BIGINT REFERENCES plans (id),
    as_of DATE NOT NULL,
    policy_version BIGINT NOT NULL REFERENCES scoring_policies (version),
    engine_version TEXT NOT NULL,
    -- Keyed hash of everything the plan was computed from, decisions and promises included.
    input_hash TEXT NOT NULL,
    -- Folded worth of one unit of covered weight and of one promise.
    fold_covered BIGINT NOT NULL,
    fold_kept BIGINT NOT NULL,
    -- The objective: covered weight, promises kept, points.
    covered BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    suitability BIGINT NOT NULL,
    placed BIGINT NOT NULL,
    promises BIGINT NOT NULL,
    -- Decimal integers of up to 128 bits.
    value TEXT NOT NULL,
    bound TEXT NOT NULL,
    -- Households: all = covered after + uncovered + exempt.
    households BIGINT NOT NULL,
    covered_before BIGINT NOT NULL,
    covered_after BIGINT NOT NULL,
    uncovered BIGINT NOT NULL,
    -- Keyed hash of everything stored of the plan: who changes a row must have the keys.
    rows_hash TEXT NOT NULL,
    -- The job that made it: one that is taken up again must not make a second plan. Jobs are forgotten, so this is no reference.
    job_id BIGINT UNIQUE,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX plans_parent ON plans (parent_id);
CREATE INDEX plans_policy ON plans (policy_version);

-- What rules of thumb reach on the same instance.
CREATE TABLE plan_baselines (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    rule TEXT NOT NULL CHECK (rule IN ('score_greedy', 'household_greedy', 'first_come')),
    covered BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    suitability BIGINT NOT NULL,
    placed BIGINT NOT NULL,
    -- Households covered that were not before.
    households BIGINT NOT NULL,
    UNIQUE (plan_id, rule)
);

CREATE TABLE plan_placements (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    household_id BIGINT NOT NULL REFERENCES households (id),
    suitability BIGINT NOT NULL CHECK (suitability >= 0),
    -- A person decided it.
    pinned BOOLEAN NOT NULL,
    -- It was promised by the parent plan.
    kept BOOLEAN NOT NULL,
    UNIQUE (plan_id, resident_id)
);
CREATE INDEX plan_placements_resident ON plan_placements (resident_id);
CREATE INDEX plan_placements_posting ON plan_placements (posting_id);
CREATE INDEX plan_placements_household ON plan_placements (household_id);

-- The proof: one folded price per posting.
CREATE TABLE plan_prices (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    price BIGINT NOT NULL CHECK (price >= 0),
    vacancies BIGINT NOT NULL CHECK (vacancies >= 0),
    UNIQUE (plan_id, posting_id)
);
CREATE INDEX plan_prices_posting ON plan_prices (posting_id);

CREATE TABLE plan_households (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    household_id BIGINT NOT NULL REFERENCES households (id),
    state TEXT NOT NULL CHECK (state IN ('covered_before', 'newly_covered', 'uncovered', 'exempt')),
    weight BIGINT NOT NULL CHECK (weight >= 0),
    -- How many of its members may be placed.
    place_limit BIGINT NOT NULL CHECK (place_limit >= 0),
    -- Why it stays uncovered, with the evidence as JSON; NULL where it does not, or where nobody has asked.
    class TEXT CHECK (class IN ('no_eligible_posting', 'out_competed', 'care_limit', 'declined', 'unwilling')),
    evidence TEXT,
    UNIQUE (plan_id, household_id)
);
CREATE INDEX plan_households_household ON plan_households (household_id);

-- A counselor's standing decisions about pairs: input of the next proposal.
CREATE TABLE plan_pins (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    posting_id BIGINT NOT NULL REFERENCES postings (id),
    kind TEXT NOT NULL CHECK (kind IN ('pin', 'forbid')),
    -- Free text about somebody, sealed.
    reason_cipher BLOB NOT NULL,
    made_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    CHECK (ended_at IS NULL OR ended_at >= made_at)
);
CREATE INDEX plan_pins_resident ON plan_pins (resident_id);
CREATE INDEX plan_pins_posting ON plan_pins (posting_id);
CREATE UNIQUE INDEX plan_pins_one_per_pair ON plan_pins (resident_id, posting_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX plan_pins_one_pin ON plan_pins (resident_id) WHERE ended_at IS NULL AND kind = 'pin';

-- The decisions a plan was made under, and the objective of the best plan without each one.
CREATE TABLE plan_overrides (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    pin_id BIGINT NOT NULL REFERENCES plan_pins (id),
    covered_without BIGINT NOT NULL,
    kept_without BIGINT NOT NULL,
    suitability_without BIGINT NOT NULL,
    -- Households covered that were not before.
    households_without BIGINT NOT NULL,
    UNIQUE (plan_id, pin_id)
);
CREATE INDEX plan_overrides_pin ON plan_overrides (pin_id);

-- What would close the gap, kind by kind: the best changes, as JSON, and how thoroughly was looked for them.
CREATE TABLE plan_gaps (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    kind TEXT NOT NULL CHECK (kind IN ('more_vacancies', 'relaxed', 'course', 'care_shared', 'tenant_removed')),
    best TEXT NOT NULL,
    candidates BIGINT NOT NULL,
    worthless BIGINT NOT NULL,
    evaluated BIGINT NOT NULL,
    complete BOOLEAN NOT NULL,
    UNIQUE (plan_id, kind)
);

-- What became of each placement of the parent, and what is new.
CREATE TABLE plan_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    resident_id BIGINT NOT NULL REFERENCES residents (id),
    kind TEXT NOT NULL CHECK (kind IN ('kept', 'fulfilled', 'changed', 'dropped', 'new')),
    from_posting_id BIGINT REFERENCES postings (id),
    to_posting_id BIGINT REFERENCES postings (id),
    reason TEXT CHECK (reason IN ('hired', 'declined', 'resident_gone', 'posting_closed', 'not_eligible', 'forbidden', 'no_automation', 'pinned_elsewhere', 'fewer_vacancies', 'place_pinned', 'care_limit', 'to_cover')),
    -- The first gate that bars the pair, for the reason 'not_eligible'.
    gate TEXT,
    -- The household covered instead, for the reason 'to_cover', where one alone can be named.
    for_household_id BIGINT REFERENCES households (id),
    UNIQUE (plan_id, resident_id)
);
CREATE INDEX plan_changes_resident ON plan_changes (resident_id);
CREATE INDEX plan_changes_from ON plan_changes (from_posting_id);
CREATE INDEX plan_changes_to ON plan_changes (to_posting_id);
CREATE INDEX plan_changes_household ON plan_changes (for_household_id);

-- The plan in force is the one of the last row. The number of the turn is unique, so that of two who adopt at once on the same
-- predecessor only one can be stored.
CREATE TABLE plan_adoptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    turn BIGINT NOT NULL UNIQUE CHECK (turn >= 1),
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    previous_plan_id BIGINT REFERENCES plans (id),
    -- Its placements as recommendations for counselors.
    run_id BIGINT NOT NULL UNIQUE REFERENCES recommendation_runs (id),
    adopted_at TIMESTAMP NOT NULL,
    adopted_by TEXT NOT NULL,
    CHECK ((turn = 1) = (previous_plan_id IS NULL))
);
CREATE INDEX plan_adoptions_plan ON plan_adoptions (plan_id);
CREATE INDEX plan_adoptions_previous ON plan_adoptions (previous_plan_id);
