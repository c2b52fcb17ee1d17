//! `wangjia plan --instance` and `wangjia verify --instance`: the planner on somebody's own scores, and the check of a plan.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;

use super::table::table;
use super::{Common, output};
use crate::app::instance::{self, Answer, Refused};

/// Solve an instance given as CSV files.
#[derive(Debug, clap::Args)]
pub struct InstanceArgs {
    /// Folder with households.csv, residents.csv, postings.csv, pairs.csv and, if wanted, pins.csv.
    #[arg(long, value_name = "DIR")]
    pub instance: PathBuf,
    /// JSON for programs: placements, prices, value and bound.
    #[arg(long)]
    pub json: bool,
    /// Write the JSON to this file.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Check a plan and its proof from the raw files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  wangjia verify --instance town --plan plan.json\n\n\
    Exits with 0 if the plan is feasible, worth what it says and proved optimal by its prices; with 1 and the violated\n\
    condition if not.")]
pub struct VerifyArgs {
    /// Folder with the CSV files of the instance.
    #[arg(long, value_name = "DIR")]
    instance: PathBuf,
    /// JSON file with the plan.
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

/// How many of the dearest postings people are shown.
const DEAREST: usize = 10;

fn said(refused: &Refused, common: &Common) -> anyhow::Error {
    anyhow::Error::msg(refused.sentence(common.lang))
}

pub fn plan(args: &InstanceArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let answer = instance::plan(&args.instance).map_err(|refused| said(&refused, common))?;
    if let Some(path) = &args.out {
        write_whole(path, &answer).with_context(|| path.display().to_string())?;
    }
    if args.json {
        output::line(serde_json::to_string(&answer)?)?;
    } else {
        output::text(summary(&answer, common))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The file is there whole or not at all.
fn write_whole(path: &Path, answer: &Answer) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, answer)?;
    file.write_all(b"\n")?;
    file.persist(path)?;
    Ok(())
}

fn summary(answer: &Answer, common: &Common) -> String {
    let mut rows = vec![
        (common.text("覆盖权重", "covered weight"), answer.objective.covered_weight.to_string()),
        (common.text("适合度合计", "suitability"), answer.objective.suitability.to_string()),
        (common.text("安排人数", "placed"), answer.objective.placed.to_string()),
        (common.text("方案值", "value"), answer.value.to_string()),
        (
            common.text("上界（与方案值相等即证明最优）", "bound (equal to the value: proved optimal)"),
            answer.bound.to_string(),
        ),
    ];
    let seconds = answer.seconds;
    for (name, time) in [
        (common.text("读取（秒）", "read (s)"), seconds.read),
        (common.text("求解（秒）", "solve (s)"), seconds.solve),
        (common.text("验证（秒）", "verify (s)"), seconds.verify),
    ] {
        rows.push((name, format!("{time:.3}")));
    }
    rows.push((common.text("内存峰值（MiB）", "peak memory (MiB)"), (answer.peak_rss_bytes >> 20).to_string()));
    let rows = rows.into_iter().map(|(name, value)| vec![name, value]).collect();
    let figures = table(&[&common.text("指标", "figure"), &common.text("值", "value")], &[1], rows);

    let mut dearest: Vec<_> = answer.prices.iter().collect();
    dearest.sort_by_key(|(name, price)| (std::cmp::Reverse(**price), *name));
    let rows = dearest.iter().take(DEAREST).map(|(name, price)| {
        // A price is at most a household's reward and some points: in covered weight and points people can read it.
        vec![(*name).clone(), (*price / answer.fold).to_string(), (*price % answer.fold).to_string()]
    });
    let head = [
        common.text("再多一个空缺的价值：岗位", "one more vacancy at posting"),
        common.text("覆盖权重", "covered weight"),
        common.text("分", "points"),
    ];
    format!("{figures}\n{}\n", table(&head.each_ref().map(String::as_str), &[1, 2], rows.collect()))
}

pub fn verify(args: &VerifyArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let proof = match instance::verify(&args.instance, &args.plan) {
        Ok(proof) => proof,
        Err(refused) if args.json => {
            let fault = &refused.0;
            let (code, text) = (fault.code.unwrap_or("malformed"), fault.text.get(common.lang));
            let said = json!({"verified": false, "code": code, "file": fault.file, "line": fault.line, "reason": text});
            output::line(said)?;
            return Ok(ExitCode::FAILURE);
        }
        Err(refused) => return Err(said(&refused, common)),
    };
    let (covered, suitability) = (proof.objective.covered, proof.objective.suitability);
    if args.json {
        let said = json!({"verified": true, "covered_weight": covered, "suitability": suitability, "value": proof.value.to_string()});
        output::line(said)?;
    } else {
        let said = common.text("可行且已证明最优", "feasible and proved optimal");
        output::line(format_args!(
            "{said}: {} {covered}, {} {suitability}, {} {}",
            common.text("覆盖权重", "covered weight"),
            common.text("适合度", "suitability"),
            common.text("方案值 = 上界 =", "value = bound ="),
            proof.value
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
