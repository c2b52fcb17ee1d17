//! `wangjia migrate`: a new database with its key file, or an old one brought up to date.

use std::process::ExitCode;

use super::{Common, output};
use crate::app::setup;
use crate::app::{DatabaseUrl, Db, Keyring};

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
    let applied = if is_new {
        let keys = common.keys_or_new("wangjia.key")?;
        let applied = migrate(&url, keys.ring.clone(), common).inspect_err(|_| keys.discard(&url))?;
        keys.announce(common);
        applied
    } else {
        migrate(&url, common.keys()?, common)?
    };
    if applied.is_empty() {
        output::line(common.text("数据库已是最新。", "The database is up to date."))?;
    } else {
        output::line(format_args!("{}{}", common.text("已完成迁移：", "Migrated: "), applied.join(", ")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn migrate(url: &DatabaseUrl, keys: Keyring, common: &Common) -> anyhow::Result<Vec<String>> {
    let db = Db::open(url, keys).map_err(|error| common.said(error))?;
    setup::migrate(&db).map_err(|error| common.failed(&error))
}
