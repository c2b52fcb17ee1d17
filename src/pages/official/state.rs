//! One overview as pages say it: the figures, sentences, charts and links that the coverage page and the monthly page share.
//!
//! Invariant: every figure comes from one [`Overview`] and leads to the list that made it; a rate is rounded down. Cost: string building
//! only.

use crate::app::coverage::flow::Movement;
use crate::app::coverage::workers::WorkerFigure;
use crate::app::funnel::FunnelStage;
use crate::app::overview::{Overview, before_month};
use crate::domain::coverage::{Tally, basis_points};
use crate::domain::text::{counted, noun};
use crate::pages::charts::{self, Bar, Point};
use crate::pages::links;
use crate::pages::words::Words;

/// See the module.
pub struct State {
    pub words: Words,
    pub overview: Overview,
}

/// A figure with its list.
pub struct Figure {
    pub id: &'static str,
    pub label: String,
    pub count: u64,
    pub share: Option<u32>,
    pub note: String,
    pub is_risk: bool,
    pub href: String,
}

/// A movement of the month.
pub struct Moved {
    pub label: &'static str,
    pub count: u64,
    pub is_entry: bool,
    pub href: String,
}

/// A stage of the funnel.
pub struct Stage {
    pub label: &'static str,
    pub count: u64,
    pub out_of: u64,
    pub share: Option<u32>,
    pub href: String,
}

impl State {
    pub const fn new(words: Words, overview: Overview) -> Self {
        Self { words, overview }
    }

    pub const fn as_of(&self) -> chrono::NaiveDate {
        self.overview.coverage.as_of
    }

    pub const fn total(&self) -> &Tally {
        &self.overview.coverage.total
    }

    /// The low end of the range, in basis points. Zero where nobody is counted; the page then shows no range.
    pub fn certain_rate(&self) -> u32 {
        self.total().certain_rate().unwrap_or_default()
    }

    /// Households that count as covered only because of records that contradict each other.
    pub const fn doubtful(&self) -> u64 {
        self.total().covered - self.total().certain
    }

    /// Yuan a month from which pay is decent.
    pub fn target(&self) -> u64 {
        u64::from(self.overview.rules.decent_pay)
    }

    /// The households behind a figure.
    pub fn list(&self, filters: &[(&str, &str)]) -> String {
        self.words.to(&links::households(self.as_of(), filters))
    }

    pub fn in_state(&self, state: &str) -> String {
        self.list(&[("state", state)])
    }

    pub fn figure(&self, code: &str) -> String {
        self.list(&[("figure", code)])
    }

    pub fn exempt(&self, reason: &str) -> String {
        self.list(&[("exempt_reason", reason)])
    }

    pub fn households(&self) -> String {
        self.list(&[])
    }

    pub fn postings(&self) -> String {
        self.words.to(&links::of_day(links::COVERAGE_POSTINGS, self.as_of(), &[]))
    }

    pub fn people(&self, figure: WorkerFigure) -> String {
        self.words.to(&links::people(self.as_of(), &[("figure", figure.code())]))
    }

    pub fn community(&self) -> &str {
        match &self.overview.community {
            Some(name) => name,
            None => self.words.say("全部社区", "All communities"),
        }
    }

    /// Places against households: a count, not a promise, since a place must also suit somebody.
    pub fn places(&self) -> String {
        let (families, places) = (self.total().to_help, self.overview.open.vacancies);
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

    /// How firm the coverage is.
    pub fn firmness(&self) -> Vec<Figure> {
        let (words, total, rules) = (&self.words, self.total(), &self.overview.rules);
        let pay = words.number(u64::from(rules.decent_pay));
        let (fresh, ahead) = (rules.verified_days, rules.at_risk_days);
        let (decent, verified, ends) = if words.is_english() {
            (
                format!("Paid {pay} yuan a month or more"),
                format!("Verified within {}", counted(fresh, "day", "days")),
                format!("may end within {}", counted(ahead, "day", "days")),
            )
        } else {
            (format!("月收入不低于 {pay} 元"), format!("{fresh} 天内核实过"), format!("{ahead} 天内可能断"))
        };
        let figure = |id, label: String, count, is_risk, note: &str| Figure {
            id,
            label,
            count,
            share: basis_points(count, total.covered),
            note: note.to_owned(),
            is_risk,
            href: self.figure(id),
        };
        vec![
            figure(
                "stable_3m",
                words.say("干满 3 个月", "In work for 3 months").to_owned(),
                total.stable_3m,
                false,
                "",
            ),
            figure(
                "stable_6m",
                words.say("干满 6 个月", "In work for 6 months").to_owned(),
                total.stable_6m,
                false,
                "",
            ),
            figure("decent", decent, total.decent, false, ""),
            figure("verified", verified, total.verified, false, ""),
            figure(
                "single_earner_risk",
                words.say("单人就业风险", "Single earner at risk").to_owned(),
                total.single_earner_risk,
                true,
                &ends,
            ),
        ]
    }

    /// The people behind the covered households: all, older, weak or half labour, and by pay.
    pub fn workers(&self) -> Vec<Figure> {
        let all = self.overview.workers.of(WorkerFigure::AtWork);
        let figure = |figure: &WorkerFigure| {
            let count = self.overview.workers.of(*figure);
            Figure {
                id: figure.code(),
                label: self.words.label(figure.label()).to_owned(),
                count,
                share: if *figure == WorkerFigure::AtWork { None } else { basis_points(count, all) },
                note: String::new(),
                is_risk: false,
                href: self.people(*figure),
            }
        };
        WorkerFigure::ALL.iter().map(figure).collect()
    }

    /// "11 月：新增 47 户，退出 66 户，225 + 47 − 66 = 206。"
    pub fn flow(&self) -> String {
        let flow = &self.overview.flow;
        let n = |count: u64| self.words.number(count);
        let sum = format!("{} + {} − {} = {}", n(flow.before), n(flow.entered()), n(flow.left()), n(flow.after));
        let since = before_month(self.as_of());
        if self.words.is_english() {
            format!("Since {since}: {} became uncovered, {} no longer are. {sum}.", n(flow.entered()), n(flow.left()))
        } else {
            format!("{since} 以来：新增 {} 户，退出 {} 户。{sum}。", n(flow.entered()), n(flow.left()))
        }
    }

    /// What the month did, entries first.
    pub fn movements(&self) -> Vec<Moved> {
        let since = self.overview.flow.from.to_string();
        let moved = |movement: &Movement| Moved {
            label: self.words.label(movement.label()),
            count: self.overview.flow.moved.get(movement).copied().unwrap_or_default(),
            is_entry: movement.is_entry(),
            href: self.list(&[("moved", movement.code()), ("since", &since)]),
        };
        Movement::ALL.iter().map(moved).collect()
    }

    /// Uncovered households over the months, as a line.
    pub fn trend(&self) -> String {
        let short = |day: chrono::NaiveDate| {
            let month = chrono::Datelike::month(&day);
            if self.words.is_english() { day.format("%b").to_string() } else { format!("{month} 月") }
        };
        let point = |(day, tally): &(chrono::NaiveDate, Tally)| Point {
            label: short(*day),
            value: tally.uncovered,
            shown: self.words.number(tally.uncovered),
        };
        let points: Vec<Point> = self.overview.trend.iter().map(point).collect();
        charts::line(&points, &self.trend_finding())
    }

    fn trend_finding(&self) -> String {
        let trend = &self.overview.trend;
        let (Some((first, then)), Some((last, now))) = (trend.first(), trend.last()) else { return String::new() };
        let (was, is) = (self.words.number(then.uncovered), self.words.number(now.uncovered));
        if self.words.is_english() {
            format!("Uncovered households: {was} on {first}, {is} on {last}. The goal is 0.")
        } else {
            format!("未覆盖户数：{first} {was} 户，{last} {is} 户。目标 0。")
        }
    }

    /// The stages from a recommendation to a job that lasts.
    pub fn stages(&self) -> Vec<Stage> {
        let since = self.overview.funnel.from.to_string();
        let stage = |stage: &FunnelStage| {
            let (count, out_of) = (self.overview.funnel.of(*stage), self.overview.funnel.out_of(*stage));
            Stage {
                label: self.words.label(stage.label()),
                count,
                out_of,
                share: basis_points(count, out_of),
                href: self.words.to(&links::people(self.as_of(), &[("stage", stage.code()), ("since", &since)])),
            }
        };
        FunnelStage::ALL.iter().map(stage).collect()
    }

    pub fn funnel(&self) -> String {
        let stages = self.stages();
        let bar = |stage: &Stage| Bar {
            label: stage.label.to_owned(),
            value: stage.count,
            shown: self.words.number(stage.count),
            note: stage.share.map(|share| format!("{}%", share / 100)).unwrap_or_default(),
            is_pale: false,
        };
        let said = stages.iter().map(|stage| format!("{} {}", stage.label, self.words.number(stage.count)));
        let said = said.collect::<Vec<_>>().join(self.words.say("，", ", "));
        charts::bars(&stages.iter().map(bar).collect::<Vec<_>>(), &said)
    }

    /// Channels of the covered households as bars; only where the overview is grouped by channel.
    pub fn channels(&self, rows: &[(String, u64)]) -> String {
        let bar = |(label, count): &(String, u64)| Bar {
            label: label.clone(),
            value: *count,
            shown: self.words.number(*count),
            note: basis_points(*count, self.total().covered).map(|s| format!("{}%", s / 100)).unwrap_or_default(),
            is_pale: false,
        };
        let said = rows.iter().map(|(label, count)| format!("{label} {}", self.words.number(*count)));
        let said = said.collect::<Vec<_>>().join(self.words.say("，", ", "));
        charts::bars(&rows.iter().map(bar).collect::<Vec<_>>(), &said)
    }
}
