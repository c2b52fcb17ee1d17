//! `wangjia generate`: spreadsheets of an invented community, for demonstrations, training and measurements.
//!
//! The same options write the same bytes; nothing is overwritten unless `--force` says so.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;

use super::{Common, output};
use crate::domain::text::counted;
use crate::town::model::Posting;
use crate::town::{self, HOUSEHOLDS, MAX_HOUSEHOLDS, MAX_POSTINGS, MIN_POSTINGS, Town, TownError, TownPlan};

/// Write the spreadsheets of an invented community: buildings, postings, people.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    wangjia generate --seed 1 --out ./town\n  \
    wangjia generate --seed 7 --out ./large --households 34000 --postings 2000")]
pub struct GenerateArgs {
    /// Equal seeds (with equal other options) write equal files.
    #[arg(long)]
    pub seed: u64,
    /// Folder for the three files; made if it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// All figures of the community scale with it.
    #[arg(long, default_value_t = HOUSEHOLDS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_HOUSEHOLDS)))]
    pub households: u32,
    /// Postings in the park, elsewhere and at home; in proportion to the households unless given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(i64::from(MIN_POSTINGS)..=i64::from(MAX_POSTINGS)))]
    pub postings: Option<u32>,
    /// The day the ledgers are written, YYYY-MM-DD; today unless given.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Overwrite files of the same names.
    #[arg(long)]
    pub force: bool,
}

/// Generates the town, writes its files and says what it wrote.
///
/// # Errors
/// A plan outside its limits, a file that exists, or what the file system says.
pub fn run(args: &GenerateArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let as_of = common.day(args.as_of.as_deref())?;
    let postings = args.postings.unwrap_or_else(|| town::postings_for(args.households));
    let plan = TownPlan { seed: args.seed, households: args.households, postings, as_of };
    let town = Town::generate(&plan).map_err(|error| said(error, common))?;
    for path in town::write(&town, &args.out, args.force).map_err(|error| said(error, common))? {
        let path = path.display();
        output::line(common.text(&format!("已写入 {path}"), &format!("wrote {path}")))?;
    }
    let vacancies: u32 = town.postings.iter().map(Posting::vacancies).sum();
    let (households, people, postings) = (town.households.len(), town.people.len(), town.postings.len());
    output::line(common.text(
        &format!("{households}户、{people}人、{postings}个岗位共{vacancies}个空缺，数据截至{as_of}，均为虚构。"),
        &format!(
            "{}, {people} people, {} with {}, as of {as_of}; all invented.",
            counted(households, "household", "households"),
            counted(postings, "posting", "postings"),
            counted(vacancies, "vacancy", "vacancies")
        ),
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// A town that was not made or written, as people read it.
pub fn said(error: TownError, common: &Common) -> anyhow::Error {
    match error {
        TownError::Io { path, source } => {
            let path = path.display();
            let what = common.text(&format!("无法写入 {path}"), &format!("cannot write {path}"));
            anyhow::Error::new(source).context(what)
        }
        error => anyhow!(error.text().get(common.lang).to_owned()),
    }
}
