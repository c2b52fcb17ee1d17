//! The container of `.xls` (a compound file): streams by name, followed through its allocation tables.
//!
//! Invariants: every chain ends within the number of sectors the file has, so a loop is refused instead of followed; no table or
//! stream takes more memory than the file itself; nothing is believed that lies outside it. Cost: each sector is copied once.

use super::refusal::Refusal;

const HEADER: usize = 512;
/// Sector numbers from here on are marks, not sectors.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
const MINI_SECTOR: usize = 64;
const DIRECTORY_ENTRY: usize = 128;
/// Allocation sectors named in the header itself.
const IN_HEADER: usize = 109;

pub struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// Streams up to this size live in the mini stream.
    cutoff: usize,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl<'a> Compound<'a> {
    /// Reads the tables and the directory.
    ///
    /// # Errors
    /// [`Refusal::Truncated`] for tables that lead nowhere.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let header = bytes.get(..HEADER).ok_or(Refusal::Truncated)?;
        let sector = match u16_at(header, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(Refusal::Truncated),
        };
        let field = |at| u32_at(header, at).unwrap_or_default();
        let mut file = Self {
            bytes,
            sector,
            cutoff: field(56) as usize,
            table: Vec::new(),
            mini_table: Vec::new(),
            mini: Vec::new(),
            entries: Vec::new(),
        };
        file.table = file.allocation(field(68), &words(&header[76..76 + 4 * IN_HEADER]))?;
        let directory = file.chain(field(48), usize::MAX)?;
        file.entries = directory.chunks_exact(DIRECTORY_ENTRY).filter_map(entry).collect();
        let root = file.entries.first().map(|root| (root.start, root.size)).ok_or(Refusal::Truncated)?;
        if field(64) > 0 {
            file.mini_table = words(&file.chain(field(60), usize::MAX)?);
            file.mini = file.chain(root.0, root.1)?;
        }
        Ok(file)
    }

    /// Whether there is a stream or storage of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// A stream's bytes; `None` if there is none of this name.
    ///
    /// # Errors
    /// [`Refusal::Truncated`] if the file ends before the stream does.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let bytes = if entry.size < self.cutoff {
            self.mini_chain(entry.start, entry.size)?
        } else {
            self.chain(entry.start, entry.size)?
        };
        if bytes.len() < entry.size { Err(Refusal::Truncated) } else { Ok(Some(bytes)) }
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    /// A sector; the last one of a file may be cut short.
    fn sector(&self, number: u32) -> Result<&'a [u8], Refusal> {
        let start =
            (number as usize).checked_add(1).and_then(|n| n.checked_mul(self.sector)).ok_or(Refusal::Truncated)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty()).ok_or(Refusal::Truncated)?;
        Ok(&rest[..rest.len().min(self.sector)])
    }

    /// The allocation table: its sectors are named in the header and, of larger files, in a chain of their own.
    fn allocation(&self, mut more: u32, in_header: &[u32]) -> Result<Vec<u32>, Refusal> {
        let mut named: Vec<u32> = in_header.to_vec();
        let mut hops = 0;
        while more < FIRST_MARK {
            hops += 1;
            if hops > self.sectors() {
                return Err(Refusal::Truncated);
            }
            named.extend(words(self.sector(more)?));
            more = named.pop().unwrap_or(FIRST_MARK);
        }
        let mut table = Vec::new();
        for number in named.into_iter().filter(|number| *number < FIRST_MARK) {
            // Enough to speak of every sector there is; a file naming more is padding its way to our memory.
            if table.len() > self.sectors() {
                break;
            }
            table.extend(words(self.sector(number)?));
        }
        Ok(table)
    }

    fn chain(&self, start: u32, size: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let mut hops = 0;
        let mut next = start;
        while next < FIRST_MARK && bytes.len() < size {
            hops += 1;
            if hops > self.sectors() + 1 {
                return Err(Refusal::Truncated);
            }
            bytes.extend_from_slice(self.sector(next)?);
            next = *self.table.get(next as usize).ok_or(Refusal::Truncated)?;
        }
        bytes.truncate(size);
        Ok(bytes)
    }

    fn mini_chain(&self, start: u32, size: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let mut next = start;
        while next < FIRST_MARK && bytes.len() < size {
            let from = (next as usize).checked_mul(MINI_SECTOR).ok_or(Refusal::Truncated)?;
            let rest = self.mini.get(from..).filter(|rest| !rest.is_empty()).ok_or(Refusal::Truncated)?;
            // A stream in the mini stream is shorter than the cutoff, so a loop ends with its size.
            bytes.extend_from_slice(&rest[..rest.len().min(MINI_SECTOR)]);
            next = *self.mini_table.get(next as usize).ok_or(Refusal::Truncated)?;
        }
        bytes.truncate(size);
        Ok(bytes)
    }
}

/// An entry of the directory; `None` for an unused one.
fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).min(64);
    let units: Vec<u16> = bytes[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let name = String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned();
    let size = usize::try_from(u32_at(bytes, 120)?).ok()?;
    (!name.is_empty()).then_some(Entry { name, start: u32_at(bytes, 116)?, size })
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
}

/// A little-endian number at an offset; `None` past the end.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

/// As [`u16_at`], of four bytes.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16_at(bytes, at)?) | (u32::from(u16_at(bytes, at + 2)?) << 16))
}
