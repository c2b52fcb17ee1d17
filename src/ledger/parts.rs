//! What the parts of an XLSX say beside the values of cells: merged areas, what is hidden, formulas never worked out.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Area, MAX_COLUMNS, MAX_ROWS, Shape};
use super::markup::Tag;
use super::refusal::Refusal;

/// Cells with a formula and no value are remembered one by one; a file with more has not been worked out at all.
const MAX_UNVALUED: usize = 1_000_000;
/// Sheets of a workbook; a ledger has a few dozen.
const MAX_SHEETS: usize = 1_000;

/// One sheet's part.
#[derive(Debug, Default)]
pub struct Part {
    pub shape: Shape,
    /// Row and column, from 0, of formulas without a stored value.
    pub unvalued: BTreeSet<(u32, u32)>,
}

/// Collects while the archive is inspected.
#[derive(Debug, Default)]
pub struct Parts {
    by_name: BTreeMap<String, Part>,
    /// Relation id and whether the sheet is hidden, in the order of the workbook.
    sheets: Vec<(Vec<u8>, bool)>,
    /// Relation id and target.
    targets: BTreeMap<Vec<u8>, String>,
    cell: Cell,
    /// Row of the cells being read, from 0.
    row: u32,
}

/// The cell whose tags are being read.
#[derive(Debug, Default)]
struct Cell {
    tag: Vec<u8>,
    has_formula: bool,
    has_value: bool,
}

impl Parts {
    /// Begins a part.
    pub fn begin(&mut self) {
        self.cell = Cell::default();
        self.row = 0;
    }

    /// Takes a tag of the part `name` (lower case).
    ///
    /// # Errors
    /// [`Refusal`] for more sheets, areas or empty formulas than any office has.
    pub fn tag(&mut self, name: &str, tag: Tag<'_>) -> Result<(), Refusal> {
        match name {
            "xl/workbook.xml" => self.workbook_tag(tag),
            "xl/_rels/workbook.xml.rels" => {
                if let (false, b"Relationship") = tag.name()
                    && let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target"))
                    && self.targets.len() <= 2 * MAX_SHEETS
                {
                    self.targets.insert(id.to_vec(), part_name(target));
                }
                Ok(())
            }
            // Sheets may lie anywhere; in other parts these tags have other attributes.
            name => self.sheet_tag(name, tag),
        }
    }

    fn workbook_tag(&mut self, tag: Tag<'_>) -> Result<(), Refusal> {
        if let (false, b"sheet") = tag.name() {
            if self.sheets.len() >= MAX_SHEETS {
                return Err(Refusal::Bomb);
            }
            let is_hidden = matches!(tag.attribute("state"), Some(b"hidden" | b"veryHidden"));
            self.sheets.push((tag.attribute("id").unwrap_or_default().to_vec(), is_hidden));
        }
        Ok(())
    }

    fn sheet_tag(&mut self, name: &str, tag: Tag<'_>) -> Result<(), Refusal> {
        match tag.name() {
            // The reader behind this one adds such places up without looking.
            (false, b"dimension") => {
                let corners = tag.attribute("ref").map(|corners| corners.split(|byte| *byte == b':').map(reference));
                let corners: Option<Vec<(u32, u32)>> = corners.and_then(Iterator::collect);
                let is_sound = corners.is_some_and(|at| match at[..] {
                    [_] => true,
                    [from, to] => from.0 <= to.0 && from.1 <= to.1,
                    _ => false,
                });
                return if is_sound { Ok(()) } else { Err(Refusal::Truncated) };
            }
            (false, b"c") => {
                if tag.attribute("r").is_some_and(|at| reference(at).is_none()) {
                    return Err(Refusal::Truncated);
                }
                self.cell.tag.clear();
                self.cell.tag.extend_from_slice(tag.bytes());
                (self.cell.has_formula, self.cell.has_value) = (false, false);
            }
            (false, b"f") => self.cell.has_formula = true,
            (true, b"v") => self.cell.has_value |= tag.text_before > 0,
            (true, b"c") if self.cell.has_formula && !self.cell.has_value => {
                let cell = Tag::new(&self.cell.tag);
                // An empty text is a value.
                if cell.attribute("t") != Some(b"str")
                    && let Some(at) = cell.attribute("r").and_then(position)
                {
                    let part = self.part(name);
                    if part.unvalued.len() >= MAX_UNVALUED {
                        return Err(Refusal::TooManyCells);
                    }
                    part.unvalued.insert(at);
                }
            }
            (false, b"row") => {
                if tag.attribute("r").is_some_and(|row| !is_row(row)) {
                    return Err(Refusal::Truncated);
                }
                self.row = tag.number("r").unwrap_or(self.row.saturating_add(1)).min(MAX_ROWS + 1);
                if tag.says_yes("hidden") && self.row > 0 {
                    let row = self.row - 1;
                    self.part(name).shape.hide_row(row);
                }
            }
            (false, b"col") if tag.says_yes("hidden") => {
                if let (Some(first @ 1..), Some(last @ 1..)) = (tag.number("min"), tag.number("max")) {
                    self.part(name).shape.hide_columns(first - 1, last - 1);
                }
            }
            (false, b"mergeCell") => {
                if let Some(area) = tag.attribute("ref").and_then(area) {
                    self.part(name).shape.merge(area)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn part(&mut self, name: &str) -> &mut Part {
        self.by_name.entry(name.to_owned()).or_default()
    }

    /// The parts in the order of the workbook's sheets.
    pub fn in_order(mut self) -> Vec<Part> {
        let sheets = std::mem::take(&mut self.sheets);
        let part = |(id, is_hidden): (Vec<u8>, bool)| {
            let mut part = self.targets.get(&id).and_then(|name| self.by_name.remove(name)).unwrap_or_default();
            part.shape.is_hidden = is_hidden;
            part
        };
        sheets.into_iter().map(part).collect()
    }
}

/// The name of a part a relation of the workbook points to.
fn part_name(target: &[u8]) -> String {
    let target = String::from_utf8_lossy(target).to_lowercase();
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    }
}

/// `B3` → (2, 1); `None` for what is no place in any spreadsheet.
fn reference(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (column, row) = text.split_at(letters);
    if !(1..=3).contains(&letters) || !is_row(row) {
        return None;
    }
    let column = column.iter().fold(0u32, |sum, byte| sum * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = std::str::from_utf8(row).ok()?.parse().ok()?;
    Some((row - 1, column - 1))
}

/// Rows count from 1 and have seven digits at most.
fn is_row(text: &[u8]) -> bool {
    (1..=7).contains(&text.len()) && text.iter().all(u8::is_ascii_digit) && text.iter().any(|digit| *digit != b'0')
}

/// As [`reference()`], within the rows that are read.
fn position(text: &[u8]) -> Option<(u32, u32)> {
    reference(text).filter(|(row, _)| *row < MAX_ROWS)
}

/// `A1:C2`; an area is cut at the limits, past which there are no cells.
fn area(text: &[u8]) -> Option<Area> {
    let colon = text.iter().position(|byte| *byte == b':')?;
    let (top, left) = position(&text[..colon])?;
    let (bottom, right) = position(&text[colon + 1..]).unwrap_or((MAX_ROWS - 1, MAX_COLUMNS - 1));
    (left < MAX_COLUMNS).then_some(Area { top, left, bottom, right: right.min(MAX_COLUMNS - 1) })
}
