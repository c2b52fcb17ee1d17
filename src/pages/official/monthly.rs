//! `/monthly?month=YYYY-MM`: the month on two sheets of A4, from the same overview as the coverage page.
//!
//! It is computed when it is opened, as of the month's last day (of a month that runs, of today), and says so; what a plan and a run say is
//! of their own day, which is named.

use actix_web::HttpResponse;
use askama::Template;
use chrono::{Datelike, Days, Months, NaiveDate};

use super::by_group::{ByGroup, Group, Order, channels};
use super::state::State;
use crate::app::access::ObjectKind;
use crate::app::coverage::report::GroupBy;
use crate::app::error::AppError;
use crate::app::fairness::{Fairness, Source, fairness, latest_run};
use crate::app::overview::{Overview, before_month, first_of_month, overview};
use crate::app::plans::view::{self, Full};
use crate::app::reports::view::Summary;
use crate::app::settings::since_ever;
use crate::app::{Connection, Page, reports};
use crate::domain::access::Action;
use crate::domain::codes::UncoveredClass;
use crate::domain::coverage::basis_points;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::sign_in;
use crate::pages::words::Words;

/// What the month's page reads.
struct Read {
    overview: Overview,
    /// The plan that says why households are uncovered: in force or newest, made by the month's end.
    plan: Option<Full>,
    fairness: Option<Fairness>,
    /// What was frozen of the month, and the communities it can be frozen of.
    frozen: Vec<Summary>,
    communities: Vec<(i64, String)>,
}

/// A channel of the covered households.
struct Channel {
    name: String,
    households: u64,
    share: Option<u32>,
}

/// Why households are uncovered, and what comes next.
struct Reason {
    label: &'static str,
    households: i64,
    next: &'static str,
    href: String,
}

#[derive(Template)]
#[template(path = "official/monthly.html")]
struct MonthlyPage {
    words: Words,
    frame: Frame,
    state: State,
    table: ByGroup,
    channels: Vec<Channel>,
    plan: Option<Full>,
    fairness: Option<Fairness>,
    frozen: Vec<Summary>,
    /// Where the month can be frozen yet.
    communities: Vec<(i64, String)>,
    month: NaiveDate,
    today: NaiveDate,
    is_running: bool,
}

/// The first day of the month asked for; the last finished month where none is, or one that has not begun
/// or lies before anything is counted.
fn month(asked: Option<&str>, today: NaiveDate) -> NaiveDate {
    let asked = asked.and_then(|text| format!("{text}-01").parse().ok());
    let known = since_ever()..=today;
    asked.filter(|month| known.contains(month)).unwrap_or_else(|| first_of_month(before_month(today)))
}

/// The last day the page is about: the month's, or today.
fn last_day(month: NaiveDate, today: NaiveDate) -> NaiveDate {
    let next = month.checked_add_months(Months::new(1));
    let last = next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(month);
    last.min(today)
}

fn read(conn: &mut Connection, desk: &Desk, as_of: NaiveDate) -> Result<Read, AppError> {
    let within = desk.within();
    let within = within.as_deref();
    let newest = view::newest(conn, None, 50)?;
    let made = newest.iter().filter(|plan| plan.figures.as_of <= as_of);
    let plan = made.max_by_key(|plan| (plan.adoption.is_some(), plan.id)).map(|plan| plan.id);
    let plan = match plan {
        Some(id) => {
            let mut plan = view::get(conn, desk.keys(), id)?;
            // Decisions name people; the report is about numbers.
            plan.overrides.clear();
            Some(plan)
        }
        None => None,
    };
    let run = latest_run(conn)?;
    let month = first_of_month(as_of);
    let frozen = reports::view::page(conn, (within, Some(month)), Page::first(i64::MAX))?;
    let mut communities = Vec::new();
    // A month that runs is not frozen.
    if reports::last_day(month) < desk.today() && desk.may(ObjectKind::Report, Action::Create) {
        communities = reports::communities(conn, within)?;
        communities.retain(|(id, _)| !frozen.iter().any(|report| report.data.community_id == *id));
    }
    Ok(Read {
        frozen,
        communities,
        overview: overview(conn, (as_of, GroupBy::Grid), within)?,
        plan,
        // A run made later says nothing of the month.
        fairness: run
            .map(|run| fairness(conn, Source::Run(run), within))
            .transpose()?
            .filter(|found| found.as_of <= as_of),
    })
}

/// `GET /reports`: the reports are listed with their months.
pub(super) async fn reports(desk: Desk) -> HttpResponse {
    sign_in::see(&desk.words.to(links::MONTHLY))
}

/// `GET /monthly`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let today = desk.today();
    let month = month(desk.query("month").as_deref(), today);
    let as_of = last_day(month, today);
    let reader = desk.clone();
    let found = match desk.read(move |conn| read(conn, &reader, as_of)).await {
        Ok(found) => found,
        Err(error) => return desk.refuse(&error),
    };
    let words = desk.words.clone();
    let covered = found.overview.coverage.total.covered;
    let by_channel = channels(&words, &found.overview.channels).into_iter();
    let by_channel =
        by_channel.map(|(name, households)| Channel { name, households, share: basis_points(households, covered) });
    let channels = by_channel.collect();
    let state = State::new(words.clone(), found.overview);
    let table = ByGroup::new(&state, GroupBy::Grid, Order::default());
    let is_running = as_of.month() == today.month() && as_of.year() == today.year();
    desk.show(&MonthlyPage {
        channels,
        plan: found.plan,
        fairness: found.fairness,
        frozen: found.frozen,
        communities: found.communities,
        frame: desk.frame(),
        words,
        state,
        table,
        month,
        today,
        is_running,
    })
}

impl MonthlyPage {
    fn before(&self) -> String {
        self.of(before_month(self.month))
    }

    /// The next month, if it has begun.
    fn after(&self) -> Option<String> {
        let next = self.month.checked_add_months(Months::new(1)).filter(|next| *next <= self.today);
        next.map(|next| self.of(next))
    }

    fn of(&self, day: NaiveDate) -> String {
        let month = day.format("%Y-%m").to_string();
        self.words.to(&links::with(links::MONTHLY, &[("month", &month)]))
    }

    fn month_value(&self) -> String {
        self.month.format("%Y-%m").to_string()
    }

    fn this_month(&self) -> String {
        self.today.format("%Y-%m").to_string()
    }

    /// "比上月少 15 户".
    fn change(&self) -> String {
        let flow = &self.state.overview.flow;
        let (before, after) = (flow.before, flow.after);
        let n = self.words.number(before.abs_diff(after));
        match (self.words.is_english(), before.cmp(&after)) {
            (false, std::cmp::Ordering::Equal) => "和上月末一样多".to_owned(),
            (true, std::cmp::Ordering::Equal) => "as many as at the end of the month before".to_owned(),
            (false, std::cmp::Ordering::Greater) => format!("比上月末少 {n} 户"),
            (true, std::cmp::Ordering::Greater) => format!("{n} fewer than at the end of the month before"),
            (false, std::cmp::Ordering::Less) => format!("比上月末多 {n} 户"),
            (true, std::cmp::Ordering::Less) => format!("{n} more than at the end of the month before"),
        }
    }

    /// Why households are uncovered, as the plan found it; those it can cover first.
    fn reasons(&self, plan: &Full) -> Vec<Reason> {
        let words = &self.words;
        let id = plan.summary.id.to_string();
        let list =
            |filter: (&str, &str)| words.to(&links::with(links::COVERAGE_HOUSEHOLDS, &[("plan", id.as_str()), filter]));
        let newly = plan.summary.figures.covered_after - plan.summary.figures.covered_before;
        let coverable = Reason {
            label: words.say("现有岗位就能覆盖", "Coverable with the places there are"),
            households: newly,
            next: words.say("按方案逐户推荐", "Recommend, household by household, by the plan"),
            href: list(("planned", "newly_covered")),
        };
        let row = |(class, n): &(Option<UncoveredClass>, i64)| Reason {
            label: class.map_or(words.say("未分类", "not classified"), |class| words.label(class.label())),
            households: *n,
            next: self.next(*class),
            href: list(class.map_or(("planned", "uncovered"), |class| ("class", class.code()))),
        };
        [coverable].into_iter().chain(plan.uncovered.iter().map(row)).collect()
    }

    fn next(&self, class: Option<UncoveredClass>) -> &'static str {
        let words = &self.words;
        match class {
            Some(UncoveredClass::NoEligiblePosting) => words.say(
                "请企业放宽一条要求，或开培训班，见缺口页",
                "Ask employers to relax a requirement, or train: see the gap page",
            ),
            Some(UncoveredClass::OutCompeted) => {
                words.say("请企业多招，见缺口页", "Ask employers for more places: see the gap page")
            }
            Some(UncoveredClass::CareLimit) => words.say("介绍日间照料、分担照护", "Arrange day care or shared care"),
            Some(UncoveredClass::Declined) => words.say("重新问意愿", "Ask again what is wanted"),
            Some(UncoveredClass::Unwilling) => words.say("上门了解，重新问意愿", "Visit, and ask again"),
            None => "",
        }
    }

    /// One sentence on fairness, or why there is none.
    fn fair(&self) -> String {
        let Some(found) = &self.fairness else {
            return self
                .words
                .say(
                    "截至月底没有可比的推荐批次。",
                    "By the end of the month there was no run of recommendations to compare.",
                )
                .to_owned();
        };
        let (flags, few) = super::fairness::verdicts(found);
        let (all, chosen) = (self.words.number(found.all.n), self.words.number(found.all.chosen));
        let day = found.as_of;
        if self.words.is_english() {
            format!(
                "Run of {day}: of {all} people able to work and without a job, {chosen} were recommended a posting. {flags} groups are below four fifths of the highest, {few} are too small to say. A flag is no verdict."
            )
        } else {
            format!(
                "{day} 的推荐：能就业、没有工作的 {all} 人中，{chosen} 人得到过推荐。按性别、年龄、劳动能力、网格比，{flags} 组低于最高组的五分之四，{few} 组人太少不好说。低于五分之四只是提醒，不是结论。"
            )
        }
    }

    /// A version of the month: what it is and where it stands.
    fn version(&self, report: &Summary) -> (String, String, &'static str) {
        let (words, data) = (&self.words, &report.data);
        let name = if words.is_english() {
            format!("{} version {}, frozen {}", report.community, data.version, data.frozen_on)
        } else {
            format!("{} 第 {} 版，{} 冻结", report.community, data.version, data.frozen_on)
        };
        let standing = match (&report.signature, report.corrected_by) {
            (_, Some(_)) => words.say("已被更正取代", "corrected by a later version"),
            (Some(_), None) => words.say("已签发", "signed"),
            (None, None) => words.say("待签发", "not signed"),
        };
        (words.to(&links::report(report.id, "")), name, standing)
    }

    fn group_name(group: &Group) -> &str {
        &group.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_ends_on_its_last_day_or_today() {
        let today = day("2026-11-23");
        assert_eq!(month(None, today), day("2026-10-01"), "the last finished one");
        assert_eq!(month(Some("2026-11"), today), day("2026-11-01"));
        for none in ["2026-12", "2026-13", "1899-12", "0000-01", "x", ""] {
            assert_eq!(month(Some(none), today), day("2026-10-01"), "{none}");
        }
        assert_eq!(last_day(day("2026-10-01"), today), day("2026-10-31"));
        assert_eq!(last_day(day("2026-11-01"), today), today);
        assert_eq!(last_day(day("2024-02-01"), today), day("2024-02-29"));
    }
}
