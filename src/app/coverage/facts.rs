//! Rows into the facts that coverage is computed from.
//!
//! Invariant: this is the only place that reads households for counting, so every number and every list starts from the same
//! facts. Cost: one scan of areas, households, memberships, residents, spells, exemptions and employers.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::app::grouped::Grouped;
use crate::app::numbers::{to_u16, to_u32};
use crate::db::snapshot::{
    self as rows, EmployerFacts, ExemptionFacts, HouseholdFactsRow, MembershipFacts, ResidentFacts, SpellRow,
};
use crate::db::{AnyConnection, DbResult};
use crate::domain::codes::Relation;
use crate::domain::coverage::{Exemption, HouseholdFacts, MemberFacts, SpellFacts};
use crate::domain::employability::PersonFacts;

/// Where a household hangs in the area tree, and what lists name it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub household: i64,
    pub code: Option<String>,
    pub head_name: Option<String>,
    pub building_id: i64,
    pub building: String,
    pub grid_id: i64,
    pub grid: String,
    /// What groups are named by: the area's name with those above it as far as it takes to be the only one.
    pub grid_key: String,
    pub building_key: String,
    pub unit: Option<String>,
    pub township: Option<String>,
    /// Minutes on foot from the building to the park.
    pub minutes_to_park: Option<u16>,
}

/// Every household with its members past and present.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// In household id order; the two are parallel.
    pub places: Vec<Place>,
    pub households: Vec<HouseholdFacts>,
}

impl Facts {
    /// The households that exist on a day. One whose members have all left (a merge, a split of all) is history.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = (&Place, &HouseholdFacts)> {
        self.places.iter().zip(&self.households).filter(move |(_, household)| exists_on(household, day))
    }

    /// Drops the households outside of these areas; `None` = keeps all.
    pub fn keep_within(&mut self, areas: Option<&[i64]>) {
        let Some(areas) = areas else { return };
        let areas: HashSet<i64> = areas.iter().copied().collect();
        let keep: Vec<bool> = self.places.iter().map(|place| areas.contains(&place.building_id)).collect();
        self.keep(&keep);
    }

    /// Drops the households that do not exist on a day.
    pub fn keep_existing_on(&mut self, day: NaiveDate) {
        let keep: Vec<bool> = self.households.iter().map(|household| exists_on(household, day)).collect();
        self.keep(&keep);
    }

    fn keep(&mut self, keep: &[bool]) {
        let mut flags = keep.iter();
        self.places.retain(|_| flags.next() == Some(&true));
        let mut flags = keep.iter();
        self.households.retain(|_| flags.next() == Some(&true));
    }
}

/// Whether anybody lives there on a day, or nobody is known to have.
pub(in crate::app) fn exists_on(household: &HouseholdFacts, day: NaiveDate) -> bool {
    household.members.is_empty() || household.members.iter().any(|member| member.person.is_member(day))
}

/// The rows of the people of some facts: a snapshot reads more from them.
#[derive(Clone, Debug)]
pub(in crate::app) struct People {
    pub residents: Grouped<ResidentFacts>,
    /// By resident, each list in id order.
    pub spells: Grouped<SpellRow>,
}

/// Reads the facts of the households in these areas; `None` = of all.
pub fn load_within(conn: &mut AnyConnection, areas: Option<&[i64]>) -> DbResult<Facts> {
    let mut facts = load(conn)?;
    facts.keep_within(areas);
    Ok(facts)
}

/// Reads the facts of all households.
pub fn load(conn: &mut AnyConnection) -> DbResult<Facts> {
    Ok(load_with_people(conn, None)?.0)
}

/// Reads the facts of one household. Cost: the areas, and its own rows.
pub fn load_household(conn: &mut AnyConnection, id: i64) -> DbResult<Facts> {
    load_households(conn, &[id])
}

/// Reads the facts of several households, in the order of their ids. Cost: the areas, and their own rows.
pub fn load_households(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Facts> {
    Ok(load_with_people(conn, Some(ids))?.0)
}

/// Reads the facts of these households, or of all, and keeps the rows of their people.
pub(in crate::app) fn load_with_people(conn: &mut AnyConnection, only: Option<&[i64]>) -> DbResult<(Facts, People)> {
    let memberships = rows::all_memberships(conn, only)?;
    let members: Option<Vec<i64>> = only.map(|_| memberships.iter().map(|row| row.resident_id).collect());
    let members = members.as_deref();
    let spells = rows::all_spells(conn, members)?;
    let employers: Option<Vec<i64>> = only.map(|_| spells.iter().filter_map(|row| row.employer_id).collect());
    Ok(assemble_with_people(Rows {
        memberships,
        areas: rows::all_areas(conn)?,
        residents: rows::all_residents(conn, members)?,
        employers: rows::all_employers(conn, employers.as_deref())?,
        spells,
        exemptions: rows::all_exemptions(conn, only)?,
        households: rows::all_households(conn, only)?,
    }))
}

/// What the facts are assembled from, each in id order: read now, or as events told it.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Rows {
    pub areas: Vec<rows::AreaFacts>,
    pub employers: Vec<EmployerFacts>,
    pub households: Vec<HouseholdFactsRow>,
    pub exemptions: Vec<ExemptionFacts>,
    pub memberships: Vec<MembershipFacts>,
    pub residents: Vec<ResidentFacts>,
    pub spells: Vec<SpellRow>,
}

/// The facts of these rows. Pure.
pub(in crate::app) fn assemble(from: Rows) -> Facts {
    assemble_with_people(from).0
}

fn assemble_with_people(from: Rows) -> (Facts, People) {
    let areas: HashMap<i64, rows::AreaFacts> = from.areas.into_iter().map(|area| (area.id, area)).collect();
    let residents = Grouped::by(|row: &ResidentFacts| row.id, from.residents);
    let tenant_until: HashMap<i64, NaiveDate> =
        from.employers.into_iter().filter_map(|employer| Some((employer.id, employer.tenant_until?))).collect();
    let spells = Grouped::by(|row: &SpellRow| row.resident_id, from.spells);
    let spell = |row: &SpellRow| spell_facts(row, row.employer_id.and_then(|id| tenant_until.get(&id)).copied());
    let memberships = Grouped::by(|row: &MembershipFacts| row.household_id, from.memberships);
    let exemptions = Grouped::by(|row: &ExemptionFacts| row.household_id, from.exemptions);
    let exemption =
        |row: &ExemptionFacts| Exemption { from: row.valid_from, until: row.valid_until, reason: row.reason.clone() };
    let member = |membership: &MembershipFacts| {
        let resident = residents.one(membership.resident_id)?;
        Some(MemberFacts {
            resident: resident.id,
            sex: Some(resident.sex),
            retirement_group: resident.retirement_group,
            person: person_facts(resident, membership),
            spells: spells.of(resident.id).iter().map(spell).collect(),
        })
    };
    let is_head =
        |membership: &&MembershipFacts| membership.relation == Relation::Head && membership.valid_until.is_none();
    let mut facts = Facts::default();
    for row in from.households {
        let building = areas.get(&row.building_id);
        let grid = building.and_then(|building| areas.get(&building.parent_id?));
        let theirs = memberships.of(row.id);
        let head = theirs.iter().filter(is_head).filter_map(|head| residents.one(head.resident_id)).next_back();
        facts.places.push(Place {
            household: row.id,
            code: row.code,
            head_name: head.map(|resident| resident.name.clone()),
            building_id: row.building_id,
            building: building.map(|area| area.name.clone()).unwrap_or_default(),
            grid_id: grid.map_or(0, |area| area.id),
            grid: grid.map(|area| area.name.clone()).unwrap_or_default(),
            grid_key: String::new(),
            building_key: String::new(),
            unit: row.unit,
            township: row.township,
            minutes_to_park: building.and_then(|area| to_u16(area.minutes_to_park)),
        });
        facts.households.push(HouseholdFacts {
            id: row.id,
            members: theirs.iter().filter_map(member).collect(),
            exemptions: exemptions.of(row.id).iter().map(exemption).collect(),
        });
    }
    name_groups(&mut facts.places, &areas);
    (facts, People { residents, spells })
}

/// Keys of grids and buildings. The grid's name is enough in one community; households in several are told apart by the
/// community's name before it, and areas that still read the same by their number behind it.
fn name_groups(places: &mut [Place], areas: &HashMap<i64, rows::AreaFacts>) {
    let community = |place: &Place| areas.get(&place.grid_id).and_then(|grid| areas.get(&grid.parent_id?));
    let communities: HashSet<Option<i64>> = places.iter().map(|place| community(place).map(|area| area.id)).collect();
    for place in places.iter_mut() {
        place.grid_key = match community(place).filter(|_| communities.len() > 1) {
            Some(area) => format!("{}/{}", area.name, place.grid),
            None => place.grid.clone(),
        };
    }
    tell_apart(places, |place| place.grid_id, |place| &mut place.grid_key);
    for place in places.iter_mut() {
        place.building_key = format!("{}/{}", place.grid_key, place.building);
    }
    tell_apart(places, |place| place.building_id, |place| &mut place.building_key);
}

fn tell_apart(places: &mut [Place], id: fn(&Place) -> i64, key: fn(&mut Place) -> &mut String) {
    let mut ids: HashMap<String, HashSet<i64>> = HashMap::new();
    for place in places.iter_mut() {
        let id = id(place);
        ids.entry(key(place).clone()).or_default().insert(id);
    }
    for place in places.iter_mut() {
        let id = id(place);
        let key = key(place);
        if ids.get(key).is_some_and(|same| same.len() > 1) {
            *key = format!("{key}#{id}");
        }
    }
}

fn person_facts(resident: &ResidentFacts, membership: &MembershipFacts) -> PersonFacts {
    PersonFacts {
        birth_date: Some(resident.birth_date),
        died_on: resident.died_on,
        member_from: membership.valid_from,
        member_until: membership.valid_until,
        labour_class: resident.labour_class,
        school: resident.school_status,
        absence: resident.absence,
        willing: resident.willing,
    }
}

fn spell_facts(row: &SpellRow, tenant_until: Option<NaiveDate>) -> SpellFacts {
    SpellFacts {
        id: row.id,
        channel: row.channel,
        region: row.region,
        counted_from: row.counted_from,
        start_known: row.start_on.is_some(),
        end_on: row.end_on,
        monthly_income: to_u32(row.monthly_income),
        evidence: row.evidence.is_some(),
        verified_on: row.verified_on,
        contract_until: row.contract_until,
        tenant_until,
        part_time: row.part_time,
    }
}
