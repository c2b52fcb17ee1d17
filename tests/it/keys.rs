//! New keys for old: while others write, stopped half way, killed; no value is ever lost.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use wangjia::app::audit::{self, Happened};
use wangjia::app::backup;
use wangjia::app::error::AppError;
use wangjia::app::keys as use_case;
use wangjia::db::residents::{self, ResidentData};
use wangjia::db::seal::{IndexField, SealError, SealedColumn};
use wangjia::db::{DatabaseUrl, Db, DbError, Keyring};

use crate::audit::{act, at};
use crate::db::fixtures::{id_number, phone, resident};
use crate::support::command::{json, text, wangjia};
use crate::support::{TestDb, keys};

/// A key file with the keys of the tests' databases.
fn key_file(folder: &Path) -> PathBuf {
    let path = folder.join("wangjia.key");
    std::fs::write(&path, format!("seal 1 {}\nindex {}\n", "51".repeat(32), "1d".repeat(32))).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    path
}

fn sealed_resident(keys: &Keyring, n: u32) -> ResidentData {
    ResidentData {
        id_number_index: keys.index(IndexField::ResidentIdNumber, id_number(n).as_bytes()),
        phone_index: Some(keys.index(IndexField::ResidentPhone, phone(n).as_bytes())),
        id_number_cipher: keys.seal_text(SealedColumn::ResidentIdNumber, &id_number(n)).unwrap(),
        phone_cipher: Some(keys.seal_text(SealedColumn::ResidentPhone, &phone(n)).unwrap()),
        note_cipher: Some(keys.seal_text(SealedColumn::ResidentNote, &format!("备注 {n}")).unwrap()),
        ..resident(n)
    }
}

fn add(db: &Db, numbers: std::ops::Range<u32>) {
    let rows: Vec<ResidentData> = numbers.map(|n| sealed_resident(db.keys(), n)).collect();
    db.write(|conn| residents::insert_all(conn, &rows, at(0))).unwrap();
}

/// Every value opens and says what it said; gives the keys they are under.
#[track_caller]
fn opened(db: &Db, count: usize) -> BTreeSet<u8> {
    let rows = db.read(residents::all).unwrap();
    assert_eq!(rows.len(), count);
    let mut ids = BTreeSet::new();
    for row in rows {
        let open =
            |column, sealed: &wangjia::db::seal::Sealed| db.keys().open_text(column, sealed).unwrap().to_string();
        let number = open(SealedColumn::ResidentIdNumber, &row.data.id_number_cipher);
        assert_eq!(db.keys().index(IndexField::ResidentIdNumber, number.as_bytes()), row.data.id_number_index);
        let n: u32 = number[14..].parse().unwrap();
        assert_eq!(open(SealedColumn::ResidentPhone, row.data.phone_cipher.as_ref().unwrap()), phone(n));
        assert_eq!(open(SealedColumn::ResidentNote, row.data.note_cipher.as_ref().unwrap()), format!("备注 {n}"));
        ids.extend([row.data.id_number_cipher, row.data.phone_cipher.unwrap()].map(|sealed| sealed.as_bytes()[1]));
    }
    ids
}

fn under(db: &Db, id: u8) -> i64 {
    use_case::list(db).unwrap().iter().find(|key| key.id == id).map_or(0, |key| key.values)
}

fn go_on(_: use_case::Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn rotation_beside_a_writer(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(folder.path());
    let open = || Db::open_existing(&db.url, Keyring::load(&path).unwrap()).unwrap();
    let (rotating, serving) = (open(), open());
    add(&rotating, 0..600);
    rotating
        .write_in_turn(|conn| {
            for n in 0..30 {
                let mut act = act(1, "read", n);
                act.reason = Some(format!("核实 {n}"));
                audit::append(conn, rotating.keys(), &act, &Happened::default(), at(n))?;
            }
            Ok::<_, AppError>(())
        })
        .unwrap();
    let before = audit::verify(&rotating, None).unwrap();
    let (stop, written) = (AtomicBool::new(false), AtomicU32::new(0));
    let rotated = std::thread::scope(|scope| {
        scope.spawn(|| {
            // New people and corrections of a hundred old ones, by a program that was started with the old key. The others
            // are the rotation's alone, however slow it is beside this.
            for n in 600..5_000_u32 {
                add(&serving, n..n + 1);
                let id = i64::from(n % 100 + 1);
                serving
                    .write(|conn| {
                        let row = residents::get(conn, id)?;
                        let number: u32 =
                            serving.keys().open_text(SealedColumn::ResidentIdNumber, &row.data.id_number_cipher)?[14..]
                                .parse()
                                .unwrap();
                        let data = sealed_resident(serving.keys(), number);
                        residents::update(conn, id, row.version, &data, at(1))
                    })
                    .unwrap();
                written.store(n - 599, Ordering::Relaxed);
                if stop.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        while written.load(Ordering::Relaxed) < 5 {
            std::thread::yield_now();
        }
        let rotated = use_case::rotate(&rotating, at(2), &mut go_on).unwrap();
        stop.store(true, Ordering::Relaxed);
        rotated
    });
    assert_eq!((rotated.key, rotated.added, rotated.left), (2, true, 0));
    assert!(rotated.values >= 500 * 3, "{rotated:?}");
    let count = 600 + written.load(Ordering::Relaxed) as usize;
    assert_eq!(opened(&rotating, count), BTreeSet::from([2]));
    assert_eq!((under(&rotating, 1), serving.keys().seal_ids()), (0, vec![1, 2]));
    // The chain is what it was, its details under the new key; two entries tell of the rotation.
    let noted = audit::Noted { seq: before.last_seq, hash: before.last_hash };
    let after = audit::verify(&rotating, Some(&noted)).unwrap();
    assert_eq!((after.fault, after.entries), (None, before.entries + 2));

    // The old key may go; a program still running knows it, and what it seals is under the new one.
    assert!(matches!(use_case::retire(&rotating, 2, at(3)), Err(AppError::Db(DbError::Seal(SealError::KeyInUse(2))))));
    assert!(matches!(use_case::retire(&rotating, 7, at(3)), Err(AppError::Db(DbError::Seal(SealError::KeyInUse(7))))));
    let aside = use_case::retire(&rotating, 1, at(3)).unwrap();
    assert_eq!(std::fs::metadata(&aside).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Keyring::load(&aside).unwrap().seal_ids(), [1]);
    add(&serving, 9_000..9_001);
    assert_eq!(opened(&open(), count + 1), BTreeSet::from([2]));
    assert!(matches!(Db::open_existing(&db.url, keys()), Err(DbError::WrongKeys)), "the old key alone");
}

#[test]
fn rotation_beside_a_writer_on_sqlite() {
    rotation_beside_a_writer(&TestDb::sqlite());
}

#[test]
fn rotation_beside_a_writer_on_postgres() {
    rotation_beside_a_writer(&TestDb::postgres());
}

fn a_stopped_rotation_goes_on(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(folder.path());
    let open = || Db::open_existing(&db.url, Keyring::load(&path).unwrap()).unwrap();
    add(&open(), 0..500);
    for stop_after in [1, 1, 3, 2] {
        let mut batches = 0;
        let stopped = use_case::rotate(&open(), at(1), &mut |progress| {
            assert!(progress.done <= progress.all);
            batches += 1;
            if batches == stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(matches!(stopped, Err(AppError::Cancelled)), "{stopped:?}");
        assert_eq!(opened(&open(), 500).last(), Some(&2));
        assert_eq!(open().keys().seal_ids(), [1, 2], "no further key while one rotation is unfinished");
    }
    let rotated = use_case::rotate(&open(), at(2), &mut go_on).unwrap();
    assert_eq!((rotated.key, rotated.added, rotated.left), (2, false, 0));
    assert_eq!(opened(&open(), 500), BTreeSet::from([2]));
    // The next one is a new one.
    let rotated = use_case::rotate(&open(), at(3), &mut go_on).unwrap();
    assert_eq!((rotated.key, rotated.added, rotated.left), (3, true, 0));
    assert_eq!(opened(&open(), 500), BTreeSet::from([3]));
}

#[test]
fn a_stopped_rotation_goes_on_on_sqlite() {
    a_stopped_rotation_goes_on(&TestDb::sqlite());
}

#[test]
fn a_stopped_rotation_goes_on_on_postgres() {
    a_stopped_rotation_goes_on(&TestDb::postgres());
}

/// `kill -9` at random moments, again and again, until a rotation has run to its end between two kills.
#[test]
fn a_killed_rotation_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    let path = folder.path().join("wangjia.key");
    let url = DatabaseUrl::sqlite(folder.path().join("wangjia.db"));
    let open = || Db::open_existing(&url, Keyring::load(&path).unwrap()).unwrap();
    add(&open(), 0..4_000);
    let old = open().keys().seal_ids();
    let started = Instant::now();
    let mut killed = 0_u32;
    let mut finished = 0;
    while killed < 12 {
        assert!(started.elapsed() < Duration::from_secs(300), "{killed} kills");
        let mut child = Command::new(env!("CARGO_BIN_EXE_wangjia"))
            .args(["keys", "rotate"])
            .current_dir(folder.path())
            .env_remove("DATABASE_URL")
            .env_remove("WANGJIA_KEYS")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_millis(rand::random_range(5..400));
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        match child.try_wait().unwrap() {
            Some(status) => {
                assert!(status.success());
                finished += 1;
            }
            None => {
                child.kill().unwrap();
                child.wait().unwrap();
                killed += 1;
            }
        }
        opened(&open(), 4_000);
        let ids = open().keys().seal_ids();
        assert!(ids.len() <= old.len() + 1 + finished, "a killed rotation is gone on with: {ids:?}");
    }
    assert!(wangjia(folder.path(), &["keys", "rotate"]).status.success());
    let newest = *open().keys().seal_ids().last().unwrap();
    assert_eq!(opened(&open(), 4_000), BTreeSet::from([newest]));
    let report = json(&wangjia(folder.path(), &["keys", "list", "--json"]));
    for key in report.as_array().unwrap() {
        assert_eq!(key["values"].as_i64() == Some(0), key["newest"] == false, "{report}");
    }
    assert!(wangjia(folder.path(), &["audit", "verify"]).status.success());
    // Whoever was killed while writing the key file left no keys about, once another has changed it.
    std::fs::write(folder.path().join("wangjia.key.new-1-00000000"), "seal 1").unwrap();
    assert!(wangjia(folder.path(), &["keys", "rotate"]).status.success());
    let names =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.contains(".new-")).count(), 0);
}

#[test]
fn backups_under_an_old_key_open_while_it_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(folder.path());
    let source = TestDb::sqlite();
    let db = Db::open_existing(&source.url, Keyring::load(&path).unwrap()).unwrap();
    add(&db, 0..20);
    let file = folder.path().join("old.wjb");
    backup::backup(&db, &file, at(0)).unwrap();
    use_case::rotate(&db, at(1), &mut go_on).unwrap();
    let restored = |name: &str, keys: &Keyring| {
        let url = DatabaseUrl::sqlite(folder.path().join(name));
        backup::restore(&url, keys, &file, at(2)).map(|_| Db::open_existing(&url, keys.clone()).unwrap())
    };
    let early = restored("early.db", db.keys()).unwrap();
    assert_eq!(opened(&early, 20), BTreeSet::from([1]));
    let aside = use_case::retire(&db, 1, at(3)).unwrap();
    let now = Keyring::load(&path).unwrap();
    assert!(restored("late.db", &now).unwrap_err().text().unwrap().en.contains("key 1"));
    // With the file put aside it still opens.
    assert_eq!(opened(&restored("late.db", &Keyring::load(&aside).unwrap()).unwrap(), 20), BTreeSet::from([1]));
}

#[test]
fn wrong_keys_are_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    Keyring::create_file(&folder.path().join("other.key")).unwrap();
    let other = std::fs::read(folder.path().join("other.key")).unwrap();
    for args in [
        &["keys", "rotate"][..],
        &["keys", "list"],
        &["keys", "retire", "1"],
        &["backup", "x.wjb"],
        &["audit", "verify"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let output = wangjia(folder.path(), &[args, &["--key-file", "other.key"]].concat());
        assert!(!output.status.success(), "{args:?}");
        if args[0] != "serve" {
            assert!(text(&output.stderr).contains("密钥与此数据库不符"), "{args:?}: {}", text(&output.stderr));
        }
    }
    assert_eq!(std::fs::read(folder.path().join("other.key")).unwrap(), other);
    assert!(!folder.path().join("x.wjb").exists());
}

#[test]
fn keys_of_the_environment_are_the_operators_to_change() {
    let folder = tempfile::tempdir().unwrap();
    assert!(wangjia(folder.path(), &["migrate"]).status.success());
    let lines = std::fs::read_to_string(folder.path().join("wangjia.key")).unwrap();
    let lines: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
    let rotate = |keys: &str| {
        Command::new(env!("CARGO_BIN_EXE_wangjia"))
            .args(["keys", "rotate", "--json", "--lang", "en"])
            .current_dir(folder.path())
            .env_remove("DATABASE_URL")
            .env("WANGJIA_KEYS", keys)
            .output()
            .unwrap()
    };
    let refused = rotate(&lines.join(";"));
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused.stderr);
    assert!(
        said.contains("WANGJIA_KEYS") && !lines.iter().any(|line| said.contains(line.split(' ').next_back().unwrap()))
    );
    let rotated = json(&rotate(&format!("{};seal 2 {}", lines.join(";"), "ab".repeat(32))));
    assert_eq!(
        (rotated["key"].as_i64(), rotated["added"].as_bool(), rotated["left"].as_i64()),
        (Some(2), Some(false), Some(0))
    );
    // Without the old one.
    let alone = format!("seal 2 {};{}", "ab".repeat(32), lines.iter().find(|line| line.starts_with("index")).unwrap());
    assert_eq!(rotate(&alone).status.code(), Some(1), "there is nothing left to seal again");
}

/// Several programs that add and retire at once: every key given out stays somewhere.
#[test]
fn no_key_is_lost_among_those_who_change_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(folder.path());
    let sealed: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|n| {
                let path = &path;
                scope.spawn(move || {
                    let mut sealed = Vec::new();
                    for _ in 0..8 {
                        let keys = Keyring::load(path).unwrap();
                        keys.add_seal_key().unwrap();
                        sealed.push(keys.seal_text(SealedColumn::ResidentNote, &format!("{n}")).unwrap());
                    }
                    sealed
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let keys = Keyring::load(&path).unwrap();
    assert_eq!(keys.seal_ids(), (1..=49).collect::<Vec<u8>>());
    for value in sealed {
        keys.open(SealedColumn::ResidentNote, &value).unwrap();
    }
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // A file with other keys is never taken, nor changed.
    std::fs::remove_file(&path).unwrap();
    Keyring::create_file(&path).unwrap();
    assert!(matches!(keys.add_seal_key(), Err(SealError::KeysReplaced(_))));
    assert_eq!(keys.seal_text(SealedColumn::ResidentNote, "x").unwrap().as_bytes()[1], 49);
}
