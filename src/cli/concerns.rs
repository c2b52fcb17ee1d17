//! `wangjia concerns`: what residents complain of and nobody answered in time, and how many there were.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::{Map, Value, json};

use super::session::today;
use super::table::table;
use super::{Common, output};
use crate::app::access::{Action as Act, ObjectKind};
use crate::app::concerns::{self, Ask, Concern, counts};
use crate::app::steps::By;
use crate::app::{Page, now};
use crate::domain::concern::ChainLevel;

/// Concerns that are late, by who answers for them; and counts by month.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A concern is to be answered within concern_answer_days working days. Once late it goes up: to the community, then after\n\
    each concern_level_days working days more to the home-township group and the street (wangjia settings list).\n\n\
    Examples:\n  \
    wangjia concerns overdue\n  \
    wangjia concerns overdue --level street --json\n  \
    wangjia concerns counts --months 6"
)]
pub struct ConcernsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Those not closed and late, the highest level first, then the longest late.
    Overdue {
        /// Only those for which this level answers.
        #[arg(long, value_enum, value_name = "LEVEL")]
        level: Option<Level>,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Opened, closed, open and late by month and grid.
    Counts {
        /// How many months, this one included.
        #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=120))]
        months: u32,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Level {
    Community,
    TownshipGroup,
    Street,
}

impl From<Level> for ChainLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Community => Self::Community,
            Level::TownshipGroup => Self::TownshipGroup,
            Level::Street => Self::Street,
        }
    }
}

/// Concerns read at a time.
const CHUNK: i64 = 500;

pub fn run(args: &ConcernsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Overdue { level, json } => overdue(common, level.map(Into::into), *json)?,
        Action::Counts { months, json } => show_counts(common, *months, *json)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn overdue(common: &Common, level: Option<ChainLevel>, as_json: bool) -> anyhow::Result<()> {
    let failed = |error| common.failed(&error);
    let entered = common.enter("concerns overdue", (ObjectKind::Concern, Act::List))?;
    let ask = Ask { overdue: true, level, within: entered.within().map(<[i64]>::to_vec), ..Ask::default() };
    let by = By::of(&entered.act);
    let mut found: Vec<Concern> = Vec::new();
    entered
        .db
        .read(|conn| {
            let mut next = Page::first(CHUNK);
            loop {
                let rows = concerns::page(conn, &ask, (next, today()), by)?;
                let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
                found.extend(rows);
                next.after = last;
            }
        })
        .map_err(failed)?;
    found.sort_by_key(|row| (std::cmp::Reverse(row.level), row.due_on, row.id));
    entered.shows(found.iter().map(|row| row.resident_id), now()).map_err(failed)?;
    if as_json {
        let rows = found.iter().map(|row| {
            json!({
                "id": row.id.to_string(), "resident": row.resident_id.to_string(), "about": row.about.code(),
                "level": row.level.code(), "opened_on": row.opened_on, "due_on": row.due_on,
                "employer": row.employer.map(|id| id.to_string()), "posting": row.posting.map(|id| id.to_string()),
            })
        });
        return Ok(output::line(format_args!("{:#}", Value::from_iter(rows)))?);
    }
    let head = [
        common.text("编号", "id"),
        common.text("责任层级", "answers"),
        common.text("事项", "about"),
        common.text("居民", "resident"),
        common.text("提出日", "opened"),
        common.text("期限", "due"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let n = found.len();
    let rows = found.into_iter().map(|row| {
        vec![
            row.id.to_string(),
            row.level.label().get(common.lang).to_owned(),
            row.about.label().get(common.lang).to_owned(),
            row.resident_id.to_string(),
            row.opened_on.to_string(),
            row.due_on.to_string(),
        ]
    });
    output::line(table(&head, &[0, 3], rows.collect()))?;
    Ok(output::line(common.text(&format!("逾期未答复 {n} 件"), &format!("{n} late")))?)
}

fn show_counts(common: &Common, months: u32, as_json: bool) -> anyhow::Result<()> {
    let failed = |error| common.failed(&error);
    let entered = common.enter("concerns counts", (ObjectKind::Coverage, Act::Read))?;
    let found = entered.db.read(|conn| counts::months(conn, entered.within(), (months, today()))).map_err(failed)?;
    if as_json {
        let months = found.iter().map(|month| {
            let grids = month.grids.iter().map(|count| {
                let levels = count.levels.iter().map(|(level, n)| (level.code().to_owned(), Value::from(*n)));
                json!({
                    "grid_id": count.grid_id.map(|id| id.to_string()), "grid": count.grid, "opened": count.opened,
                    "closed": count.closed, "at_once": count.at_once, "open": count.open, "overdue": count.overdue,
                    "levels": Map::from_iter(levels),
                })
            });
            json!({"first": month.first, "last": month.last, "grids": Value::from_iter(grids)})
        });
        return Ok(output::line(format_args!("{:#}", Value::from_iter(months)))?);
    }
    let mut head = vec![
        common.text("月份", "month"),
        common.text("网格", "grid"),
        common.text("提出", "opened"),
        common.text("办结", "closed"),
        common.text("当日办结", "at once"),
        common.text("未结", "open"),
        common.text("逾期", "late"),
    ];
    head.extend(ChainLevel::ALL.iter().map(|level| level.label().get(common.lang).to_owned()));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let mut rows = Vec::new();
    for month in found {
        let last = month.grids.len().saturating_sub(1);
        for (place, count) in month.grids.into_iter().enumerate() {
            let name = match (count.grid_id, place == last) {
                (Some(_), _) => count.grid,
                (None, true) => common.text("合计", "all"),
                (None, false) => common.text("未入户", "no household"),
            };
            let numbers = [count.opened, count.closed, count.at_once, count.open, count.overdue];
            let levels = ChainLevel::ALL.iter().map(|level| count.levels.get(level).copied().unwrap_or_default());
            let numbers = numbers.into_iter().chain(levels).map(|n| n.to_string());
            rows.push([month.first.format("%Y-%m").to_string(), name].into_iter().chain(numbers).collect());
        }
    }
    Ok(output::line(table(&head, &[2, 3, 4, 5, 6, 7, 8, 9, 10], rows))?)
}
