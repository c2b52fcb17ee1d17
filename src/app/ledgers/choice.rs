//! The lists whose columns and their order somebody may choose: the ledgers, and the lists with columns of their own.
//!
//! Invariant: there is one way to choose: codes of the list's columns, each once, in the order wanted.

use super::LedgerKind;
use super::columns::COLUMNS;
use crate::app::error::{FieldCode, FieldError};
use crate::app::{exports, roster};
use crate::domain::text::Label;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    Ledger(LedgerKind),
    /// The households of a day.
    Households,
    Postings,
    /// Whom an employer employs.
    Roster,
}

/// A column as it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    pub code: &'static str,
    pub label: Label,
    /// An ID number or a phone.
    pub is_personal: bool,
}

impl Offered {
    #[must_use]
    pub const fn open(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { code, label: Label { zh, en }, is_personal: false }
    }
}

impl ListKind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let ledgers = LedgerKind::ALL.iter().map(|kind| Self::Ledger(*kind));
        ledgers.chain([Self::Households, Self::Postings, Self::Roster])
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code() == code)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ledger(kind) => kind.code(),
            Self::Households => "households",
            Self::Postings => "postings",
            Self::Roster => "roster",
        }
    }

    #[must_use]
    pub const fn label(self) -> Label {
        match self {
            Self::Ledger(kind) => kind.label(),
            Self::Households => exports::HOUSEHOLDS_NAME,
            Self::Postings => exports::POSTINGS_NAME,
            Self::Roster => roster::NAME,
        }
    }

    /// Every column the list can have.
    #[must_use]
    pub fn columns(self) -> Vec<Offered> {
        match self {
            Self::Ledger(_) => COLUMNS
                .iter()
                .map(|column| Offered { code: column.code, label: column.label, is_personal: column.is_personal })
                .collect(),
            Self::Households => exports::HOUSEHOLDS.to_vec(),
            Self::Postings => exports::POSTINGS.to_vec(),
            Self::Roster => roster::COLUMNS.to_vec(),
        }
    }
}

/// The places of the wanted columns among those there are.
///
/// # Errors
/// At `/columns` for a code that is none, or comes twice.
pub fn places(there: &[Offered], wanted: &[&str]) -> Result<Vec<usize>, FieldError> {
    let mut places = Vec::with_capacity(wanted.len());
    for code in wanted {
        let place = there.iter().position(|column| column.code == *code);
        let place = place.ok_or_else(|| FieldError::new("/columns", FieldCode::NotInList))?;
        if places.contains(&place) {
            return Err(FieldError::new("/columns", FieldCode::Repeated));
        }
        places.push(place);
    }
    Ok(places)
}
