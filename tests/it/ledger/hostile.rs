//! Files made to harm: each is refused with its own sentence, in memory and steps bounded by the file's own size, and no
//! mutation of a sound file makes a reader panic.

use std::io::{Cursor, Write as _};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use wangjia::ledger::refusal::Refusal;
use wangjia::ledger::workbook;
use zip::write::SimpleFileOptions;

use super::corpus::{self, Hostile, by_hand, hand_row};
use super::promises::TARGETS;
use super::start::seeds;
use super::xls::{X, XlsSheet, compound, xls};
use super::{as_of, id, xlsx};
use crate::row;

#[track_caller]
fn refused(bytes: &[u8], name: &str, expected: Refusal) {
    assert_eq!(workbook::read(bytes, name).unwrap_err(), expected, "{name}");
}

/// The corpus: each file has its own sentence.
#[test]
fn every_hostile_file_is_refused_by_name() {
    for Hostile { name, bytes, refusal } in corpus::hostile() {
        refused(&bytes, name, refusal);
    }
    for (name, bytes) in corpus::sound() {
        let ledger = wangjia::ledger::read(&bytes, name, as_of()).unwrap();
        assert!(!ledger.records.people.is_empty(), "{name}");
    }
}

/// What the fuzz targets ask of whatever a fuzzer makes up holds for what it starts from; every target has a program and such files.
#[test]
fn the_readers_keep_their_promises_on_every_seed() {
    let seeds = seeds();
    for (name, run) in TARGETS {
        assert!(seeds.iter().any(|(target, ..)| *target == name), "{name}");
        let program = format!("{}/fuzz/targets/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(program).unwrap();
        assert!(source.contains(&format!("wangjia_fuzz::{name}(bytes)")), "{name}");
        for (target, _, bytes) in &seeds {
            if name == *target || bytes.len() < 4_096 {
                run(bytes);
            }
        }
    }
}

/// Half a megabyte that unpacks to 512 MiB, and one whose directory denies it.
#[test]
fn bombs_are_refused_quickly() {
    let bomb = corpus::bomb();
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    for (bytes, seconds) in [(bomb, 1), (corpus::lying_bomb(), 2)] {
        let start = Instant::now();
        let refusal = workbook::read(&bytes, "a.xlsx").unwrap_err();
        assert!(matches!(refusal, Refusal::Bomb | Refusal::Truncated), "{refusal:?}");
        assert!(start.elapsed() < Duration::from_secs(seconds), "{:?}", start.elapsed());
    }
}

/// Days no calendar has, which a reader adding them up would overflow on; and what is only spoken of costs nothing.
#[test]
fn absurd_days_and_areas_do_no_harm() {
    let days = ["-1e300", "1e300", "9".repeat(400).as_str()].map(|day| format!(r#"<v>{day}</v>"#)).concat();
    _ = workbook::read(&by_hand(&format!(r#"<row r="1"><c s="1">{days}</c></row>"#), true), "a.xlsx");
    let cells: String = std::iter::repeat_n("<c><v>1</v></c>", 1_000_000).collect();
    let row = format!("<row r=\"1\">{cells}</row>");
    assert!(matches!(workbook::read(&by_hand(&row, false), "a.xlsx"), Err(Refusal::TooManyCells | Refusal::Bomb)));
    let sheet = [hand_row(1, &["户编号", "姓名"]), hand_row(2, &["A1", "王五"])].concat();
    let sheet = format!(
        "{sheet}</sheetData><cols><col min=\"1\" max=\"4294967295\" hidden=\"1\"/></cols><mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells><sheetData>"
    );
    assert!(workbook::read(&by_hand(&sheet, false), "a.xlsx").is_ok());
    let long = XlsSheet { name: "S", rows: vec![vec![X::T("长".repeat(30_000)); 3]], ..XlsSheet::default() };
    assert!(workbook::read(&xls(&[long]), "a.xls").is_ok(), "a few long texts are no harm");
}

/// Sector chains that bite their tails, tables that name themselves, sizes out of nowhere.
#[test]
fn loops_in_a_legacy_container_end() {
    let good = xls(&[XlsSheet { name: "S", rows: vec![vec!["姓名".into(); 4]; 300], ..XlsSheet::default() }]);
    let patched = |at: usize, word: u32| {
        let mut bad = good.clone();
        bad[at..at + 4].copy_from_slice(&word.to_le_bytes());
        bad
    };
    // The header's tables: directory, mini table, further allocation sectors pointing at themselves or past the end.
    for at in [48, 60, 68, 76, 80] {
        for word in [0, 1, 2, 5, 0x00FF_FFFF, 0xFFFF_FFF9] {
            _ = workbook::read(&patched(at, word), "a.xls");
        }
    }
    // Every link of the allocation table bent back to the first sector of the directory, and to itself.
    for link in 0..40 {
        let at = 512 + 4 * link;
        for word in [1, u32::try_from(link).unwrap()] {
            _ = workbook::read(&patched(at, word), "a.xls");
        }
    }
    // A thousand names for one sheet.
    let mut globals = vec![9, 8, 16, 0, 0, 6, 5, 0];
    globals.extend([0; 12]);
    for _ in 0..100_000 {
        globals.extend([0x85, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, b'S']);
    }
    globals.extend([10, 0, 0, 0]);
    assert!(workbook::read(&compound(&[("Workbook", globals)]), "a.xls").is_err());
}

#[test]
fn truncated_files_of_every_kind_are_refused_or_read() {
    for (bytes, name) in [(&*XLSX, "a.xlsx"), (&*XLS, "a.xls"), (&*CSV, "a.csv")] {
        for end in (0..bytes.len()).step_by(41) {
            _ = wangjia::ledger::read(&bytes[..end], name, as_of());
        }
    }
}

static XLSX: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rows = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "出生日期"],
        row!["A1", "王五", "户主", id(1980, 1, 1, 1), "1980-01-01"],
        row!["A1", "李四", "配偶", id(1982, 1, 1, 2), "1982年1月"],
    ];
    xlsx(&[("台账", rows)])
});

static XLS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rows = vec![
        ["户编号", "姓名", "与户主关系", "身份证号", "出生日期"].map(X::from).to_vec(),
        vec!["A1".into(), "王五".into(), "户主".into(), id(1980, 1, 1, 1).into(), X::D(29221.0)],
        vec!["A1".into(), "李四".into(), "配偶".into(), id(1982, 1, 1, 2).into(), X::F(Some("1982年1月".to_owned()))],
    ];
    xls(&[XlsSheet { name: "台账", rows, merges: vec![[1, 2, 0, 0]], hidden_columns: vec![4], hidden_rows: vec![2] }])
});

static CSV: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let text = format!("户编号,姓名,与户主关系,身份证号,备注\nA1,王五,户主,{},\"两\n行\"\n", id(1980, 1, 1, 1));
    encoding_rs::GB18030.encode(&text).0.into_owned()
});

/// The parts of a sound workbook, unpacked, so that a changed byte reaches the XML instead of a checksum.
fn mutated_xlsx(changes: &[(usize, u8)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(XLSX.as_slice())).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().to_owned();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut text).unwrap();
        for (at, byte) in changes.iter().filter(|(at, _)| at % archive_len() == index) {
            let at = at % text.len();
            text[at] = *byte;
        }
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn archive_len() -> usize {
    zip::ZipArchive::new(Cursor::new(XLSX.as_slice())).unwrap().len()
}

fn changed(source: &[u8], changes: &[(usize, u8)]) -> Vec<u8> {
    let mut bytes = source.to_vec();
    for (at, byte) in changes {
        let at = at % bytes.len();
        bytes[at] = *byte;
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    let byte = prop_oneof![any::<u8>(), Just(0), Just(0xFF), Just(b'<'), Just(b'"')];
    proptest::collection::vec((any::<usize>(), byte), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever becomes of it, a reader answers.
    #[test]
    fn mutated_files_are_read_or_refused(changes in changes()) {
        _ = wangjia::ledger::read(&changed(&XLSX, &changes), "a.xlsx", as_of());
        _ = wangjia::ledger::read(&mutated_xlsx(&changes), "a.xlsx", as_of());
        _ = wangjia::ledger::read(&changed(&CSV, &changes), "a.csv", as_of());
    }

    #[test]
    fn mutated_legacy_files_are_read_or_refused(changes in changes()) {
        _ = wangjia::ledger::read(&changed(&XLS, &changes), "a.xls", as_of());
        // The records alone, where the container is small against what is in it.
        let near: Vec<_> = changes.iter().map(|(at, byte)| (1536 + at % 1400, *byte)).collect();
        _ = wangjia::ledger::read(&changed(&XLS, &near), "a.xls", as_of());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        _ = wangjia::ledger::read(&bytes, "a.csv", as_of());
        let legacy = compound(&[("Workbook", bytes)]);
        _ = wangjia::ledger::read(&legacy, "a.xls", as_of());
    }
}
