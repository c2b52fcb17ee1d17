//! Files of a classification: columns, marks, and every fault with its row.

use wangjia::domain::text::Lang;
use wangjia::ledger::occupations::{Column, Fault, FaultKind, OccupationRow, read};
use wangjia::ledger::refusal::Refusal;

use super::{V, day, xlsx};
use crate::row;

fn occupation(code: &str, name: &str, definition: &str) -> OccupationRow {
    OccupationRow { code: code.into(), name: name.into(), definition: definition.into() }
}

#[track_caller]
fn faults(text: &str) -> Vec<(u32, FaultKind)> {
    let found = read(text.as_bytes(), "occupations.csv").unwrap_err();
    found.into_iter().map(|fault| (fault.row, fault.kind)).collect()
}

#[test]
fn columns_in_any_order_and_marks_behind_names() {
    let expected = [occupation("1-01", "纺织人员", ""), occupation("1-01-01", "织布工", "看管织机，织成布匹。")];
    for text in [
        "code,name,definition\n1-01,纺织人员,\n1-01-01,织布工L/S,看管织机，织成布匹。\n",
        "\u{feff}level,code,name,definition\n3,1-01,纺织人员,\n\n4,1-01-01,织布工S,\"看管织机，织成布匹。\"\n",
        "定义,名称,代码\n,纺织人员,1-01\n看管织机，织成布匹。,织布工L,1-01-01\n",
    ] {
        assert_eq!(read(text.as_bytes(), "o.csv").unwrap(), expected, "{text}");
    }
    let latin = "Code,Name,Definition\n7531,TAILORS,Make clothes\n";
    assert_eq!(read(latin.as_bytes(), "o.csv").unwrap(), [occupation("7531", "TAILORS", "Make clothes")]);
    let sheet: Vec<Vec<V>> = vec![row!["code", "name", "definition"], row!["1-01-01", "织布工L", "织布。"]];
    assert_eq!(read(&xlsx(&[("职业", sheet)]), "o.xlsx").unwrap(), [occupation("1-01-01", "织布工", "织布。")]);
}

#[test]
fn a_code_may_stand_twice_if_both_rows_say_the_same() {
    let text =
        "code,name,definition\n1-01,织布工,\n1-01,织布工L,织布\n1-01,织布工,\n1-01,织布工,织布\n1-02,纺纱工,纺纱\n";
    let expected = [occupation("1-01", "织布工", "织布"), occupation("1-02", "纺纱工", "纺纱")];
    assert_eq!(read(text.as_bytes(), "o.csv").unwrap(), expected);
    let other = |row: &str| faults(&format!("{text}{row}\n"));
    assert_eq!(other("1-01,织布工,纺纱"), [(7, FaultKind::Repeated(2))]);
    assert_eq!(other("1-02,织布工,纺纱"), [(7, FaultKind::Repeated(6))]);
}

#[test]
fn every_fault_is_told_with_its_row() {
    assert_eq!(
        faults("code,name,definition\n1,织布工,织布\n,纺纱工,纺纱\n2,,绣花\n\n1,电工,接线\n"),
        [(3, FaultKind::Empty(Column::Code)), (4, FaultKind::Empty(Column::Name)), (6, FaultKind::Repeated(2)),]
    );
    let long = format!("code,name,definition\n1,织布工,{}\n", "织".repeat(2_001));
    assert_eq!(faults(&long), [(2, FaultKind::TooLong(Column::Definition))]);
    assert_eq!(
        faults("\n\n代码,职务\n1,织布工\n"),
        [(3, FaultKind::NoColumn(Column::Name)), (3, FaultKind::NoColumn(Column::Definition))]
    );
    assert_eq!(faults("code,name,definition\n1,织布工,\n"), [(0, FaultKind::NoDefinition)]);
    assert_eq!(faults(""), [(0, FaultKind::File(Refusal::Empty))]);
    let sheet = vec![row!["code", "name", "definition"], vec![V::D(day(2001, 2, 3)), "织布工".into(), "织布".into()]];
    let dated = read(&xlsx(&[("职业", sheet)]), "o.xlsx").unwrap_err();
    assert_eq!(dated, [Fault { row: 2, kind: FaultKind::NotText(Column::Code) }]);
}

#[test]
fn every_fault_has_words() {
    let kinds = [
        FaultKind::File(Refusal::Encoding),
        FaultKind::NoColumn(Column::Code),
        FaultKind::Empty(Column::Name),
        FaultKind::TooLong(Column::Definition),
        FaultKind::NotText(Column::Code),
        FaultKind::Repeated(7),
        FaultKind::NoDefinition,
    ];
    for kind in kinds {
        let text = Fault { row: 9, kind }.text();
        assert!(!text.get(Lang::Zh).is_ascii() && text.get(Lang::En).is_ascii(), "{text}");
    }
}
