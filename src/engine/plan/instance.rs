//! The terms of a planning problem: who belongs to whom, what is free, what is fixed. The pairs are in [`super::pairs`].
//!
//! Invariant of a [`Terms`] in hand: every index names something that exists. Everything else that can be wrong with pins
//! depends on pairs and is found when the plan is made ([`super::reduce`]).

use std::fmt;

/// One household as the plan sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanHousehold {
    /// 0 = covered already, 1 = uncovered, more where the policy says so.
    pub weight: u32,
    /// How many of its members may be placed (plan.md: one number per household, from the care duty).
    pub limit: u32,
}

/// A pair that a person or a parent plan decided about: indices of resident and posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    pub resident: u32,
    pub posting: u32,
}

/// Everything about an instance but its pairs.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    households: Vec<PlanHousehold>,
    household_of: Vec<u32>,
    vacancies: Vec<u32>,
    pins: Vec<Pair>,
    forbidden: Vec<Pair>,
    promises: Vec<Pair>,
    /// So many placements the fold has room for, at least.
    room: u64,
}

/// An index of [`Terms`] that names nothing, or a household weight beyond [`MOST_WEIGHT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsError {
    NoSuchHousehold {
        resident: usize,
        household: u32,
    },
    NoSuchPair(Pair),
    /// A posting that is to be changed.
    NoSuchPosting {
        posting: u32,
    },
    /// Two promises to one resident cannot both be kept, and a parent plan never makes them.
    PromisedTwice {
        resident: u32,
    },
    TooMany,
}

impl fmt::Display for TermsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchHousehold { resident, household } => {
                write!(f, "resident {resident} names household {household}, which does not exist")
            }
            Self::NoSuchPair(Pair { resident, posting }) => {
                write!(f, "resident {resident} or posting {posting} of a pair does not exist")
            }
            Self::NoSuchPosting { posting } => write!(f, "posting {posting} does not exist"),
            Self::PromisedTwice { resident } => write!(f, "resident {resident} is promised two postings"),
            Self::TooMany => f.write_str("too many residents, households or postings for one plan"),
        }
    }
}

impl std::error::Error for TermsError {}

/// Indices are 32 bits wide, with one value left for "none".
const MOST_ITEMS: usize = u32::MAX as usize - 1;

impl Terms {
    /// Households, the household index of each resident, and the vacancies of each posting.
    ///
    /// # Errors
    /// A household index that names no household; more items than 32 bits can number.
    pub fn new(
        households: Vec<PlanHousehold>,
        household_of: Vec<u32>,
        vacancies: Vec<u32>,
    ) -> Result<Self, TermsError> {
        if households.len().max(household_of.len()).max(vacancies.len()) > MOST_ITEMS {
            return Err(TermsError::TooMany);
        }
        if let Some((resident, household)) =
            household_of.iter().enumerate().find(|(_, h)| **h as usize >= households.len())
        {
            return Err(TermsError::NoSuchHousehold { resident, household: *household });
        }
        Ok(Self { households, household_of, vacancies, ..Self::default() })
    }

    /// Pairs that must be in the plan, pairs that must not, and placements the plan keeps unless one costs a household.
    /// The same pin or forbidden pair twice counts once.
    ///
    /// # Errors
    /// A resident or posting that does not exist; two promises to one resident.
    pub fn with_decisions(
        mut self,
        mut pins: Vec<Pair>,
        mut forbidden: Vec<Pair>,
        mut promises: Vec<Pair>,
    ) -> Result<Self, TermsError> {
        for list in [&mut pins, &mut forbidden, &mut promises] {
            list.sort_unstable();
            list.dedup();
            if let Some(stray) = list
                .iter()
                .find(|pair| pair.resident as usize >= self.n_residents() || pair.posting as usize >= self.n_postings())
            {
                return Err(TermsError::NoSuchPair(*stray));
            }
        }
        if let Some(twice) = promises.windows(2).find(|w| w[0].resident == w[1].resident) {
            return Err(TermsError::PromisedTwice { resident: twice[0].resident });
        }
        (self.pins, self.forbidden, self.promises) = (pins, forbidden, promises);
        Ok(self)
    }

    /// The same terms with another number of vacancies at one posting.
    ///
    /// # Errors
    /// A posting that does not exist.
    pub fn with_vacancies(mut self, posting: u32, vacancies: u32) -> Result<Self, TermsError> {
        let n = self.vacancies.get_mut(posting as usize).ok_or(TermsError::NoSuchPosting { posting })?;
        *n = vacancies;
        Ok(self)
    }

    /// The same terms without one posting: no vacancies, and nobody pinned there.
    ///
    /// # Errors
    /// A posting that does not exist.
    pub fn without_posting(self, posting: u32) -> Result<Self, TermsError> {
        let mut terms = self.with_vacancies(posting, 0)?;
        terms.pins.retain(|pin| pin.posting != posting);
        Ok(terms)
    }

    /// The same terms with another weight and limit for household `h`, which must exist.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn with_household(mut self, h: u32, household: PlanHousehold) -> Self {
        self.households[h as usize] = household;
        self
    }

    /// The same terms with a fold that has room for everybody to be placed, whatever the vacancies: so prices of these terms and
    /// of terms with other vacancies are in the same unit. Changes no objective.
    #[must_use]
    pub fn with_room_for_all(mut self) -> Self {
        self.room = self.n_residents() as u64;
        self
    }

    #[must_use]
    pub fn n_residents(&self) -> usize {
        self.household_of.len()
    }

    #[must_use]
    pub fn n_postings(&self) -> usize {
        self.vacancies.len()
    }

    #[must_use]
    pub fn households(&self) -> &[PlanHousehold] {
        &self.households
    }

    /// Index of each resident's household.
    #[must_use]
    pub fn household_of(&self) -> &[u32] {
        &self.household_of
    }

    #[must_use]
    pub fn vacancies(&self) -> &[u32] {
        &self.vacancies
    }

    /// Sorted, without repetition.
    #[must_use]
    pub fn pins(&self) -> &[Pair] {
        &self.pins
    }

    /// Sorted, without repetition.
    #[must_use]
    pub fn forbidden(&self) -> &[Pair] {
        &self.forbidden
    }

    /// Sorted, at most one per resident.
    #[must_use]
    pub fn promises(&self) -> &[Pair] {
        &self.promises
    }

    /// At most so many people can be placed: a bound that folds are made for.
    #[must_use]
    pub fn most_placed(&self) -> u64 {
        let places: u64 = self.vacancies.iter().map(|c| u64::from(*c)).sum();
        places.min(self.n_residents() as u64).max(self.room)
    }

    /// The largest household weight.
    #[must_use]
    pub fn most_weight(&self) -> u32 {
        self.households.iter().map(|h| h.weight).max().unwrap_or(0)
    }
}
