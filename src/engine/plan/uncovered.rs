//! Why is this household still uncovered? One class for each, by evidence, read off a proved plan.
//!
//! A household is *still uncovered* if its weight is above 0 and the plan places nobody of it. Every such household gets exactly
//! one [`Reason`], the first of these that holds:
//!
//! 1. it has eligible pairs that nobody forbade, and then
//!    - [`Reason::CareLimit`]: its limit is 0;
//!    - [`Reason::OutCompeted`]: it belongs to a [`Competition`], a set of households whose eligible postings together have
//!      too few vacancies;
//! 2. [`Reason::Unwilling`]: it has employable members and every one of them is recorded as not wanting work (domain.md §4);
//! 3. people decided: [`Reason::NoEligiblePosting`] with the eligible pairs that are forbidden, if there are any;
//! 4. [`Reason::Declined`]: pairs exist that only the gate `declined` bars;
//! 5. [`Reason::CareLimit`] once more: pairs exist that only the gate `care_duty` bars, so the carer is who could work;
//! 6. [`Reason::NoEligiblePosting`]: with the count of what every gate barred, and the smallest [`Opening`].
//!
//! The first case is complete because the plan is optimal: a household with an eligible pair and a limit above 0 that is not
//! covered *must* be in such a set, or the plan could be improved ([`competition`] has the proof). A plan for which that fails is
//! reported as [`NotOptimal`], with the place where it fails, never explained away.
//!
//! What is known of pairs beyond the list of the eligible ones comes from [`Records`]: a town knows gates and answers
//! ([`TownRecords`]), an instance somebody brought along knows nothing ([`NoRecords`]) and has cases 1, 3 and 6 only.
//!
//! Cost: one scan of the uncovered households' members, one of the members of the households they compete with, and for a
//! town the gates of those without any pair; households are looked at in parallel, the answer does not depend on threads.

mod competition;
mod opening;
mod records;

use std::collections::HashSet;

use rayon::prelude::*;

use self::competition::Reach;
use super::instance::{Pair, Terms};
use super::pairs::{Pairs, Scan};
use super::reduce::Groups;
use crate::engine::gates::Gate;

pub use competition::{Competition, HallFault};
pub use opening::{Opening, RELAXABLE, smallest_opening, steps};
pub use records::{NoRecords, Records, Shut, TownRecords};

/// Why one household is uncovered, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Every employable member is recorded as not wanting work: these.
    Unwilling { members: Vec<u32> },
    /// All pairs every other gate lets pass were declined: these.
    Declined { pairs: Vec<Pair> },
    /// No posting is eligible for any member. `forbidden` pairs would be, but a person decided against them; the members `left_out`
    /// are in no plan by their own wish; `shut` says what the gates barred for the others, where gates are known.
    NoEligiblePosting { forbidden: Vec<Pair>, left_out: Vec<u32>, shut: Option<Box<Shut>> },
    /// So many pairs are open but for the care at home: nobody can be spared (limit 0), or the one who could work is the carer, and
    /// then `barred` are the pairs, each barred by those hours alone.
    CareLimit { n_pairs: u64, barred: Vec<Pair> },
    /// Its own eligible `postings`, ascending, and the set it belongs to: an index into [`Report::competitions`].
    OutCompeted { postings: Vec<u32>, competition: usize },
}

impl Reason {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unwilling { .. } => "unwilling",
            Self::Declined { .. } => "declined",
            Self::NoEligiblePosting { .. } => "no_eligible_posting",
            Self::CareLimit { .. } => "care_limit",
            Self::OutCompeted { .. } => "out_competed",
        }
    }
}

/// One household that stays uncovered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    pub household: u32,
    pub weight: u32,
    pub reason: Reason,
}

/// Every uncovered household of a plan, and the sets they compete in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By household.
    pub households: Vec<Uncovered>,
    /// By the first household that needs it; no two have the same postings.
    pub competitions: Vec<Competition>,
}

/// The plan can be improved here, so it was not proved and is not explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOptimal {
    /// A posting the household can reach by moving people has a free place.
    FreePlace { household: u32, posting: u32 },
    /// Somebody at the posting can leave it and costs less coverage than the household brings.
    Dispensable { household: u32, posting: u32 },
}

/// What a household's own pairs say.
enum Own {
    Said(Reason),
    /// The eligible postings of its members, ascending.
    Competes(Vec<u32>),
}

/// Classifies every uncovered household of a plan.
///
/// # Errors
/// [`NotOptimal`] if the placements are not an optimal plan of the instance and that shows.
pub fn classify<P: Pairs, R: Records>(
    terms: &Terms,
    pairs: &P,
    placements: &[Pair],
    records: &R,
) -> Result<Report, NotOptimal> {
    let members = members(terms);
    let forbidden: HashSet<Pair> = terms.forbidden().iter().copied().collect();
    let own: Vec<(u32, Own)> = uncovered_households(terms, placements)
        .into_par_iter()
        .map_init(|| pairs.scan(), |scan, h| (h, own(terms, scan, &forbidden, records, members.of(h as usize), h)))
        .collect();

    let mut reach = Reach::new(terms, pairs, placements, &members);
    let mut households = Vec::with_capacity(own.len());
    for (household, own) in own {
        let reason = match own {
            Own::Said(reason) => reason,
            Own::Competes(postings) => {
                let competition = reach.competition_of(household, &postings)?;
                Reason::OutCompeted { postings, competition }
            }
        };
        households.push(Uncovered { household, weight: terms.households()[household as usize].weight, reason });
    }
    Ok(Report { households, competitions: reach.into_competitions() })
}

/// Households with a weight above 0 of which nobody is placed, ascending.
#[must_use]
pub fn uncovered_households(terms: &Terms, placements: &[Pair]) -> Vec<u32> {
    let mut is_placed = vec![false; terms.households().len()];
    for pair in placements {
        is_placed[terms.household_of()[pair.resident as usize] as usize] = true;
    }
    let wanted = (0..).zip(terms.households()).filter(|(_, household)| household.weight > 0);
    wanted.map(|(h, _)| h).filter(|h| !is_placed[*h as usize]).collect()
}

/// The residents of each household.
pub(super) fn members(terms: &Terms) -> Groups {
    let residents = (0..).zip(terms.household_of()).map(|(r, h)| (*h, r));
    Groups::new(terms.households().len(), residents)
}

fn own<S: Scan, R: Records>(
    terms: &Terms,
    scan: &mut S,
    forbidden: &HashSet<Pair>,
    records: &R,
    members: &[u32],
    h: u32,
) -> Own {
    let (mut postings, mut n_pairs, mut against) = (Vec::new(), 0, Vec::new());
    for resident in members {
        scan.scan(
            *resident as usize,
            |_| 0,
            |p, _| {
                let pair = Pair { resident: *resident, posting: p as u32 };
                if forbidden.contains(&pair) {
                    against.push(pair);
                } else {
                    n_pairs += 1;
                    postings.push(pair.posting);
                }
            },
        );
    }
    if n_pairs > 0 {
        if terms.households()[h as usize].limit == 0 {
            return Own::Said(Reason::CareLimit { n_pairs, barred: Vec::new() });
        }
        postings.sort_unstable();
        postings.dedup();
        return Own::Competes(postings);
    }
    let unwilling = records.unwilling(members);
    if !unwilling.is_empty() {
        return Own::Said(Reason::Unwilling { members: unwilling });
    }
    if against.is_empty() {
        let declined = records.barred_only_by(Gate::Declined, members);
        if !declined.is_empty() {
            return Own::Said(Reason::Declined { pairs: declined });
        }
        let barred = records.barred_only_by(Gate::CareDuty, members);
        if !barred.is_empty() {
            return Own::Said(Reason::CareLimit { n_pairs: barred.len() as u64, barred });
        }
    }
    let left_out = records.left_out(members);
    Own::Said(Reason::NoEligiblePosting { forbidden: against, left_out, shut: records.shut(members).map(Box::new) })
}
