//! The tags of an XML part, chunk by chunk, in constant memory.
//!
//! Invariants: a document type, and with it every entity of one's own, is refused wherever it stands; so is a tag or a run of
//! text longer than any spreadsheet writes. Nothing is decoded and nothing resolved. Cost: one pass over the bytes.

use super::refusal::Refusal;

/// Longest tag, comment or marked section. Attributes of real parts stay far below.
const MAX_TAG: usize = 1024 * 1024;
/// Longest text between two tags. A cell holds 32,767 characters at most.
const MAX_RUN: usize = 4 * 1024 * 1024;

/// One tag, without its angle brackets.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'a> {
    bytes: &'a [u8],
    /// Bytes of text since the tag before.
    pub text_before: usize,
}

impl<'a> Tag<'a> {
    /// A tag of these bytes, as they stand between the angle brackets.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, text_before: 0 }
    }

    /// The local name; `/row` for the end of `x:row`.
    pub fn name(&self) -> (bool, &'a [u8]) {
        let is_end = self.bytes.first() == Some(&b'/');
        let rest = &self.bytes[usize::from(is_end)..];
        let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(rest.len());
        let name = &rest[..end];
        (is_end, name.iter().position(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..]))
    }

    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// An attribute's value by its local name, as it is written.
    pub fn attribute(&self, wanted: &str) -> Option<&'a [u8]> {
        let mut rest = self.bytes;
        while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
            let before = rest[..equals].trim_ascii_end();
            let start =
                before.iter().rposition(|byte| byte.is_ascii_whitespace() || *byte == b':').map_or(0, |at| at + 1);
            let name = &before[start..];
            let after = rest[equals + 1..].trim_ascii_start();
            let quote = *after.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
            let end = after[1..].iter().position(|byte| *byte == quote)?;
            if name == wanted.as_bytes() {
                return Some(&after[1..=end]);
            }
            rest = &after[end + 2..];
        }
        None
    }

    /// A whole number in an attribute.
    pub fn number(&self, wanted: &str) -> Option<u32> {
        std::str::from_utf8(self.attribute(wanted)?).ok()?.trim().parse().ok()
    }

    /// `1` or `true`.
    pub fn says_yes(&self, wanted: &str) -> bool {
        matches!(self.attribute(wanted), Some(b"1" | b"true"))
    }
}

/// What the bytes so far leave open.
#[derive(Debug, Default)]
pub struct Tags {
    /// The beginning of a tag whose end is still to come.
    held: Vec<u8>,
    is_inside: bool,
    text: usize,
}

impl Tags {
    /// Takes the next bytes and tells every tag that ends in them.
    ///
    /// # Errors
    /// [`Refusal::NotAWorkbook`] for a document type, [`Refusal::Bomb`] for absurd lengths, and what `each` answers.
    pub fn feed(
        &mut self,
        mut chunk: &[u8],
        each: &mut impl FnMut(Tag<'_>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        loop {
            if !self.is_inside {
                let Some(open) = chunk.iter().position(|byte| *byte == b'<') else {
                    self.text += chunk.len();
                    return if self.text > MAX_RUN { Err(Refusal::Bomb) } else { Ok(()) };
                };
                self.text += open;
                if self.text > MAX_RUN {
                    return Err(Refusal::Bomb);
                }
                chunk = &chunk[open + 1..];
                self.is_inside = true;
                self.held.clear();
            }
            let Some(used) = self.close(chunk, each)? else { return Ok(()) };
            chunk = &chunk[used..];
            self.is_inside = false;
            self.text = 0;
        }
    }

    /// Finds the end of the open tag and tells the tag; the number of bytes used, or `None` if the end is still to come.
    fn close(
        &mut self,
        chunk: &[u8],
        each: &mut impl FnMut(Tag<'_>) -> Result<(), Refusal>,
    ) -> Result<Option<usize>, Refusal> {
        let mut from = 0;
        while let Some(at) = chunk[from..].iter().position(|byte| *byte == b'>') {
            let end = from + at;
            let whole = if self.held.is_empty() {
                &chunk[..end]
            } else {
                self.held.extend_from_slice(&chunk[from..end]);
                &self.held
            };
            if whole.len() > MAX_TAG {
                return Err(Refusal::Bomb);
            }
            if is_whole(whole) {
                if whole.first() == Some(&b'!') {
                    if !whole.starts_with(b"!--") && !whole.starts_with(b"![CDATA[") {
                        return Err(Refusal::NotAWorkbook);
                    }
                } else {
                    each(Tag { bytes: whole, text_before: self.text })?;
                }
                self.held.clear();
                return Ok(Some(end + 1));
            }
            if self.held.is_empty() {
                self.held.extend_from_slice(&chunk[..end]);
            }
            self.held.push(b'>');
            from = end + 1;
        }
        self.held.extend_from_slice(&chunk[from..]);
        if self.held.starts_with(b"!DOCTYPE") {
            return Err(Refusal::NotAWorkbook);
        }
        if self.held.len() > MAX_TAG { Err(Refusal::Bomb) } else { Ok(None) }
    }
}

/// Whether the `>` behind these bytes ends the tag: not within quotes, a comment or a marked section.
fn is_whole(tag: &[u8]) -> bool {
    if tag.starts_with(b"!--") {
        return tag.len() >= 5 && tag.ends_with(b"--");
    }
    if tag.starts_with(b"![CDATA[") {
        return tag.ends_with(b"]]");
    }
    let mut quote = None;
    for &byte in tag {
        match quote {
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            Some(open) if open == byte => quote = None,
            _ => {}
        }
    }
    quote.is_none()
}
