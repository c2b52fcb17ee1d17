//! What did a person agree to, and whom may the service put into lists now?
//!
//! Invariant: a consent names one purpose, an introduction also its recipient as it was told to the person; nothing of it changes
//! but by withdrawal, which takes no more than giving did and acts on the next request. What was done before stays lawful
//! (PIPL 15). Cost of [`Permitted::load`]: one scan of the consents, or the rows of those asked about.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::bases::InForce;
use crate::app::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use crate::app::training::enrolments;
use crate::app::{calendar_day, referrals};
use crate::db::consents::kinds::{self, ConsentKind};
use crate::db::consents::{self as rows, ConsentData, ConsentRow, WordRow};
use crate::db::employers::{self, EmployerData};
use crate::db::{AnyConnection, DbError, introductions, residents};
use crate::domain::ages;
use crate::domain::privacy::{
    ConsentDecision, ConsentForm, DataKind, GUARDIAN_AGE, LegalBasis, Purpose, Standing, Word, is_allowed, standing,
};

/// What is recorded of a person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConsent {
    pub purpose: Purpose,
    pub decision: ConsentDecision,
    /// For an introduction, and only for one.
    pub employer_id: Option<i64>,
    pub kinds: Vec<DataKind>,
    pub form: ConsentForm,
    /// Where the paper is kept, or who witnessed.
    pub evidence: Option<String>,
    pub given_on: NaiveDate,
    pub valid_until: Option<NaiveDate>,
}

/// What a person says of being introduced to an employer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub decision: ConsentDecision,
    pub kinds: Vec<DataKind>,
    pub form: ConsentForm,
    pub evidence: Option<String>,
    pub given_on: NaiveDate,
    pub valid_until: Option<NaiveDate>,
}

/// A recorded word as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub id: i64,
    pub data: ConsentData,
    pub kinds: Vec<DataKind>,
    /// Given, not withdrawn and not run out.
    pub in_force: bool,
}

/// What a resident agreed to or refused, in the order recorded.
///
/// # Errors
/// `NotFound`.
pub fn of(conn: &mut AnyConnection, resident: i64, today: NaiveDate) -> Result<Vec<Consent>, AppError> {
    residents::get(conn, resident)?;
    let found = rows::of_resident(conn, resident)?;
    views(conn, found, today)
}

/// One consent.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64, today: NaiveDate) -> Result<Consent, AppError> {
    let row = rows::get(conn, id)?;
    views(conn, vec![row], today)?.pop().ok_or(AppError::NotFound)
}

fn views(conn: &mut AnyConnection, rows: Vec<ConsentRow>, today: NaiveDate) -> Result<Vec<Consent>, AppError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut kinds_of: HashMap<i64, Vec<DataKind>> = HashMap::new();
    for row in kinds::of(conn, &ids)? {
        kinds_of.entry(row.consent_id).or_default().push(row.kind);
    }
    let view = |row: ConsentRow| Consent {
        id: row.id,
        in_force: in_force(&row.data, today),
        kinds: kinds_of.remove(&row.id).unwrap_or_default(),
        data: row.data,
    };
    Ok(rows.into_iter().map(view).collect())
}

fn in_force(data: &ConsentData, on: NaiveDate) -> bool {
    data.decision == ConsentDecision::Given && has_force((data.withdrawn_at, data.valid_until), on)
}

/// Whether what was given is not withdrawn, and has not run out by a day.
fn has_force((withdrawn_at, valid_until): (Option<NaiveDateTime>, Option<NaiveDate>), on: NaiveDate) -> bool {
    withdrawn_at.is_none() && valid_until.is_none_or(|last| on <= last)
}

/// Records a word of a resident.
///
/// # Errors
/// `NotFound` for the resident; `Invalid` for what contradicts the purpose, the days or the age; refused where data is
/// restricted, where the recipient has no contact to be told, and for an introduction of somebody under 16.
pub fn record(
    conn: &mut AnyConnection,
    resident: i64,
    new: &NewConsent,
    (now, today): (NaiveDateTime, NaiveDate),
    by: Option<i64>,
) -> Result<Consent, AppError> {
    let person = residents::get(conn, resident)?.data;
    let given = new.decision == ConsentDecision::Given;
    let mut faults = Faults::default();
    if new.given_on > today {
        faults.add("/given_on", FieldCode::InTheFuture);
    } else if new.given_on < person.birth_date {
        faults.add("/given_on", FieldCode::Contradicts);
    }
    if new.valid_until.is_some_and(|last| last < new.given_on) {
        faults.add("/valid_until", FieldCode::EndBeforeStart);
    }
    if ages::completed_years(person.birth_date, new.given_on) < GUARDIAN_AGE && new.form != ConsentForm::Guardian {
        faults.add("/form", FieldCode::Contradicts);
    }
    check_kinds(&mut faults, new, given);
    let employer = recipient(conn, &mut faults, new)?;
    faults.done()?;
    if given && person.restricted {
        return Err(Refusal::DataRestricted.into());
    }
    if given && new.purpose == Purpose::Introduction {
        if !ages::is_of_working_age(person.birth_date, today) {
            return Err(Refusal::UnderWorkingAge.into());
        }
        InForce::on(conn, today)?.require(Purpose::Introduction)?;
        if employer.as_ref().is_none_or(|employer| contact(employer).is_none()) {
            return Err(Refusal::RecipientContactMissing.into());
        }
    }
    let data = ConsentData {
        resident_id: resident,
        purpose: new.purpose,
        decision: new.decision,
        employer_id: new.employer_id,
        recipient_name: employer.as_ref().map(|employer| employer.name.clone()),
        recipient_contact: employer.as_ref().and_then(contact),
        form: new.form,
        evidence: new.evidence.clone(),
        given_on: new.given_on,
        valid_until: new.valid_until,
        withdrawn_at: None,
        recorded_by: by,
        withdrawal_recorded_by: None,
        created_at: now,
    };
    let id = rows::insert(conn, &data)?;
    let named: Vec<ConsentKind> = new.kinds.iter().map(|kind| ConsentKind { consent_id: id, kind: *kind }).collect();
    kinds::insert_all(conn, &named)?;
    if !given {
        referrals::reconsider(conn, resident, (now, today))?;
        enrolments::reconsider(conn, resident, (now, today))?;
    }
    get(conn, id, today)
}

/// Records what a resident says of being introduced to an employer. A consent names the name at least: nobody is introduced
/// without one.
///
/// # Errors
/// As [`record`].
pub fn record_said(
    conn: &mut AnyConnection,
    (resident, employer): (i64, i64),
    said: &Said,
    moment: (NaiveDateTime, NaiveDate),
    by: Option<i64>,
) -> Result<Consent, AppError> {
    if said.decision == ConsentDecision::Given && !said.kinds.contains(&DataKind::Name) {
        return Err(FieldError::new("/kinds", FieldCode::Missing).into());
    }
    let new = NewConsent {
        purpose: Purpose::Introduction,
        decision: said.decision,
        employer_id: Some(employer),
        kinds: said.kinds.clone(),
        form: said.form,
        evidence: said.evidence.clone(),
        given_on: said.given_on,
        valid_until: said.valid_until,
    };
    record(conn, resident, &new, moment, by)
}

/// How a recipient can be reached, as it is told to the person (PIPL 23).
#[must_use]
pub(super) fn contact(employer: &EmployerData) -> Option<String> {
    employer.address.clone()
}

fn check_kinds(faults: &mut Faults, new: &NewConsent, given: bool) {
    if given && new.kinds.is_empty() {
        faults.add("/kinds", FieldCode::Empty);
    }
    for (index, kind) in new.kinds.iter().enumerate() {
        if !kind.serves(new.purpose) {
            faults.add(format!("/kinds/{index}"), FieldCode::NotInList);
        } else if new.kinds[..index].contains(kind) {
            faults.add(format!("/kinds/{index}"), FieldCode::Repeated);
        }
    }
}

fn recipient(
    conn: &mut AnyConnection,
    faults: &mut Faults,
    new: &NewConsent,
) -> Result<Option<EmployerData>, AppError> {
    match (new.purpose, new.employer_id) {
        (Purpose::Introduction, None) => faults.add("/employer_id", FieldCode::Missing),
        (Purpose::Introduction, Some(id)) => match employers::get(conn, id) {
            Ok(employer) => return Ok(Some(employer.data)),
            Err(DbError::NotFound(_)) => faults.add("/employer_id", FieldCode::NoSuchRecord),
            Err(error) => return Err(error.into()),
        },
        (_, Some(_)) => faults.add("/employer_id", FieldCode::Contradicts),
        (_, None) => {}
    }
    Ok(None)
}

/// Withdraws a consent; introductions and referrals that rest on it end in the same transaction.
///
/// # Errors
/// `NotFound`; refused if there is no consent to withdraw: it was a refusal, or is withdrawn.
pub fn withdraw(
    conn: &mut AnyConnection,
    id: i64,
    (now, today): (NaiveDateTime, NaiveDate),
    by: Option<i64>,
) -> Result<Consent, AppError> {
    let row = rows::get(conn, id)?;
    if row.data.decision != ConsentDecision::Given || row.data.withdrawn_at.is_some() {
        return Err(Refusal::WrongStatus.into());
    }
    rows::withdraw(conn, id, now, by)?;
    introductions::close_of_consent(conn, id, now)?;
    referrals::reconsider(conn, row.data.resident_id, (now, today))?;
    enrolments::reconsider(conn, row.data.resident_id, (now, today))?;
    get(conn, id, today)
}

fn word(row: &WordRow) -> Word {
    let withdrawn_on = row.withdrawn_at.map(calendar_day);
    Word {
        decision: row.decision,
        said_on: withdrawn_on.unwrap_or(row.given_on),
        recorded_at: row.withdrawn_at.unwrap_or(row.created_at),
        valid_until: row.valid_until,
        withdrawn: row.withdrawn_at.is_some(),
    }
}

/// Where people stand on introductions: by resident and employer.
pub(super) struct Introducible {
    words: HashMap<(i64, i64), Vec<Word>>,
    /// The consents given, not withdrawn and not run out.
    in_force: HashSet<i64>,
    on: NaiveDate,
}

impl Introducible {
    /// What everybody said.
    pub(super) fn load(conn: &mut AnyConnection, on: NaiveDate) -> Result<Self, AppError> {
        Ok(Self::of(&rows::introduction_words(conn)?, on))
    }

    /// Of the words said, those about introductions.
    pub(super) fn of(said: &[WordRow], on: NaiveDate) -> Self {
        let mut words: HashMap<(i64, i64), Vec<Word>> = HashMap::new();
        let mut in_force = HashSet::new();
        for row in said.iter().filter(|row| row.purpose == Purpose::Introduction) {
            if let Some(employer) = row.employer_id {
                words.entry((row.resident_id, employer)).or_default().push(word(row));
            }
            if row.decision == ConsentDecision::Given && has_force((row.withdrawn_at, row.valid_until), on) {
                in_force.insert(row.id);
            }
        }
        Self { words, in_force, on }
    }

    /// Where a person stands on being introduced to an employer.
    pub(super) fn standing(&self, resident: i64, employer: i64) -> Standing {
        self.words.get(&(resident, employer)).map_or(Standing::Silent, |words| standing(words, self.on))
    }

    /// Whether a consent holds.
    pub(super) fn is_in_force(&self, consent: i64) -> bool {
        self.in_force.contains(&consent)
    }
}

/// Whom the service may put into lists on a day, and whose health it may look at.
///
/// The last word counts whatever the day asked about: somebody who withdrew today is in no list of yesterday either. The basis
/// and the end of a consent given for a time are those of the day.
#[derive(Debug)]
pub struct Permitted {
    on: NaiveDate,
    employment: LegalBasis,
    sensitive: Option<LegalBasis>,
    employment_words: HashMap<i64, Vec<Word>>,
    sensitive_words: HashMap<i64, Vec<Word>>,
}

impl Permitted {
    /// Reads bases and consents, of these residents or of everybody.
    ///
    /// # Errors
    /// Refused if employment service has no legal basis on the day.
    pub fn load(conn: &mut AnyConnection, only: Option<&[i64]>, on: NaiveDate) -> Result<Self, AppError> {
        let said = match only {
            Some(residents) => rows::words_of(conn, residents)?,
            None => rows::service_words(conn)?,
        };
        Self::of(&said, &InForce::on(conn, on)?, on)
    }

    /// Of the words said.
    pub(super) fn of(said: &[WordRow], bases: &InForce, on: NaiveDate) -> Result<Self, AppError> {
        let words = |purpose: Purpose| {
            let mut words: HashMap<i64, Vec<Word>> = HashMap::new();
            for row in said.iter().filter(|row| row.purpose == purpose) {
                words.entry(row.resident_id).or_default().push(word(row));
            }
            words
        };
        Ok(Self {
            on,
            employment: bases.require(Purpose::EmploymentService)?,
            sensitive: bases.of(Purpose::SensitiveData),
            employment_words: words(Purpose::EmploymentService),
            sensitive_words: words(Purpose::SensitiveData),
        })
    }

    fn stands(&self, words: &HashMap<i64, Vec<Word>>, resident: i64) -> Standing {
        words.get(&resident).map_or(Standing::Silent, |words| standing(words, self.on))
    }

    /// Whether a person may be in an automatic list, as far as purposes and consents go.
    #[must_use]
    pub fn in_lists(&self, resident: i64) -> bool {
        is_allowed(Some(self.employment), self.stands(&self.employment_words, resident))
    }

    /// Whether health and work capacity of a person may be used.
    #[must_use]
    pub fn health(&self, resident: i64) -> bool {
        is_allowed(self.sensitive, self.stands(&self.sensitive_words, resident))
    }
}
