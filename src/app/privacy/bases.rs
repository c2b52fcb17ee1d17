//! On what legal basis is personal data used for a purpose on a day (PIPL 13)?
//!
//! Invariant: a purpose without a basis on a day is not served: [`InForce::require`] refuses. An introduction to an employer always rests
//! on consent (PIPL 23), whatever an operator enters.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::settings;
use crate::db::consents::{self as rows, BasisRow};
use crate::db::{AnyConnection, Db};
use crate::domain::privacy::{LegalBasis, Purpose};

/// A basis and the day it holds from.
pub use crate::db::consents::BasisRow as Basis;

/// What the service rests on until an operator says otherwise. Health and work capacity are used for the statutory service
/// alone, where matching would send people to work they cannot do (PIPL 28, 29).
const DEFAULTS: [(Purpose, LegalBasis, &str); 3] = [
    (Purpose::EmploymentService, LegalBasis::StatutoryDuty, "就业促进法 52, 56"),
    (
        Purpose::SensitiveData,
        LegalBasis::StatutoryDuty,
        "就业促进法 52, 56; 个人信息保护法 28, 29 (within the service only)",
    ),
    (Purpose::Introduction, LegalBasis::Consent, "个人信息保护法 23"),
];

/// Longest reference, characters.
const MAX_REFERENCE: usize = 200;

/// Gives every purpose that has none its first basis.
pub fn add_defaults(conn: &mut AnyConnection) -> Result<(), AppError> {
    let known = rows::bases(conn)?;
    for (purpose, basis, reference) in DEFAULTS {
        if known.iter().all(|row| row.purpose != purpose) {
            let reference = reference.to_owned();
            rows::set_basis(conn, &BasisRow { purpose, basis, reference, valid_from: settings::since_ever() })?;
        }
    }
    Ok(())
}

/// Every basis there was, by purpose and day.
///
/// # Errors
/// If the database fails.
pub fn list(db: &Db) -> Result<Vec<Basis>, AppError> {
    let mut all = db.read(|conn| -> Result<_, AppError> { Ok(rows::bases(conn)?) })?;
    all.sort_by_key(|row| (row.purpose, row.valid_from));
    Ok(all)
}

/// Sets the basis of a purpose from a day on; what held before that day stays.
///
/// # Errors
/// Refused for an introduction on anything but consent; `Invalid` for a reference or day that is none.
pub fn set(
    db: &Db,
    purpose: Purpose,
    basis: LegalBasis,
    reference: &str,
    valid_from: NaiveDate,
) -> Result<(), AppError> {
    if purpose == Purpose::Introduction && basis != LegalBasis::Consent {
        return Err(Refusal::IntroductionNeedsConsent.into());
    }
    let reference = reference.trim();
    if reference.is_empty() {
        return Err(FieldError::new("/reference", FieldCode::Empty).into());
    }
    if reference.chars().count() > MAX_REFERENCE {
        return Err(FieldError::new("/reference", FieldCode::TooLong).into());
    }
    if valid_from < settings::since_ever() {
        return Err(FieldError::new("/valid_from", FieldCode::BadDate).into());
    }
    let row = BasisRow { purpose, basis, reference: reference.to_owned(), valid_from };
    db.write(|conn| -> Result<(), AppError> { Ok(rows::set_basis(conn, &row)?) })
}

/// The bases in force on a day: of each purpose the latest that starts on or before it.
#[derive(Clone, Debug)]
pub struct InForce(BTreeMap<Purpose, LegalBasis>);

impl InForce {
    /// Reads them. Cost: a table of a few rows.
    ///
    /// # Errors
    /// If the database fails.
    pub fn on(conn: &mut AnyConnection, day: NaiveDate) -> Result<Self, AppError> {
        let mut begun: Vec<BasisRow> = rows::bases(conn)?.into_iter().filter(|row| row.valid_from <= day).collect();
        begun.sort_by_key(|row| row.valid_from);
        Ok(Self(begun.into_iter().map(|row| (row.purpose, row.basis)).collect()))
    }

    /// That of a purpose, if there is any.
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> Option<LegalBasis> {
        self.0.get(&purpose).copied()
    }

    /// That of a purpose.
    ///
    /// # Errors
    /// Refused if there is none.
    pub fn require(&self, purpose: Purpose) -> Result<LegalBasis, AppError> {
        self.of(purpose).ok_or_else(|| Refusal::NoLegalBasis.into())
    }
}
