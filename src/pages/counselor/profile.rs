//! `/residents/{id}/profile`: what a question at the door completes.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::residents::{self, Change, Profile, Resident};
use crate::domain::codes::{LabourClass, SchoolStatus};
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "counselor/profile.html")]
struct ProfilePage {
    words: Words,
    frame: Frame,
    id: i64,
    typed: Form,
    faults: Faults,
    once: String,
}

impl ProfilePage {
    fn classes(&self) -> &'static [LabourClass] {
        LabourClass::ALL
    }

    fn schools(&self) -> &'static [SchoolStatus] {
        SchoolStatus::ALL
    }

    fn yes_no(&self) -> [(&'static str, &'static str); 3] {
        [
            ("yes", self.words.say("愿意", "yes")),
            ("no", self.words.say("现在不愿意", "not at present")),
            ("", self.words.say("还没问", "not asked yet")),
        ]
    }

    fn grades(&self) -> [(&'static str, &'static str); 5] {
        [
            ("", self.words.say("不清楚", "not known")),
            ("1", self.words.say("轻活", "light work")),
            ("2", self.words.say("中等体力", "medium")),
            ("3", self.words.say("较重体力", "heavy")),
            ("4", self.words.say("很重体力", "very heavy")),
        ]
    }
}

/// What is on record, as the form shows it.
fn recorded(person: &Resident) -> Form {
    let profile = &person.profile;
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let willing = |wish: Option<bool>| wish.map_or("", |wish| if wish { "yes" } else { "no" }).to_owned();
    Form::from_pairs(vec![
        ("willing", willing(profile.willing)),
        ("train", willing(profile.willing_to_train)),
        ("labour_class", profile.labour_class.map_or("", LabourClass::code).to_owned()),
        ("school", profile.school_status.map_or("", SchoolStatus::code).to_owned()),
        ("expected_pay", number(profile.expected_pay)),
        ("pay_floor", number(profile.pay_floor)),
        ("max_minutes", number(profile.max_minutes)),
        ("grade", number(profile.max_physical_grade)),
    ])
}

/// `GET /residents/{id}/profile`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (reader, id) = (desk.clone(), path.into_inner());
    let person = desk.read(move |conn| residents::get(conn, reader.keys(), id, reader.today())).await;
    let filled = |person| Shown { typed: recorded(&person), ..Shown::first(desk.frame()) };
    desk.answer(person.map(|person| page(&desk, id, filled(person))))
}

fn page(desk: &Desk, id: i64, shown: Shown) -> ProfilePage {
    let Shown { frame, typed, faults, once } = shown;
    ProfilePage { words: desk.words.clone(), frame, id, typed, faults, once }
}

/// `POST /residents/{id}/profile`
pub(super) async fn save(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, writer, form) = (path.into_inner(), sent.desk.clone(), sent.form.clone());
    let saved = sent.once(move |conn| write(conn, &writer, id, &form)).await;
    sent.done_or_again(saved, async |desk, shown| Ok(page(desk, id, shown))).await
}

fn write(conn: &mut Connection, desk: &Desk, id: i64, form: &Form) -> Result<(Option<i64>, String), AppError> {
    let old = residents::get(conn, desk.keys(), id, desk.today())?;
    let labour_class = form.choice("labour_class", LabourClass::from_code)?;
    let was_said_today = labour_class.is_some() && labour_class != old.profile.labour_class;
    let profile = Profile {
        willing: yes_no(form, "willing")?,
        willing_to_train: yes_no(form, "train")?,
        labour_class,
        labour_class_on: if was_said_today { Some(desk.today()) } else { old.profile.labour_class_on },
        school_status: form.choice("school", SchoolStatus::from_code)?,
        expected_pay: number(form, "expected_pay", 100_000)?,
        pay_floor: number(form, "pay_floor", 100_000)?,
        max_minutes: number(form, "max_minutes", 1_440)?,
        max_physical_grade: number(form, "grade", 4)?,
        ..old.profile
    };
    let change = Change { id_number: None, name: None, phone: None, note: None, profile };
    residents::update(conn, desk.keys(), (id, old.version), change, desk.moment())?;
    Ok((None, format!("/residents/{id}?done=profile")))
}

fn yes_no(form: &Form, name: &str) -> Result<Option<bool>, FieldError> {
    match form.text(name) {
        "" => Ok(None),
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        _ => Err(FieldError::new(format!("/{name}"), FieldCode::NotInList)),
    }
}

fn number(form: &Form, name: &str, most: i64) -> Result<Option<i64>, FieldError> {
    let number: Option<i64> = form.parse(name, FieldCode::WrongType)?;
    match number {
        Some(n) if !(1..=most).contains(&n) => Err(FieldError::new(format!("/{name}"), FieldCode::OutOfRange)),
        number => Ok(number),
    }
}
