//! What is kept of the vocabulary for the next snapshot is never another one's: a change is seen within its transaction, after it
//! was taken back, and whoever made it.

use diesel::prelude::*;
use wangjia::app::error::AppError;
use wangjia::app::{Connection, setup, skills, vocabulary};
use wangjia::db::Db;
use wangjia::db::skills as rows;

use crate::support::{TestDb, on_both};

const NAME: &str = "巡回看台";

/// The code of the skill a name means, for names alone and for snapshots.
fn meaning(conn: &mut Connection, name: &str) -> Result<[Option<String>; 2], AppError> {
    let vocabulary = vocabulary::load(conn)?;
    let alone = vocabulary.resolve(name).and_then(|skill| vocabulary.entry(skill)).map(|entry| entry.code.clone());
    let mut snapshot = vocabulary::load_for_snapshot(conn)?;
    let known = snapshot.names();
    let skill = snapshot.skill(None, name).0 as usize;
    let codes = |row: rows::SkillRow| (row.data.name_zh, row.data.code);
    let codes: std::collections::HashMap<String, String> = rows::all(conn)?.into_iter().map(codes).collect();
    Ok([alone, known.get(skill).and_then(|(zh, _)| codes.get(zh)).cloned()])
}

fn code(code: &str) -> [Option<String>; 2] {
    [Some(code.to_owned()), Some(code.to_owned())]
}

fn id_of(conn: &mut Connection, code: &str) -> i64 {
    rows::by_code(conn, code).unwrap().unwrap().id
}

fn a_change_is_seen_in_its_transaction_and_gone_with_it(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    assert_eq!(db.db.read(|conn| meaning(conn, NAME)).unwrap(), [None, None]);
    let undone: Result<(), AppError> = db.db.write(|conn| {
        let weaving = id_of(conn, "weaving");
        skills::add_alias(conn, weaving, NAME)?;
        assert_eq!(meaning(conn, NAME)?, code("weaving"));
        Err(AppError::Cancelled)
    });
    assert!(matches!(undone, Err(AppError::Cancelled)));
    assert_eq!(db.db.read(|conn| meaning(conn, NAME)).unwrap(), [None, None]);
    // On SQLite the row has the number of the one that was taken back.
    let set: Result<(), AppError> = db.db.write(|conn| {
        let seam = id_of(conn, "flat_seam");
        skills::add_alias(conn, seam, NAME).map(drop)
    });
    set.unwrap();
    assert_eq!(db.db.read(|conn| meaning(conn, NAME)).unwrap(), code("flat_seam"));
}

fn what_another_process_changes_is_seen(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let other = Db::open_existing(&db.url, crate::support::keys()).unwrap();
    let added: Result<i64, AppError> = other.write(|conn| {
        let weaving = id_of(conn, "weaving");
        Ok(skills::add_alias(conn, weaving, NAME)?.id)
    });
    let alias = added.unwrap();
    assert_eq!(db.db.read(|conn| meaning(conn, NAME)).unwrap(), code("weaving"));
    // Neither number nor count of rows moves.
    let moved: Result<(), AppError> = other.write(|conn| {
        use wangjia::db::schema::skill_aliases;
        let seam = id_of(conn, "flat_seam");
        let row = diesel::update(skill_aliases::table.find(alias));
        row.set(skill_aliases::skill_id.eq(seam)).execute(conn).map_err(anyhow::Error::new)?;
        Ok(())
    });
    moved.unwrap();
    assert_eq!(db.db.read(|conn| meaning(conn, NAME)).unwrap(), code("flat_seam"));
}

fn a_renamed_skill_has_its_new_name(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let name =
        |db: &TestDb| -> Result<[Option<String>; 2], AppError> { db.db.read(|conn| meaning(conn, "云上看台工")) };
    assert_eq!(name(db).unwrap(), [None, None]);
    let renamed: Result<(), AppError> = db.db.write(|conn| {
        let row = rows::by_code(conn, "weaving")?.unwrap();
        let fields = skills::SkillFields { name_zh: "云上看台工".to_owned(), ..row.data };
        skills::update(conn, row.id, row.version, &fields).map(drop)
    });
    renamed.unwrap();
    assert_eq!(name(db).unwrap(), code("weaving"));
}

on_both!(
    a_change_is_seen_in_its_transaction_and_gone_with_it,
    what_another_process_changes_is_seen,
    a_renamed_skill_has_its_new_name,
);
