//! How well does a person suit a posting? Seven factors in integer points, combined by weight.
//!
//! `suitability = floor(Σ weight · factor / Σ weight)` over the factors that are **known**: a missing value is not a zero, its
//! weight is shared out among the others. With nothing known the score is 0. [`FACTORS`] is the only list of factors;
//! the pair kernel ([`super::profile`]) tabulates these very functions and is compared with them bit by bit in the tests.
//!
//! Household need is no factor: it orders lists and leads the plan's objective. Cost of one pair done here: about a
//! microsecond; the kernel needs nanoseconds.

mod measures;

use super::gates::{Context, Key, Keys};
use super::input::{Posting, Resident};
use super::policy::Policy;
use crate::domain::text::Label;

pub use measures::skill::weight as skill_weight;
pub use measures::{Preference, ScheduleParts, experience::counted_months, preference_parts, schedule_parts};

/// Full points of a factor and of a score.
pub const FULL: u16 = 10_000;
/// Number of factors.
pub const N_FACTORS: usize = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Factor {
    Skill,
    Experience,
    Schedule,
    Pay,
    Distance,
    Preference,
    Comfort,
}

impl Factor {
    pub const ALL: [Self; N_FACTORS] =
        [Self::Skill, Self::Experience, Self::Schedule, Self::Pay, Self::Distance, Self::Preference, Self::Comfort];

    /// Position in [`FACTORS`] and in every array of factors.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub const fn spec(self) -> &'static FactorSpec {
        &FACTORS[self as usize]
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.spec().code
    }

    #[must_use]
    pub const fn label(self) -> Label {
        self.spec().label
    }

    #[must_use]
    pub const fn side(self) -> Side {
        self.spec().side
    }
}

/// Whom a factor serves: the two sub-totals people are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// What the post gets from the person.
    PostGets,
    /// What the person gets from the post.
    PersonGets,
}

/// One row of [`FACTORS`].
pub struct FactorSpec {
    pub factor: Factor,
    pub code: &'static str,
    pub label: Label,
    pub side: Side,
    measure: fn(&Context, &Resident, &Posting) -> Option<u16>,
    pub(super) reads: Reads,
}

/// How [`super::profile`] prepares a factor.
pub(super) enum Reads {
    /// People with equal keys are the same to the measure.
    Keys(Keys),
    /// Nearly everybody is different, but a posting tells people apart only where they share a token with it (a skill, an
    /// employer): elsewhere the points are those of a person of whom only the same lists are filled.
    Tokens {
        /// Which lists are filled, one bit each.
        presence: fn(&Resident) -> u8,
        /// Somebody with these lists filled by what nobody asks.
        nobody: fn(u8) -> Resident,
        resident_tokens: fn(&Resident, &mut Vec<u64>),
        posting_tokens: fn(&Context, &Posting, &mut Vec<u64>),
        posting_key: fn(&Context, &Posting, &mut Key),
    },
    /// The skill factor has columns of its own.
    Skills,
}

impl FactorSpec {
    /// Points `0..=`[`FULL`]; `None` = unknown, because one side does not say.
    #[must_use]
    pub fn measure(&self, ctx: &Context, resident: &Resident, posting: &Posting) -> Option<u16> {
        (self.measure)(ctx, resident, posting)
    }
}

macro_rules! factors {
    ($($factor:ident $code:literal $zh:literal $en:literal $side:ident $module:ident;)+) => {
        /// The one table, in the order of [`Factor::ALL`].
        pub static FACTORS: [FactorSpec; N_FACTORS] = [$(FactorSpec {
            factor: Factor::$factor,
            code: $code,
            label: Label { zh: $zh, en: $en },
            side: Side::$side,
            measure: measures::$module::measure,
            reads: measures::$module::READS,
        },)+];
    };
}

factors! {
    Skill "skill" "技能" "skill" PostGets skill;
    Experience "experience" "经验" "experience" PostGets experience;
    Schedule "schedule" "时间" "schedule" PersonGets schedule;
    Pay "pay" "工资" "pay" PersonGets pay;
    Distance "distance" "距离" "distance" PersonGets distance;
    Preference "preference" "意向" "preference" PersonGets preference;
    Comfort "comfort" "体力与年龄余量" "comfort" PostGets comfort;
}

/// The seven factors of a pair, in the order of [`Factor::ALL`].
#[must_use]
pub fn measure_all(ctx: &Context, resident: &Resident, posting: &Posting) -> [Option<u16>; N_FACTORS] {
    FACTORS.each_ref().map(|spec| spec.measure(ctx, resident, posting))
}

/// The score of seven factors; see the module docs.
#[must_use]
pub fn combine(policy: &Policy, values: &[Option<u16>; N_FACTORS]) -> u16 {
    let (mut total, mut weight) = (0u32, 0u32);
    for factor in Factor::ALL {
        if let Some(value) = values[factor.index()] {
            total += u32::from(policy.weight(factor)) * u32::from(value);
            weight += u32::from(policy.weight(factor));
        }
    }
    // A weighted mean of points is at most FULL.
    total.checked_div(weight).unwrap_or(0) as u16
}

/// What one factor adds to a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub factor: Factor,
    pub weight: u16,
    /// The factor's own points; `None` = unknown, its weight is shared out.
    pub value: Option<u16>,
    /// Points of the score that come from this factor. All parts sum exactly to the score.
    pub points: u16,
    /// Points it could have brought. All of them sum to [`FULL`], unless nothing is known.
    pub most: u16,
}

/// The score split into parts by largest remainder (equal remainders: the earlier factor first).
#[must_use]
pub fn parts(policy: &Policy, values: &[Option<u16>; N_FACTORS]) -> [Part; N_FACTORS] {
    let weight = |factor: Factor| u64::from(policy.weight(factor));
    let known_weight: u64 = Factor::ALL.iter().filter(|f| values[f.index()].is_some()).map(|f| weight(*f)).sum();
    let shares = |value: &dyn Fn(Factor) -> u64, total: u16| {
        let products = Factor::ALL.map(|f| if values[f.index()].is_some() { weight(f) * value(f) } else { 0 });
        largest_remainder(products, known_weight, total)
    };
    let points = shares(&|f| u64::from(values[f.index()].unwrap_or(0)), combine(policy, values));
    let most = shares(&|_| u64::from(FULL), if known_weight == 0 { 0 } else { FULL });
    Factor::ALL.map(|factor| Part {
        factor,
        weight: policy.weight(factor),
        value: values[factor.index()],
        points: points[factor.index()],
        most: most[factor.index()],
    })
}

/// Splits `total` in proportion to `products / divisor`: whole parts first, then one more for the largest remainders.
/// `total` must be the floor of the exact sum, which both callers pass.
fn largest_remainder(products: [u64; N_FACTORS], divisor: u64, total: u16) -> [u16; N_FACTORS] {
    if divisor == 0 {
        return [0; N_FACTORS];
    }
    let mut shares = products.map(|product| (product / divisor) as u16);
    let mut order: [usize; N_FACTORS] = std::array::from_fn(|i| i);
    order.sort_by_key(|i| (std::cmp::Reverse(products[*i] % divisor), *i));
    let left = total - shares.iter().sum::<u16>();
    for i in order.into_iter().take(usize::from(left)) {
        shares[i] += 1;
    }
    shares
}

/// Points on the straight line from (`x0`, `y0`) to (`x1`, `y1`), rounded down, flat outside; needs `x0 < x1`.
fn line(x: u32, (x0, y0): (u32, u16), (x1, y1): (u32, u16)) -> u16 {
    let x = x.clamp(x0, x1);
    let (left, right) = (u64::from(x1 - x), u64::from(x - x0));
    // A mean of two points of 0..=10000 is one of them or between them.
    ((left * u64::from(y0) + right * u64::from(y1)) / u64::from(x1 - x0)) as u16
}

/// Weighted mean, rounded down, of the parts that are known; `None` if none is.
fn mean<const N: usize>(parts: [(u32, Option<u16>); N]) -> Option<u16> {
    let known = parts.iter().filter_map(|(weight, points)| points.map(|p| (*weight, u32::from(p))));
    let (total, weight) = known.fold((0, 0), |(t, w), (weight, points)| (t + weight * points, w + weight));
    total.checked_div(weight).map(|mean| mean as u16)
}
