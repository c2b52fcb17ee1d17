//! People with accounts, and a clock that stands still.

use std::net::IpAddr;

use chrono::{NaiveDateTime, TimeDelta};
use wangjia::app::access::{Caller, Grant};
use wangjia::app::accounts::passwords::{self, Password};
use wangjia::app::accounts::sessions::{self, Opened};
use wangjia::app::accounts::sign_in::{self, Ended, SignIn, Typed};
use wangjia::app::accounts::{self, Account, Initial, NewAccount};
use wangjia::app::error::AppError;
use wangjia::app::{Connection, setup};
use wangjia::domain::access::{Login, Role};

use crate::support::TestDb;

/// Nobody's; long, and on no list.
pub const PASSWORD: &str = "eleven blue herons at noon";
pub const OTHER_PASSWORD: &str = "seven slow tractors climb the ridge";

pub fn noon() -> NaiveDateTime {
    "2026-11-23T04:00:00".parse().unwrap()
}

pub fn after(minutes: i64) -> NaiveDateTime {
    noon() + TimeDelta::minutes(minutes)
}

pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

pub const ADMINISTRATOR: Grant = Grant { role: Role::Administrator, area: None, employer: None };
pub const AUDITOR: Grant = Grant { role: Role::Auditor, area: None, employer: None };

/// Writes that must succeed.
#[track_caller]
pub fn write<T>(test: &TestDb, f: impl FnMut(&mut Connection) -> Result<T, AppError>) -> T {
    test.db.write(f).unwrap()
}

/// An account with [`PASSWORD`], in a database that is ready for use.
#[track_caller]
pub fn account(test: &TestDb, login: &str, grants: &[Grant]) -> Account {
    setup::migrate(&test.db).unwrap();
    let initial = Initial { hash: passwords::hash(&password(PASSWORD)).unwrap(), is_temporary: false };
    let new =
        NewAccount { login: Login::parse(login).unwrap(), display_name: "杨秀英".into(), grants: grants.to_vec() };
    write(test, |conn| accounts::create(conn, &new, Some(&initial), noon()))
}

pub fn typed(login: &str, text: &str, code: Option<&str>) -> Typed {
    Typed { login: login.into(), password: Password::new(text), code: code.map(str::to_owned) }
}

/// A sign-in as the server does it: admit, check, open, settle.
pub fn sign_in(
    test: &TestDb,
    door: &SignIn,
    typed: &Typed,
    from: &str,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    let attempt = door.admit(&typed.login, ip(from), now)?;
    let opened = sign_in::check(&test.db, typed, now)
        .and_then(|checked| test.db.write(|conn| sign_in::open(conn, test.db.keys(), &checked, None, "Firefox", now)));
    door.settle(attempt, Ended::of(&opened));
    opened
}

#[track_caller]
pub fn signed_in(test: &TestDb, login: &str, now: NaiveDateTime) -> Opened {
    sign_in(test, &SignIn::default(), &typed(login, PASSWORD, None), "192.0.2.1", now).unwrap()
}

/// Who sends a token at a time.
#[track_caller]
pub fn caller(test: &TestDb, opened: &Opened, now: NaiveDateTime) -> Option<Caller> {
    let keys = test.db.keys();
    test.db.read(|conn| sessions::authenticate(conn, keys, opened.token.reveal(), now)).unwrap()
}

/// The pointer and code of the one fault of a refused request.
#[track_caller]
pub fn fault<T: std::fmt::Debug>(result: Result<T, AppError>) -> (String, String) {
    match result {
        Err(AppError::Invalid(faults)) => (faults[0].pointer.clone(), faults[0].code.to_string()),
        other => panic!("{other:?}"),
    }
}
