//! Concerns of residents through the API, on both databases, with a clock that the test moves.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::app::clock::calendar::{self, CalendarDay};
use wangjia::app::settings;
use wangjia::app::steps::By;
use wangjia::domain::access::Role;

use crate::api::app::{Answer, TestApp, account, id};
use crate::support::command::{text, wangjia};
use crate::support::{TestDb, command, on_both};

on_both!(
    a_concern_is_opened_corrected_and_answered,
    what_is_mended_at_once_is_closed_at_once,
    who_objects_to_a_program_may_refuse_it,
    a_late_one_goes_up_level_by_level,
    everybody_sees_their_own,
    months_are_counted_by_grid_and_level,
);

/// Two residents in two grids. Today is Monday 23 November 2026.
struct Town<'a> {
    db: &'a TestDb,
    app: TestApp,
    grids: [String; 2],
    residents: [String; 2],
}

impl<'a> Town<'a> {
    fn new(db: &'a TestDb) -> Self {
        let app = TestApp::new(db);
        let community = id(&app.create("/communities", &json!({"name": "旺家社区"})));
        let grids = ["第一网格", "第二网格"]
            .map(|name| id(&app.create("/grids", &json!({"community_id": community, "name": name}))));
        let residents = [0, 1].map(|n| {
            let building = id(&app.create("/buildings", &json!({"grid_id": grids[n], "name": "1号楼"})));
            let household = app.household(&building);
            let resident = app.resident("龙大哥", "1990-03-07", if n == 0 { 11 } else { 13 });
            let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
            app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
            resident
        });
        Self { db, app, grids, residents }
    }

    fn open(&self, resident: usize, body: &Value) -> Answer {
        let path = format!("/residents/{}/concerns", self.residents[resident]);
        self.app.request("POST", &path).json(body).send()
    }

    fn opened(&self, resident: usize, on: &str) -> String {
        id(&self.open(resident, &json!({"about": "pay", "text": "工资晚发", "opened_on": on})).expect(201).body)
    }

    fn close(&self, concern: &str) -> Answer {
        let answer = json!({"outcome": "settled", "text": "企业已补发工资"});
        self.app.request("POST", &format!("/concerns/{concern}/close")).json(&answer).send()
    }

    fn user(&self, login: &str, role: Role, grid: Option<usize>) -> String {
        let area = grid.map(|grid| self.grids[grid].parse().unwrap());
        account(self.db, login, &[Grant { role, area, employer: None }])
    }

    fn ids(&self, token: &str, query: &str) -> Vec<String> {
        let call = self.app.by(token, "GET", &format!("/concerns{query}")).header("x-access-reason", "check");
        call.send().expect(200).body["items"].as_array().unwrap().iter().map(id).collect()
    }
}

fn a_concern_is_opened_corrected_and_answered(db: &TestDb) {
    let town = Town::new(db);
    // A holiday on Wednesday: five working days are over on Tuesday.
    let day = CalendarDay { day: "2026-11-25".parse().unwrap(), is_working: false, name: None };
    db.db.write(|conn| calendar::set(conn, &day)).unwrap();
    let employer = town.app.employer("景航服装");
    let other = town.app.employer("苗绣坊");
    let posting = town.app.posting(&employer, 3);
    let body = json!({"about": "pay", "posting_id": posting, "text": "少算两天工资"});
    let made = town.open(0, &body).expect(201).body;
    assert_eq!(
        (&made["opened_on"], &made["due_on"], &made["opened_by"]),
        (&json!("2026-11-23"), &json!("2026-12-01"), &json!("1"))
    );
    assert_eq!(
        (&made["employer_id"], &made["posting_id"]),
        (&json!(employer), &json!(posting)),
        "the posting's employer"
    );
    assert_eq!(
        (&made["text"], &made["overdue"], &made["level"]),
        (&json!("少算两天工资"), &json!(false), &json!("building_head"))
    );
    let path = format!("/concerns/{}", id(&made));
    let changed =
        town.app.patch(&path, &json!({"about": "job", "posting_id": null, "text": "少算三天"})).expect(200).body;
    assert_eq!(
        (&changed["about"], &changed["posting_id"], &changed["employer_id"]),
        (&json!("job"), &json!(null), &json!(employer))
    );
    assert_eq!(changed["due_on"], "2026-12-01");
    assert_eq!(town.app.get("/concerns?open=true")["items"][0].get("text"), None, "lists show no words");
    let closed = town.close(&id(&made)).expect(200).body;
    assert_eq!(
        (&closed["closed_on"], &closed["outcome"], &closed["closed_by"]),
        (&json!("2026-11-23"), &json!("settled"), &json!("1"))
    );
    assert_eq!((&closed["answer"], &closed["text"]), (&json!("企业已补发工资"), &json!("少算三天")));
    town.close(&id(&made)).problem(409, "wrong_status");
    town.app.patch(&path, &json!({"text": "x"})).problem(409, "wrong_status");
    // What cannot be.
    let refused = |body: Value, pointer: &str, code: &str| {
        town.open(0, &body).field(pointer, code);
    };
    refused(json!({"about": "pay"}), "/text", "missing");
    refused(json!({"about": "weather", "text": "x"}), "/about", "not_in_list");
    refused(json!({"about": "employer", "text": "x"}), "/employer_id", "missing");
    refused(
        json!({"about": "pay", "text": "x", "posting_id": posting, "employer_id": other}),
        "/employer_id",
        "contradicts",
    );
    refused(json!({"about": "pay", "text": "x", "posting_id": "999"}), "/posting_id", "no_such_record");
    refused(json!({"about": "pay", "text": "x", "opened_on": "2026-11-24"}), "/opened_on", "in_the_future");
    refused(json!({"about": "pay", "text": "x", "answer": {"outcome": "settled"}}), "/answer/text", "missing");
    let none = town.app.request("POST", &format!("{path}/close")).json(&json!({"outcome": "explained"})).send();
    none.field("/text", "missing");
    town.app.request("POST", "/residents/999/concerns").json(&body).send().problem(404, "not_found");
    let restricted = json!({"profile": {"restricted": true}});
    town.app.patch(&format!("/residents/{}", town.residents[0]), &restricted).expect(200);
    town.open(0, &body).problem(409, "data_restricted");
    assert_eq!(town.app.get("/concerns")["items"].as_array().unwrap().len(), 1);
}

fn what_is_mended_at_once_is_closed_at_once(db: &TestDb) {
    let town = Town::new(db);
    let body =
        json!({"about": "service", "text": "窗口没人", "answer": {"outcome": "explained", "text": "午休，已调整轮班"}});
    let made = town.open(0, &body).expect(201).body;
    assert_eq!(
        (&made["closed_on"], &made["outcome"], &made["overdue"]),
        (&json!("2026-11-23"), &json!("explained"), &json!(false))
    );
    assert_eq!((&made["answer"], &made["closed_by"]), (&json!("午休，已调整轮班"), &json!("1")));
    assert_eq!(town.app.get("/concerns?open=false")["items"].as_array().unwrap().len(), 1);
    assert_eq!(town.app.get("/concerns?open=true")["items"], json!([]));
    town.close(&id(&made)).problem(409, "wrong_status");
}

fn who_objects_to_a_program_may_refuse_it(db: &TestDb) {
    let town = Town::new(db);
    let refuse = json!({"about": "automated_decision", "text": "不要系统给我排", "refuses_automation": true});
    let flag = |resident: usize| {
        let path = format!("/residents/{}", town.residents[resident]);
        town.app.get(&path)["profile"]["no_automated_recommendation"].clone()
    };
    let mut other = refuse.clone();
    other["about"] = "pay".into();
    town.open(0, &other).field("/refuses_automation", "not_needed");
    assert_eq!(flag(0), false);
    let made = town.open(0, &refuse).expect(201).body;
    assert_eq!((&made["refuses_automation"], flag(0), flag(1)), (&json!(true), json!(true), json!(false)));
    let path = format!("/concerns/{}", id(&made));
    town.app.patch(&path, &json!({"about": "pay"})).field("/about", "contradicts");
    // To object is not yet to refuse.
    town.open(1, &json!({"about": "automated_decision", "text": "为什么排不到我"})).expect(201);
    assert_eq!(flag(1), false);
}

fn a_late_one_goes_up_level_by_level(db: &TestDb) {
    let town = Town::new(db);
    let concern = town.opened(0, "2026-11-23");
    let all = town.user("zong", Role::Counselor, None);
    // Due on Monday the 30th; two working days a level.
    let mut stood = Vec::new();
    for _ in 0..16 {
        let seen = town.app.get(&format!("/concerns/{concern}"));
        let level = seen["level"].as_str().unwrap().to_owned();
        for other in ["building_head", "community", "township_group", "street"] {
            let found = town.ids(&all, &format!("?level={other}"));
            assert_eq!(found.len(), usize::from(other == level), "{other} at {level}");
        }
        assert_eq!(town.ids(&all, "?overdue=true").len(), usize::from(level != "building_head"));
        assert_eq!(seen["overdue"], level != "building_head");
        stood.push(level);
        town.app.advance(TimeDelta::days(1));
    }
    let days = |level: &str| stood.iter().filter(|stands| *stands == level).count();
    // From the 23rd: eight days in time; 1 and 2 December; 3 and 4 with the weekend; from the 5th? No: Friday is the 4th.
    assert_eq!(
        (days("building_head"), days("community"), days("township_group"), days("street")),
        (8, 2, 2, 4),
        "{stood:?}"
    );
    assert!(stood.is_sorted_by_key(|level| {
        ["building_head", "community", "township_group", "street"].iter().position(|l| l == level)
    }));
    // A slower chain holds for those that are open.
    let since = "2026-01-01".parse().unwrap();
    settings::set(&db.db, "concern_level_days", "9", since).unwrap();
    assert_eq!(town.app.get(&format!("/concerns/{concern}"))["level"], "community");
    // Closed it keeps the level it had on its last day.
    assert_eq!(town.close(&concern).expect(200).body["level"], "community");
    town.app.advance(TimeDelta::days(60));
    let closed = town.app.get(&format!("/concerns/{concern}"));
    assert_eq!((&closed["level"], &closed["overdue"]), (&json!("community"), &json!(false)));
    assert_eq!((town.ids(&all, "?overdue=true"), town.ids(&all, "?level=community")), (vec![], vec![]));
    assert_eq!(town.ids(&all, "?open=false&overdue=true"), Vec::<String>::new());
}

fn everybody_sees_their_own(db: &TestDb) {
    let town = Town::new(db);
    let late = town.opened(0, "2026-11-02");
    let fresh = town.opened(0, "2026-11-23");
    let elsewhere = town.opened(1, "2026-11-02");
    let [li, wu] = [("li.na", 0), ("wu.di", 1)].map(|(login, grid)| town.user(login, Role::Counselor, Some(grid)));
    assert_eq!((town.ids(&li, ""), town.ids(&wu, "")), (vec![late.clone(), fresh.clone()], vec![elsewhere.clone()]));
    let status = |token: &str, concern: &str| {
        let call = town.app.by(token, "GET", &format!("/concerns/{concern}")).header("x-access-reason", "check");
        call.send().status
    };
    assert_eq!((status(&li, &late), status(&li, &elsewhere)), (200, 404));
    let answer = json!({"outcome": "not_upheld", "text": "核对工资条无误"});
    let close = |token: &str, concern: &str| {
        let call = town.app.by(token, "POST", &format!("/concerns/{concern}/close"));
        call.header("x-access-reason", "check").json(&answer).send()
    };
    close(&li, &elsewhere).problem(404, "not_found");
    // An official sees what is late, says why, and may answer it.
    let street = town.user("street", Role::Official, None);
    assert_eq!(town.ids(&street, ""), [late.clone(), elsewhere.clone()]);
    assert_eq!(town.ids(&street, "?open=false"), Vec::<String>::new());
    assert_eq!((status(&street, &late), status(&street, &fresh)), (200, 404));
    town.app.by(&street, "GET", "/concerns").send().problem(403, "reason_required");
    close(&street, &fresh).problem(404, "not_found");
    town.open(0, &json!({"about": "pay", "text": "x"})).expect(201);
    let own = town.app.by(&street, "POST", &format!("/residents/{}/concerns", town.residents[0]));
    own.header("x-access-reason", "check")
        .json(&json!({"about": "pay", "text": "x"}))
        .send()
        .problem(403, "not_allowed");
    assert_eq!(close(&street, &late).expect(200).body["outcome"], "not_upheld");
    // An employer sees nothing of it.
    let employer = town.app.employer("景航服装").parse().unwrap();
    let hr = account(db, "hr-a", &[Grant { role: Role::Hr, area: None, employer: Some(employer) }]);
    for path in ["/concerns".to_owned(), format!("/concerns/{late}"), "/concern-counts".to_owned()] {
        town.app.by(&hr, "GET", &path).send().problem(403, "not_allowed");
    }
}

fn months_are_counted_by_grid_and_level(db: &TestDb) {
    let town = Town::new(db);
    // One of October that is late at its end; in November one that is closed at once, one closed later, one that stays open.
    town.opened(0, "2026-10-12");
    let at_once = json!({"about": "job", "text": "x", "answer": {"outcome": "settled", "text": "y"}});
    town.open(1, &at_once).expect(201);
    let later = town.opened(1, "2026-11-20");
    town.opened(0, "2026-11-23");
    town.app.advance(TimeDelta::days(10));
    town.close(&later).expect(200);
    let months = town.app.get("/concern-counts?months=4")["items"].clone();
    let days: Vec<(&Value, &Value)> =
        months.as_array().unwrap().iter().map(|month| (&month["first"], &month["last"])).collect();
    assert_eq!(days[0], (&json!("2026-12-01"), &json!("2026-12-03")), "this month until today");
    assert_eq!(
        days[1..3],
        [(&json!("2026-11-01"), &json!("2026-11-30")), (&json!("2026-10-01"), &json!("2026-10-31")),]
    );
    let row = |month: usize, grid: Option<usize>| -> [u64; 5] {
        let rows = months[month]["grids"].as_array().unwrap();
        let found =
            rows.iter().find(|row| row["grid_id"].as_str() == grid.map(|grid| town.grids[grid].as_str())).unwrap();
        let levels: u64 = found["levels"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(levels, found["open"].as_u64().unwrap(), "the levels add up: {found}");
        ["opened", "closed", "at_once", "open", "overdue"].map(|key| found[key].as_u64().unwrap())
    };
    assert_eq!([row(0, Some(0)), row(0, Some(1)), row(0, None)], [[0, 0, 0, 2, 2], [0, 1, 0, 0, 0], [0, 1, 0, 2, 2]]);
    assert_eq!([row(1, Some(0)), row(1, Some(1)), row(1, None)], [[1, 0, 0, 2, 1], [2, 1, 1, 1, 1], [3, 1, 1, 3, 2]]);
    assert_eq!([row(2, Some(0)), row(2, None)], [[1, 0, 0, 1, 1], [1, 0, 0, 1, 1]]);
    assert_eq!(row(3, None), [0; 5]);
    assert_eq!(months[2]["grids"].as_array().unwrap().len(), 2, "grids without any are left out");
    let levels = &months[0]["grids"][0]["levels"];
    assert_eq!(levels, &json!({"building_head": 0, "community": 0, "township_group": 1, "street": 1}));
    // An official of one grid counts that grid.
    let official = town.user("wang", Role::Official, Some(1));
    let own = town.app.by(&official, "GET", "/concern-counts?months=2").send().expect(200).body["items"][1].clone();
    assert_eq!((own["grids"].as_array().unwrap().len(), &own["grids"][1]["opened"]), (2, &json!(2)));
    town.app.request("GET", "/concern-counts?months=0").send().field("?months", "out_of_range");
}

#[test]
fn what_is_late_and_how_many_by_command() {
    use wangjia::db::{DatabaseUrl, Db, Keyring};
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| wangjia(folder.path(), args);
    assert!(run(&["migrate"]).status.success());
    assert_eq!(command::json(&run(&["concerns", "overdue", "--json"])), json!([]));
    let keys = Keyring::load(&folder.path().join("wangjia.key")).unwrap();
    let db = Db::open_existing(&DatabaseUrl::sqlite(folder.path().join("wangjia.db")), keys).unwrap();
    let concern = |n: u32, days: i64| {
        use wangjia::app::concerns::{ConcernFields, NewConcern, open};
        let now = wangjia::db::now();
        let today = wangjia::app::calendar_day(now);
        let fields = ConcernFields {
            about: wangjia::domain::concern::ConcernAbout::Pay,
            employer: None,
            posting: None,
            text: "工资晚发".into(),
        };
        let opened_on = today - TimeDelta::days(days);
        let new = NewConcern { fields, opened_on, refuses_automation: false, answer: None };
        let person = crate::db::fixtures::resident(n);
        let person = wangjia::db::residents::ResidentData { restricted: false, ..person };
        let resident = db.write(|conn| wangjia::db::residents::insert(conn, &person, now)).unwrap();
        db.write(|conn| open(conn, db.keys(), resident, &new, (now, today), By::service())).unwrap()
    };
    let (younger, older) = (concern(1, 90), concern(2, 120));
    let late = command::json(&run(&["concerns", "overdue", "--json"]));
    let told: Vec<&str> = late.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(told, [older.to_string(), younger.to_string()], "the longest late first");
    assert_eq!((&late[0]["level"], &late[0]["about"]), (&json!("street"), &json!("pay")));
    assert!(!late.to_string().contains("晚发"));
    assert_eq!(command::json(&run(&["concerns", "overdue", "--level", "community", "--json"])), json!([]));
    let table = text(&run(&["concerns", "overdue", "--lang", "en"]).stdout);
    assert!(table.contains("street") && table.contains("2 late"), "{table}");
    let months = command::json(&run(&["concerns", "counts", "--months", "2", "--json"]));
    assert_eq!((months.as_array().unwrap().len(), &months[0]["grids"][1]["overdue"]), (2, &json!(2)));
    let table = text(&run(&["concerns", "counts", "--months", "1"]).stdout);
    assert!(table.contains("逾期") && table.contains("未入户") && table.contains("合计"), "{table}");
    assert_eq!(run(&["concerns", "counts", "--months", "0"]).status.code(), Some(2));
}
