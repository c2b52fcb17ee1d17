//! The vocabulary in the database: skills, aliases, links, and names waiting for a meaning.

use wangjia::db::resident_lists::skills::{self as resident_skills, ResidentSkill};
use wangjia::db::skills::{self, SkillData, aliases, links, unmapped};
use wangjia::db::{DbError, Page};
use wangjia::domain::codes::SkillLinkKind;

use super::fixtures::*;
use crate::support::{TestDb, on_both};

on_both!(skills_aliases_links, a_name_is_mapped_once);

fn skill(code: &str) -> SkillData {
    SkillData {
        code: code.into(),
        category: "garment".into(),
        name_zh: "平缝".into(),
        name_en: "flat sewing".into(),
        occupation_code: Some("6-05-01-01".into()),
    }
}

fn skills_aliases_links(db: &TestDb) {
    let ids = db.write(|conn| skills::insert_all(conn, &[skill("flat"), skill("overlock")]));
    assert_eq!(db.read(|conn| skills::by_code(conn, "flat")).map(|row| row.data), Some(skill("flat")));
    assert_eq!(db.read(|conn| skills::page(conn, Some("garment"), Page::first(1)))[0].id, ids[0]);
    assert_eq!(db.read(|conn| skills::page(conn, Some("kitchen"), Page::first(1))), []);
    let renamed = SkillData { occupation_code: None, ..skill("flat") };
    assert_eq!(db.write(|conn| skills::update(conn, ids[0], 1, &renamed)), 2);

    let alias = |skill_id| aliases::AliasData { skill_id, alias: "平车".into(), normalised: "平车".into() };
    let alias_id = db.write(|conn| aliases::insert(conn, &alias(ids[0])));
    let second_meaning = db.db.write(|conn| aliases::insert(conn, &alias(ids[1])));
    assert!(matches!(second_meaning, Err(DbError::Conflict(_))), "{second_meaning:?}");
    assert_eq!(db.read(|conn| aliases::by_normalised(conn, "平车")).map(|row| row.id), Some(alias_id));
    assert_eq!(db.read(|conn| aliases::of_skill(conn, ids[0])).len(), 1);

    let link =
        links::LinkData { from_skill_id: ids[0], to_skill_id: ids[1], kind: SkillLinkKind::Related, points: 6000 };
    let link_id = db.write(|conn| links::insert(conn, &link));
    assert_eq!(db.read(|conn| links::get(conn, link_id)).data, link);
    let kept = db.db.write(|conn| skills::delete(conn, ids[1], 1));
    assert!(matches!(kept, Err(DbError::Conflict(_))), "{kept:?}");
    db.write(|conn| {
        links::delete(conn, link_id)?;
        aliases::delete(conn, alias_id)?;
        skills::delete(conn, ids[1], 1)
    });
    assert_eq!(db.read(skills::all).len(), 1);
}

fn a_name_is_mapped_once(db: &TestDb) {
    let (person, skill_id) = db.write(|conn| Ok((stored_resident(conn, 1)?, skills::insert(conn, &skill("flat"))?)));
    let named = ResidentSkill {
        resident_id: person,
        skill_id: None,
        name: "平机".into(),
        normalised: "平机".into(),
        level: 2,
        months: None,
    };
    db.write(|conn| {
        resident_skills::insert_all(conn, std::slice::from_ref(&named))?;
        unmapped::note(conn, "平机", "平机", 1, time())?;
        unmapped::note(conn, "平 机", "平机", 2, time())
    });
    let waiting = db.read(|conn| unmapped::page(conn, Page::first(9)));
    assert_eq!((waiting.len(), waiting[0].name.as_str(), waiting[0].times_seen), (1, "平机", 3));
    assert_eq!(db.read(|conn| unmapped::get(conn, waiting[0].id)), waiting[0]);
    assert_eq!(db.write(|conn| unmapped::map(conn, "平机", skill_id)), (1, 0));
    assert_eq!(db.read(resident_skills::all), [ResidentSkill { skill_id: Some(skill_id), ..named }]);
    assert_eq!(db.read(|conn| unmapped::page(conn, Page::first(9))), []);
}
