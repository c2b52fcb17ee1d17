//! `wangjia gap`: what would close the gap a plan leaves.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Common, output, plan_tables};
use crate::app::access::{Action, ObjectKind};
use crate::app::plans::gap::{Ranking, of_plan};
use crate::app::plans::{Worth, view};

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
    let entered = common.enter("gap", (ObjectKind::Plan, Action::Read))?;
    let db = &entered.db;
    let failed = |error| common.failed(&error);
    let plan = match args.plan {
        Some(plan) => Some(plan),
        None => db.read(view::current).map_err(failed)?,
    };
    let Some(plan) = plan else {
        output::note(common.text(
            "没有现行计划。请给出计划编号，编号见 wangjia plan show。",
            "No plan is in force. Please give the id of a plan; `wangjia plan show` lists them.",
        ));
        return Ok(ExitCode::FAILURE);
    };
    let people = entered.reach_for(ObjectKind::Household, Action::List).map_err(failed)?;
    let rankings = db.read(|conn| of_plan(conn, plan, &people)).map_err(failed)?;
    if args.json {
        let rankings: Value = rankings.iter().map(ranking).collect();
        output::line(format_args!("{:#}", json!({"plan": plan.to_string(), "rankings": rankings})))?;
    } else {
        output::line(plan_tables::gap(plan, &rankings, common))?;
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
    let ids = |list: &[i64]| list.iter().map(i64::to_string).collect::<Value>();
    json!({
        "kind": worth.kind.code(),
        "posting": worth.posting.map(|id| id.to_string()),
        "household": worth.household.map(|id| id.to_string()),
        "text": {"zh": worth.text.zh, "en": worth.text.en},
        "units": worth.units,
        "gain": {"covered_weight": worth.gain.covered, "kept": worth.gain.kept, "points": worth.gain.suitability},
        "covers": ids(&worth.covers),
        "gives_way": ids(&worth.gives_way),
        "trainees": ids(&worth.trainees),
        "at_most": worth.at_most,
    })
}
