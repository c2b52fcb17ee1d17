//! The order: many writers at once, and a follower who must miss nothing.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use wangjia::db::barriers::{self, BarrierData};
use wangjia::db::events::{self, EventFilter};
use wangjia::db::schema::households;
use wangjia::db::{DbError, areas};
use wangjia::domain::codes::{AreaKind, BarrierKind};
use wangjia::domain::events::{EventKind, EventOperation};

use super::stored;
use crate::db::fixtures::{day, household, time};
use crate::support::{TestDb, on_both};

on_both!(a_follower_sees_every_event_once_and_in_order);

const WRITERS: usize = 6;
const WRITES: usize = 25;

/// Says that a writer has ended, by a failure too.
struct Done<'a>(&'a AtomicUsize);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn a_follower_sees_every_event_once_and_in_order(db: &TestDb) {
    // Two communities, a household for each writer.
    let homes: Vec<i64> = db.write(|conn| {
        let mut homes = Vec::new();
        for n in 0..2_u32 {
            let area = |kind, name: &str, parent_id| areas::AreaData {
                parent_id,
                kind,
                name: name.to_owned(),
                minutes_to_park: None,
            };
            let community = areas::insert(conn, &area(AreaKind::Community, &format!("社区{n}"), None))?;
            let grid = areas::insert(conn, &area(AreaKind::Grid, "网格", Some(community)))?;
            let building = areas::insert(conn, &area(AreaKind::Building, "楼", Some(grid)))?;
            for m in 0..WRITERS as u32 / 2 {
                homes.push(wangjia::db::households::insert(conn, &household(building, n * 10 + m), time())?);
            }
        }
        Ok(homes)
    });
    let born = db.read(events::last);
    assert_eq!(born, 6 + WRITERS as i64);
    let total = born + (WRITERS * WRITES * 3) as i64;
    let barrier = Barrier::new(WRITERS + 1);
    let writing = AtomicUsize::new(WRITERS);
    let seen = std::thread::scope(|scope| {
        for home in &homes {
            let (db, barrier, writing) = (db, &barrier, &writing);
            scope.spawn(move || {
                let _done = Done(writing);
                barrier.wait();
                for n in 0..WRITES {
                    // Three facts a transaction, of which a follower sees all or none.
                    let written: Result<(), DbError> = db.db.write(|conn| {
                        let opened = BarrierData {
                            opened_by: None,
                            closed_by: None,
                            household_id: Some(*home),
                            resident_id: None,
                            kind: BarrierKind::Care,
                            opened_on: day(2026, 1, 1),
                            closed_on: None,
                            note_cipher: None,
                        };
                        barriers::insert(conn, &opened)?;
                        for half in ["a", "b"] {
                            diesel::update(households::table.find(home))
                                .set(households::township.eq(format!("{n}{half}")))
                                .execute(conn)?;
                        }
                        Ok(())
                    });
                    // No lock, no conflict ever reaches who writes.
                    written.unwrap();
                }
            });
        }
        let follower = scope.spawn(|| {
            barrier.wait();
            let mut seen: Vec<events::EventRow> = Vec::new();
            loop {
                let all_written = writing.load(Ordering::SeqCst) == 0;
                let after = seen.last().map_or(0, |event| event.position);
                let page = db.db.read(|conn| events::after(conn, &EventFilter::default(), after, 7)).unwrap();
                if page.is_empty() {
                    if all_written {
                        break;
                    }
                    std::thread::yield_now();
                }
                seen.extend(page);
            }
            seen
        });
        follower.join().unwrap()
    });
    let positions: Vec<i64> = seen.iter().map(|event| event.position).collect();
    assert_eq!(positions, (1..=total).collect::<Vec<_>>(), "each once, in order, without holes");
    assert!(seen.windows(2).all(|pair| pair[0].recorded_at <= pair[1].recorded_at));
    let mut communities: BTreeMap<i64, i64> = BTreeMap::new();
    for event in &seen {
        let last = communities.entry(event.community_id.unwrap()).or_default();
        assert_eq!(event.seq, Some(*last + 1), "no hole in a community's own order");
        *last += 1;
    }
    assert_eq!(communities.len(), 2);
    // The three of a transaction stand together, and a household's in the order in which they happened.
    for three in seen[usize::try_from(born).unwrap()..].chunks(3) {
        assert_eq!(
            three.iter().map(|event| event.kind).collect::<Vec<_>>(),
            [EventKind::Barrier, EventKind::Household, EventKind::Household]
        );
        assert!(
            three
                .iter()
                .all(|event| event.household_id == three[0].household_id && event.recorded_at == three[0].recorded_at)
        );
    }
    for home in &homes {
        let of_home = seen.iter().filter(|event| event.kind == EventKind::Household && event.row_id == *home);
        let changed = of_home.filter(|event| event.operation == EventOperation::Changed);
        let townships: Vec<String> = changed
            .map(|event| serde_json::from_str::<serde_json::Value>(event.data.as_deref().unwrap()).unwrap())
            .map(|data| data["township"].as_str().unwrap().to_owned())
            .collect();
        let written: Vec<String> = (0..WRITES).flat_map(|n| [format!("{n}a"), format!("{n}b")]).collect();
        assert_eq!(townships, written);
    }
    assert!(stored(db).iter().all(|(position, ..)| position.is_some()), "nothing waits for a number");
}
