//! `wangjia audit`: is the audit whole, what stands in it, whose records did an account see.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::{Value, json};

use super::fault::Usage;
use super::session::today;
use super::table::table;
use super::{Common, output};
use crate::app::access::{self, Act, Entered, ObjectKind};
use crate::app::audit::{self as use_case, Happened, Noted, Report};
use crate::app::{day_start, now};

/// What an auditor may.
const READ: (ObjectKind, access::Action) = (ObjectKind::Audit, access::Action::Read);

/// Check, write out and search the record of who did or read what.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Write the head that verify prints down somewhere else: only with it can an older copy of the whole \
    database be told from the real one.\n\n\
    Examples:\n  \
    wangjia audit verify\n  \
    wangjia audit verify --expect 4711:9f2c…             is the head noted then still in the chain?\n  \
    wangjia audit export audit.jsonl\n  \
    wangjia audit incident --account li.na --from 2026-11-01 --to 2026-11-03\n  \
    wangjia audit prune --before 2026-01-01"
)]
pub struct AuditArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Walk the whole chain; exit code 1 if anything in it was changed, removed, added or moved.
    Verify {
        /// A head noted earlier, as NUMBER:HASH; it must still be in the chain.
        #[arg(long, value_name = "NUMBER:HASH")]
        expect: Option<String>,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Write all entries to a new file, one JSON object a line, readable by you only.
    Export {
        file: PathBuf,
        /// Also open what is sealed: typed reasons, old and new values of changed fields.
        #[arg(long)]
        details: bool,
    },
    /// Whose records an account read or changed between two days, both included: who is to be told of a leak.
    Incident {
        /// Sign-in name.
        #[arg(long)]
        account: String,
        #[arg(long, value_name = "DATE")]
        from: String,
        #[arg(long, value_name = "DATE")]
        to: String,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Remove the entries of the days before one, which is at least six months ago.
    Prune {
        #[arg(long, value_name = "DATE")]
        before: String,
    },
}

pub fn run(args: &AuditArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Verify { expect, json } => {
            let noted = expect.as_deref().map(|text| noted(text, common)).transpose()?;
            let db = common.enter("audit verify", READ)?.db;
            let report = use_case::verify(&db, noted.as_ref()).map_err(|error| common.failed(&error))?;
            if *json {
                output::line(format_args!("{:#}", report_json(&report)))?
            } else {
                say(&report, common)?
            }
            Ok(if report.fault.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Action::Export { file, details } => {
            if *details {
                // Old values of people's data: for whoever holds the keys anyway.
                common.operator_only()?;
            }
            export(&common.enter("audit export", READ)?, file, *details, common)
        }
        Action::Incident { account, from, to, json } => {
            let (from, to) = (common.day(Some(from))?, common.day(Some(to))?);
            incident(&common.enter("audit incident", READ)?, account, (from, to), *json, common)
        }
        Action::Prune { before } => {
            let before = common.day(Some(before))?;
            let db = common.open()?;
            let act = Act::of_operator("prune", ObjectKind::Audit, "audit prune");
            let gone = match use_case::walked(&db, before, today()) {
                Ok(Some(old)) => db.write_in_turn(|conn| use_case::prune(conn, db.keys(), &act, &old, now())),
                Ok(None) => Ok(0),
                Err(error) => Err(error),
            };
            let gone = gone.map_err(|error| common.failed(&error))?;
            let text =
                common.text(&format!("已清除 {gone} 条审计记录。"), &format!("{gone} entries removed from the audit."));
            output::line(text)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn noted(text: &str, common: &Common) -> anyhow::Result<Noted> {
    Noted::parse(text).ok_or_else(|| {
        Usage(common.text(
            "--expect 应为 NUMBER:HASH，即 wangjia audit verify 当时给出的链头。",
            "--expect takes NUMBER:HASH, the head as `wangjia audit verify` printed it.",
        ))
        .into()
    })
}

fn report_json(report: &Report) -> Value {
    json!({
        "whole": report.fault.is_none(),
        "entries": report.entries,
        "first": report.first_seq,
        "head": format!("{}:{}", report.last_seq, report.last_hash),
        "fault": report.fault.map(|fault| json!({
            "code": fault.code(),
            "entry": fault.seq(),
            "zh": fault.text().zh,
            "en": fault.text().en,
        })),
    })
}

fn say(report: &Report, common: &Common) -> anyhow::Result<()> {
    let Report { entries, last_seq, last_hash, .. } = report;
    if let Some(fault) = report.fault {
        output::line(fault.text().get(common.lang))?;
        let text = common.text(
            &format!("此前 {entries} 条完好。请保留现场，勿继续使用该数据库。"),
            &format!("The {entries} entries before are good. Keep the database as it is and do not go on with it."),
        );
        return Ok(output::line(text)?);
    }
    let text = common.text(
        &format!("审计链完整：共 {entries} 条。请另行抄存链头：\n{last_seq}:{last_hash}"),
        &format!("The audit is whole: {entries} entries. Write its head down elsewhere:\n{last_seq}:{last_hash}"),
    );
    Ok(output::line(text)?)
}

fn export(entered: &Entered, file: &Path, details: bool, common: &Common) -> anyhow::Result<ExitCode> {
    let named = || file.display().to_string();
    if file.exists() {
        return Err(anyhow::Error::from(std::io::Error::from(std::io::ErrorKind::AlreadyExists))).with_context(named);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner only, and at its place only when it is whole.
    let mut out = BufWriter::new(tempfile::NamedTempFile::new_in(folder).with_context(named)?);
    let written =
        use_case::export(&entered.db, &entered.act, &mut out, details, now()).map_err(|error| common.failed(&error))?;
    out.flush().with_context(named)?;
    let out = out.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(named)?;
    out.as_file().sync_all().with_context(named)?;
    out.persist_noclobber(file).map_err(|error| error.error).with_context(named)?;
    let text = common.text(&format!("已导出 {written} 条审计记录。"), &format!("{written} entries written."));
    output::line(text)?;
    Ok(ExitCode::SUCCESS)
}

fn incident(
    entered: &Entered,
    login: &str,
    (from, to): (NaiveDate, NaiveDate),
    as_json: bool,
    common: &Common,
) -> anyhow::Result<ExitCode> {
    let (db, act) = (&entered.db, &entered.act);
    let happened = Happened {
        detail: Some(json!({ "account": login, "from": from.to_string(), "to": to.to_string() })),
        ..Happened::default()
    };
    let until = to.succ_opt().unwrap_or(to);
    let found = db
        .write_in_turn(|conn| {
            let account = use_case::account_of(conn, login)?;
            let found = use_case::incident(conn, account, day_start(from), day_start(until))?;
            use_case::append(conn, db.keys(), act, &happened, now())?;
            Ok::<_, crate::app::error::AppError>(found)
        })
        .map_err(|error| common.failed(&error))?;
    if as_json {
        let lines = found.iter().map(|one| {
            json!({
                "resident": one.resident.to_string(),
                "times": one.times,
                "first_at": one.first_at.and_utc().to_rfc3339(),
                "last_at": one.last_at.and_utc().to_rfc3339(),
                "operations": one.operations,
            })
        });
        output::line(format_args!("{:#}", Value::from_iter(lines)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let t = |zh: &str, en: &str| common.text(zh, en);
    let head =
        [t("居民编号", "resident"), t("次数", "times"), t("最早", "first"), t("最近", "last"), t("操作", "what")];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let china = |at: chrono::NaiveDateTime| (at + chrono::TimeDelta::hours(8)).format("%F %T").to_string();
    let lines = found.iter().map(|one| {
        vec![
            one.resident.to_string(),
            one.times.to_string(),
            china(one.first_at),
            china(one.last_at),
            one.operations.join(" "),
        ]
    });
    output::line(table(&head, &[0, 1], lines.collect()))?;
    output::line(t(&format!("涉及 {} 人", found.len()), &format!("{} persons", found.len())))?;
    Ok(ExitCode::SUCCESS)
}
