//! The positions of a garment factory as the trade says them, from the data of third parties where it is at hand.

use std::fs;
use std::path::PathBuf;

use wangjia::engine::vocabulary::builtin_skills;

use super::builtin;

/// Positions of that list that are no skill, with the reason. None: each of them is work somebody can be asked for.
const NO_SKILL: &[(&str, &str)] = &[];

pub(crate) fn data_folder() -> Option<PathBuf> {
    let given = std::env::var_os("WANGJIA_TEST_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    given.or(Some(beside)).filter(|folder| folder.is_dir())
}

/// The column `position` of a tab-separated file with a head; nothing if there is no such column.
fn positions(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let column = lines.next().and_then(|head| head.split('\t').position(|name| name == "position"));
    lines.filter_map(|line| line.split('\t').nth(column?)).map(str::to_owned).collect()
}

/// What a factory makes of the built-in names: workers, pairs, noise around them.
fn generated() -> Vec<String> {
    let garments: Vec<_> = builtin_skills().iter().filter(|s| s.category == "garments").collect();
    let dressed = garments.iter().flat_map(|s| {
        [format!("{}师傅", s.zh), format!("急招{}若干名", s.zh), format!("{}（包吃住）", s.zh), format!("会{}", s.zh)]
    });
    let pairs = garments.iter().flat_map(|s| s.aliases.iter().map(|alias| format!("{}/{alias}", s.zh)));
    dressed.chain(pairs).collect()
}

#[test]
fn every_garment_position_is_known() {
    let vocabulary = builtin();
    let file = data_folder().map(|folder| folder.join("text/garment_positions.tsv")).filter(|file| file.is_file());
    let list = match &file {
        Some(file) => positions(&fs::read_to_string(file).unwrap()),
        None => {
            println!(
                "DATA ABSENT: garment_positions.tsv is not at hand (WANGJIA_TEST_DATA); a generated list is checked instead"
            );
            generated()
        }
    };
    assert!(list.len() >= 28, "{} positions", list.len());
    let unknown: Vec<_> = list
        .iter()
        .filter(|name| NO_SKILL.iter().all(|(no_skill, _)| no_skill != name))
        .filter(|name| vocabulary.resolve(name).is_none())
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn names_made_of_built_in_ones_are_known() {
    let vocabulary = builtin();
    let unknown: Vec<_> = generated().into_iter().filter(|name| vocabulary.resolve(name).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
