//! Merged cells of the rows of data: what stands in them once and is meant for several rows.
//!
//! Invariant: only a household's columns are repeated, since a merged cell there speaks for the people beside it, of postings what a
//! company says of several, and of a list of workers what their work has in common; a merged job of a ledger is one person's, unless all rows say that they work, and that the rows below are left empty
//! is said. Where a row is a whole household, rows merged into one are not read.

use std::collections::BTreeMap;

use super::cells::{Cell, MAX_COLUMNS, Row, Sheet};
use super::field::Field;
use super::finding::{Finding, FindingCode};
use super::head::{Head, SheetKind};
use super::words;
use crate::domain::text::Text;

/// A merged text longer than any name of a place or household is not repeated.
const LONGEST: usize = 400;

/// Whether a merged cell of a column speaks for all its rows.
const fn is_shared(kind: SheetKind, field: Field) -> bool {
    match kind {
        SheetKind::Posting => field.is_of_several_postings(),
        // Of a list of workers the company, and what all do there: it is written once beside them.
        SheetKind::Job => field.is_household() || is_of_their_work(field),
        _ => field.is_household(),
    }
}

/// What is written once beside people who work at one place.
const fn is_of_their_work(field: Field) -> bool {
    matches!(
        field,
        Field::Employer
            | Field::EmployerNature
            | Field::JobTitle
            | Field::Channel
            | Field::Region
            | Field::Place
            | Field::StartOn
    )
}

/// Whether the row of a ledger says by its status that the person works: what is merged over such rows is true of each.
fn is_at_work(head: &Head, row: &Row) -> bool {
    let status = head.column(Field::Status).and_then(|column| words::status(&row.cell(column).display()));
    status.is_some_and(|(employed, _)| employed)
}

/// Repeats the merged cells that speak for several rows and tells the others, one finding a column.
pub fn repeat(sheet: &mut Sheet, head: &Head) -> Vec<Finding> {
    let Some(first) = sheet.rows.get(head.first_data).map(|row| row.number - 1) else { return Vec::new() };
    let mut left_alone: BTreeMap<usize, u32> = BTreeMap::new();
    let mut of_one_household: BTreeMap<u32, usize> = BTreeMap::new();
    // Areas of a sound sheet do not overlap, so that each row is met once a column.
    let mut left = sheet.rows.len() * MAX_COLUMNS as usize;
    for area in sheet.shape.merges.iter().filter(|area| area.top >= first && area.bottom > area.top) {
        let column = area.left as usize;
        let above = sheet.rows.partition_point(|row| row.number < area.top + 1);
        let below = sheet.rows.partition_point(|row| row.number <= area.bottom + 1);
        let Some(rows) = sheet.rows.get_mut(above..below).filter(|rows| rows.len() > 1) else { continue };
        let Some(rest) = left.checked_sub(rows.len()) else { break };
        left = rest;
        let value = rows[0].cell(column).clone();
        if rows[0].number != area.top + 1
            || value.is_empty()
            || matches!(&value, Cell::Text(text) if text.len() > LONGEST)
        {
            continue;
        }
        if head.kind == SheetKind::Household && head.field_of(column).is_some_and(Field::is_of_one_household) {
            of_one_household.extend(rows.iter().map(|row| (row.number, column)));
        } else if head.field_of(column).is_some_and(|field| {
            is_shared(head.kind, field) || (is_of_their_work(field) && rows.iter().all(|row| is_at_work(head, row)))
        }) {
            for row in &mut rows[1..] {
                if row.cell(column).is_empty() {
                    if row.cells.len() <= column {
                        row.cells.resize(column + 1, Cell::Empty);
                    }
                    row.cells[column] = value.clone();
                }
            }
        } else if !head.title(column).is_empty() && head.field_of(column).is_none_or(|field| !field.is_dropped()) {
            *left_alone.entry(column).or_default() += 1;
        }
    }
    let told = left_alone.into_iter().map(|(column, n)| {
        let n = n.to_string();
        Finding::new(FindingCode::CellsMerged, &sheet.name, 0, &Text::new(n.clone(), n)).at(Some(head.title(column)))
    });
    let refused = of_one_household.into_iter().map(|(row, column)| {
        Finding::new(FindingCode::HouseholdRowsMerged, &sheet.name, row, &Text::new("", ""))
            .at(Some(head.title(column)))
    });
    told.chain(refused).collect()
}
