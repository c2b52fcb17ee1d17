//! `/search`: a person or a household by what somebody typed. By POST alone, so that no name or number stands in an address.

use actix_web::HttpResponse;
use askama::Template;

use super::parts::{self, Tag};
use crate::app::access::members_of;
use crate::app::coverage::standing::Standing;
use crate::app::error::AppError;
use crate::app::residents::Resident;
use crate::app::search::{self, Found, Taken};
use crate::domain::ages;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Longest text that is looked for.
const LONGEST: usize = 60;

struct Row {
    href: String,
    name: String,
    note: String,
    tags: Vec<Tag>,
}

#[derive(Template)]
#[template(path = "counselor/search.html")]
struct SearchPage {
    words: Words,
    frame: Frame,
    asked: bool,
    people: Vec<Row>,
    households: Vec<Row>,
    is_cut: bool,
    /// What was looked for: decides what is said where nothing was found.
    taken: Taken,
}

/// `GET /search`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    desk.show(&empty(&desk, desk.frame()))
}

fn empty(desk: &Desk, frame: Frame) -> SearchPage {
    SearchPage {
        words: desk.words.clone(),
        frame,
        asked: false,
        people: Vec::new(),
        households: Vec::new(),
        is_cut: false,
        taken: Taken::Words,
    }
}

/// `POST /search`
pub(super) async fn find(sent: Sent) -> HttpResponse {
    let (desk, text) = (sent.desk.clone(), sent.form.text("q").chars().take(LONGEST).collect::<String>());
    let looking = desk.clone();
    let found = sent
        .look(move |conn| {
            let who = (looking.reach(), looking.account());
            let found = search::search(conn, looking.keys(), &text, who, looking.today())?;
            looking.shows(found.people.iter().map(|(person, _)| person.id));
            let households: Vec<i64> = found.households.iter().map(|standing| standing.place.household).collect();
            looking.shows(members_of(conn, &households)?);
            Ok(found)
        })
        .await;
    match found {
        Ok(found) => desk.show(&page(&desk, found)),
        Err(error @ AppError::Invalid(_)) => {
            desk.show_as(fault::status(&error), &empty(&desk, desk.frame_with_fault(&error)))
        }
        Err(error) => desk.refuse(&error),
    }
}

fn page(desk: &Desk, found: Found) -> SearchPage {
    let words = &desk.words;
    let person = |(person, home): (Resident, Option<Standing>)| Row {
        href: words.to(&format!("/residents/{}", person.id)),
        note: note(desk, &person, home.as_ref()),
        tags: home.iter().flat_map(|standing| parts::tags(words, standing)).take(1).collect(),
        name: person.name,
    };
    let household = |standing: Standing| Row {
        href: words.to(&format!("/households/{}", standing.place.household)),
        name: parts::house_name(words, &standing.place),
        note: place(&standing),
        tags: parts::tags(words, &standing),
    };
    SearchPage {
        asked: true,
        taken: found.taken,
        is_cut: found.is_cut,
        people: found.people.into_iter().map(person).collect(),
        households: found.households.into_iter().map(household).collect(),
        ..empty(desk, desk.frame())
    }
}

fn place(standing: &Standing) -> String {
    let code = standing.place.code.as_deref().map(|code| format!("{code} · ")).unwrap_or_default();
    format!("{code}{}", parts::address(&standing.place))
}

fn note(desk: &Desk, person: &Resident, home: Option<&Standing>) -> String {
    let words = &desk.words;
    let age = ages::completed_years(person.birth_date, desk.today());
    let who = match words.is_english() {
        true => format!("{}, {age}", words.label(person.sex.label())),
        false => format!("{}，{age} 岁", words.label(person.sex.label())),
    };
    match home {
        Some(standing) => format!("{who} · {} · {}", parts::house_name(words, &standing.place), place(standing)),
        None => format!("{who} · {}", words.say("还没入户", "in no household yet")),
    }
}
