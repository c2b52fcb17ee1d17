//! Rows about courses → records; what a ledger says of one beside the person.

use super::field::Field as F;
use super::finding::FindingCode as C;
use super::record::TrainingRow;
use super::row::RowCells;
use super::words;
use crate::domain::resident_id::ResidentId;

/// A row of a list of courses.
pub fn training(cells: &mut RowCells<'_>) -> Option<TrainingRow> {
    let id = cells.id(F::IdNumber);
    let name = cells.person_name(F::Name);
    let course = course(cells, id);
    if course.is_none() && !cells.failed() {
        cells.report(C::DateUnreadable, F::TrainingStart);
    }
    let note = cells.note();
    if cells.failed() { None } else { Some(TrainingRow { name, note, ..course? }) }
}

fn course(cells: &mut RowCells<'_>, id: Option<ResidentId>) -> Option<TrainingRow> {
    let (start, end) = cells.period(F::TrainingStart, F::TrainingEnd);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        cells.report(C::EndBeforeStart, F::TrainingEnd);
    }
    let kind = cells.job_name(F::TrainingKind).unwrap_or_else(|| "培训".to_owned());
    let (trade, provider) = (cells.job_name(F::TrainingTrade), cells.job_name(F::TrainingProvider));
    let place = cells.job_name(F::TrainingPlace);
    let days = cells.number(F::TrainingDays, 0..=3660);
    let subsidy_fen = cells.money(F::TrainingSubsidy).and_then(|money| money.min_fen);
    let (id, start) = id.zip(start)?;
    let row = TrainingRow {
        at: cells.at,
        id,
        name: None,
        kind,
        trade,
        provider,
        place,
        start,
        end,
        days,
        subsidy_fen,
        note: None,
    };
    Some(row)
}

/// The course in the columns of a ledger. Without a first day it is no record, and its words are kept in the note.
pub(super) fn course_beside(cells: &mut RowCells<'_>, id: Option<&ResidentId>) -> Option<TrainingRow> {
    let fields = [F::TrainingKind, F::TrainingTrade, F::TrainingProvider, F::TrainingPlace, F::TrainingEnd];
    if words::says_nothing(&cells.cell(F::TrainingStart).display()) {
        for field in fields {
            let text = cells.cell(field).display().trim().to_owned();
            if !words::says_nothing(&text) {
                cells.keep(field, text);
            }
        }
        return None;
    }
    course(cells, id.cloned())
}
