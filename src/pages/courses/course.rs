//! `/courses/{id}`: one course: what it teaches, its seats, and those in it whom the reader may see.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::{dates, is_open, seats_said, taught};
use crate::app::access::{Action, ObjectKind};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::training::enrolments::{self, Enrolment, EnrolmentFilter};
use crate::app::training::{self, Course};
use crate::app::{Connection, Page, residents};
use crate::domain::training::{CourseStatus, EnrolmentReason, EnrolmentState, follows, takes_back};
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::hours;
use crate::pages::words::Words;

/// Somebody in the course.
struct Learner {
    enrolment: Enrolment,
    name: String,
    is_open: bool,
}

/// A way an enrolment can go on, with the reasons it needs.
struct Way {
    code: &'static str,
    label: &'static str,
    reasons: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "courses/course.html")]
struct CoursePage {
    words: Words,
    frame: Frame,
    course: Course,
    learners: Vec<Learner>,
    today: NaiveDate,
    /// Whether the reader enrols people and records how it went.
    acts: bool,
    /// Whether the reader may ask the plan whom the seats would help.
    asks: bool,
    writes: bool,
}

impl CoursePage {
    fn href(&self, rest: &str) -> String {
        self.words.to(&format!("/courses/{}{rest}", self.course.id))
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let (words, fields) = (&self.words, &self.course.fields);
        let facts = [
            (words.say("学什么", "Teaches"), Some(taught(words, &self.course))),
            (words.say("时间", "Dates"), Some(dates(words, &self.course))),
            (words.say("上课时间", "Hours"), Some(hours::said(words, &fields.hours)).filter(|hours| !hours.is_empty())),
            (words.say("地点", "Place"), fields.place.clone()),
            (words.say("谁来教", "Given by"), fields.provider.clone()),
            (words.say("座位", "Seats"), Some(seats_said(words, &self.course))),
        ];
        facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }

    fn is_open(&self) -> bool {
        is_open(&self.course, self.today)
    }

    fn has_begun(&self) -> bool {
        self.course.fields.first_on <= self.today
    }

    fn has_open(&self) -> bool {
        self.learners.iter().any(|learner| learner.is_open)
    }

    /// What can become of the course, the way forward first.
    fn statuses(&self) -> Vec<(&'static str, &'static str)> {
        let words = &self.words;
        let label = |to: CourseStatus| match to {
            CourseStatus::Open => words.say("开始报名", "Open for enrolment"),
            CourseStatus::Closed => words.say("报名截止", "Close enrolment"),
            CourseStatus::Cancelled | CourseStatus::Planned => words.say("取消这个班", "Cancel the course"),
        };
        let may = |to: &&CourseStatus| {
            self.course.status.may_become(**to)
                && (**to != CourseStatus::Open || self.today <= self.course.fields.last_on)
        };
        CourseStatus::ALL.iter().filter(may).map(|to| (to.code(), label(*to))).collect()
    }

    fn ways(&self, learner: &Learner) -> Vec<Way> {
        let words = &self.words;
        let way = |to: &EnrolmentState| {
            let reasons = EnrolmentReason::ALL.iter().filter(|reason| reason.serves(*to) && !reason.is_by_rule());
            let label = match takes_back(learner.enrolment.state, *to) {
                true => words.say("结果登记错了", "The result was a mistake"),
                false => words.label(to.label()),
            };
            Way {
                code: to.code(),
                label,
                reasons: reasons.map(|reason| (reason.code(), words.label(reason.label()))).collect(),
            }
        };
        let state = learner.enrolment.state;
        let is_over = self.course.fields.last_on <= self.today;
        let may = |to: &&EnrolmentState| follows(state, **to) && (is_over || **to != EnrolmentState::Passed);
        EnrolmentState::ALL.iter().filter(may).map(way).collect()
    }

    /// The last day of the course that has come: for whom came on it, the form begins there.
    fn day(&self) -> NaiveDate {
        self.today.min(self.course.fields.last_on)
    }

    /// Half hours up to a whole day of teaching.
    fn lengths(&self) -> Vec<(u16, String)> {
        let said = |minutes: u16| match (minutes.is_multiple_of(60), self.words.is_english()) {
            (_, false) if minutes == 30 => "半小时".to_owned(),
            (_, true) if minutes == 30 => "half an hour".to_owned(),
            (_, true) if minutes == 60 => "1 hour".to_owned(),
            (true, false) => format!("{} 小时", minutes / 60),
            (false, false) => format!("{} 小时半", minutes / 60),
            (true, true) => format!("{} hours", minutes / 60),
            (false, true) => format!("{}.5 hours", minutes / 60),
        };
        (1..=16).map(|n| n * 30).map(|minutes| (minutes, said(minutes))).collect()
    }

    fn came(&self, learner: &Learner) -> String {
        let (days, hours) = (learner.enrolment.days, learner.enrolment.minutes / 60);
        match (self.words.is_english(), days) {
            (false, 0) => "还没来过".to_owned(),
            (true, 0) => "has not come yet".to_owned(),
            (false, _) => format!("来了 {days} 天，共 {hours} 小时"),
            (true, 1) => format!("came once, {hours} hours"),
            (true, _) => format!("came on {days} days, {hours} hours"),
        }
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "added" => ("培训班已登记，还没有开始报名。", "The course is on record; enrolment is not open yet."),
        "changed" => ("已改好。", "Changed."),
        "open" => ("开始报名了。", "Enrolment is open."),
        "closed" => ("报名已截止，已报名的照常上课。", "Enrolment is closed; those enrolled go on."),
        "cancelled" => ("培训班已取消，报名的人都已退出。", "The course is cancelled, and with it every enrolment."),
        "enrolled" => ("已报名。", "Enrolled."),
        "came" => ("到课已记下。", "It is on record who came."),
        "passed" => ("考核合格，学到的技能已写进本人资料。", "Passed; what was learnt is among the person's skills."),
        "failed" => ("已记下考核不合格。", "It is on record as not passed."),
        "attended" => ("结果已撤回，可以重新登记。", "The result is taken back and can be entered anew."),
        "dropped_out" => ("已记下中途退出，座位空出来了。", "Dropped out; the seat is free again."),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /courses/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (reader, id) = (desk.clone(), path.into_inner());
    desk.answer(desk.read(move |conn| page(conn, &reader, id)).await)
}

fn page(conn: &mut Connection, desk: &Desk, id: i64) -> Result<CoursePage, AppError> {
    let course = training::get(conn, id)?;
    // The course is everybody's to see; who is in it is not.
    let people = desk.reach_for(conn, ObjectKind::Enrolment, Action::List)?;
    let filter =
        EnrolmentFilter { course: Some(id), within: people.areas().map(<[i64]>::to_vec), ..EnrolmentFilter::default() };
    let found = enrolments::page(conn, &filter, Page::first(i64::MAX))?;
    desk.shows(found.iter().map(|enrolment| enrolment.resident_id));
    let mut learners = Vec::new();
    for enrolment in found {
        let name = residents::get(conn, desk.keys(), enrolment.resident_id, desk.today())?.name;
        learners.push(Learner { is_open: enrolment.state.is_open(), name, enrolment });
    }
    learners.sort_by_key(|learner| (!learner.is_open, learner.enrolment.id));
    let acts = desk.reach_for(conn, ObjectKind::Enrolment, Action::Change)?;
    Ok(CoursePage {
        words: desk.words.clone(),
        frame: desk.frame_saying(said),
        asks: desk.may(ObjectKind::Course, Action::Compute),
        course,
        learners,
        today: desk.today(),
        acts: acts.everything || !acts.areas.is_empty(),
        writes: desk.may(ObjectKind::Course, Action::Change),
    })
}

/// `POST /courses/{id}/status`
pub(super) async fn set_status(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let to = sent.form.choice("to", CourseStatus::from_code);
    let to = to.and_then(|to| to.ok_or_else(|| FieldError::new("/to", FieldCode::Missing)));
    let to = match to {
        Ok(to) => to,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        let version = training::get(conn, id)?.version;
        desk.shows(training::set_status(conn, (id, version), to, desk.moment())?);
        Ok((None, format!("/courses/{id}?done={}", to.code())))
    })
    .await
}
