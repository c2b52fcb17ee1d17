//! `/households/{id}/care`: who of a household must be looked after, in which hours, and who does it.
//!
//! Invariant: one duty is changed at a time and the others stay as they are; a form that was opened before somebody else changed them has
//! no effect. A duty that is over stays on record with its last day.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::parts;
use crate::app::access::ObjectKind;
use crate::app::coverage::standing;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::households::{self, CareDuty, Member};
use crate::app::{Connection, access};
use crate::domain::codes::CareKind;
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::hours;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

/// As many rows of hours as a duty may have spans, so that none is lost; the form shows those in use and one more.
const HOURS: usize = 50;
/// Duties a household may have on record.
const MOST: usize = 20;

#[derive(Template)]
#[template(path = "counselor/care.html")]
struct CarePage {
    words: Words,
    frame: Frame,
    id: i64,
    house: String,
    members: Vec<Member>,
    typed: Form,
    faults: Faults,
    once: String,
}

impl CarePage {
    fn kinds(&self) -> &'static [CareKind] {
        CareKind::ALL
    }

    fn hour_rows(&self) -> Vec<hours::Row> {
        hours::rows(&self.words, &self.typed, HOURS)
    }

    fn is_new(&self) -> bool {
        self.typed.given("duty").is_none()
    }

    fn is_carer(&self, member: &Member) -> bool {
        self.typed.has("carer", &member.resident_id.to_string())
    }
}

/// A duty as the household's card tells of it.
pub(super) struct Duty {
    /// Its place in the list of all duties.
    pub at: usize,
    pub said: String,
}

/// The duties that are not over, and where each stands in the whole list.
pub(super) fn of(
    conn: &mut Connection,
    words: &Words,
    household: i64,
    names: &[(i64, String)],
    today: NaiveDate,
) -> Result<Vec<Duty>, AppError> {
    let duties = households::care_duties(conn, household)?.fields.into_iter().enumerate();
    let going = duties.filter(|(_, duty)| duty.valid_until.is_none_or(|until| today < until));
    Ok(going.map(|(at, duty)| Duty { at, said: said(words, &duty, names, today) }).collect())
}

fn said(words: &Words, duty: &CareDuty, names: &[(i64, String)], today: NaiveDate) -> String {
    let whom = words.label(duty.kind.label());
    let carer = duty.carer_id.and_then(|carer| names.iter().find(|(id, _)| *id == carer)).map(|(_, name)| name);
    let hours = hours::said(words, &duty.hours);
    let mut said = match (words.is_english(), carer) {
        (false, Some(carer)) => format!("照护{whom}：{hours}，由{carer}照护"),
        (false, None) => format!("照护{whom}：{hours}，没有指定谁照护"),
        (true, Some(carer)) => format!("Care for the {whom}: {hours}, by {carer}"),
        (true, None) => format!("Care for the {whom}: {hours}, by nobody in particular"),
    };
    if let Some(from) = duty.valid_from.filter(|from| today < *from) {
        let day = parts::day(words, from, today);
        said.push_str(&if words.is_english() { format!("; from {day}") } else { format!("；{day}起") });
    }
    if let Some(until) = duty.valid_until {
        let day = parts::day(words, until, today);
        said.push_str(&if words.is_english() { format!("; over on {day}") } else { format!("；到 {day}结束") });
    }
    said
}

/// `GET /households/{id}/care`, with `?duty=N` for one that is on record.
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let asked = desk.query("duty").and_then(|at| at.parse::<usize>().ok());
    let filled = desk.read(move |conn| blank(conn, id, asked)).await;
    let page = match filled {
        Ok(typed) => page(&desk, id, Shown { typed, ..Shown::first(desk.frame()) }).await,
        Err(error) => Err(error),
    };
    desk.answer(page)
}

/// The form before anything is typed: a new duty, or what is on record.
fn blank(conn: &mut Connection, id: i64, asked: Option<usize>) -> Result<Form, AppError> {
    let known = households::care_duties(conn, id)?;
    let mut pairs = vec![("version".to_owned(), known.version.to_string())];
    if let Some(at) = asked {
        let duty = known.fields.get(at).ok_or(AppError::NotFound)?;
        pairs.push(("duty".to_owned(), at.to_string()));
        pairs.push(("kind".to_owned(), duty.kind.code().to_owned()));
        pairs.extend(duty.carer_id.map(|carer| ("carer".to_owned(), carer.to_string())));
        pairs.extend(duty.valid_from.map(|day| ("valid_from".to_owned(), day.to_string())));
        pairs.extend(duty.valid_until.map(|day| ("valid_until".to_owned(), day.to_string())));
        pairs.extend(hours::fill(&duty.hours, HOURS));
    }
    Ok(Form::new(pairs))
}

async fn page(desk: &Desk, id: i64, shown: Shown) -> Result<CarePage, AppError> {
    let Shown { frame, typed, faults, once } = shown;
    let (words, today, shower) = (desk.words.clone(), desk.today(), desk.clone());
    let (house, members) = desk
        .read(move |conn| {
            let standing = standing::of(conn, &[id], today)?.pop().ok_or(AppError::NotFound)?;
            shower.shows(access::members_of(conn, &[id])?);
            Ok((parts::house_name(&shower.words, &standing.place), households::members(conn, id, Some(today))?))
        })
        .await?;
    Ok(CarePage { words, frame, id, house, members, typed, faults, once })
}

/// `POST /households/{id}/care`
pub(super) async fn save(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let saved = match typed(&sent.form) {
        Ok(asked) => {
            let writer = desk.clone();
            sent.once(move |conn| {
                if let Some(carer) = asked.duty.carer_id {
                    writer.refer(conn, "/carer", (ObjectKind::Resident, carer))?;
                }
                write(conn, &writer, id, &asked)?;
                Ok((None, format!("/households/{id}?done=care")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, id, shown).await).await
}

/// A duty to be kept in place of the one that stands there, or beside all others.
struct Asked {
    version: i64,
    at: Option<usize>,
    duty: CareDuty,
}

fn typed(form: &Form) -> Result<Asked, AppError> {
    let (hours, mut faults) = hours::read(form, HOURS);
    let kind = form.choice("kind", CareKind::from_code)?.ok_or_else(|| FieldError::new("/kind", FieldCode::Missing))?;
    if hours.is_empty() && faults.is_empty() {
        faults.push(FieldError::new("/hours", FieldCode::Missing));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    Ok(Asked {
        version: form.need("version", FieldCode::WrongType)?,
        at: form.parse("duty", FieldCode::WrongType)?,
        duty: CareDuty {
            kind,
            carer_id: form.parse("carer", FieldCode::BadId)?,
            valid_from: form.parse("valid_from", FieldCode::BadDate)?,
            valid_until: form.parse("valid_until", FieldCode::BadDate)?,
            hours,
        },
    })
}

fn write(conn: &mut Connection, desk: &Desk, id: i64, asked: &Asked) -> Result<(), AppError> {
    let known = households::care_duties(conn, id)?;
    if known.version != asked.version {
        return Err(AppError::Stale);
    }
    let mut duties = known.fields;
    match asked.at {
        Some(at) => *duties.get_mut(at).ok_or(AppError::NotFound)? = asked.duty.clone(),
        None if duties.len() >= MOST => return Err(FieldError::new("/kind", FieldCode::TooMany).into()),
        None => duties.push(asked.duty.clone()),
    }
    households::replace_care_duties(conn, (id, known.version), duties, desk.moment()).map_err(at_the_form)?;
    Ok(())
}

/// What is wrong with an entry of the list, at the field of the form.
fn at_the_form(error: AppError) -> AppError {
    let AppError::Invalid(fields) = error else { return error };
    let at = |field: FieldError| {
        let name = field.pointer.rsplit('/').next().unwrap_or_default();
        let pointer = if name == "carer_id" { "/carer".to_owned() } else { format!("/{name}") };
        FieldError { pointer, ..field }
    };
    AppError::Invalid(fields.into_iter().map(at).collect())
}

/// `POST /households/{id}/care/end`: from today on nobody has to be at home for it.
pub(super) async fn end(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let asked = (|| {
        let at = sent.form.need::<usize>("duty", FieldCode::WrongType)?;
        Ok::<_, FieldError>((at, sent.form.need::<i64>("version", FieldCode::WrongType)?))
    })();
    let (at, version) = match asked {
        Ok(asked) => asked,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        let mut duty = households::care_duties(conn, id)?.fields.get(at).cloned().ok_or(AppError::NotFound)?;
        // One that has not begun ends on its first day.
        duty.valid_until = Some(duty.valid_from.map_or(desk.today(), |from| from.max(desk.today())));
        write(conn, &desk, id, &Asked { version, at: Some(at), duty })?;
        Ok((None, format!("/households/{id}?done=care_ended")))
    })
    .await
}
