//! The files fuzz targets start from.

use super::corpus::{HEAD, PERSON, hand_row, hostile, sound};

/// Every file a fuzz target starts from: target, name, bytes. Fuzzers want small ones.
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    const LARGEST: usize = 256 * 1024;
    const PHRASES: [&str; 12] = [
        "1-1.5万·13薪",
        "150元/天",
        "4千及以下",
        "底薪3500+提成，包吃住",
        "女18-45岁、男18-50岁,能力突出者可放宽",
        "8:00-17:30，单休",
        "两班倒，每班12小时，月休4天",
        "周一至周五 22:00-次日6:00",
        "男3女5，共8人",
        "若干名",
        "噪声、粉尘三级",
        "照顾老人 周一至周日 17:00-19:00",
    ];
    const NUMBERS: [&str; 8] = [
        "1974年3月",
        "1974.03.05",
        "45000",
        "1974/3/5 0:00",
        "529900198001010012",
        "529900 19800101 001X",
        "91520100MA6DJ2M123",
        "2024.03",
    ];
    let target = |name: &str| match name.rsplit('.').next() {
        Some("xlsx") => "xlsx",
        Some("xls") => "xls",
        _ => "text",
    };
    let files = hostile().into_iter().map(|file| (file.name, file.bytes)).chain(sound());
    let files = files.map(|(name, bytes)| (target(name), name.to_owned(), bytes));
    let texts = |target: &'static str, texts: &'static [&str]| {
        (1..).zip(texts).map(move |(number, text)| (target, format!("{number}"), text.as_bytes().to_vec()))
    };
    let sheet = [hand_row(1, &HEAD), hand_row(2, &PERSON)].concat().into_bytes();
    // Behind header, table and directory of the container stands its one stream.
    let records = sound()[1].1[3 * 512..].to_vec();
    let inner = [("sheet_xml", "rows".to_owned(), sheet), ("xls_records", "records".to_owned(), records)];
    let all = files.chain(texts("phrases", &PHRASES)).chain(texts("numbers", &NUMBERS)).chain(inner);
    all.filter(|(.., bytes)| bytes.len() <= LARGEST).collect()
}
