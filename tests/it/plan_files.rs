//! `plan --instance` and `verify --instance` as a stranger with own scores calls them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const HOUSEHOLDS: &str = "household,weight,limit\nh1,1,\nh2,2,1\nh3,0,\n";
const RESIDENTS: &str = "resident,household\nr1,h1\nr2,h1\nr3,h2\nr4,h3\n";
const POSTINGS: &str = "posting,vacancies\np1,1\np2,1\np3,0\n";
const PAIRS: &str = "resident,posting,suitability\nr1,p1,900\nr2,p2,100\nr3,p1,50\nr4,p1,1000000\nr4,p2,7\nr1,p3,5\n";

fn town(folder: &Path) {
    for (file, text) in
        [("households.csv", HOUSEHOLDS), ("residents.csv", RESIDENTS), ("postings.csv", POSTINGS), ("pairs.csv", PAIRS)]
    {
        fs::write(folder.join(file), text).unwrap();
    }
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wangjia")).args(args).current_dir(folder).output().unwrap()
}

fn solve(folder: &Path) -> Value {
    let output = run(folder, &["plan", "--instance", ".", "--json", "--out", "plan.json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let written: Value = serde_json::from_slice(&fs::read(folder.join("plan.json")).unwrap()).unwrap();
    assert_eq!(printed, written);
    printed
}

#[test]
fn a_plan_covers_households_before_it_counts_points_and_proves_itself() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    let plan = solve(folder.path());
    assert_eq!(plan["objective"], json!({"covered_weight": 3, "suitability": 150, "placed": 2}));
    assert_eq!(plan["placements"], json!([{"resident": "r2", "posting": "p2"}, {"resident": "r3", "posting": "p1"}]));
    let (fold, value) = (plan["fold"].as_i64().unwrap(), plan["value"].as_i64().unwrap());
    assert_eq!(value, fold * 3 + 150);
    assert_eq!(plan["bound"], plan["value"]);
    for key in ["read", "solve", "verify"] {
        assert!(plan["seconds"][key].is_f64());
    }
    assert!(plan["peak_rss_bytes"].is_u64() && plan["engine"].is_string() && plan["prices"].is_object());
    let output = run(folder.path(), &["verify", "--instance", ".", "--plan", "plan.json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn pins_and_forbidden_pairs_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    fs::write(folder.path().join("pins.csv"), "resident,posting,decision\nr4,p1,pin\nr2,p2,forbid\n").unwrap();
    let plan = solve(folder.path());
    assert_eq!(plan["objective"], json!({"covered_weight": 0, "suitability": 1_000_000, "placed": 1}));
    assert_eq!(plan["bound"], plan["value"]);
    let output = run(folder.path(), &["verify", "--instance", ".", "--plan", "plan.json", "--json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["verified"], json!(true));

    fs::write(folder.path().join("pins.csv"), "resident,posting,decision\nr3,p2,pin\n").unwrap();
    let output = run(folder.path(), &["plan", "--instance", ".", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("pins.csv, line 2") && said.contains("r3 cannot be pinned to p2"), "{said}");
}

#[test]
fn a_damaged_plan_is_refused_with_the_condition_it_violates() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    let good = solve(folder.path());
    let damaged = |change: &dyn Fn(&mut Value), code: &str| {
        let mut plan = good.clone();
        change(&mut plan);
        fs::write(folder.path().join("bad.json"), plan.to_string()).unwrap();
        let output = run(folder.path(), &["verify", "--instance", ".", "--plan", "bad.json", "--json"]);
        assert_eq!(output.status.code(), Some(1), "{code}");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&said["verified"], &said["code"]), (&json!(false), &json!(code)), "{said}");
        let output = run(folder.path(), &["verify", "--instance", ".", "--plan", "bad.json"]);
        assert_eq!(output.status.code(), Some(1), "{code}");
        assert!(!output.stderr.is_empty());
    };
    damaged(&|plan| plan["placements"][0]["posting"] = json!("p1"), "not_eligible");
    damaged(&|plan| plan["placements"][1] = plan["placements"][0].clone(), "placed_twice");
    damaged(&|plan| plan["placements"][1] = json!({"resident": "r1", "posting": "p3"}), "over_vacancies");
    damaged(&|plan| drop(plan["placements"].as_array_mut().unwrap().pop()), "wrong_objective");
    damaged(&|plan| plan["prices"]["p1"] = json!(-1), "negative_price");
    damaged(&|plan| plan["prices"] = json!({}), "not_proved");
    damaged(&|plan| plan["fold"] = json!(1), "rewards_too_small");
    damaged(&|plan| plan["bound"] = json!(1), "malformed");
    damaged(&|plan| plan["placements"][0]["resident"] = json!("nobody"), "malformed");
    damaged(&|plan| *plan = json!({"placements": []}), "malformed");
}

#[test]
fn a_malformed_file_is_refused_with_file_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |file: &str, text: &str, says: &str| {
        town(folder.path());
        fs::write(folder.path().join(file), text).unwrap();
        for lang in ["en", "zh"] {
            let output = run(folder.path(), &["plan", "--instance", ".", "--lang", lang, "--out", "none.json"]);
            assert_eq!(output.status.code(), Some(1), "{file}: {text}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(said.contains(file), "{said}");
            if lang == "en" {
                assert!(said.contains(says), "{said}");
            }
        }
        assert!(!folder.path().join("none.json").exists());
    };
    refused("households.csv", "household,weight\nh1,1\n", "households.csv, line 1: the header row has no column limit");
    refused("households.csv", "household,weight,limit\nh1,-1,\n", "line 2: weight should be a whole number");
    refused("households.csv", "household,weight,limit\nh1,1,\nh1,1,\n", "line 3: h1 is listed twice");
    refused("residents.csv", "resident,household\nr1,h9\n", "residents.csv, line 2: households.csv does not list h9");
    refused("residents.csv", "resident,household\nr1,h1,x\n", "line 2: the row has 3 columns, the header row 2");
    refused("postings.csv", "posting,vacancies\np1,many\n", "line 2: vacancies should be a whole number");
    refused(
        "pairs.csv",
        "resident,posting,suitability\nr1,p1,1000001\n",
        "line 2: suitability should be a whole number",
    );
    refused(
        "pairs.csv",
        "resident,posting,suitability\nr1,p1,1\n\nr1,p2,1\n\nr1,p1,2\n",
        "line 6: r1 and p1 are listed twice",
    );
    refused("pairs.csv", "resident,posting,suitability\nr1,,1\n", "line 2: posting is empty");
    refused("pins.csv", "resident,posting,decision\nr1,p1,perhaps\n", "pins.csv, line 2: this should be pin or forbid");
    #[cfg(unix)]
    {
        // A link to nothing is not the same as no decisions: the plan would ignore what somebody decided.
        town(folder.path());
        let pins = folder.path().join("pins.csv");
        fs::remove_file(&pins).unwrap();
        std::os::unix::fs::symlink("moved-away.csv", &pins).unwrap();
        let output = run(folder.path(), &["plan", "--instance", ".", "--lang", "en"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("pins.csv: cannot be opened"));
        fs::remove_file(&pins).unwrap();
        fs::create_dir(&pins).unwrap();
        let output = run(folder.path(), &["plan", "--instance", ".", "--lang", "en"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("pins.csv"));
        fs::remove_dir(&pins).unwrap();
    }
    refused("pins.csv", "resident,posting\nr1,p1\n", "pins.csv, line 1: the column of pin or forbid is missing");
    fs::remove_file(folder.path().join("pins.csv")).unwrap();
    fs::remove_file(folder.path().join("pairs.csv")).unwrap();
    let output = run(folder.path(), &["plan", "--instance", ".", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("pairs.csv: cannot be opened"));
}

#[test]
fn people_read_the_plan_and_the_places_worth_most() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path());
    let said = |lang: &str| {
        let output = run(folder.path(), &["plan", "--instance", ".", "--lang", lang]);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let zh = said("zh");
    assert!(zh.contains("覆盖权重") && zh.contains("再多一个空缺"), "{zh}");
    // h2 weighs 2: a place for it is worth that weight, not two households.
    let en = said("en");
    assert!(en.contains("covered weight") && !en.contains("households"), "{en}");
}
