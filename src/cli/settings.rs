//! `wangjia settings`: the dated thresholds, shown and set.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{self, ObjectKind};
use crate::app::{now, setting_changes, settings as use_case};

/// Show or set what differs between provinces and years; a value holds from its day on, the past keeps its own.
#[derive(Debug, clap::Args)]
#[command(after_help = "Settings:\n  \
    labour_age_from, labour_age_to      youngest and oldest completed years of the labour age\n  \
    farming_counts                      whether farming counts as employment: true or false\n  \
    decent_pay                          yuan a month from which pay is decent\n  \
    verified_days                       evidence younger than this verifies a job\n  \
    at_risk_days                        a single earner is at risk when something ends within these days\n  \
    minimum_wage_monthly_yuan           lowest full-time wage here, yuan a month\n  \
    minimum_wage_hourly_fen             lowest part-time wage here, fen an hour\n  \
    minimum_wage_monthly_yuan:广东      the same for postings in another province\n  \
    password_policy                     asvs (long, never expiring) or mlps (three kinds, replaced in time)\n  \
    password_min_length                 fewest characters under asvs, 8 to 64\n  \
    password_days                       days a password holds under mlps\n  \
    second_factor_required              roles that need a second factor, such as administrator,official, or none\n  \
    session_idle_minutes                minutes without use after which a sign-in ends\n  \
    session_hours                       hours after which a sign-in ends in any case\n  \
    referral_reminder_days              days without an answer after which an employer is reminded\n  \
    referral_expiry_days                days without a move after which a referral is closed\n  \
    posting_confirmation_days           days after which a posting nobody confirmed is published no more\n  \
    subsidy_month_days, subsidy_month_pay   days of work and yuan a month from which a park worker's month counts\n  \
    clock_first_service_days            working days from recognition to a household's first service\n  \
    clock_cover_days                    working days until guidance, offers and a job\n  \
    clock_guidance, clock_offers, clock_training_offers   how much of each a household is owed\n  \
    exit_suitable_refusals              suitable offers refused after which a recognition may be ended\n  \
    exit_unreachable_attempts           attempts that reached nobody after which it may be ended\n  \
    follow_up_days                      days in which the answer to a follow-up is in time\n  \
    visit_weekly_target                 households a counselor visits in a week\n  \
    visit_every_weeks                   weeks after which every household is to be visited again\n  \
    concern_answer_days                 working days to answer a concern\n  \
    concern_level_days                  working days a level has before the next one takes over a late concern\n  \
    small_cell_threshold                counts below this are not published; at least 5\n  \
    retention_audit_months              audit entries; at least 6 (网络安全法)\n  \
    retention_sessions_months           sign-ins that ended; at least 6 (网络安全法)\n  \
    retention_employment_months         jobs of a deleted person, after their end; at least 24 (人力资源市场条例 33)\n  \
    retention_provision_months          consents and introductions; at least 36 (网络数据安全管理条例 12)\n  \
    retention_notices_months            what employers were told\n  \
    retention_postings_months           closed postings; at least 36 (网络招聘服务管理规定)\n  \
    retention_visits_months             visits; at least 24 (人力资源市场条例 33)\n  \
    retention_concerns_months           closed concerns; at least 24 (人力资源市场条例 33)\n  \
    retention_events_months             events superseded by a later one of the same row; at least 24\n  \
    retention_rejected_rows_days        rows of imports sent back for correction\n  \
    retention_import_findings_months    what was found in imports\n  \
    retention_jobs_days                 inputs and results of jobs\n\n\
    Examples:\n  \
    wangjia settings list\n  \
    wangjia settings set minimum_wage_monthly_yuan YUAN --from 2026-01-01")]
pub struct SettingsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every value with the day it holds from.
    List {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Set a value from a day on.
    Set {
        /// Name of the setting.
        key: String,
        value: String,
        /// First day of the value, YYYY-MM-DD; today in China if not given.
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
    },
}

pub fn run(args: &SettingsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error| common.failed(&error);
    match &args.action {
        Action::List { json } => {
            let settings = use_case::list(&common.enter("settings", (ObjectKind::Setting, access::Action::List))?.db)
                .map_err(failed)?;
            if *json {
                let rows = settings.iter().map(|setting| {
                    json!({
                        "key": setting.key,
                        "value": setting.value,
                        "valid_from": setting.valid_from.to_string(),
                    })
                });
                output::line(format_args!("{:#}", Value::from_iter(rows)))?;
            } else {
                let head =
                    [common.text("设置", "setting"), common.text("值", "value"), common.text("生效日", "valid from")];
                let head: Vec<&str> = head.iter().map(String::as_str).collect();
                let rows = settings.into_iter().map(|row| vec![row.key, row.value, row.valid_from.to_string()]);
                output::line(table(&head, &[1], rows.collect()))?;
            }
        }
        Action::Set { key, value, from } => {
            let from = common.day(from.as_deref())?;
            let entered = common.enter("settings set", (ObjectKind::Setting, access::Action::Change))?;
            setting_changes::set(&entered.db, &entered.act, (key, value), from, now()).map_err(failed)?;
            output::line(
                common.text(&format!("{key} 自 {from} 起为 {value}。"), &format!("{key} is {value} from {from} on.")),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
