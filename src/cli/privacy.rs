//! `wangjia privacy`: legal bases and retention.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{self, Act, ObjectKind};
use crate::app::privacy::{bases, retention};
use crate::app::{calendar_day, now};
use crate::domain::privacy::{LegalBasis, Purpose};

/// On what legal ground personal data is used, and how long records are kept.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Purposes: employment_service, sensitive_data, introduction. Bases: statutory_duty, consent.\n\n\
    Examples:\n  \
    wangjia privacy bases\n  \
    wangjia privacy retention --dry-run\n  \
    wangjia privacy basis sensitive_data consent --reference \"个人信息保护法 29\" --from 2027-01-01"
)]
pub struct PrivacyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every legal basis with the day it holds from.
    Bases {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Remove what has been kept long enough; the server does it once a day.
    Retention {
        /// Only say what would be removed.
        #[arg(long)]
        dry_run: bool,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Set the legal basis of a purpose from a day on.
    Basis {
        #[arg(value_parser = parse_purpose)]
        purpose: Purpose,
        #[arg(value_parser = parse_basis)]
        basis: LegalBasis,
        /// The article or document it rests on.
        #[arg(long, value_name = "TEXT")]
        reference: String,
        /// First day, YYYY-MM-DD; today in China if not given.
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
    },
}

fn parse_purpose(code: &str) -> Result<Purpose, String> {
    Purpose::from_code(code).ok_or_else(|| Purpose::ALL.iter().map(|code| code.code()).collect::<Vec<_>>().join(", "))
}

fn parse_basis(code: &str) -> Result<LegalBasis, String> {
    LegalBasis::from_code(code)
        .ok_or_else(|| LegalBasis::ALL.iter().map(|code| code.code()).collect::<Vec<_>>().join(", "))
}

pub fn run(args: &PrivacyArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error| common.failed(&error);
    match &args.action {
        Action::Bases { json } => {
            let bases = bases::list(&common.open()?).map_err(failed)?;
            if *json {
                let rows = bases.iter().map(|row| {
                    json!({
                        "purpose": row.purpose.code(),
                        "basis": row.basis.code(),
                        "reference": row.reference,
                        "valid_from": row.valid_from.to_string(),
                    })
                });
                output::line(format_args!("{:#}", Value::from_iter(rows)))?;
            } else {
                let head = [
                    common.text("用途", "purpose"),
                    common.text("依据", "basis"),
                    common.text("出处", "reference"),
                    common.text("生效日", "valid from"),
                ];
                let head: Vec<&str> = head.iter().map(String::as_str).collect();
                let rows = bases.into_iter().map(|row| {
                    let (purpose, basis) = (row.purpose.label(), row.basis.label());
                    vec![
                        common.text(purpose.zh, purpose.en),
                        common.text(basis.zh, basis.en),
                        row.reference,
                        row.valid_from.to_string(),
                    ]
                });
                output::line(table(&head, &[], rows.collect()))?;
            }
        }
        Action::Retention { dry_run, json } => {
            let now = now();
            let act = Act::of_operator("change", ObjectKind::Service, "privacy retention");
            let removed =
                retention::apply(&common.open()?, &act, (now, calendar_day(now)), *dry_run).map_err(failed)?;
            if *json {
                let rows = removed.iter().map(|row| json!({"table": row.table, "rows": row.rows}));
                output::line(format_args!("{:#}", Value::from_iter(rows)))?;
            } else {
                let count = if *dry_run { ("将删除", "would be removed") } else { ("已删除", "removed") };
                let head = [common.text("表", "table"), common.text(count.0, count.1)];
                let head: Vec<&str> = head.iter().map(String::as_str).collect();
                let rows = removed.into_iter().map(|row| vec![row.table, row.rows.to_string()]);
                output::line(table(&head, &[1], rows.collect()))?;
            }
        }
        Action::Basis { purpose, basis, reference, from } => {
            let from = common.day(from.as_deref())?;
            let entered = common.enter("privacy basis", (ObjectKind::Setting, access::Action::Change))?;
            bases::set(&entered.db, *purpose, *basis, reference, from).map_err(failed)?;
            let (purpose, basis) = (purpose.label(), basis.label());
            output::line(common.text(
                &format!("“{}”自 {from} 起的依据为{}。", purpose.zh, basis.zh),
                &format!("The basis of {} is {} from {from} on.", purpose.en, basis.en),
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
