//! Where the table of a sheet starts and the path of each of its columns.
//!
//! A head has up to four rows: labels of groups merged over their columns, titles below. Titles above the table are no part of
//! it. Cost: the first rows only.

use std::collections::HashMap;

use super::field::normalise_title;
use super::title;
use super::workbook::{Area, Cell, Row, Sheet};

/// A head further down than this is not looked for.
const HEAD_WITHIN: usize = 20;
/// Rows of a head.
const LEVELS: usize = 4;
/// Between the steps of a path, where it is shown.
pub(super) const STEP: &str = " > ";

/// The head of a sheet before anything is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Index into `Sheet::rows` of the first row below the head.
    pub first_data: usize,
    /// Index into `Sheet::rows` of the first row of the head; what stands above is its title.
    pub first_row: usize,
    /// Row number of the (lowest) head row, as shown to people.
    pub row_number: u32,
    /// Of every column, the labels from the top down; empty where there is none.
    pub paths: Vec<Vec<String>>,
}

impl Layout {
    /// The path as people read it: `未就业 > 就业意愿 > 务工去向`.
    #[must_use]
    pub fn shown(&self, column: usize) -> String {
        self.paths.get(column).map(|path| path.join(STEP).replace(['\r', '\n'], "")).unwrap_or_default()
    }

    /// The path as it is compared; of columns with the same path the second ends in `#2`.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let key = |path: &Vec<String>| {
            let key = path.iter().map(|label| normalise_title(label)).collect::<Vec<_>>().join(">");
            let times = seen.entry(key.clone()).or_default();
            *times += 1;
            if *times == 1 { key } else { format!("{key}#{times}") }
        };
        self.paths.iter().map(key).collect()
    }

    /// How many different fields its columns are read as.
    fn matches(&self) -> usize {
        let mut fields: Vec<_> =
            self.paths.iter().filter_map(|path| title::read(path)).map(|read| read.field).collect();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    }
}

/// The rows that, taken as a head, are read as most fields; of equals the shortest and topmost.
#[must_use]
pub fn detect(sheet: &Sheet) -> Option<Layout> {
    let top = Top::of(sheet);
    let mut best: Option<(usize, Layout)> = None;
    for bottom in 0..top.rows.len() {
        for levels in 1..=LEVELS.min(bottom + 1) {
            let rows = &top.rows[bottom + 1 - levels..=bottom];
            if levels > 1 && !top.is_head(rows) {
                break;
            }
            if top.goes_on(rows, bottom) || top.is_parted(rows, bottom) {
                continue;
            }
            let layout = Layout {
                first_data: bottom + 1,
                first_row: bottom + 1 - levels,
                row_number: top.rows[bottom].number,
                paths: top.paths(rows),
            };
            let n = layout.matches();
            if n >= 2 && best.as_ref().is_none_or(|(most, _)| n > *most) {
                best = Some((n, layout));
            }
        }
    }
    best.map(|(_, layout)| layout)
}

/// The rows a head is looked for in.
struct Top<'a> {
    rows: &'a [Row],
    /// Merged areas by row number and column of their upper left corner.
    merges: HashMap<(u32, usize), Area>,
    width: usize,
}

impl<'a> Top<'a> {
    fn of(sheet: &'a Sheet) -> Self {
        let rows = &sheet.rows[..sheet.rows.len().min(HEAD_WITHIN)];
        let last = rows.last().map_or(0, |row| row.number);
        let merges = sheet.shape.merges.iter().filter(|area| area.top < last);
        Self {
            rows,
            merges: merges.map(|area| ((area.top + 1, area.left as usize), *area)).collect(),
            width: rows.iter().map(|row| row.cells.len()).max().unwrap_or_default(),
        }
    }

    /// Whether rows may be one head: adjoining, labels in the upper ones and titles in the lowest.
    fn is_head(&self, rows: &[Row]) -> bool {
        let adjoin = rows.windows(2).all(|pair| pair[0].number + 1 == pair[1].number);
        let Some((lowest, upper)) = rows.split_last() else { return false };
        // A row of data nearly always has a long number in it; of labels only a year, and the lowest not even that unless labels above
        // reach into it.
        let limit = if self.reach_into(upper, lowest) { 6 } else { 4 };
        adjoin
            && most_digits(lowest) < limit
            && upper.iter().all(|row| most_digits(row) < 6)
            && !self.is_caption(&rows[0])
    }

    /// Whether a label of these rows is merged into the row below, which is labels too: then the head goes on.
    fn goes_on(&self, rows: &[Row], bottom: usize) -> bool {
        let Some(next) = self.rows.get(bottom + 1).filter(|next| next.number == self.rows[bottom].number + 1) else {
            return false;
        };
        self.reach_into(rows, next) && most_digits(next) < 6
    }

    /// Whether the row below parts columns that a label of the lowest row lies over, and says nothing else: 务工地点 over 省 and 市, drawn with
    /// borders alone.
    fn is_parted(&self, rows: &[Row], bottom: usize) -> bool {
        let lowest = &self.rows[bottom];
        let Some(next) = self.rows.get(bottom + 1).filter(|next| next.number == lowest.number + 1) else {
            return false;
        };
        let filled: Vec<usize> = (0..next.cells.len()).filter(|&column| !next.cell(column).is_empty()).collect();
        // Where nothing is merged a label lies over the blanks behind it.
        let width = |left: usize| {
            let blanks = || (left + 1..next.cells.len()).take_while(|&column| lowest.cell(column).is_empty()).count();
            self.span(lowest, left).unwrap_or_else(|| 1 + blanks())
        };
        let is_below_a_label = |&column: &usize| {
            let label = (0..=column).rev().find(|&left| !lowest.cell(left).is_empty());
            label.is_some_and(|left| width(left) > 1 && column < left + width(left))
        };
        rows.len() < LEVELS && filled.len() > 1 && most_digits(next) == 0 && filled.iter().all(is_below_a_label)
    }

    /// Whether a label of these rows is merged into a row below them.
    fn reach_into(&self, rows: &[Row], below: &Row) -> bool {
        let reaches = |row: &Row, column: usize| {
            self.merges.get(&(row.number, column)).is_some_and(|area| area.bottom + 1 >= below.number)
        };
        rows.iter().any(|row| (0..row.cells.len()).any(|column| reaches(row, column)))
    }

    /// A title of the whole table: alone in its row, at its left or merged over most of it.
    fn is_caption(&self, row: &Row) -> bool {
        let mut labels = row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let (Some((column, _)), None) = (labels.next(), labels.next()) else { return false };
        column == 0 || self.span(row, column).unwrap_or(1) * 10 > self.width * 7
    }

    /// Columns of the merged area that begins in a cell.
    fn span(&self, row: &Row, column: usize) -> Option<usize> {
        self.merges.get(&(row.number, column)).map(|area| (area.right - area.left + 1) as usize)
    }

    fn paths(&self, rows: &[Row]) -> Vec<Vec<String>> {
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let is_merged = rows.iter().any(|row| (0..width).any(|column| self.span(row, column).is_some()));
        let mut paths: Vec<Vec<String>> = vec![Vec::new(); width];
        for (level, row) in rows.iter().enumerate() {
            let is_lowest = level + 1 == rows.len();
            let mut column = 0;
            while column < width {
                let text = row.cell(column).display();
                let span = match self.span(row, column) {
                    _ if is_lowest || text.trim().is_empty() => 1,
                    Some(span) => span,
                    None if is_merged => 1,
                    None => reach(rows, level, column, &paths),
                };
                let end = (column + span).min(width);
                for path in &mut paths[column..end] {
                    // The steps of a path the cell itself holds: a file of rejected rows comes back with them.
                    for step in text.split(STEP).map(str::trim).filter(|step| !step.is_empty()) {
                        if path.last().is_none_or(|last| last != step) {
                            path.push(step.to_owned());
                        }
                    }
                }
                column = end;
            }
        }
        paths
    }
}

fn most_digits(row: &Row) -> usize {
    let digits = |cell: &Cell| match cell {
        Cell::Text(text) => text.chars().filter(|c| c.is_ascii_digit()).count(),
        Cell::Empty => 0,
        // Numbers, days and errors are data.
        _ => usize::MAX,
    };
    row.cells.iter().map(digits).max().unwrap_or_default()
}

/// How far a label reaches where no merged area says it (CSV): over the blanks behind it that stand under the same label and
/// have a title below.
fn reach(rows: &[Row], level: usize, column: usize, above: &[Vec<String>]) -> usize {
    let has_title = |column: usize| rows[level + 1..].iter().any(|row| !row.cell(column).is_empty());
    if !has_title(column) {
        return 1;
    }
    let behind = (column + 1..above.len())
        .take_while(|&next| rows[level].cell(next).is_empty() && has_title(next) && above[next] == above[column])
        .count();
    1 + behind
}
