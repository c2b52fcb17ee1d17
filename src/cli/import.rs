//! `wangjia import`: ledgers and posting lists into the database, with every finding.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::table::table;
use super::{Common, import_mapping, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::imports::{Change, Finding, ImportOptions, ImportReport, MAX_BYTES, Said, import_guarded};
use crate::app::{self, Db, imports};
use crate::domain::codes::Severity;
use crate::domain::text::Text;

/// Lines of findings and of changes shown to people; `--json` has them all.
const SHOWN: usize = 100;
/// Names tried for a file of rejected rows; somebody with more has stopped correcting them.
const MOST_NAMES: u32 = 1000;

/// Read ledgers, member, job and training lists, posting lists or building lists (.xlsx, .xls, .csv) into the database.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A row with an error stops its file and nothing of it is stored; with --accept-clean-rows the other rows are
stored and those with errors come back as a workbook to correct. Files are imported in the order given; the
first that is refused ends the run. Importing a file again changes nothing.

Exit codes: 0 imported, 1 refused or stopped, 2 wrong usage.

Examples:\n  \
    wangjia import postings.xlsx ledger.xlsx\n  \
    wangjia import ledger.xlsx --dry-run             what would change, and what is wrong\n  \
    wangjia import ledger.csv --accept-clean-rows --rejected-out to-correct.xlsx\n  \
    wangjia import ledger.xlsx --as-of 2026-10-31 --json\n  \
    wangjia import ledger.xls --show-mapping         what each column is taken for; writes nothing\n  \
    wangjia import ledger.xls --map 证件=身份证号 --map 随访=- --map-value 务工地域:镇上=乡(镇)内"
)]
pub struct ImportArgs {
    /// Files to import, in this order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Day the data speaks of, YYYY-MM-DD; today in China if not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Say what would happen and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Store the rows without errors and give the others back.
    #[arg(long)]
    accept_clean_rows: bool,
    /// Workbook for the rows with errors; with --accept-clean-rows it is written beside the file if not given. An existing
    /// file is not overwritten.
    #[arg(long, value_name = "FILE")]
    rejected_out: Option<PathBuf>,
    /// Say what each column is taken for, how sure that is and why, and write nothing.
    #[arg(long)]
    show_mapping: bool,
    /// What a column is: its title or path as --show-mapping gives it, and the field's title or name; - keeps it in the note.
    /// Remembered for every later file with the same head.
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = import_mapping::column)]
    map: Vec<(String, String)>,
    /// What a word of a column stands for: a word of its list. Remembered.
    #[arg(long, value_name = "COLUMN:WORD=MEANING", value_parser = import_mapping::word)]
    map_value: Vec<(String, String, String)>,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

/// One file and what became of it.
struct Done {
    path: PathBuf,
    report: ImportReport,
    rejected_out: Option<PathBuf>,
}

/// Imports the files and prints what happened.
///
/// # Errors
/// If the database cannot be opened, a file cannot be read or is refused as a whole.
pub fn run(args: &ImportArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let as_of = common.day(args.as_of.as_deref())?;
    let entered = common.enter("import", (ObjectKind::Import, Action::Create))?;
    let db = entered.db;
    let said = Said { columns: args.map.clone(), words: args.map_value.clone(), ..Said::default() };
    if args.show_mapping {
        return import_mapping::show(&db, &args.files, &said, args.json, common);
    }
    let mut done: Vec<Done> = Vec::new();
    let mut stopped = false;
    for path in &args.files {
        let options =
            ImportOptions { as_of, now: app::now(), dry_run: args.dry_run, accept_clean_rows: args.accept_clean_rows };
        // Before the import: what cannot be given back is not taken.
        let place = reserve(path, args, done.is_empty(), common)?;
        let report = import(&db, path, &options, &said, args, common)?;
        stopped = report.stopped;
        let rejected_out = match (place, &report.rejected_file) {
            (Some(place), Some(bytes)) => Some(place.keep(bytes, common)?),
            _ => None,
        };
        done.push(Done { path: path.clone(), report, rejected_out });
        if stopped {
            break;
        }
    }
    if args.json {
        output::line(format_args!("{:#}", to_json(&done, args)))?;
    } else {
        for file in &done {
            print(file, args, common)?;
        }
    }
    Ok(if stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn import(
    db: &Db,
    path: &Path,
    options: &ImportOptions,
    said: &Said,
    args: &ImportArgs,
    common: &Common,
) -> anyhow::Result<ImportReport> {
    let shown = path.display().to_string();
    let bytes =
        read(path).with_context(|| common.text(&format!("无法读取文件 {shown}"), &format!("cannot read {shown}")))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bar = if args.json { ProgressBar::hidden() } else { ProgressBar::new(100) };
    if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:30}] {percent:>3}% {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(name.clone());
    bar.enable_steady_tick(Duration::from_millis(200));
    let file = imports::File { said, ..imports::File::plain(&name, &bytes) };
    let mut progress = |percent: u8, step: Text| {
        bar.set_position(percent.into());
        bar.set_message(step.get(common.lang).to_owned());
        Ok(())
    };
    let result = import_guarded(db, &file, options, &mut progress, &mut |_| Ok(()));
    bar.finish_and_clear();
    result.map_err(|error| common.failed(&error)).with_context(|| shown)
}

/// The file's bytes; of one that is too large, one byte more than is allowed, for which it will be refused.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES)? + 1;
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The place for the rows to correct, taken before the import. They hold personal data: for the owner's eyes only, and
/// nothing is overwritten. An empty file that was not needed is removed again.
struct Reserved {
    path: PathBuf,
    file: File,
    used: bool,
}

impl Reserved {
    fn keep(mut self, bytes: &[u8], common: &Common) -> anyhow::Result<PathBuf> {
        self.used = true;
        let shown = self.path.display();
        self.file.write_all(bytes).and_then(|()| self.file.sync_all()).with_context(|| {
            common.text(
                &format!("已导入，但无法写出待更正文件 {shown}"),
                &format!("imported, but the rows to correct cannot be written to {shown}"),
            )
        })?;
        Ok(self.path.clone())
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.used
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "an empty file for rejected rows was not removed");
        }
    }
}

/// Takes the place: the file asked for, which must be new, or the first free name beside the source. A later file of the same
/// run takes the next free name too.
fn reserve(source: &Path, args: &ImportArgs, is_first: bool, common: &Common) -> anyhow::Result<Option<Reserved>> {
    let (wanted, may_number) = match &args.rejected_out {
        Some(path) => (path.clone(), !is_first),
        None if args.accept_clean_rows && !args.dry_run => (source.with_extension("rejected.xlsx"), true),
        None => return Ok(None),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    for number in 1..=MOST_NAMES {
        let path = if number == 1 { wanted.clone() } else { numbered(&wanted, number) };
        match options.open(&path) {
            Ok(file) => return Ok(Some(Reserved { path, file, used: false })),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && may_number && number < MOST_NAMES => {}
            Err(error) => {
                let shown = path.display();
                return Err(anyhow::Error::new(error).context(common.text(
                    &format!("未导入：无法写出待更正文件 {shown}（同名文件不会被覆盖）"),
                    &format!(
                        "nothing was imported: the rows to correct cannot be written to {shown} (an existing file is not overwritten)"
                    ),
                )));
            }
        }
    }
    Ok(None)
}

/// `ledger.rejected.xlsx` → `ledger.rejected-2.xlsx`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{number}{extension}"))
}

fn to_json(done: &[Done], args: &ImportArgs) -> Value {
    let sum = |count: fn(&ImportReport) -> u64| done.iter().map(|file| count(&file.report)).sum::<u64>();
    let findings: Vec<Value> =
        done.iter().flat_map(|file| file.report.findings.iter().map(|f| finding_json(&file.path, f))).collect();
    json!({
        "dry_run": args.dry_run,
        "stopped": done.iter().any(|file| file.report.stopped),
        "created": sum(|report| report.created),
        "updated": sum(|report| report.updated),
        "unchanged": sum(|report| report.unchanged),
        "rejected": sum(|report| report.rejected),
        "findings": findings,
        "changes": done.iter().flat_map(|file| file.report.changes.iter().map(|c| change_json(&file.path, c))).collect::<Vec<_>>(),
        "files": done.iter().map(|file| json!({
            "file": file.path.display().to_string(),
            "import": file.report.batch_id.map(|id| id.to_string()),
            "created": file.report.created,
            "updated": file.report.updated,
            "unchanged": file.report.unchanged,
            "rejected": file.report.rejected,
            "rejected_out": file.rejected_out.as_ref().map(|path| path.display().to_string()),
        })).collect::<Vec<_>>(),
    })
}

fn text_json(text: &Text) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

fn finding_json(path: &Path, finding: &Finding) -> Value {
    json!({
        "file": path.display().to_string(),
        "code": finding.code.code(),
        "severity": finding.severity.code(),
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "masked_value": finding.masked_value,
        "message": text_json(&finding.text),
    })
}

fn change_json(path: &Path, change: &Change) -> Value {
    json!({
        "file": path.display().to_string(),
        "sheet": change.sheet,
        "row": change.row,
        "record": change.record.en,
        "key": change.key,
        "field": { "zh": change.field.zh, "en": change.field.en },
        "before": change.before.as_ref().map(text_json),
        "after": change.after.as_ref().map(text_json),
    })
}

fn print(done: &Done, args: &ImportArgs, common: &Common) -> std::io::Result<()> {
    let report = &done.report;
    let t = |zh: &str, en: &str| common.text(zh, en);
    output::line(done.path.display())?;
    let outcome = match (report.stopped, args.dry_run) {
        (true, _) => t(
            "有错误，整个文件未导入。请更正后重试，或加 --accept-clean-rows 先导入无误的行。",
            "There are errors: nothing of the file was stored. Correct them, or store the other rows with --accept-clean-rows.",
        ),
        (false, true) => t("试运行，未写入任何数据。", "A dry run: nothing was written."),
        (false, false) => t("已导入。", "Imported."),
    };
    output::line(outcome)?;
    let (created, updated, unchanged, rejected) = (report.created, report.updated, report.unchanged, report.rejected);
    output::line(t(
        &format!("新增 {created} 行，更新 {updated} 行，无变化 {unchanged} 行，退回 {rejected} 行"),
        &format!("{created} rows created, {updated} updated, {unchanged} unchanged, {rejected} rejected"),
    ))?;
    if !report.findings.is_empty() {
        output::line(findings_table(&report.findings, common))?;
    }
    if !report.changes.is_empty() {
        output::line(changes_table(&report.changes, common))?;
    }
    if let Some(path) = &done.rejected_out {
        let shown = path.display();
        output::line(t(
            &format!("退回的行已写入 {shown}，更正后可直接导入。"),
            &format!("The rejected rows are in {shown}; correct and import it."),
        ))?;
    }
    Ok(())
}

fn more(hidden: usize, common: &Common) -> String {
    if hidden == 0 {
        return String::new();
    }
    common.text(
        &format!("\n另有 {hidden} 条未列出，用 --json 查看全部。"),
        &format!("\n{hidden} more are not shown; --json has them all."),
    )
}

/// Errors first, then warnings, then the rest, each in the order of the file.
fn findings_table(findings: &[Finding], common: &Common) -> String {
    let rank = |severity| match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    };
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| rank(finding.severity));
    let rows = sorted.iter().take(SHOWN).map(|finding| {
        vec![
            finding.severity.label().get(common.lang).to_owned(),
            finding.sheet.clone(),
            if finding.row == 0 { String::new() } else { finding.row.to_string() },
            finding.column.clone().unwrap_or_default(),
            finding.masked_value.clone().unwrap_or_default(),
            finding.text.get(common.lang).to_owned(),
            finding.code.code().to_owned(),
        ]
    });
    let head = [
        ("级别", "severity"),
        ("工作表", "sheet"),
        ("行", "row"),
        ("列", "column"),
        ("值", "value"),
        ("说明", "what"),
        ("代码", "code"),
    ];
    let head = head.map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    format!("{}{}", table(&head, &[2], rows.collect()), more(findings.len().saturating_sub(SHOWN), common))
}

fn changes_table(changes: &[Change], common: &Common) -> String {
    let shown = |text: &Option<Text>| text.as_ref().map(|text| text.get(common.lang).to_owned()).unwrap_or_default();
    let rows = changes.iter().take(SHOWN).map(|change| {
        vec![
            change.row.to_string(),
            change.record.get(common.lang).to_owned(),
            change.key.clone(),
            change.field.get(common.lang).to_owned(),
            shown(&change.before),
            shown(&change.after),
        ]
    });
    let head =
        [("行", "row"), ("记录", "record"), ("编号", "key"), ("字段", "field"), ("原值", "before"), ("新值", "after")];
    let head = head.map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    format!("{}{}", table(&head, &[0], rows.collect()), more(changes.len().saturating_sub(SHOWN), common))
}
