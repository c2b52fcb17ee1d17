//! Coverage reconciles: every grouping, list and point of the series adds up to all households, on any date, and an
//! independent count in SQL agrees.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wangjia::app::coverage::flow::{self, Movement};
use wangjia::app::coverage::report::{Figure, GroupBy, ListFilter};
use wangjia::app::coverage::workers::{self, WorkerFigure};
use wangjia::app::coverage::{coverage, facts, households, series};
use wangjia::app::{settings, setup};
use wangjia::db::areas::{self, AreaData};
use wangjia::db::memberships::{self, MembershipData};
use wangjia::db::{AnyConnection, DbError, DbResult, households as household_rows, residents, spells};
use wangjia::domain::codes::*;

use crate::db::fixtures::{day, household, resident, spell, time, unknown_resident};
use crate::support::{TestDb, on_both};

/// A household as the generator draws it: where it lives, who is in it, who works when.
#[derive(Clone, Debug)]
struct Drawn {
    building: usize,
    township: Option<u8>,
    members: Vec<Member>,
}

#[derive(Clone, Debug)]
struct Member {
    birth_year: i32,
    class: Option<LabourClass>,
    school: Option<SchoolStatus>,
    willing: Option<bool>,
    spells: Vec<(u64, Option<u64>, Channel)>,
    joined: Option<u64>,
    left: Option<u64>,
}

/// The days drawn lie in 2025 and 2026.
fn date(offset: u64) -> NaiveDate {
    day(2025, 1, 1) + Days::new(offset)
}

fn member() -> impl Strategy<Value = Member> {
    let spell = (0u64..700, prop::option::of(1u64..400), prop::sample::select(Channel::ALL));
    (
        1940i32..2024,
        prop::option::of(prop::sample::select(LabourClass::ALL)),
        prop::option::of(prop::sample::select(SchoolStatus::ALL)),
        any::<Option<bool>>(),
        prop::collection::vec(spell, 0..3),
        prop::option::weighted(0.2, 0u64..700),
        prop::option::weighted(0.2, 0u64..700),
    )
        .prop_map(|(birth_year, class, school, willing, spells, joined, left)| Member {
            birth_year,
            class,
            school,
            willing,
            spells,
            joined,
            left: left.map(|left| left.max(joined.unwrap_or(0))),
        })
}

fn town() -> impl Strategy<Value = Vec<Drawn>> {
    let household = (0usize..8, prop::option::of(0u8..3), prop::collection::vec(member(), 0..4))
        .prop_map(|(building, township, members)| Drawn { building, township, members });
    prop::collection::vec(household, 1..12)
}

fn store(conn: &mut AnyConnection, town: &[Drawn]) -> DbResult<()> {
    let area = |parent_id, kind, name: String| AreaData { parent_id, kind, name, minutes_to_park: None };
    let mut buildings = Vec::new();
    for community in ["旺家社区", "打角冲社区"] {
        let community = areas::insert(conn, &area(None, AreaKind::Community, community.into()))?;
        // The same names in both communities, and in both grids.
        for grid in ["第一网格", "unassigned"] {
            let grid = areas::insert(conn, &area(Some(community), AreaKind::Grid, grid.into()))?;
            for building in 1..=2 {
                buildings.push(areas::insert(conn, &area(Some(grid), AreaKind::Building, format!("{building}栋")))?);
            }
        }
    }
    let mut n = 0;
    for (drawn, code) in town.iter().zip(1..) {
        let data = household_rows::HouseholdData {
            township: drawn.township.map(|n| if n == 0 { "unknown".into() } else { format!("乡{n}") }),
            ..household(buildings[drawn.building], code)
        };
        let home = household_rows::insert(conn, &data, time())?;
        for member in &drawn.members {
            n += 1;
            let data = residents::ResidentData {
                birth_date: day(member.birth_year, 3, 1),
                labour_class: member.class,
                school_status: member.school,
                willing: member.willing,
                ..unknown_resident(n)
            };
            let id = residents::insert(conn, &data, time())?;
            let membership = MembershipData {
                household_id: home,
                resident_id: id,
                relation: Relation::Other,
                valid_from: member.joined.map(date),
                valid_until: member.left.map(date),
            };
            memberships::insert(conn, &membership)?;
            for (from, length, channel) in &member.spells {
                let data = spells::SpellData {
                    channel: *channel,
                    start_on: Some(date(*from)),
                    counted_from: date(*from),
                    end_on: length.map(|length| date(from + length)),
                    ..spell(id)
                };
                spells::insert(conn, &data, time())?;
            }
        }
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Covered households counted by the database itself: somebody alive, a member, in a job other than farming.
fn covered_by_sql(conn: &mut AnyConnection, on: NaiveDate) -> DbResult<u64> {
    let text = |day: &str| {
        format!(
            "SELECT COUNT(DISTINCT m.household_id) AS n FROM memberships m \
             JOIN residents r ON r.id = m.resident_id JOIN employment_spells s ON s.resident_id = r.id \
             WHERE (m.valid_from IS NULL OR m.valid_from <= {day}) AND (m.valid_until IS NULL OR {day} < m.valid_until) \
             AND (r.died_on IS NULL OR {day} < r.died_on) AND s.channel <> 'farming' \
             AND s.counted_from <= {day} AND (s.end_on IS NULL OR {day} < s.end_on)"
        )
    };
    let count: Count = match conn {
        AnyConnection::Sqlite(sqlite) => {
            diesel::sql_query(text("?1")).bind::<Date, _>(on).get_result(sqlite).map_err(DbError::from)?
        }
        AnyConnection::Pg(pg) => {
            diesel::sql_query(text("$1")).bind::<Date, _>(on).get_result(pg).map_err(DbError::from)?
        }
    };
    Ok(u64::try_from(count.n).unwrap())
}

fn check(db: &TestDb, on: NaiveDate) {
    let whole = coverage(&db.db, on, None, None).unwrap().total;
    assert_eq!(whole.covered + whole.uncovered + whole.exempt, whole.households);
    assert_eq!(whole.to_help + whole.unwilling, whole.uncovered);
    assert!(whole.certain <= whole.covered);
    let statutory = coverage(&db.db, on, None, None).unwrap().statutory;
    for tally in [statutory.main, statutory.without_weak, statutory.with_over_age_workers] {
        assert_eq!(tally.counted() + tally.no_labour, whole.households);
        assert!(tally.employed <= whole.covered, "whoever counts as employed here covers the household there");
    }
    assert_eq!(db.read(|conn| covered_by_sql(conn, on)), whole.covered, "the database counts {on} otherwise");

    for by in GroupBy::ALL {
        let report = coverage(&db.db, on, Some(by), None).unwrap();
        let keys: BTreeSet<&str> = report.groups.iter().map(|group| group.key.as_str()).collect();
        assert_eq!(keys.len(), report.groups.len(), "two groups with one key: {keys:?}");
        let mut sum = wangjia::domain::coverage::Tally::default();
        for group in &report.groups {
            sum.merge(&group.tally);
            let filter = ListFilter { group: Some((by, group.key.clone())), ..ListFilter::default() };
            assert_eq!(households(&db.db, on, &filter, None).unwrap().len() as u64, group.tally.households);
        }
        assert_eq!(sum, whole, "{by:?}");
        assert_eq!(report.total, whole);
    }
    for state in CoverageState::ALL {
        let filter = ListFilter { state: Some(*state), ..ListFilter::default() };
        let n = match state {
            CoverageState::Covered => whole.covered,
            CoverageState::Uncovered => whole.uncovered,
            CoverageState::Exempt => whole.exempt,
        };
        assert_eq!(households(&db.db, on, &filter, None).unwrap().len() as u64, n);
    }
    for figure in Figure::ALL {
        let filter = ListFilter { figure: Some(figure), ..ListFilter::default() };
        assert_eq!(households(&db.db, on, &filter, None).unwrap().len() as u64, figure.of(&whole), "{figure:?}");
    }
}

/// Who is at work and what changed since another day: each number has a list as long, and the parts add up.
fn check_people_and_flow(db: &TestDb, before: NaiveDate, on: NaiveDate) {
    let at_work = db.read(|conn| {
        let rules = settings::coverage_rules(conn, on).unwrap();
        let facts = facts::load_within(conn, None)?;
        let report = workers::report(&facts, on, &rules);
        for figure in WorkerFigure::ALL {
            let list = workers::list(&facts, on, &rules, *figure);
            assert_eq!(list.len() as u64, report.of(*figure), "{figure:?}");
        }
        let paid = [WorkerFigure::Decent, WorkerFigure::Below, WorkerFigure::PayUnknown];
        assert_eq!(paid.iter().map(|figure| report.of(*figure)).sum::<u64>(), report.of(WorkerFigure::AtWork));
        let list = workers::list(&facts, on, &rules, WorkerFigure::AtWork);
        Ok(list.into_iter().map(|worker| worker.place.household).collect::<BTreeSet<i64>>())
    });
    let covered = ListFilter { state: Some(CoverageState::Covered), ..ListFilter::default() };
    let covered = households(&db.db, on, &covered, None).unwrap();
    let covered: BTreeSet<i64> = covered.into_iter().map(|line| line.place.household).collect();
    assert_eq!(at_work, covered, "the households of those at work are the covered ones");

    let (flow, lists) = db.read(|conn| {
        let (then, now) =
            (settings::coverage_rules(conn, before).unwrap(), settings::coverage_rules(conn, on).unwrap());
        let facts = facts::load_within(conn, None)?;
        let list = |movement: &Movement| flow::list(&facts, (before, &then), (on, &now), *movement).len() as u64;
        let lists: Vec<u64> = Movement::ALL.iter().map(list).collect();
        Ok((flow::flow(&facts, (before, &then), (on, &now)), lists))
    });
    let uncovered = |day| coverage(&db.db, day, None, None).unwrap().total.uncovered;
    assert_eq!((flow.before, flow.after), (uncovered(before), uncovered(on)));
    assert_eq!(flow.before + flow.entered() - flow.left(), flow.after);
    let counts: Vec<u64> = Movement::ALL.iter().map(|m| flow.moved.get(m).copied().unwrap_or_default()).collect();
    assert_eq!(counts, lists);
}

fn every_grouping_adds_up(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases: 12, ..Config::default() }, rng);
    let strategy = (town(), prop::collection::vec(0u64..760, 3));
    runner
        .run(&strategy, |(town, days)| {
            db.write(|conn| {
                clear(conn)?;
                store(conn, &town)
            });
            for offset in &days {
                check(db, date(*offset));
            }
            check_people_and_flow(db, date(days[0].min(days[1])), date(days[0].max(days[1])));
            Ok(())
        })
        .unwrap();
}

fn clear(conn: &mut AnyConnection) -> DbResult<()> {
    use diesel::connection::SimpleConnection;
    for table in ["employment_spells", "memberships", "residents", "households"] {
        conn.batch_execute(&format!("DELETE FROM {table}"))?;
    }
    for kind in ["building", "grid", "community"] {
        conn.batch_execute(&format!("DELETE FROM areas WHERE kind = '{kind}'"))?;
    }
    Ok(())
}

/// A job that ends drops its household the same day; the series shows it at the next month's end.
fn a_leaver_uncovers_the_household_the_same_day(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let worker = Member {
        birth_year: 1985,
        class: Some(LabourClass::Ordinary),
        school: Some(SchoolStatus::NotInSchool),
        willing: Some(true),
        spells: vec![(0, Some(200), Channel::Local)],
        joined: None,
        left: None,
    };
    db.write(|conn| store(conn, &[Drawn { building: 0, township: None, members: vec![worker.clone()] }]));
    let state = |on| {
        let total = coverage(&db.db, on, None, None).unwrap().total;
        (total.covered, total.uncovered)
    };
    assert_eq!(state(date(199)), (1, 0));
    assert_eq!(state(date(200)), (0, 1), "the day it ends is the first day out");
    let months = series(&db.db, date(240), 3, None).unwrap();
    let points: Vec<_> = months.iter().map(|month| (month.as_of.to_string(), month.total.covered)).collect();
    assert_eq!(
        points,
        [("2025-05-31".to_owned(), 1), ("2025-06-30".to_owned(), 1), ("2025-07-31".to_owned(), 0)],
        "200 days after 1 January 2025 is 20 July"
    );
}

/// Two communities with the same grids: each group is told apart, and its list holds exactly its households.
fn areas_of_one_name_are_two_groups(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let family = |building| Drawn { building, township: None, members: Vec::new() };
    let keys = |by| {
        let report = coverage(&db.db, date(0), Some(by), None).unwrap();
        report.groups.into_iter().map(|group| (group.key, group.tally.households)).collect::<Vec<_>>()
    };
    let owned = |list: &[(&str, u64)]| list.iter().map(|(key, n)| ((*key).to_owned(), *n)).collect::<Vec<_>>();
    db.write(|conn| store(conn, &[family(0), family(2), family(3)]));
    assert_eq!(keys(GroupBy::Grid), owned(&[("第一网格", 1), ("unassigned", 2)]), "one community with households");
    db.write(|conn| {
        clear(conn)?;
        store(conn, &[family(0), family(2), family(4), family(4), family(6)])
    });
    let grids = [
        ("旺家社区/第一网格", 1),
        ("旺家社区/unassigned", 1),
        ("打角冲社区/第一网格", 2),
        ("打角冲社区/unassigned", 1),
    ];
    assert_eq!(keys(GroupBy::Grid), owned(&grids));
    assert_eq!(
        keys(GroupBy::Building),
        owned(&grids.map(|(key, n)| (format!("{key}/1栋"), n)).each_ref().map(|(key, n)| (key.as_str(), *n)))
    );
    check(db, date(0));
    // Names that hold the separator read the same; their numbers tell them apart.
    db.write(|conn| {
        clear(conn)?;
        store(conn, &[])?;
        let all = wangjia::db::snapshot::all_areas(conn)?;
        let community = all.iter().find(|area| area.kind == AreaKind::Community).unwrap().id;
        for (n, (grid, building)) in (1..).zip([("东/西", "1栋"), ("东", "西/1栋")]) {
            let area =
                |parent_id, kind, name: &str| AreaData { parent_id, kind, name: name.into(), minutes_to_park: None };
            let grid = areas::insert(conn, &area(Some(community), AreaKind::Grid, grid))?;
            let building = areas::insert(conn, &area(Some(grid), AreaKind::Building, building))?;
            household_rows::insert(conn, &household(building, n), time())?;
        }
        Ok(())
    });
    assert_eq!(keys(GroupBy::Building).len(), 2);
    check(db, date(0));
}

/// A household all of whose members moved elsewhere is history: it is in no number from then on.
fn a_merged_household_is_counted_once(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    db.write(|conn| {
        store(conn, &[])?;
        let building =
            wangjia::db::snapshot::all_areas(conn)?.into_iter().find(|a| a.kind == AreaKind::Building).unwrap();
        let old = household_rows::insert(conn, &household(building.id, 1), time())?;
        let new = household_rows::insert(conn, &household(building.id, 2), time())?;
        let id = residents::insert(conn, &residents::ResidentData { died_on: None, ..resident(1) }, time())?;
        let stay = |household_id, valid_from, valid_until| MembershipData {
            household_id,
            resident_id: id,
            relation: Relation::Head,
            valid_from,
            valid_until,
        };
        memberships::insert(conn, &stay(old, None, Some(date(100))))?;
        memberships::insert(conn, &stay(new, Some(date(100)), None))?;
        Ok(())
    });
    let count = |on| coverage(&db.db, on, None, None).unwrap().total.households;
    assert_eq!(count(date(99)), 1, "only the old household has a member");
    assert_eq!(count(date(100)), 1, "only the new one");
}

on_both!(
    every_grouping_adds_up,
    areas_of_one_name_are_two_groups,
    a_leaver_uncovers_the_household_the_same_day,
    a_merged_household_is_counted_once,
);
