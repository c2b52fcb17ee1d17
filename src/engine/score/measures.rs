//! The measures behind [`super::FACTORS`], one module per row: the measure, and what it reads of the two sides.
//!
//! Every measure is exact integer arithmetic, rounded down, `0..=10000`; `None` where one side does not say.

use super::{FULL, Reads, line, mean};
use crate::domain::ages;
use crate::domain::codes::Importance;
use crate::engine::facts;
use crate::engine::gates::{Context, Key, Keys, way_key};
use crate::engine::input::{AskedSkill, NameId, Posting, Resident, SkillId};

/// Ids that no vocabulary and no snapshot gives out.
const NO_SKILL: SkillId = SkillId(u32::MAX);
const NO_NAME: NameId = NameId(u32::MAX);

/// Must and nice-to-have skills: for each skill asked, the best over the person's skills of similarity × level
/// ([`facts::skill_points`]); then the mean, a must weighing three times a nice-to-have. Unknown where the posting asks no
/// skill or no skill of the person is recorded.
pub mod skill {
    use super::*;

    pub const READS: Reads = Reads::Skills;

    /// Weight of one skill asked.
    #[must_use]
    pub const fn weight(importance: Importance) -> u32 {
        match importance {
            Importance::Must => 3,
            Importance::Nice => 1,
        }
    }

    pub fn measure(ctx: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        if r.skills.is_empty() || p.skills.is_empty() {
            return None;
        }
        let best = |asked: &AskedSkill| facts::best_skill_points(ctx.skills, r, (asked.skill, asked.level));
        let total: u32 = p.skills.iter().map(|asked| weight(asked.importance) * u32::from(best(asked))).sum();
        let weights: u32 = p.skills.iter().map(|asked| weight(asked.importance)).sum();
        Some((total / weights) as u16)
    }
}

/// Months in the posting's occupation or a near one against the months asked: the best over the person's occupations of
/// months × similarity (from `experience::NEAR` points), full at what is asked. Unknown where the posting states no
/// occupation or no months, or no experience of the person is recorded; full where the posting asks 0 months.
pub mod experience {
    use super::*;

    pub const READS: Reads = Reads::Tokens {
        presence: |r| u8::from(!r.experience.is_empty()),
        nobody: |presence| Resident { experience: vec![(NO_SKILL, 0); usize::from(presence)], ..Resident::default() },
        resident_tokens: |r, tokens| tokens.extend(r.experience.iter().map(|(held, _)| u64::from(held.0))),
        posting_tokens: |ctx, p, tokens| {
            let near =
                |asked| (0..ctx.skills.len() as u32).filter(move |s| ctx.skills.points(SkillId(*s), asked) >= NEAR);
            tokens.extend(p.occupation.into_iter().flat_map(near).map(u64::from));
        },
        posting_key,
    };

    /// Similarity from which another occupation counts as near.
    pub const NEAR: u16 = 5_000;

    /// The months that count: best of months × similarity, rounded down. `None` where one side does not say.
    #[must_use]
    pub fn counted_months(ctx: &Context, r: &Resident, p: &Posting) -> Option<u32> {
        let occupation = p.occupation.filter(|_| !r.experience.is_empty())?;
        let counted = r.experience.iter().filter_map(|(held, months)| {
            let points = ctx.skills.points(*held, occupation);
            (points >= NEAR).then_some(u32::from(*months) * u32::from(points) / u32::from(FULL))
        });
        Some(counted.max().unwrap_or(0))
    }

    pub fn measure(ctx: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        match p.experience_months? {
            0 => Some(FULL),
            asked => counted_months(ctx, r, p).map(|months| line(months, (0, 0), (u32::from(asked), FULL))),
        }
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        if let Some(months) = p.experience_months {
            key.number(months);
            key.maybe(p.occupation.map(|occupation| occupation.0));
        }
    }
}

/// The parts of the factor `schedule`, for the explanation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScheduleParts {
    /// Shortest time in minutes between the post's hours and hours that are taken, less the way where it is known; below 0
    /// the way is longer than the time there is.
    pub spare_minutes: Option<i32>,
    /// Whether the post's shift is one that was wished for.
    pub shift_wished: Option<bool>,
    /// Weekdays without work.
    pub rest_days: Option<u8>,
}

/// What the factor `schedule` is made of.
#[must_use]
pub fn schedule_parts(r: &Resident, p: &Posting) -> ScheduleParts {
    let taken = r.care_hours.union(&r.unavailable_hours);
    let gap = p.hours.and_then(|hours| facts::gap_minutes(&hours, &taken));
    let way = facts::way_minutes(r, p).unwrap_or(0);
    ScheduleParts {
        spare_minutes: gap.map(|minutes| i32::from(minutes) - i32::from(way)),
        shift_wished: p.shift.filter(|_| !r.wished_shifts.is_empty()).map(|shift| r.wished_shifts.contains(&shift)),
        rest_days: p.hours.map(|hours| facts::rest_days(&hours)),
    }
}

/// How the post's hours fit: slack to the hours that are taken (weight 2; full from an hour, nothing at none; the way to work
/// is taken off), shift wished for (weight 2, all or nothing), days without work (weight 1; 2 or more full, 1 six tenths). The mean
/// of what is known.
pub mod schedule {
    use super::*;

    pub const READS: Reads = Reads::Keys(Keys { resident: resident_key, posting: posting_key });

    /// Spare minutes that are as good as any more.
    const AMPLE_MINUTES: u32 = 60;

    pub fn measure(_: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        let parts = schedule_parts(r, p);
        let slack = parts.spare_minutes.map(|m| line(u32::try_from(m).unwrap_or(0), (0, 0), (AMPLE_MINUTES, FULL)));
        let shift = parts.shift_wished.map(|wished| if wished { FULL } else { 0 });
        let rest = parts.rest_days.map(|days| match days {
            0 => 0,
            1 => 6_000,
            _ => FULL,
        });
        mean([(2, slack), (2, shift), (1, rest)])
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        let taken = r.care_hours.union(&r.unavailable_hours);
        key.hours(&taken);
        key.maybe(r.minutes_to_park.filter(|_| !taken.is_empty()));
        key.list(&r.wished_shifts, |shift| *shift as u64);
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.shift.map(|shift| shift as u8));
        if let Some(hours) = &p.hours {
            key.hours(hours);
            way_key(p, key);
        }
    }
}

/// Where the expected pay falls in the offered range: full up to its lower end, half at its upper end, nothing from a
/// fifth above it; straight lines between. One bound alone is both. Unknown where no pay is expected or offered.
pub mod pay {
    use super::*;

    pub const READS: Reads = Reads::Keys(Keys { resident: resident_key, posting: posting_key });

    const HALF: u16 = FULL / 2;

    pub fn measure(_: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        let expected = r.expected_pay?;
        let lower = p.pay_min.or(p.pay_max)?;
        let upper = p.pay_max.unwrap_or(lower).max(lower);
        Some(if expected <= lower {
            FULL
        } else if expected <= upper {
            line(expected, (lower, FULL), (upper, HALF))
        } else {
            let too_much = upper.saturating_add((upper / 5).max(1));
            line(expected, (upper, HALF), (too_much, 0))
        })
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.expected_pay);
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.pay_min);
        key.maybe(p.pay_max);
    }
}

/// Daily way: full up to 10 minutes, nothing from 90, a straight line between (the person's own limit is a gate; one scale for
/// all keeps scores comparable). Where the person would live there: the province wished for, all or nothing. Unknown
/// where the minutes, the wish or the province are not recorded.
pub mod distance {
    use super::*;

    pub const READS: Reads = Reads::Keys(Keys { resident: resident_key, posting: posting_key });

    const NEAR_MINUTES: u32 = 10;
    const FAR_MINUTES: u32 = 90;

    pub fn measure(_: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        if let Some(minutes) = facts::way_minutes(r, p) {
            return Some(line(u32::from(minutes), (NEAR_MINUTES, FULL), (FAR_MINUTES, 0)));
        }
        let province = p.province.filter(|_| facts::lives_away(p) && !r.wished_provinces.is_empty())?;
        Some(if r.wished_provinces.contains(&province) { FULL } else { 0 })
    }

    pub fn resident_key(_: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.minutes_to_park);
        key.list(&r.wished_provinces, |name| u64::from(name.0));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        way_key(p, key);
        key.maybe(p.province.filter(|_| facts::lives_away(p)).map(|name| name.0));
    }
}

/// The parts of the factor `preference`, for the explanation: points, or `None` where nothing was wished or the posting does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preference {
    pub occupation: Option<u16>,
    pub industry: Option<bool>,
    pub employer: Option<bool>,
}

/// What the factor `preference` is made of.
#[must_use]
pub fn preference_parts(ctx: &Context, r: &Resident, p: &Posting) -> Preference {
    let wished = &r.wished_occupations;
    let nearest = |asked| wished.iter().map(|wish| ctx.skills.points(*wish, asked)).max();
    let among = |list: &[_], name| (!list.is_empty()).then(|| list.contains(&name));
    Preference {
        occupation: p.occupation.and_then(nearest),
        industry: p.industry.and_then(|industry| among(&r.wished_industries, industry)),
        employer: among(&r.wished_employers, p.employer),
    }
}

/// Occupation (weight 3, points of the nearest one wished for), industry and employer (weight 1 each, all or nothing): the
/// mean of what is known.
pub mod preference {
    use super::*;

    /// Tokens of names; those of skills are below.
    const INDUSTRY: u64 = 1 << 32;
    const EMPLOYER: u64 = 2 << 32;

    pub const READS: Reads = Reads::Tokens {
        presence: |r| {
            let filled =
                [!r.wished_occupations.is_empty(), !r.wished_industries.is_empty(), !r.wished_employers.is_empty()];
            filled.iter().enumerate().map(|(bit, is_filled)| u8::from(*is_filled) << bit).sum()
        },
        nobody: |presence| Resident {
            wished_occupations: vec![NO_SKILL; usize::from(presence & 1)],
            wished_industries: vec![NO_NAME; usize::from(presence >> 1 & 1)],
            wished_employers: vec![NO_NAME; usize::from(presence >> 2 & 1)],
            ..Resident::default()
        },
        resident_tokens: |r, tokens| {
            tokens.extend(r.wished_occupations.iter().map(|skill| u64::from(skill.0)));
            tokens.extend(r.wished_industries.iter().map(|name| INDUSTRY | u64::from(name.0)));
            tokens.extend(r.wished_employers.iter().map(|name| EMPLOYER | u64::from(name.0)));
        },
        posting_tokens: |ctx, p, tokens| {
            let alike = |asked| (0..ctx.skills.len() as u32).filter(move |s| ctx.skills.points(SkillId(*s), asked) > 0);
            tokens.extend(p.occupation.into_iter().flat_map(alike).map(u64::from));
            tokens.extend(p.industry.map(|name| INDUSTRY | u64::from(name.0)));
            tokens.push(EMPLOYER | u64::from(p.employer.0));
        },
        posting_key,
    };

    pub fn measure(ctx: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        let parts = preference_parts(ctx, r, p);
        let all_or_nothing = |hit: Option<bool>| hit.map(|hit| if hit { FULL } else { 0 });
        mean([(3, parts.occupation), (1, all_or_nothing(parts.industry)), (1, all_or_nothing(parts.employer))])
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.occupation.map(|skill| skill.0));
        key.maybe(p.industry.map(|name| name.0));
        key.number(p.employer.0);
    }
}

/// Distance between demand and capacity: grade (a grade or more in hand full, at the limit six tenths), load (full up to half
/// the limit, half at the limit), soft age range (full inside, a fifth less per year
/// outside, by age today); the mean of what is known.
pub mod comfort {
    use super::*;

    pub const READS: Reads = Reads::Keys(Keys { resident: resident_key, posting: posting_key });

    const POINTS_PER_YEAR: u16 = 2_000;

    fn age(ctx: &Context, r: &Resident) -> Option<u8> {
        r.birth_date.map(|birth| ages::completed_years(birth, ctx.as_of).clamp(0, 255) as u8)
    }

    fn soft_age(ctx: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        let range = p.age.filter(|range| range.soft && (range.min.is_some() || range.max.is_some()))?;
        let years = i32::from(age(ctx, r)?);
        let below = range.min.map_or(0, |min| i32::from(min) - years);
        let above = range.max.map_or(0, |max| years - i32::from(max));
        let outside = u16::try_from(below.max(above).max(0)).unwrap_or(u16::MAX);
        Some(FULL.saturating_sub(outside.saturating_mul(POINTS_PER_YEAR)))
    }

    pub fn measure(ctx: &Context, r: &Resident, p: &Posting) -> Option<u16> {
        let both = |limit: Option<u16>, asked: Option<u16>| limit.zip(asked);
        let grade = both(r.max_physical_grade.map(u16::from), p.physical_grade.map(u16::from));
        let grade = grade.map(|(limit, asked)| match limit.cmp(&asked) {
            std::cmp::Ordering::Greater => FULL,
            std::cmp::Ordering::Equal => 6_000,
            std::cmp::Ordering::Less => 0,
        });
        let load = both(r.max_load_kg, p.load_kg).map(|(limit, asked)| match (u32::from(limit), u32::from(asked)) {
            (_, 0) => FULL,
            (limit, asked) if asked > limit => 0,
            (limit, asked) => line(2 * asked, (limit, FULL), (2 * limit, FULL / 2)),
        });
        mean([(1, grade), (1, load), (1, soft_age(ctx, r, p))])
    }

    pub fn resident_key(ctx: &Context, r: &Resident, key: &mut Key) {
        key.maybe(r.max_physical_grade);
        key.maybe(r.max_load_kg);
        // Years and not the birth day: far fewer kinds of people, and a factor needs no more.
        key.maybe(age(ctx, r));
    }

    pub fn posting_key(_: &Context, p: &Posting, key: &mut Key) {
        key.maybe(p.physical_grade);
        key.maybe(p.load_kg);
        if let Some(range) = p.age.filter(|range| range.soft) {
            key.maybe(range.min);
            key.maybe(range.max);
        }
    }
}
