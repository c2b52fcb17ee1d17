//! Texts of BIFF8 records: one or two bytes a character, perhaps broken over several records.

use std::sync::Arc;

use super::refusal::Refusal;

/// Strings of a workbook; a ledger of 200,000 rows has fewer.
const MAX_STRINGS: usize = 2_000_000;

/// The bytes of a record and of those that continue it. A text that is broken between two begins the second with a new flag of
/// its width.
pub struct Pieces<'a> {
    pieces: std::vec::IntoIter<&'a [u8]>,
    rest: &'a [u8],
}

impl<'a> Pieces<'a> {
    pub fn new(pieces: Vec<&'a [u8]>) -> Self {
        let mut pieces = pieces.into_iter();
        let rest = pieces.next().unwrap_or_default();
        Self { pieces, rest }
    }

    /// Moves on to the next piece that has bytes; `false` at the end.
    fn refill(&mut self) -> bool {
        while self.rest.is_empty() {
            match self.pieces.next() {
                Some(next) => self.rest = next,
                None => return false,
            }
        }
        true
    }

    fn byte(&mut self) -> Option<u8> {
        if !self.refill() {
            return None;
        }
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn word(&mut self) -> Option<u32> {
        Some(u32::from(self.short()?) | (u32::from(self.short()?) << 16))
    }

    fn skip(&mut self, mut n: usize) -> Option<()> {
        while n > 0 {
            if !self.refill() {
                return None;
            }
            let step = n.min(self.rest.len());
            self.rest = &self.rest[step..];
            n -= step;
        }
        Some(())
    }

    /// `count` characters, whose width the flag tells.
    fn characters(&mut self, count: usize, flag: u8) -> Option<String> {
        // The count is at most 65,535: a short text's memory, whatever the file says.
        let mut units: Vec<u16> = Vec::with_capacity(count.min(self.rest.len()));
        let mut is_wide = flag & 1 != 0;
        while units.len() < count {
            if self.rest.is_empty() {
                self.refill().then_some(())?;
                is_wide = self.byte()? & 1 != 0;
                continue;
            }
            let left = count - units.len();
            let width = if is_wide { 2 } else { 1 };
            let n = left.min(self.rest.len() / width);
            if n == 0 {
                return None;
            }
            let (taken, rest) = self.rest.split_at(n * width);
            self.rest = rest;
            if is_wide {
                units.extend(taken.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
            } else {
                units.extend(taken.iter().map(|byte| u16::from(*byte)));
            }
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// A text with a length of two bytes.
    pub fn long(&mut self) -> Option<String> {
        let count = self.short()?;
        let flag = self.byte()?;
        self.characters(count.into(), flag)
    }

    /// As [`Self::long`], with runs of formats and phonetic notes behind it, which are passed over.
    fn rich(&mut self) -> Option<String> {
        let count = self.short()?;
        let flag = self.byte()?;
        let runs = if flag & 8 != 0 { self.short()? } else { 0 };
        let notes = if flag & 4 != 0 { self.word()? } else { 0 };
        let text = self.characters(count.into(), flag)?;
        self.skip(usize::from(runs) * 4 + notes as usize)?;
        Some(text)
    }
}

/// The table of shared strings.
///
/// # Errors
/// [`Refusal::Truncated`] if it ends early, [`Refusal::Bomb`] if it is absurd.
pub fn table(pieces: &mut Pieces<'_>) -> Result<Vec<Arc<str>>, Refusal> {
    let count = pieces.skip(4).and_then(|()| pieces.word()).ok_or(Refusal::Truncated)? as usize;
    if count > MAX_STRINGS {
        return Err(Refusal::Bomb);
    }
    let mut strings = Vec::new();
    for _ in 0..count {
        strings.push(pieces.rich().ok_or(Refusal::Truncated)?.into());
    }
    Ok(strings)
}

/// A text in one record, with a length of two bytes.
pub fn long(data: &[u8]) -> Option<String> {
    Pieces::new(vec![data]).long()
}

/// A text in one record, with a length of one byte: names of sheets.
pub fn short(data: &[u8]) -> Option<String> {
    let (count, rest) = data.split_first()?;
    let (flag, rest) = rest.split_first()?;
    Pieces::new(vec![rest]).characters((*count).into(), *flag)
}
