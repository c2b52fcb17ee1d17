//! What a column means, read from its path: its own title and the labels of the groups above it.
//!
//! Invariants: only a title that is known for certain gives a field; what merely resembles one is a suggestion for a person to
//! confirm ([`super::mapping`]). A column of somebody else (a guardian's phone, last year's employer) is never taken for the
//! resident's own.

use super::field::{Field, normalise_title};
use super::owner::{Above, Owner};
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

/// Short titles that say enough only below a group's label.
const BELOW_A_GROUP: &[(&str, Field)] = &[
    ("单位", Field::Employer),
    ("企业", Field::Employer),
    ("地点", Field::Region),
    ("地区", Field::Region),
    ("地域", Field::Region),
    ("省", Field::Region),
    ("省市", Field::Region),
    ("地址", Field::Place),
    ("原因", Field::Barrier),
    ("渠道", Field::Channel),
    ("行业", Field::Industry),
    ("时间", Field::StartOn),
];

/// What the paths of a head say, each if it says it for certain. Of groups that name years the latest is of now.
#[must_use]
pub fn read_all(paths: &[Vec<String>]) -> Vec<Option<Reading>> {
    let year = |path: &Vec<String>| path.split_last()?.1.iter().rev().find_map(|label| year_of(label));
    let latest = paths.iter().filter_map(year).max();
    let read = |path: &Vec<String>| {
        if year(path) < latest && year(path).is_some() {
            read_as(path, Some(Above::One(Owner::Past)))
        } else {
            read(path)
        }
    };
    paths.iter().map(read).collect()
}

/// The year a label begins with or names: `2025年就业情况`.
fn year_of(label: &str) -> Option<u32> {
    let label = normalise_title(label);
    let (before, _) = label.split_once('年')?;
    let digits = before.get(before.len().checked_sub(4)?..)?;
    digits.parse().ok().filter(|year| (1990..2100).contains(year))
}

/// What a path says, if it says it for certain.
#[must_use]
pub fn read(path: &[String]) -> Option<Reading> {
    let (title, groups) = path.split_last()?;
    let above =
        groups.iter().rev().find_map(|label| Above::of_label(label)).or_else(|| bracketed(title).map(Above::One));
    read_as(path, above)
}

fn read_as(path: &[String], above: Option<Above>) -> Option<Reading> {
    let title = path.last()?;
    // A bare 时间 is when something began only of what begins: a visit has one, too.
    let begins = matches!(above, Some(Above::One(Owner::Job | Owner::Business | Owner::Training)));
    let is_meant = |field: Field| field != Field::StartOn || begins;
    let below = |title: &str| {
        let known = BELOW_A_GROUP.iter().find(|(known, _)| *known == title).map(|(_, field)| *field);
        known.filter(|field| is_meant(*field))
    };
    let plain = normalise_title(title);
    let (field, confidence, why) = if let Some(field) = Field::of_title(title) {
        (field, 100, Why::Title)
    } else if let Some(field) = above.as_ref().and_then(|_| below(&plain)) {
        (field, 90, Why::Path)
    } else {
        (beginning(title)?, 85, Why::Beginning)
    };
    match above.map(|above| above.meaning(field, &plain)) {
        Some(Some(meant)) if meant != field => {
            Some(Reading { field: meant, confidence: confidence.min(95), why: Why::Path })
        }
        Some(None) => None,
        _ => Some(Reading { field, confidence, why }),
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
