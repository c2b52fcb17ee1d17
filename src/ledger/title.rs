//! What a column means, read from its path: its own title and the labels of the groups above it.
//!
//! Invariants: only a title that is known for certain gives a field; what merely resembles one is a suggestion for a person to
//! confirm ([`super::mapping`]). A column of somebody else (a guardian's phone, last year's employer) is never taken for the
//! resident's own.

use super::field::{Field, normalise_title};
use crate::domain::text::Label;

/// Why a column is taken for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Title,
    /// The title begins with a known one and goes on explaining.
    Beginning,
    /// The groups above the title change what it means.
    Path,
    /// Its place among the columns tells it from another of the same title.
    Order,
    /// Somebody said so, now or before.
    Given,
    Similar,
    Values,
}

impl Why {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Beginning => "beginning",
            Self::Path => "path",
            Self::Order => "order",
            Self::Given => "given",
            Self::Similar => "similar",
            Self::Values => "values",
        }
    }

    #[must_use]
    pub const fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Title => ("列名一致", "the title is known"),
            Self::Beginning => ("列名开头一致", "the title begins with a known one"),
            Self::Path => ("按上级表头判断", "by the groups above it"),
            Self::Order => ("按列的先后判断", "by its place among the columns"),
            Self::Given => ("人工指定", "somebody said so"),
            Self::Similar => ("列名相近", "the title resembles one"),
            Self::Values => ("内容相符", "the values look like it"),
        };
        Label { zh, en }
    }
}

/// A field a column is taken for, and how sure that is, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub field: Field,
    pub confidence: u8,
    pub why: Why,
}

/// Whose columns stand under a label or behind an opening column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Person,
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
    /// The owner a group's label names.
    fn of_label(label: &str) -> Option<Self> {
        // The first that occurs decides, so the narrower words stand first.
        const WORDS: &[(Owner, &[&str])] = &[
            (Owner::SomebodyElse, &["监护人", "紧急联系", "介绍人", "其他联系人"]),
            (Owner::Helper, &["帮扶", "包保", "结对", "责任人"]),
            (Owner::Head, &["户主"]),
            (Owner::Past, &["上年", "去年", "往年", "上一年", "以前", "历史"]),
            (Owner::Wish, &["意向", "意愿", "去向", "求职", "期望", "未就业", "未务工"]),
            (Owner::Training, &["培训"]),
            (Owner::Job, &["就业创业", "就创业"]),
            (Owner::Business, &["创业", "自主经营"]),
            (Owner::Job, &["就业", "务工", "从业", "工作"]),
            (Owner::Person, &["成员", "劳动力", "本人", "人员", "基本"]),
        ];
        let label = normalise_title(label);
        let named = WORDS.iter().find(|(_, words)| words.iter().any(|word| label.contains(word)));
        named.map(|(owner, _)| *owner)
    }

    /// The owner of the columns behind one of this field.
    const fn opened_by(field: Field) -> Option<Self> {
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
    const fn meaning(self, field: Field) -> Option<Option<Field>> {
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
                | F::Status,
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
            (Self::Business, F::Place) => Some(Some(F::BusinessPlace)),
            (Self::Business, F::JobTitle | F::PostingTitle) => Some(Some(F::BusinessProject)),
            (Self::Business, F::StartOn) => Some(Some(F::BusinessStart)),
            (Self::Business, F::EndOn) => Some(Some(F::BusinessEnd)),
            (Self::Training, F::Employer) => Some(Some(F::TrainingProvider)),
            (Self::Training, F::Place | F::WorkPlace) => Some(Some(F::TrainingPlace)),
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

/// Short titles that say enough only below a group's label.
const BELOW_A_GROUP: &[(&str, Field)] = &[
    ("单位", Field::Employer),
    ("企业", Field::Employer),
    ("地点", Field::Region),
    ("地区", Field::Region),
    ("地域", Field::Region),
    ("地址", Field::Place),
    ("原因", Field::Barrier),
    ("渠道", Field::Channel),
    ("行业", Field::Industry),
];

/// What a path says, if it says it for certain.
#[must_use]
pub fn read(path: &[String]) -> Option<Reading> {
    let (title, groups) = path.split_last()?;
    let owner = groups.iter().rev().find_map(|label| Owner::of_label(label)).or_else(|| bracketed(title));
    let below = |title: &str| BELOW_A_GROUP.iter().find(|(known, _)| *known == title).map(|(_, field)| *field);
    let plain = normalise_title(title);
    let (field, confidence, why) = if let Some(field) = Field::of_title(title) {
        (field, 100, Why::Title)
    } else if let Some(field) = owner.and_then(|_| below(&plain)) {
        (field, 90, Why::Path)
    } else {
        (beginning(title)?, 85, Why::Beginning)
    };
    match owner.and_then(|owner| owner.meaning(field)) {
        Some(Some(meant)) => Some(Reading { field: meant, confidence: confidence.min(95), why: Why::Path }),
        Some(None) => None,
        None => Some(Reading { field, confidence, why }),
    }
}

/// `联系电话（户主）`: brackets that hold an owner's name and nothing else.
fn bracketed(title: &str) -> Option<Owner> {
    let start = title.find(['(', '（'])?;
    let inner = title[start..].trim_matches(|c: char| matches!(c, '(' | '（' | ')' | '）' | '*') || c.is_whitespace());
    match inner {
        "户主" | "户主本人" => Some(Owner::Head),
        "帮扶人" | "帮扶干部" => Some(Owner::Helper),
        "监护人" | "紧急联系人" => Some(Owner::SomebodyElse),
        "意向" => Some(Owner::Wish),
        _ => None,
    }
}

/// A known title with an explanation behind it: `就业状态：1.已就业 2.未就业`.
fn beginning(title: &str) -> Option<Field> {
    let end = title.find(['\n', ':', '：', '，', ',', '；', ';', '。', '?', '？'])?;
    Field::of_title(&title[..end])
}

/// Tells columns of one field apart by the column before them that opens a group: of two ID numbers the one behind 户主 is the
/// head's. A column that alone has its field is left as it is.
pub fn by_order(readings: &mut [Option<Reading>]) {
    let mut owner = None;
    for index in 0..readings.len() {
        let Some(reading) = readings[index] else { continue };
        let is_repeated = reading.why == Why::Title
            && readings.iter().flatten().filter(|other| other.field == reading.field).count() > 1;
        if is_repeated && let Some(meaning) = owner.and_then(|owner: Owner| owner.meaning(reading.field)) {
            let taken = |field| readings.iter().flatten().any(|other| other.field == field);
            match meaning {
                Some(field) if taken(field) => {}
                Some(field) => readings[index] = Some(Reading { field, confidence: 90, why: Why::Order }),
                None => readings[index] = None,
            }
        }
        if let Some(reading) = readings[index] {
            owner = Owner::opened_by(reading.field).or(owner);
        }
    }
}
