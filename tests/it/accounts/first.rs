//! The first administrator: no default account, one secret, once.

use wangjia::app::accounts::first::{self, First};
use wangjia::app::accounts::{self};
use wangjia::app::setup;
use wangjia::domain::access::{Login, Role};

use super::support::*;
use crate::support::{TestDb, on_both};

on_both!(the_secret_of_the_last_start_makes_one_administrator);

fn the_secret_of_the_last_start_makes_one_administrator(test: &TestDb) {
    setup::migrate(&test.db).unwrap();
    assert!(!test.db.read(accounts::any).unwrap(), "no default account");
    let first = First { login: Login::parse("boss").unwrap(), display_name: "吴主任".into() };
    let check = |secret: &str, text: &str, now| first::check(&test.db, secret, &first, Some(&password(text)), now);
    let old = first::announce(&test.db, noon()).unwrap().unwrap();
    let new = first::announce(&test.db, after(1)).unwrap().unwrap();
    let bad = |result| assert_eq!(fault(result), ("/secret".into(), "bad_secret".into()));
    bad(check(old.secret.reveal(), PASSWORD, after(2)));
    bad(check("", PASSWORD, after(2)));
    bad(check(new.secret.reveal(), PASSWORD, after(60 * 24 + 1)));
    assert_eq!(fault(check(new.secret.reveal(), "wangjia wangjia", after(2))).0, "/password");
    let hash = check(new.secret.reveal(), PASSWORD, after(2)).unwrap();
    let keys = test.db.keys();
    let make = || test.db.write(|conn| first::make(conn, keys, new.secret.reveal(), &first, &hash, after(2)));
    let boss = make().unwrap();
    assert!(boss.holds(Role::Administrator) && !boss.must_change_password);
    bad(make().map(|_| String::new()));
    assert!(first::announce(&test.db, after(3)).unwrap().is_none(), "no secret once there is an account");
    signed_in(test, "boss", after(3));
}
