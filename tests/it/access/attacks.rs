//! What people try who may do less: foreign ids in bodies, lists and filters, keys of others, roles they had yesterday.

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::app::accounts;
use wangjia::domain::access::Role;

use super::percent;
use super::world::{World, operations, stranger};
use crate::api::app::{TestApp, id, id_number, noon};
use crate::support::{TestDb, on_both};

on_both!(
    one_foreign_id_in_a_body_refuses_the_whole_call,
    lists_end_where_the_reach_does,
    a_search_for_a_foreign_number_finds_nobody,
    roles_and_scopes_hold_from_the_next_request,
    one_role_does_not_lend_its_reach_to_another,
    what_a_tenant_is_worth_ends_where_the_reach_does,
    an_auditor_reads_the_audit_and_nobody,
    a_disabled_account_is_out_at_once,
    an_idempotency_key_is_its_accounts,
    a_resident_without_household_is_the_one_who_entered_its,
);

fn token<'w>(world: &'w World, name: &str) -> &'w str {
    world.user(name).token.as_deref().unwrap()
}

fn one_foreign_id_in_a_body_refuses_the_whole_call(db: &TestDb) {
    let world = World::new(db);
    let app = &world.app;
    let mine = token(&world, "counselor-grid-1");
    let household = world.first("household").to_owned();
    let (own, foreign) = (world.first("resident").to_owned(), world.second("resident").to_owned());
    let etag = app.by(mine, "GET", &format!("/households/{household}")).send().expect(200).header("etag");
    let duty = |carer: &str| json!({"kind": "child", "carer_id": carer, "hours": [{"weekday": 1, "from": "08:00", "to": "09:00"}]});
    // Forty-nine good entries do not carry a bad one.
    let mut items: Vec<Value> = (0..9).map(|_| duty(&own)).collect();
    items.push(duty(&foreign));
    let path = format!("/households/{household}/care-duties");
    let put =
        |items: &[Value]| app.by(mine, "PUT", &path).header("if-match", &etag).json(&json!({"items": items})).send();
    put(&items).field("/items/9/carer_id", "no_such_record");
    let nobody = json!({"items": [duty(super::world::ABSENT)]});
    app.by(mine, "PUT", &path)
        .header("if-match", &etag)
        .json(&nobody)
        .send()
        .field("/items/0/carer_id", "no_such_record");
    assert_eq!(app.by(mine, "GET", &path).send().expect(200).body["items"], json!([]));
    put(&items[..9]).expect(200);
    // Nor can somebody of another grid be taken in, or a household be moved there.
    let member = json!({"resident_id": foreign, "relation": "other"});
    let members = format!("/households/{household}/members");
    app.by(mine, "POST", &members).json(&member).send().field("/resident_id", "no_such_record");
    let moved = json!({"building_id": world.second("buildings")});
    let path = format!("/households/{household}");
    let etag = app.by(mine, "GET", &path).send().expect(200).header("etag");
    let patch = app.by(mine, "PATCH", &path).header("if-match", &etag).json(&moved).send();
    patch.field("/building_id", "no_such_record");
    app.by(mine, "POST", "/households").json(&moved).send().field("/building_id", "no_such_record");
    let pin = json!({"kind": "forbid", "resident_id": foreign, "posting_id": world.first("posting"), "reason": "试"});
    app.by(mine, "POST", "/plan-pins").json(&pin).send().field("/resident_id", "no_such_record");
    // A company cannot post under another's name.
    let hr = token(&world, "hr-a");
    let posting = json!({"employer_id": world.second("employer"), "title": "缝纫工", "channel": "micro_factory", "headcount": 1, "valid_from": "2026-01-01"});
    app.by(hr, "POST", "/postings").json(&posting).send().field("/employer_id", "no_such_record");
}

/// Every row of a list, over all its pages.
fn rows(app: &TestApp, token: &str, path: &str, reason: Option<&str>) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut call = app.by(token, "GET", &format!("{path}{separator}limit=100{cursor}"));
        if let Some(reason) = reason {
            call = call.header("x-access-reason", &percent(reason));
        }
        let page = call.send().expect(200).body;
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn lists_end_where_the_reach_does(db: &TestDb) {
    let world = World::new(db);
    let app = &world.app;
    let plan = world.first("plan");
    let run = world.first("run");
    let lists = [
        "/residents".to_owned(),
        "/households".to_owned(),
        "/spells".to_owned(),
        "/recommendations".to_owned(),
        "/plan-pins".to_owned(),
        "/introductions".to_owned(),
        "/referrals".to_owned(),
        "/recognitions".to_owned(),
        "/enrolments".to_owned(),
        "/visits".to_owned(),
        "/concerns".to_owned(),
        "/coverage/households".to_owned(),
        format!("/plans/{plan}/households"),
        format!("/plans/{plan}/placements"),
        format!("/plans/{plan}/diff"),
        format!("/recommendation-runs/{run}/recommendations"),
        format!("/postings/{}/candidates", world.first("posting")),
    ];
    for list in &lists {
        let all = rows(app, token(&world, "counselor-all"), list, None);
        let [one, two] =
            ["counselor-grid-1", "counselor-grid-2"].map(|name| rows(app, token(&world, name), list, None));
        let building = rows(app, token(&world, "counselor-building"), list, None);
        let official = || rows(app, token(&world, "official-1"), list, Some("季度抽查"));
        // Candidate lists number their entries anew.
        if !list.ends_with("/candidates") {
            let mut both: Vec<String> = one.iter().chain(&two).map(Value::to_string).collect();
            let mut every: Vec<String> = all.iter().map(Value::to_string).collect();
            both.sort();
            every.sort();
            assert_eq!(both, every, "{list}");
        }
        assert_eq!(one, building, "{list}");
        if !list.starts_with("/introductions") {
            assert_eq!(one, official(), "{list}");
        }
        let text = json!(one).to_string();
        assert!(!text.contains("乙"), "{list}: {text}");
    }
    // Counts end there, too.
    let total =
        |name: &str| app.by(token(&world, name), "GET", "/coverage").send().expect(200).body["households"].clone();
    assert_eq!((total("counselor-grid-1"), total("official"), total("counselor-all")), (json!(1), json!(2), json!(2)));
    let candidates = format!("/postings/{}/candidates", world.first("posting"));
    let considered =
        |name: &str| app.by(token(&world, name), "GET", &candidates).send().expect(200).body["considered"].clone();
    assert_eq!((considered("counselor-grid-2"), considered("counselor-all")), (json!(1), json!(2)));
    for (list, field) in [("/employers", "id"), ("/postings", "employer_id")] {
        let own = rows(app, token(&world, "hr-a"), list, None);
        assert!(own.iter().all(|row| row[field] == world.first("employer")) && own.len() == 1, "{list}: {own:?}");
    }
    let names = rows(app, token(&world, "counselor-building"), "/grids", None);
    assert_eq!(names.len(), 1, "the grid around one's building, not the other: {names:?}");
}

fn a_search_for_a_foreign_number_finds_nobody(db: &TestDb) {
    let world = World::new(db);
    let search = |name: &str, number: String| {
        let body = json!({"id_number": number});
        let answer = world.app.by(token(&world, name), "POST", "/resident-searches").json(&body).send();
        let id = answer.header("x-request-id");
        (answer.status, String::from_utf8_lossy(&answer.bytes).replace(&id, "-"))
    };
    let (first, second) = (id_number("1990-03-07", 11), id_number("1991-04-08", 12));
    assert_eq!(search("counselor-grid-1", first).0, 200);
    assert_eq!(search("counselor-grid-1", second.clone()), search("counselor-grid-1", stranger()));
    assert_eq!(search("counselor-grid-2", second).0, 200);
}

fn roles_and_scopes_hold_from_the_next_request(db: &TestDb) {
    let world = World::new(db);
    let mine = token(&world, "counselor-grid-1");
    let [own, foreign] = ["first", "second"]
        .map(|which| if which == "first" { world.first("household") } else { world.second("household") })
        .map(|id| format!("/households/{id}"));
    let status = |path: &str| world.app.by(mine, "GET", path).send().status;
    assert_eq!((status(&own), status(&foreign)), (200, 404));
    let find = || {
        let body = json!({"id_number": id_number("1990-03-07", 11)});
        let call = world.app.by(mine, "POST", "/resident-searches").header("idempotency-key", "find");
        call.json(&body).send().status
    };
    assert_eq!((find(), find()), (200, 200));
    change_roles(db, "counselor-grid-1", &[(Role::Counselor, Some(world.second("grids")))]);
    assert_eq!((status(&own), status(&foreign)), (404, 200));
    assert_eq!(find(), 404, "what was found before is not told again");
    change_roles(db, "counselor-grid-1", &[(Role::Auditor, None)]);
    assert_eq!((status(&own), status(&foreign)), (403, 403));
}

fn change_roles(db: &TestDb, login: &str, roles: &[(Role, Option<&str>)]) {
    let grant = |(role, area): &(Role, Option<&str>)| Grant {
        role: *role,
        area: area.map(|id| id.parse().unwrap()),
        employer: None,
    };
    let grants: Vec<Grant> = roles.iter().map(grant).collect();
    let login = wangjia::domain::access::Login::parse(login).unwrap();
    let done = db.db.write(|conn| {
        let account = accounts::by_login(conn, &login)?;
        accounts::replace_roles(conn, account.id, account.version, &grants, noon())
    });
    done.unwrap();
}

/// A counselor of grid 1 who is also an official of everywhere, or the administrator, still works in grid 1 only.
fn one_role_does_not_lend_its_reach_to_another(db: &TestDb) {
    let world = World::new(db);
    let mine = token(&world, "counselor-grid-1");
    let counselor = (Role::Counselor, Some(world.first("grids")));
    for second in [(Role::Official, None), (Role::Administrator, None)] {
        change_roles(db, "counselor-grid-1", &[counselor, second]);
        let house = |building: &str| {
            let body = json!({"building_id": building});
            world.app.by(mine, "POST", "/households").json(&body).send()
        };
        house(world.second("buildings")).field("/building_id", "no_such_record");
        house(world.first("buildings")).expect(201);
        let member = json!({"resident_id": world.second("resident"), "relation": "other"});
        let members = format!("/households/{}/members", world.first("household"));
        world.app.by(mine, "POST", &members).json(&member).send().field("/resident_id", "no_such_record");
    }
}

fn what_a_tenant_is_worth_ends_where_the_reach_does(db: &TestDb) {
    let world = World::new(db);
    let path = format!("/plans/{}/what-ifs", world.first("plan"));
    // Whose households are named as losing their placement if a company leaves.
    let named = |name: &str, reason: Option<&str>| {
        let mut found = Vec::new();
        for employer in [world.first("employer"), world.second("employer")] {
            let body = json!({"kind": "tenant_removed", "employer_id": employer});
            let mut call = world.app.by(token(&world, name), "POST", &path).json(&body);
            if let Some(reason) = reason {
                call = call.header("x-access-reason", &percent(reason));
            }
            ids_of_households(&call.send().expect(200).body, &mut found);
        }
        found.sort();
        found.dedup();
        found
    };
    let (one, two) = (world.first("household").to_owned(), world.second("household").to_owned());
    let all = named("counselor-all", None);
    assert_eq!(all, [one.clone(), two.clone()]);
    assert_eq!((named("counselor-grid-1", None), named("counselor-grid-2", None)), (vec![one], vec![two]));
    assert_eq!(named("official", None), Vec::<String>::new());
    assert_eq!(named("official", Some("季度抽查")), all);
}

fn ids_of_households(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids_of_households(item, found)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if name.contains("household_id") {
                    let ids = field.as_array().map_or(std::slice::from_ref(field), Vec::as_slice);
                    found.extend(ids.iter().filter_map(|id| id.as_str().map(str::to_owned)));
                }
                ids_of_households(field, found);
            }
        }
        _ => {}
    }
}

fn an_auditor_reads_the_audit_and_nobody(db: &TestDb) {
    let world = World::new(db);
    let (app, auditor) = (&world.app, token(&world, "auditor"));
    let resident = world.first("resident");
    app.by(token(&world, "counselor-grid-1"), "GET", &format!("/residents/{resident}")).send().expect(200);
    let about = rows(app, auditor, &format!("/audit/entries?resident_id={resident}"), None);
    let last = about.last().unwrap();
    assert_eq!((&last["operation"], &last["role"]), (&json!("get_resident"), &json!("counselor")));
    assert_eq!(last["resident_ids"], json!([resident]));
    // Names and numbers are nowhere in it.
    assert!(!json!(about).to_string().contains('甲'));
    let account = last["account_id"].as_str().unwrap();
    let by_it = rows(app, auditor, &format!("/audit/entries?account_id={account}"), None);
    assert!(by_it.iter().all(|entry| entry["account_id"] == account) && !by_it.is_empty());
    let before = rows(app, auditor, "/audit/entries?to=2020-01-01", None);
    assert!(before.is_empty(), "{before:?}");
    for name in ["counselor-all", "administrator", "official", "hr-a"] {
        app.by(token(&world, name), "GET", "/audit/entries").send().problem(403, "not_allowed");
    }
    app.by(auditor, "GET", &format!("/residents/{resident}")).send().problem(403, "not_allowed");
}

fn a_disabled_account_is_out_at_once(db: &TestDb) {
    let world = World::new(db);
    let mine = token(&world, "counselor-grid-1");
    let path = format!("/households/{}", world.first("household"));
    world.app.by(mine, "GET", &path).send().expect(200);
    let login = wangjia::domain::access::Login::parse("counselor-grid-1").unwrap();
    let done = db.db.write(|conn| {
        let account = accounts::by_login(conn, &login)?;
        accounts::disable(conn, account.id, account.version, noon())
    });
    done.unwrap();
    world.app.by(mine, "GET", &path).send().problem(401, "not_signed_in");
}

fn an_idempotency_key_is_its_accounts(db: &TestDb) {
    let world = World::new(db);
    let body = json!({"name": "丙", "id_number": id_number("1980-01-01", 5)});
    let call = |name: &str| {
        let call = world.app.by(token(&world, name), "POST", "/residents").header("idempotency-key", "the-same");
        call.json(&body).send()
    };
    let first = call("counselor-grid-1").expect(201);
    assert_eq!(call("counselor-grid-1").expect(201).bytes, first.bytes);
    // Another's answer is not replayed: the number is taken, and that is all there is to know.
    call("counselor-grid-2").problem(409, "id_number_taken");
}

fn a_resident_without_household_is_the_one_who_entered_its(db: &TestDb) {
    let world = World::new(db);
    let (one, two) = (token(&world, "counselor-grid-1"), token(&world, "counselor-grid-2"));
    let body = json!({"name": "丁", "id_number": id_number("1981-01-01", 7)});
    let made = id(&world.app.by(one, "POST", "/residents").json(&body).send().expect(201).body);
    let path = format!("/residents/{made}");
    assert_eq!(world.app.by(one, "GET", &path).send().status, 200);
    assert_eq!(world.app.by(two, "GET", &path).send().status, 404);
    let names = |token: &str| json!(rows(&world.app, token, "/residents", None)).to_string();
    assert!(names(one).contains("丁") && !names(two).contains("丁"));
    let member = json!({"resident_id": made, "relation": "child", "valid_from": "2026-11-01"});
    let stolen = format!("/households/{}/members", world.second("household"));
    world.app.by(two, "POST", &stolen).json(&member).send().field("/resident_id", "no_such_record");
    let own = format!("/households/{}/members", world.first("household"));
    world.app.by(one, "POST", &own).json(&member).send().expect(200);
    assert_eq!(world.app.by(two, "GET", &path).send().status, 404);
}

/// No answer to a company holds a person: names, numbers, phones, health and the way home are planted and looked for.
#[test]
fn a_company_sees_no_person() {
    let db = TestDb::sqlite();
    let world = World::new(&db);
    let app = &world.app;
    let path = format!("/residents/{}", world.first("resident"));
    let planted = json!({
        "phone": "13987650001", "note": "金丝雀手记",
        "profile": {"health": "chronic_illness", "ethnicity": "金丝雀族", "expected_pay": 876_543},
    });
    app.patch(&path, &planted).expect(200);
    assert_eq!(app.get(&path)["name"], "甲");
    let mut canaries = vec!["13987650001", "chronic_illness", "金丝雀", "876543", "甲\"", "乙\""];
    let (first, second) = (id_number("1990-03-07", 11), id_number("1991-04-08", 12));
    canaries.extend([first.as_str(), second.as_str(), "1990-03-07", "1号楼"]);
    let hr = token(&world, "hr-a");
    let mut answered = 0;
    for (method, path, id) in operations() {
        if method != "GET" {
            continue;
        }
        let operation = wangjia::api::operations::Operation::find(&id).unwrap();
        let ids = operation.target.map_or([String::new(), String::new()], |kind| world.pair(kind, &path));
        for id in ids {
            let path = path.replace("{id}", &id);
            let answer = app.anonymous("GET", &path).header("authorization", &format!("Bearer {hr}")).send();
            answered += u32::from(answer.status == 200);
            let text = format!("{:?}{}", answer.headers, String::from_utf8_lossy(&answer.bytes));
            // The document describes the fields and quotes examples.
            if path == "/openapi.json" {
                continue;
            }
            for canary in &canaries {
                assert!(!text.contains(canary), "{path} holds {canary}: {text}");
            }
        }
    }
    assert!(answered >= 10, "{answered}");
}
