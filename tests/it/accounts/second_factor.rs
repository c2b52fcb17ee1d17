//! Codes of the second factor: asked for once set up, taken once.

use chrono::{NaiveDateTime, TimeDelta};
use totp_rs::{Builder, Secret};
use wangjia::app::access::Caller;
use wangjia::app::accounts::second_factor::{self, Begun};
use wangjia::app::accounts::sign_in::SignIn;
use wangjia::app::accounts::{own, reset};
use wangjia::app::error::{AppError, Refusal};
use wangjia::app::settings;

use super::support::*;
use crate::support::{TestDb, on_both};

on_both!(
    a_code_is_asked_for_once_one_was_shown_and_works_once,
    administrators_and_officials_must_set_one_up,
    it_is_removed_with_password_and_code_or_by_reset,
);

/// The code an app shows at a time.
fn code(begun: &Begun, at: NaiveDateTime) -> String {
    let secret = Secret::try_from_base32(&begun.secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    totp.generate(at.and_utc().timestamp().try_into().unwrap()).to_string()
}

fn set_up(test: &TestDb, login: &str) -> (Begun, Caller) {
    let opened = signed_in(test, login, noon());
    let person = caller(test, &opened, noon()).unwrap();
    let keys = test.db.keys();
    let begun = write(test, |conn| second_factor::begin(conn, keys, &person, noon()));
    write(test, |conn| second_factor::confirm(conn, keys, &person, &code(&begun, noon()), noon()));
    (begun, caller(test, &opened, noon()).unwrap())
}

fn a_code_is_asked_for_once_one_was_shown_and_works_once(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let (elsewhere, opened) = (signed_in(test, "owner", noon()), signed_in(test, "owner", noon()));
    let person = caller(test, &opened, noon()).unwrap();
    let keys = test.db.keys();
    let begun = write(test, |conn| second_factor::begin(conn, keys, &person, noon()));
    assert!(begun.url.starts_with("otpauth://totp/Wangjia:owner?secret="), "{}", begun.url);
    signed_in(test, "owner", noon());
    let confirm = |code: &str| test.db.write(|conn| second_factor::confirm(conn, keys, &person, code, noon()));
    for wrong in ["000000", "", "1234567", "abcdef", &code(&begun, noon() + TimeDelta::seconds(61))] {
        assert_eq!(fault(confirm(wrong)).0, "/code", "{wrong}");
    }
    confirm(&code(&begun, noon())).unwrap();
    assert!(caller(test, &opened, noon()).unwrap().second_factor);
    assert_eq!(caller(test, &elsewhere, noon()), None, "signed in without it");
    let again = test.db.write(|conn| second_factor::begin(conn, keys, &person, noon()));
    assert!(matches!(again, Err(AppError::Refused(Refusal::SecondFactorSetUp, _))));

    let try_at =
        |code: Option<&str>, now| sign_in(test, &SignIn::default(), &typed("owner", PASSWORD, code), "192.0.2.1", now);
    let at = |seconds: i64| noon() + TimeDelta::seconds(seconds);
    let refused =
        |code: Option<&str>, now| assert!(matches!(try_at(code, now), Err(AppError::SignInRefused)), "{code:?}");
    refused(None, at(30));
    refused(Some(&code(&begun, noon())), at(10));
    // The step before and after are taken, each once; nothing older than the newest taken.
    let next = code(&begun, at(60));
    try_at(Some(&format!("{} {}", &next[..3], &next[3..])), at(30)).expect("one step ahead");
    refused(Some(&next), at(30));
    refused(Some(&code(&begun, at(30))), at(30));
    try_at(Some(&code(&begun, at(90))), at(120)).expect("one step behind");
    refused(Some(&code(&begun, at(180))), at(120));
    // The right code with a wrong password does not use it up.
    let wrong = typed("owner", OTHER_PASSWORD, Some(&code(&begun, at(150))));
    assert!(sign_in(test, &SignIn::default(), &wrong, "192.0.2.1", at(150)).is_err());
    try_at(Some(&code(&begun, at(150))), at(150)).expect("not used up");
}

fn administrators_and_officials_must_set_one_up(test: &TestDb) {
    account(test, "boss", &[ADMINISTRATOR]);
    account(test, "reader", &[AUDITOR]);
    let must = |login: &str| {
        let opened = signed_in(test, login, noon());
        caller(test, &opened, noon()).unwrap().must_set_up_second_factor
    };
    assert!(must("boss") && !must("reader"));
    settings::set(&test.db, "second_factor_required", "auditor", noon().date()).unwrap();
    assert!(!must("boss") && must("reader"));
    settings::set(&test.db, "second_factor_required", "none", noon().date()).unwrap();
    assert!(!must("boss") && !must("reader"));
    settings::set(&test.db, "second_factor_required", "administrator,official", noon().date()).unwrap();
    let (_, boss) = set_up(test, "boss");
    assert!(!boss.must_set_up_second_factor && boss.second_factor);
}

fn it_is_removed_with_password_and_code_or_by_reset(test: &TestDb) {
    let owner = account(test, "owner", &[AUDITOR]);
    let (begun, person) = set_up(test, "owner");
    let keys = test.db.keys();
    let wrong = own::confirm_password(&test.db, &person, Some(&password(OTHER_PASSWORD)));
    assert_eq!(fault(wrong).0, "/password");
    let hash = own::confirm_password(&test.db, &person, Some(&password(PASSWORD))).unwrap();
    let remove = |code: &str, now| test.db.write(|conn| second_factor::remove(conn, keys, &person, &hash, code, now));
    assert_eq!(fault(remove(&code(&begun, noon()), noon())).0, "/code", "the code that confirmed it");
    remove(&code(&begun, after(1)), after(1)).unwrap();
    signed_in(test, "owner", after(1));

    let opened = signed_in(test, "owner", after(2));
    let person = caller(test, &opened, after(2)).unwrap();
    let begun = write(test, |conn| second_factor::begin(conn, keys, &person, after(2)));
    write(test, |conn| second_factor::confirm(conn, keys, &person, &code(&begun, after(2)), after(2)));
    // A lost phone: the administrator's reset takes it away only if asked to.
    for (with_factor, works) in [(false, false), (true, true)] {
        let secret = write(test, |conn| reset::begin(conn, keys, owner.id, with_factor, after(3)));
        let hash = reset::check(&test.db, secret.secret.reveal(), Some(&password(PASSWORD)), after(3)).unwrap();
        write(test, |conn| reset::finish(conn, keys, secret.secret.reveal(), &hash, after(3)));
        let tried = sign_in(test, &SignIn::default(), &typed("owner", PASSWORD, None), "192.0.2.1", after(3));
        assert_eq!(tried.is_ok(), works, "{with_factor}");
    }
}
