//! Ledgers by template: whom they hold, what of them, for whom, and that one handed out can be handed in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::json;
use wangjia::app::access::Grant;
use wangjia::app::audit::{self, Filter};
use wangjia::app::exports::Form;
use wangjia::app::imports::{ImportOptions, import_file};
use wangjia::app::ledgers::columns::COLUMNS;
use wangjia::app::ledgers::{Ask, LedgerKind, chosen, ledger};
use wangjia::app::reports::freeze;
use wangjia::app::setup;
use wangjia::db::events;
use wangjia::domain::access::Role;
use wangjia::domain::text::Lang;
use wangjia::ledger::workbook::{self, Cell};
use wangjia::town::{FILES, Town, TownPlan, write};

use crate::api::app::{TestApp, account, noon};
use crate::pages::official::support::{Desk, OFFICIAL};
use crate::support::{TestDb, on_both};

on_both!(
    a_ledger_holds_whom_the_figure_counts,
    one_that_was_handed_out_changes_nothing_when_it_is_handed_in,
    what_somebody_typed_is_no_formula_and_numbers_keep_their_digits,
    id_numbers_are_for_those_who_may_read_them_and_say_why,
    columns_are_those_somebody_saved_in_that_order,
    programs_save_columns_and_export_by_them,
);

pub fn town(test: &TestDb) -> NaiveDate {
    setup::migrate(&test.db).unwrap();
    let as_of = noon().date();
    let town = Town::generate(&TownPlan { seed: 5, households: 60, postings: 10, as_of }).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for (path, file) in write(&town, dir.path(), false).unwrap().iter().zip(FILES) {
        import_file(&test.db, &std::fs::read(path).unwrap(), file, &options(), &mut |_, _| Ok(())).unwrap();
    }
    as_of
}

pub fn options() -> ImportOptions {
    ImportOptions { as_of: noon().date(), now: noon(), dry_run: false, accept_clean_rows: false }
}

pub fn ask(kind: LedgerKind, codes: &[&str]) -> Ask {
    let today = noon().date();
    Ask { kind, as_of: today, today, columns: chosen(kind, codes).unwrap(), lang: Lang::Zh, within: None }
}

fn a_ledger_holds_whom_the_figure_counts(test: &TestDb) {
    let as_of = town(test);
    let community = test.db.read(|conn| wangjia::app::reports::communities(conn, None)).unwrap()[0].0;
    let draft = test.db.read(|conn| freeze::draft(conn, community, as_of)).unwrap();
    let figure =
        |code: &str| draft.figures.iter().find(|figure| figure.counted.key() == (code, "")).unwrap().counted.value();
    let rows = |kind: LedgerKind| {
        let found = test.db.read(|conn| ledger(conn, test.db.keys(), &ask(kind, &[]))).unwrap();
        assert!(found.rows.iter().all(|row| row.len() == found.heads.len()), "{kind:?}");
        found.rows.len() as u64
    };
    for (kind, code) in [
        (LedgerKind::Employed, "at_work"),
        (LedgerKind::ToHelp, "to_help"),
        (LedgerKind::Unwilling, "unwilling"),
        (LedgerKind::NoLabour, "exempt_nobody_employable"),
        (LedgerKind::Helped, "helped"),
    ] {
        assert_eq!(rows(kind), figure(code), "{kind:?}");
    }
    assert_eq!(rows(LedgerKind::NotEmployed), figure("able") - figure("able_at_work"));
    assert!(rows(LedgerKind::Employed) > 20 && rows(LedgerKind::ToHelp) > 0 && rows(LedgerKind::ParkRoster) > 0);
}

fn one_that_was_handed_out_changes_nothing_when_it_is_handed_in(test: &TestDb) {
    town(test);
    let told = test.read(events::last);
    let columns = [
        "community",
        "grid",
        "building",
        "unit",
        "household_code",
        "head_name",
        "township",
        "monitoring",
        "name",
        "relation",
        "sex",
        "id_number",
        "birth_date",
        "phone",
        "ethnicity",
        "education",
        "health",
        "labour_class",
        "school",
        "absence",
        "is_willing",
        "willing_to_train",
        "expected_pay",
    ];
    let found = test.db.read(|conn| ledger(conn, test.db.keys(), &ask(LedgerKind::People, &columns))).unwrap();
    assert!(found.rows.len() > 100);
    for (form, name) in [(Form::Xlsx, "people.xlsx"), (Form::Csv, "people.csv")] {
        let bytes = found.write(form).unwrap();
        let report = import_file(&test.db, &bytes, name, &options(), &mut |_, _| Ok(())).unwrap();
        assert!(!report.stopped, "{name}: {report:?}");
        assert_eq!(test.read(events::last), told, "{name} changed something: {report:?}");
        assert_eq!(report.unchanged as usize, found.rows.len(), "{name}: every row was read");
    }
}

fn what_somebody_typed_is_no_formula_and_numbers_keep_their_digits(test: &TestDb) {
    let app = TestApp::new(test);
    let building = app.building();
    let home = app.household(&building);
    let person = app.resident("甲", "1985-05-05", 11);
    let member = json!({"resident_id": person, "relation": "head", "valid_from": "2026-01-01"});
    app.request("POST", &format!("/households/{home}/members")).json(&member).send().expect(200);
    let job = json!({"channel": "outbound", "employer_name": "=HYPERLINK(\"http://x\")", "place": "@SUM(1)", "start_on": "2026-02-01", "monthly_income": 3000});
    app.create(&format!("/residents/{person}/spells"), &job);
    let columns = ["name", "employer", "job_place", "id_number", "income", "start_on"];
    let found = test.db.read(|conn| ledger(conn, test.db.keys(), &ask(LedgerKind::Employed, &columns))).unwrap();
    let csv = String::from_utf8(found.write(Form::Csv).unwrap()).unwrap();
    assert!(csv.contains("'=HYPERLINK") && csv.contains("'@SUM"), "{csv}");
    let sheet = &workbook::read(&found.write(Form::Xlsx).unwrap(), "x.xlsx").unwrap().sheets[0];
    let cells = &sheet.rows[1].cells;
    assert_eq!(cells[1], Cell::Text("=HYPERLINK(\"http://x\")".into()));
    let Cell::Text(number) = &cells[3] else { panic!("an ID number is text: {:?}", cells[3]) };
    assert_eq!(number.chars().count(), 18);
    assert!(!matches!(cells[4], Cell::Text(_)), "money is a number: {:?}", cells[4]);
}

fn id_numbers_are_for_those_who_may_read_them_and_say_why(test: &TestDb) {
    let app = TestApp::new(test);
    let building = app.building();
    let home = app.household(&building);
    let person = app.resident("甲", "1985-05-05", 11);
    let member = json!({"resident_id": person, "relation": "head", "valid_from": "2026-01-01"});
    app.request("POST", &format!("/households/{home}/members")).json(&member).send().expect(200);
    let everywhere = |role| Grant { role, area: None, employer: None };
    let counselor = account(test, "counselor", &[everywhere(Role::Counselor)]);
    let official = account(test, "official", &[everywhere(Role::Official)]);
    let get = |token: &str, path: &str, reason: Option<&str>| {
        let call = app.by(token, "GET", path);
        match reason {
            Some(reason) => call.header("x-access-reason", reason).send(),
            None => call.send(),
        }
    };
    let plain = "/ledgers/file?kind=people&form=csv";
    get(&official, plain, None).problem(403, "reason_required");
    let shown = get(&official, plain, Some("verify")).expect(200);
    let said = String::from_utf8(shown.bytes).unwrap();
    assert!(said.contains('甲') && !said.contains("529900"), "{said}");
    get(&official, "/ledgers/file?kind=people&columns=id_number", Some("verify")).field("?columns", "not_in_list");
    get(&official, "/ledgers/full-file?kind=people", Some("verify")).problem(403, "not_allowed");
    let full = "/ledgers/full-file?kind=people&form=csv&columns=name,id_number";
    get(&counselor, full, None).field("#X-Access-Reason", "missing");
    let said = String::from_utf8(get(&counselor, full, Some("report")).expect(200).bytes).unwrap();
    assert!(said.contains("529900198505050"), "{said}");
    get(&counselor, "/ledgers/file?kind=people&columns=name,name", None).field("?columns", "repeated");
    let filter = Filter { subject: person.parse().ok(), ..Filter::default() };
    let found = test.db.read(|conn| audit::find(conn, &filter, 0, 1_000, None)).unwrap();
    let by =
        |operation: &str| found.iter().filter(|entry| entry.operation == operation && entry.outcome == "done").count();
    assert_eq!((by("export_ledger"), by("export_full_ledger")), (1, 1));
    let listed = app.get("/ledgers/columns");
    assert_eq!(listed["items"].as_array().unwrap().len(), COLUMNS.len());
}

fn columns_are_those_somebody_saved_in_that_order(test: &TestDb) {
    let town = crate::pages::official::support::town(test, str::to_owned);
    let desk = Desk::new(test);
    let page = desk.page("/exports");
    assert!(page.contains("还没有存过") && !page.contains("/exports/full.xlsx"), "an official opens no ID number");
    let fields =
        [("kind", "people"), ("name", "我的<script>"), ("c_name", "2"), ("c_household_code", "1"), ("c_age", "9")];
    let save = |once: &str, fields: &[(&str, &str)]| desk.site.submit("/exports/views", &desk.token, once, fields);
    assert_eq!(save("v-1", &fields).status, 303);
    assert_eq!(save("v-1", &fields).status, 303, "sent twice");
    let page = desk.page("/exports");
    assert!(
        page.contains("户编号、姓名、年龄") && !page.contains("<script>\u{22}") && page.contains("&#60;script&#62;")
    );
    let (_, rest) = page.split_once("value=\"view-").unwrap();
    let view = rest.split('"').next().unwrap();
    let csv = desk.page(&format!("/exports/ledger.csv?ledger=view-{view}&as_of=2026-11-23"));
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("户编号,姓名,年龄"));
    assert_eq!(lines.count(), town.homes.len());
    // Without a column or a name nothing is saved.
    assert_eq!(save("v-2", &[("kind", "people"), ("name", "空")]).status, 422);
    assert_eq!(save("v-3", &[("kind", "people"), ("name", ""), ("c_name", "1")]).status, 422);
    assert_eq!(desk.get("/exports/ledger.csv?ledger=nothing").status, 422);
    assert_eq!(desk.without_reason("/exports/ledger.csv?ledger=people").status, 303);
    // Another's view is nobody else's.
    let other = Desk::of(test, "other", OFFICIAL, noon());
    assert_eq!(other.get(&format!("/exports/ledger.csv?ledger=view-{view}")).status, 422);
    let remove = format!("/exports/views/{view}/remove");
    assert_eq!(other.site.submit(&remove, &other.token, "r-1", &[]).status, 404);
    assert_eq!(desk.site.submit(&remove, &desk.token, "r-2", &[]).status, 303);
    assert!(desk.page("/exports").contains("还没有存过"));
}

fn programs_save_columns_and_export_by_them(test: &TestDb) {
    let app = TestApp::new(test);
    let building = app.building();
    let home = app.household(&building);
    let person = app.resident("甲", "1985-05-05", 11);
    let member = json!({"resident_id": person, "relation": "head", "valid_from": "2026-01-01"});
    app.request("POST", &format!("/households/{home}/members")).json(&member).send().expect(200);
    let everywhere = |role| Grant { role, area: None, employer: None };
    let one = account(test, "one", &[everywhere(Role::Counselor)]);
    let two = account(test, "two", &[everywhere(Role::Counselor)]);
    let save = |token: &str, body: serde_json::Value| app.by(token, "POST", "/saved-views").json(&body).send();
    let body = json!({"list": "people", "name": "上报用", "columns": ["age", "name"]});
    let saved = save(&one, body.clone()).expect(201).body;
    let view = saved["id"].as_str().unwrap().to_owned();
    assert_eq!(app.by(&one, "GET", &format!("/saved-views/{view}")).send().expect(200).body, saved);
    let listed = app.by(&one, "GET", "/saved-views").send().expect(200).body;
    assert_eq!(listed["items"], json!([saved]));
    let csv = |path: &str| {
        let bytes = app.by(&one, "GET", path).send().expect(200).bytes;
        String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}').lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(csv(&format!("/ledgers/file?view_id={view}&form=csv")), ["年龄,姓名", "41,甲"]);
    // An ID number a view names is in the full file only.
    let personal = json!({"list": "people", "name": "全", "columns": ["name", "id_number"]});
    let full = save(&one, personal).expect(201).body["id"].as_str().unwrap().to_owned();
    let get = |token: &str, path: String| app.by(token, "GET", &path).send();
    get(&one, format!("/ledgers/file?view_id={full}")).field("?columns", "not_in_list");
    // Of another list, of another account, beside other columns: refused.
    get(&one, format!("/ledgers/file?view_id={view}&kind=visits")).field("?view_id", "contradicts");
    get(&one, format!("/ledgers/file?view_id={view}&columns=name")).field("?view_id", "contradicts");
    get(&two, format!("/ledgers/file?view_id={view}")).field("?view_id", "no_such_record");
    get(&two, format!("/saved-views/{view}")).problem(404, "not_found");
    get(&one, "/ledgers/file".to_owned()).field("?kind", "missing");
    save(&one, json!({"list": "postings", "name": "x", "columns": ["age"]})).field("/columns", "not_in_list");
    save(&one, json!({"list": "moon", "name": "x", "columns": ["age"]})).field("/list", "not_in_list");
    let offered = get(&one, "/list-columns?list=postings".to_owned()).expect(200).body;
    assert!(offered["items"].as_array().unwrap().iter().any(|column| column["code"] == "vacancies"), "{offered}");
    let remove = |token: &str| app.by(token, "POST", &format!("/saved-views/{view}/remove")).send();
    remove(&two).problem(404, "not_found");
    assert_eq!(remove(&one).expect(200).body["id"], saved["id"]);
    get(&one, format!("/saved-views/{view}")).problem(404, "not_found");
}

/// What the exports of a provincial system have, under our names; what we do not have says why.
const NAMES: &[(&str, Result<&str, &str>)] = &[
    ("所属行政区", Ok("community")),
    ("所属区域", Ok("community")),
    ("安置点名称", Ok("community")),
    ("家庭住址", Ok("unit")),
    ("详细住址", Ok("unit")),
    ("姓名", Ok("name")),
    ("劳动力姓名", Ok("name")),
    ("户主姓名", Ok("head_name")),
    ("户主身份证号", Ok("id_number")),
    ("性别", Ok("sex")),
    ("年龄", Ok("age")),
    ("身份证号", Ok("id_number")),
    ("身份证", Ok("id_number")),
    ("联系电话", Ok("phone")),
    ("劳动力电话", Ok("phone")),
    ("联系方式", Ok("phone")),
    ("文化程度", Ok("education")),
    ("劳动能力", Ok("labour_class")),
    ("是否残疾", Ok("disabled")),
    ("是否残疾人", Ok("disabled")),
    ("在校状态", Ok("school")),
    ("上学状态", Ok("school")),
    ("脱贫状态", Ok("monitoring")),
    ("认定年度", Ok("recognised_on")),
    ("转移就业意愿", Ok("is_willing")),
    ("就创业意愿", Ok("is_willing")),
    ("培训教育意愿", Ok("willing_to_train")),
    ("培训教育状态", Ok("trained")),
    ("就业创业状态", Ok("status")),
    ("就业类型", Ok("channel")),
    ("就业渠道", Ok("channel")),
    ("就业地域", Ok("region")),
    ("就业岗位(工种)", Ok("job_title")),
    ("就业地址", Ok("job_place")),
    ("就业单位名称", Ok("employer")),
    ("就业单位性质", Ok("employer_kind")),
    ("就业起始年月", Ok("start_on")),
    ("就业终止年月", Ok("end_on")),
    ("签订合同或协议月", Ok("contract_until")),
    ("岗位补贴", Ok("months_counted")),
    ("劳动力数量", Ok("labour")),
    ("有就业创业意愿人数", Ok("willing")),
    ("已就业创业人数", Ok("at_work")),
    ("已就业创业人姓名", Ok("workers")),
    ("创业项目", Ok("business_project")),
    ("创业单位名称", Ok("business")),
    ("创业地址", Ok("business_place")),
    ("创业起始年月", Ok("business_start")),
    ("创业终止年月", Ok("business_end")),
    ("培训工种", Ok("course")),
    ("培训单位名称", Ok("course_provider")),
    ("培训单位地址", Ok("course_place")),
    ("培训开始时间", Ok("course_start")),
    ("培训结束时间", Ok("course_end")),
    ("培训/创业年月", Ok("course_start")),
    ("培训类型", Ok("course_kind")),
    ("就业意向", Err("wishes are several and ranked; they are on the person's page")),
    ("易地扶贫搬迁", Err("everybody here was relocated")),
    ("年度", Err("a ledger is of a day, which its file name says")),
    ("苏陕协作", Err("a programme of two other provinces")),
    ("在苏就业年月", Err("a programme of two other provinces")),
    ("在陕就业年月", Err("a programme of two other provinces")),
    ("在陕创业年月", Err("a programme of two other provinces")),
    ("特色就业", Err("a label of that system")),
    ("工资发放周期", Err("not kept")),
    ("就业见习补贴", Err("subsidies to persons are not kept")),
    ("求职补贴", Err("subsidies to persons are not kept")),
    ("转移就业交通补贴", Err("subsidies to persons are not kept")),
    ("享受生活和交通补贴", Err("subsidies to persons are not kept")),
    ("享受政策", Err("subsidies to persons are not kept")),
    ("创业担保贷款（元）", Err("loans are not kept")),
    ("创业补贴（元）", Err("subsidies to persons are not kept")),
    ("带动就业人数", Err("a claim nobody can recount")),
    ("带动贫困劳动力人数", Err("a claim nobody can recount")),
    ("备注", Err("notes are sealed and leave with no list")),
];

/// Sheets about companies, villages and fairs; schooling is not this service's.
const OTHERS: [&str; 6] =
    ["Communityfactory", "CreditVillage", "IncubatorBase", "JobFair", "PovertyAlleviationBase", "TechnicalSchools"];

#[test]
fn the_fields_of_a_provincial_systems_exports_are_ours_under_our_names() {
    let folder = std::env::var_os("WANGJIA_TEST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join("ledgers/export-headers.tsv")) else {
        println!("not run: the export headers of a provincial system are not on this machine");
        return;
    };
    let names: BTreeMap<&str, Result<&str, &str>> = NAMES.iter().copied().collect();
    let mut about_people = false;
    let (mut mapped, mut all, mut unknown) = (0, 0, BTreeSet::new());
    for line in text.lines() {
        if let Some(sheet) = line.strip_prefix("# ") {
            about_people = !OTHERS.iter().any(|other| sheet.starts_with(other));
            continue;
        }
        for title in line.split('\t').map(str::trim).filter(|title| about_people && !title.is_empty()) {
            all += 1;
            match names.get(title) {
                Some(Ok(code)) => {
                    assert!(COLUMNS.iter().any(|column| column.code == *code), "{title}: no column {code}");
                    mapped += 1;
                }
                Some(Err(why)) => assert!(!why.is_empty()),
                None => drop(unknown.insert(title.to_owned())),
            }
        }
    }
    assert!(unknown.is_empty(), "neither mapped nor explained: {unknown:?}");
    assert!(all > 250 && mapped * 100 >= all * 75, "{mapped} of {all}");
}
