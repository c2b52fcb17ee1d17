//! `wangjia referrals`: what time does to referrals and postings.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::table::table;
use super::{Common, output};
use crate::app::access::{Act, ObjectKind};
use crate::app::referrals::ageing;
use crate::app::{calendar_day, now};

/// Remind, close and take down what nobody answered or confirmed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The server does this once a day. The days are settings: referral_reminder_days, referral_expiry_days,\n\
    posting_confirmation_days.\n\n\
    Examples:\n  \
    wangjia referrals age --dry-run\n  \
    wangjia referrals age"
)]
pub struct ReferralsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Do what is due today; doing it again changes nothing more.
    Age {
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: &ReferralsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let Action::Age { dry_run, json } = &args.action;
    let act = Act::of_operator("change", ObjectKind::Referral, "referrals age");
    let now = now();
    let aged = ageing::apply(&common.open()?, &act, (now, calendar_day(now)), *dry_run)
        .map_err(|error| common.failed(&error))?;
    if *json {
        output::line(format_args!("{:#}", json!(aged)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let count = if *dry_run { ("将处理", "would be done") } else { ("已处理", "done") };
    let head = [common.text("事项", "what"), common.text(count.0, count.1)];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let line = |zh: &str, en: &str, count: u64| vec![common.text(zh, en), count.to_string()];
    let rows = vec![
        line("提醒企业答复", "employers reminded", aged.reminded),
        line("逾期关闭推荐", "referrals closed for want of an answer", aged.expired),
        line("同意到期或不能再服务，撤回推荐", "referrals withdrawn: consent or service ended", aged.withdrawn),
        line("本人已就业，关闭推荐", "referrals closed: hired elsewhere", aged.obsolete),
        line("工作已结束，推荐随之结束", "referrals ended with their job", aged.ended),
        line("久未确认，停止发布岗位", "postings taken down", aged.unpublished),
    ];
    output::line(table(&head, &[1], rows))?;
    Ok(ExitCode::SUCCESS)
}
