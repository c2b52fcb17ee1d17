//! One resident against all postings: the loop everything else is made of.
//!
//! A pair is skipped before its skills are read if even the resident's best skill points could not lift it to the caller's
//! floor; the floor may rise while scanning, and pairs at or above it are always visited with their exact score.

use super::asks::FEW;
use super::factor_columns::{N_TABLES, Packed};
use super::gate_columns::Allowed;
use super::{Gate, Snapshot, facts};
use crate::engine::gates::{GateSet, N_GATES};

/// Scratch space for scanning; one per thread, reused for any number of residents.
pub struct Scanner<'s> {
    snapshot: &'s Snapshot,
    /// One bit per posting the gates have left.
    left: Vec<u64>,
    skill_row: Vec<u16>,
    factor_rows: [Vec<u32>; N_TABLES],
}

/// How many postings (or residents) each gate barred, in the order of [`super::GATES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Barred {
    /// By the first gate that barred a pair: these and the eligible pairs add up to all.
    pub first: [u64; N_GATES],
    /// By every gate that barred it: a pair barred by three gates counts in three.
    pub any: [u64; N_GATES],
}

impl Barred {
    pub(crate) fn add(&mut self, other: &Self) {
        for gate in 0..N_GATES {
            self.first[gate] += other.first[gate];
            self.any[gate] += other.any[gate];
        }
    }
}

impl Snapshot {
    #[must_use]
    pub fn scanner(&self) -> Scanner<'_> {
        Scanner {
            snapshot: self,
            left: Vec::new(),
            skill_row: Vec::new(),
            factor_rows: std::array::from_fn(|_| Vec::new()),
        }
    }

    /// Calls `bar` with every posting that `gate` bars for resident `r`.
    fn for_each_barred(&self, gate: Gate, r: usize, mut bar: impl FnMut(usize)) {
        let all = 0..self.postings.len();
        match gate {
            Gate::Declined => self.declined_by(r).iter().for_each(|p| bar(*p as usize)),
            Gate::SkillRequired => {
                all.filter(|p| self.rows[*p].has_hard && !self.passes(Gate::SkillRequired, r, *p)).for_each(bar);
            }
            gate => {
                let column = self.gate_column(gate);
                match column.allowed(r) {
                    Allowed::All => {}
                    Allowed::None => all.for_each(bar),
                    Allowed::Some(bits) => all.filter(|p| bits[p / 64] >> (p % 64) & 1 == 0).for_each(bar),
                    Allowed::Live => column.barred_live(&self.context(), &self.residents[r], &self.postings, bar),
                }
            }
        }
    }

    /// Calls `visit` with every posting every gate leaves open to resident `r`, in index order, and its exact score. For many
    /// residents keep a [`Scanner`].
    pub fn for_each_eligible(&self, r: usize, visit: impl FnMut(usize, u16)) {
        self.scanner().scan(r, |_| 0, visit);
    }
}

impl<'s> Scanner<'s> {
    /// The town it reads.
    #[must_use]
    pub fn snapshot(&self) -> &'s Snapshot {
        self.snapshot
    }

    /// Calls `visit` with the eligible postings of resident `r` in index order and their exact scores. Pairs below `floor(p)` may
    /// be left out; pairs at or above it never are. Returns the number of eligible pairs, left out or not.
    ///
    /// # Panics
    /// If `r` is out of range.
    pub fn scan(&mut self, r: usize, mut floor: impl FnMut(usize) -> u16, mut visit: impl FnMut(usize, u16)) -> u64 {
        let s = self.snapshot;
        if !self.apply_gates(r) {
            return 0;
        }
        let has_skills = s.asks.has_skills(r);
        let best_skill = u32::from(s.asks.fill(&s.skills, r, &mut self.skill_row));
        let (ctx, skill_row) = (s.context(), &self.skill_row);
        let mut scratch = self.factor_rows.iter_mut();
        let rows: [&[u32]; N_TABLES] = std::array::from_fn(|table| match scratch.next() {
            Some(scratch) => s.factors[table].row(&ctx, (r, &s.residents[r]), &s.postings, scratch),
            None => &[],
        });

        let mut n_eligible = 0;
        for (block, bits) in self.left.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let p = block * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let posting = &s.rows[p];
                let best = posting.few.number.map(|number| skill_row[number as usize]);
                let barred = if !has_skills {
                    posting.has_hard && !s.unknown_skills_pass
                } else if posting.has_many {
                    s.asks.hard(p).iter().any(|ask| skill_row[ask.number as usize] < facts::MET)
                } else {
                    // Without a branch per skill.
                    (0..FEW).fold(false, |barred, i| barred | (best[i] < posting.few.need[i]))
                };
                if barred {
                    continue;
                }
                n_eligible += 1;
                let mut packed = 0u32;
                for table in 0..N_TABLES {
                    // Cannot overflow, see `Packed`.
                    packed = packed.wrapping_add(rows[table][posting.kind[table] as usize]);
                }
                let (points, known) = Packed(packed).unpack();
                let with_skill = posting.asks_weight > 0 && has_skills;
                let (most, weight) = if with_skill {
                    (points + s.skill_weight * best_skill, s.known_weight[known] + s.skill_weight)
                } else {
                    (points, s.known_weight[known])
                };
                if most < u32::from(floor(p)) * weight {
                    continue;
                }
                let skill = with_skill.then(|| {
                    if posting.has_many {
                        s.skill_factor(p, |ask| skill_row[ask.number as usize])
                    } else {
                        // At most four weights of 3 and 10 000 points.
                        let total = (0..FEW).map(|i| u32::from(best[i]) * u32::from(posting.few.weight[i]));
                        s.quotient(total.sum(), posting.asks_weight)
                    }
                });
                visit(p, s.combine(Packed(packed), skill));
            }
        }
        n_eligible
    }

    /// Leaves in `self.left` the postings that pass every gate but `skill_required`; `false` if there are none.
    fn apply_gates(&mut self, r: usize) -> bool {
        let s = self.snapshot;
        self.all_postings();
        for column in &s.gates {
            match column.allowed(r) {
                Allowed::All => {}
                Allowed::None => return false,
                Allowed::Some(bits) => {
                    for (left, allowed) in self.left.iter_mut().zip(bits) {
                        *left &= allowed;
                    }
                }
                Allowed::Live => column.barred_live(&s.context(), &s.residents[r], &s.postings, |p| {
                    self.left[p / 64] &= !(1 << (p % 64));
                }),
            }
        }
        for p in s.declined_by(r) {
            self.left[*p as usize / 64] &= !(1 << (p % 64));
        }
        self.left.iter().any(|bits| *bits != 0)
    }

    fn all_postings(&mut self) {
        let n = self.snapshot.postings.len();
        self.left.clear();
        self.left.resize(n / 64, u64::MAX);
        if !n.is_multiple_of(64) {
            self.left.push((1 << (n % 64)) - 1);
        }
    }

    /// How many postings each gate bars for resident `r`.
    pub fn count_barred(&mut self, r: usize) -> Barred {
        let s = self.snapshot;
        let mut counts = Barred::default();
        self.all_postings();
        let mut barred: Vec<u64> = vec![0; self.left.len()];
        for spec in &super::GATES {
            barred.fill(0);
            s.for_each_barred(spec.gate, r, |p| barred[p / 64] |= 1 << (p % 64));
            for (left, barred) in self.left.iter_mut().zip(&barred) {
                counts.any[spec.gate.index()] += u64::from(barred.count_ones());
                counts.first[spec.gate.index()] += u64::from((*left & barred).count_ones());
                *left &= !barred;
            }
        }
        counts
    }

    /// Which gates bar resident `r`, posting by posting in index order; empty = the pair is eligible. `sets` is overwritten.
    pub fn barring(&mut self, r: usize, sets: &mut Vec<GateSet>) {
        let s = self.snapshot;
        sets.clear();
        sets.resize(s.postings.len(), GateSet::EMPTY);
        for spec in &super::GATES {
            s.for_each_barred(spec.gate, r, |p| sets[p] = sets[p].with(spec.gate));
        }
    }
}
