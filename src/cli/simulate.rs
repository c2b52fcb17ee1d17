//! `wangjia simulate`: a year of an invented community under three ways of filling vacancies.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::recommend::progress_bar;
use super::table::table;
use super::{Common, generate, output};
use crate::app::simulation::{Options, Outcome, Policy, SimulationError, run as simulate};
use crate::domain::text::counted;
use crate::town::{MAX_POSTINGS, MIN_POSTINGS, postings_for};

/// Households of a simulation that is not told otherwise: a year of them takes well under a minute on two cores.
const HOUSEHOLDS: u32 = 500;
/// Most of them: a year of the whole demo community takes more than a minute.
const MAX_HOUSEHOLDS: u32 = 10_000;
/// Ten years.
const MAX_DAYS: u32 = 3_650;
/// A Monday. Fixed, so that a seed is the same year whenever it is asked for.
const FIRST_DAY: &str = "2026-01-05";
/// Violations printed for people.
const SHOWN: usize = 20;

/// Live through a year of an invented community with three ways of filling vacancies, and check what must always hold.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every step is taken by the service's own use cases on a database of its own, which is gone afterwards; \
    yours is not touched.\nThe ways are compared on the same vacancies, refusals and leavers:\n  \
    household_first  the exact plan: most households covered first\n  \
    score_greedy     the best-suited pairs first\n  \
    first_come       people in the order of registration, each for the first posting whose gates pass\n\
    \nExit code 1 if something that must always hold did not.\n\nExamples:\n  \
    wangjia simulate --days 365 --seed 1\n  \
    wangjia simulate --days 90 --seed 7 --households 300 --json"
)]
pub struct SimulateArgs {
    /// Days to live through.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DAYS)))]
    days: u32,
    /// Equal seeds make equal communities and equal years.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Size of the community; all its figures scale with it.
    #[arg(long, default_value_t = HOUSEHOLDS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_HOUSEHOLDS)))]
    households: u32,
    /// Postings on the first day [default: in proportion to the households].
    #[arg(long, value_parser = clap::value_parser!(u32).range(i64::from(MIN_POSTINGS)..=i64::from(MAX_POSTINGS)))]
    postings: Option<u32>,
    /// The first day, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", default_value = FIRST_DAY)]
    from: String,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &SimulateArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let options = Options {
        days: args.days,
        seed: args.seed,
        households: args.households,
        postings: args.postings.unwrap_or_else(|| postings_for(args.households)),
        first: common.day(Some(&args.from))?,
    };
    let bar = progress_bar();
    bar.set_length(u64::from(options.days) * Policy::ALL.len() as u64);
    let outcome = simulate(&options, &|policy, day| {
        bar.inc(1);
        bar.set_message(format!("{} {day}", policy.label().get(common.lang)));
    });
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| said(error, common))?;
    if args.json {
        output::line(format_args!("{:#}", figures(&outcome)))?;
    } else {
        print(&outcome, &options, common)?;
    }
    Ok(if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn said(error: SimulationError, common: &Common) -> anyhow::Error {
    match error {
        SimulationError::Town(error) => generate::said(error, common),
        SimulationError::App(error) => common.failed(&error),
        SimulationError::Io(source) => {
            anyhow::Error::new(source).context(common.text("无法使用临时目录", "the temporary folder cannot be used"))
        }
        other @ (SimulationError::Import(_) | SimulationError::Panicked) => {
            anyhow::Error::new(other).context(common.text("模拟未能完成", "the simulation did not come to its end"))
        }
    }
}

/// What scripts read.
fn figures(outcome: &Outcome) -> Value {
    let violations: Vec<Value> = outcome
        .violations
        .iter()
        .map(|violation| {
            json!({
                "policy": violation.policy.code(),
                "day": violation.day.to_string(),
                "check": violation.found.check.code(),
                "zh": violation.found.detail.zh,
                "en": violation.found.detail.en,
            })
        })
        .collect();
    let policies: Map<String, Value> = outcome
        .policies
        .iter()
        .map(|(policy, course)| {
            let course = json!({
                "covered_by_day": course.covered_by_day,
                "uncovered_household_days": course.uncovered_household_days,
                "hires": course.hires,
            });
            (policy.code().to_owned(), course)
        })
        .collect();
    json!({ "days": outcome.days, "seed": outcome.seed, "violations": violations, "policies": policies })
}

fn print(outcome: &Outcome, options: &Options, common: &Common) -> anyhow::Result<()> {
    let (days, households, seed, first) = (outcome.days, outcome.households, outcome.seed, options.first);
    output::line(common.text(
        &format!("模拟：{households} 户，自 {first} 起 {days} 天，种子 {seed}。三种做法面对同样的岗位、拒绝和离职，数据均为虚构。"),
        &format!(
            "Simulated: {}, {} from {first}, seed {seed}. All three ways meet the same vacancies, \
             refusals and leavers; everything is invented.",
            counted(households, "household", "households"),
            counted(days, "day", "days")
        ),
    ))?;
    let head = [
        common.text("做法", "way"),
        common.text("期末已覆盖", "covered at the end"),
        common.text("未覆盖：期初", "uncovered: first day"),
        common.text("期末", "last day"),
        common.text("未覆盖户·天", "uncovered household-days"),
        common.text("上岗", "hires"),
        common.text("推荐", "proposals"),
        common.text("本人拒绝", "refused by residents"),
        common.text("企业未录用", "by employers"),
        common.text("中止", "stopped"),
        common.text("自行就业", "found alone"),
        common.text("离岗", "left"),
    ];
    let rows = outcome.policies.iter().map(|(policy, course)| {
        let covered = course.covered_by_day.last().copied().unwrap_or(0);
        let counts = [
            covered,
            course.uncovered_at_start,
            course.uncovered_at_end,
            course.uncovered_household_days,
            course.hires,
            course.proposals,
            course.refused_by_resident,
            course.refused_by_employer,
            course.stopped,
            course.found_alone,
            course.left,
        ];
        let label = policy.label().get(common.lang).to_owned();
        std::iter::once(label).chain(counts.iter().map(u64::to_string)).collect()
    });
    let numeric: Vec<usize> = (1..head.len()).collect();
    output::line(table(&head.each_ref().map(String::as_str), &numeric, rows.collect()))?;
    output::line(if outcome.violations.is_empty() {
        common.text(
            "每天核对：覆盖数字、岗位名额、一人一岗、时限、推荐登记、审计链，均无问题。",
            "Checked every day: coverage, places, one job each, the clock, referrals, the audit chain. Nothing was violated.",
        )
    } else {
        let n = outcome.violations.len();
        common.text(&format!("发现 {n} 处违反："), &format!("{n} violations:"))
    })?;
    output::line(common.text(
        "以上是虚构社区在假设的拒绝率、离职率下的数字，用于比较做法，不是对真实社区的承诺。",
        "These are figures of an invented community under assumed rates of refusals and leavers: a comparison, no promise for a \
         real one.",
    ))?;
    for violation in outcome.violations.iter().take(SHOWN) {
        let (policy, day, found) = (violation.policy.label(), violation.day, &violation.found);
        let (what, detail) = (found.check.label().get(common.lang), found.detail.get(common.lang));
        output::line(format_args!("  {day} {}: {what}: {detail}", policy.get(common.lang)))?;
    }
    Ok(())
}
