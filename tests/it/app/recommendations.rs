//! Recommendations from rows: what is shown is what was computed, and who asked to be left out is.

use std::collections::BTreeSet;

use wangjia::app::error::AppError;
use wangjia::app::recommendations::{for_pair, for_posting, for_resident, run_all};
use wangjia::app::setup;
use wangjia::db::memberships::{self, MembershipData};
use wangjia::db::posting_lists;
use wangjia::db::postings::{self, PostingData};
use wangjia::db::residents::{self, ResidentData};
use wangjia::db::skills::links;
use wangjia::db::{DbResult, employers, households, recommendations as rows, spells};
use wangjia::domain::codes::*;
use wangjia::engine::recommend::Order;

use crate::db::fixtures::{building, day, employer, household, posting, resident, spell, time, unknown_resident};
use crate::support::{TestDb, on_both};

const TODAY: (i32, u32, u32) = (2026, 11, 23);

pub(super) fn today() -> chrono::NaiveDate {
    day(TODAY.0, TODAY.1, TODAY.2)
}

pub(super) struct Town {
    pub residents: Vec<i64>,
    pub postings: Vec<i64>,
}

/// Three sewing people, one of them employed, one who wants no automated recommendation; two sewing posts, one a draft.
pub(super) fn town(db: &TestDb) -> Town {
    setup::migrate(&db.db).unwrap();
    db.write(|conn| {
        let building = building(conn)?;
        let employer = employers::insert(conn, &employer(1), time())?;
        let mut town = Town { residents: Vec::new(), postings: Vec::new() };
        for n in 1..=3 {
            let home = households::insert(conn, &household(building, n), time())?;
            let data = ResidentData {
                labour_class: Some(LabourClass::Ordinary),
                school_status: Some(SchoolStatus::NotInSchool),
                willing: Some(true),
                no_automated_recommendation: n == 3,
                ..unknown_resident(n)
            };
            let id = residents::insert(conn, &data, time())?;
            let membership = MembershipData {
                household_id: home,
                resident_id: id,
                relation: Relation::Head,
                valid_from: None,
                valid_until: None,
            };
            memberships::insert(conn, &membership)?;
            residents_skill(conn, id)?;
            town.residents.push(id);
        }
        spells::insert(conn, &spells::SpellData { end_on: None, ..spell(town.residents[1]) }, time())?;
        for (n, status) in [(1, PostingStatus::Published), (2, PostingStatus::Draft)] {
            let data = PostingData { status, ..posting(employer, n, 4) };
            let id = postings::insert(conn, &data, time())?;
            town.postings.push(id);
        }
        posting_skill(conn, town.postings[0])?;
        Ok(town)
    })
}

fn residents_skill(conn: &mut wangjia::db::AnyConnection, resident_id: i64) -> DbResult<()> {
    use wangjia::db::resident_lists::skills::{ResidentSkill, insert_all};
    insert_all(
        conn,
        &[ResidentSkill {
            resident_id,
            skill_id: None,
            name: "平缝".into(),
            normalised: "平缝".into(),
            level: 3,
            months: Some(36),
        }],
    )
}

fn posting_skill(conn: &mut wangjia::db::AnyConnection, posting_id: i64) -> DbResult<()> {
    let row = posting_lists::skills::PostingSkill {
        posting_id,
        skill_id: None,
        name: "平车".into(),
        normalised: "平车".into(),
        importance: Importance::Must,
        level: 2,
    };
    posting_lists::skills::insert_all(conn, &[row])
}

fn a_person_without_a_job_is_proposed_the_open_posting(db: &TestDb) {
    let town = town(db);
    let answer = for_resident(&db.db, town.residents[0], 5, today()).unwrap();
    assert_eq!(answer.n_postings, 1, "a draft is never matched");
    assert_eq!(answer.best.len(), 1);
    let best = &answer.best[0];
    let points: u32 = best.explanation.parts.iter().map(|part| u32::from(part.points)).sum();
    assert_eq!(points, u32::from(best.explanation.points), "the parts add up to the score");
    assert!(best.sentences.iter().any(|s| s.zh.contains("平缝")), "平缝 meets 平车: {:?}", best.sentences);
    assert!(best.sentences.iter().all(|s| !s.zh.is_empty() && !s.en.is_empty()));

    let employed = for_resident(&db.db, town.residents[1], 5, today()).unwrap();
    assert!(employed.best.is_empty());
    assert_eq!(
        employed.barred.iter().map(|(gate, n)| (gate.code(), *n)).collect::<Vec<_>>(),
        [("resident_available", 1)]
    );
    assert!(matches!(for_resident(&db.db, 999_999, 5, today()), Err(AppError::NotFound)));
}

/// Two jobs at a trade make one experience: what they share counts once, and both together count.
fn experience_is_the_union_of_the_jobs(db: &TestDb) {
    let town = town(db);
    let (sewing, _) = db.write(|conn| {
        let sewing = wangjia::db::skills::all(conn)?.into_iter().find(|row| row.data.name_zh == "平缝").unwrap().id;
        let posting = postings::get(conn, town.postings[0])?;
        let asks = PostingData { skill_id: Some(sewing), experience_months: Some(48), ..posting.data };
        postings::update(conn, posting.id, posting.version, &asks, time())?;
        Ok((sewing, ()))
    });
    let months = || {
        let pair = for_pair(&db.db, town.residents[0], town.postings[0], today()).unwrap().1;
        pair.explanation.values.experience_months
    };
    let stated = months();
    db.write(|conn| {
        for (start, end) in [((2018, 1, 1), (2020, 1, 1)), ((2019, 1, 1), (2021, 1, 1)), ((2022, 1, 1), (2023, 1, 1))] {
            let start = day(start.0, start.1, start.2);
            let job = spells::SpellData {
                skill_id: Some(sewing),
                start_on: Some(start),
                counted_from: start,
                end_on: Some(day(end.0, end.1, end.2)),
                ..spell(town.residents[0])
            };
            spells::insert(conn, &job, time())?;
        }
        Ok(())
    });
    assert_eq!((stated, months()), (Some(36), Some(48)), "three years said; three and one by the jobs");
}

/// Places are counted by the day asked about: four jobs until the end of the year fill the posting until then.
fn a_job_holds_its_place_until_it_ends(db: &TestDb) {
    let town = town(db);
    db.write(|conn| {
        for n in 11..15 {
            let id = residents::insert(conn, &unknown_resident(n), time())?;
            let job =
                spells::SpellData { posting_id: Some(town.postings[0]), end_on: Some(day(2027, 1, 1)), ..spell(id) };
            spells::insert(conn, &job, time())?;
        }
        postings::recount_filled(conn, &town.postings, today(), time())
    });
    let vacancies = |on| run_all(&db.db, on, 5, &|_, _| Ok(())).unwrap().n_vacancies;
    assert_eq!((vacancies(day(2026, 12, 31)), vacancies(day(2027, 1, 1))), (0, 4));
}

/// A tenant's posts and those of the park's channel are walked to, whatever their place is called; others by their place.
fn the_park_is_known_by_channel_tenant_or_place(db: &TestDb) {
    let town = town(db);
    let on_foot = |kind, channel, place: &str| {
        db.write(|conn| {
            let posting = postings::get(conn, town.postings[0])?;
            let employer = employers::get(conn, posting.data.employer_id)?;
            let changed = employers::EmployerData { kind, ..employer.data };
            employers::update(conn, employer.id, employer.version, &changed, time())?;
            let changed = PostingData { channel, place: Some(place.into()), commute_minutes: Some(50), ..posting.data };
            postings::update(conn, posting.id, posting.version, &changed, time())
        });
        let values = for_pair(&db.db, town.residents[0], town.postings[0], today()).unwrap().1.explanation.values;
        (values.on_foot, values.works_at_home)
    };
    let (park, home, elsewhere) = ((true, false), (false, true), (false, false));
    assert_eq!(on_foot(EmployerKind::Local, Channel::Local, "城区"), elsewhere);
    assert_eq!(on_foot(EmployerKind::Local, Channel::Local, "园区"), park);
    assert_eq!(on_foot(EmployerKind::Local, Channel::Local, "微工厂产业园1号楼"), park);
    assert_eq!(on_foot(EmployerKind::Local, Channel::MicroFactory, "1号楼2层"), park);
    assert_eq!(on_foot(EmployerKind::Tenant, Channel::Local, "1号楼2层"), park);
    assert_eq!(on_foot(EmployerKind::Tenant, Channel::MicroFactory, "居家"), home);
}

fn who_wants_no_automation_is_in_no_list_but_can_be_asked_for(db: &TestDb) {
    let town = town(db);
    let list = for_posting(&db.db, town.postings[0], 10, Order::HouseholdFirst, today(), None).unwrap();
    let ids: Vec<i64> = list.best.iter().map(|entry| entry.resident.id).collect();
    assert_eq!(ids, [town.residents[0]], "employed and left out are not listed");
    assert!(list.best[0].household_uncovered);
    assert!(matches!(for_posting(&db.db, town.postings[1], 10, Order::Pure, today(), None), Err(AppError::NotFound)));
    let (_, pair) = for_pair(&db.db, town.residents[2], town.postings[0], today()).unwrap();
    assert!(pair.explanation.eligible, "a counselor can still ask");

    let run = run_all(&db.db, today(), 5, &|_, _| Ok(())).unwrap();
    assert_eq!((run.n_recommendations, run.n_served, run.n_vacancies), (1, 1, 4));
    let of_posting = rows::RecommendationFilter { posting: Some(town.postings[0]), ..Default::default() };
    let stored = db.read(|conn| rows::page(conn, run.run, &of_posting, wangjia::db::Page::first(9)));
    let stored: Vec<_> = stored.into_iter().map(|row| row.data).collect();
    assert_eq!(stored.iter().map(|row| row.resident_id).collect::<Vec<_>>(), [town.residents[0]]);
    assert!(stored[0].parts.contains("\"skill\""), "{}", stored[0].parts);
}

/// The flip test on rows: another sex in the database moves no score, and no gate but one that prints its article or rule.
fn sex_moves_nothing_but_a_gate_with_an_article(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let (people, posts) = db.write(|conn| {
        let building = building(conn)?;
        let home = households::insert(conn, &household(building, 1), time())?;
        let mut people = Vec::new();
        // Around the retirement days of both sexes, with the months of a public-welfare post used up, not, and not known.
        for (n, (year, months)) in (1..).zip(
            [1962, 1966, 1969, 1973, 1976, 1979, 1990]
                .into_iter()
                .flat_map(|year| [None, Some(12), Some(36)].map(|months| (year, months))),
        ) {
            let data = ResidentData {
                sex: if n % 2 == 0 { Sex::Female } else { Sex::Male },
                birth_date: day(year, 6, 15),
                labour_class: Some(LabourClass::Ordinary),
                school_status: Some(SchoolStatus::NotInSchool),
                willing: Some(true),
                public_welfare_months: months,
                ..unknown_resident(n)
            };
            let id = residents::insert(conn, &data, time())?;
            let relation = Relation::Other;
            let since_ever =
                MembershipData { household_id: home, resident_id: id, relation, valid_from: None, valid_until: None };
            memberships::insert(conn, &since_ever)?;
            people.push(id);
        }
        let employer = employers::insert(conn, &employer(1), time())?;
        let base = posting(employer, 1, 4);
        let welfare = PostingData { code: None, channel: Channel::PublicWelfare, ..base.clone() };
        let mine = PostingData { code: None, underground_mine: Some(true), ..base.clone() };
        let posts = postings::insert_all(conn, &[base, welfare, mine], time())?;
        Ok((people, posts))
    });
    let explained = || {
        let pair = |person: &i64, post: &i64| for_pair(&db.db, *person, *post, today()).unwrap().1.explanation;
        people.iter().flat_map(|person| posts.iter().map(move |post| pair(person, post))).collect::<Vec<_>>()
    };
    let before = explained();
    db.write(|conn| {
        for row in residents::all(conn)? {
            let sex = if row.data.sex == Sex::Male { Sex::Female } else { Sex::Male };
            residents::update(conn, row.id, row.version, &ResidentData { sex, ..row.data }, time())?;
        }
        Ok(())
    });
    let mut moved = BTreeSet::new();
    for (was, is) in before.iter().zip(&explained()) {
        assert_eq!((was.points, &was.parts), (is.points, &is.parts));
        let gates = was.gates.iter().zip(&is.gates).filter(|(a, b)| a.check.outcome != b.check.outcome);
        let gates: BTreeSet<_> = gates.map(|(a, _)| a.gate).collect();
        assert!(gates.iter().all(|gate| gate.article().is_some()), "{gates:?}");
        assert!(was.eligible == is.eligible || !gates.is_empty());
        moved.extend(gates.into_iter().map(|gate| gate.code()));
    }
    assert_eq!(moved, BTreeSet::from(["law_sex", "public_welfare"]), "the test can tell");
}

fn the_same_rows_give_the_same_run(db: &TestDb) {
    town(db);
    let first = run_all(&db.db, today(), 5, &|_, _| Ok(())).unwrap();
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let second = one_thread.install(|| run_all(&db.db, today(), 5, &|_, _| Ok(()))).unwrap();
    assert_eq!(first.source, second.source);
    let of = |run| {
        let all = db.read(|conn| {
            rows::page(conn, run, &rows::RecommendationFilter::default(), wangjia::db::Page { after: 0, limit: 100 })
        });
        all.into_iter().map(|row| rows::Recommendation { run_id: 0, ..row.data }).collect::<Vec<_>>()
    };
    assert_eq!(of(first.run), of(second.run));
    // So is another weight of a link between two skills.
    db.write(|conn| {
        let link = &links::all(conn)?[0];
        links::delete(conn, link.id)?;
        let other = links::LinkData { points: (link.data.points + 1) % 10_000, ..link.data.clone() };
        links::insert(conn, &other).map(|_| ())
    });
    let linked = run_all(&db.db, today(), 5, &|_, _| Ok(())).unwrap();
    assert_ne!(first.source.input_hash, linked.source.input_hash);
    let first = linked;
    // One more skill of anybody is another input.
    db.write(|conn| {
        let id = residents::insert(conn, &resident(9), time())?;
        let home = households::all(conn)?[0].id;
        let membership = MembershipData {
            household_id: home,
            resident_id: id,
            relation: Relation::Other,
            valid_from: None,
            valid_until: None,
        };
        memberships::insert(conn, &membership).map(|_| ())
    });
    let third = run_all(&db.db, today(), 5, &|_, _| Ok(())).unwrap();
    assert_ne!(first.source.input_hash, third.source.input_hash);
}

on_both!(
    a_person_without_a_job_is_proposed_the_open_posting,
    experience_is_the_union_of_the_jobs,
    the_park_is_known_by_channel_tenant_or_place,
    a_job_holds_its_place_until_it_ends,
    who_wants_no_automation_is_in_no_list_but_can_be_asked_for,
    sex_moves_nothing_but_a_gate_with_an_article,
    the_same_rows_give_the_same_run,
);
