//! `/residents/{id}/courses`: the courses one person is or was in, and those with a seat left.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{dates, is_open, seats_said, taught};
use crate::app::access::ObjectKind;
use crate::app::error::{AppError, FieldCode};
use crate::app::training::enrolments::{self, Enrolment, EnrolmentFilter, New};
use crate::app::training::{self, Course, CourseFilter};
use crate::app::{Connection, Page, residents};
use crate::domain::training::CourseStatus;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "courses/person.html")]
struct PersonPage {
    words: Words,
    frame: Frame,
    id: i64,
    name: String,
    /// Whether the person said yes or no to training.
    willing: Option<bool>,
    own: Vec<Enrolment>,
    /// Open ones with a seat the person is not in.
    open: Vec<Course>,
}

impl PersonPage {
    fn is_unwilling(&self) -> bool {
        self.willing == Some(false)
    }

    fn about(&self, course: &Course) -> String {
        let said = [dates(&self.words, course), seats_said(&self.words, course)];
        said.into_iter().chain(course.fields.place.clone()).collect::<Vec<_>>().join(" · ")
    }

    fn taught(&self, course: &Course) -> String {
        taught(&self.words, course)
    }
}

/// `GET /residents/{id}/courses`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (reader, id) = (desk.clone(), path.into_inner());
    desk.answer(desk.read(move |conn| page(conn, &reader, id)).await)
}

fn page(conn: &mut Connection, desk: &Desk, id: i64) -> Result<PersonPage, AppError> {
    let today = desk.today();
    let person = residents::get(conn, desk.keys(), id, today)?;
    let filter = EnrolmentFilter { resident: Some(id), ..EnrolmentFilter::default() };
    let own = enrolments::page(conn, &filter, Page::first(i64::MAX))?;
    let filter = CourseFilter { status: Some(CourseStatus::Open), not_over_on: Some(today), ..CourseFilter::default() };
    let mut open = training::page(conn, &filter, Page::first(i64::MAX))?;
    let holds = |course: &Course| own.iter().any(|one| one.course_id == course.id && one.state.holds_seat());
    open.retain(|course| is_open(course, today) && course.free() > 0 && !holds(course));
    Ok(PersonPage {
        words: desk.words.clone(),
        frame: desk.frame(),
        id,
        name: person.name,
        willing: person.profile.willing_to_train,
        own,
        open,
    })
}

/// `POST /residents/{id}/enrol`
pub(super) async fn enrol(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, resident) = (sent.desk.clone(), path.into_inner());
    let course = match sent.form.need::<i64>("course", FieldCode::BadId) {
        Ok(course) => course,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        desk.refer(conn, "/course", (ObjectKind::Course, course))?;
        let new = New { course, resident, note: None };
        let id = enrolments::enrol(conn, desk.keys(), &new, desk.moment(), desk.by())?;
        Ok((Some(id), format!("/residents/{resident}?done=enrolled")))
    })
    .await
}
