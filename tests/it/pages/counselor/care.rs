//! Care duties and barriers on the household's card: recorded, changed one at a time, ended and kept.

use serde_json::json;

use super::town::{NAME, Town};
use crate::support::{TestDb, on_both};

on_both!(
    a_care_duty_is_recorded_changed_and_ended,
    a_care_form_says_where_it_is_wrong_and_keeps_what_was_typed,
    a_form_that_was_overtaken_changes_nothing,
    a_barrier_is_the_households_or_a_members,
);

/// The version a care form holds.
#[track_caller]
fn version(town: &Town) -> String {
    let form = town.see(&town.home("/care"));
    let (_, rest) = form.split_once("name=\"version\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn a_care_duty_is_recorded_changed_and_ended(db: &TestDb) {
    let town = Town::new(db);
    assert!(town.see(&town.home("")).contains("没有登记要照护的人"));
    let (carer, first) = (town.residents[0].as_str(), version(&town));
    let times = [("from_0", "19:00"), ("to_0", "20:00"), ("day_0", "1"), ("day_0", "2"), ("day_0", "3")];
    let kind = [("kind", "child"), ("version", first.as_str()), ("carer", "")];
    let home = town.done(&town.home("/care"), &[&kind[..], &times[..]].concat());
    assert!(home.contains("照护幼儿：周一至周三 19:00–20:00，没有指定谁照护"), "{home}");
    // Another one beside it; then the first gets its carer, and the other stays.
    let second = version(&town);
    let evening = [("from_0", "18:00"), ("to_0", "00:00"), ("day_0", "7")];
    let patient = [("kind", "patient"), ("version", second.as_str()), ("carer", "")];
    town.done(&town.home("/care"), &[&patient[..], &evening[..]].concat());
    let form = town.see(&town.home("/care?duty=0"));
    assert!(form.contains("value=\"19:00\"") && form.contains("value=\"child\" selected"), "{form}");
    let third = version(&town);
    let named = [("kind", "child"), ("version", third.as_str()), ("duty", "0"), ("carer", carer)];
    let home = town.done(&town.home("/care"), &[&named[..], &times[..]].concat());
    assert!(home.contains(&format!("由{NAME}照护")) && home.contains("照护病人：周日 18:00–24:00"), "{home}");
    // The carer cannot work in those hours: the posting ends at five, so it still suits, and no more where it goes on.
    assert!(town.see(&town.person("")).contains("合适岗位 1 个"));
    let terms = json!({"hours": [{"weekday": 1, "from": "12:00", "to": "20:00"}]});
    town.app.patch(&format!("/postings/{}", town.posting), &terms).expect(200);
    assert!(town.see(&town.person("")).contains("合适岗位 0 个"));
    let fourth = version(&town);
    let ended = town.done(&town.home("/care/end"), &[("duty", "0"), ("version", &fourth)]);
    assert!(ended.contains("已记下不用照护了") && !ended.contains("照护幼儿"), "{ended}");
    assert!(town.see(&town.person("")).contains("合适岗位 1 个"));
    let kept = town.items(&format!("/households/{}/care-duties", town.households[0]));
    assert_eq!((kept.len(), kept[0]["valid_until"].as_str()), (2, Some("2026-11-23")), "history is kept");
}

fn a_care_form_says_where_it_is_wrong_and_keeps_what_was_typed(db: &TestDb) {
    let town = Town::new(db);
    let (path, version) = (town.home("/care"), version(&town));
    let base = [("kind", "elder"), ("version", version.as_str())];
    let times = [("from_0", "07:00"), ("to_0", "08:00"), ("day_0", "1")];
    for (more, fault) in [
        (vec![], "hours-fault"),
        (vec![("from_0", "07:00"), ("to_0", "07:00"), ("day_0", "1")], "hours-fault"),
        (vec![("from_0", "07:00"), ("to_0", "08:00")], "hours-fault"),
        ([&times[..], &[("carer", town.residents[1].as_str())]].concat(), "carer-fault"),
        ([&times[..], &[("valid_from", "2026-11-20"), ("valid_until", "2026-11-10")]].concat(), "valid_until-fault"),
        ([&times[..], &[("valid_from", "20.11.")]].concat(), "valid_from-fault"),
    ] {
        let answer = town.send(&path, &[&base[..], &more[..]].concat());
        assert_eq!(answer.status, 422, "{more:?}");
        assert!(answer.html.contains(&format!("id=\"{fault}\"")), "{more:?}: {}", answer.html);
        assert!(answer.html.contains("value=\"elder\" selected"), "{}", answer.html);
    }
    assert!(town.items(&format!("/households/{}/care-duties", town.households[0])).is_empty());
    let other = format!("/households/{}/care", town.households[1]);
    assert_eq!(town.site.get(&other, Some(&town.counselors[0])).status, 404, "another's grid");
    assert_eq!(town.send(&other, &[&base[..], &times[..]].concat()).status, 404);
}

fn a_form_that_was_overtaken_changes_nothing(db: &TestDb) {
    let town = Town::new(db);
    let old = version(&town);
    let form = |kind: &'static str| {
        [("kind", kind), ("version", old.as_str()), ("from_0", "07:00"), ("to_0", "08:00"), ("day_0", "1")]
    };
    town.done(&town.home("/care"), &form("child"));
    let late = town.send(&town.home("/care"), &form("elder"));
    assert_eq!(late.status, 409);
    assert!(late.html.contains("刚刚有人改过"), "{}", late.html);
    assert_eq!(town.send(&town.home("/care"), &form("child")).status, 303, "sent again, it is the same form");
    assert_eq!(town.items(&format!("/households/{}/care-duties", town.households[0])).len(), 1);
}

fn a_barrier_is_the_households_or_a_members(db: &TestDb) {
    let town = Town::new(db);
    let path = town.home("/barriers");
    town.done(&path, &[("kind", "distance"), ("whose", "")]);
    let home = town.done(&path, &[("kind", "skill"), ("whose", town.residents[0].as_str())]);
    assert!(home.contains(&format!("（{NAME}）")), "{home}");
    let of = |path: String| town.items(&path).len();
    assert_eq!(of(format!("/residents/{}/barriers", town.residents[0])), 1);
    assert_eq!(of(format!("/households/{}/barriers", town.households[0])), 1);
    let another = town.send(&path, &[("kind", "skill"), ("whose", town.residents[1].as_str())]);
    assert_eq!(another.status, 422, "not the counselor's to name");
}
