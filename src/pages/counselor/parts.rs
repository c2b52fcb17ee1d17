//! What the counselor's pages say the same way: days, households, addresses, states.

use chrono::{Datelike, NaiveDate};

use crate::app::access::{Action, ObjectKind};
use crate::app::coverage::facts::Place;
use crate::app::coverage::standing::Standing;
use crate::app::error::AppError;
use crate::app::{Connection, postings};
use crate::domain::text::Lang;
use crate::pages::desk::Desk;
use crate::pages::words::Words;

/// Rows on a page of a list.
pub const ROWS: usize = 40;

/// A shape with its word.
#[derive(Clone, Copy, Debug)]
pub struct Tag {
    pub class: &'static str,
    pub label: &'static str,
}

/// A day without what the reader knows: 11 月 24 日, or with the year where it is another one.
pub fn day(words: &Words, day: NaiveDate, today: NaiveDate) -> String {
    if day.year() != today.year() {
        return words.date(day);
    }
    if words.is_english() { day.format("%-d %b").to_string() } else { format!("{} 月 {} 日", day.month(), day.day()) }
}

/// [`day`], by its name where it has one.
pub fn when(words: &Words, on: NaiveDate, today: NaiveDate) -> String {
    match (on - today).num_days() {
        -1 => words.say("昨天", "yesterday").to_owned(),
        0 => words.say("今天", "today").to_owned(),
        1 => words.say("明天", "tomorrow").to_owned(),
        _ => day(words, on, today),
    }
}

pub fn weekday(words: &Words, day: NaiveDate) -> &'static str {
    const NAMES: [(&str, &str); 7] = [
        ("周一", "Monday"),
        ("周二", "Tuesday"),
        ("周三", "Wednesday"),
        ("周四", "Thursday"),
        ("周五", "Friday"),
        ("周六", "Saturday"),
        ("周日", "Sunday"),
    ];
    let (zh, en) = NAMES[day.weekday().num_days_from_monday() as usize];
    words.say(zh, en)
}

/// How a household is called: by its head, else by its code.
pub fn house_name(words: &Words, place: &Place) -> String {
    match (&place.head_name, &place.code) {
        (Some(name), _) if words.is_english() => format!("Household of {name}"),
        (Some(name), _) => format!("{name}户"),
        (None, code) => house_mark(words, code.as_deref(), place.household),
    }
}

/// How a household is called where nobody's name may stand.
pub fn house_mark(words: &Words, code: Option<&str>, id: i64) -> String {
    let mark = code.map_or_else(|| format!("#{id}"), str::to_owned);
    if words.is_english() { format!("Household {mark}") } else { format!("{mark} 户") }
}

pub fn address(place: &Place) -> String {
    match &place.unit {
        Some(unit) => format!("{} {unit}", place.building),
        None => place.building.clone(),
    }
}

/// The state, and what makes it doubtful or about to end.
pub fn tags(words: &Words, standing: &Standing) -> Vec<Tag> {
    let coverage = &standing.coverage;
    let mut tags = vec![Tag { class: coverage.state.code(), label: words.label(coverage.state.label()) }];
    if coverage.single_earner_risk.is_some() {
        tags.push(Tag { class: "risk", label: words.say("有风险", "at risk") });
    }
    if coverage.is_contested() {
        tags.push(Tag { class: "contested", label: words.say("有矛盾", "conflicting") });
    }
    tags
}

/// Whether the reader is offered what a counselor does for households; whoever only looks sees no buttons.
///
/// # Errors
/// If the database fails.
pub fn acts(conn: &mut Connection, desk: &Desk) -> Result<bool, AppError> {
    let reach = desk.reach_for(conn, ObjectKind::Visit, Action::Create)?;
    Ok(reach.everything || !reach.areas.is_empty())
}

/// A posting by its title and employer, and how many places it has left.
#[derive(Clone, Debug, Default)]
pub struct PostingLine {
    pub title: String,
    pub employer: String,
    pub vacancies: i64,
}

/// # Errors
/// `NotFound`.
pub fn posting(conn: &mut Connection, desk: &Desk, id: i64) -> Result<PostingLine, AppError> {
    let posting = postings::get(conn, desk.keys(), id, desk.today())?;
    let employer = crate::app::employers::get(conn, posting.fields.employer_id)?.fields.name;
    Ok(PostingLine { title: posting.fields.title, employer, vacancies: posting.vacancies })
}

/// Sentences in a row, as each language joins them.
pub fn listed(lang: Lang, parts: &[String]) -> String {
    parts.join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}

/// The page after this one, where there is more.
pub fn more_after(rows: usize, from: usize, all: usize) -> Option<usize> {
    (from + rows < all).then_some(from + rows)
}

/// Where in a list that is computed whole a page begins, by `?from=`.
pub fn from(desk: &Desk) -> usize {
    desk.query("from").and_then(|from| from.parse().ok()).unwrap_or_default()
}
