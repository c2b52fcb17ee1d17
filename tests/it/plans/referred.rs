//! What referrals mean for a plan: an offered place is its resident's, one that was agreed to is a promise.

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use super::town::{Old, Town, Young, adopt, placements, propose_job, proposed};
use crate::api::app::{TestApp, account, id};
use crate::support::{TestDb, on_both};

on_both!(
    an_offered_place_is_its_residents,
    an_offer_holds_past_a_gate_somebody_answers_for,
    of_two_offers_the_earlier_is_pinned,
    a_pin_gives_way_to_an_offer_by_name,
    what_was_agreed_to_is_a_promise,
    an_offer_made_since_the_plan_keeps_its_place,
);

/// Brings a referral of a resident to a posting as far as a state; gives its id.
fn referral(app: &TestApp, db: &TestDb, (resident, posting): (i64, i64), state: &str, overrides: &Value) -> String {
    let counselor = account(db, "counselor", &[Grant { role: Role::Counselor, area: None, employer: None }]);
    let new = json!({
        "resident_id": resident.to_string(), "posting_id": posting.to_string(), "overrides": overrides,
    });
    let referral = id(&app.by(&counselor, "POST", "/referrals").json(&new).send().expect(201).body);
    let steps = ["proposed", "consented", "referred", "interview", "offered"];
    let last = steps.iter().position(|step| *step == state).unwrap();
    for pair in steps[..=last].windows(2) {
        let mut step = json!({"from": pair[0], "to": pair[1]});
        if pair[1] == "consented" {
            step["consent"] = json!({"kinds": ["name"], "form": "spoken"});
        }
        app.by(&counselor, "POST", &format!("/referrals/{referral}/moves")).json(&step).send().expect(200);
    }
    referral
}

fn none() -> Value {
    json!([])
}

fn verdict(app: &TestApp, plan: &Value) -> Value {
    app.request("POST", &format!("/plans/{}/verify", id(plan))).send().expect(200).body["verdict"].clone()
}

fn an_offered_place_is_its_residents(db: &TestDb) {
    let mut town = Town::new(db);
    let (young, old) = (town.home(&[Young]), town.home(&[Old]));
    let (any, for_young) = (town.posting(false, 1), town.posting(true, 1));
    let app = TestApp::new(db);
    let before = proposed(&app);
    assert_eq!(placements(&app, &id(&before)), [(young.members[0], for_young), (old.members[0], any)]);
    adopt(&app, &id(&before), None, false).expect(200);

    let offer = referral(&app, db, (young.members[0], any), "offered", &none());
    assert_eq!(verdict(&app, &before), "records_changed");
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [(young.members[0], any)], "although it costs a household");
    assert_eq!(app.get(&format!("/plans/{}/placements", id(&plan)))["items"][0]["pinned"], true);
    assert_eq!(plan["overrides"], json!([]), "an offer is no decision of a counselor's");
    assert_eq!(verdict(&app, &plan), "proved");
    let diff = app.get(&format!("/plans/{}/diff", id(&plan)));
    let reasons: Vec<&str> =
        diff["items"].as_array().unwrap().iter().map(|row| row["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["pinned_elsewhere", "place_pinned"], "{diff}");

    // Who says no after all is free again, and so is the place.
    let no = json!({"from": "offered", "to": "refused_by_resident", "reason": "pay"});
    app.request("POST", &format!("/referrals/{offer}/moves")).json(&no).send().expect(200);
    assert_eq!(placements(&app, &id(&proposed(&app))), [(young.members[0], for_young), (old.members[0], any)]);
}

fn an_offer_holds_past_a_gate_somebody_answers_for(db: &TestDb) {
    let mut town = Town::new(db);
    let old = town.home(&[Old]);
    let for_young = town.posting(true, 1);
    let app = TestApp::new(db);
    assert_eq!(proposed(&app)["placed"], 0);
    let answered = json!([{"gate": "age_posting", "reason": "企业同意放宽"}]);
    referral(&app, db, (old.members[0], for_young), "offered", &answered);
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [(old.members[0], for_young)]);
    assert_eq!((plan["coverage"]["covered_after"].as_i64(), verdict(&app, &plan)), (Some(1), json!("proved")));
}

fn of_two_offers_the_earlier_is_pinned(db: &TestDb) {
    let mut town = Town::new(db);
    let homes = [town.home(&[Old]), town.home(&[Old])];
    let any = town.posting(false, 1);
    let app = TestApp::new(db);
    // The employer offers one place twice.
    referral(&app, db, (homes[1].members[0], any), "offered", &none());
    referral(&app, db, (homes[0].members[0], any), "offered", &none());
    assert_eq!(placements(&app, &id(&proposed(&app))), [(homes[1].members[0], any)]);
}

fn a_pin_gives_way_to_an_offer_by_name(db: &TestDb) {
    let mut town = Town::new(db);
    let (first, second) = (town.home(&[Old]), town.home(&[Old]));
    let (any, other) = (town.posting(false, 1), town.posting(false, 1));
    let app = TestApp::new(db);
    let pin = |resident: i64, posting: i64| {
        let new = json!({"resident_id": resident.to_string(), "posting_id": posting.to_string(), "kind": "pin",
            "reason": "本人要求"});
        id(&app.create("/plan-pins", &new))
    };
    referral(&app, db, (second.members[0], any), "offered", &none());
    let in_the_way = pin(first.members[0], any);
    let job = propose_job(&app);
    let said = job["step"].as_str().unwrap();
    assert_eq!(job["state"], "failed", "{job}");
    assert!(
        said.contains(&format!("指定 #{in_the_way}（居民 #{}", first.members[0])) && said.contains("录用"),
        "{said}"
    );
    app.request("POST", &format!("/plan-pins/{in_the_way}/end")).send().expect(200);

    // A counselor who pins the person elsewhere has decided.
    pin(second.members[0], other);
    let plan = id(&proposed(&app));
    assert_eq!(placements(&app, &plan), [(first.members[0], any), (second.members[0], other)]);
}

fn an_offer_made_since_the_plan_keeps_its_place(db: &TestDb) {
    let mut town = Town::new(db);
    let homes = [town.home(&[Old]), town.home(&[Old])];
    let any = town.posting(false, 1);
    let app = TestApp::new(db);
    let plan = id(&proposed(&app));
    let (planned, _) = placements(&app, &plan)[0];
    let other = homes.iter().map(|home| home.members[0]).find(|resident| *resident != planned).unwrap();
    referral(&app, db, (other, any), "offered", &none());
    adopt(&app, &plan, None, false).problem(409, "plan_records_changed");
    let adopted = adopt(&app, &plan, None, true).expect(200).body;
    assert_eq!((&adopted["recommended"], &adopted["impossible"]), (&json!(0), &json!(1)), "{adopted}");
}

fn what_was_agreed_to_is_a_promise(db: &TestDb) {
    let mut town = Town::new(db);
    let (young, old) = (town.home(&[Young]), town.home(&[Old]));
    let postings = [town.posting(false, 1), town.posting(false, 1)];
    let app = TestApp::new(db);
    let before = proposed(&app);
    assert_eq!(before["promises"], 0);
    let (_, planned) = placements(&app, &id(&before))[0];
    let other = postings.into_iter().find(|posting| *posting != planned).unwrap();
    adopt(&app, &id(&before), None, false).expect(200);

    // A proposal is a word of the counselor's alone; agreed to, it goes before the plan in force.
    let pair = (young.members[0], other);
    let proposal = referral(&app, db, pair, "proposed", &none());
    assert_eq!(placements(&app, &id(&proposed(&app)))[0], (young.members[0], planned));
    let step = json!({"from": "proposed", "to": "consented", "consent": {"kinds": ["name"], "form": "spoken"}});
    app.request("POST", &format!("/referrals/{proposal}/moves")).json(&step).send().expect(200);
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [pair, (old.members[0], planned)]);
    let kept = &app.get(&format!("/plans/{}/placements", id(&plan)))["items"][0];
    assert_eq!((&kept["kept"], &kept["pinned"]), (&json!(true), &json!(false)), "{kept}");
    let diff = app.get(&format!("/plans/{}/diff", id(&plan)));
    assert_eq!(diff["items"][0]["reason"], "pinned_elsewhere", "{diff}");

    // A household comes before a promise.
    let for_young = town.posting(true, 1);
    let path = format!("/postings/{planned}");
    app.request("POST", &format!("{path}/close")).header("if-match", &app.etag(&path)).send().expect(200);
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [(young.members[0], for_young), (old.members[0], other)]);
}
