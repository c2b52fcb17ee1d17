//! `wangjia coverage`: states, figures, groups and the lists behind them.

use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::coverage as use_case;
use crate::app::coverage::report::{CoverageReport, Figure, GroupBy, HouseholdLine, ListFilter};
use crate::domain::codes::{Channel, CoverageState};
use crate::domain::coverage::Tally;
use crate::domain::statutory::{StatutoryReport, StatutoryTally};

/// Which households have somebody employed, on any date.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia coverage --by grid\n  \
    wangjia coverage --as-of 2026-06-30 --json\n  \
    wangjia coverage --list uncovered                the households behind a number\n  \
    wangjia coverage --months 12                     the last day of each of the last 12 months")]
pub struct CoverageArgs {
    /// Date to count on, YYYY-MM-DD; today in China if not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Also count by group.
    #[arg(long, value_enum)]
    by: Option<By>,
    /// List the households behind a state or figure instead of counting.
    #[arg(long, value_enum, value_name = "NAME", conflicts_with_all = ["by", "months"])]
    list: Option<List>,
    /// Count on the last day of each of this many finished months instead.
    #[arg(long, value_name = "N", conflicts_with = "by", value_parser = clap::value_parser!(u32).range(1..=240))]
    months: Option<u32>,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    Grid,
    Building,
    Township,
    Channel,
}

impl From<By> for GroupBy {
    fn from(by: By) -> Self {
        match by {
            By::Grid => Self::Grid,
            By::Building => Self::Building,
            By::Township => Self::Township,
            By::Channel => Self::Channel,
        }
    }
}

/// The lists behind the numbers, named as in the report.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum List {
    Covered,
    Uncovered,
    Exempt,
    ToHelp,
    Unwilling,
    Contested,
    #[value(name = "stable_3m")]
    Stable3m,
    #[value(name = "stable_6m")]
    Stable6m,
    Decent,
    Verified,
    SingleEarnerRisk,
}

impl From<List> for ListFilter {
    fn from(list: List) -> Self {
        let state = |state| Self { state: Some(state), ..Self::default() };
        let figure = |figure| Self { figure: Some(figure), ..Self::default() };
        match list {
            List::Covered => state(CoverageState::Covered),
            List::Uncovered => state(CoverageState::Uncovered),
            List::Exempt => state(CoverageState::Exempt),
            List::ToHelp => figure(Figure::ToHelp),
            List::Unwilling => figure(Figure::Unwilling),
            List::Contested => figure(Figure::Contested),
            List::Stable3m => figure(Figure::Stable3m),
            List::Stable6m => figure(Figure::Stable6m),
            List::Decent => figure(Figure::Decent),
            List::Verified => figure(Figure::Verified),
            List::SingleEarnerRisk => figure(Figure::SingleEarnerRisk),
        }
    }
}

pub fn run(args: &CoverageArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let as_of = common.day(args.as_of.as_deref())?;
    let filter = args.list.map(ListFilter::from);
    let what = if filter.is_some() { ObjectKind::CoverageList } else { ObjectKind::Coverage };
    let action = if filter.is_some() { Action::List } else { Action::Read };
    let entered = common.enter("coverage", (what, action))?;
    let (db, within) = (&entered.db, entered.within());
    let failed = |error| common.failed(&error);
    if let Some(filter) = filter {
        let lines = use_case::households(db, as_of, &filter, within).map_err(failed)?;
        print(args.json, || Value::from_iter(lines.iter().map(line_json)), || list_table(&lines, common))?;
    } else if let Some(months) = args.months {
        let series = use_case::series(db, as_of, months, within).map_err(failed)?;
        print(args.json, || Value::from_iter(series.iter().map(report_json)), || series_table(&series, common))?;
    } else {
        let report = use_case::coverage(db, as_of, args.by.map(GroupBy::from), within).map_err(failed)?;
        print(args.json, || report_json(&report), || report_table(&report, common))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(as_json: bool, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) -> std::io::Result<()> {
    if as_json { output::line(format_args!("{:#}", json())) } else { output::line(text()) }
}

fn fraction(points: u32) -> f64 {
    f64::from(points) / 10_000.0
}

/// The variant by statutory retirement: its figures, then those without the weak class and with people past retirement.
fn statutory_json(report: &StatutoryReport) -> Value {
    let tally = |tally: &StatutoryTally| {
        json!({
            "households": tally.counted(),
            "employed": tally.employed,
            "zero_employment": tally.zero_employment,
            "no_labour": tally.no_labour,
            "rate": tally.rate().map(fraction),
        })
    };
    let mut json = tally(&report.main);
    json["without_weak"] = tally(&report.without_weak);
    json["with_over_age_workers"] = tally(&report.with_over_age_workers);
    json
}

/// The report as programs read it. `rate` is a fraction rounded down to four digits, null when nobody is counted.
pub fn report_json(report: &CoverageReport) -> Value {
    let total = &report.total;
    let mut json = json!({
        "as_of": report.as_of.to_string(),
        "households": total.households,
        "covered": total.covered,
        "uncovered": total.uncovered,
        "exempt": total.exempt,
        "certain": total.certain,
        "rate": total.rate().map(fraction),
        "statutory": statutory_json(&report.statutory),
        "groups": report.groups.iter().map(|group| json!({
            "key": group.key,
            "covered": group.tally.covered,
            "uncovered": group.tally.uncovered,
            "exempt": group.tally.exempt,
        })).collect::<Vec<_>>(),
    });
    for figure in Figure::ALL {
        json[figure.code()] = figure.of(total).into();
    }
    json
}

fn line_json(line: &HouseholdLine) -> Value {
    json!({
        "household": line.place.household.to_string(),
        "code": line.place.code,
        "head": line.place.head_name,
        "grid": line.place.grid,
        "building": line.place.building,
        "unit": line.place.unit,
        "township": line.place.township,
        "state": line.coverage.state.code(),
        "exempt_reason": line.coverage.exempt_reason.map(|reason| reason.code()),
        "need": line.coverage.need.map(|need| need.code()),
        "channel": line.coverage.channel.map(Channel::code),
        "contested": line.coverage.contested.iter().map(|reason| reason.code()).collect::<Vec<_>>(),
        "single_earner_risk": line.coverage.single_earner_risk.map(|risk| risk.reason.code()),
        "unrecorded": line.unrecorded.iter().map(|what| what.code()).collect::<Vec<_>>(),
    })
}

/// A rate of basis points as people read it.
pub fn percent(points: Option<u32>) -> String {
    points.map_or_else(|| "–".to_owned(), |points| format!("{}.{:02} %", points / 100, points % 100))
}

/// The report as a table: the sum first, then the figures, then the groups.
pub fn report_table(report: &CoverageReport, common: &Common) -> String {
    let t = |zh: &str, en: &str| common.text(zh, en);
    let total = &report.total;
    let mut out = format!(
        "{} {}\n{}\n",
        t("家庭就业覆盖", "Household coverage"),
        report.as_of,
        t(
            &format!(
                "覆盖率 {}  已覆盖 {} + 未覆盖 {} + 不计入 {} = 全部 {} 户",
                percent(total.rate()),
                total.covered,
                total.uncovered,
                total.exempt,
                total.households
            ),
            &format!(
                "rate {}  covered {} + uncovered {} + exempt {} = all {} households",
                percent(total.rate()),
                total.covered,
                total.uncovered,
                total.exempt,
                total.households
            ),
        ),
    );
    out += &format!("{}\n", statutory_line(&report.statutory, common));
    let rows = figure_rows(total, common);
    out += &format!("{}\n", table(&[&t("指标", "figure"), &t("户数", "households")], &[1], rows));
    if !report.groups.is_empty() {
        let rows = report.groups.iter().map(|group| {
            let n = &group.tally;
            let mut row = vec![group_name(&group.key, common)];
            row.extend([n.covered, n.uncovered, n.exempt, n.households].map(|n| n.to_string()));
            row.push(percent(n.rate()));
            row
        });
        let head = [
            t("分组", "group"),
            t("已覆盖", "covered"),
            t("未覆盖", "uncovered"),
            t("不计入", "exempt"),
            t("合计", "all"),
            t("覆盖率", "rate"),
        ];
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        out += &table(&head, &[1, 2, 3, 4, 5], rows.collect()).to_string();
    }
    out
}

/// The variant by statutory retirement in one line.
fn statutory_line(report: &StatutoryReport, common: &Common) -> String {
    let main = &report.main;
    let rates = [main, &report.without_weak, &report.with_over_age_workers].map(|tally| percent(tally.rate()));
    let [rate, without_weak, with_over_age] = &rates;
    let (employed, counted, left_out) = (main.employed, main.counted(), main.no_labour);
    common.text(
        &format!(
            "按法定退休年龄：{rate}（有劳动力 {counted} 户中 {employed} 户有人就业，无劳动力 {left_out} 户不计入；\
             不计弱/半劳动力 {without_weak}，计入超龄就业 {with_over_age}）"
        ),
        &format!(
            "by statutory retirement: {rate} ({employed} of {counted} households with labour; {left_out} without are left out; \
             without weak or half labour {without_weak}, with workers past retirement {with_over_age})"
        ),
    )
}

/// Keys that are codes read as words; the others are names already.
fn group_name(key: &str, common: &Common) -> String {
    match key {
        "none" => common.text("未就业户", "not covered"),
        "unknown" => common.text("未登记", "not recorded"),
        _ => Channel::from_code(key).map_or(key, |channel| channel.label().get(common.lang)).to_owned(),
    }
}

fn figure_rows(total: &Tally, common: &Common) -> Vec<Vec<String>> {
    let name = |figure: Figure| match figure {
        Figure::ToHelp => ("未覆盖：待帮扶", "uncovered: to help"),
        Figure::Unwilling => ("未覆盖：均无就业意愿", "uncovered: unwilling"),
        Figure::Contested => ("已覆盖：记录有矛盾", "covered: records contradict"),
        Figure::Stable3m => ("已覆盖：稳定 3 个月以上", "covered: stable for 3 months"),
        Figure::Stable6m => ("已覆盖：稳定 6 个月以上", "covered: stable for 6 months"),
        Figure::Decent => ("已覆盖：收入达标", "covered: decent pay"),
        Figure::Verified => ("已覆盖：近期已核实", "covered: verified lately"),
        Figure::SingleEarnerRisk => ("已覆盖：唯一就业人员有风险", "covered: single earner at risk"),
    };
    Figure::ALL
        .into_iter()
        .map(|figure| {
            let (zh, en) = name(figure);
            vec![common.text(zh, en), figure.of(total).to_string()]
        })
        .collect()
}

fn series_table(series: &[CoverageReport], common: &Common) -> String {
    let t = |zh: &str, en: &str| common.text(zh, en);
    let rows = series.iter().map(|report| {
        let n = &report.total;
        let mut row = vec![report.as_of.to_string()];
        row.extend([n.covered, n.uncovered, n.exempt, n.households].map(|n| n.to_string()));
        row.push(percent(n.rate()));
        row
    });
    let head = [
        t("日期", "date"),
        t("已覆盖", "covered"),
        t("未覆盖", "uncovered"),
        t("不计入", "exempt"),
        t("合计", "all"),
        t("覆盖率", "rate"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    table(&head, &[1, 2, 3, 4, 5], rows.collect()).to_string()
}

fn list_table(lines: &[HouseholdLine], common: &Common) -> String {
    let t = |zh: &str, en: &str| common.text(zh, en);
    let rows = lines.iter().map(|line| {
        let place = &line.place;
        let unrecorded = line.unrecorded.iter().map(|what| what.label().get(common.lang));
        let why = line
            .coverage
            .exempt_reason
            .map(|r| r.label())
            .or_else(|| line.coverage.need.map(|n| n.label()))
            .or_else(|| line.coverage.channel.map(Channel::label));
        vec![
            place.household.to_string(),
            place.code.clone().unwrap_or_default(),
            place.head_name.clone().unwrap_or_default(),
            format!("{} {} {}", place.grid, place.building, place.unit.as_deref().unwrap_or_default()),
            line.coverage.state.label().get(common.lang).to_owned(),
            why.map(|label| label.get(common.lang))
                .into_iter()
                .chain(unrecorded)
                .collect::<Vec<_>>()
                .join(&t("；", "; ")),
        ]
    });
    let head = [
        t("编号", "id"),
        t("户编号", "code"),
        t("户主", "head"),
        t("住址", "address"),
        t("状态", "state"),
        t("说明", "why"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let body = table(&head, &[0], rows.collect());
    format!("{body}\n{} {}", lines.len(), t("户", "households"))
}
