//! The table of every user × operation × object, reviewed as a diff; and that what is not yours is what does not exist.

use std::fmt::Write as _;

use wangjia::api::operations::Operation;

use super::world::{ABSENT, User, World, operations};
use crate::api::app::Answer;
use crate::support::{TestDb, on_both};

on_both!(everybody_gets_what_the_table_says);

const TABLE: &str = include_str!("../golden/access.txt");

const HEAD: &str = "\
# Who may call what. One line for each operation, one column for each user.
# A column holds one sign for an operation without a record in its path; else three: for a record of grid 1 or company A, for
# one of grid 2 or company B, and for one that does not exist.
#   + let in (the handler answers: done, invalid, not there)   4 not there (404)   3 never (403)   r reason missing (403)
#   1 sign in first (401)
# Written by: WANGJIA_UPDATE_GOLDEN=1 tests/with-postgres cargo test --test it -- access::golden
";

fn everybody_gets_what_the_table_says(db: &TestDb) {
    let world = World::new(db);
    let mut table = HEAD.to_owned();
    for (n, user) in world.users.iter().enumerate() {
        writeln!(table, "# {}: {}", char::from(b'A' + u8::try_from(n).unwrap()), user.name).unwrap();
    }
    let letters: Vec<String> =
        (0..world.users.len()).map(|n| format!("{:3}", char::from(b'A' + u8::try_from(n).unwrap()))).collect();
    writeln!(table, "{:36} {}", "", letters.join(" ").trim_end()).unwrap();
    for (method, path, id) in operations() {
        let operation = Operation::find(&id).unwrap();
        let mut line = format!("{id:36}");
        for user in &world.users {
            let signs: String = match operation.target {
                None => sign(&call(&world, user, &method, &path)).to_string(),
                Some(kind) => {
                    let [first, second] = world.pair(kind, &path);
                    let answers = [first.as_str(), second.as_str(), ABSENT]
                        .map(|id| call(&world, user, &method, &path.replace("{id}", id)));
                    foreign_is_absent(&answers, user, &id);
                    answers.iter().map(sign).collect()
                }
            };
            write!(line, " {signs:3}").unwrap();
        }
        writeln!(table, "{}", line.trim_end()).unwrap();
    }
    if std::env::var_os("WANGJIA_UPDATE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden/access.txt"), &table).unwrap();
        return;
    }
    for (expected, found) in TABLE.lines().zip(table.lines()) {
        assert_eq!(expected, found, "the table of authorization has changed; review it, then WANGJIA_UPDATE_GOLDEN=1");
    }
    assert_eq!(TABLE.lines().count(), table.lines().count());
}

/// A body that no operation accepts, so that being let in changes nothing.
fn call(world: &World, user: &User, method: &str, path: &str) -> Answer {
    let mut call = world.app.anonymous(method, path);
    if let Some(token) = &user.token {
        call = call.header("authorization", &format!("Bearer {token}"));
    }
    if let Some(reason) = user.reason {
        call = call.header("x-access-reason", &super::percent(reason));
    }
    if method != "GET" {
        call = call.body("application/json", b"{\"no_such_field\": 1}");
    }
    call.send()
}

fn sign(answer: &Answer) -> char {
    match (answer.status, answer.body["code"].as_str()) {
        (401, _) => '1',
        (403, Some("not_allowed")) => '3',
        (403, Some("reason_required")) => 'r',
        (404, Some("not_found")) => '4',
        (200..=299 | 400 | 409 | 412 | 415 | 422 | 428, _) => '+',
        (status, code) => panic!("{status} {code:?}"),
    }
}

/// Whether the connection is kept depends on how much of the body had come; all else must be alike.
/// Status, headers and body of a refused record are those of a record that does not exist; only the request's id differs.
fn foreign_is_absent(answers: &[Answer; 3], user: &User, operation: &str) {
    let plain = |answer: &Answer| {
        let id = answer.header("x-request-id");
        let body = String::from_utf8_lossy(&answer.bytes).replace(&id, "-");
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .filter(|(name, _)| !["x-request-id", "date", "connection"].contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        (answer.status, headers, body)
    };
    let [first, second, absent] = answers;
    for answer in [first, second] {
        if answer.status == 404 {
            assert_eq!(plain(answer), plain(absent), "{} {operation}", user.name);
        }
    }
}
