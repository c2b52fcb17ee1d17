//! The facts counted again in SQL, by another path than the rest of the program: what checks of invariants compare with.
//!
//! Nothing here goes through `domain` or `app`, on purpose. The rules are those of domain.md §4 with the first values of the settings
//! (labour age 16 to 59, farming does not count). Read-only. Cost: index look-ups for each household, one scan for each other question.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::AnyConnection;
use super::error::DbResult;

/// A household and its state on a day.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Household {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The code of a [`crate::domain::codes::CoverageState`].
    #[diesel(sql_type = Text)]
    pub state: String,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    since: String,
}

/// The same day so many years before, as text: 29 February too, which is compared and never read.
fn years_before(day: NaiveDate, years: i32) -> String {
    format!("{:04}-{:02}-{:02}", day.year() - years, day.month(), day.day())
}

/// The households of a day by id: one whose members have all left is not among them.
///
/// # Errors
/// If the database fails.
pub fn households(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Vec<Household>> {
    // Of labour age from the day after the 16th birthday to the day before the 60th.
    let (young, old) = (years_before(day, 16), years_before(day, 60));
    let member = format!(
        "(m.valid_from IS NULL OR m.valid_from <= '{day}') AND (m.valid_until IS NULL OR m.valid_until > '{day}')"
    );
    let alive = format!("(r.died_on IS NULL OR r.died_on > '{day}')");
    let works = format!(
        "h.id IN (SELECT m.household_id FROM employment_spells s JOIN memberships m ON m.resident_id = s.resident_id \
         JOIN residents r ON r.id = s.resident_id WHERE s.channel <> 'farming' AND s.counted_from <= '{day}' \
         AND (s.end_on IS NULL OR s.end_on > '{day}') AND {member} AND {alive})"
    );
    let could = format!(
        "EXISTS (SELECT 1 FROM memberships m JOIN residents r ON r.id = m.resident_id \
         WHERE m.household_id = h.id AND {member} AND {alive} AND r.birth_date < '{young}' AND r.birth_date > '{old}' \
         AND (r.school_status IS NULL OR r.school_status = 'not_in_school') AND r.absence IS NULL \
         AND (r.labour_class IS NULL OR r.labour_class NOT IN ('lost', 'none')))"
    );
    let exempted = format!(
        "EXISTS (SELECT 1 FROM household_exemptions e WHERE e.household_id = h.id \
         AND e.valid_from <= '{day}' AND (e.valid_until IS NULL OR e.valid_until > '{day}'))"
    );
    let sql = format!(
        "SELECT h.id AS id, CASE WHEN {works} THEN 'covered' WHEN {exempted} THEN 'exempt' WHEN {could} THEN 'uncovered' \
         ELSE 'exempt' END AS state FROM households h \
         WHERE EXISTS (SELECT 1 FROM memberships m WHERE m.household_id = h.id AND {member}) \
             OR NOT EXISTS (SELECT 1 FROM memberships m WHERE m.household_id = h.id) \
         ORDER BY h.id"
    );
    Ok(diesel::sql_query(sql).load(conn)?)
}

fn ids(conn: &mut AnyConnection, sql: String) -> DbResult<Vec<i64>> {
    Ok(diesel::sql_query(sql).load::<Id>(conn)?.into_iter().map(|row| row.id).collect())
}

/// Postings with more people at work than places.
///
/// # Errors
/// If the database fails.
pub fn over_filled(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Vec<i64>> {
    let sql = format!(
        "SELECT p.id AS id FROM postings p JOIN (SELECT posting_id, COUNT(*) AS n FROM employment_spells \
         WHERE posting_id IS NOT NULL AND counted_from <= '{day}' AND (end_on IS NULL OR end_on > '{day}') \
         GROUP BY posting_id) s ON s.posting_id = p.id WHERE s.n > p.headcount ORDER BY p.id"
    );
    ids(conn, sql)
}

/// Residents with two jobs on a day, farming apart, at least one of them full-time.
///
/// # Errors
/// If the database fails.
pub fn double_jobs(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Vec<i64>> {
    let sql = format!(
        "SELECT resident_id AS id FROM employment_spells \
         WHERE counted_from <= '{day}' AND (end_on IS NULL OR end_on > '{day}') AND channel <> 'farming' GROUP BY resident_id \
         HAVING COUNT(*) > 1 AND SUM(CASE WHEN part_time THEN 0 ELSE 1 END) > 0 ORDER BY resident_id"
    );
    ids(conn, sql)
}

/// Recognitions with a service from before them or after a day, and those that ended before they began.
///
/// # Errors
/// If the database fails.
pub fn served_out_of_time(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Vec<i64>> {
    let sql = format!(
        "SELECT DISTINCT r.id AS id FROM recognitions r LEFT JOIN household_services s ON s.recognition_id = r.id \
         WHERE s.done_on < r.recognised_on OR s.done_on > '{day}' OR r.recognised_on > '{day}' \
             OR r.ended_on < r.recognised_on ORDER BY r.id"
    );
    ids(conn, sql)
}

/// Households whose recognition has not ended, with its day.
///
/// # Errors
/// If the database fails.
pub fn recognised(conn: &mut AnyConnection) -> DbResult<Vec<(i64, String)>> {
    let sql = "SELECT household_id AS id, CAST(recognised_on AS TEXT) AS since FROM recognitions \
               WHERE ended_on IS NULL ORDER BY household_id";
    Ok(diesel::sql_query(sql).load::<Open>(conn)?.into_iter().map(|row| (row.id, row.since)).collect())
}

const OPEN: &str = "('proposed', 'consented', 'referred', 'interview', 'offered')";

/// Open referrals.
///
/// # Errors
/// If the database fails.
pub fn open_referrals(conn: &mut AnyConnection) -> DbResult<Vec<i64>> {
    ids(conn, format!("SELECT id FROM referrals WHERE state IN {OPEN} ORDER BY id"))
}

/// Residents with two open referrals to one employer.
///
/// # Errors
/// If the database fails.
pub fn referred_twice(conn: &mut AnyConnection) -> DbResult<Vec<i64>> {
    let sql = format!(
        "SELECT DISTINCT resident_id AS id FROM referrals WHERE state IN {OPEN} \
         GROUP BY resident_id, employer_id HAVING COUNT(*) > 1 ORDER BY resident_id"
    );
    ids(conn, sql)
}

/// Referrals that say somebody is at work where the job does not stand, or is over.
///
/// # Errors
/// If the database fails.
pub fn hired_without_job(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Vec<i64>> {
    let sql = format!(
        "SELECT f.id AS id FROM referrals f LEFT JOIN employment_spells s ON s.id = f.spell_id \
         WHERE f.state = 'hired' AND (s.id IS NULL OR s.end_on <= '{day}' OR s.resident_id <> f.resident_id \
             OR s.posting_id IS NULL OR s.posting_id <> f.posting_id) ORDER BY f.id"
    );
    ids(conn, sql)
}
