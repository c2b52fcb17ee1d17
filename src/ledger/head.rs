//! What kind of sheet it is, and which column is which field.
//!
//! Any order of columns is accepted. A sheet is known by the fields it has, never by its name; what somebody said of a column
//! goes before what its title says.

use std::collections::BTreeMap;

use super::field::Field;
use super::job_groups::{self, JobGroup};
use super::layout::{self, Layout};
use super::mapping::Meanings;
use super::title::{self, Reading, Why};
use super::workbook::Sheet;
use crate::domain::text::Label;

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

    /// Whether rows of this kind store what a column of a field says. Lists of jobs, businesses and courses know a person by number and
    /// name, and compare some facts, but are no source of them.
    pub(super) const fn stores(self, field: Field) -> bool {
        use Field as F;
        match field {
            F::Name | F::IdNumber | F::Sex | F::BirthDate | F::Note | F::HeadName | F::HeadId | F::Relation => true,
            _ if field.is_dropped() || field.is_noted() => true,
            F::School | F::LabourClass | F::Health | F::Status => matches!(self, Self::Job),
            F::BusinessProject | F::BusinessName | F::BusinessPlace | F::BusinessStart | F::BusinessEnd => true,
            F::TrainingKind
            | F::TrainingTrade
            | F::TrainingProvider
            | F::TrainingPlace
            | F::TrainingStart
            | F::TrainingEnd
            | F::TrainingDays
            | F::TrainingSubsidy => !matches!(self, Self::Business),
            _ => matches!(self, Self::Job) && job_groups::is_of_a_job(field),
        }
    }

    /// Rows may have several jobs side by side.
    pub(super) const fn tells_of_jobs(self) -> bool {
        matches!(self, Self::Labour | Self::Member | Self::Job)
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

/// Why a column is kept in the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Unknown,
    /// An earlier column has its field.
    Twice,
    /// Its field is one no rule reads ([`Field::is_noted`]).
    Noted(Field),
    /// Somebody said so.
    Given,
}

/// The head of a sheet.
#[derive(Clone, Debug)]
pub struct Head {
    pub kind: SheetKind,
    /// Index into `Sheet::rows` of the first row below the head.
    pub first_data: usize,
    /// Index into `Sheet::rows` of its first row.
    pub first_row: usize,
    /// Row number of the (lower) head row, as shown to people.
    pub row_number: u32,
    columns: BTreeMap<Field, usize>,
    /// The same the other way round.
    fields: Vec<Option<Field>>,
    titles: Vec<String>,
    /// Columns kept in the note, left to right.
    pub notes: Vec<(usize, Kept)>,
    /// What each column is read as, left to right, whether it got its field or not.
    pub readings: Vec<Option<Reading>>,
    pub missing: Vec<Field>,
    /// Columns that several jobs of a row have each of their own.
    pub job_groups: Vec<JobGroup>,
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

    /// The field a column has.
    #[must_use]
    pub fn field_of(&self, column: usize) -> Option<Field> {
        self.fields.get(column).copied().flatten()
    }

    /// The column's path as the file writes it, line breaks removed.
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

/// The head of a sheet, as its titles alone say.
#[must_use]
pub fn detect(sheet: &Sheet) -> Option<Head> {
    read(&layout::detect(sheet)?, &Meanings::default())
}

/// Gives the columns of a layout their fields; `None` if they make no kind of sheet.
#[must_use]
pub fn read(layout: &Layout, meanings: &Meanings) -> Option<Head> {
    let mut readings: Vec<Option<Reading>> = title::read_all(&layout.paths);
    title::by_order(&mut readings);
    let given = meanings.of(layout);
    for (reading, given) in readings.iter_mut().zip(&given) {
        if let Some(field) = given {
            *reading = field.map(|field| Reading { field, confidence: 100, why: Why::Given });
        }
    }
    let mut columns = BTreeMap::new();
    // What somebody said takes its field from any column before it.
    for only_given in [true, false] {
        for (column, reading) in readings.iter().enumerate() {
            if let Some(reading) = reading.filter(|reading| (reading.why == Why::Given) == only_given)
                && !reading.field.is_noted()
            {
                columns.entry(reading.field).or_insert(column);
            }
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
    let meant =
        |field: Field| kind.substitutes().iter().find(|(read, _)| *read == field).map_or(field, |(_, meant)| *meant);
    let as_meant = readings.iter().map(|reading| reading.map(|reading| meant(reading.field)));
    let job_groups = if kind.tells_of_jobs() {
        job_groups::of(layout.paths.iter().map(Vec::as_slice).zip(as_meant))
    } else {
        Vec::new()
    };
    let keys = layout.keys();
    let taken = |column: usize| {
        columns.values().chain(job_groups.iter().flat_map(|group| group.columns.values())).any(|other| *other == column)
    };
    let notes = readings.iter().enumerate().filter_map(|(column, reading)| {
        let kept = match reading {
            None if keys[column].is_empty() => return None,
            None if given[column].is_some() => Kept::Given,
            None => Kept::Unknown,
            Some(reading) if reading.field.is_noted() => Kept::Noted(reading.field),
            Some(reading) if taken(column) || reading.field.is_dropped() => return None,
            Some(_) => Kept::Twice,
        };
        Some((column, kept))
    });
    let notes = notes.collect();
    let missing = kind.required().iter().copied().filter(|field| !columns.contains_key(field)).collect();
    let titles = (0..layout.paths.len()).map(|column| layout.shown(column)).collect();
    let mut fields = vec![None; layout.paths.len()];
    for (field, column) in &columns {
        fields[*column] = Some(*field);
    }
    for (field, column) in job_groups.iter().flat_map(|group| &group.columns) {
        fields[*column] = Some(*field);
    }
    Some(Head {
        kind,
        first_data: layout.first_data,
        first_row: layout.first_row,
        row_number: layout.row_number,
        columns,
        fields,
        titles,
        notes,
        readings,
        missing,
        job_groups,
    })
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
    // A ledger may have such columns beside its own.
    let is_list = id && !household && !job;
    if is_list && any(&[F::TrainingKind, F::TrainingStart]) {
        return Some(SheetKind::Training);
    }
    if is_list && any(&[F::BusinessProject, F::BusinessStart]) {
        return Some(SheetKind::Business);
    }
    // A ledger of people may repeat the count on each of their rows; where a household has a name of its own, those are others.
    let of_people = any(&[F::HeadId, F::Relation]) || (has(F::Name) && any(&[F::HeadName, F::HouseholdCode]));
    if (has(F::HeadId) && !id && !has(F::Name)) || (id && has(F::LabourCount) && !of_people) {
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
