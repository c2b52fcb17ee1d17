//! `/courses`: what is taught now and soon, with the seats that are left.

use actix_web::HttpResponse;
use askama::Template;

use super::{dates, is_open, seats_said, taught};
use crate::app::Page;
use crate::app::access::{Action, ObjectKind};
use crate::app::training::{self, Course, CourseFilter};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Courses on a page.
const ROWS: usize = 40;

#[derive(Template)]
#[template(path = "courses/list.html")]
struct ListPage {
    words: Words,
    frame: Frame,
    courses: Vec<Course>,
    today: chrono::NaiveDate,
    shows_all: bool,
    after: Option<i64>,
    writes: bool,
}

impl ListPage {
    fn dates(&self, course: &Course) -> String {
        dates(&self.words, course)
    }

    fn taught(&self, course: &Course) -> String {
        taught(&self.words, course)
    }

    fn seats(&self, course: &Course) -> String {
        seats_said(&self.words, course)
    }

    fn has_room(&self, course: &Course) -> bool {
        is_open(course, self.today) && course.free() > 0
    }

    fn is_over(&self, course: &Course) -> bool {
        course.fields.last_on < self.today
    }

    fn next(&self, after: &i64) -> String {
        let all = if self.shows_all { "all=yes&" } else { "" };
        self.words.to(&format!("/courses?{all}after={after}"))
    }
}

/// `GET /courses`: those that are not over, and all with `?all=yes`.
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let (today, shows_all) = (desk.today(), desk.query("all").is_some());
    let filter = CourseFilter { not_over_on: (!shows_all).then_some(today), ..CourseFilter::default() };
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let window = Page { after, limit: 1 + ROWS as i64 };
    let found = desk.read(move |conn| training::page(conn, &filter, window)).await;
    let mut courses = match found {
        Ok(courses) => courses,
        Err(error) => return desk.refuse(&error),
    };
    let has_more = courses.len() > ROWS;
    courses.truncate(ROWS);
    let after = has_more.then(|| courses.last().map(|course| course.id)).flatten();
    let (words, frame, writes) = (desk.words.clone(), desk.frame(), desk.may(ObjectKind::Course, Action::Create));
    desk.show(&ListPage { words, frame, courses, today, shows_all, after, writes })
}
