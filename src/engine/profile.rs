//! The town as columns: everything a pair needs, prepared once, so that a pair costs nanoseconds.
//!
//! [`Snapshot`] takes residents, postings, households and the skill table on one day under one policy. It tabulates the
//! gates ([`super::gates::GATES`]) and factors ([`super::score::FACTORS`]) by calling those same functions for kinds of
//! residents × kinds of postings, so there is no second copy of a rule. What is left:
//!
//! - gates: one bit per posting and resident; a block of 64 postings is one AND per gate, and a block without a bit left is
//!   skipped whole;
//! - six factors: one look-up each in a row of packed values (`factor_columns::Packed`); the sum carries points and known bits;
//! - skills: a row of points per resident, a few entries per posting (`asks`);
//! - the division by the known weights: a multiplication by a prepared reciprocal, exact for every possible sum.
//!
//! Invariants: [`Snapshot::score`] and [`Scanner::scan`] give, for every pair, exactly what [`is_eligible`](super::gates::is_eligible) and
//! [`score::combine`] give (property tests); strings are never read here; nothing depends on the number of threads. Memory:
//! about 100 bytes per resident beside the input, and tables bounded by a budget. Building costs about a microsecond per
//! resident and gate.

mod asks;
mod classes;
mod factor_columns;
mod gate_columns;
mod scan;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use self::asks::{Asks, FewAsks};
use self::factor_columns::{FactorColumn, N_TABLES, Packed};
use self::gate_columns::{Allowed, GateColumn};
use super::facts;
use super::gates::{Context, GATES, Gate};
use super::input::{Household, Posting, Resident};
use super::policy::{OnUnknown, Policy};
use super::score::{self, FACTORS, Factor};
use super::similarity::SkillTable;

pub use scan::{Barred, Scanner};

/// Why a snapshot cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// A resident's household index is not that of a household.
    NoSuchHousehold { resident: i64, household: u32 },
    /// More residents, postings or skills asked than 32-bit numbers can name.
    TooLarge,
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchHousehold { resident, household } => {
                write!(f, "resident {resident} names household index {household}, which does not exist")
            }
            Self::TooLarge => f.write_str("too many residents, postings or skills for one snapshot"),
        }
    }
}

impl std::error::Error for SnapshotError {}

/// What the pair loop reads of a posting: one cache line.
#[derive(Clone, Copy)]
struct PostingRow {
    /// The posting's kind in each factor column.
    kind: [u32; N_TABLES],
    few: FewAsks,
    /// Summed weight of the skills asked; 0 = none is.
    asks_weight: u32,
    /// The asks do not fit into `few`.
    has_many: bool,
    has_hard: bool,
}

/// A score, and the summed weight of the factors that are known and so made it. Of two equal scores the one of which more is
/// known stands on firmer ground: this is the order of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scored {
    pub points: u16,
    pub known: u32,
}

/// One town on one day under one policy, ready for all pairs.
pub struct Snapshot {
    residents: Vec<Resident>,
    postings: Vec<Posting>,
    households: Vec<Household>,
    skills: Arc<SkillTable>,
    as_of: NaiveDate,
    policy: Policy,
    /// Every gate but `skill_required` and `declined`, which are kept in a denser form below.
    gates: Vec<GateColumn>,
    factors: Vec<FactorColumn>,
    rows: Vec<PostingRow>,
    asks: Asks,
    /// `declined[declined_from[r]..declined_from[r + 1]]`: postings barred for resident `r` by the gate `declined`.
    declined: Vec<u32>,
    declined_from: Vec<u32>,
    /// A must skill asked of a person without recorded skills.
    unknown_skills_pass: bool,
    /// By known bits of the six tables: the summed weight; the skill factor's own weight comes on top.
    known_weight: [u32; 1 << N_TABLES],
    skill_weight: u32,
    reciprocal: Vec<u64>,
}

/// Fraction bits of a reciprocal. A sum is at most 10 000 × its divisor, so products stay below 2^64, and the quotient is
/// exact while 10 000 × divisor² < 2^50, that is for divisors up to 335 544.
const RECIPROCAL_BITS: u32 = 50;
const MAX_DIVISOR: u32 = 300_000;

/// Evaluations spent on the rows of one table; what goes beyond (people who are like nobody else in a large town) is
/// evaluated when it is met. About a quarter of a second for the slowest measure.
const TABLE_BUDGET: usize = 1 << 22;

/// Pairs from which the columns are shared among threads: for one household, waking them takes longer than the work.
const SHARED_FROM: usize = 10_000;

/// Largest number of residents or postings.
const MAX_ITEMS: usize = u32::MAX as usize - 8;

/// What `make` gives of each, in order; on rayon's current pool unless there is little to do.
fn each<S: Send, T: Send>(specs: Vec<S>, is_small: bool, make: impl Fn(S) -> T + Send + Sync) -> Vec<T> {
    if is_small { specs.into_iter().map(make).collect() } else { specs.into_par_iter().map(make).collect() }
}

impl Snapshot {
    /// Prepares a town. Runs on rayon's current pool; the result does not depend on it.
    ///
    /// # Errors
    /// A resident whose household index does not exist; input too large for 32-bit numbers.
    pub fn new(
        residents: Vec<Resident>,
        postings: Vec<Posting>,
        households: Vec<Household>,
        skills: impl Into<Arc<SkillTable>>,
        as_of: NaiveDate,
        policy: Policy,
    ) -> Result<Self, SnapshotError> {
        Self::with_budget(residents, postings, households, skills, as_of, policy, TABLE_BUDGET)
    }

    /// [`Self::new`] with another number of evaluations (and so entries) spent on each table. Scores are the same; a smaller
    /// budget takes less memory and leaves more to be evaluated pair by pair.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_budget(
        residents: Vec<Resident>,
        postings: Vec<Posting>,
        households: Vec<Household>,
        skills: impl Into<Arc<SkillTable>>,
        as_of: NaiveDate,
        policy: Policy,
        budget: usize,
    ) -> Result<Self, SnapshotError> {
        if let Some(stray) = residents.iter().find(|r| r.household as usize >= households.len()) {
            return Err(SnapshotError::NoSuchHousehold { resident: stray.id, household: stray.household });
        }
        if residents.len() > MAX_ITEMS || postings.len() > MAX_ITEMS {
            return Err(SnapshotError::TooLarge);
        }
        let skills = skills.into();
        let ctx = Context { as_of, policy: &policy, skills: &skills };

        let is_small = residents.len() * postings.len() < SHARED_FROM;
        let gates = GATES.iter().filter_map(|spec| Some((spec, spec.keys?))).collect();
        let gates = each(gates, is_small, |gate| GateColumn::new(gate, &ctx, &residents, &postings, budget));

        let tables = FACTORS.iter().filter(|spec| spec.factor != Factor::Skill).enumerate().collect();
        let columns = each(tables, is_small, |table| FactorColumn::new(table, &ctx, &residents, &postings, budget));
        let (factors, kinds): (Vec<_>, Vec<_>) = columns.into_iter().flatten().unzip();

        let asks = Asks::new(&skills, &residents, &postings, budget);
        if asks.max_weight > MAX_DIVISOR {
            return Err(SnapshotError::TooLarge);
        }
        let no_asks = FewAsks { number: [0; asks::FEW], need: [0; asks::FEW], weight: [0; asks::FEW] };
        let rows = (0..postings.len())
            .map(|p| PostingRow {
                kind: std::array::from_fn(|table| kinds[table][p]),
                few: asks.few(p).unwrap_or(no_asks),
                asks_weight: asks.total_weight(p),
                has_many: asks.few(p).is_none(),
                has_hard: asks.n_hard(p) > 0,
            })
            .collect();
        let (declined, declined_from) = declined(&ctx, &residents, &postings);

        let known_weight: [u32; 1 << N_TABLES] = std::array::from_fn(|known| {
            factors.iter().enumerate().filter(|(table, _)| known >> table & 1 == 1).map(|(_, f)| f.weight()).sum()
        });
        let skill_weight = u32::from(policy.weight(Factor::Skill));
        let largest = asks.max_weight.max(known_weight[known_weight.len() - 1] + skill_weight);
        let reciprocal = (0..=u64::from(largest)).map(|d| (1u64 << RECIPROCAL_BITS).div_ceil(d.max(1))).collect();
        let unknown_skills_pass = policy.on_unknown(Gate::SkillRequired) == OnUnknown::PassWithCaveat;
        Ok(Self {
            residents,
            postings,
            households,
            skills,
            as_of,
            policy,
            gates,
            factors,
            rows,
            asks,
            declined,
            declined_from,
            unknown_skills_pass,
            known_weight,
            skill_weight,
            reciprocal,
        })
    }

    #[must_use]
    pub fn residents(&self) -> &[Resident] {
        &self.residents
    }

    #[must_use]
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    #[must_use]
    pub fn households(&self) -> &[Household] {
        &self.households
    }

    /// Household of a resident.
    #[must_use]
    pub fn household_of(&self, r: usize) -> &Household {
        &self.households[self.residents[r].household as usize]
    }

    #[must_use]
    pub fn skills(&self) -> &SkillTable {
        &self.skills
    }

    #[must_use]
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What checks and measures may look at besides the pair.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context { as_of: self.as_of, policy: &self.policy, skills: &self.skills }
    }

    /// Suitability of resident `r` for posting `p` (indices, not ids); `None` if a gate bars the pair.
    ///
    /// # Panics
    /// If an index is out of range.
    #[must_use]
    pub fn score(&self, r: usize, p: usize) -> Option<u16> {
        self.scored(r, p).map(|scored| scored.points)
    }

    /// [`Self::score`] with how much is known.
    ///
    /// # Panics
    /// If an index is out of range.
    #[must_use]
    pub fn scored(&self, r: usize, p: usize) -> Option<Scored> {
        GATES.iter().all(|spec| self.passes(spec.gate, r, p)).then(|| self.points(r, p))
    }

    /// Whether one gate lets a pair pass.
    #[must_use]
    pub fn passes(&self, gate: Gate, r: usize, p: usize) -> bool {
        match gate {
            Gate::Declined => !self.declined_by(r).contains(&(p as u32)),
            Gate::SkillRequired => {
                let hard = self.asks.hard(p);
                hard.is_empty()
                    || if self.asks.has_skills(r) {
                        hard.iter().all(|ask| self.asks.best(&self.skills, r, *ask) >= facts::MET)
                    } else {
                        self.unknown_skills_pass
                    }
            }
            gate => {
                let column = self.gate_column(gate);
                match column.allowed(r) {
                    Allowed::All => true,
                    Allowed::None => false,
                    Allowed::Some(bits) => bits[p / 64] >> (p % 64) & 1 == 1,
                    Allowed::Live => column.spec.lets_pass(&self.context(), &self.residents[r], &self.postings[p]),
                }
            }
        }
    }

    /// The column of a tabulated gate.
    fn gate_column(&self, gate: Gate) -> &GateColumn {
        &self.gates[gate.index() - usize::from(gate > Gate::SkillRequired)]
    }

    /// The score of a pair and the weight of the factors it is made from, whatever the gates say.
    pub(super) fn points(&self, r: usize, p: usize) -> Scored {
        let row = &self.rows[p];
        let (resident, posting) = ((r, &self.residents[r]), &self.postings[p]);
        let ctx = self.context();
        let packed = self.factors.iter().zip(row.kind);
        let packed = packed.fold(0, |sum, (f, kind)| sum + f.value(&ctx, resident, (kind, posting)).0);
        let skill = (row.asks_weight > 0 && self.asks.has_skills(r))
            .then(|| self.skill_factor(p, |ask| self.asks.best(&self.skills, r, ask)));
        self.combine(Packed(packed), skill)
    }

    /// The skill factor of a posting that asks skills, from the best points per ask.
    fn skill_factor(&self, p: usize, best: impl Fn(asks::Ask) -> u16) -> u16 {
        let total = self.asks.asks(p).iter().map(|ask| ask.weight * u32::from(best(*ask))).sum();
        self.quotient(total, self.rows[p].asks_weight)
    }

    /// [`score::combine`] on packed values.
    fn combine(&self, packed: Packed, skill: Option<u16>) -> Scored {
        let (points, known) = packed.unpack();
        let (sum, known) = match skill {
            Some(skill) => {
                (points + self.skill_weight * u32::from(skill), self.known_weight[known] + self.skill_weight)
            }
            None => (points, self.known_weight[known]),
        };
        Scored { points: self.quotient(sum, known), known }
    }

    /// `floor(sum / divisor)` for `sum <= 10000 * divisor`; 0 where the divisor is 0 (then so is the sum).
    fn quotient(&self, sum: u32, divisor: u32) -> u16 {
        debug_assert!(u64::from(sum) <= u64::from(score::FULL) * u64::from(divisor));
        (u64::from(sum).wrapping_mul(self.reciprocal[divisor as usize]) >> RECIPROCAL_BITS) as u16
    }

    fn declined_by(&self, r: usize) -> &[u32] {
        &self.declined[self.declined_from[r] as usize..self.declined_from[r + 1] as usize]
    }
}

/// Per resident the postings the gate `declined` bars, asked only where a decline is on record.
fn declined(ctx: &Context, residents: &[Resident], postings: &[Posting]) -> (Vec<u32>, Vec<u32>) {
    let index: HashMap<i64, usize> = postings.iter().enumerate().map(|(p, posting)| (posting.id, p)).collect();
    let spec = Gate::Declined.spec();
    let (mut barred, mut from) = (Vec::new(), vec![0]);
    for resident in residents {
        let start = barred.len();
        for p in resident.declined.iter().filter_map(|(id, _)| index.get(id)) {
            if !spec.lets_pass(ctx, resident, &postings[*p]) && !barred[start..].contains(&(*p as u32)) {
                barred.push(*p as u32);
            }
        }
        from.push(barred.len() as u32);
    }
    (barred, from)
}
