//! The order of events: numbers are given when a change is committed, never before.
//!
//! A number given earlier would not be the order of the commits: on PostgreSQL a transaction may take a low number and commit after
//! one with a higher number was read. Therefore events are written without numbers and numbered as the last thing of their
//! transaction, under the row of stream 0, which is held until the commit has happened: whoever sees a position sees all before
//! it. Two transactions that tell something cannot both commit from snapshots of before the other; the later one meets a
//! conflict and is run again ([`crate::db::Db::write`]). Writes that queue anyway never do. That row is taken first, so nobody
//! waits in a circle.
//!
//! SQLite has one writer and no deferred triggers: there [`close`] is the last statement of each write of this program. What
//! another program wrote is numbered by the next write.
//!
//! Cost of a write that tells nothing: one look into an index that is empty; of any other, look-ups for what it tells, however much was told before.

use std::sync::LazyLock;

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::db::connection::AnyConnection;
use crate::db::error::DbResult;
use crate::db::fixed::{Bind, Fixed};

/// Set within a transaction of PostgreSQL whose time is not the server's.
pub const CLOCK: &str = "wangjia.now";

/// How many wait for a number.
const WAITING: &str = "SELECT count(*) FROM events WHERE \"position\" IS NULL";

/// How many of them say that somebody joined a household, or that a household changed: only these bring anything along.
const MOVED: &str = "SELECT count(*) FROM events w WHERE w.\"position\" IS NULL AND ((w.kind = 'membership' AND w.operation = \
    'created') OR (w.kind = 'household' AND w.operation = 'changed'))";

/// Takes so many positions; gives the last one before them.
fn take(count: &str) -> String {
    format!(
        "INSERT INTO event_streams (stream, last) VALUES (0, {count}) ON CONFLICT (stream) DO UPDATE SET last = \
         event_streams.last + excluded.last RETURNING last - {count}"
    )
}

/// Where the events that wait lie. Whose household a row does not name, it is that of the resident: now, or when last told.
const PLACED: &str = "SELECT q.id, q.household, q.area, coalesce(a3.id, a2.id, a1.id) AS community FROM (SELECT e.id, \
    e.household, coalesce(e.area_id, h.building_id) AS area FROM (SELECT w.id, w.area_id, coalesce(w.household_id, (SELECT \
    m.household_id FROM memberships m WHERE m.resident_id = w.resident_id ORDER BY (m.valid_until IS NULL) DESC, m.valid_until \
    DESC, m.id DESC LIMIT 1), (SELECT o.household_id FROM events o WHERE o.resident_id = w.resident_id AND o.household_id IS \
    NOT NULL ORDER BY o.id DESC LIMIT 1)) AS household FROM events w WHERE w.\"position\" IS NULL) e LEFT JOIN households h ON \
    h.id = e.household) q LEFT JOIN areas a1 ON a1.id = q.area LEFT JOIN areas a2 ON a2.id = a1.parent_id LEFT JOIN areas a3 ON \
    a3.id = a2.parent_id";

/// Who follows an area knows only what was told of it: a person who joins a household there, or a household that moves there, brings
/// along what was told elsewhere or nowhere, as it stands. From the few events that wait, step by step through an index.
const BROUGHT_ALONG: &str = "INSERT INTO events (kind, operation, row_id, household_id, resident_id, data) SELECT o.kind, \
    'changed', o.row_id, p.household_id, o.resident_id, o.data FROM (SELECT m.household_id, m.resident_id, h.building_id FROM \
    events w JOIN memberships m ON m.id = w.row_id JOIN households h ON h.id = m.household_id WHERE w.\"position\" IS NULL AND \
    w.kind = 'membership' AND w.operation = 'created' AND m.valid_until IS NULL UNION SELECT m.household_id, m.resident_id, \
    h.building_id FROM events w JOIN memberships m ON m.household_id = w.row_id JOIN households h ON h.id = m.household_id \
    WHERE w.\"position\" IS NULL AND w.kind = 'household' AND w.operation = 'changed' AND m.valid_until IS NULL) p JOIN events o \
    ON o.resident_id = p.resident_id WHERE o.\"position\" IS NOT NULL AND o.data IS NOT NULL AND (o.area_id IS NULL OR \
    o.area_id <> p.building_id) AND (o.kind IN ('resident', 'employment') OR (o.kind = 'membership' AND o.household_id = \
    p.household_id)) AND NOT EXISTS (SELECT 1 FROM events x WHERE x.resident_id = o.resident_id AND x.kind = o.kind AND x.row_id = \
    o.row_id AND x.id > o.id) ORDER BY o.id";

/// How many decisions not to count a household are on record of those that changed.
const EXEMPTIONS: &str = "SELECT count(*) FROM household_exemptions e WHERE e.household_id IN (SELECT w.row_id FROM events w WHERE \
    w.\"position\" IS NULL AND w.kind = 'household' AND w.operation = 'changed')";

/// A household that moves brings these along, too. Looked for only where there are any, because it takes a scan of the events.
const EXEMPTIONS_BROUGHT_ALONG: &str = "INSERT INTO events (kind, operation, row_id, household_id, resident_id, data) SELECT o.kind, \
    'changed', o.row_id, h.id, o.resident_id, o.data FROM households h JOIN household_exemptions e ON e.household_id = h.id JOIN events o \
    ON o.row_id = e.id WHERE h.id IN (SELECT w.row_id FROM events w WHERE w.\"position\" IS NULL AND w.kind = 'household' AND \
    w.operation = 'changed') AND o.kind = 'exemption' AND o.\"position\" IS NOT NULL AND o.data IS NOT NULL AND (o.area_id IS NULL OR \
    o.area_id <> h.building_id) AND NOT EXISTS (SELECT 1 FROM events x WHERE x.kind = o.kind AND x.row_id = o.row_id AND x.id > o.id) \
    ORDER BY o.id";

/// Gives the numbers after `base`.
fn number(base: &str, now: &str) -> String {
    format!(
        "UPDATE events SET \"position\" = n.number, seq = n.seq, community_id = n.community, area_id = n.area, household_id = \
         n.household, recorded_at = {now} FROM (SELECT p.id, p.household, p.area, p.community, {base} + row_number() OVER (ORDER \
         BY p.id) AS number, CASE WHEN p.community IS NOT NULL THEN coalesce(s.last, 0) + row_number() OVER (PARTITION BY \
         p.community ORDER BY p.id) END AS seq FROM ({PLACED}) p LEFT JOIN event_streams s ON s.stream = p.community) n WHERE \
         n.id = events.id"
    )
}

/// Keeps the last number of each community that got some after `base`.
fn keep(base: &str) -> String {
    format!(
        "INSERT INTO event_streams (stream, last) SELECT community_id, max(seq) FROM events WHERE \"position\" > {base} AND \
         community_id IS NOT NULL GROUP BY community_id ON CONFLICT (stream) DO UPDATE SET last = excluded.last"
    )
}

/// The function of PostgreSQL that numbers what the transaction told; a deferred trigger calls it.
pub(super) const NUMBER: &str = "wangjia_event_number";

/// Its body. The moment is that of the numbering.
pub(super) fn postgres_number() -> String {
    format!(
        "\nDECLARE v_count BIGINT; v_base BIGINT; v_now TIMESTAMP;\nBEGIN\n v_count := ({WAITING});\n IF v_count = 0 THEN RETURN; \
         END IF;\n IF ({MOVED}) > 0 THEN\n {BROUGHT_ALONG};\n IF ({EXEMPTIONS}) > 0 THEN {EXEMPTIONS_BROUGHT_ALONG}; END \
         IF;\n v_count := ({WAITING});\n END IF;\n {} INTO v_base;\n v_now := coalesce(nullif(current_setting('{CLOCK}', true), '')::timestamp, \
         clock_timestamp() AT TIME ZONE 'UTC');\n {};\n {};\nEND\n",
        take("v_count"),
        number("v_base", "v_now"),
        keep("v_base"),
    )
}

/// Numbers what was told so far, before the end of the transaction.
pub(super) fn number_now(conn: &mut AnyConnection, now: NaiveDateTime) -> DbResult<()> {
    match conn {
        AnyConnection::Sqlite(_) => close(conn, now),
        AnyConnection::Pg(c) => Ok(c.batch_execute(&format!("SELECT {NUMBER}()"))?),
    }
}

/// Numbers what a write on SQLite told; nothing to do on PostgreSQL. Part of that write.
pub fn close(conn: &mut AnyConnection, now: NaiveDateTime) -> DbResult<()> {
    let AnyConnection::Sqlite(sqlite) = conn else { return Ok(()) };
    static TAKE: LazyLock<String> = LazyLock::new(|| take("?"));
    static GIVE: LazyLock<String> = LazyLock::new(|| number("?", "?"));
    static KEEP: LazyLock<String> = LazyLock::new(|| keep("?"));
    let count = match Fixed(WAITING, &[]).get_result(sqlite) {
        Ok(count) => count,
        // Tables of an age that knew no events, or none at all: a backup on its way in, or everything taken back.
        Err(diesel::result::Error::DatabaseError(_, info)) if info.message().contains("no such table: events") => 0,
        Err(error) => return Err(error.into()),
    };
    if count == 0 {
        return Ok(());
    }
    let mut count: i64 = count;
    if Fixed(MOVED, &[]).get_result::<i64>(sqlite)? > 0 {
        Fixed(BROUGHT_ALONG, &[]).execute(sqlite)?;
        if Fixed(EXEMPTIONS, &[]).get_result::<i64>(sqlite)? > 0 {
            Fixed(EXEMPTIONS_BROUGHT_ALONG, &[]).execute(sqlite)?;
        }
        count = Fixed(WAITING, &[]).get_result(sqlite)?;
    }
    let base: i64 = Fixed(&TAKE, &[Bind::Number(count), Bind::Number(count)]).get_result(sqlite)?;
    Fixed(&GIVE, &[Bind::Moment(now), Bind::Number(base)]).execute(sqlite)?;
    Fixed(&KEEP, &[Bind::Number(base)]).execute(sqlite)?;
    Ok(())
}
