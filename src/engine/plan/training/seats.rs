//! Which households get which seats, so that the most of them can be covered: the bare problem, without a town around it.
//!
//! # Problem
//!
//! A household is covered by one place at a posting. Some places it can take as it is; others only after a course, which costs one
//! seat of it. A posting has so many vacancies, a course so many seats. Find places of the largest summed weight.
//!
//! With one course and equal weights this is a flow problem: the fewest seats that reach one household more are the next cheapest
//! augmentation. With several courses the seats cut across households and postings, and matching in three dimensions (households,
//! courses, postings; Karp 1972) is a special case of it, so no method is known that is quick on every instance. What is done:
//!
//! * **Bound.** Seats get prices (Lagrange 1788; Held and Karp 1971). At given prices the problem is an assignment, which the planner
//!   solves exactly and proves ([`super::super::plan`]); what it is worth, with the priced seats handed back, bounds every choice. Prices
//!   move against the seats that are asked for too often or too seldom (subgradient steps of Polyak's length).
//! * **Choice.** Every such assignment is cut down to the seats there are, and what is cut is filled again, exactly, with the seats kept
//!   and those left ([`Search::fill`]).
//! * **Proof.** Where both meet, the choice is the best there is. Else a seat is decided both ways and both halves are searched, until
//!   they meet or the work allowed is used up; then [`Chosen::at_most`] says what could be left.
//!
//! Integers only; the same choice on every run and any number of threads. Among choices that cover as much, seats that cover nobody are
//! not taken.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::plan::instance::{Pair, PlanHousehold, Terms};
use crate::engine::plan::solve::Watch;
use crate::engine::plan::what_if::Failure;
use crate::engine::plan::{Outcome, PairRows, plan};

/// The problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Openings {
    /// What each household weighs.
    pub weights: Vec<u32>,
    pub vacancies: Vec<u32>,
    pub seats: Vec<u32>,
    /// By household, the postings it can take as it is.
    pub direct: Vec<BTreeSet<u32>>,
    /// By household, (posting, course): what each course would open.
    pub opened: Vec<BTreeSet<(u32, u32)>>,
}

/// A household covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub household: u32,
    pub posting: u32,
    /// The course it takes.
    pub course: Option<u32>,
}

/// The best choice found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// By household.
    pub places: Vec<Place>,
    /// Summed weight.
    pub covered: i64,
    /// No choice covers more: the same as `covered` where the choice is proved best.
    pub at_most: i64,
    /// Assignments solved.
    pub n_solved: usize,
}

/// Assignments solved at most, unless somebody says otherwise.
pub const EFFORT: usize = 300;

/// Prices tried at the root, and at every half after it.
const STEPS: (usize, usize) = (40, 8);

/// Rounds of filling.
const ROUNDS: usize = 6;

/// A seat of a course for a household.
type Seat = (u32, u32);

/// What has been decided on the way to a half of the search.
#[derive(Clone, Debug, Default)]
struct Half {
    /// Seats that are taken.
    taken: BTreeSet<Seat>,
    refused: BTreeSet<Seat>,
    prices: Vec<i64>,
    /// Covered weight it cannot exceed.
    at_most: i64,
}

/// An assignment at prices of seats.
struct Assigned {
    places: Vec<Place>,
    covered: i64,
    /// Worth of the places at the prices.
    value: i64,
}

struct Search<'o, 'w> {
    openings: &'o Openings,
    terms: Terms,
    /// One unit of weight.
    unit: i64,
    best: Chosen,
    watch: Watch<'w>,
}

/// Chooses seats with at most about `effort` assignments solved.
///
/// # Errors
/// [`Failure`]: the weights are too large to compute with, or the watch said stop.
pub fn choose(openings: &Openings, effort: usize, watch: Watch) -> Result<Chosen, Failure> {
    let n = openings.weights.len();
    let most_weight = openings.weights.iter().copied().max().unwrap_or(0).max(1);
    // So large that all seats together, at one point each, are a small part of a household.
    let unit = (64 * (n as i64 + 1)).min(i64::from(u32::MAX / most_weight));
    if unit <= n as i64 {
        let reward = i128::from(most_weight) * n as i128;
        return Err(Failure::Refused(super::super::Refusal::TooLarge(super::super::objective::TooLarge { reward })));
    }
    let households = vec![PlanHousehold { weight: 0, limit: 1 }; n];
    let terms = Terms::new(households, (0..n as u32).collect(), openings.vacancies.clone())?;
    let mut search = Search { openings, terms, unit, best: Chosen::default(), watch };
    search.run(effort, i64::from(most_weight))?;
    Ok(search.best)
}

impl Search<'_, '_> {
    fn run(&mut self, effort: usize, most_weight: i64) -> Result<(), Failure> {
        // Without any course: what is there to begin with, and what a seat adds at most.
        let none = self.assign(&Half::default(), &self.closed())?;
        let seats: i64 = self.openings.seats.iter().map(|n| i64::from(*n)).sum();
        let at_most = none.covered + seats * most_weight;
        self.keep(&none);
        let root = Half { prices: vec![0; self.openings.seats.len()], at_most, ..Half::default() };
        let mut halves = vec![root];
        let mut is_root = true;
        while let Some(mut half) = halves.pop() {
            if half.at_most <= self.best.covered {
                continue;
            }
            if self.best.n_solved >= effort {
                halves.push(half);
                break;
            }
            let steps = if is_root { STEPS.0 } else { STEPS.1 };
            is_root = false;
            let last = self.bound(&mut half, steps, most_weight)?;
            if half.at_most <= self.best.covered {
                continue;
            }
            let Some(seat) = self.undecided(&half, &last) else { continue };
            let mut without = half.clone();
            without.refused.insert(seat);
            half.taken.insert(seat);
            // The one that takes it is searched first.
            halves.extend([without, half]);
        }
        let open = halves.iter().map(|half| half.at_most).max().unwrap_or(0);
        self.best.at_most = open.max(self.best.covered);
        Ok(())
    }

    /// Every course closed: no seat is for sale.
    fn closed(&self) -> Vec<Option<i64>> {
        vec![None; self.openings.seats.len()]
    }

    /// Seats of each course that a half has not taken.
    fn left(&self, taken: &BTreeSet<Seat>) -> Vec<i64> {
        let mut left: Vec<i64> = self.openings.seats.iter().map(|n| i64::from(*n)).collect();
        taken.iter().for_each(|(_, course)| left[*course as usize] -= 1);
        left
    }

    /// The best assignment where a seat that is taken costs nothing more, and any other the price of its course and one point;
    /// `None` = closed.
    fn assign(&mut self, half: &Half, prices: &[Option<i64>]) -> Result<Assigned, Failure> {
        if (self.watch)(0, 1).is_break() {
            return Err(Failure::Cancelled);
        }
        self.best.n_solved += 1;
        let openings = self.openings;
        let (mut pairs, mut by) = (Vec::new(), BTreeMap::new());
        for (household, weight) in (0u32..).zip(&openings.weights) {
            let full = i64::from(*weight) * self.unit;
            // By posting, the most it can be worth, and how.
            let mut best: BTreeMap<u32, (i64, Option<u32>)> =
                openings.direct[household as usize].iter().map(|posting| (*posting, (full, None))).collect();
            for (posting, course) in &openings.opened[household as usize] {
                let seat = (household, *course);
                let worth = match prices[*course as usize] {
                    _ if half.taken.contains(&seat) => full,
                    Some(price) if !half.refused.contains(&seat) => full - price - 1,
                    _ => continue,
                };
                let slot = best.entry(*posting).or_insert((0, None));
                if worth > slot.0 {
                    *slot = (worth, Some(*course));
                }
            }
            for (posting, (worth, course)) in best.into_iter().filter(|(_, (worth, _))| *worth > 0) {
                // At most the largest weight times the unit, which fits.
                pairs.push((household, posting, u32::try_from(worth).unwrap_or(u32::MAX)));
                by.insert(Pair { resident: household, posting }, (worth, course));
            }
        }
        let rows = PairRows::new(openings.weights.len(), &pairs).unwrap_or_default();
        let placements = match plan(&self.terms, &rows, self.watch) {
            Outcome::Optimal(plan) => plan.placements,
            Outcome::Refused(refusal) => return Err(Failure::Refused(refusal)),
            Outcome::Cancelled => return Err(Failure::Cancelled),
            Outcome::Unproved(violation) => return Err(Failure::Unproved(violation)),
        };
        let mut assigned = Assigned { places: Vec::new(), covered: 0, value: 0 };
        for pair in placements {
            let Some((worth, course)) = by.get(&pair) else { continue };
            assigned.places.push(Place { household: pair.resident, posting: pair.posting, course: *course });
            assigned.covered += i64::from(openings.weights[pair.resident as usize]);
            assigned.value += worth;
        }
        Ok(assigned)
    }

    /// Keeps what stays within the seats, if it is the best so far: it covers more, or as much with fewer seats.
    fn keep(&mut self, assigned: &Assigned) {
        let n_seats = |places: &[Place]| places.iter().filter(|place| place.course.is_some()).count();
        let better = assigned.covered > self.best.covered
            || assigned.covered == self.best.covered && n_seats(&assigned.places) < n_seats(&self.best.places);
        if better {
            self.best.covered = assigned.covered;
            self.best.places.clone_from(&assigned.places);
        }
    }

    /// Moves the prices of a half, lowers what it cannot exceed, and keeps the choices met on the way. Gives the last assignment.
    fn bound(&mut self, half: &mut Half, steps: usize, most_weight: i64) -> Result<Assigned, Failure> {
        let left = self.left(&half.taken);
        let n_points = left.iter().sum::<i64>().min(self.openings.weights.len() as i64);
        let (mut lowest, mut idle, mut divisor) = (i64::MAX, 0, 1);
        for step in 0.. {
            let prices: Vec<Option<i64>> = half.prices.iter().zip(&left).map(|(p, n)| (*n > 0).then_some(*p)).collect();
            let assigned = self.assign(half, &prices)?;
            let mut used = vec![0i64; left.len()];
            for place in &assigned.places {
                if let Some(course) = place.course
                    && !half.taken.contains(&(place.household, course))
                {
                    used[course as usize] += 1;
                }
            }
            let handed_back: i64 = half.prices.iter().zip(&left).map(|(price, n)| price * n.max(&0)).sum();
            // No choice pays more than one point a seat on top.
            let value = assigned.value + handed_back + n_points;
            half.at_most = half.at_most.min(value.div_euclid(self.unit));
            self.fill(half, &assigned)?;
            (lowest, idle) = if value < lowest { (value, 0) } else { (lowest, idle + 1) };
            if idle == 3 {
                (idle, divisor) = (0, divisor * 2);
            }
            if half.at_most <= self.best.covered || step + 1 >= steps {
                return Ok(assigned);
            }
            let off: Vec<i64> = used.iter().zip(&left).map(|(used, left)| used - left.max(&0)).collect();
            let squared: i64 = off.iter().map(|off| off * off).sum();
            let gap = (value - self.best.covered * self.unit).max(1);
            let mut moved = false;
            for (price, off) in half.prices.iter_mut().zip(&off) {
                let by = gap * off / (squared.max(1) * divisor);
                let next = (*price + by).clamp(0, most_weight * self.unit);
                moved |= next != *price;
                *price = next;
            }
            if !moved {
                return Ok(assigned);
            }
        }
        Err(Failure::Cancelled)
    }

    /// Cuts an assignment down to the seats there are, and fills what was cut again: exactly, with the seats kept for nothing and
    /// those left at one point, round by round while that covers more.
    fn fill(&mut self, half: &Half, assigned: &Assigned) -> Result<(), Failure> {
        let mut kept = self.within(&half.taken, &assigned.places);
        let mut covered = -1;
        for _ in 0..ROUNDS {
            let now = Half { taken: kept.clone(), refused: half.refused.clone(), ..Half::default() };
            let left = self.left(&kept);
            let prices: Vec<Option<i64>> = left.iter().map(|n| (*n > 0).then_some(0)).collect();
            let more = self.assign(&now, &prices)?;
            let next = self.within(&half.taken, &more.places);
            let fits = more
                .places
                .iter()
                .all(|place| place.course.is_none_or(|course| next.contains(&(place.household, course))));
            let settled = if fits {
                more
            } else {
                self.assign(&Half { taken: next.clone(), ..Half::default() }, &self.closed())?
            };
            self.keep(&settled);
            if settled.covered <= covered {
                break;
            }
            covered = settled.covered;
            if fits {
                break;
            }
            kept = next;
        }
        Ok(())
    }

    /// The seats of these places that there are, those decided first, then by weight.
    fn within(&self, decided: &BTreeSet<Seat>, places: &[Place]) -> BTreeSet<Seat> {
        let mut wanted: Vec<(bool, std::cmp::Reverse<u32>, Seat)> = places
            .iter()
            .filter_map(|place| {
                let seat = (place.household, place.course?);
                Some((
                    !decided.contains(&seat),
                    std::cmp::Reverse(self.openings.weights[place.household as usize]),
                    seat,
                ))
            })
            .collect();
        wanted.sort_unstable();
        let mut left = self.left(&BTreeSet::new());
        let mut within = BTreeSet::new();
        for (.., seat) in wanted {
            if left[seat.1 as usize] > 0 {
                left[seat.1 as usize] -= 1;
                within.insert(seat);
            }
        }
        within
    }

    /// A seat that is not decided yet: of the dearest course asked for, else any there is.
    fn undecided(&self, half: &Half, last: &Assigned) -> Option<Seat> {
        let left = self.left(&half.taken);
        let is_open =
            |seat: &Seat| left[seat.1 as usize] > 0 && !half.taken.contains(seat) && !half.refused.contains(seat);
        let used = last.places.iter().filter_map(|place| Some((place.household, place.course?))).filter(is_open);
        let dearest = used.max_by_key(|seat| (half.prices[seat.1 as usize], std::cmp::Reverse(*seat)));
        dearest.or_else(|| {
            let all = (0u32..).zip(&self.openings.opened);
            all.flat_map(|(household, opened)| opened.iter().map(move |(_, course)| (household, *course))).find(is_open)
        })
    }
}
