//! `.xls` files made here: a compound file around BIFF8 records, as Excel 97 to 2003 and most office systems wrote them.

/// A cell of a legacy sheet.
#[derive(Clone, Debug)]
pub enum X {
    T(String),
    N(f64),
    /// A day number with a date format.
    D(f64),
    B(bool),
    /// A formula with a text as its result; `None` = never worked out.
    F(Option<String>),
    /// A formula with the result "nothing", as programs that cannot calculate write them all.
    Blank,
    /// A formula with a number as its result.
    Worked(f64),
    Error,
}

impl From<&str> for X {
    fn from(text: &str) -> Self {
        Self::T(text.to_owned())
    }
}

impl From<String> for X {
    fn from(text: String) -> Self {
        Self::T(text)
    }
}

/// A sheet of a legacy workbook: cells by row, merged areas (top, bottom, left, right), hidden columns and rows.
#[derive(Clone, Debug, Default)]
pub struct XlsSheet {
    pub name: &'static str,
    pub rows: Vec<Vec<X>>,
    pub merges: Vec<[u16; 4]>,
    pub hidden_columns: Vec<u16>,
    pub hidden_rows: Vec<u16>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub is_1904: bool,
    pub has_password: bool,
    /// Breaks the shared strings over records of this many bytes.
    pub break_at: Option<usize>,
}

fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    assert!(data.len() <= 8224, "{}", data.len());
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
}

fn bof(out: &mut Vec<u8>, kind: u16) {
    let mut data = vec![0x00, 0x06];
    data.extend(kind.to_le_bytes());
    data.extend([0; 12]);
    record(out, 0x0809, &data);
}

fn wide(text: &str) -> Vec<u8> {
    let mut data = u16::try_from(text.encode_utf16().count()).unwrap().to_le_bytes().to_vec();
    if text.is_ascii() {
        data.push(0);
        data.extend(text.bytes());
    } else {
        data.push(1);
        data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }
    data
}

/// The shared strings, broken over `CONTINUE` records: within the characters of a text the next record begins with its flag.
fn shared(out: &mut Vec<u8>, strings: &[String], limit: usize) {
    let n = u32::try_from(strings.len()).unwrap();
    let mut records = vec![[n.to_le_bytes(), n.to_le_bytes()].concat()];
    for text in strings {
        let units: Vec<u16> = text.encode_utf16().collect();
        let is_wide = !text.is_ascii();
        let mut piece = records.pop().unwrap();
        if piece.len() + 3 > limit {
            records.push(std::mem::take(&mut piece));
        }
        piece.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
        piece.push(u8::from(is_wide));
        for unit in units {
            if piece.len() + 2 > limit {
                records.push(std::mem::replace(&mut piece, vec![u8::from(is_wide)]));
            }
            if is_wide { piece.extend(unit.to_le_bytes()) } else { piece.push(u8::try_from(unit).unwrap()) }
        }
        records.push(piece);
    }
    for (i, data) in records.iter().enumerate() {
        record(out, if i == 0 { 0x00FC } else { 0x003C }, data);
    }
}

fn cell(out: &mut Vec<u8>, (row, column): (u16, u16), value: &X, strings: &mut Vec<String>) {
    let at = |format: u16| [row.to_le_bytes(), column.to_le_bytes(), format.to_le_bytes()].concat();
    let with = |format: u16, rest: &[u8]| [at(format), rest.to_vec()].concat();
    match value {
        X::T(text) if text.is_empty() => record(out, 0x0201, &at(0)),
        X::T(text) => {
            strings.push(text.clone());
            record(out, 0x00FD, &with(0, &u32::try_from(strings.len() - 1).unwrap().to_le_bytes()));
        }
        // Whole numbers as programs pack them.
        X::N(number) if number.fract() == 0.0 && number.abs() < 1e8 => {
            record(out, 0x027E, &with(0, &(((*number as i32) << 2) | 2).to_le_bytes()))
        }
        X::N(number) => record(out, 0x0203, &with(0, &number.to_le_bytes())),
        X::D(number) => record(out, 0x0203, &with(1, &number.to_le_bytes())),
        X::B(value) => record(out, 0x0205, &with(0, &[u8::from(*value), 0])),
        X::Error => record(out, 0x0205, &with(0, &[0x17, 1])),
        X::Blank => record(out, 0x0006, &with(0, &[3, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 3, 0, 0x1E, 0, 0])),
        X::Worked(number) => {
            let tail = [0, 0, 0, 0, 0, 0, 3, 0, 0x1E, 0, 0];
            record(out, 0x0006, &with(0, &[&number.to_le_bytes()[..], &tail].concat()));
        }
        X::F(result) => {
            // Result "a text follows", flags, and a token: the constant 0.
            let body = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 3, 0, 0x1E, 0, 0];
            record(out, 0x0006, &with(0, &body));
            if let Some(text) = result {
                record(out, 0x0207, &wide(text));
            }
        }
    }
}

fn sheet(source: &XlsSheet, strings: &mut Vec<String>) -> Vec<u8> {
    let mut out = Vec::new();
    bof(&mut out, 0x0010);
    for column in &source.hidden_columns {
        let c = column.to_le_bytes();
        record(&mut out, 0x007D, &[c[0], c[1], c[0], c[1], 0, 10, 0, 0, 1, 0, 0, 0]);
    }
    for row in &source.hidden_rows {
        let mut data = row.to_le_bytes().to_vec();
        data.extend([0; 10]);
        data.extend([0x20, 0, 0, 0]);
        record(&mut out, 0x0208, &data);
    }
    for (r, cells) in (0u16..).zip(&source.rows) {
        for (c, value) in (0u16..).zip(cells) {
            cell(&mut out, (r, c), value, strings);
        }
    }
    if !source.merges.is_empty() {
        let mut data = u16::try_from(source.merges.len()).unwrap().to_le_bytes().to_vec();
        data.extend(source.merges.iter().flatten().flat_map(|at| at.to_le_bytes()));
        record(&mut out, 0x00E5, &data);
    }
    record(&mut out, 0x000A, &[]);
    out
}

/// A workbook's stream of records.
fn stream(sheets: &[XlsSheet], options: Options) -> Vec<u8> {
    let mut strings = Vec::new();
    let bodies: Vec<Vec<u8>> = sheets.iter().map(|source| sheet(source, &mut strings)).collect();
    let globals = |starts: &[u32]| {
        let mut out = Vec::new();
        bof(&mut out, 0x0005);
        if options.has_password {
            record(&mut out, 0x002F, &[1, 0, 0, 0]);
        }
        record(&mut out, 0x0042, &1200u16.to_le_bytes());
        record(&mut out, 0x0022, &u16::from(options.is_1904).to_le_bytes());
        let format = [164u16.to_le_bytes().to_vec(), wide("yyyy\"年\"m\"月\"d\"日\"")].concat();
        record(&mut out, 0x041E, &format);
        for id in [0u16, 164] {
            let mut xf = vec![0; 20];
            xf[2..4].copy_from_slice(&id.to_le_bytes());
            record(&mut out, 0x00E0, &xf);
        }
        for (source, start) in sheets.iter().zip(starts) {
            let name: Vec<u8> = source.name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let mut data = start.to_le_bytes().to_vec();
            data.extend([0, 0, u8::try_from(name.len() / 2).unwrap(), 1]);
            data.extend(name);
            record(&mut out, 0x0085, &data);
        }
        shared(&mut out, &strings, options.break_at.unwrap_or(8000));
        record(&mut out, 0x000A, &[]);
        out
    };
    let mut at = globals(&vec![0; sheets.len()]).len();
    let mut starts = Vec::new();
    for body in &bodies {
        starts.push(u32::try_from(at).unwrap());
        at += body.len();
    }
    let mut out = globals(&starts);
    out.extend(bodies.concat());
    out
}

/// A compound file of streams; each is padded so that it needs no mini stream.
pub fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    const FREE: u32 = 0xFFFF_FFFF;
    const END: u32 = 0xFFFF_FFFE;
    let padded: Vec<Vec<u8>> = streams
        .iter()
        .map(|(_, bytes)| {
            let mut bytes = bytes.clone();
            bytes.resize(bytes.len().max(4096).next_multiple_of(512), 0);
            bytes
        })
        .collect();
    let directory_sectors = (streams.len() + 1).div_ceil(4);
    let used = directory_sectors + padded.iter().map(|bytes| bytes.len() / 512).sum::<usize>();
    let tables = (used + 1).div_ceil(127);
    let mut table: Vec<u32> = vec![0xFFFF_FFFD; tables];
    let chain = |table: &mut Vec<u32>, n: usize| {
        let start = table.len();
        for i in 1..=n {
            table.push(if i == n { END } else { u32::try_from(start + i).unwrap() });
        }
        u32::try_from(start).unwrap()
    };
    let directory_start = chain(&mut table, directory_sectors);
    let starts: Vec<u32> = padded.iter().map(|bytes| chain(&mut table, bytes.len() / 512)).collect();
    table.resize(tables * 128, FREE);

    let mut header = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    header.resize(512, 0);
    let mut word = |at: usize, value: u32| header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    word(24, 0x0003_003E);
    word(28, 0x0009_FFFE);
    word(32, 6);
    word(44, u32::try_from(tables).unwrap());
    word(48, directory_start);
    word(56, 4096);
    word(60, END);
    word(68, END);
    for i in 0..109 {
        word(76 + 4 * i, if i < tables { u32::try_from(i).unwrap() } else { FREE });
    }
    let entry = |name: &str, kind: u8, start: u32, size: usize| {
        let mut data = vec![0; 128];
        for (i, unit) in name.encode_utf16().enumerate() {
            data[2 * i..2 * i + 2].copy_from_slice(&unit.to_le_bytes());
        }
        data[64..66].copy_from_slice(&u16::try_from(2 * name.encode_utf16().count() + 2).unwrap().to_le_bytes());
        data[66] = kind;
        data[68..80].fill(0xFF);
        data[116..120].copy_from_slice(&start.to_le_bytes());
        data[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
        data
    };
    let mut directory = entry("Root Entry", 5, END, 0);
    for ((name, _), (bytes, start)) in streams.iter().zip(padded.iter().zip(&starts)) {
        directory.extend(entry(name, 2, *start, bytes.len()));
    }
    directory.resize(directory_sectors * 512, 0);
    let table: Vec<u8> = table.iter().flat_map(|word| word.to_le_bytes()).collect();
    [header, table, directory, padded.concat()].concat()
}

/// An `.xls` of the given sheets.
pub fn xls_with(sheets: &[XlsSheet], options: Options) -> Vec<u8> {
    compound(&[("Workbook", stream(sheets, options))])
}

pub fn xls(sheets: &[XlsSheet]) -> Vec<u8> {
    xls_with(sheets, Options::default())
}
