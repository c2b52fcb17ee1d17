//! `.xlsx`: cells streamed by `calamine`, everything else about a sheet found while the archive is inspected.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx};

use super::archive;
use super::cells::{self, Allowance, Cell, Row, Sheet};
use super::date;
use super::refusal::Refusal;

/// The sheets of a workbook. Nothing is parsed before [`archive::inspect`] has let it through.
///
/// # Errors
/// [`Refusal`] for anything that is not a sound workbook within the limits.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let mut parts = archive::inspect(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::Truncated)?;
    let names = workbook.sheet_names();
    let is_1904 = workbook.has_1904_epoch();
    let mut allowance = Allowance::default();
    let mut sheets = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        // Chart sheets have no cells to read; they are not an error.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&name) else { continue };
        let part = parts.get_mut(index).map(std::mem::take).unwrap_or_default();
        let mut rows: Vec<Row> = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(|_| Refusal::Truncated)? {
            let (row, column) = cell.get_position();
            let value = plain(cell.get_value(), is_1904);
            let value = if value.is_empty() && part.unvalued.contains(&(row, column)) { Cell::Unvalued } else { value };
            if !value.is_empty() {
                allowance.put(&mut rows, row, column, value)?;
            }
        }
        let mut shape = part.shape;
        shape.is_1904 = is_1904;
        sheets.push(Sheet { name, rows: cells::in_order(rows), shape });
    }
    Ok(sheets)
}

fn plain(value: &DataRef<'_>, is_1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.as_str().into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(stamp) => {
            let day = date::from_serial(stamp.as_f64(), is_1904).filter(|_| stamp.is_datetime());
            day.map_or_else(|| Cell::Number(stamp.as_f64()), Cell::Date)
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.as_str().into()),
        DataRef::Error(_) => Cell::Error,
    }
}
