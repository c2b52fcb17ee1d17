//! A change with what it would do, by row ids: as it is shown, and as it is stored with a plan.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::terms::Basis;
use crate::app::Connection;
use crate::app::access::{Reach, households_in, residents_in};
use crate::app::error::AppError;
use crate::domain::codes::ChangeKind;
use crate::domain::text::Text;
use crate::engine::plan::Objective;
use crate::engine::plan::change::Change;
use crate::engine::plan::gap::Ranked;
use crate::engine::words::what_ifs;

/// A change with what it would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    pub kind: ChangeKind,
    pub posting: Option<i64>,
    /// Whose care is shared.
    pub household: Option<i64>,
    /// The change and what it is worth, as a sentence.
    pub text: Text,
    pub units: u32,
    pub gain: Objective,
    /// Households it covers, and those that give way.
    pub covers: Vec<i64>,
    pub gives_way: Vec<i64>,
    /// Residents who take the seats of a course.
    pub trainees: Vec<i64>,
    /// Covered weight it cannot exceed.
    pub at_most: i64,
}

/// A [`Worth`] without its kind, as JSON.
#[derive(Serialize, Deserialize)]
struct Saved {
    posting_id: Option<i64>,
    household_id: Option<i64>,
    zh: String,
    en: String,
    units: u32,
    covered_weight: i64,
    kept: i64,
    points: i64,
    covers: Vec<i64>,
    gives_way: Vec<i64>,
    trainees: Vec<i64>,
    at_most: i64,
}

impl Worth {
    /// A change of the instance with the ids and names of its records.
    pub(super) fn of(basis: &Basis, ranked: &Ranked) -> Self {
        let posting = match ranked.change {
            Change::MoreVacancies { posting, .. } | Change::Relaxed { posting, .. } => Some(basis.posting_id(posting)),
            Change::Course { .. } | Change::CareShared { .. } | Change::TenantRemoved { .. } => None,
        };
        let household = match ranked.change {
            Change::CareShared { household } => Some(basis.household_id(household as usize)),
            _ => None,
        };
        Self {
            kind: ranked.change.kind(),
            posting,
            household,
            text: what_ifs::ranked(ranked, &basis.loaded.names),
            units: ranked.n_units,
            gain: ranked.gain,
            covers: household_ids(basis, &ranked.covers),
            gives_way: household_ids(basis, &ranked.uncovers),
            trainees: ranked.trainees.iter().map(|resident| basis.resident_id(*resident)).collect(),
            at_most: ranked.at_most,
        }
    }
}

impl Worth {
    /// The households it names.
    pub fn households(&self) -> impl Iterator<Item = i64> {
        self.household.iter().chain(&self.covers).chain(&self.gives_way).copied()
    }

    /// Names only those whom somebody with this reach may see; the numbers stay.
    ///
    /// # Errors
    /// If the database fails.
    pub fn narrow<'w>(
        conn: &mut Connection,
        people: &Reach,
        worths: impl IntoIterator<Item = &'w mut Self>,
    ) -> Result<(), AppError> {
        let mut worths: Vec<&mut Self> = worths.into_iter().collect();
        let named: Vec<i64> = worths.iter().flat_map(|worth| worth.households()).collect();
        let households = BTreeSet::from_iter(households_in(conn, people, &named)?);
        let named: Vec<i64> = worths.iter().flat_map(|worth| worth.trainees.iter().copied()).collect();
        let residents = BTreeSet::from_iter(residents_in(conn, people, &named)?);
        for worth in &mut worths {
            worth.household = worth.household.filter(|id| households.contains(id));
            worth.covers.retain(|id| households.contains(id));
            worth.gives_way.retain(|id| households.contains(id));
            worth.trainees.retain(|id| residents.contains(id));
        }
        Ok(())
    }
}

pub(super) fn household_ids(basis: &Basis, households: &[u32]) -> Vec<i64> {
    households.iter().map(|household| basis.household_id(*household as usize)).collect()
}

/// Changes of one kind as JSON.
pub(super) fn save(changes: Vec<Worth>) -> Result<String, AppError> {
    let saved = changes.into_iter().map(|worth| Saved {
        posting_id: worth.posting,
        household_id: worth.household,
        zh: worth.text.zh,
        en: worth.text.en,
        units: worth.units,
        covered_weight: worth.gain.covered,
        kept: worth.gain.kept,
        points: worth.gain.suitability,
        covers: worth.covers,
        gives_way: worth.gives_way,
        trainees: worth.trainees,
        at_most: worth.at_most,
    });
    Ok(serde_json::to_string(&saved.collect::<Vec<Saved>>()).map_err(anyhow::Error::from)?)
}

/// The changes of [`save`].
pub(super) fn load(kind: ChangeKind, saved: &str) -> Result<Vec<Worth>, AppError> {
    let saved: Vec<Saved> = serde_json::from_str(saved).map_err(anyhow::Error::from)?;
    let worth = |saved: Saved| Worth {
        kind,
        posting: saved.posting_id,
        household: saved.household_id,
        text: Text::new(saved.zh, saved.en),
        units: saved.units,
        gain: Objective { covered: saved.covered_weight, kept: saved.kept, suitability: saved.points },
        covers: saved.covers,
        gives_way: saved.gives_way,
        trainees: saved.trainees,
        at_most: saved.at_most,
    };
    Ok(saved.into_iter().map(worth).collect())
}
