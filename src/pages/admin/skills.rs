//! `/admin/skills`: names nobody has mapped, most frequent first, each with the skills it comes closest to; and the skills.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::typed::Typed;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::occupations::{self, MatchedSkill};
use crate::app::skills::{self, Skill, SkillFields, UnmappedName};
use crate::domain::access::{Action, ObjectKind};
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::sign_in::see;
use crate::pages::words::Words;

/// Names on a page, each with its guesses.
const ROWS: usize = 25;
/// Guesses of a name.
const GUESSES: usize = 3;
/// Longest code and name of a skill, as the API takes them.
const LONGEST_CODE: usize = 60;
const LONGEST_NAME: usize = 60;

/// A name of the queue and what it may mean.
struct Line {
    name: UnmappedName,
    guesses: Vec<MatchedSkill>,
}

#[derive(Template)]
#[template(path = "admin/skills.html")]
struct QueuePage {
    words: Words,
    frame: Frame,
    lines: Vec<Line>,
    from: usize,
    total: usize,
    ignored: Vec<UnmappedName>,
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "mapped" => words.say(
            "已对应，写过这个名称的人和岗位都认得了。",
            "Mapped: everybody and every posting that bears the name is understood now.",
        ),
        "made" => words.say("新技能已建好，名称已对应。", "The new skill is there and the name means it."),
        "ignored" => words.say("已忽略，以后不再问。", "Ignored; nobody is asked again."),
        "back" => words.say("已放回，等人对应。", "Put back; it waits to be mapped."),
        _ => return None,
    };
    Some(said.to_owned())
}

/// `GET /admin/skills?from=N`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let from: usize = desk.query("from").and_then(|from| from.parse().ok()).unwrap_or_default();
    let db = desk.pages.db.clone();
    let found = desk.compute(move || {
        let (queue, ignored) = db.read(|conn| Ok::<_, AppError>((skills::queue(conn)?, skills::ignored(conn)?)))?;
        let total = queue.len();
        let shown: Vec<UnmappedName> = queue.into_iter().skip(from).take(ROWS).collect();
        let names: Vec<String> = shown.iter().map(|name| name.name.clone()).collect();
        let guessed = occupations::match_names(&db, &names, GUESSES)?;
        let lines = shown.into_iter().zip(guessed).map(|(name, guess)| Line { name, guesses: guess.skills });
        Ok((lines.collect::<Vec<_>>(), total, ignored))
    });
    match found.await {
        Ok((lines, total, ignored)) => {
            let (words, frame) = (desk.words.clone(), desk.frame_saying(said));
            desk.show(&QueuePage { words, frame, lines, from, total, ignored })
        }
        Err(error) => desk.refuse(&error),
    }
}

impl QueuePage {
    fn guess(&self, guess: &MatchedSkill) -> String {
        self.words.say(&guess.zh, &guess.en).to_owned()
    }

    /// Where the next page begins, if there is one.
    fn next(&self) -> Option<usize> {
        let next = self.from + self.lines.len();
        (next < self.total).then_some(next)
    }
}

/// Skills of one trade.
struct Trade {
    code: String,
    skills: Vec<Skill>,
}

fn by_trade(all: Vec<Skill>) -> Vec<Trade> {
    let mut trades: std::collections::BTreeMap<String, Vec<Skill>> = std::collections::BTreeMap::new();
    for skill in all {
        trades.entry(skill.fields.category.clone()).or_default().push(skill);
    }
    trades.into_iter().map(|(code, skills)| Trade { code, skills }).collect()
}

#[derive(Template)]
#[template(path = "admin/skill_name.html")]
struct NamePage {
    words: Words,
    frame: Frame,
    name: UnmappedName,
    guesses: Vec<MatchedSkill>,
    trades: Vec<Trade>,
    may_make: bool,
    typed: Typed,
}

async fn name_page(desk: Desk, id: i64, frame: Frame, typed: Option<Typed>, status: StatusCode) -> HttpResponse {
    let db = desk.pages.db.clone();
    let found = desk.compute(move || {
        let (name, all) = db.read(|conn| Ok::<_, AppError>((skills::unmapped_name(conn, id)?, skills::all(conn)?)))?;
        let guessed = occupations::match_names(&db, std::slice::from_ref(&name.name), GUESSES)?;
        let guesses = guessed.into_iter().next().map(|one| one.skills).unwrap_or_default();
        Ok((name, guesses, by_trade(all)))
    });
    match found.await {
        Ok((name, guesses, trades)) => {
            let typed = typed.unwrap_or_else(|| Typed::of("name_zh", &name.name));
            let may_make = desk.may(ObjectKind::Skill, Action::Create);
            let words = desk.words.clone();
            desk.show_as(status, &NamePage { words, frame, name, guesses, trades, may_make, typed })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /admin/skills/names/{id}`
pub(super) async fn show_name(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame();
    name_page(desk, path.into_inner(), frame, None, StatusCode::OK).await
}

/// What became of a form about a name: on to the queue, or the name's page with what is wrong.
async fn after(sent: Sent, id: i64, outcome: Result<String, AppError>) -> HttpResponse {
    let desk = sent.desk;
    match outcome {
        Ok(to) => see(&desk.words.to(&to)),
        Err(error) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            let typed = Typed::new(sent.form, &error, desk.lang());
            name_page(desk, id, frame, Some(typed), status).await
        }
    }
}

/// `POST /admin/skills/names/{id}/map`
pub(super) async fn map(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let skill = sent.form.need("skill_id", FieldCode::NoSuchRecord).map_err(AppError::from);
    let outcome = match skill {
        Ok(skill) => {
            let desk = sent.desk.clone();
            sent.once(move |conn| {
                desk.refer(conn, "/skill_id", (ObjectKind::Skill, skill))?;
                skills::map_name(conn, id, skill)?;
                Ok((None, "/admin/skills?done=mapped".to_owned()))
            })
            .await
        }
        Err(error) => Err(error),
    };
    after(sent, id, outcome).await
}

/// `POST /admin/skills/names/{id}/ignore`, with `back` the other way.
pub(super) async fn ignore(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, now) = (path.into_inner(), sent.desk.now());
    let (ignored_at, done) = if sent.form.has("back", "yes") { (None, "back") } else { (Some(now), "ignored") };
    sent.act(move |conn| {
        skills::set_ignored(conn, id, ignored_at)?;
        Ok((None, format!("/admin/skills?done={done}")))
    })
    .await
}

fn fields(form: &Form) -> Result<SkillFields, AppError> {
    let mut faults = crate::app::error::Faults::default();
    let mut line = |name: &'static str, longest: usize| match form.paragraph(name, longest) {
        Ok(Some(text)) if !text.contains('\n') => text,
        Ok(Some(_)) => {
            faults.add(format!("/{name}"), FieldCode::BadText);
            String::new()
        }
        Ok(None) => {
            faults.add(format!("/{name}"), FieldCode::Missing);
            String::new()
        }
        Err(error) => {
            faults.push(error);
            String::new()
        }
    };
    let fields = SkillFields {
        code: line("code", LONGEST_CODE),
        category: line("category", LONGEST_CODE),
        name_zh: line("name_zh", LONGEST_NAME),
        name_en: line("name_en", LONGEST_NAME),
        occupation_code: None,
    };
    faults.done()?;
    Ok(fields)
}

/// `POST /admin/skills/names/{id}/make`: a skill of its own, which the name then means.
pub(super) async fn make(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let outcome = match fields(&sent.form) {
        Ok(fields) => {
            sent.once(move |conn: &mut Connection| {
                let name = skills::unmapped_name(conn, id)?.name;
                if !skills::categories(conn)?.contains(&fields.category) {
                    return Err(FieldError::new("/category", FieldCode::NotInList).into());
                }
                let skill = skills::create(conn, &fields)?;
                // The name itself may have been the skill's own: then it is mapped already.
                match skills::unmapped_name(conn, id) {
                    Ok(_) => skills::add_alias(conn, skill.id, &name).map(|_| ())?,
                    Err(AppError::NotFound) => {}
                    Err(error) => return Err(error),
                }
                Ok((Some(skill.id), "/admin/skills?done=made".to_owned()))
            })
            .await
        }
        Err(error) => Err(error),
    };
    after(sent, id, outcome).await
}

#[derive(Template)]
#[template(path = "admin/skill_list.html")]
struct ListPage {
    words: Words,
    frame: Frame,
    trades: Vec<String>,
    trade: Option<String>,
    skills: Vec<Skill>,
    more: Option<i64>,
}

/// `GET /admin/skills/list?trade=…&after=ID`
pub(super) async fn list(desk: Desk) -> HttpResponse {
    const LINES: i64 = 50;
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let trade = desk.query("trade");
    let asked = trade.clone();
    let read = desk.read(move |conn| {
        let rows = crate::app::Page { after, limit: LINES + 1 };
        Ok((skills::categories(conn)?, skills::page(conn, asked.as_deref(), rows)?))
    });
    match read.await {
        Ok((trades, mut skills)) => {
            let lines = usize::try_from(LINES).unwrap_or_default();
            let is_more = skills.len() > lines;
            skills.truncate(lines);
            let more = skills.last().filter(|_| is_more).map(|skill| skill.id);
            let (words, frame) = (desk.words.clone(), desk.frame());
            desk.show(&ListPage { words, frame, trades, trade, skills, more })
        }
        Err(error) => desk.refuse(&error),
    }
}

impl ListPage {
    /// The page after a skill.
    fn after(&self, last: &i64) -> String {
        match &self.trade {
            Some(trade) => format!("/admin/skills/list?trade={}&after={last}", links::encoded(trade)),
            None => format!("/admin/skills/list?after={last}"),
        }
    }
}
