//! A classification: loaded as a whole or not at all, part of what a recommendation was computed from, and gone without a trace.

use std::path::PathBuf;

use wangjia::app::occupations::{Counts, LoadError, Loaded, Step, clear, counts, load, match_names, unmapped_names};
use wangjia::app::recommendations::{for_pair, for_resident};
use wangjia::app::setup;
use wangjia::db::skills::{self, unmapped};
use wangjia::db::{posting_lists, resident_lists};
use wangjia::domain::codes::Importance;

use super::recommendations::{today, town};
use crate::db::fixtures::time;
use crate::support::{TestDb, on_both};

const FILE: &str = "code,name,definition\n\
    1-01,纺织人员,\n\
    1-01-01,织布工L,看管喷气织机等织机挡车，巡回看台，把经纱和纬纱织造成布匹，用于纺织。\n\
    1-01-02,纺纱工,看管细纱机，把棉条纺成纱线。\n\
    2-01-01,收银员,收取货款，开具票据。\n";

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[track_caller]
fn loaded(db: &TestDb, text: &str) -> Loaded {
    load(&db.db, text.as_bytes(), "occupations.csv").unwrap()
}

fn loading_replaces_the_whole_or_nothing(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    assert_eq!(counts(&db.db).unwrap(), Counts { rows: 0, defined: 0 });
    assert_eq!(loaded(db, FILE), Loaded { added: 4, ..Loaded::default() });
    assert_eq!(loaded(db, FILE), Loaded { unchanged: 4, ..Loaded::default() }, "the same file again");
    let other =
        "code,name,definition\n1-01-01,织布工,织布。\n1-01-02,纺纱工,看管细纱机，把棉条纺成纱线。\n3,电工,接线。\n";
    assert_eq!(loaded(db, other), Loaded { added: 1, changed: 1, removed: 2, unchanged: 1 });
    let refused = load(&db.db, "code,name,definition\n1,织布工,织布\n1,电工,接线\n".as_bytes(), "o.csv");
    assert!(matches!(&refused, Err(LoadError::Faults(faults)) if faults.len() == 1), "{refused:?}");
    assert_eq!(counts(&db.db).unwrap(), Counts { rows: 3, defined: 3 }, "a refused file changes nothing");
    assert_eq!(clear(&db.db).unwrap(), 3);
    assert_eq!(counts(&db.db).unwrap().rows, 0);
}

fn names_are_matched_by_each_step(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let asked = names(&["平缝", "急招平车工", "景航服装整烫工", "巡回看台", ""]);
    let of = |n| {
        let found = match_names(&db.db, &asked, n).unwrap();
        assert_eq!(found.iter().map(|name| name.name.clone()).collect::<Vec<_>>(), asked);
        found
    };
    let first = |n: usize| of(3)[n].skills.first().map(|skill| (skill.code.clone(), skill.step));
    assert_eq!(first(0), Some(("flat_seam".into(), Step::Exact)));
    assert_eq!(first(1), Some(("flat_seam".into(), Step::Alias)));
    assert_eq!(first(2).map(|(_, step)| step), Some(Step::Fuzzy));
    assert_eq!(first(3), None, "nothing says so yet");
    assert!(of(3).iter().all(|name| name.occupations.is_empty()));
    let before = of(3);

    loaded(db, FILE);
    let by_meaning = first(3);
    assert_eq!(by_meaning, Some(("weaving".into(), Step::Meaning)));
    assert_eq!(of(3)[3].occupations[0], ("1-01-01".to_owned(), "织布工".to_owned()));
    for (with, without) in of(3).into_iter().zip(before).take(3) {
        assert_eq!(with.skills.first(), without.skills.first(), "what is known stays first");
    }
    assert!(of(1).iter().all(|name| name.skills.len() <= 1));
}

fn the_queue_is_matched_most_frequent_first(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    db.write(|conn| unmapped::note(conn, "巡回看台", "巡回看台", 2, time()));
    db.write(|conn| unmapped::note(conn, "星际领航", "星际领航", 5, time()));
    assert_eq!(unmapped_names(&db.db).unwrap(), ["星际领航", "巡回看台"]);
}

fn a_recommendation_names_the_classification_in_its_hash_and_counts_its_hints_little(db: &TestDb) {
    let town = town(db);
    let (resident, posting) = (town.residents[0], town.postings[0]);
    db.write(|conn| {
        let weaving = skills::by_code(conn, "weaving")?.map(|skill| skill.id);
        let held = resident_lists::skills::ResidentSkill {
            resident_id: resident,
            skill_id: None,
            name: "巡回看台".into(),
            normalised: "巡回看台".into(),
            level: 3,
            months: None,
        };
        resident_lists::skills::insert_all(conn, &[held])?;
        let asked = posting_lists::skills::PostingSkill {
            posting_id: posting,
            skill_id: weaving,
            name: "织布".into(),
            normalised: "织布".into(),
            importance: Importance::Nice,
            level: 3,
        };
        posting_lists::skills::insert_all(conn, &[asked])
    });
    let weaving = || {
        let (source, pair) = for_pair(&db.db, resident, posting, today()).unwrap();
        let asked = *pair.explanation.skills.iter().find(|m| m.importance == Importance::Nice).unwrap();
        (source.input_hash, asked.points, asked.met)
    };
    let before = weaving();
    assert_eq!((before.1, before.2), (0, false));
    loaded(db, FILE);
    let with = weaving();
    assert!((2_000..=2_400).contains(&with.1) && !with.2, "{with:?}");
    assert_ne!(with.0, before.0, "another input");
    loaded(db, &FILE.replace("布匹", "布"));
    assert_ne!(weaving().0, with.0);
    let lines: Vec<&str> = FILE.lines().collect();
    loaded(db, &[lines[0], lines[4], lines[2], lines[3], lines[1]].join("\n"));
    assert_eq!(weaving(), with, "the order of the file does not matter");
    clear(&db.db).unwrap();
    assert_eq!(weaving(), before, "without it everything is as before");
    assert_eq!(for_resident(&db.db, resident, 5, today()).unwrap().source.input_hash, before.0);
}

/// The national classification, where the data of third parties is at hand.
fn the_national_classification_loads(db: &TestDb) {
    let folder = std::env::var_os("WANGJIA_TEST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let file = folder.join("occupations/occupations_2022.csv");
    let Ok(bytes) = std::fs::read(&file) else {
        println!("not run: the national classification is not on this machine; the one written here stands in");
        return;
    };
    setup::migrate(&db.db).unwrap();
    let first = load(&db.db, &bytes, "occupations_2022.csv").unwrap();
    assert!(first.added > 2_000 && first == Loaded { added: first.added, ..Loaded::default() }, "{first:?}");
    let again = load(&db.db, &bytes, "occupations_2022.csv").unwrap();
    assert_eq!(again, Loaded { unchanged: first.added, ..Loaded::default() });
    let counts = counts(&db.db).unwrap();
    assert!(counts.defined > 1_500 && counts.defined < counts.rows, "{counts:?}");
    let found = match_names(&db.db, &names(&["织布", "电焊", "经纱纬纱织成织物"]), 5).unwrap();
    assert_eq!(found[0].occupations[0].1, "织布工");
    assert_eq!(
        found[1].skills.iter().map(|skill| (skill.step, skill.points)).collect::<Vec<_>>(),
        [(Step::Exact, 10_000)]
    );
    assert!(found.iter().flat_map(|name| &name.occupations).all(|(_, name)| !name.ends_with(['S', 'L'])));
    assert!(found[2].skills.iter().any(|skill| skill.code == "weaving"), "{:?}", found[2]);
}

on_both!(
    loading_replaces_the_whole_or_nothing,
    names_are_matched_by_each_step,
    the_queue_is_matched_most_frequent_first,
    a_recommendation_names_the_classification_in_its_hash_and_counts_its_hints_little,
    the_national_classification_loads,
);
