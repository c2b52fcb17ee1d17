//! `wangjia gap`: what would close the gap a plan leaves.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Common, output};
use crate::app::plans::gap::{Ranking, Worth, gap};
use crate::app::plans::view;

/// Rank what would cover more households than a plan does: vacancies, relaxed postings, courses, shared care; each solved exactly.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangjia gap          for the plan in force\n  wangjia gap 3 --json")]
pub struct GapArgs {
    /// Id of a plan; the one in force if not given.
    plan: Option<i64>,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &GapArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let db = common.open()?;
    let failed = |error| common.failed(&error);
    let plan = match args.plan {
        Some(plan) => Some(plan),
        None => db.read(view::current).map_err(failed)?,
    };
    let Some(plan) = plan else {
        output::note(
            common.text("没有现行计划。请给出计划编号。", "No plan is in force. Please give the id of a plan."),
        );
        return Ok(ExitCode::FAILURE);
    };
    let rankings = gap(&db, plan).map_err(failed)?;
    if args.json {
        let rankings: Value = rankings.iter().map(ranking).collect();
        output::line(format_args!("{:#}", json!({"plan_id": plan, "rankings": rankings})))?;
        return Ok(ExitCode::SUCCESS);
    }
    if rankings.iter().all(|ranking| ranking.best.is_empty()) {
        output::line(common.text("没有一项改变能多覆盖一户。", "No single change would cover another household."))?;
    }
    for worth in rankings.iter().flat_map(|ranking| &ranking.best) {
        output::line(worth.text.get(common.lang))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn ranking(ranking: &Ranking) -> Value {
    json!({
        "kind": ranking.kind.code(),
        "best": ranking.best.iter().map(worth).collect::<Value>(),
        "candidates": ranking.candidates,
        "worthless": ranking.worthless,
        "evaluated": ranking.evaluated,
        "complete": ranking.complete,
    })
}

fn worth(worth: &Worth) -> Value {
    json!({
        "kind": worth.kind.code(),
        "posting_id": worth.posting,
        "text": {"zh": worth.text.zh, "en": worth.text.en},
        "units": worth.units,
        "gain": {"covered_weight": worth.gain.covered, "kept": worth.gain.kept, "points": worth.gain.suitability},
        "covers_household_ids": worth.covers,
        "gives_way_household_ids": worth.gives_way,
        "trainee_ids": worth.trainees,
        "at_most": worth.at_most,
    })
}
