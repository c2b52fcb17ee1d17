//! Where the table starts, what kind of sheet it is, and which column is which field.
//!
//! Titles above the head, merged two-row heads and any order of columns are accepted. A sheet is known by the fields it has,
//! never by its name. Cost: the first rows only.

use std::collections::BTreeMap;

use super::field::{Field, normalise_title};
use super::workbook::{Row, Sheet};
use crate::domain::text::Label;

/// A head further down than this is not looked for.
const HEAD_WITHIN: usize = 20;

/// What the rows of a sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetKind {
    /// One row a person, household and job in the same row.
    Labour,
    /// One row a household, given by its head.
    Household,
    /// One row a person, with the head's ID number.
    Member,
    Job,
    /// ID number and last day of a job.
    JobEnd,
    Business,
    Training,
    Posting,
    Building,
}

impl SheetKind {
    #[must_use]
    pub const fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Labour => ("劳动力台账", "labour ledger"),
            Self::Household => ("户", "households"),
            Self::Member => ("家庭成员", "household members"),
            Self::Job => ("就业", "jobs"),
            Self::JobEnd => ("就业结束", "job ends"),
            Self::Business => ("创业", "businesses"),
            Self::Training => ("培训", "training"),
            Self::Posting => ("岗位清单", "postings"),
            Self::Building => ("楼栋清单", "buildings"),
        };
        Label { zh, en }
    }

    /// Sheets of postings and buildings hold nothing personal, so their values may be shown in findings.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::Posting | Self::Building)
    }

    const fn required(self) -> &'static [Field] {
        match self {
            Self::Labour | Self::Member => &[Field::Name, Field::IdNumber],
            Self::Household => &[Field::HeadName, Field::HeadId],
            Self::Job | Self::Business | Self::Training => &[Field::IdNumber],
            Self::JobEnd => &[Field::IdNumber, Field::EndOn],
            Self::Posting => &[Field::Employer, Field::PostingTitle, Field::Headcount],
            Self::Building => &[Field::Building],
        }
    }

    /// A title means something else beside other company: (title read as, meant here).
    const fn substitutes(self) -> &'static [(Field, Field)] {
        match self {
            Self::Household => {
                &[(Field::Name, Field::HeadName), (Field::IdNumber, Field::HeadId), (Field::Phone, Field::HeadPhone)]
            }
            Self::Labour | Self::Member | Self::Job => &[
                (Field::PostingTitle, Field::JobTitle),
                (Field::Occupation, Field::JobTitle),
                (Field::Pay, Field::Income),
                (Field::WorkPlace, Field::Place),
            ],
            Self::Posting => &[
                (Field::Occupation, Field::PostingTitle),
                (Field::JobTitle, Field::PostingTitle),
                (Field::Income, Field::Pay),
                (Field::Place, Field::WorkPlace),
                (Field::Age, Field::AgeWanted),
                (Field::Sex, Field::SexWanted),
            ],
            Self::JobEnd | Self::Business | Self::Training | Self::Building => &[],
        }
    }
}

/// The head of a sheet.
#[derive(Clone, Debug)]
pub struct Head {
    pub kind: SheetKind,
    /// Index into `Sheet::rows` of the first row below the head.
    pub first_data: usize,
    /// Row number of the (lower) head row, as shown to people.
    pub row_number: u32,
    columns: BTreeMap<Field, usize>,
    titles: Vec<String>,
    /// Columns kept as notes: (index, whether the field was already taken by an earlier column).
    pub notes: Vec<(usize, bool)>,
    pub missing: Vec<Field>,
}

impl Head {
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.get(&field).copied()
    }

    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.columns.contains_key(&field)
    }

    /// The column's title as the file writes it, line breaks removed.
    #[must_use]
    pub fn title(&self, column: usize) -> &str {
        self.titles.get(column).map_or("", String::as_str)
    }

    /// All titles, left to right; empty where a column has none.
    #[must_use]
    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    /// The file's own title of a field, if it has that column.
    #[must_use]
    pub fn title_of(&self, field: Field) -> Option<&str> {
        self.column(field).map(|column| self.title(column))
    }
}

/// Finds the head: the row, or pair of rows of a merged head, that matches most fields and makes sense as a kind of sheet.
#[must_use]
pub fn detect(sheet: &Sheet) -> Option<Head> {
    let mut best: Option<(usize, usize, Vec<String>)> = None;
    for index in 0..sheet.rows.len().min(HEAD_WITHIN) {
        let single = titles_of(&sheet.rows[index]);
        consider(&mut best, index, single.clone());
        if let Some(lower) = sheet.rows.get(index + 1) {
            let lower = titles_of(lower);
            if matches(&lower) > 0 && looks_like_titles(&lower) {
                consider(&mut best, index + 1, merge(&single, &lower));
            }
        }
    }
    let (index, _, titles) = best?;
    head(sheet, index, titles)
}

fn consider(best: &mut Option<(usize, usize, Vec<String>)>, index: usize, titles: Vec<String>) {
    let n = matches(&titles);
    if n >= 2 && best.as_ref().is_none_or(|(_, most, _)| n > *most) {
        *best = Some((index, n, titles));
    }
}

fn matches(titles: &[String]) -> usize {
    let mut fields: Vec<Field> = titles.iter().filter_map(|title| Field::of_title(title)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields.len()
}

/// The lower half of a merged head has no digits in it, a row of data nearly always has.
fn looks_like_titles(titles: &[String]) -> bool {
    !titles.iter().any(|title| title.chars().filter(char::is_ascii_digit).count() >= 4)
}

fn titles_of(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.display().replace(['\r', '\n'], "").trim().to_owned()).collect()
}

fn merge(upper: &[String], lower: &[String]) -> Vec<String> {
    (0..upper.len().max(lower.len()))
        .map(|i| lower.get(i).filter(|title| !title.is_empty()).or_else(|| upper.get(i)).cloned().unwrap_or_default())
        .collect()
}

fn head(sheet: &Sheet, index: usize, titles: Vec<String>) -> Option<Head> {
    let mut columns = BTreeMap::new();
    let mut notes = Vec::new();
    for (column, title) in titles.iter().enumerate() {
        match Field::of_title(title) {
            Some(field) if !columns.contains_key(&field) => _ = columns.insert(field, column),
            Some(field) if field.is_dropped() => {}
            Some(_) => notes.push((column, true)),
            None if normalise_title(title).is_empty() => {}
            None => notes.push((column, false)),
        }
    }
    let kind = kind_of(&columns)?;
    for &(read, meant) in kind.substitutes() {
        if !columns.contains_key(&meant)
            && let Some(column) = columns.remove(&read)
        {
            columns.insert(meant, column);
        }
    }
    let missing = kind.required().iter().copied().filter(|field| !columns.contains_key(field)).collect();
    Some(Head { kind, first_data: index + 1, row_number: sheet.rows[index].number, columns, titles, notes, missing })
}

fn kind_of(columns: &BTreeMap<Field, usize>) -> Option<SheetKind> {
    use Field as F;
    let has = |field: F| columns.contains_key(&field);
    let any = |fields: &[F]| fields.iter().any(|field| has(*field));
    let id = has(F::IdNumber);
    let household = any(&[F::HouseholdCode, F::HeadName, F::HeadId, F::Relation]);
    let job = any(&[F::StartOn, F::Employer, F::JobType, F::Feature]);
    if !id && !has(F::Name) && has(F::Building) && !household {
        return Some(SheetKind::Building);
    }
    if !id && !has(F::Name) && !household {
        let posting = any(&[F::PostingTitle, F::Occupation])
            && any(&[F::Headcount, F::Employer, F::PostingCode, F::PayMin, F::Pay]);
        return posting.then_some(SheetKind::Posting);
    }
    if any(&[F::TrainingKind, F::TrainingStart]) && id {
        return Some(SheetKind::Training);
    }
    if any(&[F::BusinessProject, F::BusinessStart]) && id {
        return Some(SheetKind::Business);
    }
    if (has(F::HeadId) && !id && !has(F::Name)) || (id && has(F::LabourCount)) {
        return Some(SheetKind::Household);
    }
    let beside_end = [F::IdNumber, F::EndOn, F::Name, F::Sequence, F::Sex, F::Age, F::Phone, F::Note];
    if id && has(F::EndOn) && columns.keys().all(|field| beside_end.contains(field)) {
        return Some(SheetKind::JobEnd);
    }
    if id && !household && job {
        return Some(SheetKind::Job);
    }
    if id && has(F::HeadId) && !job {
        return Some(SheetKind::Member);
    }
    // Without an ID column a ledger is still recognised, so that its absence can be said.
    let telling = [F::HouseholdCode, F::HeadName, F::Relation, F::Phone, F::Sex, F::LabourClass, F::Status];
    (id || (has(F::Name) && telling.iter().filter(|field| has(**field)).count() >= 2)).then_some(SheetKind::Labour)
}
