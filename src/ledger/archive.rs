//! Is it safe to unpack this XLSX? Answered from the zip directory and by inflating every part once, looking at its tags only.
//!
//! Invariant: nothing is parsed before the whole archive has been inflated within the limits; a directory that lies about
//! sizes is caught by the inflation, not believed. Cost: one inflation, memory for what [`Parts`] notes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::markup::{Tag, Tags};
use super::parts::{Part, Parts};
use super::refusal::Refusal;

/// Parts of a workbook are a few dozen; a thousand is already odd.
const MAX_ENTRIES: u16 = 1_000;
/// All parts together once inflated. A ledger of 150,000 rows and 60 columns stays below this.
const MAX_INFLATED: u64 = 512 * 1024 * 1024;
/// Shared strings are held in memory by the reader, so they get a limit of their own.
const MAX_SHARED_STRINGS: u64 = 96 * 1024 * 1024;
const MAX_STRING_ITEMS: usize = 2_000_000;
/// Spreadsheet XML packs about 10 to 40 times; far more over a large part is a bomb.
const MAX_RATIO: u64 = 150;
const RATIO_APPLIES_FROM: u64 = 8 * 1024 * 1024;

/// Refuses bombs, macro workbooks, encrypted, truncated and foreign archives; of any other, what its sheets have beside cells.
///
/// # Errors
/// The refusal to show; see [`Refusal`].
pub fn inspect(bytes: &[u8]) -> Result<Vec<Part>, Refusal> {
    if declared_entries(bytes).ok_or(Refusal::Truncated)? > MAX_ENTRIES {
        return Err(Refusal::Bomb);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Truncated)?;
    if archive.index_for_name("[Content_Types].xml").is_none() || archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(Refusal::NotAWorkbook);
    }
    let mut declared = 0u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| Refusal::Truncated)?;
        check_part(part.name(), part.size(), part.compressed_size())?;
        if part.encrypted() || part.is_symlink() {
            return Err(Refusal::NotAWorkbook);
        }
        declared = declared.saturating_add(part.size());
    }
    if declared > MAX_INFLATED {
        return Err(Refusal::Bomb);
    }
    let mut left = MAX_INFLATED;
    let mut parts = Parts::default();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| Refusal::Truncated)?;
        let name = part.name().to_ascii_lowercase();
        let compressed = part.compressed_size();
        left = inflate(&mut part, &name, compressed, left, &mut parts)?;
    }
    Ok(parts.in_order())
}

fn check_part(name: &str, size: u64, compressed: u64) -> Result<(), Refusal> {
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("vbaproject.bin") || lower.contains("macrosheets/") {
        return Err(Refusal::Macros);
    }
    if name.contains('\\') || name.contains('\0') || name.starts_with('/') || name.split('/').any(|step| step == "..") {
        return Err(Refusal::NotAWorkbook);
    }
    if is_bomb(size, compressed) || (lower.ends_with("sharedstrings.xml") && size > MAX_SHARED_STRINGS) {
        return Err(Refusal::Bomb);
    }
    Ok(())
}

const fn is_bomb(size: u64, compressed: u64) -> bool {
    size > RATIO_APPLIES_FROM && size / MAX_RATIO > compressed
}

/// Inflates one part, looks at its tags if it is XML, and returns what is left of the allowance.
fn inflate(part: &mut impl Read, name: &str, compressed: u64, left: u64, parts: &mut Parts) -> Result<u64, Refusal> {
    let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
    let is_strings = name.ends_with("sharedstrings.xml");
    let is_types = name == "[content_types].xml";
    let mut buffer = vec![0u8; 64 * 1024];
    let (mut size, mut items) = (0u64, 0usize);
    let mut tags = Tags::default();
    parts.begin();
    loop {
        let n = part.read(&mut buffer).map_err(|_| Refusal::Truncated)?;
        if n == 0 {
            return Ok(left - size);
        }
        size += n as u64;
        if size > left || is_bomb(size, compressed) || (is_strings && size > MAX_SHARED_STRINGS) {
            return Err(Refusal::Bomb);
        }
        if is_markup {
            tags.feed(&buffer[..n], &mut |tag| {
                items += usize::from(is_strings && tag.name() == (false, b"si"));
                if items > MAX_STRING_ITEMS {
                    return Err(Refusal::Bomb);
                }
                if is_strings && tag.name() == (false, b"sst") && !claims_soundly(tag) {
                    return Err(Refusal::Bomb);
                }
                if is_types && contains(tag.bytes(), b"macroEnabled") {
                    return Err(Refusal::Macros);
                }
                parts.tag(name, tag)
            })?;
        }
    }
}

/// The reader makes room for as many strings as the part says it has.
fn claims_soundly(tag: Tag<'_>) -> bool {
    let most = u32::try_from(MAX_STRING_ITEMS).unwrap_or(u32::MAX);
    tag.attribute("uniqueCount").is_none() || tag.number("uniqueCount").is_some_and(|count| count <= most)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The number of entries in the end-of-directory record, read before the directory itself is allocated.
fn declared_entries(bytes: &[u8]) -> Option<u16> {
    const RECORD: usize = 22;
    let from = bytes.len().saturating_sub(RECORD + usize::from(u16::MAX));
    let at = (from..=bytes.len().checked_sub(RECORD)?).rev().find(|&i| bytes[i..].starts_with(b"PK\x05\x06"))?;
    Some(u16::from_le_bytes([bytes[at + 10], bytes[at + 11]]))
}
