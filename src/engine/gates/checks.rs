//! The checks behind [`super::GATES`], one module per row: the check, and what it reads of the resident and of the posting.

mod law;
mod work;

use super::{Check, Compared, Context, Key, Outcome};
use crate::domain::ages;
use crate::engine::facts;
use crate::engine::input::{Posting, Resident, Unavailable, Workplace};

pub use law::{age_legal, certificate, hazard_check, law_sex, public_welfare};
pub use work::{capacity, care_duty, ruled_out, schedule};

use Outcome::{Fail, Pass, Unknown};

fn fail_if(failed: bool, compared: Compared) -> Check {
    Check { outcome: if failed { Fail } else { Pass }, compared }
}

/// `Some(true)` = the bad thing is so, `None` = nobody knows: the worst of several such answers.
fn worst(answers: impl IntoIterator<Item = Option<bool>>) -> Outcome {
    answers.into_iter().fold(Pass, |worst, answer| match (worst, answer) {
        (Fail, _) | (_, Some(true)) => Fail,
        (_, None) => Unknown,
        (so_far, Some(false)) => so_far,
    })
}

/// For gates that look at one side only.
mod nothing {
    use super::{Context, Key, Posting, Resident};

    pub fn resident_key(_: &Context, _: &Resident, _: &mut Key) {}
    pub fn posting_key(_: &Context, _: &Posting, _: &mut Key) {}
}

/// Outside the posting's dates, or no place left.
pub mod posting_open {
    use super::*;
    pub use nothing::resident_key;

    pub fn check(ctx: &Context, _: &Resident, p: &Posting) -> Check {
        let closed = ctx.as_of < p.valid_from || p.valid_until.is_some_and(|last| last < ctx.as_of);
        let compared = Compared::PostingOpen {
            today: ctx.as_of,
            from: p.valid_from,
            until: p.valid_until,
            n_vacancies: p.n_vacancies,
        };
        fail_if(closed || p.n_vacancies == 0, compared)
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.number(p.n_vacancies.min(1));
        key.day(Some(p.valid_from));
        key.day(p.valid_until);
    }
}

/// In school, away, deceased, restricted, or in a job without looking for another.
pub mod resident_available {
    use super::*;
    pub use nothing::posting_key;

    pub fn check(_: &Context, r: &Resident, _: &Posting) -> Check {
        fail_if(r.unavailable.is_some(), Compared::Available(r.unavailable))
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.unavailable.map(|why| match why {
            Unavailable::InSchool => 0u8,
            Unavailable::Deceased => 1,
            Unavailable::Restricted => 2,
            Unavailable::Employed => 3,
            Unavailable::Away(absence) => 4 + absence as u8,
        }));
    }
}

/// Outside the posting's hard age range on the start date.
pub mod age_posting {
    use super::*;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let years = r.birth_date.map(|birth| ages::completed_years(birth, ctx.start(p)));
        let range = p.age.filter(|range| !range.soft);
        let compared = Compared::Age {
            years,
            min: p.age.and_then(|range| range.min),
            max: p.age.and_then(|range| range.max),
            soft: p.age.is_some_and(|range| range.soft),
        };
        let outcome = match (range, years) {
            (None, _) => Pass,
            (Some(range), _) if range.min.is_none() && range.max.is_none() => Pass,
            (Some(_), None) => Unknown,
            (Some(range), Some(years)) => {
                let young = range.min.is_some_and(|min| years < i32::from(min));
                let old = range.max.is_some_and(|max| years > i32::from(max));
                if young || old { Fail } else { Pass }
            }
        };
        Check { outcome, compared }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.day(r.birth_date);
    }

    pub fn posting_key(ctx: &Context, p: &Posting, key: &mut Key) {
        if let Some(range) = p.age.filter(|range| !range.soft) {
            key.maybe(range.min);
            key.maybe(range.max);
            key.day(Some(ctx.start(p)));
        }
    }
}

/// Recorded as not wanting work; nothing recorded is unknown.
pub mod willing {
    use super::*;
    pub use nothing::posting_key;

    pub fn check(_: &Context, r: &Resident, _: &Posting) -> Check {
        Check { outcome: worst([r.willing.map(|willing| !willing)]), compared: Compared::Willing(r.willing) }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.willing.map(u8::from));
    }
}

/// A channel or region the person does not accept.
pub mod channel {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let channel_ok = r.channels_accepted.is_empty() || r.channels_accepted.contains(&p.channel);
        let region = facts::region(p);
        let region_ok = if r.regions_accepted.is_empty() {
            Some(true)
        } else {
            region.map(|region| r.regions_accepted.contains(&region))
        };
        let compared = Compared::Accepts { channel: p.channel, channel_ok, region, region_ok };
        Check { outcome: worst([Some(!channel_ok), region_ok.map(|ok| !ok)]), compared }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.number(r.channels_accepted.iter().fold(0u32, |set, channel| set | 1 << (*channel as u32)));
        key.number(r.regions_accepted.iter().fold(0u32, |set, region| set | 1 << (*region as u32)));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.number(p.channel as u8);
        key.maybe(facts::region(p).map(|region| region as u8));
    }
}

/// Farther than the person's limit, one way a day. Posts where the person would live have no daily way.
pub mod distance {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let way = facts::way_minutes(r, p);
        let outcome = match (r.max_minutes, way) {
            (None, _) => Pass,
            (Some(limit), Some(way)) => {
                if way > limit {
                    Fail
                } else {
                    Pass
                }
            }
            (Some(_), None) => {
                if facts::lives_away(p) {
                    Pass
                } else {
                    Unknown
                }
            }
        };
        Check { outcome, compared: Compared::Minutes { way, limit: r.max_minutes } }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.max_minutes);
        if r.max_minutes.is_some() {
            key.maybe(r.minutes_to_park);
        }
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        way_key(p, key);
    }
}

/// What [`facts::way_minutes`] reads of a posting.
pub fn way_key(p: &Posting, key: &mut Key) {
    key.number(u8::from(facts::lives_away(p)));
    match p.workplace {
        Workplace::Park => key.number(0u8),
        Workplace::Home => key.number(1u8),
        Workplace::Elsewhere(minutes) => {
            key.number(2u8);
            key.maybe(minutes);
        }
    }
}

/// A must skill is missing or below its level and the employer gives no training. A person without any recorded skill is
/// unknown: an empty cell of a ledger is not a statement.
pub mod skill_required {
    use super::*;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let missing = p.skills.iter().copied().find(|asked| {
            facts::is_must(asked) && facts::best_skill_points(ctx.skills, r, (asked.skill, asked.level)) < facts::MET
        });
        let training_days = p.training_days.unwrap_or(0);
        let resident_known = !r.skills.is_empty();
        let outcome = match missing {
            Some(_) if training_days == 0 => {
                if resident_known {
                    Fail
                } else {
                    Unknown
                }
            }
            _ => Pass,
        };
        Check { outcome, compared: Compared::Skill { missing, training_days, resident_known } }
    }
}

/// The posting's upper pay is below the person's firm floor. Only a lower bound given: it may be enough, else unknown.
pub mod pay_floor {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let outcome = match (r.pay_floor, p.pay_max, p.pay_min) {
            (None, _, _) => Pass,
            (Some(floor), Some(upper), _) => {
                if upper < floor {
                    Fail
                } else {
                    Pass
                }
            }
            (Some(floor), None, Some(lower)) if lower >= floor => Pass,
            (Some(_), None, _) => Unknown,
        };
        Check { outcome, compared: Compared::PayFloor { floor: r.pay_floor, upper: p.pay_max } }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.pay_floor);
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.pay_max);
        key.maybe(p.pay_min.filter(|_| p.pay_max.is_none()));
    }
}

/// The person declined this posting, or its employer the person, less than the policy's number of days ago.
pub mod declined {
    use super::*;
    use chrono::Days;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let on = r.declined.iter().filter(|(id, _)| *id == p.id).map(|(_, day)| *day).max();
        let again_from = on.and_then(|day| day.checked_add_days(Days::new(u64::from(ctx.policy.decline_days()))));
        fail_if(again_from.is_some_and(|day| ctx.as_of < day), Compared::Declined { on, again_from })
    }
}
