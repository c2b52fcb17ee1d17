//! The area tree as an import needs it: find by name, make what is missing.
//!
//! A household without a building hangs on the building `unassigned` of its grid, or of the grid `unassigned` (domain.md §6).

use std::collections::HashMap;

use crate::db::areas::{self, AreaData};
use crate::db::{AnyConnection, DbResult};
use crate::domain::codes::AreaKind;
use crate::ledger::key;

use super::work::{Draft, Index};

/// Name of the area for households whose place is not known.
pub const UNASSIGNED: &str = "unassigned";
/// Community of a ledger that names none.
const DEFAULT_COMMUNITY: &str = "旺家社区";

#[derive(Debug)]
pub struct Places {
    areas: Vec<(Draft<AreaData>, Option<Index>)>,
    by_name: HashMap<(Option<Index>, String), Index>,
    by_id: HashMap<i64, Index>,
}

impl Places {
    pub fn load(conn: &mut AnyConnection) -> DbResult<Self> {
        let mut places = Self { areas: Vec::new(), by_name: HashMap::new(), by_id: HashMap::new() };
        let mut rows = areas::all(conn)?;
        // Parents first; there are three levels.
        rows.sort_by_key(|row| match row.data.kind {
            AreaKind::Community => 0,
            AreaKind::Grid => 1,
            AreaKind::Building => 2,
        });
        for row in rows {
            let parent = row.data.parent_id.and_then(|id| places.by_id.get(&id).copied());
            let index = places.areas.len();
            places.by_name.insert((parent, key(&row.data.name)), index);
            places.by_id.insert(row.id, index);
            places.areas.push((Draft::stored(row.id, row.version, row.data), parent));
        }
        Ok(places)
    }

    /// The position of a stored area.
    pub fn of_id(&self, id: i64) -> Option<Index> {
        self.by_id.get(&id).copied()
    }

    /// An area's name behind that of its grid.
    pub fn name(&self, index: Index) -> String {
        let (area, parent) = &self.areas[index];
        match parent.filter(|_| area.data.kind == AreaKind::Building) {
            Some(grid) => format!("{} {}", self.areas[grid].0.data.name, area.data.name),
            None => area.data.name.clone(),
        }
    }

    /// A building's own name; `None` for one that stands for no place.
    pub fn building_name(&self, index: Index) -> Option<&str> {
        let name = self.areas[index].0.data.name.as_str();
        (name != UNASSIGNED).then_some(name)
    }

    /// Both are known buildings, and not one under another grid.
    pub fn is_elsewhere(&self, from: Index, to: Index) -> bool {
        self.building_name(from).zip(self.building_name(to)).is_some_and(|(from, to)| key(from) != key(to))
    }

    pub fn id(&self, index: Index) -> i64 {
        self.areas[index].0.stored.map_or(0, |(id, _)| id)
    }

    /// Community, grid and building of these names; what is missing is made. A building without a grid is looked for in every
    /// grid of the community first.
    pub fn building(&mut self, community: Option<&str>, grid: Option<&str>, building: Option<&str>) -> Index {
        let community = self.community(community);
        if let (None, Some(name)) = (grid, building) {
            let name = key(name);
            let mut found = (0..self.areas.len()).filter(|&index| {
                let (area, parent) = &self.areas[index];
                let in_community = parent.is_some_and(|grid| self.areas[grid].1 == Some(community));
                area.data.kind == AreaKind::Building && in_community && key(&area.data.name) == name
            });
            if let (Some(only), None) = (found.next(), found.next()) {
                return only;
            }
        }
        let grid = self.area(Some(community), AreaKind::Grid, grid.unwrap_or(UNASSIGNED));
        self.area(Some(grid), AreaKind::Building, building.unwrap_or(UNASSIGNED))
    }

    fn community(&mut self, name: Option<&str>) -> Index {
        let mut communities =
            (0..self.areas.len()).filter(|&index| self.areas[index].0.data.kind == AreaKind::Community);
        match (name, communities.next(), communities.next()) {
            // A ledger that names no community means the only one there is.
            (None, Some(only), None) => only,
            (name, ..) => self.area(None, AreaKind::Community, name.unwrap_or(DEFAULT_COMMUNITY)),
        }
    }

    fn area(&mut self, parent: Option<Index>, kind: AreaKind, name: &str) -> Index {
        *self.by_name.entry((parent, key(name))).or_insert_with(|| {
            let data = AreaData { parent_id: None, kind, name: name.to_owned(), minutes_to_park: None };
            self.areas.push((Draft::new(data), parent));
            self.areas.len() - 1
        })
    }

    /// `(created, updated)` by setting the way to the park.
    pub fn set_minutes(&mut self, index: Index, minutes: Option<i64>) -> (bool, bool) {
        let area = &mut self.areas[index].0;
        let differs = minutes.is_some() && area.data.minutes_to_park != minutes;
        if differs {
            area.data.minutes_to_park = minutes;
            area.dirty = true;
        }
        (area.is_new(), differs)
    }

    /// Writes new areas, parents first, and changed ones.
    pub fn write(&mut self, conn: &mut AnyConnection) -> DbResult<()> {
        for index in 0..self.areas.len() {
            if !self.areas[index].0.dirty {
                continue;
            }
            let parent_id = self.areas[index].1.map(|parent| self.id(parent));
            let area = &mut self.areas[index].0;
            area.data.parent_id = parent_id;
            area.stored = Some(match area.stored {
                None => (areas::insert(conn, &area.data)?, 1),
                Some((id, version)) => (id, areas::update(conn, id, version, &area.data)?),
            });
            area.dirty = false;
        }
        Ok(())
    }
}
