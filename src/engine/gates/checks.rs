//! The checks behind [`super::GATES`], one module per row: the check, and what it reads of the resident and of the posting.

use super::{Check, Compared, Context, Key, MinorLimits, Outcome};
use crate::domain::ages;
use crate::domain::codes::{Channel, RuledOut};
use crate::domain::week::WeekHours;
use crate::engine::facts;
use crate::engine::input::{Posting, Resident, Unavailable, Workplace};

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

/// In school, away, deceased, no member, restricted, consent withdrawn, or in a job without looking for another.
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
            Unavailable::NotAMember => 2,
            Unavailable::Restricted => 3,
            Unavailable::ConsentWithdrawn => 4,
            Unavailable::Employed => 5,
            Unavailable::Away(absence) => 6 + absence as u8,
        }));
    }
}

/// Not yet 16 (law.md R24) today or on the start date; 16 or 17 on the start date and the post has, or does not exclude,
/// what minors may not do.
pub mod age_legal {
    use super::*;

    fn limits(p: &Posting) -> MinorLimits {
        let night = if facts::night_work(p) == Some(true) { Some(true) } else { p.night_work };
        let heavy_load = p.load_kg.map(|kg| kg > 25 || (kg > 20 && p.lifts_per_hour.is_none_or(|n| n >= 6)));
        let heavy_work = match (p.physical_grade.map(|grade| grade >= 4), heavy_load) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        };
        MinorLimits {
            hazard: p.hazards.as_ref().map(|list| !list.is_empty()),
            night,
            overtime: p.overtime,
            forced_posture: p.forced_posture,
            heavy_work,
        }
    }

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let start = ctx.start(p);
        let Some(birth) = r.birth_date else {
            return Check { outcome: Unknown, compared: Compared::LegalAge { turns_16_on: None, start, minor: None } };
        };
        let minor = ages::is_minor(birth, start).then(|| limits(p));
        let barred = minor.is_some_and(|m| {
            [m.hazard, m.night, m.overtime, m.forced_posture, m.heavy_work]
                .iter()
                .any(|is_asked| *is_asked != Some(false))
        });
        let under_16 = !ages::is_of_working_age(birth, ctx.as_of) || !ages::is_of_working_age(birth, start);
        fail_if(under_16 || barred, Compared::LegalAge { turns_16_on: Some(ages::turns_16_on(birth)), start, minor })
    }

    /// Everybody who is an adult today is the same to this gate.
    pub fn resident_key(ctx: &Context, r: &Resident, key: &mut Key) {
        let minor = r.birth_date.filter(|birth| ages::is_minor(*birth, ctx.as_of));
        key.number(u8::from(r.birth_date.is_some()));
        key.day(minor);
    }

    pub fn posting_key(ctx: &Context, p: &Posting, key: &mut Key) {
        let m = limits(p);
        let any = [m.hazard, m.night, m.overtime, m.forced_posture, m.heavy_work]
            .iter()
            .any(|is_asked| *is_asked != Some(false));
        key.number(u8::from(any));
        key.day(Some(ctx.start(p)));
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

/// Capacity lost or none; or grade, load or posture of the post above what is recorded. A demand on a person whose limit
/// nobody recorded, and a limit where the posting is silent, are unknown; the lightest demand suits everybody.
pub mod capacity {
    use super::*;

    /// Heaviest grade of physical labour: somebody who can take it on can take on any.
    const HEAVIEST: u8 = 4;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let grade = match (r.max_physical_grade, p.physical_grade) {
            (Some(limit), Some(asked)) => Some(asked > limit),
            (None, Some(asked)) => {
                if asked <= 1 {
                    Some(false)
                } else {
                    None
                }
            }
            (Some(limit), None) => {
                if limit >= HEAVIEST {
                    Some(false)
                } else {
                    None
                }
            }
            (None, None) => Some(false),
        };
        let load = match (r.max_load_kg, p.load_kg) {
            (Some(limit), Some(asked)) => Some(asked > limit),
            (None, Some(0)) | (None, None) => Some(false),
            (None, Some(_)) | (Some(_), None) => None,
        };
        let posture = match (r.no_forced_posture, p.forced_posture) {
            (Some(cannot), Some(asked)) => Some(cannot && asked),
            (Some(true), None) | (None, Some(true)) => None,
            (Some(false), None) | (None, Some(false) | None) => Some(false),
        };
        let compared = Compared::Capacity {
            none_left: r.no_capacity,
            grade: (r.max_physical_grade, p.physical_grade),
            load_kg: (r.max_load_kg, p.load_kg),
            posture: (r.no_forced_posture, p.forced_posture),
        };
        Check { outcome: worst([Some(r.no_capacity), grade, load, posture]), compared }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.number(u8::from(r.no_capacity));
        key.maybe(r.max_physical_grade);
        key.maybe(r.max_load_kg);
        key.maybe(r.no_forced_posture.map(u8::from));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.physical_grade);
        key.maybe(p.load_kg);
        key.maybe(p.forced_posture.map(u8::from));
    }
}

fn hours_gate(wanted: &WeekHours, p: &Posting) -> Check {
    let overlap = p.hours.map_or(WeekHours::EMPTY, |hours| hours.intersection(wanted));
    let compared = Compared::Hours { overlap, posting_hours_known: p.hours.is_some() };
    let outcome = match p.hours {
        _ if wanted.is_empty() => Pass,
        None => Unknown,
        Some(_) => {
            if overlap.is_empty() {
                Pass
            } else {
                Fail
            }
        }
    };
    Check { outcome, compared }
}

fn hours_key(p: &Posting, key: &mut Key) {
    if let Some(hours) = &p.hours {
        key.hours(hours);
    }
}

/// The post's hours overlap hours the person cannot work.
pub mod schedule {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        hours_gate(&r.unavailable_hours, p)
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.hours(&r.unavailable_hours);
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        hours_key(p, key);
    }
}

/// The post's hours overlap hours in which this person is the carer.
pub mod care_duty {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        hours_gate(&r.care_hours, p)
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.hours(&r.care_hours);
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        hours_key(p, key);
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

/// Night work, overtime or chemicals the person ruled out.
pub mod ruled_out {
    use super::*;

    pub fn check(_: &Context, r: &Resident, p: &Posting) -> Check {
        let asked = |condition, has: Option<bool>| r.ruled_out.contains(&condition).then_some(has);
        let night = asked(RuledOut::Night, facts::night_work(p));
        let overtime = asked(RuledOut::Overtime, p.overtime);
        let chemicals = asked(RuledOut::Chemicals, facts::chemicals(p));
        let outcome = worst([night, overtime, chemicals].map(|has| has.unwrap_or(Some(false))));
        Check { outcome, compared: Compared::RuledOut { night, overtime, chemicals } }
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        for condition in RuledOut::ALL {
            key.number(u8::from(r.ruled_out.contains(condition)));
        }
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        for has in [facts::night_work(p), p.overtime, facts::chemicals(p)] {
            key.maybe(has.map(u8::from));
        }
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

    const TERM_MONTHS: u16 = 36;
    const NEAR_RETIREMENT_MONTHS: u32 = 60;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let start = ctx.start(p);
        let years = r.birth_date.map(|birth| ages::completed_years(birth, start));
        let compared =
            Compared::PublicWelfare { years, months_used: r.public_welfare_months, retirement: r.retirement };
        if p.channel != Channel::PublicWelfare {
            return Check { outcome: Pass, compared };
        }
        let out_of_age = r.birth_date.map(|birth| !ages::is_public_welfare_age(birth, start));
        let soon = ages::months_later(start, NEAR_RETIREMENT_MONTHS);
        let is_near = |retirement| retirement < soon;
        let near_retirement = r.retirement.and_then(|(first, last)| match (is_near(first), is_near(last)) {
            (true, true) => Some(true),
            (false, false) => Some(false),
            _ => None,
        });
        let term_used = match r.public_welfare_months {
            Some(months) if months < TERM_MONTHS => Some(false),
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

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.list(&r.skills, |held| u64::from(held.skill.0) << 8 | u64::from(held.level));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        if p.training_days.unwrap_or(0) == 0 {
            let musts: Vec<_> = p.skills.iter().filter(|asked| facts::is_must(asked)).collect();
            key.list(&musts, |asked| u64::from(asked.skill.0) << 8 | u64::from(asked.level));
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

/// The person declined this posting less than the policy's number of days ago.
pub mod declined {
    use super::*;
    use chrono::Days;

    pub fn check(ctx: &Context, r: &Resident, p: &Posting) -> Check {
        let on = r.declined.iter().filter(|(id, _)| *id == p.id).map(|(_, day)| *day).max();
        let again_from = on.and_then(|day| day.checked_add_days(Days::new(u64::from(ctx.policy.decline_days()))));
        fail_if(again_from.is_some_and(|day| ctx.as_of < day), Compared::Declined { on, again_from })
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.number(r.declined.len() as u64);
        for (id, day) in &r.declined {
            key.number(id.cast_unsigned());
            key.day(Some(*day));
        }
    }

    /// The posting itself: see `Snapshot`, which evaluates this gate for the declined postings only.
    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.number(p.id.cast_unsigned());
    }
}
