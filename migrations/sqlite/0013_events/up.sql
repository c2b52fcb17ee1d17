-- What became of the facts, one row a change, in the order in which the changes were committed. Row triggers write them
-- (src/db/events), whoever makes the change. They refer to nothing: what they tell of may be gone.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- Place among all events, without holes; like the next five given when the change is committed.
    position BIGINT UNIQUE,
    community_id BIGINT,
    -- Place among the events of the community, without holes.
    seq BIGINT,
    -- The building, or the area itself.
    area_id BIGINT,
    household_id BIGINT,
    recorded_at TIMESTAMP,
    kind TEXT NOT NULL,
    operation TEXT NOT NULL CHECK (operation IN ('created', 'changed', 'removed')),
    row_id BIGINT NOT NULL,
    resident_id BIGINT,
    -- What the row says afterwards, as JSON; NULL once it is removed or the person is erased.
    data TEXT
);
CREATE INDEX events_open ON events (id) WHERE position IS NULL;
CREATE INDEX events_resident ON events (resident_id);

-- Last number given: of all events in stream 0, of those of a community in its own. Stream -1: what was superseded up to this
-- position is no longer told.
CREATE TABLE event_streams (
    stream BIGINT PRIMARY KEY NOT NULL,
    last BIGINT NOT NULL
);
