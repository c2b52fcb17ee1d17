//! `wangjia occupations`: the classification names are compared with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

use super::import::read;
use super::{Common, output};
use crate::app::access::{self, ObjectKind};
use crate::app::occupations::{self as use_case, LoadError};

/// Faults shown to people; a file with more has one mistake in every row.
const SHOWN: usize = 20;

/// Load a classification of occupations, so that names are compared by meaning where letters do not help.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "FILE is a .csv or .xlsx with the columns code,name,definition (a column level may be there), e.g. the national
classification. None ships with Wangjia. Loading replaces the classification as a whole or not at all; loading the same
file again changes nothing. Recommendations made afterwards have another input hash.

Exit codes: 0 done, 1 refused, nothing changed, 2 wrong usage.

Examples:\n  \
    wangjia occupations load occupations.csv\n  \
    wangjia occupations show\n  \
    wangjia occupations clear                        compare names by vocabulary and letters alone again"
)]
pub struct OccupationsArgs {
    #[command(subcommand)]
    action: Action,
    /// JSON for programs.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a file's classification the one in use.
    Load {
        /// Columns code, name, definition.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// How many occupations are loaded.
    Show,
    /// Remove the classification.
    Clear,
}

/// Loads, counts or removes the classification.
///
/// # Errors
/// If the database cannot be opened or the file cannot be read; its faults go to standard error, one a line.
pub fn run(args: &OccupationsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Load { file } => load(file, args.json, common),
        Action::Show => {
            let counts = use_case::counts(&common.enter("occupations", (ObjectKind::Skill, access::Action::Read))?.db)
                .map_err(|error| common.failed(&error))?;
            let (rows, defined) = (counts.rows, counts.defined);
            if args.json {
                output::line(format_args!("{:#}", json!({"rows": rows, "defined": defined})))?;
            } else if rows == 0 {
                output::line(common.text("尚未载入职业分类。", "No classification is loaded."))?;
            } else {
                output::line(common.text(
                    &format!("已载入 {rows} 条职业分类，其中 {defined} 条有定义，用于按含义比较名称。"),
                    &format!(
                        "{rows} rows are loaded; the {defined} with a definition serve to compare names by meaning."
                    ),
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Action::Clear => {
            let removed =
                use_case::clear(&common.enter("occupations clear", (ObjectKind::Skill, access::Action::Change))?.db)
                    .map_err(|error| common.failed(&error))?;
            if args.json {
                output::line(format_args!("{:#}", json!({"removed": removed})))?;
            } else {
                output::line(common.text(&format!("已移除 {removed} 条。"), &format!("{removed} rows removed.")))?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn load(file: &Path, json: bool, common: &Common) -> anyhow::Result<ExitCode> {
    let db = common.enter("occupations load", (ObjectKind::Skill, access::Action::Change))?.db;
    let shown = file.display();
    let bytes =
        read(file).with_context(|| common.text(&format!("无法读取文件 {shown}"), &format!("cannot read {shown}")))?;
    let loaded = match use_case::load(&db, &bytes, &file.to_string_lossy()) {
        Ok(loaded) => loaded,
        Err(LoadError::App(error)) => return Err(common.failed(&error)),
        Err(LoadError::Faults(faults)) => {
            for fault in faults.iter().take(SHOWN) {
                let reason = fault.text();
                match fault.row {
                    0 => output::note(format_args!("{shown}: {}", reason.get(common.lang))),
                    row => output::note(format_args!("{shown}:{row}: {}", reason.get(common.lang))),
                }
            }
            let n = faults.len();
            output::note(
                common.text(&format!("共 {n} 处错误，未载入任何内容。"), &format!("{n} faults; nothing was loaded.")),
            );
            return Ok(ExitCode::FAILURE);
        }
    };
    let use_case::Loaded { added, changed, removed, unchanged } = loaded;
    if json {
        output::line(format_args!(
            "{:#}",
            json!({"added": added, "changed": changed, "removed": removed, "unchanged": unchanged})
        ))?;
    } else {
        output::line(common.text(
            &format!("新增 {added} 条，更改 {changed} 条，移除 {removed} 条，未变 {unchanged} 条。"),
            &format!("{added} added, {changed} changed, {removed} removed, {unchanged} unchanged."),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
