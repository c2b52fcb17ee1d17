//! `/fairness`: whom the latest run, or a plan, served and whom it left out, by group; what can be said and what cannot.

use actix_web::HttpResponse;
use askama::Template;

use crate::app::Connection;
use crate::app::error::AppError;
use crate::app::fairness::{Fairness, Group, Grouping, Source, fairness, latest_run};
use crate::app::plans::view;
use crate::domain::coverage::basis_points;
use crate::domain::fairness::{FEWEST, FOUR_FIFTHS, Reading};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "official/fairness.html")]
struct FairnessPage {
    words: Words,
    frame: Frame,
    found: Fairness,
    run: Option<i64>,
    plan: Option<i64>,
}

#[derive(Template)]
#[template(path = "official/no_fairness.html")]
struct NothingPage {
    words: Words,
    frame: Frame,
}

/// The newest run and the plan in force, or the newest.
fn sources(conn: &mut Connection) -> Result<(Option<i64>, Option<i64>), AppError> {
    let plan = match view::current(conn)? {
        Some(current) => Some(current),
        None => view::newest(conn, None, 1)?.pop().map(|plan| plan.id),
    };
    Ok((latest_run(conn)?, plan))
}

/// `GET /fairness`: of the latest run, or with `of=plan` of the plan.
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let (of_plan, within) = (desk.query("of").as_deref() == Some("plan"), desk.within());
    let read = desk.read(move |conn| {
        let (run, plan) = sources(conn)?;
        let own = if of_plan { plan.map(Source::Plan) } else { run.map(Source::Run) };
        // Where there is no run, the plan is what there is to see.
        let source = own.or(plan.map(Source::Plan)).or(run.map(Source::Run));
        let found = source.map(|source| fairness(conn, source, within.as_deref())).transpose()?;
        Ok((found, run, plan))
    });
    match read.await {
        Ok((Some(found), run, plan)) => {
            desk.show(&FairnessPage { words: desk.words.clone(), frame: desk.frame(), found, run, plan })
        }
        Ok((None, ..)) => desk.show(&NothingPage { words: desk.words.clone(), frame: desk.frame() }),
        Err(error) => desk.refuse(&error),
    }
}

/// How many groups are below four fifths, and how many are too small to say.
pub(super) fn verdicts(found: &Fairness) -> (usize, usize) {
    let groups = || found.groupings.iter().flat_map(|(_, groups)| groups);
    let flags = groups().filter(|group| group.reading.is_flag()).count();
    (flags, groups().filter(|group| group.reading == Reading::TooFew).count())
}

impl FairnessPage {
    const fn is_plan(&self) -> bool {
        matches!(self.found.source, Source::Plan(_))
    }

    fn run_page(&self, run: &i64) -> String {
        self.words.to(&format!("{}/runs/{run}", links::FAIRNESS))
    }

    fn of(&self, source: &str) -> String {
        self.words.to(&links::with(links::FAIRNESS, &[("of", source)]))
    }

    fn chosen(&self) -> &'static str {
        if self.is_plan() { self.words.say("安排了", "placed") } else { self.words.say("推荐过", "recommended") }
    }

    fn verdicts(&self) -> (usize, usize) {
        verdicts(&self.found)
    }

    fn rate(group: &Group) -> Option<u32> {
        basis_points(group.people.chosen, group.people.n)
    }

    /// The impact ratio as it reads; nothing where nothing can be said.
    fn ratio(&self, group: &Group) -> String {
        match group.reading {
            Reading::TooFew => "—".to_owned(),
            Reading::Highest => "1.00".to_owned(),
            Reading::Compared { ratio, .. } => hundredths(ratio),
        }
    }

    fn p(group: &Group) -> String {
        match group.reading {
            Reading::Compared { p, .. } if p < 0.001 => "< 0.001".to_owned(),
            Reading::Compared { p, .. } => format!("{p:.3}"),
            _ => "—".to_owned(),
        }
    }

    /// Mark and words of what can be said.
    fn said(&self, group: &Group) -> (&'static str, &'static str) {
        match group.reading {
            Reading::TooFew => ("exempt", self.words.say("人太少，不好说", "too few to say")),
            Reading::Highest => ("good", self.words.say("最高", "highest")),
            Reading::Compared { .. } if group.reading.is_flag() => {
                ("warn", self.words.say("低于五分之四，要看看", "below four fifths: look into it"))
            }
            Reading::Compared { .. } => ("good", self.words.say("不低于五分之四", "four fifths or more")),
        }
    }

    /// Exposure beside the highest of the groups large enough.
    fn exposure(&self, groups: &[Group], group: &Group) -> String {
        let best = groups.iter().filter(|group| group.people.n >= FEWEST).map(|group| group.exposure).max();
        let Some(best) = best.filter(|best| *best > 0) else { return "—".to_owned() };
        if group.people.n < FEWEST {
            return "—".to_owned();
        }
        let ratio = u32::try_from(group.exposure * 10_000 / best).unwrap_or_default();
        let flag = if ratio < FOUR_FIFTHS { self.words.say(" 低", " low") } else { "" };
        format!("{}.{:03} ({}{flag})", group.exposure / 1_000, group.exposure % 1_000, hundredths(ratio))
    }

    fn head(&self, grouping: Grouping) -> &'static str {
        self.words.label(grouping.label())
    }
}

/// Basis points as a ratio with two decimals, rounded down.
fn hundredths(points: u32) -> String {
    format!("{}.{:02}", points / 10_000, points % 10_000 / 100)
}
