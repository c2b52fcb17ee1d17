//! Who gets in: throttling, equal answers, no fixation.

use wangjia::app::accounts::passwords;
use wangjia::app::accounts::sign_in::{self, Ended, SignIn, WAITING};
use wangjia::app::accounts::{self, Initial, NewAccount};
use wangjia::app::error::AppError;
use wangjia::db::accounts as rows;
use wangjia::domain::access::Login;

use super::support::*;
use crate::support::{TestDb, on_both};

on_both!(
    the_right_password_signs_in_under_any_form_of_the_login,
    whoever_cannot_sign_in_gets_one_answer,
    a_thousand_wrong_passwords_do_not_lock_the_owner_out,
    a_session_planted_before_sign_in_is_worth_nothing,
    a_weak_hash_is_replaced_at_sign_in,
    a_given_password_must_be_replaced_and_does_not_last,
    an_account_that_changes_during_the_check_is_not_signed_in,
);

fn the_right_password_signs_in_under_any_form_of_the_login(test: &TestDb) {
    account(test, "zhang.wei", &[AUDITOR]);
    for login in ["zhang.wei", "Zhang.Wei", "ＺＨＡＮＧ.wei"] {
        let opened = signed_in(test, login, noon());
        let caller = caller(test, &opened, noon()).unwrap();
        assert_eq!((caller.name.as_str(), caller.grants.as_slice()), ("zhang.wei", &[AUDITOR][..]));
        assert!(!caller.must_change_password && !caller.must_set_up_second_factor && !caller.second_factor);
    }
    let again = NewAccount { login: Login::parse("ZHANG.WEI").unwrap(), display_name: "张伟".into(), grants: vec![] };
    let taken = test.db.write(|conn| accounts::create(conn, &again, None, noon()));
    assert!(matches!(taken, Err(AppError::Refused(..))), "{taken:?}");
}

fn whoever_cannot_sign_in_gets_one_answer(test: &TestDb) {
    account(test, "boss", &[ADMINISTRATOR]);
    let gone = account(test, "gone", &[AUDITOR]);
    write(test, |conn| accounts::disable(conn, gone.id, gone.version, noon()));
    let bare = NewAccount { login: Login::parse("bare").unwrap(), display_name: "空".into(), grants: vec![] };
    write(test, |conn| accounts::create(conn, &bare, None, noon()));
    let long = "x".repeat(100_000);
    for (login, text) in [
        ("boss", "not the password"),
        ("boss", ""),
        ("boss", long.as_str()),
        ("gone", PASSWORD),
        ("bare", PASSWORD),
        ("bare", ""),
        ("nobody", PASSWORD),
        ("no such login!", PASSWORD),
        (long.as_str(), PASSWORD),
    ] {
        let refused = sign_in(test, &SignIn::default(), &typed(login, text, None), "192.0.2.1", noon());
        assert!(matches!(refused, Err(AppError::SignInRefused)), "{refused:?}");
    }
}

fn a_thousand_wrong_passwords_do_not_lock_the_owner_out(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let door = SignIn::default();
    let mut looked_at = 0;
    for second in 0..1_000 {
        let now = noon() + chrono::TimeDelta::seconds(second);
        // What is let in is refused by the check, which is tested beside this; a thousand hashes would tell no more.
        match door.admit("owner", ip("203.0.113.5"), now) {
            Ok(attempt) => {
                looked_at += 1;
                door.settle(attempt, Ended::Failed);
            }
            Err(error) => assert!(matches!(error, AppError::TooManyAttempts)),
        }
    }
    assert_eq!(looked_at, 10 + 16, "ten at once, then one a minute");
    let now = noon() + chrono::TimeDelta::seconds(1_000);
    let right = typed("owner", PASSWORD, None);
    let there = sign_in(test, &door, &right, "203.0.113.5", now);
    assert!(matches!(there, Err(AppError::TooManyAttempts)), "the right password is not looked at there: {there:?}");
    sign_in(test, &door, &right, "198.51.100.1", now).expect("the owner elsewhere");
    // What was not looked at does not count: a busy database locks nobody out.
    for _ in 0..50 {
        let attempt = door.admit("owner", ip("198.51.100.1"), now).unwrap();
        door.settle(attempt, Ended::NotLookedAt);
    }
}

fn a_session_planted_before_sign_in_is_worth_nothing(test: &TestDb) {
    account(test, "thief", &[AUDITOR]);
    account(test, "owner", &[AUDITOR]);
    let planted = signed_in(test, "thief", noon());
    let checked = sign_in::check(&test.db, &typed("owner", PASSWORD, None), noon()).unwrap();
    let came_with = Some(planted.token.reveal());
    let opened = write(test, |conn| sign_in::open(conn, test.db.keys(), &checked, came_with, "Firefox", noon()));
    assert_ne!(opened.token.reveal(), planted.token.reveal());
    assert_eq!(caller(test, &planted, noon()), None);
    assert_eq!(caller(test, &opened, noon()).unwrap().name, "owner");
}

fn a_weak_hash_is_replaced_at_sign_in(test: &TestDb) {
    let owner = account(test, "owner", &[AUDITOR]);
    // PASSWORD with m=8,t=1: the parameters of the stored hash are used, whatever they are.
    let weak = {
        use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        hasher.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
    };
    let kept = |test: &TestDb| test.read(|conn| rows::get(conn, owner.id)).data.password_hash.unwrap();
    let strong = kept(test);
    assert!(passwords::is_weak(&weak) && !passwords::is_weak(&strong));
    test.write(|conn| rows::rehash(conn, owner.id, &strong, &weak));
    signed_in(test, "owner", noon());
    let now = kept(test);
    assert!(!passwords::is_weak(&now) && now != strong);
    signed_in(test, "owner", noon());
    assert_eq!(kept(test), now, "only once");
}

fn a_given_password_must_be_replaced_and_does_not_last(test: &TestDb) {
    account(test, "boss", &[ADMINISTRATOR]);
    let initial = Initial { hash: passwords::hash(&password(OTHER_PASSWORD)).unwrap(), is_temporary: true };
    let new = NewAccount { login: Login::parse("new.one").unwrap(), display_name: "新".into(), grants: vec![AUDITOR] };
    write(test, |conn| accounts::create(conn, &new, Some(&initial), noon()));
    let right = typed("new.one", OTHER_PASSWORD, None);
    let opened = sign_in(test, &SignIn::default(), &right, "192.0.2.1", after(60 * 24 * 7)).unwrap();
    assert!(caller(test, &opened, after(60 * 24 * 7)).unwrap().must_change_password);
    let late = sign_in(test, &SignIn::default(), &right, "192.0.2.1", after(60 * 24 * 7 + 1));
    assert!(matches!(late, Err(AppError::SignInRefused)), "{late:?}");
}

fn an_account_that_changes_during_the_check_is_not_signed_in(test: &TestDb) {
    let owner = account(test, "owner", &[AUDITOR]);
    let checked = sign_in::check(&test.db, &typed("owner", PASSWORD, None), noon()).unwrap();
    write(test, |conn| accounts::disable(conn, owner.id, owner.version, noon()));
    let opened = test.db.write(|conn| sign_in::open(conn, test.db.keys(), &checked, None, "Firefox", noon()));
    assert!(matches!(opened, Err(AppError::SignInRefused)), "{opened:?}");
}

#[test]
fn more_than_can_wait_are_turned_away_at_once() {
    use futures_util::FutureExt;
    let door = SignIn::default();
    // Nobody gives a turn back, so everybody who can wait does.
    let cores = std::thread::available_parallelism().unwrap().get().div_ceil(2);
    let turns: Vec<_> = (0..cores).map(|_| door.turn().now_or_never().unwrap().ok().unwrap()).collect();
    let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(door.turn())).collect();
    for wait in &mut waiting {
        assert!(wait.as_mut().now_or_never().is_none());
    }
    assert!(matches!(door.turn().now_or_never(), Some(Err(AppError::Busy))));
    // Whoever hangs up makes room.
    drop(waiting);
    assert!(door.turn().now_or_never().is_none());
    drop(turns);
    assert!(door.turn().now_or_never().unwrap().is_ok());
}
