//! The scoring rules once more, the slow way: written from the design, straight down the page, without columns, keys,
//! packed sums or anything of the engine but its input types, skill table and the age rules of `domain`.

use chrono::{Months, NaiveDate};
use wangjia::domain::ages::{completed_years, is_minor, turns_16_on};
use wangjia::domain::codes::{Channel, Hazard, Importance, Region, RuledOut, Shift};
use wangjia::domain::week::{SLOTS, WeekHours};
use wangjia::domain::work_limits::{WorkFacts, minor_prohibition};
use wangjia::engine::gates::Gate;
use wangjia::engine::input::{Posting, Resident, SkillId, Workplace};
use wangjia::engine::policy::Policy;
use wangjia::engine::score::Factor;
use wangjia::engine::similarity::SkillTable;

use Answer::{Barred, Passes, Unknown};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Passes,
    Barred,
    Unknown,
}

pub struct Reference<'a> {
    pub as_of: NaiveDate,
    pub skills: &'a SkillTable,
    pub decline_days: i64,
}

fn barred_if(barred: bool) -> Answer {
    if barred { Barred } else { Passes }
}

/// Barred before unknown before passes.
fn all(answers: &[Answer]) -> Answer {
    if answers.contains(&Barred) {
        Barred
    } else if answers.contains(&Unknown) {
        Unknown
    } else {
        Passes
    }
}

fn is_night_slot(slot: usize) -> bool {
    !(12..44).contains(&(slot % 48))
}

fn night(p: &Posting) -> Option<bool> {
    let at_night = p.hours.map(|hours| (0..SLOTS).any(|slot| is_night_slot(slot) && hours.contains(slot)));
    if p.night_work == Some(true)
        || at_night == Some(true)
        || p.shift == Some(Shift::Night)
        || p.shift == Some(Shift::ThreeShift)
    {
        return Some(true);
    }
    let said = p.night_work.is_some() || at_night.is_some() || p.shift == Some(Shift::Day);
    if said { Some(false) } else { None }
}

fn lives_there(p: &Posting) -> bool {
    p.channel == Channel::Outbound || p.region == Some(Region::OtherProvince) || p.region == Some(Region::Abroad)
}

fn minutes(r: &Resident, p: &Posting) -> Option<u16> {
    if p.workplace == Workplace::Home {
        return Some(0);
    }
    if lives_there(p) {
        return None;
    }
    match p.workplace {
        Workplace::Park => r.minutes_to_park,
        Workplace::Elsewhere(minutes) => minutes,
        Workplace::Home => Some(0),
    }
}

impl Reference<'_> {
    fn start(&self, p: &Posting) -> NaiveDate {
        match p.start_on {
            Some(day) if day > self.as_of => day,
            _ => self.as_of,
        }
    }

    /// Best points of the person's skills for one skill asked.
    fn skill_points(&self, r: &Resident, skill: SkillId, level: u8) -> u32 {
        let mut best = 0;
        for held in &r.skills {
            let tenths = match i32::from(level) - i32::from(held.level) {
                ..=0 => 10,
                1 => 6,
                2 => 4,
                3 => 2,
                _ => 1,
            };
            best = best.max(u32::from(self.skills.points(held.skill, skill)) * tenths / 10);
        }
        best
    }

    pub fn gate(&self, gate: Gate, r: &Resident, p: &Posting) -> Answer {
        let start = self.start(p);
        match gate {
            Gate::PostingOpen => barred_if(
                self.as_of < p.valid_from || p.valid_until.is_some_and(|last| self.as_of > last) || p.n_vacancies == 0,
            ),
            Gate::ResidentAvailable => barred_if(r.unavailable.is_some()),
            Gate::AgeLegal => {
                let Some(birth) = r.birth_date else { return Unknown };
                if self.as_of < turns_16_on(birth) {
                    return Barred;
                }
                let facts = WorkFacts {
                    underground_mine: p.underground_mine,
                    night_work: if night(p) == Some(true) { Some(true) } else { p.night_work },
                    overtime: p.overtime,
                    hazards: p.hazards.as_deref(),
                    physical_grade: p.physical_grade,
                    load_kg: p.load_kg,
                    lifts_per_hour: p.lifts_per_hour,
                    forced_posture: p.forced_posture,
                };
                let hazard = p.hazards.as_ref().is_none_or(|list| !list.is_empty());
                barred_if(is_minor(birth, start) && (hazard || minor_prohibition(&facts).is_some()))
            }
            Gate::AgePosting => match (p.age, r.birth_date) {
                (Some(range), _) if range.soft || (range.min.is_none() && range.max.is_none()) => Passes,
                (None, _) => Passes,
                (Some(_), None) => Unknown,
                (Some(range), Some(birth)) => {
                    let years = completed_years(birth, start);
                    barred_if(
                        years < range.min.map_or(i32::MIN, i32::from) || years > range.max.map_or(i32::MAX, i32::from),
                    )
                }
            },
            Gate::Capacity => {
                let grade = match (r.max_physical_grade, p.physical_grade) {
                    (Some(limit), Some(asked)) => barred_if(asked > limit),
                    (None, Some(2..)) | (Some(..=3), None) => Unknown,
                    _ => Passes,
                };
                let load = match (r.max_load_kg, p.load_kg) {
                    (Some(limit), Some(asked)) => barred_if(asked > limit),
                    (None, Some(1..)) | (Some(_), None) => Unknown,
                    _ => Passes,
                };
                let posture = match (r.no_forced_posture, p.forced_posture) {
                    (Some(true), Some(true)) => Barred,
                    (Some(true), None) | (None, Some(true)) => Unknown,
                    _ => Passes,
                };
                all(&[barred_if(r.no_capacity), grade, load, posture])
            }
            Gate::Schedule => self.hours(&r.unavailable_hours, p),
            Gate::CareDuty => self.hours_and_way(&r.care_hours, r, p),
            Gate::Willing => match r.willing {
                Some(true) => Passes,
                Some(false) => Barred,
                None => Unknown,
            },
            Gate::RuledOut => {
                let toxic = p.hazards.as_ref().map(|list| list.iter().any(|(kind, _)| *kind == Hazard::Toxic));
                let mut answers = vec![];
                for (condition, has) in
                    [(RuledOut::Night, night(p)), (RuledOut::Overtime, p.overtime), (RuledOut::Chemicals, toxic)]
                {
                    if r.ruled_out.contains(&condition) {
                        answers.push(has.map_or(Unknown, barred_if));
                    }
                }
                all(&answers)
            }
            Gate::LawSex => barred_if(r.restricted_by_law && p.restricted_by_law),
            Gate::HazardCheck => match &p.hazards {
                Some(list) if list.is_empty() => Passes,
                _ if r.hazard_check_until.is_some_and(|last| last >= start) => Passes,
                _ => Unknown,
            },
            Gate::PublicWelfare => {
                if p.channel != Channel::PublicWelfare {
                    return Passes;
                }
                let age = r.birth_date.map_or(Unknown, |birth| {
                    barred_if(start < turns_16_on(birth) || completed_years(birth, start) >= 70)
                });
                let soon = start + Months::new(60);
                let near = r.retirement.map(|(first, last)| (first < soon, last < soon));
                let term = match (r.public_welfare_months, near) {
                    (Some(..36), _) | (_, Some((true, true))) => Passes,
                    (Some(36..), Some((false, false))) => Barred,
                    _ => Unknown,
                };
                all(&[age, term])
            }
            Gate::Channel => {
                let channel = barred_if(!r.channels_accepted.is_empty() && !r.channels_accepted.contains(&p.channel));
                let region = match (p.region, p.workplace) {
                    (None, Workplace::Park | Workplace::Home) => Some(Region::Town),
                    (region, _) => region,
                };
                let region = match region {
                    _ if r.regions_accepted.is_empty() => Passes,
                    None => Unknown,
                    Some(region) => barred_if(!r.regions_accepted.contains(&region)),
                };
                all(&[channel, region])
            }
            Gate::Distance => match (r.max_minutes, minutes(r, p)) {
                (None, _) => Passes,
                (Some(limit), Some(way)) => barred_if(way > limit),
                (Some(_), None) => {
                    if lives_there(p) {
                        Passes
                    } else {
                        Unknown
                    }
                }
            },
            Gate::SkillRequired => {
                let lacking = p.skills.iter().any(|asked| {
                    asked.importance == Importance::Must && self.skill_points(r, asked.skill, asked.level) < 7_000
                });
                if !lacking || p.training_days.is_some_and(|days| days > 0) {
                    Passes
                } else if r.skills.is_empty() {
                    Unknown
                } else {
                    Barred
                }
            }
            Gate::Certificate => barred_if(p.certificates.iter().any(|name| {
                !r.certificates
                    .iter()
                    .any(|held| held.name == *name && held.valid_until.is_none_or(|last| last >= start))
            })),
            Gate::PayFloor => match (r.pay_floor, p.pay_min, p.pay_max) {
                (None, _, _) => Passes,
                (Some(floor), _, Some(upper)) => barred_if(upper < floor),
                (Some(floor), Some(lower), None) if lower >= floor => Passes,
                _ => Unknown,
            },
            Gate::Declined => barred_if(
                r.declined.iter().any(|(id, day)| *id == p.id && (self.as_of - *day).num_days() < self.decline_days),
            ),
        }
    }

    fn hours(&self, taken: &WeekHours, p: &Posting) -> Answer {
        if (0..SLOTS).all(|slot| !taken.contains(slot)) {
            return Passes;
        }
        p.hours.map_or(Unknown, |hours| barred_if((0..SLOTS).any(|slot| taken.contains(slot) && hours.contains(slot))))
    }

    /// As [`Self::hours`], but the person is away from home for the way too, in whole half hours.
    fn hours_and_way(&self, taken: &WeekHours, r: &Resident, p: &Posting) -> Answer {
        let way = usize::from(minutes(r, p).unwrap_or(0)).div_ceil(30);
        let near = |hours: &WeekHours, slot: usize| {
            (0..=way.min(SLOTS))
                .any(|d| hours.contains((slot + d) % SLOTS) || hours.contains((slot + SLOTS - d) % SLOTS))
        };
        match (self.hours(taken, p), p.hours) {
            (Passes, Some(hours)) => barred_if((0..SLOTS).any(|slot| taken.contains(slot) && near(&hours, slot))),
            (answer, _) => answer,
        }
    }

    /// Only birth dates are the law's business here; all else that is unknown passes with a caveat.
    pub fn is_eligible(&self, r: &Resident, p: &Posting, gates: &[Gate]) -> bool {
        gates.iter().all(|gate| match self.gate(*gate, r, p) {
            Passes => true,
            Barred => false,
            Unknown => *gate != Gate::AgeLegal,
        })
    }

    pub fn factor(&self, factor: Factor, r: &Resident, p: &Posting) -> Option<u16> {
        let points = match factor {
            Factor::Skill => {
                if r.skills.is_empty() || p.skills.is_empty() {
                    return None;
                }
                let (mut total, mut weights) = (0, 0);
                for asked in &p.skills {
                    let weight = if asked.importance == Importance::Must { 3 } else { 1 };
                    total += weight * self.skill_points(r, asked.skill, asked.level);
                    weights += weight;
                }
                total / weights
            }
            Factor::Experience => {
                let asked = u32::from(p.experience_months?);
                if asked == 0 {
                    return Some(10_000);
                }
                let occupation = p.occupation?;
                if r.experience.is_empty() {
                    return None;
                }
                let mut best = 0;
                for (held, months) in &r.experience {
                    let near = u32::from(self.skills.points(*held, occupation));
                    if near >= 5_000 {
                        best = best.max(u32::from(*months) * near / 10_000);
                    }
                }
                (10_000 * best / asked).min(10_000)
            }
            Factor::Schedule => return self.schedule(r, p),
            Factor::Pay => {
                let expected = r.expected_pay?;
                let lower = p.pay_min.or(p.pay_max)?;
                let upper = p.pay_max.unwrap_or(lower);
                if expected <= lower {
                    10_000
                } else if expected <= upper {
                    (10_000 * (upper - expected) + 5_000 * (expected - lower)) / (upper - lower)
                } else {
                    let fifth = upper / 5;
                    if expected >= upper + fifth { 0 } else { 5_000 * (upper + fifth - expected) / fifth }
                }
            }
            Factor::Distance => match minutes(r, p) {
                Some(..=10) => 10_000,
                Some(way @ 11..90) => 10_000 * (90 - u32::from(way)) / 80,
                Some(90..) => 0,
                None => {
                    if !lives_there(p) || r.wished_provinces.is_empty() {
                        return None;
                    }
                    10_000 * u32::from(r.wished_provinces.contains(&p.province?))
                }
            },
            Factor::Preference => {
                let (mut total, mut weights) = (0, 0);
                if let Some(occupation) = p.occupation.filter(|_| !r.wished_occupations.is_empty()) {
                    let near = r
                        .wished_occupations
                        .iter()
                        .map(|wish| self.skills.points(*wish, occupation))
                        .max()
                        .unwrap_or(0);
                    total += 3 * u32::from(near);
                    weights += 3;
                }
                if let Some(industry) = p.industry.filter(|_| !r.wished_industries.is_empty()) {
                    total += 10_000 * u32::from(r.wished_industries.contains(&industry));
                    weights += 1;
                }
                if !r.wished_employers.is_empty() {
                    total += 10_000 * u32::from(r.wished_employers.contains(&p.employer));
                    weights += 1;
                }
                if weights == 0 {
                    return None;
                }
                total / weights
            }
            Factor::Comfort => return self.comfort(r, p),
        };
        Some(points as u16)
    }

    fn schedule(&self, r: &Resident, p: &Posting) -> Option<u16> {
        let (mut total, mut weights) = (0, 0);
        let taken = |slot: usize| r.care_hours.contains(slot % SLOTS) || r.unavailable_hours.contains(slot % SLOTS);
        if let Some(hours) = p.hours {
            let works = |slot: usize| hours.contains(slot % SLOTS);
            // Every pair of a slot at work and a slot taken, forwards and backwards round the week.
            let mut shortest = None;
            for a in (0..SLOTS).filter(|a| works(*a)) {
                for distance in 0..SLOTS {
                    if taken(a + distance) || taken(a + SLOTS - distance) {
                        let between = distance.saturating_sub(1) * 30;
                        shortest = Some(shortest.map_or(between, |so_far: usize| so_far.min(between)));
                        break;
                    }
                }
            }
            if let Some(gap) = shortest {
                let way = usize::from(minutes(r, p).unwrap_or(0));
                total += 2 * (gap.saturating_sub(way).min(60) * 10_000 / 60);
                weights += 2;
            }
            let rest = (0..7).filter(|day| (0..48).all(|slot| !works(day * 48 + slot))).count();
            total += [0, 6_000, 10_000][rest.min(2)];
            weights += 1;
        }
        if let Some(shift) = p.shift.filter(|_| !r.wished_shifts.is_empty()) {
            total += if r.wished_shifts.contains(&shift) { 20_000 } else { 0 };
            weights += 2;
        }
        (weights > 0).then(|| (total / weights) as u16)
    }

    fn comfort(&self, r: &Resident, p: &Posting) -> Option<u16> {
        let mut known = vec![];
        if let (Some(limit), Some(asked)) = (r.max_physical_grade, p.physical_grade) {
            known.push(match i32::from(limit) - i32::from(asked) {
                ..0 => 0,
                0 => 6_000,
                1.. => 10_000,
            });
        }
        if let (Some(limit), Some(asked)) = (r.max_load_kg.map(u32::from), p.load_kg.map(u32::from)) {
            known.push(if asked == 0 || 2 * asked <= limit {
                10_000
            } else if asked > limit {
                0
            } else {
                // From full at half the limit down to half at the limit.
                (10_000 * (2 * limit - 2 * asked) + 5_000 * (2 * asked - limit)) / limit
            });
        }
        if let (Some(range), Some(birth)) = (p.age.filter(|range| range.soft), r.birth_date)
            && (range.min.is_some() || range.max.is_some())
        {
            let years = completed_years(birth, self.as_of);
            let below = range.min.map_or(0, |min| (i32::from(min) - years).max(0));
            let above = range.max.map_or(0, |max| (years - i32::from(max)).max(0));
            known.push((10_000 - 2_000 * below.max(above)).max(0) as u32);
        }
        (!known.is_empty()).then(|| (known.iter().sum::<u32>() / known.len() as u32) as u16)
    }

    pub fn score(&self, policy: &Policy, r: &Resident, p: &Posting) -> u16 {
        let (mut total, mut weights) = (0u64, 0u64);
        for factor in Factor::ALL {
            if let Some(points) = self.factor(factor, r, p) {
                total += u64::from(policy.weight(factor)) * u64::from(points);
                weights += u64::from(policy.weight(factor));
            }
        }
        total.checked_div(weights).unwrap_or(0) as u16
    }
}
