//! How many requests a second somebody may send: per account, and per address for everybody.
//!
//! Invariant: the limit of an account does not depend on where it comes from, so one company's many clerks behind one address
//! do not starve each other; the limit of an address comes before anything is looked up, so a flood costs no database.
//! Counted in this process: n processes allow n times as much.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::{ApiError, ErrorCode};

/// Requests a second, and how many at once after a pause.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub per_second: NonZeroU32,
    pub burst: NonZeroU32,
}

/// A rate; zero is read as one.
#[must_use]
pub const fn rate(per_second: u32, burst: u32) -> Rate {
    match (NonZeroU32::new(per_second), NonZeroU32::new(burst)) {
        (Some(per_second), Some(burst)) => Rate { per_second, burst },
        _ => Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::MIN },
    }
}

/// A person clicks once a second, a page of the workbench asks for a dozen things, a program imports in a loop.
const ACCOUNT: Rate = rate(100, 400);
/// A whole office behind one address.
const ADDRESS: Rate = rate(400, 2_000);
/// Keys remembered before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// What a server allows.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    pub account: Rate,
    pub address: Rate,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { account: ACCOUNT, address: ADDRESS }
    }
}

/// Who has sent how much lately.
pub struct Rates {
    accounts: DefaultKeyedRateLimiter<i64>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
}

impl Rates {
    #[must_use]
    pub fn new(limits: RateLimits) -> Self {
        let quota = |rate: Rate| Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self {
            accounts: RateLimiter::keyed(quota(limits.account)),
            addresses: RateLimiter::keyed(quota(limits.address)),
        }
    }

    /// # Errors
    /// 429 for an address that sends too much.
    pub fn admit_address(&self, address: IpAddr) -> Result<(), ApiError> {
        if self.addresses.len() > REMEMBERED {
            self.addresses.retain_recent();
        }
        self.addresses.check_key(&address).map_err(|_| ErrorCode::TooManyRequests.into())
    }

    /// # Errors
    /// 429 for an account that sends too much.
    pub fn admit_account(&self, account: i64) -> Result<(), ApiError> {
        self.accounts.check_key(&account).map_err(|_| ErrorCode::TooManyRequests.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_too_much_is_stopped_and_nobody_else() {
        let rates = Rates::new(RateLimits { account: rate(1, 3), address: rate(1, 5) });
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        assert_eq!((0..9).filter(|_| rates.admit_address(one).is_ok()).count(), 5);
        assert!(rates.admit_address(other).is_ok());
        assert_eq!((0..9).filter(|_| rates.admit_account(7).is_ok()).count(), 3);
        assert!(rates.admit_account(8).is_ok());
    }
}
