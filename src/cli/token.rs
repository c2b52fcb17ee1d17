//! `wangjia token`: API tokens of accounts from the command line.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::table::table;
use super::user::{login, write};
use super::{Common, output};
use crate::app::access::{Object, ObjectKind};
use crate::app::accounts::{self, sessions};
use crate::app::error::AppError;
use crate::app::now;
use crate::domain::access::SessionKind;
use crate::domain::text::counted;

/// Tokens with which programs use the API in an account's name.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia token add wu.zhuren --label 每晚导出 --days 90\n  \
    wangjia token list wu.zhuren\n  \
    wangjia token revoke wu.zhuren 12")]
pub struct TokenArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a token; it is printed once and may do what the account may.
    Add {
        login: String,
        /// What it is for.
        #[arg(long)]
        label: String,
        /// Days it lasts, at most 365.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=sessions::MOST_TOKEN_DAYS))]
        days: i64,
    },
    /// The tokens of an account that still work.
    List {
        login: String,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// End a token at once.
    Revoke {
        login: String,
        /// From the list.
        id: i64,
    },
}

pub fn run(args: &TokenArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let db = common.open()?;
    match &args.action {
        Action::Add { login: typed, label, days } => {
            let login = login(typed, common)?;
            let made = write(&db, "token add", "create", common, |conn| {
                let account = accounts::by_login(conn, &login)?;
                let made = sessions::make_token_for(conn, db.keys(), account.id, label, *days, now())?;
                let object = Object { kind: ObjectKind::Token, id: Some(made.id) };
                Ok((made, object))
            })?;
            output::note(common.text(
                &format!("令牌 {}，{days} 天内有效，只显示这一次：", made.id),
                &format!("Token {}, for {}, shown this once:", made.id, counted(*days, "day", "days")),
            ));
            output::line(made.token.reveal())?;
        }
        Action::List { login: typed, json } => {
            let login = login(typed, common)?;
            let found = db.read(|conn| -> Result<_, AppError> {
                let account = accounts::by_login(conn, &login)?;
                sessions::list(conn, account.id, now())
            });
            let found = found.map_err(|error| common.failed(&error))?;
            let tokens = found.into_iter().filter(|session| session.kind == SessionKind::ApiToken);
            if *json {
                let entries = tokens.map(|token| {
                    json!({
                        "id": token.id.to_string(),
                        "label": token.label,
                        "created_at": token.created_at.and_utc().to_rfc3339(),
                        "last_used_at": token.last_used_at.and_utc().to_rfc3339(),
                        "expires_at": token.expires_at.and_utc().to_rfc3339(),
                    })
                });
                output::line(format_args!("{:#}", Value::from_iter(entries)))?;
            } else {
                let head = [
                    common.text("编号", "id"),
                    common.text("用途", "label"),
                    common.text("最近使用（UTC）", "last used (UTC)"),
                    common.text("到期（UTC）", "expires (UTC)"),
                ];
                let minute = |at: chrono::NaiveDateTime| at.format("%Y-%m-%d %H:%M").to_string();
                let rows = tokens.map(|token| {
                    vec![token.id.to_string(), token.label, minute(token.last_used_at), minute(token.expires_at)]
                });
                output::line(table(&head.each_ref().map(String::as_str), &[0], rows.collect()))?;
            }
        }
        Action::Revoke { login: typed, id } => {
            let login = login(typed, common)?;
            write(&db, "token revoke", "delete", common, |conn| {
                let account = accounts::by_login(conn, &login)?;
                sessions::revoke(conn, account.id, *id, now())?;
                Ok(((), Object { kind: ObjectKind::Token, id: Some(*id) }))
            })?;
            output::line(common.text(&format!("令牌 {id} 已失效。"), &format!("Token {id} has ended.")))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
