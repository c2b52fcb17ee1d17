//! Reading and handing out spreadsheets: rows a second and peak memory of an import and of an export.
//!
//! `cargo bench --bench spreadsheets`; `WANGJIA_SHEET_ROWS` chooses the sizes (`20000,200000`). Every part is a process of its own, so that
//! its peak (`VmHWM`) is its own; parts that leave nothing behind run three times, of which the fastest is told. The invented
//! ledger is written first, and imported into a SQLite file for the exports; neither is measured. Beside it, where `WANGJIA_PYTHON`
//! (else `python3`) has them, openpyxl and pandas read the same file, and do nothing with it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveTime};
use wangjia::app::exports::Form;
use wangjia::app::imports::{ImportOptions, import_file};
use wangjia::app::ledgers::{Ask, Ledger, LedgerKind, chosen, ledger};
use wangjia::app::{DatabaseUrl, Db, Keyring, setup};
use wangjia::domain::text::Lang;
use wangjia::ledger::{self, workbook};
use wangjia::town::{FILES, Town, TownPlan, write};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// People of a household in the invented town, times a hundred.
const PEOPLE: usize = 435;
const TIMES: usize = 3;
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/spreadsheets.py");

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [part, folder] => perform(part, Path::new(folder)),
        _ => everything(),
    }
}

fn everything() -> Outcome<()> {
    let sizes = std::env::var("WANGJIA_SHEET_ROWS").unwrap_or_else(|_| "20000".to_owned());
    println!("{:>24} {:>9} {:>8} {:>10} {:>8}", "part", "rows", "seconds", "rows/s", "peak MB");
    for size in sizes.split(',') {
        let folder = tempfile::tempdir()?;
        prepare(size.trim().parse()?, folder.path())?;
        for part in ["read xlsx", "understand xlsx", "import xlsx", "collect", "export xlsx", "export csv", "read csv"]
        {
            let mut child = Command::new(std::env::current_exe()?);
            told(part, child.arg(part).arg(folder.path()))?;
        }
        let python = std::env::var("WANGJIA_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        for part in ["openpyxl", "openpyxl read_only", "pandas"] {
            let mut child = Command::new(&python);
            told(part, child.arg(PYTHON).arg(part).arg(folder.path().join(FILES[2])))?;
        }
    }
    Ok(())
}

/// A part says rows, seconds and kilobytes.
fn told(part: &str, child: &mut Command) -> Outcome<()> {
    let output = child.output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match figures.as_slice() {
        [rows, seconds, peak] if output.status.success() => {
            println!("{part:>24} {rows:>9} {seconds:>8.2} {:>10.0} {:>8.0}", rows / seconds, peak / 1024.0);
        }
        _ => {
            let error = String::from_utf8_lossy(&output.stderr);
            println!("{part:>24} not measured: {}", error.lines().last().unwrap_or_default());
        }
    }
    Ok(())
}

fn day() -> Outcome<NaiveDate> {
    Ok(NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("a day")?)
}

/// The town's files, a database that has its buildings and postings, and one that has its people too.
fn prepare(rows: usize, folder: &Path) -> Outcome<()> {
    let households = u32::try_from(rows * 100 / PEOPLE)?;
    let town = Town::generate(&TownPlan { seed: 1, households, postings: 20, as_of: day()? })?;
    write(&town, folder, false)?;
    let (keys, _) = Keyring::load_or_create(&folder.join("keys"))?;
    let bare = folder.join("bare.db");
    let db = Db::open(&DatabaseUrl::sqlite(&bare), keys.clone())?;
    setup::migrate(&db)?;
    import(&db, folder, FILES[0])?;
    import(&db, folder, FILES[1])?;
    drop(db);
    let full = folder.join("full.db");
    std::fs::copy(&bare, &full)?;
    let db = Db::open_existing(&DatabaseUrl::sqlite(&full), keys)?;
    import(&db, folder, FILES[2])?;
    std::fs::write(folder.join("people.csv"), people(&db)?.write(Form::Csv)?)?;
    Ok(())
}

fn import(db: &Db, folder: &Path, file: &str) -> Outcome<usize> {
    let as_of = day()?;
    let options =
        ImportOptions { as_of, now: as_of.and_time(NaiveTime::MIN), dry_run: false, accept_clean_rows: false };
    let report = import_file(db, &std::fs::read(folder.join(file))?, file, &options, &mut |_, _| Ok(()))?;
    if report.stopped {
        return Err(format!("{file} was refused").into());
    }
    Ok(usize::try_from(report.created + report.updated + report.unchanged)?)
}

/// Everybody, with every column of the template.
fn people(db: &Db) -> Outcome<Ledger> {
    let as_of = day()?;
    let columns = chosen(LedgerKind::People, &[]).map_err(|error| error.text.zh)?;
    let ask = Ask { kind: LedgerKind::People, as_of, today: as_of, columns, lang: Lang::Zh, within: None };
    Ok(db.read(|conn| ledger(conn, db.keys(), &ask))?)
}

fn perform(part: &str, folder: &Path) -> Outcome<()> {
    let file: PathBuf = folder.join(FILES[2]);
    let open = |name: &str| -> Outcome<Db> {
        Ok(Db::open_existing(&DatabaseUrl::sqlite(folder.join(name)), Keyring::load(&folder.join("keys"))?)?)
    };
    match part {
        "read xlsx" => timed(TIMES, || Ok(rows_of(&workbook::read(&std::fs::read(&file)?, FILES[2])?))),
        "read csv" => {
            timed(TIMES, || Ok(rows_of(&workbook::read(&std::fs::read(folder.join("people.csv"))?, "people.csv")?)))
        }
        "understand xlsx" => {
            let as_of = day()?;
            timed(TIMES, || Ok(ledger::read(&std::fs::read(&file)?, FILES[2], as_of)?.records.people.len()))
        }
        // Written for good, so once.
        "import xlsx" => {
            let db = open("bare.db")?;
            timed(1, || import(&db, folder, FILES[2]))
        }
        "collect" => {
            let db = open("full.db")?;
            timed(TIMES, || Ok(people(&db)?.rows.len()))
        }
        "export xlsx" | "export csv" => {
            let db = open("full.db")?;
            let form = if part.ends_with("csv") { Form::Csv } else { Form::Xlsx };
            timed(TIMES, || {
                let ledger = people(&db)?;
                ledger.write(form)?;
                Ok(ledger.rows.len())
            })
        }
        _ => Err(format!("no part is called {part}").into()),
    }
}

fn rows_of(book: &workbook::Workbook) -> usize {
    book.sheets.iter().map(|sheet| sheet.rows.len()).sum()
}

fn timed(times: usize, work: impl Fn() -> Outcome<usize>) -> Outcome<()> {
    let (mut best, mut rows) = (Duration::MAX, 0);
    for _ in 0..times {
        let began = Instant::now();
        rows = work()?;
        best = best.min(began.elapsed());
    }
    println!("{rows} {} {}", best.as_secs_f64(), peak()?);
    Ok(())
}

/// Greatest resident memory of this process, kilobytes.
fn peak() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse()?)
}
