//! From the due list to the door: whom to visit, whom to find, what a visit leaves.

use wangjia::app::audit::{self, Filter};

use super::town::{NAME, PHONE, Town};
use crate::api::app::id_number;
use crate::support::{TestDb, on_both};

on_both!(
    a_counselor_finds_a_household_refers_a_member_and_logs_the_visit,
    a_visit_that_arrives_twice_counts_once,
    a_visit_says_where_it_is_wrong_and_keeps_what_was_typed,
    what_was_done_for_a_recognised_household_moves_its_clock,
    somebody_is_found_by_name_code_address_phone_and_number_alone,
    what_is_anothers_is_not_there,
);

/// The judge's task: three pages and two forms.
fn a_counselor_finds_a_household_refers_a_member_and_logs_the_visit(db: &TestDb) {
    let town = Town::new(db);
    town.done(&town.home("/recognise"), &[]);
    let today = town.see("/today");
    assert!(today.contains(&format!("{NAME}户")) && today.contains("还差：首次服务 1 次"), "{today}");
    assert!(today.contains(&format!("href=\"{}\"", town.home(""))), "the card leads to the household");
    let home = town.see(&town.home(""));
    assert!(home.contains("认定第 1 天") && home.contains(&format!("href=\"{}\"", town.person(""))), "{home}");
    let person = town.see(&town.person(""));
    assert!(person.contains("合适岗位 1 个") && person.contains("<b>Jincheng</b>（Park 3）"), "{person}");
    // Nobody is told before the person agreed.
    let form = [("posting", town.posting.as_str()), ("phone", "yes"), ("form", "spoken")];
    assert_eq!(town.send(&town.person("/refer"), &form).status, 422);
    assert!(town.items("/referrals").is_empty(), "neither a proposal nor a consent is left behind");
    let agreed = [&form[..], &[("consent", "yes")]].concat();
    let referred = town.done(&town.person("/refer"), &agreed);
    assert!(referred.contains("已登记推荐") && referred.contains("已转介"), "{referred}");
    let referral = &town.items("/referrals")[0];
    assert_eq!((referral["state"].as_str(), referral["in_force"].as_bool()), (Some("referred"), Some(true)));
    assert_eq!(town.agreed(), ["experience", "name", "phone", "skills"]);
    let saved = town.done(&town.home("/visit"), &[("found", "willing"), ("next", "revisit"), ("when", "1")]);
    assert!(saved.contains("走访已存好") && saved.contains("已走访 1 / 20 户"), "{saved}");
    let home = town.see(&town.home(""));
    assert!(home.contains("有就业意愿") && home.contains("合适岗位推荐 1/3"), "{home}");
}

fn a_visit_that_arrives_twice_counts_once(db: &TestDb) {
    let town = Town::new(db);
    let path = town.home("/visit");
    let send = |found: &str| town.site.submit(&path, &town.counselors[0], "the-form", &[("found", found)]);
    let (one, again) = (send("willing"), send("willing"));
    assert_eq!((one.status, again.status), (303, 303));
    assert_eq!(one.location, again.location, "whoever sends it again is led to the same page");
    assert_eq!(town.items("/visits").len(), 1);
    // A visit that was planned is the one that was made.
    let body = serde_json::json!({"status": "planned", "visit_on": "2026-11-25"});
    town.app.create(&format!("/households/{}/visits", town.households[0]), &body);
    assert!(town.see(&path).contains("计划：11 月 25 日"));
    town.done(&path, &[("found", "nothing_new")]);
    let visits = town.items("/visits");
    assert_eq!(visits.len(), 2);
    assert!(visits.iter().all(|visit| visit["status"] == "done" && visit["visit_on"] == "2026-11-23"), "{visits:?}");
}

fn a_visit_says_where_it_is_wrong_and_keeps_what_was_typed(db: &TestDb) {
    let town = Town::new(db);
    let path = town.home("/visit");
    let nothing = town.send(&path, &[("note", "下午在家"), ("next", "call")]);
    assert_eq!(nothing.status, 422);
    assert!(nothing.html.contains("请点一项：说了什么"), "{}", nothing.html);
    assert!(nothing.html.contains("下午在家") && nothing.html.contains("value=\"call\" selected"), "{}", nothing.html);
    assert!(!nothing.html.contains(NAME), "the form names nobody: a telephone may keep it");
    for wrong in [
        vec![("found", "not_at_home"), ("found", "willing")],
        vec![("found", "willing"), ("visit_on", "2026-11-24")],
        vec![("found", "willing"), ("next", "call"), ("when", "day")],
        vec![("found", "no_such_finding")],
        vec![("found", "willing"), ("next_on", "9.12.")],
        vec![("found", "willing"), ("next", "call"), ("when", "1"), ("next_on", "9.12.")],
        vec![("found", "willing"), ("next_on", "2026-12-09")],
        vec![("found", "willing"), ("next", "call"), ("when", "1"), ("next_on", "2026-12-09")],
    ] {
        let answer = town.send(&path, &wrong);
        assert_eq!(answer.status, 422, "{wrong:?}");
        let typed = wrong.iter().find(|(name, _)| *name == "next_on");
        if let Some((_, day)) = typed {
            assert!(answer.html.contains("id=\"next_on-fault\""), "{wrong:?}: {}", answer.html);
            assert!(answer.html.contains(&format!("value=\"{day}\"")), "what was typed stays: {}", answer.html);
        }
    }
    assert!(town.items("/visits").is_empty());
}

fn what_was_done_for_a_recognised_household_moves_its_clock(db: &TestDb) {
    let town = Town::new(db);
    assert!(!town.see(&town.home("/visit")).contains("name=\"served\""), "nothing is owed yet");
    let recognised = town.done(&town.home("/recognise"), &[]);
    assert!(recognised.contains("已认定") && !recognised.contains("还没认定"), "{recognised}");
    assert_eq!(town.send(&town.home("/recognise"), &[("again", "1")]).status, 409, "it is recognised already");
    let absent = [("found", "not_at_home"), ("served", "guidance")];
    assert_eq!(town.send(&town.home("/visit"), &absent).status, 422, "who was not met was not served");
    town.done(&town.home("/visit"), &[("found", "willing"), ("served", "guidance"), ("served", "training_offer")]);
    let steps = town.items("/recognitions")[0]["steps"].as_array().unwrap().clone();
    let done: Vec<&str> =
        steps.iter().filter(|step| step["state"] == "done").filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(done, ["first_service", "guidance", "training_offer"]);
}

fn somebody_is_found_by_name_code_address_phone_and_number_alone(db: &TestDb) {
    let town = Town::new(db);
    let number = id_number("1990-03-07", 12);
    let find = |text: &str| town.send("/search", &[("q", text)]);
    let (home, person) = (format!("href=\"{}\"", town.home("")), format!("href=\"{}\"", town.person("")));
    for (text, link) in [
        ("Axiang", &person),
        (PHONE, &person),
        ("139 8765 4321", &person),
        (number.as_str(), &person),
        ("WJ-0-0712", &home),
        ("0712", &home),
        ("B7 0-301", &home),
        ("B70-301", &home),
    ] {
        let found = find(text);
        assert_eq!(found.status, 200, "{text}");
        assert!(found.html.contains(link.as_str()), "{text}: {}", found.html);
        assert!(!found.html.contains(&number), "the number itself is not shown again");
    }
    for text in ["1398765432", "Nobody", "%", "WJ-1-0712", "13900000000"] {
        let found = find(text).html;
        assert!(found.contains("没有找到") || found.contains("没有人登记这个电话"), "{text}: {found}");
    }
    let wrong = format!("{}{}", &number[..17], if number.ends_with('1') { '2' } else { '1' });
    assert_eq!(find(&wrong).status, 422, "a number that cannot be one");
    // Every look-up is on record, with whom it showed.
    let entries = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, Some(db.db.keys()))).unwrap();
    let searches = entries.iter().filter(|entry| entry.operation == "page_search").count();
    assert_eq!(searches, 13, "eight that found somebody, five that did not");
}

fn what_is_anothers_is_not_there(db: &TestDb) {
    let town = Town::new(db);
    let (home, person) = (format!("/households/{}", town.households[1]), format!("/residents/{}", town.residents[1]));
    let pages = [
        home.clone(),
        format!("{home}/visit"),
        person.clone(),
        format!("{person}/profile"),
        format!("{person}/work"),
        format!("{person}/slip/{}", town.posting),
        format!("{person}/compare?a={0}&b={0}", town.posting),
        format!("{person}/decision?from={}", town.posting),
        format!("/concerns/new?household={}", town.households[1]),
        "/households/999999".to_owned(),
        "/residents/999999".to_owned(),
    ];
    for path in &pages {
        assert_eq!(town.site.get(path, Some(&town.counselors[0])).status, 404, "{path}");
    }
    let forms = [
        format!("{home}/visit"),
        format!("{home}/recognise"),
        format!("{home}/barriers"),
        format!("{person}/phone"),
        format!("{person}/refer"),
        format!("{person}/decline"),
        format!("{person}/propose"),
    ];
    let fields = [("found", "willing"), ("kind", "care"), ("posting", town.posting.as_str()), ("consent", "yes")];
    for path in &forms {
        assert_eq!(town.send(path, &fields).status, 404, "{path}");
    }
    for path in ["/today", "/households", "/visits", "/week"] {
        let html = town.see(path);
        assert!(!html.contains("Yang Awu") && !html.contains(&home), "{path}: {html}");
    }
    assert!(town.see("/households").contains(NAME));
    assert!(town.items("/visits").is_empty() && town.items("/referrals").is_empty());
}
