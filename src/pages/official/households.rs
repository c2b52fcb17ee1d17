//! `/coverage/households`: the households behind a number of the coverage page, of the monthly page or of a plan.
//!
//! The address says which number, in the words of the API: `state`, `exempt_reason`, `figure`, `by` and `key` of a day; `moved` since a
//! day; `clock` and `stand` of the recognitions since a day; `plan` with `planned` and `class`.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::by_group;
use super::coverage::day;
use super::paging::{self, Part};
use crate::app::access::members_of;
use crate::app::coverage::behind::{Behind, Listed, listed};
use crate::app::coverage::flow::Movement;
use crate::app::coverage::report::{Figure, GroupBy, ListFilter};
use crate::app::error::{FieldCode, FieldError};
use crate::app::overview::before_month;
use crate::domain::clock::{ClockStep, StepState};
use crate::domain::codes::{CoverageState, PlanState, UncoveredClass};
use crate::domain::coverage::ExemptReason;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

/// A household as the list shows it.
struct Row {
    id: i64,
    code: String,
    head: String,
    place: String,
    township: String,
    state: CoverageState,
    notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "official/households.html")]
struct HouseholdsPage {
    words: Words,
    frame: Frame,
    title: String,
    as_of: NaiveDate,
    rows: Vec<Row>,
    part: Part,
    back: String,
    /// A plan's number is of everybody, the list of those in the caller's areas.
    is_narrowed: bool,
}

/// `GET /coverage/households`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let as_of = day(&desk);
    let behind = match behind(&desk, as_of) {
        Ok(behind) => behind,
        Err(error) => return desk.refuse(&error.into()),
    };
    let (title, back) = (title(&desk.words, &behind), back(&desk.words, &behind, as_of));
    let is_narrowed = matches!(behind, Behind::Planned { .. }) && desk.within().is_some();
    let (within, reader, page) = (desk.within(), desk.clone(), paging::asked(&desk));
    let read = desk.read(move |conn| {
        let found = listed(conn, &behind, within.as_deref())?;
        let part = Part::new(&reader.words, found.len(), paging::ROWS, page);
        let found = part.cut(found);
        let shown: Vec<i64> = found.iter().map(|row| row.line.place.household).collect();
        reader.shows(members_of(conn, &shown)?);
        Ok((found, part))
    });
    match read.await {
        Ok((found, part)) => {
            let words = desk.words.clone();
            let rows = found.into_iter().map(|found| row(&words, found)).collect();
            desk.show(&HouseholdsPage { words, frame: desk.frame(), title, as_of, rows, part, back, is_narrowed })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// The number an address names.
///
/// # Errors
/// At the parameter that is no code of its list.
fn behind(desk: &Desk, as_of: NaiveDate) -> Result<Behind, FieldError> {
    if let Some(plan) = desk.query("plan") {
        let plan = plan.parse().map_err(|_| FieldError::new("?plan", FieldCode::NoSuchRecord))?;
        let state = code(desk, "planned", PlanState::from_code)?.unwrap_or(PlanState::Uncovered);
        return Ok(Behind::Planned { plan, state, class: code(desk, "class", UncoveredClass::from_code)? });
    }
    let since = code(desk, "since", |text| text.parse().ok())?;
    if let Some(movement) = code(desk, "moved", Movement::from_code)? {
        return Ok(Behind::Moved { from: since.unwrap_or_else(|| before_month(as_of)), to: as_of, movement });
    }
    if desk.query("clock").is_some() {
        let any = desk.query("clock").as_deref() == Some("any");
        let step = if any { None } else { code(desk, "clock", ClockStep::from_code)? };
        let standing = match step {
            Some(step) => Some((step, code(desk, "stand", StepState::from_code)?.unwrap_or(StepState::Late))),
            None => None,
        };
        let between = (since.unwrap_or_else(|| before_month(as_of)), as_of);
        return Ok(Behind::Clock { between, standing, grid: desk.query("grid") });
    }
    let filter = ListFilter {
        state: code(desk, "state", CoverageState::from_code)?,
        exempt_reason: code(desk, "exempt_reason", ExemptReason::from_code)?,
        figure: code(desk, "figure", Figure::from_code)?,
        group: code(desk, "by", GroupBy::from_code)?.zip(desk.query("key")),
    };
    Ok(Behind::Figure { as_of, filter })
}

pub(super) fn code<T>(desk: &Desk, name: &str, from_code: fn(&str) -> Option<T>) -> Result<Option<T>, FieldError> {
    let Some(text) = desk.query(name) else { return Ok(None) };
    from_code(&text).map(Some).ok_or_else(|| FieldError::new(format!("?{name}"), FieldCode::NotInList))
}

/// What the list holds.
fn title(words: &Words, behind: &Behind) -> String {
    let parts: Vec<String> = match behind {
        Behind::Figure { filter, .. } => {
            let state = filter.state.map(|state| words.label(state.label()));
            let reason = filter.exempt_reason.map(|reason| words.label(reason.label()));
            let figure = filter.figure.map(|figure| figure_name(words, figure));
            let group = filter.group.as_ref().map(|(by, key)| by_group::name(words, *by, key));
            group.into_iter().chain([state, reason, figure].into_iter().flatten().map(str::to_owned)).collect()
        }
        Behind::Moved { from, movement, .. } => {
            let moved = words.label(movement.label());
            vec![if words.is_english() { format!("{moved} since {from}") } else { format!("{from} 以来{moved}") }]
        }
        Behind::Clock { between, standing, grid } => {
            let from = between.0;
            let recognised =
                if words.is_english() { format!("recognised since {from}") } else { format!("{from} 以来认定") };
            let standing =
                standing.map(|(step, state)| [words.label(step.label()), words.label(state.label())].join(" · "));
            grid.iter().cloned().chain([recognised]).chain(standing).collect()
        }
        Behind::Planned { plan, state, class } => {
            let plan = if words.is_english() { format!("plan {plan}") } else { format!("方案第 {plan} 号") };
            let class = class.map(|class| words.label(class.label()).to_owned());
            [plan, words.label(state.label()).to_owned()].into_iter().chain(class).collect()
        }
    };
    if parts.is_empty() { words.say("全部户", "All households").to_owned() } else { parts.join(" · ") }
}

fn figure_name(words: &Words, figure: Figure) -> &'static str {
    match figure {
        Figure::ToHelp => words.say("待帮扶", "to help"),
        Figure::Unwilling => words.say("全家不愿就业", "nobody wants work"),
        Figure::Contested => words.say("记录有矛盾", "conflicting records"),
        Figure::Stable3m => words.say("干满 3 个月", "in work for 3 months"),
        Figure::Stable6m => words.say("干满 6 个月", "in work for 6 months"),
        Figure::Decent => words.say("月收入达到标准", "paid at or above the target"),
        Figure::Verified => words.say("近期核实过", "verified recently"),
        Figure::SingleEarnerRisk => words.say("单人就业风险", "single earner at risk"),
    }
}

/// Where the number stands.
fn back(words: &Words, behind: &Behind, as_of: NaiveDate) -> String {
    words.to(&match behind {
        Behind::Planned { plan, .. } => format!("{}/{plan}", links::PLANS),
        _ => links::of_day(links::COVERAGE, as_of, &[]),
    })
}

fn row(words: &Words, listed: Listed) -> Row {
    let Listed { line, notes } = listed;
    let (place, coverage) = (line.place, line.coverage);
    let mut said: Vec<String> = notes.iter().map(|note| note.get(words.lang()).to_owned()).collect();
    let mut say = |text: &str| said.push(text.to_owned());
    coverage.channel.iter().for_each(|channel| say(words.label(channel.label())));
    coverage.need.iter().for_each(|need| say(words.label(need.label())));
    coverage.exempt_reason.iter().for_each(|reason| say(words.label(reason.label())));
    coverage.contested.iter().for_each(|reason| say(words.label(reason.label())));
    if let Some(risk) = coverage.single_earner_risk {
        say(&format!("{} {}", words.label(risk.reason.label()), risk.ends_on));
    }
    line.unrecorded.iter().for_each(|what| say(words.label(what.label())));
    let parts = [Some(place.grid_key.as_str()), Some(&place.building), place.unit.as_deref()];
    Row {
        id: place.household,
        code: place.code.unwrap_or_else(|| format!("#{}", place.household)),
        head: place.head_name.unwrap_or_else(|| words.say("没有户主", "no head").to_owned()),
        place: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
        township: place.township.unwrap_or_default(),
        state: coverage.state,
        notes: said,
    }
}
