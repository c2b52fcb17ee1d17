//! Files made to harm, each with the reason it is refused for, and sound ones: what tests and fuzz targets read.

use std::io::{Cursor, Write as _};

use rust_xlsxwriter::Workbook;
use wangjia::ledger::refusal::Refusal;
use zip::write::SimpleFileOptions;

use super::xls::{Options, X, XlsSheet, compound, xls, xls_with};

/// A hostile file.
pub struct Hostile {
    /// With the extension it pretends to have.
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub refusal: Refusal,
}

pub const HEAD: [&str; 6] = ["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "出生日期"];
pub const PERSON: [&str; 6] = ["A1", "1栋", "王五", "户主", "529900198001010012", "1980-01-01"];

/// A package with these parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    packed(parts.iter().map(|(name, body)| (*name, *body, 1)))
}

/// A package whose parts are bodies repeated a number of times, written without being held.
fn packed<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8], usize)>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body, times) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        for _ in 0..times {
            writer.write_all(body).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one more part.
fn with_part(name: &str, body: &[u8], times: usize) -> Vec<u8> {
    packed([
        ("[Content_Types].xml", b"<Types/>".as_slice(), 1),
        ("xl/workbook.xml", b"<workbook/>", 1),
        (name, body, times),
    ])
}

/// A workbook of one sheet, its parts written by hand.
pub fn by_hand(sheet: &str, is_1904: bool) -> Vec<u8> {
    let workbook = format!(
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="{}"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        u8::from(is_1904)
    );
    let rels = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#
    );
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let root = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// Cells as inline texts; what begins with `<` stands as it is.
pub fn hand_row(number: usize, cells: &[&str]) -> String {
    let cell = |(c, text): (usize, &&str)| {
        let at = format!("{}{number}", char::from(b'A' + u8::try_from(c).unwrap()));
        match text.strip_prefix('<') {
            Some(rest) => format!(r#"<c r="{at}"><{rest}</c>"#),
            None => format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#),
        }
    };
    format!(r#"<row r="{number}">{}</row>"#, cells.iter().enumerate().map(cell).collect::<String>())
}

/// Half a megabyte that unpacks to 512 MiB.
pub fn bomb() -> Vec<u8> {
    with_part("xl/worksheets/sheet1.xml", &[b' '; 1024 * 1024], 512)
}

/// The same with a directory that lies: it says the sheet has 1,000 bytes. Sizes stand at +24 of the central record.
pub fn lying_bomb() -> Vec<u8> {
    let mut liar = bomb();
    let record = liar.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    liar[record + 24..record + 28].copy_from_slice(&1000u32.to_le_bytes());
    liar
}

/// Every hostile file that has one right answer.
pub fn hostile() -> Vec<Hostile> {
    let mut files = packages();
    files.extend(sheets());
    files.extend(legacy());
    files.extend(texts());
    files
}

fn packages() -> Vec<Hostile> {
    let file = |name, bytes, refusal| Hostile { name, bytes, refusal };
    let doctype = b"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>".as_slice();
    let hidden = [b"<!-- ".as_slice(), &[b'x'; 200_000], b" > -->", doctype].concat();
    let macros: &[u8] =
        b"<Types><Override ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>";
    let names: Vec<String> = (0..1_500).map(|number| format!("p{number}")).collect();
    let many = packed(names.iter().map(|name| (name.as_str(), b"x".as_slice(), 1)));
    let [cut, _, _] = sound();
    vec![
        file("bomb.xlsx", bomb(), Refusal::Bomb),
        file("many-parts.xlsx", many, Refusal::Bomb),
        file("entities-in-sheet.xlsx", with_part("xl/worksheets/sheet1.xml", &hidden, 1), Refusal::NotAWorkbook),
        file("entities-in-styles.xlsx", with_part("xl/styles.xml", &hidden, 1), Refusal::NotAWorkbook),
        file("entities-in-properties.xlsx", with_part("docProps/core.xml", doctype, 1), Refusal::NotAWorkbook),
        file("path-out-of-the-package.xlsx", with_part("../../etc/passwd", b"x", 1), Refusal::NotAWorkbook),
        file("document.xlsx", zip(&[("mimetype", b"application/vnd.oasis.opendocument.text")]), Refusal::NotAWorkbook),
        file("macros.xlsx", with_part("xl/vbaProject.bin", b"x", 1), Refusal::Macros),
        file("macro-type.xlsx", zip(&[("[Content_Types].xml", macros), ("xl/workbook.xml", b"<w/>")]), Refusal::Macros),
        file("cut-in-half.xlsx", cut.1[..cut.1.len() / 2].to_vec(), Refusal::Truncated),
    ]
}

fn sheets() -> Vec<Hostile> {
    let file = |name, bytes, refusal| Hostile { name, bytes, refusal };
    let row = |cells: &str| by_hand(&format!("<row r=\"1\">{cells}</row>"), false);
    let at = |place: &str| row(&format!("<c r=\"{place}\"><v>1</v></c>"));
    // Random letters, so that no ratio of packing gives them away.
    let mut seed = 1u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b'a' + (seed >> 59) as u8 % 26
    })
    .take(5 * 1024 * 1024)
    .collect();
    let endless = |start: &[u8]| with_part("xl/worksheets/sheet1.xml", &[start, &noise].concat(), 1);
    vec![
        file("string-in-every-cell.xlsx", string_in_every_cell(), Refusal::TooManyCells),
        file(
            "strings-by-their-own-word.xlsx",
            with_part("xl/sharedStrings.xml", b"<sst uniqueCount=\"4000000000\"><si/></sst>", 1),
            Refusal::Bomb,
        ),
        file(
            "millions-of-empty-strings.xlsx",
            with_part("xl/sharedStrings.xml", b"<si><t/></si>\n", 2_100_000),
            Refusal::Bomb,
        ),
        file("endless-tag.xlsx", endless(b"<c a=\""), Refusal::Bomb),
        file("endless-text.xlsx", endless(b"<t>"), Refusal::Bomb),
        file("column-of-no-sheet.xlsx", at("AAAAAAAAAAAAAAAA1"), Refusal::Truncated),
        file("millionth-column.xlsx", at("BDWGN1"), Refusal::Truncated),
        file("row-of-no-sheet.xlsx", at("A99999999999999"), Refusal::Truncated),
        file("row-nought.xlsx", at("A0"), Refusal::Truncated),
        file("place-backwards.xlsx", at("1A"), Refusal::Truncated),
        file("place-without-row.xlsx", at("A"), Refusal::Truncated),
        file(
            "row-number-too-large.xlsx",
            by_hand("<row r=\"99999999999\"><c><v>1</v></c></row>", false),
            Refusal::Truncated,
        ),
        file(
            "dimension-backwards.xlsx",
            by_hand("</sheetData><dimension ref=\"C9:A1\"/><sheetData>", false),
            Refusal::Truncated,
        ),
        file("last-column.xlsx", at("XFD1"), Refusal::TooManyCells),
        file("far-cell.xlsx", at("XFD1048576"), Refusal::TooManyCells),
        file("million-columns.csv", "1,".repeat(1_000_000).into_bytes(), Refusal::TooManyCells),
    ]
}

/// One long shared string standing in thousands of cells: small in the file, gigabytes in memory.
fn string_in_every_cell() -> Vec<u8> {
    let mut writer = Workbook::new();
    let sheet = writer.add_worksheet();
    let long = "长".repeat(30_000);
    for row in 0..4_000 {
        sheet.write_string(row, 0, &long).unwrap();
    }
    writer.save_to_buffer().unwrap()
}

fn legacy() -> Vec<Hostile> {
    let file = |name, bytes, refusal| Hostile { name, bytes, refusal };
    let [_, sound, _] = sound();
    // The allocation table's link of the second sector names itself.
    let mut looped = xls(&[XlsSheet { name: "S", rows: vec![vec!["姓名".into(); 4]; 300], ..XlsSheet::default() }]);
    looped[516..520].copy_from_slice(&1u32.to_le_bytes());
    let options = Options { has_password: true, ..Options::default() };
    let with_password =
        xls_with(&[XlsSheet { name: "S", rows: vec![vec!["姓名".into()]], ..XlsSheet::default() }], options);
    vec![
        file("container-only.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest".to_vec(), Refusal::Truncated),
        file("loop.xls", looped, Refusal::Truncated),
        file("cut-in-half.xls", sound.1[..sound.1.len() / 2].to_vec(), Refusal::Truncated),
        file("password.xls", with_password, Refusal::OldOrEncrypted),
        file("encrypted-package.xlsx", compound(&[("EncryptedPackage", vec![1; 100])]), Refusal::OldOrEncrypted),
        file("excel-5.xls", compound(&[("Book", vec![1; 100])]), Refusal::OldOrEncrypted),
        file("excel-95.xls", compound(&[("Workbook", vec![9, 8, 4, 0, 0, 5, 5, 0])]), Refusal::OldOrEncrypted),
        file("excel-4.xls", b"\x09\x08\x08\x00\x00\x05\x05\x00".to_vec(), Refusal::OldOrEncrypted),
        file("word.xls", compound(&[("WordDocument", vec![1; 100])]), Refusal::NotAWorkbook),
        file(
            "macros.xls",
            compound(&[("Workbook", vec![1; 100]), ("_VBA_PROJECT_CUR", vec![1; 100])]),
            Refusal::Macros,
        ),
    ]
}

fn texts() -> Vec<Hostile> {
    let file = |name, bytes: &[u8], refusal| Hostile { name, bytes: bytes.to_vec(), refusal };
    vec![
        file("nothing.xlsx", b"", Refusal::Empty),
        file("blank.csv", b"\n\n  \n", Refusal::Empty),
        file("pdf.csv", b"%PDF-1.7 and so on", Refusal::NotAWorkbook),
        file("no-text.xlsx", &[0x81, 0x20, 0xff, 0xff, 0xfe, 0x80], Refusal::NotAWorkbook),
        file("no-text.csv", &[0x81, 0x20, 0xff, 0xff, 0xfe, 0x80], Refusal::Encoding),
        file("half-a-character.csv", b"\xff\xfe\x00\xd8", Refusal::Encoding),
        file("control-characters.csv", b"\x00\x01\x02", Refusal::Encoding),
        file("web-page.xls", b"<html><table>", Refusal::WebPage),
        file("xml-table.xls", "\u{feff}\n<?xml version=\"1.0\"?><Workbook>".as_bytes(), Refusal::WebPage),
        file("doctype.xls", b"<!DOCTYPE html>", Refusal::WebPage),
    ]
}

/// A sound `.xlsx`, `.xls` and `.csv`.
pub fn sound() -> [(&'static str, Vec<u8>); 3] {
    let sheet = [hand_row(1, &HEAD), hand_row(2, &PERSON), hand_row(3, &["A1", "", "李四", "配偶"])].concat();
    let rows = vec![HEAD.map(X::from).to_vec(), PERSON.map(X::from).to_vec()];
    let legacy =
        XlsSheet { name: "台账", rows, merges: vec![[1, 2, 0, 0]], hidden_columns: vec![4], hidden_rows: vec![2] };
    let text = format!("{}\n{}\n", HEAD.join(","), PERSON.join(","));
    let text = encoding_rs::GB18030.encode(&text).0.into_owned();
    [("sound.xlsx", by_hand(&sheet, false)), ("sound.xls", xls(&[legacy])), ("sound.csv", text)]
}
