//! `/households`: the households behind a figure, by state, figure, grid or building.
//!
//! Invariant: the same lines as the figure's list of the report, of the reader's areas.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::parts::{self, Tag};
use crate::app::access::members_of;
use crate::app::coverage;
use crate::app::coverage::report::{Figure, GroupBy, HouseholdLine, ListFilter};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::ExemptReason;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

struct Row {
    href: String,
    name: String,
    note: String,
    tags: Vec<Tag>,
}

struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "counselor/households.html")]
struct HouseholdsPage {
    words: Words,
    frame: Frame,
    rows: Vec<Row>,
    total: usize,
    from: usize,
    states: Vec<Choice>,
    grids: Vec<Choice>,
    buildings: Vec<Choice>,
    /// What else the list is narrowed to, in words.
    figure: Option<String>,
    figure_code: String,
    before: Option<String>,
    after: Option<String>,
    acts: bool,
}

/// What the address asks for.
#[derive(Clone, Default)]
struct Asked {
    state: Option<CoverageState>,
    exempt_reason: Option<ExemptReason>,
    figure: Option<Figure>,
    grid: Option<i64>,
    building: Option<i64>,
    /// A group of the report, as its lists name it.
    group: Option<(GroupBy, String)>,
}

impl Asked {
    fn of(desk: &Desk) -> Self {
        let number = |name| desk.query(name).and_then(|id| id.parse().ok());
        Self {
            state: desk.query("state").and_then(|code| CoverageState::from_code(&code)),
            exempt_reason: desk.query("exempt_reason").and_then(|code| ExemptReason::from_code(&code)),
            figure: desk.query("figure").and_then(|code| Figure::from_code(&code)),
            grid: number("grid"),
            building: number("building"),
            group: desk.query("by").and_then(|by| GroupBy::from_code(&by)).zip(desk.query("key")),
        }
    }

    /// This list, from another row on.
    fn address(&self, from: usize) -> String {
        let mut parts = Vec::new();
        parts.extend(self.state.map(|state| format!("state={}", state.code())));
        parts.extend(self.exempt_reason.map(|reason| format!("exempt_reason={}", reason.code())));
        parts.extend(self.figure.map(|figure| format!("figure={}", figure.code())));
        parts.extend(self.grid.map(|grid| format!("grid={grid}")));
        parts.extend(self.building.map(|building| format!("building={building}")));
        parts.extend(
            self.group
                .iter()
                .map(|(by, key)| format!("by={}&key={}", by.code(), utf8_percent_encode(key, NON_ALPHANUMERIC))),
        );
        parts.extend((from > 0).then(|| format!("from={from}")));
        if parts.is_empty() { "/households".to_owned() } else { format!("/households?{}", parts.join("&")) }
    }
}

/// `GET /households`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let asked = Asked::of(&desk);
    let (db, within, today) = (desk.pages.db.clone(), desk.within(), desk.today());
    let filter = ListFilter {
        state: asked.state,
        exempt_reason: asked.exempt_reason,
        figure: asked.figure,
        group: asked.group.clone(),
    };
    let all = desk.compute(move || coverage::households(&db, today, &filter, within.as_deref())).await;
    let all = match all {
        Ok(all) => all,
        Err(error) => return desk.refuse(&error),
    };
    let (grids, buildings) = places(&desk.words, &all, &asked);
    let in_place = |line: &HouseholdLine| {
        asked.grid.is_none_or(|grid| line.place.grid_id == grid)
            && asked.building.is_none_or(|building| line.place.building_id == building)
    };
    let mut all: Vec<HouseholdLine> = all.into_iter().filter(in_place).collect();
    let (total, from) = (all.len(), parts::from(&desk));
    let shown: Vec<HouseholdLine> = all.drain(..).skip(from).take(parts::ROWS).collect();
    let reader = desk.clone();
    let ids: Vec<i64> = shown.iter().map(|line| line.place.household).collect();
    let acts = desk
        .read(move |conn| {
            reader.shows(members_of(conn, &ids)?);
            parts::acts(conn, &reader)
        })
        .await;
    let acts = match acts {
        Ok(acts) => acts,
        Err(error) => return desk.refuse(&error),
    };
    let words = desk.words.clone();
    let next = parts::more_after(shown.len(), from, total);
    let figure = asked.exempt_reason.map(|reason| words.label(reason.label()).to_owned());
    let figure = figure.or_else(|| asked.figure.map(|figure| figure_name(&words, figure)));
    let figure = figure.or_else(|| asked.group.as_ref().map(|(_, key)| key.clone()));
    let page = HouseholdsPage {
        frame: desk.frame(),
        rows: shown.iter().map(|line| row(&words, line)).collect(),
        total,
        from,
        states: states(&words, &asked),
        grids,
        buildings,
        figure,
        figure_code: asked.figure.map(|figure| figure.code().to_owned()).unwrap_or_default(),
        before: (from > 0).then(|| words.to(&asked.address(from.saturating_sub(parts::ROWS)))),
        after: next.map(|next| words.to(&asked.address(next))),
        acts,
        words,
    };
    desk.show(&page)
}

fn states(words: &Words, asked: &Asked) -> Vec<Choice> {
    let choice = |state: &CoverageState| Choice {
        value: state.code().to_owned(),
        label: words.label(state.label()).to_owned(),
        is_chosen: asked.state == Some(*state),
    };
    CoverageState::ALL.iter().map(choice).collect()
}

/// The grids and, where one is chosen, its buildings, as far as the list has households there.
fn places(words: &Words, all: &[HouseholdLine], asked: &Asked) -> (Vec<Choice>, Vec<Choice>) {
    let (mut grids, mut buildings) = (BTreeMap::new(), BTreeMap::new());
    for line in all {
        let place = &line.place;
        *grids.entry((place.grid_id, place.grid_key.clone())).or_insert(0) += 1;
        if asked.grid.is_none_or(|grid| place.grid_id == grid) {
            *buildings.entry((place.building_id, place.building_key.clone())).or_insert(0) += 1;
        }
    }
    let choices = |found: BTreeMap<(i64, String), u64>, chosen: Option<i64>| {
        let choice = |((id, name), count): ((i64, String), u64)| Choice {
            value: id.to_string(),
            label: if words.is_english() { format!("{name} ({count})") } else { format!("{name}（{count} 户）") },
            is_chosen: chosen == Some(id),
        };
        found.into_iter().map(choice).collect()
    };
    (choices(grids, asked.grid), choices(buildings, asked.building))
}

fn figure_name(words: &Words, figure: Figure) -> String {
    let label = match figure {
        Figure::ToHelp => ("待帮扶", "to help"),
        Figure::Unwilling => ("全家不愿就业", "nobody willing"),
        Figure::Contested => ("有矛盾", "conflicting"),
        Figure::Stable3m => ("干满 3 个月", "in work for 3 months"),
        Figure::Stable6m => ("干满 6 个月", "in work for 6 months"),
        Figure::Decent => ("收入达标", "decent pay"),
        Figure::Verified => ("近期核实过", "verified lately"),
        Figure::SingleEarnerRisk => ("单人就业风险", "single earner at risk"),
    };
    words.say(label.0, label.1).to_owned()
}

fn row(words: &Words, line: &HouseholdLine) -> Row {
    let place = &line.place;
    let mut tags = vec![Tag { class: line.coverage.state.code(), label: words.label(line.coverage.state.label()) }];
    tags.extend(line.coverage.single_earner_risk.map(|_| Tag { class: "risk", label: words.say("有风险", "at risk") }));
    tags.extend(
        line.coverage.is_contested().then(|| Tag { class: "contested", label: words.say("有矛盾", "conflicting") }),
    );
    let code = place.code.as_deref().map(|code| format!("{code} · ")).unwrap_or_default();
    Row {
        href: words.to(&format!("/households/{}", place.household)),
        name: parts::house_name(words, place),
        note: format!("{code}{} · {}", place.grid, parts::address(place)),
        tags,
    }
}
