//! `wangjia records`: what ledgers and records say that contradicts itself, and what is not known.

use std::process::ExitCode;

use serde_json::json;

use super::table::table;
use super::{Common, output};
use crate::app::access::{Action, ObjectKind};
use crate::app::record_findings::{self, Counts, RecordFinding, RecordFindingFilter, RecordFindingKind};
use crate::app::{calendar_day, now};

/// Records to complete or to contradict: what imports found wrong, what contradicts itself, what is not known.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An entry goes when the record is put right, or when somebody says on the page /records or by the API that it is right.\n\n\
    Examples:\n  \
    wangjia records --kind contradiction\n  \
    wangjia records --limit 20\n  \
    wangjia records --json"
)]
pub struct RecordsArgs {
    /// Only one kind: contradiction or incomplete.
    #[arg(long, value_parser = parse_kind)]
    kind: Option<RecordFindingKind>,
    /// How many entries at most.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// JSON for programs.
    #[arg(long)]
    json: bool,
}

fn parse_kind(code: &str) -> Result<RecordFindingKind, String> {
    RecordFindingKind::from_code(code).ok_or_else(|| {
        let known: Vec<&str> = RecordFindingKind::ALL.iter().map(|kind| kind.code()).collect();
        format!("可选 / one of: {}", known.join(", "))
    })
}

pub fn run(args: &RecordsArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let failed = |error| common.failed(&error);
    let entered = common.enter("records", (ObjectKind::Household, Action::List))?;
    let filter = RecordFindingFilter { kind: args.kind, household: None };
    let today = calendar_day(now());
    let (mut found, names, counts) = entered
        .db
        .read(|conn| {
            let mut found = record_findings::list(conn, entered.within(), filter, today)?;
            let counts = Counts::of(&found);
            found.truncate(args.limit);
            let names = record_findings::names(conn, &found)?;
            Ok((found, names, counts))
        })
        .map_err(failed)?;
    entered.shows(found.iter().filter_map(|one| one.resident), now()).map_err(failed)?;
    let rows = found.drain(..).zip(names);
    if args.json {
        let items: Vec<_> = rows.map(|(one, name)| item(&one, name.as_deref(), common)).collect();
        let all = json!({"items": items, "contradictions": counts.contradictions, "incomplete": counts.incomplete});
        output::line(format_args!("{all:#}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = [
        ("楼栋", "building"),
        ("房号", "flat"),
        ("户", "household"),
        ("姓名", "who"),
        ("内容", "what"),
        ("来自", "from"),
    ];
    let head = head.map(|(zh, en)| common.text(zh, en));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = rows.map(|(one, name)| {
        let from = one.origin.map(|origin| format!("{} {} {}", origin.file, origin.sheet, origin.row));
        vec![
            one.place.building,
            one.place.unit.unwrap_or_default(),
            one.place.code.unwrap_or_else(|| one.place.household.to_string()),
            name.unwrap_or_else(|| "-".to_owned()),
            one.text.get(common.lang).to_owned(),
            from.unwrap_or_default(),
        ]
    });
    output::line(table(&head, &[], rows.collect()))?;
    let Counts { contradictions, incomplete } = counts;
    output::line(common.text(
        &format!("待核对 {contradictions} 件，待补填 {incomplete} 件"),
        &format!("{contradictions} to look into, {incomplete} to complete"),
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn item(one: &RecordFinding, name: Option<&str>, common: &Common) -> serde_json::Value {
    json!({
        "id": one.id.map(|id| id.to_string()), "kind": one.kind.code(), "code": one.code,
        "household_id": one.place.household.to_string(), "household_code": one.place.code,
        "building": one.place.building, "unit": one.place.unit,
        "resident_id": one.resident.map(|id| id.to_string()), "name": name,
        "spell_id": one.spell.map(|id| id.to_string()), "text": one.text.get(common.lang),
        "origin": one.origin.as_ref().map(|origin| json!({
            "import_id": origin.import.to_string(), "file_name": origin.file, "sheet": origin.sheet, "row": origin.row,
            "column": origin.column, "masked_value": origin.masked_value,
        })),
    })
}
