//! Sealing: what is stored cannot be read, changed or moved unnoticed, and the keys are kept.

use std::os::unix::fs::PermissionsExt;

use diesel::prelude::*;
use diesel::sql_types::Text;
use wangjia::db::seal::{IndexField, SealError, Sealed, SealedColumn};
use wangjia::db::{AnyConnection, Keyring};

use super::fixtures::{id_number, phone, stored_resident};
use crate::support::{TestDb, keys};

const COLUMN: SealedColumn = SealedColumn::ResidentIdNumber;

#[test]
fn sealed_values_open_for_their_column_only() {
    let keys = keys();
    for text in ["", "529900199001011234", "备注 · 𬱖", &"长".repeat(10_000)] {
        let sealed = keys.seal_text(COLUMN, text).unwrap();
        assert_eq!(*keys.open_text(COLUMN, &sealed).unwrap(), text);
        for column in SealedColumn::ALL.iter().filter(|column| **column != COLUMN) {
            assert!(matches!(keys.open(*column, &sealed), Err(SealError::DoesNotOpen(_))));
        }
    }
}

#[test]
fn equal_values_are_sealed_differently() {
    let keys = keys();
    assert_ne!(keys.seal_text(COLUMN, "a").unwrap(), keys.seal_text(COLUMN, "a").unwrap());
}

/// Every bit of a sealed value, flipped, and every shorter prefix: none opens.
#[test]
fn a_changed_value_does_not_open() {
    let keys = keys();
    let sealed = keys.seal_text(COLUMN, "529900199001011234").unwrap().as_bytes().to_vec();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(keys.open(COLUMN, &Sealed::from_bytes(changed)).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(keys.open(COLUMN, &Sealed::from_bytes(sealed[..length].to_vec())).is_err(), "length {length}");
    }
}

#[test]
fn old_keys_open_and_the_newest_seals() {
    let index = "1d".repeat(32);
    let old = Keyring::from_text(&format!("seal 1 {}\nindex {index}", "51".repeat(32))).unwrap();
    let both =
        Keyring::from_text(&format!("seal 2 {}\nseal 1 {}\nindex {index}", "52".repeat(32), "51".repeat(32))).unwrap();
    let sealed_before = old.seal_text(COLUMN, "before").unwrap();
    assert_eq!(*both.open_text(COLUMN, &sealed_before).unwrap(), "before");
    let sealed_now = both.seal_text(COLUMN, "now").unwrap();
    assert!(matches!(old.open(COLUMN, &sealed_now), Err(SealError::KeyMissing { key_id: 2, .. })));
    assert_eq!(old.index(IndexField::ResidentPhone, b"1"), both.index(IndexField::ResidentPhone, b"1"));
}

#[test]
fn indexes_depend_on_key_field_and_value() {
    let keys = keys();
    let index = keys.index(IndexField::ResidentIdNumber, b"529900199001011234");
    assert_eq!(index, keys.index(IndexField::ResidentIdNumber, b"529900199001011234"));
    assert_ne!(index, keys.index(IndexField::ResidentPhone, b"529900199001011234"));
    assert_ne!(index, keys.index(IndexField::ResidentIdNumber, b"529900199001011235"));
    assert_ne!(index, Keyring::generate().unwrap().index(IndexField::ResidentIdNumber, b"529900199001011234"));
    let mut pieces = keys.hasher(IndexField::ResidentIdNumber);
    pieces.update(b"529900");
    pieces.update(b"199001011234");
    assert_eq!(index, pieces.finish());
}

/// HMAC-SHA-256 as others compute it: Python's `hmac.new(key, b"residents.id_number\0" + value, "sha256")`.
#[test]
fn the_index_is_plain_hmac() {
    let index = keys().index(IndexField::ResidentIdNumber, b"529900199001011234");
    assert_eq!(index.to_hex(), HMAC_BY_PYTHON);
}

const HMAC_BY_PYTHON: &str = "f6113f440324266bfb2af543a018a56f1e51a39e4689816c4a36db2063bf4cfe";

#[test]
fn key_files_are_private_and_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wangjia.keys");
    let made = Keyring::create_file(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Keyring::create_file(&path), Err(SealError::KeyFileExists(p)) if p == path));
    assert_eq!(std::fs::read(&path).unwrap(), before);

    let loaded = Keyring::load(&path).unwrap();
    let sealed = made.seal_text(COLUMN, "x").unwrap();
    assert_eq!(*loaded.open_text(COLUMN, &sealed).unwrap(), "x");

    for mode in [0o640, 0o604, 0o660] {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        assert!(matches!(Keyring::load(&path), Err(SealError::KeyFileOpen(_))), "{mode:o}");
    }
    assert!(matches!(Keyring::load(&dir.path().join("none")), Err(SealError::KeyFile { .. })));
}

/// Eight starters, one key file: all have the same keys, one made them, nothing else is left in the directory.
#[test]
fn starters_share_one_key_file() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wangjia.key");
        let barrier = std::sync::Barrier::new(8);
        let rings: Vec<(Keyring, bool)> = std::thread::scope(|scope| {
            let starters: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        Keyring::load_or_create(&path).unwrap()
                    })
                })
                .collect();
            starters.into_iter().map(|starter| starter.join().unwrap()).collect()
        });
        assert_eq!(rings.iter().filter(|(_, created)| *created).count(), 1);
        let index = |ring: &Keyring| ring.index(IndexField::KeyCheck, b"same");
        assert!(rings.iter().all(|(ring, _)| index(ring) == index(&rings[0].0)));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn key_lines() {
    let key = "ab".repeat(32);
    #[track_caller]
    fn refused(text: &str, line: Option<usize>) {
        match (Keyring::from_text(text), line) {
            (Err(SealError::KeyLine(at)), Some(line)) => assert_eq!(at, line),
            (Err(SealError::KeysIncomplete), None) => {}
            (other, _) => panic!("{other:?}"),
        }
    }
    assert!(Keyring::from_text(&format!("# note\nseal 255 {key} # new\r\n\nindex {}", key.to_uppercase())).is_ok());
    refused("", None);
    refused(&format!("seal 1 {key}"), None);
    refused(&format!("index {key}"), None);
    refused(&format!("seal 0 {key}\nindex {key}"), Some(1));
    refused(&format!("seal 256 {key}\nindex {key}"), Some(1));
    refused(&format!("seal 1 {key}\nseal 1 {key}\nindex {key}"), Some(2));
    refused(&format!("seal 1 {key}\nindex {key}\nindex {key}"), Some(3));
    refused(&format!("seal 1 {}\nindex {key}", &key[1..]), Some(1));
    refused(&format!("seal 1 {}x\nindex {key}", &key[1..]), Some(1));
    refused("password", Some(1));
}

#[test]
fn nothing_secret_is_printed() {
    let keys = keys();
    let sealed = keys.seal_text(COLUMN, "secret").unwrap();
    let shown = format!("{keys:?} {sealed:?} {:?}", keys.index(IndexField::ResidentPhone, b"secret"));
    assert!(!shown.contains("515151") && !shown.contains("1d1d1d") && !shown.contains("secret"), "{shown}");
}

/// Planted values are in no byte of the files; the name, which is not sealed, is: so the search finds what is there.
#[test]
fn sqlite_files_hold_no_id_number_or_phone() {
    let db = TestDb::sqlite();
    for n in 0..50 {
        db.write(|conn| stored_resident(conn, n));
    }
    let path = db.file().unwrap();
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("杨·阿7"));
    for n in 0..50 {
        assert!(!holds(&id_number(n)) && !holds(&phone(n)), "{n}");
    }
    assert!(!holds("备注"));
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn postgres_rows_hold_no_id_number_or_phone() {
    let db = TestDb::postgres();
    for n in 0..50 {
        db.write(|conn| stored_resident(conn, n));
    }
    // `residents` is the only table written; bytea prints as hexadecimal.
    let rows = db.read(|conn| match conn {
        AnyConnection::Pg(c) => Ok(diesel::sql_query("SELECT r::text AS line FROM residents r").load::<Line>(c)?),
        AnyConnection::Sqlite(_) => unreachable!("a PostgreSQL test"),
    });
    let text: String = rows.into_iter().map(|row| row.line).collect();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(text.contains("杨·阿7"));
    for n in 0..50 {
        for planted in [id_number(n), phone(n)] {
            assert!(!text.contains(&planted) && !text.contains(&hex(&planted)), "{n}");
        }
    }
}
