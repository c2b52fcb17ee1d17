//! `wangjia migrate`: a new database with its key file, or an old one brought up to date.

use std::process::ExitCode;

use super::Common;
use crate::app::Db;
use crate::app::setup;

/// Make a new database (and its key file), or bring an old one up to date.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia migrate                                              wangjia.db and wangjia.key in this folder\n  \
    wangjia migrate --database-url postgres://me@localhost/town --key-file /etc/wangjia/keys")]
pub struct MigrateArgs {}

pub fn run(_args: &MigrateArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let url = common.url()?;
    // Keys made for a database that has its keys already would not fit, and would look as if they did.
    let is_new = Db::is_new(&url).map_err(|error| common.said(error))?;
    let keys = if is_new { common.keys_or_new("wangjia.key")? } else { common.keys()? };
    let db = Db::open(&url, keys).map_err(|error| common.said(error))?;
    let applied = setup::migrate(&db).map_err(|error| common.failed(&error))?;
    if applied.is_empty() {
        println!("{}", common.text("数据库已是最新。", "The database is up to date."));
    } else {
        println!("{}{}", common.text("已完成迁移：", "Migrated: "), applied.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}
