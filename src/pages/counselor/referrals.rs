//! Referrals of one person: proposed, sent with the consent of the moment, moved on, or declined.
//!
//! Invariant: consent and referral are written in one transaction, so no employer is ever told without the consent being on file.

use actix_web::{HttpResponse, web};

use super::parts;
use crate::app::access::ObjectKind;
use crate::app::declines::{self, DeclineFields};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::privacy::consents::Said;
use crate::app::referrals::moves::{self, Hire, Request};
use crate::app::referrals::view::{self, Referral, ReferralFilter};
use crate::app::referrals::{Proposal, at_once, propose as make};
use crate::app::{Connection, Page};
use crate::domain::codes::DeclineReason;
use crate::domain::privacy::{ConsentDecision, ConsentForm, DataKind};
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::domain::text::Text;
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::words::Words;

/// Longest word on who witnessed, characters.
const EVIDENCE: usize = 100;

/// A way on: the state it leads to, and what the button says.
pub(super) struct Way {
    pub code: &'static str,
    pub label: &'static str,
    /// Reasons to choose from, where one is needed.
    pub reasons: Vec<(&'static str, &'static str)>,
}

/// A referral that is not over.
pub(super) struct Open {
    pub id: i64,
    pub title: String,
    pub state: &'static str,
    pub state_code: &'static str,
    pub since: String,
    pub forward: Vec<Way>,
    pub closing: Vec<Way>,
    pub may_hire: bool,
}

/// The person's referrals that are still on their way.
pub(super) fn open_of(conn: &mut Connection, desk: &Desk, resident: i64) -> Result<Vec<Referral>, AppError> {
    let filter = ReferralFilter { resident: Some(resident), open: true, ..ReferralFilter::default() };
    view::page(conn, desk.keys(), &desk.viewer(), filter, (Page::first(i64::MAX), desk.today()))
}

/// [`open_of`], each with its ways on.
pub(super) fn under_way(conn: &mut Connection, desk: &Desk, resident: i64) -> Result<Vec<Open>, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let mut found = Vec::new();
    for referral in open_of(conn, desk, resident)? {
        let history = view::get(conn, desk.keys(), &desk.viewer(), referral.id, (today, desk.by()))?;
        let posting = parts::posting(conn, desk, referral.posting_id)?;
        let ways = history.next.iter().filter(|to| !matches!(to, ReferralState::Consented | ReferralState::Referred));
        let (forward, closing): (Vec<Way>, Vec<Way>) = ways
            .filter(|to| **to != ReferralState::Hired)
            .map(|to| way(words, *to))
            .partition(|way| way.reasons.is_empty());
        found.push(Open {
            id: referral.id,
            title: format!("{} {}", posting.employer, posting.title),
            state: words.label(referral.state.label()),
            state_code: referral.state.code(),
            since: parts::when(words, referral.moved_on, today),
            forward,
            closing,
            may_hire: history.next.contains(&ReferralState::Hired),
        });
    }
    Ok(found)
}

fn way(words: &Words, to: ReferralState) -> Way {
    let label = match to {
        ReferralState::Interview => words.say("企业约面试了", "Interview arranged"),
        ReferralState::Offered => words.say("企业决定录用", "Employer takes the person"),
        ReferralState::RefusedByResident => words.say("本人不去", "The person declined"),
        ReferralState::RefusedByEmployer => words.say("企业没录用", "The employer declined"),
        ReferralState::Withdrawn => words.say("撤回推荐", "Withdraw it"),
        other => words.label(other.label()),
    };
    let reasons = ReferralReason::ALL.iter().filter(|reason| reason.serves(to) && !to.is_open());
    Way {
        code: to.code(),
        label,
        reasons: reasons.map(|reason| (reason.code(), words.label(reason.label()))).collect(),
    }
}

fn need_posting(desk: &Desk, conn: &mut Connection, posting: i64) -> Result<(), AppError> {
    desk.refer(conn, "/posting", (ObjectKind::Posting, posting))
}

/// `POST /residents/{id}/propose`: what the plan proposes, before the person was asked.
pub(super) async fn propose(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, resident) = (sent.desk.clone(), path.into_inner());
    let posting = match sent.form.need::<i64>("posting", FieldCode::BadId) {
        Ok(posting) => posting,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        need_posting(&desk, conn, posting)?;
        let new = Proposal { resident, posting, overrides: Vec::new(), note: None };
        let id = make(conn, desk.keys(), &new, desk.moment(), desk.by())?;
        Ok((Some(id), format!("/residents/{resident}?posting={posting}&done=proposed")))
    })
    .await
}

/// What the person said, as the form has it.
fn consent(form: &Form, desk: &Desk) -> Result<Said, AppError> {
    if !form.has("consent", "yes") {
        let text = Text::new(
            "请先把要告诉企业的内容念给本人听，同意后打勾。",
            "Please read out what the employer will be told, and tick the box once the person agrees.",
        );
        return Err(FieldError::with_text("/consent", FieldCode::Missing, text).into());
    }
    let mut kinds = vec![DataKind::Name, DataKind::Skills, DataKind::Experience];
    if form.has("phone", "yes") {
        kinds.insert(1, DataKind::Phone);
    }
    Ok(Said {
        decision: ConsentDecision::Given,
        kinds,
        form: form.choice("form", ConsentForm::from_code)?.unwrap_or(ConsentForm::Spoken),
        evidence: form.paragraph("evidence", EVIDENCE)?,
        given_on: desk.today(),
        valid_until: None,
    })
}

/// `POST /residents/{id}/refer`: consent, referral and the employer's notice at once.
pub(super) async fn refer(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, resident) = (sent.desk.clone(), path.into_inner());
    let typed = sent.form.need::<i64>("posting", FieldCode::BadId).map_err(AppError::from);
    let typed = typed.and_then(|posting| Ok((posting, consent(&sent.form, &desk)?)));
    let (posting, said) = match typed {
        Ok(typed) => typed,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        need_posting(&desk, conn, posting)?;
        let new = Proposal { resident, posting, overrides: Vec::new(), note: None };
        let id = at_once::refer(conn, desk.keys(), &desk.viewer(), (&new, &said), desk.moment(), desk.by())?;
        Ok((Some(id), format!("/residents/{resident}?done=referred")))
    })
    .await
}

/// `POST /residents/{id}/decline`: the person does not want a posting. Whether that counts is found out, never said.
pub(super) async fn decline(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, resident) = (sent.desk.clone(), path.into_inner());
    let typed = (|| {
        let posting = sent.form.need::<i64>("posting", FieldCode::BadId)?;
        let reason = sent.form.choice("reason", DeclineReason::from_code)?;
        Ok::<_, AppError>((posting, reason))
    })();
    let (posting, reason) = match typed {
        Ok(typed) => typed,
        Err(error) => return desk.refuse(&error),
    };
    let (db, today) = (desk.pages.db.clone(), desk.today());
    // Before the write transaction: nobody waits for a snapshot.
    let suitable = match desk.compute(move || declines::was_suitable(&db, resident, posting, today)).await {
        Ok(suitable) => suitable,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        need_posting(&desk, conn, posting)?;
        let fields = DeclineFields { posting_id: posting, declined_on: today, reason, note: None };
        let made = declines::record(conn, desk.keys(), resident, fields, (suitable, today))?;
        Ok((Some(made.id), format!("/residents/{resident}?done=declined")))
    })
    .await
}

/// `POST /referrals/{id}/step`
pub(super) async fn step(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let request = match asked(&sent.form) {
        Ok(request) => request,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        let viewer = desk.viewer();
        let resident = moves::make(conn, desk.keys(), &viewer, id, &request, desk.moment(), desk.by())?;
        let done = if request.to == ReferralState::Hired { "work" } else { "moved" };
        Ok((None, format!("/residents/{resident}?done={done}")))
    })
    .await
}

fn asked(form: &Form) -> Result<Request, AppError> {
    let missing = |pointer: &str| FieldError::new(pointer, FieldCode::Missing);
    let from = form.choice("from", ReferralState::from_code)?.ok_or_else(|| missing("/from"))?;
    let to = form.choice("to", ReferralState::from_code)?.ok_or_else(|| missing("/to"))?;
    let hire = match to {
        ReferralState::Hired => Some(Hire {
            start_on: form.need("start_on", FieldCode::BadDate)?,
            part_time: form.has("part_time", "yes"),
            monthly_income: form.parse("monthly_income", FieldCode::WrongType)?,
            contract_until: form.parse("contract_until", FieldCode::BadDate)?,
            evidence: None,
        }),
        _ => None,
    };
    let reason = form.choice("reason", ReferralReason::from_code)?;
    Ok(Request { reason, hire, ..Request::plain(from, to) })
}
