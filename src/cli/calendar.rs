//! `wangjia calendar`: the working days the household's clock counts by.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{self, ObjectKind};
use crate::app::clock::calendar::{self, CalendarDay};

/// Show or set holidays and weekends worked in their place.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Monday to Friday are working days unless a day is named here. No holidays are shipped: enter those announced for\n\
    the year.\n\n\
    Examples:\n  \
    wangjia calendar list\n  \
    wangjia calendar set 2027-02-08 --off --name 春节\n  \
    wangjia calendar set 2027-02-14 --working\n  \
    wangjia calendar remove 2027-02-14"
)]
pub struct CalendarArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The days that are not what their weekday says.
    List {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Say what a day is.
    #[command(group(clap::ArgGroup::new("what").required(true).args(["off", "working"])))]
    Set {
        #[arg(value_name = "DATE")]
        day: String,
        /// Nobody works on it.
        #[arg(long)]
        off: bool,
        /// It is worked, though a Saturday or Sunday.
        #[arg(long)]
        working: bool,
        /// What it is called.
        #[arg(long)]
        name: Option<String>,
    },
    /// Make a day what its weekday says.
    Remove {
        #[arg(value_name = "DATE")]
        day: String,
    },
}

pub fn run(args: &CalendarArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error| common.failed(&error);
    match &args.action {
        Action::List { json: as_json } => {
            let entered = common.enter("calendar list", (ObjectKind::Setting, access::Action::List))?;
            let days = entered.db.read(calendar::list).map_err(failed)?;
            if *as_json {
                let rows =
                    days.iter().map(|row| json!({"day": row.day, "is_working": row.is_working, "name": row.name}));
                output::line(format_args!("{:#}", Value::from_iter(rows)))?;
                return Ok(ExitCode::SUCCESS);
            }
            let head = [common.text("日期", "day"), common.text("是否上班", "working"), common.text("名称", "name")];
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            let rows = days.into_iter().map(|row| {
                let working = if row.is_working { ("上班", "yes") } else { ("休息", "no") };
                vec![row.day.to_string(), common.text(working.0, working.1), row.name.unwrap_or_default()]
            });
            output::line(table(&head, &[], rows.collect()))?;
        }
        Action::Set { day, working, name, .. } => {
            let day = CalendarDay { day: common.day(Some(day))?, is_working: *working, name: name.clone() };
            let entered = common.enter("calendar set", (ObjectKind::Setting, access::Action::Change))?;
            entered.db.write(|conn| calendar::set(conn, &day)).map_err(failed)?;
            let what = if day.is_working { ("上班", "worked") } else { ("休息", "off") };
            let text = (format!("{} 记为{}。", day.day, what.0), format!("{} is {}.", day.day, what.1));
            output::line(common.text(&text.0, &text.1))?;
        }
        Action::Remove { day } => {
            let day = common.day(Some(day))?;
            let entered = common.enter("calendar remove", (ObjectKind::Setting, access::Action::Change))?;
            entered.db.write(|conn| calendar::remove(conn, day)).map_err(failed)?;
            let text = (format!("{day} 恢复按星期计算。"), format!("{day} is what its weekday says."));
            output::line(common.text(&text.0, &text.1))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
