//! Who takes a course: enrolled, there on a day, and how it ended. Each form of `/courses/{id}`.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use crate::app::Connection;
use crate::app::access::ObjectKind;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::training::enrolments::{self, Came, New, Request};
use crate::domain::text::Text;
use crate::domain::training::{EnrolmentReason, EnrolmentState};
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;

/// Most people of one form.
const MOST: usize = 100;

/// The records ticked in a form; each must be the caller's to name.
fn ticked(form: &Form, name: &str) -> Result<Vec<i64>, AppError> {
    let fault = |code| FieldError::new(format!("/{name}"), code);
    let ids: Result<Vec<i64>, _> = form.all(name).map(str::parse).collect();
    let ids = ids.map_err(|_| fault(FieldCode::BadId))?;
    if ids.is_empty() {
        let text = Text::new("请先打勾选人。", "Please tick whom it is about.");
        return Err(FieldError::with_text(format!("/{name}"), FieldCode::Missing, text).into());
    }
    if ids.len() > MOST {
        return Err(fault(FieldCode::TooMany).into());
    }
    Ok(ids)
}

fn refer_all(
    conn: &mut Connection,
    desk: &Desk,
    (name, kind): (&str, ObjectKind),
    ids: &[i64],
) -> Result<(), AppError> {
    ids.iter().try_for_each(|id| desk.refer(conn, name, (kind, *id)))
}

/// `POST /courses/{id}/enrol`: all who are ticked, or nobody.
pub(super) async fn enrol(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, course) = (sent.desk.clone(), path.into_inner());
    let people = match ticked(&sent.form, "resident") {
        Ok(people) => people,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        desk.refer(conn, "/course", (ObjectKind::Course, course))?;
        refer_all(conn, &desk, ("/resident", ObjectKind::Resident), &people)?;
        let all: Vec<New> = people.iter().map(|resident| New { course, resident: *resident, note: None }).collect();
        enrolments::enrol_all(conn, desk.keys(), &all, desk.moment(), desk.by())?;
        desk.shows(people.iter().copied());
        Ok((None, format!("/courses/{course}?done=enrolled")))
    })
    .await
}

/// `POST /courses/{id}/attend`: a day recorded before is corrected.
pub(super) async fn attend(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, course) = (sent.desk.clone(), path.into_inner());
    let asked = ticked(&sent.form, "enrolment").and_then(|ids| Ok((ids, came(&sent.form)?)));
    let (ids, came) = match asked {
        Ok(asked) => asked,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        refer_all(conn, &desk, ("/enrolment", ObjectKind::Enrolment), &ids)?;
        desk.shows(enrolments::attend_all(conn, &ids, came, desk.moment(), desk.by())?);
        Ok((None, format!("/courses/{course}?done=came")))
    })
    .await
}

fn came(form: &Form) -> Result<Came, FieldError> {
    let day: NaiveDate = form.need("day", FieldCode::BadDate)?;
    Ok(Came { day, minutes: form.need("minutes", FieldCode::WrongType)? })
}

/// `POST /enrolments/{id}/result`: passed, not passed, or gone before.
pub(super) async fn result(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let request = match asked(&sent.form) {
        Ok(request) => request,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        let course = enrolments::get(conn, desk.keys(), id)?.enrolment.course_id;
        let resident = enrolments::make(conn, desk.keys(), id, &request, desk.moment(), desk.by())?;
        desk.shows([resident]);
        Ok((None, format!("/courses/{course}?done={}", request.to.code())))
    })
    .await
}

fn asked(form: &Form) -> Result<Request, FieldError> {
    let state = |name: &str| {
        let state = form.choice(name, EnrolmentState::from_code)?;
        state.ok_or_else(|| FieldError::new(format!("/{name}"), FieldCode::Missing))
    };
    Ok(Request {
        from: state("from")?,
        to: state("to")?,
        reason: form.choice("reason", EnrolmentReason::from_code)?,
        note: None,
    })
}
