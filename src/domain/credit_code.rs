//! Is this a unified social credit code (GB 32100-2015)?
//!
//! Invariant: a [`CreditCode`] is 18 characters of the standard's alphabet with the right check character. Constant time.

use std::fmt;

use super::text::Text;

/// The 31 characters of the standard: digits and capitals without I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A checked code of a company or institution.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditCode(String);

/// Why a text is not a unified social credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CreditCodeError {
    Empty,
    Length {
        found: usize,
    },
    /// A character outside the alphabet; the position counts from 1.
    Character {
        position: usize,
    },
    CheckCharacter,
}

impl CreditCodeError {
    /// Stable code for findings and the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "credit_code_empty",
            Self::Length { .. } => "credit_code_length",
            Self::Character { .. } => "credit_code_character",
            Self::CheckCharacter => "credit_code_check",
        }
    }

    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Empty => Text::new("统一社会信用代码为空。", "The unified social credit code is empty."),
            Self::Length { found } => Text::new(
                format!("统一社会信用代码应为18位，现有{found}位，请对照营业执照核对。"),
                format!(
                    "A unified social credit code has 18 characters, this one has {found}; compare it with the licence."
                ),
            ),
            Self::Character { position } => Text::new(
                format!("统一社会信用代码第{position}个字符无效，代码不用字母I、O、S、V、Z。"),
                format!("Character {position} of the code is not allowed; the letters I, O, S, V, Z are not used."),
            ),
            Self::CheckCharacter => Text::new(
                "统一社会信用代码校验位不符，请对照营业执照核对。",
                "The check character of the code does not fit; compare it with the licence.",
            ),
        }
    }
}

impl fmt::Display for CreditCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for CreditCodeError {}

impl CreditCode {
    /// Reads a code as people type it: full-width characters, lower case and spaces are normalised.
    ///
    /// # Errors
    /// See [`CreditCodeError`].
    pub fn parse(input: &str) -> Result<Self, CreditCodeError> {
        let text: String = input.chars().filter(|c| !c.is_whitespace() && *c != '\'').map(plain).collect();
        if text.is_empty() {
            return Err(CreditCodeError::Empty);
        }
        if let Some(position) = text.chars().position(|c| value(c).is_none()) {
            return Err(CreditCodeError::Character { position: position + 1 });
        }
        if text.len() != 18 {
            return Err(CreditCodeError::Length { found: text.len() });
        }
        if Self::compose(&text[..17]).is_none_or(|code| code.0 != text) {
            return Err(CreditCodeError::CheckCharacter);
        }
        Ok(Self(text))
    }

    /// The code with this body of 17 characters; `None` for another length or a character outside the alphabet.
    #[must_use]
    pub fn compose(body17: &str) -> Option<Self> {
        if body17.chars().count() != 17 {
            return None;
        }
        let mut sum = 0;
        // The weight of the i-th character is 3^i mod 31.
        let mut weight = 1;
        for c in body17.chars() {
            sum += value(c)? * weight;
            weight = weight * 3 % ALPHABET.len();
        }
        let check = (ALPHABET.len() - sum % ALPHABET.len()) % ALPHABET.len();
        Some(Self(format!("{body17}{}", char::from(ALPHABET[check]))))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|letter| char::from(*letter) == c)
}

/// Full-width ASCII to ASCII, small letters to capitals.
fn plain(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c),
        _ => c,
    }
    .to_ascii_uppercase()
}
