//! The command line: arguments in, tables for people or JSON for programs out.
//!
//! Exit codes: 0 done; 1 refused or failed, nothing changed unless the output says what; 2 wrong usage.

mod audit;
mod backup;
mod calendar;
mod concerns;
mod coverage;
mod demo;
mod due;
mod events;
mod fault;
mod gap;
mod generate;
mod import;
mod import_mapping;
mod instance;
mod keys;
mod match_names;
mod migrate;
mod occupations;
mod openapi;
mod output;
mod plan;
mod plan_json;
mod plan_tables;
mod privacy;
mod proposals;
mod recommend;
mod records;
mod referrals;
mod report;
mod serve;
mod session;
mod settings;
mod simulate;
mod table;
mod template;
mod token;
mod training;
mod user;
mod visits;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::domain::text::Lang;
use crate::telemetry::{self, LogFormat};

/// 旺家 Wangjia: employment matching, household-first plans and household coverage for relocation communities.
#[derive(Debug, Parser)]
#[command(
    name = "wangjia",
    version,
    propagate_version = true,
    after_help = "Examples:\n  \
    wangjia demo                                  a believable community on an embedded database, served on a page\n  \
    wangjia migrate                               make a new database and its key file\n  \
    wangjia template labour-ledger                write an empty ledger to fill in\n  \
    wangjia import ledger.xlsx --dry-run          what would change, and what is wrong with the file\n  \
    wangjia recommend --resident 17               the best postings for a person, with reasons\n  \
    wangjia coverage --by grid                    which households have somebody employed\n  \
    wangjia plan propose                          who should get which vacancy, proved to be the best"
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Common {
    /// Database: sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME.
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// File with the keys that seal ID numbers and phones; losing it loses that data. WANGJIA_KEYS may hold its content
    /// instead.
    #[arg(long, env = "WANGJIA_KEY_FILE", global = true, value_name = "FILE")]
    pub key_file: Option<std::path::PathBuf>,
    /// API token of an account: the command then may and sees what that account may and sees. Without it the command acts as the
    /// operator, who holds the keys.
    #[arg(long, env = "WANGJIA_TOKEN", global = true, hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Language of tables and messages: zh or en.
    #[arg(long, env = "WANGJIA_LANG", global = true, default_value = "zh", value_parser = parse_lang)]
    pub lang: Lang,
    /// How log lines are written to standard error: text or json.
    #[arg(long, env = "WANGJIA_LOG_FORMAT", global = true, default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
}

fn parse_lang(tag: &str) -> Result<Lang, String> {
    match tag {
        "zh" | "zh-CN" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        _ => Err("可选 zh 或 en / zh or en".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole service on an invented community: import, recommend, cover, serve.
    Demo(demo::DemoArgs),
    /// Make a new database (and its key file), or bring an old one up to date.
    Migrate(migrate::MigrateArgs),
    /// Read ledgers and posting lists into the database, or say what is wrong with them.
    Import(import::ImportArgs),
    /// Write an empty spreadsheet to fill in.
    Template(template::TemplateArgs),
    /// Write the spreadsheets of an invented community: buildings, postings, people.
    Generate(generate::GenerateArgs),
    /// Recommend postings to residents, or residents to a posting, with reasons.
    Recommend(recommend::RecommendArgs),
    /// Say which skill each name means, or which skills come closest.
    MatchNames(match_names::MatchNamesArgs),
    /// Load a classification of occupations, so that names are compared by meaning too.
    Occupations(occupations::OccupationsArgs),
    /// Which households have somebody employed, on any date.
    Coverage(coverage::CoverageArgs),
    Due(due::DueArgs),
    /// Follow what becomes of the facts, and replay the coverage of a past day from that alone.
    Events(events::EventsArgs),
    /// Plan who should get which vacancy, so that the most households have work; exactly, with proof.
    Plan(plan::PlanArgs),
    Gap(gap::GapArgs),
    /// Check a plan and its proof from the raw files.
    Verify(instance::VerifyArgs),
    /// Show or set what differs between provinces and years: labour age, decent pay, minimum wages.
    Settings(settings::SettingsArgs),
    /// Show or set holidays and weekends worked in their place.
    Calendar(calendar::CalendarArgs),
    /// Check, write out and search the record of who did or read what.
    Audit(audit::AuditArgs),
    /// On what legal ground personal data is used, and how long records are kept.
    Privacy(privacy::PrivacyArgs),
    /// Live through a year of an invented community with three ways of filling vacancies.
    Simulate(simulate::SimulateArgs),
    /// Remind employers, close referrals and take down postings that nobody answered or confirmed.
    Referrals(referrals::ReferralsArgs),
    /// Freeze, read and correct monthly reports.
    Report(report::ReportArgs),
    /// List the courses, or plan whom their seats would help most.
    Training(training::TrainingArgs),
    /// Which households to visit in a week, and how many each counselor has visited.
    Visits(visits::VisitsArgs),
    /// What residents complain of and nobody answered in time, and how many there were.
    Concerns(concerns::ConcernsArgs),
    Proposals(proposals::ProposalsArgs),
    Records(records::RecordsArgs),
    /// Write everything to one encrypted file, as of one moment, while the service runs.
    Backup(backup::BackupArgs),
    /// Load a backup into a new, empty database of either kind.
    Restore(backup::RestoreArgs),
    /// List, replace and put aside the keys that seal ID numbers, phones and notes.
    Keys(keys::KeysArgs),
    /// Add, disable and reset accounts; say what each may do and where.
    User(user::UserArgs),
    /// Make and end API tokens of accounts.
    Token(token::TokenArgs),
    /// Serve pages, API and documentation, on this machine or beyond.
    Serve(serve::ServeArgs),
    /// Write the OpenAPI document to standard output.
    Openapi(openapi::OpenapiArgs),
}

/// Runs the command of the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let format = if cli.common.log_format == "json" { LogFormat::Json } else { LogFormat::Text };
    if let Err(error) = telemetry::init(format) {
        output::note(error);
        return ExitCode::from(2);
    }
    let run = match &cli.command {
        Command::Demo(args) => demo::run(args, &cli.common),
        Command::Migrate(args) => migrate::run(args, &cli.common),
        Command::Import(args) => import::run(args, &cli.common),
        Command::Template(args) => template::run(args, &cli.common),
        Command::Generate(args) => generate::run(args, &cli.common),
        Command::Recommend(args) => recommend::run(args, &cli.common),
        Command::MatchNames(args) => match_names::run(args, &cli.common),
        Command::Occupations(args) => occupations::run(args, &cli.common),
        Command::Coverage(args) => coverage::run(args, &cli.common),
        Command::Due(args) => due::run(args, &cli.common),
        Command::Events(args) => events::run(args, &cli.common),
        Command::Plan(args) => plan::run(args, &cli.common),
        Command::Gap(args) => gap::run(args, &cli.common),
        Command::Verify(args) => instance::verify(args, &cli.common),
        Command::Settings(args) => settings::run(args, &cli.common),
        Command::Calendar(args) => calendar::run(args, &cli.common),
        Command::Audit(args) => audit::run(args, &cli.common),
        Command::Privacy(args) => privacy::run(args, &cli.common),
        Command::Simulate(args) => simulate::run(args, &cli.common),
        Command::Referrals(args) => referrals::run(args, &cli.common),
        Command::Report(args) => report::run(args, &cli.common),
        Command::Training(args) => training::run(args, &cli.common),
        Command::Visits(args) => visits::run(args, &cli.common),
        Command::Concerns(args) => concerns::run(args, &cli.common),
        Command::Proposals(args) => proposals::run(args, &cli.common),
        Command::Records(args) => records::run(args, &cli.common),
        Command::Backup(args) => backup::backup(args, &cli.common),
        Command::Restore(args) => backup::restore(args, &cli.common),
        Command::Keys(args) => keys::run(args, &cli.common),
        Command::User(args) => user::run(args, &cli.common),
        Command::Token(args) => token::run(args, &cli.common),
        Command::Serve(args) => serve::run(args, &cli.common),
        Command::Openapi(args) => openapi::run(args),
    };
    run.unwrap_or_else(|error| {
        output::note(fault::sentence(&error, cli.common.lang));
        fault::exit_code(&error)
    })
}
