//! Accounts from the command line: no password on it, one printed once.

use std::process::Output;

use serde_json::Value;

use super::support::*;
use crate::support::command::{fed, json, text, wangjia};

#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn refused(output: &Output, says: &str) {
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert!(said.contains(says), "{said}");
}

#[test]
fn accounts_and_tokens_are_made_scoped_and_ended() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| fed(folder.path(), args, "");
    done(&run(&["migrate"]));
    // Without a terminal a password is made and printed once.
    let made = done(&run(&["user", "add", "Wu.Zhuren", "--name", "吴主任", "--role", "administrator"]));
    assert!(made.contains("wu.zhuren") && made.contains("首次登录须更换"), "{made}");
    let weak = ["user", "add", "yang", "--name", "杨秀英", "--role", "auditor", "--password-stdin"];
    refused(&fed(folder.path(), &weak, "passwordpassword\n"), "容易被猜到");
    refused(&fed(folder.path(), &weak, "yang yang yang\n"), "密码不能含");
    let strong = done(&fed(folder.path(), &weak, &format!("{PASSWORD}\n")));
    assert!(!strong.contains(PASSWORD) && !strong.contains("初始密码"), "{strong}");

    for (role, says) in [
        ("king", "--role king"),
        ("auditor:area=1", "--role auditor:area=1"),
        ("counselor:area=无此社区/第一网格", "没有“无此社区/第一网格”"),
        ("hr:employer=无此企业", "没有“无此企业”"),
    ] {
        refused(&run(&["user", "scope", "yang", "--role", role]), says);
    }
    refused(&run(&["user", "disable", "nobody"]), "没有这条记录");
    refused(&run(&["user", "disable", "wu.zhuren"]), "最后一个可用的管理员");
    done(&run(&["user", "scope", "yang", "--role", "administrator", "--role", "auditor"]));
    done(&run(&["user", "disable", "wu.zhuren"]));
    let listed = json(&run(&["user", "list", "--json"]));
    let state = |listed: &Value, n: usize| (listed[n]["login"].clone(), listed[n]["disabled_at"].is_string());
    assert_eq!(state(&listed, 0), ("wu.zhuren".into(), true));
    assert_eq!(state(&listed, 1), ("yang".into(), false));
    assert_eq!(listed[1]["roles"].as_array().unwrap().len(), 2);
    refused(&run(&["user", "reset", "wu.zhuren"]), "已停用");
    refused(&run(&["token", "add", "wu.zhuren", "--label", "导出"]), "已停用");
    done(&run(&["user", "enable", "wu.zhuren"]));
    let secret = done(&run(&["user", "reset", "yang"]));
    assert_eq!(secret.lines().nth(1).unwrap().len(), 34, "{secret}");
    assert!(!json(&run(&["user", "list", "--json"]))[1]["has_password"].as_bool().unwrap());

    let token = run(&["token", "add", "yang", "--label", "每晚导出", "--days", "30"]);
    assert!(done(&token).starts_with("wjt_"));
    let tokens = json(&run(&["token", "list", "yang", "--json"]));
    assert_eq!((tokens.as_array().unwrap().len(), tokens[0]["label"].as_str()), (1, Some("每晚导出")));
    let id = tokens[0]["id"].as_str().unwrap();
    refused(&run(&["token", "revoke", "wu.zhuren", id]), "没有这条记录");
    done(&run(&["token", "revoke", "yang", id]));
    assert_eq!(json(&run(&["token", "list", "yang", "--json"])), Value::Array(vec![]));
}

#[test]
fn a_demo_has_an_account_of_each_role() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--once", "--households", "200"];
    let shown = done(&wangjia(folder.path(), &demo));
    let on_demo = |args: &[&str]| {
        let args: Vec<&str> = args.iter().chain(&crate::support::command::ON_DEMO).copied().collect();
        fed(folder.path(), &args, "")
    };
    let listed = json(&on_demo(&["user", "list", "--json"]));
    let roles: Vec<_> = listed.as_array().unwrap().iter().map(|account| account["roles"][0].clone()).collect();
    let codes: Vec<_> = roles.iter().map(|role| role["role"].as_str().unwrap()).collect();
    assert_eq!(codes, ["counselor", "hr", "official", "administrator", "auditor"]);
    assert!(roles[..3].iter().all(|role| role["place"].as_str().is_some_and(|place| shown.contains(place))));
    for login in ["counselor", "factory-hr", "official", "admin", "auditor"] {
        assert!(shown.contains(login), "{login}");
    }
    // A script gets figures and no passwords.
    let figures = text(&wangjia(folder.path(), &[&demo[..], &["--json"]].concat()).stdout);
    assert!(!figures.contains("admin") && !figures.contains("password"), "{figures}");
}
