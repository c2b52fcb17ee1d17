//! Whom or which household somebody means by what they typed: an ID number, a phone, a code, an address or a name.
//!
//! Invariant: the two numbers are found exactly or not at all (only their keyed hashes can be compared), nobody whose data may only be
//! stored is found, and nothing outside of the asker's areas. Cost: one or two indexed look-ups, or one pass over households and names.

use chrono::NaiveDate;

use super::access::{Reach, residents_in};
use super::coverage::standing::{self, Standing};
use super::error::AppError;
use super::households::homes_of;
use super::residents::{self, Resident, ResidentFilter};
use super::{Connection, Keyring, Page};
use crate::db::areas::{self, AreaFilter};
use crate::db::households as household_rows;
use crate::db::seal::IndexField;
use crate::domain::codes::AreaKind;

/// As many of each are found at most: who means one of more types more.
pub const MOST: usize = 20;

/// What the words were taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    IdNumber,
    Phone,
    Words,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub taken: Taken,
    pub households: Vec<Standing>,
    /// Each with the household of the day.
    pub people: Vec<(Resident, Option<Standing>)>,
    /// There is more than is shown.
    pub is_cut: bool,
}

/// Digits of an ID number, a phone and the spaces people put between them.
fn taken(text: &str) -> (Taken, String) {
    let dense: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let digits = dense.chars().filter(char::is_ascii_digit).count();
    let is_id = dense.chars().count() == 18
        && digits >= 17
        && dense.ends_with(|c: char| c.is_ascii_digit() || "xX".contains(c));
    if is_id {
        (Taken::IdNumber, dense)
    } else if digits == 11 && dense.len() == 11 && dense.starts_with('1') {
        (Taken::Phone, dense)
    } else {
        (Taken::Words, text.trim().to_owned())
    }
}

/// Looks for what was typed among what the asker reaches; `account` also finds whom it entered into no household yet.
///
/// # Errors
/// `Invalid` for an ID number that cannot be one.
pub fn search(
    conn: &mut Connection,
    keys: &Keyring,
    text: &str,
    (reach, account): (&Reach, Option<i64>),
    today: NaiveDate,
) -> Result<Found, AppError> {
    let (taken, text) = taken(text);
    let within = reach.areas();
    let usable = ResidentFilter {
        usable_only: true,
        within: within.map(|areas| (areas.to_vec(), account)),
        on: today,
        ..ResidentFilter::default()
    };
    let first = Page::first(1 + MOST as i64);
    let (mut homes, mut people) = (Vec::new(), Vec::new());
    match taken {
        Taken::IdNumber => match residents::by_id_number(conn, keys, &text, today) {
            Ok(found) if !residents_in(conn, reach, &[found.id])?.is_empty() => people.push(found),
            Ok(_) | Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        },
        Taken::Phone => {
            let phone_index = Some(keys.index(IndexField::ResidentPhone, text.as_bytes()));
            people = residents::page(conn, keys, &ResidentFilter { phone_index, ..usable }, first)?;
        }
        Taken::Words if text.is_empty() => {}
        Taken::Words => {
            homes = households(conn, &text, within)?;
            people = residents::page(conn, keys, &ResidentFilter { name: Some(text), ..usable }, first)?;
        }
    }
    let is_cut = homes.len() > MOST || people.len() > MOST;
    homes.truncate(MOST);
    people.truncate(MOST);
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let home_of = homes_of(conn, &ids, today)?;
    let lived_in: Vec<i64> = home_of.values().copied().collect();
    let places = standing::of(conn, &lived_in, today)?;
    let place = |id: i64| places.iter().find(|standing| Some(&standing.place.household) == home_of.get(&id)).cloned();
    let people = people.into_iter().map(|person| {
        let home = place(person.id);
        (person, home)
    });
    Ok(Found { taken, people: people.collect(), households: standing::of(conn, &homes, today)?, is_cut })
}

/// The households by code and address. An address is also understood without a space between building and unit.
fn households(conn: &mut Connection, text: &str, within: Option<&[i64]>) -> Result<Vec<i64>, AppError> {
    let limit = 1 + MOST as i64;
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = household_rows::search(conn, &words, within, limit)?;
    if found.is_empty() && words.len() == 1 {
        let buildings =
            AreaFilter { kind: Some(AreaKind::Building), within: within.map(<[i64]>::to_vec), parent: None };
        for building in areas::page(conn, &buildings, Page::first(i64::MAX))? {
            if let Some(unit) = text.strip_prefix(building.data.name.as_str()).filter(|unit| !unit.is_empty()) {
                found = household_rows::search(conn, &[&building.data.name, unit], within, limit)?;
                if !found.is_empty() {
                    break;
                }
            }
        }
    }
    Ok(found.into_iter().map(|row| row.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_words() {
        for (text, expected) in [
            ("52990019900307112X", Taken::IdNumber),
            ("529900 19900307 1123", Taken::IdNumber),
            ("139 8765 4321", Taken::Phone),
            ("13987654321", Taken::Phone),
            ("1398765432", Taken::Words),
            ("8栋 2-301", Taken::Words),
            ("WJ-3-0712", Taken::Words),
            ("石", Taken::Words),
        ] {
            assert_eq!(taken(text).0, expected, "{text}");
        }
        assert_eq!(taken(" 139-8765-4321 ").1, "13987654321");
    }
}
