//! A ledger that comes again and tells of households otherwise: proposed, decided by a person, never done by the import.

use serde_json::json;
use wangjia::app::Page;
use wangjia::app::proposals::{self, Proposal, ProposalFilter};
use wangjia::app::steps::By;
use wangjia::db::keyring::Keyring;
use wangjia::domain::access::ActorKind;
use wangjia::domain::codes::{ProposalKind, ProposalState};

use super::{import, number, options, prepared, rows, words};
use crate::api::app::TestApp;
use crate::ledger::{V, day, id};
use crate::row;
use crate::support::{TestDb, on_both};

on_both!(
    a_wedding_is_a_split_and_a_move,
    another_code_is_queued,
    what_changed_is_proposed_once_and_done_when_accepted,
    what_was_rejected_is_not_proposed_again,
    a_file_that_is_no_full_ledger_says_nothing_of_who_is_missing,
    an_act_that_is_refused_leaves_the_proposal_open,
    programs_read_and_decide,
    an_address_that_contradicts_none_is_stored,
);

pub const BY: By = By { kind: ActorKind::Operator, account: None, role: None };

/// Somebody of a ledger, by a number; a code may name the building and the unit.
fn person(code: &str, number: u16, relation: &str, died: &str) -> Vec<V> {
    let mut place = code.split('@');
    let [code, building, unit] = [(); 3].map(|()| place.next());
    let building = building.unwrap_or("1栋");
    row![
        code.unwrap_or_default(),
        format!("某人{number}"),
        relation,
        id(1980, 1, 1, 2 * number + 1),
        building,
        unit.unwrap_or_default(),
        died
    ]
}

fn ledger(people: &[(&str, u16, &str)]) -> Vec<Vec<V>> {
    let mut all: Vec<Vec<V>> = vec![row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "单元房号", "死亡日期"]];
    all.extend(people.iter().map(|(code, number, relation)| {
        // Whoever is marked so has died meanwhile.
        let (relation, died) = relation.strip_prefix('†').map_or((*relation, ""), |rest| (rest, "2026-10-20"));
        person(code, *number, relation, died)
    }));
    all
}

const BEFORE: &[(&str, u16, &str)] = &[
    ("A", 1, "户主"),
    ("A", 2, "配偶"),
    ("A", 3, "子女"),
    ("B", 4, "户主"),
    ("C", 5, "户主"),
    ("C", 6, "配偶"),
    ("D", 7, "户主"),
    ("D", 8, "子女"),
    ("D", 9, "儿媳"),
    ("E", 10, "户主"),
    ("E", 11, "配偶"),
    ("G", 12, "户主"),
    ("G", 13, "子女"),
    ("H@1栋@一单元101", 14, "户主"),
    ("H@1栋@一单元101", 15, "配偶"),
];

/// 2 has died, 3 is with B, all of C are with B, 8 and 9 have a household of their own, 11 heads E, 13 is not there, H lives in
/// another building.
const AFTER: &[(&str, u16, &str)] = &[
    ("A", 1, "户主"),
    ("A", 2, "†配偶"),
    ("B", 4, "户主"),
    ("B", 3, "其他"),
    ("B", 5, "其他"),
    ("B", 6, "其他"),
    ("D", 7, "户主"),
    ("D2", 8, "户主"),
    ("D2", 9, "配偶"),
    ("E", 10, "配偶"),
    ("E", 11, "户主"),
    ("G", 12, "户主"),
    ("H@2栋@二单元202", 14, "户主"),
    ("H@2栋@二单元202", 15, "配偶"),
];

fn all(test: &TestDb, state: Option<ProposalState>) -> Vec<Proposal> {
    let filter = ProposalFilter { state, ..ProposalFilter::default() };
    test.db.read(|conn| proposals::page(conn, &filter, Page::first(100))).unwrap()
}

fn members(test: &TestDb) -> Vec<String> {
    let sql = "SELECT households.code || ' ' || residents.name || ' ' || memberships.relation AS word FROM memberships
        JOIN households ON households.id = memberships.household_id JOIN residents ON residents.id = memberships.resident_id
        WHERE memberships.valid_until IS NULL AND residents.died_on IS NULL ORDER BY households.code, residents.name";
    words(test, sql)
}

fn homes(test: &TestDb) -> Vec<String> {
    let sql = "SELECT households.code || ' ' || areas.name || ' ' || coalesce(unit, '') AS word FROM households
        JOIN areas ON areas.id = building_id WHERE households.code <> 'D2' ORDER BY households.code";
    words(test, sql)
}

fn what_changed_is_proposed_once_and_done_when_accepted(test: &TestDb) {
    prepared(test);
    import(test, ledger(BEFORE));
    assert_eq!(all(test, None), [], "new households are no changes");
    let before = members(test);
    let report = import(test, ledger(AFTER));
    assert!(!report.stopped, "{:?}", report.findings);
    assert_eq!(members(test), before, "nothing is done");
    let said = |code: &str| report.findings.iter().any(|finding| finding.code.code() == code);
    assert!(said("death_to_confirm") && said("member_missing") && said("household_moved") && said("head_changed"));
    assert!(said("household_rehoused"));
    assert_eq!(homes(test), ["A 1栋 ", "B 1栋 ", "C 1栋 ", "D 1栋 ", "E 1栋 ", "G 1栋 ", "H 1栋 一单元101"]);
    let found = all(test, Some(ProposalState::Open));
    let mut kinds: Vec<ProposalKind> = found.iter().map(|one| one.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ProposalKind::ALL, "one of each: {found:?}");
    let of = |kind: ProposalKind| found.iter().find(|one| one.kind == kind).unwrap();
    assert_eq!(of(ProposalKind::Died).happened_on, day(2026, 10, 20));
    assert_eq!(of(ProposalKind::Split).new_code.as_deref(), Some("D2"));
    assert_eq!(of(ProposalKind::Merged).members.len(), 2);
    let rehoused = of(ProposalKind::Rehoused);
    assert_eq!((rehoused.new_unit.as_deref(), rehoused.members.len()), (Some("二单元202"), 2));
    // The same again says nothing new.
    import(test, ledger(AFTER));
    assert_eq!(all(test, None).len(), 7);

    let moment = (options().now, options().as_of);
    let keys: &Keyring = test.db.keys();
    for one in &found {
        let place = (one.household, one.id);
        let done = test.db.write(|conn| proposals::accept(conn, keys, place, None, moment, BY)).unwrap();
        assert_eq!(done.state, ProposalState::Accepted);
        let again = test.db.write(|conn| proposals::accept(conn, keys, place, None, moment, BY));
        assert!(again.is_err(), "decided once");
    }
    let now = members(test);
    for line in ["A 某人1 head", "B 某人3 other", "B 某人4 head", "D 某人7 head", "D2 某人8 head", "D2 某人9 spouse"]
    {
        assert!(now.iter().any(|member| member == line), "{line}: {now:?}");
    }
    assert!(now.contains(&"E 某人11 head".to_owned()) && now.contains(&"E 某人10 spouse".to_owned()), "{now:?}");
    assert_eq!(now.iter().filter(|line| line.starts_with("B ")).count(), 4);
    assert!(!now.iter().any(|line| line.contains("某人2 ") || line.contains("某人13 ") || line.starts_with("C ")));
    assert!(homes(test).contains(&"H 2栋 二单元202".to_owned()), "{:?}", homes(test));
    assert_eq!(number(test, "SELECT count(*) AS n FROM household_events WHERE kind = 'split'"), 2);
    let moved = "SELECT count(*) AS n FROM household_events JOIN households ON households.id = household_id \
        WHERE kind = 'moved' AND code = 'H'";
    assert_eq!(number(test, moved), 1);
    // The ledger and the records agree now.
    import(test, ledger(AFTER));
    assert_eq!(all(test, Some(ProposalState::Open)), []);
}

/// A son of A and a daughter of B found a household of their own: he splits off, then she moves in. Whom nothing can be proposed of
/// yet stands in the queue.
fn a_wedding_is_a_split_and_a_move(test: &TestDb) {
    prepared(test);
    let before = [("A", 1, "户主"), ("A", 2, "其他"), ("B", 3, "户主"), ("B", 4, "其他")];
    let after = [("A", 1, "户主"), ("Z", 2, "户主"), ("B", 3, "户主"), ("Z", 4, "配偶")];
    import(test, ledger(&before));
    import(test, ledger(&after));
    let queued = || {
        words(test, "SELECT residents.name AS word FROM record_findings JOIN residents ON residents.id = resident_id")
    };
    let open = || all(test, Some(ProposalState::Open));
    let accept = |one: &Proposal| {
        let moment = (options().now, options().as_of);
        test.db
            .write(|conn| proposals::accept(conn, test.db.keys(), (one.household, one.id), None, moment, BY))
            .unwrap();
    };
    let [split] = &open()[..] else { panic!("{:?}", open()) };
    assert_eq!((split.kind, split.members.len(), queued()), (ProposalKind::Split, 1, vec!["某人4".to_owned()]));
    accept(split);
    import(test, ledger(&after));
    let [moved] = &open()[..] else { panic!("{:?}", open()) };
    assert_eq!((moved.kind, queued()), (ProposalKind::Moved, vec![]));
    accept(moved);
    assert!(members(test).contains(&"Z 某人4 spouse".to_owned()), "{:?}", members(test));
    import(test, ledger(&after));
    assert_eq!(open(), []);
}

/// A household whose code alone differs is nobody's move: it stands in the queue.
fn another_code_is_queued(test: &TestDb) {
    prepared(test);
    import(test, ledger(&[("A", 1, "户主"), ("A", 2, "配偶")]));
    import(test, ledger(&[("A9", 1, "户主"), ("A9", 2, "配偶")]));
    assert_eq!(all(test, None), []);
    assert_eq!(rows(test, "record_findings"), 2);
}

fn what_was_rejected_is_not_proposed_again(test: &TestDb) {
    prepared(test);
    import(test, ledger(BEFORE));
    import(test, ledger(AFTER));
    let before = members(test);
    for one in all(test, None) {
        let place = (one.household, one.id);
        test.db.write(|conn| proposals::reject(conn, place, options().now, BY)).unwrap();
        // Not under another household's name.
        assert!(test.db.read(|conn| proposals::get(conn, one.household + 1, one.id)).is_err());
    }
    import(test, ledger(AFTER));
    assert_eq!((all(test, None).len(), all(test, Some(ProposalState::Open)).len()), (7, 0));
    assert_eq!(members(test), before);
    assert_eq!(rows(test, "household_proposal_members"), 11);
}

fn a_file_that_is_no_full_ledger_says_nothing_of_who_is_missing(test: &TestDb) {
    prepared(test);
    import(test, ledger(BEFORE));
    // Heads and a few others: three in four.
    let some: Vec<_> = BEFORE.iter().copied().filter(|(_, number, _)| ![2, 8, 13].contains(number)).collect();
    let report = import(test, ledger(&some));
    assert_eq!(all(test, None), [], "{:?}", report.findings);
}

fn an_act_that_is_refused_leaves_the_proposal_open(test: &TestDb) {
    prepared(test);
    import(test, ledger(BEFORE));
    // The head of A is said to be with B; the others stay.
    let mut moved = BEFORE.to_vec();
    moved[0] = ("B", 1, "其他");
    moved[1] = ("A", 2, "户主");
    import(test, ledger(&moved));
    let found = all(test, None);
    let one = found.iter().find(|one| one.kind == ProposalKind::Moved).unwrap();
    let moment = (options().now, options().as_of);
    let keys: &Keyring = test.db.keys();
    let accept = |id: (i64, i64)| test.db.write(|conn| proposals::accept(conn, keys, id, None, moment, BY));
    let refused = accept((one.household, one.id)).unwrap_err();
    assert!(format!("{refused:?}").contains("HeadMustStay"), "{refused:?}");
    assert_eq!(all(test, Some(ProposalState::Open)).len(), found.len());
    // First the new head, then the move.
    let head = found.iter().find(|one| one.kind == ProposalKind::HeadChange).unwrap();
    accept((head.household, head.id)).unwrap();
    accept((one.household, one.id)).unwrap();
    let now = members(test);
    assert!(now.contains(&"A 某人2 head".to_owned()) && now.contains(&"B 某人1 other".to_owned()), "{now:?}");
}

fn programs_read_and_decide(test: &TestDb) {
    let app = TestApp::new(test);
    import(test, ledger(BEFORE));
    import(test, ledger(AFTER));
    let list = app.get("/household-proposals?state=open")["items"].clone();
    assert_eq!(list.as_array().unwrap().len(), 7);
    let building = list.as_array().unwrap().iter().find(|one| one["kind"] == "rehoused").unwrap();
    let name = format!("SELECT name AS word FROM areas WHERE id = {}", building["new_building_id"].as_str().unwrap());
    assert_eq!(words(test, &name), ["2栋"]);
    let one = |kind: &str| list.as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap().clone();
    let moved = one("moved");
    let path = format!("/households/{}/proposal-decisions", moved["household_id"].as_str().unwrap());
    let id = &moved["id"];
    app.request("POST", &path)
        .json(&json!({"proposal_id": id, "accept": true}))
        .send()
        .field("/other_household_id", "contradicts");
    let body = json!({"proposal_id": id, "accept": true, "other_household_id": moved["other_household_id"]});
    let done = app.request("POST", &path).json(&body).send().expect(200).body;
    assert_eq!(done["state"], "accepted");
    let left = one("left");
    let path = format!("/households/{}/proposal-decisions", left["household_id"].as_str().unwrap());
    app.request("POST", &path).json(&json!({"proposal_id": id, "accept": false})).send().problem(404, "not_found");
    let no = json!({"proposal_id": left["id"], "accept": false});
    assert_eq!(app.request("POST", &path).json(&no).send().expect(200).body["state"], "rejected");
    assert_eq!(app.get("/household-proposals?state=open")["items"].as_array().unwrap().len(), 5);
}

/// What was not known is filled in, a building under another grid is the same building, another door in it is a correction.
fn an_address_that_contradicts_none_is_stored(test: &TestDb) {
    prepared(test);
    let file = |grid: &str, building: &str, unit: &str| {
        vec![
            row!["户编号", "姓名", "与户主关系", "身份证号", "网格", "楼栋", "单元房号"],
            row!["A", "某人", "户主", id(1980, 1, 1, 3), grid, building, unit],
        ]
    };
    let stored = || {
        let sql = "SELECT grid.name || ' ' || building.name || ' ' || coalesce(unit, '') AS word FROM households
            JOIN areas building ON building.id = building_id JOIN areas grid ON grid.id = building.parent_id";
        words(test, sql).join("")
    };
    for (told, kept) in [
        (("", "", ""), "unassigned unassigned "),
        (("", "3栋", ""), "unassigned 3栋 "),
        (("一网格", "3栋", "101"), "一网格 3栋 101"),
        (("", "3栋", "102"), "一网格 3栋 102"),
        (("", "", ""), "一网格 3栋 102"),
        (("一网格", "4栋", "201"), "一网格 3栋 102"),
    ] {
        import(test, file(told.0, told.1, told.2));
        assert_eq!(stored(), kept, "{told:?}");
    }
    let [one] = &all(test, None)[..] else { panic!("{:?}", all(test, None)) };
    assert_eq!((one.kind, one.new_unit.as_deref()), (ProposalKind::Rehoused, Some("201")));
}
