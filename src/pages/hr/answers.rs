//! `POST /hr/referrals/{id}/answer`: the employer's word in one click: an interview, the job, a start, not suitable, a leaver.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use super::{own, referral};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::referrals::moves::{self, Hire, Request};
use crate::app::referrals::view;
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::pages::desk::Sent;
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::sign_in::see;

const NOTE: usize = 200;
const MOST_YUAN: i64 = 1_000_000;

/// See the module.
pub(super) async fn answer(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let request = match read(&sent.form) {
        Ok(request) => request,
        Err(error) => return again(sent, id, error.into()).await,
    };
    let (viewer, keys, moment, by) =
        (own::viewer(&sent.desk), sent.desk.keys().clone(), sent.desk.moment(), sent.desk.by());
    let done = sent
        .once(move |conn| {
            moves::make_through(conn, &keys, &viewer, id, &request, moment, by)?;
            let posting = view::after(conn, &keys, &viewer, id, (moment.1, by))?.referral.posting_id;
            Ok((None, format!("/hr/referrals?done={}.{posting}", request.to.code())))
        })
        .await;
    match done {
        Ok(to) => see(&sent.desk.words.to(&to)),
        Err(error) => again(sent, id, error).await,
    }
}

fn read(form: &Form) -> Result<Request, FieldError> {
    let need = |name| {
        form.choice(name, ReferralState::from_code)?
            .ok_or_else(|| FieldError::new(format!("/{name}"), FieldCode::Missing))
    };
    let (from, to) = (need("from")?, need("to")?);
    let hire = match to {
        ReferralState::Hired => Some(hire(form)?),
        _ => None,
    };
    Ok(Request {
        reason: form.choice("reason", ReferralReason::from_code)?,
        note: form.paragraph("note", NOTE)?,
        hire,
        ended_on: form.parse::<NaiveDate>("ended_on", FieldCode::BadDate)?,
        ..Request::plain(from, to)
    })
}

fn hire(form: &Form) -> Result<Hire, FieldError> {
    let monthly_income = form.parse::<i64>("monthly_income", FieldCode::WrongType)?;
    if monthly_income.is_some_and(|yuan| !(0..=MOST_YUAN).contains(&yuan)) {
        return Err(FieldError::new("/monthly_income", FieldCode::OutOfRange));
    }
    Ok(Hire {
        start_on: form.need("start_on", FieldCode::BadDate)?,
        part_time: form.has("part_time", "yes"),
        monthly_income,
        contract_until: form.parse("contract_until", FieldCode::BadDate)?,
        evidence: None,
    })
}

/// The person's page with what was typed and why it had no effect.
async fn again(sent: Sent, id: i64, error: AppError) -> HttpResponse {
    if fault::sentence(&error).is_none() || matches!(error, AppError::NotFound) {
        return sent.desk.refuse(&error);
    }
    let (frame, status) = (sent.desk.frame_with_fault(&error), fault::status(&error));
    let faults = match error {
        AppError::Invalid(faults) => faults,
        _ => Vec::new(),
    };
    referral::page(&sent.desk, id, (frame, sent.form, faults), status).await
}
