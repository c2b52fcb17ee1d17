//! Whether somebody is still in the job after 1, 3 and 6 months: the question that is open, and its answer.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use super::parts;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::follow_ups::{self, FollowUp, Told};
use crate::app::spells;
use crate::domain::follow_up::FollowUpOutcome;
use crate::domain::text::counted;
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;

/// The question that is open today.
pub(super) struct Asked {
    pub spell: i64,
    pub months: u8,
    pub said: String,
    pub outcomes: &'static [FollowUpOutcome],
}

/// The open question about one person, if there is one.
pub(super) fn asked_of(conn: &mut Connection, desk: &Desk, resident: i64) -> Result<Option<Asked>, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let open = follow_ups::open(conn, desk.within().as_deref(), None, today)?;
    Ok(open.into_iter().find(|open| open.resident == resident).map(|open| {
        let (months, until) = (open.question.months, parts::when(words, open.question.until, today));
        let said = match words.is_english() {
            false => format!("上岗满 {months} 个月，{until}前问一句还在不在岗。"),
            true => {
                let months = counted(months, "month", "months");
                format!("{months} since the first day: still in the job? To be asked by {until}.")
            }
        };
        Asked { spell: open.spell, months, said, outcomes: FollowUpOutcome::ALL }
    }))
}

/// `POST /spells/{id}/follow-up`
pub(super) async fn record(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, spell) = (sent.desk.clone(), path.into_inner());
    let (answer, told) = match typed(&sent.form, &desk) {
        Ok(typed) => typed,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        follow_ups::record(conn, desk.keys(), spell, (&answer, &told), desk.moment(), desk.by())?;
        let resident = spells::get(conn, desk.keys(), spell)?.fields.resident_id;
        Ok((None, format!("/residents/{resident}?done=followed")))
    })
    .await
}

fn typed(form: &Form, desk: &Desk) -> Result<(FollowUp, Told), AppError> {
    let outcome = form.choice("outcome", FollowUpOutcome::from_code)?;
    let outcome = outcome.ok_or_else(|| FieldError::new("/outcome", FieldCode::Missing))?;
    let answer = FollowUp {
        months: form.need("months", FieldCode::WrongType)?,
        outcome,
        on: desk.today(),
        by: desk.account(),
        note: None,
    };
    // The day is asked of whoever left; another answer does without.
    let ended_on: Option<NaiveDate> = form.parse("ended_on", FieldCode::BadDate)?;
    let told = Told { ended_on: ended_on.filter(|_| outcome == FollowUpOutcome::Left), ..Told::default() };
    Ok((answer, told))
}
