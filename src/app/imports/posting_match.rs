//! Which posting does a row of a list speak of?
//!
//! Known by code, else by employer and title. Invariants: no row changes a posting of another employer; where several could be
//! meant nothing is guessed; the headcount never falls below the places taken. Cost: a few look-ups a row.

use std::collections::{HashMap, HashSet};

use super::employers;
use super::work::{Index, Work};
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::key;
use crate::ledger::record::PostingRow;
use crate::ledger::repeats::is_other_shift;

/// What the file itself lists, so that one of its rows does not take the posting of another.
#[derive(Debug, Default)]
pub struct Listed<'a> {
    codes: HashSet<&'a str>,
    /// Rows without a code, by title.
    plain: HashMap<String, Vec<&'a PostingRow>>,
}

impl<'a> Listed<'a> {
    pub fn of(rows: &'a [PostingRow]) -> Self {
        let mut listed = Self::default();
        for row in rows {
            match &row.code {
                Some(code) => {
                    listed.codes.insert(code);
                }
                None => listed.plain.entry(key(&row.title)).or_default().push(row),
            }
        }
        listed
    }
}

/// Where a row of a posting list belongs.
pub enum Place {
    Known(Index),
    New,
    /// Why the row cannot be stored, and by which of its columns.
    Refused(C, Field),
}

/// Whether a row cannot be stored; it must not change the employer either.
pub fn is_refused(work: &Work<'_>, row: &PostingRow) -> bool {
    matches!(find(work, row), Place::Refused(..))
}

/// Whether the file has other rows of this employer and title, none with a code: then they are told apart by their shifts.
fn has_other_shifts(work: &Work<'_>, row: &PostingRow, employer: Index) -> bool {
    let named = work.listed.plain.get(&key(&row.title)).map(Vec::as_slice).unwrap_or_default();
    row.code.is_none() && named.iter().filter(|other| employers::of_posting(work, other) == Some(employer)).count() > 1
}

/// The posting a row speaks of: that of its code; else the only one without a code that the employer has under this title, so
/// that a list which gives codes to what is on record adds no places; for a row without a code also the only one with a code
/// that no other row names. Postings of one title are told apart by their shifts. Nothing is guessed.
pub fn find(work: &Work<'_>, row: &PostingRow) -> Place {
    let employer = employers::of_posting(work, row);
    let place = match row.code.as_deref().and_then(|code| work.posting_of_code.get(code)) {
        Some(&posting) if Some(work.postings[posting].employer) == employer => Place::Known(posting),
        Some(_) => Place::Refused(C::PostingCodeTaken, Field::PostingCode),
        None => employer.map_or(Place::New, |employer| find_by_title(work, row, employer)),
    };
    match place {
        // It would be left with fewer places than are taken.
        Place::Known(posting) if row.headcount < work.postings[posting].filled => {
            Place::Refused(C::HeadcountBelowFilled, Field::Headcount)
        }
        place => place,
    }
}

fn find_by_title(work: &Work<'_>, row: &PostingRow, employer: Index) -> Place {
    let title = (employer, key(&row.title));
    let named = work.postings_of_title.get(&title).map(Vec::as_slice).unwrap_or_default();
    let code = |posting: Index| work.postings[posting].draft.data.code.as_deref();
    let (coded, plain): (Vec<Index>, Vec<Index>) = named.iter().copied().partition(|posting| code(*posting).is_some());
    let is_this = |other: &&PostingRow| employers::of_posting(work, other) == Some(employer);
    let candidates = if row.code.is_some() {
        // A row without a code speaks of it already.
        let spoken_of = work.listed.plain.get(&title.1).is_some_and(|rows| rows.iter().any(is_this));
        if spoken_of { Vec::new() } else { plain }
    } else if plain.is_empty() {
        let is_listed = |posting: Index| code(posting).is_some_and(|code| work.listed.codes.contains(code));
        coded.into_iter().filter(|posting| !is_listed(*posting)).collect()
    } else {
        plain
    };
    let shift = |posting: &Index| work.postings[*posting].draft.data.shift;
    let of_this_shift =
        || candidates.iter().copied().filter(|posting| row.shift.is_some() && shift(posting) == row.shift);
    let is_one_of_several = has_other_shifts(work, row, employer);
    match candidates[..] {
        [] => Place::New,
        [only] if !is_one_of_several => Place::Known(only),
        _ if is_one_of_several && candidates.iter().all(|other| is_other_shift(shift(other), row.shift)) => Place::New,
        _ => match of_this_shift().collect::<Vec<_>>()[..] {
            [only] => Place::Known(only),
            _ => Place::Refused(C::PostingTitleAmbiguous, Field::PostingTitle),
        },
    }
}

/// Keeps the look-ups true to the code and title a row gave.
pub fn name(work: &mut Work<'_>, row: &PostingRow, posting: Index) {
    work.posting_of_row.insert(row.at, posting);
    if let Some(code) = &row.code {
        work.posting_of_code.insert(code.clone(), posting);
    }
    let title = (work.postings[posting].employer, key(&row.title));
    if work.postings_of_title.get(&title).is_some_and(|named| named.contains(&posting)) {
        return;
    }
    for named in work.postings_of_title.values_mut() {
        named.retain(|other| *other != posting);
    }
    work.postings_of_title.entry(title).or_default().push(posting);
}
