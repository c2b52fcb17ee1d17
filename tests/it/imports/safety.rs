//! What must never happen: a half import, personal data in the clear, two imports at once that disagree.

use std::process::{Command, Stdio};
use std::time::Duration;

use wangjia::app::error::AppError;
use wangjia::app::imports::{File, import_file, import_guarded};

use super::{counts, fingerprint, import, number, options, prepared, rows};
use crate::ledger::{V, id, xlsx};
use crate::row;
use crate::support::{TestDb, on_both};

fn ledger(n: u16) -> Vec<Vec<V>> {
    let mut all = vec![row![
        "户编号",
        "姓名",
        "与户主关系",
        "身份证号",
        "楼栋",
        "联系电话",
        "技能特长",
        "就业单位",
        "起始时间",
        "自定义"
    ]];
    for i in 0..n {
        let person = id(1960 + i32::from(i / 900), 1, 1, i % 900);
        all.push(row![
            format!("A{i}"),
            "王五",
            "户主",
            person,
            "1栋",
            "13987654321",
            "平缝3年、绝世武功",
            "某厂",
            "2026-03-01",
            "悄悄话"
        ]);
    }
    all
}

/// The guard is asked last: what it refuses is not there, and it sees what would be.
fn a_guard_has_the_last_word(test: &TestDb) {
    prepared(test);
    let before = fingerprint(test);
    let bytes = xlsx(&[("S", ledger(3))]);
    let mut seen = 0;
    let refused =
        import_guarded(&test.db, &File::plain("a.xlsx", &bytes), &options(), &mut |_, _| Ok(()), &mut |conn| {
            seen = wangjia::db::residents::all(conn)?.len();
            Err(AppError::Cancelled)
        });
    assert!(matches!(refused, Err(AppError::Cancelled)));
    assert!(seen > 0);
    assert_eq!((fingerprint(test), rows(test, "import_batches")), (before, 0));
}

/// Whatever step the import is stopped at, nothing of it is there, and the whole of it can follow.
fn stopping_at_any_step_leaves_nothing(test: &TestDb) {
    prepared(test);
    let before = fingerprint(test);
    let bytes = xlsx(&[("S", ledger(40))]);
    let mut steps = 0;
    import_file(
        &test.db,
        &bytes,
        "a.xlsx",
        &wangjia::app::imports::ImportOptions { dry_run: true, ..options() },
        &mut |_, _| Ok(()),
    )
    .unwrap();
    for stop_at in 0..40 {
        let mut step = 0;
        let result = import_file(&test.db, &bytes, "a.xlsx", &options(), &mut |percent, _| {
            step += 1;
            // The last two steps come after the commit.
            if step > stop_at && percent < 98 { Err(AppError::Cancelled) } else { Ok(()) }
        });
        match result {
            Err(AppError::Cancelled) => {
                assert_eq!(fingerprint(test), before, "stopped at step {stop_at}");
                assert_eq!(rows(test, "import_batches"), 0);
                steps += 1;
            }
            Ok(report) => {
                assert_eq!(counts(&report), (40, 0, 0, 0));
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(steps >= 8, "the import reports its steps: {steps}");
    assert_eq!(rows(test, "residents"), 40);
}

/// No column of any table holds an ID number, a phone or a note as text or bytes.
fn nothing_personal_is_stored_in_the_clear(test: &TestDb) {
    prepared(test);
    import(test, ledger(3));
    let mut bad = ledger(1);
    bad[1][3] = "529900198001010019".into();
    bad[1][1] = "欧阳某".into();
    let report = import(test, bad);
    assert_eq!(counts(&report), (0, 0, 0, 1));
    let Some(path) = test.file() else {
        // The same rows go to PostgreSQL through the same code; its files are not ours to read.
        for column in ["id_number_cipher", "phone_cipher", "note_cipher"] {
            assert_eq!(
                number(
                    test,
                    &format!("SELECT count(*) AS n FROM residents WHERE encode({column}, 'escape') LIKE '%1398%'")
                ),
                0
            );
        }
        return;
    };
    test.read(|_| Ok(()));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
    let holds = |secret: &str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(holds("某厂"), "the search works");
    for secret in [&id(1960, 1, 1, 0), &id(1960, 1, 1, 1), "529900198001010019", "13987654321", "悄悄话", "欧阳某"]
    {
        assert!(!holds(secret), "{secret}");
    }
}

on_both!(a_guard_has_the_last_word, stopping_at_any_step_leaves_nothing, nothing_personal_is_stored_in_the_clear);

/// The program itself, killed while it writes: all or nothing, and the file imports afterwards.
#[test]
fn a_killed_import_leaves_nothing_half_done() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.xlsx");
    std::fs::write(&file, xlsx(&[("S", ledger(3_000))])).unwrap();
    let command = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wangjia"));
        command.args(arguments).current_dir(dir.path()).env_remove("WANGJIA_KEYS").env_remove("DATABASE_URL");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    assert!(command(&["migrate"]).output().unwrap().status.success());
    let people = || {
        let output = command(&["coverage", "--json"]).output().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        json["households"].as_u64().unwrap()
    };
    let mut killed = 0;
    for wait in [30u64, 60, 120, 250, 500, 900, 1_500, 2_500] {
        let mut child = command(&["import", "ledger.xlsx", "--as-of", "2026-11-01"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let n = people();
        assert!(n == 0 || n == 3_000, "{n} households after a kill at {wait} ms");
        if n == 3_000 {
            break;
        }
    }
    assert!(killed > 0, "at least one import was killed");
    let output = command(&["import", "ledger.xlsx", "--as-of", "2026-11-01", "--json"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["created"].as_u64().unwrap() + json["unchanged"].as_u64().unwrap(), 3_000, "{json}");
    assert_eq!(people(), 3_000);
}

/// Exit codes and answers of the commands.
#[test]
fn the_commands_answer_programs() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wangjia"));
        command.args(arguments).current_dir(dir.path()).env_remove("WANGJIA_KEYS").env_remove("DATABASE_URL");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["import"]).0, Some(2));
    assert_eq!(run(&["migrate"]).0, Some(0));
    assert_eq!(run(&["template", "labour-ledger"]).0, Some(0));
    assert_eq!(run(&["template", "labour-ledger"]).0, Some(1), "nothing is overwritten");
    assert_eq!(run(&["template", "postings", "--out", "岗位.xlsx"]).0, Some(0));
    let (code, out, _) = run(&["import", "labour-ledger.xlsx", "岗位.xlsx", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, json["created"].as_u64(), json["rejected"].as_u64()), (Some(0), Some(0), Some(0)));
    assert_eq!(json["findings"][0]["code"], "example_row");

    let mut bad = ledger(2);
    bad[1][3] = "1".into();
    std::fs::write(dir.path().join("bad.xlsx"), xlsx(&[("S", bad)])).unwrap();
    let (code, out, _) = run(&["import", "bad.xlsx", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, json["stopped"].as_bool(), json["rejected"].as_u64()), (Some(1), Some(true), Some(1)));
    let (code, out, _) = run(&["import", "bad.xlsx", "--accept-clean-rows", "--lang", "en"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("1 rows created") && out.contains("bad.rejected.xlsx"), "{out}");
    assert!(dir.path().join("bad.rejected.xlsx").is_file());

    std::fs::write(dir.path().join("fake.xlsx"), b"%PDF-1.7").unwrap();
    let (code, _, err) = run(&["import", "fake.xlsx"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("文件内容不是表格"), "{err}");
    assert_eq!(run(&["import", "missing.xlsx"]).0, Some(1));
    assert_eq!(run(&["import", "bad.xlsx", "--as-of", "gestern"]).0, Some(2));
}
