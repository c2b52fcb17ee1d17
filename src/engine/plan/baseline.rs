//! What people do without a planner: three greedy plans on the same instance, so that a plan's gain is a measured number.
//!
//! All three respect every constraint and apply the pins first; they differ in whom they serve next. Cost: one pass over the
//! pairs and one sort; the pairs of the greedy ones are all held, 16 bytes each, so they are for towns, not for provinces.

use std::cmp::Reverse;

use super::instance::{Pair, Terms};
use super::pairs::Pairs;
use super::reduce::{NOWHERE, Reduced, Refusal};

/// Which rule of thumb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Baseline {
    /// The best pair of all next, again and again: what ranking by suitability does.
    ScoreGreedy,
    /// The best pair that covers a household next; when none is left, the best pair of all.
    HouseholdGreedy,
    /// Residents in the order they stand in the ledger, each to the best posting with a place left.
    FirstCome,
}

impl Baseline {
    pub const ALL: [Self; 3] = [Self::ScoreGreedy, Self::HouseholdGreedy, Self::FirstCome];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ScoreGreedy => "score_greedy",
            Self::HouseholdGreedy => "household_greedy",
            Self::FirstCome => "first_come",
        }
    }
}

struct Desk<'a> {
    reduced: &'a Reduced,
    at: Vec<u32>,
    left: Vec<u32>,
    placed: Vec<u32>,
}

impl Desk<'_> {
    fn takes(&self, r: u32, p: u32) -> bool {
        let h = self.reduced.household_of[r as usize] as usize;
        self.at[r as usize] == NOWHERE && self.left[p as usize] > 0 && self.placed[h] < self.reduced.limit[h]
    }

    fn would_cover(&self, r: u32) -> bool {
        let h = self.reduced.household_of[r as usize] as usize;
        self.reduced.bonus[h] > 0 && self.placed[h] == 0
    }

    fn place(&mut self, r: u32, p: u32) {
        self.at[r as usize] = p;
        self.left[p as usize] -= 1;
        self.placed[self.reduced.household_of[r as usize] as usize] += 1;
    }
}

/// The plan a rule of thumb makes, pins included, by resident.
///
/// # Errors
/// As [`super::plan`]: pins that cannot be kept, numbers that do not fit.
pub fn baseline<P: Pairs>(terms: &Terms, pairs: &P, rule: Baseline) -> Result<Vec<Pair>, Refusal> {
    let reduced = Reduced::new(terms, pairs)?;
    let mut desk = Desk {
        at: vec![NOWHERE; terms.n_residents()],
        left: reduced.vacancies.clone(),
        placed: vec![0; terms.households().len()],
        reduced: &reduced,
    };
    let mut scan = pairs.scan();
    let taking_part: Vec<u32> = {
        let mut members: Vec<u32> =
            (0..terms.households().len()).flat_map(|h| reduced.members.of(h).iter().copied()).collect();
        members.sort_unstable();
        members
    };
    if rule == Baseline::FirstCome {
        for r in taking_part {
            let mut best = None;
            reduced.scan(
                &mut scan,
                r as usize,
                |_| 0,
                |p, _, worth| {
                    if desk.takes(r, p) {
                        best = best.max(Some((worth, Reverse(p))));
                    }
                },
            );
            if let Some((_, Reverse(p))) = best {
                desk.place(r, p);
            }
        }
    } else {
        let mut all: Vec<(Reverse<i64>, u32, u32)> = Vec::new();
        for r in taking_part {
            reduced.scan(&mut scan, r as usize, |_| 0, |p, _, worth| all.push((Reverse(worth), r, p)));
        }
        all.sort_unstable();
        if rule == Baseline::HouseholdGreedy {
            for (_, r, p) in &all {
                if desk.would_cover(*r) && desk.takes(*r, *p) {
                    desk.place(*r, *p);
                }
            }
        }
        for (_, r, p) in all {
            if desk.takes(r, p) {
                desk.place(r, p);
            }
        }
    }
    let at = desk.at;
    Ok((0..)
        .zip(reduced.pinned.iter().zip(at))
        .filter_map(|(resident, (pinned, at))| {
            let posting = if *pinned == NOWHERE { at } else { *pinned };
            (posting != NOWHERE).then_some(Pair { resident, posting })
        })
        .collect())
}
