//! Training: which courses there are, who should take which seat, who comes, and who has learnt it.
//!
//! Map: [`list`] and [`course`] are read, [`edit`] writes what a course is, [`seats`] asks the plan whom it would help, [`people`] enrols,
//! records who came and how it ended, [`person`] enrols from somebody's card.

mod course;
mod edit;
mod list;
mod people;
mod person;
mod seats;

use actix_web::web;

use super::words::Words;
use super::{action, form, read_only};
use crate::app::training::Course;
use crate::domain::training::CourseStatus;

/// Registers the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only("/courses").route(web::get().to(list::show)));
    config.service(form("/courses/new").route(web::get().to(edit::blank)).route(web::post().to(edit::add)));
    config.service(read_only("/courses/{id}").route(web::get().to(course::show)));
    config.service(form("/courses/{id}/edit").route(web::get().to(edit::stored)).route(web::post().to(edit::change)));
    config.service(action("/courses/{id}/status").route(web::post().to(course::set_status)));
    config.service(read_only("/courses/{id}/seats").route(web::get().to(seats::show)));
    config.service(action("/courses/{id}/enrol").route(web::post().to(people::enrol)));
    config.service(action("/courses/{id}/attend").route(web::post().to(people::attend)));
    config.service(action("/enrolments/{id}/result").route(web::post().to(people::result)));
    config.service(read_only("/residents/{id}/courses").route(web::get().to(person::show)));
    config.service(action("/residents/{id}/enrol").route(web::post().to(person::enrol)));
}

/// What a course teaches, in one line.
fn taught(words: &Words, course: &Course) -> String {
    let skills = course.fields.skills.iter().zip(&course.skill_names);
    let said = skills.map(|(skill, (zh, en))| match words.is_english() {
        false => format!("{zh}（{} 级）", skill.level),
        true => format!("{en} (level {})", skill.level),
    });
    said.collect::<Vec<_>>().join(words.say("、", ", "))
}

fn seats_said(words: &Words, course: &Course) -> String {
    let (free, all) = (course.free(), course.fields.seats);
    if words.is_english() { format!("{free} of {all} seats free") } else { format!("空 {free} 座，共 {all} 座") }
}

fn dates(words: &Words, course: &Course) -> String {
    let (first, last) = (words.date(course.fields.first_on), words.date(course.fields.last_on));
    if words.is_english() { format!("{first} to {last}") } else { format!("{first}至 {last}") }
}

/// Whether somebody can be enrolled on a day.
fn is_open(course: &Course, today: chrono::NaiveDate) -> bool {
    course.status == CourseStatus::Open && today <= course.fields.last_on
}
