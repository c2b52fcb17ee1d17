//! Can this person be employed on this day, and if not, why?
//!
//! Invariant: exactly one answer for every day, and the first reason that applies in the order of [`NotEmployable`]. What
//! nobody has recorded never excludes anybody: it counts as employable and is listed (domain.md §4). Unwillingness is no
//! reason here. Constant time.

use chrono::NaiveDate;

use super::ages::{LabourAge, is_labour_age};
use super::codes::{Absence, LabourClass, SchoolStatus, code_list};

/// What is recorded about a person that decides on employability, as it stands on the day asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonFacts {
    pub birth_date: Option<NaiveDate>,
    pub died_on: Option<NaiveDate>,
    /// First day in the household; `None` = since ever.
    pub member_from: Option<NaiveDate>,
    /// First day out of the household; `None` = still in it.
    pub member_until: Option<NaiveDate>,
    pub labour_class: Option<LabourClass>,
    pub school: Option<SchoolStatus>,
    pub absence: Option<Absence>,
    /// Recorded wish to work; it splits uncovered households and exempts nobody.
    pub willing: Option<bool>,
}

impl PersonFacts {
    /// Whether the person is alive and a member of the household on a day.
    #[must_use]
    pub fn is_current_member(&self, on: NaiveDate) -> bool {
        self.is_alive(on) && self.is_member(on)
    }

    /// The day of death is the first day the person does not count.
    fn is_alive(&self, on: NaiveDate) -> bool {
        self.died_on.is_none_or(|died| on < died)
    }

    /// Whether the person belongs to the household on a day, alive or not.
    #[must_use]
    pub fn is_member(&self, on: NaiveDate) -> bool {
        self.member_from.is_none_or(|from| from <= on) && self.member_until.is_none_or(|until| on < until)
    }

    /// Whether a school is recorded that the person attends.
    #[must_use]
    pub fn is_in_school(&self) -> bool {
        self.school.is_some_and(|school| school != SchoolStatus::NotInSchool)
    }

    /// Whether the recorded class says that the person cannot work.
    #[must_use]
    pub fn has_no_capacity(&self) -> bool {
        matches!(self.labour_class, Some(LabourClass::Lost | LabourClass::None))
    }
}

code_list! {
    /// Why a person is not employable, in the order the reasons are looked at.
    NotEmployable {
        Deceased = "deceased", "已去世", "deceased";
        NotAMember = "not_a_member", "不是本户现有成员", "not a current member";
        UnderAge = "under_age", "未到劳动年龄", "below labour age";
        OverAge = "over_age", "超过劳动年龄", "above labour age";
        InSchool = "in_school", "在校", "in school";
        MilitaryService = "military_service", "服兵役", "military service";
        Prison = "prison", "服刑", "prison";
        LongTermCare = "long_term_care", "长期住院或托养", "long-term care";
        Missing = "missing", "失踪", "missing";
        LostCapacity = "lost_capacity", "丧失劳动力", "lost capacity to work";
        NoCapacity = "no_capacity", "无劳动力", "no capacity to work";
    }
}

impl From<Absence> for NotEmployable {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::MilitaryService => Self::MilitaryService,
            Absence::Prison => Self::Prison,
            Absence::LongTermCare => Self::LongTermCare,
            Absence::Missing => Self::Missing,
        }
    }
}

code_list! {
    /// What is not recorded and was counted in the person's favour; each is a finding.
    Unrecorded {
        BirthDate = "birth_date", "出生日期未登记", "birth date not recorded";
        School = "school_status", "在校状况未登记", "school status not recorded";
        LabourClass = "labour_class", "劳动技能未登记", "labour class not recorded";
    }
}

/// The answer for one person and one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Employability {
    Employable { unknown: Vec<Unrecorded> },
    NotEmployable(NotEmployable),
}

impl Employability {
    #[must_use]
    pub const fn is_employable(&self) -> bool {
        matches!(self, Self::Employable { .. })
    }

    /// The reason; `None` for an employable person.
    #[must_use]
    pub const fn reason(&self) -> Option<NotEmployable> {
        match self {
            Self::Employable { .. } => None,
            Self::NotEmployable(reason) => Some(*reason),
        }
    }
}

/// Why the person is not employable on that day; `None` = employable. The same answer as [`employability`], without
/// listing what is unknown.
#[must_use]
pub fn not_employable(person: &PersonFacts, on: NaiveDate, ages: &LabourAge) -> Option<NotEmployable> {
    if !person.is_alive(on) {
        return Some(NotEmployable::Deceased);
    }
    if !person.is_member(on) {
        return Some(NotEmployable::NotAMember);
    }
    if let Some(birth) = person.birth_date
        && !is_labour_age(birth, on, ages)
    {
        return Some(if on < ages.first_day(birth) { NotEmployable::UnderAge } else { NotEmployable::OverAge });
    }
    if person.is_in_school() {
        return Some(NotEmployable::InSchool);
    }
    if let Some(absence) = person.absence {
        return Some(absence.into());
    }
    match person.labour_class {
        Some(LabourClass::Lost) => Some(NotEmployable::LostCapacity),
        Some(LabourClass::None) => Some(NotEmployable::NoCapacity),
        _ => None,
    }
}

/// Whether a person is employable on a day (domain.md §4), with the reason or with what is not recorded.
#[must_use]
pub fn employability(person: &PersonFacts, on: NaiveDate, ages: &LabourAge) -> Employability {
    if let Some(reason) = not_employable(person, on, ages) {
        return Employability::NotEmployable(reason);
    }
    let recorded = [
        (Unrecorded::BirthDate, person.birth_date.is_some()),
        (Unrecorded::School, person.school.is_some()),
        (Unrecorded::LabourClass, person.labour_class.is_some()),
    ];
    Employability::Employable { unknown: recorded.iter().filter(|(_, known)| !known).map(|(what, _)| *what).collect() }
}
