//! `wangjia backup` and `wangjia restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use super::{Common, output};
use crate::app::backup::{self as use_case, BackupError, Report};
use crate::app::now;

/// Write everything to one encrypted file, as of one moment, while the service runs.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file is sealed with the newest key of the key file: keep the two in different places. It holds the \
    records of either kind of database and can be restored into either.\n\n\
    Examples:\n  \
    wangjia backup /backup/town-2026-11-26.wjb\n  \
    wangjia restore /backup/town-2026-11-26.wjb --check         does it open, is it whole?"
)]
pub struct BackupArgs {
    /// The file to write; it must not exist.
    file: PathBuf,
}

/// Load a backup into a new, empty database of either kind.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The database must hold nothing; it needs no `wangjia migrate` before. The keys must be those the backup \
    was made with.\n\n\
    Examples:\n  \
    wangjia restore town.wjb --database-url sqlite://new.db\n  \
    wangjia restore town.wjb --database-url postgres://me@localhost/town\n  \
    wangjia restore town.wjb --check"
)]
pub struct RestoreArgs {
    file: PathBuf,
    /// Only read the file to its end and say whether it is whole.
    #[arg(long)]
    check: bool,
}

fn failed(error: BackupError, common: &Common) -> anyhow::Error {
    match error {
        BackupError::App(error) => common.failed(&error),
        error => {
            let text = error.text().map(|text| text.get(common.lang).to_owned()).unwrap_or_default();
            match error {
                BackupError::File { source, .. } => anyhow::Error::from(source).context(text),
                _ => anyhow::anyhow!(text),
            }
        }
    }
}

pub fn backup(args: &BackupArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let report = use_case::backup(&common.open()?, &args.file, now()).map_err(|error| failed(error, common))?;
    let file = args.file.display();
    let rows = report.rows();
    output::line(common.text(
        &format!("已备份 {rows} 条记录到 {file}。请与密钥文件分开保管。"),
        &format!("{rows} rows saved in {file}. Keep it apart from the key file."),
    ))?;
    Ok(ExitCode::SUCCESS)
}

pub fn restore(args: &RestoreArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let keys = common.keys()?;
    let said = |report: &Report, zh: &str, en: &str| {
        let (rows, made_at) = (report.rows(), &report.made_at);
        common.text(&format!("{zh}{rows} 条记录，备份时间 {made_at}。"), &format!("{en}: {rows} rows of {made_at}."))
    };
    let text = if args.check {
        let report = use_case::check(&keys, &args.file).map_err(|error| failed(error, common))?;
        said(&report, "备份完好：", "The backup is whole")
    } else {
        let url = common.url()?;
        let report = use_case::restore(&url, &keys, &args.file, now()).map_err(|error| failed(error, common))?;
        said(&report, "已恢复 ", "Restored")
    };
    output::line(text).context("output")?;
    Ok(ExitCode::SUCCESS)
}
