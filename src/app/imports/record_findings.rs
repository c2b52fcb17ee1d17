//! Whose records the findings of a file are about: the queue of a counselor ([`crate::app::record_findings`]).
//!
//! Invariants: what was looked at and said to be right is not asked again as long as the file says the same; an earlier finding goes
//! when a later file says the same of the record, or has the column again and nothing is wrong with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::work::{Index, Work};
use crate::db::imports::findings::FindingData;
use crate::db::record_findings::{self as rows, RecordFindingData, Told};
use crate::db::{AnyConnection, DbResult};
use crate::domain::codes::Severity;
use crate::domain::resident_id::ResidentId;
use crate::ledger::Ledger;
use crate::ledger::finding::FindingCode;
use crate::ledger::record::At;

/// Household and resident of each row that is stored, by the name of the sheet and the row.
pub type Owners = BTreeMap<(String, u32), Owner>;

#[derive(Clone, Copy, Debug)]
pub struct Owner {
    household: i64,
    resident: i64,
    /// Sheet of the file.
    sheet: usize,
    /// A change of households that the file speaks of is proposed of the resident.
    is_proposed: bool,
}

/// Whose the rows are; after everything was written, so that everybody has an id.
pub fn owners(work: &Work<'_>) -> Owners {
    let records = &work.ledger.records;
    let people = records.people.iter().map(|row| (row.at, &row.id));
    let jobs = records.jobs.iter().map(|row| (row.at, &row.id));
    let idle = records.idle.iter().map(|row| (row.at, &row.id));
    let ends = records.job_ends.iter().map(|row| (row.at, &row.id));
    let courses = records.trainings.iter().map(|row| (row.at, &row.id));
    let rows = people.chain(jobs).chain(idle).chain(ends).chain(courses).filter(|(at, _)| !work.rejected.contains(at));
    let proposed: BTreeSet<Index> =
        work.proposals.iter().flat_map(|draft| &draft.members).map(|(resident, _)| *resident).collect();
    let owned = |(at, id): (At, &ResidentId)| {
        Some(((work.ledger.sheet_name(at.sheet).to_owned(), at.row), owner(work, at, id, &proposed)?))
    };
    rows.filter_map(owned).collect()
}

fn owner(work: &Work<'_>, at: At, id: &ResidentId, proposed: &BTreeSet<Index>) -> Option<Owner> {
    let index: Index = *work.resident_of.get(id)?;
    let resident = &work.residents[index];
    let household = &work.households[resident.membership?.0];
    let (household, _) = household.draft.stored?;
    let is_proposed = proposed.contains(&index);
    Some(Owner { household, resident: resident.draft.stored?.0, sheet: at.sheet, is_proposed })
}

/// Writes down which of the stored findings are for a person to look at.
pub fn write(
    conn: &mut AnyConnection,
    ledger: &Ledger,
    owners: &Owners,
    findings: &[(i64, FindingData)],
) -> DbResult<()> {
    let mut rows_of: HashMap<i64, Vec<&Owner>> = HashMap::new();
    for owner in owners.values() {
        rows_of.entry(owner.household).or_default().push(owner);
    }
    let mut homes: Vec<i64> = rows_of.keys().copied().collect();
    homes.sort_unstable();
    let earlier = rows::of_households(conn, &homes)?;
    let mut told_of: HashMap<i64, Vec<&Told>> = HashMap::new();
    for told in &earlier {
        told_of.entry(told.data.household_id).or_default().push(told);
    }
    let mut gone: BTreeSet<i64> = BTreeSet::new();
    let mut new: Vec<RecordFindingData> = Vec::new();
    for (id, finding) in findings {
        let Some((household_id, resident_id)) = about(owners, finding) else { continue };
        let before = told_of.get(&household_id).into_iter().flatten();
        let before = before.filter(|told| told.finding.code == finding.code && told.data.resident_id == resident_id);
        let mut said = None;
        for told in before {
            match told.data.settled_at {
                None => _ = gone.insert(told.id),
                Some(at) if says_the_same(&told.finding, finding) => {
                    gone.insert(told.id);
                    said = Some((at, told.data.settled_by));
                }
                Some(_) => {}
            }
        }
        let (settled_at, settled_by) = said.map_or((None, None), |(at, by)| (Some(at), by));
        new.push(RecordFindingData { finding_id: *id, household_id, resident_id, settled_at, settled_by });
    }
    let open = earlier.iter().filter(|told| told.data.settled_at.is_none());
    gone.extend(open.filter(|told| is_read_again(ledger, &rows_of, told)).map(|told| told.id));
    rows::remove(conn, &gone.into_iter().collect::<Vec<_>>())?;
    rows::insert_all(conn, &new)?;
    Ok(())
}

/// Household and resident of a finding that a person is to look at.
fn about(owners: &Owners, finding: &FindingData) -> Option<(i64, Option<i64>)> {
    let row = u32::try_from(finding.row_number).ok()?;
    let owner = owners.get(&(finding.sheet.clone(), row)).filter(|_| finding.severity == Severity::Warning)?;
    let code = FindingCode::of_code(&finding.code).filter(|code| !code.is_proposed(owner.is_proposed))?;
    Some((owner.household, (!code.is_of_household()).then_some(owner.resident)))
}

fn says_the_same(one: &FindingData, other: &FindingData) -> bool {
    (&one.masked_value, &one.column_name) == (&other.masked_value, &other.column_name)
}

/// Whether the file has the finding's column in a row about the same record.
fn is_read_again(ledger: &Ledger, rows_of: &HashMap<i64, Vec<&Owner>>, told: &Told) -> bool {
    let Some(column) = told.finding.column_name.as_ref() else { return false };
    let mut rows = rows_of.get(&told.data.household_id).into_iter().flatten();
    rows.any(|owner| {
        told.data.resident_id.is_none_or(|resident| resident == owner.resident)
            && ledger.head(owner.sheet).is_some_and(|head| head.titles().contains(column))
    })
}
