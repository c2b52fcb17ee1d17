//! `wangjia due`: what waits for somebody, the most urgent first.

use std::process::ExitCode;

use serde_json::json;

use super::table::table;
use super::{Common, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::due::{self, DueFilter, DueKind};
use crate::app::{calendar_day, now};

/// What waits for somebody: steps owed to households, follow-ups, visits, concerns, referrals, contracts, postings, data.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia due --overdue\n  \
    wangjia due --kind follow_up --limit 20\n  \
    wangjia due --json")]
pub struct DueArgs {
    /// Only one kind: clock_step, follow_up, visit, concern, referral, contract, posting or data.
    #[arg(long, value_parser = parse_kind)]
    kind: Option<DueKind>,
    /// Only what is late.
    #[arg(long)]
    overdue: bool,
    /// How many entries at most.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

fn parse_kind(code: &str) -> Result<DueKind, String> {
    DueKind::from_code(code).ok_or_else(|| {
        let known: Vec<&str> = DueKind::ALL.iter().map(|kind| kind.code()).collect();
        format!("可选 / one of: {}", known.join(", "))
    })
}

pub fn run(args: &DueArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let today = calendar_day(now());
    let filter = DueFilter { kind: args.kind, overdue: args.overdue };
    let entered = common.enter("due", (ObjectKind::CoverageList, Action::List))?;
    let list = entered
        .db
        .read(|conn| due::list(conn, entered.within(), filter, today))
        .map_err(|error| common.failed(&error))?;
    let shown = &list.items[..list.items.len().min(args.limit)];
    let names = entered.db.read(|conn| due::names(conn, shown)).map_err(|error| common.failed(&error))?;
    entered.shows(shown.iter().filter_map(|due| due.resident), now()).map_err(|error| common.failed(&error))?;
    let shown = shown.iter().zip(names);
    if args.json {
        let item = |(due, name): (&due::Due, Option<String>)| {
            json!({
                "kind": due.kind.code(), "due_on": due.due_on, "overdue": due.is_overdue(today),
                "household_id": due.household.map(|id| id.to_string()),
                "resident_id": due.resident.map(|id| id.to_string()), "name": name,
                "record_id": due.record.to_string(), "text": due.text.get(common.lang),
            })
        };
        let counts: Vec<_> = list
            .counts
            .iter()
            .map(|(kind, n)| json!({"kind": kind.code(), "total": n.total, "overdue": n.overdue}))
            .collect();
        let items: Vec<_> = shown.map(item).collect();
        output::line(format_args!("{:#}", json!({"items": items, "counts": counts})))?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = [("事项", "kind"), ("总数", "all"), ("超期", "overdue")].map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let counts = list
        .counts
        .iter()
        .map(|(kind, n)| vec![kind.label().get(common.lang).to_owned(), n.total.to_string(), n.overdue.to_string()]);
    output::line(table(&head, &[1, 2], counts.collect()))?;
    let head =
        [("期限", "due"), ("事项", "kind"), ("姓名", "who"), ("内容", "what")].map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let late = common.text("超期", "late");
    let rows = shown.map(|(due, name)| {
        let day = due.due_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let day = if due.is_overdue(today) { format!("{day} {late}") } else { day };
        let who = name.unwrap_or_else(|| "-".to_owned());
        vec![day, due.kind.label().get(common.lang).to_owned(), who, due.text.get(common.lang).to_owned()]
    });
    output::line(table(&head, &[], rows.collect()))?;
    Ok(ExitCode::SUCCESS)
}
