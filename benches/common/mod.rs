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
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn percent(&mut self, p: usize) -> bool {
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
    /// Chinese name of each skill, by id.
    pub names: Vec<String>,
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
        let name = |id| vocabulary.name(SkillId(id as u32)).map(|(zh, _)| zh.to_owned()).unwrap_or_default();
        Self {
            residents: (0..n_residents).map(|r| resident(&mut d, r, n_households, &trades)).collect(),
            postings: (0..n_postings).map(|p| posting(&mut d, p, &trades)).collect(),
            households: (0..n_households as i64).map(|id| Household { id, uncovered: d.percent(30) }).collect(),
            names: (0..skills.len()).map(name).collect(),
            skills,
        }
    }

    /// The same people and posts without anything that bars a pair.
    pub fn open(mut self) -> Self {
        for r in &mut self.residents {
            r.unavailable_hours = WeekHours::EMPTY;
            r.care_hours = WeekHours::EMPTY;
            r.ruled_out.clear();
            r.restricted_by_law = false;
            (r.max_physical_grade, r.max_load_kg, r.no_forced_posture) = (Some(4), Some(200), Some(false));
            (r.max_minutes, r.pay_floor) = (None, None);
            r.channels_accepted.clear();
            r.regions_accepted.clear();
        }
        for p in &mut self.postings {
            p.age = p.age.map(|range| AgeRange { soft: true, ..range });
            p.certificates.clear();
            p.training_days = Some(7);
            (p.valid_until, p.n_vacancies) = (None, 5);
        }
        self
    }

    /// The same people as seekers of a plan: about 1.4 to a household, 38 households in 100 uncovered, `n_places` vacancies in all,
    /// and posts particular enough that about one pair in ten is eligible.
    pub fn seekers(mut self, n_places: u32) -> Self {
        let mut d = Dice(7);
        let n_households = (self.residents.len() * 5 / 7).max(1);
        self.households = (0..n_households as i64).map(|id| Household { id, uncovered: d.percent(38) }).collect();
        for r in &mut self.residents {
            r.household = d.below(n_households) as u32;
        }
        for (p, posting) in self.postings.iter_mut().enumerate() {
            posting.n_vacancies = 0;
            posting.valid_until = None;
            if p % 4 != 0 {
                posting.training_days = None;
                posting.skills.iter_mut().for_each(|asked| asked.importance = Importance::Must);
            }
        }
        // A few large employers, many small ones: every place goes to the larger of two postings drawn.
        for _ in 0..n_places {
            let (a, b) = (d.below(self.postings.len()), d.below(self.postings.len()));
            self.postings[a.min(b)].n_vacancies += 1;
        }
        self
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

/// The same work without columns: every gate and factor asked pair by pair on the plain structs, skills compared by name
/// (Jaro–Winkler over the characters, as one does without a prepared table). `None` if a gate bars the pair.
pub fn plain_score(town: &Town, policy: &Policy, r: &Resident, p: &Posting) -> Option<u16> {
    use wangjia::engine::gates::{Context, GATES, Gate};
    use wangjia::engine::score::{FACTORS, Factor, combine};

    let ctx = Context { as_of: today(), policy, skills: &town.skills };
    let alike = |a: SkillId, b: SkillId| {
        (strsim::jaro_winkler(&town.names[a.0 as usize], &town.names[b.0 as usize]) * 10_000.0) as u32
    };
    let best = |asked: &AskedSkill| {
        let points = |held: &HeldSkill| {
            if held.level >= asked.level { alike(held.skill, asked.skill) } else { alike(held.skill, asked.skill) / 2 }
        };
        r.skills.iter().map(points).max().unwrap_or(0)
    };
    let trains = p.training_days.unwrap_or(0) > 0;
    let lacks_must =
        !trains && p.skills.iter().any(|asked| asked.importance == Importance::Must && best(asked) < 7_000);
    let open = GATES.iter().filter(|spec| spec.gate != Gate::SkillRequired).all(|spec| spec.lets_pass(&ctx, r, p));
    (open && !lacks_must).then(|| {
        let values = FACTORS.each_ref().map(|spec| match spec.factor {
            Factor::Skill if r.skills.is_empty() || p.skills.is_empty() => None,
            Factor::Skill => Some((p.skills.iter().map(&best).sum::<u32>() / p.skills.len() as u32) as u16),
            _ => spec.measure(&ctx, r, p),
        });
        combine(policy, &values)
    })
}
