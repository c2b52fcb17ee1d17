//! What waits for a counselor, through the API and the command, on both databases.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::api::app::{TestApp, account, id};
use crate::support::{TestDb, command, on_both};

on_both!(
    everything_that_waits_is_on_one_list,
    what_was_done_is_gone_and_others_see_nothing,
    nobody_is_asked_about_the_dead_or_a_visit_made_later,
    what_settles_itself_is_not_asked_for
);

struct Home {
    app: TestApp,
    building: String,
}

impl Home {
    fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let building = app.building();
        Self { app, building }
    }

    /// A household of one: household and resident.
    fn person(&self, order: u16) -> (String, String) {
        let household = self.app.household(&self.building);
        let resident = self.app.resident("甲", "1990-03-07", order);
        let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
        self.app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        (household, resident)
    }

    fn works(&self, resident: &str, more: Value) -> String {
        let mut job = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-11-23"});
        for (key, value) in more.as_object().unwrap() {
            job[key] = value.clone();
        }
        id(&self.app.create(&format!("/residents/{resident}/spells"), &job))
    }

    fn due(&self, query: &str) -> Value {
        self.app.get(&format!("/due{query}"))
    }

    fn kinds(&self, query: &str) -> Vec<String> {
        let items = self.due(query)["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    }
}

fn everything_that_waits_is_on_one_list(db: &TestDb) {
    let home = Home::new(db);
    let app = &home.app;
    // A recognised household, a job with a contract that ends, a referral nobody answers, a posting that ends.
    let (household, waiting) = home.person(11);
    app.create(&format!("/households/{household}/recognitions"), &json!({}));
    let (_, earner) = home.person(13);
    home.works(&earner, json!({"contract_until": "2027-01-05"}));
    let employer = json!({"name": "甲厂", "kind": "tenant", "address": "园区"});
    let posting = app.posting(&id(&app.create("/employers", &employer)), 5);
    app.create("/referrals", &json!({"resident_id": waiting, "posting_id": posting}));
    app.patch(&format!("/postings/{posting}"), &json!({"valid_until": "2027-01-03"})).expect(200);
    // Today: the steps of the household, and what is not known of its member.
    assert_eq!(home.kinds(""), ["clock_step", "clock_step", "clock_step", "clock_step", "clock_step", "data"]);
    let first = home.due("")["items"][0].clone();
    assert_eq!((&first["due_on"], &first["overdue"]), (&json!("2026-11-26"), &json!(false)));
    assert_eq!(first["text"], "首次服务：已完成 0/1；2026-11-23 认定");
    assert_eq!(first["name"], "甲", "the head of the household");
    // A month later: everything, what is longest late first.
    app.advance(TimeDelta::days(30));
    let list = home.due("");
    let days: Vec<&str> = list["items"].as_array().unwrap().iter().filter_map(|item| item["due_on"].as_str()).collect();
    assert!(days.is_sorted() && days.len() == 9, "{days:?}");
    let kinds = home.kinds("");
    assert_eq!(kinds[5..], ["referral", "follow_up", "posting", "contract", "data"]);
    // A visit somebody planned, what another promised, and a concern nobody has answered.
    app.create(&format!("/households/{household}/visits"), &json!({"status": "planned", "visit_on": "2026-12-29"}));
    let met = json!({"findings": ["willing"], "next_step": "revisit", "next_on": "2026-12-30"});
    app.create(&format!("/households/{household}/visits"), &met);
    app.create(&format!("/residents/{earner}/concerns"), &json!({"about": "pay", "text": "加班费少了"}));
    let texts = |kind: &str| {
        let items = home.due(&format!("?kind={kind}"))["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let visits = texts("visit");
    assert!(visits.len() == 2 && visits[0].contains("2026-12-29") && visits[1].contains("约定"), "{visits:?}");
    assert_eq!(texts("concern").len(), 1);
    let kinds = home.kinds("");
    let counts = list["counts"].as_array().unwrap().clone();
    let count = |kind: &str| counts.iter().find(|count| count["kind"] == kind).unwrap().clone();
    assert_eq!(count("clock_step"), json!({"kind": "clock_step", "total": 5, "overdue": 5}));
    assert_eq!(count("referral"), json!({"kind": "referral", "total": 1, "overdue": 1}));
    assert_eq!(count("contract"), json!({"kind": "contract", "total": 1, "overdue": 0}));
    let contract = list["items"][8].clone();
    assert_eq!((&contract["resident_id"], &contract["due_on"]), (&json!(earner), &json!("2027-01-05")));
    assert!(contract["text"].as_str().unwrap().contains("2027-01-05 到期"), "{contract}");
    // Filters, pages, and the other language.
    assert_eq!(home.kinds("?kind=contract"), ["contract"]);
    assert_eq!(home.kinds("?overdue=true").len(), 5);
    let (mut seen, mut next) = (0, "?limit=4".to_owned());
    loop {
        let page = home.due(&next);
        seen += page["items"].as_array().unwrap().len();
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("?limit=4&cursor={cursor}");
    }
    assert_eq!(seen, kinds.len());
    let english = app.request("GET", "/due?kind=follow_up").header("accept-language", "en").send().expect(200).body;
    assert_eq!(english["items"][0]["text"], "1 month after the first day: still in the job?");
}

fn what_was_done_is_gone_and_others_see_nothing(db: &TestDb) {
    let home = Home::new(db);
    let (household, resident) = home.person(11);
    let clock = id(&home.app.create(&format!("/households/{household}/recognitions"), &json!({})));
    let service = json!({"kind": "guidance"});
    home.app.request("POST", &format!("/recognitions/{clock}/services")).json(&service).send().expect(200);
    assert_eq!(home.kinds("?kind=clock_step").len(), 3);
    let known = json!({"profile": {"willing": true, "labour_class": "ordinary", "school_status": "not_in_school"}});
    home.app.patch(&format!("/residents/{resident}"), &known).expect(200);
    assert_eq!(home.kinds("?kind=data"), Vec::<String>::new());
    let spell = home.works(&resident, json!({}));
    assert_eq!(home.kinds(""), Vec::<String>::new());
    home.app.advance(TimeDelta::days(31));
    assert_eq!(home.kinds(""), ["follow_up"]);
    let community = home.app.get("/communities")["items"][0]["id"].clone();
    let grid = id(&home.app.create("/grids", &json!({"community_id": community, "name": "第二网格"})));
    let grant = Grant { role: Role::Counselor, area: Some(grid.parse().unwrap()), employer: None };
    let stranger = account(db, "stranger", &[grant]);
    let theirs = home.app.by(&stranger, "GET", "/due").send().expect(200).body;
    assert_eq!((&theirs["items"], &theirs["counts"]), (&json!([]), &json!([])));
    let answer = json!({"months": 1, "outcome": "in_job"});
    home.app.request("POST", &format!("/spells/{spell}/follow-ups")).json(&answer).send().expect(200);
    assert_eq!(home.kinds(""), Vec::<String>::new());
}

fn nobody_is_asked_about_the_dead_or_a_visit_made_later(db: &TestDb) {
    let home = Home::new(db);
    let (household, resident) = home.person(11);
    home.works(&resident, json!({"contract_until": "2026-12-20"}));
    home.app
        .create(&format!("/households/{household}/visits"), &json!({"status": "planned", "visit_on": "2026-11-25"}));
    home.app.advance(TimeDelta::days(31));
    assert_eq!(home.kinds(""), ["visit", "contract", "follow_up"]);
    home.app.create(&format!("/households/{household}/visits"), &json!({"findings": ["not_at_home"]}));
    assert_eq!(home.kinds("?kind=visit").len(), 1, "nobody was met");
    home.app.create(&format!("/households/{household}/visits"), &json!({"findings": ["nothing_new"]}));
    assert_eq!(home.kinds(""), ["contract", "follow_up"]);
    let died = json!({"profile": {"died_on": "2026-12-01"}});
    home.app.patch(&format!("/residents/{resident}"), &died).expect(200);
    assert_eq!(home.kinds(""), Vec::<String>::new(), "the job is a finding, not a call to the family");
}

fn what_settles_itself_is_not_asked_for(db: &TestDb) {
    let home = Home::new(db);
    let app = &home.app;
    // One leaves before the contract ends, one moves away, and a full posting needs no extension.
    let (_, leaving) = home.person(11);
    let spell = home.works(&leaving, json!({"contract_until": "2026-12-20"}));
    let (household, moving) = home.person(13);
    home.works(&moving, json!({"contract_until": "2026-12-20"}));
    let employer = json!({"name": "甲厂", "kind": "tenant", "address": "园区"});
    let posting = app.posting(&id(&app.create("/employers", &employer)), 1);
    app.patch(&format!("/postings/{posting}"), &json!({"valid_until": "2026-12-01"})).expect(200);
    assert_eq!(home.kinds(""), ["posting", "contract", "contract"]);
    app.request("POST", &format!("/spells/{spell}/end")).json(&json!({"on": "2026-12-10"})).send().expect(200);
    assert_eq!(home.kinds(""), ["posting", "contract"]);
    let gone = json!({"resident_id": moving, "on": "2026-11-23"});
    app.request("POST", &format!("/households/{household}/departures")).json(&gone).send().expect(200);
    assert_eq!(home.kinds(""), ["posting"]);
    let (_, hired) = home.person(15);
    home.works(&hired, json!({"channel": "micro_factory", "posting_id": posting}));
    assert_eq!(home.kinds(""), Vec::<String>::new());
}

#[test]
fn the_command_lists_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| command::wangjia(folder.path(), args);
    assert!(run(&["migrate"]).status.success());
    assert_eq!(command::json(&run(&["due", "--json"])), json!({"items": [], "counts": []}));
    assert!(command::text(&run(&["due"]).stdout).contains("期限"));
    assert_eq!(run(&["due", "--kind", "moon"]).status.code(), Some(2));
}
