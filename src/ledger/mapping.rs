//! The step before an import: what each column is taken for and how sure that is, to be shown and corrected.
//!
//! Invariants: showing writes nothing; samples of personal columns are masked; a correction belongs to one head, known by its
//! [`fingerprint`], so the next file of the same source is read as the first was after its correction, and so is one whose head is nearly the
//! same: a column more, two in another order. A suggestion that is not certain is never used without a person.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest as _, Sha256};

use super::code_words;
use super::field::{Field, normalise_title};
use super::head::{self, Head, SheetKind};
use super::layout::{self, Layout};
use super::title::{self, Reading, Why};
use super::words;
use super::workbook::{Cell, Sheet, Workbook};
use crate::domain::resident_id::{ResidentId, mask};

/// Values of a column that are looked at.
const SAMPLES: usize = 20;
/// Values of a column that are shown.
const SHOWN: usize = 3;
/// Longest word of a list, and the most words of a sheet that are asked about.
const LONGEST_WORD: usize = 12;
const MOST_WORDS: usize = 60;
/// Of the columns of two heads together, the share both have where they are of one source.
const SAME_SOURCE: f64 = 0.6;
/// Surest a mere resemblance can be, and the least worth showing.
const MOST_SIMILAR: f64 = 75.0;
const LEAST_SIMILAR: u8 = 45;

/// What people said of columns and words, now or when earlier files came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meanings {
    /// By fingerprint of the head and key of the column; `None` = keep it in the note.
    columns: HashMap<(String, String), Option<Field>>,
    /// The keys of all columns of the heads spoken of, by fingerprint.
    heads: HashMap<String, BTreeSet<String>>,
    /// By field and folded word: a word of the field's list.
    words: HashMap<(Field, String), String>,
}

impl Meanings {
    /// Says what a column is; a later word takes the place of an earlier one.
    pub fn say_column(&mut self, fingerprint: String, key: String, field: Option<Field>) {
        self.columns.insert((fingerprint, key), field);
    }

    /// Says which columns a head has.
    pub fn say_head(&mut self, fingerprint: String, keys: impl IntoIterator<Item = String>) {
        self.heads.insert(fingerprint, keys.into_iter().collect());
    }

    /// Says what a word of a field's cells means.
    pub fn say_word(&mut self, field: Field, word: &str, meaning: String) {
        self.words.insert((field, words::fold(word)), meaning);
    }

    /// Of each column of a head, what was said of it.
    pub(super) fn of(&self, layout: &Layout) -> Vec<Option<Option<Field>>> {
        if self.columns.is_empty() {
            return vec![None; layout.paths.len()];
        }
        let keys = layout.keys();
        let own = fingerprint(layout);
        let near = self.nearly(&own, &keys);
        let of_head = |head: &str, key: &String| self.columns.get(&(head.to_owned(), key.clone())).copied();
        keys.iter().map(|key| of_head(&own, key).or_else(|| of_head(near.as_deref()?, key))).collect()
    }

    /// The other head spoken of that has most columns in common with this one, if these are enough.
    fn nearly(&self, own: &str, keys: &[String]) -> Option<String> {
        let keys: BTreeSet<&String> = keys.iter().filter(|key| !key.is_empty()).collect();
        let share = |known: &BTreeSet<String>| {
            let both = known.iter().filter(|key| keys.contains(key)).count();
            both as f64 / (known.len() + keys.len() - both).max(1) as f64
        };
        let spoken: BTreeSet<&String> = self.columns.keys().map(|(fingerprint, _)| fingerprint).collect();
        let heads = self.heads.iter().filter(|(fingerprint, _)| *fingerprint != own && spoken.contains(fingerprint));
        let shares = heads.map(|(fingerprint, known)| (share(known), fingerprint));
        let near = shares.filter(|(share, _)| *share >= SAME_SOURCE);
        near.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1))).map(|(_, fingerprint)| fingerprint.clone())
    }

    pub(super) fn word(&self, field: Field, word: &str) -> Option<&str> {
        self.words.get(&(field, words::fold(word))).map(String::as_str)
    }

    /// Takes the words of another over its own.
    pub fn extend(&mut self, other: Self) {
        self.columns.extend(other.columns);
        self.heads.extend(other.heads);
        self.words.extend(other.words);
    }

    /// The keys of all columns of a head spoken of.
    #[must_use]
    pub fn head(&self, fingerprint: &str) -> Option<&BTreeSet<String>> {
        self.heads.get(fingerprint)
    }

    /// Fingerprint, key and field of every column spoken of.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &str, Option<Field>)> {
        self.columns.iter().map(|((fingerprint, key), field)| (fingerprint.as_str(), key.as_str(), *field))
    }

    /// Field, folded word and meaning of every word spoken of.
    pub fn words(&self) -> impl Iterator<Item = (Field, &str, &str)> {
        self.words.iter().map(|((field, word), meaning)| (*field, word.as_str(), meaning.as_str()))
    }
}

/// A head as it is known again: its paths in their order, in 64 hexadecimal digits.
#[must_use]
pub fn fingerprint(layout: &Layout) -> String {
    let hash = Sha256::digest(layout.keys().join("\n").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a file would be read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub sheets: Vec<SheetMapping>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetMapping {
    pub name: String,
    /// `None` for a sheet that is passed over.
    pub kind: Option<SheetKind>,
    pub fingerprint: Option<String>,
    /// Row of the titles as people count; 0 without a head.
    pub head_row: u32,
    pub columns: Vec<ColumnMapping>,
    /// Fields without which its rows cannot be stored.
    pub missing: Vec<Field>,
    /// The most frequent first.
    pub words: Vec<UnknownWord>,
}

impl Mapping {
    /// Whether some columns are known, but of no sheet what kind of table it is.
    #[must_use]
    pub fn is_of_no_kind(&self) -> bool {
        self.sheets.iter().all(|sheet| sheet.kind.is_none())
            && self.sheets.iter().any(|sheet| !sheet.columns.is_empty())
    }
}

/// A word of a column with a closed list that is not on it, and that nobody said the meaning of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    pub field: Field,
    /// The column, from 0.
    pub index: usize,
    pub word: String,
    /// Cells it stands in.
    pub times: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMapping {
    pub path: Vec<String>,
    /// What a correction names it by.
    pub key: String,
    /// From 0, left to right.
    pub index: usize,
    /// Some values, masked in sheets about people.
    pub samples: Vec<String>,
    /// What it is taken for, or might be.
    pub guess: Option<Reading>,
    /// The guess is what the import uses; otherwise the column is kept in the note.
    pub is_used: bool,
    /// Somebody said what it is, now or when an earlier file of this head came in.
    pub is_given: bool,
    pub runner_up: Option<Reading>,
}

impl ColumnMapping {
    /// The path as people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.path.join(" > ").replace(['\r', '\n'], "")
    }
}

/// What the sheets of a file would be read as.
#[must_use]
pub fn of(workbook: &Workbook, meanings: &Meanings) -> Mapping {
    Mapping { sheets: workbook.sheets.iter().map(|sheet| sheet_mapping(sheet, meanings)).collect() }
}

fn sheet_mapping(sheet: &Sheet, meanings: &Meanings) -> SheetMapping {
    let layout = layout::detect(sheet);
    let head = layout.as_ref().and_then(|layout| head::read(layout, meanings));
    let columns = layout.as_ref().map(|layout| columns(sheet, layout, head.as_ref(), meanings)).unwrap_or_default();
    SheetMapping {
        name: sheet.name.clone(),
        kind: head.as_ref().map(|head| head.kind),
        fingerprint: layout.as_ref().map(fingerprint),
        head_row: layout.as_ref().map_or(0, |layout| layout.row_number),
        columns,
        words: layout
            .zip(head.as_ref())
            .map(|(layout, head)| unknown_words(sheet, &layout, head, meanings))
            .unwrap_or_default(),
        missing: head.map(|head| head.missing).unwrap_or_default(),
    }
}

/// Words of closed lists that are not on them. What is long or full of digits is no word of a list but stands in a wrong column; it
/// may be somebody's data and is not shown.
fn unknown_words(sheet: &Sheet, layout: &Layout, head: &Head, meanings: &Meanings) -> Vec<UnknownWord> {
    let mut found: HashMap<(usize, String), (Field, u32)> = HashMap::new();
    let columns = (0..layout.paths.len()).filter_map(|index| Some((index, head.field_of(index)?)));
    for (index, field) in columns.filter(|(_, field)| code_words::choices(*field).is_some()) {
        for row in sheet.rows.iter().skip(layout.first_data) {
            let Cell::Text(text) = row.cell(index) else { continue };
            for word in code_words::of_cell(field, text) {
                let is_word = word.chars().count() <= LONGEST_WORD && !has_long_number(&word);
                if is_word
                    && !words::is_nothing(&words::fold(&word))
                    && !code_words::is_of_list(field, &word)
                    && meanings.word(field, &word).is_none()
                {
                    found.entry((index, word)).or_insert((field, 0)).1 += 1;
                }
            }
        }
    }
    let mut found: Vec<UnknownWord> =
        found.into_iter().map(|((index, word), (field, times))| UnknownWord { field, index, word, times }).collect();
    found.sort_by(|a, b| (b.times, a.index, &a.word).cmp(&(a.times, b.index, &b.word)));
    found.truncate(MOST_WORDS);
    found
}

/// Whether a text may hold somebody's number.
fn has_long_number(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 5
}

fn columns(sheet: &Sheet, layout: &Layout, head: Option<&Head>, meanings: &Meanings) -> Vec<ColumnMapping> {
    let given = meanings.of(layout);
    let is_personal = head.is_none_or(|head| head.kind.is_personal());
    let mut mapped = Vec::new();
    for (index, (path, key)) in layout.paths.iter().zip(layout.keys()).enumerate() {
        if key.is_empty() {
            continue;
        }
        let cells: Vec<&Cell> = sheet
            .rows
            .iter()
            .skip(layout.first_data)
            .map(|row| row.cell(index))
            .filter(|cell| !cell.is_empty())
            .take(SAMPLES)
            .collect();
        // Of a sheet that is passed over, what its titles would be is still worth knowing.
        let reading = match head {
            Some(head) => head.readings.get(index).copied().flatten(),
            None => title::read(path),
        };
        let field = head.and_then(|head| head.field_of(index));
        let is_kept = |reading: &Reading| reading.field.is_noted() || reading.field.is_dropped();
        let is_used = head.is_some() && (field.is_some() || reading.as_ref().is_some_and(is_kept));
        // What the kind of sheet makes of it goes before what its title says.
        let reading = reading.map(|reading| Reading { field: field.unwrap_or(reading.field), ..reading });
        let mut others =
            suggestions(path, &cells).into_iter().filter(|other| Some(other.field) != reading.map(|r| r.field));
        let guess = reading.or_else(|| others.next());
        mapped.push(ColumnMapping {
            path: path.clone(),
            key,
            index,
            samples: cells.iter().take(SHOWN).map(|cell| sample(cell, is_personal)).collect(),
            guess,
            is_used,
            is_given: given.get(index).is_some_and(Option::is_some),
            runner_up: others.next(),
        });
    }
    mapped
}

fn sample(cell: &Cell, is_personal: bool) -> String {
    let text: String = cell.display().trim().chars().take(40).collect();
    if is_personal { mask(&text) } else { text }
}

/// What a column might be, the likeliest first: by its values and by titles that resemble its own.
fn suggestions(path: &[String], cells: &[&Cell]) -> Vec<Reading> {
    let mut found: Vec<Reading> = by_values(cells).into_iter().collect();
    if let Some(title) = path.last().map(|title| normalise_title(title)) {
        let mut similar: Vec<Reading> = Field::ALL.iter().filter_map(|field| resemblance(&title, *field)).collect();
        similar.sort_by_key(|reading| std::cmp::Reverse(reading.confidence));
        found.extend(similar.into_iter().take(2));
    }
    found.dedup_by_key(|reading| reading.field);
    found
}

fn resemblance(title: &str, field: Field) -> Option<Reading> {
    let titles = field.titles().iter().map(|known| normalise_title(known));
    let most = titles.map(|known| strsim::jaro_winkler(title, &known)).fold(0.0, f64::max);
    let confidence = (most * MOST_SIMILAR) as u8;
    (confidence >= LEAST_SIMILAR).then_some(Reading { field, confidence, why: Why::Similar })
}

/// Numbers with a check character, mobile numbers and sexes are known by themselves, if nearly all values are such.
fn by_values(cells: &[&Cell]) -> Option<Reading> {
    let share = |is: fn(&str) -> bool| {
        let n = cells.iter().filter(|cell| is(cell.display().trim())).count();
        cells.len() >= 3 && n * 10 >= cells.len() * 8
    };
    let is_phone = |text: &str| text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit());
    let field = if share(|text| ResidentId::parse(text).is_ok()) {
        Field::IdNumber
    } else if share(is_phone) {
        Field::Phone
    } else if share(|text| words::sex(text).is_some() && text.parse::<u8>().is_err()) {
        Field::Sex
    } else {
        return None;
    };
    Some(Reading { field, confidence: 75, why: Why::Values })
}
