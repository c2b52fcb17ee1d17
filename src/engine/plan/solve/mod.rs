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
//! here" as an event at the distance the bound allows; only if the search gets that far are the pairs of r read again, and then so many
//! more are listed that it seldom happens twice. The lists are the restricted problem of plan.md and reading them again is its
//! pricing, done for those whom it concerns when it concerns them.
//!
//! Three passes run in parallel: before the first half the members of households that earn a reward; before the second everybody who
//! is still at home, of whom only pairs with something to gain are listed; and the proof, over all pairs. Whether a unit gains
//! anything is asked with a floor: a list and a bound that do not pass it answer without being read again.
//!
//! # Order
//!
//! First the first unit of every household that earns a reward, by falling reward (`B·w_h` plus the best suitability); then further
//! units, by falling gain at the prices the first half has left. The order changes no value (the optimum is the optimum); it makes
//! early placements nearly final, so that searches stay short. Who would gain nothing at those prices has no turn in the second half:
//! prices only rise, so rule 5 holds for them already; and who is sent home later leaves a unit that gains exactly nothing, or to a
//! mate. The order is a function of the instance alone and the searches are sequential: same bytes for any number of threads.
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
//! loop. Memory: the lists (16 bytes a pair; [`Tuning::listed`] per resident at first, [`Tuning::held`] in all where they grow) and a
//! few numbers per resident and posting.
//!
//! # What was measured and rejected
//!
//! * **Network simplex on all pairs** (LEMON's): six times slower on a city of 12.6 million listed pairs, and 1.1 GiB, because it
//!   holds the network (`benches/README.md`).
//! * **Expanding every occupant from its whole list**: 19 s of processor time on that city, 8 s with ways followed only as far as recent
//!   searches went ([`Tuning::reach`]), 4 s with the best few pairs kept beside each occupant ([`seats`]); one loaded machine.
//! * **Lists of a fixed length**: on the city of the benchmark (9.7 million pairs, computed when read) 194,000 single readings instead of
//!   22,000, and with everybody read at first twice the time. Growing twofold instead of [`lists::GROWTH`]: 35,000 and a tenth more time;
//!   eightfold: 18,000 and no difference worth the memory. It matters as little with how many pairs lists begin: from 16 to 96 all
//!   times are within a tenth.
//! * **Further units in the order of suitability**: on the city of listed pairs an eighth more searches and a third more postings looked at.
//! * **More pairs beside each occupant** (10 or 16 instead of [`seats::KEPT`]): no difference.
//! * **Auction algorithms** were not built: their prices are exact only after scaling, and many equal households that want few places
//!   raise them step by step.

mod lists;
mod search;
mod seats;

use std::cmp::Reverse;
use std::ops::ControlFlow;

use self::lists::{ANY, Lists};
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
    /// Residents whose pairs were read in the passes, by all threads.
    pub listed: u64,
    /// Times the pairs of one resident were read again, in the midst of the searches.
    pub priced: u64,
}

/// How much is looked at before it is asked for. Any values give the same objective and a valid proof (those out of range are
/// taken as the nearest in range); good ones are quick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Pairs listed per resident at first, at least 1. Longer lists cost 16 bytes a pair and are read again more rarely.
    pub listed: usize,
    /// Pairs in all lists together beyond which lists that are read again no longer become longer.
    pub held: usize,
    /// How far, in points, ways are followed at first: 1 to [`FULL`](crate::engine::score::FULL).
    pub reach: i64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { listed: 48, held: 12_000_000, reach: 64 }
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
    /// Whether each household may use units up to its limit now (the second half), or one.
    further: bool,
    effort: Effort,
}

/// Solves the reduced problem; `None` if the watch said stop.
pub(super) fn solve<P: Pairs>(reduced: &Reduced, pairs: &P, tuning: Tuning, watch: Watch) -> Option<Solved> {
    let mut solver = Solver {
        reduced,
        scan: pairs.scan(),
        prices: vec![0; reduced.vacancies.len()],
        seats: Seats::new(reduced),
        search: Search::new(reduced.vacancies.len(), tuning.reach),
        lists: Lists::unread(reduced.household_of.len(), tuning),
        further: false,
        effort: Effort::default(),
    };
    let first = solver.first_turns(pairs);
    let n_turns = first.len() + reduced.members.n_items();
    for (n, h) in first.iter().enumerate() {
        if n % TURNS_PER_LOOK == 0 && watch(n, n_turns).is_break() {
            return None;
        }
        solver.give_unit(*h);
    }
    solver.further = true;
    let further = solver.further_turns(pairs);
    // Those whose turn would bring nothing have had it.
    for (n, h) in (n_turns - further.len()..).zip(&further) {
        if n % TURNS_PER_LOOK == 0 && watch(n, n_turns).is_break() {
            return None;
        }
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
        search: Search::new(reduced.vacancies.len(), tuning.reach),
        lists: Lists::unread(reduced.household_of.len(), tuning),
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

impl<S: Scan> Solver<'_, S> {
    /// Households whose first unit is rewarded, by falling reward and best suitability. Reads the lists of their members.
    fn first_turns<P: Pairs>(&mut self, pairs: &P) -> Vec<u32> {
        let reduced = self.reduced;
        let rewarded = (0..reduced.limit.len() as u32).filter(|h| reduced.bonus[*h as usize] > 0);
        let members = rewarded.clone().flat_map(|h| reduced.members.of(h as usize)).map(|r| (*r, ANY)).collect();
        self.read_many(pairs, members);
        let best = |h: u32| reduced.members.of(h as usize).iter().filter_map(|r| self.lists.best_then(*r)).max();
        let mut turns: Vec<(Reverse<i64>, u32)> =
            rewarded.filter_map(|h| Some((Reverse(reduced.bonus[h as usize] + best(h)?), h))).collect();
        turns.sort_unstable();
        turns.into_iter().map(|(_, h)| h).collect()
    }

    /// Households with room for more, once for each member at home whom one more unit would gain something for at today's prices
    /// (later ones are not lower), by falling gain. Reads the lists it takes to know.
    fn further_turns<P: Pairs>(&mut self, pairs: &P) -> Vec<u32> {
        let reduced = self.reduced;
        let mut at_home: Vec<(u32, i64)> = Vec::new();
        for h in (0..reduced.limit.len() as u32).filter(|h| self.seats.placed(*h) < self.limit(*h)) {
            let floor = -self.bonus_of_next(h);
            at_home.extend(reduced.members.of(h as usize).iter().filter(|r| self.is_home(**r)).map(|r| (*r, floor)));
        }
        let short = at_home.iter().filter(|(r, floor)| self.is_short(*r, *floor)).copied().collect();
        self.read_many(pairs, short);
        let mut turns: Vec<(Reverse<i64>, u32)> = at_home
            .into_iter()
            .map(|(r, floor)| (Reverse(self.best_listed(r, floor) - floor), reduced.household_of[r as usize]))
            .filter(|(gain, _)| gain.0 > 0)
            .collect();
        turns.sort_unstable();
        turns.into_iter().map(|(_, h)| h).collect()
    }

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
