//! `wangjia plan` as its users call it.

use serde_json::Value;

use crate::support::command::{ON_DEMO, json, text, wangjia};

#[test]
fn a_plan_of_the_demo_is_made_shown_verified_and_adopted() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--once", "--json", "--households", "60", "--as-of", "2026-11-23"];
    let town = json(&wangjia(folder.path(), &demo));
    let plan = |args: &[&str]| wangjia(folder.path(), &[&["plan"], args, &ON_DEMO[..]].concat());

    // The demo has made one plan already; as it is in force nowhere, the next one is the same but for its number.
    assert_eq!(town["plan"]["plan"], "1", "{town}");
    let made = json(&plan(&["propose", "--as-of", "2026-11-23", "--json"]));
    assert_eq!((&made["households"], &made["covered_before"]), (&town["households"], &town["covered"]), "{made}");
    assert_eq!((&made["plan"], &made["covered_after"]), (&Value::from("2"), &town["plan"]["covered_after"]));
    assert_eq!(made["value"], made["bound"]);
    assert!(made["covered_after"].as_i64() > made["covered_before"].as_i64(), "{made}");
    for rule in made["baselines"].as_array().unwrap() {
        assert!(rule["covered_weight"].as_i64() <= made["objective"]["covered_weight"].as_i64(), "{rule}");
    }
    let shown = json(&plan(&["show", "2", "--placements", "--uncovered", "--json"]));
    assert_eq!(Some(shown["placements"].as_array().unwrap().len() as i64), made["placed"].as_i64());
    let table = plan(&["show", "2", "--lang", "en"]);
    assert!(text(&table.stdout).contains("no better plan exists"), "{}{}", text(&table.stdout), text(&table.stderr));
    assert_eq!(json(&plan(&["show", "--json"])).as_array().unwrap().len(), 2);
    assert_eq!(json(&plan(&["verify", "2", "--json"]))["verdict"], "proved");
    let left = shown["uncovered_households"].as_array().unwrap();
    assert_eq!(Some(left.len() as i64), made["uncovered"].as_i64());
    for household in left {
        assert!(
            household["class"].is_string() && household["evidence"]["sentences"][0]["zh"].is_string(),
            "{household}"
        );
    }

    let gap = |args: &[&str]| wangjia(folder.path(), &[&["gap"], args, &ON_DEMO[..]].concat());
    assert_eq!(gap(&[]).status.code(), Some(1), "no plan is in force");
    let found = json(&gap(&["2", "--json"]));
    let mut all = found["rankings"].as_array().unwrap().iter().flat_map(|ranking| ranking["best"].as_array().unwrap());
    let best = all.next().unwrap();
    assert_eq!(best["covers"].as_array().unwrap().len() as i64, best["gain"]["covered_weight"], "{found}");
    let table = gap(&["2", "--lang", "en"]);
    assert!(text(&table.stdout).contains("by covered weight per unit"), "{}", text(&table.stdout));
    let first = format!("#{}", best["covers"][0].as_str().unwrap());
    assert!(text(&table.stdout).contains(&first), "{}{}", text(&table.stdout), text(&table.stderr));

    let adopt = |expected: &str| plan(&["adopt", "2", "--expected-current", expected, "--by", "王主任", "--json"]);
    let refused = adopt("1");
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("现行计划"), "{}", text(&refused.stderr));
    let another_day = adopt("none");
    assert_eq!(another_day.status.code(), Some(1), "a plan of a past day is adopted only on request");
    let adopted = json(&plan(&[
        "adopt",
        "2",
        "--expected-current",
        "none",
        "--by",
        "王主任",
        "--accept-changed-records",
        "--json",
    ]));
    let count = |key: &str| adopted[key].as_i64().unwrap();
    assert_eq!(Some(count("recommended") + count("impossible")), made["placed"].as_i64(), "{adopted}");
    assert!(count("recommended") > 0, "{adopted}");

    let first = &shown["placements"][0];
    let (resident, posting) = (first["resident"].as_str().unwrap(), first["posting"].as_str().unwrap());
    let forbid =
        ["pins", "--add", "forbid", "--resident", resident, "--posting", posting, "--reason", "本人不愿", "--json"];
    let pins = json(&plan(&forbid));
    assert_eq!(pins[0]["kind"], "forbid");
    let next = json(&plan(&["propose", "--as-of", "2026-11-23", "--json"]));
    assert_eq!((&next["parent"], next["overrides"].as_array().unwrap().len()), (&Value::from("2"), 1));
    let table = plan(&["show", "3", "--lang", "en"]);
    assert!(text(&table.stdout).contains("fewer households covered"), "{}", text(&table.stdout));
    let diff = json(&plan(&["diff", "3", "--all", "--json"]));
    let of_first = diff.as_array().unwrap().iter().find(|row| row["resident"] == resident).unwrap();
    assert_eq!(of_first["reason"], "forbidden", "{of_first}");
    assert!(plan(&["pins", "--end", pins[0]["pin"].as_str().unwrap()]).status.success());
    assert!(json(&plan(&["pins", "--json"])).as_array().unwrap().is_empty());

    assert_eq!(plan(&["verify", "99"]).status.code(), Some(1));
    assert_eq!(plan(&["adopt", "3", "--by", "x"]).status.code(), Some(2));
    assert_eq!(plan(&["adopt", "3", "--expected-current", "soon", "--by", "x"]).status.code(), Some(2));
}

#[test]
fn the_instance_form_stands_beside_the_subcommands() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(wangjia(folder.path(), &["plan"]).status.code(), Some(2));
    assert_eq!(wangjia(folder.path(), &["plan", "--instance", "absent"]).status.code(), Some(1));
    let help = text(&wangjia(folder.path(), &["plan", "--help"]).stdout);
    for part in ["propose", "--instance", "Examples", "--expected-current"] {
        assert!(help.contains(part), "{part}: {help}");
    }
    for command in ["propose", "show", "diff", "verify", "adopt", "pins"] {
        let help = text(&wangjia(folder.path(), &["plan", command, "--help"]).stdout);
        assert!(help.contains("Example") && help.contains("--json"), "{help}");
    }
}
