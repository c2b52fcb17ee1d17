//! `/concerns`: what residents complain of or object to: opened, read, answered.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::parts;
use crate::app::access::ObjectKind;
use crate::app::concerns::{self as app, Answer, Ask, Concern, ConcernFields, NewConcern};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Page, households, residents};
use crate::domain::concern::{ConcernAbout, ConcernOutcome};
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

/// Longest text of a concern or its answer, characters.
const TEXT: usize = 1_000;

struct Row {
    href: String,
    about: &'static str,
    name: String,
    note: String,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "counselor/concerns.html")]
struct ConcernsPage {
    words: Words,
    frame: Frame,
    rows: Vec<Row>,
    after: Option<i64>,
    shows_closed: bool,
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "concern" => ("意见已登记，到期前会在今日待办里提醒。", "On record; Today reminds you before it is due."),
        "answered" => ("答复已记下。", "The answer is on record."),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /concerns`: open ones first of all; those answered by `?closed=yes`.
pub(super) async fn list(desk: Desk) -> HttpResponse {
    let reader = desk.clone();
    desk.answer(desk.read(move |conn| rows(conn, &reader)).await)
}

fn rows(conn: &mut Connection, desk: &Desk) -> Result<ConcernsPage, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let shows_closed = desk.query("closed").is_some();
    let ask = Ask { open: Some(!shows_closed), within: desk.within(), ..Ask::default() };
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let window = Page { after, limit: 1 + parts::ROWS as i64 };
    let mut found = app::page(conn, &ask, (window, today), desk.by())?;
    let is_more = found.len() > parts::ROWS;
    found.truncate(parts::ROWS);
    let next = found.last().map(|concern| concern.id).filter(|_| is_more);
    desk.shows(found.iter().map(|concern| concern.resident_id));
    let mut rows = Vec::new();
    for concern in found {
        let name = residents::get(conn, desk.keys(), concern.resident_id, today)?.name;
        rows.push(Row {
            href: words.to(&format!("/concerns/{}", concern.id)),
            about: words.label(concern.about.label()),
            name,
            note: note(words, &concern, today),
            is_late: concern.overdue,
        });
    }
    Ok(ConcernsPage { rows, after: next, shows_closed, frame: desk.frame_saying(said), words: words.clone() })
}

fn note(words: &Words, concern: &Concern, today: chrono::NaiveDate) -> String {
    let opened = parts::day(words, concern.opened_on, today);
    match (concern.closed_on, concern.outcome, words.is_english()) {
        (Some(on), Some(outcome), false) => {
            format!("{opened}反映，{}答复：{}", parts::day(words, on, today), words.label(outcome.label()))
        }
        (Some(on), Some(outcome), true) => {
            format!("raised {opened}, answered {}: {}", parts::day(words, on, today), words.label(outcome.label()))
        }
        (_, _, false) => {
            let (due, level) = (parts::when(words, concern.due_on, today), words.label(concern.level.label()));
            format!("{opened}反映，{due}前答复，现由{level}负责")
        }
        (_, _, true) => {
            let (due, level) = (parts::when(words, concern.due_on, today), words.label(concern.level.label()));
            format!("raised {opened}, to be answered by {due}, by the {level}")
        }
    }
}

#[derive(Template)]
#[template(path = "counselor/concern.html")]
struct ConcernPage {
    words: Words,
    frame: Frame,
    concern: Concern,
    name: String,
    note: String,
    outcomes: &'static [ConcernOutcome],
    acts: bool,
}

/// `GET /concerns/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (reader, id) = (desk.clone(), path.into_inner());
    let found = desk.read(move |conn| {
        let concern = app::get(conn, reader.keys(), id, (reader.today(), reader.by()))?;
        let name = residents::get(conn, reader.keys(), concern.resident_id, reader.today())?.name;
        Ok((concern, name, parts::acts(conn, &reader)?))
    });
    match found.await {
        Ok((concern, name, acts)) => {
            let note = note(&desk.words, &concern, desk.today());
            let (words, frame, outcomes) = (desk.words.clone(), desk.frame(), ConcernOutcome::ALL);
            desk.show(&ConcernPage { words, frame, concern, name, note, outcomes, acts })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `POST /concerns/{id}/close`
pub(super) async fn close(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let answer = match answer(&sent.form) {
        Ok(answer) => answer,
        Err(error) => return desk.refuse(&error),
    };
    sent.act(move |conn| {
        app::close(conn, desk.keys(), id, &answer, desk.moment(), desk.by())?;
        Ok((None, "/concerns?done=answered".to_owned()))
    })
    .await
}

fn answer(form: &Form) -> Result<Answer, AppError> {
    let missing = |pointer: &str| FieldError::new(pointer, FieldCode::Missing);
    let outcome = form.choice("outcome", ConcernOutcome::from_code)?.ok_or_else(|| missing("/outcome"))?;
    let text = form.paragraph("answer", TEXT)?.ok_or_else(|| missing("/answer"))?;
    Ok(Answer { outcome, text })
}

#[derive(Template)]
#[template(path = "counselor/new_concern.html")]
struct NewConcernPage {
    words: Words,
    frame: Frame,
    household: i64,
    people: Vec<(i64, String)>,
    abouts: &'static [ConcernAbout],
    typed: Form,
    faults: Faults,
    once: String,
}

impl NewConcernPage {
    fn is_whose(&self, id: &i64) -> bool {
        self.typed.text("resident") == id.to_string()
    }
}

/// `GET /concerns/new?household=…`
pub(super) async fn blank(desk: Desk) -> HttpResponse {
    let household = desk.query("household").and_then(|id| id.parse::<i64>().ok());
    let Some(household) = household else {
        return desk.refuse(&FieldError::new("?household", FieldCode::Missing).into());
    };
    match people(&desk, household).await {
        Ok(people) => {
            desk.shows(people.iter().map(|(id, _)| *id));
            desk.show(&new_page(&desk, (household, people), Shown::first(desk.frame())))
        }
        Err(error) => desk.refuse(&error),
    }
}

fn new_page(desk: &Desk, (household, people): (i64, Vec<(i64, String)>), shown: Shown) -> NewConcernPage {
    let Shown { frame, typed, faults, once } = shown;
    let (words, abouts) = (desk.words.clone(), ConcernAbout::ALL);
    NewConcernPage { words, frame, household, people, abouts, typed, faults, once }
}

/// The members whose concern it can be. A household that is not the caller's is as one that is not there.
async fn people(desk: &Desk, household: i64) -> Result<Vec<(i64, String)>, AppError> {
    let reader = desk.clone();
    desk.read(move |conn| {
        reader.refer(conn, "?household", (ObjectKind::Household, household)).map_err(|_| AppError::NotFound)?;
        let members = households::members(conn, household, Some(reader.today()))?;
        Ok(members.into_iter().map(|member| (member.resident_id, member.name)).collect())
    })
    .await
}

/// `POST /concerns/new`
pub(super) async fn open(sent: Sent) -> HttpResponse {
    let desk = sent.desk.clone();
    let household = match sent.form.need::<i64>("household", FieldCode::BadId) {
        Ok(household) => household,
        Err(error) => return desk.refuse(&error.into()),
    };
    let saved = match typed(&sent.form, &desk) {
        Ok((resident, new)) => {
            let writer = desk.clone();
            sent.once(move |conn| {
                writer.refer(conn, "/resident", (ObjectKind::Resident, resident))?;
                let id = app::open(conn, writer.keys(), resident, &new, writer.moment(), writer.by())?;
                Ok((Some(id), "/concerns?done=concern".to_owned()))
            })
            .await
        }
        Err(error) => Err(error),
    };
    // The names are shown once more: that is written down, whatever is wrong with the form.
    let looker = sent.clone();
    let again = async |desk: &Desk, shown| {
        let looking = desk.clone();
        let people = looker
            .look(move |conn| {
                looking
                    .refer(conn, "/household", (ObjectKind::Household, household))
                    .map_err(|_| AppError::NotFound)?;
                let members = households::members(conn, household, Some(looking.today()))?;
                looking.shows(members.iter().map(|member| member.resident_id));
                Ok(members.into_iter().map(|member| (member.resident_id, member.name)).collect())
            })
            .await?;
        Ok(new_page(desk, (household, people), shown))
    };
    sent.done_or_again(saved, again).await
}

fn typed(form: &Form, desk: &Desk) -> Result<(i64, NewConcern), AppError> {
    let missing = |pointer: &str| FieldError::new(pointer, FieldCode::Missing);
    let resident = form.need("resident", FieldCode::BadId)?;
    let about = form.choice("about", ConcernAbout::from_code)?.ok_or_else(|| missing("/about"))?;
    let text = form.paragraph("text", TEXT)?.ok_or_else(|| missing("/text"))?;
    let new = NewConcern {
        fields: ConcernFields { about, employer: None, posting: None, text },
        opened_on: desk.today(),
        refuses_automation: about == ConcernAbout::AutomatedDecision && form.has("refuses", "yes"),
        answer: None,
    };
    Ok((resident, new))
}
