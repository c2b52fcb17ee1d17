//! The queue of records to complete or to contradict: what an import found, what contradicts itself on record, what is not known.

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use super::import;
use crate::api::app::{TestApp, account};
use crate::ledger::{V, id, xlsx};
use crate::row;
use crate::support::{TestDb, command, on_both};

on_both!(
    what_is_wrong_is_listed_with_where_it_came_from_until_it_is_put_right,
    what_somebody_looked_at_is_not_asked_again,
    a_later_file_takes_back_what_an_earlier_one_got_wrong,
);

/// A household of one in each row: code, grid, phone, school, labour class, employer.
fn ledger(people: &[[&str; 6]]) -> Vec<Vec<V>> {
    let mut rows = vec![row![
        "户编号",
        "网格",
        "楼栋",
        "姓名",
        "与户主关系",
        "身份证号",
        "联系电话",
        "在校生状况",
        "劳动技能",
        "就业意愿",
        "就业单位",
        "起始时间"
    ]];
    for [code, grid, phone, school, class, employer] in people {
        let number: u16 = code[1..].parse().unwrap();
        let start = if employer.is_empty() { "" } else { "2026-01-01" };
        let number = id(1980, 1, 1, 2 * number + 1);
        rows.push(row![
            *code,
            *grid,
            "1栋",
            format!("某{code}"),
            "户主",
            number,
            *phone,
            *school,
            *class,
            "愿意",
            *employer,
            start
        ]);
    }
    rows
}

const PUPIL: [&str; 6] = ["A1", "第一网格", "13900000001", "上技校", "普通劳动力", "某厂"];
const CALLED: [&str; 6] = ["A2", "第一网格", "0856-5221234", "不在校", "普通劳动力", "某厂"];
const UNKNOWN: [&str; 6] = ["A3", "第二网格", "", "不在校", "", ""];

fn items(app: &TestApp, query: &str) -> Vec<Value> {
    app.get(&format!("/record-findings{query}"))["items"].as_array().unwrap().clone()
}

fn codes(app: &TestApp) -> Vec<String> {
    items(app, "").iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

fn what_is_wrong_is_listed_with_where_it_came_from_until_it_is_put_right(test: &TestDb) {
    let app = TestApp::new(test);
    import(test, ledger(&[PUPIL, CALLED, UNKNOWN]));
    let all = app.get("/record-findings");
    assert_eq!(codes(&app), ["in_school_employed", "phone_format", "profile_incomplete"], "by building and household");
    assert_eq!((&all["contradictions"], &all["incomplete"]), (&json!(1), &json!(2)));
    let [pupil, called, unknown] = &items(&app, "")[..] else { panic!("{all}") };
    assert_eq!((&pupil["kind"], &pupil["name"]), (&json!("contradiction"), &json!("某A1")));
    assert_eq!(pupil["text"], "在校生却有就业记录，请核实。");
    let origin = &pupil["origin"];
    let place = (&origin["file_name"], &origin["sheet"], &origin["row"], &origin["column"]);
    assert_eq!(place, (&json!("test.xlsx"), &json!("Sheet1"), &json!(2), &json!("在校生状况")));
    assert!(pupil["spell_id"].is_string() && !called["origin"]["masked_value"].to_string().contains("5221234"));
    assert_eq!((&unknown["origin"], &unknown["id"]), (&Value::Null, &Value::Null));
    assert_eq!(unknown["text"], "劳动技能未登记");
    assert_eq!(items(&app, "?kind=contradiction").len(), 1);
    let home = unknown["household_id"].as_str().unwrap();
    assert_eq!(items(&app, &format!("?household_id={home}")).len(), 1);
    assert_eq!(app.get("/record-findings?limit=2")["items"].as_array().unwrap().len(), 2);
    // Another grid's counselor sees and settles nothing of this one.
    let grids = app.get("/grids")["items"].as_array().unwrap().clone();
    let second = grids.iter().find(|grid| grid["name"] == "第二网格").unwrap()["id"].as_str().unwrap().to_owned();
    let grant = Grant { role: Role::Counselor, area: second.parse().ok(), employer: None };
    let other = account(test, "other", &[grant]);
    let theirs = app.by(&other, "GET", "/record-findings").send().expect(200).body;
    let theirs: Vec<&Value> = theirs["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect();
    assert_eq!(theirs, [&json!("profile_incomplete")]);
    let confirm = format!("/households/{}/finding-confirmations", pupil["household_id"].as_str().unwrap());
    let body = json!({"finding_id": pupil["id"]});
    app.by(&other, "POST", &confirm).json(&body).send().problem(404, "not_found");
    // Put right on record, it is gone without anybody saying so.
    let patch = |item: &Value, profile: Value| {
        app.patch(&format!("/residents/{}", item["resident_id"].as_str().unwrap()), &json!({"profile": profile}))
            .expect(200);
    };
    patch(pupil, json!({"school_status": "not_in_school"}));
    patch(unknown, json!({"labour_class": "ordinary"}));
    assert_eq!(codes(&app), ["phone_format"]);
    // What contradicts itself without any import is listed too, and cannot be waved through.
    patch(pupil, json!({"labour_class": "lost"}));
    let lost = items(&app, "?kind=contradiction").pop().unwrap();
    assert_eq!((&lost["code"], &lost["id"], &lost["origin"]), (&json!("no_capacity"), &Value::Null, &Value::Null));
}

fn what_somebody_looked_at_is_not_asked_again(test: &TestDb) {
    let app = TestApp::new(test);
    import(test, ledger(&[CALLED]));
    let found = items(&app, "").pop().unwrap();
    let path = format!("/households/{}/finding-confirmations", found["household_id"].as_str().unwrap());
    let confirm = || app.request("POST", &path).json(&json!({"finding_id": found["id"]})).send();
    assert_eq!(confirm().expect(200).body["finding_id"], found["id"]);
    assert!(items(&app, "").is_empty());
    confirm().problem(412, "changed_since_read");
    app.request("POST", &path).json(&json!({"finding_id": "999"})).send().problem(404, "not_found");
    import(test, ledger(&[CALLED, PUPIL]));
    assert_eq!(codes(&app), ["in_school_employed"], "the file says the same of the phone");
    let mut wrong = CALLED;
    wrong[2] = "12345";
    import(test, ledger(&[wrong]));
    assert_eq!(codes(&app), ["phone_format", "in_school_employed"], "and now something else");
}

fn a_later_file_takes_back_what_an_earlier_one_got_wrong(test: &TestDb) {
    let app = TestApp::new(test);
    import(test, ledger(&[CALLED]));
    import(test, ledger(&[CALLED]));
    assert_eq!(codes(&app), ["phone_format"], "told twice, listed once");
    // A file without the column says nothing of it.
    import(test, vec![row!["户编号", "姓名", "身份证号"], row!["A2", "某A2", id(1980, 1, 1, 5)]]);
    assert_eq!(codes(&app), ["phone_format"]);
    let mut right = CALLED;
    right[2] = "13900000002";
    import(test, ledger(&[right]));
    assert!(items(&app, "").is_empty());
}

#[test]
fn the_command_lists_the_queue() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| command::wangjia(folder.path(), args);
    assert!(run(&["migrate"]).status.success());
    std::fs::write(folder.path().join("台账.xlsx"), xlsx(&[("S", ledger(&[PUPIL, CALLED]))])).unwrap();
    assert!(run(&["import", "台账.xlsx"]).status.success());
    let all = command::json(&run(&["records", "--json"]));
    let codes: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect();
    assert_eq!(codes, ["in_school_employed", "phone_format"]);
    assert_eq!((&all["contradictions"], &all["incomplete"]), (&json!(1), &json!(1)));
    let table = command::text(&run(&["records", "--kind", "contradiction", "--limit", "1"]).stdout);
    assert!(table.contains("台账.xlsx S 2") && table.contains("某A1") && !table.contains("某A2"), "{table}");
    assert!(table.contains("待核对 1 件，待补填 0 件"), "{table}");
    assert_eq!(run(&["records", "--kind", "moon"]).status.code(), Some(2));
}
