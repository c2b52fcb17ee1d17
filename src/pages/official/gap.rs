//! `/gap`: why households are uncovered, and what would cover most of them; side by side, each solved exactly.
//!
//! The page is about one plan: the one asked for, else the one in force, else the newest. Its ranked changes were solved when it was made;
//! what the reader tries (`try`, `tenant`) is solved now, from the records the plan was made from. Numbers are those of all; nobody is
//! named here.

use actix_web::HttpResponse;
use askama::Template;

use super::what_ifs::{self, Column, Tried};
use crate::app::access::Reach;
use crate::app::employers::{self, Employer, EmployerFilter};
use crate::app::error::AppError;
use crate::app::plans::Worth;
use crate::app::plans::evidence::{Evidence, evidence};
use crate::app::plans::gap::{self, Ranking};
use crate::app::plans::view::{self, Figures, Full, Price};
use crate::app::{Connection, Keyring, Page};
use crate::domain::codes::{ChangeKind, EmployerKind, UncoveredClass};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;
use crate::pages::{charts, fault, links};

/// A class of uncovered households.
struct Class {
    label: &'static str,
    n: i64,
    href: String,
    bar: String,
    evidence: Vec<String>,
}

/// A change of the ranking, with the token that compares it.
struct Change {
    token: String,
    is_compared: bool,
    text: String,
    households: i64,
    per_unit: String,
    units: u32,
}

/// What the reader may try.
struct Kind {
    code: &'static str,
    label: &'static str,
    is_tried: bool,
}

/// What is read of a plan.
struct Read {
    plan: Full,
    evidence: Evidence,
    rankings: Vec<Ranking>,
    postings: Vec<Price>,
    tenants: Vec<Employer>,
}

#[derive(Template)]
#[template(path = "official/gap.html")]
struct GapPage {
    words: Words,
    frame: Frame,
    read: Read,
    changes: Vec<Change>,
    columns: Vec<Column>,
    tried: Tried,
}

#[derive(Template)]
#[template(path = "official/no_gap.html")]
struct NoPlanPage {
    words: Words,
    frame: Frame,
}

/// The plan the page is about.
fn chosen(conn: &mut Connection, asked: Option<i64>) -> Result<Option<i64>, AppError> {
    if asked.is_some() {
        return Ok(asked);
    }
    Ok(match view::current(conn)? {
        Some(current) => Some(current),
        None => view::newest(conn, None, 1)?.pop().map(|plan| plan.id),
    })
}

fn read(conn: &mut Connection, keys: &Keyring, plan: i64) -> Result<Read, AppError> {
    let tenants = EmployerFilter { kind: Some(EmployerKind::Tenant), ..EmployerFilter::default() };
    let mut plan_read = view::get(conn, keys, plan)?;
    // Decisions name people; the page is about numbers.
    plan_read.overrides.clear();
    Ok(Read {
        plan: plan_read,
        evidence: evidence(conn, plan)?,
        rankings: gap::of_plan(conn, plan, &Reach::everything())?,
        postings: view::prices(conn, plan, Page::first(i64::MAX))?,
        tenants: employers::page(conn, &tenants, Page::first(i64::MAX))?,
    })
}

/// `GET /gap`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let (asked, keys) = (desk.query("plan").and_then(|text| text.parse().ok()), desk.keys().clone());
    let read = desk.read(move |conn| match chosen(conn, asked)? {
        Some(plan) => read(conn, &keys, plan).map(Some),
        None => Ok(None),
    });
    let read = match read.await {
        Ok(Some(read)) => read,
        Ok(None) => return desk.show(&NoPlanPage { words: desk.words.clone(), frame: desk.frame() }),
        Err(error) => return desk.refuse(&error),
    };
    let (tried, fault) = match what_ifs::tried(&desk, read.plan.summary.id).await {
        Ok(tried) => (tried, None),
        Err(error) => (Tried::default(), Some(error)),
    };
    let changes = changes(&desk.words, &read.rankings, &desk.all("compare"));
    let columns = columns(&desk.words, &read, &changes, &tried);
    let frame = fault.as_ref().map_or_else(|| desk.frame(), |error| desk.frame_with_fault(error));
    let page = GapPage { words: desk.words.clone(), frame, read, changes, columns, tried };
    desk.show_as(fault.as_ref().map_or(actix_web::http::StatusCode::OK, fault::status), &page)
}

/// How many households a change covers more than the plan.
pub(super) fn more(worth: &Worth) -> i64 {
    worth.covers.len() as i64 - worth.gives_way.len() as i64
}

/// The ranked changes, those that cover most per unit first.
fn changes(words: &Words, rankings: &[Ranking], compared: &[String]) -> Vec<Change> {
    let ranked = rankings.iter().flat_map(|ranking| ranking.best.iter().enumerate());
    let mut ranked: Vec<(usize, &Worth)> = ranked.filter(|(_, worth)| more(worth) > 0).collect();
    // Exactly, as fractions: a / b > c / d.
    ranked.sort_by(|(_, a), (_, b)| {
        (more(b) * i64::from(a.units)).cmp(&(more(a) * i64::from(b.units))).then(more(b).cmp(&more(a)))
    });
    let change = |(at, worth): (usize, &Worth)| {
        let token = format!("{}.{at}", worth.kind.code());
        Change {
            is_compared: compared.contains(&token),
            token,
            text: worth.text.get(words.lang()).to_owned(),
            households: more(worth),
            per_unit: format!("{:.2}", more(worth) as f64 / f64::from(worth.units.max(1))),
            units: worth.units,
        }
    };
    ranked.into_iter().map(change).collect()
}

/// Side by side: the plan as it is, what was ticked, what was tried.
fn columns(words: &Words, read: &Read, changes: &[Change], tried: &Tried) -> Vec<Column> {
    let figures = &read.plan.summary.figures;
    let ticked = changes.iter().filter(|change| change.is_compared).take(what_ifs::MOST_COMPARED);
    let ticked: Vec<Column> =
        ticked.map(|change| Column::of(change.text.clone(), change.households, figures)).collect();
    let asked =
        tried.worth.as_ref().map(|worth| Column::of(worth.text.get(words.lang()).to_owned(), more(worth), figures));
    if ticked.is_empty() && asked.is_none() {
        return Vec::new();
    }
    let now = Column::of(words.say("现在的方案", "The plan as it is").to_owned(), 0, figures);
    [now].into_iter().chain(ticked).chain(asked).collect()
}

impl GapPage {
    fn figures(&self) -> &Figures {
        &self.read.plan.summary.figures
    }

    fn newly(&self) -> i64 {
        self.figures().covered_after - self.figures().covered_before
    }

    /// On the plan's day.
    fn uncovered(&self) -> i64 {
        self.newly() + self.figures().uncovered
    }

    fn kinds(&self) -> Vec<Kind> {
        let kind = |code: &'static str, label| Kind { code, label, is_tried: self.tried.kind == code };
        let words = &self.words;
        vec![
            kind("more_vacancies", words.say("多招几个人", "more vacancies")),
            kind("age", words.say("年龄上限改为", "upper age becomes")),
            kind("pay", words.say("最高月工资改为（元）", "upper pay becomes, yuan a month")),
            kind("training", words.say("企业提供岗前培训", "the employer trains newcomers")),
            kind("course", words.say("开一个培训班", "a training course")),
        ]
    }

    fn is_tried(&self, price: &Price) -> bool {
        self.tried.posting == Some(price.posting.id)
    }

    fn is_closed(&self, tenant: &Employer) -> bool {
        self.tried.closed.as_ref().is_some_and(|closed| closed.employer == tenant.id)
    }

    fn plan_href(&self) -> String {
        self.words.to(&links::plan(self.read.plan.summary.id, ""))
    }

    fn behind(&self, filter: &[(&str, &str)]) -> String {
        let id = self.read.plan.summary.id.to_string();
        let pairs: Vec<(&str, &str)> = [("plan", id.as_str())].into_iter().chain(filter.iter().copied()).collect();
        self.words.to(&links::with(links::COVERAGE_HOUSEHOLDS, &pairs))
    }

    fn coverable_href(&self) -> String {
        self.behind(&[("planned", "newly_covered")])
    }

    fn left_href(&self) -> String {
        self.behind(&[])
    }

    fn uncovered_href(&self) -> String {
        self.words.to(&links::households(self.figures().as_of, &[("state", "uncovered")]))
    }

    fn classes(&self) -> Vec<Class> {
        let most = self.read.plan.uncovered.iter().map(|(_, n)| *n).max().unwrap_or_default();
        let mut rows: Vec<Class> = self
            .read
            .plan
            .uncovered
            .iter()
            .map(|(class, n)| Class {
                label: class.map_or(self.words.say("未分类", "not classified"), |c| self.words.label(c.label())),
                n: *n,
                href: match class {
                    Some(class) => self.behind(&[("class", class.code())]),
                    None => self.behind(&[]),
                },
                bar: charts::share(n.unsigned_abs(), most.unsigned_abs(), false),
                evidence: class.map(|class| self.evidence(class)).unwrap_or_default(),
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.n));
        rows
    }

    /// What the evidence of a class adds up to.
    fn evidence(&self, class: UncoveredClass) -> Vec<String> {
        let (words, found) = (&self.words, &self.read.evidence);
        match class {
            UncoveredClass::NoEligiblePosting => {
                let step = |(gate, n): &(crate::domain::text::Text, u64)| {
                    let gate = gate.get(words.lang());
                    if words.is_english() {
                        format!("{n} are one requirement away: {gate}")
                    } else {
                        format!("{n} 户只差一条：{gate}")
                    }
                };
                let further = (found.further > 0).then(|| {
                    let n = found.further;
                    if words.is_english() { format!("{n} are further away") } else { format!("{n} 户差两条以上") }
                });
                found.one_step.iter().take(3).map(step).chain(further).collect()
            }
            UncoveredClass::OutCompeted => {
                let contest = |contest: &crate::app::plans::evidence::Contest| {
                    let (h, p, v, left) = (contest.households, contest.postings, contest.vacancies, contest.left_out);
                    if words.is_english() {
                        format!("{h} households share {v} vacancies of {p} postings; at least {left} are left out")
                    } else {
                        format!("{h} 户只适合这 {p} 个岗位，共 {v} 个空缺，至少 {left} 户落空")
                    }
                };
                found.contests.iter().take(3).map(contest).collect()
            }
            UncoveredClass::CareLimit => {
                vec![words.say("家里必须有人照护，轮不出人上班", "somebody must stay at home to care").to_owned()]
            }
            UncoveredClass::Declined => {
                vec![words.say("合适的岗位本人都拒绝过", "every suitable posting was declined").to_owned()]
            }
            UncoveredClass::Unwilling => vec![
                words.say("每个可就业的人都记了不愿意", "every employable member is recorded as unwilling").to_owned(),
            ],
        }
    }

    /// How thoroughly each kind of change was looked at.
    fn looked_at(&self) -> Vec<String> {
        let said = |ranking: &Ranking| {
            let kind = self.words.label(ranking.kind.label());
            let (n, worthless, solved) = (ranking.candidates, ranking.worthless, ranking.evaluated);
            let rest = match (ranking.complete, self.words.is_english()) {
                (true, _) => "",
                (false, false) => "，其余没有算，可能更好",
                (false, true) => "; the others were not solved and may be better",
            };
            if self.words.is_english() {
                format!(
                    "{kind}: {n} candidates, {worthless} proved useless by the prices, {solved} solved exactly{rest}"
                )
            } else {
                format!("{kind}：考虑了 {n} 项，{worthless} 项由价格证明没用，精确算了 {solved} 项{rest}")
            }
        };
        let shown = self.read.rankings.iter().filter(|ranking| ranking.kind != ChangeKind::TenantRemoved);
        shown.map(said).collect()
    }

    fn posting(price: &Price) -> String {
        format!("{} · {}", price.posting.employer, price.posting.title)
    }
}
