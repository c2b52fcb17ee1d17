//! Is this a resident ID number (GB 11643-1999), and what does it say?
//!
//! Invariant: a [`ResidentId`] is 18 ASCII characters with the right check character and a real birth date from 1900 on, so one
//! number is never stored in two spellings. The first six digits are the place of issue, not where the person lives.
//! Constant time; the only allocation is the number itself.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::codes::Sex;
use super::text::Text;

/// GB 11643-1999, annex: weights of the 17 body digits (2^(18−i) mod 11).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check character by remainder (ISO 7064 MOD 11-2).
const CHECK: [u8; 11] = *b"10X98765432";
/// Births before this year are typing errors.
const FIRST_YEAR: i32 = 1900;

/// A checked number. `Debug` shows it masked, so that it cannot slip into a log.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResidentId {
    text: String,
    birth_date: NaiveDate,
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", mask(&self.text))
    }
}

/// What [`ResidentId::parse_detailed`] had to do to read a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedResidentId {
    pub id: ResidentId,
    /// A disability-certificate number was cut to its ID number; type and grade are health data and are not kept.
    pub cut_disability_suffix: bool,
    /// The spelling was changed: full-width or look-alike characters, spaces, a lower-case `x`.
    pub normalised: bool,
}

/// Why a text is not a resident ID number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResidentIdError {
    Empty,
    /// Digits of another script (Arabic-Indic, Devanagari, …): refused, nobody types them by intention.
    ForeignDigits,
    /// A character that no spelling of the number has; the position counts from 1.
    Character {
        position: usize,
    },
    /// The old number of 15 digits, without check character (law.md R29).
    OldFifteenDigits,
    Length {
        found: usize,
    },
    /// Digits 7–14 are no date.
    BirthDate,
    BornTooEarly,
    BornInFuture,
    CheckCharacter,
}

impl ResidentIdError {
    /// Stable code for findings and the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "id_number_empty",
            Self::ForeignDigits => "id_number_foreign_digits",
            Self::Character { .. } => "id_number_character",
            Self::OldFifteenDigits => "id_number_fifteen_digits",
            Self::Length { .. } => "id_number_length",
            Self::BirthDate => "id_number_birth_date",
            Self::BornTooEarly => "id_number_born_too_early",
            Self::BornInFuture => "id_number_born_in_future",
            Self::CheckCharacter => "id_number_check",
        }
    }

    /// The sentence for people; it never repeats a digit of the number.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Empty => {
                Text::new("身份证号为空，请填写18位号码。", "The ID number is empty; enter the 18 characters.")
            }
            Self::ForeignDigits => Text::new(
                "身份证号含有其他文字的数字，请用0–9重新填写。",
                "The ID number has digits of another script; type it again with 0–9.",
            ),
            Self::Character { position } => Text::new(
                format!("身份证号第{position}个字符无效，只能是数字，末位可为X。"),
                format!("Character {position} of the ID number is not allowed; only digits, and X at the end."),
            ),
            Self::OldFifteenDigits => Text::new(
                "这是15位旧号码，不能自动换算，请按现行身份证填写18位号码。",
                "This is an old 15-digit number and is not converted; enter the 18 characters of the present ID card.",
            ),
            Self::Length { found } => Text::new(
                format!("身份证号应为18位，现有{found}位，请对照证件核对。"),
                format!("An ID number has 18 characters, this one has {found}; compare it with the card."),
            ),
            Self::BirthDate => Text::new(
                "身份证号第7至14位不是有效日期，请对照证件核对。",
                "Characters 7 to 14 of the ID number are no date; compare it with the card.",
            ),
            Self::BornTooEarly => Text::new(
                "身份证号中的出生日期早于1900年，请对照证件核对。",
                "The birth date in the ID number is before 1900; compare it with the card.",
            ),
            Self::BornInFuture => Text::new(
                "身份证号中的出生日期晚于今天，请对照证件核对。",
                "The birth date in the ID number is in the future; compare it with the card.",
            ),
            Self::CheckCharacter => Text::new(
                "身份证号校验位不符，可能有一位写错，请对照证件核对。",
                "The check character of the ID number does not fit; one character is probably wrong. Compare it with the card.",
            ),
        }
    }
}

impl fmt::Display for ResidentIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for ResidentIdError {}

impl ResidentId {
    /// Reads a number as people type it. Whether the birth date lies in the future cannot be told without a day: use
    /// [`ResidentId::parse_on`] for data that comes in.
    ///
    /// # Errors
    /// See [`ResidentIdError`].
    pub fn parse(input: &str) -> Result<Self, ResidentIdError> {
        Self::parse_detailed(input).map(|parsed| parsed.id)
    }

    /// Reads a number and refuses a birth after `today`.
    ///
    /// # Errors
    /// See [`ResidentIdError`].
    pub fn parse_on(input: &str, today: NaiveDate) -> Result<ParsedResidentId, ResidentIdError> {
        let parsed = Self::parse_detailed(input)?;
        if parsed.id.birth_date > today { Err(ResidentIdError::BornInFuture) } else { Ok(parsed) }
    }

    /// Reads a number and says what had to be changed. Full-width digits and look-alikes of X are normalised; spaces around and
    /// between the characters are dropped. A disability-certificate number (20 characters, or 22 when issued again; law.md R30)
    /// is cut to its ID number.
    ///
    /// # Errors
    /// See [`ResidentIdError`].
    pub fn parse_detailed(input: &str) -> Result<ParsedResidentId, ResidentIdError> {
        let mut text = String::with_capacity(22);
        for (position, c) in input.chars().filter(|c| !is_ignored(*c)).enumerate() {
            text.push(plain(c).ok_or(if c.is_numeric() && !c.is_ascii() {
                ResidentIdError::ForeignDigits
            } else {
                ResidentIdError::Character { position: position + 1 }
            })?);
        }
        let cut_disability_suffix = has_disability_suffix(&text);
        if cut_disability_suffix {
            text.truncate(18);
        }
        if let Some(at) = text.bytes().enumerate().position(|(at, b)| b == b'B' || b == b'X' && at != 17) {
            return Err(ResidentIdError::Character { position: at + 1 });
        }
        match text.len() {
            18 => {}
            0 => return Err(ResidentIdError::Empty),
            15 => return Err(ResidentIdError::OldFifteenDigits),
            found => return Err(ResidentIdError::Length { found }),
        }
        let birth_date = birth_date(&text)?;
        if check_character(&text.as_bytes()[..17]) != Some(text.as_bytes()[17]) {
            return Err(ResidentIdError::CheckCharacter);
        }
        let normalised = !input.starts_with(text.as_str());
        Ok(ParsedResidentId { id: Self { text, birth_date }, cut_disability_suffix, normalised })
    }

    /// Builds a number from its parts and computes the check character. `None` unless `area6` is six ASCII digits, the birth is from 1900
    /// to 9999 and `order` is below 1000 (odd = male).
    #[must_use]
    pub fn compose(area6: &str, birth: NaiveDate, order: u16) -> Option<Self> {
        let well_formed = area6.len() == 6
            && area6.bytes().all(|b| b.is_ascii_digit())
            && (FIRST_YEAR..=9999).contains(&birth.year())
            && order < 1000;
        if !well_formed {
            return None;
        }
        let mut text = format!("{area6}{}{order:03}", birth.format("%Y%m%d"));
        text.push(char::from(check_character(text.as_bytes())?));
        Some(Self { text, birth_date: birth })
    }

    /// The 18 characters, `X` in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub const fn birth_date(&self) -> NaiveDate {
        self.birth_date
    }

    /// The 17th digit is odd for men.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if self.text.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// Place of issue, first six digits.
    #[must_use]
    pub fn area(&self) -> &str {
        &self.text[..6]
    }
}

/// Any personal number as it may be shown: at most the last two characters, and none of a text so short that two would be a
/// large part of it. "First six and last four" would leave 33 candidates (reliability.md M11).
#[must_use]
pub fn mask(number: &str) -> String {
    let characters: Vec<char> = number.trim().chars().collect();
    let shown = if characters.len() < 8 { 0 } else { 2 };
    let hidden = characters.len() - shown;
    std::iter::repeat_n('*', hidden).chain(characters[hidden..].iter().copied()).collect()
}

/// The character as the number writes it; `None` for one that has no place in it. Only fonts make Cyrillic and Greek Х/Χ look
/// like X, so they are read as X; the multiplication sign is what input methods offer for it.
const fn plain(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        // Only on a disability certificate issued again.
        'B' | 'b' => Some('B'),
        'x' | 'X' | 'ｘ' | 'Ｘ' | 'х' | 'Х' | 'χ' | 'Χ' | '×' => Some('X'),
        _ => None,
    }
}

/// White space and the apostrophe with which spreadsheets mark a text. Zero-width characters are not ignored: they make
/// two equal-looking numbers differ and are refused as characters.
fn is_ignored(c: char) -> bool {
    c.is_whitespace() || c == '\''
}

/// Type 1–7, grade 1–4 and, on a certificate issued again, two more characters (`B1`, `01`). The check character tells whether the first 18 are a
/// number, so a mistyped number with two digits too many stays an error of length.
fn has_disability_suffix(text: &str) -> bool {
    let bytes = text.as_bytes();
    (bytes.len() == 20 || bytes.len() == 22)
        && (b'1'..=b'7').contains(&bytes[18])
        && (b'1'..=b'4').contains(&bytes[19])
        && (bytes.len() == 20 || (bytes[20] == b'B' || bytes[20].is_ascii_digit()) && bytes[21].is_ascii_digit())
        && check_character(&bytes[..17]) == Some(bytes[17])
}

fn birth_date(text: &str) -> Result<NaiveDate, ResidentIdError> {
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().map_err(|_| ResidentIdError::BirthDate);
    let (year, month, day) = (number(6, 10)?.cast_signed(), number(10, 12)?, number(12, 14)?);
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(ResidentIdError::BirthDate)?;
    if year < FIRST_YEAR { Err(ResidentIdError::BornTooEarly) } else { Ok(date) }
}

/// `None` unless the body is 17 ASCII digits.
fn check_character(body: &[u8]) -> Option<u8> {
    if body.len() != WEIGHTS.len() || !body.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    Some(CHECK[sum as usize % CHECK.len()])
}
