//! Several tables on one sheet → a sheet for each: what stands below a second head means what that head says.
//!
//! Invariant: rows keep their numbers and their order, and none is lost. A head printed again is no second table. Cost: one look at
//! every row, most of which end it at their first long number.

use super::cells::{Cell, Row, Sheet};
use super::field::{Field, normalise_title};

/// Titles a row must have to be a head, and the part of its cells that must be such, in tenths.
const LEAST_TITLES: usize = 3;
const MOST_OF: usize = 6;
/// A row of data has cells in several columns.
const DATA_CELLS: usize = 3;

/// The sheets, each with one table.
#[must_use]
pub fn split(sheets: Vec<Sheet>) -> Vec<Sheet> {
    sheets.into_iter().flat_map(split_one).collect()
}

fn split_one(mut sheet: Sheet) -> Vec<Sheet> {
    let starts = starts(&sheet);
    let mut parts: Vec<Sheet> = Vec::with_capacity(starts.len() + 1);
    for start in starts.into_iter().rev() {
        let rows = sheet.rows.split_off(start);
        let name = format!("{}（第{}行起）", sheet.name, rows.first().map_or(0, |row| row.number));
        parts.push(Sheet { name, rows, shape: sheet.shape.clone() });
    }
    parts.push(sheet);
    parts.reverse();
    parts
}

/// Indices of the rows where a second and later table begins, with what is written above its head.
fn starts(sheet: &Sheet) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut heads: Vec<Vec<(usize, String)>> = Vec::new();
    let mut has_data = false;
    for (index, row) in sheet.rows.iter().enumerate() {
        let Some(titles) = titles(row) else {
            has_data |= !heads.is_empty() && filled(row) >= DATA_CELLS;
            continue;
        };
        if has_data && !heads.contains(&titles) {
            starts.push(top_of(sheet, index));
            has_data = false;
        }
        heads.push(titles);
    }
    starts
}

/// The titles of a head by their columns; `None` for any other row.
fn titles(row: &Row) -> Option<Vec<(usize, String)>> {
    let mut titles = Vec::new();
    let mut known: Vec<Field> = Vec::new();
    let mut strange = 0;
    for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let Cell::Text(text) = cell else { return None };
        if digits(text) >= 6 {
            return None;
        }
        match Field::of_title(text) {
            Some(field) if !known.contains(&field) => known.push(field),
            Some(_) => {}
            None => strange += 1,
        }
        titles.push((column, normalise_title(text)));
        if strange > row.cells.len() * (10 - MOST_OF) / 10 {
            return None;
        }
    }
    (known.len() >= LEAST_TITLES && (titles.len() - strange) * 10 >= titles.len() * MOST_OF).then_some(titles)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn filled(row: &Row) -> usize {
    row.cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// The first of the rows that belong to a head: a title of the table, alone in its row, and labels merged over several columns.
fn top_of(sheet: &Sheet, head: usize) -> usize {
    let mut top = head;
    while let Some(row) = top.checked_sub(1).map(|above| &sheet.rows[above]) {
        let is_text = row.cells.iter().all(|cell| match cell {
            Cell::Text(text) => digits(text) < 6,
            cell => cell.is_empty(),
        });
        let is_label = |area: &&super::cells::Area| area.top + 1 == row.number && area.right > area.left;
        let is_labels =
            row.number + 1 == sheet.rows[top].number && sheet.shape.merges.iter().any(|area| is_label(&area));
        if !is_text || !(filled(row) == 1 || is_labels) {
            break;
        }
        top -= 1;
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let row = |(number, cells): (u32, &&[&str])| Row {
            number,
            cells: cells
                .iter()
                .map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).into()) })
                .collect(),
        };
        Sheet { name: "台账".into(), rows: (1..).zip(rows).map(row).collect(), ..Sheet::default() }
    }

    #[test]
    fn a_second_head_begins_a_second_table() {
        let parts = split(vec![sheet(&[
            &["姓名", "身份证号", "就业单位"],
            &["王五", "529900198001010011", "某厂"],
            &["二、未就业人员"],
            &["姓名", "身份证号", "意向岗位"],
            &["李四", "529900198001010038", "绣工"],
        ])]);
        let shown: Vec<(&str, usize)> = parts.iter().map(|part| (part.name.as_str(), part.rows.len())).collect();
        assert_eq!(shown, [("台账", 2), ("台账（第3行起）", 3)]);
    }

    #[test]
    fn a_head_printed_again_and_rows_of_data_begin_none() {
        let head: &[&str] = &["姓名", "身份证号", "就业单位"];
        let row: &[&str] = &["王五", "529900198001010011", "某厂"];
        assert_eq!(split(vec![sheet(&[head, row, head, row])]).len(), 1);
        assert_eq!(split(vec![sheet(&[&["一", "基本", "", "工作"], head, row, row])]).len(), 1);
    }
}
