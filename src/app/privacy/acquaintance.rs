//! May an employer know this person now?
//!
//! Invariant: only while the person's last word about that employer is a consent in force, the purpose has a legal basis and the
//! data may be used at all; asked anew on every request. Cost of [`Acquaintance::load`]: the rows and consents of those asked about.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::bases::InForce;
use super::consents::{Introducible, Permitted};
use crate::app::error::AppError;
use crate::db::seal::SealedColumn;
use crate::db::{AnyConnection, DbError, Keyring, consents as consent_rows, residents};
use crate::domain::ages;
use crate::domain::privacy::{DataKind, Purpose, Standing};

/// Who looks at introductions and referrals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The command line, and whoever nothing is narrowed for.
    Everything,
    /// HR: those of these employers, without the people behind them.
    Employers(Vec<i64>),
    /// Counselors: those about residents who live in these areas, those inside them named, too.
    Areas(Vec<i64>),
}

/// What an employer gets to know; each only if the consent names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// What decides on a day.
pub(in crate::app) struct Acquaintance {
    introducible: Introducible,
    /// Whether introductions have a legal basis.
    has_basis: bool,
    /// Whose data may go on being used.
    open: HashSet<i64>,
}

impl Acquaintance {
    /// What these residents said.
    ///
    /// # Errors
    /// Refused if the service has no legal basis.
    pub(in crate::app) fn load(
        conn: &mut AnyConnection,
        residents: &[i64],
        today: NaiveDate,
    ) -> Result<Self, AppError> {
        let said = consent_rows::words_of(conn, residents)?;
        let bases = InForce::on(conn, today)?;
        let permitted = Permitted::of(&said, &bases, today)?;
        let unrestricted = residents::unrestricted(conn, residents)?.into_iter();
        let open = unrestricted.filter(|(id, birth)| ages::is_of_working_age(*birth, today) && permitted.in_lists(*id));
        Ok(Self {
            open: open.map(|(id, _)| id).collect(),
            has_basis: bases.of(Purpose::Introduction).is_some(),
            introducible: Introducible::of(&said, today),
        })
    }

    /// Whether the data of one of those loaded may go on being used at all.
    pub(in crate::app) fn is_open(&self, resident: i64) -> bool {
        self.open.contains(&resident)
    }

    /// Whether the person's last word about the employer is no.
    pub(in crate::app) fn said_no(&self, resident: i64, employer: i64) -> bool {
        self.introducible.standing(resident, employer) == Standing::Refused
    }

    /// Whether a consent is in force and still the person's last word.
    pub(in crate::app) fn stands(&self, (resident, employer): (i64, i64), consent: Option<i64>) -> bool {
        consent.is_some_and(|consent| self.introducible.is_in_force(consent))
            && self.introducible.standing(resident, employer) == Standing::Given
            && self.has_basis
            && self.is_open(resident)
    }
}

/// Name and phone of a person, as far as a consent names them.
///
/// # Errors
/// `NotFound`; if the database fails.
pub(in crate::app) fn contact(
    conn: &mut AnyConnection,
    keys: &Keyring,
    resident: i64,
    consent: i64,
) -> Result<Contact, AppError> {
    let named: Vec<DataKind> = consent_rows::kinds::of(conn, &[consent])?.into_iter().map(|row| row.kind).collect();
    let person = residents::get(conn, resident)?.data;
    let phone = person.phone_cipher.filter(|_| named.contains(&DataKind::Phone));
    let phone = phone.map(|sealed| keys.open_text(SealedColumn::ResidentPhone, &sealed)).transpose();
    Ok(Contact {
        name: Some(person.name).filter(|_| named.contains(&DataKind::Name)),
        phone: phone.map_err(DbError::from)?.map(|phone| phone.as_str().to_owned()),
    })
}
