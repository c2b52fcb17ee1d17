//! Which rows are one household, and who is its head.
//!
//! A household is known by its code, else by its head's ID number (domain.md §6). A row that gives neither belongs to the
//! household above it in the same sheet, as in ledgers that fill household columns only on the head's row, unless it names
//! another head; then to the one head of that name among the rows that name it without a break. Where a row that could not be
//! read may have begun a household, the rows below belong to none. Linear in the rows.

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

/// A row of a sheet of people that could not be read, as far as the rows below depend on it.
#[derive(Clone, Debug)]
pub struct Unread {
    pub at: At,
    pub code: Option<String>,
    pub head_name: Option<String>,
    /// It gives a code or a head's number, or is the head's own: a household begins with it.
    pub opens: bool,
}

/// Where rows belong.
#[derive(Debug, Default)]
pub struct Homes {
    /// The key of every row; `None` where nothing tells the household.
    pub keys: Vec<Option<HouseholdKey>>,
    /// Of a row that tells none itself, the row whose household it shares.
    pub through: Vec<Option<usize>>,
    /// Rows whose household would be that of a row that could not be read.
    pub orphans: Vec<(usize, At)>,
}

/// The household rows without one of their own belong to.
struct Above {
    row: usize,
    sheet: usize,
    key: HouseholdKey,
    head_name: Option<String>,
}

/// Finds every row its household. `unread` is in the order of the file, as `people` are.
#[must_use]
pub fn homes(people: &[PersonRow], unread: &[Unread]) -> Homes {
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
    let heads = heads_named(people);
    let mut homes = Homes::default();
    let mut above: Option<Above> = None;
    let mut hidden: Option<&Unread> = None;
    let mut unread = unread.iter().peekable();
    for (index, row) in people.iter().enumerate() {
        while let Some(lost) = unread.next_if(|lost| lost.at < row.at) {
            let is_of_above = above.as_ref().is_some_and(
                |above| matches!((&above.key, &lost.code), (HouseholdKey::Code(code), Some(lost)) if code == lost),
            );
            if lost.opens && !is_of_above {
                (above, hidden) = (None, Some(lost));
            }
        }
        let words = &row.household;
        let is_below = |sheet: usize, name: &Option<String>| {
            sheet == row.at.sheet && (words.head_name.is_none() || words.head_name == *name)
        };
        let own = match (&words.code, &words.head_id) {
            (Some(code), _) => Some(HouseholdKey::Code(code.clone())),
            (None, Some(head)) => Some(by_head(head)),
            (None, None) => says_head(row).then(|| by_head(&row.id)),
        };
        if let Some(key) = own {
            let head_name = words.head_name.clone().or_else(|| says_head(row).then(|| row.name.clone()));
            above = Some(Above { row: index, sheet: row.at.sheet, key: key.clone(), head_name });
            hidden = None;
            homes.keys.push(Some(key));
            homes.through.push(None);
            continue;
        }
        let orphan = hidden.filter(|lost| is_below(lost.at.sheet, &lost.head_name));
        let named = heads[index].filter(|_| words.head_name.is_some() && orphan.is_none());
        let (key, through) = match (&above, named) {
            (Some(above), _) if is_below(above.sheet, &above.head_name) => (Some(above.key.clone()), Some(above.row)),
            (_, Some(head)) => (Some(by_head(&people[head].id)), Some(head)),
            _ => (None, None),
        };
        homes.through.push(through);
        match orphan {
            Some(lost) => homes.orphans.push((index, lost.at)),
            // Another household begins, and nothing tells which: the rows below are not of the one above.
            _ if key.is_none() && words.head_name.is_some() => above = None,
            _ => {}
        }
        homes.keys.push(key);
    }
    homes
}

/// For every row the head it names, if exactly one of the rows that name it without a break is that head's own.
fn heads_named(people: &[PersonRow]) -> Vec<Option<usize>> {
    let mut heads = vec![None; people.len()];
    let name_of = |row: &PersonRow| row.household.head_name.clone();
    let mut from = 0;
    while from < people.len() {
        let (sheet, name) = (people[from].at.sheet, name_of(&people[from]));
        let goes_on = |row: &&PersonRow| {
            row.at.sheet == sheet && (row.household.head_name.is_none() || row.household.head_name == name)
        };
        let to = from + people[from..].iter().take_while(goes_on).count();
        if name.is_some() {
            let mut own = (from..to).filter(|&row| says_head(&people[row]) && Some(&people[row].name) == name.as_ref());
            if let (Some(only), None) = (own.next(), own.next()) {
                heads[from..to].fill(Some(only));
            }
        }
        from = to.max(from + 1);
    }
    heads
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
