//! Lines of what happened in a year: training, visits, recommendations; and the park's people.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::Ask;
use super::lists::{Course, Line, Referral, Visit};
use crate::app::error::AppError;
use crate::app::overview::new_year;
use crate::app::plans::view::posting_names;
use crate::app::{Connection, Page, roster};
use crate::db::courses;
use crate::db::employers::{self, EmployerFilter};
use crate::db::enrolments::{self, EnrolmentFilter};
use crate::db::referrals;
use crate::db::training::{self, TrainingData};
use crate::db::visits::{self, VisitFilter, findings};
use crate::domain::codes::EmployerKind;
use crate::domain::visit::VisitStatus;

/// Courses of residents, and training that was recorded without one, by resident; those that began in the year or run.
pub(super) fn training(conn: &mut Connection, ask: &Ask) -> Result<Vec<(i64, Line)>, AppError> {
    let (from, to) = (new_year(ask.as_of), ask.as_of);
    let in_year = |first: NaiveDate, last: Option<NaiveDate>| first <= to && last.is_none_or(|last| last >= from);
    let filter = EnrolmentFilter { within: ask.within.clone(), ..EnrolmentFilter::default() };
    let rows = enrolments::page(conn, &filter, Page::first(i64::MAX))?;
    let ids: Vec<i64> = rows.iter().map(|row| row.data.course_id).collect();
    let courses: HashMap<i64, courses::CourseData> =
        courses::get_many(conn, &ids)?.into_iter().map(|row| (row.id, row.data)).collect();
    let mut lines = Vec::new();
    for row in rows {
        let Some(data) = courses.get(&row.data.course_id) else { continue };
        if in_year(data.first_on, Some(data.last_on)) {
            let course = Course {
                kind: None,
                name: data.name.clone(),
                provider: data.provider.clone(),
                place: data.place.clone(),
                first_on: Some(data.first_on),
                last_on: Some(data.last_on),
                state: Some(row.data.state),
            };
            lines.push((row.data.resident_id, Line { course: Some(course), ..Line::default() }));
        }
    }
    for row in training::all(conn)? {
        if in_year(row.data.start_on, Some(row.data.end_on.unwrap_or(row.data.start_on))) {
            lines.push((row.data.resident_id, Line { course: Some(recorded(row.data)), ..Line::default() }));
        }
    }
    lines.sort_by_key(|(resident, _)| *resident);
    Ok(lines)
}

fn recorded(data: TrainingData) -> Course {
    Course {
        kind: Some(data.kind),
        name: data.trade.unwrap_or_default(),
        provider: data.provider,
        place: data.place,
        first_on: Some(data.start_on),
        last_on: data.end_on,
        state: None,
    }
}

/// The latest training of each resident, in words.
pub(super) fn last_trained(conn: &mut Connection, residents: &[i64]) -> Result<HashMap<i64, String>, AppError> {
    let mut last: HashMap<i64, (NaiveDate, String)> = HashMap::new();
    for row in training::of_residents(conn, residents)? {
        let (day, data) = (row.data.start_on, row.data);
        let name = data.trade.unwrap_or(data.kind);
        let said = last.entry(data.resident_id).or_insert((day, name.clone()));
        if day >= said.0 {
            *said = (day, name);
        }
    }
    Ok(last.into_iter().map(|(id, (day, name))| (id, format!("{name} {day}"))).collect())
}

/// Visits of the year, by household.
pub(super) fn visits(conn: &mut Connection, ask: &Ask) -> Result<Vec<(i64, Line)>, AppError> {
    let filter = VisitFilter {
        status: Some(VisitStatus::Done),
        from: Some(new_year(ask.as_of)),
        until: Some(ask.as_of),
        within: ask.within.clone(),
        ..VisitFilter::default()
    };
    let rows = visits::list(conn, &filter)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut found = findings::by_visit(conn, &ids)?;
    let line = |row: visits::VisitRow| {
        let data = row.data;
        let visit = Visit {
            on: data.visit_on,
            channel: data.channel,
            findings: found.remove(&row.id).unwrap_or_default(),
            next_step: data.next_step,
            next_on: data.next_on,
        };
        (data.household_id, Line { visit: Some(visit), ..Line::default() })
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Recommendations proposed in the year, one line each.
pub(super) fn referrals(conn: &mut Connection, ask: &Ask) -> Result<Vec<(i64, Line)>, AppError> {
    let rows = referrals::proposed_between(conn, (new_year(ask.as_of), ask.as_of), ask.within.as_deref())?;
    let names = posting_names(conn, rows.iter().map(|row| row.data.posting_id))?;
    let line = |row: referrals::ReferralRow| {
        let data = row.data;
        let name = names.get(&data.posting_id).cloned().unwrap_or_default();
        let referral = Referral {
            posting: name.title,
            employer: name.employer,
            state: data.state,
            moved_on: data.moved_on,
            referred_on: data.referred_on,
        };
        (data.resident_id, Line { referral: Some(referral), ..Line::default() })
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Who worked with a tenant of the park in the year: resident and job, with the months that count for the subsidy.
pub(super) fn park(conn: &mut Connection, ask: &Ask) -> Result<Vec<(i64, i64, Line)>, AppError> {
    let filter = EmployerFilter { kind: Some(EmployerKind::Tenant), ..EmployerFilter::default() };
    let tenants: Vec<i64> =
        employers::page(conn, &filter, Page::first(i64::MAX))?.into_iter().map(|row| row.id).collect();
    let roster = roster::of_employers(conn, &tenants, ask.as_of.year(), ask.today)?;
    let line = |worker: roster::Worker| {
        (worker.resident_id, worker.spell_id, Line { months: Some(worker.months), ..Line::default() })
    };
    Ok(roster.workers.into_iter().map(line).collect())
}
