//! Notes of a file beside notes on record: what a file does not speak of stays.
//!
//! A note is parts `title：value` with `；` between, one a column that has no place of its own, and whatever people wrote. Invariant: a
//! part of a file takes the place of the part with its title, and of nothing else; the same file twice changes nothing.

use crate::app::error::AppError;
use crate::db::seal::{Sealed, SealedColumn};
use crate::db::{DbError, Keyring};

/// Longest note, in characters: as long as any use case takes.
const LONGEST: usize = 2_000;

/// Puts what a file says into a sealed note; whether that changes it.
///
/// # Errors
/// If the note cannot be opened.
pub fn add(
    keys: &Keyring,
    column: SealedColumn,
    slot: &mut Option<Sealed>,
    given: Option<&str>,
) -> Result<bool, AppError> {
    let Some(given) = given else { return Ok(false) };
    let known = match slot.as_ref() {
        Some(sealed) => keys.open_text(column, sealed).map_err(DbError::from)?.to_string(),
        None => String::new(),
    };
    let merged = merged(&known, given);
    if merged == known {
        return Ok(false);
    }
    *slot = Some(keys.seal_text(column, &merged).map_err(DbError::from)?);
    Ok(true)
}

/// The parts of a note; text without a title belongs to the part before it.
fn parts(note: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in note.split('；') {
        match parts.last_mut() {
            Some(part) if title(piece).is_none() => {
                part.push('；');
                part.push_str(piece);
            }
            _ => parts.push(piece.to_owned()),
        }
    }
    parts
}

fn title(part: &str) -> Option<&str> {
    part.split_once('：').map(|(title, _)| title).filter(|title| !title.is_empty())
}

fn merged(known: &str, given: &str) -> String {
    if known.is_empty() {
        return given.to_owned();
    }
    let mut all = parts(known);
    for part in parts(given) {
        let same = |other: &String| title(other).is_some() && title(other) == title(&part);
        match all.iter().position(same) {
            Some(place) => all[place] = part,
            None if all.contains(&part) => {}
            None => all.push(part),
        }
    }
    all.join("；").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn a_part_takes_the_place_of_its_own_and_of_nothing_else() {
        for (known, given, expected) in [
            ("", "备注：甲", "备注：甲"),
            ("想先参加培训", "是否低保：是", "想先参加培训；是否低保：是"),
            ("想先参加培训；是否低保：是", "是否低保：是", "想先参加培训；是否低保：是"),
            ("备注：甲；乙；是否低保：是", "备注：丙", "备注：丙；是否低保：是"),
            ("备注：甲；是否低保：否", "是否低保：是；户籍：外地", "备注：甲；是否低保：是；户籍：外地"),
            ("在外地；过年回来", "在外地；过年回来", "在外地；过年回来"),
        ] {
            assert_eq!(merged(known, given), expected, "{known} + {given}");
        }
    }
}
