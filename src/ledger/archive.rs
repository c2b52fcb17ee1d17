//! Is it safe to unpack this XLSX? Answered from the zip directory and by inflating every part once into nothing.
//!
//! Invariant: nothing is parsed before the whole archive has been inflated within the limits; a directory that lies about
//! sizes is caught by the inflation, not believed. Cost: one inflation, constant memory.

use std::io::{Cursor, Read};

use zip::ZipArchive;

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

/// Refuses bombs, macro workbooks, encrypted, truncated and foreign archives.
///
/// # Errors
/// The refusal to show; see [`Refusal`].
pub fn inspect(bytes: &[u8]) -> Result<(), Refusal> {
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
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| Refusal::Truncated)?;
        let strings = part.name().eq_ignore_ascii_case("xl/sharedStrings.xml");
        let types = part.name() == "[Content_Types].xml";
        let compressed = part.compressed_size();
        left = inflate(&mut part, compressed, left, strings, types)?;
    }
    Ok(())
}

fn check_part(name: &str, size: u64, compressed: u64) -> Result<(), Refusal> {
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("vbaproject.bin") || lower.contains("macrosheets/") {
        return Err(Refusal::Macros);
    }
    if name.contains('\\') || name.contains('\0') || name.starts_with('/') || name.split('/').any(|step| step == "..") {
        return Err(Refusal::NotAWorkbook);
    }
    if is_bomb(size, compressed) || (lower == "xl/sharedstrings.xml" && size > MAX_SHARED_STRINGS) {
        return Err(Refusal::Bomb);
    }
    Ok(())
}

const fn is_bomb(size: u64, compressed: u64) -> bool {
    size > RATIO_APPLIES_FROM && size / MAX_RATIO > compressed
}

/// Inflates one part into nothing and returns what is left of the allowance.
fn inflate(part: &mut impl Read, compressed: u64, left: u64, strings: bool, types: bool) -> Result<u64, Refusal> {
    let mut buffer = vec![0u8; 64 * 1024];
    let (mut size, mut items) = (0u64, 0usize);
    let mut tail = [0u8; 2];
    loop {
        let n = part.read(&mut buffer).map_err(|_| Refusal::Truncated)?;
        if n == 0 {
            return Ok(left - size);
        }
        let chunk = &buffer[..n];
        if size == 0 && contains(&chunk[..n.min(4096)], b"<!DOCTYPE") {
            return Err(Refusal::NotAWorkbook);
        }
        if types && contains(chunk, b"macroEnabled") {
            return Err(Refusal::Macros);
        }
        size += n as u64;
        if strings {
            // A tag cut by the end of a chunk is counted by joining the last two bytes of the chunk before.
            let joined = [tail[0], tail[1], chunk[0], *chunk.get(1).unwrap_or(&0)];
            items += chunk.windows(3).filter(|w| *w == b"<si").count() + usize::from(contains(&joined, b"<si"));
            tail = [if n > 1 { chunk[n - 2] } else { tail[1] }, chunk[n - 1]];
        }
        if size > left
            || is_bomb(size, compressed)
            || items > MAX_STRING_ITEMS
            || (strings && size > MAX_SHARED_STRINGS)
        {
            return Err(Refusal::Bomb);
        }
    }
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
