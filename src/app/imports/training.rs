//! Courses residents took. A course is the same if person, kind and first day are.

use super::changes::{Log, label};
use super::notes;
use super::people::{of_list, tell};
use super::work::{Outcome, Work};
use crate::app::error::AppError;
use crate::db::seal::SealedColumn;
use crate::db::training::TrainingData;
use crate::ledger::key;

pub fn plan(work: &mut Work<'_>) -> Result<(), AppError> {
    let ledger = work.ledger;
    for row in &ledger.records.trainings {
        let Some(resident) = of_list(work, row.at, &row.id, row.name.as_deref()) else { continue };
        // A course the person is enrolled in is on record with its result.
        let name = row.trade.as_deref().map(key);
        if name.is_some_and(|name| work.residents[resident].courses.contains(&(name, row.start))) {
            work.outcome(row.at, Outcome::Unchanged);
            continue;
        }
        let same = |course: &&crate::db::rows::Stored<TrainingData>| {
            course.data.kind == row.kind && course.data.start_on == row.start
        };
        let known = work.residents[resident].trainings.iter().find(same).cloned();
        let stored = known.as_ref().map(|course| &course.data);
        let mut note_cipher = stored.and_then(|data| data.note_cipher.clone());
        notes::add(work.keys, SealedColumn::TrainingNote, &mut note_cipher, row.note.as_deref())?;
        let data = TrainingData {
            resident_id: work.residents[resident].draft.stored.map_or(0, |(id, _)| id),
            kind: row.kind.clone(),
            trade: row.trade.clone().or_else(|| stored?.trade.clone()),
            provider: row.provider.clone().or_else(|| stored?.provider.clone()),
            place: row.place.clone().or_else(|| stored?.place.clone()),
            skill_id: row.trade.as_deref().and_then(|trade| work.skill_row(trade)).or_else(|| stored?.skill_id),
            start_on: row.start,
            end_on: row.end.or_else(|| stored?.end_on),
            days: row.days.or_else(|| stored?.days),
            subsidy_fen: row.subsidy_fen.or_else(|| stored?.subsidy_fen),
            note_cipher,
        };
        let unchanged =
            stored.is_some_and(|stored| TrainingData { skill_id: stored.skill_id, ..data.clone() } == *stored);
        if unchanged {
            work.outcome(row.at, Outcome::Unchanged);
            continue;
        }
        work.outcome(row.at, if known.is_some() { Outcome::Updated } else { Outcome::Created });
        if known.is_some() {
            let mut log = Log::default();
            log.note(label("培训记录", "training record"));
            tell(work, row.at, &row.id, log);
        }
        work.trainings.push((resident, known.map(|course| course.id), data));
    }
    Ok(())
}
