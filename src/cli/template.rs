//! `wangjia template`: spreadsheets to fill in.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;

use super::{Common, output};
use crate::app::imports::{labour_ledger_template, postings_template};

/// Write an empty spreadsheet with drop-downs and an example row.
#[derive(Debug, clap::Args)]
#[command(after_help = "Columns may be reordered and others added; the example row is passed over by `wangjia import`.

Examples:\n  \
    wangjia template labour-ledger\n  \
    wangjia template postings --out 岗位清单.xlsx")]
pub struct TemplateArgs {
    /// Which spreadsheet.
    #[arg(value_enum)]
    kind: TemplateKind,
    /// File to write; labour-ledger.xlsx or postings.xlsx if not given. An existing file is not overwritten.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TemplateKind {
    /// One row a person: household, abilities, job, wishes.
    LabourLedger,
    /// One row a posting: places, pay, hours, what it asks for.
    Postings,
}

/// Writes the template.
///
/// # Errors
/// If the file exists or cannot be written.
pub fn run(args: &TemplateArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let (bytes, name) = match args.kind {
        TemplateKind::LabourLedger => (labour_ledger_template()?, "labour-ledger.xlsx"),
        TemplateKind::Postings => (postings_template()?, "postings.xlsx"),
    };
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(name));
    let shown = path.display();
    let written =
        OpenOptions::new().write(true).create_new(true).open(&path).and_then(|mut file| file.write_all(&bytes));
    written.with_context(|| {
        common.text(
            &format!("无法写出 {shown}（同名文件不会被覆盖）"),
            &format!("cannot write {shown} (an existing file is not overwritten)"),
        )
    })?;
    output::line(common.text(&format!("已写出模板 {shown}"), &format!("Template written to {shown}")))?;
    Ok(ExitCode::SUCCESS)
}
