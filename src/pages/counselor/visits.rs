//! `/visits`: the week's visits, those a visit is worth most to, in the order of a walk.

use actix_web::HttpResponse;
use askama::Template;

use super::parts;
use crate::app::access::members_of;
use crate::app::visits::plan::{self, Ask, Line, WeekPlan, Whose};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

struct Stop {
    href: String,
    visit: String,
    name: String,
    place: String,
    reasons: String,
    /// `None` for a household never visited: its reasons say so.
    last: Option<String>,
    is_due: bool,
}

#[derive(Template)]
#[template(path = "counselor/visits.html")]
struct VisitsPage {
    words: Words,
    frame: Frame,
    week: String,
    target: u32,
    done: u32,
    due: u64,
    /// By building, in the order of the walk.
    buildings: Vec<(String, Vec<Stop>)>,
}

impl VisitsPage {
    fn left(&self) -> u32 {
        self.target.saturating_sub(self.done)
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = ("走访已存好。下面是还该走访的户。", "The visit is saved. Here are the households still to visit.");
    (code == "visit").then(|| words.say(said.0, said.1).to_owned())
}

/// `GET /visits`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let (reader, db, today) = (desk.clone(), desk.pages.db.clone(), desk.today());
    let whose = desk.account().map_or(Whose::Anybody, Whose::Account);
    let ask = Ask { whose, week: today, within: desk.within(), area: None };
    let found = desk
        .compute(move || {
            db.read(|conn| {
                let plan = plan::week(conn, &ask, today)?;
                let households: Vec<i64> = plan.lines.iter().map(|line| line.household).collect();
                reader.shows(members_of(conn, &households)?);
                Ok(plan)
            })
        })
        .await;
    match found {
        Ok(plan) => desk.show(&page(&desk, plan)),
        Err(error) => desk.refuse(&error),
    }
}

fn page(desk: &Desk, plan: WeekPlan) -> VisitsPage {
    let (words, today) = (&desk.words, desk.today());
    let mut buildings: Vec<(String, Vec<Stop>)> = Vec::new();
    for line in plan.lines {
        let building = format!("{} · {}", line.grid, line.building);
        let stop = stop(desk, line);
        match buildings.last_mut().filter(|(known, _)| *known == building) {
            Some((_, stops)) => stops.push(stop),
            None => buildings.push((building, vec![stop])),
        }
    }
    let (first, last) = (parts::day(words, plan.week_start, today), parts::day(words, plan.week_end, today));
    VisitsPage {
        week: format!("{first}–{last}"),
        target: plan.target,
        done: plan.done,
        due: plan.due,
        buildings,
        frame: desk.frame_saying(said),
        words: words.clone(),
    }
}

fn stop(desk: &Desk, line: Line) -> Stop {
    let (words, today) = (&desk.words, desk.today());
    let name = match &line.head_name {
        Some(name) if words.is_english() => format!("Household of {name}"),
        Some(name) => format!("{name}户"),
        None => parts::house_mark(words, line.code.as_deref(), line.household),
    };
    let last = line.last_visited_on.map(|day| parts::day(words, day, today));
    let reasons: Vec<String> = line.reasons.iter().map(|(_, text)| text.get(words.lang()).to_owned()).collect();
    Stop {
        href: words.to(&format!("/households/{}", line.household)),
        visit: words.to(&format!("/households/{}/visit", line.household)),
        name,
        place: line.unit.unwrap_or_default(),
        reasons: parts::listed(words.lang(), &reasons),
        last: last.map(|day| words.say(&format!("上次走访 {day}"), &format!("last visited {day}")).to_owned()),
        is_due: line.due,
    }
}
