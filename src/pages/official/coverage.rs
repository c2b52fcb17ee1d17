//! `/coverage`: how many households have somebody employed, where the gap is, how it came about, and whether there are places to close it.
//!
//! Every count leads to its list; covered + uncovered + not counted is the number of households in every row.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::by_group::{self, ByGroup, Order};
use super::paging::Part;
use super::state::State;
use crate::app::Connection;
use crate::app::access::{Action, ObjectKind};
use crate::app::coverage::report::GroupBy;
use crate::app::error::AppError;
use crate::app::overview::{Overview, overview};
use crate::app::settings::since_ever;
use crate::app::visits::progress::{self, Progress, Weeks};
use crate::domain::text::Lang;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "official/coverage.html")]
struct CoveragePage {
    words: Words,
    frame: Frame,
    state: State,
    table: ByGroup,
    part: Part,
    /// Visits of the week, counselor by counselor.
    weeks: Vec<Progress>,
    today: NaiveDate,
}

impl CoveragePage {
    fn new(words: Words, frame: Frame, (overview, weeks): (Overview, Vec<Progress>), asked: &Asked) -> Self {
        let state = State::new(words.clone(), overview);
        let table = ByGroup::new(&state, asked.by, asked.order);
        let part = Part::new(&words, table.groups.len(), by_group::ROWS, asked.page);
        Self { words, frame, state, table, part, weeks, today: asked.today }
    }

    fn monthly(&self) -> String {
        let month = self.state.as_of().format("%Y-%m").to_string();
        self.words.to(&links::with(links::MONTHLY, &[("month", &month)]))
    }
}

/// What the reader asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub by: GroupBy,
    pub order: Order,
    pub page: usize,
    pub today: NaiveDate,
}

/// The day a page is about: `as_of`, or today; a day that has not come is today.
pub(super) fn day(desk: &Desk) -> NaiveDate {
    let asked = desk.query("as_of").and_then(|text| text.parse().ok());
    asked.unwrap_or(desk.today()).clamp(since_ever(), desk.today())
}

/// `GET /coverage`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let as_of = day(&desk);
    let asked = Asked {
        by: desk.query("by").and_then(|code| GroupBy::from_code(&code)).unwrap_or_default(),
        order: desk.query("sort").map(|code| Order::parse(&code)).unwrap_or_default(),
        page: super::paging::asked(&desk),
        today: desk.today(),
    };
    let within = desk.within();
    let reader = desk.clone();
    let read = move |conn: &mut Connection| {
        let weeks = visits_of_the_week(conn, &reader, as_of)?;
        Ok((overview(conn, (as_of, asked.by), within.as_deref())?, weeks))
    };
    match desk.read(read).await {
        Ok(found) => desk.show(&CoveragePage::new(desk.words.clone(), desk.frame(), found, &asked)),
        Err(error) => desk.refuse(&error),
    }
}

/// How many households each counselor has visited in the week of a day; nothing for whom that is not to see.
fn visits_of_the_week(conn: &mut Connection, desk: &Desk, day: NaiveDate) -> Result<Vec<Progress>, AppError> {
    let reach = desk.reach_for(conn, ObjectKind::VisitProgress, Action::List)?;
    if !reach.everything && reach.areas.is_empty() {
        return Ok(Vec::new());
    }
    progress::by_counselor(conn, reach.areas(), Weeks { until: day, count: 1 })
}

/// The page of an overview, without the frame of somebody who is signed in.
///
/// # Errors
/// Only if a template cannot be written to memory.
pub fn render(overview: Overview, asked: &Asked, lang: Lang) -> askama::Result<String> {
    CoveragePage::new(Words::new(lang, links::COVERAGE), Frame::default(), (overview, Vec::new()), asked).render()
}
