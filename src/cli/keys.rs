//! `wangjia keys`: which key seals how much, a new key for everything, an old key put aside.

use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::Subcommand;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::keys as use_case;
use crate::app::now;

/// List, replace and put aside the keys that seal ID numbers, phones and notes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A rotation runs beside the service and may be stopped at any moment: run it again and it goes on. With \
    the keys in WANGJIA_KEYS instead of a file, add a line `seal ID KEY` yourself (ID one higher than the highest, KEY 64 random \
    hexadecimal digits), restart every program that has the variable, then rotate.\n\n\
    Examples:\n  \
    wangjia keys list\n  \
    wangjia keys rotate\n  \
    wangjia keys retire 1                  once nothing is under key 1; backups made with it need the file this leaves"
)]
pub struct KeysArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every seal key and how many values it seals.
    List {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Add a key and seal everything with it; or finish a rotation that was stopped.
    Rotate {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Take a key nothing is under out of the key file, into FILE.retired-ID.
    Retire { id: u8 },
}

pub fn run(args: &KeysArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let db = common.open()?;
    let failed = |error| common.failed(&error);
    match &args.action {
        Action::List { json } => {
            let keys = use_case::list(&db).map_err(failed)?;
            if *json {
                let keys = keys
                    .iter()
                    .map(|key| json!({ "id": key.id, "known": key.known, "newest": key.newest, "values": key.values }));
                output::line(format_args!("{:#}", Value::from_iter(keys)))?;
            } else {
                let t = |zh: &str, en: &str| common.text(zh, en);
                let head = [t("密钥编号", "key"), t("加密的数据", "values"), t("状态", "state")];
                let head: Vec<&str> = head.iter().map(String::as_str).collect();
                let rows = keys.iter().map(|key| {
                    let state = match (key.known, key.newest, key.values) {
                        (false, ..) => t("密钥文件中没有", "not in the key file"),
                        (_, true, _) => t("使用中", "seals"),
                        (_, _, 0) => t("可停用", "may be retired"),
                        _ => t("待更换", "to be replaced"),
                    };
                    vec![key.id.to_string(), key.values.to_string(), state]
                });
                output::line(table(&head, &[0, 1], rows.collect()))?;
            }
        }
        Action::Rotate { json } => {
            let bar = if *json { ProgressBar::hidden() } else { ProgressBar::new(0) };
            let rotated = use_case::rotate(&db, now(), &mut |progress| {
                bar.set_length(progress.all);
                bar.set_position(progress.done);
                ControlFlow::Continue(())
            });
            bar.finish_and_clear();
            let rotated = rotated.map_err(failed)?;
            if *json {
                let use_case::Rotated { key, added, values, left } = rotated;
                output::line(json!({ "key": key, "added": added, "values": values, "left": left }))?;
            } else {
                say(&rotated, common)?;
            }
        }
        Action::Retire { id } => {
            let path = use_case::retire(&db, *id, now()).map_err(failed)?;
            let path = path.display();
            output::line(common.text(
                &format!("{id} 号密钥已移到 {path}。用它制作的备份还在时，请保留该文件。"),
                &format!(
                    "Key {id} was moved to {path}. Keep that file as long as there are backups made with the key."
                ),
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn say(rotated: &use_case::Rotated, common: &Common) -> anyhow::Result<()> {
    let use_case::Rotated { key, values, left, .. } = rotated;
    output::line(common.text(
        &format!("已改用 {key} 号密钥，重新加密 {values} 项。请重新备份密钥文件。"),
        &format!("Key {key} is in use; {values} values were sealed with it. Back the key file up again."),
    ))?;
    if *left > 0 {
        output::line(common.text(
            &format!("仍有 {left} 项由旧密钥加密：有程序还在使用旧密钥。请重启后再运行一次。"),
            &format!("{left} values are under old keys: a program still seals with one. Restart it and rotate again."),
        ))?;
    }
    Ok(())
}
