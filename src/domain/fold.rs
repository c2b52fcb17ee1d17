//! When are two spellings the same text, and how is a name stored?
//!
//! [`fold`] is for comparing and searching: it forgets width, case, invisible characters and the traditional script.
//! [`name`] is for storing a person's name: it keeps every character and only settles what cannot be seen. Both are idempotent
//! and linear.

use unicode_normalization::UnicodeNormalization;

use super::fold_table::PAIRS;
use super::text::Text;

/// The dot of minority names (`阿卜杜·热合曼`), U+00B7; other dots people type for it are stored as this one.
pub const MIDDLE_DOT: char = '·';

/// The text as it is compared: NFKC, lower case, simplified characters, without invisible characters. White space stays, as single
/// characters.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).map(simplified).nfc().collect()
}

/// The simplified form of a common traditional character; any other character as it is. About eleven comparisons.
#[must_use]
pub fn simplified(c: char) -> char {
    // All characters of the table take three bytes, whose order is that of the characters.
    if !('\u{4e00}'..='\u{9fff}').contains(&c) {
        return c;
    }
    let mut wanted = [0; 3];
    c.encode_utf8(&mut wanted);
    let (pairs, _) = PAIRS.as_bytes().as_chunks::<6>();
    let found = pairs.binary_search_by(|pair| pair[..3].cmp(&wanted));
    let Ok(at) = found else { return c };
    PAIRS.get(at * 6 + 3..at * 6 + 6).and_then(|text| text.chars().next()).unwrap_or(c)
}

/// Characters without width or that turn the direction of writing: two texts that differ in them look the same.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Why a text is not stored as a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameError {
    Empty,
    /// More characters than any name has.
    TooLong,
    /// A zero-width, direction or control character; the position counts from 1.
    Invisible {
        position: usize,
    },
}

/// Longest name stored, in characters. Names of minorities written in full reach about thirty.
pub const MAX_NAME_CHARS: usize = 60;

impl NameError {
    /// Stable code for findings and the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "name_empty",
            Self::TooLong => "name_too_long",
            Self::Invisible { .. } => "name_invisible_character",
        }
    }

    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Empty => Text::new("姓名为空。", "The name is empty."),
            Self::TooLong => Text::new(
                format!("姓名超过{MAX_NAME_CHARS}个字，请核对。"),
                format!("The name has more than {MAX_NAME_CHARS} characters; please check it."),
            ),
            Self::Invisible { position } => Text::new(
                format!("姓名第{position}个字符看不见，请重新输入姓名。"),
                format!("Character {position} of the name is invisible; type the name again."),
            ),
        }
    }
}

impl std::fmt::Display for NameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for NameError {}

/// A person's name as it is stored: NFC, one kind of middle dot, no white space around it or between Chinese characters (people pad
/// short names with it). Rare and private-use characters stay as they are; traditional characters too.
///
/// # Errors
/// See [`NameError`]. Variation selectors of rare characters are allowed: they choose how the character is drawn.
pub fn name(input: &str) -> Result<String, NameError> {
    let trimmed = input.trim();
    let refused = |c: char| (is_invisible(c) && !('\u{e0100}'..='\u{e01ef}').contains(&c)) || c.is_control();
    if let Some(position) = trimmed.chars().position(refused) {
        return Err(NameError::Invisible { position: position + 1 });
    }
    let mut stored = String::with_capacity(trimmed.len());
    let mut gap = false;
    for c in trimmed.nfc() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let c = if is_middle_dot(c) { MIDDLE_DOT } else { c };
        if gap && stored.ends_with(|before: char| before.is_ascii()) && c.is_ascii() {
            stored.push(' ');
        }
        gap = false;
        stored.push(c);
    }
    match stored.chars().count() {
        0 => Err(NameError::Empty),
        count if count > MAX_NAME_CHARS => Err(NameError::TooLong),
        _ => Ok(stored),
    }
}

const fn is_middle_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '･' | '‧' | '∙' | '⋅' | '᛫' | '●' | '．')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_pairs_of_which_no_right_side_is_a_left_side() {
        let (pairs, rest) = PAIRS.as_bytes().as_chunks::<6>();
        assert!(rest.is_empty() && pairs.len() > 1000);
        assert!(pairs.windows(2).all(|two| two[0][..3] < two[1][..3]));
        for pair in PAIRS.chars().collect::<Vec<_>>().chunks(2) {
            assert_eq!(simplified(pair[0]), pair[1]);
            assert_eq!(simplified(pair[1]), pair[1]);
        }
    }
}
