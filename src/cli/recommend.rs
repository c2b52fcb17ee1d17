//! `wangjia recommend`: for a resident, for a posting, or for everybody at once.

use std::process::ExitCode;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::recommendations::{self as use_case, Gate, Order, Proposed, RunSummary, Source};
use crate::app::{Db, now};
use crate::domain::text::{Lang, Text};

/// Recommend postings to residents, or residents to a posting, with reasons.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia recommend --resident 17                     the best postings for a person\n  \
    wangjia recommend --posting 4 --order suitability   the best people for a posting, as its company sees them\n  \
    wangjia recommend --resident 17 --posting 4         why this pair fits, or why not\n  \
    wangjia recommend --all                             for everybody; stored with policy and input hash")]
#[group(skip)]
#[command(group = clap::ArgGroup::new("whom").required(true).multiple(true).args(["resident", "posting", "all"]))]
pub struct RecommendArgs {
    /// Id of a resident.
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    resident: Option<i64>,
    /// Id of a posting.
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    posting: Option<i64>,
    /// Every resident; the lists are stored as one run.
    #[arg(long)]
    all: bool,
    /// Order of a posting's candidates.
    #[arg(long, value_enum, default_value = "household_first", requires = "posting")]
    order: OrderArg,
    /// Length of a list.
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// Date to recommend on, YYYY-MM-DD; today in China if not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum OrderArg {
    /// Members of households without a job first.
    HouseholdFirst,
    /// Suitability alone.
    Suitability,
}

pub fn run(args: &RecommendArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let as_of = common.day(args.as_of.as_deref())?;
    let what = match (args.resident, args.posting) {
        (Some(_), _) => (ObjectKind::Recommendation, Action::Compute),
        (None, Some(_)) => (ObjectKind::Candidate, Action::List),
        (None, None) => (ObjectKind::Run, Action::Create),
    };
    let target = args.resident.map(|id| (ObjectKind::Resident, id));
    let entered = common.enter_with("recommend", what, target)?;
    let db = &entered.db;
    let k = usize::from(args.top);
    let failed = |error| common.failed(&error);
    let shows = |residents: Vec<i64>| entered.shows(residents, now()).map_err(failed);
    match (args.resident, args.posting) {
        (Some(resident), Some(posting)) => {
            let (source, pair) = use_case::for_pair(db, resident, posting, as_of).map_err(failed)?;
            shows(vec![resident])?;
            if args.json {
                print_json(&with_source(&source, json!({"pair": pair_json(&pair)})))?;
            } else {
                output::line(pair_text(&pair, common.lang))?;
            }
        }
        (Some(resident), None) => {
            let answer = use_case::for_resident(db, resident, k, as_of).map_err(failed)?;
            shows(vec![resident])?;
            if args.json {
                let list = answer.best.iter().map(pair_json).collect::<Vec<_>>();
                print_json(&with_source(
                    &answer.source,
                    json!({
                        "resident": answer.resident.id.to_string(),
                        "postings": answer.n_postings,
                        "eligible": answer.n_eligible,
                        "barred": barred_json(&answer.barred),
                        "recommendations": list,
                    }),
                ))?;
            } else {
                output::line(heading(&answer.resident.name, answer.n_postings, answer.n_eligible, common))?;
                print_list(&answer.best, true, common)?;
                print_barred(&answer.barred, common)?;
            }
        }
        (None, Some(posting)) => {
            let order = match args.order {
                OrderArg::HouseholdFirst => Order::HouseholdFirst,
                OrderArg::Suitability => Order::Pure,
            };
            let answer = use_case::for_posting(db, posting, k, order, as_of, entered.within()).map_err(failed)?;
            shows(answer.best.iter().map(|pair| pair.resident.id).collect())?;
            if args.json {
                let list = answer.best.iter().map(pair_json).collect::<Vec<_>>();
                print_json(&with_source(
                    &answer.source,
                    json!({
                        "posting": answer.posting.id.to_string(),
                        "residents": answer.n_residents,
                        "eligible": answer.n_eligible,
                        "barred": barred_json(&answer.barred),
                        "candidates": list,
                    }),
                ))?;
            } else {
                let name = format!("{} {}", answer.posting.employer, answer.posting.title);
                output::line(heading(&name, answer.n_residents, answer.n_eligible, common))?;
                print_list(&answer.best, false, common)?;
                print_barred(&answer.barred, common)?;
            }
        }
        (None, None) => {
            let run = run_with_progress(db, as_of, k, common)?;
            if args.json {
                print_json(&run_json(&run))?;
            } else {
                output::line(run_text(&run, common))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_json(value: &Value) -> std::io::Result<()> {
    output::line(format_args!("{value:#}"))
}

/// Recommends for everybody with a progress bar on standard error.
pub fn run_with_progress(db: &Db, as_of: chrono::NaiveDate, k: usize, common: &Common) -> anyhow::Result<RunSummary> {
    let bar = progress_bar();
    let progress = |percent: u8, step: Text| {
        bar.set_position(u64::from(percent));
        bar.set_message(step.get(common.lang).to_owned());
        Ok(())
    };
    let run = use_case::run_all(db, as_of, k, &progress).map_err(|error| common.failed(&error));
    bar.finish_and_clear();
    run
}

/// A bar of 100 on standard error; hidden where that is not a terminal.
pub fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(100);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos:>3} % {msg}") {
        bar.set_style(style);
    }
    bar
}

fn heading(name: &str, n: u64, n_eligible: u64, common: &Common) -> String {
    common.text(
        &format!("{name}：共 {n} 项，通过全部条件 {n_eligible} 项"),
        &format!("{name}: {n} looked at, {n_eligible} pass every condition"),
    )
}

/// The list; each entry with its reasons below it.
pub fn print_list(list: &[Proposed], of_resident: bool, common: &Common) -> std::io::Result<()> {
    for entry in list {
        let name = if of_resident {
            format!("{} · {}(#{})", entry.posting.employer, entry.posting.title, entry.posting.id)
        } else {
            let need = if entry.household_uncovered {
                common.text(" [未覆盖户]", " [uncovered household]")
            } else {
                String::new()
            };
            format!("{}(#{}){need}", entry.resident.name, entry.resident.id)
        };
        output::line(format_args!("{:>3}. {name}  {}", entry.rank, entry.explanation.points))?;
        for sentence in &entry.sentences {
            output::line(format_args!("       {}", sentence.get(common.lang)))?;
        }
    }
    Ok(())
}

fn pair_text(pair: &Proposed, lang: Lang) -> String {
    let mut out = format!(
        "{}(#{}) → {} · {}(#{})  {}",
        pair.resident.name,
        pair.resident.id,
        pair.posting.employer,
        pair.posting.title,
        pair.posting.id,
        pair.explanation.points
    );
    for sentence in &pair.sentences {
        out += "\n  ";
        out += sentence.get(lang);
    }
    out
}

fn print_barred(barred: &[(Gate, u64)], common: &Common) -> std::io::Result<()> {
    if barred.is_empty() {
        return Ok(());
    }
    let rows = barred.iter().map(|(gate, n)| vec![gate.label().get(common.lang).to_owned(), n.to_string()]).collect();
    let head = [common.text("不符合的条件", "condition not met"), common.text("数量", "number")];
    output::line(table(&[&head[0], &head[1]], &[1], rows))
}

fn with_source(source: &Source, mut value: Value) -> Value {
    value["as_of"] = source.as_of.to_string().into();
    value["policy_version"] = source.policy_version.into();
    value["engine_version"] = source.engine_version.into();
    value["input_hash"] = source.input_hash.clone().into();
    value
}

fn barred_json(barred: &[(Gate, u64)]) -> Value {
    barred.iter().map(|(gate, n)| (gate.code().to_owned(), Value::from(*n))).collect::<serde_json::Map<_, _>>().into()
}

/// A pair as programs read it: the parts add up to the suitability.
pub fn pair_json(pair: &Proposed) -> Value {
    let explanation = &pair.explanation;
    json!({
        "rank": pair.rank,
        "resident": pair.resident.id.to_string(),
        "posting": pair.posting.id.to_string(),
        "title": pair.posting.title,
        "employer": pair.posting.employer,
        "household_uncovered": pair.household_uncovered,
        "eligible": explanation.eligible,
        "suitability": explanation.points,
        "known_weight": explanation.known_weight().0,
        "total_weight": explanation.known_weight().1,
        "parts": explanation.parts.iter().map(|part| json!({
            "factor": part.factor.code(),
            "points": part.points,
            "most": part.most,
            "value": part.value,
            "weight": part.weight,
        })).collect::<Vec<_>>(),
        "post_gets": {"points": explanation.post_gets.points, "most": explanation.post_gets.most},
        "person_gets": {"points": explanation.person_gets.points, "most": explanation.person_gets.most},
        "failed_gates": explanation.barring().map(|gate| gate.gate.code()).collect::<Vec<_>>(),
        "caveats": explanation.caveats.iter().map(use_case::caveat_code).collect::<Vec<_>>(),
        "valid_until": explanation.valid_until.map(|day| day.to_string()),
        "sentences": pair.sentences.iter().map(|text| json!({"zh": text.zh, "en": text.en})).collect::<Vec<_>>(),
    })
}

fn run_json(run: &RunSummary) -> Value {
    with_source(
        &run.source,
        json!({
            "run": run.run.to_string(),
            "residents": run.n_residents,
            "labourers": run.n_labourers,
            "postings": run.n_postings,
            "open_vacancies": run.n_vacancies,
            "pairs": run.n_pairs,
            "eligible": run.n_eligible,
            "recommendations": run.n_recommendations,
            "residents_served": run.n_served,
        }),
    )
}

fn run_text(run: &RunSummary, common: &Common) -> String {
    common.text(
        &format!(
            "第 {} 次推荐：{} 人 × {} 个岗位 = {} 对，通过条件 {} 对；为 {} 人推荐 {} 人次，空缺 {} 个。\n政策版本 {}，引擎版本 {}，输入校验 {}",
            run.run, run.n_residents, run.n_postings, run.n_pairs, run.n_eligible, run.n_served, run.n_recommendations,
            run.n_vacancies, run.source.policy_version, run.source.engine_version, short(&run.source.input_hash),
        ),
        &format!(
            "run {}: {} residents × {} postings = {} pairs, {} eligible; {} recommendations for {} residents, {} vacancies.\n\
             policy {}, engine {}, input {}",
            run.run, run.n_residents, run.n_postings, run.n_pairs, run.n_eligible, run.n_recommendations, run.n_served,
            run.n_vacancies, run.source.policy_version, run.source.engine_version, short(&run.source.input_hash),
        ),
    )
}

fn short(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
}
