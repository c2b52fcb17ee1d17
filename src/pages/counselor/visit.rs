//! `/households/{id}/visit`: a visit, recorded at the door in under a minute.
//!
//! Invariant: the form names nobody (a telephone may keep it, see `assets/visit.js`), takes effect once however often it is sent, and
//! counts for the day it was filled in, whenever it arrives. What was done for a recognised household is written with it.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::household::running;
use super::parts;
use crate::app::access::ObjectKind;
use crate::app::clock::{self, Service};
use crate::app::coverage::standing;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::visits::{self, Visit, VisitFields, VisitFilter};
use crate::app::{Connection, Page};
use crate::domain::clock::ServiceKind;
use crate::domain::visit::{NextStep, VisitChannel, VisitFinding, VisitStatus, is_met};
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

/// Longest note, characters.
const NOTE: usize = 500;

/// When the next step is due, from the day of the visit.
const WHEN: [(&str, &str, &str); 4] = [
    ("1", "明天", "tomorrow"),
    ("2", "后天", "in 2 days"),
    ("monday", "下周一", "next Monday"),
    ("day", "另选日期", "another day"),
];

#[derive(Template)]
#[template(path = "counselor/visit.html")]
struct VisitPage {
    words: Words,
    frame: Frame,
    id: i64,
    place: String,
    mark: String,
    typed: Form,
    faults: Faults,
    /// The form's own key: kept where a form with a fault is shown again.
    once: String,
    is_recognised: bool,
    planned: Option<String>,
    today: NaiveDate,
}

impl VisitPage {
    fn channels(&self) -> &'static [VisitChannel] {
        VisitChannel::ALL
    }

    fn findings(&self) -> &'static [VisitFinding] {
        VisitFinding::ALL
    }

    fn next_steps(&self) -> &'static [NextStep] {
        NextStep::ALL
    }

    fn is_channel(&self, channel: &VisitChannel) -> bool {
        self.typed.given("channel").unwrap_or(VisitChannel::Door.code()) == channel.code()
    }

    fn when(&self) -> Vec<(&'static str, &'static str, bool)> {
        let chosen = self.typed.given("when").unwrap_or("1");
        WHEN.iter().map(|(code, zh, en)| (*code, self.words.say(zh, en), chosen == *code)).collect()
    }

    fn visit_on(&self) -> String {
        self.typed.given("visit_on").map_or_else(|| self.today.to_string(), str::to_owned)
    }
}

/// What the page knows of the household; nobody's name.
struct Known {
    place: String,
    mark: String,
    is_recognised: bool,
    planned: Option<Visit>,
}

fn known(conn: &mut Connection, desk: &Desk, id: i64) -> Result<Known, AppError> {
    let standing = standing::of(conn, &[id], desk.today())?.pop().ok_or(AppError::NotFound)?;
    Ok(Known {
        place: parts::address(&standing.place),
        mark: parts::house_mark(&desk.words, standing.place.code.as_deref(), id),
        is_recognised: running(conn, id, desk.today())?.is_some(),
        planned: planned(conn, id)?,
    })
}

/// The visit that was planned first and not made yet.
fn planned(conn: &mut Connection, id: i64) -> Result<Option<Visit>, AppError> {
    let filter = VisitFilter { household: Some(id), status: Some(VisitStatus::Planned), ..VisitFilter::default() };
    let open = visits::page(conn, &filter, Page::first(i64::MAX))?;
    Ok(open.into_iter().min_by_key(|visit| visit.fields.visit_on))
}

/// `GET /households/{id}/visit`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    desk.answer(page(&desk, path.into_inner(), Shown::first(desk.frame())).await)
}

async fn page(desk: &Desk, id: i64, shown: Shown) -> Result<VisitPage, AppError> {
    let Shown { frame, typed, faults, once } = shown;
    let reader = desk.clone();
    let known = desk.read(move |conn| known(conn, &reader, id)).await?;
    let planned = known.planned.map(|visit| parts::when(&desk.words, visit.fields.visit_on, desk.today()));
    Ok(VisitPage {
        id,
        place: known.place,
        mark: known.mark,
        typed,
        faults,
        once,
        is_recognised: known.is_recognised,
        planned,
        today: desk.today(),
        frame,
        words: desk.words.clone(),
    })
}

/// `POST /households/{id}/visit`
pub(super) async fn save(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let saved = match typed(&sent.form, desk.today()) {
        Ok((fields, services)) => {
            let writer = desk.clone();
            sent.once(move |conn| write(conn, &writer, id, &fields, &services)).await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, id, shown).await).await
}

/// What was typed, and what was done for the household beside the visit.
fn typed(form: &Form, today: NaiveDate) -> Result<(VisitFields, Vec<ServiceKind>), AppError> {
    let visit_on = form.parse("visit_on", FieldCode::BadDate)?.unwrap_or(today);
    let mut findings = Vec::new();
    for code in form.all("found") {
        let finding = VisitFinding::from_code(code);
        findings.push(finding.ok_or_else(|| FieldError::new("/found", FieldCode::NotInList))?);
    }
    if findings.is_empty() {
        let text = crate::domain::text::Text::new("请点一项：说了什么。", "Please tick what you found.");
        return Err(FieldError::with_text("/found", FieldCode::Missing, text).into());
    }
    let next_step = form.choice("next", NextStep::from_code)?;
    // A day that was typed is read whatever else was picked: what cannot be followed is told, never dropped.
    let picked: Option<NaiveDate> = form.parse("next_on", FieldCode::BadDate)?;
    let next_on = match (next_step, picked) {
        (None, None) => None,
        (None, Some(_)) => {
            return Err(contradicts(
                "选了日期，还没选下一步。请选一个，或把日期清空。",
                "There is a day and no next step. Please choose one, or clear the day.",
            ));
        }
        (Some(_), Some(_)) if form.text("when") != "day" => {
            return Err(contradicts(
                "填了另外的日期，上面没有点“另选日期”。请点一下，或把日期清空。",
                "Another day is typed and not picked above. Please pick it, or clear the day.",
            ));
        }
        (Some(_), _) => Some(next_day(form, visit_on)?),
    };
    let services = [ServiceKind::Guidance, ServiceKind::TrainingOffer];
    let services = services.into_iter().filter(|kind| form.has("served", kind.code())).collect();
    let fields = VisitFields {
        status: VisitStatus::Done,
        visit_on,
        channel: form.choice("channel", VisitChannel::from_code)?.unwrap_or(VisitChannel::Door),
        findings,
        found_note: form.paragraph("note", NOTE)?,
        next_step,
        next_on,
        next_note: None,
        next_done_on: None,
    };
    Ok((fields, services))
}

fn contradicts(zh: &str, en: &str) -> AppError {
    let text = crate::domain::text::Text::new(zh, en);
    FieldError::with_text("/next_on", FieldCode::Contradicts, text).into()
}

fn next_day(form: &Form, from: NaiveDate) -> Result<NaiveDate, AppError> {
    let later = |days: u64| from.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    Ok(match form.text("when") {
        "2" => later(2),
        "monday" => {
            let days = (1..=7).find(|days| later(*days).weekday() == Weekday::Mon);
            later(days.unwrap_or(7))
        }
        "day" => form.need("next_on", FieldCode::BadDate)?,
        _ => later(1),
    })
}

/// The visit that was planned becomes the one made; otherwise it is a new one.
fn write(
    conn: &mut Connection,
    desk: &Desk,
    id: i64,
    fields: &VisitFields,
    services: &[ServiceKind],
) -> Result<(Option<i64>, String), AppError> {
    let (keys, moment, account) = (desk.keys(), desk.moment(), desk.account());
    let made = match planned(conn, id)? {
        Some(old) => visits::update(conn, keys, &old, fields, moment, account)?.id,
        None => visits::create(conn, keys, id, fields, moment, account)?,
    };
    // Who was not met was not served.
    if !services.is_empty() && !is_met(&fields.findings) {
        return Err(FieldError::new("/served", FieldCode::Contradicts).into());
    }
    if let Some(clock) = running(conn, id, desk.today())? {
        desk.refer(conn, "/served", (ObjectKind::Recognition, clock.id))?;
        for kind in services {
            let done = Service { kind: *kind, on: fields.visit_on, by: account, note: None, visit: None };
            clock::serve(conn, keys, clock.id, &done, moment)?;
        }
    }
    Ok((Some(made), "/visits?done=visit".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_is_due_on_the_day_that_was_picked() {
        let friday: NaiveDate = "2026-11-27".parse().unwrap();
        let day = |pairs: &[(&str, &str)]| next_day(&Form::of(pairs), friday).map(|day| day.to_string());
        for (when, on) in [("1", "2026-11-28"), ("2", "2026-11-29"), ("monday", "2026-11-30"), ("", "2026-11-28")] {
            assert_eq!(day(&[("when", when)]).unwrap(), on, "{when}");
        }
        assert_eq!(day(&[("when", "day"), ("next_on", "2026-12-09")]).unwrap(), "2026-12-09");
        assert!(day(&[("when", "day")]).is_err(), "no day was picked");
        let monday = "2026-11-23".parse().unwrap();
        let next = next_day(&Form::of(&[("when", "monday")]), monday).unwrap();
        assert_eq!(next.to_string(), "2026-11-30", "the next one, not this one");
    }
}
