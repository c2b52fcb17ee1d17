//! What a change leaves in the audit: old values to be read with the keys only, secrets never.

use serde_json::Value;
use wangjia::app::access::{Object, ObjectKind};
use wangjia::app::audit::{self, Filter, Happened, State};
use wangjia::app::error::AppError;
use wangjia::db::dump::Catalogue;
use wangjia::db::resident_lists::{skills, wishes};
use wangjia::db::{AnyConnection, areas, employers, households, memberships, postings, residents};
use wangjia::domain::codes::*;

use super::{act, at};
use crate::db::fixtures::{self, day, id_number};
use crate::support::{TestDb, keys, on_both};

on_both!(
    a_correction_keeps_the_old_value,
    lists_are_compared_by_what_they_say,
    secrets_show_only_that_they_changed,
    every_kind_of_object_can_be_read,
    every_table_is_known,
);

fn state(conn: &mut AnyConnection, kind: ObjectKind, id: i64) -> Result<Option<State>, AppError> {
    audit::state(conn, &keys(), kind, id)
}

/// What stands as changed in the last entry.
fn changed(db: &TestDb) -> Vec<Value> {
    let entries = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 100, Some(&keys()))).unwrap();
    let detail = entries.last().unwrap().detail.clone().unwrap_or_default();
    detail["changed"].as_array().cloned().unwrap_or_default()
}

fn audited(
    db: &TestDb,
    kind: ObjectKind,
    id: i64,
    mut change: impl FnMut(&mut AnyConnection) -> wangjia::db::DbResult<()>,
) {
    db.db
        .write_in_turn(|conn| -> Result<(), AppError> {
            let before = state(conn, kind, id)?;
            change(conn)?;
            let after = state(conn, kind, id)?;
            let mut act = act(1, "change", id);
            act.object = Object { kind, id: Some(id) };
            audit::append(conn, &keys(), &act, &Happened { before, after, ..Happened::default() }, at(1))?;
            Ok(())
        })
        .unwrap();
}

fn a_correction_keeps_the_old_value(db: &TestDb) {
    let id = db.write(|conn| fixtures::stored_resident(conn, 7));
    let was = db.read(|conn| residents::get(conn, id)).data;
    audited(db, ObjectKind::Resident, id, |conn| {
        let other = fixtures::resident(8);
        let data = residents::ResidentData {
            id_number_cipher: other.id_number_cipher,
            id_number_index: other.id_number_index,
            birth_date: day(1991, 2, 3),
            ..was.clone()
        };
        residents::update(conn, id, 1, &data, at(2)).map(|_| ())
    });
    let mut changes = changed(db);
    changes.sort_by_key(|change| change["column"].as_str().unwrap().to_owned());
    let told: Vec<(&str, &str, &str)> = changes
        .iter()
        .map(|c| (c["column"].as_str().unwrap(), c["old"].as_str().unwrap(), c["new"].as_str().unwrap()))
        .collect();
    let (old, new) = (id_number(7), id_number(8));
    assert_eq!(told, [("birth_date", "1990-01-01", "1991-02-03"), ("id_number_cipher", &old, &new)]);
    // Not without the keys.
    let entries = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 100, None)).unwrap();
    assert!(entries[0].detail.is_none() && entries[0].has_detail && entries[0].changed);
    if let Some(file) = db.file() {
        for suffix in ["", "-wal"] {
            let bytes = std::fs::read(format!("{}{suffix}", file.display())).unwrap();
            assert!(!bytes.windows(18).any(|part| part == old.as_bytes()));
        }
    }
    // The same value sealed again is no change, in the detail and in the hash.
    let is = db.read(|conn| residents::get(conn, id)).data;
    audited(db, ObjectKind::Resident, id, |conn| {
        let again = fixtures::resident(8).id_number_cipher;
        let before = state(conn, ObjectKind::Resident, id).unwrap().unwrap();
        let data = residents::ResidentData { id_number_cipher: again, ..is.clone() };
        residents::update(conn, id, 2, &data, at(2))?;
        let changes = before.changes(&state(conn, ObjectKind::Resident, id).unwrap().unwrap());
        assert_eq!(changes, Vec::<Value>::new());
        Ok(())
    });
    assert_eq!(changed(db), Vec::<Value>::new());
    assert_eq!(audit::verify(&db.db, None).unwrap().fault, None);
}

fn lists_are_compared_by_what_they_say(db: &TestDb) {
    let id = db.write(|conn| fixtures::stored_resident(conn, 1));
    let skill = |name: &str, level| skills::ResidentSkill {
        resident_id: id,
        skill_id: None,
        name: name.into(),
        normalised: name.into(),
        level,
        months: None,
    };
    let wish = |value: &str| wishes::Wish { resident_id: id, kind: WishKind::Industry, value: value.into() };
    db.write(|conn| {
        skills::replace(conn, &[id], &[skill("缝纫", 2), skill("电焊", 3)])?;
        wishes::replace(conn, &[id], &[wish("服装")])
    });
    audited(db, ObjectKind::Resident, id, |conn| {
        skills::replace(conn, &[id], &[skill("缝纫", 2), skill("电焊", 4)])?;
        wishes::replace(conn, &[id], &[wish("服装")])
    });
    let changes = changed(db);
    assert!(changes.iter().all(|change| change["table"] == "resident_skills"), "{changes:?}");
    let level = |key: &str| -> Vec<&str> {
        changes.iter().filter(|c| c["column"] == "level").filter_map(|c| c[key].as_str()).collect()
    };
    assert_eq!((level("old"), level("new")), (vec!["3"], vec!["4"]), "{changes:?}");
    assert!(!changes.iter().any(|change| change["old"] == "缝纫"));
}

fn secrets_show_only_that_they_changed(db: &TestDb) {
    use diesel::prelude::*;
    use wangjia::db::schema::accounts;
    use wangjia::db::seal::SealedColumn;
    let totp = |text: &str| keys().seal_text(SealedColumn::AccountTotp, text).unwrap();
    db.write(|conn| {
        diesel::insert_into(accounts::table)
            .values((
                accounts::login.eq("li.na"),
                accounts::display_name.eq("李娜"),
                accounts::password_hash.eq("$argon2id$first"),
                accounts::totp_cipher.eq(totp("JBSWY3DP")),
                accounts::must_change_password.eq(false),
                accounts::version.eq(1),
                accounts::created_at.eq(at(0)),
                accounts::updated_at.eq(at(0)),
            ))
            .execute(conn)?;
        Ok(())
    });
    let id: i64 = db.read(|conn| Ok(accounts::table.select(accounts::id).first(conn)?));
    audited(db, ObjectKind::Account, id, |conn| {
        diesel::update(accounts::table.find(id))
            .set((
                accounts::password_hash.eq("$argon2id$second"),
                accounts::totp_cipher.eq(totp("KRSXG5CT")),
                accounts::display_name.eq("李娜娜"),
            ))
            .execute(conn)?;
        Ok(())
    });
    let changes = changed(db);
    let text = Value::from(changes.clone()).to_string();
    for secret in ["argon2id", "JBSWY3DP", "KRSXG5CT"] {
        assert!(!text.contains(secret), "{text}");
    }
    for column in ["password_hash", "totp_cipher"] {
        assert!(changes.iter().any(|change| change["column"] == column && change.get("old").is_none()), "{text}");
    }
    assert!(changes.iter().any(|change| change["old"] == "李娜" && change["new"] == "李娜娜"), "{text}");
    // The same secret sealed again has not changed.
    let before = db.db.read(|conn| state(conn, ObjectKind::Account, id)).unwrap().unwrap();
    db.write(|conn| {
        Ok(diesel::update(accounts::table).set(accounts::totp_cipher.eq(totp("KRSXG5CT"))).execute(conn)?)
    });
    let after = db.db.read(|conn| state(conn, ObjectKind::Account, id)).unwrap().unwrap();
    assert_eq!(before.hash(&keys()), after.hash(&keys()));
    assert_eq!(format!("{after:?}"), "State(1 rows)");
}

const KINDS: [ObjectKind; 27] = [
    ObjectKind::Area,
    ObjectKind::Household,
    ObjectKind::Resident,
    ObjectKind::Spell,
    ObjectKind::Barrier,
    ObjectKind::CareDuty,
    ObjectKind::Exemption,
    ObjectKind::Decline,
    ObjectKind::Employer,
    ObjectKind::Posting,
    ObjectKind::Skill,
    ObjectKind::UnmappedName,
    ObjectKind::Run,
    ObjectKind::Plan,
    ObjectKind::Pin,
    ObjectKind::Import,
    ObjectKind::Job,
    ObjectKind::Setting,
    ObjectKind::Account,
    ObjectKind::Session,
    ObjectKind::Consent,
    ObjectKind::Introduction,
    ObjectKind::Approval,
    ObjectKind::Visit,
    ObjectKind::Concern,
    ObjectKind::Audit,
    ObjectKind::Service,
];

fn every_kind_of_object_can_be_read(db: &TestDb) {
    for kind in KINDS {
        assert_eq!(db.db.read(|conn| state(conn, kind, 1)).unwrap(), None, "{kind:?}");
    }
    db.write(|conn| {
        let building = fixtures::building(conn)?;
        let household = households::insert(conn, &fixtures::household(building, 1), at(0))?;
        let resident = fixtures::stored_resident(conn, 1)?;
        let member = memberships::MembershipData {
            household_id: household,
            resident_id: resident,
            relation: Relation::Head,
            valid_from: None,
            valid_until: None,
        };
        memberships::insert_all(conn, &[member])?;
        fixtures::stored_posting(conn, 3)?;
        Ok(())
    });
    // An area, a household with its member, a resident, an employer, a posting; hashes are the same on both databases.
    for (kind, rows) in [
        (ObjectKind::Area, 1),
        (ObjectKind::Household, 2),
        (ObjectKind::Resident, 1),
        (ObjectKind::Employer, 1),
        (ObjectKind::Posting, 1),
    ] {
        let state = db.db.read(|conn| state(conn, kind, 1)).unwrap().unwrap();
        assert_eq!(format!("{state:?}"), format!("State({rows} rows)"), "{kind:?}");
        let other = if db.is_postgres() { TestDb::sqlite() } else { TestDb::postgres() };
        other.write(|conn| {
            let building = fixtures::building(conn)?;
            let household = households::insert(conn, &fixtures::household(building, 1), at(0))?;
            fixtures::stored_resident(conn, 1)?;
            memberships::insert_all(
                conn,
                &[memberships::MembershipData {
                    household_id: household,
                    resident_id: 1,
                    relation: Relation::Head,
                    valid_from: None,
                    valid_until: None,
                }],
            )?;
            fixtures::stored_posting(conn, 3)?;
            Ok(())
        });
        let there = other.db.read(|conn| audit::state(conn, &keys(), kind, 1)).unwrap().unwrap();
        assert_eq!(state.hash(&keys()), there.hash(&keys()), "{kind:?}");
    }
    assert!(db.read(areas::all).len() == 3 && db.read(employers::all).len() == 1);
    assert_eq!(db.read(postings::all).len(), 1);
}

/// Tables, columns and references are the same whichever database is asked.
fn every_table_is_known(db: &TestDb) {
    let other = if db.is_postgres() { TestDb::sqlite() } else { TestDb::postgres() };
    let here = db.read(Catalogue::of);
    assert_eq!(*here, *other.read(Catalogue::of));
    assert!(here.tables().count() > 55, "{}", here.tables().count());
    let order: Vec<&str> = here.in_order().iter().map(|table| table.name.as_str()).collect();
    for table in here.tables() {
        let place = |name: &str| order.iter().position(|other| *other == name).unwrap();
        assert!(!table.key().is_empty(), "{}", table.name);
        for other in table.refers_to.iter().filter(|other| **other != table.name) {
            assert!(place(other) < place(&table.name), "{} before {other}", table.name);
        }
    }
}
