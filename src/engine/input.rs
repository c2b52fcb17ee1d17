//! What the engine reads: plain values, made by `app::snapshot` from rows, by tests and benches by hand.
//!
//! Invariant: **protected fields cannot reach the scorer.** Sex, ethnicity, name, household class, grid and disability mark have
//! no place in these types. Where a lawful rule depends on one (the women's forbidden list, law.md §3), `domain` computes
//! one bit per person and one per posting; the gate compares the bits and prints the article.

use chrono::NaiveDate;

use crate::domain::codes::{Absence, Channel, Hazard, Importance, PayKind, Region, RuledOut, Shift};
use crate::domain::week::WeekHours;

/// A skill of the snapshot's vocabulary: an index into [`crate::engine::similarity::SkillTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SkillId(pub u32);

/// An interned name (certificate, province, industry, employer): equal numbers, equal names. Interned by the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

/// Why a resident cannot be recommended whatever the posting (gate `resident_available`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unavailable {
    InSchool,
    Away(Absence),
    Deceased,
    /// Personal data may only be stored (law.md R8).
    Restricted,
    /// Has a current job and does not look for another.
    Employed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldSkill {
    pub skill: SkillId,
    /// 1 (beginner) to 5.
    pub level: u8,
    pub months: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldCertificate {
    pub name: NameId,
    /// Last valid day; `None` = does not expire.
    pub valid_until: Option<NaiveDate>,
}

/// One person as the scorer may see them.
#[derive(Clone, Debug, Default)]
pub struct Resident {
    /// Row id, handed back unchanged in results.
    pub id: i64,
    /// Index of the household, `0..n_households`.
    pub household: u32,
    pub birth_date: Option<NaiveDate>,
    pub unavailable: Option<Unavailable>,
    /// Recorded class lost/none: the gate `capacity` fails for every posting.
    pub no_capacity: bool,
    /// Heaviest physical grade 1..=4 the person can take on.
    pub max_physical_grade: Option<u8>,
    pub max_load_kg: Option<u16>,
    /// `Some(true)`: cannot do line work with forced posture.
    pub no_forced_posture: Option<bool>,
    pub unavailable_hours: WeekHours,
    /// Hours in which this person is the carer (domain.md §3).
    pub care_hours: WeekHours,
    pub willing: Option<bool>,
    pub ruled_out: Vec<RuledOut>,
    /// See the module docs: the gate `law_sex` fails where this and [`Posting::restricted_by_law`] are both set.
    pub restricted_by_law: bool,
    pub hazard_check_until: Option<NaiveDate>,
    /// Months already spent in public-welfare posts.
    pub public_welfare_months: Option<u16>,
    /// First and last possible statutory retirement day (they differ where the group is unknown).
    pub retirement: Option<(NaiveDate, NaiveDate)>,
    /// Empty = any.
    pub channels_accepted: Vec<Channel>,
    /// Empty = any.
    pub regions_accepted: Vec<Region>,
    /// Longest acceptable way to work, minutes one way.
    pub max_minutes: Option<u16>,
    /// Minutes on foot from home to the park.
    pub minutes_to_park: Option<u16>,
    pub skills: Vec<HeldSkill>,
    pub certificates: Vec<HeldCertificate>,
    /// Months worked per occupation (vocabulary entry), from spells and skills.
    pub experience: Vec<(SkillId, u16)>,
    /// Yuan a month.
    pub pay_floor: Option<u32>,
    pub expected_pay: Option<u32>,
    pub wished_occupations: Vec<SkillId>,
    pub wished_industries: Vec<NameId>,
    pub wished_employers: Vec<NameId>,
    pub wished_provinces: Vec<NameId>,
    pub wished_shifts: Vec<Shift>,
    /// Postings declined, or whose employer declined the person, with the day.
    pub declined: Vec<(i64, NaiveDate)>,
}

/// Where a posting's work is done, for the way to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Workplace {
    Park,
    Home,
    /// Minutes one way from the community, if known.
    Elsewhere(Option<u16>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedSkill {
    pub skill: SkillId,
    pub importance: Importance,
    /// 1 (beginner) to 5.
    pub level: u8,
}

/// Age range in completed years; both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRange {
    pub min: Option<u8>,
    pub max: Option<u8>,
    /// "May be relaxed": a factor, not a gate.
    pub soft: bool,
}

/// One posting as the scorer sees it.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Row id, handed back unchanged in results.
    pub id: i64,
    pub employer: NameId,
    pub industry: Option<NameId>,
    pub occupation: Option<SkillId>,
    /// Unfilled places.
    pub n_vacancies: u32,
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    /// First day of work; the as-of date where it is not given.
    pub start_on: Option<NaiveDate>,
    pub channel: Channel,
    pub region: Option<Region>,
    pub province: Option<NameId>,
    pub workplace: Workplace,
    pub age: Option<AgeRange>,
    pub physical_grade: Option<u8>,
    pub load_kg: Option<u16>,
    pub lifts_per_hour: Option<u16>,
    pub forced_posture: Option<bool>,
    pub night_work: Option<bool>,
    pub overtime: Option<bool>,
    pub underground_mine: Option<bool>,
    /// `None` = nobody has said; empty = none.
    pub hazards: Option<Vec<(Hazard, Option<u8>)>>,
    /// See the module docs.
    pub restricted_by_law: bool,
    pub shift: Option<Shift>,
    /// `None` = not given.
    pub hours: Option<WeekHours>,
    pub pay_kind: Option<PayKind>,
    /// Monthly equivalent in yuan.
    pub pay_min: Option<u32>,
    pub pay_max: Option<u32>,
    pub skills: Vec<AskedSkill>,
    pub certificates: Vec<NameId>,
    /// Months in the occupation or a near one.
    pub experience_months: Option<u16>,
    /// Days of training the employer gives; `None` or 0 = none.
    pub training_days: Option<u16>,
}

/// One household as lists and plans need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Household {
    /// Row id, handed back unchanged in results.
    pub id: i64,
    /// Uncovered on the as-of date: its members come first in household-first order.
    pub uncovered: bool,
}
