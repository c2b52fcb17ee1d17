//! `wangjia plan`: propose, show, compare, verify and adopt plans, and the decisions of counselors they keep to.
//!
//! Without a subcommand it solves an instance given as CSV files ([`super::instance`]).

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};
use serde_json::Value;

use super::instance::{self, InstanceArgs};
use super::plan_tables as tables;
use super::recommend::progress_bar;
use super::{Common, output, plan_json};
use crate::app::access::{Action, Entered, ObjectKind};
use crate::app::plans::adopt::{self, Adopt};
use crate::app::plans::pins::{self, PinFilter};
use crate::app::plans::verify::{self, Verdict};
use crate::app::plans::view::HouseholdFilter;
use crate::app::plans::{Proposal, propose, view};
use crate::app::{Connection, Db, Page, now};
use crate::domain::codes::{PinKind, PlanState};
use crate::domain::text::Text;

/// Plan who should get which vacancy, so that the most households have work; exactly, with proof.
#[derive(Debug, clap::Args)]
#[command(
    subcommand_negates_reqs = true,
    subcommand_value_name = "COMMAND",
    after_help = "Examples:\n  \
    wangjia plan propose                                   make a plan from the records of today\n  \
    wangjia plan show 3 --placements                       what it reaches, and who goes where\n  \
    wangjia plan diff 3                                    what it changes of the plan in force, and why\n  \
    wangjia plan verify 3                                  prove it again; exits with 1 if that fails\n  \
    wangjia plan adopt 3 --expected-current 2 --by 王主任   put it in force, unless another one than plan 2 is\n  \
    wangjia plan pins --add pin --resident 17 --posting 4 --reason 本人已同意\n  \
    wangjia plan --instance town --json                    solve an instance given as CSV files"
)]
pub struct PlanArgs {
    #[command(flatten)]
    instance: Option<InstanceArgs>,
    #[command(subcommand)]
    command: Option<PlanCommand>,
}

#[derive(Debug, Subcommand)]
enum PlanCommand {
    /// Make a plan from the records of a day, prove it and store it.
    Propose(ProposeArgs),
    /// Show a plan, or list all plans.
    Show(ShowArgs),
    /// What a plan changes of its parent, and why.
    Diff(DiffArgs),
    /// Check a stored plan and its proof again.
    Verify(VerifyArgs),
    /// Put a plan in force; its placements become recommendations.
    Adopt(AdoptArgs),
    /// Show, add or end decisions about a resident and a posting.
    Pins(PinsArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  wangjia plan propose --as-of 2026-11-23 --json")]
struct ProposeArgs {
    /// Date to plan on, YYYY-MM-DD; today in China if not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  wangjia plan show\n  wangjia plan show 3 --placements\n  wangjia plan show 3 --uncovered\n  wangjia plan show 3 --household 26\n  wangjia plan show 3 --json"
)]
struct ShowArgs {
    /// Id of a plan; without it all plans are listed.
    plan: Option<i64>,
    /// Also list who is placed where.
    #[arg(long, requires = "plan")]
    placements: bool,
    /// Also list who stays uncovered, and why.
    #[arg(long, requires = "plan")]
    uncovered: bool,
    /// Also what it makes of one household, and why.
    #[arg(long, requires = "plan", value_name = "ID")]
    household: Option<i64>,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  wangjia plan diff 3 --all")]
struct DiffArgs {
    /// Id of a plan.
    plan: i64,
    /// Also what is kept.
    #[arg(long)]
    all: bool,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  wangjia plan verify 3\n\n\
    Exits with 0 if the plan is proved, or if the records have changed and its own numbers agree; with 1 and the violated\n\
    condition if not.")]
struct VerifyArgs {
    /// Id of a plan.
    plan: i64,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangjia plan adopt 1 --expected-current none --by 王主任\n  \
    wangjia plan adopt 3 --expected-current 2 --by 王主任 --accept-changed-records")]
struct AdoptArgs {
    /// Id of the plan.
    plan: i64,
    /// Id of the plan you believe to be in force, or `none`; nothing happens if it is another.
    #[arg(long, value_name = "ID|none", value_parser = parse_expected)]
    expected_current: Expected,
    /// Who adopts it.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Adopt although the records have changed since; what has become impossible is left out.
    #[arg(long)]
    accept_changed_records: bool,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

/// The plan believed to be in force.
#[derive(Clone, Copy, Debug)]
struct Expected(Option<i64>);

fn parse_expected(text: &str) -> Result<Expected, String> {
    match text {
        "none" => Ok(Expected(None)),
        id => id.parse().map(|id| Expected(Some(id))).map_err(|_| "ID or none".to_owned()),
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangjia plan pins\n  \
    wangjia plan pins --add pin --resident 17 --posting 4 --reason 本人已同意\n  \
    wangjia plan pins --add forbid --resident 17 --posting 5 --reason 与原单位有纠纷\n  \
    wangjia plan pins --end 2")]
struct PinsArgs {
    /// Add a decision.
    #[arg(long, value_enum, requires_all = ["resident", "posting", "reason"])]
    add: Option<KindArg>,
    /// End the decision with this id.
    #[arg(long, value_name = "ID", conflicts_with = "add")]
    end: Option<i64>,
    /// Id of a resident.
    #[arg(long, value_name = "ID")]
    resident: Option<i64>,
    /// Id of a posting.
    #[arg(long, value_name = "ID")]
    posting: Option<i64>,
    /// Why; shown with every plan.
    #[arg(long, requires = "add")]
    reason: Option<String>,
    /// Also those that have ended.
    #[arg(long)]
    all: bool,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// This resident to this posting.
    Pin,
    /// Never this resident to this posting.
    Forbid,
}

impl From<KindArg> for PinKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Pin => Self::Pin,
            KindArg::Forbid => Self::Forbid,
        }
    }
}

impl PlanCommand {
    /// As it stands in the audit.
    const fn operation(&self) -> &'static str {
        match self {
            Self::Propose(_) => "plan propose",
            Self::Show(_) => "plan show",
            Self::Diff(_) => "plan diff",
            Self::Verify(_) => "plan verify",
            Self::Adopt(_) => "plan adopt",
            Self::Pins(_) => "plan pins",
        }
    }

    const fn asks_for(&self) -> (ObjectKind, Action) {
        match self {
            Self::Propose(_) => (ObjectKind::Plan, Action::Create),
            Self::Show(args) if args.placements || args.uncovered || args.household.is_some() => {
                (ObjectKind::Placement, Action::List)
            }
            Self::Show(_) => (ObjectKind::Plan, Action::Read),
            Self::Diff(_) => (ObjectKind::Placement, Action::List),
            Self::Verify(_) => (ObjectKind::Plan, Action::Compute),
            Self::Adopt(_) => (ObjectKind::Plan, Action::Decide),
            Self::Pins(args) if args.add.is_some() || args.end.is_some() => (ObjectKind::Pin, Action::Change),
            Self::Pins(_) => (ObjectKind::Pin, Action::List),
        }
    }
}

pub fn run(args: &PlanArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match (&args.command, &args.instance) {
        (None, Some(args)) => instance::plan(args, common),
        (Some(_), Some(_)) | (None, None) => {
            output::note(
                common.text(
                    "请给出 --instance 或一个子命令，不能同时使用。",
                    "Give --instance or a subcommand, not both.",
                ),
            );
            Ok(ExitCode::from(2))
        }
        (Some(command), None) => {
            let entered = common.enter(command.operation(), command.asks_for())?;
            match command {
                PlanCommand::Propose(args) => run_propose(args, &entered, common),
                PlanCommand::Show(args) => run_show(args, &entered, common),
                PlanCommand::Diff(args) => run_diff(args, &entered, common),
                PlanCommand::Verify(args) => run_verify(args, &entered.db, common),
                PlanCommand::Adopt(args) => run_adopt(args, &entered.db, common),
                PlanCommand::Pins(args) => run_pins(args, &entered, common),
            }
        }
    }
}

fn print(as_json: bool, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) -> anyhow::Result<ExitCode> {
    if as_json {
        output::line(format_args!("{:#}", json()))?;
    } else {
        output::line(text())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn run_propose(args: &ProposeArgs, entered: &Entered, common: &Common) -> anyhow::Result<ExitCode> {
    let plan = propose_with_progress(&entered.db, common.day(args.as_of.as_deref())?, common)?;
    show(
        &ShowArgs { plan: Some(plan), placements: false, uncovered: false, household: None, json: args.json },
        plan,
        entered,
        common,
    )
}

/// Makes the plan of a day behind a progress bar; gives its id.
pub fn propose_with_progress(db: &Db, as_of: NaiveDate, common: &Common) -> anyhow::Result<i64> {
    let bar = progress_bar();
    let progress = |percent: u8, step: Text| {
        bar.set_position(u64::from(percent));
        bar.set_message(step.get(common.lang).to_owned());
        Ok(())
    };
    let made = propose(db, Proposal { as_of, now: now(), job: None }, &progress);
    bar.finish_and_clear();
    made.map_err(|error| common.failed(&error))
}

fn run_show(args: &ShowArgs, entered: &Entered, common: &Common) -> anyhow::Result<ExitCode> {
    let db = &entered.db;
    let Some(plan) = args.plan else {
        let plans = every(db, common, view::page, |plan| plan.id)?;
        return print(
            args.json,
            || Value::from_iter(plans.iter().map(plan_json::summary)),
            || tables::summaries(&plans, common),
        );
    };
    show(args, plan, entered, common)
}

/// One plan with the lists asked for.
fn show(args: &ShowArgs, plan: i64, entered: &Entered, common: &Common) -> anyhow::Result<ExitCode> {
    let (db, within) = (&entered.db, entered.within());
    let full = db.read(|conn| view::get(conn, db.keys(), plan)).map_err(|error| common.failed(&error))?;
    let placements = match args.placements {
        true => {
            Some(every(db, common, |conn, page| view::placements(conn, plan, within, page), |placement| placement.id)?)
        }
        false => None,
    };
    let list = |filter: HouseholdFilter| {
        every(db, common, |conn, page| view::households(conn, plan, &filter, page), |row| row.id)
    };
    let any = HouseholdFilter { within: within.map(<[i64]>::to_vec), ..HouseholdFilter::default() };
    let left = HouseholdFilter { state: Some(PlanState::Uncovered), ..any.clone() };
    let uncovered = args.uncovered.then(|| list(left)).transpose()?;
    let one = |household| list(HouseholdFilter { household: Some(household), ..any.clone() });
    let household = args.household.map(one).transpose()?;
    if let Some(placements) = &placements {
        let residents = placements.iter().map(|placement| placement.row.resident_id);
        entered.shows(residents, now()).map_err(|error| common.failed(&error))?;
    }
    let to_json = || {
        let mut value = plan_json::full(&full);
        if let Some(placements) = &placements {
            value["placements"] = placements.iter().map(plan_json::placement).collect();
        }
        if let Some(household) = &household {
            value["household"] = household.first().map(plan_json::household).unwrap_or_default();
        }
        if let Some(uncovered) = &uncovered {
            value["uncovered_households"] = uncovered.iter().map(plan_json::household).collect();
        }
        value
    };
    let to_text = || {
        let lists = [
            placements.as_ref().map(|list| tables::placements(list, common)),
            household.as_ref().map(|list| tables::households(list, common)),
            uncovered.as_ref().map(|list| tables::households(list, common)),
        ];
        let parts = std::iter::once(tables::full(&full, common)).chain(lists.into_iter().flatten());
        parts.collect::<Vec<String>>().join("\n")
    };
    print(args.json, to_json, to_text)
}

fn run_diff(args: &DiffArgs, entered: &Entered, common: &Common) -> anyhow::Result<ExitCode> {
    use crate::domain::codes::PlanChangeKind::Kept;
    let db = &entered.db;
    let all =
        every(db, common, |conn, page| view::diff(conn, args.plan, None, entered.within(), page), |change| change.id)?;
    let shown: Vec<_> = all.into_iter().filter(|change| args.all || change.row.kind != Kept).collect();
    print(args.json, || Value::from_iter(shown.iter().map(plan_json::change)), || tables::changes(&shown, common))
}

fn run_verify(args: &VerifyArgs, db: &Db, common: &Common) -> anyhow::Result<ExitCode> {
    let found = verify::verify(db, args.plan).map_err(|error| common.failed(&error))?;
    let code = print(args.json, || plan_json::verification(&found), || found.text().get(common.lang).to_owned())?;
    Ok(if matches!(found.verdict, Verdict::Violated(_)) { ExitCode::FAILURE } else { code })
}

fn run_adopt(args: &AdoptArgs, db: &Db, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error| common.failed(&error);
    let prepared = adopt::prepare(db, args.plan, common.day(None)?).map_err(failed)?;
    let by = Adopt {
        expected_current: args.expected_current.0,
        accept_changed_records: args.accept_changed_records,
        adopted_by: args.by.trim().to_owned(),
    };
    anyhow::ensure!(!by.adopted_by.is_empty(), "{}", common.text("请写明采用人。", "Please say who adopts it."));
    let adopted = db.write(|conn| adopt::adopt(conn, &prepared, &by, now())).map_err(failed)?;
    print(args.json, || plan_json::adoption(&adopted), || tables::adoption(&adopted, common))
}

fn run_pins(args: &PinsArgs, entered: &Entered, common: &Common) -> anyhow::Result<ExitCode> {
    let db = &entered.db;
    let failed = |error| common.failed(&error);
    if let (Some(kind), Some(resident), Some(posting), Some(reason)) =
        (args.add, args.resident, args.posting, &args.reason)
    {
        let decision = (resident, posting, kind.into());
        db.write(|conn| pins::make(conn, db.keys(), decision, reason.trim(), now())).map_err(failed)?;
    }
    if let Some(id) = args.end {
        db.write(|conn| pins::end(conn, db.keys(), id, now())).map_err(failed)?;
    }
    let filter = PinFilter {
        resident: args.resident,
        posting: args.posting,
        standing: (!args.all).then_some(true),
        within: entered.within().map(<[i64]>::to_vec),
        ..PinFilter::default()
    };
    let found = every(db, common, |conn, page| pins::page(conn, db.keys(), &filter, page), |pin| pin.id)?;
    print(args.json, || Value::from_iter(found.iter().map(plan_json::pin)), || tables::pins(&found, common))
}

/// Every entry of a list that comes in pages.
fn every<T>(
    db: &Db,
    common: &Common,
    page: impl Fn(&mut Connection, Page) -> Result<Vec<T>, crate::app::error::AppError>,
    id_of: impl Fn(&T) -> i64,
) -> anyhow::Result<Vec<T>> {
    const ROWS: usize = 500;
    let read = db.read(|conn| {
        let mut all: Vec<T> = Vec::new();
        loop {
            let after = all.last().map_or(0, &id_of);
            let found = page(conn, Page { after, limit: ROWS as i64 })?;
            let done = found.len() < ROWS;
            all.extend(found);
            if done {
                return Ok(all);
            }
        }
    });
    read.map_err(|error| common.failed(&error))
}
