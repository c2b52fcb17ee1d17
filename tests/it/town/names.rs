//! Names of skills, trades and employers: the vocabulary knows them.

use std::collections::BTreeMap;

use wangjia::domain::credit_code::CreditCode;
use wangjia::engine::vocabulary::Vocabulary;

use super::demo;

#[test]
fn nearly_all_names_mean_a_skill() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let town = demo(1);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut see = |name: &str| *seen.entry(name.to_owned()).or_default() += 1;
    for person in &town.people {
        person.skills.iter().for_each(|held| see(held.name));
        person.wishes.occupations.iter().for_each(|name| see(name));
        person.job.iter().for_each(|job| see(&job.title));
    }
    for posting in &town.postings {
        see(&posting.title);
        posting.skills.iter().for_each(|(name, _)| see(name));
    }
    let unknown: BTreeMap<&str, usize> = seen
        .iter()
        .filter(|(name, _)| vocabulary.resolve(name).is_none())
        .map(|(name, n)| (name.as_str(), *n))
        .collect();
    let (all, unmapped): (usize, usize) = (seen.values().sum(), unknown.values().sum());
    assert!(unmapped * 100 < all * 3, "{unmapped} of {all} are not known: {unknown:?}");
}

#[test]
fn employers_have_their_own_names_and_codes() {
    let town = demo(1);
    for (index, employer) in town.employers.iter().enumerate() {
        assert!(CreditCode::parse(&employer.credit_code).is_ok());
        let same = |other: &wangjia::town::model::Employer| {
            other.name == employer.name || other.credit_code == employer.credit_code
        };
        assert_eq!(town.employers.iter().position(same), Some(index));
    }
    assert!(town.employers.iter().any(|employer| employer.name == "贵州苗绣"));
    assert!(town.employers.iter().any(|employer| employer.name == "景航服装"));
    for (index, posting) in town.postings.iter().enumerate() {
        let same =
            |other: &wangjia::town::model::Posting| other.employer == posting.employer && other.title == posting.title;
        assert_eq!(town.postings.iter().position(same), Some(index), "{}", posting.title);
    }
}
