//! The tables that ship with the service.

use std::collections::{BTreeMap, BTreeSet};

use wangjia::domain::codes::SkillLinkKind;
use wangjia::engine::vocabulary::{CATEGORIES, builtin_links, builtin_skills, normalise};

use super::builtin;

#[test]
fn holds_the_trades_of_a_park() {
    let skills = builtin_skills();
    let aliases: usize = skills.iter().map(|s| s.aliases.len()).sum();
    println!("{} skills, {aliases} aliases, {} links", skills.len(), builtin_links().count());
    assert!(skills.len() >= 300, "{}", skills.len());
    assert!(aliases >= 900, "{aliases}");
}

#[test]
fn every_category_is_named_and_used() {
    let named: BTreeSet<&str> = CATEGORIES.iter().map(|(code, _)| *code).collect();
    let used: BTreeSet<&str> = builtin_skills().iter().map(|s| s.category).collect();
    assert_eq!(named, used);
    assert_eq!(named.len(), CATEGORIES.len());
}

#[test]
fn codes_are_unique_and_well_formed() {
    let mut seen = BTreeSet::new();
    for skill in builtin_skills() {
        assert!(seen.insert(skill.code), "{} stands twice", skill.code);
        assert!(skill.code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", skill.code);
        if let Some(code) = skill.occupation_code {
            let parts: Vec<usize> = code.split('-').map(str::len).collect();
            assert_eq!(parts, [1, 2, 2, 2], "{code} of {}", skill.code);
        }
    }
}

#[test]
fn no_two_names_are_equal_once_normalised() {
    let mut seen: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for skill in builtin_skills() {
        for name in skill.names() {
            let key = normalise(name);
            assert!(!key.is_empty(), "{name} of {}", skill.code);
            if let Some((other, of)) = seen.insert(key, (name, skill.code)) {
                panic!("{name} of {} and {other} of {of} are one name", skill.code);
            }
        }
    }
    assert!(builtin().clashes().is_empty());
}

#[test]
fn every_name_means_its_skill() {
    let vocabulary = builtin();
    for skill in builtin_skills() {
        let id = vocabulary.by_code(skill.code).unwrap();
        for name in skill.names() {
            assert_eq!(vocabulary.resolve(name), Some(id), "{name}");
        }
    }
}

#[test]
fn links_join_known_skills_once_each_way() {
    let codes: BTreeSet<&str> = builtin_skills().iter().map(|s| s.code).collect();
    let mut kinds = BTreeMap::new();
    for link in builtin_links() {
        assert!(codes.contains(link.from), "{}", link.from);
        assert!(codes.contains(link.to), "{}", link.to);
        assert_ne!(link.from, link.to);
        assert!((1..10_000).contains(&link.points), "{link:?}");
        assert_eq!(SkillLinkKind::from_code(link.kind.code()), Some(link.kind));
        assert_eq!(kinds.insert((link.from, link.to), link.kind), None, "{link:?} stands twice");
    }
    for ((from, to), kind) in &kinds {
        let back = match kind {
            SkillLinkKind::Broader => SkillLinkKind::Narrower,
            SkillLinkKind::Narrower => SkillLinkKind::Broader,
            SkillLinkKind::Related => SkillLinkKind::Related,
        };
        assert_eq!(kinds.get(&(to, from)), Some(&back), "the way back from {to} to {from}");
    }
}
