//! `wangjia events`: what became of the facts, in order; and the coverage of a past day from that alone.

use std::process::ExitCode;

use chrono::{DateTime, NaiveDateTime};
use clap::Subcommand;
use serde_json::Value;

use super::coverage::{report_json, report_table};
use super::fault::Usage;
use super::table::table;
use super::{Common, output};
use crate::app::access::{Action as What, ObjectKind};
use crate::app::error::AppError;
use crate::app::events::{self as use_case, Event, EventFilter, EventKind, Known, Replayed};
use crate::app::{day_start, now};

/// Follow what becomes of the facts, and replay the past.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "An event says what a record says after a change: no names, numbers of people or notes. Positions are in the order of \
    the commits: after the last position seen nothing ever appears before it.\n\n\
    Examples:\n  \
    wangjia events --after 4711 --json                        what came after it, one JSON object a line\n  \
    wangjia events --kind employment\n  \
    wangjia events replay --on 2026-06-30                     coverage of that day, by what is known now\n  \
    wangjia events replay --on 2026-06-30 --known-at 2026-06-30   as it was reported that evening"
)]
pub struct EventsArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// Position to go on from.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
    /// How many at most; all there are if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Only these facts, such as employment.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// JSON for programs: one object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Count the coverage of a day from events alone.
    Replay {
        #[arg(long, value_name = "DATE")]
        on: String,
        /// Listen only to what was recorded by then: the end of a day in China, YYYY-MM-DD, or a moment such as
        /// 2026-06-30T18:00:00+08:00.
        #[arg(long, value_name = "TIME")]
        known_at: Option<String>,
        /// Listen only up to this position.
        #[arg(long, value_name = "N", conflicts_with = "known_at")]
        known_to: Option<i64>,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
}

/// Events read at once.
const BATCH: i64 = 1_000;

pub fn run(args: &EventsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match &args.action {
        Some(Action::Replay { on, known_at, known_to, json }) => {
            let on = common.day(Some(on))?;
            let known = match (known_at, known_to) {
                (Some(text), _) => Known::At(moment(text, common)?),
                (None, Some(position)) => Known::UpTo(*position),
                (None, None) => Known::Now,
            };
            let entered = common.enter("events replay", (ObjectKind::Coverage, What::Read))?;
            let replayed = use_case::replay(&entered.db, on, known, None, entered.within());
            let replayed = replayed.map_err(|error| out_of_reach(&error, common))?;
            if *json {
                output::line(format_args!("{:#}", replayed_json(&replayed)))?;
            } else {
                output::line(report_table(&replayed.report, common))?;
                output::line(footnote(&replayed, common))?;
            }
        }
        None => follow(args, common)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn follow(args: &EventsArgs, common: &Common) -> anyhow::Result<()> {
    let kind = args.kind.as_deref().map(|code| kind(code, common)).transpose()?;
    let entered = common.enter("events", (ObjectKind::Event, What::List))?;
    let filter = EventFilter { kind, within: entered.within().map(<[i64]>::to_vec) };
    let failed = |error| common.failed(&error);
    let (mut after, mut left) = (args.after, args.limit.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX));
    let mut rows = Vec::new();
    while left > 0 {
        let found = entered.db.read(|conn| use_case::after(conn, &filter, after, left.min(BATCH))).map_err(failed)?;
        let Some(last) = found.last() else { break };
        after = last.position;
        left -= i64::try_from(found.len())?;
        entered.shows(found.iter().filter_map(|event| event.resident_id), now()).map_err(failed)?;
        if args.json {
            for event in &found {
                output::line(event.to_json())?;
            }
        } else {
            rows.extend(found.iter().map(|event| line(event, common)));
        }
    }
    if !args.json {
        let head = [
            common.text("位置", "position"),
            common.text("时间", "recorded"),
            common.text("事项", "fact"),
            common.text("变动", "what"),
            common.text("记录编号", "record"),
            common.text("户", "household"),
            common.text("居民", "resident"),
        ];
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        output::line(table(&head, &[0, 4, 5, 6], rows))?;
    }
    Ok(())
}

fn kind(code: &str, common: &Common) -> anyhow::Result<EventKind> {
    EventKind::from_code(code).ok_or_else(|| {
        let all: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.code()).collect();
        let all = all.join(" ");
        Usage(common.text(&format!("--kind 应为：{all}"), &format!("--kind takes one of: {all}"))).into()
    })
}

/// The end of a day in China, or a moment.
fn moment(text: &str, common: &Common) -> anyhow::Result<NaiveDateTime> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.naive_utc());
    }
    let day = common.day(Some(text))?;
    Ok(day_start(day.succ_opt().unwrap_or(day)) - chrono::TimeDelta::microseconds(1))
}

fn out_of_reach(error: &AppError, common: &Common) -> anyhow::Error {
    match error {
        AppError::Invalid(_) => anyhow::anyhow!(common.text(
            "变动记录不包括这一时刻：早于第一条记录、晚于最后一条，或此前的旧记录已按保存期限清除。",
            "Events do not reach to that: it is before the first of them or after the last, or what was superseded by then has \
             been kept long enough and is gone.",
        )),
        error => common.failed(error),
    }
}

fn replayed_json(replayed: &Replayed) -> Value {
    let mut json = report_json(&replayed.report);
    json["position"] = replayed.position.to_string().into();
    json["forgotten"] = replayed.forgotten.into();
    json
}

fn footnote(replayed: &Replayed, common: &Common) -> String {
    let Replayed { position, forgotten, .. } = replayed;
    let mut text = common.text(
        &format!("据截至第 {position} 条的变动记录重算。"),
        &format!("Replayed from the events up to position {position}."),
    );
    if *forgotten > 0 {
        text += &common.text(
            &format!("其中 {forgotten} 条记录所涉个人信息已删除，当时报告的数字可能更高。"),
            &format!(" Of {forgotten} records nothing is told any more, because the person was erased; what was reported then may be higher."),
        );
    }
    text
}

fn line(event: &Event, common: &Common) -> Vec<String> {
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    vec![
        event.position.to_string(),
        (event.recorded_at + chrono::TimeDelta::hours(8)).format("%F %T").to_string(),
        event.kind.label().get(common.lang).to_owned(),
        event.operation.label().get(common.lang).to_owned(),
        event.row_id.to_string(),
        id(event.household_id),
        id(event.resident_id),
    ]
}
