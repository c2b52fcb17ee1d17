//! What is in the town: plain values, related by index. Nothing here knows how they are written or stored.

use std::fmt;

use chrono::NaiveDate;

use crate::domain::codes::{
    Absence, BarrierKind, CareKind, Channel, Education, EmployerKind, Hazard, Health, Importance, LabourClass,
    MonitoringClass, PayKind, Region, Relation, RuledOut, SchoolStatus, Sex, Shift,
};
use crate::domain::week::Span;

/// A block of flats.
#[derive(Clone, Debug)]
pub struct Building {
    pub grid: String,
    pub name: String,
    /// Stairwells, floors and homes on one floor of a stairwell.
    pub stairs: u32,
    pub floors: u32,
    pub homes_per_floor: u32,
    /// Minutes on foot to the park.
    pub minutes_to_park: u32,
    /// Index into [`super::Town::helpers`].
    pub helper: usize,
}

impl Building {
    #[must_use]
    pub const fn homes(&self) -> u32 {
        self.stairs * self.floors * self.homes_per_floor
    }
}

#[derive(Clone, Debug)]
pub struct Household {
    pub code: String,
    /// Index into [`super::Town::buildings`].
    pub building: usize,
    /// Stairwell, floor and door as on the door plate, e.g. `2-703`.
    pub unit: String,
    /// Township the family moved from.
    pub township: &'static str,
    pub monitoring: MonitoringClass,
    /// Indices into [`super::Town::people`]; the head comes first.
    pub members: Vec<usize>,
    pub care: Vec<CareDuty>,
}

/// Hours in which somebody must be at home.
#[derive(Clone, Debug)]
pub struct CareDuty {
    pub kind: CareKind,
    /// The only one who can do it; index into [`super::Town::people`].
    pub carer: Option<usize>,
    pub hours: Timetable,
}

#[derive(Clone, Debug)]
pub struct Person {
    /// Index into [`super::Town::households`].
    pub household: usize,
    pub name: String,
    pub relation: Relation,
    pub sex: Sex,
    pub birth_date: NaiveDate,
    /// Completed years on the town's date.
    pub age: u32,
    pub id_number: String,
    pub ethnicity: &'static str,
    pub education: Option<Education>,
    pub health: Option<Health>,
    pub labour_class: Option<LabourClass>,
    pub school: Option<SchoolStatus>,
    pub absence: Option<Absence>,
    pub phone: Option<String>,
    /// The current job, or the last one that ended.
    pub job: Option<Job>,
    /// Main trade of the working life; index into [`super::trades::TRADES`].
    pub trade: Option<usize>,
    pub skills: Vec<HeldSkill>,
    pub certificates: Vec<(&'static str, Option<NaiveDate>)>,
    pub wishes: Wishes,
    pub capacity: Capacity,
    /// Why a person of working age has no job.
    pub barrier: Option<BarrierKind>,
    /// Hours that cannot be worked for other reasons than care.
    pub unavailable: Timetable,
    /// Months already spent in public-welfare posts.
    pub public_welfare_months: Option<u32>,
    pub hazard_check_until: Option<NaiveDate>,
    pub note: Option<&'static str>,
}

/// What a person wants from a job.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub willing: Option<bool>,
    pub occupations: Vec<&'static str>,
    pub regions: Vec<Region>,
    pub channels: Vec<Channel>,
    pub shifts: Vec<Shift>,
    /// Yuan a month.
    pub expected_pay: Option<u32>,
    pub pay_floor: Option<u32>,
    pub training: Option<bool>,
    /// Has a job and looks for another.
    pub seeking_change: bool,
    pub ruled_out: Vec<RuledOut>,
    /// Longest way to work, one way.
    pub max_minutes: Option<u32>,
}

/// What a person can carry and stand, as written down by a counselor.
#[derive(Clone, Copy, Debug, Default)]
pub struct Capacity {
    /// 1..=4.
    pub max_grade: Option<u8>,
    pub max_load_kg: Option<u32>,
    pub no_forced_posture: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct HeldSkill {
    pub name: &'static str,
    /// A level word as ledgers write it (初级, 熟练, 高级…).
    pub level: Option<&'static str>,
    pub months: Option<u32>,
}

/// An employment spell as a ledger has it.
#[derive(Clone, Debug)]
pub struct Job {
    pub channel: Channel,
    pub region: Region,
    /// Employer or name of the own business; a building crew often has none.
    pub employer: Option<String>,
    pub title: String,
    /// Index into [`super::Town::postings`] where the job fills a place of a posting.
    pub posting: Option<usize>,
    pub start: Option<NaiveDate>,
    /// First day out of the job.
    pub end: Option<NaiveDate>,
    /// Yuan a month.
    pub income: Option<u32>,
    pub contract_until: Option<NaiveDate>,
    pub evidence: Option<&'static str>,
    pub verified: Option<NaiveDate>,
}

impl Job {
    /// Active on the day: begun, and the day before the first day out of it.
    #[must_use]
    pub fn is_active(&self, on: NaiveDate) -> bool {
        self.start.is_none_or(|start| start <= on) && self.end.is_none_or(|end| on < end)
    }
}

#[derive(Clone, Debug)]
pub struct Employer {
    pub name: String,
    pub credit_code: String,
    pub kind: EmployerKind,
    pub industry: &'static str,
    pub place: &'static str,
    pub province: &'static str,
    pub region: Region,
}

/// An advertised job.
#[derive(Clone, Debug)]
pub struct Posting {
    pub code: String,
    /// Index into [`super::Town::employers`].
    pub employer: usize,
    pub title: String,
    /// Index into [`super::trades::TRADES`].
    pub trade: usize,
    pub channel: Channel,
    /// All places, filled ones included.
    pub headcount: u32,
    pub filled: u32,
    pub pay_kind: PayKind,
    /// Fen in the unit of `pay_kind`.
    pub pay_fen: (i64, i64),
    /// What a person who holds the post takes home a month, in yuan.
    pub monthly_pay: (u32, u32),
    pub shift: Shift,
    pub hours: Timetable,
    pub night: bool,
    pub overtime: bool,
    /// 1..=4.
    pub grade: u8,
    pub load_kg: u32,
    pub lifts_per_hour: u32,
    pub forced_posture: bool,
    /// `None` = nobody has said.
    pub hazards: Option<Vec<(Hazard, Option<u8>)>>,
    pub age: (Option<u32>, Option<u32>),
    pub age_is_soft: bool,
    pub skills: Vec<(&'static str, Importance)>,
    pub certificates: Vec<&'static str>,
    pub experience_months: u32,
    pub training_days: u32,
    /// Minutes one way, where the place is neither the park nor the home.
    pub commute_minutes: Option<u32>,
    /// `园区`, `居家` or a place name.
    pub place: &'static str,
    pub start: NaiveDate,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub description: String,
}

impl Posting {
    #[must_use]
    pub const fn vacancies(&self) -> u32 {
        self.headcount.saturating_sub(self.filled)
    }
}

/// Hours of a week in the grammar of the ledgers: runs of days, each with spans of minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timetable(pub Vec<Days>);

/// The same spans on each of the weekdays `first..=last` (1 = Monday).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: u8,
    pub last: u8,
    pub spans: Vec<(u16, u16)>,
}

/// First and last weekday of a run, and its spans.
type Run<'a> = (u8, u8, &'a [(u16, u16)]);

impl Timetable {
    #[must_use]
    pub fn new(runs: &[Run<'_>]) -> Self {
        Self(runs.iter().map(|&(first, last, spans)| Days { first, last, spans: spans.to_vec() }).collect())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same hours as spans of single days.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let days = self.0.iter();
        days.flat_map(|run| {
            (run.first..=run.last)
                .flat_map(|weekday| run.spans.iter().filter_map(move |&(from, to)| Span::new(weekday, from, to)))
        })
        .collect()
    }
}

/// `周一至周五 07:00-08:30、16:30-18:30；周六 08:00-12:00`.
impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        for (i, run) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("；")?;
            }
            match (run.first, run.last) {
                (1, 7) => f.write_str("每天 ")?,
                (first, last) if first == last => write!(f, "{} ", NAMES[usize::from(first - 1)])?,
                (first, last) => write!(f, "{}至{} ", NAMES[usize::from(first - 1)], NAMES[usize::from(last - 1)])?,
            }
            for (j, (from, to)) in run.spans.iter().enumerate() {
                let comma = if j > 0 { "、" } else { "" };
                write!(f, "{comma}{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)?;
            }
        }
        Ok(())
    }
}
