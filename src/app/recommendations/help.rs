//! What would help one person most: the single change that opens the most postings, and what it would bring.
//!
//! Computed by explaining every posting of the day, so it names no change that the engine would not make. Cost: tens of
//! microseconds a posting.

use chrono::NaiveDate;

use super::{ResidentAnswer, answer, load};
use crate::app::error::AppError;
use crate::db::Db;
use crate::domain::text::Text;
use crate::engine::explain::{Change, explain};
use crate::engine::words;

/// One change and what it would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// The beginning of a sentence: "学会四线锁边（2 级）".
    pub change: Text,
    /// Postings that would suit and do not today.
    pub opens: u64,
    /// Postings that suit today and would suit better.
    pub raises: u64,
    /// Points that the best of those would have.
    pub best: u16,
}

/// [`super::for_resident`], with the one change that helps most; `None` where no single change does.
///
/// # Errors
/// `NotFound` for somebody who is in no list of the day.
pub fn for_card(
    db: &Db,
    resident: i64,
    k: usize,
    as_of: NaiveDate,
) -> Result<(ResidentAnswer, Option<Help>), AppError> {
    let loaded = load(db, as_of)?;
    let r = loaded.resident_index(resident).ok_or(AppError::NotFound)?;
    let mut found: Vec<(Change, Help)> = Vec::new();
    for p in 0..loaded.snapshot.postings().len() {
        let Some(improvement) = explain(&loaded.snapshot, r, p).best_change else { continue };
        let place = found.iter().position(|(change, _)| *change == improvement.change).unwrap_or_else(|| {
            let change = words::change(&improvement.change, &loaded.names);
            found.push((improvement.change, Help { change, opens: 0, raises: 0, best: 0 }));
            found.len() - 1
        });
        let help = &mut found[place].1;
        help.opens += u64::from(improvement.opens);
        help.raises += u64::from(!improvement.opens);
        help.best = help.best.max(improvement.score);
    }
    // Of equal ones the first, in the order of postings.
    let best = found.into_iter().map(|(_, help)| help).rev().max_by_key(|help| (help.opens, help.raises, help.best));
    Ok((answer(&loaded, r, k), best))
}
