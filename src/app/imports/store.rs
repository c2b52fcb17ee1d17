//! Writing what was planned: one transaction, parents before children, many rows a statement.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::work::{Draft, MembershipChange, Outcome, Work};
use super::{
    File, ImportOptions, ImportReport, Progress, lists, postings as plan_postings, proposals, record_findings,
};
use crate::app::error::AppError;
use crate::db::barriers::{self, BarrierData};
use crate::db::care::{self, CareDutyData};
use crate::db::households::{self, HouseholdEvent};
use crate::db::imports::{self, BatchCounts, BatchData, findings::FindingData, rejected_rows::RejectedRowData};
use crate::db::keyring::Keyring;
use crate::db::memberships::{self, MembershipData};
use crate::db::seal::{IndexField, SealedColumn};
use crate::db::skills::unmapped;
use crate::db::{AnyConnection, DbError, DbResult, employers, postings, residents, spells, training};
use crate::domain::codes::HouseholdEventKind;
use crate::domain::text::Text;
use crate::ledger::Ledger;
use crate::ledger::finding::Finding;
use crate::ledger::record::At;

/// Plans and writes in the caller's transaction. May run again after a conflict, so it changes nothing but the database.
pub fn plan_and_write(
    conn: &mut AnyConnection,
    keys: &Keyring,
    ledger: &Ledger,
    file: &File<'_>,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<ImportReport, AppError> {
    // The guards are old where jobs ended meanwhile; the plan reads the versions this leaves.
    postings::recount_all(conn, options.places_on(), options.now)?;
    let mut work = Work::plan(conn, keys, ledger, options, progress)?;
    if !is_stopped(ledger, &work, options) {
        write(conn, &mut work, progress)?;
    }
    let proposals = proposals::resolved(&work);
    let owners = record_findings::owners(&work);
    let rejected: BTreeSet<At> = ledger.rejected.union(&work.rejected).copied().collect();
    let mut report = report(ledger, work, options);
    progress(95, Text::new("正在记录导入结果。", "Recording the result."))?;
    let (batch, findings) = batch(conn, keys, ledger, file, options, &report, &rejected)?;
    if !report.stopped {
        proposals::write(conn, proposals, batch)?;
        record_findings::write(conn, ledger, &owners, &findings)?;
    }
    report.batch_id = Some(batch);
    Ok(report)
}

fn is_stopped(ledger: &Ledger, work: &Work<'_>, options: &ImportOptions) -> bool {
    let failed = ledger.findings.iter().chain(&work.findings).any(Finding::is_error);
    failed && !options.accept_clean_rows
}

/// What the plan amounts to. Holds the findings of the plan only; the reader's own are still in the ledger.
pub fn report(ledger: &Ledger, work: Work<'_>, options: &ImportOptions) -> ImportReport {
    let stopped = is_stopped(ledger, &work, options);
    let rejected = ledger.rejected.union(&work.rejected).count();
    let count = |wanted| work.outcomes.values().filter(|outcome| **outcome == wanted).count() as u64;
    let counts = if stopped { [0; 3] } else { [Outcome::Created, Outcome::Updated, Outcome::Unchanged].map(count) };
    ImportReport {
        batch_id: None,
        stopped,
        created: counts[0],
        updated: counts[1],
        unchanged: counts[2],
        rejected: rejected as u64,
        findings: work.findings,
        in_a_cell: Vec::new(),
        changes: if stopped { Vec::new() } else { work.changes },
        rejected_file: None,
        mapping: None,
    }
}

fn write(conn: &mut AnyConnection, work: &mut Work<'_>, progress: &mut Progress<'_>) -> Result<(), AppError> {
    let now = work.options.now;
    progress(55, Text::new("正在写入户和居民。", "Writing households and residents."))?;
    work.places.write(conn)?;
    write_households(conn, work)?;
    write_residents(conn, work)?;
    write_memberships(conn, work)?;
    progress(70, Text::new("正在写入技能、意向和照护责任。", "Writing skills, wishes and care duties."))?;
    lists::write(conn, work)?;
    write_barriers(conn, work)?;
    write_care(conn, work)?;
    progress(80, Text::new("正在写入企业和岗位。", "Writing employers and postings."))?;
    write_employers(conn, work)?;
    write_postings(conn, work)?;
    plan_postings::write_lists(conn, work)?;
    progress(85, Text::new("正在写入就业记录。", "Writing jobs."))?;
    write_spells(conn, work)?;
    write_trainings(conn, work)?;
    for (normalised, (name, times)) in work.unmapped.iter().filter(|(_, (_, times))| *times > 0) {
        unmapped::note(conn, name, normalised, *times, now)?;
    }
    Ok(())
}

/// Inserts new drafts in one go, updates changed ones, and gives all of them their ids.
fn flush<'a, T: Clone + 'a>(
    conn: &mut AnyConnection,
    drafts: impl Iterator<Item = &'a mut Draft<T>>,
    insert_all: impl Fn(&mut AnyConnection, &[T]) -> DbResult<Vec<i64>>,
    update: impl Fn(&mut AnyConnection, i64, i64, &T) -> DbResult<i64>,
) -> DbResult<()> {
    let mut new: Vec<&mut Draft<T>> = Vec::new();
    for draft in drafts.filter(|draft| draft.dirty) {
        match draft.stored {
            Some((id, version)) => {
                draft.stored = Some((id, update(conn, id, version, &draft.data)?));
                draft.dirty = false;
            }
            None => new.push(draft),
        }
    }
    let rows: Vec<T> = new.iter().map(|draft| draft.data.clone()).collect();
    let ids = insert_all(conn, &rows)?;
    for (draft, id) in new.into_iter().zip(ids) {
        draft.stored = Some((id, 1));
        draft.dirty = false;
    }
    Ok(())
}

/// Id of a draft that has been written.
fn id_of<T>(draft: &Draft<T>) -> i64 {
    draft.stored.map_or(0, |(id, _)| id)
}

fn write_households(conn: &mut AnyConnection, work: &mut Work<'_>) -> DbResult<()> {
    let (now, as_of) = (work.options.now, work.options.as_of);
    for household in &mut work.households {
        if let Some(building) = household.building {
            household.draft.data.building_id = work.places.id(building);
        }
    }
    let new: Vec<usize> = (0..work.households.len()).filter(|&index| work.households[index].draft.is_new()).collect();
    flush(
        conn,
        work.households.iter_mut().map(|household| &mut household.draft),
        |conn, rows| households::insert_all(conn, rows, now),
        |conn, id, version, data| households::update(conn, id, version, data, now),
    )?;
    let events: Vec<HouseholdEvent> = new
        .into_iter()
        .map(|index| HouseholdEvent {
            household_id: id_of(&work.households[index].draft),
            kind: HouseholdEventKind::Created,
            other_household_id: None,
            resident_id: None,
            happened_on: as_of,
            created_at: now,
        })
        .collect();
    households::record_events(conn, &events)?;
    Ok(())
}

fn write_residents(conn: &mut AnyConnection, work: &mut Work<'_>) -> DbResult<()> {
    let now = work.options.now;
    flush(
        conn,
        work.residents.iter_mut().map(|resident| &mut resident.draft),
        |conn, rows| residents::insert_all(conn, rows, now),
        |conn, id, version, data| residents::update(conn, id, version, data, now),
    )
}

fn write_memberships(conn: &mut AnyConnection, work: &Work<'_>) -> DbResult<()> {
    let mut added = Vec::new();
    for change in &work.memberships {
        match change {
            MembershipChange::Add { household, resident, relation, valid_from } => added.push(MembershipData {
                household_id: id_of(&work.households[*household].draft),
                resident_id: id_of(&work.residents[*resident].draft),
                relation: *relation,
                valid_from: *valid_from,
                valid_until: None,
            }),
            MembershipChange::Correct { id, relation, valid_from } => {
                memberships::correct(conn, *id, *relation, *valid_from)?
            }
        }
    }
    memberships::insert_all(conn, &added)?;
    Ok(())
}

fn write_barriers(conn: &mut AnyConnection, work: &Work<'_>) -> DbResult<()> {
    let as_of = work.options.as_of;
    let mut new = Vec::new();
    for resident in &work.residents {
        for id in &resident.closed_barriers {
            barriers::close(conn, *id, (as_of, None))?;
        }
        for (kind, words) in &resident.new_barriers {
            new.push(BarrierData {
                household_id: None,
                resident_id: Some(id_of(&resident.draft)),
                kind: *kind,
                opened_on: as_of,
                closed_on: None,
                note_cipher: Some(work.keys.seal_text(SealedColumn::BarrierNote, words)?),
                opened_by: None,
                closed_by: None,
            });
        }
    }
    barriers::insert_all(conn, &new)?;
    Ok(())
}

fn write_care(conn: &mut AnyConnection, work: &Work<'_>) -> DbResult<()> {
    let mut parents = Vec::new();
    let mut duties = Vec::new();
    for household in &work.households {
        let Some(new) = &household.new_care else { continue };
        let household_id = id_of(&household.draft);
        parents.push(household_id);
        duties.extend(new.iter().map(|duty| {
            let carer_id = duty.carer.map(|carer| id_of(&work.residents[carer].draft));
            (
                CareDutyData { household_id, kind: duty.kind, carer_id, valid_from: None, valid_until: None },
                duty.hours.clone(),
            )
        }));
    }
    if !parents.is_empty() {
        care::replace(conn, &parents, &duties)?;
    }
    Ok(())
}

fn write_employers(conn: &mut AnyConnection, work: &mut Work<'_>) -> DbResult<()> {
    let now = work.options.now;
    flush(
        conn,
        work.employers.iter_mut(),
        |conn, rows| employers::insert_all(conn, rows, now),
        |conn, id, version, data| employers::update(conn, id, version, data, now),
    )
}

fn write_postings(conn: &mut AnyConnection, work: &mut Work<'_>) -> DbResult<()> {
    let now = work.options.now;
    for posting in &mut work.postings {
        posting.draft.data.employer_id = id_of(&work.employers[posting.employer]);
    }
    flush(
        conn,
        work.postings.iter_mut().map(|posting| &mut posting.draft),
        |conn, rows| postings::insert_all(conn, rows, now),
        |conn, id, version, data| postings::update(conn, id, version, data, now),
    )?;
    let mut confirmed: BTreeMap<NaiveDate, Vec<i64>> = BTreeMap::new();
    for posting in &work.postings {
        if let Some(on) = posting.confirmed_on {
            confirmed.entry(on).or_default().push(id_of(&posting.draft));
        }
    }
    confirmed.iter().try_for_each(|(on, ids)| postings::confirm(conn, ids, *on))
}

/// Spells, and the places of the postings they take or free.
fn write_spells(conn: &mut AnyConnection, work: &mut Work<'_>) -> DbResult<()> {
    let (now, on) = (work.options.now, work.options.places_on());
    let mut affected: BTreeSet<i64> = BTreeSet::new();
    for spell in work.spells.iter_mut().filter(|spell| spell.draft.dirty) {
        let data = &mut spell.draft.data;
        data.resident_id = id_of(&work.residents[spell.resident].draft);
        data.employer_id = spell.employer.map(|employer| id_of(&work.employers[employer]));
        data.posting_id = spell.posting.map(|posting| id_of(&work.postings[posting].draft));
        affected.extend(data.posting_id);
    }
    flush(
        conn,
        work.spells.iter_mut().map(|spell| &mut spell.draft),
        |conn, rows| spells::insert_all(conn, rows, now),
        |conn, id, version, data| spells::update(conn, id, version, data, now),
    )?;
    for (spell, posting) in &work.relinked {
        let posting_id = id_of(&work.postings[*posting].draft);
        let mut data = spell.data.clone();
        data.posting_id = Some(posting_id);
        spells::update(conn, spell.id, spell.version, &data, now)?;
        affected.insert(posting_id);
    }
    postings::recount_filled(conn, &affected.into_iter().collect::<Vec<_>>(), on, now)
}

fn write_trainings(conn: &mut AnyConnection, work: &Work<'_>) -> DbResult<()> {
    let mut rows = Vec::new();
    for (resident, replaced, data) in &work.trainings {
        if let Some(id) = replaced {
            training::delete(conn, *id)?;
        }
        let mut data = data.clone();
        data.resident_id = id_of(&work.residents[*resident].draft);
        rows.push(data);
    }
    training::insert_all(conn, &rows)?;
    Ok(())
}

/// Writes down that the file came, what was found in it, and the rows that were not stored (sealed). Gives the findings with their ids.
fn batch(
    conn: &mut AnyConnection,
    keys: &Keyring,
    ledger: &Ledger,
    file: &File<'_>,
    options: &ImportOptions,
    report: &ImportReport,
    rejected: &BTreeSet<At>,
) -> Result<(i64, Vec<(i64, FindingData)>), AppError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let counts = BatchCounts {
        created: number(report.created),
        updated: number(report.updated),
        unchanged: number(report.unchanged),
        rejected: number(report.rejected),
    };
    let id = imports::insert(
        conn,
        &BatchData {
            file_name: file.name.chars().filter(|c| !c.is_control()).take(255).collect(),
            file_index: keys.index(IndexField::ImportFile, file.bytes),
            as_of: options.as_of,
            accept_clean_rows: options.accept_clean_rows,
            created: counts.created,
            updated: counts.updated,
            unchanged: counts.unchanged,
            rejected: counts.rejected,
            created_at: options.now,
        },
    )?;
    let findings: Vec<FindingData> = ledger
        .findings
        .iter()
        .chain(&report.findings)
        .map(|finding| FindingData {
            batch_id: id,
            code: finding.code.code().to_owned(),
            severity: finding.severity,
            sheet: finding.sheet.clone(),
            row_number: i64::from(finding.row),
            column_name: finding.column.clone(),
            masked_value: finding.masked_value.clone(),
            message_zh: finding.text.zh.clone(),
            message_en: finding.text.en.clone(),
        })
        .collect();
    let ids = imports::findings::insert_all(conn, &findings)?;
    let mut rows = Vec::new();
    for at in rejected {
        let cells: Vec<String> =
            ledger.row(*at).map(|row| row.cells.iter().map(|cell| cell.display()).collect()).unwrap_or_default();
        let cells = serde_json::to_vec(&cells).map_err(|error| AppError::Internal(error.into()))?;
        rows.push(RejectedRowData {
            batch_id: id,
            sheet: ledger.sheet_name(at.sheet).to_owned(),
            row_number: i64::from(at.row),
            cells_cipher: keys.seal(SealedColumn::RejectedRow, &cells).map_err(DbError::from)?,
        });
    }
    imports::rejected_rows::insert_all(conn, &rows)?;
    Ok((id, ids.into_iter().zip(findings).collect()))
}
