//! Every kind of thing that waits leads to the place where it is done, and is gone once it is.

use serde_json::json;
use wangjia::app::due::{self, DueFilter, DueKind};
use wangjia::db::proposals::ProposalData;
use wangjia::domain::codes::{ProposalKind, ProposalState, Relation};

use super::town::{NAME, Town};
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(
    a_posting_that_ends_is_extended_or_closed,
    a_contract_that_ends_is_renewed,
    what_was_promised_at_the_door_is_marked_as_done,
    every_kind_that_waits_has_a_way_to_act,
);

fn a_posting_that_ends_is_extended_or_closed(db: &TestDb) {
    let town = Town::new(db);
    let path = format!("/postings/{}", town.posting);
    assert!(!town.see("/today").contains(&path), "it does not end soon");
    town.app.patch(&path, &json!({"valid_until": "2026-12-03"})).expect(200);
    let today = town.see("/today");
    assert!(today.contains(&format!("href=\"{path}\"")) && today.contains("问企业"), "{today}");
    let page = town.see(&path);
    assert!(page.contains("招到 12 月 3 日为止") && page.contains("要 3 人，已招 0 人，空 3 个"), "{page}");
    let extend = format!("{path}/extend");
    for wrong in ["2026-11-22", "tomorrow", ""] {
        let answer = town.send(&extend, &[("valid_until", wrong)]);
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.html.contains("id=\"valid_until-fault\""), "{}", answer.html);
        assert!(answer.html.contains(&format!("value=\"{wrong}\"")), "what was typed stays: {}", answer.html);
    }
    let extended = town.done(&extend, &[("valid_until", "2027-01-31")]);
    assert!(extended.contains("已延长") && extended.contains("2027 年 1 月 31 日"), "{extended}");
    assert_eq!(town.app.get(&path)["valid_until"], "2027-01-31");
    assert!(!town.see("/today").contains(&path), "it waits for nobody any more");
    let closed = town.done(&format!("{path}/end"), &[]);
    assert!(closed.contains("已关闭") && !closed.contains("/extend"), "{closed}");
    assert_eq!(town.app.get(&path)["status"], "closed");
}

fn a_contract_that_ends_is_renewed(db: &TestDb) {
    let town = Town::new(db);
    let job =
        json!({"channel": "local", "employer_name": "Shop", "start_on": "2026-11-02", "contract_until": "2026-12-10"});
    let spell = id(&town.app.create(&format!("/residents/{}/spells", town.residents[0]), &job));
    let today = town.see("/today");
    assert!(today.contains(&format!("href=\"{}\"", town.person("#work"))) && today.contains("问续签"), "{today}");
    let renew = format!("/spells/{spell}/contract");
    assert!(town.see(&town.person("")).contains(&format!("action=\"{renew}\"")));
    assert_eq!(town.send(&renew, &[("until", "2026-12-10")]).status, 422, "no later than it was");
    let renewed = town.done(&renew, &[("until", "2027-12-10")]);
    assert!(renewed.contains("续签已登记") && renewed.contains("2027 年 12 月 10 日"), "{renewed}");
    assert!(!town.see("/today").contains("问续签"));
    town.app.request("POST", &format!("/spells/{spell}/end")).json(&json!({"on": "2026-11-20"})).send().expect(200);
    assert_eq!(town.send(&renew, &[("until", "2028-12-10")]).status, 409, "the job is over");
}

fn what_was_promised_at_the_door_is_marked_as_done(db: &TestDb) {
    let town = Town::new(db);
    town.done(&town.home("/visit"), &[("found", "willing"), ("next", "training"), ("when", "2")]);
    let visit = town.items("/visits")[0]["id"].as_str().unwrap().to_owned();
    let today = town.see("/today");
    assert!(today.contains(&format!("href=\"{}\"", town.home("#agreed"))), "{today}");
    let home = town.see(&town.home(""));
    assert!(home.contains("id=\"agreed\"") && home.contains("11 月 23 日走访时说好，11 月 25 日前"), "{home}");
    // Meeting the household again does not do it.
    town.done(&town.home("/visit"), &[("found", "nothing_new")]);
    let settle = format!("/visits/{visit}/settle");
    assert!(town.see(&town.home("")).contains(&format!("action=\"{settle}\"")));
    let settled = town.done(&settle, &[]);
    assert!(settled.contains("已记下办好了") && !settled.contains("id=\"agreed\""), "{settled}");
    assert_eq!(town.app.get(&format!("/visits/{visit}"))["next_done_on"], "2026-11-23");
    assert!(!town.see("/today").contains("#agreed"));
    assert_eq!(town.send(&settle, &[("again", "1")]).status, 409);
    let other = town.site.submit(&settle, &town.counselors[1], "other", &[]);
    assert_eq!(other.status, 404, "another's grid");
}

/// Whatever is on the list has a link of its own or its card's button; none is told of and left there.
fn every_kind_that_waits_has_a_way_to_act(db: &TestDb) {
    let town = Town::new(db);
    let (household, resident) = (town.households[0].as_str(), town.residents[0].as_str());
    town.app.create(&format!("/households/{household}/recognitions"), &json!({}));
    let planned = json!({"status": "planned", "visit_on": "2026-11-25"});
    town.app.create(&format!("/households/{household}/visits"), &planned);
    town.app.create("/referrals", &json!({"resident_id": resident, "posting_id": town.posting}));
    town.app.create(&format!("/residents/{resident}/concerns"), &json!({"about": "pay", "text": "x"}));
    town.app.patch(&format!("/postings/{}", town.posting), &json!({"valid_until": "2026-12-30"})).expect(200);
    town.app.patch(&format!("/residents/{resident}"), &json!({"profile": {"willing": null}}));
    let person = id(&town
        .app
        .create("/residents", &json!({"id_number": crate::api::app::id_number("1991-03-07", 16), "name": "Tian"})));
    let member = json!({"resident_id": person, "relation": "other", "valid_from": "2026-01-01"});
    let members = format!("/households/{household}/members");
    town.app.request("POST", &members).json(&member).send().expect(200);
    let second = format!("/residents/{}/spells", town.residents[1]);
    let job = json!({"channel": "local", "employer_name": "Shop", "start_on": "2026-11-23",
        "contract_until": "2026-12-20"});
    town.app.create(&second, &job);
    let proposal = ProposalData {
        kind: ProposalKind::Left,
        household_id: household.parse().unwrap(),
        other_household_id: None,
        new_code: None,
        happened_on: "2026-11-01".parse().unwrap(),
        batch_id: None,
        state: ProposalState::Open,
        decided_by: None,
        decided_at: None,
        // In the night in China it is the next day.
        created_at: "2026-11-20T20:00:00".parse().unwrap(),
        new_building_id: None,
        new_unit: None,
    };
    let left = [(resident.parse().unwrap(), Relation::Other)];
    db.write(|conn| wangjia::db::proposals::insert(conn, &proposal, &left));
    let day = "2026-12-24".parse().unwrap();
    let list = db.db.read(|conn| due::list(conn, None, DueFilter::default(), day)).unwrap();
    // A start that was none comes from the factory: `pages::hr::corrections`.
    let kinds: Vec<DueKind> = list.counts.keys().copied().chain([DueKind::NoStart]).collect();
    assert!(DueKind::ALL.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    // Of what waits today, everything has its place.
    let html = town.see("/today");
    let (_, cards) = html.split_once("class=\"list\"").unwrap();
    for card in cards.split("<li class=\"card").skip(1) {
        assert!(card.contains("class=\"btn\" href=\"/"), "{card}");
    }
    for place in [town.home("/visit"), town.person("/profile").replace(resident, &person), "/changes".to_owned()] {
        assert!(html.contains(&format!("href=\"{place}\"")), "{place}: {html}");
    }
    assert!(html.contains(NAME));
    assert!(town.see("/changes").contains("2026 年 11 月 21 日"));
}
