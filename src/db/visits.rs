//! Visits of households and what they found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::{max, not};
use diesel::prelude::*;

use super::access::households_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Versioned};
use super::schema::{households, recognitions, visit_findings, visits};
use super::seal::Sealed;
use crate::domain::text::Label;
use crate::domain::visit::{NextStep, VisitChannel, VisitFinding, VisitStatus};

const WHAT: Label = Label { zh: "走访", en: "visit" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = visits, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct VisitData {
    pub household_id: i64,
    pub status: VisitStatus,
    pub visit_on: NaiveDate,
    pub channel: VisitChannel,
    /// Who goes or went.
    pub account_id: Option<i64>,
    pub found_note_cipher: Option<Sealed>,
    /// With its day.
    pub next_step: Option<NextStep>,
    pub next_on: Option<NaiveDate>,
    pub next_note_cipher: Option<Sealed>,
    pub next_done_on: Option<NaiveDate>,
}

pub type VisitRow = Versioned<VisitData>;

rows::versioned!(visits, VisitData, WHAT);
rows::versioned_writes!(visits, VisitData, WHAT, timed);

/// Which visits a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitFilter {
    pub household: Option<i64>,
    pub account: Option<i64>,
    pub status: Option<VisitStatus>,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// With a next step that is not done and due on this day or before.
    pub next_until: Option<NaiveDate>,
    /// Of households in these areas.
    pub within: Option<Vec<i64>>,
}

/// A page of visits by id.
pub fn page(conn: &mut AnyConnection, filter: &VisitFilter, page: Page) -> DbResult<Vec<VisitRow>> {
    let mut query = visits::table.into_boxed();
    if let Some(household) = filter.household {
        query = query.filter(visits::household_id.eq(household));
    }
    if let Some(account) = filter.account {
        query = query.filter(visits::account_id.eq(account));
    }
    if let Some(status) = filter.status {
        query = query.filter(visits::status.eq(status));
    }
    if let Some(from) = filter.from {
        query = query.filter(visits::visit_on.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(visits::visit_on.le(until));
    }
    if let Some(until) = filter.next_until {
        query = query.filter(visits::next_on.le(until)).filter(visits::next_done_on.is_null());
    }
    if let Some(areas) = &filter.within {
        query = query.filter(visits::household_id.eq_any(households_within(areas)));
    }
    Ok(query
        .filter(visits::id.gt(page.after))
        .order(visits::id)
        .limit(page.limit)
        .select((visits::id, visits::version, VisitData::as_select()))
        .load(conn)?)
}

/// Every visit of a list, by id.
pub fn list(conn: &mut AnyConnection, filter: &VisitFilter) -> DbResult<Vec<VisitRow>> {
    page(conn, filter, Page::first(i64::MAX))
}

/// The visits of these households, by id.
pub fn of_households(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<VisitRow>> {
    let mut found: Vec<VisitRow> = Vec::new();
    for ids in ids.chunks(CHUNK) {
        found.extend(
            visits::table
                .filter(among(visits::household_id, ids))
                .select((visits::id, visits::version, VisitData::as_select()))
                .load::<VisitRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// The last day on which each household was visited and not found away; of households in these areas.
pub fn last_days(conn: &mut AnyConnection, within: Option<&[i64]>) -> DbResult<BTreeMap<i64, NaiveDate>> {
    let away = visit_findings::table
        .filter(visit_findings::finding.eq(VisitFinding::NotAtHome))
        .select(visit_findings::visit_id);
    let mut query = visits::table
        .filter(visits::status.eq(VisitStatus::Done))
        .filter(not(visits::id.eq_any(away)))
        .group_by(visits::household_id)
        .select((visits::household_id, max(visits::visit_on)))
        .into_boxed();
    if let Some(areas) = within {
        query = query.filter(visits::household_id.eq_any(households_within(areas)));
    }
    let found: Vec<(i64, Option<NaiveDate>)> = query.load(conn)?;
    Ok(found.into_iter().filter_map(|(household, day)| Some((household, day?))).collect())
}

/// The households in these areas of which some visit found one of these.
pub fn found(conn: &mut AnyConnection, findings: &[VisitFinding], within: Option<&[i64]>) -> DbResult<BTreeSet<i64>> {
    let those = visit_findings::table.filter(visit_findings::finding.eq_any(findings)).select(visit_findings::visit_id);
    let mut query = visits::table.filter(visits::id.eq_any(those)).select(visits::household_id).distinct().into_boxed();
    if let Some(areas) = within {
        query = query.filter(visits::household_id.eq_any(households_within(areas)));
    }
    Ok(query.load::<i64>(conn)?.into_iter().collect())
}

/// When each household in these areas came on file.
pub fn on_file(conn: &mut AnyConnection, within: Option<&[i64]>) -> DbResult<BTreeMap<i64, NaiveDateTime>> {
    let mut query = households::table.select((households::id, households::created_at)).into_boxed();
    if let Some(areas) = within {
        query = query.filter(households::building_id.eq_any(areas));
    }
    Ok(query.load::<(i64, NaiveDateTime)>(conn)?.into_iter().collect())
}

/// Takes away what was written of the visits to these households.
pub fn forget_notes(conn: &mut AnyConnection, households: &[i64]) -> DbResult<()> {
    diesel::update(visits::table.filter(visits::household_id.eq_any(households)))
        .set((visits::found_note_cipher.eq(None::<Sealed>), visits::next_note_cipher.eq(None::<Sealed>)))
        .execute(conn)?;
    Ok(())
}

/// Removes visits of days before one, what they found with them; how many. Of those the clock of a recognised household counts only
/// what was written goes: they are as old as the recognition.
pub fn remove_before(conn: &mut AnyConnection, before: NaiveDate) -> DbResult<usize> {
    let old: Vec<(i64, i64, NaiveDate)> = visits::table
        .filter(visits::visit_on.lt(before))
        .select((visits::id, visits::household_id, visits::visit_on))
        .order(visits::id)
        .load(conn)?;
    let mut clocks: BTreeMap<i64, Vec<(NaiveDate, Option<NaiveDate>)>> = BTreeMap::new();
    let runs: Vec<(i64, NaiveDate, Option<NaiveDate>)> = recognitions::table
        .filter(recognitions::recognised_on.lt(before))
        .select((recognitions::household_id, recognitions::recognised_on, recognitions::ended_on))
        .load(conn)?;
    for (household, from, until) in runs {
        clocks.entry(household).or_default().push((from, until));
    }
    let counts = |household: i64, day: NaiveDate| {
        let mut runs = clocks.get(&household).into_iter().flatten();
        runs.any(|(from, until)| *from <= day && until.is_none_or(|until| day <= until))
    };
    let (kept, gone): (Vec<_>, Vec<_>) = old.into_iter().partition(|(_, household, day)| counts(*household, *day));
    for kept in kept.chunks(CHUNK) {
        let ids: Vec<i64> = kept.iter().map(|(id, ..)| *id).collect();
        diesel::update(visits::table.filter(visits::id.eq_any(ids)))
            .set((visits::found_note_cipher.eq(None::<Sealed>), visits::next_note_cipher.eq(None::<Sealed>)))
            .execute(conn)?;
    }
    for gone in gone.chunks(CHUNK) {
        let ids: Vec<i64> = gone.iter().map(|(id, ..)| *id).collect();
        diesel::delete(visit_findings::table.filter(visit_findings::visit_id.eq_any(&ids))).execute(conn)?;
        diesel::delete(visits::table.filter(visits::id.eq_any(&ids))).execute(conn)?;
    }
    Ok(gone.len())
}

/// What was found.
pub mod findings {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = visit_findings, treat_none_as_default_value = false)]
    pub struct FindingRow {
        pub visit_id: i64,
        pub finding: VisitFinding,
    }

    rows::child_list!(visit_findings, visit_id, FindingRow, WHAT);

    /// What each of these visits found.
    pub fn by_visit(conn: &mut AnyConnection, visits: &[i64]) -> DbResult<BTreeMap<i64, Vec<VisitFinding>>> {
        let mut found: BTreeMap<i64, Vec<VisitFinding>> = BTreeMap::new();
        for row in of(conn, visits)? {
            found.entry(row.visit_id).or_default().push(row.finding);
        }
        Ok(found)
    }
}
