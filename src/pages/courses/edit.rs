//! `/courses/new`, `/courses/{id}/edit`: what a course is: its skills, dates, hours and seats.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::access::ObjectKind;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::training::{self, Course, CourseFields, Taught};
use crate::app::{Connection, skills};
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::hours;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

/// As many skills and rows of hours as a course may have, so that none is lost; the form shows those in use and one more.
const SKILLS: usize = 50;
const HOURS: usize = 50;
const LINE: usize = 200;
const MOST_SEATS: i64 = 100_000;

#[derive(Template)]
#[template(path = "courses/edit.html")]
struct EditPage {
    words: Words,
    frame: Frame,
    stored: Option<i64>,
    /// Id and name of every skill there is.
    skills: Vec<(String, String)>,
    typed: Form,
    faults: Faults,
    once: String,
}

impl EditPage {
    fn action(&self) -> String {
        self.words.to(&self.stored.map_or_else(|| "/courses/new".to_owned(), |id| format!("/courses/{id}/edit")))
    }

    fn back(&self) -> String {
        self.words.to(&self.stored.map_or_else(|| "/courses".to_owned(), |id| format!("/courses/{id}")))
    }

    fn hour_rows(&self) -> Vec<hours::Row> {
        hours::rows(&self.words, &self.typed, HOURS)
    }

    /// The rows of skills in use, and an empty one.
    fn skill_rows(&self) -> Vec<(usize, &str, &str)> {
        let typed = |n: usize| self.typed.text(&format!("skill_{n}"));
        let last = (0..SKILLS).rfind(|n| !typed(*n).is_empty()).map_or(0, |n| n + 1);
        (0..(last + 1).clamp(2, SKILLS)).map(|n| (n, typed(n), self.typed.text(&format!("level_{n}")))).collect()
    }

    const fn levels() -> [&'static str; 5] {
        ["1", "2", "3", "4", "5"]
    }
}

/// `GET /courses/new`
pub(super) async fn blank(desk: Desk) -> HttpResponse {
    desk.answer(page(&desk, None, Shown::first(desk.frame())).await)
}

/// `GET /courses/{id}/edit`
pub(super) async fn stored(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let made = async {
        let course = desk.read(move |conn| training::get(conn, id)).await?;
        page(&desk, Some(id), Shown { typed: fill(&course), ..Shown::first(desk.frame()) }).await
    };
    desk.answer(made.await)
}

async fn page(desk: &Desk, stored: Option<i64>, shown: Shown) -> Result<EditPage, AppError> {
    let Shown { frame, typed, faults, once } = shown;
    let words = desk.words.clone();
    let english = words.is_english();
    let mut skills: Vec<(String, String)> = desk
        .read(skills::all)
        .await?
        .into_iter()
        .map(|skill| (skill.id.to_string(), if english { skill.fields.name_en } else { skill.fields.name_zh }))
        .collect();
    skills.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(EditPage { words, frame, stored, skills, typed, faults, once })
}

fn fill(course: &Course) -> Form {
    let fields = &course.fields;
    let mut pairs = vec![
        ("version".to_owned(), course.version.to_string()),
        ("name".to_owned(), fields.name.clone()),
        ("provider".to_owned(), fields.provider.clone().unwrap_or_default()),
        ("place".to_owned(), fields.place.clone().unwrap_or_default()),
        ("first_on".to_owned(), fields.first_on.to_string()),
        ("last_on".to_owned(), fields.last_on.to_string()),
        ("seats".to_owned(), fields.seats.to_string()),
    ];
    for (n, skill) in fields.skills.iter().enumerate() {
        pairs.push((format!("skill_{n}"), skill.skill_id.to_string()));
        pairs.push((format!("level_{n}"), skill.level.to_string()));
    }
    pairs.extend(hours::fill(&fields.hours, HOURS));
    Form::new(pairs)
}

fn typed(form: &Form) -> Result<CourseFields, AppError> {
    let missing = |name: &str| FieldError::new(format!("/{name}"), FieldCode::Missing);
    let seats: i64 = form.need("seats", FieldCode::WrongType)?;
    if !(1..=MOST_SEATS).contains(&seats) {
        return Err(FieldError::new("/seats", FieldCode::OutOfRange).into());
    }
    let mut taught = Vec::new();
    for n in 0..SKILLS {
        let fault = |code| FieldError::new("/skills", code);
        let Some(skill) = form.given(&format!("skill_{n}")) else { continue };
        let skill_id = skill.parse().map_err(|_| fault(FieldCode::NotInList))?;
        let level = form.parse(&format!("level_{n}"), FieldCode::WrongType)?.unwrap_or(2);
        if !(1..=5).contains(&level) {
            return Err(fault(FieldCode::OutOfRange).into());
        }
        taught.push(Taught { skill_id, level });
    }
    let (hours, faults) = hours::read(form, HOURS);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    Ok(CourseFields {
        name: form.paragraph("name", LINE)?.ok_or_else(|| missing("name"))?,
        provider: form.paragraph("provider", LINE)?,
        place: form.paragraph("place", LINE)?,
        first_on: form.need("first_on", FieldCode::BadDate)?,
        last_on: form.need("last_on", FieldCode::BadDate)?,
        seats,
        skills: taught,
        hours,
    })
}

/// Each skill must be there to be named.
fn refer_skills(conn: &mut Connection, desk: &Desk, fields: &CourseFields) -> Result<(), AppError> {
    fields.skills.iter().try_for_each(|taught| desk.refer(conn, "/skills", (ObjectKind::Skill, taught.skill_id)))
}

/// `POST /courses/new`
pub(super) async fn add(sent: Sent) -> HttpResponse {
    let desk = sent.desk.clone();
    let saved = match typed(&sent.form) {
        Ok(fields) => {
            sent.once(move |conn| {
                refer_skills(conn, &desk, &fields)?;
                let id = training::create(conn, &fields, desk.now())?.id;
                Ok((Some(id), format!("/courses/{id}?done=added")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, None, shown).await).await
}

/// `POST /courses/{id}/edit`
pub(super) async fn change(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let asked =
        typed(&sent.form).and_then(|fields| Ok((fields, sent.form.need::<i64>("version", FieldCode::WrongType)?)));
    let saved = match asked {
        Ok((fields, version)) => {
            sent.once(move |conn| {
                refer_skills(conn, &desk, &fields)?;
                training::update(conn, (id, version), &fields, desk.now())?;
                Ok((None, format!("/courses/{id}?done=changed")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, Some(id), shown).await).await
}
