//! Typed rows: what a ledger says, free of spreadsheets and of databases.
//!
//! Invariant: a record exists only for a row without an `error` finding. `None` means the file does not say, never "no".

use chrono::NaiveDate;

use super::head::SheetKind;
use super::phrase::{Care, NamedCertificate, NamedSkill};
use crate::domain::codes::{
    Absence, BarrierKind, Channel, Education, EmployerKind, Hazard, Health, LabourClass, MonitoringClass, PayKind,
    Region, Relation, RuledOut, SchoolStatus, Sex, Shift, WishKind,
};
use crate::domain::resident_id::ResidentId;
use crate::domain::week::Span;

/// Where a record stands: sheet index in the file and row as people count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    pub sheet: usize,
    pub row: u32,
}

/// A person's row of a labour ledger, a member list or a household list.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub at: At,
    pub kind: SheetKind,
    pub id: ResidentId,
    pub name: String,
    pub household: HouseholdWords,
    /// `None` where the row does not say; see [`super::group`] for how the head is known then.
    pub relation: Option<Relation>,
    pub facts: PersonFacts,
    pub job: Option<JobWords>,
    /// The status word, where the sheet has one: employed or not.
    pub employed: Option<bool>,
    pub note: Option<String>,
}

/// What a person's row says about the household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseholdWords {
    pub code: Option<String>,
    pub head_id: Option<ResidentId>,
    pub head_name: Option<String>,
    pub community: Option<String>,
    pub grid: Option<String>,
    pub building: Option<String>,
    pub unit: Option<String>,
    pub township: Option<String>,
    pub monitoring: Option<MonitoringClass>,
    pub helper: Option<String>,
    pub care: Vec<Care>,
    pub counts: HouseholdCounts,
    /// Household lists: columns nobody knows.
    pub note: Option<String>,
}

/// How many of a household a list says there are; compared with its people, never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HouseholdCounts {
    pub labour: Option<i64>,
    /// Who has no job and wants one.
    pub willing: Option<i64>,
    pub employed: Option<i64>,
    /// How many names of employed people are given.
    pub named: Option<i64>,
}

/// A list from one cell: `None` = not given, empty = given as none.
pub type Given<T> = Option<Vec<T>>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonFacts {
    /// As the row writes it; the ID number's own date is what is stored.
    pub written_sex: Option<Sex>,
    pub ethnicity: Option<String>,
    pub education: Option<Education>,
    pub health: Option<Health>,
    pub labour_class: Option<LabourClass>,
    pub school: Option<SchoolStatus>,
    pub absence: Option<Absence>,
    pub died_on: Option<NaiveDate>,
    /// A remark tells of the death: its day, or that of the ledger. Only of whom no death is recorded.
    pub died_by_remark: Option<NaiveDate>,
    /// Digits only, or as written where it is no number at all.
    pub phone: Option<String>,
    pub willing: Option<bool>,
    pub willing_to_train: Option<bool>,
    pub seeking_change: Option<bool>,
    pub max_physical_grade: Option<i64>,
    pub max_load_kg: Option<i64>,
    pub no_forced_posture: Option<bool>,
    pub max_minutes: Option<i64>,
    /// Yuan a month.
    pub expected_pay: Option<i64>,
    pub pay_floor: Option<i64>,
    pub hazard_check_until: Option<NaiveDate>,
    pub public_welfare_months: Option<i64>,
    pub skills: Given<NamedSkill>,
    pub certificates: Given<NamedCertificate>,
    pub unavailable: Given<Span>,
    pub ruled_out: Given<RuledOut>,
    /// Kind and value; codes for channel, region and shift, words for the rest. A kind that occurs replaces what was stored.
    pub wishes: Vec<(WishKind, String)>,
    pub barriers: Given<(BarrierKind, String)>,
}

impl PersonFacts {
    /// What a later row says takes the place of what an earlier one said.
    pub fn overlay(&mut self, later: &Self) {
        macro_rules! over {
            ($($field:ident),+ $(,)?) => { $(if later.$field.is_some() { self.$field.clone_from(&later.$field); })+ };
        }
        over!(
            written_sex,
            ethnicity,
            education,
            health,
            labour_class,
            school,
            absence,
            died_on,
            died_by_remark,
            phone,
            willing,
            willing_to_train,
            seeking_change,
            max_physical_grade,
            max_load_kg,
            no_forced_posture,
            max_minutes,
            expected_pay,
            pay_floor,
            hazard_check_until,
            public_welfare_months,
            skills,
            certificates,
            unavailable,
            ruled_out,
            barriers,
        );
        if !later.wishes.is_empty() {
            self.wishes.clone_from(&later.wishes);
        }
    }
}

/// One employment as a row tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobWords {
    pub channel: Channel,
    /// The row itself names the channel; otherwise it was concluded from other words.
    pub channel_given: bool,
    pub employer: Option<String>,
    pub title: Option<String>,
    pub posting_code: Option<String>,
    pub region: Option<Region>,
    pub place: Option<String>,
    pub start: Option<NaiveDate>,
    /// First day out of the job.
    pub end: Option<NaiveDate>,
    /// Yuan a month.
    pub income: Option<i64>,
    pub contract_until: Option<NaiveDate>,
    pub evidence: Option<String>,
    pub verified_on: Option<NaiveDate>,
    pub part_time: Option<bool>,
    pub note: Option<String>,
}

#[derive(Clone, Debug)]
pub struct JobRow {
    pub at: At,
    pub kind: SheetKind,
    pub id: ResidentId,
    /// Where the list names the person: compared with the record, never stored.
    pub name: Option<String>,
    pub job: JobWords,
    /// Facts about the person that job lists repeat (school, class); used for checks, not stored.
    pub facts: PersonFacts,
}

/// Somebody in a list of jobs of whom it tells no job.
#[derive(Clone, Debug)]
pub struct IdleRow {
    pub at: At,
    pub id: ResidentId,
    pub name: Option<String>,
    /// The status word, where the sheet has one.
    pub employed: Option<bool>,
    /// What stands in columns without a place of their own: kept with the person.
    pub note: Option<String>,
}

#[derive(Clone, Debug)]
pub struct JobEndRow {
    pub at: At,
    pub id: ResidentId,
    pub name: Option<String>,
    pub end: NaiveDate,
}

#[derive(Clone, Debug)]
pub struct TrainingRow {
    pub at: At,
    pub id: ResidentId,
    pub name: Option<String>,
    pub kind: String,
    pub trade: Option<String>,
    pub provider: Option<String>,
    pub place: Option<String>,
    pub start: NaiveDate,
    pub end: Option<NaiveDate>,
    pub days: Option<i64>,
    pub subsidy_fen: Option<i64>,
    pub note: Option<String>,
}

#[derive(Clone, Debug)]
pub struct PostingRow {
    pub at: At,
    pub code: Option<String>,
    pub employer: String,
    /// A valid code; an invalid one was reported and left out.
    pub credit_code: Option<String>,
    pub employer_kind: Option<EmployerKind>,
    pub industry: Option<String>,
    pub address: Option<String>,
    pub title: String,
    /// The trade, where it is given beside the title.
    pub occupation: Option<String>,
    pub channel: Option<Channel>,
    pub headcount: i64,
    pub pay_kind: Option<PayKind>,
    pub pay_min_fen: Option<i64>,
    pub pay_max_fen: Option<i64>,
    pub shift: Option<Shift>,
    pub hours: Given<Span>,
    pub night_work: Option<bool>,
    pub overtime: Option<bool>,
    pub physical_grade: Option<i64>,
    pub load_kg: Option<i64>,
    pub lifts_per_hour: Option<i64>,
    pub forced_posture: Option<bool>,
    pub underground_mine: Option<bool>,
    pub hazards: Given<(Hazard, Option<u8>)>,
    pub age_min: Option<i64>,
    pub age_max: Option<i64>,
    pub age_is_soft: Option<bool>,
    pub must_skills: Given<NamedSkill>,
    pub nice_skills: Given<NamedSkill>,
    pub certificates: Given<NamedCertificate>,
    pub experience_months: Option<i64>,
    pub training_days: Option<i64>,
    pub place: Option<String>,
    pub province: Option<String>,
    pub region: Option<Region>,
    pub commute_minutes: Option<i64>,
    pub start_on: Option<NaiveDate>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    /// `Some(None)` where the list says that there is no approval.
    pub special_hours_approval: Option<Option<String>>,
    /// Where the list says when the employer last confirmed the posting, or that it never did.
    pub confirmed_on: Option<Option<NaiveDate>>,
    pub description: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug)]
pub struct BuildingRow {
    pub at: At,
    pub community: Option<String>,
    pub grid: Option<String>,
    pub building: String,
    pub minutes_to_park: Option<i64>,
}

/// All rows of a file that can be stored.
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub people: Vec<PersonRow>,
    pub jobs: Vec<JobRow>,
    pub idle: Vec<IdleRow>,
    pub job_ends: Vec<JobEndRow>,
    pub trainings: Vec<TrainingRow>,
    pub postings: Vec<PostingRow>,
    pub buildings: Vec<BuildingRow>,
}
