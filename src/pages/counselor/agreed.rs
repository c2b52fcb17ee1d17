//! What visits left to do for a household that no further visit settles: an application, a word with the firm, a record to put right.

use actix_web::{HttpResponse, web};

use super::parts;
use crate::app::error::{AppError, Refusal};
use crate::app::visits::{self, VisitFields, VisitFilter};
use crate::app::{Connection, Page};
use crate::domain::visit::NextStep;
use crate::pages::desk::{Desk, Sent};

/// A step somebody promised at the door.
pub(super) struct Agreed {
    /// The visit.
    pub id: i64,
    pub label: &'static str,
    pub said: String,
    pub is_late: bool,
}

/// The open ones of a household, the earliest first. Meeting it again is settled by the next visit and is not among them.
pub(super) fn of(conn: &mut Connection, desk: &Desk, household: i64) -> Result<Vec<Agreed>, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let filter = VisitFilter { household: Some(household), ..VisitFilter::default() };
    let mut open = visits::page(conn, &filter, Page::first(i64::MAX))?;
    open.retain(|visit| visit.fields.next_done_on.is_none());
    open.sort_by_key(|visit| (visit.fields.next_on, visit.id));
    let agreed = |visit: visits::Visit| {
        let (step, by) = (promised(&visit.fields)?, visit.fields.next_on?);
        let (since, by_day) = (parts::day(words, visit.fields.visit_on, today), parts::when(words, by, today));
        Some(Agreed {
            id: visit.id,
            label: words.label(step.label()),
            said: match words.is_english() {
                false => format!("{since}走访时说好，{by_day}前"),
                true => format!("agreed on {since}, by {by_day}"),
            },
            is_late: by < today,
        })
    };
    Ok(open.into_iter().filter_map(agreed).collect())
}

/// The step of a visit that a further visit does not settle.
pub(super) fn promised(fields: &VisitFields) -> Option<NextStep> {
    fields.next_step.filter(|step| !step.is_meeting())
}

/// `POST /visits/{id}/settle`: what was promised is done as of today.
pub(super) async fn settle(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    sent.act(move |conn| {
        let old = visits::get(conn, desk.keys(), id)?;
        if old.fields.next_step.is_none() || old.fields.next_done_on.is_some() {
            return Err(Refusal::WrongStatus.into());
        }
        let fields = VisitFields { next_done_on: Some(desk.today()), ..old.fields.clone() };
        visits::update(conn, desk.keys(), &old, &fields, desk.moment(), desk.account())?;
        Ok((None, format!("/households/{}?done=settled", old.household_id)))
    })
    .await
}
