//! Handing out a ledger: rows a second and peak memory of everybody's ledger, read from the database and written as XLSX and as CSV.
//!
//! `cargo bench --bench export`; `WANGJIA_EXPORT_ROWS` chooses other sizes (`20000,200000`). The town is made and imported first, into a
//! SQLite file of its own, which is not measured. Each part runs three times; the fastest is told, with the greatest memory of the process
//! up to then (`VmHWM`), set back before each part where the system allows it.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use wangjia::app::exports::Form;
use wangjia::app::imports::{ImportOptions, import_file};
use wangjia::app::ledgers::{Ask, Ledger, LedgerKind, chosen, ledger};
use wangjia::app::{DatabaseUrl, Db, Keyring, setup};
use wangjia::domain::text::Lang;
use wangjia::town::{FILES, Town, TownPlan, write};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// People of a household in the invented town, about.
const PEOPLE: usize = 4;
const TIMES: usize = 3;

fn main() -> Outcome<()> {
    let sizes = std::env::var("WANGJIA_EXPORT_ROWS").unwrap_or_else(|_| "20000".to_owned());
    println!("{:>9} {:>9} {:>8} {:>12} {:>9}", "rows", "part", "seconds", "rows/s", "peak MB");
    for size in sizes.split(',') {
        measure(size.trim().parse()?)?;
    }
    Ok(())
}

fn measure(rows: usize) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let db = Db::open(&DatabaseUrl::sqlite(folder.path().join("bench.db")), Keyring::generate()?)?;
    setup::migrate(&db)?;
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("a day")?;
    let households = u32::try_from(rows / PEOPLE)?;
    let town = Town::generate(&TownPlan { seed: 1, households, postings: 20, as_of })?;
    let now = as_of.and_time(chrono::NaiveTime::MIN);
    let options = ImportOptions { as_of, now, dry_run: false, accept_clean_rows: false };
    for (path, file) in write(&town, folder.path(), false)?.iter().zip(FILES) {
        import_file(&db, &std::fs::read(path)?, file, &options, &mut |_, _| Ok(()))?;
    }
    let columns = chosen(LedgerKind::People, &[]).map_err(|error| error.text.zh)?;
    let ask = Ask { kind: LedgerKind::People, as_of, today: as_of, columns, lang: Lang::Zh, within: None };
    let read = || -> Outcome<Ledger> { Ok(db.read(|conn| ledger(conn, db.keys(), &ask))?) };
    let found = read()?;
    let n = found.rows.len();
    told(n, "read", || read().map(drop))?;
    told(n, "xlsx", || found.write(Form::Xlsx).map(drop).map_err(Into::into))?;
    told(n, "csv", || found.write(Form::Csv).map(drop).map_err(Into::into))
}

fn told(rows: usize, part: &str, work: impl Fn() -> Outcome<()>) -> Outcome<()> {
    // Not every system lets a process forget its peak; then the figure is that of the parts so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let mut best = Duration::MAX;
    for _ in 0..TIMES {
        let began = Instant::now();
        work()?;
        best = best.min(began.elapsed());
    }
    let seconds = best.as_secs_f64();
    println!("{rows:>9} {part:>9} {seconds:>8.2} {:>12.0} {:>9}", rows as f64 / seconds, peak()?);
    Ok(())
}

/// Greatest resident memory, MB.
fn peak() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
    Ok(kilobytes / 1024)
}
