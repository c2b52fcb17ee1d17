//! Bytes of an upload → sheets of plain cells, whatever the program or encoding they came from.
//!
//! Invariants: the content decides how a file is read, never its name; limits are checked before memory is spent. Cost: one
//! pass to inspect and one to read; cells are streamed, never laid out as a dense rectangle.

pub use super::cells::{Area, Cell, Row, Shape, Sheet};
use super::refusal::Refusal;
use super::{biff, delimited, tables, xlsx};

/// Largest accepted upload.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How a file is written inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Xls,
    Text,
}

impl Format {
    /// The extension a file of this kind should have.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Xls => ".xls",
            Self::Text => ".csv",
        }
    }

    fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "xlsx" | "xltx" => Some(Self::Xlsx),
            "xls" | "xlt" | "et" | "ett" => Some(Self::Xls),
            "csv" | "txt" | "tsv" => Some(Self::Text),
            _ => None,
        }
    }
}

/// A file, read into cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
    pub format: Format,
    /// The file's name ends as another format's does.
    pub is_misnamed: bool,
}

/// Reads an upload. The file name serves only to compare its extension with the content and to name a text's one sheet.
///
/// # Errors
/// [`Refusal`] for anything that is not a sound spreadsheet within the limits.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Workbook, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    // Windows paths too: what follows the last separator is the name.
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let named = Format::of_extension(extension);
    let format = sniff(bytes)?;
    let sheets = match format {
        Format::Xlsx => xlsx::read(bytes)?,
        Format::Xls => biff::read(bytes)?,
        Format::Text => {
            // A file that calls itself a workbook and is neither that nor text is said to be no workbook.
            let no_text = if named == Some(Format::Text) { Refusal::Encoding } else { Refusal::NotAWorkbook };
            let text = delimited::decode(bytes).map_err(|_| no_text)?;
            if is_markup(&text) {
                return Err(Refusal::WebPage);
            }
            delimited::read(&text, stem)?
        }
    };
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(Refusal::Empty);
    }
    Ok(Workbook { sheets: tables::split(sheets), format, is_misnamed: named != Some(format) })
}

/// What the first bytes say.
fn sniff(bytes: &[u8]) -> Result<Format, Refusal> {
    /// Documents, archives and pictures people pick by mistake.
    const FOREIGN: &[&[u8]] = &[
        b"%PDF",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"{\\rtf",
        b"Rar!",
        b"7z\xBC\xAF",
        b"\x1F\x8B",
        b"MZ",
        b"\x7FELF",
    ];
    /// Spreadsheets older than compound files.
    const ANCIENT: &[&[u8]] = &[b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00"];
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| bytes.starts_with(magic));
    if starts(FOREIGN) {
        Err(Refusal::NotAWorkbook)
    } else if starts(ANCIENT) {
        Err(Refusal::OldOrEncrypted)
    } else if starts(&[b"PK\x03\x04", b"PK\x05\x06"]) {
        Ok(Format::Xlsx)
    } else if starts(&[&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]]) {
        Ok(Format::Xls)
    } else {
        Ok(Format::Text)
    }
}

/// Many systems call a web page or an XML export `.xls`.
fn is_markup(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(16).flat_map(char::to_lowercase).collect();
    ["<html", "<!doctype", "<table", "<?xml", "<head", "<body", "<meta", "<style", "<div", "<workbook"]
        .iter()
        .any(|tag| start.starts_with(tag))
}
