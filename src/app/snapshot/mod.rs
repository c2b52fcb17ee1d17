//! Rows into engine values: the only place where the two meet.
//!
//! Invariant: everything a run reads passes through [`load`] at one moment of the database, so a snapshot can be named by one
//! hash ([`Loaded::input_hash`]); protected fields end here (sex becomes the retirement range and one bit of the women's
//! forbidden list). Cost: one scan per table and a few look-ups per row; afterwards strings are only names to print.

mod care;
pub(in crate::app) mod hash;
mod names;
mod postings;
mod residents;

use chrono::NaiveDate;

pub use self::names::{Names, PostingName, ResidentName};
pub use self::postings::{DRAFT, Draft};
use crate::app::coverage::facts::{self, Facts};
use crate::app::error::AppError;
use crate::app::privacy::consents::Permitted;
use crate::app::{policies, settings, vocabulary};
use crate::db::{AnyConnection, Keyring};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{CoverageRules, household_coverage};
use crate::domain::employability::not_employable;
use crate::engine::input::Household;
use crate::engine::profile::Snapshot;

/// A snapshot for the engine, with what is needed to print its answers.
pub struct Loaded {
    pub as_of: NaiveDate,
    pub snapshot: Snapshot,
    pub names: Names,
    /// Households in snapshot order with their places; parallel to the snapshot's households.
    pub facts: Facts,
    /// Places left at each of the snapshot's postings, in its order.
    pub vacancies: Vec<u32>,
    /// How many members of each household may be placed (care duty); `None` = all. Parallel to `facts`.
    pub limits: Vec<Option<u32>>,
    /// Residents employable on the day (domain.md §4).
    pub n_labourers: u64,
    /// Which of the snapshot's residents they are, in its order.
    pub employable: Vec<bool>,
    /// Keyed hash, in hexadecimal, of everything the snapshot was built from; empty where nothing is stored of what it answers.
    pub input_hash: String,
}

impl Loaded {
    /// Index of a resident by row id; `None` for one who is no current member of a household.
    #[must_use]
    pub fn resident_index(&self, id: i64) -> Option<usize> {
        self.names.resident_index.get(&id).copied()
    }

    /// Index of a posting by row id; `None` for a draft or closed one.
    #[must_use]
    pub fn posting_index(&self, id: i64) -> Option<usize> {
        self.names.posting_index.get(&id).copied()
    }
}

/// Whether a posting without a place left is closed to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullPostings {
    /// Nobody is recommended to it.
    Closed,
    /// It is asked like any other: a plan counts its places itself, and another place there may be what is missing.
    Asked,
}

/// Which part of the records a snapshot is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    Everything,
    /// The households in these areas, and every posting.
    Areas(&'a [i64]),
    /// Every household and posting, and one more posting that is only being written.
    WithDraft(&'a Draft),
    /// One household and one posting: enough to ask the gates about one of its members. Cost: their own rows, and a look at whether the vocabulary is
    /// the one in memory.
    Pair {
        household: i64,
        posting: i64,
    },
}

impl Scope<'_> {
    /// The one household, where it is one.
    const fn household(self) -> Option<i64> {
        match self {
            Self::Pair { household, .. } => Some(household),
            Self::Everything | Self::Areas(_) | Self::WithDraft(_) => None,
        }
    }

    const fn posting(self) -> Option<i64> {
        match self {
            Self::Pair { posting, .. } => Some(posting),
            Self::Everything | Self::Areas(_) | Self::WithDraft(_) => None,
        }
    }
}

/// Reads a snapshot as of a day; refused without a legal basis for the service on it. Call inside [`crate::db::Db::read`], then release the connection and compute.
pub fn load(conn: &mut AnyConnection, keys: &Keyring, as_of: NaiveDate) -> Result<Loaded, AppError> {
    load_with(conn, Some(keys), as_of, FullPostings::Closed, Scope::Everything)
}

/// [`load`], without the hash: where nothing is stored of what the snapshot answers.
pub fn load_unhashed(conn: &mut AnyConnection, as_of: NaiveDate) -> Result<Loaded, AppError> {
    load_with(conn, None, as_of, FullPostings::Closed, Scope::Everything)
}

/// [`load`], of the households in these areas only (`None` = of all).
pub fn load_within(
    conn: &mut AnyConnection,
    keys: &Keyring,
    as_of: NaiveDate,
    within: Option<&[i64]>,
) -> Result<Loaded, AppError> {
    load_with(conn, Some(keys), as_of, FullPostings::Closed, within.map_or(Scope::Everything, Scope::Areas))
}

/// [`load`], with a word on full postings and on the part of the records; without keys what is read gets no hash.
pub fn load_with(
    conn: &mut AnyConnection,
    keys: Option<&Keyring>,
    as_of: NaiveDate,
    full: FullPostings,
    scope: Scope<'_>,
) -> Result<Loaded, AppError> {
    let rules = settings::coverage_rules(conn, as_of)?;
    let policy = policies::policy_on(conn, as_of)?;
    let household = scope.household();
    let (mut facts, people) = facts::load_with_people(conn, household.as_ref().map(std::slice::from_ref))?;
    if let Scope::Areas(areas) = scope {
        facts.keep_within(Some(areas));
    }
    facts.keep_existing_on(as_of);
    let members: Option<Vec<i64>> = household.map(|_| {
        facts.households.iter().flat_map(|household| &household.members).map(|member| member.resident).collect()
    });
    let permitted = Permitted::load(conn, members.as_deref(), as_of)?;
    let mut vocabulary = vocabulary::load_for_snapshot(conn)?;
    let mut names = Names::default();
    let care = care::load(conn, &facts, scope, (as_of, &rules))?;
    let mut postings = postings::load(conn, &mut vocabulary, &mut names, scope, as_of)?;
    let known = residents::Known { facts: &facts, people: &people, care: &care, permitted: &permitted };
    let residents = residents::load(conn, &known, &mut vocabulary, &mut names, (scope, as_of, &rules))?;
    let households = households(&facts, as_of, &rules);
    names.skills = vocabulary.names();
    let words = (names.skills.as_ref(), vocabulary.links(), vocabulary.occupations());
    let input_hash = keys.map(|keys| hash::of(keys, as_of, &policy, &residents, &postings, &households, words));
    let vacancies = postings.iter().map(|posting| posting.n_vacancies).collect();
    if full == FullPostings::Asked {
        postings.iter_mut().for_each(|posting| posting.n_vacancies = posting.n_vacancies.max(1));
    }
    let n_labourers = labourers(&facts, as_of, &rules);
    let employable = employable(&facts, &names, as_of, &rules);
    let snapshot = Snapshot::new(residents, postings, households, vocabulary.table(), as_of, policy)
        .map_err(anyhow::Error::new)?;
    Ok(Loaded {
        as_of,
        snapshot,
        names,
        vacancies,
        limits: care.limits,
        facts,
        n_labourers,
        employable,
        input_hash: input_hash.unwrap_or_default(),
    })
}

fn households(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> Vec<Household> {
    facts
        .households
        .iter()
        .map(|household| Household {
            id: household.id,
            uncovered: household_coverage(household, as_of, rules).state == CoverageState::Uncovered,
        })
        .collect()
}

fn labourers(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> u64 {
    let members = facts.households.iter().flat_map(|household| &household.members);
    members.filter(|member| not_employable(&member.person, as_of, &rules.labour_age).is_none()).map(|_| 1).sum()
}

fn employable(facts: &Facts, names: &Names, as_of: NaiveDate, rules: &CoverageRules) -> Vec<bool> {
    let mut employable = vec![false; names.residents.len()];
    for member in facts.households.iter().flat_map(|household| &household.members) {
        if let Some(index) = names.resident_index.get(&member.resident) {
            employable[*index] |= not_employable(&member.person, as_of, &rules.labour_age).is_none();
        }
    }
    employable
}
