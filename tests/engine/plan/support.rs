//! Small instances: made at random, written down by hand, and solved by trying everything.

use wangjia::engine::plan::{
    Objective, Outcome, Pair, PairRows, Plan, PlanHousehold, Terms, Tuning, certificate, never_stop, plan, solve_only,
};

/// An instance as a test writes it: indices are positions in the lists.
#[derive(Clone, Debug, Default)]
pub struct Small {
    /// (weight, limit).
    pub households: Vec<(u32, u32)>,
    pub household_of: Vec<u32>,
    pub vacancies: Vec<u32>,
    /// (resident, posting, suitability).
    pub pairs: Vec<(u32, u32, u32)>,
    pub pins: Vec<(u32, u32)>,
    pub forbidden: Vec<(u32, u32)>,
    pub promises: Vec<(u32, u32)>,
}

/// Looking at as little as possible at first, so that everything is asked for later: lists that stay short, and lists that grow.
pub const SHORT_LISTS: [Tuning; 2] =
    [Tuning { listed: 1, held: 0, reach: 1 }, Tuning { listed: 1, held: usize::MAX, reach: 1 }];

pub fn pair((resident, posting): (u32, u32)) -> Pair {
    Pair { resident, posting }
}

impl Small {
    pub fn terms(&self) -> Terms {
        let households = self.households.iter().map(|(weight, limit)| PlanHousehold { weight: *weight, limit: *limit });
        let list = |pairs: &[(u32, u32)]| pairs.iter().copied().map(pair).collect();
        Terms::new(households.collect(), self.household_of.clone(), self.vacancies.clone())
            .and_then(|terms| terms.with_decisions(list(&self.pins), list(&self.forbidden), list(&self.promises)))
            .unwrap_or_else(|error| panic!("every index of the instance exists: {error}"))
    }

    pub fn rows(&self) -> PairRows {
        PairRows::new(self.household_of.len(), &self.pairs).unwrap_or_else(|twice| panic!("{twice:?} is listed twice"))
    }

    pub fn outcome(&self) -> Outcome {
        plan(&self.terms(), &self.rows(), &never_stop)
    }

    /// As [`Self::outcome`], but looking at as much as `tuning` says at first.
    pub fn outcome_tuned(&self, tuning: Tuning) -> Outcome {
        solve_only(&self.terms(), &self.rows(), tuning, &never_stop)
    }

    /// The plan of an outcome, proved once more by the certificate.
    #[track_caller]
    pub fn proved(&self, outcome: Outcome) -> Plan {
        match outcome {
            Outcome::Optimal(plan) => {
                let (placements, prices) = (&plan.placements, &plan.prices);
                let proof = certificate::verify(&self.terms(), &self.rows(), placements, prices, Some(plan.objective));
                assert_eq!(proof.map(|proof| proof.value), Ok(plan.value), "{self:?}");
                plan
            }
            other => panic!("no plan: {other:?}\n{self:?}"),
        }
    }

    /// The best objective over all assignments; `None` if the pins cannot be kept.
    pub fn best_of_all(&self) -> Option<Objective> {
        let mut at = vec![None; self.household_of.len()];
        let mut best = None;
        self.try_all(0, &mut at, &mut best);
        best
    }

    fn try_all(&self, r: usize, at: &mut Vec<Option<u32>>, best: &mut Option<Objective>) {
        if r == at.len() {
            if let Some(objective) = self.objective(at) {
                *best = (*best).max(Some(objective));
            }
            return;
        }
        at[r] = None;
        self.try_all(r + 1, at, best);
        for p in 0..self.vacancies.len() as u32 {
            if self.pairs.iter().any(|(a, b, _)| (*a, *b) == (r as u32, p)) {
                at[r] = Some(p);
                self.try_all(r + 1, at, best);
            }
        }
        at[r] = None;
    }

    /// The objective of an assignment by the definition; `None` if it is no plan.
    fn objective(&self, at: &[Option<u32>]) -> Option<Objective> {
        let placed: Vec<(u32, u32)> = at.iter().enumerate().filter_map(|(r, p)| p.map(|p| (r as u32, p))).collect();
        let full = (0..).zip(&self.vacancies).any(|(p, c)| placed.iter().filter(|x| x.1 == p).count() > *c as usize);
        let per_household = |h: u32| placed.iter().filter(|x| self.household_of[x.0 as usize] == h).count();
        let over = (0..).zip(&self.households).any(|(h, (_, limit))| per_household(h) > *limit as usize);
        if full
            || over
            || placed.iter().any(|x| self.forbidden.contains(x))
            || self.pins.iter().any(|pin| !placed.contains(pin))
        {
            return None;
        }
        let covered =
            (0..).zip(&self.households).filter(|(h, _)| per_household(*h) > 0).map(|(_, (w, _))| i64::from(*w));
        let suitability = placed.iter().map(|x| {
            let pair = self.pairs.iter().find(|pair| (pair.0, pair.1) == *x);
            pair.map_or(0, |pair| i64::from(pair.2))
        });
        Some(Objective {
            covered: covered.sum(),
            kept: placed.iter().filter(|x| self.promises.contains(x)).count() as i64,
            suitability: suitability.sum(),
        })
    }
}

/// splitmix64 (Steele, Lea, Flood 2014): every test run tries the same instances.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    pub fn percent(&mut self, p: u64) -> bool {
        self.below(100) < p
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}

/// What a random instance looks like.
#[derive(Clone, Copy)]
pub struct Shape {
    pub households: u64,
    pub members: u64,
    pub postings: u64,
    pub vacancies: u64,
    /// Percent of the pairs that are eligible.
    pub eligible: u64,
    /// More residents than this make trying everything too slow.
    pub residents: usize,
    /// Suitabilities are below this: a small number makes ties.
    pub levels: u64,
    /// Percent of the eligible pairs that are pinned, forbidden, promised (each at most once per resident where it must be).
    pub decided: u64,
}

pub fn random(dice: &mut Dice, shape: Shape) -> Small {
    let mut small = Small::default();
    for h in 0..1 + dice.below(shape.households) {
        let room = (shape.residents - small.household_of.len()) as u64;
        let members = dice.below(shape.members + 1).min(room) as u32;
        small.households.push((
            dice.pick(&[0, 1, 1, 1, 2, 5]),
            dice.pick(&[members, members, members, members.saturating_sub(1), 0, 1]),
        ));
        small.household_of.extend((0..members).map(|_| h as u32));
    }
    small.vacancies = (0..1 + dice.below(shape.postings)).map(|_| dice.below(shape.vacancies + 1) as u32).collect();
    for r in 0..small.household_of.len() as u32 {
        let mut has_promise = false;
        for p in 0..small.vacancies.len() as u32 {
            if !dice.percent(shape.eligible) {
                continue;
            }
            let top = if dice.percent(10) { 1_000_001 } else { shape.levels };
            small.pairs.push((r, p, dice.below(top) as u32));
            if dice.percent(shape.decided) {
                match dice.below(4) {
                    0 => small.pins.push((r, p)),
                    1 => small.forbidden.push((r, p)),
                    _ if !has_promise => {
                        has_promise = true;
                        small.promises.push((r, p));
                    }
                    _ => {}
                }
            }
        }
    }
    small
}
