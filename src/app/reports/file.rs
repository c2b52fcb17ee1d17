//! A report as a file: JSON for programs and archives, XLSX for offices. Figures and definitions, no lists: those are opened with a
//! reason, one by one.

use serde_json::{Value as Json, json};

use super::view::{Report, name};
use crate::app::error::AppError;
use crate::domain::codes::CoverageState;
use crate::domain::report::between;
use crate::domain::text::{Label, Lang};
use crate::ledger::sheet::{self, Value};

/// The report as JSON: everything it says but its lists.
#[must_use]
pub fn json(report: &Report) -> Json {
    let data = &report.summary.data;
    let figures = report.figures.iter().map(|row| {
        json!({
            "code": row.code, "group": row.group_key, "part": row.part, "unit": row.unit.code(),
            "name": {"zh": name(row).zh, "en": name(row).en},
            "definition": {"zh": row.definition_zh, "en": row.definition_en},
            "value": row.value, "before": row.value_before,
        })
    });
    let changes = report.changes.iter().map(|row| {
        let [from, to] = [row.from_state, row.to_state].map(|state| state.map(CoverageState::code));
        json!({"from": from, "to": to, "reason": row.reason.code(), "households": row.households})
    });
    let corrections = report.corrections.iter().map(|row| {
        json!({
            "code": row.code, "group": row.group_key, "was": row.was, "is": row.is,
            "entered": row.entered, "left": row.left,
        })
    });
    let signature = report.summary.signature.as_ref().map(|signed| {
        json!({
            "name": signed.name, "signed_on": signed.signed_on, "signed_at": signed.signed_at.and_utc(),
            "content_hash": signed.content_hash,
        })
    });
    json!({
        "id": report.summary.id.to_string(),
        "community_id": data.community_id.to_string(), "community": report.summary.community,
        "month": data.month.format("%Y-%m").to_string(), "version": data.version, "as_of": data.as_of,
        "corrects_id": data.corrects_id.map(|id| id.to_string()), "reason": data.reason,
        "corrected_by_id": report.summary.corrected_by.map(|id| id.to_string()),
        "compared_id": data.compared_id.map(|id| id.to_string()),
        "frozen_on": data.frozen_on, "frozen_at": data.frozen_at.and_utc(),
        "policy_version": data.policy_version, "engine_version": data.engine_version,
        "known_to": data.known_to, "data_hash": data.data_hash, "content_hash": data.content_hash,
        "genuine": report.genuine, "rate_basis_points": report.rate(),
        "figures": figures.collect::<Json>(), "changes": changes.collect::<Json>(),
        "corrections": corrections.collect::<Json>(), "signature": signature,
    })
}

/// The report as a spreadsheet: figures, changes and what it was made from, one below the other.
///
/// # Errors
/// If the workbook cannot be written.
pub fn xlsx(report: &Report, lang: Lang) -> Result<Vec<u8>, AppError> {
    let say = |zh: &'static str, en: &'static str| Label { zh, en }.get(lang);
    let heads = [
        say("指标", "figure"),
        say("数", "value"),
        say("单位", "unit"),
        say("上月", "month before"),
        say("增减", "change"),
        say("定义", "definition"),
    ]
    .map(str::to_owned);
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for row in &report.figures {
        let before = row.value_before.map_or(Value::Nothing, Value::Number);
        let change = row.value_before.map_or(Value::Nothing, |before| Value::Number(row.value - before));
        let definition = if lang == Lang::Zh { &row.definition_zh } else { &row.definition_en };
        rows.push(vec![
            Value::text(name(row).get(lang)),
            Value::Number(row.value),
            Value::text(row.unit.label().get(lang)),
            before,
            change,
            Value::text(definition),
        ]);
    }
    for row in &report.changes {
        let moved = between(row.from_state, row.to_state);
        let said = format!("{} {}", moved.get(lang), row.reason.label().get(lang));
        rows.push(vec![Value::text(&said), Value::Number(row.households), Value::text(say("户", "households"))]);
    }
    for row in &report.corrections {
        let said = format!("{} {}", say("更正", "corrected"), row.name.get(lang));
        rows.push(vec![
            Value::text(&said),
            Value::Number(row.is),
            Value::Nothing,
            Value::Number(row.was),
            Value::Number(row.is - row.was),
        ]);
    }
    rows.extend(made_from(report, lang).into_iter().map(|(what, value)| vec![Value::text(what), Value::text(&value)]));
    let title = format!("{} {}", data_month(report), say("月报", "report"));
    Ok(sheet::write(&title, &heads, &rows).map_err(anyhow::Error::new)?)
}

fn data_month(report: &Report) -> String {
    report.summary.data.month.format("%Y-%m").to_string()
}

/// What a report was made from, and who answers for it.
fn made_from(report: &Report, lang: Lang) -> Vec<(&'static str, String)> {
    let say = |zh: &'static str, en: &'static str| Label { zh, en }.get(lang);
    let data = &report.summary.data;
    let mut said = vec![
        (say("社区", "community"), report.summary.community.clone()),
        (say("版本", "version"), data.version.to_string()),
        (say("数据截至", "as of"), data.as_of.to_string()),
        (say("冻结日期", "frozen on"), data.frozen_on.to_string()),
        (say("参数版本", "policy version"), data.policy_version.to_string()),
        (say("程序版本", "engine version"), data.engine_version.clone()),
        (say("数据校验", "data hash"), data.data_hash.clone()),
        (say("内容校验", "content hash"), data.content_hash.clone()),
    ];
    said.extend(data.reason.clone().map(|reason| (say("更正原因", "reason of the correction"), reason)));
    if let Some(signed) = &report.summary.signature {
        said.push((say("签发", "signed"), format!("{} {}", signed.name, signed.signed_on)));
    }
    said
}
