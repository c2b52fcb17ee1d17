//! The program as its users call it, in a folder of its own.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Where a demo of the folder is.
pub const ON_DEMO: [&str; 4] = ["--database-url", "sqlite://wangjia-demo.db", "--key-file", "wangjia-demo.key"];

/// Runs it without any setting of the environment.
pub fn wangjia(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wangjia"))
        .args(args)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("WANGJIA_KEYS")
        .env_remove("WANGJIA_KEY_FILE")
        .output()
        .unwrap()
}

/// The program with something on its standard input.
pub fn fed(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wangjia"))
        .args(args)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("WANGJIA_KEYS")
        .env_remove("WANGJIA_KEY_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What it printed; it must have succeeded.
#[track_caller]
pub fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
