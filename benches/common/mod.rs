//! Seeded towns of any size for the benchmarks: the same on every machine, no crate involved.
//!
//! Everybody is a seeker (people with a job would be skipped in one step and flatter the figures). Skills come from the
//! built-in vocabulary, a person's from one trade; hours, care duties, pay, ways and limits are spread so that about one pair
//! in five is eligible. [`Town::open`] takes every bar away: the worst case, where each pair is scored.

use chrono::{Days, NaiveDate};
use wangjia::domain::codes::{Channel, Hazard, Importance, PayKind, Region, RuledOut, Shift};
use wangjia::domain::week::{Span, WeekHours};
use wangjia::engine::input::{
    AgeRange, AskedSkill, HeldCertificate, HeldSkill, Household, NameId, Posting, Resident, SkillId, Workplace,
};
use wangjia::engine::policy::Policy;
use wangjia::engine::profile::Snapshot;
use wangjia::engine::similarity::SkillTable;
use wangjia::engine::vocabulary::{Vocabulary, builtin_skills};

/// splitmix64 (Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn percent(&mut self, p: usize) -> bool {
        self.below(100) < p
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn if_percent<T>(&mut self, p: usize, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.percent(p) { Some(f(self)) } else { None }
    }
}

pub struct Town {
    pub residents: Vec<Resident>,
    pub postings: Vec<Posting>,
    pub households: Vec<Household>,
    pub skills: SkillTable,
}

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

fn days(weekdays: std::ops::RangeInclusive<u8>, spans: &[(u16, u16)]) -> WeekHours {
    let spans = weekdays.flat_map(|weekday| spans.iter().map(move |(from, to)| Span { weekday, from: *from, to: *to }));
    WeekHours::of(&spans.collect::<Vec<_>>())
}

impl Town {
    pub fn new(seed: u64, n_residents: usize, n_postings: usize) -> Self {
        let vocabulary = match Vocabulary::builtin() {
            Ok(vocabulary) => vocabulary,
            Err(error) => panic!("the built-in vocabulary is sound: {error:?}"),
        };
        let trades = trades();
        let mut d = Dice(seed);
        let n_households = (n_residents * 2 / 5).max(1);
        let skills = SkillTable::build(&vocabulary);
        Self {
            residents: (0..n_residents).map(|r| resident(&mut d, r, n_households, &trades)).collect(),
            postings: (0..n_postings).map(|p| posting(&mut d, p, &trades)).collect(),
            households: (0..n_households as i64).map(|id| Household { id, uncovered: d.percent(30) }).collect(),
            skills,
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        let (residents, postings, households) =
            (self.residents.clone(), self.postings.clone(), self.households.clone());
        match Snapshot::new(residents, postings, households, self.skills.clone(), today(), Policy::default()) {
            Ok(snapshot) => snapshot,
            Err(error) => panic!("a generated town is sound: {error}"),
        }
    }
}

/// Skill ids by trade.
fn trades() -> Vec<Vec<SkillId>> {
    let mut trades: Vec<(&str, Vec<SkillId>)> = Vec::new();
    for (id, skill) in builtin_skills().iter().enumerate() {
        match trades.iter_mut().find(|(category, _)| *category == skill.category) {
            Some((_, ids)) => ids.push(SkillId(id as u32)),
            None => trades.push((skill.category, vec![SkillId(id as u32)])),
        }
    }
    trades.into_iter().map(|(_, ids)| ids).collect()
}

fn resident(d: &mut Dice, r: usize, n_households: usize, trades: &[Vec<SkillId>]) -> Resident {
    let trade = &trades[d.below(trades.len())];
    let birth = today() - Days::new((18 * 365 + d.below(41 * 365)) as u64);
    let n_skills = 1 + d.below(4);
    let skills: Vec<HeldSkill> = (0..n_skills)
        .map(|_| HeldSkill { skill: d.pick(trade), level: 1 + d.below(4) as u8, months: Some(d.below(120) as u16) })
        .collect();
    let morning = (d.pick(&[420, 450, 480]), d.pick(&[510, 540]));
    let evening = (d.pick(&[960, 990, 1020, 1080]), d.pick(&[1110, 1140, 1200]));
    let expected = 2_000 + 100 * d.below(35) as u32;
    Resident {
        id: r as i64 + 1,
        household: d.below(n_households) as u32,
        birth_date: Some(birth),
        max_physical_grade: d.if_percent(60, |d| d.pick(&[1, 2, 2, 3, 3, 4])),
        max_load_kg: d.if_percent(40, |d| d.pick(&[5, 10, 20, 30, 50])),
        no_forced_posture: d.if_percent(50, |d| d.percent(20)),
        care_hours: d.if_percent(20, |_| days(1..=5, &[morning, evening])).unwrap_or_default(),
        unavailable_hours: d
            .if_percent(8, |d| days(6..=7, &[(d.pick(&[480, 540]), d.pick(&[720, 1080]))]))
            .unwrap_or_default(),
        willing: d.if_percent(70, |_| true),
        ruled_out: d.if_percent(25, |d| vec![d.pick(RuledOut::ALL)]).unwrap_or_default(),
        restricted_by_law: d.percent(50),
        hazard_check_until: d.if_percent(10, |d| today() + Days::new(d.below(400) as u64)),
        retirement: Some((birth + Days::new(50 * 365), birth + Days::new(63 * 365))),
        channels_accepted: d
            .if_percent(40, |d| {
                if d.percent(70) {
                    vec![Channel::MicroFactory, Channel::Local, Channel::Flexible]
                } else {
                    vec![Channel::Outbound]
                }
            })
            .unwrap_or_default(),
        max_minutes: d.if_percent(40, |d| d.pick(&[15, 20, 30, 45, 60])),
        minutes_to_park: d.if_percent(95, |d| 3 + d.below(40) as u16),
        experience: skills.iter().take(2).map(|held| (held.skill, held.months.unwrap_or(0))).collect(),
        skills,
        certificates: d
            .if_percent(10, |d| vec![HeldCertificate { name: NameId(d.below(12) as u32), valid_until: None }])
            .unwrap_or_default(),
        pay_floor: d.if_percent(40, |_| expected - 300),
        expected_pay: d.if_percent(80, |_| expected),
        wished_occupations: d.if_percent(50, |d| vec![d.pick(trade)]).unwrap_or_default(),
        wished_provinces: d.if_percent(20, |d| vec![NameId(100 + d.below(8) as u32)]).unwrap_or_default(),
        wished_shifts: d.if_percent(40, |_| vec![Shift::Day]).unwrap_or_default(),
        ..Resident::default()
    }
}

fn posting(d: &mut Dice, p: usize, trades: &[Vec<SkillId>]) -> Posting {
    let trade = &trades[d.below(trades.len())];
    let channel =
        d.pick(&[Channel::MicroFactory, Channel::MicroFactory, Channel::Outbound, Channel::Outbound, Channel::Local]);
    let away = channel == Channel::Outbound;
    let hours = [
        days(1..=6, &[(480, 720), (810, 1050)]),
        days(1..=5, &[(480, 720), (810, 1050)]),
        days(1..=5, &[(540, 720), (780, 960)]),
        days(1..=6, &[(510, 720), (780, 1080)]),
        days(1..=6, &[(480, 1170)]),
        days(1..=5, &[(840, 1320)]),
    ];
    let pay = 1_900 + 100 * d.below(30) as u32 + if away { 1_200 } else { 0 };
    Posting {
        id: p as i64 + 1,
        employer: NameId(1_000 + d.below(60) as u32),
        industry: Some(NameId(2_000 + d.below(12) as u32)),
        occupation: Some(d.pick(trade)),
        n_vacancies: d.below(12) as u32,
        valid_from: today() - Days::new(30),
        valid_until: Some(today() + Days::new(d.below(60) as u64)),
        start_on: d.if_percent(30, |d| today() + Days::new(d.below(30) as u64)),
        channel,
        region: Some(if away { Region::OtherProvince } else { Region::Town }),
        province: away.then(|| NameId(100 + d.below(8) as u32)),
        workplace: match channel {
            Channel::MicroFactory => Workplace::Park,
            Channel::Outbound => Workplace::Elsewhere(None),
            _ => Workplace::Elsewhere(Some(5 + d.below(50) as u16)),
        },
        age: d.if_percent(50, |d| AgeRange {
            min: Some(18),
            max: Some(d.pick(&[40, 45, 50, 55])),
            soft: d.percent(40),
        }),
        physical_grade: d.if_percent(90, |d| d.pick(&[1, 1, 2, 2, 3])),
        load_kg: d.if_percent(80, |d| d.pick(&[0, 5, 10, 15, 25])),
        lifts_per_hour: None,
        forced_posture: Some(d.percent(20)),
        night_work: Some(d.percent(10)),
        overtime: Some(d.percent(35)),
        underground_mine: None,
        hazards: Some(if d.percent(20) { vec![(d.pick(Hazard::ALL), Some(1))] } else { vec![] }),
        restricted_by_law: d.percent(5),
        shift: Some(if d.percent(70) { Shift::Day } else { Shift::TwoShift }),
        hours: d.if_percent(85, |d| d.pick(&hours)),
        pay_kind: Some(PayKind::Monthly),
        pay_min: Some(pay),
        pay_max: Some(pay + 100 * d.below(12) as u32),
        skills: (0..1 + d.below(3))
            .map(|i| AskedSkill {
                skill: d.pick(trade),
                importance: if i == 0 && d.percent(30) { Importance::Must } else { Importance::Nice },
                level: 1 + d.below(3) as u8,
            })
            .collect(),
        certificates: d.if_percent(6, |d| vec![NameId(d.below(12) as u32)]).unwrap_or_default(),
        experience_months: d.if_percent(40, |d| d.pick(&[6, 12, 24, 36])),
        training_days: d.if_percent(50, |d| d.pick(&[3, 7, 15])),
    }
}
