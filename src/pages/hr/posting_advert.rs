//! The words of an advertisement into the fields of the posting form: pay, ages, working time, places.
//!
//! Invariants: as at an import, what the fields cannot hold stays in the note, where the posting law reads it too; what could not be
//! read is shown and fills in nothing.

use super::posting_check::Message;
use super::posting_fields::HOURS;
use crate::domain::advert::{age, headcount, shift, wage};
use crate::domain::codes::{PayKind, Shift};
use crate::pages::form::Form;
use crate::pages::hours;
use crate::pages::posting_words::yuan;
use crate::pages::words::Words;

/// What the button sends.
pub const READ: &str = "advert|read|all";

/// Fields that take words, with what the words are about and an example.
pub const PARTS: [(&str, (&str, &str), &str); 4] = [
    ("advert_pay", ("工资", "Pay"), "4千及以下"),
    ("advert_age", ("年龄", "Ages"), "18-50岁，35岁以下优先"),
    ("advert_time", ("上班时间、班次", "Hours and shift"), "8:00-17:30，单休"),
    ("advert_places", ("人数", "Places"), "10-15人"),
];

/// What a text fills in, whether the note must keep it, and what of it was not understood.
#[derive(Default)]
struct Told {
    fields: Vec<(&'static str, String)>,
    /// Hours of the week: they take the place of all rows.
    hours: Vec<(String, String)>,
    is_kept: bool,
    unread: Vec<String>,
}

impl Told {
    fn nothing(text: &str) -> Self {
        Self { is_kept: true, unread: vec![text.to_owned()], ..Self::default() }
    }

    fn put(&mut self, name: &'static str, value: impl Into<String>) {
        self.fields.push((name, value.into()));
    }
}

/// The form with what its words say.
pub fn read(mut form: Form, words: &Words) -> Form {
    for (name, about, _) in PARTS {
        let text = form.text(name).to_owned();
        if text.is_empty() {
            continue;
        }
        let told = told(name, &text);
        if !told.hours.is_empty() {
            let rows = (0..HOURS).flat_map(|row| ["from", "to", "day"].map(|field| format!("{field}_{row}")));
            form = rows.fold(form, |form, field| form.without(&field));
        }
        form = told.hours.iter().fold(form, |form, (field, value)| form.and(field, value));
        form = told.fields.iter().fold(form, |form, (field, value)| form.with(field, value));
        if told.is_kept {
            form = noted(form, words.say(about.0, about.1), &text);
        }
    }
    form
}

/// Keeps words in the note, once.
fn noted(form: Form, about: &str, text: &str) -> Form {
    let line = format!("{about}：{text}");
    let note = form.text("note").to_owned();
    if note.lines().any(|known| known == line) {
        return form;
    }
    form.with("note", &if note.is_empty() { line } else { format!("{note}\n{line}") })
}

/// What of the words could not be read.
pub fn messages(form: &Form, words: &Words) -> Vec<Message> {
    let parts = PARTS.iter().filter_map(|(name, _, _)| Some((*name, form.given(name)?)));
    let unread = parts.flat_map(|(name, text)| told(name, text).unread);
    let message = |unread: String| Message {
        kind: "warn",
        head: if words.is_english() {
            format!("Not understood: “{unread}”")
        } else {
            format!("没读懂：「{unread}」")
        },
        text: words
            .say(
                "没有据此填任何内容，原文会留在备注里，请自己填上。",
                "Nothing was filled in for it; the words go into the note. Please fill it in by hand.",
            )
            .to_owned(),
        repair: None,
    };
    unread.map(message).collect()
}

fn told(name: &str, text: &str) -> Told {
    match name {
        "advert_pay" => pay(text),
        "advert_age" => ages(text),
        "advert_time" => time(text),
        _ => places(text),
    }
}

fn pay(text: &str) -> Told {
    let Ok(read) = wage::read(text) else { return Told::nothing(text) };
    let mut told = Told { unread: read.unread, ..Told::default() };
    let Some(posted) = read.said.posted() else { return Told::nothing(text) };
    told.is_kept = !(told.unread.is_empty() && posted.is_whole);
    told.put("pay_kind", posted.kind.unwrap_or(PayKind::Monthly).code());
    told.put("pay_min", posted.min_fen.map(yuan).unwrap_or_default());
    told.put("pay_max", posted.max_fen.map(yuan).unwrap_or_default());
    told
}

fn ages(text: &str) -> Told {
    let Some(read) = age::read(text) else { return Told::nothing(text) };
    let posted = read.said.posted();
    let mut told =
        Told { is_kept: !(read.unread.is_empty() && posted.is_whole), unread: read.unread, ..Told::default() };
    let year = |age: Option<u8>| age.map(|age| age.to_string()).unwrap_or_default();
    told.put("age_min", year(posted.ages.min));
    told.put("age_max", year(posted.ages.max));
    told.put("age_is_soft", if posted.is_soft { "yes" } else { "" });
    told
}

fn time(text: &str) -> Told {
    let Some(read) = shift::read(text) else { return Told::nothing(text) };
    let mut told = Told { unread: read.unread, ..Told::default() };
    let week = read.said.week();
    // Days nobody named are shown in the rows, and the words beside them in the note.
    told.is_kept = !told.unread.is_empty() || week.as_ref().is_none_or(|week| week.is_assumed);
    if let Some(named) = read.said.shift {
        told.put("shift", Shift::code(named));
    }
    for (field, said) in [("night_work", read.said.night), ("overtime", read.said.overtime)] {
        if let Some(said) = said {
            told.put(field, if said { "yes" } else { "no" });
        }
    }
    told.hours = week.map(|week| hours::fill(&week.spans, HOURS)).unwrap_or_default();
    told
}

fn places(text: &str) -> Told {
    let Some(read) = headcount::read(text) else { return Told::nothing(text) };
    let Some(least) = headcount::certain(&read) else { return Told::nothing(text) };
    let mut told =
        Told { is_kept: !(read.said.is_exact() && read.unread.is_empty()), unread: read.unread, ..Told::default() };
    told.put("headcount", least.to_string());
    told
}
