//! Cells that say "as above".
//!
//! Invariant: they stand for what the cell above holds, and for nothing where it holds nothing; whose row it is they never tell.

use std::collections::BTreeMap;

use super::cells::{Cell, Sheet};
use super::field::Field;
use super::finding::{Finding, FindingCode};
use super::head::Head;
use crate::domain::text::Text;

/// Writes out what such cells stand for. One finding a column tells how many they were; an error is at its own row.
pub fn write_out(sheet: &mut Sheet, head: &Head) -> Vec<Finding> {
    let fields: Vec<(usize, Field)> =
        (0..head.titles().len()).filter_map(|column| Some((column, head.field_of(column)?))).collect();
    let mut repeated: BTreeMap<usize, u32> = BTreeMap::new();
    let mut findings = Vec::new();
    for index in head.first_data..sheet.rows.len() {
        for &(column, field) in &fields {
            if field.is_dropped() || !is_ditto(sheet.rows[index].cell(column)) {
                continue;
            }
            let above = match field {
                Field::Name | Field::IdNumber | Field::HeadId => None,
                // The household above is that of a row without these, unless it is a head's.
                Field::HouseholdCode | Field::HeadName => Some(Cell::Empty),
                _ => (index > head.first_data).then(|| sheet.rows[index - 1].cell(column).clone()),
            };
            let is_known = above.as_ref().is_some_and(|cell| !cell.is_empty()) || field.is_household();
            match above.filter(|_| is_known) {
                Some(cell) => {
                    *repeated.entry(column).or_default() += 1;
                    sheet.rows[index].cells[column] = cell;
                }
                None => {
                    let row = sheet.rows[index].number;
                    let finding = Finding::new(FindingCode::DittoUnread, &sheet.name, row, &Text::new("", ""));
                    findings.push(finding.at(Some(head.title(column))));
                }
            }
        }
    }
    let told = repeated.into_iter().map(|(column, n)| {
        let n = Text::new(n.to_string(), n.to_string());
        Finding::new(FindingCode::DittoRepeated, &sheet.name, 0, &n).at(Some(head.title(column)))
    });
    findings.extend(told);
    findings
}

fn is_ditto(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    matches!(text.trim(), "同上" | "同前" | "同上行" | "〃" | "″" | "\"" | "“" | "”" | "''" | "＂")
}
