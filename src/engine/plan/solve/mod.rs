//! The solver: shortest augmenting paths over postings, with the pairs priced only where they can matter.
//!
//! # The network
//!
//! ```text
//! source ──(first unit, reward B·w_h)──▶ household ──▶ member ──(reward s)──▶ posting ──(c_p places)──▶ sink
//!        ──(m_h − 1 further units, 0)──▶
//! ```
//!
//! A unit of flow is a placement. Parallel arcs into a household have falling rewards, so the best flow fills them in order and the
//! problem is a minimum-cost flow; its residual paths alternate between postings and people.
//!
//! # The invariant
//!
//! Prices `v_p >= 0` of postings are the only potentials kept; those of people and households follow from them. With
//! `a_r = max_p s(r,p) − v_p` ([`lists`] finds it), between two operations:
//!
//! 1. a posting with a free place has price 0;
//! 2. whoever is placed is placed at a posting that attains `a_r`;
//! 3. in no household is an unplaced member's `a_r` larger than a placed one's;
//! 4. a placed member earns: `a_r >= 0`, or `B·w_h + a_r >= 0` for the only one;
//! 5. a household whose turn has come and whose limit is not reached gains nothing by one more: `a_r <= 0` of the best
//!    unplaced member, `B·w_h + a_r <= 0` if nobody is placed.
//!
//! These are complementary slackness: when every household has had its turn they say that the plan's value equals D(v) of
//! [`super::certificate`], so the plan is optimal and the prices prove it. All numbers are integers, so equality is exact.
//!
//! # One operation
//!
//! [`search`] gives one household one more unit: a Dijkstra search over **postings** from its unplaced members. The way from
//! posting q to posting p is an occupant of q who moves to p, or who leaves so that a mate from home takes p instead; it costs what the
//! two lose, `a_r − (s(r',p) − v_p) >= 0`. A way ends at a free place, or with an occupant who goes home (cost `a_r`, and the household's
//! bonus if nobody else of it is placed), or is not worth going: more than the unit gains. Then prices of the postings nearer than
//! the end rise by the difference, which restores the invariant, and the placements along the way change.
//! This is the successive-shortest-path method (Jewell 1958; Iri 1960; Busacker and Gowen 1961) with the potentials of Edmonds and
//! Karp (1972) and Tomizawa (1971), contracted to the few postings.
//!
//! # All pairs, lazily
//!
//! Prices only rise. So a resident's list of the best postings at some earlier prices, together with a bound on all
//! others, stays valid: an unlisted pair can only have become worse. The search treats "the first unlisted pair of r might be
//! here" as an event at the distance the bound allows; only if the search gets that far are the pairs of r read again. The lists are the
//! restricted problem of plan.md and reading them again is its pricing, done for those whom it concerns when it concerns
//! them. The first lists and the last pass over all pairs (the proof) run in parallel.
//!
//! # Order
//!
//! First every household's first unit, by falling reward (`B·w_h` plus the best suitability); then further units, by falling
//! suitability. The order changes no value (the optimum is the optimum); it makes early placements nearly final, so that searches
//! stay short. It is a function of the instance alone and the searches are sequential: same bytes for any number of threads.
//!
//! # From a plan that was optimal
//!
//! [`solve_from`] starts with the placements and prices of an optimal plan of terms that differed in two ways only, both of which make
//! prices rise, so that the invariant and every bound on unlisted pairs stay valid:
//!
//! * *more vacancies then.* A posting with more occupants than vacancies now has one place too many: a unit of flow that must
//!   end elsewhere. One search per place too many starts at that posting ([`search`], `take_place`): an occupant moves, swaps
//!   with a mate or goes home, whichever costs least, and prices nearer than the end rise as always;
//! * *lower limits then.* Only rule 5 of the invariant can fail, for those households: they have their turn again.
//!
//! More vacancies or more pairs *now* would need prices to fall. That is not done here ([`super::what_if`] says what is).
//!
//! # Cost
//!
//! Each operation is one search: at most O(P log P + |lists of the people in the postings reached|). Termination: every
//! operation ends, and each household has at most 1 + (members) of them; nothing is ever undone or retried, so ties cannot
//! loop. Memory: the lists (16 bytes × [`Tuning::listed`] per resident) and a few numbers per resident and posting.
//!
//! # What was measured and rejected
//!
//! See `benches/README.md` for figures: a network simplex on all pairs, the same restarted on restricted pairs, and auction
//! algorithms, whose prices need scaling to be exact and go to war where many equal households want few places.

mod lists;
mod search;
mod seats;

use std::cmp::Reverse;
use std::ops::ControlFlow;

use self::lists::Lists;
use self::search::Search;
use self::seats::Seats;
use super::pairs::{Pairs, Scan};
use super::reduce::{NOWHERE, Reduced};

/// How the work went; for benchmarks and the curious, never for the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Searches made: units that had something to gain.
    pub searches: u64,
    /// Postings whose occupants were looked at.
    pub expanded: u64,
    /// Times the pairs of one resident were read again.
    pub priced: u64,
}

/// How much is looked at before it is asked for. Any values give the same objective and a valid proof; good ones are quick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Pairs kept per resident, at least 1. Longer lists cost 16 bytes a pair and are read again more rarely.
    pub listed: usize,
    /// How far, in points, ways are followed at first; at least 1.
    pub reach: i64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { listed: 48, reach: 64 }
    }
}

/// An optimal plan of the reduced problem with its proof.
pub(super) struct Solved {
    /// Per resident the posting, or [`NOWHERE`]; without the pins.
    pub at: Vec<u32>,
    pub prices: Vec<i64>,
    pub effort: Effort,
}

/// Households done, of how many; asked whether to go on.
pub type Watch<'w> = &'w (dyn Fn(usize, usize) -> ControlFlow<()> + Sync);

/// Turns between two looks at the watch.
const TURNS_PER_LOOK: usize = 256;

/// Everything one solution is made of; each part has its own file.
pub(super) struct Solver<'a, S: Scan> {
    reduced: &'a Reduced,
    scan: S,
    prices: Vec<i64>,
    seats: Seats<'a>,
    lists: Lists,
    search: Search,
    /// Units each household may use now: one in the first half, its limit in the second.
    further: bool,
    effort: Effort,
}

/// Solves the reduced problem; `None` if the watch said stop.
pub(super) fn solve<P: Pairs>(reduced: &Reduced, pairs: &P, tuning: Tuning, watch: Watch) -> Option<Solved> {
    let lists = Lists::read_all(reduced, pairs, tuning.listed.max(1));
    let mut solver = Solver {
        reduced,
        scan: pairs.scan(),
        prices: vec![0; reduced.vacancies.len()],
        seats: Seats::new(reduced),
        search: Search::new(reduced.vacancies.len(), tuning.reach.max(1)),
        lists,
        further: false,
        effort: Effort::default(),
    };
    let turns = turns(reduced, &solver.lists);
    for (n, (further, h)) in turns.iter().enumerate() {
        if n % TURNS_PER_LOOK == 0 && watch(n, turns.len()).is_break() {
            return None;
        }
        solver.further = *further;
        solver.give_unit(*h);
    }
    Some(Solved { at: solver.seats.into_places(), prices: solver.prices, effort: solver.effort })
}

/// An optimal plan of terms with at least as many vacancies everywhere and limits that were at most as high; otherwise the same
/// pairs, pins, weights and fold.
pub(super) struct Start {
    /// Per resident the posting, or [`NOWHERE`], with the pins.
    pub at: Vec<u32>,
    pub prices: Vec<i64>,
    /// Households whose limit was lower.
    pub turns: Vec<u32>,
}

/// Solves the reduced problem from a plan of a roomier one; `None` if the watch said stop.
pub(super) fn solve_from<P: Pairs>(
    reduced: &Reduced,
    pairs: &P,
    start: &Start,
    tuning: Tuning,
    watch: Watch,
) -> Option<Solved> {
    let mut scan = pairs.scan();
    let mut seats = Seats::new(reduced);
    for (r, p) in (0..).zip(&start.at) {
        if *p != NOWHERE
            && reduced.pinned[r as usize] == NOWHERE
            && let Some(suitability) = scan.suitability(r as usize, *p as usize)
        {
            seats.sit(r, *p, i64::from(suitability) + reduced.promise(r as usize, *p));
        }
    }
    let mut solver = Solver {
        reduced,
        scan,
        prices: start.prices.clone(),
        seats,
        search: Search::new(reduced.vacancies.len(), tuning.reach.max(1)),
        lists: Lists::unread(reduced.household_of.len(), tuning.listed.max(1)),
        further: true,
        effort: Effort::default(),
    };
    let (n_postings, n_turns) = (reduced.vacancies.len(), start.turns.len());
    for p in 0..n_postings as u32 {
        while solver.seats.is_over_full(p) {
            if watch(p as usize, n_postings + n_turns).is_break() {
                return None;
            }
            solver.take_place(p);
        }
    }
    for (n, h) in start.turns.iter().enumerate() {
        if watch(n_postings + n, n_postings + n_turns).is_break() {
            return None;
        }
        // One unit a turn, and no more units than members.
        for _ in reduced.members.of(*h as usize) {
            solver.give_unit(*h);
        }
    }
    Some(Solved { at: solver.seats.into_places(), prices: solver.prices, effort: solver.effort })
}

/// Whose turn it is: (is it a further unit, household).
fn turns(reduced: &Reduced, lists: &Lists) -> Vec<(bool, u32)> {
    let n_households = reduced.limit.len();
    let best = |r: u32| lists.best_at_first(r);
    let mut first: Vec<(Reverse<i64>, u32)> = (0..n_households as u32)
        .filter(|h| reduced.bonus[*h as usize] > 0)
        .filter_map(|h| {
            let best = reduced.members.of(h as usize).iter().filter_map(|r| best(*r)).max()?;
            Some((Reverse(best + reduced.bonus[h as usize]), h))
        })
        .collect();
    let mut further: Vec<(Reverse<i64>, u32)> = (0..n_households as u32)
        .flat_map(|h| reduced.members.of(h as usize).iter().filter_map(move |r| Some((Reverse(best(*r)?), h))))
        .collect();
    first.sort_unstable();
    further.sort_unstable();
    let first = first.into_iter().map(|(_, h)| (false, h));
    first.chain(further.into_iter().map(|(_, h)| (true, h))).collect()
}

impl<S: Scan> Solver<'_, S> {
    /// Units household `h` may use in this half.
    fn limit(&self, h: u32) -> u32 {
        let limit = self.reduced.limit[h as usize];
        if self.further { limit } else { limit.min(1) }
    }

    /// What the next unit of `h` earns beside suitability.
    fn bonus_of_next(&self, h: u32) -> i64 {
        if self.seats.placed(h) == 0 { self.reduced.bonus[h as usize] } else { 0 }
    }

    /// Folded worth of a pair.
    fn worth(&self, r: u32, p: u32, suitability: u32) -> i64 {
        i64::from(suitability) + self.reduced.promise(r as usize, p)
    }

    fn is_home(&self, r: u32) -> bool {
        self.seats.at(r) == NOWHERE
    }
}
