//! Tables for people: aligned by display width, so that Chinese columns stand straight.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table with a head; the named columns (by position) hold numbers and stand at the right.
pub fn table(head: &[&str], numeric: &[usize], rows: Vec<Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    for column in numeric {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
