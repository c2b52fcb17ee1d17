//! `wangjia report`: months as they are reported.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{self, ObjectKind};
use crate::app::error::AppError;
use crate::app::reports::lists::{self, Which};
use crate::app::reports::view::{self, Report};
use crate::app::reports::{file, freeze, month};
use crate::app::{Page, calendar_day, now};
use crate::domain::report::between;
use crate::domain::text::Lang;

/// Freeze, read and correct monthly reports. A report is signed on the page, by somebody's own account.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia report freeze --community 1 --month 2026-10\n  \
    wangjia report list\n  \
    wangjia report show 3 --json\n  \
    wangjia report entries 3 --figure uncovered\n  \
    wangjia report correct 3 --reason \"两户的离职日期登记有误\"\n  \
    wangjia report export 3 --out 2026-10.xlsx")]
pub struct ReportArgs {
    #[command(subcommand)]
    action: Action,
    /// JSON for programs.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Freeze a month that is over.
    Freeze {
        #[arg(long, value_name = "ID")]
        community: i64,
        /// YYYY-MM.
        #[arg(long, value_parser = parse_month)]
        month: NaiveDate,
    },
    /// Every report there is, every version.
    List,
    /// One report with its figures.
    Show { id: i64 },
    /// Whom a figure counted.
    Entries {
        id: i64,
        /// Code of a figure, as `show --json` has it.
        #[arg(long)]
        figure: String,
        /// Channel or grid id, where the figure has groups.
        #[arg(long, default_value = "")]
        group: String,
    },
    /// Freeze the month anew, as another version.
    Correct {
        id: i64,
        #[arg(long)]
        reason: String,
    },
    /// Write a report as XLSX, or as JSON by the file's name.
    Export {
        id: i64,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

fn parse_month(text: &str) -> Result<NaiveDate, String> {
    month(text).ok_or_else(|| "YYYY-MM".to_owned())
}

pub fn run(args: &ReportArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error: AppError| common.failed(&error);
    let now = now();
    let moment = (now, calendar_day(now));
    match &args.action {
        Action::Freeze { community, month } => {
            let entered = common.enter("report freeze", (ObjectKind::Report, access::Action::Create))?;
            if entered.within().is_some_and(|areas| !areas.contains(community)) {
                return Err(failed(AppError::NotFound));
            }
            let (db, account) = (&entered.db, entered.act.caller.account);
            let of = (*community, *month);
            let id = db.write(|conn| freeze::freeze(conn, db.keys(), of, moment, account)).map_err(failed)?;
            show(&db.read(|conn| view::report(conn, id)).map_err(failed)?, args.json, common)
        }
        Action::List => {
            let entered = common.enter("report list", (ObjectKind::Report, access::Action::List))?;
            let page = Page::first(i64::MAX);
            let found = entered.db.read(|conn| view::page(conn, (entered.within(), None), page)).map_err(failed)?;
            if args.json {
                let row = |one: &view::Summary| {
                    json!({
                        "id": one.id.to_string(), "community": one.community, "version": one.data.version,
                        "month": one.data.month.format("%Y-%m").to_string(), "frozen_on": one.data.frozen_on,
                        "signed_on": one.signature.as_ref().map(|signed| signed.signed_on),
                        "content_hash": one.data.content_hash,
                    })
                };
                output::line(format_args!("{:#}", found.iter().map(row).collect::<Value>()))?;
                return Ok(ExitCode::SUCCESS);
            }
            let head = [
                ("编号", "id"),
                ("社区", "community"),
                ("月份", "month"),
                ("版本", "version"),
                ("冻结", "frozen"),
                ("签发", "signed"),
            ];
            let head = head.map(|(zh, en)| common.text(zh, en));
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            let rows = found.into_iter().map(|one| {
                let signed = one
                    .signature
                    .map_or_else(|| "-".to_owned(), |signed| format!("{} {}", signed.name, signed.signed_on));
                let month = one.data.month.format("%Y-%m").to_string();
                vec![
                    one.id.to_string(),
                    one.community,
                    month,
                    one.data.version.to_string(),
                    one.data.frozen_on.to_string(),
                    signed,
                ]
            });
            output::line(table(&head, &[0, 3], rows.collect()))?;
            Ok(ExitCode::SUCCESS)
        }
        Action::Show { id } => {
            let report = read(*id, "report show", common)?;
            show(&report, args.json, common)
        }
        Action::Entries { id, figure, group } => {
            let target = Some((ObjectKind::Report, *id));
            let entered =
                common.enter_with("report entries", (ObjectKind::ReportList, access::Action::List), target)?;
            let which = Which::Figure { code: figure.clone(), group: group.clone() };
            let page = Page::first(i64::MAX);
            let found = entered.db.read(|conn| lists::list(conn, *id, &which, page)).map_err(failed)?;
            entered.shows(found.shown, now).map_err(failed)?;
            let who = |entry: &lists::Entry| {
                let head = entry.household.as_ref().and_then(|place| place.head_name.clone());
                entry.resident.as_ref().map(|(_, name)| name.clone()).or(head)
            };
            let code = |entry: &lists::Entry| entry.household.as_ref().and_then(|place| place.code.clone());
            if args.json {
                let row = |entry: &lists::Entry| json!({"id": entry.id.to_string(), "household_code": code(entry), "name": who(entry)});
                output::line(format_args!("{:#}", found.entries.iter().map(row).collect::<Value>()))?;
                return Ok(ExitCode::SUCCESS);
            }
            let head = [("编号", "id"), ("户编号", "household"), ("姓名", "name")].map(|(zh, en)| common.text(zh, en));
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            let rows = found.entries.iter();
            let rows = rows.map(|entry| {
                vec![entry.id.to_string(), code(entry).unwrap_or_default(), who(entry).unwrap_or_default()]
            });
            output::line(table(&head, &[0], rows.collect()))?;
            Ok(ExitCode::SUCCESS)
        }
        Action::Correct { id, reason } => {
            let target = Some((ObjectKind::Report, *id));
            let entered = common.enter_with("report correct", (ObjectKind::Report, access::Action::Create), target)?;
            let (db, account) = (&entered.db, entered.act.caller.account);
            let reason = access::reason(reason).map_err(|code| anyhow::anyhow!("{}", code.text().get(common.lang)))?;
            let id =
                db.write(|conn| freeze::correct(conn, db.keys(), *id, &reason, moment, account)).map_err(failed)?;
            show(&db.read(|conn| view::report(conn, id)).map_err(failed)?, args.json, common)
        }
        Action::Export { id, out } => {
            let report = read(*id, "report export", common)?;
            let bytes = if out.extension().is_some_and(|extension| extension == "json") {
                format!("{:#}\n", file::json(&report)).into_bytes()
            } else {
                file::xlsx(&report, common.lang).map_err(failed)?
            };
            std::fs::write(out, bytes).with_context(|| out.display().to_string())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn read(id: i64, operation: &str, common: &Common) -> anyhow::Result<Report> {
    let target = Some((ObjectKind::Report, id));
    let entered = common.enter_with(operation, (ObjectKind::Report, access::Action::Read), target)?;
    entered.db.read(|conn| view::report(conn, id)).map_err(|error| common.failed(&error))
}

fn show(report: &Report, as_json: bool, common: &Common) -> anyhow::Result<ExitCode> {
    if as_json {
        output::line(format_args!("{:#}", file::json(report)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let data = &report.summary.data;
    let (id, month, version) = (report.summary.id, data.month.format("%Y-%m"), data.version);
    output::line(common.text(
        &format!("月报 {id} 号：{} {month} 第 {version} 版，{} 冻结", report.summary.community, data.frozen_on),
        &format!("Report {id}: {} {month} version {version}, frozen {}", report.summary.community, data.frozen_on),
    ))?;
    let head =
        [("指标", "figure"), ("数", "value"), ("上月", "before"), ("单位", "unit")].map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = report.figures.iter().map(|row| {
        let before = row.value_before.map_or_else(|| "-".to_owned(), |value| value.to_string());
        vec![
            view::name(row).get(common.lang).to_owned(),
            row.value.to_string(),
            before,
            row.unit.label().get(common.lang).to_owned(),
        ]
    });
    output::line(table(&head, &[1, 2], rows.collect()))?;
    let head = [("变动", "change"), ("原因", "reason"), ("户", "households")].map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = report.changes.iter().map(|row| {
        let moved = between(row.from_state, row.to_state);
        vec![
            moved.get(common.lang).to_owned(),
            row.reason.label().get(common.lang).to_owned(),
            row.households.to_string(),
        ]
    });
    output::line(table(&head, &[2], rows.collect()))?;
    let was = if common.lang == Lang::Zh { "更正" } else { "corrected" };
    for row in &report.corrections {
        output::line(format_args!("{was} {}: {} → {}", row.name.get(common.lang), row.was, row.is))?;
    }
    Ok(ExitCode::SUCCESS)
}
