//! `wangjia match-names`: which skill does a name mean, and by which step?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::occupations::{self as use_case, MatchedName, MatchedSkill, Step};
use crate::domain::text::{Label, Lang};

/// Say which skill each name means, or which skills come closest.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Steps, from certain to vague: exact (the skill's own name), alias (another name of it, or a name with words
around it), fuzzy (letters and parts alike), meaning (it resembles the same occupations; needs `wangjia occupations load`).
Points are what a person who holds the one has where the other is asked, of 10,000; 0 is for people to look at and does not
count in matching.

Examples:\n  \
    wangjia match-names 平车工 挡车\n  \
    wangjia match-names --file names.txt --json\n  \
    wangjia match-names --unmapped                   the names of ledgers and postings nobody has mapped"
)]
#[group(required = true, multiple = true, args = ["names", "file", "unmapped"])]
pub struct MatchNamesArgs {
    /// Names of skills, trades or positions.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Text file in UTF-8 with one name a line.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The names of the mapping queue, most frequent first.
    #[arg(long)]
    unmapped: bool,
    /// Most skills shown of a name that means none.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    top: u16,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

/// Matches the names and prints what was found.
///
/// # Errors
/// If the database cannot be opened or the file cannot be read.
pub fn run(args: &MatchNamesArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let db = common.enter("match-names", (ObjectKind::UnmappedName, Action::List))?.db;
    let mut names = args.names.clone();
    if let Some(file) = &args.file {
        names.extend(lines(file, common)?);
    }
    if args.unmapped {
        names.extend(use_case::unmapped_names(&db).map_err(|error| common.failed(&error))?);
    }
    let matched = use_case::match_names(&db, &names, args.top.into()).map_err(|error| common.failed(&error))?;
    if args.json {
        output::line(format_args!("{:#}", Value::from(matched.iter().map(to_json).collect::<Vec<_>>())))?;
    } else {
        print(&matched, common)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(file: &Path, common: &Common) -> anyhow::Result<Vec<String>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| {
        common
            .text(&format!("无法读取文件 {shown}（须为 UTF-8 文本）"), &format!("cannot read {shown} as text in UTF-8"))
    })?;
    let names = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

const fn step(step: Step) -> Label {
    match step {
        Step::Exact => Label { zh: "本名", en: "exact" },
        Step::Alias => Label { zh: "别名", en: "alias" },
        Step::Fuzzy => Label { zh: "字形相近", en: "fuzzy" },
        Step::Meaning => Label { zh: "含义相近", en: "meaning" },
    }
}

fn print(matched: &[MatchedName], common: &Common) -> std::io::Result<()> {
    let mut rows = Vec::new();
    for name in matched {
        let resembled = name.occupations.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>();
        let resembled = resembled.join(if common.lang == Lang::Zh { "、" } else { ", " });
        let mut first = true;
        let mut row = |skill: String, points: String, step: String| {
            let (name, resembled) = if first { (name.name.clone(), resembled.clone()) } else { Default::default() };
            first = false;
            rows.push(vec![name, skill, points, step, resembled]);
        };
        for found in &name.skills {
            let skill = common.text(&found.zh, &found.en);
            row(skill, found.points.to_string(), step(found.step).get(common.lang).to_owned());
        }
        if name.skills.is_empty() {
            row(common.text("（未识别）", "(unknown)"), String::new(), String::new());
        }
    }
    let head = match common.lang {
        Lang::Zh => ["名称", "技能", "分", "依据", "近似职业"],
        Lang::En => ["name", "skill", "points", "step", "resembles"],
    };
    output::line(table(&head, &[2], rows))
}

/// `skill` is the one the name means, `nearest` what it comes closest to if it means none.
fn to_json(name: &MatchedName) -> Value {
    let is_certain = |found: &&MatchedSkill| matches!(found.step, Step::Exact | Step::Alias);
    let skill = |found: &MatchedSkill| {
        json!({
            "id": found.id.to_string(),
            "code": found.code,
            "name_zh": found.zh,
            "name_en": found.en,
            "points": found.points,
            "step": found.step.code(),
        })
    };
    let occupations = name.occupations.iter().map(|(code, name)| json!({"code": code, "name": name}));
    json!({
        "name": name.name,
        "skill": name.skills.iter().find(is_certain).map(skill),
        "nearest": name.skills.iter().filter(|found| !is_certain(found)).map(skill).collect::<Vec<_>>(),
        "occupations": occupations.collect::<Vec<_>>(),
    })
}
