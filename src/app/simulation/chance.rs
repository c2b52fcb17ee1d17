//! What happens by chance, as a function of the seed and of what it happens to: no order of questions, no policy and no thread can move
//! a draw, so that all policies meet the same world.

/// What a draw is about; each has a stream of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// New postings of a day.
    Arrivals = 1,
    Template,
    Headcount,
    Validity,
    /// Whether an employer goes on looking.
    Renewal,
    /// Which tenant closes, and when.
    Closing,
    ClosingDay,
    /// Somebody finds work without the service.
    OwnJob,
    /// Somebody leaves a job of before, or one that came of a referral.
    Leaving,
    LeavingNew,
    ContractRenewed,
    /// Both sides of a referral.
    Agrees,
    ResidentPause,
    ResidentReason,
    Answers,
    Invites,
    EmployerPause,
    EmployerReason,
    Offers,
    OfferPause,
    Comes,
    StartPause,
    Income,
    /// Days until a counselor's service.
    Contact,
    Guidance,
    Training,
    Late,
}

/// One in a million.
pub(super) const MILLION: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    seed: u64,
}

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// 64 bits: SplitMix64's finaliser over the seed, the stream and each key in turn.
    pub fn draw(self, of: Of, keys: &[i64]) -> u64 {
        let start = mix(self.seed ^ mix(of as u64));
        keys.iter().fold(start, |state, key| mix(state ^ mix(key.cast_unsigned())))
    }

    /// Whether something happens that does so many times in a million.
    pub fn happens(self, of: Of, keys: &[i64], per_million: u64) -> bool {
        self.draw(of, keys) % MILLION < per_million
    }

    /// A number in `0..n`; 0 where `n` is 0.
    pub fn below(self, of: Of, keys: &[i64], n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.draw(of, keys) % n).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub fn between(self, of: Of, keys: &[i64], low: u32, high: u32) -> u32 {
        let width = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.draw(of, keys) % width).unwrap_or(0)
    }
}

/// G. Steele, D. Lea, C. Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014.
const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_seed_stream_and_keys_and_on_nothing_else() {
        let one = Chance::new(1);
        assert_eq!(one.draw(Of::Agrees, &[3, 4]), Chance::new(1).draw(Of::Agrees, &[3, 4]));
        let others = [
            Chance::new(2).draw(Of::Agrees, &[3, 4]),
            one.draw(Of::Invites, &[3, 4]),
            one.draw(Of::Agrees, &[4, 3]),
            one.draw(Of::Agrees, &[3]),
        ];
        assert!(others.iter().all(|other| *other != one.draw(Of::Agrees, &[3, 4])));
    }

    #[test]
    fn shares_come_out_as_asked() {
        let happened = (0..20_000).filter(|n| Chance::new(7).happens(Of::Leaving, &[*n], 250_000)).count();
        assert!((4_800..=5_200).contains(&happened), "{happened}");
        assert!((0..2_000).all(|n| (2..=5).contains(&Chance::new(7).between(Of::Headcount, &[n], 2, 5))));
    }
}
