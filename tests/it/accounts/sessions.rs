//! What keeps a sign-in open and what ends it.

use chrono::TimeDelta;
use wangjia::app::access::Caller;
use wangjia::app::accounts::sessions::{self, Opened};
use wangjia::app::accounts::{self, own, reset, sign_in};
use wangjia::app::error::{AppError, Refusal};
use wangjia::app::settings;
use wangjia::db::areas::{self, AreaData};
use wangjia::db::employers::{self, EmployerData};
use wangjia::db::retention;
use wangjia::domain::access::{Role, SessionKind};
use wangjia::domain::codes::{AreaKind, EmployerKind};

use super::support::*;
use crate::support::{TestDb, on_both};

on_both!(
    a_sign_in_ends_unused_and_in_any_case,
    a_token_lasts_as_long_as_chosen_and_no_longer_than_a_year,
    whatever_takes_something_away_ends_every_sign_in,
    a_new_password_ends_every_sign_in_but_the_new_one,
    a_lost_password_is_replaced_by_a_secret_that_works_once,
    only_hashes_are_stored,
    csrf_tokens_belong_to_one_session,
    sessions_are_listed_and_ended_by_their_owner_only,
    roles_name_their_places,
    the_last_administrator_stays,
);

fn token(test: &TestDb, caller: &Caller, days: i64) -> Result<Opened, AppError> {
    test.db.write(|conn| sessions::make_token(conn, test.db.keys(), caller, "夜间导出", days, noon()))
}

fn a_sign_in_ends_unused_and_in_any_case(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let opened = signed_in(test, "owner", noon());
    let is_open = |now| caller(test, &opened, now).is_some();
    assert!(is_open(after(29)) && !is_open(after(30)));
    // A use every 20 minutes keeps it open until 12 hours are over.
    for minutes in (20..720).step_by(20) {
        assert!(is_open(after(minutes)), "{minutes}");
        sessions::touch(&test.db, opened.id, after(minutes)).unwrap();
    }
    assert!(is_open(after(719)) && !is_open(after(720)));
    // A stricter rule holds for those signed in already.
    settings::set(&test.db, "session_hours", "1", noon().date()).unwrap();
    assert!(!is_open(after(719)));
}

fn a_token_lasts_as_long_as_chosen_and_no_longer_than_a_year(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let opened = signed_in(test, "owner", noon());
    let person = caller(test, &opened, noon()).unwrap();
    assert_eq!(fault(token(test, &person, 366)).0, "/days");
    assert_eq!(fault(token(test, &person, 0)).0, "/days");
    let made = token(test, &person, 365).unwrap();
    assert!(made.token.reveal().starts_with("wjt_") && opened.token.reveal().starts_with("wjs_"));
    let last = noon() + TimeDelta::days(365) - TimeDelta::microseconds(1);
    let program = caller(test, &made, last).expect("no idle time ends a token");
    assert_eq!(caller(test, &made, noon() + TimeDelta::days(365)), None);
    // A token makes no tokens and changes no password: who finds one cannot outlive it.
    assert!(matches!(token(test, &program, 1), Err(AppError::Refused(Refusal::SignInNeeded, _))));
}

/// Two sign-ins and a token of an account.
fn open(test: &TestDb, login: &str) -> [Opened; 3] {
    let first = signed_in(test, login, noon());
    let person = caller(test, &first, noon()).unwrap();
    let made = token(test, &person, 30).unwrap();
    [first, signed_in(test, login, noon()), made]
}

#[track_caller]
fn check_open(test: &TestDb, opened: &[Opened; 3], expected: [bool; 3]) {
    assert_eq!([0, 1, 2].map(|n| caller(test, &opened[n], noon()).is_some()), expected);
}

fn whatever_takes_something_away_ends_every_sign_in(test: &TestDb) {
    account(test, "boss", &[ADMINISTRATOR]);
    let bystander = open(test, "boss");
    let end: [(&str, [bool; 3]); 5] = [
        ("sign out", [false, true, true]),
        ("disable", [false; 3]),
        ("roles", [false, false, true]),
        ("reset", [false; 3]),
        ("all", [false; 3]),
    ];
    for (place, (what, left)) in end.into_iter().enumerate() {
        let owner = account(test, &format!("owner{place}"), &[AUDITOR]);
        let opened = open(test, &owner.login);
        check_open(test, &opened, [true; 3]);
        let (keys, id, version) = (test.db.keys(), owner.id, owner.version);
        write(test, |conn| match what {
            "sign out" => sign_in::end(conn, keys, Some(opened[0].token.reveal()), noon()),
            "disable" => accounts::disable(conn, id, version, noon()).map(drop),
            "roles" => accounts::replace_roles(conn, id, version, &[], noon()).map(drop),
            "reset" => reset::begin(conn, keys, id, false, noon()).map(drop),
            _ => sessions::revoke_all(conn, id, noon()).map(drop),
        });
        check_open(test, &opened, left);
        if what == "disable" {
            // Enabled again, the person signs in anew; what was open stays closed.
            let version = test.db.read(|conn| accounts::get(conn, id)).unwrap().version;
            write(test, |conn| accounts::enable(conn, id, version, noon()));
            check_open(test, &opened, [false; 3]);
            signed_in(test, &owner.login, noon());
        }
        if what == "roles" {
            // The token lives on with what its owner may do now: nothing.
            assert_eq!(caller(test, &opened[2], noon()).unwrap().grants, []);
        }
    }
    check_open(test, &bystander, [true; 3]);
}

fn a_new_password_ends_every_sign_in_but_the_new_one(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let opened = open(test, "owner");
    let person = caller(test, &opened[0], noon()).unwrap();
    let check = |current: &str, new: &str| {
        own::check_new_password(&test.db, &person, Some(&password(current)), Some(&password(new)), noon())
    };
    assert_eq!(fault(check("wrong", OTHER_PASSWORD)), ("/current_password".into(), "wrong_password".into()));
    assert_eq!(fault(check(PASSWORD, PASSWORD)), ("/new_password".into(), "password_same".into()));
    assert_eq!(
        fault(check(PASSWORD, "杨秀英杨秀英杨秀英杨秀英")),
        ("/new_password".into(), "password_own_words".into())
    );
    let replacement = check(PASSWORD, OTHER_PASSWORD).unwrap();
    let keys = test.db.keys();
    let new = write(test, |conn| own::change_password(conn, keys, &person, &replacement, noon()));
    check_open(test, &opened, [false, false, true]);
    assert_eq!(caller(test, &new, noon()).unwrap().name, "owner");
    // The same change again, computed before, rests on a password that is no more.
    let person = caller(test, &new, noon()).unwrap();
    let again = test.db.write(|conn| own::change_password(conn, keys, &person, &replacement, noon()));
    assert_eq!(fault(again).1, "wrong_password");
}

fn a_lost_password_is_replaced_by_a_secret_that_works_once(test: &TestDb) {
    let owner = account(test, "owner", &[AUDITOR]);
    let keys = test.db.keys();
    let begin = || write(test, |conn| reset::begin(conn, keys, owner.id, false, noon()));
    let (old, secret) = (begin(), begin());
    let right = typed("owner", PASSWORD, None);
    let lost = sign_in(test, &sign_in::SignIn::default(), &right, "192.0.2.1", noon());
    assert!(matches!(lost, Err(AppError::SignInRefused)), "the old password ends with the reset");
    let check = |secret: &str, text: &str, now| reset::check(&test.db, secret, Some(&password(text)), now);
    assert_eq!(fault(check(old.secret.reveal(), OTHER_PASSWORD, noon())).1, "bad_secret");
    assert_eq!(fault(check("0000-0000", OTHER_PASSWORD, noon())).1, "bad_secret");
    assert_eq!(fault(check(secret.secret.reveal(), OTHER_PASSWORD, after(60 * 72))).1, "bad_secret");
    assert_eq!(fault(check(secret.secret.reveal(), "owner owner owner", noon())).1, "password_own_words");
    let hash = check(&secret.secret.reveal().to_uppercase(), OTHER_PASSWORD, noon()).unwrap();
    write(test, |conn| reset::finish(conn, keys, secret.secret.reveal(), &hash, noon()));
    let twice = test.db.write(|conn| reset::finish(conn, keys, secret.secret.reveal(), &hash, noon()));
    assert_eq!(fault(twice).1, "bad_secret");
    let new = typed("owner", OTHER_PASSWORD, None);
    let opened = sign_in(test, &sign_in::SignIn::default(), &new, "192.0.2.1", noon()).unwrap();
    assert!(!caller(test, &opened, noon()).unwrap().must_change_password);
}

fn only_hashes_are_stored(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let [opened, _, made] = open(test, "owner");
    let rows = test.read(wangjia::db::sessions::all);
    let stored = format!("{rows:?} {:?}", test.read(wangjia::db::accounts::all));
    for secret in [&opened, &made] {
        let secret = secret.token.reveal();
        assert!(!stored.contains(&secret[4..]));
        let bytes: Vec<&[u8]> = rows.iter().map(|row| row.data.token_index.as_bytes()).collect();
        assert!(
            bytes.iter().all(|bytes| bytes.len() == 32 && !secret.as_bytes().windows(8).any(|w| bytes.starts_with(w)))
        );
    }
    // A token of other keys is nobody's: the hash alone opens nothing.
    let foreign = wangjia::app::Keyring::generate().unwrap();
    let stranger = test.db.read(|conn| sessions::authenticate(conn, &foreign, opened.token.reveal(), noon())).unwrap();
    assert_eq!(stranger, None);
}

fn csrf_tokens_belong_to_one_session(test: &TestDb) {
    account(test, "owner", &[AUDITOR]);
    let [a, b, _] = open(test, "owner");
    let keys = test.db.keys();
    let person = caller(test, &a, noon()).unwrap();
    let shown = test.db.read(|conn| sessions::csrf_token_of(conn, keys, &person)).unwrap();
    assert_eq!(sessions::csrf_token(keys, a.token.reveal()).as_deref(), Some(shown.as_str()));
    assert!(sessions::csrf_ok(keys, a.token.reveal(), &shown));
    for (token, shown) in [
        (b.token.reveal(), shown.as_str()),
        (a.token.reveal(), ""),
        (a.token.reveal(), &shown[1..]),
        (a.token.reveal(), a.token.reveal()),
        ("", ""),
    ] {
        assert!(!sessions::csrf_ok(keys, token, shown));
    }
}

fn sessions_are_listed_and_ended_by_their_owner_only(test: &TestDb) {
    let owner = account(test, "owner", &[AUDITOR]);
    let other = account(test, "other", &[AUDITOR]);
    let opened = open(test, "owner");
    let list = |account: i64, now| test.db.read(|conn| sessions::list(conn, account, now)).unwrap();
    let kinds: Vec<_> = list(owner.id, noon()).iter().map(|session| session.kind).collect();
    assert_eq!(kinds, [SessionKind::Session, SessionKind::ApiToken, SessionKind::Session]);
    assert_eq!(list(owner.id, after(31)).len(), 1, "idle ones are over");
    let foreign = test.db.write(|conn| sessions::revoke(conn, other.id, opened[0].id, noon()));
    let absent = test.db.write(|conn| sessions::revoke(conn, other.id, i64::MAX, noon()));
    assert!(matches!((foreign, absent), (Err(AppError::NotFound), Err(AppError::NotFound))));
    check_open(test, &opened, [true; 3]);
    write(test, |conn| sessions::revoke(conn, owner.id, opened[2].id, noon()));
    check_open(test, &opened, [true, true, false]);
    // Ended long ago: forgotten. What is open stays.
    assert_eq!(test.write(|conn| retention::sessions(conn, noon() + TimeDelta::days(31))), 3);
    assert!(list(owner.id, noon()).is_empty());
}

fn roles_name_their_places(test: &TestDb) {
    let owner = account(test, "owner", &[]);
    let community =
        AreaData { parent_id: None, kind: AreaKind::Community, name: "锦江社区".into(), minutes_to_park: None };
    let area = test.write(|conn| areas::insert(conn, &community));
    let firm = EmployerData {
        name: "绿河制衣".into(),
        credit_code: None,
        kind: EmployerKind::Tenant,
        industry: None,
        address: None,
        tenant_until: None,
    };
    let employer = test.write(|conn| employers::insert(conn, &firm, noon()));
    let grant = |role, area, employer| accounts_grant(role, area, employer);
    let put = |grants: &[wangjia::app::access::Grant]| {
        test.db.write(|conn| {
            let version = accounts::get(conn, owner.id)?.version;
            accounts::replace_roles(conn, owner.id, version, grants, noon())
        })
    };
    for (wrong, pointer, code) in [
        (grant(Role::Official, Some(area), Some(employer)), "/roles/0/employer_id", "contradicts"),
        (grant(Role::Hr, None, None), "/roles/0/employer_id", "missing"),
        (grant(Role::Auditor, Some(area), None), "/roles/0/area_id", "contradicts"),
        (grant(Role::Counselor, Some(area + 1_000), None), "/roles/0/area_id", "no_such_record"),
        (grant(Role::Hr, None, Some(employer + 1_000)), "/roles/0/employer_id", "no_such_record"),
    ] {
        assert_eq!(fault(put(&[wrong])), (pointer.to_owned(), code.to_owned()));
    }
    let twice = [grant(Role::Auditor, None, None), grant(Role::Auditor, None, None)];
    assert_eq!(fault(put(&twice)).1, "repeated");
    // Without an area it is everywhere.
    assert!(put(&[grant(Role::Counselor, None, None)]).is_ok());
    let right = [grant(Role::Counselor, Some(area), None), grant(Role::Hr, None, Some(employer))];
    assert_eq!(put(&right).unwrap().grants, right);
    let words = test.db.read(|conn| accounts::own_words(conn, "owner", "杨秀英", &right)).unwrap();
    assert!(words.contains(&"锦江社区".to_owned()) && words.contains(&"绿河制衣".to_owned()), "{words:?}");
}

fn accounts_grant(role: Role, area: Option<i64>, employer: Option<i64>) -> wangjia::app::access::Grant {
    wangjia::app::access::Grant { role, area, employer }
}

fn the_last_administrator_stays(test: &TestDb) {
    let boss = account(test, "boss", &[ADMINISTRATOR]);
    let disable = |id: i64| {
        test.db.write(|conn| {
            let version = accounts::get(conn, id)?.version;
            accounts::disable(conn, id, version, noon())
        })
    };
    let alone = disable(boss.id);
    assert!(matches!(alone, Err(AppError::Refused(Refusal::LastAdministrator, _))), "{alone:?}");
    let demoted = test.db.write(|conn| accounts::replace_roles(conn, boss.id, boss.version, &[AUDITOR], noon()));
    assert!(matches!(demoted, Err(AppError::Refused(Refusal::LastAdministrator, _))), "{demoted:?}");
    let deputy = account(test, "deputy", &[ADMINISTRATOR]);
    disable(deputy.id).unwrap();
    assert!(disable(boss.id).is_err(), "a disabled one does not count");
    let stale = test.db.write(|conn| accounts::enable(conn, deputy.id, deputy.version, noon()));
    assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
    test.db
        .write(|conn| {
            let version = accounts::get(conn, deputy.id)?.version;
            accounts::enable(conn, deputy.id, version, noon())
        })
        .unwrap();
    disable(boss.id).unwrap();
}
