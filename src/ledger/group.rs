//! Which rows are one household, and who is its head.
//!
//! A household is known by its code, else by its head's ID number (domain.md §6). A row that gives neither belongs to the
//! household above it in the same sheet, as in ledgers that fill household columns only on the head's row, unless it names
//! another head. Linear in the rows.

use std::collections::HashMap;

use super::phrase::Care;
use super::record::{At, HouseholdCounts, HouseholdWords, PersonRow};
use crate::domain::codes::Relation;
use crate::domain::resident_id::ResidentId;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HouseholdKey {
    Code(String),
    Head(ResidentId),
}

/// A household as the whole file describes it.
#[derive(Clone, Debug)]
pub struct Household {
    pub key: HouseholdKey,
    /// First row that speaks of it.
    pub at: At,
    /// Indices into `Records::people`, in file order.
    pub members: Vec<usize>,
    /// The member row of the head.
    pub head: Option<usize>,
    /// The head's number and name where only other members' rows give them.
    pub head_id: Option<ResidentId>,
    pub head_name: Option<String>,
    /// First value given by any row.
    pub words: HouseholdWords,
    pub care: Vec<(At, Care)>,
    /// Where the household is counted first.
    pub counts: Option<(At, HouseholdCounts)>,
}

/// The key of every row; `None` where nothing tells the household.
#[must_use]
pub fn keys(people: &[PersonRow]) -> Vec<Option<HouseholdKey>> {
    let mut code_of_head: HashMap<&ResidentId, &String> = HashMap::new();
    for row in people {
        if let Some(code) = &row.household.code {
            if says_head(row) {
                code_of_head.entry(&row.id).or_insert(code);
            }
            if let Some(head) = &row.household.head_id {
                code_of_head.entry(head).or_insert(code);
            }
        }
    }
    let by_head = |id: &ResidentId| match code_of_head.get(id) {
        Some(code) => HouseholdKey::Code((*code).clone()),
        None => HouseholdKey::Head(id.clone()),
    };
    let mut above: Option<(usize, HouseholdKey, Option<String>)> = None;
    let mut keys = Vec::with_capacity(people.len());
    for row in people {
        let words = &row.household;
        let key = if let Some(code) = &words.code {
            Some(HouseholdKey::Code(code.clone()))
        } else if let Some(head) = &words.head_id {
            Some(by_head(head))
        } else if says_head(row) {
            Some(by_head(&row.id))
        } else {
            above.as_ref().and_then(|(sheet, key, head_name)| {
                let same = *sheet == row.at.sheet && (words.head_name.is_none() || words.head_name == *head_name);
                same.then(|| key.clone())
            })
        };
        // Only rows that carry a key of their own open a household for the rows below.
        if words.code.is_some() || words.head_id.is_some() || says_head(row) {
            let head_name = words.head_name.clone().or_else(|| says_head(row).then(|| row.name.clone()));
            above = key.clone().map(|key| (row.at.sheet, key, head_name));
        }
        keys.push(key);
    }
    keys
}

/// Whether the row says that this person is the head.
#[must_use]
pub fn says_head(row: &PersonRow) -> bool {
    match row.relation {
        Some(relation) => relation == Relation::Head,
        None => match &row.household.head_id {
            Some(head) => *head == row.id,
            None => row.household.head_name.as_ref() == Some(&row.name),
        },
    }
}

/// Gathers rows by key, in file order.
#[must_use]
pub fn households(people: &[PersonRow], keys: &[Option<HouseholdKey>]) -> Vec<Household> {
    let mut index: HashMap<&HouseholdKey, usize> = HashMap::new();
    let mut households: Vec<Household> = Vec::new();
    for (person, row) in people.iter().enumerate() {
        let Some(key) = &keys[person] else { continue };
        let at = *index.entry(key).or_insert_with(|| {
            households.push(Household {
                key: key.clone(),
                at: row.at,
                members: Vec::new(),
                head: None,
                head_id: None,
                head_name: None,
                words: HouseholdWords::default(),
                care: Vec::new(),
                counts: None,
            });
            households.len() - 1
        });
        add(&mut households[at], person, row);
    }
    households
}

fn add(household: &mut Household, person: usize, row: &PersonRow) {
    household.members.push(person);
    if household.head.is_none() && says_head(row) {
        household.head = Some(person);
        household.head_id = Some(row.id.clone());
    }
    let (kept, said) = (&mut household.words, &row.household);
    macro_rules! first {
        ($($field:ident),+) => { $(if kept.$field.is_none() { kept.$field.clone_from(&said.$field); })+ };
    }
    first!(code, head_id, head_name, community, grid, building, unit, township, monitoring, helper, note);
    if household.head_id.is_none() {
        household.head_id.clone_from(&said.head_id);
    }
    if household.head_name.is_none() {
        household.head_name.clone_from(&said.head_name);
    }
    if household.counts.is_none() && said.counts != HouseholdCounts::default() {
        household.counts = Some((row.at, said.counts));
    }
    for care in &said.care {
        if !household.care.iter().any(|(_, known)| known == care) {
            household.care.push((row.at, care.clone()));
        }
    }
}
