//! `wangjia visits`: which households to visit in a week, and how many each counselor has visited.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::session::today;
use super::table::table;
use super::{Common, output};
use crate::app::access::{Action as Act, ObjectKind, members_of};
use crate::app::error::{AppError, FieldCode};
use crate::app::visits::plan::{self, Ask, Whose};
use crate::app::visits::progress::{self, Progress, Weeks};
use crate::app::{accounts, now};
use crate::domain::access::{Login, Role};
use crate::domain::text::counted;

/// Which households to visit in a week, and how many each counselor has visited.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "As many households as the weekly target leaves (visit_weekly_target): those that were promised a visit, then those a\n\
    visit is worth most to. Value = gain x weeks since the last visit, with a gain of 12 where nobody works, 8 where the only\n\
    earner may lose the job, 6 where nobody is willing, 4 where somebody was never asked, 1 anywhere else. Everybody's turn comes\n\
    at least every visit_every_weeks weeks as long as there is time. The list is a walk: building by building, unit by unit.\n\n\
    Examples:\n  \
    wangjia visits plan --counselor zhang.wei\n  \
    wangjia visits plan --area 12 --week 2026-11-30\n  \
    wangjia visits progress --weeks 4"
)]
pub struct VisitsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Which households to visit in a week.
    Plan {
        /// Any day of the week, YYYY-MM-DD; this week if not given.
        #[arg(long, value_name = "DATE")]
        week: Option<String>,
        /// The plan of this account; without it an account's own, or of all areas whoever goes.
        #[arg(long, value_name = "LOGIN")]
        counselor: Option<String>,
        /// Only households of this grid or building.
        #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
        area: Option<i64>,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// How many households each counselor visited, against the weekly target.
    Progress {
        /// Any day of the last week, YYYY-MM-DD; this week if not given.
        #[arg(long, value_name = "DATE")]
        week: Option<String>,
        /// How many weeks up to that one.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=53))]
        weeks: u32,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: &VisitsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Plan { week, counselor, area, json } => {
            let week = common.day(week.as_deref())?;
            show_plan(common, week, counselor.as_deref(), *area, *json)?;
        }
        Action::Progress { week, weeks, json } => {
            let weeks = Weeks { until: common.day(week.as_deref())?, count: *weeks };
            show_progress(common, weeks, *json)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show_plan(
    common: &Common,
    week: chrono::NaiveDate,
    counselor: Option<&str>,
    area: Option<i64>,
    as_json: bool,
) -> anyhow::Result<()> {
    let failed = |error: AppError| match &error {
        AppError::Invalid(fields) if fields.iter().any(|field| field.pointer == "?week") => {
            let rule = FieldCode::OutOfRange.text();
            super::fault::Usage(common.text(
                &format!("{week}：这一周已经过去。{}", rule.zh),
                &format!("{week}: this week is over. {}", rule.en),
            ))
            .into()
        }
        other => common.failed(other),
    };
    let entered = common.enter("visits plan", (ObjectKind::Visit, Act::List))?;
    let own = entered.act.caller.account.filter(|_| entered.allowed.role == Some(Role::Counselor));
    let named = counselor.map(|login| Login::parse(login).ok_or(AppError::NotFound)).transpose().map_err(failed)?;
    let (plan, shown) = entered
        .db
        .read(|conn| {
            let named = named.as_ref().map(|login| accounts::by_login(conn, login)).transpose()?.map(|found| found.id);
            let within = match named.filter(|named| Some(*named) != own) {
                None => entered.within().map(<[i64]>::to_vec),
                Some(other) => plan::areas_for(conn, other, entered.within())?,
            };
            let whose = named.or(own).map_or(Whose::Anybody, Whose::Account);
            let plan = plan::week(conn, &Ask { whose, week, within, area }, today())?;
            let households: Vec<i64> = plan.lines.iter().map(|line| line.household).collect();
            let shown = members_of(conn, &households)?;
            Ok::<_, AppError>((plan, shown))
        })
        .map_err(failed)?;
    entered.shows(shown, now()).map_err(failed)?;
    if as_json {
        let lines = plan.lines.iter().map(|line| {
            let reasons =
                line.reasons.iter().map(|(code, text)| json!({"code": code.code(), "zh": text.zh, "en": text.en}));
            json!({
                "household": line.household.to_string(), "code": line.code, "head": line.head_name, "grid": line.grid,
                "building": line.building, "unit": line.unit, "value": line.value, "due": line.due,
                "last_visited_on": line.last_visited_on, "reasons": Value::from_iter(reasons),
            })
        });
        let whole = json!({
            "week_start": plan.week_start, "week_end": plan.week_end, "target": plan.target, "done": plan.done,
            "due": plan.due, "items": Value::from_iter(lines),
        });
        return Ok(output::line(format_args!("{whole:#}"))?);
    }
    let n = plan.lines.len();
    output::line(common.text(
        &format!(
            "{} 至 {}：每周目标 {} 户，本周已走访 {} 户，安排 {n} 户（到期或已约定 {} 户）",
            plan.week_start, plan.week_end, plan.target, plan.done, plan.due
        ),
        &format!(
            "{} to {}: target {}, {} visited this week, {n} to visit ({} due or promised)",
            plan.week_start,
            plan.week_end,
            counted(plan.target, "household", "households"),
            plan.done,
            plan.due
        ),
    ))?;
    let head = [
        common.text("顺序", "no."),
        common.text("编号", "id"),
        common.text("户编号", "code"),
        common.text("户主", "head"),
        common.text("住址", "address"),
        common.text("上次走访", "last visit"),
        common.text("价值", "value"),
        common.text("原因", "why"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = plan.lines.into_iter().zip(1..).map(|(line, n): (_, usize)| {
        let reasons: Vec<&str> = line.reasons.iter().map(|(_, text)| text.get(common.lang)).collect();
        vec![
            n.to_string(),
            line.household.to_string(),
            line.code.unwrap_or_default(),
            line.head_name.unwrap_or_default(),
            format!("{} {} {}", line.grid, line.building, line.unit.as_deref().unwrap_or_default())
                .trim_end()
                .to_owned(),
            line.last_visited_on.map_or_else(|| "–".to_owned(), |day| day.to_string()),
            line.value.to_string(),
            reasons.join(&common.text("；", "; ")),
        ]
    });
    Ok(output::line(table(&head, &[0, 1, 6], rows.collect()))?)
}

fn show_progress(common: &Common, weeks: Weeks, as_json: bool) -> anyhow::Result<()> {
    let failed = |error| common.failed(&error);
    // A counselor's token shows its own weeks; the operator and officials see everybody's.
    let entered = match common.enter("visits progress", (ObjectKind::VisitProgress, Act::List)) {
        Ok(entered) => entered,
        Err(_) if common.token.is_some() => common.enter("visits progress", (ObjectKind::VisitProgress, Act::Read))?,
        Err(error) => return Err(error),
    };
    let own = entered.act.action == Act::Read.code();
    let found: Vec<Progress> = entered
        .db
        .read(|conn| {
            if own {
                progress::own(conn, entered.act.caller.account, weeks)
            } else {
                progress::by_counselor(conn, entered.within(), weeks)
            }
        })
        .map_err(failed)?;
    if as_json {
        let rows = found.iter().map(|row| {
            json!({
                "week_start": row.week_start, "account": row.account.map(|id| id.to_string()), "name": row.name,
                "target": row.target, "visited": row.visited, "met": row.met, "planned": row.planned,
            })
        });
        return Ok(output::line(format_args!("{:#}", Value::from_iter(rows)))?);
    }
    let head = [
        common.text("周一", "Monday"),
        common.text("人员", "counselor"),
        common.text("目标", "target"),
        common.text("已走访", "visited"),
        common.text("见到人", "met"),
        common.text("已计划", "planned"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = found.into_iter().map(|row| {
        let name = row.name.unwrap_or_else(|| common.text("命令行", "command line"));
        let numbers = [u64::from(row.target), row.visited, row.met, row.planned].map(|n| n.to_string());
        [row.week_start.to_string(), name].into_iter().chain(numbers).collect()
    });
    Ok(output::line(table(&head, &[2, 3, 4, 5], rows.collect()))?)
}
