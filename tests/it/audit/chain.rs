//! The chain under load, its end noted and looked for, its old end removed, and what may be asked of it.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::audit::{self, Fault, Filter, Happened, Noted};
use wangjia::app::calendar_day;
use wangjia::app::error::{AppError, Refusal};
use wangjia::db::{Db, DbError, audit as rows, settings};

use super::{act, at, fill};
use crate::db::fixtures::day;
use crate::support::{TestDb, keys, on_both};

on_both!(
    many_writers_leave_no_hole,
    an_entry_goes_with_its_transaction,
    the_turn_is_given_back,
    a_noted_head_is_looked_for,
    old_entries_go_and_the_chain_holds,
    what_was_added_since_the_walk_is_walked,
    entries_are_found_again,
    nothing_is_added_to_a_head_that_is_not_genuine,
);

/// Threads of this process and of others (each has a pool of its own), some of which give up in the middle.
fn many_writers_leave_no_hole(db: &TestDb) {
    let given_up = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for thread in 0..12_i64 {
            let given_up = &given_up;
            scope.spawn(move || {
                let own = Db::open_existing(&db.url, keys()).unwrap();
                let db = if thread % 3 == 0 { &own } else { &db.db };
                for n in 0..20_i64 {
                    let happened = Happened { subjects: vec![thread, n, n], ..Happened::default() };
                    let written = db.write_in_turn(|conn| -> Result<i64, AppError> {
                        let seq = audit::append(conn, db.keys(), &act(thread + 1, "read", n), &happened, at(n))?;
                        settings::set_meta(conn, &format!("{thread}-{n}"), &seq.to_string())?;
                        if n % 5 == 4 { Err(Refusal::WrongStatus.into()) } else { Ok(seq) }
                    });
                    match written {
                        Ok(_) => {}
                        Err(AppError::Refused(..)) => {
                            given_up.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(other) => panic!("{other:?}"),
                    }
                }
            });
        }
    });
    assert_eq!(given_up.load(Ordering::Relaxed), 12 * 4);
    let report = audit::verify(&db.db, None).unwrap();
    assert_eq!((report.entries, report.first_seq, report.last_seq, report.fault), (192, 1, 192, None));
    // Every effect has its own entry, and each account as many as it made.
    for account in 1..=12 {
        let filter = Filter { account: Some(account), ..Filter::default() };
        let entries = db.db.read(|conn| audit::find(conn, &filter, 0, 100, None)).unwrap();
        assert_eq!(entries.len(), 16);
        for entry in entries {
            let n = entry.object.unwrap();
            let kept = db.read(|conn| settings::meta(conn, &format!("{}-{n}", account - 1)));
            assert_eq!(kept, Some(entry.seq.to_string()));
            let mut subjects = vec![account - 1, n];
            subjects.sort_unstable();
            subjects.dedup();
            assert_eq!(entry.subjects, subjects);
        }
    }
}

fn an_entry_goes_with_its_transaction(db: &TestDb) {
    let refused: Result<(), AppError> = db.db.write_in_turn(|conn| {
        fill(conn, 3)?;
        Err(Refusal::WrongStatus.into())
    });
    assert!(refused.is_err());
    assert_eq!(audit::verify(&db.db, None).unwrap().entries, 0);
    db.db.write_in_turn(|conn| fill(conn, 3)).unwrap();
    assert_eq!(audit::verify(&db.db, None).unwrap().entries, 3);
}

fn the_turn_is_given_back(db: &TestDb) {
    for _ in 0..15 {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            db.db.write_in_turn(|conn| -> Result<(), DbError> {
                settings::set_meta(conn, "half", "done")?;
                panic!("on purpose");
            })
        }));
        assert!(panicked.is_err());
        let failed: Result<(), DbError> = db.db.write_in_turn(|_| Err(DbError::Full));
        assert!(matches!(failed, Err(DbError::Full)));
    }
    // Another process gets it at once.
    let other = Db::open_existing(&db.url, keys()).unwrap();
    other.write_in_turn(|conn| settings::set_meta(conn, "whole", "done")).unwrap();
    assert_eq!(db.read(|conn| settings::meta(conn, "half")), None);
    let inner = db.db.write_in_turn(|_| Ok::<_, DbError>(db.db.write_in_turn(|_| Ok::<_, DbError>(()))));
    assert!(matches!(inner, Ok(Err(DbError::Busy))));
}

fn a_noted_head_is_looked_for(db: &TestDb) {
    let noted = |db: &TestDb| {
        let report = audit::verify(&db.db, None).unwrap();
        Noted::parse(&format!("{}:{}", report.last_seq, report.last_hash)).unwrap()
    };
    let empty = noted(db);
    db.db.write_in_turn(|conn| fill(conn, 5)).unwrap();
    let fifth = noted(db);
    let act = act(1, "read", 1);
    db.db.write_in_turn(|conn| audit::append(conn, &keys(), &act, &Happened::default(), at(9))).unwrap();
    for head in [&empty, &fifth, &noted(db)] {
        assert_eq!(audit::verify(&db.db, Some(head)).unwrap().fault, None, "{head:?}");
    }
    let other = Noted { hash: fifth.hash.replace(['0', '1'], "2"), ..fifth.clone() };
    assert_eq!(audit::verify(&db.db, Some(&other)).unwrap().fault, Some(Fault::NotNoted(5)));
    let later = Noted { seq: 7, ..fifth };
    assert_eq!(audit::verify(&db.db, Some(&later)).unwrap().fault, Some(Fault::NotNoted(7)));
    for text in ["", "5", "5:", ":aa", "-1:00", "x:00", "5:zz", &format!("5:{}g", "a".repeat(63))] {
        assert_eq!(Noted::parse(text), None, "{text}");
    }
}

fn old_entries_go_and_the_chain_holds(db: &TestDb) {
    let prune = |before, now| {
        let Some(old) = audit::walked(&db.db, before, calendar_day(now))? else { return Ok(0) };
        db.db.write_in_turn(|conn| audit::prune(conn, &keys(), &pruning(), &old, now))
    };
    let now = day(2027, 6, 1).and_hms_opt(12, 0, 0).unwrap();
    let append = |count: i64, at| {
        for n in 0..count {
            let happened = Happened { subjects: vec![n], ..Happened::default() };
            db.db.write_in_turn(|conn| audit::append(conn, &keys(), &act(1, "read", n), &happened, at)).unwrap();
        }
    };
    // 16:00 UTC is the next day in China.
    append(10, day(2026, 11, 29).and_hms_opt(15, 59, 59).unwrap());
    append(10, day(2026, 11, 29).and_hms_opt(16, 0, 0).unwrap());
    assert!(matches!(prune(day(2026, 12, 2), now), Err(AppError::Invalid(_))), "six months are kept");
    assert_eq!(prune(day(2026, 11, 29), now).unwrap(), 0);
    let midnight = day(2026, 11, 28).and_hms_opt(16, 0, 0).unwrap();
    assert_eq!(db.db.read(|conn| rows::last_before(conn, midnight)).unwrap(), None, "nothing to walk the chain for");
    assert_eq!(audit::verify(&db.db, None).unwrap().entries, 20, "what removes nothing is not written down");
    let noted = audit::verify(&db.db, None).unwrap();
    assert_eq!(prune(day(2026, 11, 30), now).unwrap(), 10);
    let report = audit::verify(&db.db, None).unwrap();
    assert_eq!((report.first_seq, report.last_seq, report.entries, report.fault), (11, 21, 11, None));
    let noted = Noted { seq: noted.last_seq, hash: noted.last_hash };
    assert_eq!(audit::verify(&db.db, Some(&noted)).unwrap().fault, None);
    let gone = Noted { seq: 3, ..noted };
    assert_eq!(audit::verify(&db.db, Some(&gone)).unwrap().fault, Some(Fault::NotedRemoved(3)));
    // Everything may go; the entry that says so begins what follows.
    assert_eq!(prune(day(2026, 12, 1), now).unwrap(), 10, "the entry of the first removal is younger");
    let later = day(2028, 6, 1).and_hms_opt(12, 0, 0).unwrap();
    assert_eq!(prune(day(2027, 12, 1), later).unwrap(), 2);
    let report = audit::verify(&db.db, None).unwrap();
    assert_eq!((report.first_seq, report.last_seq, report.fault), (23, 23, None));
    let entries = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 10, Some(&keys()))).unwrap();
    assert_eq!(entries[0].detail.as_ref().unwrap()["removed"], 2);
}

fn pruning() -> Act {
    Act::of_operator("prune", ObjectKind::Audit, "audit prune")
}

/// Others go on writing between the walk and the removal; what they break is seen all the same.
fn what_was_added_since_the_walk_is_walked(db: &TestDb) {
    let now = day(2027, 6, 1).and_hms_opt(12, 0, 0).unwrap();
    db.db.write_in_turn(|conn| fill(conn, 20)).unwrap();
    let old = audit::walked(&db.db, day(2026, 12, 1), calendar_day(now)).unwrap().expect("old entries");
    db.db.write_in_turn(|conn| audit::append(conn, &keys(), &act(1, "read", 1), &Happened::default(), now)).unwrap();
    let prune = || db.db.write_in_turn(|conn| audit::prune(conn, &keys(), &pruning(), &old, now));
    let name = |operation: &str| {
        let sql = format!("UPDATE audit_events SET operation = '{operation}' WHERE seq = 21");
        db.db.write(|conn| Ok::<_, DbError>(conn.batch_execute(&sql)?)).unwrap();
    };
    name("another");
    assert!(matches!(prune(), Err(AppError::Refused(Refusal::AuditBroken, _))));
    name("get_resident");
    assert_eq!(prune().unwrap(), 20);
    assert_eq!(audit::verify(&db.db, None).unwrap().fault, None);
}

fn entries_are_found_again(db: &TestDb) {
    db.db.write_in_turn(|conn| fill(conn, 60)).unwrap();
    let find = |filter: Filter, after, limit| {
        let entries = db.db.read(|conn| audit::find(conn, &filter, after, limit, None)).unwrap();
        entries.iter().map(|entry| entry.seq).collect::<Vec<_>>()
    };
    assert_eq!(find(Filter::default(), 0, 3), [1, 2, 3]);
    assert_eq!(find(Filter::default(), 58, 10), [59, 60]);
    assert_eq!(
        find(Filter { object: Some(13), object_kind: Some("resident".into()), ..Filter::default() }, 0, 9),
        [13]
    );
    assert_eq!(find(Filter { subject: Some(150), ..Filter::default() }, 0, 9), [15]);
    let span = Filter { from: Some(at(20)), to: Some(at(23)), ..Filter::default() };
    assert_eq!(find(span, 0, 9), [20, 21, 22]);
    let all = find(Filter { account: Some(3), ..Filter::default() }, 0, 99);
    assert!(all.iter().all(|n| n % 5 == 2 && n % 4 != 0) && !all.is_empty(), "{all:?}");
    // Entry 34 is a reading of 340 and 341; 35 was refused and 31 changed something.
    let reads = |resident| {
        let about = Filter { subject: Some(resident), ..Filter::default() };
        let found = db.db.read(|conn| audit::find(conn, &about, 0, 100, None)).unwrap();
        found.into_iter().filter(|entry| !entry.changed && entry.outcome == audit::DONE).collect::<Vec<_>>()
    };
    assert_eq!(reads(341).iter().map(|reading| reading.seq).collect::<Vec<_>>(), [34]);
    assert!(reads(350).is_empty() && reads(310).is_empty());
    let told = db.db.read(|conn| audit::incident(conn, 4, at(0), at(39))).unwrap();
    let residents: Vec<i64> = told.iter().map(|one| one.resident).collect();
    let expected: Vec<i64> = (1..39)
        .filter(|n| n % 5 == 3 && n % 4 != 0 && n % 7 != 0)
        .flat_map(|n| (0..n % 4).map(move |k| n * 10 + k))
        .collect();
    assert_eq!(residents, expected);
    assert!(told.iter().all(|one| one.times == 1 && one.operations == ["get_resident"]));
}

fn nothing_is_added_to_a_head_that_is_not_genuine(db: &TestDb) {
    use diesel::prelude::*;
    use wangjia::db::schema::audit_chain;
    db.db.write_in_turn(|conn| fill(conn, 4)).unwrap();
    let refused = |what: &str| {
        let act = act(1, "read", 1);
        let written = db.db.write_in_turn(|conn| audit::append(conn, &keys(), &act, &Happened::default(), at(1)));
        assert!(matches!(written, Err(AppError::Db(DbError::AuditHead))), "{what}: {written:?}");
    };
    db.write(|conn| Ok(diesel::update(audit_chain::table).set(audit_chain::last_seq.eq(3)).execute(conn)?));
    refused("shortened");
    assert_eq!(audit::verify(&db.db, None).unwrap().fault, Some(Fault::HeadChanged));
    db.write(|conn| Ok(diesel::delete(audit_chain::table).execute(conn)?));
    refused("removed");
    assert_eq!(audit::verify(&db.db, None).unwrap().fault, Some(Fault::NoHead));
    // Starting again does not begin another chain.
    db.db.migrate().unwrap();
    refused("removed, and migrated");
}
