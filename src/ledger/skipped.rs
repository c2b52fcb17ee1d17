//! Rows that are no data: sums, signatures, examples, a head printed again, and what a sheet was prepared with.
//!
//! Invariant: a row that names a person, or has anything only a person's row has, is data.

use super::field::Field;
use super::finding::FindingCode;
use super::head::{Head, SheetKind};
use super::workbook::{Cell, Row};

/// Sums over the rows above, which may fill any number of columns.
const TOTALS: &[&str] = &["合计", "总计", "小计", "共计"];
const FOOTERS: &[&str] =
    &["填表", "制表", "审核", "填报", "负责人", "说明", "注:", "注：", "备注:", "备注：", "联系人"];

/// `Some(Some(code))` for a row to skip aloud, `Some(None)` for one to skip silently (a running number and nothing else). `below`
/// is the next row.
pub(super) fn not_data(head: &Head, row: &Row, below: Option<&Row>) -> Option<Option<FindingCode>> {
    let sequence = head.column(Field::Sequence);
    let filled: Vec<(usize, &Cell)> = row
        .cells
        .iter()
        .enumerate()
        .filter(|(column, cell)| Some(*column) != sequence && !cell.is_empty() && !is_prepared(head, *column, cell))
        .collect();
    let number = sequence.map(|column| row.cell(column).display()).unwrap_or_default();
    let is_sum = is_total(&number) || starts_a_footer(&number);
    let Some((_, first)) = filled.first() else {
        return Some(is_sum.then_some(FindingCode::RowNotData));
    };
    if is_example(head, row) {
        return Some(Some(FindingCode::ExampleRow));
    }
    let first = first.display();
    let is_id = |column: usize| row.cell(column).display().chars().filter(char::is_ascii_digit).count() >= 8;
    if [Field::IdNumber, Field::HeadId].iter().filter_map(|field| head.column(*field)).any(is_id) {
        return None;
    }
    let is_footer =
        (starts_a_footer(&first) || starts_a_footer(&number)) && filled.len() <= 6 && !is_posting(head, row);
    let is_caption = filled.len() == 1 && below.is_some_and(|below| is_head_again(head, below));
    let is_note = is_total(&number)
        || is_total(&first)
        || is_footer
        || is_caption
        || is_numbering(row)
        || is_head_again(head, row)
        || is_of_places_only(head, &filled);
    is_note.then_some(Some(FindingCode::RowNotData))
}

/// 第一网格小计; written 合 计 to fill the cell.
fn is_total(text: &str) -> bool {
    let word: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：')).collect();
    TOTALS.iter().any(|total| word.starts_with(total) || word.ends_with(total))
}

fn starts_a_footer(text: &str) -> bool {
    FOOTERS.iter().any(|word| text.trim().starts_with(word))
}

/// 审核员 and 负责人 are jobs too: of a list of postings they are, where a company or a number of places stands beside.
fn is_posting(head: &Head, row: &Row) -> bool {
    let is_said = |field| {
        let text = head.column(field).map(|column| row.cell(column).display()).unwrap_or_default();
        !text.trim().is_empty() && !text.contains([':', '：'])
    };
    head.kind == SheetKind::Posting
        && is_said(Field::PostingTitle)
        && (is_said(Field::Employer) || is_said(Field::Headcount))
}

fn is_example(head: &Head, row: &Row) -> bool {
    let naming = [Field::Sequence, Field::Name, Field::HeadName, Field::PostingTitle, Field::Employer, Field::Building];
    naming.iter().filter_map(|field| head.column(*field)).any(|column| {
        let text = row.cell(column).display();
        let text = text.trim_start_matches(['【', '(', '（']);
        text.starts_with("示例") || text.starts_with("例：") || text.starts_with("例:")
    })
}

/// A cell that a sheet is prepared with for rows to come: what follows from other columns, a formula of them, the community.
fn is_prepared(head: &Head, column: usize, cell: &Cell) -> bool {
    const NAMING: &[Field] = &[Field::Name, Field::IdNumber, Field::HeadName, Field::HeadId];
    let field = head.field_of(column);
    let is_naming = field.is_some_and(|field| NAMING.contains(&field));
    head.kind.is_personal()
        && !is_naming
        && (matches!(cell, Cell::Error | Cell::Unvalued)
            || field.is_some_and(|field| field.is_dropped() || field == Field::Community))
}

/// A row for somebody who is not written down: where the household would live, and nothing of it.
fn is_of_places_only(head: &Head, filled: &[(usize, &Cell)]) -> bool {
    const PLACES: &[Field] = &[Field::Grid, Field::Building, Field::Township];
    head.kind.is_personal()
        && filled.iter().all(|(column, _)| head.field_of(*column).is_some_and(|field| PLACES.contains(&field)))
}

/// The head, as printed at the top of every page.
fn is_head_again(head: &Head, row: &Row) -> bool {
    let mut n = 0;
    row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).all(|(column, cell)| {
        n += 1;
        let Cell::Text(text) = cell else { return false };
        let text = text.replace(['\r', '\n'], "");
        head.title(column).split(" > ").any(|step| step.trim() == text.trim())
    }) && n >= 2
}

/// A row that counts the columns, as some heads end with: 1, 2, 3 …
fn is_numbering(row: &Row) -> bool {
    let filled: Vec<Option<u32>> =
        row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.display().trim().parse().ok()).collect();
    filled.len() >= 3
        && filled.windows(2).all(|pair| matches!(pair, [Some(one), Some(next)] if one.checked_add(1) == Some(*next)))
}
