//! The folder: `households.csv`, `residents.csv`, `postings.csv`, `pairs.csv` and, if there, `pins.csv`.
//!
//! Columns are found by their names in the header row, in any order; columns beyond those are ignored. Ids are any text without
//! spaces at its ends. Everything is checked while it is read: unknown and repeated ids, numbers out of range, short rows.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder, Trim};

use super::refusal::Refused;
use crate::domain::text::Text;
use crate::engine::plan::{Pair, PairRows, PlanHousehold, Terms};

const HOUSEHOLDS: &str = "households.csv";
const RESIDENTS: &str = "residents.csv";
const POSTINGS: &str = "postings.csv";
const PAIRS: &str = "pairs.csv";
const PINS: &str = "pins.csv";

/// Largest suitability an instance may name.
const MOST_SUITABILITY: u64 = 1_000_000;
/// A row of `pairs.csv` is hardly shorter; only an estimate of how many there are depends on it.
const SHORT_ROW: u64 = 12;

/// An instance with the names it came with.
pub struct Instance {
    pub terms: Terms,
    pub pairs: PairRows,
    households: Ids,
    residents: Ids,
    postings: Ids,
    /// Line of each pin in `pins.csv`.
    pins: HashMap<Pair, u64>,
}

impl Instance {
    pub fn names_of(&self, pair: Pair) -> (&str, &str) {
        (self.resident(pair.resident), self.posting(pair.posting))
    }

    pub fn resident(&self, index: u32) -> &str {
        self.residents.name(index)
    }

    pub fn posting(&self, index: u32) -> &str {
        self.postings.name(index)
    }

    pub fn household(&self, index: u32) -> &str {
        self.households.name(index)
    }

    pub fn resident_index(&self, name: &str) -> Option<u32> {
        self.residents.index(name.as_bytes())
    }

    pub fn posting_index(&self, name: &str) -> Option<u32> {
        self.postings.index(name.as_bytes())
    }

    pub fn line_of_pin(&self, pair: Pair) -> Option<u64> {
        self.pins.get(&pair).copied()
    }
}

/// Ids in the order of their file.
#[derive(Default)]
struct Ids {
    names: Vec<String>,
    index: HashMap<Box<[u8]>, u32>,
}

impl Ids {
    fn name(&self, index: u32) -> &str {
        self.names.get(index as usize).map_or("?", String::as_str)
    }

    fn index(&self, name: &[u8]) -> Option<u32> {
        self.index.get(name).copied()
    }

    /// Takes a new id; `None` if it stood in the file before.
    fn add(&mut self, name: &str) -> Option<u32> {
        let index = u32::try_from(self.names.len()).ok()?;
        match self.index.insert(name.as_bytes().into(), index) {
            Some(_) => None,
            None => {
                self.names.push(name.to_owned());
                Some(index)
            }
        }
    }
}

/// Reads the instance in a folder.
///
/// # Errors
/// File, line and reason of the first thing that is wrong.
pub fn read(folder: &Path) -> Result<Instance, Refused> {
    let mut households = Ids::default();
    let mut specs: Vec<(u32, Option<u32>)> = Vec::new();
    let mut table = Table::open(folder, HOUSEHOLDS, &["household", "weight", "limit"])?;
    while table.next()? {
        table.new_id(&mut households, 0)?;
        let limit = if table.cell(2)?.is_empty() { None } else { Some(table.number(2, u64::from(u32::MAX))? as u32) };
        specs.push((table.number(1, u64::from(u32::MAX))? as u32, limit));
    }

    let mut residents = Ids::default();
    let mut household_of = Vec::new();
    let mut table = Table::open(folder, RESIDENTS, &["resident", "household"])?;
    while table.next()? {
        table.new_id(&mut residents, 0)?;
        household_of.push(table.known_id(&households, 1, HOUSEHOLDS)?);
    }

    let mut postings = Ids::default();
    let mut vacancies = Vec::new();
    let mut table = Table::open(folder, POSTINGS, &["posting", "vacancies"])?;
    while table.next()? {
        table.new_id(&mut postings, 0)?;
        vacancies.push(table.number(1, u64::from(u32::MAX))? as u32);
    }

    let pairs = read_pairs(folder, &residents, &postings)?;
    let Pins { pins, forbidden, lines } = read_pins(folder, &residents, &postings)?;

    let mut members = vec![0u32; specs.len()];
    household_of.iter().for_each(|h| members[*h as usize] += 1);
    let specs = specs.iter().zip(&members);
    let specs =
        specs.map(|((weight, limit), members)| PlanHousehold { weight: *weight, limit: limit.unwrap_or(*members) });
    let terms = Terms::new(specs.collect(), household_of, vacancies)
        .and_then(|terms| terms.with_decisions(pins, forbidden, Vec::new()))
        .map_err(|error| Refused::of(RESIDENTS, Text::new("数据量超出可处理范围", error.to_string())))?;
    Ok(Instance { terms, pairs, households, residents, postings, pins: lines })
}

fn read_pairs(folder: &Path, residents: &Ids, postings: &Ids) -> Result<PairRows, Refused> {
    let mut table = Table::open(folder, PAIRS, &["resident", "posting", "suitability"])?;
    let mut pairs: Vec<(u32, u32, u32)> = Vec::with_capacity(usize::try_from(table.bytes / SHORT_ROW).unwrap_or(0));
    // Pairs mostly come resident by resident: the same id need not be looked up again.
    let (mut last, mut last_index) = (Vec::new(), 0);
    while table.next()? {
        let resident = table.cell(0)?;
        if resident != last.as_slice() || pairs.is_empty() {
            last.clear();
            last.extend_from_slice(resident);
            last_index = table.known_id(residents, 0, RESIDENTS)?;
        }
        let posting = table.known_id(postings, 1, POSTINGS)?;
        pairs.push((last_index, posting, table.number(2, MOST_SUITABILITY)? as u32));
    }
    PairRows::new(residents.names.len(), &pairs).or_else(|twice| {
        let (r, p) = (residents.name(twice.resident), postings.name(twice.posting));
        let text = Text::new(format!("{r} 与 {p} 重复出现"), format!("{r} and {p} are listed twice"));
        Err(Refused::at(PAIRS, line_of_second(folder, r, p)?, text))
    })
}

/// Line of the second row of a pair that is listed twice. The file is read again for it, so that no line numbers need be held.
fn line_of_second(folder: &Path, resident: &str, posting: &str) -> Result<u64, Refused> {
    let mut table = Table::open(folder, PAIRS, &["resident", "posting"])?;
    let mut is_second = false;
    while table.next()? {
        if table.cell(0)? == resident.as_bytes() && table.cell(1)? == posting.as_bytes() {
            if is_second {
                break;
            }
            is_second = true;
        }
    }
    Ok(table.line())
}

#[derive(Default)]
struct Pins {
    pins: Vec<Pair>,
    forbidden: Vec<Pair>,
    lines: HashMap<Pair, u64>,
}

fn read_pins(folder: &Path, residents: &Ids, postings: &Ids) -> Result<Pins, Refused> {
    let mut read = Pins::default();
    // Asked of the name itself: a link whose file is gone, or a folder that may not be searched, is not the same as no decisions.
    if fs::symlink_metadata(folder.join(PINS)).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(read);
    }
    let mut table = Table::open(folder, PINS, &["resident", "posting"])?;
    let Some(decision) = (0..table.head.len()).find(|column| !table.columns.contains(column)) else {
        return Err(Refused::at(
            PINS,
            1,
            Text::new("缺少“pin 或 forbid”一列", "the column of pin or forbid is missing"),
        ));
    };
    table.columns.push(decision);
    while table.next()? {
        let (resident, posting) = (table.known_id(residents, 0, RESIDENTS)?, table.known_id(postings, 1, POSTINGS)?);
        let pair = Pair { resident, posting };
        match table.cell(2)? {
            b"pin" => {
                read.lines.insert(pair, table.line());
                read.pins.push(pair);
            }
            b"forbid" => read.forbidden.push(pair),
            other => {
                let other = String::from_utf8_lossy(other);
                let text = Text::new(
                    format!("应为 pin 或 forbid，写的是“{other}”"),
                    format!("this should be pin or forbid and is \"{other}\""),
                );
                return Err(Refused::at(PINS, table.line(), text));
            }
        }
    }
    Ok(read)
}

/// One CSV file, row by row.
struct Table {
    file: &'static str,
    path: PathBuf,
    reader: Reader<File>,
    row: ByteRecord,
    head: Vec<String>,
    /// Position of each column asked for.
    columns: Vec<usize>,
    bytes: u64,
}

impl Table {
    fn open(folder: &Path, file: &'static str, columns: &[&str]) -> Result<Self, Refused> {
        let path = folder.join(file);
        let opened = File::open(&path).map_err(|error| {
            Refused::of(file, Text::new(format!("打不开文件（{error}）"), format!("cannot be opened ({error})")))
        })?;
        let bytes = opened.metadata().map(|data| data.len()).unwrap_or(0);
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 20).trim(Trim::All).from_reader(opened);
        let head: Vec<String> = reader
            .byte_headers()
            .map_err(|error| unreadable(file, &path, &error))?
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_lowercase())
            .collect();
        let place = |name: &&str| {
            let mut places = head.iter().enumerate().filter(|(_, found)| found.as_str() == *name).map(|(at, _)| at);
            match (places.next(), places.next()) {
                (Some(at), None) => Ok(at),
                (None, _) => {
                    Err(Text::new(format!("表头缺少“{name}”列"), format!("the header row has no column {name}")))
                }
                (Some(_), Some(_)) => {
                    Err(Text::new(format!("表头“{name}”列重复"), format!("the header row has the column {name} twice")))
                }
            }
        };
        let columns = columns.iter().map(place).collect::<Result<_, _>>().map_err(|text| Refused::at(file, 1, text))?;
        Ok(Self { file, path, reader, row: ByteRecord::new(), head, columns, bytes })
    }

    fn next(&mut self) -> Result<bool, Refused> {
        self.reader.read_byte_record(&mut self.row).map_err(|error| unreadable(self.file, &self.path, &error))
    }

    fn line(&self) -> u64 {
        self.row.position().map_or(0, |start| line_after_blanks(&self.path, start))
    }

    fn refuse<T>(&self, text: Text) -> Result<T, Refused> {
        Err(Refused::at(self.file, self.line(), text))
    }

    fn cell(&self, column: usize) -> Result<&[u8], Refused> {
        match self.row.get(self.columns[column]) {
            Some(cell) => Ok(cell),
            None => self.refuse(Text::new("这一行的列数不够", "the row has too few columns")),
        }
    }

    fn id(&self, column: usize) -> Result<&str, Refused> {
        let name = &self.head[self.columns[column]];
        match std::str::from_utf8(self.cell(column)?) {
            Ok("") => self.refuse(Text::new(format!("{name} 为空"), format!("{name} is empty"))),
            Ok(id) => Ok(id),
            Err(_) => self.refuse(Text::new(format!("{name} 不是 UTF-8 文本"), format!("{name} is not UTF-8 text"))),
        }
    }

    fn new_id(&self, ids: &mut Ids, column: usize) -> Result<u32, Refused> {
        let id = self.id(column)?;
        match ids.add(id) {
            Some(index) => Ok(index),
            None => self.refuse(Text::new(format!("{id} 重复出现"), format!("{id} is listed twice"))),
        }
    }

    fn known_id(&self, ids: &Ids, column: usize, listed_in: &str) -> Result<u32, Refused> {
        match ids.index(self.cell(column)?) {
            Some(index) => Ok(index),
            None => {
                let id = self.id(column)?;
                self.refuse(Text::new(format!("{listed_in} 中没有 {id}"), format!("{listed_in} does not list {id}")))
            }
        }
    }

    fn number(&self, column: usize, most: u64) -> Result<u64, Refused> {
        let cell = self.cell(column)?;
        let is_number = !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
        let number = std::str::from_utf8(cell).ok().filter(|_| is_number).and_then(|cell| cell.parse().ok());
        match number.filter(|number| *number <= most) {
            Some(number) => Ok(number),
            None => {
                let (name, cell) = (&self.head[self.columns[column]], String::from_utf8_lossy(cell));
                self.refuse(Text::new(
                    format!("{name} 应为 0 至 {most} 的整数，写的是“{cell}”"),
                    format!("{name} should be a whole number from 0 to {most} and is \"{cell}\""),
                ))
            }
        }
    }
}

/// Line of a row that starts at `start`: blank lines before it are part of what `csv` read for it. Asked for pins, which are few, and when something is
/// refused, so the file is looked at again; if that fails, the line is that of the first blank one.
fn line_after_blanks(path: &Path, start: &csv::Position) -> u64 {
    let mut blanks = 0;
    if let Ok(mut file) = File::open(path)
        && file.seek(SeekFrom::Start(start.byte())).is_ok()
    {
        let bytes = BufReader::new(file).bytes().map_while(Result::ok);
        blanks = bytes.take_while(|byte| b"\r\n".contains(byte)).filter(|byte| *byte == b'\n').count() as u64;
    }
    start.line() + blanks
}

fn unreadable(file: &'static str, path: &Path, error: &csv::Error) -> Refused {
    let line = error.position().map(|start| line_after_blanks(path, start));
    let text = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Text::new(
            format!("这一行有 {len} 列，表头有 {expected_len} 列"),
            format!("the row has {len} columns, the header row {expected_len}"),
        ),
        _ => Text::new(format!("读不出来（{error}）"), format!("cannot be read ({error})")),
    };
    match line {
        Some(line) => Refused::at(file, line, text),
        None => Refused::of(file, text),
    }
}
