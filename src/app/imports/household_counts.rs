//! How many of a household can work and how many do, as a list counts them, against its people after the file.
//!
//! A list of heads alone says nothing of the members: counts are compared where the file or the records know them, and those of the
//! employed where either knows of jobs. Linear in the rows.

use super::households::existing;
use super::people;
use super::work::{Index, Work};
use crate::domain::codes::Channel;
use crate::domain::text::Text;
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::group::Household;
use crate::ledger::head::SheetKind;

pub fn compare(work: &mut Work<'_>) {
    let ledger = work.ledger;
    let names_jobs = !ledger.records.jobs.is_empty() || ledger.records.people.iter().any(|row| row.employed.is_some());
    for words in &ledger.households {
        let Some((at, counts)) = words.counts else { continue };
        let Some(household) = existing(work, words).filter(|&household| knows_members(work, words, household)) else {
            continue;
        };
        let members = work.households[household].members.clone();
        let labour = members.iter().filter(|&&member| people::employability_of(work, member).is_employable()).count();
        let employed = members.iter().filter(|&&member| is_employed(work, member)).count();
        let knows_jobs = names_jobs || members.iter().any(|&member| !work.residents[member].spells.is_empty());
        for (said, found, code, field) in [
            (counts.labour, labour, C::LabourCountDiffers, Field::LabourCount),
            (counts.employed.filter(|_| knows_jobs), employed, C::EmployedCountDiffers, Field::EmployedCount),
        ] {
            if let Some(said) = said.filter(|said| usize::try_from(*said) != Ok(found)) {
                let both = format!("{said} ≠ {found}");
                work.find_about(code, at, field, &Text::new(both.clone(), both));
            }
        }
    }
}

fn knows_members(work: &Work<'_>, words: &Household, household: Index) -> bool {
    let listed = words.members.iter().any(|&row| work.ledger.records.people[row].kind != SheetKind::Household);
    let home = &work.households[household];
    listed || (!home.draft.is_new() && home.members.len() > 1)
}

fn is_employed(work: &Work<'_>, resident: Index) -> bool {
    work.residents[resident].spells.iter().map(|&spell| &work.spells[spell]).any(|spell| {
        let counts = work.rules.farming_counts || spell.draft.data.channel != Channel::Farming;
        counts && spell.is_active(work.options.as_of)
    })
}
