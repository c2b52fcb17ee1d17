//! How does an employer get to know a candidate it saw on a card? It asks; the person decides; name and phone follow the consent.
//!
//! Invariants: name or phone leave only while the person's last word about that employer is a consent in force and the data may be
//! used; asked anew on every request. Whoever withdrew, or whose data was restricted, is gone from the employer's list. The
//! decision is recorded by a person, with the consent and the recipient as it was told, in one transaction (PIPL 23). A consent
//! becomes a referral in the same transaction where its guards pass.

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::acquaintance::{self, Acquaintance, Contact, Viewer};
use super::bases::InForce;
use super::cards;
use super::consents::{self, Said};
use crate::app::Page;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::referrals;
use crate::app::steps::By;
use crate::app::work_changes::UNDO_DAYS;
use crate::db::introductions::{self as rows, IntroductionData, IntroductionFilter, IntroductionRow};
use crate::db::{AnyConnection, Keyring, employers, postings};
use crate::domain::privacy::{ConsentDecision, IntroductionStatus, Purpose};
use crate::domain::referral::ReferralState;

/// A request as its viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    pub id: i64,
    pub employer_id: i64,
    pub posting_id: i64,
    pub status: IntroductionStatus,
    /// The card the employer saw.
    pub card: String,
    /// Whether name and phone may be read now.
    pub in_force: bool,
    /// Not for employers.
    pub resident_id: Option<i64>,
    /// Not for employers.
    pub consent_id: Option<i64>,
    pub recipient_name: String,
    pub recipient_contact: Option<String>,
    /// When the employer would like to talk to the person.
    pub interview_on: Option<NaiveDate>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// What became of a person's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub introduction: Introduction,
    /// Brought to `consented`; none where the person refused.
    pub referral_id: Option<i64>,
    /// Why there is none although the person agreed.
    pub not_referred: Vec<FieldError>,
}

/// Which of them a list shows; `None` = any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    pub posting: Option<i64>,
    pub status: Option<IntroductionStatus>,
}

/// What decides about introductions on a day.
struct State(Acquaintance);

impl State {
    fn load(conn: &mut AnyConnection, residents: &[i64], today: NaiveDate) -> Result<Self, AppError> {
        Ok(Self(Acquaintance::load(conn, residents, today)?))
    }

    /// Whether the consent the request rests on is in force.
    fn in_force(&self, row: &IntroductionRow) -> bool {
        let consent = row.data.consent_id.filter(|_| row.data.status == IntroductionStatus::Consented);
        self.0.stands((row.data.resident_id, row.data.employer_id), consent)
    }

    /// Whether the employer still sees the request. An answer "no" stays to be read; what was once allowed and no longer is, does not.
    fn shows_to_employer(&self, row: &IntroductionRow) -> bool {
        let data = &row.data;
        let said_no = self.0.said_no(data.resident_id, data.employer_id);
        match data.status {
            IntroductionStatus::Consented => self.in_force(row),
            IntroductionStatus::Refused => self.0.is_open(data.resident_id),
            IntroductionStatus::Requested | IntroductionStatus::Closed => !said_no && self.0.is_open(data.resident_id),
        }
    }

    fn view(&self, keys: &Keyring, row: &IntroductionRow, viewer: &Viewer) -> Introduction {
        let for_employer = matches!(viewer, Viewer::Employers(_));
        let data = &row.data;
        Introduction {
            id: row.id,
            employer_id: data.employer_id,
            posting_id: data.posting_id,
            status: data.status,
            card: cards::code(keys, data.employer_id, data.resident_id),
            in_force: self.in_force(row),
            resident_id: Some(data.resident_id).filter(|_| !for_employer),
            consent_id: data.consent_id.filter(|_| !for_employer),
            recipient_name: data.recipient_name.clone(),
            recipient_contact: data.recipient_contact.clone(),
            interview_on: data.interview_on,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The rows a viewer may reach.
fn reach(viewer: &Viewer) -> IntroductionFilter {
    match viewer {
        Viewer::Everything => IntroductionFilter::default(),
        Viewer::Employers(ids) => IntroductionFilter { employers: Some(ids.clone()), ..Default::default() },
        Viewer::Areas(ids) => IntroductionFilter { buildings: Some(ids.clone()), ..Default::default() },
    }
}

/// A page of introductions by id.
///
/// # Errors
/// Refused if the service has no legal basis.
pub fn page(
    conn: &mut AnyConnection,
    keys: &Keyring,
    viewer: &Viewer,
    filter: ListFilter,
    (page, today): (Page, NaiveDate),
) -> Result<Vec<Introduction>, AppError> {
    let filter = IntroductionFilter { posting: filter.posting, status: filter.status, ..reach(viewer) };
    let mut found = Vec::new();
    let mut next = page;
    let limit = usize::try_from(page.limit).unwrap_or_default();
    loop {
        let rows = rows::page(conn, &filter, next)?;
        let people: Vec<i64> = rows.iter().map(|row| row.data.resident_id).collect();
        // Of nobody, too: without a legal basis there is no list.
        let state = State::load(conn, &people, today)?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(found) };
        for row in &rows {
            if found.len() < limit && (!matches!(viewer, Viewer::Employers(_)) || state.shows_to_employer(row)) {
                found.push(state.view(keys, row, viewer));
            }
        }
        if found.len() >= limit || rows.len() < limit {
            return Ok(found);
        }
        next.after = last;
    }
}

/// One introduction.
///
/// # Errors
/// `NotFound`, also for one that is not the viewer's.
pub fn get(
    conn: &mut AnyConnection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    today: NaiveDate,
) -> Result<Introduction, AppError> {
    let (state, row) = found(conn, viewer, id, today)?;
    Ok(state.view(keys, &row, viewer))
}

fn found(
    conn: &mut AnyConnection,
    viewer: &Viewer,
    id: i64,
    today: NaiveDate,
) -> Result<(State, IntroductionRow), AppError> {
    let filter = reach(viewer);
    let only = Page { after: id - 1, limit: 1 };
    let row = rows::page(conn, &filter, only)?.pop().filter(|row| row.id == id).ok_or(AppError::NotFound)?;
    let state = State::load(conn, &[row.data.resident_id], today)?;
    if matches!(viewer, Viewer::Employers(_)) && !state.shows_to_employer(&row) {
        return Err(AppError::NotFound);
    }
    Ok((state, row))
}

/// Asks for an introduction; `resident` is the answer of [`cards::resident_of`].
///
/// # Errors
/// `NotFound` for the posting; `Invalid` for an interview on a day that is over; refused where such a request is open, where the employer has no contact the person could be told, or
/// without a legal basis.
pub fn request(
    conn: &mut AnyConnection,
    keys: &Keyring,
    (posting, resident, interview_on): (i64, i64, Option<NaiveDate>),
    (now, today): (NaiveDateTime, NaiveDate),
    (viewer, by): (&Viewer, Option<i64>),
) -> Result<Introduction, AppError> {
    if interview_on.is_some_and(|day| day < today) {
        return Err(FieldError::new("/interview_on", FieldCode::OutOfRange).into());
    }
    let employer_id = postings::get(conn, posting)?.data.employer_id;
    let employer = employers::get(conn, employer_id)?.data;
    InForce::on(conn, today)?.require(Purpose::Introduction)?;
    let recipient_contact = consents::contact(&employer);
    if recipient_contact.is_none() {
        return Err(Refusal::RecipientContactMissing.into());
    }
    let data = IntroductionData {
        employer_id,
        posting_id: posting,
        resident_id: resident,
        status: IntroductionStatus::Requested,
        consent_id: None,
        recipient_name: employer.name,
        recipient_contact,
        requested_by: by,
        interview_on,
    };
    let id = rows::insert(conn, &data, now)?;
    let row = rows::get(conn, id)?;
    let state = State::load(conn, &[row.data.resident_id], today)?;
    Ok(state.view(keys, &row, viewer))
}

/// Asks anew for somebody the employer refused by mistake: the refusal stays, the person decides again.
///
/// # Errors
/// `NotFound` for what is not the viewer's; refused where it was no refusal of the employer's or too long ago, and as [`request`].
pub fn again(
    conn: &mut AnyConnection,
    keys: &Keyring,
    referral: i64,
    (now, today): (NaiveDateTime, NaiveDate),
    (viewer, by): (&Viewer, Option<i64>),
) -> Result<Introduction, AppError> {
    let refused = referrals::view::found(conn, viewer, referral, today)?.data;
    if !may_ask_again(refused.state, refused.moved_on, today) {
        return Err(Refusal::WrongStatus.being(refused.state.label()));
    }
    if !State::load(conn, &[refused.resident_id], today)?.0.is_open(refused.resident_id) {
        return Err(Refusal::ServiceNotAgreed.into());
    }
    request(conn, keys, (refused.posting_id, refused.resident_id, None), (now, today), (viewer, by))
}

/// Whether the employer may still say that it refused by mistake.
#[must_use]
pub fn may_ask_again(state: ReferralState, moved_on: NaiveDate, today: NaiveDate) -> bool {
    let last = moved_on.checked_add_days(Days::new(UNDO_DAYS));
    state == ReferralState::RefusedByEmployer && last.is_some_and(|last| today <= last)
}

/// Records what the person decided, with the consent, and begins the referral the consent is for. Where a guard of the referral does not
/// pass, the person's word is recorded all the same, and the answer says why.
///
/// # Errors
/// `NotFound`; `Invalid` and refused as [`consents::record`]; refused if it was decided or closed.
pub fn decide(
    conn: &mut AnyConnection,
    keys: &Keyring,
    id: i64,
    said: &Said,
    (now, today): (NaiveDateTime, NaiveDate),
    (viewer, by): (&Viewer, By),
) -> Result<Decided, AppError> {
    let (_, row) = found(conn, viewer, id, today)?;
    if row.data.status != IntroductionStatus::Requested {
        return Err(Refusal::WrongStatus.being(row.data.status.label()));
    }
    let given = said.decision == ConsentDecision::Given;
    let pair = (row.data.resident_id, row.data.employer_id);
    let consent = consents::record_said(conn, pair, said, (now, today), by.account)?;
    let data = IntroductionData {
        status: if given { IntroductionStatus::Consented } else { IntroductionStatus::Refused },
        consent_id: Some(consent.id),
        recipient_name: consent.data.recipient_name.unwrap_or(row.data.recipient_name),
        recipient_contact: consent.data.recipient_contact,
        ..row.data
    };
    let asked = ((data.resident_id, data.posting_id), consent.id);
    rows::update(conn, id, row.version, &data, now)?;
    let (referral_id, not_referred) = match given {
        true => referrals::agreed(conn, keys, asked, (now, today), by)?
            .map_or_else(|why| (None, why), |referral| (Some(referral), Vec::new())),
        false => (None, Vec::new()),
    };
    let introduction = get(conn, keys, viewer, id, today)?;
    Ok(Decided { introduction, referral_id, not_referred })
}

/// Ends an introduction that is asked for or agreed to.
///
/// # Errors
/// `NotFound`; refused if it has ended.
pub fn close(
    conn: &mut AnyConnection,
    keys: &Keyring,
    id: i64,
    (now, today): (NaiveDateTime, NaiveDate),
    viewer: &Viewer,
) -> Result<Introduction, AppError> {
    let (_, row) = found(conn, viewer, id, today)?;
    if !matches!(row.data.status, IntroductionStatus::Requested | IntroductionStatus::Consented) {
        return Err(Refusal::WrongStatus.being(row.data.status.label()));
    }
    let data = IntroductionData { status: IntroductionStatus::Closed, ..row.data };
    rows::update(conn, id, row.version, &data, now)?;
    let row = rows::get(conn, id)?;
    let state = State::load(conn, &[row.data.resident_id], today)?;
    Ok(state.view(keys, &row, viewer))
}

/// Name and phone, as far as the consent names them, and whose they are.
///
/// # Errors
/// `NotFound`, also once the consent is gone for an employer; refused without a consent in force.
pub fn contact(
    conn: &mut AnyConnection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    today: NaiveDate,
) -> Result<(Contact, i64), AppError> {
    let (state, row) = found(conn, viewer, id, today)?;
    if !state.in_force(&row) {
        return Err(Refusal::ConsentMissing.into());
    }
    let consent = row.data.consent_id.ok_or(Refusal::ConsentMissing)?;
    Ok((acquaintance::contact(conn, keys, row.data.resident_id, consent)?, row.data.resident_id))
}
