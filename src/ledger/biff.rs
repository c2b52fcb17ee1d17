//! `.xls` of Excel 97 and later (BIFF8), read record by record.
//!
//! Own reading instead of `calamine`'s, which lays each sheet out as a dense rectangle while it opens the file: two cells in
//! opposite corners cost the memory of 16 million, for every sheet, before anybody can count. It indexes the allocation table
//! with numbers from the file, which a damaged one makes a panic, and does not tell what is hidden.
//!
//! Invariants: as of [`Allowance`]; a record that is shorter than its kind is refused; older formats, passwords and macros are
//! refused by name. Cost: one pass over the records of each sheet.

use std::sync::Arc;

use super::biff_text::{self, Pieces};
use super::cells::{self, Allowance, Area, Cell, Row, Shape, Sheet};
use super::compound::{Compound, u16_at, u32_at};
use super::date;
use super::refusal::Refusal;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const BIFF8: u16 = 0x0600;
/// Kind of a substream of cells, in its BOF.
const WORKSHEET: u16 = 0x0010;

/// The sheets of a workbook.
///
/// # Errors
/// [`Refusal`] for anything that is not a sound workbook within the limits.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(Refusal::OldOrEncrypted);
    }
    if file.has("_VBA_PROJECT_CUR") || file.has("_VBA_PROJECT") {
        return Err(Refusal::Macros);
    }
    let Some(stream) = file.stream("Workbook")? else {
        // Up to Excel 95 the stream was called Book.
        return Err(if file.has("Book") { Refusal::OldOrEncrypted } else { Refusal::NotAWorkbook });
    };
    let globals = Globals::read(&stream)?;
    let mut allowance = Allowance::default();
    let mut sheets = Vec::new();
    let mut formulas = Formulas::default();
    // Sheets do not overlap; a file that lists one of them a thousand times is not walked a thousand times.
    let mut left = 2 * stream.len();
    for bound in &globals.sheets {
        let records = stream.get(bound.at..).ok_or(Refusal::Truncated)?;
        let within = &records[..records.len().min(left)];
        let mut records = Records(within);
        formulas.sheet = sheets.len();
        sheets.extend(globals.sheet(bound, &mut records, &mut allowance, &mut formulas)?);
        left -= within.len() - records.0.len();
    }
    formulas.tell(&mut sheets, &mut allowance)?;
    Ok(sheets)
}

/// The formulas of a workbook, as far as their results tell whether anybody worked them out.
#[derive(Default)]
struct Formulas {
    /// Index of the sheet that is read.
    sheet: usize,
    /// One has a result.
    are_valued: bool,
    /// Those with the result "nothing": sheet, row and column.
    blank: Vec<(usize, u32, u32)>,
}

impl Formulas {
    /// Notes a record, if it is a formula.
    fn note(&mut self, kind: u16, data: &[u8]) {
        let (0x0006, Some(result)) = (kind, data.get(6..14)) else { return };
        if result[6..] == [0xFF, 0xFF] && result[0] == 3 {
            let at = |at| u16_at(data, at).map(u32::from).unwrap_or_default();
            self.blank.push((self.sheet, at(0), at(2)));
        } else {
            self.are_valued = true;
        }
    }

    /// A program that cannot calculate writes "nothing" as the result of every formula; one that can does so for some.
    fn tell(self, sheets: &mut [Sheet], allowance: &mut Allowance) -> Result<(), Refusal> {
        if self.are_valued {
            return Ok(());
        }
        for (index, sheet) in sheets.iter_mut().enumerate() {
            let mut rows = std::mem::take(&mut sheet.rows);
            for &(_, row, column) in self.blank.iter().filter(|(of, ..)| *of == index) {
                put(&mut rows, allowance, (row, column), Cell::Unvalued)?;
            }
            sheet.rows = cells::in_order(rows);
        }
        Ok(())
    }
}

/// A record: its kind and its bytes; `CONTINUE` records follow on their own.
type Record<'a> = (u16, &'a [u8]);

struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (Some(kind), Some(length)) = (u16_at(self.0, 0), u16_at(self.0, 2)) else {
            // Padding of the last sector.
            self.0 = &[];
            return None;
        };
        let end = 4 + usize::from(length);
        let Some(data) = self.0.get(4..end) else {
            self.0 = &[];
            return Some(Err(Refusal::Truncated));
        };
        self.0 = &self.0[end..];
        Some(Ok((kind, data)))
    }
}

impl<'a> Records<'a> {
    /// The pieces of a record that goes on: its own bytes, then those of the `CONTINUE` records behind it.
    fn pieces(&mut self, own: &'a [u8]) -> Pieces<'a> {
        let mut pieces = vec![own];
        while u16_at(self.0, 0) == Some(CONTINUE) {
            let Some(Ok((_, data))) = self.next() else { break };
            pieces.push(data);
        }
        Pieces::new(pieces)
    }
}

struct Bound {
    name: String,
    at: usize,
    is_hidden: bool,
}

/// What the first substream says for all sheets.
struct Globals {
    sheets: Vec<Bound>,
    strings: Vec<Arc<str>>,
    /// Of every cell format, whether its numbers are days.
    is_date: Vec<bool>,
    is_1904: bool,
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Self, Refusal> {
        let mut globals = Self { sheets: Vec::new(), strings: Vec::new(), is_date: Vec::new(), is_1904: false };
        let mut formats: Vec<(u16, String)> = Vec::new();
        let mut used: Vec<u16> = Vec::new();
        let mut records = Records(stream);
        let mut is_first = true;
        while let Some(record) = records.next() {
            let (kind, data) = record?;
            if is_first && (kind != BOF || u16_at(data, 0) != Some(BIFF8)) {
                return Err(Refusal::OldOrEncrypted);
            }
            is_first = false;
            match kind {
                EOF => break,
                // FILEPASS: a password.
                0x002F => return Err(Refusal::OldOrEncrypted),
                // DATEMODE
                0x0022 => globals.is_1904 = u16_at(data, 0) == Some(1),
                // FORMAT
                0x041E => {
                    let id = u16_at(data, 0).ok_or(Refusal::Truncated)?;
                    let text = biff_text::long(&data[2..]).ok_or(Refusal::Truncated)?;
                    formats.push((id, text));
                }
                // XF
                0x00E0 => used.push(u16_at(data, 2).ok_or(Refusal::Truncated)?),
                // BOUNDSHEET
                0x0085 => globals.bound(data)?,
                // SST
                0x00FC => globals.strings = biff_text::table(&mut records.pieces(data))?,
                _ => {}
            }
        }
        let custom = |id: u16| formats.iter().find(|(known, _)| *known == id).map(|(_, text)| text.as_str());
        globals.is_date =
            used.into_iter().map(|id| custom(id).map_or_else(|| is_built_in_date(id), is_date_format)).collect();
        Ok(globals)
    }

    fn bound(&mut self, data: &[u8]) -> Result<(), Refusal> {
        let (at, flags, kind) = (u32_at(data, 0), data.get(4), data.get(5));
        let (Some(at), Some(flags), Some(kind)) = (at, flags, kind) else { return Err(Refusal::Truncated) };
        match kind {
            0 => {}
            // A sheet of macros, or a module.
            1 | 6 => return Err(Refusal::Macros),
            _ => return Ok(()),
        }
        let name = biff_text::short(&data[6..]).ok_or(Refusal::Truncated)?;
        self.sheets.push(Bound { name, at: at as usize, is_hidden: flags & 3 != 0 });
        Ok(())
    }

    /// The cells of a sheet; `None` for a substream of another kind.
    fn sheet(
        &self,
        bound: &Bound,
        records: &mut Records<'_>,
        allowance: &mut Allowance,
        formulas: &mut Formulas,
    ) -> Result<Option<Sheet>, Refusal> {
        match records.next().transpose()? {
            Some((BOF, data)) if u16_at(data, 2) == Some(WORKSHEET) => {}
            Some((BOF, _)) => return Ok(None),
            _ => return Err(Refusal::Truncated),
        }
        let mut rows: Vec<Row> = Vec::new();
        let mut shape = Shape { is_hidden: bound.is_hidden, is_1904: self.is_1904, ..Shape::default() };
        // Charts within the sheet are substreams of their own.
        let mut depth = 0usize;
        // A formula whose text follows in a record of its own.
        let mut pending: Option<(u32, u32)> = None;
        while let Some(record) = records.next() {
            let (kind, data) = record?;
            match kind {
                BOF => depth += 1,
                EOF if depth == 0 => break,
                EOF => depth -= 1,
                _ if depth > 0 => {}
                // STRING: the text of the formula before.
                0x0207 => {
                    if let Some((row, column)) = pending.take() {
                        let text = records.pieces(data).long().ok_or(Refusal::Truncated)?;
                        put(&mut rows, allowance, (row, column), Cell::Text(text.into()))?;
                    }
                }
                // Between a formula and its text stand only parts of the formula: SHRFMLA, ARRAY, TABLE.
                0x04BC | 0x0221 | 0x0236 | CONTINUE => {}
                _ => {
                    if let Some(at) = pending.take() {
                        put(&mut rows, allowance, at, Cell::Unvalued)?;
                    }
                    formulas.note(kind, data);
                    pending = self.record(kind, data, &mut rows, &mut shape, allowance)?;
                }
            }
        }
        if let Some(at) = pending {
            put(&mut rows, allowance, at, Cell::Unvalued)?;
        }
        Ok(Some(Sheet { name: bound.name.clone(), rows: cells::in_order(rows), shape }))
    }

    /// One record of a sheet; the place of a formula whose text is still to come.
    fn record(
        &self,
        kind: u16,
        data: &[u8],
        rows: &mut Vec<Row>,
        shape: &mut Shape,
        allowance: &mut Allowance,
    ) -> Result<Option<(u32, u32)>, Refusal> {
        let short = |at: usize| u16_at(data, at).ok_or(Refusal::Truncated);
        let place = || Ok::<_, Refusal>((u32::from(short(0)?), u32::from(short(2)?)));
        match kind {
            // LABELSST
            0x00FD => {
                let index = u32_at(data, 6).ok_or(Refusal::Truncated)? as usize;
                let text = self.strings.get(index).ok_or(Refusal::Truncated)?;
                put(rows, allowance, place()?, Cell::Text(text.clone()))?;
            }
            // LABEL and RSTRING
            0x0204 | 0x00D6 => {
                let text = data.get(6..).and_then(biff_text::long).ok_or(Refusal::Truncated)?;
                put(rows, allowance, place()?, Cell::Text(text.into()))?;
            }
            // NUMBER
            0x0203 => put(rows, allowance, place()?, self.number(float(data, 6)?, short(4)?))?,
            // RK
            0x027E => {
                let packed = u32_at(data, 6).ok_or(Refusal::Truncated)?;
                put(rows, allowance, place()?, self.number(unpack(packed), short(4)?))?;
            }
            // MULRK
            0x00BD => {
                let (row, first) = place()?;
                let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (column, cell) in (first..).zip(cells.chunks_exact(6)) {
                    let (Some(format), Some(packed)) = (u16_at(cell, 0), u32_at(cell, 2)) else { break };
                    put(rows, allowance, (row, column), self.number(unpack(packed), format))?;
                }
            }
            // BOOLERR
            0x0205 => {
                let (Some(value), Some(is_error)) = (data.get(6), data.get(7)) else { return Err(Refusal::Truncated) };
                let cell = if *is_error == 0 { Cell::Bool(*value != 0) } else { Cell::Error };
                put(rows, allowance, place()?, cell)?;
            }
            // FORMULA
            0x0006 => {
                let result = data.get(6..14).ok_or(Refusal::Truncated)?;
                let cell = match (result[6..] == [0xFF, 0xFF], result[0]) {
                    (false, _) => self.number(float(data, 6)?, short(4)?),
                    (true, 0) => return Ok(Some(place()?)),
                    (true, 1) => Cell::Bool(result[2] != 0),
                    (true, 2) => Cell::Error,
                    (true, _) => Cell::Empty,
                };
                put(rows, allowance, place()?, cell)?;
            }
            // MERGEDCELLS
            0x00E5 => {
                for area in data.get(2..).unwrap_or_default().chunks_exact(8).take(usize::from(short(0)?)) {
                    let at = |at| u16_at(area, at).map(u32::from).unwrap_or_default();
                    shape.merge(Area { top: at(0), bottom: at(2), left: at(4), right: at(6) })?;
                }
            }
            // COLINFO
            0x007D if short(8)? & 1 != 0 => shape.hide_columns(short(0)?.into(), short(2)?.into()),
            // ROW
            0x0208 if short(12)? & 0x20 != 0 => shape.hide_row(short(0)?.into()),
            _ => {}
        }
        Ok(None)
    }

    fn number(&self, value: f64, format: u16) -> Cell {
        let is_date = self.is_date.get(usize::from(format)).copied().unwrap_or(false);
        match date::from_serial(value, self.is_1904).filter(|_| is_date) {
            Some(date) => Cell::Date(date),
            None => Cell::Number(value),
        }
    }
}

fn put(rows: &mut Vec<Row>, allowance: &mut Allowance, at: (u32, u32), cell: Cell) -> Result<(), Refusal> {
    if cell.is_empty() { Ok(()) } else { allowance.put(rows, at.0, at.1, cell) }
}

fn float(data: &[u8], at: usize) -> Result<f64, Refusal> {
    let bytes = data.get(at..at + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    bytes.map(f64::from_le_bytes).ok_or(Refusal::Truncated)
}

/// A number in 30 bits: whole or the upper half of a float, perhaps times a hundred.
fn unpack(packed: u32) -> f64 {
    let value = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 { value } else { value / 100.0 }
}

/// Formats every program knows by number: 14–22 and the Chinese ones.
const fn is_built_in_date(id: u16) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format shows days: it has a year, a month or a day outside of quotes, escapes and brackets.
fn is_date_format(format: &str) -> bool {
    let mut characters = format.chars();
    let (mut has_day, mut has_hour) = (false, false);
    while let Some(c) = characters.next() {
        match c {
            '"' => _ = characters.by_ref().find(|c| *c == '"'),
            '[' => _ = characters.by_ref().find(|c| *c == ']'),
            '\\' | '_' | '*' => _ = characters.next(),
            'y' | 'Y' | 'd' | 'D' => return true,
            'm' | 'M' => has_day = true,
            'h' | 'H' | 's' | 'S' => has_hour = true,
            ';' => break,
            _ => {}
        }
    }
    has_day && !has_hour
}
