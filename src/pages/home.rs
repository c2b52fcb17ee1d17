//! `/coverage`: how many households have somebody employed, where the gap is, and whether there are places to close it.
//!
//! Invariant: every figure comes from one [`Tally`], so covered + uncovered + not counted is the number of households on the
//! page as in the report; a rate is rounded down. Cost: string building only.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::desk::Desk;
use super::sign_in::see;
use super::words::Words;
use super::{Language, Pages, answer, failure, frame, links};
use crate::app::access::Reach;
use crate::app::overview::{Overview, overview};
use crate::domain::coverage::{Tally, basis_points};
use crate::domain::text::{Lang, counted, noun};

/// What the page shows. All counts are of one day.
#[derive(Clone, Debug, Default)]
pub struct HomeView {
    pub as_of: NaiveDate,
    /// Name of the community, or of all of them together.
    pub community: String,
    pub total: Tally,
    pub grids: Vec<GridView>,
    /// Open postings and the unfilled places in them.
    pub postings: u64,
    pub vacancies: u64,
    /// The limits in force that day, so that a label can name them: yuan a month, days, days.
    pub decent_pay: u32,
    pub verified_days: u16,
    pub at_risk_days: u16,
}

#[derive(Clone, Debug, Default)]
pub struct GridView {
    pub name: String,
    pub tally: Tally,
}

impl HomeView {
    fn new(overview: Overview, lang: Lang) -> Self {
        let Overview { coverage, rules, open, community } = overview;
        let all = Words::new(lang, links::COVERAGE).say("全部社区", "All communities");
        let grid = |group: crate::app::coverage::report::Group| GridView { name: group.key, tally: group.tally };
        Self {
            as_of: coverage.as_of,
            community: community.unwrap_or_else(|| all.to_owned()),
            total: coverage.total,
            grids: coverage.groups.into_iter().map(grid).collect(),
            postings: open.postings,
            vacancies: open.vacancies,
            decent_pay: rules.decent_pay,
            verified_days: rules.verified_days,
            at_risk_days: rules.at_risk_days,
        }
    }

    /// The low end of the range, in basis points. Zero where nobody is counted; the page then shows no range.
    fn certain_rate(&self) -> u32 {
        self.total.certain_rate().unwrap_or_default()
    }

    /// Where the gap is widest comes first; equal rates by name.
    fn sort_grids(&mut self) {
        self.grids.sort_by(|a, b| {
            let rate = |grid: &GridView| grid.tally.rate().unwrap_or(u32::MAX);
            rate(a).cmp(&rate(b)).then_with(|| a.name.cmp(&b.name))
        });
    }
}

/// One figure of the last section.
struct Firmness {
    code: &'static str,
    label: String,
    count: u64,
    share: Option<u32>,
    note: String,
    risk: bool,
}

struct Link {
    href: String,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    words: Words,
    view: HomeView,
}

/// `GET /`: on to where the caller's work begins.
pub(super) async fn start(desk: Desk) -> HttpResponse {
    see(&desk.words.to(frame::start(desk.caller()).unwrap_or(links::ACCOUNT)))
}

/// `GET /coverage`: today's state.
pub(super) async fn home(pages: web::Data<Pages>, language: Language, reach: web::ReqData<Reach>) -> HttpResponse {
    let (today, lang) = ((pages.today)(), language.0);
    let pages = Arc::clone(&pages);
    let within = reach.areas().map(<[i64]>::to_vec);
    match web::block(move || overview(&pages.db, today, within.as_deref())).await {
        Ok(Ok(overview)) => match render(HomeView::new(overview, lang), lang) {
            Ok(html) => answer(StatusCode::OK, lang, html),
            Err(error) => failure(lang, &error.to_string()),
        },
        Ok(Err(error)) => failure(lang, &error.for_log()),
        Err(_) => failure(lang, "panic in blocking work"),
    }
}

/// The page as HTML.
///
/// # Errors
/// Only if a template cannot be written to memory.
pub fn render(mut view: HomeView, lang: Lang) -> askama::Result<String> {
    view.sort_grids();
    HomePage { words: Words::new(lang, links::COVERAGE), view }.render()
}

impl HomePage {
    /// Heads of the figures in the table by grid, in order; on a phone each stands before its figure.
    fn heads(&self) -> [&'static str; 7] {
        [
            self.words.say("已覆盖", "Covered"),
            self.words.say("未覆盖", "Uncovered"),
            self.words.say("不计入", "Not counted"),
            self.words.say("全部", "All"),
            self.words.say("覆盖率 %", "Coverage %"),
            self.words.say("其中确定 %", "For certain %"),
            self.words.say("单人就业风险", "At risk"),
        ]
    }

    fn state(&self, state: &str) -> String {
        links::households(self.view.as_of, &[("state", state)])
    }

    fn state_in(&self, state: &str, grid: &GridView) -> String {
        links::households(self.view.as_of, &[("state", state), ("by", "grid"), ("key", &grid.name)])
    }

    fn figure(&self, code: &str) -> String {
        links::households(self.view.as_of, &[("figure", code)])
    }

    fn figure_in(&self, code: &str, grid: &GridView) -> String {
        links::households(self.view.as_of, &[("figure", code), ("by", "grid"), ("key", &grid.name)])
    }

    fn exempt(&self, reason: &str) -> String {
        links::households(self.view.as_of, &[("exempt_reason", reason)])
    }

    fn grid(&self, grid: &GridView) -> String {
        links::households(self.view.as_of, &[("by", "grid"), ("key", &grid.name)])
    }

    fn households(&self) -> String {
        links::households(self.view.as_of, &[])
    }

    fn postings(&self) -> String {
        links::open_postings(self.view.as_of)
    }

    /// Places against households: a count, not a promise, since a place must also suit somebody.
    fn places(&self) -> String {
        let (families, places) = (self.view.total.to_help, self.view.vacancies);
        let (n, m) = (self.words.number(families), self.words.number(places));
        let short = self.words.number(families.saturating_sub(places));
        let households = noun(families, "household", "households");
        match (self.words.is_english(), families, places) {
            (false, 0, _) => "现在没有待帮扶的户。".to_owned(),
            (true, 0, _) => "No household is waiting for help.".to_owned(),
            (false, _, 0) => format!("{n} 户待帮扶，现在没有空缺。先找岗位。"),
            (true, _, 0) => format!("{n} {households} to help and no vacancy: look for places first."),
            (false, ..) if families > places => {
                format!("空缺不够：{n} 户待帮扶，只有 {m} 个空缺。每个空缺都给没人就业的户，也还差 {short} 个。")
            }
            (true, ..) if families > places => format!(
                "Not enough vacancies: {n} {households} share {m}. Even if each went to one of them, {short} would be left out."
            ),
            (false, ..) => format!("数量够：{m} 个空缺，{n} 户待帮扶。还要看条件合不合适。"),
            (true, ..) => format!(
                "Enough in number: {m} {} for {n} {households}. They must still suit.",
                noun(places, "vacancy", "vacancies")
            ),
        }
    }

    fn firmness(&self) -> Vec<Firmness> {
        let (words, total) = (&self.words, &self.view.total);
        let figure = |code, label: String, count, risk, note: String| Firmness {
            code,
            label,
            count,
            share: basis_points(count, total.covered),
            note,
            risk,
        };
        let pay = words.number(u64::from(self.view.decent_pay));
        let (fresh, ahead) = (self.view.verified_days, self.view.at_risk_days);
        let (decent, verified, ends) = if words.is_english() {
            (
                format!("Paid {pay} yuan a month or more"),
                format!("Verified within {}", counted(fresh, "day", "days")),
                format!("may end within {}", counted(ahead, "day", "days")),
            )
        } else {
            (format!("月收入不低于 {pay} 元"), format!("{fresh} 天内核实过"), format!("{ahead} 天内可能断"))
        };
        vec![
            figure(
                "stable_3m",
                words.say("干满 3 个月", "In work for 3 months").to_owned(),
                total.stable_3m,
                false,
                String::new(),
            ),
            figure(
                "stable_6m",
                words.say("干满 6 个月", "In work for 6 months").to_owned(),
                total.stable_6m,
                false,
                String::new(),
            ),
            figure("decent", decent, total.decent, false, String::new()),
            figure("verified", verified, total.verified, false, String::new()),
            figure(
                "single_earner_risk",
                words.say("单人就业风险", "Single earner at risk").to_owned(),
                total.single_earner_risk,
                true,
                ends,
            ),
        ]
    }

    fn links(&self) -> Vec<Link> {
        let words = &self.words;
        vec![
            Link {
                href: links::coverage(self.view.as_of), label: words.say("覆盖数据（JSON）", "Coverage as JSON")
            },
            Link { href: links::HOUSEHOLDS.to_owned(), label: words.say("全部户", "All households") },
            Link { href: links::RESIDENTS.to_owned(), label: words.say("全部居民", "All residents") },
            Link { href: links::POSTINGS.to_owned(), label: words.say("全部岗位", "All postings") },
            Link { href: links::DOCS.to_owned(), label: words.say("接口文档", "Interface documentation") },
        ]
    }
}
