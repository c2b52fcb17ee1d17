//! A town of seekers for the planner.

use wangjia::domain::codes::Importance;
use wangjia::engine::input::Household;
use wangjia::engine::plan::{PlanHousehold, Terms};
use wangjia::engine::profile::Snapshot;

use crate::common::{Dice, Town};

impl Town {
    /// The same people as seekers of a plan: about 1.4 to a household, 38 households in 100 uncovered, `n_places` vacancies in all,
    /// and posts particular enough that about one pair in ten is eligible.
    pub fn seekers(mut self, n_places: u32) -> Self {
        let mut d = Dice(7);
        let n_households = (self.residents.len() * 5 / 7).max(1);
        self.households = (0..n_households as i64).map(|id| Household { id, uncovered: d.percent(38) }).collect();
        for r in &mut self.residents {
            r.household = d.below(n_households) as u32;
        }
        for (p, posting) in self.postings.iter_mut().enumerate() {
            posting.n_vacancies = 0;
            posting.valid_until = None;
            if p % 4 != 0 {
                posting.training_days = None;
                posting.skills.iter_mut().for_each(|asked| asked.importance = Importance::Must);
            }
        }
        // A few large employers, many small ones: every place goes to the larger of two postings drawn.
        for _ in 0..n_places {
            let (a, b) = (d.below(self.postings.len()), d.below(self.postings.len()));
            self.postings[a.min(b)].n_vacancies += 1;
        }
        self
    }
}

/// Uncovered households weigh 1; everybody without a job may be placed, but one stays at home where a household has care to give.
pub fn terms(snapshot: &Snapshot) -> Terms {
    let mut members = vec![0u32; snapshot.households().len()];
    let mut cares = vec![false; members.len()];
    for r in snapshot.residents() {
        members[r.household as usize] += 1;
        cares[r.household as usize] |= !r.care_hours.is_empty();
    }
    let household = |(h, n): (usize, &u32)| PlanHousehold {
        weight: u32::from(snapshot.households()[h].uncovered),
        limit: if cares[h] && *n > 1 { n - 1 } else { *n },
    };
    let households = members.iter().enumerate().map(household).collect();
    let household_of = snapshot.residents().iter().map(|r| r.household).collect();
    let vacancies = snapshot.postings().iter().map(|p| p.n_vacancies).collect();
    match Terms::new(households, household_of, vacancies) {
        Ok(terms) => terms,
        Err(error) => panic!("a generated town is sound: {error}"),
    }
}
