//! A plain resident and posting that suit each other, a small skill table, and wild towns for the property tests.

#![expect(clippy::unwrap_used, reason = "a test with a wrong date or town must stop")]

use chrono::{Days, NaiveDate};
use wangjia::domain::codes::{Absence, Channel, Hazard, Importance, PayKind, Region, RuledOut, Shift};
use wangjia::domain::week::{Span, WeekHours};
use wangjia::engine::gates::Context;
use wangjia::engine::input::{
    AgeRange, AskedSkill, HeldCertificate, HeldSkill, Household, NameId, Posting, Resident, SkillId, Unavailable,
    Workplace,
};
use wangjia::engine::policy::Policy;
use wangjia::engine::profile::Snapshot;
use wangjia::engine::similarity::SkillTable;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn today() -> NaiveDate {
    day("2026-11-23")
}

/// Monday to Friday, `from` to `to` in half hours of the day.
pub fn weekdays(from: u16, to: u16) -> WeekHours {
    WeekHours::of(&(1..=5).map(|weekday| Span { weekday, from: from * 30, to: to * 30 }).collect::<Vec<_>>())
}

/// Skills 0..5: 1 is near 0 (8 000 points), 2 is related (5 000), 3 is far (2 000), 4 has nothing to do with any.
pub fn table() -> SkillTable {
    let mut points = vec![0; 25];
    for (held, asked, p) in [(1, 0, 8_000), (0, 1, 8_000), (2, 0, 5_000), (0, 2, 5_000), (3, 0, 2_000)] {
        points[asked * 5 + held] = p;
    }
    SkillTable::from_points(5, points)
}

/// Born 1980-05-20, willing, without any limit, wish or skill.
pub fn resident() -> Resident {
    Resident { id: 1, birth_date: Some(day("1980-05-20")), willing: Some(true), ..Resident::default() }
}

/// Open, one place, everything that could bar somebody said to be absent; no pay, hours, skills or occupation given.
pub fn posting() -> Posting {
    Posting {
        id: 1,
        employer: NameId(0),
        industry: None,
        occupation: None,
        n_vacancies: 1,
        valid_from: day("2026-11-01"),
        valid_until: Some(day("2026-12-31")),
        start_on: None,
        channel: Channel::MicroFactory,
        region: None,
        province: None,
        workplace: Workplace::Park,
        age: None,
        physical_grade: Some(1),
        load_kg: Some(0),
        lifts_per_hour: Some(0),
        forced_posture: Some(false),
        night_work: Some(false),
        overtime: Some(false),
        underground_mine: Some(false),
        hazards: Some(vec![]),
        restricted_by_law: false,
        shift: None,
        hours: None,
        pay_kind: None,
        pay_min: None,
        pay_max: None,
        skills: vec![],
        certificates: vec![],
        experience_months: None,
        training_days: None,
    }
}

pub fn must(skill: u32, level: u8) -> AskedSkill {
    AskedSkill { skill: SkillId(skill), importance: Importance::Must, level }
}

pub fn nice(skill: u32, level: u8) -> AskedSkill {
    AskedSkill { skill: SkillId(skill), importance: Importance::Nice, level }
}

pub fn held(skill: u32, level: u8) -> HeldSkill {
    HeldSkill { skill: SkillId(skill), level, months: None }
}

/// Runs `f` with the context of [`today`], the default policy and [`table`].
pub fn with_context<T>(f: impl FnOnce(&Context) -> T) -> T {
    let (policy, skills) = (Policy::default(), table());
    f(&Context { as_of: today(), policy: &policy, skills: &skills })
}

/// splitmix64: a few lines, the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// `None` once in three.
    pub fn maybe<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.one_in(3) { None } else { Some(f(self)) }
    }

    /// Up to `n` items.
    pub fn some<T>(&mut self, n: u64, mut f: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(n + 1)).map(|_| f(self)).collect()
    }

    fn day_near(&mut self, days: u64) -> NaiveDate {
        today() - Days::new(days) + Days::new(self.below(2 * days + 1))
    }

    fn hours(&mut self, spans: u64) -> WeekHours {
        WeekHours::of(&self.some(spans, |d| {
            let from = d.below(47) * 30;
            Span {
                weekday: d.below(7) as u8 + 1,
                from: from as u16,
                to: (from + 30 + d.below(1440 - from - 29)) as u16,
            }
        }))
    }
}

pub const N_SKILLS: u32 = 9;

/// Few values per field, so that edges are met often.
pub fn wild_resident(d: &mut Dice, id: i64, n_households: u32, posting_ids: &[i64]) -> Resident {
    let unavailable =
        [Unavailable::InSchool, Unavailable::Employed, Unavailable::Away(Absence::Prison), Unavailable::Deceased];
    let skill = |d: &mut Dice| SkillId(d.below(u64::from(N_SKILLS)) as u32);
    let name = |d: &mut Dice| NameId(d.below(3) as u32);
    let easy = d.one_in(2);
    Resident {
        id,
        household: d.below(u64::from(n_households)) as u32,
        birth_date: if d.one_in(9) { None } else { Some(day("2012-01-01") - Days::new(d.below(65 * 365))) },
        unavailable: d.one_in(9).then(|| d.pick(&unavailable)),
        no_capacity: d.one_in(15),
        max_physical_grade: d.maybe(|d| d.below(4) as u8 + 1),
        max_load_kg: d.maybe(|d| d.pick(&[0, 10, 20, 50])),
        no_forced_posture: d.maybe(|d| d.one_in(2)),
        unavailable_hours: if easy { WeekHours::EMPTY } else { d.hours(2) },
        care_hours: if easy { WeekHours::EMPTY } else { d.hours(2) },
        willing: d.maybe(|d| !d.one_in(8)),
        ruled_out: if easy { vec![] } else { d.some(2, |d| d.pick(RuledOut::ALL)) },
        restricted_by_law: d.one_in(2),
        hazard_check_until: d.maybe(|d| d.day_near(40)),
        public_welfare_months: d.maybe(|d| d.pick(&[0, 35, 36, 60])),
        retirement: d.maybe(|d| (d.day_near(3_000), d.day_near(3_000))).map(|(a, b)| (a.min(b), a.max(b))),
        channels_accepted: if easy { vec![] } else { d.some(3, |d| d.pick(Channel::ALL)) },
        regions_accepted: if easy { vec![] } else { d.some(3, |d| d.pick(Region::ALL)) },
        max_minutes: d.maybe(|d| d.pick(&[10, 30, 60])),
        minutes_to_park: d.maybe(|d| d.pick(&[0, 10, 11, 30, 31, 100])),
        skills: d.some(4, |d| HeldSkill { skill: skill(d), level: d.below(5) as u8 + 1, months: None }),
        certificates: d.some(2, |d| HeldCertificate { name: name(d), valid_until: d.maybe(|d| d.day_near(40)) }),
        experience: d.some(3, |d| (skill(d), d.below(60) as u16)),
        pay_floor: if easy { None } else { d.maybe(|d| 2_000 + d.below(4) as u32 * 500) },
        expected_pay: d.maybe(|d| 2_000 + d.below(30) as u32 * 100),
        wished_occupations: d.some(2, skill),
        wished_industries: d.some(2, name),
        wished_employers: d.some(1, name),
        wished_provinces: d.some(2, name),
        wished_shifts: d.some(2, |d| d.pick(Shift::ALL)),
        declined: if posting_ids.is_empty() { vec![] } else { d.some(2, |d| (d.pick(posting_ids), d.day_near(40))) },
    }
}

pub fn wild_posting(d: &mut Dice, id: i64) -> Posting {
    let skill = |d: &mut Dice| SkillId(d.below(u64::from(N_SKILLS)) as u32);
    let name = |d: &mut Dice| NameId(d.below(3) as u32);
    let easy = d.one_in(2);
    let (a, b) = (2_000 + d.below(20) as u32 * 100, 2_000 + d.below(20) as u32 * 100);
    Posting {
        id,
        employer: name(d),
        industry: d.maybe(name),
        occupation: d.maybe(skill),
        n_vacancies: d.below(8) as u32,
        valid_from: d.day_near(20) - Days::new(15),
        valid_until: d.maybe(|d| d.day_near(20) + Days::new(15)),
        start_on: d.maybe(|d| d.day_near(40)),
        channel: d.pick(Channel::ALL),
        region: d.maybe(|d| d.pick(Region::ALL)),
        province: d.maybe(name),
        workplace: match d.below(4) {
            0 => Workplace::Home,
            1 => Workplace::Elsewhere(d.maybe(|d| d.pick(&[5, 10, 30, 89, 90, 120]))),
            _ => Workplace::Park,
        },
        age: (!easy).then(|| AgeRange {
            min: d.maybe(|d| d.pick(&[16, 18, 30])),
            max: d.maybe(|d| d.pick(&[35, 45, 55])),
            soft: d.one_in(2),
        }),
        physical_grade: d.maybe(|d| d.below(4) as u8 + 1),
        load_kg: d.maybe(|d| d.pick(&[0, 5, 10, 21, 26])),
        lifts_per_hour: d.maybe(|d| d.pick(&[0, 5, 6])),
        forced_posture: d.maybe(|d| d.one_in(3)),
        night_work: d.maybe(|d| d.one_in(4)),
        overtime: d.maybe(|d| d.one_in(3)),
        underground_mine: d.maybe(|d| d.one_in(9)),
        hazards: d.maybe(|d| {
            if d.one_in(2) { vec![] } else { vec![(d.pick(Hazard::ALL), d.maybe(|d| d.below(4) as u8 + 1))] }
        }),
        restricted_by_law: d.one_in(4),
        shift: d.maybe(|d| d.pick(Shift::ALL)),
        hours: d.maybe(|d| if d.one_in(2) { weekdays(16, 35) } else { d.hours(6) }),
        pay_kind: d.maybe(|d| d.pick(PayKind::ALL)),
        pay_min: d.maybe(|_| a.min(b)),
        pay_max: d.maybe(|_| a.max(b)),
        skills: d.some(if easy { 2 } else { 7 }, |d| AskedSkill {
            skill: skill(d),
            importance: d.pick(Importance::ALL),
            level: d.below(5) as u8 + 1,
        }),
        certificates: if easy { vec![] } else { d.some(1, name) },
        experience_months: d.maybe(|d| d.pick(&[0, 6, 12, 36])),
        training_days: d.maybe(|d| d.pick(&[0, 7])),
    }
}

/// A table of [`N_SKILLS`] skills with points of every size.
pub fn wild_table(d: &mut Dice) -> SkillTable {
    let n = N_SKILLS as usize;
    let points = (0..n * n).map(|_| d.pick(&[0, 0, 0, 3_333, 5_000, 6_999, 7_000, 8_888, 10_000])).collect();
    SkillTable::from_points(n, points)
}

/// A town from a seed.
#[derive(Clone)]
pub struct Town {
    pub residents: Vec<Resident>,
    pub postings: Vec<Posting>,
    pub households: Vec<Household>,
    pub skills: SkillTable,
}

impl Town {
    pub fn wild(seed: u64, n_residents: usize, n_postings: usize) -> Self {
        let mut d = Dice(seed);
        let n_households = (n_residents as u32 / 2).max(1);
        let posting_ids: Vec<i64> = (0..n_postings as i64).map(|p| 1_000 + 7 * p).collect();
        Self {
            residents: (0..n_residents as i64)
                .map(|r| wild_resident(&mut d, 10 + 3 * r, n_households, &posting_ids))
                .collect(),
            postings: posting_ids.iter().map(|id| wild_posting(&mut d, *id)).collect(),
            households: (0..i64::from(n_households)).map(|id| Household { id, uncovered: d.one_in(2) }).collect(),
            skills: wild_table(&mut d),
        }
    }

    pub fn snapshot(&self, policy: Policy) -> Snapshot {
        let Self { residents, postings, households, skills } = self.clone();
        Snapshot::new(residents, postings, households, skills, today(), policy).unwrap()
    }

    /// A snapshot that may keep only so many table entries.
    pub fn small_snapshot(&self, policy: Policy, budget: usize) -> Snapshot {
        let Self { residents, postings, households, skills } = self.clone();
        Snapshot::with_budget(residents, postings, households, skills, today(), policy, budget).unwrap()
    }
}
