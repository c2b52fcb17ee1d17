//! Checks whose reason is a law or a public rule.

use super::{Check, Compared, Context, Key, Outcome, fail_if, worst};
use crate::domain::ages;
use crate::domain::codes::Channel;
use crate::domain::work_limits::{MinorLimit, WorkFacts, minor_prohibition};
use crate::engine::facts;
use crate::engine::input::{Posting, Resident};

use Outcome::{Pass, Unknown};

/// Not yet 16 (law.md R24) today or on the start date; 16 or 17 on the start date and the post has, or does not exclude,
/// what minors may not do.
pub mod age_legal {
    use super::*;

    /// The law's own list, and beyond it: nobody of 16 or 17 is proposed for a post with any hazard (scoring.md §1).
    fn limit(p: &Posting) -> Option<MinorLimit> {
        let night_work = if facts::night_work(p) == Some(true) { Some(true) } else { p.night_work };
        let by_law = minor_prohibition(&WorkFacts {
            underground_mine: p.underground_mine,
            night_work,
            overtime: p.overtime,
            hazards: p.hazards.as_deref(),
            physical_grade: p.physical_grade,
            load_kg: p.load_kg,
            lifts_per_hour: p.lifts_per_hour,
            forced_posture: p.forced_posture,
        });
        let any_hazard = p.hazards.as_ref().is_some_and(|list| !list.is_empty());
        by_law.or(any_hazard.then_some(MinorLimit::HazardousWork))
    }

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let start = ctx.start(p);
        let Some(birth) = r.birth_date else {
            return Check {
                outcome: Unknown,
                compared: Compared::LegalAge { turns_16_on: None, today: ctx.as_of, start, minor_limit: None },
            };
        };
        let minor_limit = if ages::is_minor(birth, start) { limit(p) } else { None };
        let turns_16_on = ages::turns_16_on(birth);
        let under_16 = ctx.as_of < turns_16_on || start < turns_16_on;
        let compared = Compared::LegalAge { turns_16_on: Some(turns_16_on), today: ctx.as_of, start, minor_limit };
        fail_if(under_16 || minor_limit.is_some(), compared)
    }

    /// Everybody who is an adult today is the same to this gate.
    pub fn resident_key(ctx: &Context, r: &Resident, key: &mut Key) {
        let minor = r.birth_date.filter(|birth| ages::is_minor(*birth, ctx.as_of));
        key.number(u8::from(r.birth_date.is_some()));
        key.day(minor);
    }

    pub fn posting_key(ctx: &Context, p: &Posting, key: &mut Key) {
        key.number(u8::from(limit(p).is_some()));
        key.day(Some(ctx.start(p)));
    }
}

/// The lawful bit of the person meets that of the posting; `domain` computes both (law.md §3).
pub mod law_sex {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let applies = r.restricted_by_law && p.restricted_by_law;
        fail_if(applies, Compared::LawSex { applies })
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.number(u8::from(r.restricted_by_law));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.number(u8::from(p.restricted_by_law));
    }
}

/// A hazard post without a health check valid on the start date is unknown: a caveat when recommended, refused at hire.
pub mod hazard_check {
    use super::*;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let has_hazard = p.hazards.as_ref().map(|list| !list.is_empty());
        let start = ctx.start(p);
        let valid = r.hazard_check_until.is_some_and(|last| last >= start);
        let compared = Compared::HazardCheck { has_hazard, valid_until: r.hazard_check_until, start };
        Check { outcome: if has_hazard == Some(false) || valid { Pass } else { Unknown }, compared }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.day(r.hazard_check_until);
    }

    pub fn posting_key(ctx: &Context, p: &Posting, key: &mut Key) {
        let has_hazard = p.hazards.as_ref().map(|list| !list.is_empty());
        key.maybe(has_hazard.map(u8::from));
        if has_hazard != Some(false) {
            key.day(Some(ctx.start(p)));
        }
    }
}

/// Public-welfare posts: 16 to 69 completed years on the start date; three years at most unless retirement is less than
/// five years away (domain.md §5). Where the retirement day is not sure, or the months are not recorded: unknown.
pub mod public_welfare {
    use super::*;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let start = ctx.start(p);
        let years = r.birth_date.map(|birth| ages::completed_years(birth, start));
        let compared =
            Compared::PublicWelfare { years, months_used: r.public_welfare_months, retirement: r.retirement };
        if p.channel != Channel::PublicWelfare {
            return Check { outcome: Pass, compared };
        }
        let out_of_age = r.birth_date.map(|birth| !ages::is_public_welfare_age(birth, start));
        let near_retirement = r.retirement.and_then(|range| ages::is_near_retirement(range, start));
        let term_used = match r.public_welfare_months {
            Some(months) if months < ages::PUBLIC_WELFARE_TERM_MONTHS => Some(false),
            Some(_) => near_retirement.map(|near| !near),
            None => {
                if near_retirement == Some(true) {
                    Some(false)
                } else {
                    None
                }
            }
        };
        Check { outcome: worst([out_of_age, term_used]), compared }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.day(r.birth_date);
        key.maybe(r.public_welfare_months);
        key.day(r.retirement.map(|range| range.0));
        key.day(r.retirement.map(|range| range.1));
    }

    pub fn posting_key(ctx: &Context, p: &Posting, key: &mut Key) {
        if p.channel == Channel::PublicWelfare {
            key.day(Some(ctx.start(p)));
        }
    }
}

/// A licence the post needs is absent, or expired on the start date.
pub mod certificate {
    use super::*;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let start = ctx.start(p);
        let held = |name| r.certificates.iter().filter(move |held| held.name == name);
        let valid = |name| held(name).any(|held| held.valid_until.is_none_or(|last| last >= start));
        let missing = p.certificates.iter().copied().find(|name| !valid(*name));
        let expired_on = missing.and_then(|name| held(name).filter_map(|held| held.valid_until).max());
        fail_if(missing.is_some(), Compared::Certificate { missing, expired_on, start })
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.number(r.certificates.len() as u64);
        for held in &r.certificates {
            key.number(held.name.0);
            key.day(held.valid_until);
        }
    }

    pub fn posting_key(ctx: &Context, p: &Posting, key: &mut Key) {
        if !p.certificates.is_empty() {
            key.list(&p.certificates, |name| u64::from(name.0));
            key.day(Some(ctx.start(p)));
        }
    }
}
