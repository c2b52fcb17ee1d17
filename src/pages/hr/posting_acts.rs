//! One-button acts on a posting: it still stands, it is closed, one like it, more or fewer places.

use actix_web::{HttpResponse, web};

use crate::app::error::{AppError, FieldCode};
use crate::app::postings;
use crate::domain::codes::PostingStatus;
use crate::pages::desk::Sent;

/// Most places of a posting.
pub const MOST_PLACES: i64 = 100_000;

/// `POST /hr/postings/{id}/confirm`
pub(super) async fn confirm(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, today) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.today());
    sent.act(move |conn| {
        postings::confirm(conn, &keys, id, today)?;
        Ok((None, format!("/hr/postings?done=confirmed.{id}")))
    })
    .await
}

/// `POST /hr/postings/{id}/close`
pub(super) async fn close(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, moment) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.moment());
    sent.act(move |conn| {
        let version = postings::get(conn, &keys, id, moment.1)?.version;
        postings::set_status(conn, &keys, (id, version), PostingStatus::Closed, moment)?;
        Ok((None, format!("/hr/postings?done=closed.{id}")))
    })
    .await
}

/// `POST /hr/postings/{id}/copy`
pub(super) async fn copy(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, moment) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.moment());
    sent.act(move |conn| {
        let copy = postings::copy(conn, &keys, id, moment)?.id;
        Ok((Some(copy), format!("/hr/postings/{copy}/edit?done=copied")))
    })
    .await
}

/// `POST /hr/postings/{id}/places`
pub(super) async fn places(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, moment) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.moment());
    let headcount = sent.form.need::<i64>("headcount", FieldCode::WrongType).map_err(AppError::from);
    let headcount = headcount.and_then(|places| match places {
        1..=MOST_PLACES => Ok(places),
        _ => Err(crate::app::error::FieldError::new("/headcount", FieldCode::OutOfRange).into()),
    });
    let headcount = match headcount {
        Ok(headcount) => headcount,
        Err(error) => return sent.desk.refuse(&error),
    };
    sent.act(move |conn| {
        let posting = postings::get(conn, &keys, id, moment.1)?;
        let fields = postings::PostingFields { headcount, ..posting.fields };
        postings::update(conn, &keys, (id, posting.version), fields, moment)?;
        Ok((None, format!("/hr/postings?done=places.{id}")))
    })
    .await
}
