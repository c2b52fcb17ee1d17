//! `wangjia proposals`: changes of households that ledgers propose and nobody has decided.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::proposals::{self, Names, Proposal, ProposalFilter};
use crate::app::{Page, now};
use crate::domain::codes::ProposalState;

/// Changes of households that ledgers propose: moved, split off, merged, a new head, died, not there any more, in another building.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "They are found when a ledger is imported again, and done only when somebody accepts them on the page /changes or by the API.\n\n\
    Examples:\n  \
    wangjia proposals\n  \
    wangjia proposals --all --json"
)]
pub struct ProposalsArgs {
    /// Decided ones, too.
    #[arg(long)]
    all: bool,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

/// Proposals read at a time.
const CHUNK: i64 = 500;

pub fn run(args: &ProposalsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error| common.failed(&error);
    let entered = common.enter("proposals", (ObjectKind::Household, Action::List))?;
    let state = (!args.all).then_some(ProposalState::Open);
    let filter = ProposalFilter { state, household: None, within: entered.within().map(<[i64]>::to_vec) };
    let mut found: Vec<Proposal> = Vec::new();
    let mut names = Names::default();
    entered
        .db
        .read(|conn| {
            let mut next = Page::first(CHUNK);
            loop {
                let rows = proposals::page(conn, &filter, next)?;
                let Some(last) = rows.last().map(|row| row.id) else {
                    names = proposals::names(conn, &found)?;
                    return Ok(());
                };
                found.extend(rows);
                next.after = last;
            }
        })
        .map_err(failed)?;
    let people = found.iter().flat_map(|row| row.members.iter().map(|(resident, _)| *resident));
    entered.shows(people, now()).map_err(failed)?;
    if args.json {
        let rows = found.iter().map(|row| {
            json!({
                "id": row.id.to_string(), "kind": row.kind.code(), "state": row.state.code(),
                "household": row.household.to_string(), "other_household": row.other_household.map(|id| id.to_string()),
                "new_code": row.new_code, "new_building": row.new_building.map(|id| id.to_string()), "new_unit": row.new_unit,
                "happened_on": row.happened_on,
                "residents": row.members.iter().map(|(resident, _)| resident.to_string()).collect::<Vec<_>>(),
            })
        });
        output::line(format_args!("{:#}", Value::from_iter(rows)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = [
        common.text("编号", "id"),
        common.text("变动", "change"),
        common.text("状态", "state"),
        common.text("登记的户", "household"),
        common.text("台账的户", "in the ledger"),
        common.text("居民", "residents"),
        common.text("日期", "day"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let n = found.len();
    let rows = found.into_iter().map(|row| {
        let building = row.new_building.and_then(|id| names.buildings.get(&id).cloned());
        let other = row.other_household.map(|id| id.to_string()).or(row.new_code).or(building);
        vec![
            row.id.to_string(),
            row.kind.label().get(common.lang).to_owned(),
            row.state.label().get(common.lang).to_owned(),
            row.household.to_string(),
            other.unwrap_or_default(),
            row.members.iter().map(|(resident, _)| resident.to_string()).collect::<Vec<_>>().join(" "),
            row.happened_on.to_string(),
        ]
    });
    output::line(table(&head, &[0, 3], rows.collect()))?;
    output::line(common.text(&format!("共 {n} 件"), &format!("{n} in all")))?;
    Ok(ExitCode::SUCCESS)
}
