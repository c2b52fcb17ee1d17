//! What of the jobs of a file contradicts other jobs or the person, by file and record together.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::jobs::{Placed, employer_key, has_active};
use super::work::{Index, Work};
use crate::domain::codes::{Channel, LabourClass, SchoolStatus};
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::record::At;

/// Jobs of the file that overlap another job of the person, unless both are part-time and not in two workshops, or one of them is
/// farming, which goes beside any job. Each pair is told once.
pub fn overlaps(work: &mut Work<'_>, placed: &[Placed<'_>]) {
    let mut told: Vec<(Index, Index)> = Vec::new();
    for &Placed { at, spell, .. } in placed {
        let others = work.residents[work.spells[spell].resident].spells.clone();
        let mine = &work.spells[spell].draft.data;
        let clash = others.into_iter().find(|&other| {
            let theirs = &work.spells[other].draft.data;
            let begun_by = |end: Option<NaiveDate>, start| end.is_none_or(|end| end > start);
            let together = begun_by(mine.end_on, theirs.counted_from) && begun_by(theirs.end_on, mine.counted_from);
            let go_together =
                mine.part_time && theirs.part_time || [mine, theirs].iter().any(|job| job.channel == Channel::Farming);
            let clash = !go_together || in_two_workshops(work, spell, other);
            other != spell && together && clash && !told.contains(&(other, spell))
        });
        if let Some(other) = clash {
            told.push((spell, other));
            let (code, field) = match in_two_workshops(work, spell, other) {
                true => (C::InTwoWorkshops, Field::Employer),
                false => (C::OverlappingSpells, Field::StartOn),
            };
            work.find(code, at, field);
        }
    }
}

/// Whether two jobs are in the park at different companies: nobody is in two workshops, not even part-time.
fn in_two_workshops(work: &Work<'_>, one: Index, other: Index) -> bool {
    let [one, other] = [one, other].map(|spell| &work.spells[spell]);
    let in_park = [one, other].iter().all(|spell| spell.draft.data.channel == Channel::MicroFactory);
    let employers = employer_key(work, one).zip(employer_key(work, other));
    in_park && employers.is_some_and(|(one, other)| one != other)
}

/// People of the file who have a job on the as-of day and are in school or have no capacity for work, by file and record
/// together: the two may stand in different sheets, or one of them on record. What a row says by itself the reader has told.
pub fn contradictions(work: &mut Work<'_>, placed: &[Placed<'_>]) {
    const CODES: [C; 2] = [C::InSchoolEmployed, C::NoCapacityEmployed];
    let ledger = work.ledger;
    let as_of = work.options.as_of;
    let told = ledger.findings.iter().filter(|finding| CODES.contains(&finding.code));
    let told: HashSet<(&str, u32, C)> =
        told.map(|finding| (finding.sheet.as_str(), finding.row, finding.code)).collect();
    let jobs = placed.iter().filter(|row| work.spells[row.spell].is_active(as_of));
    let mut rows: Vec<(At, Index)> = jobs.map(|row| (row.at, work.spells[row.spell].resident)).collect();
    for row in ledger.records.people.iter().filter(|row| !work.rejected.contains(&row.at)) {
        rows.extend(work.resident_of.get(&row.id).filter(|&&one| has_active(work, one)).map(|&one| (row.at, one)));
    }
    let is_told = &|at: At, code| told.contains(&(ledger.sheet_name(at.sheet), at.row, code));
    let mut known: HashSet<(Index, C)> = rows
        .iter()
        .flat_map(|&(at, resident)| {
            CODES.into_iter().filter(move |&code| is_told(at, code)).map(move |code| (resident, code))
        })
        .collect();
    for (at, resident) in rows {
        let data = &work.residents[resident].draft.data;
        let in_school = data.school_status.is_some_and(|school| school != SchoolStatus::NotInSchool);
        let no_capacity = matches!(data.labour_class, Some(LabourClass::Lost | LabourClass::None));
        for (applies, code, field) in
            [(in_school, C::InSchoolEmployed, Field::School), (no_capacity, C::NoCapacityEmployed, Field::LabourClass)]
        {
            if applies && known.insert((resident, code)) {
                work.find(code, at, field);
            }
        }
    }
}
