//! The commands as their users call them: exit codes, JSON keys, keys and databases that are never overwritten.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::command::{ON_DEMO, json, text, wangjia};

#[track_caller]
fn refused(output: &Output, says: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let said = text(&output.stderr);
    assert!(said.contains(says), "{said}");
}

const DEMO: [&str; 6] = ["demo", "--once", "--json", "--households", "60", "--as-of"];

fn demo(folder: &Path) -> Value {
    json(&wangjia(folder, &[&DEMO[..], &["2026-11-23"]].concat()))
}

#[test]
fn a_demo_counts_what_coverage_counts_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = demo(folder.path());
    let mut keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "covered",
            "exempt",
            "households",
            "labourers",
            "open_vacancies",
            "plan",
            "recommendations",
            "residents",
            "seconds",
            "uncovered"
        ]
    );
    let coverage = json(&wangjia(
        folder.path(),
        &[&["coverage", "--json", "--by", "channel", "--as-of", "2026-11-23"], &ON_DEMO[..]].concat(),
    ));
    for key in ["households", "covered", "uncovered", "exempt"] {
        assert_eq!(first[key], coverage[key], "{key}");
        if key != "households" {
            let sum: u64 =
                coverage["groups"].as_array().unwrap().iter().map(|group| group[key].as_u64().unwrap()).sum();
            assert_eq!(Some(sum), coverage[key].as_u64(), "the channels add up to {key}");
        }
    }
    let list = json(&wangjia(
        folder.path(),
        &[&["coverage", "--json", "--list", "uncovered", "--as-of", "2026-11-23"], &ON_DEMO[..]].concat(),
    ));
    assert_eq!(Some(list.as_array().unwrap().len() as u64), first["uncovered"].as_u64());

    let key_file = std::fs::read(folder.path().join("wangjia-demo.key")).unwrap();
    let mut second = demo(folder.path());
    second["seconds"] = first["seconds"].clone();
    assert_eq!(first, second, "the same seed, the same community");
    assert_eq!(
        std::fs::read(folder.path().join("wangjia-demo.key")).unwrap(),
        key_file,
        "a key file is never replaced"
    );
}

#[test]
fn a_demo_has_courses_before_during_and_after() {
    use diesel::prelude::*;
    use wangjia::db::schema::{courses, enrolments};
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path());
    let file = folder.path().join("wangjia-demo.db");
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let statuses: Vec<String> = courses::table.order(courses::id).select(courses::status).load(&mut conn).unwrap();
    assert_eq!(statuses, ["closed", "open", "open", "planned"]);
    let states: Vec<String> = enrolments::table.select(enrolments::state).load(&mut conn).unwrap();
    for state in ["enrolled", "attended", "passed", "failed", "dropped_out"] {
        assert!(states.iter().any(|found| found == state), "nobody {state}: {states:?}");
    }
}

#[test]
fn recommendations_of_a_pair_add_up_in_json() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path());
    let answer = json(&wangjia(
        folder.path(),
        &[&["recommend", "--posting", "1", "--top", "3", "--json", "--as-of", "2026-11-23"], &ON_DEMO[..]].concat(),
    ));
    let candidates = answer["candidates"].as_array().unwrap();
    assert!(!candidates.is_empty(), "{answer}");
    for candidate in candidates {
        let points: u64 =
            candidate["parts"].as_array().unwrap().iter().map(|part| part["points"].as_u64().unwrap()).sum();
        assert_eq!(Some(points), candidate["suitability"].as_u64());
    }
    refused(&wangjia(folder.path(), &[&["recommend", "--resident", "999999"], &ON_DEMO[..]].concat()), "没有这条记录");
}

#[test]
fn a_real_database_is_made_once_and_no_demo_takes_its_place() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    refused(&wangjia(folder.path(), &["coverage"]), "wangjia migrate");
    assert!(!folder.path().join("wangjia.db").exists(), "asking makes no database");

    let made = wangjia(folder.path(), &["migrate", "--lang", "en"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(text(&made.stderr).contains("lost"), "losing the key file is explained");
    let key_file = folder.path().join("wangjia.key");
    assert_eq!(std::fs::metadata(&key_file).unwrap().permissions().mode() & 0o777, 0o600);
    let keys = std::fs::read(&key_file).unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    assert_eq!(std::fs::read(&key_file).unwrap(), keys);

    let demo = ["demo", "--once", "--database-url", "sqlite://wangjia.db", "--key-file", "wangjia.key"];
    refused(&wangjia(folder.path(), &demo), "不是演示数据");
    assert_eq!(json(&wangjia(folder.path(), &["coverage", "--json"]))["households"], 0);
}

#[test]
fn settings_are_shown_and_set_from_a_day_on() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| wangjia(folder.path(), &[&["settings"], args].concat());
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    let of = |key: &str| {
        let all = json(&run(&["list", "--json"]));
        let values = all.as_array().unwrap().iter().filter(|row| row["key"] == key);
        values.map(|row| format!("{} {}", row["valid_from"], row["value"])).collect::<Vec<_>>()
    };
    assert_eq!(of("decent_pay"), ["\"1900-01-01\" \"2600\""]);
    assert!(of("minimum_wage_monthly_yuan").is_empty(), "no minimum wage is shipped");
    for (value, from) in [("1234", "2026-01-01"), ("2345", "2027-01-01"), ("1235", "2026-01-01")] {
        let set = run(&["set", "minimum_wage_monthly_yuan", value, "--from", from]);
        assert!(set.status.success() && text(&set.stdout).contains(value), "{}", text(&set.stderr));
    }
    assert_eq!(of("minimum_wage_monthly_yuan"), ["\"2026-01-01\" \"1235\"", "\"2027-01-01\" \"2345\""]);
    assert!(text(&run(&["list"]).stdout).contains("minimum_wage_monthly_yuan"));
    refused(&run(&["set", "minimum_wage_weekly", "1"]), "/key");
    refused(&run(&["set", "minimum_wage_monthly_yuan", "12.5"]), "/value");
    misused(&run(&["set", "decent_pay", "3000", "--from", "1.1.2026"]), "YYYY-MM-DD");
}

#[test]
fn wrong_usage_and_foreign_addresses_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(wangjia(folder.path(), &["recommend"]).status.code(), Some(2));
    assert_eq!(wangjia(folder.path(), &["coverage", "--by", "moon"]).status.code(), Some(2));
    refused(&wangjia(folder.path(), &["coverage", "--database-url", "mysql://x/y"]), "sqlite://");
    refused(&wangjia(folder.path(), &["demo", "--bind", "0.0.0.0:0"]), "0.0.0.0");
    assert!(!folder.path().join("wangjia-demo.db").exists(), "nothing is built for a server that cannot listen");
}

#[track_caller]
fn misused(output: &Output, says: &str) {
    assert_eq!(output.status.code(), Some(2), "{}{}", text(&output.stdout), text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains(says), "{said}");
}

#[test]
fn a_recommendation_names_its_people() {
    let folder = tempfile::tempdir().unwrap();
    for without in [&["--json"][..], &["--as-of", "2026-11-23"], &["--top", "3"]] {
        misused(&wangjia(folder.path(), &[&["recommend"][..], without].concat()), "--all");
    }
    misused(&wangjia(folder.path(), &["recommend", "--all", "--resident", "1"]), "--all");
}

#[test]
fn options_with_a_fault_are_wrong_usage_in_one_language() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["coverage"][..], &["recommend", "--all"], &["demo", "--once"], &["import", "x.csv"]] {
        for day in ["23.11.2026", "1899-12-31", "2200-01-01", "2026-2-3"] {
            let output = wangjia(folder.path(), &[command, &["--as-of", day]].concat());
            misused(&output, "1900 至 2199");
            assert!(!text(&output.stderr).contains("input"), "no English in a Chinese sentence");
            misused(
                &wangjia(folder.path(), &[command, &["--as-of", day, "--lang", "en"]].concat()),
                "from 1900 to 2199",
            );
        }
    }
    misused(&wangjia(folder.path(), &["coverage", "--list", "moon"]), "single_earner_risk");
    misused(&wangjia(folder.path(), &["serve", "--bind", "moon:1"]), "localhost:8080");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "no key and no database is left");
    let help = text(&wangjia(folder.path(), &["coverage", "--help"]).stdout);
    assert!(help.contains("--list <NAME>") && help.contains("to_help"), "{help}");
}

#[test]
fn the_system_s_words_are_introduced_in_the_user_s_language() {
    let folder = tempfile::tempdir().unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    refused(&wangjia(folder.path(), &["import", "nowhere.xlsx"]), "文件或目录不存在（");
    std::fs::write(folder.path().join("env.sh"), "export A=1\n").unwrap();
    let output = wangjia(folder.path(), &["import", "env.sh"]);
    refused(&output, "没有找到认识的表头");
    assert!(!text(&output.stderr).contains("/file"), "{}", text(&output.stderr));
}

/// `| head` ends the output, not the program.
#[test]
fn a_closed_pipe_is_a_quiet_end() {
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_wangjia"))
        .arg("openapi")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
}

/// Everything a command prints goes through the one writer that knows closed pipes.
#[test]
fn commands_print_through_one_writer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("output.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for writer in ["println!", "print!", "io::stdout()", "io::stderr()"] {
            assert!(!source.contains(writer), "{writer} in {}", path.display());
        }
    }
}

#[test]
fn rows_to_correct_have_a_place_before_anything_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    let rows = "户编号,姓名,与户主关系,身份证号,楼栋\nA1,王五,户主,529900198001010013,1栋\nA2,李四,户主,123,1栋\n";
    std::fs::write(folder.path().join("ledger.csv"), rows).unwrap();
    let import = |more: &[&str]| {
        wangjia(folder.path(), &[&["import", "ledger.csv", "--accept-clean-rows", "--json"][..], more].concat())
    };
    std::fs::write(folder.path().join("taken.xlsx"), "somebody's").unwrap();
    refused(&import(&["--rejected-out", "taken.xlsx"]), "未导入");
    assert_eq!(json(&wangjia(folder.path(), &["coverage", "--json"]))["households"], 0, "nothing is half done");
    let first = json(&import(&[]));
    let rejected = first["rejected"].as_u64().unwrap();
    assert!(rejected > 0, "{first}");
    assert_eq!(first["files"][0]["rejected_out"], "ledger.rejected.xlsx");
    assert_eq!(json(&import(&[]))["files"][0]["rejected_out"], "ledger.rejected-2.xlsx");
    // Where nothing comes back, nothing is left.
    std::fs::write(folder.path().join("sound.csv"), "姓名,身份证号\n").unwrap();
    drop(wangjia(folder.path(), &["import", "sound.csv", "--accept-clean-rows"]));
    assert!(!folder.path().join("sound.rejected.xlsx").exists());
}

#[test]
fn a_refusal_leaves_no_key_behind() {
    let folder = tempfile::tempdir().unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    refused(&wangjia(folder.path(), &["demo", "--once", "--database-url", "sqlite://wangjia.db"]), "");
    assert!(!folder.path().join("wangjia-demo.key").exists());
    let elsewhere = tempfile::tempdir().unwrap();
    refused(&wangjia(elsewhere.path(), &["migrate", "--database-url", "sqlite://no/such/folder/x.db"]), "");
    refused(&wangjia(elsewhere.path(), &["demo", "--once", "--as-of", "1950-01-01"]), "2000");
    assert!(std::fs::read_dir(elsewhere.path()).unwrap().next().is_none());
}

/// The server of a process, ended with the test.
struct Served(std::process::Child);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn a_server_counts_from_its_first_request() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = wangjia(folder.path(), args);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    run(&["migrate"]);
    run(&["settings", "set", "second_factor_required", "none", "--from", "2020-01-01"]);
    run(&["user", "add", "watcher", "--name", "值守", "--role", "administrator", "--role", "counselor"]);
    let said = run(&["token", "add", "watcher", "--label", "test"]);
    let token = said.split_whitespace().find(|word| word.starts_with("wjt_")).unwrap().to_owned();
    let mut server = Served(
        Command::new(env!("CARGO_BIN_EXE_wangjia"))
            .args(["serve", "--bind", "localhost:0"])
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(server.0.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("http://")).unwrap();
    let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let reader = std::thread::spawn(move || lines.count());
    let get = |path: &str| {
        let call = ureq::get(format!("http://{address}{path}")).header("authorization", format!("Bearer {token}"));
        let mut response = call.call().unwrap();
        response.body_mut().read_to_string().unwrap()
    };
    get("/api/v1/employers");
    let metrics = get("/metrics");
    let counted = r#"http_requests_total{method="GET",route="/api/v1/employers",status="200"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
    assert!(
        metrics.contains(r#"http_request_duration_seconds_count{method="GET",route="/api/v1/employers"} 1"#),
        "{metrics}"
    );
    drop(server);
    reader.join().unwrap();
}

#[test]
fn names_are_matched_and_a_faulty_classification_is_refused_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| wangjia(folder.path(), args);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    assert!(run(&["migrate"]).status.success());
    write("bad.csv", "code,name,definition\n1,织布工,织布\n1,电工,接线\n,焊工,焊接\n");
    refused(&run(&["occupations", "load", "bad.csv"]), "bad.csv:3: 代码与第 2 行相同");
    refused(&run(&["occupations", "load", "bad.csv", "--lang", "en"]), "bad.csv:4: `code` is empty");
    refused(&run(&["occupations", "load", "absent.csv"]), "absent.csv");
    assert_eq!(json(&run(&["occupations", "show", "--json"])), serde_json::json!({"rows": 0, "defined": 0}));

    write(
        "good.csv",
        "level,code,name,definition\n4,1-1,织布工,看管喷气织机等织机挡车，巡回看台，把经纱和纬纱织造成布匹，用于纺织\n4,1-2,收银员,收取货款\n",
    );
    let counts = |added: u64, unchanged: u64| serde_json::json!({"added": added, "changed": 0, "removed": 0, "unchanged": unchanged});
    assert_eq!(json(&run(&["occupations", "load", "good.csv", "--json"])), counts(2, 0));
    assert_eq!(json(&run(&["occupations", "load", "good.csv", "--json"])), counts(0, 2));

    write("names.txt", "\u{feff}巡回看台\n\n星际领航\n");
    let found = json(&run(&["match-names", "平车", "--file", "names.txt", "--json"]));
    let names: Vec<_> = found.as_array().unwrap().iter().map(|name| name["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["平车", "巡回看台", "星际领航"]);
    assert_eq!((&found[0]["skill"]["code"], &found[0]["skill"]["step"]), (&"flat_seam".into(), &"alias".into()));
    assert_eq!((&found[1]["skill"], &found[1]["nearest"][0]["step"]), (&Value::Null, &"meaning".into()));
    assert_eq!(found[1]["nearest"][0]["code"], "weaving");
    assert_eq!(found[2]["nearest"], serde_json::json!([]));
    let table = text(&run(&["match-names", "巡回看台", "星际领航"]).stdout);
    assert!(table.contains("含义相近") && table.contains("（未识别）"), "{table}");
    assert!(run(&["match-names", "--unmapped"]).status.success());
    assert_eq!(run(&["match-names"]).status.code(), Some(2));
}
