//! `/hr/postings/new`, `/hr/postings/{id}/edit`, `/hr/postings/check`: a posting is written, and checked while it is written.
//!
//! Invariant: the check while typing and the check on sending are the same; what was typed is kept whatever is wrong with it.
//! Without JavaScript a button asks for the check, and a button at each message puts right what a button can.

use std::borrow::Borrow;
use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::own;
use super::posting_advert;
use super::posting_check::{self, Checked, Counted, Message};
use super::posting_fields::{self, HOURS, SKILLS};
use super::posting_fill::fill;
use crate::app::diagnosis::Relaxed;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{employers, postings};
use crate::domain::codes::{Channel, EmployerKind, Hazard, Importance, PayKind, PostingStatus, Region, Shift};
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::{Frame, Note};
use crate::pages::hours;
use crate::pages::sign_in::see;
use crate::pages::words::Words;

/// A posting that is there already.
#[derive(Clone, Debug)]
struct Stored {
    id: i64,
    version: i64,
    status: PostingStatus,
}

#[derive(Template)]
#[template(path = "hr/posting_form.html")]
struct FormPage {
    words: Words,
    frame: Frame,
    form: Form,
    stored: Option<Stored>,
    employers: Vec<(i64, String)>,
    checked: Checked,
    /// Whether it was sent to be stored, so that what is missing is a fault.
    is_sent: bool,
}

/// The code and name of a choice.
type Coded = (&'static str, &'static str);

macro_rules! choices {
    ($($name:ident: $list:ty;)+) => {
        $(fn $name(&self) -> Vec<Coded> {
            <$list>::ALL.iter().map(|value| (value.code(), self.words.label(value.label()))).collect()
        })+
    };
}

impl FormPage {
    fn action(&self) -> String {
        self.words.to(&self
            .stored
            .as_ref()
            .map_or_else(|| "/hr/postings/new".to_owned(), |posting| format!("/hr/postings/{}/edit", posting.id)))
    }

    fn v(&self, name: &str) -> &str {
        self.form.text(name)
    }

    fn row(&self, name: &str, row: impl Borrow<usize>) -> &str {
        self.form.text(&format!("{name}_{}", row.borrow()))
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.form.has(name, value)
    }

    fn says(&self, name: &str, value: &str) -> bool {
        self.v(name) == value
    }

    fn is_employer(&self, id: &i64) -> bool {
        self.says("employer_id", &id.to_string())
    }

    fn is_grade(&self, code: &str, grade: &str) -> bool {
        self.says(&format!("grade_{code}"), grade)
    }

    /// What of an advertisement may be given in words: name, label and example of each field.
    fn advert_parts(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let part = |(name, (zh, en), example)| (name, self.words.say(zh, en), example);
        posting_advert::PARTS.into_iter().map(part).collect()
    }

    fn has_advert(&self) -> bool {
        posting_advert::PARTS.iter().any(|(name, ..)| !self.v(name).is_empty())
    }

    fn in_row(&self, name: &str, row: impl Borrow<usize>, value: &str) -> bool {
        self.form.has(&format!("{name}_{}", row.borrow()), value)
    }

    fn messages(&self, at: &str) -> Vec<Message> {
        match at {
            "advert" => posting_advert::messages(&self.form, &self.words),
            at => self.checked.messages(at, self.is_sent, &self.words),
        }
    }

    fn bad(&self, at: &str) -> &'static str {
        if self.checked.is_bad(at, self.is_sent) { " aria-invalid=true" } else { "" }
    }

    fn hour_rows(&self) -> Vec<hours::Row> {
        hours::rows(&self.words, &self.form, HOURS)
    }

    fn skill_rows(&self) -> std::ops::Range<usize> {
        let last = (0..SKILLS).rfind(|row| !self.row("skill", *row).is_empty()).map_or(0, |row| row + 1);
        0..(last + 1).clamp(3, SKILLS)
    }

    fn told_hours(&self) -> Vec<Coded> {
        let words = &self.words;
        vec![("night_work", words.say("夜班", "Night work")), ("overtime", words.say("加班", "Overtime"))]
    }

    fn levels(&self) -> Vec<Coded> {
        let words = &self.words;
        vec![
            ("1", words.say("1 级：入门", "1: beginner")),
            ("2", words.say("2 级：会做", "2: able")),
            ("3", words.say("3 级：熟练", "3: skilled")),
            ("4", words.say("4 级：能带人", "4: leads")),
            ("5", words.say("5 级：技师", "5: expert")),
        ]
    }

    fn grades(&self) -> Vec<Coded> {
        let words = &self.words;
        vec![
            ("1", words.say("一级：轻", "1: light")),
            ("2", words.say("二级：中等", "2: medium")),
            ("3", words.say("三级：重", "3: heavy")),
            ("4", words.say("四级：很重", "4: very heavy")),
        ]
    }

    fn told_body(&self) -> Vec<Coded> {
        let words = &self.words;
        vec![
            ("forced_posture", words.say("固定姿势流水线", "Line work, forced posture")),
            ("underground_mine", words.say("井下", "Underground")),
        ]
    }

    fn hazard_answers(&self) -> Vec<Coded> {
        let words = &self.words;
        vec![
            ("", words.say("还没说", "Not said yet")),
            ("none", words.say("没有危害", "None")),
            ("some", words.say("有，是下面这些", "These:")),
        ]
    }

    choices! {
        channels: Channel;
        pay_kinds: PayKind;
        shifts: Shift;
        regions: Region;
        importances: Importance;
        hazards: Hazard;
    }

    fn is_published(&self) -> bool {
        self.stored.as_ref().is_some_and(|posting| posting.status == PostingStatus::Published)
    }

    fn said(&self, count: impl Borrow<u64>, step: impl Borrow<u64>) -> String {
        posting_check::count_said(&self.words, *count.borrow(), *step.borrow())
    }

    fn repair(&self, relaxed: &Relaxed) -> Option<String> {
        posting_check::relax(relaxed, PayKind::from_code(self.v("pay_kind")))
    }
}

/// `GET /hr/postings/new`
pub(super) async fn show_new(desk: Desk) -> HttpResponse {
    let own = own::employers_of(&desk);
    let Some(first) = own.first().copied() else { return see(&desk.words.to("/hr/postings")) };
    let employer = match desk.read(move |conn| employers::get(conn, first)).await {
        Ok(employer) => employer.fields,
        Err(error) => return desk.refuse(&error),
    };
    let channel = match employer.kind {
        EmployerKind::Tenant => Channel::MicroFactory,
        EmployerKind::Outbound => Channel::Outbound,
        EmployerKind::Local => Channel::Local,
        EmployerKind::PublicWelfare => Channel::PublicWelfare,
    };
    let mut blank = vec![
        ("employer_id", first.to_string()),
        ("channel", channel.code().to_owned()),
        ("pay_kind", PayKind::Monthly.code().to_owned()),
        ("place", if employer.kind == EmployerKind::Tenant { "园区" } else { "" }.to_owned()),
        ("valid_from", desk.today().to_string()),
    ];
    for row in ["day_0", "day_1"] {
        blank.extend((1..=5).map(|day| (row, day.to_string())));
    }
    let form = Form::new(blank.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let frame = desk.frame();
    match page(&desk, form, None, (frame, false, Vec::new())).await {
        Ok(page) => {
            desk.show(&FormPage { checked: Checked { counted: Counted::NotYet, ..Checked::default() }, ..page })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /hr/postings/{id}/edit`
pub(super) async fn show_edit(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame_saying(|code, words| {
        (code == "copied").then(|| {
            words.say("已复制成草稿，改好后再发布。", "Copied as a draft; change it, then publish.").to_owned()
        })
    });
    let shown = async {
        let (form, stored) = stored(&desk, path.into_inner()).await?;
        page(&desk, form, Some(stored), (frame, false, Vec::new())).await
    };
    desk.answer(shown.await)
}

/// `POST /hr/postings/check`: says what there is to say of what was typed, and stores nothing.
pub(super) async fn check(sent: Sent) -> HttpResponse {
    let Sent { desk, form } = sent;
    let id = form.parse::<i64>("id", FieldCode::BadId).ok().flatten();
    let shown = async {
        let stored = match id {
            Some(id) => {
                let version = form.parse("version", FieldCode::WrongType).ok().flatten();
                let (_, now) = stored(&desk, id).await?;
                Some(Stored { version: version.unwrap_or(now.version), ..now })
            }
            None => None,
        };
        let repair = form.text("repair").to_owned();
        let form = form.with("repair", "");
        let form = match repair.as_str() {
            posting_advert::READ => posting_advert::read(form, &desk.words),
            repair => posting_check::repaired(form, repair),
        };
        let frame = desk.frame();
        page(&desk, form, stored, (frame, false, Vec::new())).await
    };
    desk.answer(shown.await)
}

/// `POST /hr/postings/new`
pub(super) async fn add(sent: Sent) -> HttpResponse {
    let (keys, moment) = (sent.desk.keys().clone(), sent.desk.moment());
    let (fields, faults) = posting_fields::read(&sent.form, moment.1);
    if let Err(error) = readable(&sent.desk, &fields, faults) {
        return again(sent, None, error).await;
    }
    let publishes = sent.form.has("do", "publish");
    let done = sent
        .once(move |conn| {
            let posting = postings::create(conn, &keys, fields.clone(), moment)?;
            if !publishes {
                return Ok((Some(posting.id), format!("/hr/postings/{}?done=draft", posting.id)));
            }
            let seen = (posting.id, posting.version);
            postings::set_status(conn, &keys, seen, PostingStatus::Published, moment)?;
            Ok((Some(posting.id), format!("/hr/postings?done=published.{}", posting.id)))
        })
        .await;
    match done {
        Ok(to) => see(&sent.desk.words.to(&to)),
        Err(error) => again(sent, None, error).await,
    }
}

/// `POST /hr/postings/{id}/edit`
pub(super) async fn change(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, moment) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.moment());
    let now = match stored(&sent.desk, id).await {
        Ok((_, stored)) => stored,
        Err(error) => return sent.desk.refuse(&error),
    };
    let version = sent.form.parse::<i64>("version", FieldCode::WrongType).ok().flatten().unwrap_or_default();
    let seen = Stored { version, ..now };
    let (fields, faults) = posting_fields::read(&sent.form, moment.1);
    if let Err(error) = readable(&sent.desk, &fields, faults) {
        return again(sent, Some(seen), error).await;
    }
    let publishes = sent.form.has("do", "publish") && seen.status != PostingStatus::Published;
    let status = seen.status;
    let done = sent
        .once(move |conn| {
            let posting = postings::update(conn, &keys, (id, version), fields.clone(), moment)?;
            if publishes {
                postings::set_status(conn, &keys, (id, posting.version), PostingStatus::Published, moment)?;
                return Ok((None, format!("/hr/postings?done=published.{id}")));
            }
            let to = match status {
                PostingStatus::Published => format!("/hr/postings?done=saved.{id}"),
                _ => format!("/hr/postings/{id}?done=draft"),
            };
            Ok((None, to))
        })
        .await;
    match done {
        Ok(to) => see(&sent.desk.words.to(&to)),
        Err(error) => again(sent, Some(seen), error).await,
    }
}

/// Everything could be read, and the employer is the caller's.
fn readable(desk: &Desk, fields: &postings::PostingFields, mut faults: Vec<FieldError>) -> Result<(), AppError> {
    if !own::employers_of(desk).contains(&fields.employer_id) {
        faults.push(FieldError::new("/employer_id", FieldCode::NoSuchRecord));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// The form with what was typed and why it had no effect.
async fn again(sent: Sent, stored: Option<Stored>, error: AppError) -> HttpResponse {
    let Sent { desk, form } = sent;
    if fault::sentence(&error).is_none() && !matches!(error, AppError::Unlawful(_)) {
        return desk.refuse(&error);
    }
    let status = fault::status(&error);
    let faults = match &error {
        AppError::Invalid(faults) => faults.clone(),
        _ => Vec::new(),
    };
    let said = match &error {
        AppError::Invalid(_) | AppError::Unlawful(_) => Some(
            desk.words
                .say(
                    "还没有保存，填的内容都在。请先改标出的地方。",
                    "Nothing was saved; what you typed is still here. Please change what is marked.",
                )
                .to_owned(),
        ),
        _ => desk.frame_with_fault(&error).note.said,
    };
    let frame = Frame { note: Note { said, is_fault: true }, ..desk.frame() };
    match page(&desk, form, stored, (frame, true, faults)).await {
        Ok(page) => desk.show_as(status, &page),
        Err(error) => desk.refuse(&error),
    }
}

/// A posting of the caller's employers, as a form.
async fn stored(desk: &Desk, id: i64) -> Result<(Form, Stored), AppError> {
    let (keys, own, today) = (desk.keys().clone(), own::employers_of(desk), desk.today());
    let posting = desk.read(move |conn| postings::get(conn, &keys, id, today)).await?;
    if !own.contains(&posting.fields.employer_id) {
        return Err(AppError::NotFound);
    }
    let stored = Stored { id, version: posting.version, status: posting.status };
    Ok((fill(&posting.fields), stored))
}

/// The page of a form, checked.
async fn page(
    desk: &Desk,
    form: Form,
    stored: Option<Stored>,
    (frame, is_sent, known): (Frame, bool, Vec<FieldError>),
) -> Result<FormPage, AppError> {
    let own = own::employers_of(desk);
    let (fields, mut faults) = posting_fields::read(&form, desk.today());
    // What storing it found, beside what reading it found.
    faults.extend(
        known
            .into_iter()
            .filter(|fault| !faults.iter().any(|other| other.pointer == fault.pointer))
            .collect::<Vec<_>>(),
    );
    if !is_sent {
        // A form that is still being filled in has no missing title.
        faults.retain(|fault| fault.code != FieldCode::Missing.code());
    }
    let is_own = own.contains(&fields.employer_id);
    let checked = posting_check::check(desk, &fields, faults, is_own).await?;
    let names: HashMap<i64, String> = desk.read(move |conn| own::names(conn, &own)).await?;
    let mut employers: Vec<(i64, String)> = names.into_iter().collect();
    employers.sort_unstable();
    Ok(FormPage { words: desk.words.clone(), frame, form, stored, employers, checked, is_sent })
}
