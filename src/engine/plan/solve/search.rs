//! One unit for one household: the shortest way through the postings, the prices it implies, the placements it changes.
//!
//! Distances are folded amounts lost against the unit's best posting at today's prices. Everything at or beyond `bound`, the
//! best end found so far, is irrelevant, so the search looks no farther.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::Solver;
use super::lists::{ANY, Listed};
use super::seats::{Elsewhere, KEPT};
use crate::engine::plan::pairs::Scan;
use crate::engine::plan::reduce::NOWHERE;
use crate::engine::score::FULL;

/// How a posting was reached: `leaver` gives up its place at `from`, `comer` takes one here. They are the same person, or mates
/// of one household. From home, `from` is [`NOWHERE`] and nobody leaves.
#[derive(Clone, Copy)]
struct Way {
    from: u32,
    leaver: u32,
    comer: u32,
    /// Folded worth of `comer` here.
    worth: i64,
}

/// How the best way so far ends.
#[derive(Clone, Copy)]
enum End {
    /// Not worth it: the unit stays unused.
    Stay,
    /// A free place at this posting.
    Free(u32),
    /// An occupant of this posting goes home.
    Home { from: u32, leaver: u32 },
}

/// What is to be done if the search gets as far as the distance the event is queued at.
#[derive(Clone, Copy)]
enum Event {
    /// The unlisted pairs of `comer` may lead somewhere.
    Unlisted { base: i64, from: u32, leaver: u32, comer: u32 },
    /// The ways from here were followed only as far as `reach`: farther now. `from` may be [`NOWHERE`], the household itself.
    Farther { from: u32, distance: i64, reach: i64 },
}

/// Far away: no distance of a search is as large.
const FAR: i64 = i64::MAX;

/// What is followed farther is followed so many times as far.
const REACH_GROWTH: i64 = 8;
/// A list in which more pairs than this turned out to lead too far today is ranked again.
const STALE: usize = 12;
/// Smaller than any margin, and far enough from overflow to be subtracted.
const NONE: i64 = i64::MIN / 4;

/// Keeps a pair among the [`KEPT`] with the largest margins, largest first; returns the margin of the one that finds no place.
fn keep_best(kept: &mut Vec<(i64, Elsewhere)>, margin: i64, pair: Elsewhere) -> i64 {
    if kept.len() == KEPT && margin <= kept[KEPT - 1].0 {
        return margin;
    }
    let at = kept.partition_point(|(other, _)| *other >= margin);
    kept.insert(at, (margin, pair));
    if kept.len() > KEPT { kept.pop().map_or(NONE, |(margin, _)| margin) } else { NONE }
}

/// Working memory of a search, reused.
pub struct Search {
    distance: Vec<i64>,
    way: Vec<Way>,
    /// Postings with a distance, to be wiped.
    reached: Vec<u32>,
    /// (distance, posting; or, from `n_postings` on, an event).
    queue: BinaryHeap<Reverse<(i64, u32)>>,
    events: Vec<Event>,
    /// How far ways are followed at first: about as long as recent searches were.
    reach: i64,
    bound: i64,
    end: End,
    pub buffer: Vec<Listed>,
    found: Vec<(u32, u32)>,
    kept: Vec<(i64, Elsewhere)>,
    path: Vec<(u32, Way)>,
}

impl Search {
    pub fn new(n_postings: usize, reach: i64) -> Self {
        let reach = reach.clamp(1, i64::from(FULL));
        Self {
            distance: vec![FAR; n_postings],
            way: vec![Way { from: NOWHERE, leaver: NOWHERE, comer: NOWHERE, worth: 0 }; n_postings],
            reached: Vec::new(),
            queue: BinaryHeap::new(),
            events: Vec::new(),
            reach,
            bound: 0,
            end: End::Stay,
            buffer: Vec::new(),
            found: Vec::new(),
            kept: Vec::with_capacity(KEPT + 1),
            path: Vec::new(),
        }
    }

    fn start(&mut self, bound: i64) {
        for p in self.reached.drain(..) {
            self.distance[p as usize] = FAR;
        }
        self.queue.clear();
        self.events.clear();
        (self.bound, self.end) = (bound, End::Stay);
    }
}

impl<S: Scan> Solver<'_, S> {
    /// Uses one more unit of household `h` if that gains anything, and restores the invariant for it.
    pub(super) fn give_unit(&mut self, h: u32) {
        if self.seats.placed(h) >= self.limit(h) {
            return;
        }
        let reduced = self.reduced;
        let members = reduced.members.of(h as usize);
        let bonus = self.bonus_of_next(h);
        let mut best = None;
        for r in members {
            if self.is_home(*r) {
                best = best.max(self.best_margin(*r, -bonus));
            }
        }
        // Nobody's margin is above what the unit must earn to gain anything.
        let Some(best) = best else { return };
        let gain = bonus + best;
        self.effort.searches += 1;
        self.search.start(gain);
        self.leave_home(h, best, self.search.reach);
        self.look(|solver, reach| solver.leave_home(h, best, reach));
        self.raise_prices();
        self.follow(NOWHERE);
    }

    /// Takes one place away from posting `p`, where more sit than it has vacancies: one of them moves, swaps with a mate or goes
    /// home, whichever costs least, and the invariant holds again with one occupant less.
    pub(super) fn take_place(&mut self, p: u32) {
        self.effort.searches += 1;
        // Going home is always a way, so the search ends long before this.
        self.search.start(FAR);
        self.search.reached.push(p);
        self.search.distance[p as usize] = 0;
        self.effort.expanded += 1;
        self.expand(p, 0, self.search.reach);
        self.look(|_, _| {});
        self.raise_prices();
        self.follow(p);
    }

    /// Goes on with a search until nothing nearer than its end is left. `from_home` follows the ways from home farther.
    fn look(&mut self, from_home: impl Fn(&mut Self, i64)) {
        while let Some(Reverse((distance, item))) = self.search.queue.pop() {
            if distance >= self.search.bound {
                break;
            }
            match (item as usize).checked_sub(self.prices.len()) {
                None if distance == self.search.distance[item as usize] => {
                    self.effort.expanded += 1;
                    self.expand(item, distance, self.search.reach);
                }
                None => {}
                Some(event) => match self.search.events[event] {
                    Event::Unlisted { base, from, leaver, comer } => self.look_further(base, from, leaver, comer),
                    Event::Farther { from: NOWHERE, reach, .. } => from_home(self, reach),
                    Event::Farther { from, distance, reach } => self.expand(from, distance, reach),
                },
            }
        }
        self.search.reach = (7 * self.search.reach + self.search.bound.min(i64::from(FULL))) / 8 + 1;
    }

    /// The ways from home, up to distance `reach`.
    fn leave_home(&mut self, h: u32, best: i64, reach: i64) {
        let horizon = self.search.bound.min(reach);
        for r in self.reduced.members.of(h as usize) {
            if self.is_home(*r) {
                self.look_around(best, NOWHERE, NOWHERE, *r, horizon, None);
            }
        }
        self.queue_farther(NOWHERE, 0, reach);
    }

    /// The ways from posting `q`, up to `reach` from it: its occupants move, swap with a mate, or go home.
    fn expand(&mut self, q: u32, distance: i64, reach: i64) {
        let horizon = self.search.bound.min(distance.saturating_add(reach));
        let price = self.prices[q as usize];
        for slot in 0..self.seats.occupants(q).len() {
            let occupant = &self.seats.occupants(q)[slot];
            let (leaver, base) = (occupant.resident, distance + occupant.worth - price);
            debug_assert!(base + occupant.bonus >= distance, "whoever is placed earns");
            if base + occupant.bonus < self.search.bound {
                (self.search.bound, self.search.end) = (base + occupant.bonus, End::Home { from: q, leaver });
            }
            if base - occupant.best >= horizon {
                continue;
            }
            if base - occupant.rest < horizon {
                self.look_closely(q, slot, base, horizon);
                continue;
            }
            let mut best = occupant.rest;
            for n in 0..occupant.elsewhere().len() {
                let Elsewhere { worth, posting, comer } = self.seats.occupants(q)[slot].elsewhere()[n];
                best = best.max(worth - self.prices[posting as usize]);
                self.reach(posting, base, Way { from: q, leaver, comer, worth });
            }
            self.seats.occupant_mut(q, slot).best = best;
        }
        self.queue_farther(q, distance, reach);
    }

    /// The ways of one occupant from the lists of the household, of which the best are kept with the occupant.
    fn look_closely(&mut self, q: u32, slot: usize, base: i64, horizon: i64) {
        let leaver = self.seats.occupants(q)[slot].resident;
        let reduced = self.reduced;
        let mut kept = std::mem::take(&mut self.search.kept);
        kept.clear();
        let mut rest = self.look_around(base, q, leaver, leaver, horizon, Some(&mut kept));
        for mate in reduced.members.of(reduced.household_of[leaver as usize] as usize) {
            if self.is_home(*mate) {
                rest = rest.max(self.look_around(base, q, leaver, *mate, horizon, Some(&mut kept)));
            }
        }
        let best = kept.first().map_or(rest, |(margin, _)| rest.max(*margin));
        self.seats.occupant_mut(q, slot).keep(best, rest, kept.iter().map(|(_, pair)| *pair));
        self.search.kept = kept;
    }

    fn queue_farther(&mut self, from: u32, distance: i64, reach: i64) {
        let end = distance.saturating_add(reach);
        if end < self.search.bound {
            self.queue_event(end, Event::Farther { from, distance, reach: reach.saturating_mul(REACH_GROWTH) });
        }
    }

    /// Ways of `comer` to its listed postings, in place of `leaver` at `from`, as far as `horizon`; `base` is the distance of a
    /// margin of 0. The pairs with the largest margins elsewhere are put into `kept`; returns a margin that none of the other
    /// pairs of `comer` elsewhere, and none that `kept` had no place for, exceeds.
    fn look_around(
        &mut self,
        base: i64,
        from: u32,
        leaver: u32,
        comer: u32,
        horizon: i64,
        mut kept: Option<&mut Vec<(i64, Elsewhere)>>,
    ) -> i64 {
        let mut rest = NONE;
        let (mut n_read, mut n_stale) = (0, 0);
        while let Some(pair) = self.lists.of(comer).get(n_read).copied() {
            let is_wanted = match &kept {
                Some(kept) => kept.len() < KEPT || pair.then > kept[KEPT - 1].0,
                None => false,
            };
            if base - pair.then >= horizon && !is_wanted {
                rest = rest.max(pair.then);
                break;
            }
            n_read += 1;
            if pair.posting == from {
                continue;
            }
            let worth = self.worth(comer, pair.posting, pair.suitability);
            let margin = worth - self.prices[pair.posting as usize];
            n_stale += usize::from(base - margin >= horizon);
            self.reach(pair.posting, base, Way { from, leaver, comer, worth });
            if let Some(kept) = &mut kept {
                rest = rest.max(keep_best(kept, margin, Elsewhere { worth, posting: pair.posting, comer }));
            }
        }
        if let Some(unlisted) = self.lists.rest_bound(comer) {
            rest = rest.max(unlisted);
            if base - unlisted < horizon {
                self.queue_event(base - unlisted, Event::Unlisted { base, from, leaver, comer });
            }
        }
        if n_stale > STALE {
            let (reduced, prices) = (self.reduced, &self.prices);
            self.lists.rank_again(comer, n_read, &mut self.search.buffer, |pair| {
                i64::from(pair.suitability) + reduced.promise(comer as usize, pair.posting)
                    - prices[pair.posting as usize]
            });
        }
        rest
    }

    fn queue_event(&mut self, distance: i64, event: Event) {
        let item = self.prices.len() + self.search.events.len();
        self.search.events.push(event);
        self.search.queue.push(Reverse((distance, item as u32)));
    }

    /// The search has come to where unlisted pairs may matter: lists them at today's prices; if they are, reads the rest.
    fn look_further(&mut self, base: i64, from: u32, leaver: u32, comer: u32) {
        if !self.lists.is_fresh(comer) {
            self.read_again(comer, ANY);
            self.look_around(base, from, leaver, comer, self.search.bound, None);
            return;
        }
        self.effort.priced += 1;
        let mut found = std::mem::take(&mut self.search.found);
        found.clear();
        let (distance, bound, prices) = (&self.search.distance, self.search.bound, &self.prices);
        // Only pairs that lead somewhere nearer than known: base − margin < min(distance, bound).
        let floor = |p: usize| base - distance[p].min(bound) + prices[p] + 1;
        self.reduced.scan(&mut self.scan, comer as usize, floor, |p, suitability, _| found.push((p, suitability)));
        for (p, suitability) in &found {
            let worth = self.worth(comer, *p, *suitability);
            self.reach(*p, base, Way { from, leaver, comer, worth });
        }
        self.search.found = found;
    }

    /// Notes a way to `p` if it is the shortest so far and short enough.
    #[inline]
    fn reach(&mut self, p: u32, base: i64, way: Way) {
        let distance = base - (way.worth - self.prices[p as usize]);
        debug_assert!(distance >= 0, "whoever is placed is placed best");
        let known = &mut self.search.distance[p as usize];
        if distance >= self.search.bound || distance >= *known {
            return;
        }
        if *known == FAR {
            self.search.reached.push(p);
        }
        *known = distance;
        self.search.way[p as usize] = way;
        if self.seats.has_room(p) {
            (self.search.bound, self.search.end) = (distance, End::Free(p));
        } else {
            self.search.queue.push(Reverse((distance, p)));
        }
    }

    /// Postings nearer than the end become dearer by the difference.
    fn raise_prices(&mut self) {
        let mut changed = false;
        for p in &self.search.reached {
            let rise = self.search.bound - self.search.distance[*p as usize];
            if rise > 0 {
                self.prices[*p as usize] += rise;
                changed = true;
            }
        }
        if changed {
            self.lists.prices_changed();
        }
    }

    /// Changes the placements along the way found, which begins at `origin`: a posting that gives up a place, or home ([`NOWHERE`]).
    fn follow(&mut self, origin: u32) {
        let mut free = match self.search.end {
            End::Stay => return,
            End::Free(p) => p,
            End::Home { from, leaver } => {
                self.seats.leave(leaver);
                from
            }
        };
        let mut path = std::mem::take(&mut self.search.path);
        path.clear();
        while free != origin {
            let way = self.search.way[free as usize];
            path.push((free, way));
            free = way.from;
        }
        path.reverse();
        shorten(&mut path);
        for (to, way) in path.iter().rev() {
            if way.from != NOWHERE {
                self.seats.leave(way.leaver);
            }
            self.seats.sit(way.comer, *to, way.worth);
        }
        self.search.path = path;
    }
}

/// Where ways are equally short, a path may lead through a household twice and let the same mate take two places. The second
/// place can then be reached from where the mate first left home, at the same distance: what lies between is left out.
fn shorten(path: &mut Vec<(u32, Way)>) {
    let mut first: HashMap<u32, usize> = HashMap::new();
    let mut kept = 0;
    for n in 0..path.len() {
        let (to, mut way) = path[n];
        if way.comer != way.leaver {
            if let Some(at) = first.get(&way.comer).copied().filter(|at| *at < kept && path[*at].1.comer == way.comer) {
                (way.from, way.leaver) = (path[at].1.from, path[at].1.leaver);
                kept = at;
            }
            first.insert(way.comer, kept);
        }
        path[kept] = (to, way);
        kept += 1;
    }
    path.truncate(kept);
}
