//! The part about frozen reports.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::id;
use crate::app::Page;
use crate::app::error::AppError;
use crate::db::memberships::MembershipData;
use crate::db::reports::{self, changes, figures, signatures};
use crate::db::{AnyConnection, enrolments, referrals, spells, visits};
use crate::domain::report::ReportUnit;

/// Whether a list of ids with a space between names one of these.
fn names(subjects: &str, ids: &HashSet<String>) -> bool {
    subjects.split(' ').any(|subject| ids.contains(subject))
}

fn set(ids: impl IntoIterator<Item = i64>) -> HashSet<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}

/// The reports whose figures count the person, the person's work, or the household the person lived in on the report's day. They are
/// never changed or removed, and hold numbers of records, no names.
pub(super) fn reports(
    conn: &mut AnyConnection,
    resident: i64,
    stays: &[MembershipData],
) -> Result<Vec<Value>, AppError> {
    let jobs = set(spells::of_residents(conn, &[resident])?.iter().map(|row| row.id));
    let referred = set(referrals::of_resident(conn, resident)?.iter().map(|row| row.id));
    let enrolled = set(enrolments::of_resident(conn, resident)?.iter().map(|row| row.id));
    let person = set([resident]);
    let mut found = Vec::new();
    for row in reports::page(conn, (None, None), Page::first(i64::MAX))? {
        let data = row.data;
        let lived = |stay: &&MembershipData| {
            stay.valid_from.is_none_or(|from| from <= data.as_of)
                && stay.valid_until.is_none_or(|until| data.as_of < until)
        };
        let homes: Vec<i64> = stays.iter().filter(lived).map(|stay| stay.household_id).collect();
        let visited = set(visits::of_households(conn, &homes)?.iter().map(|row| row.id));
        let homes = set(homes);
        let ids = |unit: ReportUnit| match unit {
            ReportUnit::Household => &homes,
            ReportUnit::Person => &person,
            ReportUnit::Job => &jobs,
            ReportUnit::Visit => &visited,
            ReportUnit::Referral => &referred,
            ReportUnit::Enrolment => &enrolled,
        };
        let figures = figures::of(conn, &[row.id])?;
        let counted: BTreeMap<&str, &str> = figures
            .iter()
            .filter(|figure| names(&figure.subjects, ids(figure.unit)))
            .map(|figure| (figure.code.as_str(), figure.name_zh.as_str()))
            .collect();
        let changed = changes::of(conn, &[row.id])?;
        let changed: Vec<&str> = changed
            .iter()
            .filter(|change| names(&change.subjects, &homes))
            .map(|change| change.reason.code())
            .collect();
        if counted.is_empty() && changed.is_empty() {
            continue;
        }
        let signed = signatures::of(conn, &[row.id])?.pop().map(|signature| signature.signed_on);
        found.push(json!({
            "id": id(row.id), "month": data.month, "version": data.version, "frozen_on": data.frozen_on,
            "signed_on": signed, "counted_in": counted, "household_changes": changed,
        }));
    }
    Ok(found)
}
