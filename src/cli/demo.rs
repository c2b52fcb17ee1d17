//! `wangjia demo`: the whole service on an invented community, through the same doors a real one uses.
//!
//! The town is written as spreadsheets and imported like anybody's; what is printed is read back from the database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use chrono::NaiveDate;
use serde_json::json;

use super::coverage::report_table;
use super::generate;
use super::plan::propose_with_progress;
use super::recommend::{print_list, progress_bar, run_with_progress};
use super::serve::{Bind, serve};
use super::table::table;
use super::{Common, output, plan_tables};
use crate::api::server;
use crate::app::access::{Action, ObjectKind, enter};
use crate::app::accounts::demo::{Person, people};
use crate::app::coverage::coverage;
use crate::app::coverage::report::{CoverageReport, GroupBy};
use crate::app::demo::{DemoError, fresh};
use crate::app::demo_courses::courses;
use crate::app::demo_days::last_week;
use crate::app::imports::{ImportOptions, import_file};
use crate::app::plans::view::{self, Full};
use crate::app::recommendations::{RunSummary, for_resident, resident_to_show};
use crate::app::{Db, now};
use crate::domain::codes::Severity;
use crate::domain::text::Text;
use crate::town::{self, HOUSEHOLDS, MAX_HOUSEHOLDS, MAX_POSTINGS, MIN_POSTINGS, Town, TownError, TownPlan};

/// The demo's database and keys, in the current folder.
const DEMO_URL: &str = "sqlite://wangjia-demo.db";
const DEMO_KEY_FILE: &str = "wangjia-demo.key";
/// Postings recommended to each resident.
const TOP: usize = 10;
/// Recommendations printed.
const SHOWN: usize = 3;

/// Show the whole service on an invented community: import, recommend, cover, plan, serve.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia demo                                   then open the printed address\n  \
    wangjia demo --once --json                     figures for a script, no server\n  \
    wangjia demo --seed 7 --households 1000        another, smaller community\n\
    \nThe database is ./wangjia-demo.db. It is replaced at every start, but only if it is a demo.")]
pub struct DemoArgs {
    /// Equal seeds make equal communities.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// All figures of the community scale with it.
    #[arg(long, default_value_t = HOUSEHOLDS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_HOUSEHOLDS)))]
    households: u32,
    /// Postings in the park, elsewhere and at home [default: in proportion to the households].
    #[arg(long, value_parser = clap::value_parser!(u32).range(i64::from(MIN_POSTINGS)..=i64::from(MAX_POSTINGS)))]
    postings: Option<u32>,
    /// The day the community is shown on, YYYY-MM-DD; today in China if not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Import, recommend, print and exit; no server.
    #[arg(long)]
    once: bool,
    /// JSON for programs.
    #[arg(long, requires = "once")]
    json: bool,
    #[command(flatten)]
    bind: Bind,
}

pub fn run(args: &DemoArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let as_of = common.day(args.as_of.as_deref())?;
    if !args.once {
        // The port first: nothing is built for a server that cannot listen.
        let door = args.bind.door();
        // The demo makes accounts, so only encryption and the port are in question.
        let free = door.check(true).and_then(|_| server::listen(door.address));
        drop(free.map_err(|error| anyhow::anyhow!(error.text().get(common.lang).to_owned()))?);
    }
    let url = common.url_or(DEMO_URL)?;
    // The town before the database: a plan outside its limits leaves everything as it is.
    let folder = tempfile::tempdir().with_context(|| common.text("无法建立临时目录", "no temporary folder"))?;
    let files = write_town(args, as_of, folder.path()).map_err(|error| generate::said(error, common))?;
    // A database that cannot be reached or is another program's is said before keys are made for it.
    Db::is_new(&url).map_err(|error| common.said(error))?;
    let keys = common.keys_or_new(DEMO_KEY_FILE)?;
    let db = fresh(&url, keys.ring.clone()).map_err(|error| {
        match error {
            DemoError::NotADemo(_) | DemoError::Remove { .. } => keys.unused(),
            DemoError::Db(_) | DemoError::App(_) => keys.discard(&url),
        }
        said(error, common)
    })?;
    keys.announce(common);
    let say = |zh: &str, en: &str| {
        if args.json { Ok(()) } else { output::line(common.text(zh, en)) }
    };
    say("一、生成虚构社区，并按真实流程导入表格", "1. An invented community, imported like any other")?;
    // What it writes stands in the audit like anybody's.
    let acting = enter(&db, None, "demo", (ObjectKind::Import, Action::Create), None, now());
    let acting = acting.map_err(|error| common.failed(&error))?.db;
    for line in import_town(files, &acting, as_of, common)? {
        say(&line.zh, &line.en)?;
    }
    let run = run_with_progress(&acting, as_of, TOP, common)?;
    let report = coverage(&db, as_of, Some(GroupBy::Grid), None).map_err(|error| common.failed(&error))?;
    let plan = propose_with_progress(&acting, as_of, common)?;
    last_week(&acting, plan, (now(), as_of)).map_err(|error| common.failed(&error))?;
    courses(&acting, plan, (now(), as_of)).map_err(|error| common.failed(&error))?;
    let people = people(&acting, now()).map_err(|error| common.failed(&error))?;
    let plan = db.read(|conn| view::get(conn, db.keys(), plan)).map_err(|error| common.failed(&error))?;
    let seconds = started.elapsed().as_secs_f64();
    if args.json {
        output::line(format_args!("{:#}", figures(&run, &report, &plan, seconds)))?;
        return Ok(ExitCode::SUCCESS);
    }
    print_recommendations(&run, &db, as_of, common)?;
    say("\n三、家庭就业覆盖", "\n3. Household coverage")?;
    output::line(report_table(&report, common))?;
    say(
        "\n四、家庭优先的安排计划：空缺给谁，才能让最多的家庭有人就业",
        "\n4. The household-first plan: who should get which vacancy, so that most households have work",
    )?;
    output::line(plan_tables::full(&plan, common))?;
    say(
        "\n五、账号：每种角色一个，密码只显示这一次，可直接登录（演示不要求改密码和两步验证）",
        "\n5. Accounts: one of each role; the passwords are shown this once and sign in as they are (the demo asks for no new \
         password and no second factor)",
    )?;
    output::line(people_table(&people, common))?;
    say(&format!("用时 {seconds:.1} 秒。数据库：{url}"), &format!("{seconds:.1} s. Database: {url}"))?;
    if args.once {
        return Ok(ExitCode::SUCCESS);
    }
    say(
        "\n六、请在浏览器打开下面的地址。按 Ctrl-C 结束。",
        "\n6. Open the address below in a browser. Ctrl-C ends it.",
    )?;
    serve(db, &args.bind, common)
}

fn people_table(people: &[Person], common: &Common) -> comfy_table::Table {
    let head = [
        common.text("角色", "role"),
        common.text("范围", "where"),
        common.text("登录名", "login"),
        common.text("密码", "password"),
    ];
    let rows = people.iter().map(|person| {
        let role = person.role.label().get(common.lang).to_owned();
        let place = person.place.clone().unwrap_or_else(|| "—".to_owned());
        vec![role, place, person.login.clone(), person.password.reveal().to_owned()]
    });
    table(&head.each_ref().map(String::as_str), &[], rows.collect())
}

fn said(error: DemoError, common: &Common) -> anyhow::Error {
    match error {
        DemoError::NotADemo(url) => anyhow::anyhow!(common.text(
            &format!("{url} 里不是演示数据，没有改动。请用 --database-url 指定别处，或先移走它。"),
            &format!("{url} holds data that is not a demo; it was left alone. Choose another with --database-url, or move it."),
        )),
        DemoError::Remove { path, source } => anyhow::Error::new(source).context(common.text(
            &format!("无法移除旧的演示数据库 {}", path.display()),
            &format!("the old demo database {} cannot be removed", path.display()),
        )),
        DemoError::Db(error) => common.said(error),
        DemoError::App(error) => common.failed(&error),
    }
}

/// Writes the town's spreadsheets; returns them in alphabetical order.
fn write_town(args: &DemoArgs, as_of: NaiveDate, folder: &Path) -> Result<Vec<PathBuf>, TownError> {
    let postings = args.postings.unwrap_or_else(|| town::postings_for(args.households));
    let plan = TownPlan { seed: args.seed, households: args.households, postings, as_of };
    let mut files = town::write(&Town::generate(&plan)?, folder, false)?;
    files.sort();
    Ok(files)
}

fn import_town(files: Vec<PathBuf>, db: &Db, as_of: NaiveDate, common: &Common) -> anyhow::Result<Vec<Text>> {
    let mut lines = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).with_context(|| name.clone())?;
        let options = ImportOptions { as_of, now: now(), dry_run: false, accept_clean_rows: false };
        let bar = progress_bar();
        let mut progress = |percent: u8, step: Text| {
            bar.set_position(u64::from(percent));
            bar.set_message(format!("{name} {}", step.get(common.lang)));
            Ok(())
        };
        let report = import_file(db, &bytes, &name, &options, &mut progress).map_err(|error| common.failed(&error))?;
        bar.finish_and_clear();
        let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
        anyhow::ensure!(
            !report.stopped,
            common.text(
                &format!("{name} 有 {errors} 处错误，未导入"),
                &format!("{name} has {errors} errors and was not imported")
            )
        );
        lines.push(Text::new(
            format!("   {name}：导入 {} 行，提醒 {warnings} 条", report.created),
            format!("   {name}: {} rows imported, {warnings} warnings", report.created),
        ));
    }
    Ok(lines)
}

fn print_recommendations(run: &RunSummary, db: &Db, as_of: NaiveDate, common: &Common) -> anyhow::Result<()> {
    output::line(
        common.text(
            &format!(
                "\n二、推荐：{} 人 × {} 个岗位，为 {} 人推荐 {} 人次（空缺 {} 个）。例如：",
                run.n_residents, run.n_postings, run.n_served, run.n_recommendations, run.n_vacancies
            ),
            &format!(
                "\n2. Recommendations: {} residents × {} postings; {} proposals for {} residents ({} vacancies). For example:",
                run.n_residents, run.n_postings, run.n_recommendations, run.n_served, run.n_vacancies
            ),
        ),
    )?;
    let Some(resident) = resident_to_show(db, run.run).map_err(|error| common.failed(&error))? else { return Ok(()) };
    let answer = for_resident(db, resident, SHOWN, as_of).map_err(|error| common.failed(&error))?;
    output::line(format_args!("{}（#{}）", answer.resident.name, answer.resident.id))?;
    print_list(&answer.best, true, common)?;
    Ok(())
}

/// What scripts read.
fn figures(run: &RunSummary, report: &CoverageReport, plan: &Full, seconds: f64) -> serde_json::Value {
    json!({
        "households": report.total.households,
        "residents": run.n_residents,
        "labourers": run.n_labourers,
        "covered": report.total.covered,
        "uncovered": report.total.uncovered,
        "exempt": report.total.exempt,
        "open_vacancies": run.n_vacancies,
        "recommendations": run.n_recommendations,
        "plan": {
            "plan": plan.summary.id.to_string(),
            "covered_after": plan.summary.figures.covered_after,
            "uncovered": plan.summary.figures.uncovered,
            "placed": plan.summary.figures.placed,
        },
        "seconds": (seconds * 1000.0).round() / 1000.0,
    })
}
