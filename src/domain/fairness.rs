//! What can honestly be said of two groups that were chosen from at different rates? (law.md §9)
//!
//! Three things side by side, none of them a verdict: the **impact ratio** (a group's rate over the highest one; below four fifths is a
//! flag), the **two-sided exact p value** (Fisher: how often chance alone would deal a table as uneven) and **n**. Where there are too few
//! people, nothing is said. **Exposure** weighs where in a list somebody stands: 1 / log2(1 + rank), so two groups of equal number can
//! differ in it.
//!
//! Invariant: the group with the highest rate is compared with nobody and has ratio 1. Cost: [`exact_p`] is linear in the smaller group.

/// Fewer people than this in a group: nothing is said.
pub const FEWEST: u64 = 30;
/// Smallest expected count of a cell from which a comparison says anything.
const FEWEST_EXPECTED: f64 = 5.0;
/// Below this a ratio is a flag (29 CFR 1607.4(D)): 80 %, in basis points.
pub const FOUR_FIFTHS: u32 = 8_000;

/// People of a group, and those of them who were chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    pub n: u64,
    pub chosen: u64,
}

/// What is to be said of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Too few people, or too few that could be chosen or left.
    TooFew,
    /// The highest rate.
    Highest,
    Compared {
        /// Of the highest rate, basis points, rounded down.
        ratio: u32,
        /// Two-sided.
        p: f64,
    },
}

impl Reading {
    /// Whether somebody should look into it.
    #[must_use]
    pub fn is_flag(self) -> bool {
        matches!(self, Self::Compared { ratio, .. } if ratio < FOUR_FIFTHS)
    }
}

/// Reads each group against the one with the highest rate among those large enough; of equal rates the first.
#[must_use]
pub fn read(groups: &[Chosen]) -> Vec<Reading> {
    let large = groups.iter().enumerate().filter(|(_, group)| group.n >= FEWEST);
    // Strictly higher, so that the first of equals stays.
    let best = large.reduce(|a, b| if b.1.chosen * a.1.n > a.1.chosen * b.1.n { b } else { a });
    let Some((best_at, best)) = best else { return vec![Reading::TooFew; groups.len()] };
    let is_alone = groups.iter().filter(|group| group.n >= FEWEST).count() < 2;
    let reading = |(at, group): (usize, &Chosen)| match () {
        () if group.n < FEWEST || is_alone || best.chosen == 0 => Reading::TooFew,
        () if at == best_at => Reading::Highest,
        () if smallest_expected(*group, *best) < FEWEST_EXPECTED => Reading::TooFew,
        () => Reading::Compared { ratio: ratio(*group, *best), p: exact_p(*group, *best) },
    };
    groups.iter().enumerate().map(reading).collect()
}

/// A group's rate over another's, in basis points, rounded down.
fn ratio(group: Chosen, best: Chosen) -> u32 {
    let part = u128::from(group.chosen) * u128::from(best.n) * 10_000;
    let whole = u128::from(group.n) * u128::from(best.chosen);
    part.checked_div(whole).and_then(|points| u32::try_from(points).ok()).unwrap_or_default()
}

/// The smallest of the four counts that would be expected if both groups had one rate.
fn smallest_expected(a: Chosen, b: Chosen) -> f64 {
    let all = (a.n + b.n) as f64;
    let chosen = (a.chosen + b.chosen) as f64;
    let smaller = a.n.min(b.n) as f64;
    smaller * chosen.min(all - chosen) / all
}

/// Fisher's exact test of two groups, two-sided: the summed probability of every table with the same margins that is no likelier than the
/// one seen. 1 where there is nobody.
#[must_use]
pub fn exact_p(a: Chosen, b: Chosen) -> f64 {
    let chosen = a.chosen + b.chosen;
    if a.n == 0 || b.n == 0 || chosen == 0 || chosen == a.n + b.n {
        return 1.0;
    }
    let ln = LnFactorials::up_to(a.n + b.n);
    let total = ln.choose(a.n + b.n, chosen);
    let probability = |k: u64| (ln.choose(a.n, k) + ln.choose(b.n, chosen - k) - total).exp();
    let seen = probability(a.chosen);
    // Equal up to rounding counts as equal.
    let limit = seen * (1.0 + 1e-7);
    let range = chosen.saturating_sub(b.n)..=chosen.min(a.n);
    range.map(probability).filter(|p| *p <= limit).sum::<f64>().min(1.0)
}

/// ln 0!, ln 1!, …
struct LnFactorials(Vec<f64>);

impl LnFactorials {
    fn up_to(n: u64) -> Self {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for k in 1..=n {
            sum += (k as f64).ln();
            sums.push(sum);
        }
        Self(sums)
    }

    fn of(&self, n: u64) -> f64 {
        usize::try_from(n).ok().and_then(|n| self.0.get(n)).copied().unwrap_or_default()
    }

    fn choose(&self, n: u64, k: u64) -> f64 {
        self.of(n) - self.of(k) - self.of(n - k)
    }
}

/// How much a place in a list is seen: 1 for the first, 0.63 for the second, 0.5 for the third.
#[must_use]
pub fn exposure(rank: usize) -> f64 {
    1.0 / (1.0 + rank as f64).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(chosen: u64, n: u64) -> Chosen {
        Chosen { n, chosen }
    }

    /// Worked examples of law.md §9: ratio and Fisher's p.
    #[test]
    fn known_tables() {
        for (low, high, ratio_is, p_is, within) in [
            (of(20, 80), of(48, 120), 6_250, 0.033, 0.000_5),
            (of(12, 30), of(15, 30), 8_000, 0.60, 0.005),
            (of(400, 1_000), of(500, 1_000), 8_000, 8e-6, 0.5e-6),
            (of(1, 10), of(3, 10), 3_333, 0.58, 0.005),
        ] {
            assert_eq!(ratio(low, high), ratio_is);
            let p = exact_p(low, high);
            assert!((p - p_is).abs() <= within, "{low:?} {high:?}: {p}");
            assert!((exact_p(high, low) - p).abs() < 1e-12, "the order does not matter");
        }
        // The lady tasting tea: 3 of 4 right has p = 34/70.
        assert!((exact_p(of(3, 4), of(1, 4)) - 34.0 / 70.0).abs() < 1e-12);
        assert!((exact_p(of(0, 9), of(0, 3)) - 1.0).abs() < 1e-12 && (exact_p(of(9, 9), of(0, 0)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_p_value_stays_one_for_large_towns() {
        let p = exact_p(of(10_000, 20_000), of(10_000, 20_000));
        assert!((p - 1.0).abs() < 1e-6, "{p}");
        assert!(exact_p(of(8_000, 20_000), of(10_000, 20_000)) < 1e-80);
    }

    #[test]
    fn few_people_say_nothing() {
        use Reading::{Compared, Highest, TooFew};
        let read_all = |groups: &[Chosen]| read(groups);
        let found = read_all(&[of(48, 120), of(20, 80), of(1, 29)]);
        assert!(matches!(found[..], [Highest, Compared { ratio: 6_250, .. }, TooFew]), "{found:?}");
        assert!(found[1].is_flag() && !found[0].is_flag() && !found[2].is_flag());
        // Enough people, but three chosen of two hundred: an expected cell below five.
        assert_eq!(read_all(&[of(3, 100), of(0, 100)])[1], TooFew);
        assert_eq!(read_all(&[of(0, 100), of(0, 100)]), [TooFew, TooFew]);
        assert_eq!(read_all(&[of(9, 100), of(1, 10)]), [TooFew, TooFew]);
        assert_eq!(read_all(&[of(9, 10)]), [TooFew]);
        // Of equal rates the first is the highest, and the other has ratio 1.
        assert!(matches!(read_all(&[of(50, 100), of(50, 100)])[..], [Highest, Compared { ratio: 10_000, .. }]));
        // Exactly four fifths is no flag.
        assert!(!read_all(&[of(500, 1_000), of(400, 1_000)])[1].is_flag());
    }

    /// Women at ranks 3, 6, 7, 9, 10 and men at 1, 2, 4, 5, 8: half of the list, and 0.644 of the exposure.
    #[test]
    fn exposure_sees_what_counting_does_not() {
        let mean = |ranks: [usize; 5]| ranks.into_iter().map(exposure).sum::<f64>() / 5.0;
        let (women, men) = (mean([3, 6, 7, 9, 10]), mean([1, 2, 4, 5, 8]));
        assert!((women - 0.356).abs() < 5e-4 && (men - 0.553).abs() < 5e-4, "{women} {men}");
        assert!((women / men - 0.644).abs() < 5e-4);
    }
}
