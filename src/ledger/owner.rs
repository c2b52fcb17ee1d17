//! Whose the columns under a label are, and what their titles mean there.
//!
//! Invariant: a label that names two owners (就业情况及就业意愿) decides nothing between them: a title below it counts where it says itself
//! whose it is, or where it is the same to both.

use super::field::{Field, normalise_title};

/// Whose columns stand under a label or behind an opening column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Said of persons: 基本情况, 人员.
    Person,
    /// Of whoever belongs to a household, the head too.
    Member,
    Head,
    Helper,
    /// Guardians, contacts in an emergency, whoever introduced somebody.
    SomebodyElse,
    /// Work of an earlier year.
    Past,
    Wish,
    Job,
    Business,
    Training,
}

impl Owner {
    /// The owner of the columns behind one of this field.
    pub(super) const fn opened_by(field: Field) -> Option<Self> {
        use Field as F;
        Some(match field {
            F::Name => Self::Person,
            F::HeadName => Self::Head,
            F::Helper => Self::Helper,
            F::Employer | F::JobTitle | F::JobType | F::Channel | F::Status => Self::Job,
            F::WishOccupation | F::WishRegion | F::WishEmployer | F::Willing => Self::Wish,
            F::BusinessProject | F::BusinessName => Self::Business,
            F::TrainingKind | F::TrainingTrade | F::TrainingProvider => Self::Training,
            _ => return None,
        })
    }

    /// What a title read as `field` means here; `Some(None)` for a column that is not the resident's.
    pub(super) const fn meaning(self, field: Field) -> Option<Option<Field>> {
        use Field as F;
        match (self, field) {
            (Self::Head, F::Name) => Some(Some(F::HeadName)),
            (Self::Head, F::IdNumber) => Some(Some(F::HeadId)),
            (Self::Head, F::Phone) => Some(Some(F::HeadPhone)),
            (Self::Helper, F::Name) => Some(Some(F::Helper)),
            (Self::Helper | Self::SomebodyElse, F::Name | F::Phone | F::IdNumber | F::Employer) => Some(None),
            (
                Self::Past,
                F::Employer
                | F::JobTitle
                | F::PostingTitle
                | F::Occupation
                | F::Region
                | F::Place
                | F::WorkPlace
                | F::StartOn
                | F::EndOn
                | F::Income
                | F::Pay
                | F::Channel
                | F::Status
                | F::JobType
                | F::Feature
                | F::EmployerNature
                | F::PostingCode
                | F::ContractUntil
                | F::ContractMonths
                | F::Evidence
                | F::VerifiedOn
                | F::PartTime,
            ) => Some(None),
            (Self::Wish, F::Occupation | F::JobTitle | F::PostingTitle) => Some(Some(F::WishOccupation)),
            (Self::Wish, F::Region | F::Place | F::WorkPlace) => Some(Some(F::WishRegion)),
            (Self::Wish, F::Employer) => Some(Some(F::WishEmployer)),
            (Self::Wish, F::Industry) => Some(Some(F::WishIndustry)),
            (Self::Wish, F::Channel) => Some(Some(F::WishChannel)),
            (Self::Wish, F::Shift) => Some(Some(F::WishShift)),
            (Self::Wish, F::Income | F::Pay) => Some(Some(F::ExpectedPay)),
            (Self::Wish, F::StartOn | F::EndOn) => Some(None),
            (Self::Business, F::Employer) => Some(Some(F::BusinessName)),
            (Self::Business, F::Place | F::Region) => Some(Some(F::BusinessPlace)),
            (Self::Business, F::JobTitle | F::PostingTitle) => Some(Some(F::BusinessProject)),
            (Self::Business, F::StartOn) => Some(Some(F::BusinessStart)),
            (Self::Business, F::EndOn) => Some(Some(F::BusinessEnd)),
            (Self::Training, F::Employer) => Some(Some(F::TrainingProvider)),
            (Self::Training, F::Place | F::WorkPlace | F::Region) => Some(Some(F::TrainingPlace)),
            (Self::Training, F::Occupation | F::JobTitle) => Some(Some(F::TrainingTrade)),
            (Self::Training, F::StartOn) => Some(Some(F::TrainingStart)),
            (Self::Training, F::EndOn) => Some(Some(F::TrainingEnd)),
            (Self::Job, F::Occupation | F::PostingTitle) => Some(Some(F::JobTitle)),
            (Self::Job, F::Pay) => Some(Some(F::Income)),
            (Self::Job, F::WorkPlace) => Some(Some(F::Place)),
            _ => None,
        }
    }
}

/// What a label says of the columns below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Above {
    One(Owner),
    Several(Vec<Owner>),
}

/// Phrases of labels, the longer ones before what they contain.
const PHRASES: &[(Owner, &[&str])] = &[
    (Owner::SomebodyElse, &["监护人", "紧急联系", "介绍人", "其他联系人"]),
    (Owner::Member, &["帮扶对象", "帮扶户", "帮扶家庭", "包保对象", "包保户", "结对对象", "结对户"]),
    (Owner::Job, &["帮扶车间", "公益性岗位", "公益岗"]),
    (Owner::Helper, &["帮扶", "包保", "结对", "责任人"]),
    (Owner::Past, &["上年", "去年", "往年", "上一年", "以前", "历史"]),
    (Owner::Wish, &["就业创业意愿", "就业创业意向", "就创业意愿", "就业意愿", "务工意愿", "创业意愿", "培训意愿"]),
    (Owner::Wish, &["就业意向", "务工意向", "创业意向", "未就业", "未务工"]),
    (Owner::Job, &["就业去向", "务工去向", "从业去向"]),
    (Owner::Wish, &["意向", "意愿", "去向", "求职", "期望"]),
    (Owner::Training, &["就业技能培训", "就业前培训", "创业培训", "工作培训", "培训"]),
    (Owner::Job, &["就业创业", "就创业"]),
    (Owner::Business, &["创业", "自主经营"]),
    (Owner::Job, &["就业", "务工", "从业", "工作"]),
    (Owner::Head, &["户主"]),
    (Owner::Member, &["成员", "劳动力"]),
    (Owner::Person, &["本人", "人员", "基本"]),
];

/// The owners a label names.
fn named(label: &str) -> Vec<Owner> {
    let mut rest = normalise_title(label);
    let mut owners = Vec::new();
    for (owner, phrases) in PHRASES {
        for phrase in *phrases {
            if rest.contains(phrase) {
                rest = rest.replace(phrase, "|");
                if !owners.contains(owner) {
                    owners.push(*owner);
                }
            }
        }
    }
    owners
}

impl Above {
    /// What a group's label names.
    pub fn of_label(label: &str) -> Option<Self> {
        let mut owners = named(label);
        for stronger in [Owner::SomebodyElse, Owner::Past] {
            if owners.contains(&stronger) {
                return Some(Self::One(stronger));
            }
        }
        // 户主及家庭成员 are all of the household; members of whom something is told are whose it is.
        let has = |owners: &[Owner], owner| owners.contains(&owner);
        if has(&owners, Owner::Member) {
            owners.retain(|owner| *owner != Owner::Head);
        }
        if owners.len() > 1 {
            owners.retain(|owner| *owner != Owner::Person);
        }
        if owners.len() > 1 && !has(&owners, Owner::Helper) {
            owners.retain(|owner| *owner != Owner::Member);
        }
        match owners[..] {
            [] => None,
            [only] => Some(Self::One(only)),
            _ => Some(Self::Several(owners)),
        }
    }

    /// What a title read as `field` means below; `None` for a column that is not the resident's, or not certainly.
    pub fn meaning(&self, field: Field, title: &str) -> Option<Field> {
        let owners = match self {
            Self::One(owner) => return owner.meaning(field).unwrap_or(Some(field)),
            Self::Several(owners) => owners,
        };
        let own: Vec<Owner> = named(title).into_iter().filter(|owner| owners.contains(owner)).collect();
        if let [own] = own[..] {
            return own.meaning(field).unwrap_or(Some(field));
        }
        // What somebody earns is no wish, and a wish has no first day.
        if field == Field::Income && title.contains("收入") && owners.contains(&Owner::Job) {
            return Some(Field::Income);
        }
        let is_of_a_job = matches!(field, Field::StartOn | Field::EndOn);
        let asked = owners.iter().filter(|owner| !(is_of_a_job && **owner == Owner::Wish));
        let mut meanings: Vec<Option<Field>> = asked.map(|owner| owner.meaning(field).unwrap_or(Some(field))).collect();
        meanings.dedup();
        match meanings[..] {
            [only] => only,
            _ => None,
        }
    }
}
