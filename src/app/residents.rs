//! Residents: identity and profile. ID number and phone go in whole and come out masked; there is no way back to them here.

use chrono::{NaiveDate, NaiveDateTime};

use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::training::enrolments;
use super::{Connection, Page, open_note, referrals, seal_note};
pub use crate::db::residents::ResidentFilter;
use crate::db::residents::{self as rows, ResidentData, ResidentRow};
use crate::db::seal::{BlindIndex, IndexField, Sealed, SealedColumn};
use crate::db::{DbError, Keyring, memberships};
use crate::domain::codes::{Absence, Education, Health, LabourClass, RetirementGroup, SchoolStatus, Sex};
use crate::domain::resident_id::{ResidentId, ResidentIdError, mask};

/// What is recorded of a person; `None` = unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub ethnicity: Option<String>,
    pub education: Option<Education>,
    pub health: Option<Health>,
    pub labour_class: Option<LabourClass>,
    pub labour_class_on: Option<NaiveDate>,
    pub school_status: Option<SchoolStatus>,
    pub absence: Option<Absence>,
    pub died_on: Option<NaiveDate>,
    pub willing: Option<bool>,
    pub willing_to_train: Option<bool>,
    pub seeking_change: bool,
    pub retirement_group: Option<RetirementGroup>,
    pub max_physical_grade: Option<i64>,
    pub max_load_kg: Option<i64>,
    pub no_forced_posture: Option<bool>,
    pub max_minutes: Option<i64>,
    pub expected_pay: Option<i64>,
    pub pay_floor: Option<i64>,
    pub hazard_check_until: Option<NaiveDate>,
    pub public_welfare_months: Option<i64>,
    pub no_automated_recommendation: bool,
    pub restricted: bool,
}

/// A resident as readers see one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    pub id: i64,
    pub version: i64,
    pub name: String,
    /// At most the last two characters visible.
    pub id_number_masked: String,
    pub phone_masked: Option<String>,
    pub sex: Sex,
    pub birth_date: NaiveDate,
    pub profile: Profile,
    /// Only when one resident is read.
    pub note: Option<String>,
    /// Only when one resident is read.
    pub household_id: Option<i64>,
}

/// What a new resident is made of.
pub struct NewResident {
    pub id_number: String,
    pub name: String,
    pub phone: Option<String>,
    /// Checked against the ID number if given.
    pub sex: Option<Sex>,
    pub birth_date: Option<NaiveDate>,
    pub profile: Profile,
    pub note: Option<String>,
}

/// What of a resident changes; the outer `None` leaves a field as it is.
pub struct Change {
    pub id_number: Option<String>,
    pub name: Option<String>,
    pub phone: Option<Option<String>>,
    pub note: Option<Option<String>>,
    pub profile: Profile,
}

/// A page of residents.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    keys: &Keyring,
    filter: &ResidentFilter,
    page: Page,
) -> Result<Vec<Resident>, AppError> {
    rows::page(conn, filter, page)?.into_iter().map(|row| view(keys, row, None, None)).collect()
}

/// One resident with note and household of the day.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64, today: NaiveDate) -> Result<Resident, AppError> {
    let row = rows::get(conn, id)?;
    let note = open_note(keys, SealedColumn::ResidentNote, row.data.note_cipher.as_ref())?;
    let current = |row: &&memberships::MembershipRow| {
        row.data.valid_from.is_none_or(|from| from <= today) && row.data.valid_until.is_none_or(|until| today < until)
    };
    let household = memberships::of_residents(conn, &[id])?.iter().find(current).map(|row| row.data.household_id);
    view(keys, row, note, household)
}

/// The resident with this ID number, however it is written; nobody whose data may only be stored (law.md R8).
///
/// # Errors
/// `Invalid` for a number that cannot be one; `NotFound`.
pub fn by_id_number(
    conn: &mut Connection,
    keys: &Keyring,
    number: &str,
    today: NaiveDate,
) -> Result<Resident, AppError> {
    let number = parse_id_number(number, today)?;
    let index = keys.index(IndexField::ResidentIdNumber, number.as_str().as_bytes());
    match rows::by_id_number(conn, &index)?.filter(|row| !row.data.restricted) {
        Some(row) => get(conn, keys, row.id, today),
        None => Err(AppError::NotFound),
    }
}

/// Notes who entered a resident: until the person belongs to a household, the record is that account's.
///
/// # Errors
/// If the database fails.
pub fn entered_by(conn: &mut Connection, id: i64, account: Option<i64>) -> Result<(), AppError> {
    Ok(rows::set_registered_by(conn, id, account)?)
}

/// Adds a resident. Sex and birth date come from the ID number.
///
/// # Errors
/// `Invalid` for a bad ID number, or data that contradicts it; refused if the number is registered.
pub fn create(
    conn: &mut Connection,
    keys: &Keyring,
    new: NewResident,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Resident, AppError> {
    let number = parse_id_number(&new.id_number, today)?;
    let mut faults = check_profile(&new.profile, number.birth_date(), today);
    if new.sex.is_some_and(|sex| sex != number.sex()) {
        faults.add("/sex", FieldCode::Contradicts);
    }
    if new.birth_date.is_some_and(|date| date != number.birth_date()) {
        faults.add("/birth_date", FieldCode::Contradicts);
    }
    faults.done()?;
    let index = keys.index(IndexField::ResidentIdNumber, number.as_str().as_bytes());
    if rows::by_id_number(conn, &index)?.is_some() {
        return Err(Refusal::IdNumberTaken.into());
    }
    let id_number_cipher = keys.seal_text(SealedColumn::ResidentIdNumber, number.as_str()).map_err(DbError::from)?;
    let note_cipher = seal_note(keys, SealedColumn::ResidentNote, new.note.as_deref())?;
    let mut data = columns(new.name, (id_number_cipher, index), (number.sex(), number.birth_date()), new.profile);
    data.note_cipher = note_cipher;
    set_phone(keys, &mut data, new.phone.as_deref())?;
    let id = rows::insert(conn, &data, now)?;
    get(conn, keys, id, today)
}

/// Changes a resident that still has this version.
///
/// # Errors
/// As for [`create`]; `Stale`; refused where it would lift a restriction that was decided.
pub fn update(
    conn: &mut Connection,
    keys: &Keyring,
    (id, version): (i64, i64),
    change: Change,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Resident, AppError> {
    let old = rows::get(conn, id)?.data;
    // What a deletion was decided about is not taken up again by an edit.
    if old.restricted && !change.profile.restricted && rows::standing(conn, id)?.0.is_some() {
        return Err(Refusal::DataRestricted.into());
    }
    let name = change.name.unwrap_or(old.name);
    let id_number = (old.id_number_cipher, old.id_number_index);
    let mut data = columns(name, id_number, (old.sex, old.birth_date), change.profile.clone());
    (data.phone_cipher, data.phone_index) = (old.phone_cipher, old.phone_index);
    data.note_cipher = match &change.note {
        None => old.note_cipher,
        Some(note) => seal_note(keys, SealedColumn::ResidentNote, note.as_deref())?,
    };
    if let Some(number) = &change.id_number {
        let number = parse_id_number(number, today)?;
        let index = keys.index(IndexField::ResidentIdNumber, number.as_str().as_bytes());
        if rows::by_id_number(conn, &index)?.is_some_and(|other| other.id != id) {
            return Err(Refusal::IdNumberTaken.into());
        }
        data.id_number_cipher =
            keys.seal_text(SealedColumn::ResidentIdNumber, number.as_str()).map_err(DbError::from)?;
        data.id_number_index = index;
        data.sex = number.sex();
        data.birth_date = number.birth_date();
    }
    if let Some(phone) = &change.phone {
        set_phone(keys, &mut data, phone.as_deref())?;
    }
    check_profile(&change.profile, data.birth_date, today).done()?;
    rows::update(conn, id, version, &data, now)?;
    referrals::reconsider(conn, id, (now, today))?;
    enrolments::reconsider(conn, id, (now, today))?;
    get(conn, keys, id, today)
}

/// # Errors
/// `Invalid` with the reason.
fn parse_id_number(number: &str, today: NaiveDate) -> Result<ResidentId, AppError> {
    match ResidentId::parse_on(number, today) {
        Ok(parsed) => Ok(parsed.id),
        Err(error) => {
            let code = match error {
                ResidentIdError::BornInFuture => FieldCode::InTheFuture,
                _ => FieldCode::BadIdNumber,
            };
            Err(FieldError::with_text("/id_number", code, error.text()).into())
        }
    }
}

fn check_profile(profile: &Profile, birth_date: NaiveDate, today: NaiveDate) -> Faults {
    let mut faults = Faults::default();
    if let Some(day) = profile.died_on {
        if day > today {
            faults.add("/profile/died_on", FieldCode::InTheFuture);
        } else if day < birth_date {
            faults.add("/profile/died_on", FieldCode::EndBeforeStart);
        }
    }
    if profile.labour_class_on.is_some_and(|day| day > today) {
        faults.add("/profile/labour_class_on", FieldCode::InTheFuture);
    }
    faults
}

fn set_phone(keys: &Keyring, data: &mut ResidentData, phone: Option<&str>) -> Result<(), AppError> {
    let sealed = phone.map(|phone| keys.seal_text(SealedColumn::ResidentPhone, phone)).transpose();
    data.phone_cipher = sealed.map_err(DbError::from)?;
    data.phone_index = phone.map(|phone| keys.index(IndexField::ResidentPhone, phone.as_bytes()));
    Ok(())
}

fn view(
    keys: &Keyring,
    row: ResidentRow,
    note: Option<String>,
    household_id: Option<i64>,
) -> Result<Resident, AppError> {
    let number = keys.open_text(SealedColumn::ResidentIdNumber, &row.data.id_number_cipher).map_err(DbError::from)?;
    let phone = row.data.phone_cipher.as_ref().map(|sealed| keys.open_text(SealedColumn::ResidentPhone, sealed));
    let phone = phone.transpose().map_err(DbError::from)?;
    Ok(Resident {
        id: row.id,
        version: row.version,
        name: row.data.name.clone(),
        id_number_masked: mask(&number),
        phone_masked: phone.map(|phone| mask(&phone)),
        sex: row.data.sex,
        birth_date: row.data.birth_date,
        profile: profile(row.data),
        note,
        household_id,
    })
}

macro_rules! profile_columns {
    ($($column:ident),+ $(,)?) => {
        fn profile(data: ResidentData) -> Profile {
            Profile { $($column: data.$column,)+ }
        }

        /// The columns of a resident without phone and note.
        fn columns(
            name: String,
            (id_number_cipher, id_number_index): (Sealed, BlindIndex),
            (sex, birth_date): (Sex, NaiveDate),
            profile: Profile,
        ) -> ResidentData {
            ResidentData {
                name,
                id_number_cipher,
                id_number_index,
                phone_cipher: None,
                phone_index: None,
                sex,
                birth_date,
                note_cipher: None,
                $($column: profile.$column,)+
            }
        }
    };
}

profile_columns!(
    ethnicity,
    education,
    health,
    labour_class,
    labour_class_on,
    school_status,
    absence,
    died_on,
    willing,
    willing_to_train,
    seeking_change,
    retirement_group,
    max_physical_grade,
    max_load_kg,
    no_forced_posture,
    max_minutes,
    expected_pay,
    pay_floor,
    hazard_check_until,
    public_welfare_months,
    no_automated_recommendation,
    restricted,
);
