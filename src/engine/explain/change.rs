//! The one change that would help a pair most, found by making each candidate change and scoring again.
//!
//! Only changes that a person, a household or an employer can lawfully make: nothing here touches a gate of law, a condition the
//! person ruled out, or a recorded capacity. Cost: one scoring per candidate, about a dozen.

use crate::domain::codes::{Channel, Region, Shift};
use crate::domain::week::WeekHours;
use crate::engine::facts;
use crate::engine::gates::{self, Context};
use crate::engine::input::{AgeRange, HeldCertificate, HeldSkill, NameId, Posting, Resident, SkillId};
use crate::engine::score;

/// A change to the person, the household or the posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Reach the level asked, by training or practice.
    LearnSkill {
        skill: SkillId,
        from: Option<u8>,
        to: u8,
    },
    GetCertificate(NameId),
    /// Accept a lower firm floor, yuan a month.
    LowerPayFloor {
        from: u32,
        to: u32,
    },
    /// Expect less, yuan a month.
    ExpectLess {
        from: u32,
        to: u32,
    },
    /// Be free in these hours.
    FreeHours(WeekHours),
    /// Somebody else cares in these hours.
    ShareCare(WeekHours),
    AcceptChannel(Channel),
    AcceptRegion(Region),
    AcceptShift(Shift),
    /// Accept a longer way, minutes one way.
    TravelFarther {
        from: u16,
        to: u16,
    },
    /// Reach the months asked.
    GainExperience {
        occupation: SkillId,
        from: u32,
        to: u16,
    },
    /// The employer trains people who lack a must skill.
    EmployerTrains,
    /// The employer takes this age too.
    EmployerWidensAge {
        years: u8,
    },
}

/// What a change would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Improvement {
    pub change: Change,
    /// The score after it.
    pub score: u16,
    /// Whether it opens a pair that is barred today.
    pub opens: bool,
}

/// The best single change: one that opens a barred pair with the highest score, or adds most points to an open one. Of equal
/// ones the first in the order of [`Change`]. `None` if no single change helps.
pub(super) fn best(ctx: &Context, r: &Resident, p: &Posting) -> Option<Improvement> {
    let was_open = gates::is_eligible(ctx, r, p);
    let now = score::combine(ctx.policy, &score::measure_all(ctx, r, p));
    let mut best: Option<Improvement> = None;
    for change in candidates(ctx, r, p) {
        let (changed_r, changed_p) = apply(change, r, p);
        if !gates::is_eligible(ctx, &changed_r, &changed_p) {
            continue;
        }
        let score = score::combine(ctx.policy, &score::measure_all(ctx, &changed_r, &changed_p));
        let helps = !was_open || score > now;
        if helps && best.is_none_or(|best| score > best.score) {
            best = Some(Improvement { change, score, opens: !was_open });
        }
    }
    best
}

fn candidates(ctx: &Context, r: &Resident, p: &Posting) -> Vec<Change> {
    let mut all = Vec::new();
    for asked in &p.skills {
        if facts::best_skill_points(ctx.skills, r, (asked.skill, asked.level)) < score::FULL {
            let from = r.skills.iter().filter(|held| held.skill == asked.skill).map(|held| held.level).max();
            all.push(Change::LearnSkill { skill: asked.skill, from, to: asked.level });
        }
    }
    all.extend(p.certificates.iter().map(|name| Change::GetCertificate(*name)));
    if let Some((from, to)) = r.pay_floor.zip(p.pay_max).filter(|(floor, upper)| upper < floor) {
        all.push(Change::LowerPayFloor { from, to });
    }
    if let Some((from, to)) = r.expected_pay.zip(p.pay_min.or(p.pay_max)).filter(|(expected, lower)| lower < expected) {
        all.push(Change::ExpectLess { from, to });
    }
    if let Some(hours) = &p.hours {
        // As the gates compare them: care hours with the way around the work.
        let on_the_way = hours.widened(facts::way_minutes(r, p).unwrap_or(0));
        let (taken, care) = (r.unavailable_hours.intersection(hours), r.care_hours.intersection(&on_the_way));
        all.extend((!taken.is_empty()).then_some(Change::FreeHours(taken)));
        all.extend((!care.is_empty()).then_some(Change::ShareCare(care)));
    }
    if !r.channels_accepted.is_empty() && !r.channels_accepted.contains(&p.channel) {
        all.push(Change::AcceptChannel(p.channel));
    }
    if let Some(region) =
        facts::region(p).filter(|region| !r.regions_accepted.is_empty() && !r.regions_accepted.contains(region))
    {
        all.push(Change::AcceptRegion(region));
    }
    if let Some(shift) = p.shift.filter(|shift| !r.wished_shifts.is_empty() && !r.wished_shifts.contains(shift)) {
        all.push(Change::AcceptShift(shift));
    }
    if let Some((from, to)) = r.max_minutes.zip(facts::way_minutes(r, p)).filter(|(limit, way)| way > limit) {
        all.push(Change::TravelFarther { from, to });
    }
    if let (Some(occupation), Some(to), Some(from)) =
        (p.occupation, p.experience_months, score::counted_months(ctx, r, p))
        && from < u32::from(to)
    {
        all.push(Change::GainExperience { occupation, from, to });
    }
    if p.training_days.unwrap_or(0) == 0 && !p.skills.is_empty() {
        all.push(Change::EmployerTrains);
    }
    if let Some(birth) = r.birth_date.filter(|_| p.age.is_some()) {
        let years = crate::domain::ages::completed_years(birth, ctx.start(p));
        all.extend(u8::try_from(years).ok().map(|years| Change::EmployerWidensAge { years }));
    }
    all
}

fn apply(change: Change, r: &Resident, p: &Posting) -> (Resident, Posting) {
    let (mut r, mut p) = (r.clone(), p.clone());
    match change {
        Change::LearnSkill { skill, to, .. } => r.skills.push(HeldSkill { skill, level: to, months: None }),
        Change::GetCertificate(name) => r.certificates.push(HeldCertificate { name, valid_until: None }),
        Change::LowerPayFloor { to, .. } => r.pay_floor = Some(to),
        Change::ExpectLess { to, .. } => r.expected_pay = Some(to),
        Change::FreeHours(hours) => r.unavailable_hours = r.unavailable_hours.without(&hours),
        Change::ShareCare(hours) => r.care_hours = r.care_hours.without(&hours),
        Change::AcceptChannel(channel) => r.channels_accepted.push(channel),
        Change::AcceptRegion(region) => r.regions_accepted.push(region),
        Change::AcceptShift(shift) => r.wished_shifts.push(shift),
        Change::TravelFarther { to, .. } => r.max_minutes = Some(to),
        Change::GainExperience { occupation, to, .. } => r.experience.push((occupation, to)),
        Change::EmployerTrains => p.training_days = Some(1),
        Change::EmployerWidensAge { years } => {
            p.age = p.age.map(|range| AgeRange {
                min: range.min.map(|min| min.min(years)),
                max: range.max.map(|max| max.max(years)),
                ..range
            });
        }
    }
    (r, p)
}
