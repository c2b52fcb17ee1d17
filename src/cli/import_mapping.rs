//! `wangjia import --show-mapping`: what each column of a file is taken for.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::import::read;
use super::table::table;
use super::{Common, output};
use crate::app::Db;
use crate::app::imports::Said;
use crate::app::imports::mapping::{self, ColumnMapping, Guess, Mapping, UnknownWord};

/// `COLUMN=FIELD` of an argument. The last `=` parts it, since a title may hold one.
pub fn column(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, field)) if !column.trim().is_empty() && !field.trim().is_empty() => {
            Ok((column.to_owned(), field.to_owned()))
        }
        _ => Err("COLUMN=FIELD".to_owned()),
    }
}

/// `COLUMN:WORD=MEANING` of an argument.
pub fn word(text: &str) -> Result<(String, String, String), String> {
    let parted = column(text).ok().and_then(|(left, meaning)| {
        let (column, word) = left.split_once([':', '：'])?;
        (!column.trim().is_empty() && !word.trim().is_empty()).then(|| (column.to_owned(), word.to_owned(), meaning))
    });
    parted.ok_or_else(|| "COLUMN:WORD=MEANING".to_owned())
}

/// Prints the mapping of each file; nothing is written.
///
/// # Errors
/// If a file cannot be read or is refused as a whole.
pub fn show(db: &Db, files: &[PathBuf], said: &Said, json: bool, common: &Common) -> anyhow::Result<ExitCode> {
    let mut all = Vec::new();
    for path in files {
        let shown = path.display().to_string();
        let bytes = read(path)
            .with_context(|| common.text(&format!("无法读取文件 {shown}"), &format!("cannot read {shown}")))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mapping = mapping::show(db, &bytes, &name, said).map_err(|error| common.failed(&error)).context(shown)?;
        if json {
            all.push(to_json(path, &mapping));
        } else {
            print(path, &mapping, common)?;
        }
    }
    if json {
        output::line(format_args!("{:#}", json!({ "files": all })))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn guess_json(guess: &Guess) -> Value {
    let title = guess.field.title();
    json!({ "field": guess.field.code(), "title": title, "confidence": guess.confidence, "why": guess.why.code() })
}

fn column_json(column: &ColumnMapping) -> Value {
    json!({
        "path": column.path,
        "key": column.key,
        "index": column.index,
        "samples": column.samples,
        "guess": column.guess.as_ref().map(guess_json),
        "is_used": column.is_used,
        "runner_up": column.runner_up.as_ref().map(guess_json),
    })
}

fn word_json(unknown: &UnknownWord) -> Value {
    json!({ "field": unknown.field.code(), "word": unknown.word, "times": unknown.times })
}

fn to_json(path: &Path, mapping: &Mapping) -> Value {
    let sheets = mapping.sheets.iter().map(|sheet| {
        json!({
            "sheet": sheet.name,
            "kind": sheet.kind.map(|kind| kind.label().en),
            "fingerprint": sheet.fingerprint,
            "head_row": sheet.head_row,
            "columns": sheet.columns.iter().map(column_json).collect::<Vec<_>>(),
            "words": sheet.words.iter().map(word_json).collect::<Vec<_>>(),
            "missing": sheet.missing.iter().map(|field| field.code()).collect::<Vec<_>>(),
        })
    });
    json!({ "file": path.display().to_string(), "sheets": sheets.collect::<Vec<_>>() })
}

fn print(path: &Path, mapping: &Mapping, common: &Common) -> std::io::Result<()> {
    let t = |zh: &str, en: &str| common.text(zh, en);
    output::line(path.display())?;
    for sheet in &mapping.sheets {
        let kind = sheet.kind.map_or_else(
            || t("不是认识的表，不导入", "no known table; passed over"),
            |kind| kind.label().get(common.lang).to_owned(),
        );
        output::line(t(
            &format!("工作表“{}”（{kind}），表头在第 {} 行", sheet.name, sheet.head_row),
            &format!("Sheet \"{}\" ({kind}), head in row {}", sheet.name, sheet.head_row),
        ))?;
        if sheet.columns.is_empty() {
            continue;
        }
        let rows = sheet.columns.iter().map(|column| {
            let named = |guess: &Guess| format!("{} {}%", guess.field.title(), guess.confidence);
            let taken = match &column.guess {
                Some(guess) if column.is_used => named(guess),
                _ => t("保留在备注", "kept in the note"),
            };
            let other = if column.is_used { column.runner_up.as_ref() } else { column.guess.as_ref() };
            let why = column.guess.as_ref().map(|guess| guess.why.label().get(common.lang).to_owned());
            vec![
                (column.index + 1).to_string(),
                column.shown(),
                taken,
                why.unwrap_or_default(),
                other.map(named).unwrap_or_default(),
                column.samples.join(" / "),
            ]
        });
        let head = [
            ("列", "no."),
            ("列名", "column"),
            ("读作", "read as"),
            ("依据", "why"),
            ("也可能是", "or perhaps"),
            ("样例", "sample"),
        ]
        .map(|(zh, en)| t(zh, en));
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        output::line(table(&head, &[0], rows.collect()))?;
        for unknown in &sheet.words {
            let (word, times, field) = (&unknown.word, unknown.times, unknown.field.title());
            output::line(t(
                &format!(
                    "“{field}”里有 {times} 格写着“{word}”，不在可选值中；可用 --map-value {field}:{word}=… 指定。"
                ),
                &format!(
                    "{times} cells of \"{field}\" say \"{word}\", which is not in its list; say what it means with --map-value {field}:{word}=…"
                ),
            ))?;
        }
        if !sheet.missing.is_empty() {
            let titles: Vec<&str> = sheet.missing.iter().map(|field| field.title()).collect();
            let titles = titles.join("、");
            output::line(t(
                &format!("缺少必需的列：{titles}。可用 --map 指定。"),
                &format!("Required columns are missing: {titles}. Name them with --map."),
            ))?;
        }
    }
    output::line(t("以上仅为预览，未写入任何数据。", "A preview: nothing was written."))
}
