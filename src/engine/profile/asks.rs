//! Skills in the pair loop: which points does each person bring to each (skill, level) that any posting asks?
//!
//! Different (skill, level) pairs asked are numbered, and so are those held. One row of points per pair held is computed
//! once; a person's row is the largest of a few such rows, and a posting reads the handful of entries it asks. Nothing but
//! small numbers is read per pair.

use std::collections::HashMap;

use crate::engine::facts;
use crate::engine::input::{Posting, Resident, SkillId};
use crate::engine::score::skill_weight;
use crate::engine::similarity::SkillTable;

/// One skill asked by a posting: which, and how much it weighs.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub number: u32,
    pub weight: u32,
}

/// Asks that fit beside the rest of what the pair loop reads of a posting, ready to be taken without a branch: unused
/// places point at a column of zeros and weigh nothing.
#[derive(Clone, Copy)]
pub struct FewAsks {
    pub number: [u32; FEW],
    /// Points below which a must without training bars the pair; 0 for the others.
    pub need: [u16; FEW],
    pub weight: [u16; FEW],
}

/// Most postings ask no more skills than this.
pub const FEW: usize = 4;

pub struct Asks {
    /// Different (skill, level) pairs asked.
    asked: Vec<(SkillId, u8)>,
    /// `asks[from[p]..from[p + 1]]` of posting `p`; the first `n_hard[p]` of them decide the gate `skill_required`.
    asks: Vec<Ask>,
    from: Vec<u32>,
    n_hard: Vec<u32>,
    /// Different (skill, level) pairs held.
    held: Vec<(SkillId, u8)>,
    /// `held_by[held_from[r]..held_from[r + 1]]` of resident `r`.
    held_by: Vec<u32>,
    held_from: Vec<u32>,
    /// Row per pair held (the first `n_kept`), column per pair asked.
    points: Vec<u16>,
    n_kept: usize,
    /// Largest total weight of any posting.
    pub max_weight: u32,
}

fn number_of(pair: (SkillId, u8), numbers: &mut HashMap<(SkillId, u8), u32>, pairs: &mut Vec<(SkillId, u8)>) -> u32 {
    *numbers.entry(pair).or_insert_with(|| {
        pairs.push(pair);
        pairs.len() as u32 - 1
    })
}

impl Asks {
    pub fn new(table: &SkillTable, residents: &[Resident], postings: &[Posting], budget: usize) -> Self {
        let mut all = Self {
            asked: Vec::new(),
            asks: Vec::new(),
            from: vec![0],
            n_hard: Vec::new(),
            held: Vec::new(),
            held_by: Vec::new(),
            held_from: vec![0],
            points: Vec::new(),
            n_kept: 0,
            max_weight: 0,
        };
        let mut numbers = HashMap::new();
        for posting in postings {
            let trains = posting.training_days.unwrap_or(0) > 0;
            let is_hard = |asked: &_| !trains && facts::is_must(asked);
            for hard in [true, false] {
                for asked in posting.skills.iter().filter(|asked| is_hard(asked) == hard) {
                    let number = number_of((asked.skill, asked.level), &mut numbers, &mut all.asked);
                    all.asks.push(Ask { number, weight: skill_weight(asked.importance) });
                }
            }
            all.from.push(all.asks.len() as u32);
            all.n_hard.push(posting.skills.iter().filter(|asked| is_hard(asked)).count() as u32);
            all.max_weight = all.max_weight.max(all.total_weight(all.n_hard.len() - 1));
        }
        let mut numbers = HashMap::new();
        for resident in residents {
            for held in &resident.skills {
                all.held_by.push(number_of((held.skill, held.level), &mut numbers, &mut all.held));
            }
            all.held_from.push(all.held_by.len() as u32);
        }
        all.n_kept = all.held.len().min(budget / all.asked.len().max(1));
        all.points = Vec::with_capacity(all.n_kept * all.asked.len());
        for held in &all.held[..all.n_kept] {
            all.points.extend(all.asked.iter().map(|asked| facts::skill_points(table, *held, *asked)));
        }
        all
    }

    fn held_by(&self, resident: usize) -> &[u32] {
        &self.held_by[self.held_from[resident] as usize..self.held_from[resident + 1] as usize]
    }

    /// What a posting asks; musts without training come first.
    pub fn asks(&self, posting: usize) -> &[Ask] {
        &self.asks[self.from[posting] as usize..self.from[posting + 1] as usize]
    }

    /// The musts without training among them.
    pub fn hard(&self, posting: usize) -> &[Ask] {
        &self.asks(posting)[..self.n_hard(posting)]
    }

    /// How many of the posting's asks are musts without training.
    pub fn n_hard(&self, posting: usize) -> usize {
        self.n_hard[posting] as usize
    }

    /// The asks of a posting in short form; `None` if it has more than [`FEW`].
    pub fn few(&self, posting: usize) -> Option<FewAsks> {
        let asks = self.asks(posting);
        let mut few = FewAsks { number: [self.asked.len() as u32; FEW], need: [0; FEW], weight: [0; FEW] };
        for (place, ask) in asks.iter().enumerate() {
            *few.number.get_mut(place)? = ask.number;
            few.need[place] = if place < self.n_hard(posting) { facts::MET } else { 0 };
            few.weight[place] = ask.weight as u16;
        }
        Some(few)
    }

    pub fn total_weight(&self, posting: usize) -> u32 {
        self.asks(posting).iter().map(|ask| ask.weight).sum()
    }

    /// Fills `row` with the resident's best points per pair asked, and a zero behind them; returns the largest.
    pub fn fill(&self, table: &SkillTable, resident: usize, row: &mut Vec<u16>) -> u16 {
        let n = self.asked.len();
        row.clear();
        row.resize(n + 1, 0);
        for held in self.held_by(resident) {
            let held = *held as usize;
            if held < self.n_kept {
                for (best, points) in row.iter_mut().zip(&self.points[held * n..(held + 1) * n]) {
                    *best = (*best).max(*points);
                }
            } else {
                for (best, asked) in row.iter_mut().zip(&self.asked) {
                    *best = (*best).max(facts::skill_points(table, self.held[held], *asked));
                }
            }
        }
        row.iter().copied().max().unwrap_or(0)
    }

    /// The resident's best points for one pair asked.
    pub fn best(&self, table: &SkillTable, resident: usize, ask: Ask) -> u16 {
        let points = |held: &u32| match *held as usize {
            held if held < self.n_kept => self.points[held * self.asked.len() + ask.number as usize],
            held => facts::skill_points(table, self.held[held], self.asked[ask.number as usize]),
        };
        self.held_by(resident).iter().map(points).max().unwrap_or(0)
    }

    pub fn has_skills(&self, resident: usize) -> bool {
        self.held_from[resident] != self.held_from[resident + 1]
    }
}
