//! How many sign-ins may fail, and from where: guessing is slowed, the owner is never locked out.
//!
//! Two limits, each a token bucket: of one login from one address 10 failures at once and then one a minute; of one address
//! 100 at once and then one a second, whatever the logins (trying one password on many accounts). An attempt takes its place
//! before the password is looked at, so a thousand at once are no way around; one that succeeds gives it back. Because the
//! first limit counts login *and* address, nobody can lock an owner out from elsewhere.
//!
//! Memory is fixed: buckets live in tables under a hash keyed with a random key per process, each in two places, of which
//! the less used one counts (a counting Bloom filter with conservative update). Two pairs share both places by chance once in
//! 2^30. A bucket is one number, the time at which it is full again (GCRA). IPv6 addresses count by their /64, the smallest
//! network a customer gets.
//!
//! In this process only: N processes on one database allow N times as much.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::NaiveDateTime;

use crate::app::error::AppError;

const SECOND: i64 = 1_000_000;

/// Failures of one login from one address.
pub const PAIR_BURST: i64 = 10;
const PAIR_EVERY: i64 = 60 * SECOND;
/// Failures from one address.
pub const ADDRESS_BURST: i64 = 100;
const ADDRESS_EVERY: i64 = SECOND;

/// Shared by all workers.
pub struct Throttle {
    hasher: RandomState,
    buckets: Mutex<Buckets>,
}

struct Buckets {
    pairs: Table,
    addresses: Table,
}

impl Default for Throttle {
    fn default() -> Self {
        let buckets = Buckets {
            pairs: Table::new(1 << 15, PAIR_BURST, PAIR_EVERY),
            addresses: Table::new(1 << 13, ADDRESS_BURST, ADDRESS_EVERY),
        };
        Self { hasher: RandomState::new(), buckets: Mutex::new(buckets) }
    }
}

/// One attempt that was let in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    pair: u64,
    address: u64,
}

impl Throttle {
    /// Takes a place for an attempt.
    ///
    /// # Errors
    /// `TooManyAttempts`; then nothing is to be looked at.
    pub fn take(&self, login: &str, address: IpAddr, now: NaiveDateTime) -> Result<Attempt, AppError> {
        let address = network(address);
        let attempt = Attempt { pair: self.hasher.hash_one((login, address)), address: self.hasher.hash_one(address) };
        let now = now.and_utc().timestamp_micros();
        let mut buckets = self.lock();
        // Both or neither: an attempt refused for its address must not use up the login's places.
        let rooms = [buckets.pairs.has_room(attempt.pair, now), buckets.addresses.has_room(attempt.address, now)];
        if rooms.contains(&false) {
            return Err(AppError::TooManyAttempts);
        }
        buckets.pairs.fill(attempt.pair, now);
        buckets.addresses.fill(attempt.address, now);
        Ok(attempt)
    }

    /// The attempt succeeded: what failed before is forgotten for this login from here. For the address only this place is
    /// given back, or somebody with an account could sign in between guesses at others.
    pub fn succeeded(&self, attempt: Attempt) {
        let mut buckets = self.lock();
        buckets.pairs.empty(attempt.pair);
        buckets.addresses.give_back(attempt.address);
    }

    /// The attempt was not looked at.
    pub fn give_back(&self, attempt: Attempt) {
        let mut buckets = self.lock();
        buckets.pairs.give_back(attempt.pair);
        buckets.addresses.give_back(attempt.address);
    }

    fn lock(&self) -> MutexGuard<'_, Buckets> {
        // Every state of the tables is a valid one.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whom an address stands for.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 | 1 << 127,
    }
}

/// Two halves of slots; a slot holds the microsecond at which its bucket is empty again.
struct Table {
    slots: Box<[i64]>,
    half: usize,
    burst: i64,
    every: i64,
}

impl Table {
    /// `half` is a power of two.
    fn new(half: usize, burst: i64, every: i64) -> Self {
        Self { slots: vec![0; half * 2].into_boxed_slice(), half, burst, every }
    }

    fn places(&self, hash: u64) -> [usize; 2] {
        let mask = self.half as u64 - 1;
        // Both are below `half`, so they fit.
        let place = |bits: u64| usize::try_from(bits & mask).unwrap_or_default();
        [place(hash), self.half + place(hash >> 32)]
    }

    /// A clock that was set back must not keep anybody out for longer than a full bucket does.
    fn settle(&mut self, hash: u64, now: i64) {
        for place in self.places(hash) {
            self.slots[place] = self.slots[place].min(now + self.burst * self.every);
        }
    }

    /// When the bucket is empty, at the earliest now.
    fn level(&self, hash: u64, now: i64) -> i64 {
        self.places(hash).into_iter().map(|place| self.slots[place]).min().unwrap_or(now).max(now)
    }

    fn has_room(&mut self, hash: u64, now: i64) -> bool {
        self.settle(hash, now);
        self.level(hash, now) + self.every <= now + self.burst * self.every
    }

    fn fill(&mut self, hash: u64, now: i64) {
        let level = self.level(hash, now) + self.every;
        for place in self.places(hash) {
            self.slots[place] = self.slots[place].max(level);
        }
    }

    fn give_back(&mut self, hash: u64) {
        for place in self.places(hash) {
            self.slots[place] -= self.every;
        }
    }

    fn empty(&mut self, hash: u64) {
        for place in self.places(hash) {
            self.slots[place] = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn noon() -> NaiveDateTime {
        "2026-11-23T04:00:00".parse().unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn ten_at_once_then_one_a_minute_and_never_the_owner_elsewhere() {
        let throttle = Throttle::default();
        let mut passed = 0;
        // One attempt a second for 990 seconds: 10 at once, and one for each of the 16 minutes gone by.
        for second in 0..990 {
            passed += i32::from(throttle.take("zhang", ip("203.0.113.5"), noon() + TimeDelta::seconds(second)).is_ok());
        }
        assert_eq!(passed, 10 + 16);
        let now = noon() + TimeDelta::seconds(990);
        assert!(throttle.take("zhang", ip("203.0.113.6"), now).is_ok(), "the owner from another address");
        assert!(throttle.take("li", ip("203.0.113.5"), now).is_ok(), "another login from the same address");
    }

    #[test]
    fn spraying_many_logins_from_one_address_is_slowed_too() {
        let throttle = Throttle::default();
        let tried =
            |n: i32| (0..n).filter(|n| throttle.take(&format!("user{n}"), ip("2001:db8::1"), noon()).is_ok()).count();
        assert_eq!(tried(1_000), 100);
        // The same /64 is the same customer, the next one is not.
        assert!(throttle.take("other", ip("2001:db8::2:3:4:5"), noon()).is_err());
        assert!(throttle.take("other", ip("2001:db8:0:1::1"), noon()).is_ok());
    }

    #[test]
    fn success_forgets_but_does_not_reset_the_address() {
        let throttle = Throttle::default();
        let here = ip("198.51.100.7");
        for _ in 0..9 {
            throttle.take("zhang", here, noon()).unwrap();
        }
        throttle.succeeded(throttle.take("zhang", here, noon()).unwrap());
        let again = (0..20).filter(|_| throttle.take("zhang", here, noon()).is_ok()).count();
        assert_eq!(again, 10);
        // 19 failures stand for the address: 81 are left, although somebody signed in.
        let others = (0..200).filter(|n| throttle.take(&format!("user{n}"), here, noon()).is_ok()).count();
        assert_eq!(others, 81);
    }

    #[test]
    fn a_clock_set_back_keeps_nobody_out_for_long() {
        let throttle = Throttle::default();
        let here = ip("198.51.100.7");
        for _ in 0..10 {
            throttle.take("zhang", here, noon()).unwrap();
        }
        let before = noon() - TimeDelta::days(365);
        assert!(throttle.take("zhang", here, before).is_err());
        assert!(throttle.take("zhang", here, before + TimeDelta::minutes(1)).is_ok());
    }
}
