//! `wangjia generate` as its users call it.

use std::path::Path;
use std::process::{Command, Output};

use wangjia::town::FILES;

fn generate(out: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wangjia"))
        .args(["generate", "--out"])
        .arg(out)
        .args(options)
        .env_remove("WANGJIA_LANG")
        .output()
        .unwrap()
}

#[test]
fn it_writes_says_so_and_overwrites_only_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("town");
    let plan = ["--seed", "5", "--households", "30", "--as-of", "2026-11-23"];
    let first = generate(&out, &plan);
    assert!(first.status.success(), "{first:?}");
    let said = String::from_utf8(first.stdout).unwrap();
    assert!(said.contains("30户、130人、7个岗位"), "{said}");
    let bytes = |file: &str| std::fs::read(out.join(file)).unwrap();
    let written = FILES.map(bytes);

    let again = generate(&out, &[&plan[..], &["--lang", "en"]].concat());
    assert_eq!(again.status.code(), Some(1));
    let refused = String::from_utf8(again.stderr).unwrap();
    assert!(refused.contains("exists and was not overwritten"), "{refused}");

    std::fs::write(out.join(FILES[1]), "changed").unwrap();
    assert!(generate(&out, &[&plan[..], &["--force"]].concat()).status.success());
    assert_eq!(FILES.map(bytes), written, "the same options write the same bytes");
}

#[test]
fn plans_out_of_range_are_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    for options in
        [&["--seed", "1", "--households", "0"][..], &["--seed", "1", "--postings", "6"], &["--households", "9"]]
    {
        assert_eq!(generate(dir.path(), options).status.code(), Some(2), "{options:?}");
    }
    let day = generate(dir.path(), &["--seed", "1", "--households", "9", "--as-of", "1969-07-20"]);
    assert_eq!(day.status.code(), Some(1));
    assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none());
}
